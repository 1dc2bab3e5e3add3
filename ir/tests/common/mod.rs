//! What the tests of texts share.

use jlift_ir::Module;
use jlift_ir::text::parse;
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
#[allow(dead_code, reason = "not every test file needs it")]
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
#[allow(dead_code, reason = "not every test file needs it")]
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
