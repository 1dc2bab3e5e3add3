//! Questions about types that the checks ask again and again, answered once. Knows nothing of
//! statements.

use crate::decl::{Decl, Field};
use crate::tables::Tables;
use crate::types::{Type, TypeClass, TypeData, TypeParam};
use cranelift_entity::SecondaryMap;
use hashbrown::HashMap;

/// Memoized answers about the types of a module.
pub(super) struct Types<'a> {
    pub tables: &'a Tables,
    class: SecondaryMap<Type, Option<TypeClass>>,
    bits: SecondaryMap<Type, Option<bool>>,
    /// Whether the first type may be a subtype of the second.
    fits: HashMap<(Type, Type), bool>,
    /// Whether every field of the first type may be a value of the second.
    fields_fit: HashMap<(Type, Type), bool>,
}

impl<'a> Types<'a> {
    pub fn new(tables: &'a Tables) -> Self {
        Self {
            tables,
            class: SecondaryMap::new(),
            bits: SecondaryMap::new(),
            fits: HashMap::new(),
            fields_fit: HashMap::new(),
        }
    }

    /// What kind of values a type has.
    pub fn class(&mut self, ty: Type) -> TypeClass {
        if let Some(class) = self.class[ty] {
            return class;
        }
        let class = self.tables.class(ty);
        self.class[ty] = Some(class);
        class
    }

    /// Whether the values are plain bits without references.
    pub fn is_bits(&mut self, ty: Type) -> bool {
        if let Some(bits) = self.bits[ty] {
            return bits;
        }
        let bits = self.tables.is_bits(ty);
        self.bits[ty] = Some(bits);
        bits
    }

    /// Whether a value of type `sub` can be one of type `sup`; false only where it certainly
    /// cannot.
    pub fn fits(&mut self, sub: Type, sup: Type) -> bool {
        if sub == sup || sup == Type::ANY || sub == Type::BOTTOM {
            return true;
        }
        if let Some(&known) = self.fits.get(&(sub, sup)) {
            return known;
        }
        let fits = self.tables.is_subtype(sub, sup) != Some(false);
        self.fits.insert((sub, sup), fits);
        fits
    }

    /// Whether every field of `aggregate` can be a value of type `sup`.
    pub fn fields_fit(&mut self, aggregate: Type, sup: Type) -> bool {
        if let Some(&known) = self.fields_fit.get(&(aggregate, sup)) {
            return known;
        }
        let count = self.field_count(aggregate).unwrap_or(0);
        let fit = (0..count).all(|n| match self.field_type(aggregate, n) {
            Some(ty) => self.fits(ty, sup),
            None => true,
        });
        self.fields_fit.insert((aggregate, sup), fit);
        fit
    }

    /// The declared fields of a struct type.
    pub fn declared_fields(&self, ty: Type) -> Option<&'a [Field]> {
        match self.tables.decl(ty)? {
            Decl::Struct(s) => Some(&s.fields),
            _ => None,
        }
    }

    /// Number of fields of a tuple of fixed length or a declared type.
    pub fn field_count(&self, ty: Type) -> Option<usize> {
        if self.tables.is_tuple(ty) {
            let params = self.tables.params(ty);
            return match params.last() {
                Some(TypeParam::Type(last))
                    if matches!(self.tables.type_data(*last), TypeData::Vararg { .. }) =>
                {
                    None
                }
                _ => Some(params.len()),
            };
        }
        match self.tables.decl(ty) {
            Some(Decl::Struct(s)) => Some(s.fields.len()),
            Some(Decl::Singleton { .. }) => Some(0),
            Some(Decl::Primitive { .. }) | None => None,
        }
    }

    /// The type of a field by its 0-based index.
    pub fn field_type(&self, ty: Type, n: usize) -> Option<Type> {
        if self.tables.is_tuple(ty) {
            return match self.tables.params(ty).get(n)? {
                TypeParam::Type(t) => Some(*t),
                TypeParam::Value(_) => None,
            };
        }
        Some(self.declared_fields(ty)?.get(n)?.ty)
    }

    /// Width in bits of a number or pointer.
    pub fn width(&mut self, ty: Type) -> Option<u32> {
        match self.class(ty) {
            TypeClass::Primitive(bits) => Some(bits),
            TypeClass::Pointer => Some(64),
            _ => None,
        }
    }

    /// Numbers that integer intrinsics take: everything of fixed width but floats.
    pub fn is_integer_like(&mut self, ty: Type) -> bool {
        !ty.is_float() && self.width(ty).is_some()
    }

    /// Whether values are or hold references to counted objects, boxes included.
    pub fn is_reference(&mut self, ty: Type) -> bool {
        match self.class(ty) {
            TypeClass::Abstract => true,
            TypeClass::Union => !self.is_bits(ty),
            _ => self.tables.is_counted(ty),
        }
    }

    /// Whether a type as a value, `type T`, can be a value of type `sup`.
    pub fn type_value_fits(&mut self, t: Type, sup: Type) -> bool {
        if let Some(of) = self.tables.type_of_type(sup) {
            return of == t || matches!(self.tables.type_data(of), TypeData::Var(_));
        }
        match self.class(sup) {
            TypeClass::Union => {
                let members = self.tables.members(sup);
                members.into_iter().any(|m| self.type_value_fits(t, m))
            }
            // Of the builtin types only these have types as values.
            TypeClass::Abstract => {
                matches!(sup, Type::ANY | Type::DATA_TYPE | Type::TYPE_OF_BOTTOM)
                    || sup > Type::METHOD_ERROR
            }
            _ => false,
        }
    }

    /// Whether a value of this type may be a type.
    pub fn may_be_type(&mut self, ty: Type) -> bool {
        self.tables.type_of_type(ty).is_some()
            || match self.class(ty) {
                TypeClass::Bottom | TypeClass::Union => true,
                TypeClass::Abstract => {
                    matches!(ty, Type::ANY | Type::DATA_TYPE | Type::TYPE_OF_BOTTOM)
                        || ty > Type::METHOD_ERROR
                }
                _ => false,
            }
    }
}
