//! Dynamic values: those of abstract types. Before legalization any value is one. Afterwards each is an
//! object, where need be a `Core.Boxed{T}`, which counts as what it holds.

use crate::interpreter::Interpreter;
use crate::memory::Owner;
use crate::outcome::{Result, unsupported};
use crate::value::Value;
use jlift_ir::Type;

impl Interpreter<'_> {
    /// The type that a program sees of a value.
    pub(crate) fn type_of(&self, value: &Value) -> Option<Type> {
        let ty = value.ty()?;
        match value {
            Value::Object { .. } => self.module.tables.boxed_content(ty).or(Some(ty)),
            _ => Some(ty),
        }
    }

    /// What a value is, or holds if it is a box.
    pub(crate) fn content(&mut self, value: &Value) -> Result<Value> {
        match *value {
            Value::Object { ty, address } if self.module.tables.boxed_content(ty).is_some() => {
                self.heap_field(ty, address, 0)
            }
            _ => Ok(value.clone()),
        }
    }

    /// `Core.box(object)`: the same reference, as a dynamic value.
    pub(crate) fn boxed_object(&mut self, object: &Value) -> Result<Value> {
        match object {
            &Value::Object { ty, address } => {
                match self.is_hosted() {
                    true => self.tell_type(ty, address)?,
                    false => _ = self.boxes.insert(address, object.clone()),
                }
                Ok(object.clone())
            }
            Value::Undefined | Value::Unset => Ok(object.clone()),
            _ => unsupported("a dynamic value of no object"),
        }
    }

    /// Whether a value is an object of this very type.
    pub(crate) fn is_exactly(&self, value: &Value, of: Type) -> bool {
        matches!(value, Value::Object { ty, .. } if *ty == of)
    }

    /// A reference of an abstract type to a value, as memory holds it.
    pub(crate) fn reference_to(&mut self, value: &Value) -> Result<u64> {
        let reference = match *value {
            Value::Object { address, .. } if self.is_hosted() => return Ok(address),
            Value::Object { address, .. } => address,
            _ => {
                let place = self.place();
                self.memory.allocate(16, Owner::Interpreter, true, place)?
            }
        };
        self.boxes.insert(reference, value.clone());
        Ok(reference)
    }
}
