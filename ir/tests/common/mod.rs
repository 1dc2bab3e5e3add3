//! What the tests of texts share.
#![allow(dead_code, reason = "not every test file needs everything")]

use jlift_ir::Module;
use jlift_ir::text::{ParseError, parse, print_module};
use jlift_ir::verify::verify_module;
use std::path::{Path, PathBuf};

/// The typed IR of the kernels as Julia printed it: name and text.
pub fn kernels() -> Vec<(String, String)> {
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

/// Parses and verifies.
pub fn check(text: &str) -> Result<Module, Vec<String>> {
    let module = parse(text).map_err(|e| e.iter().map(|e| e.to_string()).collect::<Vec<_>>())?;
    match verify_module(&module) {
        Ok(()) => Ok(module),
        Err(errors) => Err(errors.iter().map(|e| e.to_string()).collect()),
    }
}

/// A text of `tests/data/valid`.
pub fn valid(name: &str) -> String {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/valid");
    std::fs::read_to_string(dir.join(name).with_extension("jir")).expect("a readable text")
}

/// The texts with one defect each: name and text.
pub fn defects() -> Vec<(PathBuf, String)> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let mut files: Vec<_> = std::fs::read_dir(dir)
        .expect("the texts are part of the repository")
        .map(|entry| entry.expect("a readable directory").path())
        .filter(|path| path.extension().is_some_and(|e| e == "jir"))
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("a readable text");
            (path, text)
        })
        .collect();
    files.sort();
    files
}

/// Everything that is done with a text. True if it is right.
pub fn digest(text: &str) -> bool {
    let module = match parse(text) {
        Ok(module) => module,
        Err(errors) => {
            located(text, &errors);
            return false;
        }
    };
    let printed = print_module(&module);
    if let Err(errors) = verify_module(&module) {
        assert!((1..=20).contains(&errors.len()));
        for error in &errors {
            let rendered = error.to_string();
            assert!(!error.message.is_empty());
            assert!(rendered.len() < 4000, "{rendered}");
        }
        return false;
    }
    let again = parse(&printed).unwrap_or_else(|e| panic!("printed text: {}\n{printed}", e[0]));
    assert!(
        verify_module(&again).is_ok(),
        "the printed text does not verify"
    );
    let twice = print_module(&again);
    if printed != twice {
        for (first, second) in printed.lines().zip(twice.lines()) {
            assert_eq!(first, second);
        }
        panic!("printed twice: {} and {} bytes", printed.len(), twice.len());
    }
    true
}

fn located(text: &str, errors: &[ParseError]) {
    assert!((1..=20).contains(&errors.len()));
    for error in errors {
        assert!(!error.message.is_empty() && error.message.len() < 2000);
        assert!(error.start <= error.end && error.end <= text.len());
        assert!(text.is_char_boundary(error.start), "{error}");
        let line = text[..error.start].matches('\n').count() + 1;
        let column = error.start - text[..error.start].rfind('\n').map_or(0, |p| p + 1) + 1;
        assert_eq!((error.line, error.column), (line, column));
    }
}
