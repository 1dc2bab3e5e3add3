//! Calls of functions of the program, what happens when they fail, aborts, calls of C functions that
//! the compiler itself needs.

use crate::counted::Count;
use crate::function::Body;
use crate::machine::{Machine, Reg};
use crate::repr::Passing;
use crate::statement::bottom;
use crate::value::{Access, Result, Typed, Val};
use crate::writer::Label;
use jlift_ir::{Const, ConstData, Func, Type, Value};
use jlift_mutations::{Mutation, either, planted};

/// A block in which a failing call's values are released, to be filled.
pub(crate) struct Cleanup {
    block: Label,
    target: Label,
    values: Vec<Value>,
}

impl Body<'_, '_> {
    /// `invoke @f(args...)`.
    pub(crate) fn invoke(
        &mut self,
        func: Func,
        callee: Option<Value>,
        args: &[Value],
    ) -> Result<Typed> {
        let f = &self.module.functions[func];
        if args.len() != f.params.len() {
            return Err(format!(
                "{} arguments for {} parameters",
                args.len(),
                f.params.len()
            ));
        }
        let mut values = Vec::with_capacity(args.len() + 1);
        values.push(match callee {
            Some(v) => self.operand_as(v, f.self_type)?,
            None => match self.p.passing(f.self_type)? {
                Passing::Ghost => Val::Ghost,
                _ => return Err("a closure is called without its data".into()),
            },
        });
        for (&arg, param) in args.iter().zip(&f.params) {
            values.push(self.operand_as(arg, param.ty)?);
        }
        self.call_function(func, &values)
    }

    /// Calls a function with its arguments, the callee object first.
    pub(crate) fn call_function(&mut self, func: Func, args: &[Val]) -> Result<Typed> {
        let f = &self.module.functions[func];
        let ret = f.ret;
        let convention = self.p.convention(func)?;
        if !convention.may_throw {
            // What a cleanup before it names is for this call, not for one that comes later.
            self.pending_cleanup.clear();
        }
        let target = self.p.body(func)?;
        let mut regs = Vec::new();
        let mut out = None;
        if convention.by_address() {
            let layout = self.layout(ret)?;
            let addr = self.w.alloca(layout.size, layout.align);
            regs.push(addr.clone());
            out = Some(addr);
        }
        let types = std::iter::once(f.self_type).chain(f.params.iter().map(|p| p.ty));
        for (arg, ty) in args.iter().zip(types) {
            regs.extend(self.passed(ty, arg)?);
        }
        let regs: Vec<String> = regs.iter().map(|r| format!("{r:#}")).collect();
        let returns = convention.return_type();
        let call = format!("call {returns} {target}({})", regs.join(", "));
        if convention.diverges {
            self.w.line(format_args!("{call}"));
            if convention.may_throw {
                let (target, cleanup) = self.failing_block()?;
                self.w.jump(target);
                self.fill_cleanup(cleanup)?;
            } else {
                self.w.trap();
            }
            return Ok(bottom());
        }
        let mut results = self.call_results(&call, &convention.returns, &returns);
        if convention.may_throw {
            let Some(status) = results.pop() else {
                return Err("a call without status".into());
            };
            let failed = either(
                Mutation::LlvmStatusIgnored,
                Reg::bool(false),
                self.is_nonzero(&status),
            );
            let (target, cleanup) = self.failing_block()?;
            let next = self.w.block();
            self.w.branch_rarely(&failed, target, next);
            self.fill_cleanup(cleanup)?;
            self.w.switch_to(next);
        }
        let val = match out {
            Some(addr) => Val::Memory(addr),
            None => self.received(ret, &results)?,
        };
        Ok(Typed { ty: ret, val })
    }

    /// The scalars that a call returns.
    pub(crate) fn call_results(
        &mut self,
        call: &str,
        types: &[Machine],
        group_type: &str,
    ) -> Vec<Reg> {
        match types {
            [] => {
                self.w.line(format_args!("{call}"));
                Vec::new()
            }
            [one] => vec![self.w.op(*one, format_args!("{call}"))],
            many => {
                let group = self.w.group(format_args!("{call}"));
                many.iter()
                    .enumerate()
                    .map(|(n, &ty)| {
                        self.w
                            .op(ty, format_args!("extractvalue {group_type} {group}, {n}"))
                    })
                    .collect()
            }
        }
    }

    /// Whether a scalar has any bit set.
    pub(crate) fn is_nonzero(&mut self, x: &Reg) -> Reg {
        self.compare("ne", x, &x.ty.zero())
    }

    /// Where control goes when the call being written fails: through a block that releases what
    /// the `cleanup` before the call names, if there is one. That block may have to be filled, by
    /// [`Self::fill_cleanup`], when the current block has ended.
    pub(crate) fn failing_block(&mut self) -> Result<(Label, Option<Cleanup>)> {
        let values = std::mem::take(&mut self.pending_cleanup);
        let target = self.failure_target()?;
        if values.is_empty() || planted(Mutation::LlvmCleanupDropped) {
            return Ok((target, None));
        }
        let key = (target, values);
        if let Some(&block) = self.cleanups.get(&key) {
            return Ok((block, None));
        }
        let block = self.w.block();
        let values = key.1.clone();
        self.cleanups.insert(key, block);
        let cleanup = Cleanup {
            block,
            target,
            values,
        };
        Ok((block, Some(cleanup)))
    }

    /// Writes the releases of a failing call.
    pub(crate) fn fill_cleanup(&mut self, cleanup: Option<Cleanup>) -> Result<()> {
        let Some(cleanup) = cleanup else {
            return Ok(());
        };
        self.w.switch_to(cleanup.block);
        for value in cleanup.values {
            self.count_operand(value, Count::Down)?;
        }
        self.w.jump(cleanup.target);
        Ok(())
    }

    /// Calls a C function of scalars.
    pub(crate) fn call_import(&mut self, name: &str, args: &[Reg], ret: Option<Machine>) -> Reg {
        let types: Vec<String> = args.iter().map(|r| r.ty.to_string()).collect();
        let values: Vec<String> = args.iter().map(|r| format!("{r:#}")).collect();
        let returns = ret.map_or_else(|| "void".to_string(), |ty| ty.to_string());
        let target = self.p.import(name, &returns, &types.join(", "));
        let call = format!("call {returns} {target}({}) #1", values.join(", "));
        match ret {
            Some(ty) => self.w.op(ty, format_args!("{call}")),
            None => {
                self.w.line(format_args!("{call}"));
                Machine::I8.zero()
            }
        }
    }

    /// `expr abort("message")`.
    pub(crate) fn abort(&mut self, message: Const) -> Result<()> {
        let module = self.module;
        let ConstData::String(bytes) = module.tables.const_data(message) else {
            return Err("expected a constant message".into());
        };
        let Some(addr) = self.p.text(message) else {
            return Err("expected a constant message".into());
        };
        self.end_with_text(&addr, bytes.len());
        Ok(())
    }

    /// Writes to stderr and stops the process.
    pub(crate) fn end_with_text(&mut self, text: &Reg, length: usize) {
        let args = [
            Reg::int(Machine::I32, 2),
            text.clone(),
            Reg::i64(length as i64),
        ];
        self.call_import("jlift_sys_write", &args, Some(Machine::I64));
        self.stop();
    }

    /// Stops the process.
    pub(crate) fn stop(&mut self) {
        self.call_import("jlift_sys_abort", &[], None);
        self.w.trap();
    }

    /// Address of the error record of the current thread.
    pub(crate) fn error_record(&mut self) -> Reg {
        match self.p.record() {
            Some(addr) => addr,
            None => self.call_import("jlift_error_record", &[], Some(Machine::Ptr)),
        }
    }

    /// Whether the exception being handled is of this type, by the hash of its own in the record.
    pub(crate) fn exception_is(&mut self, ty: Type) -> Result<Reg> {
        use jlift_ir::error_record::{TYPE_OFFSET, type_hash};
        if ty == Type::ANY || ty == Type::EXCEPTION {
            return Ok(Reg::bool(true));
        }
        let record = self.error_record();
        let found = self.load_scalar(Machine::I64, &record, TYPE_OFFSET.into(), Access::Own);
        // The record tells the concrete type; of an abstract one all that the module declares count.
        let tables = &self.module.tables;
        let mut wanted = tables.members(ty);
        for &declared in tables.declared() {
            if tables.is_subtype(declared, ty) == Some(true) && !wanted.contains(&declared) {
                wanted.push(declared);
            }
        }
        let mut result = Reg::bool(false);
        for member in wanted {
            let hash = type_hash(&self.type_text(member));
            let same = self.is_number(&found, i128::from(hash as i64));
            result = self.or(&result, &same);
        }
        Ok(result)
    }
}
