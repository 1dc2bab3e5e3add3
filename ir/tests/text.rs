//! The text format over typed IR that real Julia printed: everything parses, and printing and
//! parsing again gives the same text.

use jlift_ir::text::{parse, print_module};
use std::path::Path;

fn kernels() -> Vec<(String, String)> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/kernels");
    let mut files: Vec<_> = std::fs::read_dir(dir)
        .expect("the kernels are part of the repository")
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            if path.extension()? != "jir" {
                return None;
            }
            let text = std::fs::read_to_string(&path).ok()?;
            Some((path.file_stem()?.to_string_lossy().into_owned(), text))
        })
        .collect();
    files.sort();
    assert!(files.len() >= 28);
    files
}

/// The original text in the form in which it is printed: without comments that are not locations.
fn statements(text: &str) -> Vec<&str> {
    text.lines()
        .filter(|l| l.starts_with("  "))
        .map(|l| l.split("  ; ").next().unwrap_or(l))
        .collect()
}

#[test]
fn kernels_from_julia_round_trip() {
    for (name, text) in kernels() {
        let module = parse(&text).unwrap_or_else(|e| panic!("{name}: {}", e[0]));
        let printed = print_module(&module);
        let again = parse(&printed).unwrap_or_else(|e| panic!("{name}, printed: {}", e[0]));
        let again = print_module(&again);
        for (first, second) in printed.lines().zip(again.lines()) {
            assert_eq!(first, second, "{name}");
        }
        assert_eq!(printed.len(), again.len(), "{name}");
    }
}

#[test]
fn printing_keeps_what_julia_wrote() {
    for (name, text) in kernels() {
        let module = parse(&text).unwrap_or_else(|e| panic!("{name}: {}", e[0]));
        let printed = print_module(&module);
        // Functions are numbered in the order of first use when parsed; compare those texts in
        // which the order is the same, statement for statement, without numbers.
        let strip = |s: &str| -> String {
            let body = s.split_once(" = ").map_or(s, |(_, b)| b);
            body.split_whitespace()
                .filter(|w| !w.contains(['%', '#', '@']))
                .collect()
        };
        let mut want: Vec<String> = statements(&text).into_iter().map(strip).collect();
        let mut got: Vec<String> = statements(&printed).into_iter().map(strip).collect();
        // Blocks that Julia lets fall through get an explicit goto.
        want.retain(|s| s != "goto");
        got.retain(|s| s != "goto");
        want.sort();
        got.sort();
        for (w, g) in want.iter().zip(&got) {
            assert_eq!(w, g, "{name}");
        }
        assert_eq!(want.len(), got.len(), "{name}");
    }
}
