//! What Julia 1.10 computed, against the same functions as typed IR compiled in this process: the
//! tables of tests/golden, row by row. The functions are compositions of intrinsics (see
//! `templates/`), so a wrong row is a wrong intrinsic, pass or shim.

mod number;
mod run;
mod skipped;
mod table;
mod template;

use jlift_driver::options::CodeLevel;
use run::{Operands, check};
use skipped::expected_counts;
use table::Table;

/// Checks a table, prints the counts and asserts them.
fn table(table: Table, level: CodeLevel) {
    let report = check(table, level, Operands::Loaded);
    println!("{}: {} rows checked at {level:?}", table.file(), report.checked);
    for (reason, count) in &report.skipped {
        println!("  {count} skipped: {reason}");
    }
    assert_right(&report.wrong);
    assert_eq!((report.checked, &report.skipped[..]), expected_counts(table));
}

/// Checks some rows of each function of a table with constant operands.
fn constants(table: Table) {
    let report = check(table, CodeLevel::O2, Operands::Constant);
    println!("{}: {} rows checked with constants", table.file(), report.checked);
    assert_right(&report.wrong);
    assert!(report.checked > 100);
}

fn assert_right(wrong: &[String]) {
    let shown = wrong.iter().take(40).cloned().collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} rows are wrong:\n{shown}", wrong.len());
}

macro_rules! tests {
    ($($name:ident, $table:ident, $unoptimized:ident, $optimized:ident, $constant:ident;)*) => {
        $(
            #[test]
            fn $unoptimized() {
                table(Table::$table, CodeLevel::O0);
            }

            #[test]
            fn $optimized() {
                table(Table::$table, CodeLevel::O2);
            }

            #[test]
            fn $constant() {
                constants(Table::$table);
            }
        )*
    };
}

tests! {
    int_binary, IntBinary, int_binary_is_julias_unoptimized, int_binary_is_julias_optimized, int_binary_is_julias_on_constants;
    int_unary, IntUnary, int_unary_is_julias_unoptimized, int_unary_is_julias_optimized, int_unary_is_julias_on_constants;
    float_binary, FloatBinary, float_binary_is_julias_unoptimized, float_binary_is_julias_optimized, float_binary_is_julias_on_constants;
    float_unary, FloatUnary, float_unary_is_julias_unoptimized, float_unary_is_julias_optimized, float_unary_is_julias_on_constants;
    convert, Convert, conversions_are_julias_unoptimized, conversions_are_julias_optimized, conversions_are_julias_on_constants;
    float_print, FloatPrint, float_texts_are_julias_unoptimized, float_texts_are_julias_optimized, float_texts_are_julias_on_constants;
}
