//! What a caller of the interpreter does with values and memory besides calling functions: arguments
//! from constants and from bytes, results to bytes.

use crate::interpreter::Interpreter;
use crate::memory::Owner;
use crate::outcome::Outcome;
use crate::value::Value;
use jlift_ir::{Type, Value as Operand};

impl Interpreter<'_> {
    /// The value of a constant operand.
    pub fn constant_value(&mut self, constant: Operand) -> Result<Value, Outcome> {
        self.constant(constant).map_err(|stop| self.ended(stop))
    }

    /// Memory for arguments and results, zeroed, that the program may use but not free.
    pub fn allocate(&mut self, size: u64) -> Option<u64> {
        self.memory.allocate(size, Owner::External, true, None).ok()
    }

    /// Writes a value as one of type `ty` lies in memory.
    pub fn write_value(&mut self, ty: Type, value: &Value, address: u64) -> Result<(), Outcome> {
        self.store(ty, value, address)
            .map_err(|stop| self.ended(stop))
    }

    /// Reads a value of type `ty` from memory.
    pub fn read_value(&mut self, ty: Type, address: u64) -> Result<Value, Outcome> {
        self.load(ty, address).map_err(|stop| self.ended(stop))
    }
}
