//! The verifier accepts what real Julia printed, and names the defect of every text in
//! `tests/data`: each begins with `; error: ` and the expected message. `JLIFT_BLESS=1` rewrites
//! the expectations.

mod common;

use common::{check, defects, kernels, valid};
use jlift_ir::text::print_module;

#[test]
fn kernels_from_julia_verify() {
    let mut wrong = Vec::new();
    for (name, text) in kernels() {
        if let Err(errors) = check(&text) {
            wrong.push(format!("{name}:\n{}", errors.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn one_of_everything_verifies_and_round_trips() {
    let text = valid("zoo");
    let module = check(&text).unwrap_or_else(|e| panic!("{}", e.join("\n")));
    let printed = print_module(&module);
    let again = check(&printed).unwrap_or_else(|e| panic!("{}", e.join("\n")));
    assert_eq!(printed, print_module(&again));
}

#[test]
fn a_field_may_follow_a_tuple_with_a_128_bit_number_that_is_aligned_to_8() {
    check(&valid("wide-tuple-field")).unwrap_or_else(|e| panic!("{}", e.join("\n")));
}

#[test]
fn defects_are_named() {
    let bless = std::env::var_os("JLIFT_BLESS").is_some();
    let files = defects();
    assert!(files.len() >= 60, "only {} texts with defects", files.len());
    let mut wrong = Vec::new();
    for (path, text) in files {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let (first, rest) = text.split_once('\n').unwrap_or((&text, ""));
        let found = match check(&text) {
            Ok(_) => "nothing is wrong".into(),
            Err(errors) => errors.join(" | "),
        };
        if bless {
            let body = if first.starts_with("; error:") {
                rest
            } else {
                &text
            };
            std::fs::write(&path, format!("; error: {found}\n{body}")).expect("a writable text");
        } else if first.strip_prefix("; error: ") != Some(&found) {
            wrong.push(format!(
                "{name}:\n  expected {first}\n  found            {found}"
            ));
        }
        if found == "nothing is wrong" {
            wrong.push(format!("{name}: the defect is not found"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
