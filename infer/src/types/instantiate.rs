//! Types with their variables replaced: substitution, the supertype of an instantiated type and
//! the types of its fields. Knows declarations, not the relations between types.

use super::MAX_HEIGHT;
use super::MAX_TUPLE;
use super::family::{FamilyKind, TypeFamilies};
use super::shape::{self, Tail};
use hashbrown::HashMap;
use jlift_ir::{ConstData, Name, Tables, Type, TypeData, TypeParam, Value};

/// The name of a nominal type, seen through the variables that it is wrapped in.
pub fn nominal_name(tables: &Tables, ty: Type) -> Option<Name> {
    let mut at = ty;
    for _ in 0..MAX_HEIGHT {
        match tables.type_data(at) {
            TypeData::Data { name, .. } => return Some(name),
            TypeData::UnionAll { body, .. } => at = body,
            _ => return None,
        }
    }
    None
}

/// The supertype of a name without family: functions have none, and typed IR may declare types on
/// its own.
pub(crate) fn undeclared_supertype(tables: &mut Tables, name: Name) -> Type {
    if tables.names.str(name).starts_with("typeof(") {
        return Type::FUNCTION;
    }
    let ty = tables.data_type(name, &[]);
    tables.supertype(ty).unwrap_or(Type::ANY)
}

/// The direct supertype of a nominal type; `Any` for what has none.
pub fn supertype(tables: &mut Tables, families: &mut TypeFamilies, ty: Type) -> Type {
    if let Some(&up) = families.cache.supertype.get(&ty) {
        return up;
    }
    let up = match tables.type_data(ty) {
        TypeData::Data { name, .. } => match families.consult(name) {
            Some(family) => {
                let map = bindings(tables, &family.params, ty);
                substitute(tables, families, family.supertype, &map)
            }
            None => tables
                .supertype(ty)
                .unwrap_or_else(|| undeclared_supertype(tables, name)),
        },
        TypeData::UnionAll {
            var,
            lower,
            upper,
            body,
        } => {
            let up = supertype(tables, families, body);
            if families.cache.has_free(tables, up, var) {
                tables.union_all(var, lower, upper, up)
            } else {
                up
            }
        }
        _ => Type::ANY,
    };
    families.cache.supertype.insert(ty, up);
    up
}

/// A family's variables with the parameters of one of its types.
fn bindings(tables: &Tables, vars: &[(Name, Type, Type)], ty: Type) -> Vec<(Name, TypeParam)> {
    vars.iter()
        .zip(tables.params(ty))
        .map(|(var, &param)| (var.0, param))
        .collect()
}

/// The names and types of the fields of a struct, tuple or named tuple type; `None` where they are
/// not fixed.
pub fn fields(
    tables: &mut Tables,
    families: &mut TypeFamilies,
    ty: Type,
) -> Option<Vec<(Name, Type)>> {
    let name = match tables.type_data(ty) {
        TypeData::Data { name, .. } => name,
        TypeData::UnionAll { .. } => return fields_inside(tables, families, ty),
        _ => return None,
    };
    let names = families.names(tables);
    if name == names.tuple {
        let elems = tables.tuple_elems(ty)?;
        let mut out = Vec::with_capacity(elems.len());
        for (n, elem) in elems.into_iter().enumerate() {
            out.push((tables.names.intern(&(n + 1).to_string()), elem));
        }
        return Some(out);
    }
    if name == names.named_tuple {
        let (field_names, types) = shape::named_tuple(tables, ty)?;
        return Some(field_names.into_iter().zip(types).collect());
    }
    let family = families.consult(name)?;
    let FamilyKind::Struct { fields, .. } = &family.kind else {
        return None;
    };
    let map = bindings(tables, &family.params, ty);
    let out = fields
        .iter()
        .map(|f| (f.name, substitute(tables, families, f.ty, &map)))
        .collect();
    Some(out)
}

/// The fields of a type with open parameters; a field whose type is a parameter has its bound.
fn fields_inside(
    tables: &mut Tables,
    families: &mut TypeFamilies,
    ty: Type,
) -> Option<Vec<(Name, Type)>> {
    let (mut at, mut binders) = (ty, Vec::new());
    while let TypeData::UnionAll {
        var,
        lower,
        upper,
        body,
    } = tables.type_data(at)
    {
        if binders.len() > MAX_HEIGHT as usize {
            return None;
        }
        binders.push((var, lower, upper));
        at = body;
    }
    if !matches!(tables.type_data(at), TypeData::Data { .. }) {
        return None;
    }
    let mut out = fields(tables, families, at)?;
    for field in &mut out {
        for &(var, lower, upper) in binders.iter().rev() {
            if tables.type_data(field.1) == TypeData::Var(var) {
                field.1 = upper;
            } else if families.cache.has_free(tables, field.1, var) {
                field.1 = tables.union_all(var, lower, upper, field.1);
            }
        }
    }
    Some(out)
}

/// The types of the fields of a struct, tuple or named tuple type.
pub fn field_types(
    tables: &mut Tables,
    families: &mut TypeFamilies,
    ty: Type,
) -> Option<Vec<Type>> {
    let fields = fields(tables, families, ty)?;
    Some(fields.into_iter().map(|f| f.1).collect())
}

/// `ty` with variables replaced. Binders are renamed where they would capture a variable. A type
/// that is nested too deeply stays as it is, which is noted as overflow.
pub fn substitute(
    tables: &mut Tables,
    families: &mut TypeFamilies,
    ty: Type,
    map: &[(Name, TypeParam)],
) -> Type {
    if map.is_empty() || families.cache.is_closed(tables, ty) {
        return ty;
    }
    if families.cache.facts(tables, ty).height > MAX_HEIGHT {
        families.cache.overflow = true;
        return ty;
    }
    let mut subst = Substitution {
        tables,
        families,
        map,
        memo: HashMap::new(),
    };
    subst.ty(ty)
}

struct Substitution<'a> {
    tables: &'a mut Tables,
    families: &'a mut TypeFamilies,
    map: &'a [(Name, TypeParam)],
    /// Types share parts, so their trees can be exponentially larger than they are.
    memo: HashMap<Type, Type>,
}

impl Substitution<'_> {
    fn lookup(&self, name: Name) -> Option<TypeParam> {
        self.map.iter().find(|(n, _)| *n == name).map(|(_, p)| *p)
    }

    fn param(&mut self, param: TypeParam) -> TypeParam {
        match param {
            TypeParam::Value(_) => param,
            TypeParam::Type(t) => match self.tables.type_data(t) {
                TypeData::Var(name) => self.lookup(name).unwrap_or(param),
                _ => TypeParam::Type(self.ty(t)),
            },
        }
    }

    fn ty(&mut self, ty: Type) -> Type {
        if self.families.cache.is_closed(self.tables, ty) {
            return ty;
        }
        let data = self.tables.type_data(ty);
        if let TypeData::Var(name) = data {
            return match self.lookup(name) {
                Some(TypeParam::Type(t)) => t,
                // A value where a type belongs: nothing has this type.
                Some(TypeParam::Value(_)) => Type::BOTTOM,
                None => ty,
            };
        }
        if let Some(&done) = self.memo.get(&ty) {
            return done;
        }
        let out = match data {
            TypeData::Bottom | TypeData::Var(_) => ty,
            TypeData::Data { name, .. } => {
                let params = self.params(ty);
                if self.tables.is_tuple(ty) {
                    tuple_of(self.tables, self.families, &params)
                } else {
                    self.tables.data_type(name, &params)
                }
            }
            TypeData::Union(_) => {
                let members: Vec<Type> = self
                    .params(ty)
                    .into_iter()
                    .filter_map(|p| match p {
                        TypeParam::Type(t) => Some(t),
                        TypeParam::Value(_) => None,
                    })
                    .collect();
                super::canonical::sorted_union(self.tables, self.families, &members)
            }
            TypeData::UnionAll {
                var,
                lower,
                upper,
                body,
            } => {
                let (lower, upper) = (self.ty(lower), self.ty(upper));
                let (var, body) = self.under_binder(var, body);
                self.tables.union_all(var, lower, upper, body)
            }
            TypeData::Vararg { elem, count } => {
                let elem = self.ty(elem);
                let count = count.map(|c| self.param(c));
                self.tables.vararg(elem, count)
            }
        };
        self.memo.insert(ty, out);
        out
    }

    fn params(&mut self, ty: Type) -> Vec<TypeParam> {
        let mut params = self.tables.params(ty).to_vec();
        for p in &mut params {
            *p = self.param(*p);
        }
        params
    }

    fn under_binder(&mut self, var: Name, body: Type) -> (Name, Type) {
        if !self
            .map
            .iter()
            .any(|(n, _)| *n != var && self.families.cache.has_free(self.tables, body, *n))
        {
            return (var, body);
        }
        let captured = self.map.iter().any(|(n, p)| {
            *n != var
                && matches!(p, TypeParam::Type(t) if self.families.cache.has_free(self.tables, *t, var))
        });
        let shadowed = self.map.iter().any(|(n, _)| *n == var);
        if !captured && !shadowed {
            return (var, self.ty(body));
        }
        let mut map: Vec<(Name, TypeParam)> = self
            .map
            .iter()
            .copied()
            .filter(|(n, _)| *n != var)
            .collect();
        let mut name = var;
        if captured {
            let in_use: Vec<Type> = map
                .iter()
                .filter_map(|(_, p)| match p {
                    TypeParam::Type(t) => Some(*t),
                    TypeParam::Value(_) => None,
                })
                .chain([body])
                .collect();
            name = rename_apart(self.tables, self.families, var, &in_use);
            map.push((var, TypeParam::Type(self.tables.type_var(name))));
        }
        (name, substitute(self.tables, self.families, body, &map))
    }
}

/// A name with the same base that is free in none of the types.
pub(crate) fn rename_apart(
    tables: &mut Tables,
    families: &mut TypeFamilies,
    var: Name,
    in_use: &[Type],
) -> Name {
    let base = shape::var_base(tables.names.str(var)).to_string();
    let mut n = 0u32;
    loop {
        let name = tables.names.intern(&format!("{base}#r{n}"));
        if !in_use
            .iter()
            .any(|&t| families.cache.has_free(tables, t, name))
        {
            return name;
        }
        n += 1;
    }
}

/// `Tuple{params...}` with a fixed count at the end written out.
pub fn tuple_of(tables: &mut Tables, families: &mut TypeFamilies, params: &[TypeParam]) -> Type {
    let name = families.names(tables).tuple;
    if let Some((&TypeParam::Type(last), init)) = params.split_last()
        && let TypeData::Vararg {
            elem,
            count: Some(TypeParam::Value(count)),
        } = tables.type_data(last)
        && let Some(n) = shape::int_value(count)
    {
        let n = u64::try_from(n).unwrap_or(0);
        if n > MAX_TUPLE {
            families.cache.overflow = true;
        } else {
            let mut all = init.to_vec();
            all.extend((0..n).map(|_| TypeParam::Type(elem)));
            return tables.data_type(name, &all);
        }
    }
    tables.data_type(name, params)
}

/// The elements of a tuple type before its `Vararg`, and that.
pub fn tuple_parts(tables: &Tables, ty: Type) -> (Vec<Type>, Tail) {
    let tail = shape::tuple_tail(tables, ty);
    let params = tables.params(ty);
    let fixed = params.len() - usize::from(!matches!(tail, Tail::None));
    let elems = params[..fixed]
        .iter()
        .map(|p| match p {
            TypeParam::Type(t) => *t,
            TypeParam::Value(_) => Type::BOTTOM,
        })
        .collect();
    (elems, tail)
}

/// The instance that a named tuple's first parameter is made of: the names as symbols.
pub fn names_value(tables: &mut Tables, field_names: &[Name]) -> Value {
    let symbols: Vec<Value> = field_names
        .iter()
        .map(|&n| Value::Const(tables.constant(ConstData::Symbol(n))))
        .collect();
    let ty = tables.tuple(&vec![Type::SYMBOL; symbols.len()]);
    if symbols.is_empty() {
        return Value::Instance(ty);
    }
    let fields = symbols.into();
    Value::Const(tables.constant(ConstData::Aggregate { ty, fields }))
}
