//! Calls of C functions that are not modelled. Who makes them is [`Foreign`]; what they may be given
//! are numbers, pointers among them.

use crate::interpreter::Interpreter;
use crate::outcome::{Result, Stop, unknown_symbol, unsupported};
use crate::value::{Value, signed, width};
use jlift_abi::layout::Scalar;
use jlift_ir::{ForeignCall, Module, Type, TypeClass};

/// Parameters and result of a C function, each of them one machine word or float.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Signature {
    /// `None` where a parameter is not one scalar of at most 64 bits.
    pub params: Option<Vec<Scalar>>,
    /// `None` of a function without result.
    pub result: Option<Scalar>,
    /// Number of fixed parameters of a C-variadic function, 0 if it is not variadic.
    pub variadic_from: u32,
    param_types: Box<[Type]>,
    result_type: Type,
}

impl Signature {
    pub(crate) fn of(module: &Module, call: &ForeignCall) -> Signature {
        let scalar = |ty: Type| jlift_abi::layout::scalar(&module.tables, ty);
        let narrow = |ty: &Type| scalar(*ty).filter(|s| s.size() <= 8 && *s != Scalar::F16);
        Signature {
            params: call.params.iter().map(narrow).collect(),
            result: scalar(call.ret),
            variadic_from: call.variadic_from,
            param_types: call.params.clone(),
            result_type: call.ret,
        }
    }
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

    /// Calls the function at an address with these words, floats by their bits, and gives the bits
    /// of the result.
    fn call(
        &mut self,
        address: u64,
        signature: &Signature,
        args: &[u64],
    ) -> std::result::Result<u64, ForeignError>;
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

    fn call(&mut self, _: u64, _: &Signature, _: &[u64]) -> std::result::Result<u64, ForeignError> {
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
        signature: &Signature,
        args: &[Value],
    ) -> Result<Value> {
        let shown = target.map_or_else(|a| format!("{a:#x}"), str::to_string);
        let ret = signature.result_type;
        let tables = &self.module.tables;
        let returns = matches!(
            tables.class(ret),
            TypeClass::Primitive(_) | TypeClass::Pointer | TypeClass::Singleton | TypeClass::Bottom
        ) || self.is_hosted();
        if signature.params.is_none() || !returns {
            return unsupported(format!("the signature of `{shown}`"));
        }
        let mut words = Vec::with_capacity(args.len());
        for (arg, &param) in args.iter().zip(&signature.param_types) {
            let word = match tables.class(param) {
                TypeClass::Pointer | TypeClass::Primitive(_) => self.c_word(arg)?,
                // An object as such.
                _ => self.address_of(arg)?,
            };
            words.push(match width(tables, param) {
                // Callers extend narrow numbers.
                Some(width) if param.is_signed() => signed(word.into(), width) as u64,
                _ => word,
            });
        }
        let address = match target {
            Ok(name) => self.with_foreign(|foreign, _| foreign.function(name, library)),
            Err(address) => Some(address),
        };
        let Some(address) = address else {
            return unknown_symbol(&shown);
        };
        // The function may have written to what it was given.
        for &word in &words {
            self.memory.given_to_c(word);
        }
        let called = self.with_foreign(|foreign, _| foreign.call(address, signature, &words));
        match called {
            Ok(_) if ret == Type::BOTTOM => Err(Stop::Undefined("a return of a C function")),
            Ok(bits) => self.from_host(bits, ret),
            Err(ForeignError::UnknownSymbol) => unknown_symbol(&shown),
            Err(ForeignError::Unsupported(why)) => unsupported(format!("`{shown}`: {why}")),
        }
    }
}
