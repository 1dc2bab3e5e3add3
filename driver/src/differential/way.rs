//! The ways of execution and their names.

use crate::CodeLevel;
use std::fmt;

/// A way of execution.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Way {
    /// Typed IR as it is, by the reference interpreter.
    Interpreter,
    /// Compiled by Cranelift.
    Cranelift(CodeLevel),
    /// Compiled by LLVM's tools.
    Llvm(CodeLevel),
}

impl Way {
    /// All of them; the interpreter, which says what calls mean, first.
    pub const ALL: &[Way] = &[
        Way::Interpreter,
        Way::Cranelift(CodeLevel::O0),
        Way::Cranelift(CodeLevel::O1),
        Way::Cranelift(CodeLevel::O2),
        Way::Llvm(CodeLevel::O0),
        Way::Llvm(CodeLevel::O2),
    ];
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = |level: &CodeLevel| match level {
            CodeLevel::O0 => "-O0",
            CodeLevel::O1 => "-O1",
            CodeLevel::O2 => "-O2",
        };
        match self {
            Way::Interpreter => f.write_str("interpreter"),
            Way::Cranelift(l) => write!(f, "cranelift {}", level(l)),
            Way::Llvm(l) => write!(f, "llvm {}", level(l)),
        }
    }
}
