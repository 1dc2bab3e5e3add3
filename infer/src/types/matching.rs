//! Which values a call gives to the variables of a method's signature. Knows signatures as types
//! and nothing of methods.

use super::family::TypeFamilies;
use super::intersect;
use super::subtype::{Captured, Solver};
use jlift_ir::{Tables, Type, TypeData, TypeParam};

/// A signature's binders from the outside in, and their variables.
fn binders(tables: &Tables, sig: Type) -> Vec<(Type, jlift_ir::Name)> {
    let mut out = Vec::new();
    let mut at = sig;
    while let TypeData::UnionAll { var, body, .. } = tables.type_data(at) {
        out.push((at, var));
        at = body;
        if out.len() > super::MAX_HEIGHT as usize {
            break;
        }
    }
    out
}

/// The values of a signature's variables for a tuple of argument types that it accepts as a whole;
/// `None` if it does not. A variable that the arguments do not determine stands for itself.
pub fn match_signature(
    tables: &mut Tables,
    families: &mut TypeFamilies,
    sig: Type,
    args: Type,
) -> Option<Vec<TypeParam>> {
    let binders = binders(tables, sig);
    if binders.is_empty() {
        return super::subtype::is_subtype(tables, families, args, sig).then(Vec::new);
    }
    let types: Vec<Type> = binders.iter().map(|b| b.0).collect();
    let found = Solver::new(tables, families).root_with_captures(args, sig, &types)?;
    let params = binders
        .iter()
        .zip(found)
        .map(|(&(_, var), c)| match c {
            Captured::Known(param) => param,
            Captured::Pending | Captured::Open => TypeParam::Type(tables.type_var(var)),
        })
        .collect();
    Some(params)
}

/// The argument types of a tuple that a signature accepts, and the values of its variables for
/// them; `None` if it accepts none. A variable that they do not determine stands for itself.
pub fn intersect_signature(
    tables: &mut Tables,
    families: &mut TypeFamilies,
    sig: Type,
    args: Type,
) -> Option<(Type, Vec<TypeParam>)> {
    if let Some(params) = match_signature(tables, families, sig, args) {
        return Some((args, params));
    }
    let vars: Vec<jlift_ir::Name> = binders(tables, sig).into_iter().map(|b| b.1).collect();
    let (ty, params) = intersect::intersect_with_vars(tables, families, sig, args, &vars);
    (ty != Type::BOTTOM).then_some((ty, params))
}
