//! What is seen of a call, whoever executed it.

use super::way::Way;
use cranelift_entity::EntitySet;
use jlift_ir::Func;
use std::fmt;
use std::time::Duration;

/// All calls of a batch by one way.
#[derive(Clone, Debug)]
pub struct Run {
    pub way: Way,
    /// One for each call.
    pub observations: Vec<Observation>,
    /// The functions that calls which mean something led to, as far as that is known: compiled code does
    /// not tell.
    pub entered: EntitySet<Func>,
    /// From typed IR to machine code that can be called, LLVM's tools and the linker included.
    pub compiling: Duration,
    pub running: Duration,
}

/// What is seen of one call.
#[derive(Clone, PartialEq, Debug)]
pub struct Observation {
    pub ending: Ending,
    /// The result as it lies in memory; of arrays the sizes and then the elements, of strings the
    /// length and then the bytes.
    pub result: Bytes,
    /// The buffers of the input afterwards.
    pub buffers: Vec<Bytes>,
    /// Whether memory between the buffers was changed.
    pub strayed: bool,
    /// What was written to the standard output.
    pub output: Vec<u8>,
}

/// Bytes, of which some may mean nothing.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Bytes {
    pub bytes: Vec<u8>,
    /// Which bytes mean something, as far as that is known: compiled code does not know.
    pub defined: Option<Vec<bool>>,
}

/// How a call ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ending {
    Returned,
    /// With an exception of this text.
    Threw(Vec<u8>),
    /// The process was ended by this signal.
    Signal(i32),
    /// The program ended its process, with this code.
    Exited(i32),
    /// It computed for longer than it was given.
    Overdue,
    /// Julia leaves undefined what happens.
    Undefined(String),
    /// An access to memory that is not the program's.
    Fault(String),
    /// The program stopped itself.
    Stopped(String),
    /// More statements, nested calls or memory than it was given.
    TooMuch(&'static str),
    /// The interpreter cannot execute it.
    Unsupported(String),
    /// It was left out.
    NotRun,
}

impl Ending {
    /// Whether every way must end the call like this.
    pub fn means_something(&self) -> bool {
        matches!(self, Ending::Returned | Ending::Threw(_))
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ending::Returned => f.write_str("returned"),
            Ending::Threw(text) => write!(f, "threw {}", String::from_utf8_lossy(text)),
            Ending::Signal(signal) => write!(f, "crashed: {}", signal_name(*signal)),
            Ending::Exited(code) => write!(f, "exited with {code}"),
            Ending::Overdue => f.write_str("did not end"),
            Ending::Undefined(what) => write!(f, "undefined: {what}"),
            Ending::Fault(what) => write!(f, "invalid access: {what}"),
            Ending::Stopped(what) => write!(f, "stopped: {what}"),
            Ending::TooMuch(what) => write!(f, "too much: {what}"),
            Ending::Unsupported(what) => write!(f, "not supported: {what}"),
            Ending::NotRun => f.write_str("was left out"),
        }
    }
}

fn signal_name(signal: i32) -> String {
    let name = match signal {
        libc::SIGSEGV => "SIGSEGV",
        libc::SIGBUS => "SIGBUS",
        libc::SIGILL => "SIGILL",
        libc::SIGFPE => "SIGFPE",
        libc::SIGABRT => "SIGABRT",
        libc::SIGTRAP => "SIGTRAP",
        libc::SIGKILL => "SIGKILL",
        other => return format!("signal {other}"),
    };
    name.into()
}
