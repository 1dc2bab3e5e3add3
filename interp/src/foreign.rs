//! Calls of C functions that are not modelled. Who makes them is [`Foreign`]; what they may be given
//! are numbers, pointers among them.

use crate::interpreter::Interpreter;
use crate::outcome::{Result, Stop, unknown_symbol, unsupported};
use crate::value::Value;
use jlift_abi::layout::Scalar;
use jlift_ir::{ForeignCall, Type};

/// The machine values that a C function takes and gives.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Signature {
    pub params: Vec<Passed>,
    /// What comes back in registers.
    pub results: Vec<Scalar>,
    /// Number of fixed parameters of a C-variadic function, 0 if it is not variadic.
    pub variadic_from: u32,
}

/// A machine value that a C function takes.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Passed {
    Scalar(Scalar),
    /// So many bytes at an address, copied to the stack.
    Stack(u32),
    /// The address of memory for the result.
    Return,
}

/// Why a C function was not called.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ForeignError {
    /// There is no function of this name.
    UnknownSymbol,
    /// It takes or gives something that cannot be passed.
    Unsupported(String),
}

/// Calls C functions.
pub trait Foreign {
    /// The address of a function; `library` is empty if none is named.
    fn function(&mut self, name: &str, library: &str) -> Option<u64>;

    /// The address of a variable.
    fn variable(&mut self, name: &str) -> Option<u64>;

    /// Calls the function at an address with these words, floats by their bits, and stores the bits
    /// of each result.
    fn call(
        &mut self,
        address: u64,
        signature: &Signature,
        args: &[u64],
        results: &mut [u64],
    ) -> std::result::Result<(), ForeignError>;
}

/// Knows no C function.
pub struct NoForeign;

impl Foreign for NoForeign {
    fn function(&mut self, _: &str, _: &str) -> Option<u64> {
        None
    }

    fn variable(&mut self, _: &str) -> Option<u64> {
        None
    }

    fn call(
        &mut self,
        _: u64,
        _: &Signature,
        _: &[u64],
        _: &mut [u64],
    ) -> std::result::Result<(), ForeignError> {
        Err(ForeignError::UnknownSymbol)
    }
}

impl Interpreter<'_> {
    pub(crate) fn with_foreign<T>(
        &mut self,
        use_it: impl FnOnce(&mut dyn Foreign, &mut Self) -> T,
    ) -> T {
        let mut foreign = self.foreign.take().unwrap_or_else(|| Box::new(NoForeign));
        let result = use_it(&mut *foreign, self);
        self.foreign = Some(foreign);
        result
    }

    /// Calls a C function by its name or address.
    pub(crate) fn call_c(
        &mut self,
        target: std::result::Result<&str, u64>,
        library: &str,
        call: &ForeignCall,
        args: &[Value],
    ) -> Result<Value> {
        let shown = target.map_or_else(|a| format!("{a:#x}"), str::to_string);
        let given = self.c_arguments(call, args, &shown)?;
        let address = match target {
            Ok(name) => self.with_foreign(|foreign, _| foreign.function(name, library)),
            Err(address) => Some(address),
        };
        let Some(address) = address else {
            return unknown_symbol(&shown);
        };
        // The function may have written to what it was given.
        for &word in &given.words {
            self.memory.given_to_c(word);
        }
        let mut results = vec![0; given.signature.results.len()];
        let called = self.with_foreign(|foreign, _| {
            foreign.call(address, &given.signature, &given.words, &mut results)
        });
        match called {
            Ok(()) if call.ret == Type::BOTTOM => Err(Stop::Undefined("a return of a C function")),
            Ok(()) => self.c_result(call.ret, &given, &results),
            Err(ForeignError::UnknownSymbol) => unknown_symbol(&shown),
            Err(ForeignError::Unsupported(why)) => unsupported(format!("`{shown}`: {why}")),
        }
    }
}
