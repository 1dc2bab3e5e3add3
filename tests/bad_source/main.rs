//! Broken Julia programs: every one gets a message that says what is wrong and where, an exit code,
//! and leaves no output behind. Knows the `jlift` command and what it prints.

mod exports;
mod files;
mod limits;
mod names;
mod program;
mod recursion;
mod syntax;
mod uncaught;
