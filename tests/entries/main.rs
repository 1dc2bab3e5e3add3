//! The compiler from outside, as its users see it: libraries loaded by C and Python, programs, the
//! command line and what it prints. Knows the `jlift` command and files only.

mod bindings;
mod carried;
mod diff;
mod executables;
mod failures;
mod julia;
mod libraries;
mod llvm;
mod messages;
mod refusals;
mod reproducible;
mod run;
mod scratch;
mod stages;
mod state;
