//! What a type looks like, as far as one type alone tells: concrete or not, plain bits or not, the
//! parts of tuples and named tuples, the kind of a type as a value.

use super::family::{FamilyKind, TypeFamilies};
use super::instantiate;
use jlift_ir::{ConstData, Name, Tables, Type, TypeData, TypeParam, Value};

/// Fields nest this deep at most before a struct counts as not plain bits.
const MAX_FIELD_DEPTH: u32 = 60;

/// The end of a tuple type.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Tail {
    /// No `Vararg`.
    None,
    /// `Vararg{elem}`.
    Any(Type),
    /// `Vararg{elem, count}`, the count a variable or an integer that was not written out.
    Count(Type, TypeParam),
}

/// The end of a tuple type.
pub fn tuple_tail(tables: &Tables, ty: Type) -> Tail {
    let Some(TypeParam::Type(last)) = tables.params(ty).last() else {
        return Tail::None;
    };
    match tables.type_data(*last) {
        TypeData::Vararg { elem, count: None } => Tail::Any(elem),
        TypeData::Vararg {
            elem,
            count: Some(count),
        } => Tail::Count(elem, count),
        _ => Tail::None,
    }
}

/// A variable's name as written: names made unique have a `#` behind it, `<:T` alone has none.
pub fn var_base(name: &str) -> &str {
    name.split('#').next().unwrap_or(name)
}

/// The integer that a value is, where it is an `Int64`.
pub fn int_value(value: Value) -> Option<i64> {
    match value {
        Value::Imm {
            ty: Type::INT64,
            bits,
        } => Some(bits as i64),
        _ => None,
    }
}

/// The symbols of a constant tuple of symbols.
pub fn symbols(tables: &Tables, value: Value) -> Option<Vec<Name>> {
    match value {
        Value::Instance(ty) => (tables.is_tuple(ty) && tables.params(ty).is_empty()).then(Vec::new),
        Value::Const(c) => match tables.const_data(c) {
            ConstData::Aggregate { ty, fields } if tables.is_tuple(*ty) => fields
                .iter()
                .map(|&f| match f {
                    Value::Const(c) => match tables.const_data(c) {
                        ConstData::Symbol(name) => Some(*name),
                        _ => None,
                    },
                    _ => None,
                })
                .collect(),
            _ => None,
        },
        _ => None,
    }
}

/// Names and types of the fields of `NamedTuple{names, T}` where both are fixed.
pub fn named_tuple(tables: &Tables, ty: Type) -> Option<(Vec<Name>, Vec<Type>)> {
    if !tables.is_named_tuple(ty) {
        return None;
    }
    let [TypeParam::Value(names), TypeParam::Type(types)] = tables.params(ty) else {
        return None;
    };
    let names = symbols(tables, *names)?;
    let types = tables.tuple_elems(*types)?;
    (names.len() == types.len()).then_some((names, types))
}

/// The type of a type as a value: `DataType`, `Union`, `UnionAll` or `Core.TypeofBottom`.
pub fn kind_of_type(tables: &mut Tables, families: &mut TypeFamilies, ty: Type) -> Type {
    let names = families.names(tables);
    match tables.type_data(ty) {
        TypeData::Bottom => Type::TYPE_OF_BOTTOM,
        TypeData::Union(_) => tables.data_type(names.union, &[]),
        TypeData::UnionAll { .. } => tables.data_type(names.union_all, &[]),
        _ => Type::DATA_TYPE,
    }
}

/// The type that `typeof` says of the values of a type which may be narrower than any that it says:
/// where types are values, alone or in a tuple, their types are `DataType` or so.
pub fn type_of_values(tables: &mut Tables, families: &mut TypeFamilies, ty: Type) -> Type {
    if let Some(of) = tables.type_of_type(ty) {
        return match families.cache.is_closed(tables, of) {
            true => kind_of_type(tables, families, of),
            false => ty,
        };
    }
    let Some(mut elems) = tables.tuple_elems(ty) else {
        return ty;
    };
    for elem in &mut elems {
        *elem = type_of_values(tables, families, *elem);
    }
    tables.tuple(&elems)
}

/// Whether a type is `DataType`, `Union`, `UnionAll` or `Core.TypeofBottom`.
pub fn is_kind(tables: &mut Tables, families: &mut TypeFamilies, ty: Type) -> bool {
    if ty == Type::DATA_TYPE || ty == Type::TYPE_OF_BOTTOM {
        return true;
    }
    let names = families.names(tables);
    matches!(tables.type_data(ty), TypeData::Data { name, .. }
        if (name == names.union || name == names.union_all) && tables.params(ty).is_empty())
}

/// Whether a type has direct instances, as `isconcretetype` says; `Type{T}` has not.
pub fn is_concrete(tables: &mut Tables, families: &mut TypeFamilies, ty: Type) -> bool {
    if let Some(&known) = families.cache.concrete.get(&ty) {
        return known;
    }
    let answer = concrete(tables, families, ty);
    families.cache.concrete.insert(ty, answer);
    answer
}

fn concrete(tables: &mut Tables, families: &mut TypeFamilies, ty: Type) -> bool {
    let TypeData::Data { name, .. } = tables.type_data(ty) else {
        return false;
    };
    let facts = families.cache.facts(tables, ty);
    if facts.free.is_some() || facts.height > super::MAX_HEIGHT {
        return false;
    }
    let names = families.names(tables);
    if name == names.tuple {
        return match tables.tuple_elems(ty) {
            Some(elems) => elems.into_iter().all(|t| is_concrete(tables, families, t)),
            None => false,
        };
    }
    if name == names.named_tuple {
        return match tables.params(ty) {
            // Its fields may be of any types, as those of structs may; types as values are of a kind.
            &[TypeParam::Value(_), TypeParam::Type(t)] => match tables.tuple_elems(t) {
                Some(elems) => elems.into_iter().all(|t| tables.type_of_type(t).is_none()),
                None => false,
            },
            _ => false,
        };
    }
    match families.consult(name) {
        Some(family) => {
            family.kind != FamilyKind::Abstract && tables.params(ty).len() == family.params.len()
        }
        // Types that typed IR declares, and functions.
        None => tables.decl(ty).is_some() || tables.names.str(name).starts_with("typeof("),
    }
}

/// Whether values of the type are plain bits, as `isbitstype` says.
pub fn is_bits(tables: &mut Tables, families: &mut TypeFamilies, ty: Type) -> bool {
    bits(tables, families, ty, 0)
}

fn bits(tables: &mut Tables, families: &mut TypeFamilies, ty: Type, depth: u32) -> bool {
    if let Some(&known) = families.cache.bits.get(&ty) {
        return known;
    }
    if depth > MAX_FIELD_DEPTH || !is_concrete(tables, families, ty) {
        return false;
    }
    // A struct that is met again behind its own fields is not stored inline.
    families.cache.bits.insert(ty, false);
    let kind = instantiate::nominal_name(tables, ty)
        .and_then(|name| families.consult(name))
        .map(|family| family.kind.clone());
    let answer = match kind {
        Some(FamilyKind::Primitive { .. }) => true,
        Some(FamilyKind::Struct { mutable: true, .. } | FamilyKind::Abstract) => false,
        Some(FamilyKind::Struct { .. } | FamilyKind::Builtin) => {
            match instantiate::field_types(tables, families, ty) {
                Some(fields) => fields
                    .into_iter()
                    .all(|t| bits_field(tables, families, t, depth + 1)),
                None => false,
            }
        }
        None => tables.is_bits(ty),
    };
    families.cache.bits.insert(ty, answer);
    answer
}

/// Unions of plain bits are stored inline too, but a struct with one is not `isbits`.
fn bits_field(tables: &mut Tables, families: &mut TypeFamilies, ty: Type, depth: u32) -> bool {
    matches!(tables.type_data(ty), TypeData::Data { .. }) && bits(tables, families, ty, depth)
}

/// Whether the type has exactly one value, which its type determines.
pub fn is_singleton(tables: &mut Tables, families: &mut TypeFamilies, ty: Type) -> bool {
    if !is_concrete(tables, families, ty) {
        return false;
    }
    if tables.is_tuple(ty) {
        return tables.params(ty).is_empty();
    }
    let Some(name) = instantiate::nominal_name(tables, ty) else {
        return false;
    };
    match families.consult(name).map(|f| f.kind.clone()) {
        Some(FamilyKind::Struct {
            mutable, fields, ..
        }) => !mutable && fields.is_empty(),
        Some(FamilyKind::Builtin) => {
            shape_of_named(tables, ty).is_some_and(|fields| fields.is_empty())
        }
        Some(_) => false,
        None => tables.names.str(name).starts_with("typeof("),
    }
}

fn shape_of_named(tables: &Tables, ty: Type) -> Option<Vec<Type>> {
    named_tuple(tables, ty).map(|(_, types)| types)
}

/// Whether a bound is what a variable of the diagonal rule may stand for: a concrete type, a type
/// `Type{T}` or a value.
pub(crate) fn is_leaf_bound(
    tables: &mut Tables,
    families: &mut TypeFamilies,
    bound: TypeParam,
) -> bool {
    match bound {
        TypeParam::Value(_) => true,
        TypeParam::Type(t) => {
            t == Type::BOTTOM
                || is_concrete(tables, families, t)
                || tables.type_of_type(t).is_some()
        }
    }
}
