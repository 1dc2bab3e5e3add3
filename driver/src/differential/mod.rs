//! The same calls by several ways of execution: typed IR interpreted, and compiled by Cranelift and by
//! LLVM at each level. What every way makes of a call is observed bit for bit: the result, memory
//! that was passed, the exception's text, output. Knows the driver's stages and the interpreter;
//! where programs and inputs come from is its callers' business.
//!
//! ```text
//! let mut batch = Batch::new(&module, calls, Settings::default())?;
//! let expected = batch.run(Way::Interpreter)?;
//! batch.keep_defined(&expected);                  calls that mean something
//! let found = batch.run(Way::Cranelift(CodeLevel::O2))?;
//! for difference in batch.differences(&expected, &found) { … }
//! ```
//!
//! Compiled code runs in a child process, so that a crash is an observation like any other. All calls
//! of a batch become one program: hundreds of functions share one run of LLVM.

mod caller;
mod child;
mod compare;
mod input;
mod interpreted;
mod observation;
mod shared;
mod slots;
mod way;

pub use compare::{Difference, Differs, same_memory};
pub use input::{Argument, Buffer, Call, Input};
pub use observation::{Bytes, Ending, Observation, Run};
pub use way::Way;

use crate::diagnostic::{Failure, SourceText};
use crate::origin::Origin;
use crate::{BackendKind, Options, Session};
use caller::{Outcome, make_caller};
use child::Entry;
use cranelift_entity::EntitySet;
use hashbrown::HashMap;
use jlift_backend_cranelift::isa::{CodegenLevel, TargetSpec, has_fma, target_isa};
use jlift_ir::import::Library;
use jlift_ir::{Func, Module};
use slots::Slots;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use target_lexicon::Triple;

/// How calls are executed.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The CPU that code is made for; see [`Options::cpu`].
    pub cpu: String,
    /// Statements that the interpreter may execute in one call.
    pub fuel: u64,
    /// Calls inside of one another in the interpreter.
    pub max_depth: usize,
    /// Bytes that one call may allocate in the interpreter.
    pub memory: u64,
    /// Seconds of computing after which compiled code is taken to hang; what waits for something is
    /// given ten times as many.
    pub patience: u32,
    /// How long one of LLVM's tools may take for the module of a batch before it is stopped.
    pub llvm_patience: Duration,
    /// Threads that generate code.
    pub threads: usize,
    /// The folder of LLVM's tools; without one they are looked for.
    pub llvm_bin: Option<PathBuf>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            cpu: "native".into(),
            fuel: 200_000,
            max_depth: 500,
            memory: 64 << 20,
            patience: 20,
            llvm_patience: Duration::from_secs(300),
            threads: 1,
            llvm_bin: None,
        }
    }
}

/// Functions with calls of them, to be executed by several ways.
pub struct Batch {
    /// The functions, and behind them one caller for each function that is called.
    module: Module,
    callers: Vec<Caller>,
    calls: Vec<PlacedCall>,
    slots: Slots,
    settings: Settings,
    fma: bool,
}

/// What calls a function: `caller(arguments::Ptr{UInt8}, result::Ptr{UInt8})::Nothing`.
struct Caller {
    func: Func,
    outcome: Outcome,
}

/// A call, and who makes it.
struct PlacedCall {
    call: Call,
    caller: usize,
    /// Whether it means something, as far as is known.
    wanted: bool,
}

impl Batch {
    /// Prepares calls of functions of a module that verifies. Arguments may be plain bits, pointers
    /// into buffers, arrays of plain bits and strings; results of other types are dropped.
    pub fn new(module: &Module, calls: Vec<Call>, settings: Settings) -> Result<Batch, Failure> {
        let mut module = module.clone();
        for func in module.functions.values_mut() {
            func.export = false;
        }
        let spec = TargetSpec {
            triple: Triple::host(),
            cpu: settings.cpu.clone(),
            level: CodegenLevel::None,
            pic: false,
        };
        let isa = target_isa(&spec).map_err(|e| Failure::plain(e.0))?;
        let library = Library::new(jlift_runtime_shims::TEXTS.iter().copied());
        module.resolve_externals(&library);
        let mut callers: Vec<Caller> = Vec::new();
        let mut of: HashMap<Func, usize> = HashMap::new();
        let mut placed = Vec::with_capacity(calls.len());
        for call in calls {
            let caller = match of.get(&call.func) {
                Some(&caller) => caller,
                None => {
                    let (func, outcome) = make_caller(&mut module, call.func)?;
                    of.insert(call.func, callers.len());
                    callers.push(Caller { func, outcome });
                    callers.len() - 1
                }
            };
            placed.push(PlacedCall {
                call,
                caller,
                wanted: true,
            });
        }
        let slots = Slots::new(&module, &placed, &callers)?;
        Ok(Batch {
            module,
            callers,
            calls: placed,
            slots,
            settings,
            fma: has_fma(&*isa),
        })
    }

    /// The module with the callers; functions keep their numbers.
    pub fn module(&self) -> &Module {
        &self.module
    }

    /// The calls, in the order of all observations.
    pub fn calls(&self) -> impl ExactSizeIterator<Item = &Call> {
        self.calls.iter().map(|c| &c.call)
    }

    /// Executes all wanted calls one way. Fails if no code can be made.
    pub fn run(&mut self, way: Way) -> Result<Run, Failure> {
        match way {
            Way::Interpreter => self.interpret(),
            Way::Cranelift(level) => self.run_compiled(way, BackendKind::Cranelift, level),
            Way::Llvm(level) => self.run_compiled(way, BackendKind::Llvm, level),
            Way::File(level) => self.run_compiled(way, BackendKind::Cranelift, level),
        }
    }

    /// From now on only calls that ended by themselves in a run are executed: those whose result
    /// Julia leaves undefined, that touch memory which is not theirs, or that do not end in time,
    /// say nothing about compilers.
    pub fn keep_defined(&mut self, run: &Run) {
        for (call, seen) in self.calls.iter_mut().zip(&run.observations) {
            call.wanted &= seen.ending.means_something();
        }
    }

    /// Leaves out a call from now on.
    pub fn leave_out(&mut self, call: usize) {
        if let Some(call) = self.calls.get_mut(call) {
            call.wanted = false;
        }
    }

    fn run_compiled(
        &mut self,
        way: Way,
        backend: BackendKind,
        level: crate::CodeLevel,
    ) -> Result<Run, Failure> {
        let begun = Instant::now();
        let options = Options {
            level,
            backend,
            cpu: self.settings.cpu.clone(),
            threads: self.settings.threads,
            llvm_bin: self.settings.llvm_bin.clone(),
            llvm_patience: self.settings.llvm_patience,
            ..Options::default()
        };
        // Callers whose calls were all left out are no part of the program.
        let mut wanted = vec![false; self.callers.len()];
        for call in self.calls.iter().filter(|c| c.wanted) {
            wanted[call.caller] = true;
        }
        let mut module = self.module.clone();
        let exports: Vec<Func> = self
            .callers
            .iter()
            .zip(&wanted)
            .filter(|(_, wanted)| **wanted)
            .map(|(caller, _)| caller.func)
            .collect();
        for &func in &exports {
            module.functions[func].export = true;
        }
        let origin = Origin::TypedIr(SourceText::new("batch", ""));
        let mut session = Session::new(module, exports, origin, options);
        let jit = match way {
            Way::File(_) => session.load_library()?,
            _ => session.jit()?,
        };
        let entries: Vec<Option<Entry>> = self
            .callers
            .iter()
            .map(|caller| {
                let address = jit.entry(caller.func)?;
                let may_throw = session.may_throw(caller.func);
                Some(Entry {
                    address,
                    may_throw,
                    last_error: jit.last_error(),
                })
            })
            .collect();
        let compiling = begun.elapsed();
        let begun = Instant::now();
        let observations = self.execute(&entries)?;
        Ok(Run {
            way,
            observations,
            entered: EntitySet::new(),
            compiling,
            running: begun.elapsed(),
        })
    }
}
