//! Typed IR as textual LLVM IR, valid for LLVM 15 to 22, and LLVM's own tools that make objects of
//! it: an execution of typed IR that shares nothing below it with the Cranelift path but `abi`, and
//! so a judge of that.
//!
//! The input has been legalized: what can fail is a call of a function that may throw or `expr
//! rethrow()`. The representation of values is decided in [`repr`] alone: scalars are LLVM values,
//! aggregates and unions live in memory. [`program`] knows what a module consists of; the other
//! files are one concern of the language each.

mod aggregate;
mod arithmetic;
mod array;
mod c;
mod calls;
mod constant;
mod control;
mod convention;
mod convert;
mod counted;
mod data;
mod drop;
mod dynamic;
mod entry;
mod error;
mod foreign;
mod function;
mod image;
mod machine;
mod memory;
mod object;
pub mod program;
mod repr;
mod statement;
mod symbols;
mod text;
pub mod tools;
mod union;
mod value;
mod writer;

pub use error::{EmitError, ToolError};
pub use program::{
    Environment, Export, Request, Text, Variable, VariableData, body_symbol, write_module,
};
pub use tools::{Level, Machine, Tools};
