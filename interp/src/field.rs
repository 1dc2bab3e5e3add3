//! Fields of tuples, immutable structs and heap structs; making structs.

use crate::interpreter::Interpreter;
use crate::memory::Owner;
use crate::outcome::{Result, Stop, unsupported};
use crate::value::Value;
use jlift_abi::object;
use jlift_ir::{Type, TypeClass};

/// Immutable values inside of one another.
const MAX_DEPTH: u32 = 200;

impl Interpreter<'_> {
    /// A tuple or immutable struct. Types bound how deep values nest, unless they are abstract.
    pub(crate) fn aggregate(&self, ty: Type, fields: Vec<Value>) -> Result<Value> {
        let value = Value::Aggregate(ty, fields.into());
        match self.module.tables.is_bits(ty) || value.nests_within(MAX_DEPTH) {
            true => Ok(value),
            false => unsupported("values that nest too deeply"),
        }
    }

    /// `new T(fields…)`: fields that are missing are undefined.
    pub(crate) fn new_struct(&mut self, ty: Type, fields: Vec<Value>) -> Result<Value> {
        let tables = &self.module.tables;
        let types = tables.field_types(ty);
        match (tables.class(ty), types) {
            (TypeClass::Singleton, _) => Ok(Value::Singleton(ty)),
            (TypeClass::Primitive(_) | TypeClass::Pointer, _) => match fields[..] {
                [
                    Value::Bits {
                        bits, undefined, ..
                    },
                ] => Ok(Value::Bits {
                    ty,
                    bits,
                    undefined,
                }),
                _ => unsupported("a new number of something else"),
            },
            (TypeClass::Inline | TypeClass::InlineWithReferences, Some(types)) => {
                let mut fields = fields;
                for &missing in types.iter().skip(fields.len()) {
                    fields.push(self.unassigned(missing));
                }
                self.aggregate(ty, fields)
            }
            (TypeClass::Heap, Some(types)) => {
                let layout = self.object_layout(ty)?;
                let size = u64::from(object::HEADER_SIZE + layout.size);
                let address = self.new_object(size)?;
                for (index, place) in layout.fields.iter().enumerate() {
                    let value = match fields.get(index) {
                        Some(value) => value.clone(),
                        None => self.unassigned(types[index]),
                    };
                    let offset = u64::from(object::HEADER_SIZE + place.offset);
                    self.store(place.ty, &value, address + offset)?;
                }
                Ok(Value::Object { ty, address })
            }
            _ => unsupported("a new value of a type that is no struct"),
        }
    }

    /// What a field holds that was not assigned: nothing, or any bits.
    fn unassigned(&self, ty: Type) -> Value {
        match self.module.tables.is_bits(ty) {
            true => Value::undefined(&self.module.tables, ty),
            false => Value::Unset,
        }
    }

    /// Memory for an object, with the header of one that has one reference.
    pub(crate) fn new_object(&mut self, size: u64) -> Result<u64> {
        let place = self.place();
        let address = self.memory.allocate(size, Owner::Heap, false, place)?;
        self.memory.write_all(address, &0u64.to_le_bytes())?;
        let count = address + u64::from(object::REFERENCE_COUNT_OFFSET);
        self.memory.write_all(count, &1u64.to_le_bytes())?;
        Ok(address)
    }

    /// `getfield(object, field[, order][, boundscheck])`.
    pub(crate) fn get_field(
        &mut self,
        object: &Value,
        field: &Value,
        flags: &[Value],
        ty: Type,
    ) -> Result<Value> {
        if matches!(object, Value::Undefined | Value::Unset) {
            return Ok(Value::undefined(&self.module.tables, ty));
        }
        let checked = self.checks() && !flags.contains(&Value::bool(false));
        let Some(index) = self.field_index(object, field)? else {
            if !checked {
                return Ok(Value::undefined(&self.module.tables, ty));
            }
            return self.throw_field(object, field);
        };
        let value = match object {
            Value::Aggregate(_, fields) => match fields.get(index) {
                Some(value) => value.clone(),
                None => return unsupported("a field that the struct does not have"),
            },
            &Value::Object { ty, address } => self.heap_field(ty, address, index)?,
            _ => return unsupported("a field of a value without fields"),
        };
        if self.checks() && !self.is_assigned(&value) {
            return self.throw_undefined_reference();
        }
        Ok(value)
    }

    fn throw_field(&mut self, object: &Value, field: &Value) -> Result<Value> {
        match field {
            Value::Bits { .. } => {
                let index = field.clone();
                let message = self.bounds_message(object, Some(&index))?;
                self.throw_text(Type::BOUNDS_ERROR, message)
            }
            _ => unsupported("a field that does not exist"),
        }
    }

    /// Field `index`, from 0, of a heap struct.
    pub(crate) fn heap_field(&mut self, ty: Type, address: u64, index: usize) -> Result<Value> {
        let (of, at) = self.heap_place(ty, address, index)?;
        self.load(of, at)
    }

    fn heap_place(&mut self, ty: Type, address: u64, index: usize) -> Result<(Type, u64)> {
        if self.module.tables.class(ty) != TypeClass::Heap {
            return unsupported("a field of an object that is no struct");
        }
        match self.object_layout(ty)?.fields.get(index) {
            Some(place) => {
                let offset = u64::from(object::HEADER_SIZE + place.offset);
                Ok((place.ty, address.wrapping_add(offset)))
            }
            None => unsupported("a field that the struct does not have"),
        }
    }

    /// The 0-based index of a field given by name or number; `None` if there is none.
    fn field_index(&mut self, object: &Value, field: &Value) -> Result<Option<usize>> {
        let Some(ty) = object.ty() else {
            return unsupported("a field of a value without type");
        };
        if let Some(name) = self.symbol_name(field)? {
            let tables = &self.module.tables;
            return Ok(tables
                .names
                .get(&name)
                .and_then(|name| tables.field_index(ty, name)));
        }
        let number = self.number(field, "the number of a field")?;
        let count = self.module.tables.field_types(ty).map_or(0, |f| f.len());
        Ok(match (number as usize).checked_sub(1) {
            Some(index) if index < count => Some(index),
            _ => None,
        })
    }

    /// The name that a symbol or string is; `None` for other values.
    pub(crate) fn symbol_name(&self, value: &Value) -> Result<Option<String>> {
        match *value {
            Value::Object {
                ty: Type::SYMBOL | Type::STRING,
                address,
            } => match self.text_bytes(address)? {
                Some(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
                None => Err(Stop::Undefined("a name")),
            },
            _ => Ok(None),
        }
    }

    /// `setfield!(object, field, value)`.
    pub(crate) fn set_field(&mut self, object: &Value, field: &Value, value: &Value) -> Result<()> {
        let &Value::Object { ty, address } = object else {
            return unsupported("a store to a field of something that is no object");
        };
        let Some(index) = self.field_index(object, field)? else {
            return unsupported("a store to a field that does not exist");
        };
        let (of, at) = self.heap_place(ty, address, index)?;
        self.replace(of, value, at)
    }

    /// `isdefined(object, field)`.
    pub(crate) fn is_field_defined(&mut self, object: &Value, field: &Value) -> Result<Value> {
        let Some(index) = self.field_index(object, field)? else {
            return Ok(Value::bool(false));
        };
        let value = match object {
            Value::Aggregate(_, fields) => fields.get(index).cloned().unwrap_or(Value::Unset),
            &Value::Object { ty, address } => self.heap_field(ty, address, index)?,
            _ => return unsupported("whether a field of a value without fields is defined"),
        };
        Ok(Value::bool(self.is_assigned(&value)))
    }

    /// Whether a field or element was assigned. Of a struct, as in Julia, the first reference tells.
    pub(crate) fn is_assigned(&self, value: &Value) -> bool {
        let tables = &self.module.tables;
        match value {
            Value::Unset => false,
            Value::Aggregate(ty, fields) if !tables.is_bits(*ty) => {
                let types = tables.field_types(*ty).unwrap_or_default();
                let first = types.iter().position(|&t| !tables.is_bits(t));
                first
                    .and_then(|i| fields.get(i))
                    .is_none_or(|field| self.is_assigned(field))
            }
            _ => true,
        }
    }
}
