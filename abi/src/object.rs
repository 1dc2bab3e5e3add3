//! The object model: where the fields of heap objects stand. All offsets are in bytes from the
//! address that a reference holds, which is the first byte of the header.
//!
//! ```text
//! any object   0 type index u32 | 4 flags u32 | 8 reference count u64 | 16 payload ...
//! array        0 header         | 16 data pointer | 24 length i64 | 32 size of dimension 1 i64 ...
//! string       0 header         | 16 length in bytes i64 | 24 bytes, then one NUL
//! ```

/// Size and alignment of a reference.
pub const REFERENCE_SIZE: u32 = 8;

/// The index of the object's concrete type, `u32`.
pub const TYPE_INDEX_OFFSET: u32 = 0;
/// The `FLAG_*` bits, `u32`.
pub const FLAGS_OFFSET: u32 = 4;
/// The number of references, `u64`; 1 when the object is made.
pub const REFERENCE_COUNT_OFFSET: u32 = 8;
/// Size of the header, and so the offset of the payload.
pub const HEADER_SIZE: u32 = 16;
/// Alignment of every heap object.
pub const OBJECT_ALIGN: u32 = 16;

/// The object is constant data: retain and release leave it alone.
pub const FLAG_IMMORTAL: u32 = 1;
/// The data of this array belongs to somebody else and is not freed with it.
pub const FLAG_BORROWED_DATA: u32 = 2;

/// Address of the first element. Elements follow each other in column-major order at multiples of
/// [`crate::layout::Layout::stride`]; a small union keeps its selector byte after its payload.
pub const ARRAY_DATA_OFFSET: u32 = HEADER_SIZE;
/// Number of elements, `i64`.
pub const ARRAY_LENGTH_OFFSET: u32 = ARRAY_DATA_OFFSET + 8;
/// Size of the first dimension, `i64`; the others follow.
pub const ARRAY_SIZES_OFFSET: u32 = ARRAY_LENGTH_OFFSET + 8;

/// Offset of the size of a dimension, counted from 0.
pub const fn array_size_offset(dimension: u32) -> u32 {
    ARRAY_SIZES_OFFSET + 8 * dimension
}

/// Bytes of an array object without its elements.
pub const fn array_object_size(dimensions: u32) -> u32 {
    array_size_offset(dimensions)
}

/// Number of bytes of a `String`, `i64`.
pub const STRING_LENGTH_OFFSET: u32 = HEADER_SIZE;
/// The bytes of a `String`; a NUL that the length does not count follows them.
pub const STRING_BYTES_OFFSET: u32 = STRING_LENGTH_OFFSET + 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_objects_do_not_overlap() {
        assert_eq!(TYPE_INDEX_OFFSET + 4, FLAGS_OFFSET);
        assert_eq!(FLAGS_OFFSET + 4, REFERENCE_COUNT_OFFSET);
        assert_eq!(REFERENCE_COUNT_OFFSET + 8, HEADER_SIZE);
        assert_eq!(array_size_offset(0), 32);
        assert_eq!(array_object_size(3), 56);
        assert_eq!(STRING_BYTES_OFFSET, 24);
    }
}
