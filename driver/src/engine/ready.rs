//! Compiled code that is called from here: how, and what comes back. Knows nothing of how it was made.

use super::{Called, interpreted};
use jlift_ir::{Func, Module, Type};

/// Compiled code that can be called, while the engine that made it exists.
pub struct Ready {
    pub(super) way: Way,
    /// Bytes of the result.
    pub(super) size: usize,
}

/// How a function is called.
pub(super) enum Way {
    Code {
        entry: *const u8,
        convention: Convention,
    },
    Interpreted {
        code: interpreted::Code,
        func: Func,
        ret: Type,
    },
}

/// How a function without parameters is called.
#[derive(Copy, Clone)]
pub(super) enum Convention {
    /// Takes the address of memory for the result, returns 1 for an exception.
    Entry,
    /// No result, no exception.
    Plain,
    /// Comes back only with an exception.
    Throws,
    /// No result, returns 1 for an exception.
    Status,
}

impl Ready {
    /// Calls it.
    pub fn run(&self) -> Called {
        match self.run_within() {
            Some(bytes) => Called::Returned(bytes),
            None => Called::Threw(crate::dynamic::uncaught()),
        }
    }

    /// Calls it from within other code of the program: if it throws, the exception stays on its way.
    pub fn run_within(&self) -> Option<Vec<u8>> {
        self.call(&crate::dynamic::module)
    }

    /// Calls it; `module` gives the module of an interpreter.
    pub(super) fn call(&self, module: &dyn Fn() -> Option<*const Module>) -> Option<Vec<u8>> {
        let (entry, convention) = match &self.way {
            Way::Code { entry, convention } => (*entry, *convention),
            Way::Interpreted { code, func, ret } => {
                return code.run(module, *func, *ret, self.size);
            }
        };
        // 16-byte aligned memory for the result; a union has its tag behind the payload.
        let mut out = vec![0u128; self.size.div_ceil(16) + 1];
        let failed = match convention {
            Convention::Entry => {
                // SAFETY: the entry takes the address of memory for a result of this type.
                let entry: extern "C" fn(*mut u128) -> i32 = unsafe { std::mem::transmute(entry) };
                entry(out.as_mut_ptr()) != 0
            }
            Convention::Plain => {
                // SAFETY: no parameters, no result, no status.
                let entry: extern "C" fn() = unsafe { std::mem::transmute(entry) };
                entry();
                false
            }
            Convention::Throws => {
                // SAFETY: no parameters; it comes back only if it throws.
                let entry: extern "C" fn() = unsafe { std::mem::transmute(entry) };
                entry();
                true
            }
            Convention::Status => {
                // SAFETY: no parameters, and a status.
                let entry: extern "C" fn() -> u8 = unsafe { std::mem::transmute(entry) };
                entry() != 0
            }
        };
        if failed {
            return None;
        }
        let mut bytes: Vec<u8> = out.iter().flat_map(|w| w.to_ne_bytes()).collect();
        bytes.truncate(self.size);
        Some(bytes)
    }
}
