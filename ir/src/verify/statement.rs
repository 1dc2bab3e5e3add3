//! Statements by kind, and the ends of blocks. Intrinsics, builtins and calls have files of their
//! own.

use super::{Check, FunctionVerifier, ensure};
use crate::builtin::Builtin;
use crate::function::{Block, Inst, Op, Terminator, Value};
use crate::types::{Type, TypeClass};

/// Expression heads that are hints without effect on the result.
const HINTS: &[&str] = &[
    "loopinfo",
    "inbounds",
    "meta",
    "aliasscope",
    "popaliasscope",
    "code_coverage_effect",
    "coverageeffect",
    "inline",
    "noinline",
    "purity",
    "line",
];

const NO_CALL: &str = "not a call, after a `cleanup` for one";

impl FunctionVerifier<'_, '_> {
    /// Checks operand and result types of a statement.
    pub(super) fn statement(&mut self, block: Block, inst: Inst) -> Check {
        let func = self.func;
        let data = &func.insts[inst];
        self.v.check_type(data.ty)?;
        let mut result = Ok(());
        let takes_upsilon = matches!(data.op, Op::PhiC(_));
        func.for_each_operand(inst, |value| {
            if result.is_ok() {
                result = self.operand(value, takes_upsilon);
            }
        });
        result?;
        if self.cleanup && data.op != Op::Nop {
            self.cleanup = false;
            let may_fail = matches!(
                data.op,
                Op::Invoke { .. } | Op::Builtin(Builtin::CallDynamic, _)
            );
            ensure!(may_fail, "{NO_CALL}");
        }
        match &data.op {
            Op::Nop | Op::Enter | Op::Leave(_) | Op::TheException | Op::PopException(_) => {
                self.region_statement(block, inst)
            }
            Op::Copy(value) => self.value_of_type(*value, data.ty, "the value"),
            Op::Intrinsic(intrinsic, args) => self.intrinsic(inst, *intrinsic, func.args(*args)),
            Op::Builtin(builtin, args) => self.builtin(inst, *builtin, func.args(*args)),
            Op::Invoke {
                func: target,
                callee,
                args,
            } => self.invoke(inst, *target, *callee, func.args(*args)),
            // What an unresolved call gives is what its producer said it gives.
            Op::Call { .. } => Ok(()),
            Op::New { ty, args } => self.new_struct(inst, *ty, func.args(*args)),
            Op::Phi(list) => {
                for &(_, value) in func.phi_args(*list) {
                    self.phi_entry(value, data.ty)?;
                }
                Ok(())
            }
            Op::Pi { value, ty } => {
                self.v.check_type(*ty)?;
                let from = self.ty(*value);
                let narrows = match value {
                    Value::Type(t) => self.v.types.type_value_fits(*t, *ty),
                    // Passes leave constants of other types where control never gets.
                    _ => from == Type::BOTTOM || value.is_const() || self.v.types.fits(*ty, from),
                };
                ensure!(
                    narrows,
                    "{} is not a narrower type than {}",
                    self.text(*ty),
                    self.text(from)
                );
                self.result(inst, *ty)
            }
            Op::ForeignCall(call) => self.foreigncall(inst, call),
            Op::Upsilon(_) => Ok(()),
            Op::PhiC(args) => self.phic(func.args(*args), data.ty),
            Op::ThrowRecord { ty, modes, parts } => {
                self.v.check_type(*ty)?;
                ensure!(
                    modes.len() == func.args(*parts).len(),
                    "{} modes for {} parts",
                    modes.len(),
                    func.args(*parts).len()
                );
                self.never_returns(data.ty)
            }
            Op::Rethrow | Op::Abort { .. } => self.never_returns(data.ty),
            Op::GcPreserveBegin(_) => Ok(()),
            Op::GcPreserveEnd(token) => {
                let begins = matches!(
                    token.as_inst().map(|i| &func.insts[i].op),
                    Some(Op::GcPreserveBegin(_))
                );
                ensure!(begins, "the operand is not a `gc_preserve_begin`");
                Ok(())
            }
            Op::Retain(value) | Op::Release(value) => self.counted(*value),
            Op::Cleanup(values) => {
                for &value in func.args(*values) {
                    self.counted(value)?;
                }
                self.cleanup = true;
                Ok(())
            }
            Op::ThrowUndefIfNot { name, cond } => {
                self.symbol(*name, "the name")?;
                self.bool_operand(*cond, "the condition")
            }
            Op::Expr { head, .. } => {
                let head = self.tables().names.str(*head);
                ensure!(
                    HINTS.contains(&head),
                    "`expr {}` is not supported",
                    super::cut(head)
                );
                Ok(())
            }
        }
    }

    fn counted(&mut self, value: Value) -> Check {
        let ty = self.ty(value);
        ensure!(
            self.v.types.is_reference(ty) || ty == Type::BOTTOM,
            "values of type {} are not counted references",
            self.text(ty)
        );
        Ok(())
    }

    /// Checks the end of a block.
    pub(super) fn terminator(&mut self, block: Block) -> Check {
        let func = self.func;
        let data = &func.blocks[block];
        let pending = std::mem::take(&mut self.cleanup);
        ensure!(!pending, "ends behind a `cleanup`");
        if let Some(value) = func.terminator_operand(block) {
            self.operand(value, false)?;
        }
        match data.term {
            Terminator::Branch { cond, .. } => self.bool_operand(cond, "the branch condition"),
            Terminator::Return(value) => self.value_of_type(value, func.ret, "the returned value"),
            Terminator::Enter { .. } => {
                let last = data.insts.last().map(|&i| &func.insts[i].op);
                ensure!(
                    last == Some(&Op::Enter),
                    "enters a region without an `enter` as the last statement"
                );
                Ok(())
            }
            Terminator::Goto(_) | Terminator::Unreachable => Ok(()),
        }
    }

    /// Checks that an operand is a value: constants are well formed, and an upsilon is only read
    /// by a phi-c.
    fn operand(&mut self, value: Value, takes_upsilon: bool) -> Check {
        if let Value::Inst(i) = value
            && !takes_upsilon
        {
            ensure!(
                !matches!(self.func.insts[i].op, Op::Upsilon(_)),
                "an upsilon is used by something else than a phic"
            );
        }
        self.v.constant(value)
    }

    fn region_statement(&mut self, block: Block, inst: Inst) -> Check {
        let func = self.func;
        match func.insts[inst].op {
            Op::Enter => {
                let data = &func.blocks[block];
                ensure!(
                    matches!(data.term, Terminator::Enter { .. })
                        && data.insts.last() == Some(&inst),
                    "an `enter` that is not the end of its block"
                );
                Ok(())
            }
            Op::PopException(token) => {
                let enters = matches!(token.as_inst().map(|i| &func.insts[i].op), Some(Op::Enter));
                ensure!(enters, "the operand is not an `enter`");
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// An entry may be narrower than its phi. Julia also leaves entries that are wider, where the
    /// phi is only read under a condition that the entry is of the phi's type.
    fn phi_entry(&mut self, value: Value, ty: Type) -> Check {
        let found = self.ty(value);
        let meets = self.value_fits(value, ty)
            || self.v.types.fits(ty, found)
            || (self.v.types.class(found) == TypeClass::Union
                && self
                    .tables()
                    .members(found)
                    .iter()
                    .any(|&m| self.v.types.fits(m, ty)));
        ensure!(
            meets,
            "an entry is of type {}, not {}",
            self.value_type_text(value),
            self.text(ty)
        );
        Ok(())
    }

    fn phic(&mut self, args: &[Value], ty: Type) -> Check {
        for &arg in args {
            let upsilon = match arg.as_inst().map(|i| &self.func.insts[i].op) {
                Some(Op::Upsilon(value)) => *value,
                _ => return Err("an operand is not an upsilon".into()),
            };
            if let Some(value) = upsilon {
                self.value_of_type(value, ty, "an upsilon's value")?;
            }
        }
        Ok(())
    }

    fn new_struct(&mut self, inst: Inst, ty: Type, args: &[Value]) -> Check {
        self.v.check_type(ty)?;
        let class = self.v.types.class(ty);
        let count = match class {
            TypeClass::Inline
            | TypeClass::InlineWithReferences
            | TypeClass::Heap
            | TypeClass::Singleton => self.v.types.field_count(ty),
            _ => None,
        };
        let Some(count) = count else {
            return Err(format!("{} is not a declared struct", self.text(ty)));
        };
        ensure!(
            args.len() <= count,
            "{} values for the {count} fields of {}",
            args.len(),
            self.text(ty)
        );
        ensure!(
            args.len() == count || class != TypeClass::Inline,
            "only {} value(s) for the {count} fields of {}, which has no undefined fields",
            args.len(),
            self.text(ty)
        );
        for (n, &arg) in args.iter().enumerate() {
            if let Some(want) = self.v.types.field_type(ty, n)
                && !self.value_fits(arg, want)
            {
                return Err(format!(
                    "the value of field {} is of type {}, not {}",
                    n + 1,
                    self.value_type_text(arg),
                    self.text(want)
                ));
            }
        }
        self.result(inst, ty)
    }

    /// Whether a value can be one of this type; false only where it certainly is not.
    pub(super) fn value_fits(&mut self, value: Value, ty: Type) -> bool {
        match value {
            Value::Type(t) => self.v.types.type_value_fits(t, ty),
            _ => {
                let found = self.ty(value);
                self.v.types.fits(found, ty)
            }
        }
    }

    pub(super) fn value_type_text(&self, value: Value) -> String {
        match value {
            Value::Type(t) => format!("Type{{{}}}", self.text(t)),
            _ => self.text(self.ty(value)),
        }
    }

    /// `what` names the operand in the message.
    pub(super) fn value_of_type(&mut self, value: Value, ty: Type, what: &str) -> Check {
        ensure!(
            self.value_fits(value, ty),
            "{what} is of type {}, not {}",
            self.value_type_text(value),
            self.text(ty)
        );
        Ok(())
    }

    pub(super) fn bool_operand(&mut self, value: Value, what: &str) -> Check {
        let ty = self.ty(value);
        ensure!(
            ty == Type::BOOL || ty == Type::BOTTOM,
            "{what} is of type {}, not Bool",
            self.value_type_text(value)
        );
        Ok(())
    }

    pub(super) fn int64_operand(&mut self, value: Value, what: &str) -> Check {
        let ty = self.ty(value);
        ensure!(
            ty == Type::INT64 || ty == Type::BOTTOM,
            "{what} is of type {}, not Int64",
            self.value_type_text(value)
        );
        Ok(())
    }

    pub(super) fn symbol(&mut self, value: Value, what: &str) -> Check {
        let ty = self.ty(value);
        ensure!(
            ty == Type::SYMBOL || ty == Type::BOTTOM,
            "{what} is of type {}, not Symbol",
            self.value_type_text(value)
        );
        Ok(())
    }

    pub(super) fn never_returns(&self, stated: Type) -> Check {
        ensure!(
            stated == Type::BOTTOM,
            "never returns, but is typed {}",
            self.text(stated)
        );
        Ok(())
    }

    pub(super) fn is_used(&self, inst: Inst) -> bool {
        use cranelift_entity::EntityRef;
        self.used.get(inst.index()).copied().unwrap_or(true)
    }

    /// The statement's type is `computed`; a value that nobody uses may be typed wider.
    pub(super) fn result(&mut self, inst: Inst, computed: Type) -> Check {
        let stated = self.func.insts[inst].ty;
        let right =
            stated == computed || (!self.is_used(inst) && self.v.types.fits(computed, stated));
        ensure!(
            right,
            "gives {}, but is typed {}",
            self.text(computed),
            self.text(stated)
        );
        Ok(())
    }

    /// As [`Self::result`], for values of which inference may know more than `computed` says:
    /// contents of fields, results of calls, and that they never return.
    pub(super) fn result_or_narrower(&mut self, inst: Inst, computed: Type) -> Check {
        let stated = self.func.insts[inst].ty;
        if self.v.types.fits(stated, computed) {
            return Ok(());
        }
        self.result(inst, computed)
    }
}
