//! The memory that interpreted programs see: one array of bytes. Sizes and offsets are those of C.

use super::interpreter::{Stop, Val};
use jlift_ir::decl::Decl;
use jlift_ir::{Tables, Type, TypeClass};

/// Address of the first byte.
pub const BASE: u64 = 0x10_0000;

#[derive(Clone, PartialEq)]
pub struct Memory {
    pub bytes: Vec<u8>,
}

impl Memory {
    fn range(&self, address: u64, len: u64) -> Result<std::ops::Range<usize>, Stop> {
        let start = address.wrapping_sub(BASE);
        match start.checked_add(len) {
            Some(end) if end <= self.bytes.len() as u64 => Ok(start as usize..end as usize),
            _ => Err(Stop::Skip("outside of memory")),
        }
    }

    pub fn copy(&mut self, to: u64, from: u64, len: u64) -> Result<(), Stop> {
        let (from, to) = (self.range(from, len)?, self.range(to, len)?);
        self.bytes.copy_within(from, to.start);
        Ok(())
    }

    pub fn load(&self, tables: &Tables, ty: Type, address: u64) -> Result<Val, Stop> {
        match tables.class(ty) {
            TypeClass::Singleton => Ok(Val::Single(ty)),
            TypeClass::Primitive(_) | TypeClass::Pointer => {
                let (size, _) = layout(tables, ty)?;
                let range = self.range(address, size)?;
                let mut bits = [0; 16];
                bits[..range.len()].copy_from_slice(&self.bytes[range]);
                let mut bits = u128::from_le_bytes(bits);
                if ty == Type::BOOL {
                    bits &= 1;
                }
                Ok(Val::Num(ty, bits))
            }
            TypeClass::Inline => {
                let fields = fields(tables, ty)?;
                let values: Result<_, _> = fields
                    .iter()
                    .map(|&(t, offset)| self.load(tables, t, address.wrapping_add(offset)))
                    .collect();
                Ok(Val::Agg(ty, values?))
            }
            _ => Err(Stop::Skip("load of references")),
        }
    }

    pub fn store(&mut self, tables: &Tables, value: &Val, address: u64) -> Result<(), Stop> {
        match value {
            Val::Single(_) => Ok(()),
            Val::Num(ty, bits) => {
                let (size, _) = layout(tables, *ty)?;
                let range = self.range(address, size)?;
                let bytes = bits.to_le_bytes();
                let len = range.len();
                self.bytes[range].copy_from_slice(&bytes[..len]);
                Ok(())
            }
            Val::Agg(ty, values) => {
                for ((_, offset), value) in fields(tables, *ty)?.into_iter().zip(values) {
                    self.store(tables, value, address.wrapping_add(offset))?;
                }
                Ok(())
            }
            Val::Undefined => Err(Stop::Undefined),
            _ => Err(Stop::Skip("store of references")),
        }
    }
}

/// Size and alignment.
pub fn layout(tables: &Tables, ty: Type) -> Result<(u64, u64), Stop> {
    match tables.class(ty) {
        TypeClass::Singleton => Ok((0, 1)),
        TypeClass::Pointer => Ok((8, 8)),
        TypeClass::Primitive(bits) => {
            let size = u64::from(bits.div_ceil(8)).next_power_of_two();
            Ok((size, size.min(16)))
        }
        TypeClass::Inline => {
            if let Some(Decl::Struct(s)) = tables.decl(ty) {
                return Ok((s.size.into(), s.align.into()));
            }
            let (mut end, mut align) = (0, 1);
            for (field, offset) in fields(tables, ty)? {
                let (size, a) = layout(tables, field)?;
                end = offset + size;
                align = align.max(a);
            }
            Ok((end.next_multiple_of(align), align))
        }
        _ => Err(Stop::Skip("layout of references")),
    }
}

/// Types and offsets of the fields.
fn fields(tables: &Tables, ty: Type) -> Result<Vec<(Type, u64)>, Stop> {
    if let Some(Decl::Struct(s)) = tables.decl(ty) {
        return Ok(s.fields.iter().map(|f| (f.ty, f.offset.into())).collect());
    }
    let elems = tables.field_types(ty).ok_or(Stop::Skip("no fields"))?;
    let mut offset: u64 = 0;
    let mut list = Vec::new();
    for elem in elems {
        let (size, align) = layout(tables, elem)?;
        offset = offset.next_multiple_of(align);
        list.push((elem, offset));
        offset += size;
    }
    Ok(list)
}
