//! Constants that do not fit into a [`crate::Value`]: wide integers, strings, symbols, aggregates
//! and references to globals. Knows nothing of how they are stored in a program.

use crate::function::Value;
use crate::module::Global;
use crate::names::Name;
use crate::types::Type;
use cranelift_entity::entity_impl;

/// An interned constant.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Const(u32);
entity_impl!(Const, "const");

/// What a constant is.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum ConstData {
    /// A primitive of more than 64 bits.
    Wide { ty: Type, bits: u128 },
    /// A `String`; Julia's strings may hold any bytes.
    String(Box<[u8]>),
    /// A `Symbol`.
    Symbol(Name),
    /// A tuple or struct; the operands are constants too.
    Aggregate { ty: Type, fields: Box<[Value]> },
    /// An `Array{T, N}` with its sizes and elements, which are constants too.
    Array {
        ty: Type,
        dims: Box<[i64]>,
        elems: Box<[Value]>,
    },
    /// A module, by its full name.
    Module(Name),
    /// `const M.NAME`: a listed global constant, used by value.
    Global(Global),
    /// `global M.NAME`: a binding whose value the text does not hold.
    Binding(Name),
    /// A heap constant whose value the text cannot hold; reaching it is an error.
    Opaque(Type),
}
