//! Exceptions as objects: the one on its way to a handler, and those that are being handled, of
//! which handlers in handlers have several. What generated code throws with a text only is in the
//! thread's error record, and becomes an object when a handler takes it.

use super::{Object, Own, call_own, release, retain};
use jlift_abi::object::{STRING_BYTES_OFFSET, STRING_LENGTH_OFFSET};
use jlift_ir::error_record::type_hash;
use jlift_runtime_shims::{clear_error_type, error_message, error_type, set_error};
use std::cell::{Cell, RefCell};
use std::ptr;

thread_local! {
    /// The exception on its way, if the error record says that it is here.
    static THROWN: Cell<Object> = const { Cell::new(ptr::null_mut()) };
    /// The array and the index of a `BoundsError` on its way that was not made yet.
    static BOUNDS: Cell<Option<(Object, Object)>> = const { Cell::new(None) };
    /// The exceptions being handled, innermost last.
    static HANDLED: RefCell<Vec<Object>> = const { RefCell::new(Vec::new()) };
}

/// Forgets the exceptions of a program that has ended, whose objects are gone.
pub fn reset() {
    THROWN.set(ptr::null_mut());
    BOUNDS.set(None);
    HANDLED.with_borrow_mut(Vec::clear);
}

/// Forgets the exception on its way.
fn forget_thrown() {
    release(THROWN.replace(ptr::null_mut()));
    if let Some((array, index)) = BOUNDS.take() {
        release(array);
        release(index);
    }
}

pub extern "C" fn throw(exception: Object) {
    let exception = retain(exception);
    forget_thrown();
    THROWN.set(exception);
    clear_error_type();
}

pub extern "C" fn throw_bounds(array: Object, index: Object) {
    let bounds = (retain(array), retain(index));
    forget_thrown();
    BOUNDS.set(Some(bounds));
    clear_error_type();
}

/// Throws the exception for a stack that ends, of which the error record says all.
pub fn throw_overflow() {
    forget_thrown();
    set_error(type_hash("StackOverflowError"), "StackOverflowError:");
}

/// Throws the exception being handled, which is on its way again and no longer being handled.
pub extern "C" fn rethrow() {
    match HANDLED.with_borrow_mut(Vec::pop) {
        Some(exception) => {
            throw(exception);
            release(exception);
        }
        None => {
            if let Some(exception) = call_own(Own::RethrowOutside, &[]) {
                throw(exception);
                release(exception);
            }
        }
    }
}

pub extern "C" fn handled() -> i64 {
    HANDLED.with_borrow(|handled| handled.len() as i64)
}

/// The exception being handled at this depth, from 0, which becomes the caller's.
pub extern "C" fn handled_at(depth: i64) -> Object {
    let depth = usize::try_from(depth).ok();
    let exception = HANDLED.with_borrow(|handled| depth.and_then(|d| handled.get(d).copied()));
    retain(exception.unwrap_or(ptr::null_mut()))
}

/// The exception on its way as an object, which is the caller's.
pub fn take_thrown() -> Object {
    // What throws while an exception is made takes its place; that may happen to the other, too.
    for _ in 0..MOST_TRIES {
        let made = if error_type() != 0 {
            call_own(Own::RecordedException, &[])
        } else if let Some((array, index)) = BOUNDS.take() {
            let made = call_own(Own::BoundsError, &[array, index]);
            release(array);
            release(index);
            made
        } else {
            Some(THROWN.replace(ptr::null_mut()))
        };
        if let Some(object) = made
            && !object.is_null()
        {
            return object;
        }
    }
    // No exception can be made: there is no stack, or no memory, for it.
    crate::overflow::end_now()
}

/// How often an exception is made before the program is given up.
const MOST_TRIES: u32 = 3;

/// What was being handled when the exception was thrown stays below it until its handler ends.
pub extern "C" fn begin_handler(_depth: i64) {
    let exception = take_thrown();
    HANDLED.with_borrow_mut(|handled| handled.push(exception));
}

pub extern "C" fn end_handler(depth: i64) {
    let rest = HANDLED.with_borrow_mut(|handled| {
        let depth = usize::try_from(depth).unwrap_or(0).min(handled.len());
        handled.split_off(depth)
    });
    for exception in rest {
        release(exception);
    }
}

pub extern "C" fn caught() -> Object {
    let last = HANDLED.with_borrow(|handled| handled.last().copied());
    retain(last.unwrap_or(ptr::null_mut()))
}

/// The text, as `showerror` writes it, of the exception that code which has ended did not catch.
pub fn uncaught() -> String {
    let text = if error_type() != 0 {
        error_message()
    } else {
        let exception = take_thrown();
        let text = text_of(exception);
        release(exception);
        text
    };
    end_handler(0);
    text
}

/// The text of an exception, as `showerror` writes it.
pub fn text_of(exception: Object) -> String {
    let text = match exception.is_null() {
        true => None,
        false => call_own(Own::Text, &[exception]),
    };
    let Some(text) = text else {
        return "(an exception whose text cannot be shown)".into();
    };
    // SAFETY: a `String`, which has its length and its bytes there.
    let shown = unsafe {
        let length = text.add(STRING_LENGTH_OFFSET as usize).cast::<i64>().read();
        let bytes = std::slice::from_raw_parts(
            text.add(STRING_BYTES_OFFSET as usize),
            usize::try_from(length).unwrap_or(0),
        );
        String::from_utf8_lossy(bytes).into_owned()
    };
    release(text);
    shown
}
