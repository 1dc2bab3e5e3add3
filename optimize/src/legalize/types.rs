//! Questions about types that several concerns of legalization ask. Knows nothing of statements.

use jlift_ir::{ConstData, Tables, Type, TypeClass, Value};

/// Whether every value of a type is, or no value of it is, a value of `of`; `None` if some may be.
pub fn isa(tables: &Tables, ty: Type, of: Type) -> Option<bool> {
    let mut answer = None;
    for member in tables.members(ty) {
        let this = tables.is_subtype(member, of)?;
        // That an abstract type is no subtype does not keep its values from being some.
        if !this && tables.class(member) == TypeClass::Abstract {
            return None;
        }
        if answer.is_some_and(|a| a != this) {
            return None;
        }
        answer = Some(this);
    }
    answer
}

/// The 0-based index of a field named by a constant, and its type.
pub fn field_value_type(tables: &Tables, object: Type, field: Value) -> Option<(usize, Type)> {
    let index = match field {
        Value::Imm {
            ty: Type::INT64,
            bits,
        } => usize::try_from((bits as i64).checked_sub(1)?).ok()?,
        Value::Const(c) => match tables.const_data(c) {
            ConstData::Symbol(name) => tables.field_index(object, *name)?,
            _ => return None,
        },
        _ => return None,
    };
    let ty = tables.field_type(object, index)?;
    Some((index, ty))
}

/// Whether the values of a type have no representation that is known at compile time.
pub fn is_abstract(tables: &Tables, ty: Type) -> bool {
    match tables.class(ty) {
        TypeClass::Abstract => true,
        TypeClass::Union => tables.members(ty).iter().any(|&m| is_abstract(tables, m)),
        _ => false,
    }
}
