//! No code at all: the functions of batches are executed by the reference interpreter, on memory that
//! it checks, in this process, where the runtime answers its calls. Knows the interpreter's interface.

use super::{Batch, Problem};
use crate::dynamic::{self, Object};
use hashbrown::HashMap;
use jlift_interp::host::{Bodies, HostCall, Suspended, Turn};
use jlift_interp::{Foreign, ForeignError, Native, Options, Outcome, Signature, Stopped};
use jlift_ir::{Func, Module, Type};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Exit code when the interpreter does not know how to go on, or finds a fault of the program.
const GAVE_UP: i32 = 3;
/// Calls inside of one another: what Julia's stack has room for, of small functions.
const MAX_DEPTH: usize = 80_000;
/// Bytes that a program may allocate in all: nothing is used twice.
const MAX_MEMORY: u64 = 6 << 30;

/// The bodies so far, and what becomes of them.
#[derive(Clone)]
pub(super) struct Code(Rc<Shared>);

struct Shared {
    /// Not there while the interpreter is at work.
    state: RefCell<Option<Suspended>>,
    bodies: RefCell<Bodies>,
    /// Cells that the interpreter knows.
    cells: Cell<usize>,
}

impl Code {
    pub fn new(fma: bool) -> Result<Code, Problem> {
        let native = Native::new();
        let native = native.ok_or_else(|| Problem::plain("C functions cannot be called here"))?;
        let options = Options {
            fuel: u64::MAX,
            max_depth: MAX_DEPTH,
            memory: MAX_MEMORY,
            fma,
            ..Options::default()
        };
        let record = jlift_runtime_shims::host_symbol("jlift_error_record");
        let record = record.map_or(0, |code| {
            // SAFETY: the function takes nothing and gives the address of this thread's record.
            let record: extern "C" fn() -> u64 = unsafe { std::mem::transmute(code) };
            record()
        });
        let is_host = |name: &str| dynamic::symbol(name).is_some();
        let state = Suspended::new(options, Box::new(OfProcess(native)), is_host, record);
        let code = Code(Rc::new(Shared {
            state: RefCell::new(Some(state)),
            bodies: RefCell::new(HashMap::new()),
            cells: Cell::new(0),
        }));
        dynamic::set_interpreter(Rc::new(code.clone()));
        Ok(code)
    }

    /// Keeps the bodies of a batch.
    pub fn generate(&self, batch: &Batch) -> Result<(), Problem> {
        let mut bodies = self.0.bodies.borrow_mut();
        for &func in batch.functions {
            let body = batch.module.functions[func].clone();
            bodies.insert(func, Box::new(body));
        }
        if let Some(state) = self.0.state.borrow_mut().as_mut() {
            for (name, address) in batch.cells.symbols(self.0.cells.get()) {
                state.define_global(name, address as u64);
            }
            self.0.cells.set(batch.cells.len());
        }
        Ok(())
    }

    /// Executes a function without parameters: its result as it lies in memory, `None` if it has
    /// thrown. `module` gives the module, which may be another one after every call of the host.
    pub fn run(
        &self,
        module: impl Fn() -> Option<*const Module>,
        func: Func,
        ret: Type,
        size: usize,
    ) -> Option<Vec<u8>> {
        let mut answer = None;
        loop {
            let call = {
                let module = module()?;
                // SAFETY: nobody changes the module while the interpreter is at work.
                let module = unsafe { &*module };
                let state = self.0.state.borrow_mut().take()?;
                let bodies = self.0.bodies.borrow();
                let mut interpreter = state.resume(module, &bodies);
                let turn = match answer {
                    None => interpreter.begin(func),
                    Some(word) => interpreter.answer(word),
                };
                let result = match turn {
                    Turn::Host(call) => Err(call),
                    Turn::Done(Outcome::Threw(_)) => Ok(None),
                    Turn::Done(Outcome::Returned(value)) => {
                        match interpreter.bytes_of_value(ret, &value, size as u64) {
                            Ok(bytes) => Ok(Some(bytes)),
                            Err(outcome) => end(&outcome, module),
                        }
                    }
                    Turn::Done(outcome) => end(&outcome, module),
                };
                let state = interpreter.suspend();
                self.0.state.borrow_mut().replace(state);
                match result {
                    Ok(result) => return result,
                    Err(call) => call,
                }
            };
            answer = Some(host(&call));
        }
    }

    /// Does something with the interpreter while it waits.
    fn between(&self, address: Object, content_too: bool) {
        let Some(module) = dynamic::module() else {
            return;
        };
        let Some(state) = self.0.state.borrow_mut().take() else {
            return;
        };
        // SAFETY: nobody changes the module while the interpreter is at work.
        let module = unsafe { &*module };
        let bodies = self.0.bodies.borrow();
        let mut interpreter = state.resume(module, &bodies);
        let outcome = match content_too {
            true => interpreter.drop_object(address as u64),
            false => interpreter.free(address as u64),
        };
        if !matches!(outcome, Outcome::Returned(_)) {
            end(&outcome, module);
        }
        self.0.state.borrow_mut().replace(interpreter.suspend());
    }
}

impl dynamic::Interpreter for Code {
    fn interpret(&self, func: Func) -> Option<Object> {
        let bytes = self.run(dynamic::module, func, Type::ANY, size_of::<Object>())?;
        let address = u64::from_le_bytes(*bytes.first_chunk::<8>()?);
        Some(address as Object)
    }

    fn drop_object(&self, object: Object) {
        self.between(object, true);
    }

    fn free(&self, object: Object) {
        self.between(object, false);
    }
}

/// Ends the process as the program has ended itself, or where the interpreter cannot go on.
fn end(outcome: &Outcome, module: &Module) -> ! {
    // SAFETY: a null stream means all of them.
    unsafe { libc::fflush(std::ptr::null_mut()) };
    match outcome {
        Outcome::TooDeep => crate::overflow::end_now(),
        Outcome::Stopped(Stopped::Exited(code)) => std::process::exit(*code),
        Outcome::Stopped(Stopped::Aborted(message)) => {
            eprint!("{message}");
            std::process::abort()
        }
        _ => {
            eprintln!("interpreter: {}", outcome.describe(module));
            std::process::exit(GAVE_UP)
        }
    }
}

/// Calls a function of the runtime.
fn host(call: &HostCall) -> u64 {
    let Some(code) = dynamic::symbol(&call.name) else {
        return 0;
    };
    let arg = |n: usize| call.args.get(n).copied().unwrap_or(0);
    // SAFETY: all of them take at most three words, and give one or nothing; arguments beyond those
    // that a function takes do not matter to it.
    let code: extern "C" fn(u64, u64, u64) -> u64 = unsafe { std::mem::transmute(code) };
    code(arg(0), arg(1), arg(2))
}

/// The C functions of this process, those of the compiler's own among them.
struct OfProcess(Native);

impl Foreign for OfProcess {
    fn function(&mut self, name: &str, library: &str) -> Option<u64> {
        let own = jlift_runtime_shims::host_symbol(name).map(|address| address as u64);
        own.or_else(|| self.0.function(name, library))
    }

    fn variable(&mut self, name: &str) -> Option<u64> {
        self.0.variable(name)
    }

    fn call(
        &mut self,
        address: u64,
        signature: &Signature,
        args: &[u64],
        results: &mut [u64],
    ) -> Result<(), ForeignError> {
        self.0.call(address, signature, args, results)
    }
}
