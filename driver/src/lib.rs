//! One compilation session: input, options, diagnostics and the path through all stages. Knows the
//! stages' interfaces and nothing of how they work; the command line knows only this crate.

pub mod arguments;
pub mod build;
pub mod cells;
pub mod diagnostic;
pub mod diff;
pub mod differential;
mod dynamic;
pub mod emit;
pub mod engine;
pub mod export;
mod externals;
mod library;
pub mod llvm;
mod memory;
mod objects;
pub mod options;
pub mod origin;
mod overflow;
mod program;
pub mod run;
pub mod session;
pub mod show;
pub mod source;
mod written;

pub use diagnostic::{Diagnostic, Failure};
pub use options::{BackendKind, CodeLevel, EmitKind, LinkerKind, Options};
pub use session::Session;
