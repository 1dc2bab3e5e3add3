//! An allocator that finds mistakes: it counts, fills what it frees and keeps it until the end, so
//! that writes to freed memory, double frees and leaks are seen. One per thread.

use std::cell::RefCell;
use std::collections::HashMap;

/// What freed memory is filled with: no address, and no plausible count.
const POISON: u8 = 0xdd;

/// Freed memory beyond this many bytes goes back, unchecked.
const MAX_KEPT: usize = 256 << 20;

#[derive(Default)]
struct State {
    live: HashMap<usize, usize>,
    freed: HashMap<usize, usize>,
    kept: usize,
    made: usize,
    mistakes: Vec<String>,
    /// Allocations that succeed before all others fail.
    budget: Option<usize>,
}

thread_local! {
    static STATE: RefCell<State> = RefCell::default();
}

/// What happened since the last call.
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

/// Stops counting, and gives back all memory.
pub fn end() -> Report {
    STATE.with_borrow_mut(|s| {
        let mut s = std::mem::take(s);
        for (&address, &size) in &s.freed {
            // SAFETY: the memory was not given back yet.
            let bytes = unsafe { std::slice::from_raw_parts(address as *const u8, size) };
            if bytes.iter().any(|&b| b != POISON) {
                s.mistakes.push(format!("{size} freed bytes were written"));
            }
        }
        let report = Report {
            made: s.made,
            live: s.live.len(),
            mistakes: s.mistakes,
        };
        for address in s.live.keys().chain(s.freed.keys()) {
            // SAFETY: both lists hold what `malloc` gave and nobody freed.
            unsafe { libc::free(*address as *mut libc::c_void) };
        }
        report
    })
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
        // SAFETY: any size is allowed.
        let memory: *mut u8 = unsafe { libc::malloc(size.max(1)) }.cast();
        // Memory that nobody wrote must not look zeroed.
        // SAFETY: the memory is as large as that.
        unsafe { memory.write_bytes(0xa5, size) };
        s.live.insert(memory as usize, size);
        s.made += 1;
        memory
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
        let Some(size) = s.live.remove(&(memory as usize)) else {
            let what = match s.freed.contains_key(&(memory as usize)) {
                true => "memory was freed twice",
                false => "something was freed that was never allocated",
            };
            s.mistakes.push(what.into());
            return;
        };
        // SAFETY: the memory is as large as that.
        unsafe { memory.write_bytes(POISON, size) };
        if s.kept + size > MAX_KEPT {
            // SAFETY: `malloc` gave it, and the list of live memory does not hold it any more.
            unsafe { libc::free(memory.cast()) };
            return;
        }
        s.kept += size;
        s.freed.insert(memory as usize, size);
    });
}

extern "C" fn realloc(memory: *mut u8, size: usize) -> *mut u8 {
    let new = malloc(size);
    if new.is_null() || memory.is_null() {
        return new;
    }
    let old = STATE.with_borrow(|s| s.live.get(&(memory as usize)).copied());
    // SAFETY: both are at least as large as the lesser.
    unsafe { new.copy_from_nonoverlapping(memory, old.unwrap_or(0).min(size)) };
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
