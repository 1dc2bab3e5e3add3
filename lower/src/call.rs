//! Calls of typed IR functions in the internal convention, calls of imports, aborts.

use crate::function::FunctionLowerer;
use crate::plan::{Symbol, import_name};
use crate::repr::Repr;
use crate::statement::bottom;
use crate::value::{Lowered, Result, Typed, own_memory};
use cranelift_codegen::ir::{self, AbiParam, BlockArg, InstBuilder, Signature, types};
use jlift_ir::{Const, ConstData, Func, Type, Value};
use jlift_mutations::{Mutation, planted};

impl FunctionLowerer<'_, '_> {
    /// Reference to a function from this one.
    pub(crate) fn func_ref(&mut self, symbol: Symbol, signature: Signature) -> ir::FuncRef {
        if let Some(&func_ref) = self.func_refs.get(&symbol) {
            return func_ref;
        }
        let name = self
            .b
            .func
            .declare_imported_user_function(symbol.external_name());
        let imported = match symbol {
            Symbol::Function(i) => {
                self.l.plan.functions[i as usize].kind == crate::plan::SymbolKind::Import
            }
            Symbol::Data(_) => false,
        };
        let sig = self.b.import_signature(signature);
        let func_ref = self.b.import_function(ir::ExtFuncData {
            name: ir::ExternalName::User(name),
            signature: sig,
            colocated: !imported,
            patchable: false,
        });
        self.func_refs.insert(symbol, func_ref);
        func_ref
    }

    /// `invoke @f(args...)`.
    pub(crate) fn invoke(
        &mut self,
        func: Func,
        callee: Option<Value>,
        args: &[Value],
    ) -> Result<Typed> {
        let f = &self.module.functions[func];
        let mut typed_args = Vec::with_capacity(args.len() + 1);
        let self_value = match callee {
            Some(v) => self.argument(v, f.self_type)?,
            None => match self.repr(f.self_type)? {
                Repr::Ghost => Lowered::Ghost,
                _ => return Err("a closure is called without its data".into()),
            },
        };
        typed_args.push(self_value);
        if args.len() != f.params.len() {
            return Err(format!(
                "{} arguments for {} parameters",
                args.len(),
                f.params.len()
            ));
        }
        for (&arg, param) in args.iter().zip(&f.params) {
            typed_args.push(self.argument(arg, param.ty)?);
        }
        self.call_body(func, &typed_args)
    }

    /// An argument: an aggregate that is passed by address as its address, where it has one.
    fn argument(&mut self, value: Value, ty: Type) -> Result<Lowered> {
        if !self.repr(ty)?.is_passed_by_address() {
            return self.operand_as(value, ty);
        }
        let typed = self.operand_in_place(value)?;
        if typed.ty != ty {
            return self.operand_as(value, ty);
        }
        if let Value::Inst(inst) = value
            && let Some(home) = self.homes[inst].expand()
        {
            return Ok(Lowered::Memory(home));
        }
        Ok(typed.value)
    }

    /// Calls a function with lowered arguments, the callee object first.
    pub(crate) fn call_body(&mut self, func: Func, args: &[Lowered]) -> Result<Typed> {
        let ret = self.module.functions[func].ret;
        let convention = self.l.internal_signature(func)?;
        if !convention.may_throw {
            // What a cleanup before it names is for this call, not for one that comes later.
            self.pending_cleanup.clear();
        }
        let Some(symbol) = self.l.plan.body(func) else {
            return Err(format!(
                "{} is not part of the program",
                self.module.describe(func)
            ));
        };
        let func_ref = self.func_ref(symbol, convention.signature.clone());
        let mut regs = Vec::new();
        let mut sret = None;
        if convention.sret {
            let addr = match self.result_place.take() {
                Some(addr) if ret == self.f.ret => addr,
                _ => {
                    let layout = self.layout_or_words(ret)?;
                    self.stack_memory(layout.0, layout.1)
                }
            };
            sret = Some(addr);
            regs.push(addr);
        }
        let f = &self.module.functions[func];
        let types = std::iter::once(f.self_type).chain(f.params.iter().map(|p| p.ty));
        for (arg, ty) in args.iter().zip(types) {
            if self.repr(ty)?.is_passed_by_address() {
                regs.push(self.spill(ty, arg)?);
            } else {
                regs.extend(self.registers(arg));
            }
        }
        let call = self.b.ins().call(func_ref, &regs);
        if convention.diverges {
            if convention.may_throw {
                let (target, cleanup) = self.failing_block()?;
                self.b.ins().jump(target, &[]);
                self.fill_cleanups(cleanup)?;
            } else {
                self.trap_unreachable();
            }
            return Ok(bottom());
        }
        let mut results: Vec<ir::Value> = self.b.inst_results(call).to_vec();
        if convention.may_throw {
            let Some(status) = results.pop() else {
                return Err("a call without status".into());
            };
            let (target, cleanup) = self.failing_block()?;
            let next = self.b.create_block();
            // The failing block goes first: see `control`.
            let none: [BlockArg; 0] = [];
            let status = match planted(Mutation::LowerStatusIgnored) {
                true => self.b.ins().iconst(types::I8, 0),
                false => status,
            };
            self.b.ins().brif(status, target, &none, next, &none);
            self.fill_cleanups(cleanup)?;
            self.b.switch_to_block(next);
        }
        let value = match sret {
            // The callee wrote the result where this call alone has its results.
            Some(addr)
                if self.repr(ret)?.is_passed_by_address() || self.is_plain_aggregate(ret)? =>
            {
                Lowered::Memory(addr)
            }
            Some(addr) => self.load(ret, addr, 0, own_memory(), true)?,
            None => self.value_from_registers(ret, &results)?,
        };
        Ok(Typed { ty: ret, value })
    }

    /// Whether the parts of a value in memory can be read when they are needed.
    fn is_plain_aggregate(&mut self, ty: Type) -> Result<bool> {
        Ok(matches!(self.repr(ty)?, Repr::Leaves(_)) && self.module.tables.is_bits(ty))
    }

    /// Size and alignment of a value in memory, unions included.
    fn layout_or_words(&mut self, ty: Type) -> Result<(u32, u32)> {
        if let Repr::Union { words, .. } = self.repr(ty)? {
            return Ok((words * 8 + 8, 8));
        }
        let layout = self.layout(ty)?;
        Ok((layout.size.max(1), layout.align))
    }

    /// Calls an imported C function of scalars.
    pub(crate) fn call_import(
        &mut self,
        name: &str,
        args: &[ir::Value],
        ret: Option<ir::Type>,
    ) -> Result<Option<ir::Value>> {
        let Some(symbol) = self.l.plan.import(name) else {
            return Err(format!("`{name}` was not planned"));
        };
        let mut signature = Signature::new(self.l.isa.default_call_conv());
        for &arg in args {
            let ty = self.b.func.dfg.value_type(arg);
            signature.params.push(AbiParam::new(ty));
        }
        signature.returns.extend(ret.map(AbiParam::new));
        let func_ref = self.func_ref(symbol, signature);
        let call = self.b.ins().call(func_ref, args);
        Ok(self.b.inst_results(call).first().copied())
    }

    /// `expr abort("message")`.
    pub(crate) fn abort(&mut self, message: Const) -> Result<()> {
        let ConstData::String(bytes) = self.module.tables.const_data(message) else {
            return Err("expected a constant message".into());
        };
        let len = bytes.len() as i64;
        let environment = self.l.options.environment;
        let addr = self.string_address(Value::Const(message))?;
        let fd = self.b.ins().iconst(types::I32, 2);
        let len = self.b.ins().iconst(types::I64, len);
        let write = import_name("jlift_sys_write", environment).to_string();
        self.call_import(&write, &[fd, addr, len], Some(types::I64))?;
        self.stop()
    }

    /// Stops the process.
    pub(crate) fn stop(&mut self) -> Result<()> {
        let abort = import_name("jlift_sys_abort", self.l.options.environment).to_string();
        self.call_import(&abort, &[], None)?;
        self.trap_unreachable();
        Ok(())
    }
}
