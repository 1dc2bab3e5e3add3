//! What inference knows of a value: a constant, a struct some of whose fields are known, a type, or
//! that there is none. Knows the order of these, not how they come about.

use jlift_ir::{Type, Value};
use std::rc::Rc;

/// An element of the lattice. `Bottom` is below everything, `Type(Any)` above.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Lat {
    /// No value: not reached, or never returns.
    Bottom,
    /// Exactly this value. Never `Value::Inst` or `Value::Arg`. The values of singleton types and
    /// types as values are always in this form.
    Const(Value),
    /// A tuple or struct of which more is known than its type says.
    Partial(Rc<Partial>),
    /// Any value of the type.
    Type(Type),
}

/// A tuple or struct with what is known of its fields, in order; trailing fields may be missing.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Partial {
    pub ty: Type,
    pub fields: Vec<Lat>,
}

impl Lat {
    /// `Any`.
    pub const ANY: Lat = Lat::Type(Type::ANY);
    /// A `Bool` of unknown value.
    pub const BOOL: Lat = Lat::Type(Type::BOOL);
    /// `nothing`.
    pub const NOTHING: Lat = Lat::Const(Value::NOTHING);

    /// Whether nothing reaches here.
    pub fn is_bottom(&self) -> bool {
        matches!(self, Lat::Bottom)
    }

    /// The constant, if it is one.
    pub fn as_const(&self) -> Option<Value> {
        match self {
            Lat::Const(v) => Some(*v),
            _ => None,
        }
    }

    /// The type that the value is, if it is a known type.
    pub fn as_type_value(&self) -> Option<Type> {
        match self {
            Lat::Const(Value::Type(t)) => Some(*t),
            _ => None,
        }
    }
}

/// What is known of a slot at a point.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SlotState {
    pub lat: Lat,
    /// It may not have been assigned.
    pub maybe_undefined: bool,
}

impl SlotState {
    /// Not assigned yet.
    pub const UNDEFINED: SlotState = SlotState {
        lat: Lat::Bottom,
        maybe_undefined: true,
    };
}
