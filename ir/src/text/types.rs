//! Types as text. Knows the grammar of types and nothing of statements.

use super::cursor::{Cursor, LineResult, is_ident_char};
use crate::names::Name;
use crate::tables::Tables;
use crate::types::{Type, TypeData, TypeParam};

/// Members of a union; larger ones would make comparisons slow and occur in no program.
const MAX_UNION: usize = 256;

/// Parses a type.
pub(super) fn parse_type(c: &mut Cursor, tables: &mut Tables) -> LineResult<Type> {
    c.nested(|c| parse_type_inner(c, tables))
}

fn parse_type_inner(c: &mut Cursor, tables: &mut Tables) -> LineResult<Type> {
    if c.eat("(") {
        return parse_where(c, tables);
    }
    if c.eat("Union{") {
        let mut members = Vec::new();
        let mut count = 0;
        while !c.eat("}") {
            if !members.is_empty() {
                c.expect(", ")?;
            }
            let member = parse_type(c, tables)?;
            // A member may be a union itself.
            count += match tables.type_data(member) {
                TypeData::Union(_) => tables.params(member).len(),
                _ => 1,
            };
            if count > MAX_UNION {
                return c.error(format!("a union of more than {MAX_UNION} types"));
            }
            members.push(member);
        }
        return Ok(tables.union(&members));
    }
    if c.eat("Vararg{") {
        let elem = parse_type(c, tables)?;
        let count = if c.eat(", ") {
            Some(parse_param(c, tables)?)
        } else {
            None
        };
        c.expect("}")?;
        return Ok(tables.vararg(elem, count));
    }
    let name = if c.rest().starts_with("typeof(") {
        let start = c.pos;
        let Some(end) = c.rest().find(')') else {
            return c.error("unterminated `typeof(`");
        };
        c.pos += end + 1;
        &c.line[start..c.pos]
    } else {
        c.qualified_name()?
    };
    let name = tables.names.intern(name);
    let params = parse_params(c, tables)?;
    Ok(tables.data_type(name, &params))
}

fn parse_params(c: &mut Cursor, tables: &mut Tables) -> LineResult<Vec<TypeParam>> {
    let mut params = Vec::new();
    if c.eat("{") {
        while !c.eat("}") {
            if !params.is_empty() {
                c.expect(", ")?;
            }
            params.push(parse_param(c, tables)?);
        }
    }
    Ok(params)
}

fn parse_param(c: &mut Cursor, tables: &mut Tables) -> LineResult<TypeParam> {
    c.nested(|c| {
        let rest = c.rest();
        let is_value = match rest.chars().next() {
            Some(':' | '"' | '-' | '0'..='9') => true,
            Some('(') => !is_where(rest),
            _ => {
                [
                    "true",
                    "false",
                    "nothing",
                    "sym ",
                    "bits ",
                    "instance ",
                    "new ",
                    "module ",
                ]
                .iter()
                .any(|word| {
                    rest.strip_prefix(word).is_some_and(|after| {
                        word.ends_with(' ') || !after.chars().next().is_some_and(is_ident_char)
                    })
                }) || is_literal(rest)
            }
        };
        if is_value {
            let value = super::values::parse_constant(c, tables)?;
            Ok(TypeParam::Value(value))
        } else {
            Ok(TypeParam::Type(parse_type(c, tables)?))
        }
    })
}

/// `UInt8(7)`: a name directly followed by an argument list, except `typeof(`.
fn is_literal(rest: &str) -> bool {
    let len = rest.find(|ch| !is_ident_char(ch)).unwrap_or(rest.len());
    len > 0 && rest[len..].starts_with('(') && &rest[..len] != "typeof"
}

/// Whether the parenthesis at the start of `rest` holds a `where` at its own level.
fn is_where(rest: &str) -> bool {
    let mut depth = 0u32;
    let mut in_string = false;
    let bytes = rest.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        match bytes[i] {
            b'\\' if in_string => i += 1,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'(' | b'{' => depth += 1,
            b')' | b'}' => {
                depth -= 1;
                if depth == 0 {
                    return false;
                }
            }
            b' ' if depth == 1 && rest[i..].starts_with(" where ") => return true,
            _ => {}
        }
        i += 1;
    }
    false
}

fn parse_where(c: &mut Cursor, tables: &mut Tables) -> LineResult<Type> {
    let body = parse_type(c, tables)?;
    c.expect(" where ")?;
    // `lower<:var<:upper`, `var<:upper` or `var`.
    let first = parse_type(c, tables)?;
    let (lower, var, upper) = if c.eat("<:") {
        let second = parse_type(c, tables)?;
        if c.eat("<:") {
            (first, second, parse_type(c, tables)?)
        } else if is_plain_name(tables, first) {
            (Type::BOTTOM, first, second)
        } else {
            (first, second, Type::ANY)
        }
    } else {
        (Type::BOTTOM, first, Type::ANY)
    };
    c.expect(")")?;
    let TypeData::Data { name, .. } = tables.type_data(var) else {
        return c.error("expected a type variable after `where`");
    };
    let body = bind(tables, body, name);
    Ok(tables.union_all(name, lower, upper, body))
}

/// An unqualified name without parameters that is not a builtin type.
fn is_plain_name(tables: &Tables, ty: Type) -> bool {
    matches!(tables.type_data(ty), TypeData::Data { name, params } if params.len == 0
        && !tables.names.str(name).contains('.'))
        && ty > Type::METHOD_ERROR
}

/// Replaces the nominal type `name` by the type variable `name`.
fn bind(tables: &mut Tables, ty: Type, name: Name) -> Type {
    match tables.type_data(ty) {
        TypeData::Data { name: n, params } if n == name && params.len == 0 => tables.type_var(name),
        TypeData::Data { name: n, .. } => {
            let params = bind_params(tables, ty, name);
            tables.data_type(n, &params)
        }
        TypeData::Union(_) => {
            let members: Vec<Type> = tables
                .members(ty)
                .into_iter()
                .map(|m| bind(tables, m, name))
                .collect();
            tables.union(&members)
        }
        TypeData::UnionAll {
            var,
            lower,
            upper,
            body,
        } => {
            let lower = bind(tables, lower, name);
            let upper = bind(tables, upper, name);
            let body = if var == name {
                body
            } else {
                bind(tables, body, name)
            };
            tables.union_all(var, lower, upper, body)
        }
        TypeData::Vararg { elem, count } => {
            let elem = bind(tables, elem, name);
            let count = count.map(|p| bind_param(tables, p, name));
            tables.vararg(elem, count)
        }
        TypeData::Bottom | TypeData::Var(_) => ty,
    }
}

fn bind_params(tables: &mut Tables, ty: Type, name: Name) -> Vec<TypeParam> {
    let params = tables.params(ty).to_vec();
    params
        .into_iter()
        .map(|p| bind_param(tables, p, name))
        .collect()
}

fn bind_param(tables: &mut Tables, param: TypeParam, name: Name) -> TypeParam {
    match param {
        TypeParam::Type(t) => TypeParam::Type(bind(tables, t, name)),
        value => value,
    }
}
