//! Which rows are not checked and why, and how many rows there are of each kind.

use crate::table::{Row, Table};

/// Results that are heap objects, which compiled kernels do not make.
const ARRAY: &str = "the result is an Array or a Rational";
/// Compositions of hundreds of statements with tables of constants; the kernels cover some.
const APPROXIMATION: &str = "computed by approximation in Julia's own library";
/// Long functions that are no intrinsic and are made of those checked elsewhere.
const LONG: &str = "a long composition of functions checked by other rows";
/// Errors that are no text of their type and numbers.
const ERROR_TEXT: &str = "an error whose text is not made of a message and numbers";

/// The reason for not checking a row.
pub fn skipped_because(table: Table, row: &Row<'_>) -> Option<&'static str> {
    let wide = row.types[0].ends_with("128");
    match (table, row.op) {
        (Table::IntUnary, "digits") | (Table::FloatUnary, "rationalize") => Some(ARRAY),
        (Table::FloatUnary, "round2" | "sqrt") => None,
        (Table::FloatUnary, op) if APPROXIMATED.contains(&op) => Some(APPROXIMATION),
        (Table::FloatBinary, "^" | "atan" | "hypot") => Some(APPROXIMATION),
        (Table::IntBinary, "binomial") | (Table::FloatUnary, "roundsig") => Some(LONG),
        (Table::IntUnary, "hash") if wide => Some(LONG),
        (Table::Convert | Table::IntUnary, _)
            if row.result.starts_with("!Base.CodePointError")
                || row.result.starts_with("!MethodError") =>
        {
            Some(ERROR_TEXT)
        }
        _ => None,
    }
}

const APPROXIMATED: &[&str] = &[
    "acos", "acosh", "asin", "asinh", "atan", "atanh", "cbrt", "cos", "cosh", "cospi", "exp",
    "exp10", "exp2", "expm1", "log", "log10", "log1p", "log2", "sin", "sinh", "sinpi", "tan",
    "tanh",
];

/// How many facts of a table are checked, and how many are not by reason.
pub fn expected_counts(table: Table) -> (usize, &'static [(&'static str, usize)]) {
    match table {
        Table::IntBinary => (0, &[(LONG, 0)]),
        Table::IntUnary => (0, &[(LONG, 0), (ARRAY, 0), (ERROR_TEXT, 0)]),
        Table::FloatBinary => (0, &[(APPROXIMATION, 0)]),
        Table::FloatUnary => (0, &[(APPROXIMATION, 0), (LONG, 0), (ARRAY, 0)]),
        Table::Convert => (0, &[(ERROR_TEXT, 0)]),
        Table::FloatPrint => (0, &[]),
    }
}
