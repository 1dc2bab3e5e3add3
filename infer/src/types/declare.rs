//! Layouts of concrete types for typed IR: computes the declaration of a type and of everything in
//! it, so that [`Tables::class`] and the layout rules of `abi` know them.

use super::family::{FamilyKind, TypeFamilies};
use super::{instantiate, print, shape};
use hashbrown::HashSet;
use jlift_abi::layout::{INT128_ALIGN, MAX_SIZE, layout};
use jlift_ir::decl::{Decl, Field, StructDecl};
use jlift_ir::{Name, StructKind, Tables, Type, TypeClass, TypeData, TypeParam};
use std::fmt;

/// Structs nest this deep at most.
const MAX_DEPTH: u32 = 60;
/// Size of a reference to a heap object.
const REFERENCE: u32 = 8;

/// Why a type has no layout.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DeclareError {
    /// The layout of a part is not possible.
    Layout(String),
    /// Structs in structs without end.
    TooDeep(String),
    /// Larger than any object may be.
    TooLarge(String),
}

impl fmt::Display for DeclareError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DeclareError::Layout(text) => f.write_str(text),
            DeclareError::TooDeep(ty) => write!(f, "`{ty}` is nested too deeply"),
            DeclareError::TooLarge(ty) => write!(f, "values of `{ty}` are too large"),
        }
    }
}

impl std::error::Error for DeclareError {}

/// Declares a concrete type and all types inside its values. Does nothing for types that need no
/// declaration, and for abstract ones.
///
/// # Errors
/// If a type has no layout.
pub fn ensure_declared(
    tables: &mut Tables,
    families: &mut TypeFamilies,
    ty: Type,
) -> Result<(), DeclareError> {
    let mut declarer = Declarer {
        tables,
        families,
        active: Vec::new(),
        done: HashSet::new(),
    };
    declarer.declare(ty)?;
    // Nothing is being declared any more that could not be complete.
    tables.settle(ty);
    Ok(())
}

struct Declarer<'a> {
    tables: &'a mut Tables,
    families: &'a mut TypeFamilies,
    /// Types whose fields are being declared.
    active: Vec<Type>,
    done: HashSet<Type>,
}

impl Declarer<'_> {
    fn declare(&mut self, ty: Type) -> Result<(), DeclareError> {
        if self.tables.decl(ty).is_some() || self.tables.is_settled(ty) || !self.done.insert(ty) {
            return Ok(());
        }
        if self.active.len() as u32 > MAX_DEPTH {
            return Err(DeclareError::TooDeep(self.text(ty)));
        }
        match self.tables.type_data(ty) {
            TypeData::Union(_) => {
                for member in self.tables.members(ty) {
                    self.declare(member)?;
                }
                Ok(())
            }
            TypeData::Data { name, .. } => self.declare_nominal(ty, name),
            _ => Ok(()),
        }
    }

    fn text(&mut self, ty: Type) -> String {
        print::type_text(self.tables, self.families, ty)
    }

    fn declare_nominal(&mut self, ty: Type, name: Name) -> Result<(), DeclareError> {
        let inner = match self.tables.class(ty) {
            // `Ptr{T}` and `Array{T}` hold a `T` at one remove; its layout is wanted all the same.
            TypeClass::Pointer | TypeClass::Array => match self.tables.params(ty).first() {
                Some(TypeParam::Type(elem)) => vec![*elem],
                _ => Vec::new(),
            },
            _ if self.tables.is_tuple(ty) => self.tables.tuple_elems(ty).unwrap_or_default(),
            _ => return self.declare_struct(ty, name),
        };
        self.active.push(ty);
        let result = inner.into_iter().try_for_each(|t| self.declare(t));
        self.active.pop();
        result
    }

    fn declare_struct(&mut self, ty: Type, name: Name) -> Result<(), DeclareError> {
        if ty.builtin_bits().is_some()
            || matches!(ty, Type::NOTHING | Type::STRING | Type::SYMBOL)
            || self.tables.type_of_type(ty).is_some()
            || !shape::is_concrete(self.tables, self.families, ty)
        {
            return Ok(());
        }
        let supertype = instantiate::supertype(self.tables, self.families, ty);
        let kind = self.families.consult(name).map(|f| f.kind.clone());
        let (mutable, initialized, const_flags) = match kind {
            Some(FamilyKind::Primitive { bits }) => {
                self.tables.declare(ty, Decl::Primitive { bits, supertype });
                return Ok(());
            }
            Some(FamilyKind::Struct {
                mutable,
                initialized,
                fields,
            }) => {
                let const_flags = fields.iter().map(|f| f.is_const).collect();
                (mutable, initialized, const_flags)
            }
            Some(FamilyKind::Builtin) if self.tables.is_named_tuple(ty) => {
                (false, u32::MAX, Vec::new())
            }
            _ => return Ok(()),
        };
        let Some(fields) = instantiate::fields(self.tables, self.families, ty) else {
            return Ok(());
        };
        if fields.is_empty() && !mutable {
            self.tables.declare(ty, Decl::Singleton { supertype });
            return Ok(());
        }
        let count = fields.len() as u32;
        let mut decl = self.layout(ty, supertype, mutable, fields, const_flags)?;
        decl.initialized = initialized.min(count);
        self.tables.declare(ty, Decl::Struct(decl));
        Ok(())
    }

    fn layout(
        &mut self,
        ty: Type,
        supertype: Type,
        mutable: bool,
        fields: Vec<(Name, Type)>,
        const_flags: Vec<bool>,
    ) -> Result<StructDecl, DeclareError> {
        // A field of the type itself must be a reference, so its values are objects.
        let recursive = !mutable && fields.iter().any(|f| self.holds_inline(f.1, ty, 0));
        let mut kind = match mutable || recursive {
            true => StructKind::Heap,
            false => StructKind::Inline,
        };
        // Objects are known before their fields are looked at: those may refer back to them.
        self.active.push(ty);
        let mut declared = Ok(());
        if kind != StructKind::Heap {
            declared = fields.iter().try_for_each(|f| self.declare(f.1));
        } else {
            for f in &fields {
                if !self.holds_inline(f.1, ty, 0) {
                    declared = declared.and_then(|()| self.declare(f.1));
                }
            }
        }
        self.active.pop();
        declared?;
        let (mut end, mut align) = (0u32, 1u32);
        let mut out = Vec::with_capacity(fields.len());
        for (n, (name, field)) in fields.into_iter().enumerate() {
            let (size, field_align) = self.slot(field)?;
            if kind == StructKind::Inline && !self.is_inline(field) {
                kind = StructKind::InlineWithReferences;
            }
            align = align.max(field_align);
            let offset = end.next_multiple_of(field_align);
            end = offset.saturating_add(size);
            if end > MAX_SIZE {
                return Err(DeclareError::TooLarge(self.text(ty)));
            }
            out.push(Field {
                name,
                ty: field,
                offset,
                is_const: mutable && const_flags.get(n).copied().unwrap_or(false),
            });
        }
        Ok(StructDecl {
            mutable,
            kind,
            size: end.next_multiple_of(align),
            align,
            supertype,
            initialized: out.len() as u32,
            fields: out,
        })
    }

    /// Whether a field is stored without references.
    fn is_inline(&self, field: Type) -> bool {
        match self.tables.class(field) {
            TypeClass::Union => jlift_abi::layout::is_small_union(self.tables, field),
            _ => self.tables.is_bits(field) && self.tables.type_of_type(field).is_none(),
        }
    }

    /// Size and alignment of a field.
    fn slot(&mut self, field: Type) -> Result<(u32, u32), DeclareError> {
        if self.tables.type_of_type(field).is_some() {
            return Ok((REFERENCE, REFERENCE));
        }
        let l = layout(self.tables, field).map_err(|e| DeclareError::Layout(e.to_string()))?;
        let align = match self.tables.class(field) {
            TypeClass::Primitive(128) => INT128_ALIGN,
            _ => l.align,
        };
        Ok((l.size, align))
    }

    /// Whether a value of `field` holds a value of `ty` other than behind a mutable object, an
    /// array or a pointer.
    fn holds_inline(&mut self, field: Type, ty: Type, depth: u32) -> bool {
        let mut seen = HashSet::new();
        self.holds_inline_in(field, ty, depth, &mut seen)
    }

    fn holds_inline_in(
        &mut self,
        field: Type,
        ty: Type,
        depth: u32,
        seen: &mut HashSet<Type>,
    ) -> bool {
        if field == ty {
            return true;
        }
        if depth > MAX_DEPTH || !seen.insert(field) {
            return false;
        }
        let parts = match self.tables.type_data(field) {
            TypeData::Union(_) => self.tables.members(field),
            TypeData::Data { name, .. } => {
                let mutable = matches!(
                    self.families.consult(name).as_deref(),
                    Some(f) if matches!(f.kind, FamilyKind::Struct { mutable: true, .. })
                );
                // Tuples hold their elements whether or not those are of concrete types.
                let has_values = self.tables.tuple_elems(field).is_some()
                    || shape::is_concrete(self.tables, self.families, field);
                if mutable || !has_values {
                    return false;
                }
                instantiate::field_types(self.tables, self.families, field).unwrap_or_default()
            }
            _ => return false,
        };
        parts
            .into_iter()
            .any(|t| self.holds_inline_in(t, ty, depth + 1, seen))
    }
}
