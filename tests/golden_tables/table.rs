//! The rows of the tables, and which template computes each. Knows nothing of how they are run.

use crate::number::Number;
use crate::skipped::skipped_because;

/// A table of tests/golden.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Table {
    IntBinary,
    IntUnary,
    FloatBinary,
    FloatUnary,
    Convert,
    FloatPrint,
}

impl Table {
    pub fn file(self) -> &'static str {
        match self {
            Table::IntBinary => "int_binary.tsv",
            Table::IntUnary => "int_unary.tsv",
            Table::FloatBinary => "float_binary.tsv",
            Table::FloatUnary => "float_unary.tsv",
            Table::Convert => "convert.tsv",
            Table::FloatPrint => "float_print.tsv",
        }
    }

    /// The text of the file.
    pub fn read(self) -> String {
        let path = format!("{}/golden/{}", env!("CARGO_MANIFEST_DIR"), self.file());
        std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"))
    }
}

/// One fact to check: a function of a table, its operands and what Julia gave.
#[derive(Clone, Debug)]
pub struct Row<'t> {
    /// Line in the file, from 1.
    pub line: usize,
    pub op: &'t str,
    /// The type of the operands, and the target of a conversion.
    pub types: Vec<&'t str>,
    pub args: Vec<&'t str>,
    /// The result, or `!` and the error text.
    pub result: &'t str,
}

/// All facts of a table.
pub fn rows<'t>(table: Table, text: &'t str) -> Vec<Row<'t>> {
    let mut rows = Vec::new();
    for (at, line) in text.lines().enumerate() {
        if line.starts_with('#') {
            continue;
        }
        let cells: Vec<&str> = line.split('\t').collect();
        let line = at + 1;
        let row = |op, types: &[&'t str], args: &[&'t str], result| Row {
            line,
            op,
            types: types.to_vec(),
            args: args.to_vec(),
            result,
        };
        match (table, &cells[..]) {
            (Table::IntBinary | Table::FloatBinary, &[op, ty, a, b, result]) => {
                rows.push(row(op, &[ty], &[a, b], result));
            }
            (Table::IntUnary | Table::FloatUnary, &[op, ty, a, result]) => {
                rows.push(row(op, &[ty], &[a], result));
            }
            (Table::Convert, &[op, from, to, a, result]) => {
                rows.push(row(op, &[from, to], &[a], result));
            }
            (Table::FloatPrint, &[ty, bits, string, repr]) => {
                rows.push(row("string", &[ty], &[bits], string));
                rows.push(row("repr", &[ty], &[bits], repr));
            }
            _ => panic!("{}:{line}: wrong number of cells", table.file()),
        }
    }
    rows
}

/// A function to compile, and the rows that it computes.
pub struct Case<'t> {
    pub template: &'static str,
    pub types: Vec<Number>,
    /// Types of the operands.
    pub operands: Vec<Number>,
    pub rows: Vec<Row<'t>>,
}

impl Case<'_> {
    /// Whether Julia computes the function by an approximation.
    pub fn is_approximate(&self) -> bool {
        matches!(self.template, "sin" | "cos" | "exp" | "log")
    }
}

/// What the rows of a table become.
pub struct Plan<'t> {
    pub cases: Vec<Case<'t>>,
    /// Reasons with the number of rows skipped for them, in the order of their first row.
    pub skipped: Vec<(&'static str, usize)>,
}

/// Sorts rows into cases. `exists` says whether there is a template for these types.
pub fn plan<'t>(
    table: Table,
    rows: Vec<Row<'t>>,
    exists: &dyn Fn(&str, &[Number]) -> bool,
) -> Plan<'t> {
    let mut plan = Plan {
        cases: Vec::new(),
        skipped: Vec::new(),
    };
    for row in rows {
        if let Some(reason) = skipped_because(table, &row) {
            match plan.skipped.iter_mut().find(|(known, _)| *known == reason) {
                Some((_, count)) => *count += 1,
                None => plan.skipped.push((reason, 1)),
            }
            continue;
        }
        let (template, types) = template_of(table, &row);
        assert!(
            exists(template, &types),
            "{}:{}: no template {template} for {types:?}",
            table.file(),
            row.line
        );
        let operands = vec![types[0]; row.args.len()];
        match plan
            .cases
            .iter_mut()
            .find(|c| c.template == template && c.types == types)
        {
            Some(case) => case.rows.push(row),
            None => plan.cases.push(Case {
                template,
                types,
                operands,
                rows: vec![row],
            }),
        }
    }
    plan
}

/// The template that computes a row, and the types it is to be expanded for.
fn template_of(table: Table, row: &Row<'_>) -> (&'static str, Vec<Number>) {
    let mut types: Vec<Number> = row
        .types
        .iter()
        .map(|t| Number::from_name(t).unwrap_or_else(|| panic!("line {}: type {t}", row.line)))
        .collect();
    let to_char = row.op == "Char" || row.types.get(1) == Some(&"Char");
    if row.op == "Char" {
        types.push(Number::Char);
    }
    let unary = row.args.len() == 1;
    let name = match row.op {
        "+" => "add",
        "-" if unary => "negate",
        "-" => "sub",
        "*" => "mul",
        "/" => "divide",
        "^" => "power",
        "&" => "and",
        "|" => "or",
        "~" => "not",
        "<<" => "shift_left",
        ">>" => "shift_right",
        ">>>" => "shift_right_logical",
        "==" => "equal",
        "<" => "less",
        "<=" => "less_equal",
        "%" => "mod_convert",
        "Char" | "convert" if to_char => "char_text",
        other => KNOWN
            .iter()
            .copied()
            .find(|&k| k == other)
            .unwrap_or_else(|| panic!("{}:{}: unknown {other}", table.file(), row.line)),
    };
    (name, types)
}

/// Functions whose template has their name.
const KNOWN: &[&str] = &[
    "abs",
    "abs2",
    "add_with_overflow",
    "binomial",
    "bitstring",
    "bswap",
    "ceil",
    "checked_abs",
    "checked_add",
    "checked_mul",
    "checked_neg",
    "checked_sub",
    "cld",
    "cmp",
    "convert",
    "copysign",
    "cos",
    "count_ones",
    "count_zeros",
    "deg2rad",
    "div",
    "divrem",
    "eps",
    "exp",
    "exponent",
    "factorial",
    "fld",
    "fld1",
    "fldmod",
    "flipsign",
    "float",
    "floor",
    "frexp",
    "gcd",
    "hash",
    "hypot",
    "inv",
    "isapprox",
    "isequal",
    "iseven",
    "isinteger",
    "isless",
    "isodd",
    "ispow2",
    "isqrt",
    "issubnormal",
    "lcm",
    "leading_ones",
    "leading_zeros",
    "log",
    "max",
    "min",
    "mod",
    "mod1",
    "mod2",
    "modf",
    "ndigits",
    "nextfloat",
    "nextfloatn",
    "nextpow2",
    "prevfloat",
    "prevpow2",
    "rad2deg",
    "rem",
    "repr",
    "rotate",
    "round",
    "round2",
    "roundup",
    "sign",
    "signbit",
    "significand",
    "sin",
    "sqrt",
    "string",
    "trailing_ones",
    "trailing_zeros",
    "trunc",
    "xor",
];
