//! Which file writes which statement. Knows no semantics beyond that.

use crate::counted::Count;
use crate::function::Body;
use crate::machine::Reg;
use crate::value::{Result, Typed, Val};
use jlift_ir::intrinsic::Shape;
use jlift_ir::{Builtin, Inst, Op, Type, TypeClass, Value};

/// The value of a statement that never returns.
pub(crate) fn bottom() -> Typed {
    Typed {
        ty: Type::BOTTOM,
        val: Val::Ghost,
    }
}

/// The value of a statement that has none.
pub(crate) fn nothing() -> Typed {
    Typed {
        ty: Type::NOTHING,
        val: Val::Ghost,
    }
}

/// A value that is one scalar.
pub(crate) fn scalar(ty: Type, reg: Reg) -> Typed {
    Typed {
        ty,
        val: Val::Scalar(reg),
    }
}

impl Body<'_, '_> {
    /// Writes a statement that is not a phi.
    pub(crate) fn statement(&mut self, inst: Inst) -> Result<Typed> {
        let f = self.f;
        let ty = f.insts[inst].ty;
        match &f.insts[inst].op {
            Op::Phi(_) => Ok(bottom()),
            Op::Nop | Op::Enter => Ok(nothing()),
            // A union's member under the union's type keeps its own type.
            Op::Copy(v) => self.operand(*v),
            Op::Intrinsic(intrinsic, list) => {
                let args = f.args(*list);
                match intrinsic.shape() {
                    Shape::PointerLoad => self.pointer_load(args),
                    Shape::PointerStore => self.pointer_store(args),
                    Shape::Atomic => self.atomic(*intrinsic, args, ty),
                    Shape::ArrayLength => self.array_length(args),
                    Shape::GlobalAddress => self.global_address(args, ty),
                    Shape::CheckedPair => self.checked_pair(*intrinsic, args, ty),
                    Shape::Refused => Err(format!(
                        "`{}` cannot be compiled: it holds code for another compiler",
                        intrinsic.name()
                    )),
                    _ => Ok(scalar(ty, self.arithmetic(*intrinsic, args, ty)?)),
                }
            }
            Op::Builtin(builtin, list) => self.builtin(*builtin, f.args(*list), ty),
            Op::Invoke { func, callee, args } => self.invoke(*func, *callee, f.args(*args)),
            Op::Call { .. } => Err("an unresolved call".into()),
            Op::New { ty, args } => self.new_object(*ty, f.args(*args)),
            Op::Pi { value, ty } => {
                let typed = self.operand(*value)?;
                if matches!(typed.val, Val::Exception) {
                    return Ok(typed);
                }
                let val = match self.coerce(typed, *ty) {
                    // Never executed: a constant has come here along a path that does not.
                    Err(_) if value.is_const() => self.undefined(*ty)?,
                    coerced => coerced?,
                };
                Ok(Typed { ty: *ty, val })
            }
            Op::ForeignCall(call) => self.foreign_call(call, ty),
            Op::Leave(n) => {
                let keep = self.handlers.len().saturating_sub(*n as usize);
                self.handlers.truncate(keep);
                Ok(nothing())
            }
            Op::TheException => Ok(Typed {
                ty: Type::ANY,
                val: Val::Exception,
            }),
            Op::PopException(_) | Op::GcPreserveBegin(_) | Op::GcPreserveEnd(_) => Ok(nothing()),
            Op::Upsilon(v) => {
                self.upsilon(inst, *v)?;
                Ok(nothing())
            }
            Op::PhiC(_) => {
                let val = self.phi_c(inst)?;
                Ok(Typed { ty, val })
            }
            Op::Rethrow => {
                let target = self.failure_target()?;
                self.w.jump(target);
                Ok(bottom())
            }
            Op::Abort { message } => {
                self.abort(*message)?;
                Ok(bottom())
            }
            Op::ThrowRecord { .. } => Err("an exception that was not legalized".into()),
            Op::ThrowUndefIfNot { .. } => Err("a check that was not legalized".into()),
            Op::Retain(v) => {
                self.count_operand(*v, Count::Up)?;
                Ok(nothing())
            }
            Op::Release(v) => {
                self.count_operand(*v, Count::Down)?;
                Ok(nothing())
            }
            Op::Cleanup(values) => {
                self.pending_cleanup = f.args(*values).to_vec();
                Ok(nothing())
            }
            Op::Expr { head, .. } => match self.module.tables.names.str(*head) {
                // Hints without effect on the result.
                "loopinfo"
                | "inbounds"
                | "meta"
                | "aliasscope"
                | "popaliasscope"
                | "code_coverage_effect"
                | "inline"
                | "noinline"
                | "line" => Ok(nothing()),
                head => Err(format!("`expr {head}` is not supported")),
            },
        }
    }

    fn builtin(&mut self, builtin: Builtin, args: &[Value], ty: Type) -> Result<Typed> {
        match builtin {
            Builtin::GetField => self.get_field(args, ty),
            Builtin::Tuple => self.tuple(args, ty),
            Builtin::Egal => self.egal(args),
            Builtin::IsA => self.is_a(args),
            Builtin::IfElse => self.if_else(args, ty),
            Builtin::TypeOf => {
                let typed = self.operand(args[0])?;
                let class = self.module.tables.class(typed.ty);
                match class {
                    TypeClass::Union | TypeClass::Abstract => {
                        Err("`typeof` of a value whose type is known only at run time".into())
                    }
                    _ => self.constant(Value::Type(typed.ty)),
                }
            }
            Builtin::SizeOf => self.size_of(args[0]),
            Builtin::NFields => {
                let typed = self.operand(args[0])?;
                let fields = self.module.tables.field_types(typed.ty);
                let count = fields.map_or(0, |fields| fields.len());
                self.constant(Value::int64(count as i64))
            }
            Builtin::CompilerBarrier => {
                let typed = self.operand(args[1])?;
                // What follows looks at all members of the stated union.
                if self.module.tables.class(ty) != TypeClass::Union {
                    return Ok(typed);
                }
                let val = self.coerce(typed, ty)?;
                Ok(Typed { ty, val })
            }
            Builtin::DoNotDelete => Ok(nothing()),
            Builtin::ArrayRef | Builtin::ConstArrayRef => self.array_ref(args),
            Builtin::ArraySet => self.array_set(args),
            Builtin::ArraySize => self.array_size(args),
            Builtin::SetField => self.set_field(args),
            Builtin::IsDefined => self.field_is_defined(args),
            Builtin::Box => self.box_object(args[0], ty),
            Builtin::Unbox => self.unbox_object(args[0], ty),
            Builtin::CallDynamic => self.call_dynamic(args, ty),
            _ => Err(format!(
                "`{}` cannot be decided at compile time here",
                builtin.name()
            )),
        }
    }

    /// `sizeof(x)`: of a mutable struct the size of its fields.
    fn size_of(&mut self, value: Value) -> Result<Typed> {
        let ty = match value {
            Value::Type(ty) => ty,
            value => {
                let typed = self.operand(value)?;
                if let Val::Scalar(object) = &typed.val {
                    if matches!(typed.ty, Type::STRING | Type::SYMBOL) {
                        return Ok(scalar(Type::INT64, self.text_length(object)));
                    }
                    if let Some((elem, _)) = self.module.tables.array_of(typed.ty) {
                        return Ok(scalar(Type::INT64, self.array_bytes(object, elem)?));
                    }
                }
                typed.ty
            }
        };
        let size = self.object_layout(ty)?.size;
        self.constant(Value::int64(i64::from(size)))
    }
}
