//! The arguments and the result of a C function as the machine values that the platform's convention
//! makes of them: numbers in words, structs in pieces or on the stack.

use crate::foreign::{Passed, Signature};
use crate::interpreter::Interpreter;
use crate::memory::Owner;
use crate::outcome::{Result, Stop, unsupported};
use crate::value::{Value, signed, width};
use jlift_abi::classify::{
    AbiSignature, CallConv, Pad, PassMode, Piece, ReturnMode, classify_signature,
};
use jlift_abi::layout::Scalar;
use jlift_ir::{ForeignCall, Type, TypeClass};
use target_lexicon::Triple;

/// What a function is called with.
pub(crate) struct Arguments {
    pub signature: Signature,
    pub words: Vec<u64>,
    ret: ReturnMode,
    /// Copies of structs that the words refer to.
    _copies: Vec<Box<[u64]>>,
    /// Memory for the result.
    result: Option<Box<[u64]>>,
}

impl Interpreter<'_> {
    /// The machine values of a call.
    pub(crate) fn c_arguments(
        &mut self,
        call: &ForeignCall,
        args: &[Value],
        shown: &str,
    ) -> Result<Arguments> {
        let plan = self.plan(call, shown)?;
        let mut out = Arguments {
            signature: Signature {
                params: Vec::new(),
                results: Vec::new(),
                variadic_from: call.variadic_from,
            },
            words: Vec::new(),
            ret: plan.ret.clone(),
            _copies: Vec::new(),
            result: None,
        };
        match &plan.ret {
            ReturnMode::Ignore => {}
            ReturnMode::Direct { scalar, .. } => out.signature.results.push(*scalar),
            ReturnMode::Split(pieces) => {
                out.signature
                    .results
                    .extend(pieces.iter().map(|p| p.scalar));
            }
            ReturnMode::Sret { size, .. } => {
                let mut memory = vec![0; size.div_ceil(8) as usize].into_boxed_slice();
                out.push(Passed::Return, memory.as_mut_ptr() as u64);
                out.result = Some(memory);
            }
        }
        for ((arg, &ty), param) in args.iter().zip(&call.params).zip(&plan.params) {
            for pad in &param.pads {
                match pad {
                    Pad::Int => out.push(Passed::Scalar(Scalar::I64), 0),
                    Pad::Float => out.push(Passed::Scalar(Scalar::F64), 0),
                    Pad::Stack => {
                        let address = out.keep(&[0; 8]);
                        out.push(Passed::Stack(8), address);
                    }
                }
            }
            match &param.mode {
                PassMode::Ignore => {}
                PassMode::Direct { scalar, .. } => {
                    let word = self.scalar_argument(arg, ty)?;
                    out.push(Passed::Scalar(*scalar), word);
                }
                PassMode::Split(pieces) => {
                    let bytes = self.argument_bytes(arg, ty)?;
                    for piece in pieces {
                        out.push(Passed::Scalar(piece.scalar), word_of(&bytes, piece));
                    }
                }
                PassMode::StackCopy { size, .. } => {
                    let mut bytes = self.argument_bytes(arg, ty)?;
                    bytes.resize(*size as usize, 0);
                    let address = out.keep(&bytes);
                    out.push(Passed::Stack(*size), address);
                }
                PassMode::Indirect { .. } => {
                    let bytes = self.argument_bytes(arg, ty)?;
                    let address = out.keep(&bytes);
                    out.push(Passed::Scalar(Scalar::Ptr), address);
                }
            }
        }
        Ok(out)
    }

    fn plan(&self, call: &ForeignCall, shown: &str) -> Result<AbiSignature> {
        let Some(convention) = CallConv::of(&Triple::host()) else {
            return unsupported("C functions of this machine");
        };
        let tables = &self.module.tables;
        let plan = classify_signature(tables, convention, &call.params, call.ret);
        let is_half = |ty: &Type| *ty == Type::FLOAT16;
        match plan {
            Ok(plan) if !call.params.iter().any(is_half) && !is_half(&call.ret) => Ok(plan),
            _ => unsupported(format!("the signature of `{shown}`")),
        }
    }

    fn scalar_argument(&mut self, arg: &Value, ty: Type) -> Result<u64> {
        let tables = &self.module.tables;
        let word = match tables.class(ty) {
            TypeClass::Pointer | TypeClass::Primitive(_) => self.c_word(arg)?,
            // An object as such.
            _ => self.address_of(arg)?,
        };
        Ok(match width(tables, ty) {
            // Callers extend narrow numbers.
            Some(width) if ty.is_signed() => signed(word.into(), width) as u64,
            _ => word,
        })
    }

    fn argument_bytes(&mut self, arg: &Value, ty: Type) -> Result<Vec<u8>> {
        if !arg.is_defined() {
            return Err(Stop::Undefined("an argument of a C function"));
        }
        let size = self.layout(ty)?.size;
        self.stored_bytes(ty, arg, size.into())
    }

    /// The value that the results of a call are.
    pub(crate) fn c_result(
        &mut self,
        ty: Type,
        arguments: &Arguments,
        results: &[u64],
    ) -> Result<Value> {
        let mut bytes = Vec::new();
        match (&arguments.ret, &arguments.result) {
            (ReturnMode::Split(pieces), _) => {
                for (piece, word) in pieces.iter().zip(results) {
                    let (at, size) = (piece.offset as usize, piece.size.min(8) as usize);
                    bytes.resize(bytes.len().max(at + size), 0);
                    bytes[at..at + size].copy_from_slice(&word.to_le_bytes()[..size]);
                }
            }
            (_, Some(memory)) => bytes.extend(memory.iter().flat_map(|w| w.to_le_bytes())),
            _ => return self.from_host(results.first().copied().unwrap_or(0), ty),
        }
        let size = u64::from(self.layout(ty)?.size);
        bytes.resize(size as usize, 0);
        let address = self
            .memory
            .allocate(size.max(1), Owner::Interpreter, true, None)?;
        self.memory.write_all(address, &bytes)?;
        let value = self.load(ty, address)?;
        self.memory.free(address, Owner::Interpreter)?;
        Ok(value)
    }
}

impl Arguments {
    fn push(&mut self, passed: Passed, word: u64) {
        self.signature.params.push(passed);
        self.words.push(word);
    }

    /// Keeps a copy of bytes until the call is over; its address.
    fn keep(&mut self, bytes: &[u8]) -> u64 {
        let mut words = vec![0u64; bytes.len().div_ceil(8)].into_boxed_slice();
        for (word, chunk) in words.iter_mut().zip(bytes.chunks(8)) {
            let mut whole = [0; 8];
            whole[..chunk.len()].copy_from_slice(chunk);
            *word = u64::from_le_bytes(whole);
        }
        let address = words.as_ptr() as u64;
        self._copies.push(words);
        address
    }
}

/// The bytes of a piece, in the low bits.
fn word_of(bytes: &[u8], piece: &Piece) -> u64 {
    let (at, size) = (piece.offset as usize, piece.size.min(8) as usize);
    let mut word = [0; 8];
    if let Some(found) = bytes.get(at..at + size) {
        word[..size].copy_from_slice(found);
    }
    u64::from_le_bytes(word)
}
