//! Subtyping as far as declarations and the shape of types tell. Knows nothing of dispatch or type
//! variables: where those decide, the answer is left open.

use crate::tables::Tables;
use crate::types::{Type, TypeClass, TypeData, TypeParam};

impl Tables {
    /// Whether every value of `sub` is a value of `sup`, as far as declarations and the shape of
    /// the types tell: `Some` only where the answer is certain for a concrete `sub`.
    pub fn is_subtype(&self, sub: Type, sup: Type) -> Option<bool> {
        // Unions of tuples of unions multiply; nothing real needs as many comparisons.
        let mut fuel = 2000;
        self.is_subtype_within(sub, sup, &mut fuel)
    }

    /// Whether this is a type of which `typeof` tells exactly itself.
    pub fn is_concrete(&self, ty: Type) -> bool {
        match self.class(ty) {
            TypeClass::Singleton => self.type_of_type(ty).is_none(),
            TypeClass::Primitive(_)
            | TypeClass::Pointer
            | TypeClass::Inline
            | TypeClass::Heap
            | TypeClass::Array
            | TypeClass::String
            | TypeClass::Symbol => true,
            // `Tuple{Any}` is of this class too.
            TypeClass::InlineWithReferences => match self.is_tuple(ty) {
                true => (self.tuple_elems(ty))
                    .is_some_and(|elems| elems.iter().all(|&t| self.is_concrete(t))),
                false => true,
            },
            _ => false,
        }
    }

    /// Whether it is certain that no value of type `from` is one of type `ty`.
    pub fn excludes(&self, from: Type, ty: Type) -> bool {
        let misfits = |m: Type| self.is_concrete(m) && self.is_subtype(m, ty) == Some(false);
        from != ty && ty != Type::ANY && self.members(from).into_iter().all(misfits)
    }

    /// Whether a field of this type may be the one that an index known at run time chooses, where the
    /// choice gives a `result`: the producer knows which fields the index cannot say.
    pub fn may_be_chosen(&self, field: Type, result: Type) -> bool {
        let is_dynamic = |ty| self.class(ty) == TypeClass::Abstract;
        if is_dynamic(field) && is_dynamic(result) {
            return self.is_subtype(field, result) != Some(false);
        }
        let possible = self.members(result);
        self.members(field).iter().all(|m| possible.contains(m))
    }

    fn is_subtype_within(&self, sub: Type, sup: Type, fuel: &mut u32) -> Option<bool> {
        if sub == sup || sup == Type::ANY || sub == Type::BOTTOM {
            return Some(true);
        }
        *fuel = fuel.checked_sub(1)?;
        if let TypeData::Union(_) = self.type_data(sub) {
            return self.all(self.params(sub), fuel, |me, fuel, m| {
                me.is_subtype_within(m, sup, fuel)
            });
        }
        if let TypeData::Union(_) = self.type_data(sup) {
            // Any of them: not all of them not.
            return self
                .all(self.params(sup), fuel, |me, fuel, m| {
                    me.is_subtype_within(sub, m, fuel).map(|yes| !yes)
                })
                .map(|none| !none);
        }
        if self.is_tuple(sub) && self.is_tuple(sup) {
            return self.is_tuple_subtype(sub, sup, fuel);
        }
        if matches!(sub, Type::DATA_TYPE | Type::MODULE)
            && matches!(self.type_data(sup), TypeData::Data { .. })
            && self.class(sup) != TypeClass::Abstract
        {
            // Concrete, though nothing declares them.
            return Some(false);
        }
        if self.class(sub) == TypeClass::Abstract {
            return None;
        }
        // Walk the supertypes of a concrete type.
        let mut at = sub;
        for _ in 0..64 {
            let Some(up) = self.supertype(at) else {
                break;
            };
            if up == sup {
                return Some(true);
            }
            if up == Type::ANY {
                break;
            }
            at = up;
        }
        match self.type_data(sup) {
            // A concrete type has no other subtypes than itself; a nominal abstract type without
            // parameters that the walk up did not meet is certain only when the walk reached `Any`.
            TypeData::Data { .. } if self.class(sup) != TypeClass::Abstract => Some(false),
            TypeData::Data { params, .. } if params.len == 0 && self.reaches_any(sub) => {
                Some(false)
            }
            _ => None,
        }
    }

    /// Whether something holds of all types of a list: false if it fails for one of them.
    fn all(
        &self,
        types: &[TypeParam],
        fuel: &mut u32,
        holds: impl Fn(&Self, &mut u32, Type) -> Option<bool>,
    ) -> Option<bool> {
        let mut answer = Some(true);
        for param in types {
            match param {
                TypeParam::Type(ty) => match holds(self, fuel, *ty) {
                    Some(true) => {}
                    Some(false) => return Some(false),
                    None if *fuel == 0 => return None,
                    None => answer = None,
                },
                TypeParam::Value(_) => answer = None,
            }
        }
        answer
    }

    /// Tuples are covariant. Of tuples of unknown length only the last element of `sup` is
    /// understood.
    fn is_tuple_subtype(&self, sub: Type, sup: Type, fuel: &mut u32) -> Option<bool> {
        let rest = |ty: Type| match self.params(ty).last() {
            Some(TypeParam::Type(last)) => match self.type_data(*last) {
                TypeData::Vararg { elem, count } => Some((elem, count)),
                _ => None,
            },
            _ => None,
        };
        let (elems, fixed) = (self.params(sub), self.params(sup));
        if rest(sub).is_some() {
            return None;
        }
        let (fixed, rest) = match rest(sup) {
            Some((_, Some(_))) => return None,
            Some((elem, None)) => (&fixed[..fixed.len() - 1], Some(elem)),
            None => (fixed, None),
        };
        if elems.len() < fixed.len() || (rest.is_none() && elems.len() > fixed.len()) {
            return Some(false);
        }
        let mut answer = Some(true);
        for (n, elem) in elems.iter().enumerate() {
            let want = fixed.get(n).copied().or(rest.map(TypeParam::Type));
            let (TypeParam::Type(elem), Some(TypeParam::Type(want))) = (elem, want) else {
                return None;
            };
            match self.is_subtype_within(*elem, want, fuel) {
                Some(true) => {}
                Some(false) => return Some(false),
                None if *fuel == 0 => return None,
                None => answer = None,
            }
        }
        answer
    }

    fn reaches_any(&self, ty: Type) -> bool {
        let mut at = ty;
        for _ in 0..64 {
            match self.supertype(at) {
                Some(Type::ANY) => return true,
                Some(up) => at = up,
                None => return false,
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use crate::tables::Tables;
    use crate::types::Type;

    #[test]
    fn tuples_are_covariant() {
        let mut t = Tables::default();
        let ints = t.tuple(&[Type::INT64, Type::INT64]);
        let mixed = t.tuple(&[Type::INT64, Type::ANY]);
        let floats = t.tuple(&[Type::INT64, Type::FLOAT64]);
        let one = t.tuple(&[Type::INT64]);
        let any_number = t.vararg(Type::INT64, None);
        let many = t.tuple(&[Type::INT64, any_number]);
        assert_eq!(t.is_subtype(ints, mixed), Some(true));
        assert_eq!(t.is_subtype(ints, floats), Some(false));
        assert_eq!(t.is_subtype(ints, one), Some(false));
        assert_eq!(t.is_subtype(ints, many), Some(true));
        assert_eq!(t.is_subtype(one, many), Some(true));
        assert_eq!(t.is_subtype(floats, many), Some(false));
        assert_eq!(t.is_subtype(mixed, ints), None);
    }

    #[test]
    fn a_union_is_a_subtype_if_all_members_are() {
        let mut t = Tables::default();
        let small = t.union(&[Type::INT64, Type::NOTHING]);
        let large = t.union(&[Type::NOTHING, Type::FLOAT64, Type::INT64]);
        assert_eq!(t.is_subtype(small, large), Some(true));
        assert_eq!(t.is_subtype(large, small), Some(false));
        assert_eq!(t.is_subtype(Type::INT64, small), Some(true));
        assert_eq!(t.is_subtype(Type::BOOL, small), Some(false));
        assert_eq!(t.is_subtype(small, Type::INT64), Some(false));
    }

    #[test]
    fn deeply_multiplied_unions_are_left_undecided() {
        let mut t = Tables::default();
        let (mut left, mut right) = (Type::INT64, Type::INT32);
        for level in 0..40 {
            let members = |t: &mut Tables, inner, tag: u32| -> Vec<Type> {
                (0..40)
                    .map(|n| {
                        let name = t.names.intern(&format!("T{level}_{n}_{tag}"));
                        let leaf = t.data_type(name, &[]);
                        t.tuple(&[inner, leaf])
                    })
                    .collect()
            };
            let (a, b) = (members(&mut t, left, 0), members(&mut t, right, 1));
            left = t.union(&a);
            right = t.union(&b);
        }
        assert_eq!(t.is_subtype(left, right), None);
    }
}
