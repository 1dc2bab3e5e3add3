//! Requests of a running program about code as objects: `Base.code_request`.

use super::{Object, RESOLVER, objects};
use std::cell::Cell;
use std::ptr;

thread_local! {
    static FAILED: Cell<bool> = const { Cell::new(false) };
}

/// The answer, or the exception if [`failed`] says so.
pub extern "C" fn request(what: i64, args: Object) -> Object {
    let Some(resolver) = RESOLVER.get() else {
        FAILED.set(true);
        return ptr::null_mut();
    };
    // SAFETY: the arguments are a `Vector{Any}`.
    let args = unsafe { objects::elements(args) };
    // SAFETY: set for as long as generated code runs; whoever set it does nothing meanwhile.
    let answer = unsafe { &mut *resolver }.code_request(what, &args);
    FAILED.set(answer.is_err());
    match answer {
        Ok(object) | Err(object) => object,
    }
}

/// Whether the last request has ended with an exception.
pub extern "C" fn failed() -> i64 {
    i64::from(FAILED.get())
}
