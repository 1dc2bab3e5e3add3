//! Reference counts. Only what ownership has made explicit counts: statements that retain and
//! release, and stores, which drop what they replace. An object whose last reference goes is freed,
//! with what it holds.

use crate::interpreter::{Interpreter, Stage};
use crate::memory::Owner;
use crate::outcome::{FaultKind, Result};
use crate::value::Value;
use jlift_abi::object;
use jlift_ir::{Type, TypeClass};

impl Interpreter<'_> {
    /// Adds a reference to every object that a value is or holds.
    pub(crate) fn retain(&mut self, value: &Value) -> Result<()> {
        for (_, address) in references(value) {
            let count = self.count(address)?;
            if count >= 0 {
                self.set_count(address, count + 1)?;
            }
        }
        Ok(())
    }

    /// Drops a reference to every object that a value is or holds.
    pub(crate) fn release(&mut self, value: &Value) -> Result<()> {
        // What is freed drops others in its turn.
        let mut work = references(value);
        while let Some((ty, address)) = work.pop() {
            let count = self.count(address)?;
            match count {
                // It lives forever.
                ..0 => {}
                0 => return Err(self.memory.fault_at(FaultKind::BadCount, address).into()),
                1 => {
                    self.held(ty, address, &mut work)?;
                    self.memory.free(address, Owner::Heap)?;
                }
                _ => self.set_count(address, count - 1)?,
            }
        }
        Ok(())
    }

    /// Drops the references of a result, as a caller does; for leaks to be told.
    pub fn drop_value(&mut self, value: &Value) -> crate::Outcome {
        match self.release(value) {
            Ok(()) => crate::Outcome::Returned(Value::NOTHING),
            Err(stop) => self.ended(stop),
        }
    }

    fn count(&self, address: u64) -> Result<i64> {
        Ok(self.object_word(address, object::REFERENCE_COUNT_OFFSET)? as i64)
    }

    fn set_count(&mut self, address: u64, count: i64) -> Result<()> {
        self.set_object_word(address, object::REFERENCE_COUNT_OFFSET, count as u64)
    }

    /// The references that an object holds; frees an array's memory.
    fn held(&mut self, ty: Type, address: u64, out: &mut Vec<(Type, u64)>) -> Result<()> {
        match self.module.tables.class(ty) {
            TypeClass::Heap => {
                for index in 0..self.object_layout(ty)?.fields.len() {
                    let field = self.heap_field(ty, address, index)?;
                    out.extend(references(&field));
                }
            }
            TypeClass::Array => {
                let flags = self.object_word(address, object::TYPE_INDEX_OFFSET)? >> 32;
                let memory = self.object_word(address, object::ARRAY_MEMORY_OFFSET)?;
                let foreign = object::FLAG_BORROWED_DATA | object::FLAG_SHOWS_OTHER;
                if flags & u64::from(foreign) != 0 {
                    // The array whose elements these are has the same elements.
                    if memory != 0 {
                        out.push((ty, memory));
                    }
                    return Ok(());
                }
                if let Some((elem, _)) = self.module.tables.array_of(ty)
                    && self.module.tables.is_counted(elem)
                {
                    let length = self.object_word(address, object::ARRAY_LENGTH_OFFSET)?;
                    let data = self.object_word(address, object::ARRAY_DATA_OFFSET)?;
                    let stride = u64::from(self.layout(elem)?.stride());
                    for n in 0..length {
                        let value = self.load(elem, data.wrapping_add(n * stride))?;
                        out.extend(references(&value));
                    }
                }
                if memory != 0 {
                    self.memory.free(memory, Owner::Heap)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Stores a value where one may be; that one is dropped.
    pub(crate) fn replace(&mut self, ty: Type, value: &Value, address: u64) -> Result<()> {
        let drops = self.options.stage >= Stage::Owned && self.module.tables.is_counted(ty);
        if !drops {
            return self.store(ty, value, address);
        }
        let old = self.load(ty, address)?;
        self.store(ty, value, address)?;
        self.release(&old)
    }
}

/// The counted objects that a value is or holds.
fn references(value: &Value) -> Vec<(Type, u64)> {
    match value {
        // Symbols live forever.
        Value::Object {
            ty: Type::SYMBOL, ..
        } => Vec::new(),
        &Value::Object { ty, address } => vec![(ty, address)],
        Value::Aggregate(_, fields) => fields.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}
