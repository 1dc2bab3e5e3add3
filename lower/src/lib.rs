//! What typed IR becomes in CLIF. Knows Cranelift's IR but not how code is stored or linked:
//! everything outside of a function is a [`plan::Symbol`], a plain number that the backend gives
//! an address.
//!
//! The input has been legalized: what can fail is a call of a function that may throw or
//! `expr rethrow()`. The representation of values is decided in [`repr`] alone; [`value`] moves
//! between representations; the other files are one concern of the language each.

mod aggregate;
mod arithmetic;
mod array;
mod atomic;
mod call;
mod constant;
mod control;
mod convert;
mod counted;
mod drop;
mod dump;
pub mod dynamic;
mod entry;
mod error;
mod foreign;
mod function;
mod image;
mod item;
mod loops;
mod memory;
mod object;
pub mod plan;
pub mod repr;
mod start;
mod statement;
mod text;
mod union;
mod value;

pub use dump::clif_text;
pub use entry::direct_entry;
pub use error::LowerError;
pub use function::{Lowerer, Options};
pub use plan::foreign_name as foreign_symbol;
pub use plan::{DataItem, Environment, FunctionItem, Plan, Symbol, SymbolKind};
