//! Julia's types as interned, structurally compared terms. Knows the names of the builtin types;
//! what a declared struct looks like is in [`crate::decl`], memory layout is not known here.

use crate::names::Name;
use cranelift_entity::entity_impl;

/// An interned type: equal types have equal indices.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Type(u32);
entity_impl!(Type, "type");

/// One parameter of a parametric type.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum TypeParam {
    /// A type, as in `Ptr{Float64}`.
    Type(Type),
    /// A value, as in `Array{Float64, 2}` or `Val{:x}`.
    Value(crate::function::Value),
}

/// A slice of the table's parameter pool.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct ParamList {
    pub(crate) start: u32,
    pub(crate) len: u32,
}

/// The shape of a type.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum TypeData {
    /// `Union{}`, the type without values.
    Bottom,
    /// A nominal type with its parameters; tuples are `Tuple` with their element types.
    Data { name: Name, params: ParamList },
    /// A union of at least two different types, in the order in which they were written.
    Union(ParamList),
    /// `(body where lower<:var<:upper)`.
    UnionAll {
        var: Name,
        lower: Type,
        upper: Type,
        body: Type,
    },
    /// A type variable bound by an enclosing [`TypeData::UnionAll`].
    Var(Name),
    /// `Vararg{elem}` or `Vararg{elem, count}`: the last parameter of a tuple type.
    Vararg {
        elem: Type,
        count: Option<TypeParam>,
    },
}

macro_rules! well_known {
    ($($id:ident = $text:literal $(bits $bits:literal)?),* $(,)?) => {
        /// Builtin nominal types without parameters, in the order of their indices.
        pub(crate) const WELL_KNOWN: &[&str] = &[$($text),*];
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum Index { BOTTOM_, $($id),* }
        impl Type {
            /// `Union{}`.
            pub const BOTTOM: Type = Type(Index::BOTTOM_ as u32);
            $(#[doc = concat!("`", $text, "`.")] pub const $id: Type = Type(Index::$id as u32);)*

            /// Width in bits of a builtin primitive type (8 for `Bool`), `None` for others.
            pub fn builtin_bits(self) -> Option<u32> {
                match self {
                    $($(Type::$id => Some($bits),)?)*
                    _ => None,
                }
            }
        }
    };
}

well_known! {
    ANY = "Any",
    NOTHING = "Nothing",
    BOOL = "Bool" bits 8,
    CHAR = "Char" bits 32,
    INT8 = "Int8" bits 8,
    INT16 = "Int16" bits 16,
    INT32 = "Int32" bits 32,
    INT64 = "Int64" bits 64,
    INT128 = "Int128" bits 128,
    UINT8 = "UInt8" bits 8,
    UINT16 = "UInt16" bits 16,
    UINT32 = "UInt32" bits 32,
    UINT64 = "UInt64" bits 64,
    UINT128 = "UInt128" bits 128,
    FLOAT16 = "Float16" bits 16,
    FLOAT32 = "Float32" bits 32,
    FLOAT64 = "Float64" bits 64,
    STRING = "String",
    SYMBOL = "Symbol",
    MODULE = "Module",
    SIMPLE_VECTOR = "Core.SimpleVector",
    DATA_TYPE = "DataType",
    TYPE_OF_BOTTOM = "Core.TypeofBottom",
    ABSTRACT_STRING = "AbstractString",
    EXCEPTION = "Exception",
    FUNCTION = "Function",
    LAZY_STRING = "Base.LazyString",
    INEXACT_ERROR = "InexactError",
    DOMAIN_ERROR = "DomainError",
    DIVIDE_ERROR = "DivideError",
    OVERFLOW_ERROR = "OverflowError",
    ARGUMENT_ERROR = "ArgumentError",
    BOUNDS_ERROR = "BoundsError",
    ERROR_EXCEPTION = "ErrorException",
    TYPE_ERROR = "TypeError",
    UNDEF_REF_ERROR = "UndefRefError",
    UNDEF_VAR_ERROR = "UndefVarError",
    OUT_OF_MEMORY_ERROR = "OutOfMemoryError",
    STACK_OVERFLOW_ERROR = "StackOverflowError",
    METHOD_ERROR = "MethodError",
}

impl Type {
    /// A signed or unsigned integer type of the language (not `Bool`, `Char`, `Ptr`).
    pub fn is_integer(self) -> bool {
        self.is_signed() || self.is_unsigned()
    }

    /// `Int8` … `Int128`.
    pub fn is_signed(self) -> bool {
        (Type::INT8..=Type::INT128).contains(&self)
    }

    /// `UInt8` … `UInt128`.
    pub fn is_unsigned(self) -> bool {
        (Type::UINT8..=Type::UINT128).contains(&self)
    }

    /// `Float16`, `Float32` or `Float64`.
    pub fn is_float(self) -> bool {
        (Type::FLOAT16..=Type::FLOAT64).contains(&self)
    }
}

/// What kind of values a type has; the first question of every consumer.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum TypeClass {
    /// No value.
    Bottom,
    /// One value without data: `Nothing`, a function, an empty struct or tuple, `Type{T}`.
    Singleton,
    /// A number of fixed width in bits, incl. `Bool`, `Char`, `Float64` and declared primitives.
    Primitive(u32),
    /// `Ptr{T}`.
    Pointer,
    /// An immutable aggregate without references: a tuple, named tuple or struct.
    Inline,
    /// An immutable aggregate that holds references to boxed values.
    InlineWithReferences,
    /// A declared heap object.
    Heap,
    /// `Array{T, N}`.
    Array,
    /// `String`.
    String,
    /// `Symbol`.
    Symbol,
    /// A union.
    Union,
    /// Anything whose values have different concrete types, or a kind this IR only carries along.
    Abstract,
}
