//! Objects of this process, made and read by hand: the few kinds that code consists of. Knows the
//! object model of [`jlift_abi::object`]; which type has which number is the caller's business.

use super::Object;
pub use super::symbols::symbol_of;
use jlift_abi::object::{
    ARRAY_CAPACITY_OFFSET, ARRAY_DATA_OFFSET, ARRAY_LENGTH_OFFSET, HEADER_SIZE,
    REFERENCE_COUNT_OFFSET, STRING_BYTES_OFFSET, STRING_LENGTH_OFFSET, TYPE_INDEX_OFFSET,
    array_object_size,
};

/// An object with one reference and this payload.
fn make(number: u32, size: usize) -> Object {
    let size = size.max(HEADER_SIZE as usize + 8);
    // SAFETY: memory of this size, all zeros, which the header fits into.
    unsafe {
        let object: Object = libc::calloc(1, size).cast();
        if object.is_null() {
            std::process::abort();
        }
        object
            .add(TYPE_INDEX_OFFSET as usize)
            .cast::<u32>()
            .write(number);
        object
            .add(REFERENCE_COUNT_OFFSET as usize)
            .cast::<i64>()
            .write(1);
        object
    }
}

/// The object of a type with this number that holds the words, numbers or references that become
/// the object's.
pub fn of_words(number: u32, words: &[u64]) -> Object {
    let start = HEADER_SIZE as usize;
    let object = make(number, start + 8 * words.len());
    for (n, word) in words.iter().enumerate() {
        // SAFETY: it was made large enough.
        unsafe { object.add(start + 8 * n).cast::<u64>().write(*word) };
    }
    object
}

/// A `Vector{Any}` of elements that become its own.
pub fn vector(number: u32, elements: &[Object]) -> Object {
    let start = array_object_size(1) as usize;
    let object = make(number, start + 8 * elements.len());
    let length = elements.len() as i64;
    // SAFETY: it was made large enough.
    unsafe {
        let data = object.add(start);
        let data_at = object.add(ARRAY_DATA_OFFSET as usize);
        data_at.cast::<*mut u8>().write(data);
        let length_at = object.add(ARRAY_LENGTH_OFFSET as usize);
        length_at.cast::<i64>().write(length);
        let capacity_at = object.add(ARRAY_CAPACITY_OFFSET as usize);
        capacity_at.cast::<i64>().write(length);
        for (n, &element) in elements.iter().enumerate() {
            data.add(8 * n).cast::<Object>().write(element);
        }
    }
    object
}

/// A `String`.
pub fn string(number: u32, bytes: &[u8]) -> Object {
    let start = STRING_BYTES_OFFSET as usize;
    let object = make(number, start + bytes.len() + 1);
    // SAFETY: it was made large enough.
    unsafe {
        let length_at = object.add(STRING_LENGTH_OFFSET as usize);
        length_at.cast::<i64>().write(bytes.len() as i64);
        let data = object.add(start);
        data.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len());
    }
    object
}

/// The number of an object's type.
///
/// # Safety
/// The object is a dynamic value.
pub unsafe fn number(object: Object) -> u32 {
    super::type_number(object)
}

/// A word of an object's payload.
///
/// # Safety
/// The object has that many words.
pub unsafe fn word(object: Object, n: usize) -> u64 {
    // SAFETY: the caller's promise.
    unsafe {
        object
            .add(HEADER_SIZE as usize + 8 * n)
            .cast::<u64>()
            .read()
    }
}

/// The bytes of a payload.
///
/// # Safety
/// The payload has that many bytes.
pub unsafe fn payload(object: Object, size: usize) -> Vec<u8> {
    // SAFETY: the caller's promise.
    unsafe { std::slice::from_raw_parts(object.add(HEADER_SIZE as usize), size).to_vec() }
}

/// The bytes of a `String` or `Symbol`.
///
/// # Safety
/// The object is one.
pub unsafe fn text(object: Object) -> Vec<u8> {
    // SAFETY: the caller's promise.
    unsafe {
        let length_at = object.add(STRING_LENGTH_OFFSET as usize);
        let length = length_at.cast::<i64>().read();
        let bytes = object.add(STRING_BYTES_OFFSET as usize);
        std::slice::from_raw_parts(bytes, usize::try_from(length).unwrap_or(0)).to_vec()
    }
}

/// The elements of a `Vector{Any}`, which stay its own; those that are not set are null.
///
/// # Safety
/// The object is one.
pub unsafe fn elements(object: Object) -> Vec<Object> {
    // SAFETY: the caller's promise.
    unsafe {
        let length_at = object.add(ARRAY_LENGTH_OFFSET as usize);
        let length = length_at.cast::<i64>().read();
        let data_at = object.add(ARRAY_DATA_OFFSET as usize);
        let data = data_at.cast::<*const Object>().read();
        match usize::try_from(length).unwrap_or(0) {
            0 => Vec::new(),
            length => std::slice::from_raw_parts(data, length).to_vec(),
        }
    }
}
