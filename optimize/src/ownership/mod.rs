//! Makes reference counting explicit: after this pass every object is freed exactly once. It runs
//! on legal code after all optimization, as the last thing before lowering; no pass knows counts.
//!
//! ```text
//! %1 = invoke @3 make(_2)::Array{Int64, 1}       %1 = invoke @3 make(_2)::Array{Int64, 1}
//! %2 = invoke @4 sum(%1)::Int64             =>   expr cleanup(%1)
//! return %2                                      %2 = invoke @4 sum(%1)::Int64
//!                                                expr release(%1)
//!                                                return %2
//! ```
//!
//! **Who owns.** A value of a *counted* type is or holds references ([`Tables::is_counted`]).
//! Parameters are borrowed: the caller keeps them alive during the call. Results are owned by the
//! caller. A statement that makes a counted value owns it until it *dies*, behind its last use: it
//! is a [*root*](values). Other statements only give a root, or a part of one, another name: `pi`,
//! a field of a tuple. A load gives a reference that memory owns, and retains it to own one itself,
//! unless it can *borrow* it from the object that it was loaded from ([`borrow`]).
//!
//! **Uses.** Most uses borrow. What is stored (`new`, `tuple`, `setfield!`, `arrayset`, `upsilon`),
//! goes to a phi or is returned is *consumed*: the reference goes to the new owner. At its last use
//! a root is moved; elsewhere, and for parts and parameters, a retain comes first. A store drops
//! what it replaces; that is lowered with it, as is what an array or struct holds when it is freed.
//!
//! **Deaths.** A value dies behind the last statement that uses it, or on an edge to where it is
//! not needed: at the beginning of a block that has no other predecessor, else in a block of its
//! own. A call that may fail is preceded by a `cleanup` of what is alive and not needed by the
//! handler; before `rethrow` that is released at once. What a handler needs lives as long as its
//! region is open. `gc_preserve_end` and the roots of foreign calls are uses like others, and so are
//! uses of an object's address ([`addresses`]).
//!
//! **Phi-c nodes** own what is stored in them. A region that is left without an exception empties
//! those of its handler, by an upsilon without value.
//!
//! Retains and releases of one value in one block cancel each other where nothing between them can
//! drop a reference ([`pairs`]).

mod addresses;
mod borrow;
mod liveness;
mod pairs;
mod place;
mod regions;
mod values;

use crate::effects::EffectTable;
use hashbrown::HashMap;
use jlift_ir::cfg::Cfg;
use jlift_ir::module::value_type;
use jlift_ir::{Func, Function, Module, Op, Tables, Type, Value};

/// Makes ownership explicit in these functions. What was done before is left alone.
pub fn run(module: &mut Module, funcs: &[Func], effects: &EffectTable) {
    let mut counted = Counted::default();
    for &func in funcs {
        own(module, func, effects, &mut counted);
    }
}

/// Which types are counted, asked once for each.
#[derive(Default)]
struct Counted {
    known: HashMap<Type, bool>,
}

impl Counted {
    fn is(&mut self, tables: &Tables, ty: Type) -> bool {
        *self
            .known
            .entry(ty)
            .or_insert_with(|| tables.is_counted(ty))
    }
}

/// What the parts of the pass look at, besides the function.
struct Context<'a> {
    module: &'a Module,
    effects: &'a EffectTable,
}

impl Context<'_> {
    fn type_of(&self, func: &Function, value: Value) -> Type {
        value_type(&self.module.tables, &self.module.globals, func, value).unwrap_or(Type::ANY)
    }

    /// Whether every value of type `ty` is one of type `of`.
    fn fits(&self, ty: Type, of: Type) -> bool {
        ty == of || self.module.tables.is_subtype(ty, of) == Some(true)
    }
}

fn own(module: &mut Module, id: Func, effects: &EffectTable, counted: &mut Counted) {
    if !concerns(module, id, counted) {
        return;
    }
    let f = &module.functions[id];
    let signature = Function::new(f.name, f.params.clone(), f.ret, f.self_type);
    let mut func = std::mem::replace(&mut module.functions[id], signature);
    let cx = Context { module, effects };
    regions::empty_phics(&cx, &mut func, counted);
    let cfg = Cfg::new(&func);
    addresses::keep(&cx, &mut func, &cfg, counted);
    let regions = regions::Regions::new(&func, &cfg);
    let mut values = values::Values::new(&cx, &func, &cfg, counted);
    if values.has_loads() {
        let live = liveness::Liveness::new(&func, &cfg, &regions, &values);
        let borrowed = borrow::borrowed(&cx, &func, &cfg, &regions, &values, &live);
        values.borrow(&func, &cfg, &borrowed);
    }
    let live = liveness::Liveness::new(&func, &cfg, &regions, &values);
    place::place(&cx, &mut func, &cfg, &regions, &values, &live);
    pairs::cancel(&cx, &mut func);
    module.functions[id] = func;
}

/// Whether a function has counted values, and nobody has dealt with them yet.
fn concerns(module: &Module, id: Func, counted: &mut Counted) -> bool {
    let f = &module.functions[id];
    if f.external || f.layout.is_empty() {
        return false;
    }
    let types = f.params.iter().map(|p| p.ty).chain([f.self_type]);
    let mut any = false;
    for ty in types {
        any |= counted.is(&module.tables, ty);
    }
    for &block in &f.layout {
        for &inst in &f.blocks[block].insts {
            let data = &f.insts[inst];
            if matches!(data.op, Op::Retain(_) | Op::Release(_) | Op::Cleanup(_)) {
                return false;
            }
            any |= counted.is(&module.tables, data.ty);
        }
    }
    any
}
