//! `===` and `isa`.

use crate::interpreter::Interpreter;
use crate::outcome::{Result, unsupported};
use crate::value::Value;
use jlift_ir::decl::Decl;
use jlift_ir::{Type, TypeClass};

/// What a comparison comes to where parts may be undefined.
#[derive(Copy, Clone, PartialEq)]
enum Same {
    Yes,
    No,
    Unknown,
}

impl Same {
    fn and(self, other: Same) -> Same {
        match (self, other) {
            (Same::No, _) | (_, Same::No) => Same::No,
            (Same::Yes, Same::Yes) => Same::Yes,
            _ => Same::Unknown,
        }
    }

    fn of(answer: bool) -> Same {
        if answer { Same::Yes } else { Same::No }
    }
}

/// Objects inside of objects that are compared by what they hold.
const MAX_DEPTH: u32 = 100;

impl Interpreter<'_> {
    /// `===`: the same type and the same content; of what can change, the same object.
    pub(crate) fn egal(&mut self, a: &Value, b: &Value) -> Result<Value> {
        Ok(match self.compare(a, b, MAX_DEPTH)? {
            Same::Yes => Value::bool(true),
            Same::No => Value::bool(false),
            Same::Unknown => Value::undefined(&self.module.tables, Type::BOOL),
        })
    }

    fn compare(&mut self, a: &Value, b: &Value, depth: u32) -> Result<Same> {
        let Some(depth) = depth.checked_sub(1) else {
            return unsupported("a comparison of deeply nested values");
        };
        let (a, b) = (&self.content(a)?, &self.content(b)?);
        Ok(match (a, b) {
            (Value::Undefined, _) | (_, Value::Undefined) => Same::Unknown,
            (
                Value::Bits {
                    ty: s,
                    bits: x,
                    undefined: u,
                },
                Value::Bits {
                    ty: t,
                    bits: y,
                    undefined: v,
                },
            ) => match s == t {
                false => Same::No,
                true if (x ^ y) & !(u | v) != 0 => Same::No,
                true if u | v != 0 => Same::Unknown,
                true => Same::Yes,
            },
            (Value::Aggregate(s, x), Value::Aggregate(t, y)) => {
                if s != t || x.len() != y.len() {
                    return Ok(Same::No);
                }
                let mut all = Same::Yes;
                for (x, y) in x.iter().zip(y.iter()) {
                    all = all.and(self.compare(x, y, depth)?);
                }
                all
            }
            (&Value::Object { ty: s, address: x }, &Value::Object { ty: t, address: y }) => {
                if s != t || x == y {
                    return Ok(Same::of(s == t && x == y));
                }
                if matches!(s, Type::STRING | Type::SYMBOL) {
                    return Ok(match (self.text_bytes(x)?, self.text_bytes(y)?) {
                        (Some(x), Some(y)) => Same::of(x == y),
                        _ => Same::Unknown,
                    });
                }
                let can_change = match self.module.tables.decl(s) {
                    Some(Decl::Struct(decl)) => decl.mutable,
                    _ => true,
                };
                if can_change {
                    return Ok(Same::No);
                }
                let mut all = Same::Yes;
                for index in 0..self.object_layout(s)?.fields.len() {
                    let (x, y) = (self.heap_field(s, x, index)?, self.heap_field(s, y, index)?);
                    all = all.and(self.compare(&x, &y, depth)?);
                }
                all
            }
            _ => Same::of(a == b),
        })
    }

    /// Whether a value is of a type; `None` where declarations do not tell, or it is undefined.
    pub(crate) fn is_a(&self, value: &Value, of: Type) -> Option<bool> {
        let tables = &self.module.tables;
        if of == Type::ANY {
            return Some(true);
        }
        match *value {
            Value::Type(ty) => match tables.type_of_type(of) {
                Some(wanted) => Some(wanted == ty),
                None => match tables.class(of) {
                    TypeClass::Union => {
                        let members = tables.members(of);
                        let answers: Option<Vec<bool>> =
                            members.iter().map(|&m| self.is_a(value, m)).collect();
                        Some(answers?.contains(&true))
                    }
                    _ if of == Type::DATA_TYPE => Some(tables.type_name(ty).is_some()),
                    _ if tables.type_name(of) == Some("Type") => Some(true),
                    TypeClass::Abstract => None,
                    _ => Some(false),
                },
            },
            // A record may name a type that the module does not know.
            Value::Exception(Type::ANY) if of == Type::EXCEPTION => Some(true),
            Value::Exception(Type::ANY) => Some(false),
            Value::Exception(_) if of == Type::EXCEPTION => Some(true),
            _ => tables.is_subtype(self.type_of(value)?, of),
        }
    }
}
