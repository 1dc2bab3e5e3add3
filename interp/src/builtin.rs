//! The builtin functions of Core, fields and arrays apart.

use crate::interpreter::{Interpreter, Stage};
use crate::outcome::{Result, Stop, unsupported};
use crate::value::Value;
use jlift_ir::{Builtin, Function, Inst, Type, TypeClass, Value as Operand};

impl<'m> Interpreter<'m> {
    /// Evaluates a builtin whose statement is of type `ty`.
    pub(crate) fn builtin(&mut self, op: Builtin, args: &[Value], ty: Type) -> Result<Value> {
        let tables = &self.module.tables;
        match (op, args) {
            (Builtin::Tuple, []) => Ok(Value::Singleton(ty)),
            (Builtin::Tuple, _) => self.aggregate(ty, args.to_vec()),
            (Builtin::GetField, [object, field, flags @ ..]) => {
                self.get_field(object, field, flags, ty)
            }
            (Builtin::SetField, [object, field, value, ..]) => {
                self.set_field(object, field, value)?;
                Ok(value.clone())
            }
            (Builtin::SwapField, [object, field, value, ..]) => {
                let old = self.get_field(object, field, &[], ty)?;
                self.set_field(object, field, value)?;
                Ok(old)
            }
            (Builtin::IsDefined, [object, field, ..]) => self.is_field_defined(object, field),
            (Builtin::Egal, [a, b]) => self.egal(a, b),
            (Builtin::IsA, [value, Value::Type(of)]) => match self.is_a(value, *of) {
                Some(answer) => Ok(Value::bool(answer)),
                None if *value == Value::Undefined => Ok(Value::undefined(tables, Type::BOOL)),
                None => unsupported("`isa` that declarations do not decide"),
            },
            (Builtin::Subtype, [Value::Type(a), Value::Type(b)]) => {
                match tables.is_subtype(*a, *b) {
                    Some(answer) => Ok(Value::bool(answer)),
                    None => unsupported("`<:` that declarations do not decide"),
                }
            }
            (Builtin::Box, [object]) => self.boxed_object(object),
            // What stays dynamic is what it is.
            (Builtin::Unbox, [object]) if tables.class(ty) == TypeClass::Abstract => {
                Ok(object.clone())
            }
            (Builtin::Unbox, [object]) => Ok(match self.is_exactly(object, ty) {
                true => object.clone(),
                false => Value::undefined(tables, ty),
            }),
            (Builtin::CallDynamic, [site, args @ ..]) => self.call_site(site, args),
            (Builtin::TypeOf, [value]) => match self.type_of(value) {
                Some(ty) => Ok(Value::Type(ty)),
                None => Err(Stop::Undefined("the type of a value")),
            },
            (Builtin::TypeAssert, [value, Value::Type(of)]) => self.type_assert(value, *of),
            (Builtin::IfElse, [cond, a, b]) => match cond {
                Value::Bits { undefined: 0, .. } => {
                    let chosen = self.truth(cond, "a choice")?;
                    Ok(if chosen { a.clone() } else { b.clone() })
                }
                // Either, and both may be the same.
                _ if a == b => Ok(a.clone()),
                _ => Ok(Value::undefined(tables, ty)),
            },
            (Builtin::SizeOf, [value]) => self.size_of(value),
            (Builtin::NFields, [value]) => {
                let fields = value.ty().and_then(|ty| tables.field_types(ty));
                Ok(Value::int64(fields.map_or(0, |f| f.len() as i64)))
            }
            (Builtin::FieldType, [Value::Type(of), index, ..]) => {
                let index = self.number(index, "the number of a field")?;
                let types = tables.field_types(*of).unwrap_or_default();
                match types.get((index as usize).wrapping_sub(1)) {
                    Some(&ty) => Ok(Value::Type(ty)),
                    None => unsupported("`fieldtype` of a field that does not exist"),
                }
            }
            (Builtin::Throw, [exception]) => self.throw(exception),
            (Builtin::CompilerBarrier, [_, value]) => Ok(value.clone()),
            (Builtin::DoNotDelete | Builtin::Finalizer, _) => Ok(Value::NOTHING),
            (Builtin::ArrayRef | Builtin::ConstArrayRef, [checked, array, indices @ ..]) => {
                self.array_ref(checked, array, indices)
            }
            (Builtin::ArraySet, [checked, array, value, indices @ ..]) => {
                self.array_set(checked, array, value, indices)?;
                Ok(array.clone())
            }
            (Builtin::ArraySize, [array, dimension]) => {
                let dimension = self.number(dimension, "a dimension")?;
                self.array_size(array, dimension)
                    .map(|n| Value::int64(n as i64))
            }
            _ => unsupported(format!("`{}`", op.name())),
        }
    }

    fn size_of(&mut self, value: &Value) -> Result<Value> {
        let size = match *value {
            Value::Type(ty) => u64::from(self.object_layout(ty)?.size),
            Value::Object {
                ty: Type::STRING | Type::SYMBOL,
                address,
            } => self.text_length(address)?,
            Value::Object { ty, .. } => match self.module.tables.array_of(ty) {
                Some((elem, _)) => {
                    let stride = u64::from(self.layout(elem)?.stride());
                    let length = self.array_length(value)?;
                    self.number(&length, "a length")?.wrapping_mul(stride)
                }
                None => u64::from(self.object_layout(ty)?.size),
            },
            Value::Undefined | Value::Unset => return Err(Stop::Undefined("the size of a value")),
            _ => match value.ty() {
                Some(ty) => u64::from(self.layout(ty)?.size),
                None => return unsupported("the size of this"),
            },
        };
        Ok(Value::int64(size as i64))
    }

    fn type_assert(&mut self, value: &Value, of: Type) -> Result<Value> {
        match self.is_a(value, of) {
            Some(true) => Ok(value.clone()),
            Some(false) => {
                let found = self.type_of(value).unwrap_or(Type::ANY);
                let message = format!(
                    "TypeError: in typeassert, expected {}, got a value of type {}",
                    self.type_name(of),
                    self.type_name(found)
                );
                self.throw_text(Type::TYPE_ERROR, message.into_bytes())
            }
            None if *value == Value::Undefined => Ok(Value::Undefined),
            None => unsupported("a `typeassert` that declarations do not decide"),
        }
    }

    /// `call f(args…)`, which nobody resolved: what is certain about it, or the end of the program.
    /// Dynamic dispatch on values of abstract types goes here.
    pub(crate) fn dynamic_call(
        &mut self,
        func: &'m Function,
        inst: Inst,
        callee: Operand,
        args: &[Operand],
    ) -> Result<Option<Value>> {
        let module = self.module;
        let callee_type = module.value_type(func, callee).unwrap_or(Type::ANY);
        let name = module
            .tables
            .type_name(callee_type)
            .and_then(|n| n.strip_prefix("typeof(")?.strip_suffix(')'));
        let values = self.operands(args)?;
        let short = name.map(|n| n.rsplit('.').next().unwrap_or(n));
        match (short, &values[..]) {
            (Some("convert"), [Value::Type(to), value]) if self.is_a(value, *to) == Some(true) => {
                return Ok(Some(value.clone()));
            }
            (Some("identity"), [value]) => return Ok(Some(value.clone())),
            _ => {}
        }
        if let Some(builtin) = name.and_then(|n| Builtin::from_name(n.strip_prefix("Core.")?)) {
            let (least, most) = builtin.arity();
            if (least..=most).contains(&values.len()) {
                let ty = func.insts[inst].ty;
                return self.builtin(builtin, &values, ty).map(Some);
            }
        }
        let types: Option<Vec<Type>> = values.iter().map(Value::ty).collect();
        let mut found = module.functions.iter().filter(|(_, f)| {
            let same = |t: &Vec<Type>| {
                f.params.len() == t.len() && f.params.iter().zip(t).all(|(p, t)| p.ty == *t)
            };
            f.self_type == callee_type && !f.external && types.as_ref().is_some_and(same)
        });
        if let (Some((target, _)), None) = (found.next(), found.next()) {
            let callee = self.operand(callee)?;
            self.enter_function(target, callee, values)?;
            return Ok(None);
        }
        let written: Vec<String> = args
            .iter()
            .map(|&v| match v {
                Operand::Type(t) => format!("Type{{{}}}", self.type_text(t)),
                _ => self.type_text(module.value_type(func, v).unwrap_or(Type::ANY)),
            })
            .collect();
        let name = match name {
            Some(name) => name.to_string(),
            None => format!("a value of type {}", self.type_text(callee_type)),
        };
        let message = format!("unresolved call of {name}({})", written.join(", "));
        Err(Stop::Stopped(crate::outcome::Stopped::Aborted(message)))
    }

    /// Whether statements still check what they do.
    pub(crate) fn checks(&self) -> bool {
        self.options.stage == Stage::Typed
    }
}
