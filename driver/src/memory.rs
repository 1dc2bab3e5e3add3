//! Values in the memory of this process as constants of typed IR. Only what can be written down:
//! numbers, tuples and structs of these, strings, and (for outputs) arrays.

use jlift_abi::layout::{first_selector, is_small_union, layout};
use jlift_abi::object::{
    ARRAY_DATA_OFFSET, ARRAY_LENGTH_OFFSET, STRING_BYTES_OFFSET, STRING_LENGTH_OFFSET,
    array_size_offset,
};
use jlift_ir::{ConstData, Tables, Type, TypeClass, Value};

/// Values inside of values inside of …
const MAX_DEPTH: u32 = 64;
/// Elements of an array that becomes a constant.
const MAX_ELEMENTS: usize = 16 << 20;

/// The constant that lies in `bytes`, if it is immutable and can be written down.
pub fn value(tables: &mut Tables, ty: Type, bytes: &[u8]) -> Option<Value> {
    read(tables, ty, bytes, false, MAX_DEPTH)
}

/// The same, where the value will not change any more: arrays can be written down, too.
pub fn frozen_value(tables: &mut Tables, ty: Type, bytes: &[u8]) -> Option<Value> {
    read(tables, ty, bytes, true, MAX_DEPTH)
}

fn read(tables: &mut Tables, ty: Type, bytes: &[u8], frozen: bool, depth: u32) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    match tables.class(ty) {
        TypeClass::Singleton => match tables.type_of_type(ty) {
            Some(t) => Some(Value::Type(t)),
            None => Some(Value::Instance(ty)),
        },
        TypeClass::Primitive(width) => {
            let mut word = [0; 16];
            let size = (width as usize).div_ceil(8);
            word.get_mut(..size)?.copy_from_slice(bytes.get(..size)?);
            Some(tables.primitive(ty, width, u128::from_le_bytes(word)))
        }
        TypeClass::Pointer => {
            // An address of this process means nothing elsewhere.
            let bits = u64::from_le_bytes(*bytes.first_chunk()?);
            (bits == 0).then_some(Value::Imm { ty, bits })
        }
        TypeClass::Inline | TypeClass::InlineWithReferences => {
            let places = layout(tables, ty).ok()?.fields;
            let mut fields = Vec::with_capacity(places.len());
            for place in places {
                let part = bytes.get(place.offset as usize..)?;
                fields.push(read(tables, place.ty, part, frozen, depth)?);
            }
            let data = ConstData::Aggregate {
                ty,
                fields: fields.into(),
            };
            Some(Value::Const(tables.constant(data)))
        }
        TypeClass::Union => {
            let size = layout(tables, ty).ok()?.size as usize;
            let selector = *bytes.get(size.checked_sub(1)?)?;
            let member = selected(tables, ty, selector)?;
            read(tables, member, bytes, frozen, depth)
        }
        TypeClass::String => {
            let object = reference(bytes)?;
            // SAFETY: a reference to a string that is alive.
            let text = unsafe {
                let length = number(object, STRING_LENGTH_OFFSET)?;
                let data = object.add(STRING_BYTES_OFFSET as usize);
                std::slice::from_raw_parts(data, length)
            };
            Some(tables.string(text))
        }
        TypeClass::Array if frozen => array(tables, ty, bytes, depth),
        _ => None,
    }
}

/// The member of a small union that a selector names.
pub(crate) fn selected(tables: &Tables, ty: Type, selector: u8) -> Option<Type> {
    if !is_small_union(tables, ty) {
        return None;
    }
    let number = selector.checked_sub(first_selector(tables, ty))?;
    tables.members(ty).get(usize::from(number)).copied()
}

fn reference(bytes: &[u8]) -> Option<*const u8> {
    let address = u64::from_le_bytes(*bytes.first_chunk()?);
    (address != 0).then_some(address as *const u8)
}

/// # Safety
/// `object` is an object with a number at this offset.
unsafe fn number(object: *const u8, offset: u32) -> Option<usize> {
    // SAFETY: the caller's promise; objects are aligned.
    let number = unsafe { object.add(offset as usize).cast::<i64>().read() };
    usize::try_from(number).ok()
}

fn array(tables: &mut Tables, ty: Type, bytes: &[u8], depth: u32) -> Option<Value> {
    let (elem, dimensions) = tables.array_of(ty)?;
    let object = reference(bytes)?;
    let stride = layout(tables, elem).ok()?.stride() as usize;
    // SAFETY: a reference to an array that is alive.
    let (length, data) = unsafe {
        let length = number(object, ARRAY_LENGTH_OFFSET)?;
        (length, number(object, ARRAY_DATA_OFFSET)?)
    };
    if length > MAX_ELEMENTS {
        return None;
    }
    let mut dims = Vec::with_capacity(dimensions as usize);
    if dimensions == 1 {
        dims.push(i64::try_from(length).ok()?);
    } else {
        for d in 0..dimensions {
            // SAFETY: arrays of these dimensions have this size.
            let size = unsafe { number(object, array_size_offset(d))? };
            dims.push(i64::try_from(size).ok()?);
        }
    }
    let elements: &[u8] = if length == 0 || stride == 0 {
        &[]
    } else {
        // SAFETY: the elements of an array that is alive, which no code changes meanwhile.
        unsafe { std::slice::from_raw_parts(data as *const u8, length * stride) }
    };
    let mut elems = Vec::with_capacity(length);
    for n in 0..length {
        let part = elements.get(n * stride..).unwrap_or(&[]);
        elems.push(read(tables, elem, part, true, depth)?);
    }
    let data = ConstData::Array {
        ty,
        dims: dims.into(),
        elems: elems.into(),
    };
    Some(Value::Const(tables.constant(data)))
}
