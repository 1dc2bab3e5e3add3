//! Names by which types are shown: those of Base, and those that a program gives by constants,
//! `const Point2 = Point{2}` or `const Shape = Union{Circle, Square}`, and which of them a type is
//! shown by. Knows nothing of how types are written.

use super::canonical::split_module;
use super::family::TypeFamilies;
use super::shape;
use jlift_ir::{Name, Tables, Type, TypeData, TypeParam};

/// Parameters nested deeper are not compared.
const MAX_DEPTH: u32 = 50;

/// A constant that holds a type which has no such name by its declaration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TypeAlias {
    /// The fully qualified name of the constant.
    pub name: Name,
    /// Whether the program lists it among the names of its module: all in Main, what is exported elsewhere.
    pub listed: bool,
    /// The variables that the alias leaves open, with their bounds.
    pub vars: Vec<(Name, Type, Type)>,
    /// What it stands for, in terms of the variables.
    pub body: Type,
}

impl TypeAlias {
    /// The alias that a constant is; `None` where the type is shown by its own name anyway.
    pub fn of(
        tables: &Tables,
        families: &TypeFamilies,
        name: Name,
        listed: bool,
        ty: Type,
    ) -> Option<TypeAlias> {
        let mut vars = Vec::new();
        let mut body = ty;
        while let TypeData::UnionAll {
            var,
            lower,
            upper,
            body: inner,
        } = tables.type_data(body)
        {
            vars.push((var, lower, upper));
            body = inner;
        }
        match tables.type_data(body) {
            TypeData::Data { name: family, .. } => {
                let is_own_name = is_own_name(tables, families, &vars, body);
                let full = tables.names.str(family);
                if is_own_name || full == "Tuple" || full == "NamedTuple" {
                    return None;
                }
            }
            TypeData::Union(_) => {}
            _ => return None,
        }
        Some(TypeAlias {
            name,
            listed,
            vars,
            body,
        })
    }

    /// How many types the alias joins.
    pub(super) fn members(&self, tables: &Tables) -> usize {
        match tables.type_data(self.body) {
            TypeData::Union(_) => tables.params(self.body).len(),
            _ => 1,
        }
    }
}

/// Whether a nominal type with these variables around is what its name alone stands for.
pub(super) fn is_own_name(
    tables: &Tables,
    families: &TypeFamilies,
    vars: &[(Name, Type, Type)],
    body: Type,
) -> bool {
    let TypeData::Data { name: family, .. } = tables.type_data(body) else {
        return false;
    };
    let params = tables.params(body);
    let declared = families.get(family).map_or(&[][..], |f| &f.params);
    params.len() == vars.len()
        && (params.iter().zip(vars)).all(|(p, v)| is_var(tables, *p, v.0))
        && (vars.iter().zip(declared)).all(|(v, d)| (v.1, v.2) == (d.1, d.2))
}

pub(super) fn is_var(tables: &Tables, p: TypeParam, var: Name) -> bool {
    matches!(p, TypeParam::Type(t) if tables.type_data(t) == TypeData::Var(var))
}

/// Functions of Core that are visible everywhere.
pub(super) fn is_exported_core(name: &str) -> bool {
    matches!(
        name,
        "==="
            | "<:"
            | "typeof"
            | "isa"
            | "typeassert"
            | "throw"
            | "tuple"
            | "getfield"
            | "setfield!"
            | "swapfield!"
            | "modifyfield!"
            | "replacefield!"
            | "nfields"
            | "fieldtype"
            | "isdefined"
            | "ifelse"
            | "getglobal"
            | "setglobal!"
            | "invoke"
            | "applicable"
            | "eval"
    )
}

/// The alias of Base that stands for a nominal type with some of its parameters, and how many parameters
/// are left to show.
pub(super) fn of_base(full: &str, params: &[TypeParam]) -> Option<(&'static str, usize)> {
    let dims = match params {
        [_, TypeParam::Value(n)] => shape::int_value(*n),
        [TypeParam::Value(n)] => shape::int_value(*n),
        _ => None,
    };
    let alias = match (full, dims, params) {
        ("Array", Some(1), _) => ("Vector", 1),
        ("Array", Some(2), _) => ("Matrix", 1),
        ("AbstractArray", Some(1), _) => ("AbstractVector", 1),
        ("AbstractArray", Some(2), _) => ("AbstractMatrix", 1),
        ("DenseArray", Some(1), _) => ("DenseVector", 1),
        ("DenseArray", Some(2), _) => ("DenseMatrix", 1),
        ("Base.BitArray", Some(1), _) => ("BitVector", 0),
        ("Base.BitArray", Some(2), _) => ("BitMatrix", 0),
        ("Base.Complex", _, [TypeParam::Type(Type::FLOAT16)]) => ("ComplexF16", 0),
        ("Base.Complex", _, [TypeParam::Type(Type::FLOAT32)]) => ("ComplexF32", 0),
        ("Base.Complex", _, [TypeParam::Type(Type::FLOAT64)]) => ("ComplexF64", 0),
        _ => return None,
    };
    Some(alias)
}

/// The only alias that a type without its `where` can be shown by, and what its variables stand for.
pub(super) fn find<'a>(
    tables: &Tables,
    families: &'a TypeFamilies,
    ty: Type,
    bound_of: &dyn Fn(Name) -> Option<Type>,
) -> Option<(&'a TypeAlias, Vec<TypeParam>)> {
    let mut found = None;
    for alias in families.aliases() {
        if !alias.listed || !is_of_module(tables, alias, ty) {
            continue;
        }
        let mut matching = Matching {
            tables,
            families,
            alias,
            bound_of,
            bindings: vec![None; alias.vars.len()],
        };
        if !matching.types(alias.body, ty, 0) {
            continue;
        }
        let bindings: Option<Vec<TypeParam>> = matching.bindings.into_iter().collect();
        let Some(bindings) = bindings else { continue };
        // Of several names none is better than the others.
        if found.is_some() {
            return None;
        }
        found = Some((alias, bindings));
    }
    found
}

/// The aliases of unions all of whose members are members of this one, the largest first, and the
/// members that none of them has.
pub(super) fn of_parts<'a>(
    tables: &Tables,
    families: &'a TypeFamilies,
    ty: Type,
) -> (Vec<&'a TypeAlias>, Vec<TypeParam>) {
    let members = tables.params(ty);
    let mut parts: Vec<&TypeAlias> = (families.aliases().iter())
        .filter(|a| a.listed && a.vars.is_empty() && a.members(tables) > 1)
        .filter(|a| is_of_module(tables, a, a.body))
        .filter(|a| tables.params(a.body).iter().all(|p| members.contains(p)))
        .collect();
    parts.sort_by_key(|a| std::cmp::Reverse(a.members(tables)));
    let mut rest = members.to_vec();
    parts.retain(|a| {
        let has = tables.params(a.body);
        let is_new = has.iter().any(|p| rest.contains(p));
        rest.retain(|p| !has.contains(p));
        is_new
    });
    (parts, rest)
}

/// Whether the module of the alias declares the type, or one of a union.
fn is_of_module(tables: &Tables, alias: &TypeAlias, ty: Type) -> bool {
    let module = split_module(tables.names.str(alias.name)).0;
    let declares = |mut ty: Type| {
        while let TypeData::UnionAll { body, .. } = tables.type_data(ty) {
            ty = body;
        }
        let TypeData::Data { name, .. } = tables.type_data(ty) else {
            return false;
        };
        let full = tables.names.str(name);
        // The type of a function belongs where the function does.
        let of_function = full
            .strip_prefix("typeof(")
            .and_then(|f| f.strip_suffix(')'));
        split_module(of_function.unwrap_or(full)).0 == module
    };
    match tables.type_data(ty) {
        TypeData::Union(_) => (tables.params(ty).iter())
            .any(|p| matches!(p, TypeParam::Type(member) if declares(*member))),
        _ => declares(ty),
    }
}

struct Matching<'a> {
    tables: &'a Tables,
    families: &'a TypeFamilies,
    alias: &'a TypeAlias,
    /// The upper bound of a variable of the type that is shown.
    bound_of: &'a dyn Fn(Name) -> Option<Type>,
    bindings: Vec<Option<TypeParam>>,
}

impl Matching<'_> {
    fn types(&mut self, pattern: Type, ty: Type, depth: u32) -> bool {
        if depth > MAX_DEPTH {
            return false;
        }
        if self.bind(pattern, TypeParam::Type(ty)) {
            return true;
        }
        match (self.tables.type_data(pattern), self.tables.type_data(ty)) {
            (TypeData::Data { name: a, .. }, TypeData::Data { name: b, .. }) if a == b => {
                let (p, t) = (self.tables.params(pattern), self.tables.params(ty));
                p.len() == t.len() && p.iter().zip(t).all(|(&p, &t)| self.params(p, t, depth + 1))
            }
            (TypeData::Union(_), TypeData::Union(_)) => self.unions(pattern, ty, depth),
            _ => pattern == ty,
        }
    }

    fn params(&mut self, pattern: TypeParam, param: TypeParam, depth: u32) -> bool {
        match (pattern, param) {
            (TypeParam::Type(p), TypeParam::Type(t)) => self.types(p, t, depth),
            (TypeParam::Type(p), TypeParam::Value(_)) => self.bind(p, param),
            _ => pattern == param,
        }
    }

    /// Each member of the pattern is one of the type. A variable that is a member itself stands for
    /// nothing certain: `const Maybe{T} = Union{T, Nothing}` is never shown.
    fn unions(&mut self, pattern: Type, ty: Type, depth: u32) -> bool {
        let (tables, t) = (self.tables, self.tables.params(ty));
        let p = tables.params(pattern);
        let is_bare = |m: &TypeParam| matches!(m, TypeParam::Type(v) if matches!(tables.type_data(*v), TypeData::Var(_)));
        p.len() == t.len()
            && !p.iter().any(is_bare)
            && (p.iter()).all(|&m| {
                t.contains(&m)
                    || t.iter().any(|&other| {
                        let before = self.bindings.clone();
                        let matches = self.params(m, other, depth + 1);
                        if !matches {
                            self.bindings = before;
                        }
                        matches
                    })
            })
    }

    /// Binds a variable of the alias; `false` for any other type.
    fn bind(&mut self, pattern: Type, to: TypeParam) -> bool {
        let TypeData::Var(var) = self.tables.type_data(pattern) else {
            return false;
        };
        let Some(at) = self.alias.vars.iter().position(|v| v.0 == var) else {
            return false;
        };
        let (_, lower, upper) = self.alias.vars[at];
        if lower != Type::BOTTOM || !self.is_within(to, upper) {
            return false;
        }
        match self.bindings.get_mut(at) {
            Some(binding) => *binding.get_or_insert(to) == to,
            None => false,
        }
    }

    /// Whether a parameter is below a bound; only bounds by types without parameters are looked at.
    fn is_within(&self, param: TypeParam, upper: Type) -> bool {
        if upper == Type::ANY {
            return true;
        }
        let TypeParam::Type(mut ty) = param else {
            return false;
        };
        if let TypeData::Var(name) = self.tables.type_data(ty) {
            match (self.bound_of)(name) {
                Some(bound) => ty = bound,
                None => return false,
            }
        }
        if ty == upper {
            return true;
        }
        if let TypeData::Union(_) = self.tables.type_data(upper) {
            return self.tables.params(upper).iter().any(
                |m| matches!(m, TypeParam::Type(member) if self.is_within(TypeParam::Type(ty), *member)),
            );
        }
        if !self.tables.params(upper).is_empty() {
            return false;
        }
        // Supertypes are declared before subtypes; the bound is for malformed declarations.
        for _ in 0..MAX_DEPTH {
            while let TypeData::UnionAll { body, .. } = self.tables.type_data(ty) {
                ty = body;
            }
            let TypeData::Data { name, .. } = self.tables.type_data(ty) else {
                return false;
            };
            if ty == upper {
                return true;
            }
            match self.families.get(name) {
                Some(family) if family.supertype != ty => ty = family.supertype,
                _ => return false,
            }
        }
        false
    }
}
