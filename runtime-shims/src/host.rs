//! The functions that code in the compiler's process calls: instead of thread-local data, which
//! the JIT lacks, and for shims that it need not compile.

use crate::text;
use std::cell::UnsafeCell;

/// Bytes of an error record: type hash, message length, message.
const RECORD_SIZE: usize = 1024;
const LENGTH_OFFSET: usize = 8;
const MESSAGE_OFFSET: usize = 16;

#[repr(align(16))]
struct Record(UnsafeCell<[u8; RECORD_SIZE]>);

thread_local! {
    static RECORD: Record = const { Record(UnsafeCell::new([0; RECORD_SIZE])) };
}

/// Address of the error record of the current thread.
extern "C" fn error_record() -> *mut u8 {
    RECORD.with(|record| record.0.get().cast())
}

/// The address of a function of the host, by the name that generated code imports.
pub fn host_symbol(name: &str) -> Option<*const u8> {
    let address = match name {
        "jlift_error_record" => error_record as *const u8,
        "jlift_append_int64" => text::append_int64 as *const u8,
        "jlift_append_uint64" => text::append_uint64 as *const u8,
        "jlift_append_hex" => text::append_hex as *const u8,
        "jlift_append_float64" => text::append_float64 as *const u8,
        "jlift_append_float32" => text::append_float32 as *const u8,
        "jlift_show_float32" => text::show_float32 as *const u8,
        "jlift_print_int64" => text::print_int64 as *const u8,
        "jlift_print_float64" => text::print_float64 as *const u8,
        "jlift_print_bytes" => text::print_bytes as *const u8,
        _ => return None,
    };
    Some(address)
}

/// The message of the last exception that reached an entry on this thread.
pub fn error_message() -> String {
    RECORD.with(|record| {
        // SAFETY: generated code that writes the record runs on this thread and has returned.
        let bytes = unsafe { &*record.0.get() };
        let mut length = [0; 8];
        length.copy_from_slice(&bytes[LENGTH_OFFSET..MESSAGE_OFFSET]);
        let length = usize::try_from(u64::from_le_bytes(length)).unwrap_or(usize::MAX);
        let end = MESSAGE_OFFSET + length.min(RECORD_SIZE - MESSAGE_OFFSET);
        String::from_utf8_lossy(&bytes[MESSAGE_OFFSET..end]).into_owned()
    })
}

/// The hash of the type in the record of this thread.
pub fn error_type() -> u64 {
    RECORD.with(|record| {
        // SAFETY: generated code that writes the record runs on this thread, and not now.
        let bytes = unsafe { &*record.0.get() };
        let mut hash = [0; 8];
        hash.copy_from_slice(&bytes[..8]);
        u64::from_le_bytes(hash)
    })
}

/// Writes the record of this thread, as code that throws does.
pub fn set_error(type_hash: u64, message: &str) {
    RECORD.with(|record| {
        // SAFETY: as above.
        let bytes = unsafe { &mut *record.0.get() };
        let length = message.len().min(RECORD_SIZE - MESSAGE_OFFSET);
        bytes[..8].copy_from_slice(&type_hash.to_le_bytes());
        bytes[LENGTH_OFFSET..MESSAGE_OFFSET].copy_from_slice(&(length as u64).to_le_bytes());
        bytes[MESSAGE_OFFSET..MESSAGE_OFFSET + length]
            .copy_from_slice(&message.as_bytes()[..length]);
    });
}

/// Makes the record of this thread say that the exception is kept elsewhere: as an object.
pub fn clear_error_type() {
    RECORD.with(|record| {
        // SAFETY: as above.
        let bytes = unsafe { &mut *record.0.get() };
        bytes[..8].fill(0);
    });
}
