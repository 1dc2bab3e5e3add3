//! Values in memory: what a load makes of bytes and a store makes of a value, by the type of the
//! place. Padding and what a union does not use become undefined by a store.

use crate::interpreter::Interpreter;
use crate::outcome::{Result, unsupported};
use crate::value::{Value, mask, width};
use jlift_abi::layout::{first_selector, is_small_union};
use jlift_ir::{Type, TypeClass};

impl Interpreter<'_> {
    /// The value in a place of this type.
    pub(crate) fn load(&mut self, ty: Type, address: u64) -> Result<Value> {
        let tables = &self.module.tables;
        match tables.class(ty) {
            TypeClass::Bottom | TypeClass::Singleton => Ok(Value::undefined(tables, ty)),
            TypeClass::Primitive(_) | TypeClass::Pointer => self.load_bits(ty, address),
            TypeClass::Heap | TypeClass::Array | TypeClass::String | TypeClass::Symbol => {
                Ok(match self.memory.word(address)? {
                    None => Value::Undefined,
                    Some(0) => Value::Unset,
                    Some(address) => Value::Object { ty, address },
                })
            }
            TypeClass::Inline | TypeClass::InlineWithReferences => {
                let layout = self.layout(ty)?;
                let mut fields = Vec::with_capacity(layout.fields.len());
                for place in &layout.fields {
                    fields.push(self.load(place.ty, address.wrapping_add(place.offset.into()))?);
                }
                Ok(Value::Aggregate(ty, fields.into()))
            }
            TypeClass::Union if is_small_union(tables, ty) => self.load_union(ty, address),
            TypeClass::Union | TypeClass::Abstract => Ok(match self.memory.word(address)? {
                None => Value::Undefined,
                Some(0) => Value::Unset,
                Some(reference) if self.is_hosted() => return self.dynamic_object(reference),
                Some(reference) => match self.boxes.get(&reference) {
                    Some(value) => value.clone(),
                    None => return unsupported("a reference to an object of an unknown type"),
                },
            }),
        }
    }

    fn load_bits(&mut self, ty: Type, address: u64) -> Result<Value> {
        let size = self.layout(ty)?.size as usize;
        let (mut bytes, mut written) = ([0; 16], [false; 16]);
        self.memory
            .read(address, &mut bytes[..size], &mut written[..size])?;
        let mut undefined = 0;
        for (n, _) in written[..size].iter().enumerate().filter(|(_, w)| !**w) {
            undefined |= 0xff << (8 * n);
        }
        // Of a Bool only the lowest bit counts.
        let mask = mask(width(&self.module.tables, ty).unwrap_or(128));
        Ok(Value::Bits {
            ty,
            bits: u128::from_le_bytes(bytes) & mask,
            undefined: undefined & mask,
        })
    }

    fn load_union(&mut self, ty: Type, address: u64) -> Result<Value> {
        let selector = address.wrapping_add(u64::from(self.layout(ty)?.size) - 1);
        let Some(bytes) = self.memory.read_all(selector, 1)? else {
            return Ok(Value::Undefined);
        };
        let tables = &self.module.tables;
        let first = first_selector(tables, ty);
        let Some(member) = bytes[0].checked_sub(first) else {
            return Ok(Value::Unset);
        };
        match tables.members(ty).get(usize::from(member)) {
            Some(&member) => self.load(member, address),
            None => Ok(Value::Undefined),
        }
    }

    /// Stores a value in a place of this type; what was there is forgotten.
    pub(crate) fn store(&mut self, ty: Type, value: &Value, address: u64) -> Result<()> {
        let tables = &self.module.tables;
        let size = self.layout(ty)?.size;
        match tables.class(ty) {
            TypeClass::Bottom | TypeClass::Singleton => Ok(()),
            _ if *value == Value::Undefined => Ok(self.memory.mark(address, size.into(), false)?),
            TypeClass::Primitive(_) | TypeClass::Pointer => match *value {
                Value::Bits {
                    bits, undefined, ..
                } => self.store_bits(bits, undefined, address, size as usize),
                _ => unsupported("a value that is no number where one is stored"),
            },
            TypeClass::Heap | TypeClass::Array | TypeClass::String | TypeClass::Symbol => {
                let reference = match *value {
                    Value::Object { address, .. } => address,
                    Value::Unset => 0,
                    _ => return unsupported("a value that is no object where one is stored"),
                };
                Ok(self.memory.write_all(address, &reference.to_le_bytes())?)
            }
            TypeClass::Inline | TypeClass::InlineWithReferences => {
                self.store_fields(ty, value, address)
            }
            TypeClass::Union if is_small_union(tables, ty) => {
                self.store_union(ty, value, address, size)
            }
            TypeClass::Union | TypeClass::Abstract => {
                let reference = match value {
                    Value::Unset => 0,
                    _ => self.reference_to(value)?,
                };
                Ok(self.memory.write_all(address, &reference.to_le_bytes())?)
            }
        }
    }

    fn store_bits(&mut self, bits: u128, undefined: u128, address: u64, size: usize) -> Result<()> {
        let bytes = bits.to_le_bytes();
        let written = undefined.to_le_bytes().map(|b| b == 0);
        Ok(self
            .memory
            .write(address, &bytes[..size], &written[..size])?)
    }

    fn store_fields(&mut self, ty: Type, value: &Value, address: u64) -> Result<()> {
        let layout = self.layout(ty)?;
        let fields = match value {
            Value::Aggregate(_, fields) => fields.clone(),
            // Memory of references that were never assigned is zero.
            Value::Unset => {
                let zeros = vec![0; layout.size as usize];
                return Ok(self.memory.write_all(address, &zeros)?);
            }
            // Some fields have one value only.
            Value::Singleton(_) => return Ok(()),
            _ => return unsupported("a value that is no struct where one is stored"),
        };
        self.memory.mark(address, layout.size.into(), false)?;
        for (place, field) in layout.fields.iter().zip(fields.iter()) {
            self.store(place.ty, field, address.wrapping_add(place.offset.into()))?;
        }
        Ok(())
    }

    fn store_union(&mut self, ty: Type, value: &Value, address: u64, size: u32) -> Result<()> {
        let tables = &self.module.tables;
        self.memory.mark(address, size.into(), false)?;
        let selector_at = address.wrapping_add(u64::from(size) - 1);
        if *value == Value::Unset {
            let zeros = vec![0; size as usize];
            return Ok(self.memory.write_all(address, &zeros)?);
        }
        let members = tables.members(ty);
        let own = value.ty();
        let Some(member) = members.iter().position(|&m| Some(m) == own) else {
            return unsupported("a value of a type that the union does not have is stored");
        };
        let selector = member as u8 + first_selector(tables, ty);
        self.store(members[member], value, address)?;
        Ok(self.memory.write_all(selector_at, &[selector])?)
    }
}
