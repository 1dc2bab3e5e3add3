//! The types of generated programs, and how they are written in Julia.

use std::fmt;

/// A type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ty {
    Nothing,
    Bool,
    /// `Int8` to `UInt128`.
    Int {
        signed: bool,
        bits: u8,
    },
    /// `Float16` to `Float64`.
    Float(u8),
    Char,
    Text,
    Tuple(Vec<Ty>),
    Vector(Box<Ty>),
    /// A struct of the program, by its number.
    Struct(usize),
    /// Two members.
    Union(Box<(Ty, Ty)>),
}

impl Ty {
    pub const INT64: Ty = Ty::Int {
        signed: true,
        bits: 64,
    };
    pub const UINT64: Ty = Ty::Int {
        signed: false,
        bits: 64,
    };
    pub const FLOAT64: Ty = Ty::Float(64);

    pub fn vector(elem: Ty) -> Ty {
        Ty::Vector(Box::new(elem))
    }

    pub fn is_int(&self) -> bool {
        matches!(self, Ty::Int { .. })
    }

    pub fn is_float(&self) -> bool {
        matches!(self, Ty::Float(_))
    }

    /// Whether `<` and `sort` are at home with it.
    pub fn is_ordered(&self) -> bool {
        matches!(
            self,
            Ty::Int { .. } | Ty::Float(_) | Ty::Char | Ty::Text | Ty::Bool
        )
    }

    /// Whether `===` says the same whatever bits a NaN has.
    pub fn has_exact_identity(&self) -> bool {
        match self {
            Ty::Float(_) | Ty::Struct(_) | Ty::Vector(_) => false,
            Ty::Tuple(parts) => parts.iter().all(Ty::has_exact_identity),
            Ty::Union(members) => members.0.has_exact_identity() && members.1.has_exact_identity(),
            _ => true,
        }
    }

    /// The type as the program `index` writes it.
    pub fn text(&self, index: usize) -> String {
        Shown(self, index).to_string()
    }
}

struct Shown<'a>(&'a Ty, usize);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Shown(ty, index) = *self;
        match ty {
            Ty::Nothing => f.write_str("Nothing"),
            Ty::Bool => f.write_str("Bool"),
            Ty::Int { signed, bits } => {
                write!(f, "{}Int{bits}", if *signed { "" } else { "U" })
            }
            Ty::Float(bits) => write!(f, "Float{bits}"),
            Ty::Char => f.write_str("Char"),
            Ty::Text => f.write_str("String"),
            Ty::Tuple(parts) => {
                f.write_str("Tuple{")?;
                for (i, part) in parts.iter().enumerate() {
                    let comma = if i > 0 { ", " } else { "" };
                    write!(f, "{comma}{}", Shown(part, index))?;
                }
                f.write_str("}")
            }
            Ty::Vector(elem) => write!(f, "Vector{{{}}}", Shown(elem, index)),
            Ty::Struct(n) => f.write_str(&struct_name(index, *n)),
            Ty::Union(members) => write!(
                f,
                "Union{{{}, {}}}",
                Shown(&members.0, index),
                Shown(&members.1, index)
            ),
        }
    }
}

/// The name of struct `n` of program `index`.
pub fn struct_name(index: usize, n: usize) -> String {
    format!("S{index}_{n}")
}

/// A struct of the program.
#[derive(Clone, Debug)]
pub struct StructDef {
    pub mutable: bool,
    /// Fields `a`, `b`, ...
    pub fields: Vec<Ty>,
}

/// The name of a field.
pub fn field_name(n: usize) -> char {
    char::from(b'a' + (n % 26) as u8)
}
