//! The error record: where a program keeps the exception on its way to a handler or an entry, one
//! per thread. Every consumer of typed IR agrees on this layout; how a thread finds its record is
//! the business of whoever makes the program.
//!
//! | offset | |
//! |---|---|
//! | 0 | hash of the exception's type, `UInt64` |
//! | 8 | bytes of the message, `UInt64` |
//! | 16 | the message in UTF-8, NUL-terminated, cut to [`MESSAGE_CAPACITY`] bytes |

/// Bytes of a record.
pub const SIZE: u32 = 1024;
/// Offset of the hash of the exception's type.
pub const TYPE_OFFSET: u32 = 0;
/// Offset of the length of the message.
pub const LENGTH_OFFSET: u32 = 8;
/// Offset of the message.
pub const MESSAGE_OFFSET: u32 = 16;
/// Bytes of a message at most, without the NUL behind it.
pub const MESSAGE_CAPACITY: u32 = SIZE - MESSAGE_OFFSET - 1;

/// The hash by which a program recognises an exception type: FNV-1a, 64 bits (Fowler, Noll, Vo),
/// of the type's qualified name.
pub fn type_hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
