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
    /// Compiled by Cranelift as `jlift build` does, with all that is done to make files small: written
    /// as an object, linked, loaded as a shared library.
    File(CodeLevel),
}

impl Way {
    /// The interpreter, which says what calls mean, and code in this process.
    pub const ALL: &[Way] = &[
        Way::Interpreter,
        Way::Cranelift(CodeLevel::O0),
        Way::Cranelift(CodeLevel::O1),
        Way::Cranelift(CodeLevel::O2),
        Way::Llvm(CodeLevel::O0),
        Way::Llvm(CodeLevel::O2),
    ];
    /// Code in files.
    pub const FILES: &[Way] = &[Way::File(CodeLevel::O0), Way::File(CodeLevel::O2)];

    /// Whether LLVM's tools are needed.
    pub fn needs_llvm(self) -> bool {
        matches!(self, Way::Llvm(_))
    }
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
            Way::File(l) => write!(f, "file {}", level(l)),
        }
    }
}
