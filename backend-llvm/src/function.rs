//! One function: its head, blocks in reverse postorder, the walk over statements. What a statement
//! means is in the other files.
//!
//! Functions of the program call each other with scalars and small aggregates in registers and
//! larger ones by address; the result comes back in registers or goes to an address passed first; a
//! function that may throw returns a status byte last, 0 or 1.

use crate::control::BlockInfo;
use crate::convention::Convention;
use crate::machine::{Machine, Reg, symbol};
use crate::program::{Program, body_symbol};
use crate::repr::{Passing, Repr};
use crate::value::{Access, Result, Typed};
use crate::writer::{Label, Phi, Writer};
use cranelift_entity::SecondaryMap;
use hashbrown::HashMap;
use jlift_abi::layout::Layout;
use jlift_ir::cfg::Cfg;
use jlift_ir::{Block, Func, Function, Inst, Module, Op, Type, Value};

/// The state of writing one function.
pub(crate) struct Body<'a, 'm> {
    pub p: &'a mut Program<'m>,
    pub module: &'m Module,
    pub f: &'m Function,
    pub w: Writer,
    pub may_throw: bool,
    pub values: SecondaryMap<Inst, Option<Typed>>,
    pub args: Vec<Typed>,
    pub blocks: SecondaryMap<Block, BlockInfo>,
    /// Where the result goes, if it is returned in memory.
    pub out: Option<Reg>,
    /// The block that returns with the error status.
    pub fail: Option<Label>,
    /// Handlers of the protected regions around the statement being written, innermost last.
    pub handlers: Vec<Block>,
    /// Phis whose values are scalars.
    pub phis: HashMap<Inst, Phi>,
    /// Memory of phis and phi-c nodes.
    pub slots: HashMap<Inst, Reg>,
    /// What to release if the next call fails.
    pub pending_cleanup: Vec<Value>,
    /// Blocks that release values and go on to a handler or the failing return.
    pub cleanups: HashMap<(Label, Vec<Value>), Label>,
    /// Where the list of objects that are still to be freed begins, in the function that frees it.
    pub drop_list: Option<Reg>,
    /// The statement being written, for messages.
    pub current: Option<Inst>,
}

impl<'a, 'm> Body<'a, 'm> {
    pub fn new(p: &'a mut Program<'m>, func: Func, may_throw: bool) -> Self {
        let module = p.module;
        let f = &module.functions[func];
        Body {
            p,
            module,
            f,
            w: Writer::default(),
            may_throw,
            values: SecondaryMap::with_capacity(f.insts.len()),
            args: Vec::new(),
            blocks: SecondaryMap::new(),
            out: None,
            fail: None,
            handlers: Vec::new(),
            phis: HashMap::new(),
            slots: HashMap::new(),
            pending_cleanup: Vec::new(),
            cleanups: HashMap::new(),
            drop_list: None,
            current: None,
        }
    }

    /// Writes the body of a function of the program.
    pub fn write_function(
        p: &'a mut Program<'m>,
        func: Func,
    ) -> std::result::Result<(), (Option<Inst>, String)> {
        let convention = p.convention(func).map_err(|m| (None, m))?;
        let name = body_symbol(p.module, func);
        p.symbols.define(&name);
        let linkage = match p.request.visible_bodies {
            true => "",
            false => "internal ",
        };
        let mut body = Body::new(p, func, convention.may_throw);
        let params = match body.run(&convention) {
            Ok(params) => params,
            Err(message) => return Err((body.current, message)),
        };
        let Body { p, w, .. } = body;
        let ret = convention.return_type();
        let head = format!(
            "define {linkage}{ret} {}({}) #0",
            symbol(&name),
            params.join(", ")
        );
        if p.request.visible_bodies {
            p.add_export(&name);
        }
        p.add_function(&head, &w.finish());
        Ok(())
    }

    pub fn repr(&mut self, ty: Type) -> Result<Repr> {
        self.p.repr(ty)
    }

    pub fn layout(&self, ty: Type) -> Result<Layout> {
        jlift_abi::layout::layout(&self.module.tables, ty).map_err(|e| e.to_string())
    }

    pub fn type_text(&self, ty: Type) -> String {
        jlift_ir::text::type_text(&self.module.tables, ty)
    }

    /// The static type of an operand.
    pub fn static_type(&self, value: Value) -> Type {
        self.module.value_type(self.f, value).unwrap_or(Type::ANY)
    }

    /// The value of an operand.
    pub fn operand(&mut self, value: Value) -> Result<Typed> {
        match value {
            Value::Inst(inst) => match &self.values[inst] {
                Some(typed) => Ok(typed.clone()),
                None => {
                    // Only code that is never executed uses what was never written.
                    let ty = self.f.insts[inst].ty;
                    let val = self.undefined(ty)?;
                    Ok(Typed { ty, val })
                }
            },
            Value::Arg(n) => match (n as usize).checked_sub(1).and_then(|n| self.args.get(n)) {
                Some(typed) => Ok(typed.clone()),
                None => Err(format!("there is no argument _{n}")),
            },
            _ => self.constant(value),
        }
    }

    /// Writes everything; the parameters as LLVM writes them.
    fn run(&mut self, convention: &Convention) -> Result<Vec<String>> {
        let f = self.f;
        let cfg = Cfg::new(f);
        if f.entry().is_none() {
            return Err("a function without a body".into());
        }
        let params = self.bind_params(convention)?;
        self.create_blocks(&cfg)?;
        self.find_handlers(&cfg);
        self.prepare_phi_c()?;
        if let Some(first) = f.entry().and_then(|entry| self.blocks[entry].label) {
            self.w.jump(first);
        }
        for &block in cfg.rpo() {
            self.write_block(block)?;
        }
        self.write_fail_block(convention);
        Ok(params)
    }

    fn bind_params(&mut self, convention: &Convention) -> Result<Vec<String>> {
        let mut texts = Vec::new();
        let mut count = 0;
        let mut param = |ty: Machine| {
            let reg = Reg::new(ty, format!("%p{count}"));
            count += 1;
            texts.push(format!("{reg:#}"));
            reg
        };
        if convention.by_address() {
            self.out = Some(param(Machine::Ptr));
        }
        let types = std::iter::once(self.f.self_type).chain(self.f.params.iter().map(|p| p.ty));
        let mut incoming = Vec::new();
        for (ty, passing) in types.zip(&convention.params) {
            let regs: Vec<Reg> = match passing {
                Passing::Ghost => Vec::new(),
                Passing::Scalar(machine) => vec![param(*machine)],
                Passing::Address => vec![param(Machine::Ptr)],
                Passing::Parts(leaves) => leaves
                    .iter()
                    .map(|l| param(Machine::of_scalar(l.scalar)))
                    .collect(),
            };
            incoming.push((ty, regs));
        }
        for (ty, regs) in incoming {
            let val = self.received(ty, &regs)?;
            self.args.push(Typed { ty, val });
        }
        Ok(texts)
    }

    fn write_block(&mut self, block: Block) -> Result<()> {
        let f = self.f;
        let Some(label) = self.blocks[block].label else {
            return Ok(());
        };
        self.w.switch_to(label);
        self.handlers = self.blocks[block].handlers.clone();
        for &inst in &f.blocks[block].insts {
            let op = &f.insts[inst].op;
            if matches!(op, Op::Phi(_)) && f.insts[inst].ty != Type::BOTTOM {
                // Made with the block.
                continue;
            }
            self.current = Some(inst);
            let typed = self.statement(inst)?;
            let diverges = typed.ty == Type::BOTTOM;
            self.values[inst] = Some(typed);
            if diverges && self.w.has_ended() {
                // The rest of the block is never executed.
                self.current = None;
                return Ok(());
            }
        }
        self.current = None;
        self.write_terminator(block)
    }

    /// Returns a value to another function of the program.
    pub fn return_value(&mut self, typed: Typed) -> Result<()> {
        let ret = self.f.ret;
        if ret == Type::BOTTOM {
            self.w.trap();
            return Ok(());
        }
        let value = self.coerce(typed, ret)?;
        let mut regs = match self.out.clone() {
            Some(out) => {
                self.store(ret, &value, &out, 0, Access::Own)?;
                Vec::new()
            }
            None => self.passed(ret, &value)?,
        };
        if self.may_throw {
            regs.push(Reg::int(Machine::I8, 0));
        }
        self.return_registers(&regs);
        Ok(())
    }

    /// `ret` of any number of scalars.
    pub fn return_registers(&mut self, regs: &[Reg]) {
        match regs {
            [] => self.w.ret(format_args!("void")),
            [one] => self.w.ret(format_args!("{one:#}")),
            many => {
                let types: Vec<String> = many.iter().map(|r| r.ty.to_string()).collect();
                let ty = format!("{{ {} }}", types.join(", "));
                let mut group = "poison".to_string();
                for (n, reg) in many.iter().enumerate() {
                    group = self
                        .w
                        .group(format_args!("insertvalue {ty} {group}, {reg:#}, {n}"));
                }
                self.w.ret(format_args!("{ty} {group}"));
            }
        }
    }
}
