//! The choices of one session.

use std::path::PathBuf;
use std::time::Duration;
use target_lexicon::Triple;

/// How much work goes into the code.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum CodeLevel {
    O0,
    O1,
    O2,
}

/// What `build` makes.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum EmitKind {
    /// A shared library.
    Library,
    /// An executable.
    Executable,
    /// A relocatable object.
    Object,
}

/// Who links.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum LinkerKind {
    /// In process.
    Builtin,
    /// The C compiler found on PATH.
    Cc,
}

/// Who makes machine code of typed IR.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum BackendKind {
    Cranelift,
    /// LLVM's tools, found on the machine.
    Llvm,
    /// Nobody: the reference interpreter executes typed IR. For programs in Julia that are run.
    Interpreter,
}

/// The choices of one session. Output bytes are a function of the input and these.
#[derive(Clone, Debug)]
pub struct Options {
    pub level: CodeLevel,
    pub target: Triple,
    /// `native`, `baseline` or a named level; see `backend_cranelift::isa::cpu_names`.
    pub cpu: String,
    /// Signatures such as `f(Int64, Ptr{Float64})`; empty for all that the input marks.
    pub exports: Vec<String>,
    pub linker: LinkerKind,
    pub backend: BackendKind,
    /// The folder of LLVM's tools; without one they are looked for.
    pub llvm_bin: Option<PathBuf>,
    /// How long one of LLVM's tools may take for one module before it is stopped.
    pub llvm_patience: Duration,
    /// Threads that generate code; 0: as many as the machine has CPUs.
    pub threads: usize,
    /// Share repeated code for the size of the output, at -O2.
    pub outline: bool,
    /// Leave out the `_try` entries.
    pub plain_entries_only: bool,
    /// Keep the typed IR of everything that a program's run compiles; see `Program::into_whole`.
    pub keep_code: bool,
    /// `ARGS` of the program that is run.
    pub program_args: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            level: CodeLevel::O2,
            target: Triple::host(),
            cpu: "baseline".into(),
            exports: Vec::new(),
            linker: LinkerKind::Builtin,
            backend: BackendKind::Cranelift,
            llvm_bin: None,
            llvm_patience: jlift_backend_llvm::tools::PATIENCE,
            threads: 0,
            outline: true,
            plain_entries_only: false,
            keep_code: false,
            program_args: Vec::new(),
        }
    }
}
