//! Legalization as text in, text out: every file `legalize/*.jir` is legalized and printed, and
//! compared with the `.out` beside it. `JLIFT_BLESS=1` writes the `.out` files anew.
//!
//! A file whose comment holds `; caps: all` is legalized for a backend that has everything, others
//! for Cranelift without a fused multiply-add. `; show: record` prints what throwers share, too.

mod legalize_support;

use jlift_ir::text::{print_function, statement_text};
use jlift_optimize::legalize::Capabilities;
use legalize_support::{directory, files, is_runtime, legalized, stand_ins};
use std::fmt::Write;

fn result(text: &str) -> String {
    let caps = match text.contains("; caps: all") {
        true => Capabilities::complete(),
        false => Capabilities::cranelift(text.contains("; caps: fma")),
    };
    let mut out = String::new();
    match legalized(text, &stand_ins(), &caps) {
        Ok((module, live)) => {
            for func in live {
                let name = module.tables.names.str(module.functions[func].name);
                let is_record = name.starts_with("Shims.record_");
                if !is_runtime(&module, func) || is_record && text.contains("; show: record") {
                    out.push_str(&print_function(&module, func));
                    out.push('\n');
                }
            }
        }
        Err(refused) => {
            let (module, diagnostics) = *refused;
            for d in diagnostics {
                let at = d.inst.map(|inst| statement_text(&module, d.func, inst));
                let _ = writeln!(
                    out,
                    "error in {}: {}\n    {}",
                    module.describe(d.func),
                    d.message,
                    at.as_deref().unwrap_or("(the function itself)").trim()
                );
            }
        }
    }
    out
}

#[test]
fn texts_become_what_is_written_beside_them() {
    let bless = std::env::var_os("JLIFT_BLESS").is_some();
    let inputs = files("optimize/tests/legalize", "jir");
    assert!(!inputs.is_empty());
    let mut wrong = Vec::new();
    for (name, text) in inputs {
        let got = result(&text);
        let path = directory("optimize/tests/legalize").join(format!("{name}.out"));
        if bless {
            std::fs::write(&path, &got).unwrap_or_else(|e| panic!("{name}: {e}"));
            continue;
        }
        let want = std::fs::read_to_string(&path).unwrap_or_default();
        if want != got {
            let line = want
                .lines()
                .zip(got.lines())
                .position(|(w, g)| w != g)
                .unwrap_or(want.lines().count().min(got.lines().count()));
            wrong.push(format!(
                "{name}, line {}:\n  want {}\n  got  {}",
                line + 1,
                want.lines().nth(line).unwrap_or("(end)"),
                got.lines().nth(line).unwrap_or("(end)")
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
