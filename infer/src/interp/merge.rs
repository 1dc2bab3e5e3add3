//! The order of the lattice: widening, joining where control flow meets, narrowing by tests.

use crate::lattice::{Lat, Partial, SlotState};
use crate::world::World;
use jlift_ir::{ConstData, Type, TypeClass, TypeData, TypeParam, Value};
use std::rc::Rc;

/// Unions of more members become their common supertype.
const MAX_UNION: usize = 12;
/// Types nested deeper are widened when they meet others, so that loops come to an end.
const MAX_TYPE_DEPTH: u32 = 12;

impl World {
    /// The type of all values that an element stands for. Types as values are `Type{T}`.
    pub fn widen(&mut self, lat: &Lat) -> Type {
        match lat {
            Lat::Bottom => Type::BOTTOM,
            Lat::Const(v) => self.const_type(*v),
            Lat::Partial(p) => p.ty,
            Lat::Type(t) => *t,
        }
    }

    /// A type as an element: the only value of a singleton type is a constant.
    pub fn lat_of(&mut self, ty: Type) -> Lat {
        if ty == Type::BOTTOM {
            return Lat::Bottom;
        }
        if let Some(of) = self.module.tables.type_of_type(ty)
            && !self.has_free_vars(of)
        {
            return Lat::Const(Value::Type(of));
        }
        self.declare(ty);
        if self.module.tables.class(ty) == TypeClass::Singleton {
            return Lat::Const(Value::Instance(ty));
        }
        Lat::Type(ty)
    }

    /// The element without constants that are not singletons or types.
    pub fn without_constants(&mut self, lat: &Lat) -> Lat {
        match lat {
            Lat::Const(Value::Type(_) | Value::Instance(_)) => lat.clone(),
            Lat::Const(_) | Lat::Partial(_) => {
                let ty = self.widen(lat);
                self.lat_of(ty)
            }
            _ => lat.clone(),
        }
    }

    /// Whether `a` says at least as much as `b`.
    pub fn lat_leq(&mut self, a: &Lat, b: &Lat) -> bool {
        if a == b || a.is_bottom() {
            return true;
        }
        match (a, b) {
            (_, Lat::Bottom) => false,
            (_, Lat::Type(t)) => {
                let ty = self.widen(a);
                self.fits_members(ty, *t)
            }
            (_, Lat::Partial(p)) => match self.fields_of(a) {
                Some((ty, fields)) => {
                    let p = p.clone();
                    ty == p.ty
                        && fields.len() >= p.fields.len()
                        && p.fields
                            .iter()
                            .zip(&fields)
                            .all(|(b, a)| self.lat_leq(a, b))
                }
                None => false,
            },
            _ => false,
        }
    }

    /// `Type{T}` is a subtype of `DataType` where a value of it is asked for.
    pub fn value_subtype(&mut self, a: Type, b: Type) -> bool {
        a == b || b == Type::ANY || self.is_subtype(a, b)
    }

    /// Whether each member of `a` is a subtype of one member of `b`. `Tuple{T, Union{Nothing, T}}` is a subtype of the union of
    /// `Tuple{Union{Nothing, T}, Nothing}` and `Tuple{Union{Nothing, T}, T}`, but its values are of neither as they are.
    fn fits_members(&mut self, a: Type, b: Type) -> bool {
        if !self.value_subtype(a, b) {
            return false;
        }
        let wanted = self.module.tables.members(b);
        if wanted.len() < 2 {
            return true;
        }
        for member in self.module.tables.members(a) {
            if self.module.tables.is_tuple(member)
                && !wanted.iter().any(|&w| self.value_subtype(member, w))
            {
                return false;
            }
        }
        true
    }

    /// The type and the known fields of a tuple or struct.
    pub fn fields_of(&mut self, lat: &Lat) -> Option<(Type, Vec<Lat>)> {
        match lat {
            Lat::Partial(p) => Some((p.ty, p.fields.clone())),
            Lat::Const(Value::Const(c)) => match self.module.tables.const_data(*c) {
                ConstData::Aggregate { ty, fields } => {
                    Some((*ty, fields.iter().map(|&v| Lat::Const(v)).collect()))
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// A struct or tuple with these fields: constant if all are, plain if none says more than the
    /// type does.
    pub fn partial(&mut self, ty: Type, fields: Vec<Lat>) -> Lat {
        if fields.iter().any(Lat::is_bottom) {
            return Lat::Bottom;
        }
        let constants: Option<Vec<Value>> = fields.iter().map(Lat::as_const).collect();
        let class = self.module.tables.class(ty);
        // A field of an abstract type holds a box, which no constant can describe.
        let declared = self.field_types(ty);
        let boxes = declared
            .iter()
            .any(|&f| f == Type::ANY || self.holds_dynamic(f) || !self.is_storable(f));
        if let Some(values) = constants
            && !boxes
            && class != TypeClass::Heap
            && self.field_count(ty) == Some(values.len())
        {
            return Lat::Const(self.const_aggregate(ty, &values));
        }
        if class == TypeClass::Heap {
            return self.lat_of(ty);
        }
        let types = declared;
        let mut informative = false;
        for (n, field) in fields.iter().enumerate() {
            let declared = types.get(n).copied().unwrap_or(Type::ANY);
            match field {
                Lat::Type(t) => informative |= *t != declared,
                Lat::Const(Value::Instance(t)) => informative |= *t != declared,
                Lat::Const(v) => {
                    let _ = v;
                    informative = true;
                }
                Lat::Partial(_) => informative = true,
                Lat::Bottom => {}
            }
        }
        if informative {
            Lat::Partial(Rc::new(Partial { ty, fields }))
        } else {
            self.lat_of(ty)
        }
    }

    /// What is known where control flow meets.
    pub fn merge(&mut self, a: &Lat, b: &Lat) -> Lat {
        if a == b || b.is_bottom() {
            return a.clone();
        }
        if a.is_bottom() {
            return b.clone();
        }
        if let (Some((ta, fa)), Some((tb, fb))) = (self.fields_of(a), self.fields_of(b))
            && ta == tb
            && fa.len() == fb.len()
        {
            let fields: Vec<Lat> = fa
                .iter()
                .zip(&fb)
                .map(|(x, y)| {
                    // Different constants of a loop variable must not be tried one by one.
                    self.merge(x, y)
                })
                .collect();
            return self.partial(ta, fields);
        }
        let (ta, tb) = (self.widen(a), self.widen(b));
        if ta == tb {
            return self.lat_of(ta);
        }
        let ty = self.join_types(ta, tb);
        self.lat_of(ty)
    }

    /// The union of two types, or something wider if that would be too large.
    pub fn join_types(&mut self, a: Type, b: Type) -> Type {
        // Of unions that differ in the order of their members the first stays: what grows settles.
        if self.same_members(a, b) {
            return a;
        }
        if self.fits_members(a, b) {
            return b;
        }
        if self.fits_members(b, a) {
            return a;
        }
        if self.type_depth(a) > MAX_TYPE_DEPTH || self.type_depth(b) > MAX_TYPE_DEPTH {
            return self.typejoin(a, b);
        }
        let mut members = self.module.tables.members(a);
        members.extend(self.module.tables.members(b));
        self.join_overlapping_tuples(&mut members);
        let union = self.union_of(&members);
        if self.module.tables.members(union).len() > MAX_UNION {
            return self.typejoin(a, b);
        }
        union
    }

    /// Makes one of tuples that have values in common, since their elements are unions: which member of a union a value
    /// belongs to is told by the type that it was made with. `Tuple{Union{Nothing, T}, Nothing}` and
    /// `Tuple{Nothing, Union{Nothing, T}}` become `Tuple{Union{Nothing, T}, Union{Nothing, T}}`.
    fn join_overlapping_tuples(&mut self, members: &mut Vec<Type>) {
        let mut n = 0;
        while n < members.len() {
            let at = members[n];
            let other = match self.has_union_elements(at) {
                true => (0..members.len())
                    .find(|&m| m != n && self.are_overlapping_tuples(at, members[m])),
                false => None,
            };
            match other {
                Some(m) => {
                    members[n] = self.joined_elements(at, members[m]);
                    members.swap_remove(m);
                    n = 0;
                }
                None => n += 1,
            }
        }
    }

    fn has_union_elements(&self, ty: Type) -> bool {
        let elems = self.module.tables.tuple_elems(ty).unwrap_or_default();
        elems.iter().any(|&e| {
            matches!(self.module.tables.type_data(e), TypeData::Union(_))
                || self.has_union_elements(e)
        })
    }

    fn are_overlapping_tuples(&mut self, a: Type, b: Type) -> bool {
        let length = |ty| self.module.tables.tuple_elems(ty).map(|elems| elems.len());
        length(a).is_some() && length(a) == length(b) && self.intersect(a, b) != Type::BOTTOM
    }

    /// A tuple type whose elements are the joins of those of two of equal length.
    fn joined_elements(&mut self, a: Type, b: Type) -> Type {
        let elems = |w: &Self, ty| w.module.tables.tuple_elems(ty).unwrap_or_default();
        let pairs = elems(self, a).into_iter().zip(elems(self, b));
        let joined: Vec<Type> = pairs.map(|(x, y)| self.join_types(x, y)).collect();
        self.module.tables.tuple(&joined)
    }

    fn same_members(&self, a: Type, b: Type) -> bool {
        let (a, b) = (self.module.tables.members(a), self.module.tables.members(b));
        a.len() > 1 && a.len() == b.len() && a.iter().all(|m| b.contains(m))
    }

    /// A union without members that are subtypes of others; one index for one set.
    pub fn union_of(&mut self, members: &[Type]) -> Type {
        crate::types::canonical::union(&mut self.module.tables, &mut self.families, members)
    }

    /// Nesting of type parameters.
    pub fn type_depth(&self, ty: Type) -> u32 {
        self.type_depth_below(ty, 0)
    }

    fn type_depth_below(&self, ty: Type, depth: u32) -> u32 {
        if depth > 2 * MAX_TYPE_DEPTH {
            return depth;
        }
        match self.module.tables.type_data(ty) {
            TypeData::UnionAll { body, .. } => self.type_depth_below(body, depth),
            TypeData::Union(_) => self
                .module
                .tables
                .members(ty)
                .iter()
                .map(|&m| self.type_depth_below(m, depth))
                .max()
                .unwrap_or(depth),
            _ => self
                .module
                .tables
                .params(ty)
                .iter()
                .filter_map(|p| match p {
                    TypeParam::Type(t) => Some(self.type_depth_below(*t, depth + 1)),
                    TypeParam::Value(_) => None,
                })
                .max()
                .unwrap_or(depth),
        }
    }

    /// What is known of a value that turned out to be of a type.
    pub fn narrow(&mut self, lat: &Lat, ty: Type) -> Lat {
        match lat {
            Lat::Bottom => Lat::Bottom,
            Lat::Const(_) | Lat::Partial(_) => {
                let own = self.widen(lat);
                if self.value_subtype(own, ty) {
                    lat.clone()
                } else {
                    match lat {
                        Lat::Const(Value::Type(_)) if self.may_be_kind(ty) => lat.clone(),
                        _ => Lat::Bottom,
                    }
                }
            }
            Lat::Type(t) => {
                if self.value_subtype(*t, ty) {
                    return lat.clone();
                }
                let members = self.module.tables.members(*t);
                let mut out = Vec::with_capacity(members.len());
                for m in members {
                    if self.value_subtype(m, ty) {
                        out.push(m);
                    } else if !self.is_concrete(m) {
                        let met = self.intersect(m, ty);
                        if met != Type::BOTTOM {
                            out.push(met);
                        }
                    }
                }
                let met = self.union_of(&out);
                self.lat_of(met)
            }
        }
    }

    /// What is known of a value that turned out not to be of a type.
    pub fn exclude(&mut self, lat: &Lat, ty: Type) -> Lat {
        match lat {
            Lat::Type(t) => {
                let members = self.module.tables.members(*t);
                let mut out = Vec::with_capacity(members.len());
                for m in members {
                    if !self.value_subtype(m, ty) {
                        out.push(m);
                    }
                }
                if out.is_empty() {
                    return Lat::Bottom;
                }
                let rest = self.union_of(&out);
                self.lat_of(rest)
            }
            Lat::Bottom => Lat::Bottom,
            _ => {
                let own = self.widen(lat);
                if self.value_subtype(own, ty) {
                    Lat::Bottom
                } else {
                    lat.clone()
                }
            }
        }
    }

    /// Whether types as values may be of this type.
    fn may_be_kind(&mut self, ty: Type) -> bool {
        ty == Type::DATA_TYPE || ty == Type::ANY || self.nominal_name(ty) == Some(self.names.type_)
    }

    /// Joins slot states; whether the first one changed.
    pub fn merge_states(&mut self, into: &mut [SlotState], from: &[SlotState]) -> bool {
        let mut changed = false;
        for (a, b) in into.iter_mut().zip(from) {
            if a == b {
                continue;
            }
            let lat = self.merge(&a.lat, &b.lat);
            let maybe_undefined = a.maybe_undefined || b.maybe_undefined;
            if lat != a.lat || maybe_undefined != a.maybe_undefined {
                *a = SlotState {
                    lat,
                    maybe_undefined,
                };
                changed = true;
            }
        }
        changed
    }
}
