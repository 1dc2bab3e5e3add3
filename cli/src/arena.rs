//! The allocator of the command: small objects from chunks of the thread that asks, all others from the system's
//! allocator. Knows nothing of what is allocated.
//!
//! A run of a small program is over in milliseconds, a third of them in the kernel: what counts is how many pages are
//! touched. A compiler's objects are small, and most of one size live for a short time, so that they lie side by side
//! in the order of their making and a freed one serves the next of its size. Beside allocators that keep a page for
//! each size and tables of their pages, that saves a sixth of the page faults and a tenth of the time
//! (docs/PERFORMANCE.md).
//!
//! Invariants: a block of [`SMALL`] bytes or less with an ordinary alignment is a whole number of granules, and goes
//! back to the list of its size, whichever thread frees it; blocks are never split, joined or returned to the system.
//! What a thread leaves when it ends is taken over by the next one that begins.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::UnsafeCell;
use std::ptr::{NonNull, null_mut};
use std::sync::Mutex;

/// Sizes are multiples of this, which is also the alignment of every block, in bytes.
const GRANULE: usize = 16;
/// The largest block of a chunk, in bytes.
const SMALL: usize = 1024;
/// What a thread takes from the system at once, in bytes. Its pages cost nothing until they are touched.
const CHUNK: usize = 1 << 20;
/// How many ended threads may leave their memory to others; what more of them leave is lost.
const LEGACIES: usize = 64;

/// The allocator; its state is that of the threads.
pub struct Arena;

/// A free block: its first word is the next one of its size.
struct Free {
    next: *mut Free,
}

/// The memory of one thread.
struct Memory {
    /// What is left of the chunk.
    at: *mut u8,
    left: usize,
    /// The free blocks of each number of granules.
    free: [*mut Free; SMALL / GRANULE + 1],
}

// SAFETY: the blocks belong to nobody else; who has the `Memory` may use them on any thread.
unsafe impl Send for Memory {}

static LEGACY: Mutex<[Option<Memory>; LEGACIES]> = Mutex::new([const { None }; LEGACIES]);

/// The memory of the thread.
struct Own(UnsafeCell<Memory>);

impl Drop for Own {
    fn drop(&mut self) {
        let memory = std::mem::replace(self.0.get_mut(), Memory::NONE);
        if let Ok(mut legacy) = LEGACY.try_lock()
            && let Some(place) = legacy.iter_mut().find(|place| place.is_none())
        {
            *place = Some(memory);
        }
    }
}

thread_local! {
    static OWN: Own = const { Own(UnsafeCell::new(Memory::NONE)) };
}

impl Memory {
    const NONE: Memory = Memory {
        at: null_mut(),
        left: 0,
        free: [null_mut(); SMALL / GRANULE + 1],
    };

    #[inline]
    fn take(&mut self, granules: usize) -> *mut u8 {
        if let Some(list) = self.free.get_mut(granules)
            && let Some(block) = NonNull::new(*list)
        {
            // SAFETY: blocks of a list are free, of this size, and hold the next one.
            *list = unsafe { block.as_ref().next };
            return block.as_ptr().cast();
        }
        self.take_fresh(granules)
    }

    /// A block that was never used.
    fn take_fresh(&mut self, granules: usize) -> *mut u8 {
        let size = granules * GRANULE;
        if size > self.left && !self.refill() {
            return null_mut();
        }
        let block = self.at;
        // SAFETY: `left` bytes of the chunk follow `at`.
        self.at = unsafe { block.add(size) };
        self.left -= size;
        block
    }

    /// Memory for any block: what an ended thread left, or a new chunk. The rest of the old one, less than a block, is
    /// given up. False if the system has no memory.
    #[cold]
    fn refill(&mut self) -> bool {
        if self.at.is_null()
            && let Ok(mut legacy) = LEGACY.try_lock()
            && let Some(memory) = legacy.iter_mut().find_map(Option::take)
        {
            // What the thread was given back before it asked for the first time.
            let own = std::mem::replace(self, memory);
            for (granules, list) in own.free.into_iter().enumerate() {
                let mut block = list;
                while let Some(free) = NonNull::new(block) {
                    // SAFETY: as in `take`; nobody else has this list.
                    unsafe {
                        block = free.as_ref().next;
                        self.give(free.as_ptr().cast(), granules);
                    }
                }
            }
            if self.left >= SMALL {
                return true;
            }
        }
        // SAFETY: the layout is not empty.
        let chunk = unsafe { System.alloc(Layout::new::<Chunk>()) };
        if chunk.is_null() {
            return false;
        }
        self.at = chunk;
        self.left = CHUNK;
        true
    }

    /// Takes a block back.
    ///
    /// # Safety
    /// The block has this many granules, and nobody uses it.
    #[inline]
    unsafe fn give(&mut self, block: *mut u8, granules: usize) {
        if let Some(list) = self.free.get_mut(granules) {
            let block: *mut Free = block.cast();
            // SAFETY: the block is at least a granule long and aligned to it.
            unsafe { block.write(Free { next: *list }) };
            *list = block;
        }
    }
}

#[repr(align(16))]
struct Chunk(#[expect(dead_code, reason = "gives the size")] [u8; CHUNK]);

/// How many granules a block of this layout has; `None` if it is the system's.
#[inline]
fn granules(layout: Layout) -> Option<usize> {
    let small = layout.size() <= SMALL && layout.align() <= GRANULE;
    small.then(|| layout.size().div_ceil(GRANULE))
}

/// Does something with the memory of this thread; `None` if the thread is ending and has none any more.
#[inline]
fn with_memory<T>(action: impl FnOnce(&mut Memory) -> T) -> Option<T> {
    OWN.try_with(|own| {
        // SAFETY: only this thread has its memory, and no action uses it a second time: they allocate from the
        // system only.
        let memory = unsafe { &mut *own.0.get() };
        action(memory)
    })
    .ok()
}

// SAFETY: blocks of lists and chunks are aligned to a granule, long enough, and given to one owner at a time. Whether
// a block is the system's follows from its layout alone, except those that an ending thread asked for: they are the
// system's and stay in a list for ever, which no one notices.
unsafe impl GlobalAlloc for Arena {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let Some(granules) = granules(layout) else {
            // SAFETY: as promised by the caller.
            return unsafe { System.alloc(layout) };
        };
        let block = with_memory(|memory| memory.take(granules));
        // SAFETY: as promised by the caller; a block that may come into a list has whole granules.
        block.unwrap_or_else(|| unsafe { System.alloc(whole(granules)) })
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if granules(layout).is_none() {
            // Fresh pages of the system are zero already.
            // SAFETY: as promised by the caller.
            return unsafe { System.alloc_zeroed(layout) };
        }
        // SAFETY: as promised by the caller; the block has the size of the layout.
        unsafe {
            let block = self.alloc(layout);
            if !block.is_null() {
                block.write_bytes(0, layout.size());
            }
            block
        }
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        match granules(layout) {
            // Nobody is left who could use what an ending thread frees.
            // SAFETY: as promised by the caller.
            Some(granules) => drop(with_memory(|memory| unsafe {
                memory.give(block, granules)
            })),
            // SAFETY: as promised by the caller.
            None => unsafe { System.dealloc(block, layout) },
        }
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller promises that the size can be one of a layout.
        let wanted = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        match (granules(layout), granules(wanted)) {
            // SAFETY: as promised by the caller.
            (None, None) => unsafe { System.realloc(block, layout, size) },
            (old, new) if old == new => block,
            // SAFETY: as promised by the caller; both blocks have the smaller of the sizes.
            _ => unsafe {
                let fresh = self.alloc(wanted);
                if !fresh.is_null() {
                    fresh.copy_from_nonoverlapping(block, layout.size().min(size));
                    self.dealloc(block, layout);
                }
                fresh
            },
        }
    }
}

/// The layout of a block of this many granules.
fn whole(granules: usize) -> Layout {
    // SAFETY: the alignment is a power of two, and sizes are small.
    unsafe { Layout::from_size_align_unchecked(granules * GRANULE, GRANULE) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(size: usize, align: usize) -> Layout {
        Layout::from_size_align(size, align).unwrap_or(Layout::new::<u8>())
    }

    #[test]
    fn a_freed_block_serves_the_next_of_its_size_only() {
        let of_size = |size| layout(size, 8);
        // SAFETY: every block is freed once, with its layout.
        unsafe {
            let first = Arena.alloc(of_size(100));
            Arena.dealloc(first, of_size(100));
            let other = Arena.alloc(of_size(64));
            let again = Arena.alloc(of_size(112));
            assert_ne!(first, other);
            assert_eq!(first, again, "100 and 112 bytes are seven granules");
            Arena.dealloc(other, of_size(64));
            Arena.dealloc(again, of_size(112));
        }
    }

    #[test]
    fn blocks_keep_what_is_in_them_through_any_reallocation() {
        // Sizes on both sides of each border: granules, the largest block, the system's.
        let sizes = [
            1, 15, 16, 17, 500, 1023, 1024, 1025, 4000, 100_000, 1024, 16, 3,
        ];
        for align in [1, 16, 32, 4096] {
            let mut size = 8;
            // SAFETY: the block always has the size and alignment of its layout.
            unsafe {
                let mut block = Arena.alloc(layout(size, align));
                (0..size).for_each(|i| block.add(i).write(i as u8));
                for next in sizes {
                    block = Arena.realloc(block, layout(size, align), next);
                    assert_eq!(block as usize % align, 0);
                    let kept = (0..size.min(next)).all(|i| block.add(i).read() == i as u8);
                    assert!(kept, "{size} to {next} bytes");
                    size = next;
                    (0..size).for_each(|i| block.add(i).write(i as u8));
                }
                Arena.dealloc(block, layout(size, align));
            }
        }
    }

    #[test]
    fn zeroed_blocks_are_zero_when_they_were_used_before() {
        for size in [16, 1000, 5000] {
            // SAFETY: blocks are freed once, with their layout, and read within their size.
            unsafe {
                let used = Arena.alloc(layout(size, 8));
                used.write_bytes(0xaa, size);
                Arena.dealloc(used, layout(size, 8));
                let block = Arena.alloc_zeroed(layout(size, 8));
                assert!((0..size).all(|i| block.add(i).read() == 0));
                Arena.dealloc(block, layout(size, 8));
            }
        }
    }

    #[test]
    fn blocks_of_one_thread_do_not_overlap_when_others_free_them() {
        let (to_free, freed) = std::sync::mpsc::channel::<Vec<Vec<u8>>>();
        let other = std::thread::spawn(move || {
            for blocks in freed {
                drop(blocks);
                // What was freed here is used here.
                let own: Vec<Vec<u8>> = (0..64).map(|n| vec![0xff; 16 * (n + 1)]).collect();
                assert!(own.iter().flatten().all(|&b| b == 0xff));
            }
        });
        for round in 0..200u8 {
            let blocks: Vec<Vec<u8>> = (0..64).map(|n| vec![round; 16 * (n + 1)]).collect();
            let kept: Vec<Vec<u8>> = (0..64).map(|n| vec![!round; 16 * (n + 1)]).collect();
            assert!(blocks.iter().flatten().all(|&b| b == round));
            assert!(to_free.send(blocks).is_ok());
            assert!(kept.iter().flatten().all(|&b| b == !round));
        }
        drop(to_free);
        assert!(other.join().is_ok());
    }

    #[test]
    fn threads_take_over_what_ended_threads_left() {
        let chunk_of_a_thread = || {
            let thread = std::thread::spawn(|| {
                // A size that nothing else in a thread's life asks for in these numbers.
                let blocks: Vec<Box<[u8; 912]>> = (0..600).map(|_| Box::new([7; 912])).collect();
                let first = blocks.iter().map(|b| b.as_ptr() as usize).min();
                first.unwrap_or(0) / CHUNK
            });
            thread.join().unwrap_or(0)
        };
        let chunks: Vec<usize> = (0..32).map(|_| chunk_of_a_thread()).collect();
        let different: std::collections::HashSet<usize> = chunks.iter().copied().collect();
        // Without that, each of the threads would leave a chunk behind. Tests beside this one have threads, too.
        assert!(different.len() < 16, "{different:?}");
    }
}
