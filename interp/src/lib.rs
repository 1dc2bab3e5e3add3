//! The reference interpreter: what typed IR means, one statement after the other, written to be obvious
//! and not to be fast. It executes what producers write and what every later stage makes of it, so
//! that a stage can be checked by running a program before and after it. Shares with the compiler
//! what typed IR says, the layout of values in memory and the object model; knows nothing of
//! legalization, passes, CLIF or LLVM.
//!
//! ```text
//! Interpreter::new(&module, Options::default()).call(func, &[Value::int64(10)])
//! ```
//!
//! Memory is checked: every access is to a live allocation ([`memory`]). What is undefined flows as
//! such, bit by bit, until it decides something ([`Outcome::Undefined`]).

mod arithmetic;
mod array;
mod builtin;
mod compare;
mod constant;
mod convention;
mod convert;
mod counted;
mod describe;
mod dynamic;
mod embed;
mod exception;
mod field;
mod float;
mod foreign;
mod frame;
mod half;
pub mod host;
mod interpreter;
mod intrinsic;
mod layout;
mod libc_model;
pub mod memory;
mod names;
mod native;
mod object;
mod outcome;
mod runtime;
mod show;
mod statement;
mod storage;
pub mod value;

pub use foreign::{Foreign, ForeignError, NoForeign, Passed, Signature};
pub use interpreter::{Interpreter, Options, Stage};
pub use native::Native;
pub use outcome::{FaultKind, Lacking, MemoryFault, Neighbour, Outcome, Report, Stopped, Thrown};
pub use value::Value;
