//! One compilation session: input, options, diagnostics and the path through all stages. Knows the
//! stages' interfaces and nothing of how they work; the command line knows only this crate.

pub mod arguments;
pub mod build;
pub mod diagnostic;
pub mod emit;
pub mod export;
pub mod options;
pub mod run;
pub mod session;
pub mod show;

pub use diagnostic::{Diagnostic, Failure};
pub use options::{CodeLevel, EmitKind, LinkerKind, Options};
pub use session::Session;
