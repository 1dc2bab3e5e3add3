//! The calls of a batch by the reference interpreter.

use super::Batch;
use super::observation::{Bytes, Ending, Observation, Run};
use super::slots::Piece;
use super::way::Way;
use crate::diagnostic::Failure;
use cranelift_entity::EntitySet;
use jlift_interp::{
    FaultKind, Foreign, ForeignError, Interpreter, Native, NoForeign, Options, Outcome, Signature,
    Stage, Value,
};
use jlift_ir::{Func, Module, Type};
use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// C functions of this process, for one interpreter after the other.
struct Shared(Rc<RefCell<Native>>);

impl Foreign for Shared {
    fn function(&mut self, name: &str, library: &str) -> Option<u64> {
        self.0.borrow_mut().function(name, library)
    }

    fn variable(&mut self, name: &str) -> Option<u64> {
        self.0.borrow_mut().variable(name)
    }

    fn call(
        &mut self,
        address: u64,
        signature: &Signature,
        args: &[u64],
        results: &mut [u64],
    ) -> Result<(), ForeignError> {
        let mut native = self.0.borrow_mut();
        native.call(address, signature, args, results)
    }
}

impl Batch {
    /// Interprets all wanted calls.
    pub(super) fn interpret(&mut self) -> Result<Run, Failure> {
        let begun = Instant::now();
        self.slots.reset();
        let native = Native::new().map(|native| Rc::new(RefCell::new(native)));
        let pointer = self.module.tables.ptr(Type::UINT8);
        let mut entered = EntitySet::new();
        let observations = (0..self.calls.len())
            .map(|call| self.interpret_call(call, pointer, native.as_ref(), &mut entered))
            .collect();
        Ok(Run {
            way: Way::Interpreter,
            observations,
            entered,
            compiling: Duration::ZERO,
            running: begun.elapsed(),
        })
    }

    fn interpret_call(
        &self,
        call: usize,
        pointer: Type,
        native: Option<&Rc<RefCell<Native>>>,
        entered: &mut EntitySet<Func>,
    ) -> Observation {
        let placed = &self.calls[call];
        let slot = self.slots.slot(call);
        let options = Options {
            stage: Stage::Typed,
            fuel: self.settings.fuel,
            max_depth: self.settings.max_depth,
            memory: self.settings.memory,
            fma: self.fma,
        };
        let mut interpreter = Interpreter::new(&self.module, options);
        interpreter.set_foreign(match native {
            Some(native) => Box::new(Shared(native.clone())),
            None => Box::new(NoForeign),
        });
        let mut register = |piece: Piece, writable: bool| {
            let base = self.slots.address(piece);
            // SAFETY: the pieces stay where they are, are apart, and are used by this interpreter
            // alone until it is gone.
            unsafe { (interpreter.memory).register(base, piece.size as u64, writable) };
        };
        register(slot.args, false);
        register(slot.result, true);
        for &buffer in &slot.buffers {
            register(buffer, true);
        }
        for &text in slot.texts.iter().flatten() {
            register(text, false);
        }
        let address = |piece| Value::bits(pointer, self.slots.address(piece).into());
        // Nothing is there before it is stored.
        let result = self.slots.address(slot.result);
        let size = slot.result.size as u64;
        let _ = interpreter.memory.mark(result, size, false);
        let ending = match placed.wanted {
            true => {
                let func = self.callers[placed.caller].func;
                let args = [address(slot.args), address(slot.result)];
                ending(interpreter.call(func, &args), &self.module)
            }
            false => Ending::NotRun,
        };
        if ending.means_something() {
            for func in interpreter.entered() {
                entered.insert(func);
            }
        }
        let bytes = |piece: Piece| {
            let mut bytes = vec![0; piece.size];
            let mut defined = vec![false; piece.size];
            let base = self.slots.address(piece);
            // Registered above: it can be read.
            let _ = (interpreter.memory).read(base, &mut bytes, &mut defined);
            Bytes {
                bytes,
                defined: Some(defined),
            }
        };
        Observation {
            ending,
            result: bytes(slot.result),
            buffers: slot.buffers.iter().map(|&p| bytes(p)).collect(),
            strayed: false,
            output: std::mem::take(&mut interpreter.stdout),
        }
    }
}

fn ending(outcome: Outcome, module: &Module) -> Ending {
    match outcome {
        Outcome::Returned(_) => Ending::Returned,
        Outcome::Threw(thrown) => Ending::Threw(thrown.message),
        Outcome::Undefined(_) => Ending::Undefined(outcome.describe(module)),
        Outcome::Fault(ref report) if report.what.kind == FaultKind::OutOfMemory => {
            Ending::TooMuch("memory")
        }
        Outcome::Fault(_) => Ending::Fault(outcome.describe(module)),
        Outcome::Stopped(_) => Ending::Stopped(outcome.describe(module)),
        Outcome::OutOfFuel => Ending::TooMuch("statements"),
        Outcome::TooDeep => Ending::TooMuch("nested calls"),
        Outcome::Unsupported(_) => Ending::Unsupported(outcome.describe(module)),
    }
}
