//! An allocator that finds mistakes: it counts, fills what it frees and keeps it until the end, so
//! that writes to freed memory, double frees and leaks are seen. One per thread.

use std::cell::RefCell;

/// What freed memory is filled with: no address, and no plausible count.
const POISON: u8 = 0xdd;
/// What memory holds that nobody wrote: it must not look zeroed.
const FRESH: u8 = 0xa5;

/// Freed memory beyond this many bytes goes back, unchecked.
const MAX_KEPT: usize = 64 << 20;

/// Before each block: its size and what it is.
const HEAD: usize = 16;
const LIVE: usize = 0x11fe_11fe_11fe_11fe;
const FREED: usize = 0xf4ee_f4ee_f4ee_f4ee;

#[derive(Default)]
struct State {
    freed: Vec<usize>,
    kept: usize,
    made: usize,
    live: usize,
    mistakes: Vec<String>,
    /// Allocations that succeed before all others fail.
    budget: Option<usize>,
}

thread_local! {
    static STATE: RefCell<State> = RefCell::default();
}

/// What happened since the beginning.
pub struct Report {
    pub made: usize,
    pub live: usize,
    pub mistakes: Vec<String>,
}

/// Starts counting; only `budget` allocations succeed if it is given.
pub fn begin(budget: Option<usize>) {
    STATE.with_borrow_mut(|s| {
        *s = State {
            budget,
            ..State::default()
        }
    });
}

/// Stops counting, and gives back what was freed.
pub fn end() -> Report {
    let mut s = STATE.take();
    for address in s.freed {
        let memory = address as *mut u8;
        // SAFETY: the block was not given back yet, and has a head.
        unsafe {
            let size = memory.cast::<usize>().read();
            let bytes = std::slice::from_raw_parts(memory.add(HEAD), size);
            if bytes.iter().any(|&b| b != POISON) {
                s.mistakes.push(format!("{size} freed bytes were written"));
            }
            libc::free(memory.cast());
        }
    }
    Report {
        made: s.made,
        live: s.live,
        mistakes: s.mistakes,
    }
}

extern "C" fn malloc(size: usize) -> *mut u8 {
    STATE.with_borrow_mut(|s| {
        if let Some(budget) = &mut s.budget {
            if *budget == 0 {
                return std::ptr::null_mut();
            }
            *budget -= 1;
        }
        if size > 1 << 40 {
            return std::ptr::null_mut();
        }
        s.made += 1;
        s.live += 1;
        // SAFETY: the block is as large as what is written.
        unsafe {
            let memory: *mut u8 = libc::malloc(size + HEAD).cast();
            memory.cast::<usize>().write(size);
            memory.cast::<usize>().add(1).write(LIVE);
            memory.add(HEAD).write_bytes(FRESH, size);
            memory.add(HEAD)
        }
    })
}

extern "C" fn calloc(count: usize, size: usize) -> *mut u8 {
    let Some(bytes) = count.checked_mul(size) else {
        return std::ptr::null_mut();
    };
    let memory = malloc(bytes);
    if !memory.is_null() {
        // SAFETY: the memory is as large as that.
        unsafe { memory.write_bytes(0, bytes) };
    }
    memory
}

extern "C" fn free(memory: *mut u8) {
    if memory.is_null() {
        return;
    }
    STATE.with_borrow_mut(|s| {
        // SAFETY: what a program frees has a head, or the program is wrong and may fail here.
        let block = unsafe { memory.sub(HEAD) };
        let mark = unsafe { block.cast::<usize>().add(1).read() };
        match mark {
            LIVE => {}
            FREED => return s.mistakes.push("memory was freed twice".into()),
            _ => return s.mistakes.push("what was freed was not allocated".into()),
        }
        s.live -= 1;
        // SAFETY: the block is live, and as large as its head says.
        unsafe {
            let size = block.cast::<usize>().read();
            block.cast::<usize>().add(1).write(FREED);
            memory.write_bytes(POISON, size);
            if s.kept + size > MAX_KEPT {
                libc::free(block.cast());
                return;
            }
            s.kept += size;
        }
        s.freed.push(block as usize);
    });
}

extern "C" fn realloc(memory: *mut u8, size: usize) -> *mut u8 {
    let new = malloc(size);
    if new.is_null() || memory.is_null() {
        return new;
    }
    // SAFETY: the block has a head; both are at least as large as the lesser.
    unsafe {
        let old = memory.sub(HEAD).cast::<usize>().read();
        new.copy_from_nonoverlapping(memory, old.min(size));
    }
    free(memory);
    new
}

/// The functions, by the names that programs import.
pub fn symbol(name: &str) -> Option<*const u8> {
    Some(match name {
        "malloc" => malloc as *const u8,
        "calloc" => calloc as *const u8,
        "realloc" => realloc as *const u8,
        "free" => free as *const u8,
        _ => return None,
    })
}
