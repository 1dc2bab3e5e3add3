//! Constants as bytes of data objects: aggregates in their layout in memory, and whole immortal
//! objects with header. Addresses of other constants are listed beside the bytes.

use crate::plan::{DataAddress, Plan};
use crate::repr::int_type;
use jlift_abi::layout::{first_selector, layout, object_layout};
use jlift_abi::object;
use jlift_ir::{Const, ConstData, Module, Type, TypeClass, Value};

/// Stands for the data object that is being made.
const THIS: u32 = u32::MAX;

/// A constant larger than this is refused.
const MAX_BYTES: usize = 1 << 30;

type Result<T> = std::result::Result<T, String>;

/// The content of a data object.
#[derive(Default, Debug)]
pub(crate) struct Image {
    pub bytes: Vec<u8>,
    pub align: u32,
    pub addresses: Vec<DataAddress>,
}

impl Image {
    /// A constant as it stands in memory.
    pub fn of_value(module: &Module, plan: &mut Plan, value: Value) -> Result<Image> {
        let ty = constant_type(module, value)?;
        let place = layout(&module.tables, ty).map_err(|e| e.to_string())?;
        let mut image = Image {
            bytes: vec![0; place.size as usize],
            align: place.align.max(1),
            addresses: Vec::new(),
        };
        image.write(module, plan, value, ty, 0)?;
        Ok(image)
    }

    /// The immortal object of a string, symbol, array or struct.
    pub fn of_object(module: &Module, plan: &mut Plan, c: Const) -> Result<Image> {
        let mut image = Image {
            align: object::OBJECT_ALIGN,
            ..Image::default()
        };
        match module.tables.const_data(c) {
            ConstData::String(bytes) => {
                image.text(bytes);
                image.type_number(module, Type::STRING)?;
            }
            ConstData::Symbol(name) => {
                image.text(module.tables.names.str(*name).as_bytes());
                image.type_number(module, Type::SYMBOL)?;
            }
            // A module is its full name.
            ConstData::Module(name) => {
                image.text(module.tables.names.str(*name).as_bytes());
                image.type_number(module, Type::MODULE)?;
            }
            ConstData::Array { ty, dims, elems } => {
                image.array(module, plan, *ty, dims, elems)?;
                image.type_number(module, *ty)?;
            }
            ConstData::Aggregate { ty, fields } => {
                let place = object_layout(&module.tables, *ty).map_err(|e| e.to_string())?;
                image.header(object::HEADER_SIZE + place.size, 0)?;
                image.type_number(module, *ty)?;
                if fields.len() > place.fields.len() {
                    return Err("a constant with too many fields".into());
                }
                for (&field, place) in fields.iter().zip(&place.fields) {
                    let at = object::HEADER_SIZE + place.offset;
                    image.write(module, plan, field, place.ty, at)?;
                }
            }
            _ => return Err("a constant that is no object".into()),
        }
        Ok(image)
    }

    /// Gives the addresses inside of this object its number.
    pub fn resolve_self(&mut self, index: u32) {
        for address in &mut self.addresses {
            if address.data == THIS {
                address.data = index;
            }
        }
    }

    fn header(&mut self, size: u32, flags: u32) -> Result<()> {
        if size as usize > MAX_BYTES {
            return Err("a constant that is too large".into());
        }
        self.bytes = vec![0; size as usize];
        let flags = flags | object::FLAG_IMMORTAL;
        self.put(object::FLAGS_OFFSET, &flags.to_le_bytes())?;
        self.put(
            object::REFERENCE_COUNT_OFFSET,
            &object::IMMORTAL_COUNT.to_le_bytes(),
        )
    }

    /// What the object is as a dynamic value.
    fn type_number(&mut self, module: &Module, ty: Type) -> Result<()> {
        let number = crate::dynamic::type_number(module, ty);
        self.put(object::TYPE_INDEX_OFFSET, &number.to_le_bytes())
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

    fn text(&mut self, bytes: &[u8]) {
        let start = object::STRING_BYTES_OFFSET;
        // The size of a constant is bounded by that of its source.
        let _ = self.header(start, 0);
        let length = (bytes.len() as i64).to_le_bytes();
        let _ = self.put(object::STRING_LENGTH_OFFSET, &length);
        self.bytes.extend_from_slice(bytes);
        self.bytes.push(0);
    }

    fn array(
        &mut self,
        module: &Module,
        plan: &mut Plan,
        ty: Type,
        dims: &[i64],
        elems: &[Value],
    ) -> Result<()> {
        let Some((elem, count)) = module.tables.array_of(ty) else {
            return Err("an array constant of a type that is no array".into());
        };
        let place = layout(&module.tables, elem).map_err(|e| e.to_string())?;
        let start = object::array_object_size(count);
        let size = (elems.len() as u64)
            .checked_mul(place.stride().into())
            .and_then(|bytes| bytes.checked_add(start.into()))
            .and_then(|size| u32::try_from(size).ok())
            .ok_or("a constant that is too large")?;
        self.align = self.align.max(place.align);
        self.header(size, 0)?;
        self.addresses.push(DataAddress {
            offset: object::ARRAY_DATA_OFFSET,
            data: THIS,
            addend: start,
        });
        let length = (elems.len() as i64).to_le_bytes();
        self.put(object::ARRAY_LENGTH_OFFSET, &length)?;
        self.put(object::ARRAY_CAPACITY_OFFSET, &length)?;
        if object::array_has_sizes(count) {
            for (d, size) in dims.iter().enumerate() {
                self.put(object::array_size_offset(d as u32), &size.to_le_bytes())?;
            }
        }
        for (i, &value) in elems.iter().enumerate() {
            let at = start + i as u32 * place.stride();
            self.write(module, plan, value, elem, at)?;
        }
        Ok(())
    }

    /// Writes a constant as a field or element of type `ty`.
    fn write(
        &mut self,
        module: &Module,
        plan: &mut Plan,
        value: Value,
        ty: Type,
        at: u32,
    ) -> Result<()> {
        let tables = &module.tables;
        if let Value::Const(c) = value
            && let ConstData::Global(g) = tables.const_data(c)
        {
            return self.write(module, plan, module.globals[*g].value, ty, at);
        }
        if tables.class(ty) == TypeClass::Union {
            return self.member(module, plan, value, ty, at);
        }
        if let Some(bits) = tables.primitive_bits(value) {
            let size = match tables.class(ty) {
                TypeClass::Primitive(bits) => int_type(bits).map_or(1, |t| t.bytes()),
                TypeClass::Pointer => 8,
                _ => return Err("a constant of the wrong type".into()),
            };
            return self.put(at, &bits.to_le_bytes()[..size as usize]);
        }
        match value {
            Value::Instance(_) | Value::Type(_) => Ok(()),
            Value::Const(c) => match tables.const_data(c) {
                ConstData::Aggregate { ty: own, fields }
                    if tables.class(*own) != TypeClass::Heap =>
                {
                    let place = layout(tables, *own).map_err(|e| e.to_string())?;
                    if fields.len() != place.fields.len() {
                        return Err("a constant with the wrong number of fields".into());
                    }
                    for (&field, place) in fields.iter().zip(&place.fields) {
                        self.write(module, plan, field, place.ty, at + place.offset)?;
                    }
                    Ok(())
                }
                ConstData::String(_)
                | ConstData::Symbol(_)
                | ConstData::Module(_)
                | ConstData::Array { .. }
                | ConstData::Aggregate { .. } => {
                    self.put(at, &[0; 8])?;
                    let data = plan.need_object(module, c)?;
                    self.addresses.push(DataAddress {
                        offset: at,
                        data,
                        addend: 0,
                    });
                    Ok(())
                }
                _ => Err("a constant without a value in memory".into()),
            },
            _ => Err("not a constant".into()),
        }
    }

    /// A value of a union: the payload of the member that it is, and the selector.
    fn member(
        &mut self,
        module: &Module,
        plan: &mut Plan,
        value: Value,
        union: Type,
        at: u32,
    ) -> Result<()> {
        let ty = constant_type(module, value)?;
        let place = layout(&module.tables, union).map_err(|e| e.to_string())?;
        let members = module.tables.members(union);
        let Some(tag) = members.iter().position(|&m| m == ty) else {
            return Err("a constant with a field of the wrong type".into());
        };
        let selector = tag as u8 + first_selector(&module.tables, union);
        self.put(at + place.size.saturating_sub(1), &[selector])?;
        self.write(module, plan, value, ty, at)
    }
}

fn constant_type(module: &Module, value: Value) -> Result<Type> {
    match value {
        Value::Imm { ty, .. } | Value::Instance(ty) => Ok(ty),
        Value::Type(_) => Ok(Type::DATA_TYPE),
        Value::Const(c) => match module.tables.const_data(c) {
            ConstData::Aggregate { ty, .. }
            | ConstData::Wide { ty, .. }
            | ConstData::Array { ty, .. } => Ok(*ty),
            ConstData::String(_) => Ok(Type::STRING),
            ConstData::Symbol(_) => Ok(Type::SYMBOL),
            ConstData::Module(_) => Ok(Type::MODULE),
            ConstData::Global(g) => Ok(module.globals[*g].ty),
            _ => Err("a constant without a value in memory".into()),
        },
        _ => Err("not a constant".into()),
    }
}
