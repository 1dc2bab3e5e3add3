//! Which file lowers which statement. Knows no semantics beyond that.

use crate::counted::Count;
use crate::function::FunctionLowerer;
use crate::value::{Lowered, Result, Typed};
use cranelift_codegen::ir::InstBuilder;
use jlift_ir::intrinsic::Shape;
use jlift_ir::{Builtin, Inst, Op, Type, TypeClass};

impl FunctionLowerer<'_, '_> {
    /// Lowers a statement that is not a phi.
    pub(crate) fn statement(&mut self, inst: Inst) -> Result<Typed> {
        let f = self.f;
        let ty = f.insts[inst].ty;
        let ghost = Typed {
            ty: Type::NOTHING,
            value: Lowered::Ghost,
        };
        match &f.insts[inst].op {
            Op::Nop | Op::Phi(_) | Op::Enter => Ok(ghost),
            Op::Copy(v) => {
                let typed = self.operand(*v)?;
                // A union's member under the union's type keeps its own type.
                Ok(typed)
            }
            Op::Intrinsic(intrinsic, list) => {
                let args = f.args(*list);
                match intrinsic.shape() {
                    Shape::PointerLoad => self.pointer_load(args, ty),
                    Shape::PointerStore => self.pointer_store(args),
                    Shape::Atomic => self.atomic(*intrinsic, args, ty),
                    Shape::ArrayLength => self.array_length(args),
                    Shape::GlobalAddress => self.global_address(args, ty),
                    Shape::Refused => Err(format!(
                        "`{}` cannot be compiled: it holds code for another compiler",
                        intrinsic.name()
                    )),
                    Shape::CheckedPair => {
                        let value = self.checked_pair(*intrinsic, args)?;
                        Ok(Typed { ty, value })
                    }
                    _ => {
                        let value = self.arithmetic(*intrinsic, args, ty)?;
                        Ok(Typed {
                            ty,
                            value: Lowered::Scalar(value),
                        })
                    }
                }
            }
            Op::Builtin(builtin, list) => self.builtin(*builtin, f.args(*list), ty),
            Op::Invoke { func, callee, args } => self.invoke(*func, *callee, f.args(*args)),
            Op::Call { .. } => Err("an unresolved call".into()),
            Op::New { ty, args } => self.new_object(*ty, f.args(*args)),
            Op::Pi { value, ty } => {
                let typed = self.operand(*value)?;
                if matches!(typed.value, Lowered::Exception) {
                    return Ok(typed);
                }
                let value = match self.coerce(typed, *ty) {
                    // Never executed: a constant has come here along a path that does not.
                    Err(_) if value.is_const() => self.undefined(*ty)?,
                    coerced => coerced?,
                };
                Ok(Typed { ty: *ty, value })
            }
            Op::ForeignCall(call) => self.foreign_call(call, ty),
            Op::Leave(n) => {
                let keep = self.handlers.len().saturating_sub(*n as usize);
                self.handlers.truncate(keep);
                Ok(ghost)
            }
            Op::TheException => Ok(Typed {
                ty: Type::ANY,
                value: Lowered::Exception,
            }),
            Op::PopException(_) | Op::GcPreserveBegin(_) | Op::GcPreserveEnd(_) => Ok(ghost),
            Op::Upsilon(v) => {
                self.upsilon(inst, *v)?;
                Ok(ghost)
            }
            Op::PhiC(_) => {
                let value = self.phic(inst)?;
                Ok(Typed { ty, value })
            }
            Op::Rethrow => {
                let target = self.failure_target()?;
                self.b.ins().jump(target, &[]);
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
                Ok(ghost)
            }
            Op::Release(v) => {
                self.count_operand(*v, Count::Down)?;
                Ok(ghost)
            }
            Op::Cleanup(values) => {
                self.pending_cleanup = f.args(*values).to_vec();
                Ok(ghost)
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
                | "line" => Ok(ghost),
                head => Err(format!("`expr {head}` is not supported")),
            },
        }
    }

    fn builtin(&mut self, builtin: Builtin, args: &[jlift_ir::Value], ty: Type) -> Result<Typed> {
        match builtin {
            Builtin::GetField => self.get_field(args, ty),
            Builtin::Tuple => self.tuple(args, ty),
            Builtin::Egal => self.egal(args),
            Builtin::IsA => self.is_a(args),
            Builtin::IfElse => self.if_else(args, ty),
            Builtin::TypeOf => {
                let typed = self.operand(args[0])?;
                let class = self.module.tables.class(typed.ty);
                if !matches!(class, TypeClass::Union | TypeClass::Abstract) {
                    self.constant(jlift_ir::Value::Type(typed.ty))
                } else {
                    Err("`typeof` of a value whose type is known only at run time".into())
                }
            }
            Builtin::SizeOf => {
                let ty = match args[0] {
                    jlift_ir::Value::Type(ty) => ty,
                    v => {
                        let typed = self.operand_in_place(v)?;
                        let size = match (typed.ty, typed.value) {
                            (Type::STRING, Lowered::Scalar(object)) => self.text_length(object),
                            (Type::SYMBOL, Lowered::Scalar(object)) => self.text_length(object),
                            (ty, Lowered::Scalar(object)) => {
                                match self.module.tables.array_of(ty) {
                                    Some((elem, _)) => self.array_bytes(object, elem)?,
                                    None => self.size_constant(ty)?,
                                }
                            }
                            (ty, _) => self.size_constant(ty)?,
                        };
                        return Ok(Typed {
                            ty: Type::INT64,
                            value: Lowered::Scalar(size),
                        });
                    }
                };
                let size = self.object_layout(ty)?.size;
                self.constant(jlift_ir::Value::int64(i64::from(size)))
            }
            Builtin::NFields => {
                let typed = self.operand(args[0])?;
                match self.module.tables.field_types(typed.ty) {
                    Some(fields) => self.constant(jlift_ir::Value::int64(fields.len() as i64)),
                    None => self.constant(jlift_ir::Value::int64(0)),
                }
            }
            Builtin::CompilerBarrier => {
                let typed = self.operand(args[1])?;
                // What follows looks at all members of the stated union.
                if self.module.tables.class(ty) != TypeClass::Union {
                    return Ok(typed);
                }
                let value = self.coerce(typed, ty)?;
                Ok(Typed { ty, value })
            }
            Builtin::DoNotDelete => Ok(Typed {
                ty: Type::NOTHING,
                value: Lowered::Ghost,
            }),
            Builtin::ArrayRef | Builtin::ConstArrayRef => self.array_ref(args, ty),
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
}

impl FunctionLowerer<'_, '_> {
    /// `sizeof(T)`: of a mutable struct the size of its fields.
    fn size_constant(&mut self, ty: Type) -> Result<cranelift_codegen::ir::Value> {
        let size = self.object_layout(ty)?.size;
        let int = cranelift_codegen::ir::types::I64;
        Ok(self.b.ins().iconst(int, i64::from(size)))
    }
}

/// The value of a statement that never returns.
pub(crate) fn bottom() -> Typed {
    Typed {
        ty: Type::BOTTOM,
        value: Lowered::Ghost,
    }
}
