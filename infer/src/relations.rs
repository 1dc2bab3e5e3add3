//! Questions about types, asked of a world.

use crate::types;
use crate::world::World;
use jlift_abi::layout::layout;
use jlift_ir::{Name, Type, TypeClass, TypeParam, Value};

impl World {
    /// Whether `a <: b`.
    pub fn is_subtype(&mut self, a: Type, b: Type) -> bool {
        types::subtype::is_subtype(&mut self.module.tables, &mut self.families, a, b)
    }

    /// `typeintersect(a, b)`.
    pub fn intersect(&mut self, a: Type, b: Type) -> Type {
        types::intersect::intersect(&mut self.module.tables, &mut self.families, a, b)
    }

    /// `typejoin(a, b)`.
    pub fn typejoin(&mut self, a: Type, b: Type) -> Type {
        types::join::typejoin(&mut self.module.tables, &mut self.families, a, b)
    }

    /// Whether a signature is more specific than another.
    pub fn more_specific(&mut self, a: Type, b: Type) -> bool {
        types::specificity::more_specific(&mut self.module.tables, &mut self.families, a, b)
    }

    /// The values of a signature's variables for a tuple of argument types, if it accepts them.
    pub fn match_signature(&mut self, sig: Type, tuple: Type) -> Option<Vec<TypeParam>> {
        types::matching::match_signature(&mut self.module.tables, &mut self.families, sig, tuple)
    }

    /// The argument types of a tuple that a signature accepts, and the values of its variables.
    pub fn intersect_signature(
        &mut self,
        sig: Type,
        tuple: Type,
    ) -> Option<(Type, Vec<TypeParam>)> {
        let (tables, families) = (&mut self.module.tables, &mut self.families);
        types::matching::intersect_signature(tables, families, sig, tuple)
    }

    /// `head{params…}`.
    pub fn apply_type(&mut self, head: Type, params: &[TypeParam]) -> Result<Type, String> {
        types::apply::apply_type(&mut self.module.tables, &mut self.families, head, params)
            .map_err(|e| e.to_string())
    }

    /// The direct supertype.
    pub fn supertype(&mut self, ty: Type) -> Option<Type> {
        if ty == Type::ANY {
            return None;
        }
        Some(types::instantiate::supertype(
            &mut self.module.tables,
            &mut self.families,
            ty,
        ))
    }

    /// Whether values of exactly this type exist.
    pub fn is_concrete(&mut self, ty: Type) -> bool {
        types::shape::is_concrete(&mut self.module.tables, &mut self.families, ty)
    }

    /// Whether the type was declared abstract.
    pub fn is_abstract(&mut self, ty: Type) -> bool {
        let Some(name) = self.nominal_name(ty) else {
            return false;
        };
        matches!(
            self.families.get(name).map(|f| &f.kind),
            Some(types::family::FamilyKind::Abstract)
        )
    }

    /// `typeof` of a type.
    pub fn kind_of_type(&mut self, ty: Type) -> Type {
        types::shape::kind_of_type(&mut self.module.tables, &mut self.families, ty)
    }

    /// Whether the values of a type are types: `DataType`, `Union`, `UnionAll`.
    pub fn is_kind(&mut self, ty: Type) -> bool {
        types::shape::is_kind(&mut self.module.tables, &mut self.families, ty)
    }

    /// The type that `typeof` says of the values of a type.
    pub fn type_of_values(&mut self, ty: Type) -> Type {
        types::shape::type_of_values(&mut self.module.tables, &mut self.families, ty)
    }

    /// Makes the layout of a type known to typed IR.
    pub fn declare(&mut self, ty: Type) {
        // What cannot be declared is refused where it is used.
        let _ = types::declare::ensure_declared(&mut self.module.tables, &mut self.families, ty);
    }

    /// Why values of a type cannot be held, if they cannot.
    pub fn undeclarable(&mut self, ty: Type) -> Option<String> {
        types::declare::ensure_declared(&mut self.module.tables, &mut self.families, ty)
            .err()
            .map(|e| e.to_string())
    }

    /// Size in bytes of a value of the type, as `sizeof` tells it.
    pub fn size_of(&mut self, ty: Type) -> Option<u32> {
        self.declare(ty);
        match self.module.tables.class(ty) {
            TypeClass::Abstract
            | TypeClass::String
            | TypeClass::Array
            | TypeClass::Symbol
            | TypeClass::Union
            | TypeClass::Bottom => None,
            TypeClass::Singleton => Some(0),
            // The fields of an object, without its header.
            TypeClass::Heap => jlift_abi::layout::object_layout(&self.module.tables, ty)
                .ok()
                .map(|l| l.size),
            _ => layout(&self.module.tables, ty).ok().map(|l| l.size),
        }
    }

    /// Alignment in bytes of a value of the type.
    pub fn align_of(&mut self, ty: Type) -> Option<u32> {
        self.declare(ty);
        layout(&self.module.tables, ty).ok().map(|l| l.align)
    }

    /// Where a field is in the memory of a value, in bytes.
    pub fn field_offset(&mut self, ty: Type, index: usize) -> Option<u32> {
        self.declare(ty);
        let layout = jlift_abi::layout::object_layout(&self.module.tables, ty).ok()?;
        layout.fields.get(index).map(|f| f.offset)
    }

    /// The names of the fields of a struct or named tuple.
    pub fn field_names(&mut self, ty: Type) -> Vec<Name> {
        match types::instantiate::fields(&mut self.module.tables, &mut self.families, ty) {
            Some(fields) => fields.into_iter().map(|(name, _)| name).collect(),
            None => Vec::new(),
        }
    }

    /// The type of a field of a type that may be a `UnionAll`.
    pub fn abstract_field_type(&mut self, ty: Type, field: Value) -> Option<Type> {
        if self.module.tables.is_tuple(ty) {
            let at = usize::try_from(self.const_int(field)? - 1).ok()?;
            return self.module.tables.field_type(ty, at);
        }
        let fields = types::instantiate::fields(&mut self.module.tables, &mut self.families, ty)?;
        let at = match self.const_symbol(field) {
            Some(name) => fields.iter().position(|(n, _)| *n == name)?,
            None => usize::try_from(self.const_int(field)? - 1).ok()?,
        };
        fields.get(at).map(|(_, t)| *t)
    }
}
