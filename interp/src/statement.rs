//! What each kind of statement does. Calls, phis and terminators are the interpreter's main loop;
//! intrinsics and builtins have files of their own.

use crate::interpreter::{Interpreter, Stage};
use crate::outcome::{Result, Stop, Stopped, unsupported};
use crate::show::Mode;
use crate::value::Value;
use jlift_ir::{Function, Inst, Op, PartMode, Type};

impl<'m> Interpreter<'m> {
    /// Executes a statement; `None` if it has no value of its own.
    pub(crate) fn statement(&mut self, func: &'m Function, inst: Inst) -> Result<Option<Value>> {
        let data = &func.insts[inst];
        let ty = data.ty;
        let nothing = Ok(Some(Value::NOTHING));
        match &data.op {
            Op::Nop | Op::Phi(_) | Op::Invoke { .. } => Ok(None),
            Op::Copy(value) => self.operand(*value).map(Some),
            Op::Pi { value, ty } => {
                let value = self.operand(*value)?;
                Ok(Some(match self.is_a(&value, *ty) {
                    // A value that is not what it is said to be is never used as such.
                    Some(false) => Value::undefined(&self.module.tables, *ty),
                    _ => value,
                }))
            }
            Op::Intrinsic(intrinsic, args) => {
                let args = self.operands(func.args(*args))?;
                self.intrinsic(*intrinsic, &args, ty).map(Some)
            }
            Op::Builtin(builtin, args) => {
                let args = self.operands(func.args(*args))?;
                self.builtin(*builtin, &args, ty).map(Some)
            }
            Op::Call { callee, args } => self.dynamic_call(func, inst, *callee, func.args(*args)),
            Op::New { ty, args } => {
                let fields = self.operands(func.args(*args))?;
                self.new_struct(*ty, fields).map(Some)
            }
            Op::ForeignCall(call) => self.foreign_call(func, call, ty).map(Some),
            Op::Enter => Ok(Some(Value::Token(self.exceptions.len()))),
            Op::Leave(count) => {
                let frame = self.frame()?;
                let left = frame.handlers.len().saturating_sub(*count as usize);
                frame.handlers.truncate(left);
                nothing
            }
            Op::TheException => Ok(Some(match self.exceptions.last() {
                Some(thrown) => match &thrown.value {
                    Some(value) => value.clone(),
                    None => Value::Exception(thrown.ty),
                },
                None => Value::Undefined,
            })),
            Op::PopException(token) => {
                if let Value::Token(handling) = self.operand(*token)? {
                    self.exceptions.truncate(handling);
                    self.restore_record()?;
                }
                nothing
            }
            Op::Upsilon(value) => {
                self.upsilon(func, inst, *value)?;
                nothing
            }
            Op::PhiC(_) => {
                let counted = self.owns_phic(ty);
                let frame = self.frame()?;
                let held = match counted {
                    true => frame.phic.remove(&inst),
                    false => frame.phic.get(&inst).cloned(),
                };
                Ok(Some(held.unwrap_or_else(|| {
                    Value::undefined(&self.module.tables, ty)
                })))
            }
            Op::ThrowRecord { ty, modes, parts } => {
                let values = self.operands(func.args(*parts))?;
                let mut message = Vec::new();
                for (mode, value) in modes.iter().zip(&values) {
                    let mode = match mode {
                        PartMode::Print => Mode::Print,
                        PartMode::Show => Mode::Show,
                    };
                    message.extend(self.text_or_stop(value, mode)?);
                }
                self.throw_text(*ty, message)
            }
            Op::Rethrow => Err(self.rethrow()?),
            Op::Abort { message } => {
                let message = self.constant_bytes(*message);
                let text = String::from_utf8_lossy(&message).into_owned();
                Err(Stop::Stopped(Stopped::Aborted(text)))
            }
            Op::GcPreserveBegin(_) | Op::GcPreserveEnd(_) => nothing,
            Op::Retain(value) => {
                let value = self.operand(*value)?;
                self.retain(&value)?;
                nothing
            }
            Op::Release(value) => {
                let value = self.operand(*value)?;
                self.release(&value)?;
                nothing
            }
            Op::Cleanup(values) => {
                let values = self.operands(func.args(*values))?;
                self.frame()?.cleanup = values;
                nothing
            }
            Op::ThrowUndefIfNot { name, cond } => {
                let cond = self.operand(*cond)?;
                if self.truth(&cond, "whether a variable is defined")? {
                    return nothing;
                }
                let name = self.operand(*name)?;
                let name = self.text_or_stop(&name, Mode::Print)?;
                match &name[..] {
                    // Julia's name for a field that was not assigned.
                    b"##getfield##" => self.throw_undefined_reference(),
                    _ => {
                        let message = [b"UndefVarError: `", &name[..], b"` not defined"].concat();
                        self.throw_text(Type::UNDEF_VAR_ERROR, message)
                    }
                }
            }
            Op::Expr { head, .. } => match self.name(*head) {
                "loopinfo"
                | "inbounds"
                | "meta"
                | "aliasscope"
                | "popaliasscope"
                | "code_coverage_effect"
                | "coverageeffect"
                | "inline"
                | "noinline"
                | "purity"
                | "line" => nothing,
                head => unsupported(format!("`expr {head}`")),
            },
        }
    }

    /// Whether a phi-c of this type gives away what it holds when it is read.
    fn owns_phic(&self, ty: Type) -> bool {
        self.options.stage >= Stage::Owned && self.module.tables.is_counted(ty)
    }

    /// Stores to the phi-c nodes that list an upsilon.
    fn upsilon(
        &mut self,
        func: &'m Function,
        upsilon: Inst,
        value: Option<jlift_ir::Value>,
    ) -> Result<()> {
        let value = match value {
            Some(value) => Some(self.operand(value)?),
            None => None,
        };
        for &block in &func.layout {
            for &inst in &func.blocks[block].insts {
                let Op::PhiC(list) = func.insts[inst].op else {
                    continue;
                };
                if !func.args(list).contains(&jlift_ir::Value::Inst(upsilon)) {
                    continue;
                }
                let owned = self.owns_phic(func.insts[inst].ty);
                let frame = self.frame()?;
                let old = match &value {
                    Some(value) => frame.phic.insert(inst, value.clone()),
                    None if owned => frame.phic.remove(&inst),
                    None => None,
                };
                if let (true, Some(old)) = (owned, old) {
                    self.release(&old)?;
                }
            }
        }
        Ok(())
    }
}
