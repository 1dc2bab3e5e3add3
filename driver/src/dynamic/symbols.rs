//! Symbols that a program makes while it runs: immortal objects, one for each text.

use super::Object;
use hashbrown::HashMap;
use jlift_abi::object::{
    FLAG_IMMORTAL, FLAGS_OFFSET, IMMORTAL_COUNT, REFERENCE_COUNT_OFFSET, STRING_BYTES_OFFSET,
    STRING_LENGTH_OFFSET, TYPE_INDEX_OFFSET,
};
use jlift_ir::Type;
use std::cell::RefCell;

thread_local! {
    static SYMBOLS: RefCell<HashMap<Box<[u8]>, Object>> = RefCell::new(HashMap::new());
}

/// `jl_symbol_n`: the symbol of a text.
pub extern "C" fn symbol(text: *const u8, length: i64) -> Object {
    let length = usize::try_from(length).unwrap_or(0);
    symbol_of(match length {
        0 => &[],
        // SAFETY: the caller's text of this length.
        _ => unsafe { std::slice::from_raw_parts(text, length) },
    })
}

/// The symbol of a text, which nobody frees.
pub fn symbol_of(text: &[u8]) -> Object {
    SYMBOLS.with_borrow_mut(|symbols| {
        if let Some(&known) = symbols.get(text) {
            return known;
        }
        let object = make(text);
        symbols.insert(text.into(), object);
        object
    })
}

fn make(text: &[u8]) -> Object {
    let start = STRING_BYTES_OFFSET as usize;
    let mut bytes = vec![0u8; start + text.len() + 1];
    let mut put = |at: u32, data: &[u8]| {
        bytes[at as usize..at as usize + data.len()].copy_from_slice(data);
    };
    put(TYPE_INDEX_OFFSET, &Type::SYMBOL.as_u32().to_le_bytes());
    put(FLAGS_OFFSET, &FLAG_IMMORTAL.to_le_bytes());
    put(REFERENCE_COUNT_OFFSET, &IMMORTAL_COUNT.to_le_bytes());
    put(STRING_LENGTH_OFFSET, &(text.len() as i64).to_le_bytes());
    bytes[start..start + text.len()].copy_from_slice(text);
    // 16-byte aligned words, which are never freed.
    let mut words = vec![0u128; bytes.len().div_ceil(16)];
    for (word, chunk) in words.iter_mut().zip(bytes.chunks(16)) {
        let mut whole = [0; 16];
        whole[..chunk.len()].copy_from_slice(chunk);
        *word = u128::from_le_bytes(whole);
    }
    Box::leak(words.into_boxed_slice()).as_mut_ptr().cast()
}
