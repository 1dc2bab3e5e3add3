//! Why a function cannot be lowered: the statement and the reason, in the user's terms.

use jlift_ir::{Func, Inst};
use std::fmt;

/// A statement that has no native code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LowerError {
    pub func: Func,
    pub inst: Option<Inst>,
    pub message: String,
}

impl fmt::Display for LowerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for LowerError {}
