//! Why a signature cannot be one of C. Only texts.

use crate::layout::LayoutError;
use std::fmt;

/// Which part of a signature an error is about.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Position {
    /// A parameter, counted from 0.
    Param(usize),
    Return,
}

/// A signature that C cannot express.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AbiError {
    pub position: Position,
    pub problem: AbiProblem,
}

/// What is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AbiProblem {
    Layout(LayoutError),
    /// The type, by its text, has no counterpart in C.
    NotC(String),
    /// The convention has no rule for it that is implemented.
    Unsupported(&'static str),
}

impl From<LayoutError> for AbiProblem {
    fn from(e: LayoutError) -> Self {
        AbiProblem::Layout(e)
    }
}

impl fmt::Display for AbiProblem {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            AbiProblem::Layout(e) => e.fmt(f),
            AbiProblem::NotC(ty) => write!(f, "type `{ty}` has no counterpart in C"),
            AbiProblem::Unsupported(what) => write!(f, "{what} is not supported"),
        }
    }
}

impl fmt::Display for AbiError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.position {
            Position::Param(i) => write!(f, "parameter {}: {}", i + 1, self.problem),
            Position::Return => write!(f, "result: {}", self.problem),
        }
    }
}

impl std::error::Error for AbiError {}
