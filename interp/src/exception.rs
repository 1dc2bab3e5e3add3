//! Exceptions on their way. An exception is its type and text, which the error record holds as in a
//! compiled program, and, where it was thrown by a statement and not by legalized code, the
//! exception itself.

use crate::interpreter::Interpreter;
use crate::outcome::{Result, Stop, Thrown};
use crate::value::Value;
use cranelift_entity::EntityRef;
use jlift_ir::Type;
use jlift_ir::error_record::{
    LENGTH_OFFSET, MESSAGE_CAPACITY, MESSAGE_OFFSET, TYPE_OFFSET, type_hash,
};

impl Interpreter<'_> {
    /// Throws an exception with this text.
    pub(crate) fn throw_text<T>(&mut self, ty: Type, message: Vec<u8>) -> Result<T> {
        let stop = self.thrown(ty, message, None)?;
        Err(stop)
    }

    pub(crate) fn throw_undefined_reference<T>(&mut self) -> Result<T> {
        let message = b"UndefRefError: access to undefined reference".to_vec();
        self.throw_text(Type::UNDEF_REF_ERROR, message)
    }

    pub(crate) fn throw_out_of_memory<T>(&mut self) -> Result<T> {
        self.throw_text(Type::OUT_OF_MEMORY_ERROR, b"OutOfMemoryError()".to_vec())
    }

    /// `throw(exception)`.
    pub(crate) fn throw(&mut self, exception: &Value) -> Result<Value> {
        if let Value::Exception(_) = exception {
            return Err(self.rethrow()?);
        }
        let Some(ty) = exception.ty() else {
            return Err(Stop::Undefined("a thrown exception"));
        };
        let message = self.error_text(exception)?;
        Err(self.thrown(ty, message, Some(exception.clone()))?)
    }

    fn thrown(&mut self, ty: Type, mut message: Vec<u8>, value: Option<Value>) -> Result<Stop> {
        message.truncate(MESSAGE_CAPACITY as usize);
        let thrown = Thrown { ty, message, value };
        self.write_record(&thrown)?;
        Ok(Stop::Throw(Box::new(thrown)))
    }

    fn write_record(&mut self, thrown: &Thrown) -> Result<()> {
        let hash = type_hash(&self.type_text(thrown.ty));
        let at = |offset: u32| self.record + u64::from(offset);
        let (hash_at, length_at, text_at) =
            (at(TYPE_OFFSET), at(LENGTH_OFFSET), at(MESSAGE_OFFSET));
        let length = thrown.message.len() as u64;
        self.memory.write_all(hash_at, &hash.to_le_bytes())?;
        self.memory.write_all(length_at, &length.to_le_bytes())?;
        self.memory.write_all(text_at, &thrown.message)?;
        self.memory.write_all(text_at + length, &[0])?;
        self.recorded = Some(thrown.clone());
        Ok(())
    }

    /// `rethrow()`: throws what the record says.
    pub(crate) fn rethrow(&mut self) -> Result<Stop> {
        let undefined = Stop::Undefined("the error record");
        let hash = self.memory.word(self.record + u64::from(TYPE_OFFSET))?;
        let length = self.memory.word(self.record + u64::from(LENGTH_OFFSET))?;
        let (Some(hash), Some(length)) = (hash, length) else {
            return Ok(undefined);
        };
        let text_at = self.record + u64::from(MESSAGE_OFFSET);
        let length = length.min(MESSAGE_CAPACITY.into());
        let Some(message) = self.memory.read_all(text_at, length)? else {
            return Ok(undefined);
        };
        if let Some(known) = &self.recorded
            && known.message == message
            && type_hash(&self.type_text(known.ty)) == hash
        {
            return Ok(Stop::Throw(Box::new(known.clone())));
        }
        let thrown = Thrown {
            ty: self.exception_type(hash),
            message,
            value: None,
        };
        self.recorded = Some(thrown.clone());
        Ok(Stop::Throw(Box::new(thrown)))
    }

    /// When an exception was handled, the record is again that of the one around it.
    pub(crate) fn restore_record(&mut self) -> Result<()> {
        if self.is_hosted() {
            // The host knows which exceptions are being handled.
            return Ok(());
        }
        match self.exceptions.last().cloned() {
            Some(thrown) => self.write_record(&thrown),
            None => Ok(()),
        }
    }

    /// The type that a record means; `Any` if the module has none.
    fn exception_type(&mut self, hash: u64) -> Type {
        let tables = &self.module.tables;
        let types = self.exception_types.get_or_insert_with(|| {
            (0..tables.type_count())
                .map(Type::new)
                .map(|ty| (type_hash(&jlift_ir::text::type_text(tables, ty)), ty))
                .collect()
        });
        types.get(&hash).copied().unwrap_or(Type::ANY)
    }

    /// A type as typed IR writes it.
    pub(crate) fn type_text(&self, ty: Type) -> String {
        jlift_ir::text::type_text(&self.module.tables, ty)
    }
}
