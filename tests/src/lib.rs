//! Tests that cross crates: conformance, golden tables, broken input.

pub mod process;
