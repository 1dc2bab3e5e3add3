//! The `.jir` text format, version 1: one construct a line, `;` starts a comment, blank lines
//! separate functions. `parse` and `print` are inverse up to structure. Extensions over what a
//! Julia session writes: `goto #A if not v else #B` where the block that follows is not the other
//! destination, `expr enter(#B)` beside `expr enter(N)`, `extern function` without a body, and the
//! statements that this compiler introduces (`expr throw_record`, `expr retain`, …).

mod cursor;
mod error;
mod float;
mod function;
mod header;
mod print;
mod statement;
mod types;
mod values;

pub use error::ParseError;
pub use float::float64_text;
pub use function::parse;
pub use print::{print_function, print_module, statement_text, type_text, value_text};
