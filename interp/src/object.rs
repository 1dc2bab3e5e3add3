//! Objects that are not structs: the words of arrays, the bytes of strings and symbols.

use crate::interpreter::Interpreter;
use crate::outcome::{Result, Stop};
use crate::value::Value;
use jlift_abi::object;
use jlift_ir::Type;

impl Interpreter<'_> {
    /// A word of an object, which it must have been given.
    pub(crate) fn object_word(&self, object: u64, offset: u32) -> Result<u64> {
        match self.memory.word(object.wrapping_add(offset.into()))? {
            Some(word) => Ok(word),
            None => Err(Stop::Undefined("a word of an object")),
        }
    }

    pub(crate) fn set_object_word(&mut self, object: u64, offset: u32, word: u64) -> Result<()> {
        let at = object.wrapping_add(offset.into());
        Ok(self.memory.write_all(at, &word.to_le_bytes())?)
    }

    /// The number of bytes of a string or symbol.
    pub(crate) fn text_length(&self, text: u64) -> Result<u64> {
        self.object_word(text, object::STRING_LENGTH_OFFSET)
    }

    /// The bytes of a string or symbol; `None` if some were never written.
    pub(crate) fn text_bytes(&self, text: u64) -> Result<Option<Vec<u8>>> {
        let length = self.text_length(text)?;
        let start = text.wrapping_add(object::STRING_BYTES_OFFSET.into());
        Ok(self.memory.read_all(start, length)?)
    }

    /// A string object whose bytes are to be written.
    pub(crate) fn alloc_string(&mut self, length: u64) -> Result<Value> {
        if length >= (i64::MAX - 64) as u64 {
            return self.throw_out_of_memory();
        }
        let start = u64::from(object::STRING_BYTES_OFFSET);
        let address = self.new_object(start + length + 1)?;
        self.set_object_word(address, object::STRING_LENGTH_OFFSET, length)?;
        self.memory.write_all(address + start + length, &[0])?;
        Ok(Value::Object {
            ty: Type::STRING,
            address,
        })
    }

    /// A string with these bytes, owned by the caller.
    pub fn new_string(&mut self, bytes: &[u8]) -> Option<Value> {
        let string = self.alloc_string(bytes.len() as u64).ok()?;
        if let Value::Object { address, .. } = string {
            let start = address + u64::from(object::STRING_BYTES_OFFSET);
            self.memory.write_all(start, bytes).ok()?;
        }
        Some(string)
    }

    /// The bytes of a string or symbol.
    pub fn bytes_of(&self, text: &Value) -> Option<Vec<u8>> {
        match *text {
            Value::Object {
                ty: Type::STRING | Type::SYMBOL,
                address,
            } => self.text_bytes(address).ok()?,
            _ => None,
        }
    }
}
