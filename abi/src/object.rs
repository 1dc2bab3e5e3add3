//! The object model: where the fields of heap objects stand. All offsets are in bytes from the
//! address that a reference holds, which is the first byte of the header.
//!
//! ```text
//! any object   0 type number u32 | 4 flags u32 | 8 reference count i64 | 16 payload ...
//! struct       0 header          | 16 fields, as `layout::object_layout` places them
//! array        0 header          | 16 data | 24 length | 32 capacity | 40 memory | 48 sizes ...
//! string       0 header          | 16 length in bytes i64 | 24 bytes, then one NUL
//! symbol       as a string, always immortal
//! ```
//!
//! Objects come from C's `malloc` and go back by `free` when the last reference is dropped. Counts
//! are not atomic: an object belongs to one thread at a time. The type number is unused while an
//! object lives; what is being freed is numbered for the loop that frees it.
//!
//! **Arrays.** Elements follow each other in column-major order at multiples of
//! [`crate::layout::Layout::stride`]; a small union keeps its selector behind its payload, inside
//! its own element, not behind all elements as Julia does. Elements with references are zeroed
//! when they are made: a null reference, or a selector of 0 in a union that has references, is
//! `#undef`. Sizes are there for arrays of two and more dimensions only; the length of a vector is
//! its size.
//!
//! An array is made in one piece with its elements behind the header; `memory` is 0 then. An array
//! that has grown keeps its elements in memory of its own, the address of which is `memory`; what
//! was deleted in front leaves a gap there. An array that shows the elements of another one has
//! [`FLAG_SHOWS_OTHER`] and a reference to that one as its `memory`.

/// Size and alignment of a reference.
pub const REFERENCE_SIZE: u32 = 8;

/// The number of the object's type, `u32`, while it is being freed.
pub const TYPE_INDEX_OFFSET: u32 = 0;
/// The `FLAG_*` bits, `u32`.
pub const FLAGS_OFFSET: u32 = 4;
/// The number of references, `i64`; 1 when the object is made.
pub const REFERENCE_COUNT_OFFSET: u32 = 8;
/// Size of the header, and so the offset of the payload.
pub const HEADER_SIZE: u32 = 16;
/// Alignment of every heap object.
pub const OBJECT_ALIGN: u32 = 16;

/// The object is constant data or lives on a stack: retain and release leave it alone. Its count
/// is [`IMMORTAL_COUNT`], so that one load tells.
pub const FLAG_IMMORTAL: u32 = 1;
/// The data of this array belongs to somebody else and is not freed with it.
pub const FLAG_BORROWED_DATA: u32 = 2;
/// The elements of this array are those of another one, to which `memory` is a reference.
pub const FLAG_SHOWS_OTHER: u32 = 4;
/// Another array shows, or has shown, the elements of this one: it cannot be resized.
pub const FLAG_SHOWN: u32 = 8;

/// The reference count of immortal objects: negative, as no other count is, also with one less.
pub const IMMORTAL_COUNT: i64 = i64::MIN / 2;

/// Address of the first element.
pub const ARRAY_DATA_OFFSET: u32 = HEADER_SIZE;
/// Number of elements, `i64`.
pub const ARRAY_LENGTH_OFFSET: u32 = ARRAY_DATA_OFFSET + 8;
/// For how many elements there is memory from the first one on, `i64`.
pub const ARRAY_CAPACITY_OFFSET: u32 = ARRAY_LENGTH_OFFSET + 8;
/// Address of the memory that holds the elements, 0 if they are in the object itself or belong to
/// somebody else, or a reference to the array whose elements these are.
pub const ARRAY_MEMORY_OFFSET: u32 = ARRAY_CAPACITY_OFFSET + 8;
/// Size of the first dimension, `i64`; the others follow. Not in vectors.
pub const ARRAY_SIZES_OFFSET: u32 = ARRAY_MEMORY_OFFSET + 8;

/// Whether an array of this number of dimensions has sizes besides its length.
pub const fn array_has_sizes(dimensions: u32) -> bool {
    dimensions >= 2
}

/// Offset of the size of a dimension, counted from 0.
pub const fn array_size_offset(dimension: u32) -> u32 {
    ARRAY_SIZES_OFFSET + 8 * dimension
}

/// Bytes of an array object without its elements.
pub const fn array_object_size(dimensions: u32) -> u32 {
    let sizes = if array_has_sizes(dimensions) {
        dimensions
    } else {
        0
    };
    array_size_offset(sizes).next_multiple_of(OBJECT_ALIGN)
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
        assert_eq!(ARRAY_MEMORY_OFFSET, 40);
        assert_eq!(array_size_offset(0), 48);
        assert_eq!(STRING_BYTES_OFFSET, 24);
    }

    #[test]
    fn elements_behind_an_array_object_are_aligned() {
        assert_eq!(array_object_size(0), 48);
        assert_eq!(array_object_size(1), 48);
        assert_eq!(array_object_size(2), 64);
        assert_eq!(array_object_size(3), 80);
        for dimensions in 0..20 {
            assert_eq!(array_object_size(dimensions) % OBJECT_ALIGN, 0);
            assert!(array_object_size(dimensions) >= array_size_offset(0));
        }
    }
}
