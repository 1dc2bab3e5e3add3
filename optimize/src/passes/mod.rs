//! The passes over one function. Each is a function `run(func, ctx) -> bool` that says whether it
//! changed anything, keeps the invariants of [`jlift_ir::function`], and may assume them; none
//! knows which ran before it. The order is the business of [`crate::pipeline`].

mod clone_block;
pub mod dce;
pub mod facts;
pub mod gvn;
pub mod hoist;
mod identities;
pub mod if_convert;
pub mod join_tails;
pub mod jump_threading;
pub mod loops;
pub mod narrow;
pub mod phi_dedup;
pub mod propagate;
pub mod purity;
pub mod reload;
mod replace;
pub mod simplify_cfg;
pub mod sroa;
pub mod ssa_repair;
pub mod unbox;
pub mod unroll;

use cranelift_entity::{EntitySet, PrimaryMap};
use jlift_ir::cfg::Cfg;
use jlift_ir::module::value_type;
use jlift_ir::{ConstData, Func, Function, Global, GlobalData, Op, Tables, Type, TypeClass, Value};

/// What a pass may look at besides its function, and scratch memory that passes reuse.
pub struct Ctx<'a> {
    pub tables: &'a mut Tables,
    pub globals: &'a PrimaryMap<Global, GlobalData>,
    /// Functions whose calls may go when the result is unused: they return, and do nothing else.
    pub removable: &'a EntitySet<Func>,
    /// The control flow of the function that is being worked on, or memory to compute it in.
    cfg: Cfg,
    cfg_is_current: bool,
}

impl<'a> Ctx<'a> {
    /// A context with fresh scratch memory.
    pub fn new(
        tables: &'a mut Tables,
        globals: &'a PrimaryMap<Global, GlobalData>,
        removable: &'a EntitySet<Func>,
    ) -> Self {
        Self {
            tables,
            globals,
            removable,
            cfg: Cfg::default(),
            cfg_is_current: false,
        }
    }

    /// Forgets what is known of the function before; to be called before the passes run on another
    /// one, or on one that something else has changed.
    pub fn begin_function(&mut self) {
        self.cfg_is_current = false;
    }

    /// The control flow of `func`, computed unless the pass before left it as it is. A pass gives
    /// it back by `keep_cfg` or `return_cfg`.
    pub(crate) fn take_cfg(&mut self, func: &Function) -> Cfg {
        let mut cfg = std::mem::take(&mut self.cfg);
        if !self.cfg_is_current {
            cfg.compute(func);
        }
        self.cfg_is_current = false;
        cfg
    }

    /// Gives back control flow that is right for the function as it is now.
    pub(crate) fn keep_cfg(&mut self, cfg: Cfg) {
        self.cfg = cfg;
        self.cfg_is_current = true;
    }

    /// Gives back control flow, which is right unless the pass `changed` the graph.
    fn return_cfg(&mut self, cfg: Cfg, changed: bool) {
        self.cfg = cfg;
        self.cfg_is_current = !changed;
    }

    /// The static type of an operand.
    pub fn type_of(&self, func: &Function, value: Value) -> Type {
        value_type(self.tables, self.globals, func, value).unwrap_or(Type::ANY)
    }

    /// Some value of a type, to stand where the value is never used; `None` for types whose values
    /// cannot be written down.
    pub fn some_value(&mut self, ty: Type) -> Option<Value> {
        match self.tables.class(ty) {
            TypeClass::Primitive(width) => Some(self.tables.primitive(ty, width, 0)),
            TypeClass::Pointer => Some(Value::Imm { ty, bits: 0 }),
            TypeClass::Singleton => match self.tables.type_of_type(ty) {
                Some(t) => Some(Value::Type(t)),
                None => Some(Value::Instance(ty)),
            },
            TypeClass::Inline => {
                let fields = self.tables.field_types(ty)?;
                let fields: Option<Box<[Value]>> =
                    fields.into_iter().map(|t| self.some_value(t)).collect();
                let data = ConstData::Aggregate {
                    ty,
                    fields: fields?,
                };
                Some(Value::Const(self.tables.constant(data)))
            }
            _ => None,
        }
    }
}

/// Whether a function has protected regions. Their handlers are entered from the middle of blocks,
/// so passes that copy or move blocks leave such functions alone.
pub fn has_regions(func: &Function) -> bool {
    func.layout.iter().any(|&b| {
        matches!(func.blocks[b].term, jlift_ir::Terminator::Enter { .. })
            || func.blocks[b].insts.iter().any(|&i| {
                matches!(
                    func.insts[i].op,
                    Op::Enter | Op::Leave(_) | Op::TheException | Op::Upsilon(_) | Op::PhiC(_)
                )
            })
    })
}

/// A pass as the pipeline and the tests call it.
pub type Pass = fn(&mut Function, &mut Ctx<'_>) -> bool;

/// Runs one pass on a function of which nothing is known yet.
pub fn run_pass(pass: Pass, func: &mut Function, ctx: &mut Ctx<'_>) -> bool {
    ctx.begin_function();
    pass(func, ctx)
}

/// All passes by name, for [`run_pass`].
pub const ALL: &[(&str, Pass)] = &[
    ("simplify_cfg", simplify_cfg::run),
    ("propagate", propagate::run),
    ("sroa", sroa::run),
    ("unbox", unbox::run),
    ("gvn", gvn::run),
    ("phi_dedup", phi_dedup::run),
    ("narrow", narrow::run),
    ("jump_threading", jump_threading::run),
    ("dce", dce::run),
    ("rotate_loops", loops::rotate),
    ("merge_latches", loops::merge_latches),
    ("single_entries", loops::single_entries),
    ("hoist", hoist::run),
    ("if_convert", if_convert::run),
    ("unroll", unroll::run),
];
