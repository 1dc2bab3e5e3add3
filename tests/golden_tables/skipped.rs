//! Which rows are not checked and why, and how many rows there are of each kind.

use crate::table::{Row, Table};

/// Results that are heap objects, which compiled kernels do not make.
const ARRAY: &str = "the result is an Array or a Rational";
/// Compositions of hundreds of statements with tables of constants; the kernels cover some.
const APPROXIMATION: &str = "computed by approximation in Julia's own library";
/// Julia goes by way of BigInt, or of a loop over words.
const BIG: &str = "computed with more than 128 bits, or word by word";
/// Errors that are no text of their type and numbers.
const ERROR_TEXT: &str = "an error whose text is not made of a message and numbers";

/// Julia's own check lets -Inf through where the least integer is -Inf as a Float16, and what its
/// conversion then gives is undefined.
const UNDEFINED: &str = "the unchecked conversion of -Inf";

/// The reason for not checking a row.
pub fn skipped_because(table: Table, row: &Row<'_>) -> Option<&'static str> {
    let ty = row.types[0];
    match (table, row.op) {
        (Table::IntUnary, "digits") | (Table::FloatUnary, "rationalize") => Some(ARRAY),
        // Julia's own code for these is among the kernels' typed IR.
        (Table::FloatUnary, "exp") => None,
        (Table::FloatUnary, "sin" | "cos" | "log") if ty == "Float64" => None,
        (Table::FloatUnary, op) if APPROXIMATED.contains(&op) => Some(APPROXIMATION),
        (Table::FloatBinary, "^" | "atan") => Some(APPROXIMATION),
        (Table::FloatBinary, "hypot") if ty == "Float64" => Some(APPROXIMATION),
        (Table::FloatUnary, "roundsig") => Some(APPROXIMATION),
        (Table::IntBinary, "binomial") if ty.ends_with("128") => Some(BIG),
        (Table::IntUnary, "hash") if is_beyond_64_bits(row.args[0]) => Some(BIG),
        (Table::Convert | Table::IntUnary, _)
            if row.result.starts_with("!Base.CodePointError")
                || row.result.starts_with("!MethodError") =>
        {
            Some(ERROR_TEXT)
        }
        (Table::Convert, "trunc" | "floor" | "ceil" | "round")
            if row.args[0] == "fc00" && !row.result.starts_with('!') =>
        {
            Some(UNDEFINED)
        }
        _ => None,
    }
}

fn is_beyond_64_bits(cell: &str) -> bool {
    cell.parse::<i64>().is_err() && cell.parse::<u64>().is_err()
}

const APPROXIMATED: &[&str] = &[
    "acos", "acosh", "asin", "asinh", "atan", "atanh", "cbrt", "cos", "cosh", "cospi", "exp",
    "exp10", "exp2", "expm1", "log", "log10", "log1p", "log2", "sin", "sinh", "sinpi", "tan",
    "tanh",
];

/// How many facts of a table are checked, and how many are not by reason.
pub fn expected_counts(table: Table) -> (usize, &'static [(&'static str, usize)]) {
    match table {
        Table::IntBinary => (56223, &[(BIG, 265)]),
        Table::IntUnary => (5609, &[(ARRAY, 189), (ERROR_TEXT, 7), (BIG, 6)]),
        Table::FloatBinary => (25920, &[(APPROXIMATION, 2880)]),
        Table::FloatUnary => (1428, &[(APPROXIMATION, 1204), (ARRAY, 56)]),
        Table::Convert => (8710, &[(ERROR_TEXT, 121), (UNDEFINED, 24)]),
        Table::FloatPrint => (16684, &[]),
    }
}
