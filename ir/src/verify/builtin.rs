//! Builtin functions: fields, tuples, comparisons, types as values, arrays.

use super::intrinsic::arity_text;
use super::{Check, FunctionVerifier, cut, ensure};
use crate::builtin::Builtin;
use crate::constant::ConstData;
use crate::decl::Decl;
use crate::function::{Inst, Value};
use crate::types::{Type, TypeClass, TypeParam};

/// What a field operand selects.
enum Selected {
    /// The field with this 0-based index.
    Field(usize),
    /// Any of the fields: the index is not constant.
    Any,
    /// No field; the access throws.
    None(String),
    /// The object's type does not tell.
    Unknown,
}

impl FunctionVerifier<'_, '_> {
    pub(super) fn builtin(&mut self, inst: Inst, builtin: Builtin, args: &[Value]) -> Check {
        let (least, most) = builtin.arity();
        ensure!(
            (least..=most).contains(&args.len()),
            "{} takes {}, not {}",
            builtin.name(),
            arity_text(least, most),
            args.len()
        );
        let stated = self.func.insts[inst].ty;
        if builtin == Builtin::Throw {
            return self.never_returns(stated);
        }
        // Code that is never reached may have operands of any type in place of `Union{}`.
        if args.iter().any(|&a| self.ty(a) == Type::BOTTOM) {
            return Ok(());
        }
        match builtin {
            Builtin::GetField => self.getfield(inst, args),
            Builtin::SetField
            | Builtin::SwapField
            | Builtin::ModifyField
            | Builtin::ReplaceField => self.setfield(inst, builtin, args),
            Builtin::Tuple => self.tuple(inst, args),
            Builtin::Egal | Builtin::Applicable => self.result(inst, Type::BOOL),
            Builtin::IsDefined => {
                ensure!(
                    stated == Type::BOTTOM || self.v.types.fits(Type::BOOL, stated),
                    "gives Bool, but is typed {}",
                    self.text(stated)
                );
                Ok(())
            }
            Builtin::IsA | Builtin::Subtype => {
                self.type_operand(args[1])?;
                if builtin == Builtin::Subtype {
                    self.type_operand(args[0])?;
                }
                self.result(inst, Type::BOOL)
            }
            Builtin::TypeOf | Builtin::FieldType | Builtin::ApplyType | Builtin::GetBindingType => {
                ensure!(
                    stated == Type::BOTTOM || self.v.types.may_be_type(stated),
                    "gives a type, but is typed {}",
                    self.text(stated)
                );
                Ok(())
            }
            Builtin::IfElse => {
                self.bool_operand(args[0], "the condition")?;
                self.value_of_type(args[1], stated, "the first choice")?;
                self.value_of_type(args[2], stated, "the second choice")
            }
            Builtin::SizeOf | Builtin::NFields => self.result_or_narrower(inst, Type::INT64),
            Builtin::ArrayRef | Builtin::ConstArrayRef => {
                self.bool_operand(args[0], "the bounds check marker")?;
                let elem = self.indexed(args[1], &args[2..])?;
                match elem {
                    Some(elem) => self.result_or_narrower(inst, elem),
                    None => Ok(()),
                }
            }
            Builtin::ArraySet => {
                self.bool_operand(args[0], "the bounds check marker")?;
                if let Some(elem) = self.indexed(args[1], &args[3..])? {
                    self.value_of_type(args[2], elem, "the stored value")?;
                }
                let array = self.ty(args[1]);
                self.result_or_narrower(inst, array)
            }
            Builtin::ArraySize => {
                self.indexed(args[0], &args[1..])?;
                self.result_or_narrower(inst, Type::INT64)
            }
            Builtin::TypeAssert => {
                self.type_operand(args[1])?;
                match args[1] {
                    Value::Type(t) => self.result_or_narrower(inst, t),
                    _ => Ok(()),
                }
            }
            Builtin::Svec => self.result(inst, Type::SIMPLE_VECTOR),
            Builtin::CompilerBarrier => {
                self.symbol(args[0], "the setting")?;
                self.value_of_type(args[1], stated, "the value")
            }
            Builtin::DoNotDelete | Builtin::Finalizer => self.result(inst, Type::NOTHING),
            Builtin::SetGlobal => Ok(()),
            Builtin::Box => {
                let ty = self.ty(args[0]);
                ensure!(
                    matches!(
                        self.v.types.class(ty),
                        TypeClass::Heap
                            | TypeClass::Array
                            | TypeClass::String
                            | TypeClass::Symbol
                            | TypeClass::Abstract
                    ),
                    "a value of type {} is no object",
                    self.value_type_text(args[0])
                );
                self.dynamic_result(inst)
            }
            Builtin::Unbox => {
                let ty = self.ty(args[0]);
                ensure!(
                    self.v.types.class(ty) == TypeClass::Abstract,
                    "a value of type {} is not dynamic",
                    self.value_type_text(args[0])
                );
                ensure!(
                    stated == Type::BOTTOM
                        || matches!(
                            self.v.types.class(stated),
                            TypeClass::Heap
                                | TypeClass::Array
                                | TypeClass::String
                                | TypeClass::Symbol
                                | TypeClass::Abstract
                        ),
                    "a dynamic value as {}, which is no object",
                    self.text(stated)
                );
                Ok(())
            }
            Builtin::CallDynamic => {
                self.int64_operand(args[0], "the call site")?;
                for &arg in &args[1..] {
                    let ty = self.ty(arg);
                    ensure!(
                        self.v.types.class(ty) == TypeClass::Abstract,
                        "an argument of type {} is not dynamic",
                        self.value_type_text(arg)
                    );
                }
                if stated == Type::BOTTOM {
                    return Ok(());
                }
                self.dynamic_result(inst)
            }
            Builtin::ApplyIterate
            | Builtin::GetGlobal
            | Builtin::Invoke
            | Builtin::Expr_
            | Builtin::TypeVar_
            | Builtin::Throw => Ok(()),
        }
    }

    fn dynamic_result(&mut self, inst: Inst) -> Check {
        let stated = self.func.insts[inst].ty;
        ensure!(
            self.v.types.class(stated) == TypeClass::Abstract,
            "gives a dynamic value, but is typed {}",
            self.text(stated)
        );
        Ok(())
    }

    fn type_operand(&mut self, value: Value) -> Check {
        if let Value::Type(_) = value {
            return Ok(());
        }
        let ty = self.ty(value);
        ensure!(
            self.v.types.may_be_type(ty),
            "an operand of type {} where a type is needed",
            self.text(ty)
        );
        Ok(())
    }

    fn select(&mut self, object: Type, field: Value) -> Result<Selected, String> {
        let of = self.ty(field);
        let symbol = match field {
            Value::Const(c) => match self.tables().const_data(c) {
                ConstData::Symbol(name) => Some(*name),
                _ => None,
            },
            _ => None,
        };
        ensure!(
            matches!(of, Type::INT64 | Type::SYMBOL)
                || matches!(
                    self.v.types.class(of),
                    TypeClass::Abstract | TypeClass::Union
                ),
            "a field is selected by a value of type {}",
            self.value_type_text(field)
        );
        let count = match self.v.types.class(object) {
            TypeClass::Primitive(_)
            | TypeClass::Pointer
            | TypeClass::String
            | TypeClass::Symbol
            | TypeClass::Array => Some(0),
            TypeClass::Singleton if self.tables().type_of_type(object).is_some() => None,
            TypeClass::Singleton => Some(0),
            _ => self.v.types.field_count(object),
        };
        let Some(count) = count else {
            return Ok(Selected::Unknown);
        };
        Ok(match (symbol, field) {
            (Some(name), _) => match self.tables().field_index(object, name) {
                Some(n) => Selected::Field(n),
                None => Selected::None(format!(
                    "{} has no field `{}`",
                    self.text(object),
                    cut(self.tables().names.str(name))
                )),
            },
            (None, Value::Imm { ty, bits }) if ty == Type::INT64 => {
                if bits >= 1 && bits <= count as u64 {
                    Selected::Field(bits as usize - 1)
                } else {
                    Selected::None(format!(
                        "{} has {count} field(s), not a field {}",
                        self.text(object),
                        bits as i64
                    ))
                }
            }
            _ if count == 0 => Selected::None(format!("{} has no fields", self.text(object))),
            _ => Selected::Any,
        })
    }

    fn getfield(&mut self, inst: Inst, args: &[Value]) -> Check {
        let object = self.ty(args[0]);
        let stated = self.func.insts[inst].ty;
        for &flag in &args[2..] {
            let ty = self.ty(flag);
            ensure!(
                matches!(ty, Type::BOOL | Type::SYMBOL),
                "a bounds check marker or memory order of type {}",
                self.value_type_text(flag)
            );
        }
        match self.select(object, args[1])? {
            // Inference has seen that it throws.
            _ if stated == Type::BOTTOM => Ok(()),
            Selected::Unknown => Ok(()),
            Selected::None(message) => Err(message),
            Selected::Field(n) => match self.v.types.field_type(object, n) {
                // The number of the field may have become known since the result was typed.
                Some(ty) if self.v.types.fits(ty, stated) => Ok(()),
                Some(ty) => self.result_or_narrower(inst, ty),
                None => Ok(()),
            },
            Selected::Any => {
                ensure!(
                    self.v.types.fields_fit(object, stated),
                    "not every field of {} is of type {}",
                    self.text(object),
                    self.text(stated)
                );
                Ok(())
            }
        }
    }

    fn setfield(&mut self, inst: Inst, builtin: Builtin, args: &[Value]) -> Check {
        let object = self.ty(args[0]);
        let stated = self.func.insts[inst].ty;
        let selected = match self.select(object, args[1])? {
            _ if stated == Type::BOTTOM => return Ok(()),
            Selected::Unknown => return Ok(()),
            Selected::None(message) => return Err(message),
            Selected::Any => None,
            Selected::Field(n) => Some(n),
        };
        let decl = match self.tables().decl(object) {
            Some(Decl::Struct(decl)) if decl.mutable => decl,
            _ => return Err(format!("{} is not mutable", self.text(object))),
        };
        let Some(field) = selected.map(|n| &decl.fields[n]) else {
            return Ok(());
        };
        ensure!(
            !field.is_const,
            "field `{}` is constant",
            cut(self.tables().names.str(field.name))
        );
        match builtin {
            Builtin::SetField => {
                self.value_of_type(args[2], field.ty, "the stored value")?;
                match args[2] {
                    Value::Type(_) => Ok(()),
                    value => {
                        let ty = self.ty(value);
                        self.result_or_narrower(inst, ty)
                    }
                }
            }
            Builtin::SwapField => {
                self.value_of_type(args[2], field.ty, "the stored value")?;
                self.result_or_narrower(inst, field.ty)
            }
            // Their results are pairs declared in Julia.
            _ => Ok(()),
        }
    }

    fn tuple(&mut self, inst: Inst, args: &[Value]) -> Check {
        let stated = self.func.insts[inst].ty;
        let tables = self.tables();
        if self.v.types.field_count(stated).is_none() || !tables.is_tuple(stated) {
            ensure!(
                matches!(
                    self.v.types.class(stated),
                    TypeClass::Abstract | TypeClass::Union
                ) && (stated == Type::ANY || stated > Type::METHOD_ERROR),
                "gives a tuple, but is typed {}",
                self.text(stated)
            );
            return Ok(());
        }
        let elems = tables.params(stated);
        ensure!(
            elems.len() == args.len(),
            "{} values for {}",
            args.len(),
            self.text(stated)
        );
        for (n, (&arg, elem)) in args.iter().zip(elems).enumerate() {
            if let TypeParam::Type(want) = *elem
                && !self.value_fits(arg, want)
            {
                return Err(format!(
                    "element {} is of type {}, but the tuple is typed {}",
                    n + 1,
                    self.value_type_text(arg),
                    self.text(stated)
                ));
            }
        }
        Ok(())
    }

    /// Checks an array operand and its indices; gives the element type if it is known.
    fn indexed(&mut self, array: Value, indices: &[Value]) -> Result<Option<Type>, String> {
        let ty = self.ty(array);
        for &index in indices {
            self.int64_operand(index, "an index")?;
        }
        if let Some((elem, _)) = self.tables().array_of(ty) {
            return Ok(Some(elem));
        }
        ensure!(
            matches!(
                self.v.types.class(ty),
                TypeClass::Abstract | TypeClass::Union
            ),
            "an operand is of type {}, not an array",
            self.value_type_text(array)
        );
        Ok(None)
    }
}
