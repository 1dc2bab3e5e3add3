//! Why a type has no layout, or not the declared one. Only texts; the rules are in the parent.

use jlift_ir::{Tables, Type};
use std::fmt;

/// A problem with the layout of a type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LayoutError {
    /// The type that the problem is about.
    pub ty: Type,
    /// Its text, cut if it is long.
    pub name: String,
    pub problem: LayoutProblem,
}

/// What is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LayoutProblem {
    /// The type contains itself by value.
    Recursive,
    /// Nested deeper than [`super::MAX_DEPTH`].
    TooDeep,
    /// Larger than [`super::MAX_SIZE`].
    TooLarge,
    /// A primitive type of an unusual number of bits.
    PrimitiveWidth(u32),
    /// The type has more scalars than the caller accepts.
    TooManyLeaves(usize),
    Size {
        declared: u32,
        computed: u32,
    },
    Align {
        declared: u32,
        computed: u32,
    },
    Offset {
        field: String,
        declared: u32,
        computed: u32,
    },
    /// Declared as plain bits, but this field is a reference.
    HoldsReference(String),
    /// Declared both mutable and stored by value.
    MutableInline,
}

impl LayoutError {
    pub(super) fn new(tables: &Tables, ty: Type, problem: LayoutProblem) -> Self {
        Self {
            ty,
            name: short_text(tables, ty),
            problem,
        }
    }
}

/// The text of a type for a message, cut after 200 characters.
pub(crate) fn short_text(tables: &Tables, ty: Type) -> String {
    let text = jlift_ir::text::type_text(tables, ty);
    match text.char_indices().nth(200) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

impl fmt::Display for LayoutError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        use LayoutProblem::*;
        write!(f, "`{}` ", self.name)?;
        match &self.problem {
            Recursive => write!(f, "contains itself by value"),
            TooDeep => write!(f, "is nested deeper than {} levels", super::MAX_DEPTH),
            TooLarge => write!(f, "is larger than {} bytes", super::MAX_SIZE),
            PrimitiveWidth(bits) => {
                write!(f, "has {bits} bits; 8, 16, 32, 64 and 128 are supported")
            }
            TooManyLeaves(limit) => write!(f, "consists of more than {limit} scalars"),
            Size { declared, computed } => {
                write!(
                    f,
                    "is declared with size {declared}, its fields give {computed}"
                )
            }
            Align { declared, computed } => {
                write!(
                    f,
                    "is declared with alignment {declared}, its fields give {computed}"
                )
            }
            Offset {
                field,
                declared,
                computed,
            } => write!(
                f,
                "has field `{field}` declared at offset {declared}, it belongs at {computed}"
            ),
            HoldsReference(field) => write!(
                f,
                "is declared inline, but its field `{field}` is not plain bits"
            ),
            MutableInline => write!(f, "is declared mutable, but not as a heap object"),
        }
    }
}

impl std::error::Error for LayoutError {}
