//! Helpers of the tests of surface trees and macros.
#![allow(dead_code)]

use jlift_frontend::macros::{self, Env, Gensym, Source};
use jlift_frontend::parse::{self, Parsed, SyntaxError};
use jlift_frontend::surface::{FileId, Node, Tree};
use jlift_frontend::surface_text::to_text;
use jlift_ir::{Name, Tables};
use std::fmt::Write;
use std::path::PathBuf;

/// A parsed piece of source.
pub struct Source1 {
    pub tables: Tables,
    pub parsed: Parsed,
}

pub fn parse(text: impl AsRef<[u8]>) -> Source1 {
    let mut tables = Tables::default();
    let parsed = parse::parse(text.as_ref(), FileId(0), &mut tables);
    Source1 { tables, parsed }
}

impl Source1 {
    /// All items as S-expressions, one a line, then the diagnostics.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for &item in &self.parsed.items {
            let _ = writeln!(out, "{}", to_text(&self.parsed.tree, item, &self.tables));
        }
        for d in &self.parsed.diagnostics {
            let _ = writeln!(out, "{}", diagnostic(d));
        }
        out
    }

    /// All items after macro expansion.
    pub fn expanded(mut self, source: &str) -> String {
        let mut out = String::new();
        let mut gensym = Gensym::default();
        let mut user = |_: &mut Tree, _: &mut Tables, _: &[Name], _: &[Node]| Ok(None);
        for item in self.parsed.items.clone() {
            let mut env = Env {
                tables: &mut self.tables,
                gensym: &mut gensym,
                source: Source {
                    path: "dir/file.jl",
                    text: source.as_bytes(),
                },
                user: &mut user,
            };
            match macros::expand_all(&mut self.parsed.tree, item, &mut env) {
                Ok(node) => {
                    let _ = writeln!(out, "{}", to_text(&self.parsed.tree, node, &self.tables));
                }
                Err(e) => {
                    let _ = writeln!(out, "{}", diagnostic(&e));
                }
            }
        }
        out
    }
}

pub fn diagnostic(d: &SyntaxError) -> String {
    format!("{}..{}: {}", d.span.start, d.span.end, d.message)
}

/// Each source with what becomes of it, indented.
pub fn listing(sources: &[&str], convert: impl Fn(&str) -> String) -> String {
    let mut out = String::new();
    for source in sources {
        let _ = writeln!(out, "{source}");
        for line in convert(source).lines() {
            let _ = writeln!(out, "        {line}");
        }
    }
    out
}

/// The Julia files of the kernel tests.
pub fn kernels() -> Vec<(String, Vec<u8>)> {
    let dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/kernels");
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(dir)
        .expect("the kernels exist")
        .map(|entry| entry.expect("a directory entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "jl"))
        .map(|path| {
            let text = std::fs::read(&path).expect("a readable file");
            (path.display().to_string(), text)
        })
        .collect();
    files.sort();
    assert!(files.len() >= 50, "only {} kernels", files.len());
    files
}
