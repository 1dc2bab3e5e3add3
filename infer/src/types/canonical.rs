//! One form per type: unions sorted and without redundant members, as Julia builds them, and bound
//! variables named by their base and nesting, so that types that differ only in names or order are
//! the same index.

use super::MAX_HEIGHT;
use super::family::TypeFamilies;
use super::instantiate;
use super::{shape, subtype};
use jlift_ir::{Name, Tables, Type, TypeData, TypeParam};
use std::cmp::Ordering;

/// Unions of more members are not searched for redundant ones.
const MAX_SIMPLIFY: usize = 64;

/// The union of types as Julia builds it: members that another one includes are dropped, the rest
/// is sorted.
pub fn union(tables: &mut Tables, families: &mut TypeFamilies, members: &[Type]) -> Type {
    let flat = tables.union(members);
    let mut list = tables.members(flat);
    if list.len() < 2 {
        return flat;
    }
    if list.contains(&Type::ANY) {
        return Type::ANY;
    }
    if list.len() <= MAX_SIMPLIFY {
        let mut n = 0;
        while n < list.len() {
            let this = list[n];
            let redundant = families.cache.is_closed(tables, this)
                && (0..list.len()).any(|other| {
                    other != n
                        && families.cache.is_closed(tables, list[other])
                        && subtype::is_subtype(tables, families, this, list[other])
                });
            if redundant {
                list.remove(n);
            } else {
                n += 1;
            }
        }
    }
    sorted_union(tables, families, &list)
}

/// The union with its members sorted; only equal members are merged.
pub(crate) fn sorted_union(
    tables: &mut Tables,
    families: &mut TypeFamilies,
    members: &[Type],
) -> Type {
    let flat = tables.union(members);
    let mut list = tables.members(flat);
    if list.len() < 2 {
        return flat;
    }
    list.sort_by(|&a, &b| member_order(tables, families, a, b));
    tables.union(&list)
}

/// Julia's order of the members of a union: singletons, other plain bits, the rest, each by name;
/// types with variables around them come last.
fn member_order(tables: &mut Tables, families: &mut TypeFamilies, a: Type, b: Type) -> Ordering {
    let mut rank = |ty: Type| match tables.type_data(ty) {
        TypeData::Data { .. } => {
            if shape::is_singleton(tables, families, ty) {
                0
            } else if shape::is_bits(tables, families, ty) {
                1
            } else {
                2
            }
        }
        _ => 3,
    };
    let (rank_a, rank_b) = (rank(a), rank(b));
    rank_a.cmp(&rank_b).then_with(|| {
        let name = |ty| instantiate::nominal_name(tables, ty).map(|n| tables.names.str(n));
        match (name(a), name(b)) {
            (Some(a), Some(b)) => bare_name(a).cmp(&bare_name(b)),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        }
    })
}

/// What Julia compares of a name: without module; the type of the function `sin` is named `#sin`.
fn bare_name(name: &str) -> (bool, &str) {
    match name
        .strip_prefix("typeof(")
        .and_then(|f| f.strip_suffix(')'))
    {
        // `false` sorts first, as `#` does before letters.
        Some(function) => (false, split_module(function).1),
        None => (true, split_module(name).1),
    }
}

/// A qualified name as module and name; the module is empty for names of Core.
pub(crate) fn split_module(full: &str) -> (&str, &str) {
    let mut at = 0;
    loop {
        let rest = &full[at..];
        let word = rest
            .find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .unwrap_or(rest.len());
        // A module's name is followed by a dot and more; `..` itself may be the name.
        if word > 0 && rest[word..].starts_with('.') && rest.len() > word + 1 {
            at += word + 1;
        } else {
            return match at {
                0 => ("", full),
                _ => (&full[..at - 1], rest),
            };
        }
    }
}

/// The canonical form of a type. Free variables keep their names.
pub fn canonical(tables: &mut Tables, families: &mut TypeFamilies, ty: Type) -> Type {
    let facts = families.cache.facts(tables, ty);
    if !facts.may_normalise || facts.height > MAX_HEIGHT {
        return ty;
    }
    if let Some(&done) = families.cache.canonical.get(&ty) {
        return done;
    }
    let out = rebuild(tables, families, ty);
    families.cache.canonical.insert(ty, out);
    families.cache.canonical.insert(out, out);
    out
}

fn rebuild(tables: &mut Tables, families: &mut TypeFamilies, ty: Type) -> Type {
    let param = |tables: &mut Tables, families: &mut TypeFamilies, p: TypeParam| match p {
        TypeParam::Type(t) => TypeParam::Type(canonical(tables, families, t)),
        value => value,
    };
    match tables.type_data(ty) {
        TypeData::Bottom | TypeData::Var(_) => ty,
        TypeData::Data { name, .. } => {
            let mut params = tables.params(ty).to_vec();
            for p in &mut params {
                *p = param(tables, families, *p);
            }
            tables.data_type(name, &params)
        }
        TypeData::Union(_) => {
            let mut members = tables.members(ty);
            for m in &mut members {
                *m = canonical(tables, families, *m);
            }
            union(tables, families, &members)
        }
        TypeData::Vararg { elem, count } => {
            let elem = canonical(tables, families, elem);
            let count = count.map(|c| param(tables, families, c));
            tables.vararg(elem, count)
        }
        TypeData::UnionAll {
            var,
            lower,
            upper,
            body,
        } => {
            let lower = canonical(tables, families, lower);
            let upper = canonical(tables, families, upper);
            let body = canonical(tables, families, body);
            if !families.cache.has_free(tables, body, var) {
                return body;
            }
            let name = canonical_var(tables, families, var, body);
            let body = if name == var {
                body
            } else {
                let to = TypeParam::Type(tables.type_var(name));
                instantiate::substitute(tables, families, body, &[(var, to)])
            };
            tables.union_all(name, lower, upper, body)
        }
    }
}

/// The name of a variable in canonical form: what was written, and how many binders are inside.
fn canonical_var(tables: &mut Tables, families: &mut TypeFamilies, var: Name, body: Type) -> Name {
    let inside = families.cache.facts(tables, body).binders;
    let base = shape::var_base(tables.names.str(var)).to_string();
    let name = tables.names.intern(&format!("{base}#'{inside}"));
    if name != var && families.cache.has_free(tables, body, name) {
        // Variables of outer binders have names of more binders, except where bounds interfere.
        return instantiate::rename_apart(tables, families, var, &[body]);
    }
    name
}
