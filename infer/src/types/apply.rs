//! `head{args...}`: parameters given to a parametric type, with the checks and the messages of
//! Julia.

use super::family::TypeFamilies;
use super::{MAX_HEIGHT, MAX_TUPLE, canonical, instantiate, print, shape, subtype};
use jlift_ir::{Name, Tables, Type, TypeData, TypeParam};
use std::fmt;

/// Why parameters cannot be applied.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TypeError {
    /// A parameter is not within its bounds, or a value where a type belongs. The message of
    /// Julia's `TypeError`.
    Expected(String),
    /// More parameters than the type has.
    TooMany(String),
    /// `Vararg{T, -1}`.
    NegativeCount(i64),
    /// A tuple that would be too long to write out.
    TooLong(u64),
    /// Names and types of a `NamedTuple` that do not go together.
    Fields(String),
    /// The type would be nested too deeply.
    TooDeep,
}

impl fmt::Display for TypeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TypeError::Expected(text) => write!(f, "TypeError: {text}"),
            TypeError::TooMany(name) => write!(f, "too many parameters for type {name}"),
            TypeError::NegativeCount(n) => {
                write!(f, "ArgumentError: Vararg length is negative: {n}")
            }
            TypeError::TooLong(n) => write!(f, "a tuple type of {n} elements is too long"),
            TypeError::Fields(text) => f.write_str(text),
            TypeError::TooDeep => write!(f, "the type is nested too deeply"),
        }
    }
}

impl std::error::Error for TypeError {}

/// The type `head{args...}`.
///
/// # Errors
/// What Julia would throw, and types that are too large for this compiler.
pub fn apply_type(
    tables: &mut Tables,
    families: &mut TypeFamilies,
    head: Type,
    args: &[TypeParam],
) -> Result<Type, TypeError> {
    for arg in args {
        if let TypeParam::Type(t) = arg
            && families.cache.facts(tables, *t).height > MAX_HEIGHT
        {
            return Err(TypeError::TooDeep);
        }
    }
    let ty = apply(tables, families, head, args)?;
    if families.cache.facts(tables, ty).height > MAX_HEIGHT {
        return Err(TypeError::TooDeep);
    }
    Ok(canonical::canonical(tables, families, ty))
}

fn apply(
    tables: &mut Tables,
    families: &mut TypeFamilies,
    head: Type,
    args: &[TypeParam],
) -> Result<Type, TypeError> {
    let names = families.names(tables);
    if let TypeData::Data { name, .. } = tables.type_data(head) {
        if name == names.tuple && head == families.whole_type(tables, name) {
            return apply_tuple(tables, families, args);
        }
        if tables.params(head).is_empty() {
            if name == names.union {
                let members = types_of(tables, families, "Union", args)?;
                return Ok(canonical::union(tables, families, &members));
            }
            if name == names.vararg {
                return apply_vararg(tables, families, args);
            }
        }
    }
    let name = instantiate::nominal_name(tables, head);
    let short = name.map_or_else(String::new, |n| short_name(tables, n));
    let mut at = head;
    let mut map: Vec<(Name, TypeParam)> = Vec::with_capacity(args.len());
    for &arg in args {
        let TypeData::UnionAll {
            var,
            lower,
            upper,
            body,
        } = tables.type_data(at)
        else {
            if at == head {
                let got = describe(tables, families, TypeParam::Type(head));
                return Err(TypeError::Expected(format!(
                    "in Type{{...}} expression, expected UnionAll, got {got}"
                )));
            }
            return Err(TypeError::TooMany(short));
        };
        let lower = instantiate::substitute(tables, families, lower, &map);
        let upper = instantiate::substitute(tables, families, upper, &map);
        check_bounds(tables, families, (&short, var), (lower, upper), arg)?;
        map.push((var, arg));
        at = body;
    }
    // Binders that stay are around the body, not around the parameters that were given.
    let mut out = instantiate::substitute(tables, families, at, &map);
    if name == Some(names.named_tuple) {
        check_named_tuple(tables, tables.params(out))?;
    }
    if let Some(TypeParam::Value(_)) = tables.params(out).first()
        && tables.type_of_type(out).is_some()
    {
        out = Type::BOTTOM;
    }
    Ok(out)
}

/// Names of a `NamedTuple` differ, and there are as many types.
fn check_named_tuple(tables: &Tables, args: &[TypeParam]) -> Result<(), TypeError> {
    let Some(&TypeParam::Value(value)) = args.first() else {
        return Ok(());
    };
    let Some(fields) = shape::symbols(tables, value) else {
        return Ok(());
    };
    for (n, name) in fields.iter().enumerate() {
        if fields[..n].contains(name) {
            return Err(TypeError::Fields(format!(
                "duplicate field name in NamedTuple: \"{}\" is not unique",
                tables.names.str(*name)
            )));
        }
    }
    if let Some(&TypeParam::Type(types)) = args.get(1)
        && let Some(elems) = tables.tuple_elems(types)
        && elems.len() != fields.len()
    {
        return Err(TypeError::Fields(
            "NamedTuple names and field types must have matching lengths".into(),
        ));
    }
    Ok(())
}

/// Checks what can be checked: bounds with free variables are left to when those are known.
fn check_bounds(
    tables: &mut Tables,
    families: &mut TypeFamilies,
    (head, var): (&str, Name),
    (lower, upper): (Type, Type),
    arg: TypeParam,
) -> Result<(), TypeError> {
    let fits = match arg {
        TypeParam::Value(_) => upper == Type::ANY && lower == Type::BOTTOM,
        TypeParam::Type(t) => {
            let closed = [t, lower, upper]
                .iter()
                .all(|&t| families.cache.is_closed(tables, t));
            // A free variable has bounds of its own, which its binder checks.
            !closed
                || (subtype::is_subtype(tables, families, t, upper)
                    && subtype::is_subtype(tables, families, lower, t))
        }
    };
    if fits {
        return Ok(());
    }
    let var = shape::var_base(tables.names.str(var)).to_string();
    let mut expected = String::new();
    if lower != Type::BOTTOM {
        expected += &print::type_text(tables, families, lower);
        expected += "<:";
    }
    expected += &var;
    if upper != Type::ANY {
        expected += "<:";
        expected += &print::type_text(tables, families, upper);
    }
    let got = describe(tables, families, arg);
    Err(TypeError::Expected(format!(
        "in {head}, in {var}, expected {expected}, got {got}"
    )))
}

/// A parameter as the messages of type errors show it.
fn describe(tables: &mut Tables, families: &mut TypeFamilies, param: TypeParam) -> String {
    match param {
        TypeParam::Type(t) => format!("Type{{{}}}", print::type_text(tables, families, t)),
        TypeParam::Value(v) => match print::value_type(tables, v) {
            Some(ty) => format!("a value of type {}", print::type_text(tables, families, ty)),
            None => "a value".to_string(),
        },
    }
}

fn types_of(
    tables: &mut Tables,
    families: &mut TypeFamilies,
    head: &str,
    args: &[TypeParam],
) -> Result<Vec<Type>, TypeError> {
    let mut out = Vec::with_capacity(args.len());
    for &arg in args {
        match arg {
            TypeParam::Type(t) => out.push(t),
            TypeParam::Value(_) => {
                let got = describe(tables, families, arg);
                return Err(TypeError::Expected(format!(
                    "in {head}, in parameter, expected Type, got {got}"
                )));
            }
        }
    }
    Ok(out)
}

fn apply_tuple(
    tables: &mut Tables,
    families: &mut TypeFamilies,
    args: &[TypeParam],
) -> Result<Type, TypeError> {
    let names = families.names(tables);
    let mut elems = types_of(tables, families, "Tuple", args)?;
    // A bare `Vararg` at the end is `Vararg{Any}`.
    if let Some(last) = elems.last_mut()
        && matches!(tables.type_data(*last), TypeData::Data { name, .. } if name == names.vararg)
    {
        *last = tables.vararg(Type::ANY, None);
    }
    if let Some((_, init)) = elems.split_last()
        && init
            .iter()
            .any(|&t| matches!(tables.type_data(t), TypeData::Vararg { .. }))
    {
        return Err(TypeError::Expected(
            "in Tuple, in parameter, expected Type, got Vararg".to_string(),
        ));
    }
    if let Some(&last) = elems.last()
        && let TypeData::Vararg {
            count: Some(TypeParam::Value(count)),
            ..
        } = tables.type_data(last)
    {
        check_count(shape::int_value(count).unwrap_or(0))?;
    }
    let params: Vec<TypeParam> = elems.into_iter().map(TypeParam::Type).collect();
    Ok(instantiate::tuple_of(tables, families, &params))
}

fn apply_vararg(
    tables: &mut Tables,
    families: &mut TypeFamilies,
    args: &[TypeParam],
) -> Result<Type, TypeError> {
    let (elem, count) = match *args {
        [] => (TypeParam::Type(Type::ANY), None),
        [elem] => (elem, None),
        [elem, count] => (elem, Some(count)),
        _ => return Err(TypeError::TooMany("Vararg".to_string())),
    };
    let elem = types_of(tables, families, "Vararg", &[elem])?;
    if let Some(TypeParam::Value(v)) = count {
        match shape::int_value(v) {
            Some(n) => check_count(n)?,
            None => {
                let got = describe(tables, families, TypeParam::Value(v));
                return Err(TypeError::Expected(format!(
                    "in Vararg, in count, expected Int64, got {got}"
                )));
            }
        }
    }
    let elem = elem.first().copied().unwrap_or(Type::ANY);
    Ok(tables.vararg(elem, count))
}

fn check_count(n: i64) -> Result<(), TypeError> {
    match u64::try_from(n) {
        Err(_) => Err(TypeError::NegativeCount(n)),
        Ok(n) if n > MAX_TUPLE => Err(TypeError::TooLong(n)),
        Ok(_) => Ok(()),
    }
}

fn short_name(tables: &Tables, name: Name) -> String {
    canonical::split_module(tables.names.str(name))
        .1
        .to_string()
}
