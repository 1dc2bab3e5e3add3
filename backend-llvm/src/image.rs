//! Constants as bytes of data: aggregates in their layout in memory, and whole immortal objects with
//! their header. Addresses of other constants stand beside the bytes.

use crate::machine::push_escaped;
use crate::program::{Program, VariableData};
use crate::value::Result;
use jlift_abi::layout::{first_selector, layout, object_layout};
use jlift_abi::object;
use jlift_ir::decl::Decl;
use jlift_ir::module::constant_type;
use jlift_ir::{Const, ConstData, Module, Type, TypeClass, Value};
use std::fmt::Write;

/// A constant larger than this is refused.
const MAX_BYTES: u64 = 1 << 30;

/// An address in a constant.
struct Address {
    offset: u32,
    symbol: String,
    addend: u32,
}

/// The content of a data object.
pub(crate) struct Image {
    pub align: u32,
    bytes: Vec<u8>,
    addresses: Vec<Address>,
}

impl Image {
    fn zeroed(size: u64, align: u32) -> Result<Image> {
        if size > MAX_BYTES {
            return Err("a constant that is too large".into());
        }
        Ok(Image {
            align: align.max(1),
            bytes: vec![0; size as usize],
            addresses: Vec::new(),
        })
    }

    /// A variable, or an object whose address variables hold.
    pub fn of_variable(data: &VariableData, symbol: impl Fn(u32) -> String) -> Image {
        let addresses = data.addresses.iter();
        Image {
            align: data.align.max(1),
            bytes: data.bytes.to_vec(),
            addresses: addresses
                .map(|&(offset, object, addend)| Address {
                    offset,
                    symbol: symbol(object),
                    addend,
                })
                .collect(),
        }
    }

    /// A constant as it stands in memory.
    pub fn of_value(p: &mut Program, value: Value) -> Result<Image> {
        let ty = type_of(p.module, value)?;
        let place = layout(&p.module.tables, ty).map_err(|e| e.to_string())?;
        let mut image = Image::zeroed(place.size.into(), place.align)?;
        image.write(p, value, ty, 0)?;
        Ok(image)
    }

    /// The immortal object of a string, symbol, array or struct that is called `name`.
    pub fn of_object(p: &mut Program, c: Const, name: &str) -> Result<Image> {
        let module = p.module;
        match module.tables.const_data(c) {
            ConstData::String(bytes) => Image::of_text(module, Type::STRING, bytes),
            ConstData::Symbol(text) => {
                let text = module.tables.names.str(*text);
                Image::of_text(module, Type::SYMBOL, text.as_bytes())
            }
            // A module is its full name.
            ConstData::Module(name) => {
                let text = module.tables.names.str(*name);
                Image::of_text(module, Type::MODULE, text.as_bytes())
            }
            ConstData::Array { ty, dims, elems } => Image::of_array(p, name, *ty, dims, elems),
            ConstData::Aggregate { ty, fields } => {
                if let Some(Decl::Struct(decl)) = module.tables.decl(*ty)
                    && decl.mutable
                {
                    return Err("a constant object of a mutable type".into());
                }
                let place = object_layout(&module.tables, *ty).map_err(|e| e.to_string())?;
                let size = u64::from(object::HEADER_SIZE) + u64::from(place.size);
                let mut image = Image::of_header(module, *ty, size)?;
                if fields.len() > place.fields.len() {
                    return Err("a constant with too many fields".into());
                }
                for (&field, place) in fields.iter().zip(&place.fields) {
                    image.write(p, field, place.ty, object::HEADER_SIZE + place.offset)?;
                }
                Ok(image)
            }
            _ => Err("a constant that is no object".into()),
        }
    }

    fn of_header(module: &Module, ty: Type, size: u64) -> Result<Image> {
        let mut image = Image::zeroed(size, object::OBJECT_ALIGN)?;
        // What it is as a dynamic value.
        let number = crate::dynamic::type_number(module, ty);
        image.put(object::TYPE_INDEX_OFFSET, &number.to_le_bytes())?;
        image.put(object::FLAGS_OFFSET, &object::FLAG_IMMORTAL.to_le_bytes())?;
        let count = object::IMMORTAL_COUNT.to_le_bytes();
        image.put(object::REFERENCE_COUNT_OFFSET, &count)?;
        Ok(image)
    }

    fn of_text(module: &Module, ty: Type, text: &[u8]) -> Result<Image> {
        let start = object::STRING_BYTES_OFFSET;
        let mut image = Image::of_header(module, ty, u64::from(start) + text.len() as u64 + 1)?;
        let length = (text.len() as i64).to_le_bytes();
        image.put(object::STRING_LENGTH_OFFSET, &length)?;
        image.put(start, text)?;
        Ok(image)
    }

    fn of_array(
        p: &mut Program,
        name: &str,
        ty: Type,
        dims: &[i64],
        elems: &[Value],
    ) -> Result<Image> {
        let tables = &p.module.tables;
        let Some((elem, count)) = tables.array_of(ty) else {
            return Err("an array constant of a type that is no array".into());
        };
        let place = layout(tables, elem).map_err(|e| e.to_string())?;
        let start = object::array_object_size(count);
        let size = (elems.len() as u64)
            .checked_mul(place.stride().into())
            .and_then(|bytes| bytes.checked_add(start.into()))
            .ok_or("a constant that is too large")?;
        let mut image = Image::of_header(p.module, ty, size)?;
        image.align = image.align.max(place.align);
        image.addresses.push(Address {
            offset: object::ARRAY_DATA_OFFSET,
            symbol: name.to_string(),
            addend: start,
        });
        let length = (elems.len() as i64).to_le_bytes();
        image.put(object::ARRAY_LENGTH_OFFSET, &length)?;
        image.put(object::ARRAY_CAPACITY_OFFSET, &length)?;
        if object::array_has_sizes(count) {
            for (d, size) in dims.iter().take(count as usize).enumerate() {
                image.put(object::array_size_offset(d as u32), &size.to_le_bytes())?;
            }
        }
        for (i, &value) in elems.iter().enumerate() {
            image.write(p, value, elem, start + i as u32 * place.stride())?;
        }
        Ok(image)
    }

    fn put(&mut self, at: u32, bytes: &[u8]) -> Result<()> {
        let at = at as usize;
        match self.bytes.get_mut(at..at + bytes.len()) {
            Some(place) => {
                place.copy_from_slice(bytes);
                Ok(())
            }
            None => Err("a constant larger than its type".into()),
        }
    }

    /// Writes a constant as a field or element of type `ty`.
    fn write(&mut self, p: &mut Program, value: Value, ty: Type, at: u32) -> Result<()> {
        let module = p.module;
        let tables = &module.tables;
        if let Value::Const(c) = value
            && let ConstData::Global(g) = tables.const_data(c)
        {
            return self.write(p, module.globals[*g].value, ty, at);
        }
        if tables.class(ty) == TypeClass::Union {
            // The payload of the member that it is, and the selector.
            let own = type_of(module, value)?;
            let place = layout(tables, ty).map_err(|e| e.to_string())?;
            let members = tables.members(ty);
            let Some(member) = members.iter().position(|&m| m == own) else {
                return Err("a constant with a field of the wrong type".into());
            };
            let selector = member as u8 + first_selector(tables, ty);
            self.put(at + place.size.saturating_sub(1), &[selector])?;
            return self.write(p, value, own, at);
        }
        if let Some(bits) = tables.primitive_bits(value) {
            let size = match tables.class(ty) {
                TypeClass::Primitive(bits) => bits.div_ceil(8).min(16),
                TypeClass::Pointer => 8,
                _ => return Err("a constant of the wrong type".into()),
            };
            return self.put(at, &bits.to_le_bytes()[..size as usize]);
        }
        let c = match value {
            Value::Instance(_) | Value::Type(_) => return Ok(()),
            Value::Const(c) => c,
            _ => return Err("not a constant".into()),
        };
        match tables.const_data(c) {
            ConstData::Aggregate { ty: own, fields } if tables.class(*own) != TypeClass::Heap => {
                let place = layout(tables, *own).map_err(|e| e.to_string())?;
                if fields.len() != place.fields.len() {
                    return Err("a constant with the wrong number of fields".into());
                }
                for (&field, place) in fields.iter().zip(&place.fields) {
                    self.write(p, field, place.ty, at + place.offset)?;
                }
                Ok(())
            }
            ConstData::String(_)
            | ConstData::Symbol(_)
            | ConstData::Module(_)
            | ConstData::Array { .. }
            | ConstData::Aggregate { .. } => {
                self.put(at, &[0; 8])?;
                let symbol = p.object(c)?.to_string();
                self.addresses.push(Address {
                    offset: at,
                    symbol,
                    addend: 0,
                });
                Ok(())
            }
            _ => Err("a constant without a value in memory".into()),
        }
    }

    /// Type and value as LLVM IR writes them.
    pub fn initializer(&self) -> (String, String) {
        let bytes = |range: &[u8]| {
            let mut text = String::new();
            push_escaped(&mut text, range);
            (format!("[{} x i8]", range.len()), format!("c\"{text}\""))
        };
        if self.addresses.is_empty() {
            return bytes(&self.bytes);
        }
        let mut addresses: Vec<&Address> = self.addresses.iter().collect();
        addresses.sort_by_key(|a| a.offset);
        let (mut types, mut values) = (Vec::new(), Vec::new());
        let mut push = |ty: String, value: String| {
            values.push(format!("{ty} {value}"));
            types.push(ty);
        };
        let mut at = 0;
        for address in addresses {
            let start = address.offset as usize;
            if let Some(before) = self.bytes.get(at..start).filter(|b| !b.is_empty()) {
                let (ty, value) = bytes(before);
                push(ty, value);
            }
            let mut value = address.symbol.clone();
            if address.addend != 0 {
                value.clear();
                let _ = write!(
                    value,
                    "getelementptr (i8, ptr {}, i64 {})",
                    address.symbol, address.addend
                );
            }
            push("ptr".into(), value);
            at = start + 8;
        }
        if let Some(rest) = self.bytes.get(at..).filter(|b| !b.is_empty()) {
            let (ty, value) = bytes(rest);
            push(ty, value);
        }
        (
            format!("<{{ {} }}>", types.join(", ")),
            format!("<{{ {} }}>", values.join(", ")),
        )
    }
}

fn type_of(module: &Module, value: Value) -> Result<Type> {
    constant_type(&module.tables, &module.globals, value)
        .ok_or_else(|| "not a constant".to_string())
}
