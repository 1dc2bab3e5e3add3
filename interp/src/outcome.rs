//! How a call ends, and how what stops it travels inside the interpreter.

use crate::host::HostCall;
use crate::value::Value;
use jlift_ir::module::Place;
use jlift_ir::{Module, Type};
use std::fmt;

/// How a call ended.
#[derive(Clone, PartialEq, Debug)]
pub enum Outcome {
    /// With a value, all of which is defined.
    Returned(Value),
    /// With an exception that nothing caught.
    Threw(Thrown),
    /// A result that Julia leaves undefined decided what happens next, or was returned.
    Undefined(Report<&'static str>),
    /// An access to memory that is not allowed.
    Fault(Report<MemoryFault>),
    /// The program ended itself: by an abort with its message, or by `exit`.
    Stopped(Stopped),
    /// The statements allowed were executed.
    OutOfFuel,
    /// Calls were nested deeper than allowed.
    TooDeep,
    /// Something that the interpreter does not execute.
    Unsupported(Report<Lacking>),
}

/// What the interpreter does not execute.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Lacking {
    /// A form of a statement or value, described.
    Form(String),
    /// A C function or variable that nobody knows.
    Symbol(String),
}

impl fmt::Display for Lacking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Lacking::Form(what) => f.write_str(what),
            Lacking::Symbol(name) => write!(f, "the C symbol `{name}`"),
        }
    }
}

/// How a program ended itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Stopped {
    /// An unresolved call was reached, or `abort` was called.
    Aborted(String),
    /// `exit` with this code.
    Exited(i32),
}

/// What happened and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Report<T> {
    pub what: T,
    /// Function and statement; `None` outside of any.
    pub place: Option<Place>,
}

/// An exception.
#[derive(Clone, PartialEq, Debug)]
pub struct Thrown {
    /// Its type; `Any` where a record names a type that the module does not know.
    pub ty: Type,
    /// Its text, cut as an error record cuts it.
    pub message: Vec<u8>,
    /// The exception itself; legalized code has only records.
    pub value: Option<Value>,
}

impl Thrown {
    /// The text as characters.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.message).into_owned()
    }

    /// Equal for every program: whether the exception itself is there does not count.
    pub fn same(&self, other: &Thrown) -> bool {
        self.ty == other.ty && self.message == other.message
    }
}

impl Outcome {
    /// Equal for every program. Where something went wrong, that it did counts, not where.
    pub fn same(&self, other: &Outcome) -> bool {
        match (self, other) {
            (Outcome::Returned(a), Outcome::Returned(b)) => a.same(b),
            (Outcome::Threw(a), Outcome::Threw(b)) => a.same(b),
            (Outcome::Undefined(_), Outcome::Undefined(_)) => true,
            (Outcome::Fault(a), Outcome::Fault(b)) => a.what.kind == b.what.kind,
            (Outcome::Unsupported(_), Outcome::Unsupported(_)) => true,
            _ => self == other,
        }
    }

    /// The outcome in words, with the place where something went wrong.
    pub fn describe(&self, module: &Module) -> String {
        let at = |place: &Option<Place>| place_text(module, *place);
        match self {
            Outcome::Returned(value) => format!("returned {value:?}"),
            Outcome::Threw(thrown) => format!("threw {}", thrown.text()),
            Outcome::Undefined(r) => format!("undefined: {}{}", r.what, at(&r.place)),
            Outcome::Fault(r) => format!("fault: {}{}", r.what, at(&r.place)),
            Outcome::Stopped(Stopped::Aborted(message)) => format!("aborted: {message}"),
            Outcome::Stopped(Stopped::Exited(code)) => format!("exited with {code}"),
            Outcome::OutOfFuel => "out of fuel".into(),
            Outcome::TooDeep => "calls nest too deeply".into(),
            Outcome::Unsupported(r) => format!("not supported: {}{}", r.what, at(&r.place)),
        }
    }
}

fn place_text(module: &Module, place: Option<Place>) -> String {
    let Some(place) = place else {
        return String::new();
    };
    let function = module.describe(place.func);
    match place.inst {
        Some(inst) => format!(" in {function} at {inst}"),
        None => format!(" in {function}"),
    }
}

/// An access to memory that is not allowed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MemoryFault {
    pub kind: FaultKind,
    /// The address that was accessed or freed.
    pub address: u64,
    /// Bytes of the access.
    pub size: u64,
    /// What lies there, lay there, or lies nearest.
    pub near: Option<Neighbour>,
}

/// What is wrong with an access.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum FaultKind {
    /// No memory of the program: a null or wild pointer, or bytes beyond the end of an allocation.
    OutOfBounds,
    /// Memory that was freed, or whose function has returned.
    UseAfterFree,
    /// Freed again.
    DoubleFree,
    /// Freed, but not the start of an allocation that may be freed.
    InvalidFree,
    /// A store to constant data.
    WriteToConstant,
    /// A reference to something that is not the object that its type says.
    NotAnObject,
    /// A reference count that no sequence of retains and releases gives.
    BadCount,
    /// More memory than allowed.
    OutOfMemory,
}

/// An allocation near a faulting address.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Neighbour {
    pub base: u64,
    pub size: u64,
    pub owner: crate::memory::Owner,
    pub alive: bool,
}

impl fmt::Display for MemoryFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            FaultKind::OutOfBounds => "access out of bounds",
            FaultKind::UseAfterFree => "use after free",
            FaultKind::DoubleFree => "double free",
            FaultKind::InvalidFree => "free of something that cannot be freed",
            FaultKind::WriteToConstant => "store to constant data",
            FaultKind::NotAnObject => "a reference to no such object",
            FaultKind::BadCount => "an impossible reference count",
            FaultKind::OutOfMemory => "more memory than allowed",
        };
        write!(f, "{what} at {:#x} ({} bytes)", self.address, self.size)?;
        if let Some(n) = &self.near {
            let state = if n.alive { "" } else { ", freed" };
            let offset = self.address.wrapping_sub(n.base) as i64;
            write!(
                f,
                ", offset {offset} of {:?} of {} bytes{state}",
                n.owner, n.size
            )?;
        }
        Ok(())
    }
}

/// Why a statement has no value.
#[derive(Clone, Debug)]
pub(crate) enum Stop {
    /// An exception is on its way to a handler.
    Throw(Box<Thrown>),
    /// The call ends.
    Undefined(&'static str),
    Fault(Box<MemoryFault>),
    Stopped(Stopped),
    OutOfFuel,
    TooDeep,
    Unsupported(Lacking),
    /// The host's turn.
    Host(Box<HostCall>),
}

pub(crate) type Result<T> = std::result::Result<T, Stop>;

/// A form that is not executed.
pub(crate) fn unsupported<T>(what: impl Into<String>) -> Result<T> {
    Err(Stop::Unsupported(Lacking::Form(what.into())))
}

/// A C symbol that nobody knows.
pub(crate) fn unknown_symbol<T>(name: &str) -> Result<T> {
    Err(Stop::Unsupported(Lacking::Symbol(name.into())))
}

impl From<MemoryFault> for Stop {
    fn from(fault: MemoryFault) -> Stop {
        Stop::Fault(Box::new(fault))
    }
}
