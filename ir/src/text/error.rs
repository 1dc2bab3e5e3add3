//! What is wrong with a text, and where.

use std::fmt;

/// A located error.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ParseError {
    /// 0-based byte range in the text.
    pub start: usize,
    pub end: usize,
    /// 1-based.
    pub line: usize,
    /// 1-based, in bytes.
    pub column: usize,
    pub message: String,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for ParseError {}
