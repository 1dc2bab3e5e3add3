//! One function: its internal signature, blocks in reverse postorder, the walk over statements,
//! and source locations. What a statement means is in the other files.
//!
//! Internal calling convention: parameters are the registers of each parameter's representation
//! (larger aggregates by address, the callee's to read); a result that does not fit into two
//! integer and two float registers is written to an address passed first; a function that may
//! throw returns a status byte last, 0 or 1.

use crate::control::BlockInfo;
use crate::error::LowerError;
use crate::loops::Loops;
use crate::plan::{Environment, Plan, Symbol};
use crate::repr::{Repr, ReprCache};
use crate::value::{Lowered, Result, Typed};
use cranelift_codegen::ir::{
    self, AbiParam, ArgumentPurpose, InstBuilder, Signature, SourceLoc, UserFuncName, types,
};
use cranelift_codegen::isa::TargetIsa;
use cranelift_entity::{EntityRef, EntitySet, SecondaryMap, packed_option::PackedOption};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext, Variable};
use hashbrown::HashMap;
use jlift_abi::layout::Layout;
use jlift_ir::{Block, Func, Function, Inst, Module, Op, Terminator, Type, Value};
use std::rc::Rc;

/// Choices that change the code.
#[derive(Copy, Clone, Debug)]
pub struct Options {
    pub environment: Environment,
    /// Attach the index of the typed IR statement to the code, for dumps and debug information.
    pub source_locations: bool,
    /// The lowest address of the stack that recursive code may use: what `jlift_stack_is_low` asks.
    pub stack_limit: Option<u64>,
}

/// Lowers functions of a module; one per thread.
pub struct Lowerer<'m> {
    pub(crate) module: &'m Module,
    pub(crate) plan: &'m Plan,
    pub(crate) isa: &'m dyn TargetIsa,
    pub(crate) options: Options,
    /// Whether a function may throw.
    pub(crate) may_throw: &'m dyn Fn(Func) -> bool,
    reprs: ReprCache,
    builder_context: FunctionBuilderContext,
}

/// How the results of an internal function travel.
#[derive(Clone, Debug)]
pub(crate) struct InternalSignature {
    pub signature: Signature,
    /// The result is written to the address passed first.
    pub sret: bool,
    /// The function never returns normally.
    pub diverges: bool,
    pub may_throw: bool,
}

impl<'m> Lowerer<'m> {
    /// A lowerer for one thread.
    pub fn new(
        module: &'m Module,
        plan: &'m Plan,
        isa: &'m dyn TargetIsa,
        options: Options,
        may_throw: &'m dyn Fn(Func) -> bool,
    ) -> Self {
        Self {
            module,
            plan,
            isa,
            options,
            may_throw,
            reprs: ReprCache::default(),
            builder_context: FunctionBuilderContext::new(),
        }
    }

    pub(crate) fn error(
        &self,
        func: Func,
        inst: Option<Inst>,
        message: impl Into<String>,
    ) -> LowerError {
        LowerError {
            func,
            inst,
            message: message.into(),
        }
    }

    pub(crate) fn repr(&mut self, ty: Type) -> Result<Repr> {
        self.reprs.get(&self.module.tables, ty)
    }

    pub(crate) fn internal_signature(&mut self, func: Func) -> Result<InternalSignature> {
        let f = &self.module.functions[func];
        let mut signature = Signature::new(self.isa.default_call_conv());
        let mut params = Vec::new();
        for ty in std::iter::once(f.self_type).chain(f.params.iter().map(|p| p.ty)) {
            let repr = self.repr(ty)?;
            if repr.is_passed_by_address() {
                params.push(AbiParam::new(types::I64));
            } else {
                params.extend(repr.registers().into_iter().map(AbiParam::new));
            }
        }
        let may_throw = (self.may_throw)(func);
        let repr = self.repr(f.ret)?;
        let mut sret = false;
        match &repr {
            Repr::Memory { .. } => sret = true,
            repr => {
                let regs = repr.registers();
                let ints: usize = regs
                    .iter()
                    .map(|t| match *t {
                        types::F32 | types::F64 => 0,
                        types::I128 => 2,
                        _ => 1,
                    })
                    .sum();
                let floats = regs.iter().filter(|t| t.is_float()).count();
                if ints + usize::from(may_throw) > 2 || floats > 2 {
                    sret = true;
                } else {
                    signature
                        .returns
                        .extend(regs.into_iter().map(AbiParam::new));
                }
            }
        }
        if sret {
            signature
                .params
                .push(AbiParam::special(types::I64, ArgumentPurpose::Normal));
        }
        signature.params.extend(params);
        let diverges = f.ret == Type::BOTTOM;
        if may_throw && !diverges {
            signature.returns.push(AbiParam::new(types::I8));
        }
        Ok(InternalSignature {
            signature,
            sret,
            diverges,
            may_throw,
        })
    }

    /// Lowers the body of a function into `clif`, which is cleared first.
    pub fn lower_body(
        &mut self,
        func: Func,
        clif: &mut ir::Function,
    ) -> std::result::Result<(), LowerError> {
        clif.clear();
        if let Some(symbol) = self.plan.body(func) {
            clif.name = UserFuncName::User(symbol.external_name());
        }
        let signature = self
            .internal_signature(func)
            .map_err(|m| self.error(func, None, m))?;
        clif.signature = signature.signature.clone();
        let mut context = std::mem::take(&mut self.builder_context);
        let builder = FunctionBuilder::new(clif, &mut context);
        let mut lowerer = FunctionLowerer::new(self, func, signature, builder);
        let result = lowerer.run();
        let config = lowerer.l.isa.frontend_config();
        let result = match result {
            Ok(()) => {
                lowerer.b.seal_all_blocks();
                lowerer.b.finalize(config);
                Ok(())
            }
            Err(message) => {
                let inst = lowerer.current;
                drop(lowerer);
                Err(self.error(func, inst, message))
            }
        };
        self.builder_context = if result.is_ok() {
            context
        } else {
            FunctionBuilderContext::new()
        };
        result
    }

    /// Runs `body` with a builder on `clif`, whose signature is set.
    pub(crate) fn build(
        &mut self,
        func: Func,
        signature: InternalSignature,
        clif: &mut ir::Function,
        body: impl FnOnce(&mut FunctionLowerer) -> Result<()>,
    ) -> std::result::Result<(), LowerError> {
        let mut context = std::mem::take(&mut self.builder_context);
        let builder = FunctionBuilder::new(clif, &mut context);
        let mut lowerer = FunctionLowerer::new(self, func, signature, builder);
        let result = body(&mut lowerer);
        let config = lowerer.l.isa.frontend_config();
        match result {
            Ok(()) => {
                lowerer.b.seal_all_blocks();
                lowerer.b.finalize(config);
                self.builder_context = context;
                Ok(())
            }
            Err(message) => {
                drop(lowerer);
                self.builder_context = FunctionBuilderContext::new();
                Err(self.error(func, None, message))
            }
        }
    }
}

/// The state of lowering one function.
pub(crate) struct FunctionLowerer<'a, 'm> {
    pub l: &'a mut Lowerer<'m>,
    pub module: &'m Module,
    pub f: &'m Function,
    pub b: FunctionBuilder<'a>,
    pub signature: InternalSignature,
    pub values: SecondaryMap<Inst, Option<Typed>>,
    args: Vec<Typed>,
    pub blocks: SecondaryMap<Block, BlockInfo>,
    pub loops: Loops,
    /// Address of the result, where it is returned in memory.
    pub sret: Option<ir::Value>,
    /// Where the call that is lowered next can leave its result: what it returns is returned.
    pub result_place: Option<ir::Value>,
    /// The block that returns with the error status.
    pub fail_block: Option<ir::Block>,
    /// Handlers of the protected regions around the statement being lowered, innermost last.
    pub handlers: Vec<Block>,
    /// Registers of phi-c nodes.
    pub phic_vars: HashMap<Inst, Vec<Variable>>,
    /// Addresses of memory that nothing writes while the function runs: aggregate parameters.
    pub read_only: EntitySet<ir::Value>,
    /// Aggregates that are passed to functions by address.
    passed: EntitySet<Inst>,
    /// Where those of them that are held as parts have a copy in memory.
    pub homes: SecondaryMap<Inst, PackedOption<ir::Value>>,
    /// Stack memory of phis and phi-c nodes whose values are in memory.
    pub phi_memory: HashMap<Inst, ir::Value>,
    /// Functions referred to so far.
    pub func_refs: HashMap<Symbol, ir::FuncRef>,
    pub data_refs: HashMap<Symbol, ir::GlobalValue>,
    /// Whether values of a type hold counted references.
    pub counted: HashMap<Type, bool>,
    /// What to release if the next call fails.
    pub pending_cleanup: Vec<Value>,
    /// Blocks that release values and go on to a handler or the failing return.
    pub cleanups: HashMap<(ir::Block, Vec<Value>), ir::Block>,
    /// The layouts that were asked for.
    layouts: HashMap<Type, Rc<Layout>>,
    /// The objects that are still to be freed, in the function that frees lists of them.
    pub drop_list: Option<Variable>,
    /// The statement being lowered, for messages.
    pub current: Option<Inst>,
}

impl<'a, 'm> FunctionLowerer<'a, 'm> {
    fn new(
        l: &'a mut Lowerer<'m>,
        func: Func,
        signature: InternalSignature,
        b: FunctionBuilder<'a>,
    ) -> Self {
        let module = l.module;
        let f = &module.functions[func];
        Self {
            l,
            module,
            f,
            b,
            signature,
            values: SecondaryMap::with_capacity(f.insts.len()),
            args: Vec::new(),
            blocks: SecondaryMap::new(),
            loops: Loops::default(),
            sret: None,
            result_place: None,
            fail_block: None,
            handlers: Vec::new(),
            phic_vars: HashMap::new(),
            read_only: EntitySet::new(),
            passed: EntitySet::new(),
            homes: SecondaryMap::new(),
            phi_memory: HashMap::new(),
            func_refs: HashMap::new(),
            data_refs: HashMap::new(),
            counted: HashMap::new(),
            pending_cleanup: Vec::new(),
            cleanups: HashMap::new(),
            layouts: HashMap::new(),
            drop_list: None,
            current: None,
        }
    }

    pub fn repr(&mut self, ty: Type) -> Result<Repr> {
        self.l.repr(ty)
    }

    pub fn layout(&mut self, ty: Type) -> Result<Rc<Layout>> {
        if let Some(known) = self.layouts.get(&ty) {
            return Ok(known.clone());
        }
        let layout =
            jlift_abi::layout::layout(&self.module.tables, ty).map_err(|e| e.to_string())?;
        let layout = Rc::new(layout);
        self.layouts.insert(ty, layout.clone());
        Ok(layout)
    }

    pub fn type_text(&self, ty: Type) -> String {
        jlift_ir::text::type_text(&self.module.tables, ty)
    }

    /// The value of an operand, a small aggregate as its parts.
    pub fn operand(&mut self, value: Value) -> Result<Typed> {
        let typed = self.operand_in_place(value)?;
        self.in_registers(typed)
    }

    /// A value with a small aggregate as its parts.
    pub fn in_registers(&mut self, typed: Typed) -> Result<Typed> {
        if let Lowered::Memory(addr) = typed.value
            && matches!(self.repr(typed.ty)?, Repr::Leaves(_))
        {
            let flags = self.memory_flags(addr);
            let value = self.load(typed.ty, addr, 0, flags, true)?;
            return Ok(Typed {
                ty: typed.ty,
                value,
            });
        }
        Ok(typed)
    }

    /// The value of an operand as it is held: a small aggregate may still be in memory.
    pub fn operand_in_place(&mut self, value: Value) -> Result<Typed> {
        match value {
            Value::Inst(inst) => match &self.values[inst] {
                Some(typed) => Ok(typed.clone()),
                None => Err("a use of a value that is not defined on this path".into()),
            },
            Value::Arg(n) => match self.args.get(n as usize - 1) {
                Some(typed) => Ok(typed.clone()),
                None => Err(format!("there is no argument _{n}")),
            },
            _ => self.constant(value),
        }
    }

    fn run(&mut self) -> Result<()> {
        let f = self.f;
        let cfg = jlift_ir::cfg::Cfg::new(f);
        let Some(entry) = f.entry() else {
            return Err("a function without a body".into());
        };
        self.loops = Loops::new(f, &cfg);
        self.create_blocks(&cfg, entry)?;
        self.compute_handlers(&cfg, entry)?;
        let first = self.b.create_block();
        self.b.append_block_params_for_function_params(first);
        self.b.switch_to_block(first);
        self.bind_params(first)?;
        self.find_passed_aggregates(&cfg);
        self.prepare_phi_memory(&cfg)?;
        self.prepare_phic()?;
        let entry_block = self.blocks[entry].clif;
        if let Some(target) = entry_block {
            self.b.ins().jump(target, &[]);
        }
        for &block in cfg.rpo() {
            self.lower_block(block)?;
        }
        self.finish_fail_block();
        Ok(())
    }

    pub(crate) fn bind_params(&mut self, first: ir::Block) -> Result<()> {
        let regs: Vec<ir::Value> = self.b.block_params(first).to_vec();
        let mut at = 0;
        if self.signature.sret {
            self.sret = regs.first().copied();
            at = 1;
        }
        let types: Vec<Type> = std::iter::once(self.f.self_type)
            .chain(self.f.params.iter().map(|p| p.ty))
            .collect();
        for ty in types {
            let repr = self.repr(ty)?;
            let value = if repr.is_passed_by_address() {
                at += 1;
                self.read_only.insert(regs[at - 1]);
                Lowered::Memory(regs[at - 1])
            } else {
                let count = repr.registers().len();
                at += count;
                self.value_from_registers(ty, &regs[at - count..at])?
            };
            self.args.push(Typed { ty, value });
        }
        Ok(())
    }

    fn lower_block(&mut self, block: Block) -> Result<()> {
        let f = self.f;
        let Some(clif) = self.blocks[block].clif else {
            return Ok(());
        };
        self.b.switch_to_block(clif);
        self.handlers = self.blocks[block].handlers.clone();
        self.bind_phis(block)?;
        for &inst in &f.blocks[block].insts {
            self.current = Some(inst);
            if self.l.options.source_locations {
                self.b.set_srcloc(SourceLoc::new(inst.index() as u32 + 1));
            }
            let data = &f.insts[inst];
            if matches!(data.op, Op::Nop | Op::Phi(_) | Op::Enter) {
                // The token of a region has no data; a phi of `Union{}` is never reached.
                if self.values[inst].is_none() {
                    self.values[inst] = Some(Typed {
                        ty: if matches!(data.op, Op::Phi(_)) {
                            Type::BOTTOM
                        } else {
                            Type::NOTHING
                        },
                        value: Lowered::Ghost,
                    });
                }
                continue;
            }
            let is_returned = f.blocks[block].insts.last() == Some(&inst)
                && f.blocks[block].term == Terminator::Return(Value::Inst(inst))
                && matches!(data.op, Op::Invoke { .. })
                && data.ty == f.ret;
            self.result_place = self.sret.filter(|_| is_returned);
            let typed = self.statement(inst)?;
            self.result_place = None;
            let diverges = typed.ty == Type::BOTTOM;
            self.keep_home(inst, &typed)?;
            self.values[inst] = Some(typed);
            if diverges && self.b.is_filled_here() {
                // The rest of the block is never executed.
                self.current = None;
                return Ok(());
            }
        }
        self.current = None;
        self.lower_terminator(block)
    }

    /// Which statements' values are arguments of calls: as aggregates these get memory once,
    /// where they are made, instead of at every call.
    fn find_passed_aggregates(&mut self, cfg: &jlift_ir::cfg::Cfg) {
        let f = self.f;
        for &block in cfg.rpo() {
            for &inst in &f.blocks[block].insts {
                if let Op::Invoke { callee, args, .. } = f.insts[inst].op {
                    for value in callee.iter().chain(f.args(args)) {
                        if let Value::Inst(i) = *value {
                            self.passed.insert(i);
                        }
                    }
                }
            }
        }
    }

    fn keep_home(&mut self, inst: Inst, typed: &Typed) -> Result<()> {
        if self.passed.contains(inst)
            && matches!(typed.value, Lowered::Parts(_))
            && self.repr(typed.ty)?.is_passed_by_address()
        {
            let addr = self.spill(typed.ty, &typed.value)?;
            self.homes[inst] = addr.into();
        }
        Ok(())
    }

    /// Returns a value in the internal convention.
    pub fn return_value(&mut self, typed: Typed) -> Result<()> {
        let ret = self.f.ret;
        if ret == Type::BOTTOM {
            self.trap_unreachable();
            return Ok(());
        }
        let value = self.coerce(typed, ret)?;
        let mut regs = if let Some(addr) = self.sret {
            if !matches!(value, Lowered::Memory(at) if at == addr) {
                self.store(ret, &value, addr, 0, crate::value::own_memory())?;
            }
            Vec::new()
        } else {
            self.registers(&value)
        };
        if self.signature.may_throw {
            regs.push(self.b.ins().iconst(types::I8, 0));
        }
        self.b.ins().return_(&regs);
        Ok(())
    }

    /// Control never gets here.
    pub fn trap_unreachable(&mut self) {
        self.b.ins().trap(crate::control::UNREACHABLE);
    }
}

/// A question that `FunctionBuilder` does not answer by itself.
pub(crate) trait BuilderExt {
    /// Whether the current block already ends.
    fn is_filled_here(&self) -> bool;
}

impl BuilderExt for FunctionBuilder<'_> {
    fn is_filled_here(&self) -> bool {
        match self.current_block() {
            Some(block) => self
                .func
                .layout
                .last_inst(block)
                .is_some_and(|inst| self.func.dfg.insts[inst].opcode().is_terminator()),
            None => true,
        }
    }
}

/// Whether a terminator only leads to a stop: such blocks are cold.
pub(crate) fn is_cold(f: &Function, block: Block) -> bool {
    matches!(f.blocks[block].term, Terminator::Unreachable)
}
