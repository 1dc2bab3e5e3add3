//! What a function is called with.

use jlift_ir::{Func, Type};

/// A call.
#[derive(Clone, PartialEq, Debug)]
pub struct Call {
    pub func: Func,
    pub input: Input,
}

/// Arguments, and the memory that they point to.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Input {
    pub args: Vec<Argument>,
    pub buffers: Vec<Buffer>,
}

/// Memory that the call may use.
#[derive(Clone, PartialEq, Debug)]
pub struct Buffer {
    pub bytes: Vec<u8>,
    /// What lies in it, one after the other: decides which bytes are NaNs.
    pub elem: Type,
}

/// One argument.
#[derive(Clone, PartialEq, Debug)]
pub enum Argument {
    /// A number, tuple or struct of plain bits, as it lies in memory.
    Bytes(Vec<u8>),
    /// An address inside of a buffer.
    Pointer { buffer: usize, offset: u64 },
    /// An array of plain bits whose elements are in a buffer.
    Array { buffer: usize, sizes: Vec<i64> },
    /// A string.
    Text(Vec<u8>),
}
