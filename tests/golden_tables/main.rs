//! What Julia 1.10 computed, against the same functions as typed IR compiled in this process: the
//! tables of tests/golden, row by row. The functions are compositions of intrinsics (see
//! `templates/`), so a wrong row is a wrong intrinsic, pass or shim.

mod number;
mod run;
mod skipped;
mod table;
mod template;

use jlift_driver::options::{BackendKind, CodeLevel};
use run::{Operands, check};
use skipped::expected_counts;
use table::Table;

/// The CPUs of optimized code: what `build` assumes, what `run` finds, and on x86 the oldest one,
/// which counts bits and rounds without instructions for it.
const CPUS: &[&str] = if cfg!(target_arch = "x86_64") {
    &["baseline", "native", "x86-64"]
} else {
    &["baseline", "native"]
};

/// Checks a table, prints the counts and asserts them.
fn table(table: Table, level: CodeLevel, cpu: &str, backend: BackendKind) {
    let report = check(table, (level, cpu, backend), Operands::Loaded);
    let (file, checked) = (table.file(), report.checked);
    println!("{file}: {checked} rows checked at {level:?} for {cpu} by {backend:?}");
    for (reason, count) in &report.skipped {
        println!("  {count} skipped: {reason}");
    }
    assert_right(&report.wrong);
    assert_eq!((checked, &report.skipped[..]), expected_counts(table));
}

/// Checks some rows of each function of a table with constant operands.
fn constants(table: Table, backend: BackendKind) {
    let setting = (CodeLevel::O2, "baseline", backend);
    let report = check(table, setting, Operands::Constant);
    let (file, checked) = (table.file(), report.checked);
    println!("{file}: {checked} rows checked with constants");
    assert_right(&report.wrong);
    assert!(checked > 30);
}

fn assert_right(wrong: &[String]) {
    let shown = wrong
        .iter()
        .take(40)
        .cloned()
        .collect::<Vec<_>>()
        .join("\n");
    assert!(wrong.is_empty(), "{} rows are wrong:\n{shown}", wrong.len());
}

macro_rules! tests {
    ($($table:ident, $unoptimized:ident, $optimized:ident, $constant:ident, $llvm:ident;)*) => {
        $(
            #[test]
            fn $unoptimized() {
                table(Table::$table, CodeLevel::O0, "baseline", BackendKind::Cranelift);
            }

            #[test]
            fn $optimized() {
                for cpu in CPUS {
                    table(Table::$table, CodeLevel::O2, cpu, BackendKind::Cranelift);
                }
            }

            #[test]
            fn $constant() {
                constants(Table::$table, BackendKind::Cranelift);
            }

            #[test]
            fn $llvm() {
                if !jlift_driver::llvm::is_there() {
                    eprintln!("skipped: no LLVM tools");
                    return;
                }
                table(Table::$table, CodeLevel::O0, "baseline", BackendKind::Llvm);
                table(Table::$table, CodeLevel::O2, "native", BackendKind::Llvm);
                constants(Table::$table, BackendKind::Llvm);
            }
        )*
    };
}

tests! {
    IntBinary, int_binary_is_julias_unoptimized, int_binary_is_julias_optimized, int_binary_is_julias_on_constants, int_binary_is_julias_by_llvm;
    IntUnary, int_unary_is_julias_unoptimized, int_unary_is_julias_optimized, int_unary_is_julias_on_constants, int_unary_is_julias_by_llvm;
    FloatBinary, float_binary_is_julias_unoptimized, float_binary_is_julias_optimized, float_binary_is_julias_on_constants, float_binary_is_julias_by_llvm;
    FloatUnary, float_unary_is_julias_unoptimized, float_unary_is_julias_optimized, float_unary_is_julias_on_constants, float_unary_is_julias_by_llvm;
    Convert, conversions_are_julias_unoptimized, conversions_are_julias_optimized, conversions_are_julias_on_constants, conversions_are_julias_by_llvm;
    FloatPrint, float_texts_are_julias_unoptimized, float_texts_are_julias_optimized, float_texts_are_julias_on_constants, float_texts_are_julias_by_llvm;
}
