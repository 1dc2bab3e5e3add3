//! Values while a program runs: trees of numbers, references and the rest. Every value carries its own
//! concrete type, so a union needs no tag. Which bits of a number are undefined is part of it, as in
//! memory; knows nothing of statements.

use jlift_ir::{Name, Tables, Type, TypeClass};
use std::rc::Rc;

/// A value.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// A number, character, `Bool` or pointer. Where `undefined` has a one, the bit may be anything,
    /// and `bits` has a zero. Bits beyond the width are zero in both.
    Bits {
        ty: Type,
        bits: u128,
        undefined: u128,
    },
    /// A tuple or an immutable struct, by its fields.
    Aggregate(Type, Rc<[Value]>),
    /// A reference to an object: an array, a string, a symbol or a mutable struct.
    Object { ty: Type, address: u64 },
    /// The only value of a type.
    Singleton(Type),
    /// A type as a value.
    Type(Type),
    /// A module as a value.
    Module(Name),
    /// The exception being handled where only its type is known, as after legalization.
    Exception(Type),
    /// `#undef`: a field or element that was never assigned.
    Unset,
    /// A value of which nothing is known, such as that of a phi behind an edge that it does not list.
    Undefined,
    /// What `enter` gives to `pop_exception`: how many exceptions were being handled.
    Token(usize),
}

impl Value {
    /// `nothing`.
    pub const NOTHING: Value = Value::Singleton(Type::NOTHING);

    /// A primitive or pointer with all its bits defined.
    pub fn bits(ty: Type, bits: u128) -> Value {
        Value::Bits {
            ty,
            bits,
            undefined: 0,
        }
    }

    /// A `Bool`.
    pub fn bool(value: bool) -> Value {
        Value::bits(Type::BOOL, value.into())
    }

    /// An `Int64`.
    pub fn int64(value: i64) -> Value {
        Value::bits(Type::INT64, u128::from(value as u64))
    }

    /// A `Float64`.
    pub fn float64(value: f64) -> Value {
        Value::bits(Type::FLOAT64, value.to_bits().into())
    }

    /// The value of a type of which nothing is known; of types with one value that value.
    pub fn undefined(tables: &Tables, ty: Type) -> Value {
        match tables.class(ty) {
            TypeClass::Primitive(_) | TypeClass::Pointer => Value::Bits {
                ty,
                bits: 0,
                undefined: mask(width(tables, ty).unwrap_or(128)),
            },
            TypeClass::Singleton => match tables.type_of_type(ty) {
                Some(of) => Value::Type(of),
                None => Value::Singleton(ty),
            },
            _ => Value::Undefined,
        }
    }

    /// The value's own type; `None` for what has none that a program can name.
    pub fn ty(&self) -> Option<Type> {
        match *self {
            Value::Bits { ty, .. }
            | Value::Aggregate(ty, _)
            | Value::Object { ty, .. }
            | Value::Exception(ty)
            | Value::Singleton(ty) => Some(ty),
            Value::Type(_) => Some(Type::DATA_TYPE),
            Value::Module(_) => Some(Type::MODULE),
            Value::Unset | Value::Undefined | Value::Token(_) => None,
        }
    }

    /// Whether every part of the value is known.
    pub fn is_defined(&self) -> bool {
        match self {
            Value::Bits { undefined, .. } => *undefined == 0,
            Value::Aggregate(_, fields) => fields.iter().all(Value::is_defined),
            Value::Undefined => false,
            _ => true,
        }
    }

    /// Whether values inside of this one nest at most so deep.
    pub(crate) fn nests_within(&self, depth: u32) -> bool {
        match (self, depth.checked_sub(1)) {
            (Value::Aggregate(_, fields), Some(depth)) => {
                fields.iter().all(|field| field.nests_within(depth))
            }
            (Value::Aggregate(..), None) => false,
            _ => true,
        }
    }

    /// Equal for every program: two NaNs of one type are the same, and so are objects at different
    /// addresses, of which only the type is compared.
    pub fn same(&self, other: &Value) -> bool {
        match (self, other) {
            (
                &Value::Bits {
                    ty: s,
                    bits: a,
                    undefined: u,
                },
                &Value::Bits {
                    ty: t,
                    bits: b,
                    undefined: v,
                },
            ) => s == t && u == v && (a == b || (is_nan(s, a) && is_nan(t, b))),
            (Value::Aggregate(s, a), Value::Aggregate(t, b)) => {
                s == t && a.len() == b.len() && a.iter().zip(b.iter()).all(|(x, y)| x.same(y))
            }
            (Value::Object { ty: s, .. }, Value::Object { ty: t, .. }) => s == t,
            _ => self == other,
        }
    }
}

/// Whether these bits are a NaN of a float type.
pub fn is_nan(ty: Type, bits: u128) -> bool {
    match ty {
        Type::FLOAT64 => f64::from_bits(bits as u64).is_nan(),
        Type::FLOAT32 => f32::from_bits(bits as u32).is_nan(),
        Type::FLOAT16 => bits & 0x7fff > 0x7c00,
        _ => false,
    }
}

/// The bits of a number: one for a `Bool`, as many as it has for anything else.
pub fn width(tables: &Tables, ty: Type) -> Option<u32> {
    match tables.class(ty) {
        _ if ty == Type::BOOL => Some(1),
        TypeClass::Primitive(bits @ 1..=128) => Some(bits),
        TypeClass::Pointer => Some(64),
        _ => None,
    }
}

/// Ones in the lowest `width` bits.
pub fn mask(width: u32) -> u128 {
    match width {
        128.. => u128::MAX,
        _ => (1 << width) - 1,
    }
}

/// The lowest `width` bits as a signed number.
pub fn signed(bits: u128, width: u32) -> i128 {
    let unused = 128 - width.clamp(1, 128);
    ((bits << unused) as i128) >> unused
}
