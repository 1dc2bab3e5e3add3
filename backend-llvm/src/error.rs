//! Why a function has no LLVM IR, or a tool no result.

use jlift_ir::{Func, Inst};
use std::fmt;
use std::time::Duration;

/// A statement that cannot be written in LLVM IR.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EmitError {
    pub func: Func,
    pub inst: Option<Inst>,
    pub message: String,
}

impl fmt::Display for EmitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for EmitError {}

/// Why LLVM's tools made no object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ToolError {
    /// Neither `opt` and `llc` nor `clang` of a known version; what was looked at.
    Missing(String),
    /// A tool could not be started, or the machine failed it.
    Start { tool: String, reason: String },
    /// A tool refused its input.
    Failed { tool: String, says: String },
    /// A tool was stopped after this time.
    Overdue { tool: String, patience: Duration },
    /// A target or CPU that LLVM is not asked for.
    Target(String),
}

impl fmt::Display for ToolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ToolError::Missing(looked) => write!(
                f,
                "LLVM's `opt` and `llc` (or `clang`) of version 15 or newer were not found ({looked}); \
                 say where they are by --llvm-bin or the environment variable JLIFT_LLVM_BIN"
            ),
            ToolError::Start { tool, reason } => write!(f, "{tool} cannot be run: {reason}"),
            ToolError::Failed { tool, says } => write!(f, "{tool} failed: {says}"),
            ToolError::Overdue { tool, patience } => {
                let seconds = patience.as_secs_f64();
                write!(f, "{tool} was stopped: it took longer than {seconds} s")
            }
            ToolError::Target(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for ToolError {}
