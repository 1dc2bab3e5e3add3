//! Declarations of struct, singleton and primitive types as a producer stated them. The stated
//! layout is a claim; `abi` computes the layout and compares.

use crate::names::Name;
use crate::types::Type;

/// Where values of a struct type live.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum StructKind {
    /// isbits: C layout, by value.
    Inline,
    /// Immutable, by value, with fields that are references.
    InlineWithReferences,
    /// A heap object.
    Heap,
}

/// One field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Field {
    pub name: Name,
    pub ty: Type,
    /// Byte offset as declared.
    pub offset: u32,
    /// `const` field of a mutable struct.
    pub is_const: bool,
}

/// A declared struct.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StructDecl {
    pub mutable: bool,
    pub kind: StructKind,
    /// Size in bytes as declared.
    pub size: u32,
    /// Alignment in bytes as declared.
    pub align: u32,
    pub supertype: Type,
    /// How many fields every `new` gives, from the first on. The others may be undefined.
    pub initialized: u32,
    pub fields: Vec<Field>,
}

/// What a declaration line said of a type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Decl {
    Struct(StructDecl),
    Singleton { supertype: Type },
    Primitive { bits: u32, supertype: Type },
}

impl Decl {
    /// The declared direct supertype.
    pub fn supertype(&self) -> Type {
        match self {
            Decl::Struct(s) => s.supertype,
            Decl::Singleton { supertype } | Decl::Primitive { supertype, .. } => *supertype,
        }
    }
}
