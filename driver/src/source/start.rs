//! What an executable of Julia source does when it starts: call a function that the program marks, call
//! `main`, or execute the program's top level. Decided by the text alone: nothing is executed for it.

use super::carried::Carried;
use super::files;
use super::stages::syntax_failure;
use crate::diagnostic::Failure;
use jlift_frontend::parse::{Parsed, parse};
use jlift_frontend::surface::{FileId, Head, Node, NodeData, Tree};
use jlift_ir::Tables;
use std::collections::HashSet;
use std::path::Path;

/// What an executable does when it starts.
pub enum Start {
    /// It calls the function that the program marks by `@ccallable`.
    Marked,
    /// It calls `main`, which the program defines and does not call itself: this method, as an export is
    /// named, with no arguments or C's `argc` and `argv`.
    Main(String),
    /// It executes the top level, as `jlift run` does.
    TopLevel(Carried),
}

/// What an executable of this file does when it starts.
///
/// # Errors
/// The file cannot be read, or is no Julia.
pub fn start_of(path: &Path) -> Result<Start, Failure> {
    let main = files::read(path).map_err(Failure::plain)?;
    let mut tables = Tables::default();
    let mut known = HashSet::from([main.name.clone()]);
    let mut carried = Vec::new();
    let mut waiting = vec![main];
    while let Some(source) = waiting.pop() {
        let parsed = parse(&source.text, FileId(0), &mut tables);
        if carried.is_empty() {
            if !parsed.diagnostics.is_empty() {
                return Err(syntax_failure(&source, parsed.diagnostics));
            }
            if let Some(method) = only_defined_main(&parsed, &tables, &source.text) {
                return Ok(Start::Main(method));
            }
        }
        if is_marked(&parsed.tree, &tables) {
            return Ok(Start::Marked);
        }
        for name in included_names(&parsed.tree, &tables) {
            // What cannot be read, the program says when it gets there.
            let Ok(found) = files::read(&files::included(&source.directory, &name)) else {
                continue;
            };
            if known.insert(found.name.clone()) {
                waiting.push(found);
            }
        }
        carried.push((source.name, source.text));
    }
    Ok(Start::TopLevel(Carried::new(carried)))
}

fn is_symbol(tree: &Tree, tables: &Tables, node: Node, text: &str) -> bool {
    (tree.symbol(node)).is_some_and(|name| tables.names.str(name) == text)
}

/// Whether the text has the macro `@ccallable` anywhere.
fn is_marked(tree: &Tree, tables: &Tables) -> bool {
    tree.nodes()
        .any(|n| is_symbol(tree, tables, n, "@ccallable"))
}

/// The names of files that the text includes, where they are literals.
fn included_names(tree: &Tree, tables: &Tables) -> Vec<String> {
    let name = |node: Node| match (tree.head(node), tree.args(node)) {
        (Some(Head::Call), &[callee, path]) if is_symbol(tree, tables, callee, "include") => {
            match tree.data(path) {
                NodeData::String(bytes) => String::from_utf8(bytes.to_vec()).ok(),
                _ => None,
            }
        }
        _ => None,
    };
    tree.nodes().filter_map(name).collect()
}

/// The method of `main` that starts the program, if the program calls none itself.
fn only_defined_main(parsed: &Parsed, tables: &Tables, text: &[u8]) -> Option<String> {
    let tree = &parsed.tree;
    let is_call = |node: Node| match (tree.head(node), tree.args(node)) {
        (Some(Head::Call), &[callee, ..]) => is_symbol(tree, tables, callee, "main"),
        _ => false,
    };
    let signatures = parsed.items.iter().filter_map(|&item| {
        let mut node = match tree.head(item)? {
            Head::Function | Head::Assign => *tree.args(item).first()?,
            _ => return None,
        };
        while let (Some(Head::Typed | Head::Where), &[inner, ..]) =
            (tree.head(node), tree.args(node))
        {
            node = inner;
        }
        is_call(node).then_some(node)
    });
    let signatures: Vec<Node> = signatures.collect();
    // Passed on, `main` may be called by anybody.
    let mentions = tree.nodes().filter(|&n| is_symbol(tree, tables, n, "main"));
    if mentions.count() != signatures.len() {
        return None;
    }
    if signatures.iter().any(|&s| tree.args(s).len() == 1) {
        return Some("main()".into());
    }
    // `main(argc::Int, argv::Ptr{Ptr{UInt8}})`, with the types as they are written.
    let &[signature] = &signatures[..] else {
        return None;
    };
    let &[_, argc, argv] = tree.args(signature) else {
        return None;
    };
    // Under their usual names they need no types.
    let written = |param: Node, name: &str, usual: &'static str| -> Option<&str> {
        if is_symbol(tree, tables, param, name) {
            return Some(usual);
        }
        let (Some(Head::Typed), &[.., ty]) = (tree.head(param), tree.args(param)) else {
            return None;
        };
        let span = tree.span(ty)?;
        std::str::from_utf8(text.get(span.start as usize..span.end as usize)?).ok()
    };
    let argc = written(argc, "argc", "Int")?;
    let argv = written(argv, "argv", "Ptr{Ptr{UInt8}}")?;
    argv.starts_with("Ptr{Ptr{")
        .then(|| format!("main({argc}, {argv})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(text: &str) -> &'static str {
        let folder = std::env::temp_dir().join(format!("jlift_start_{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let hash = text
            .bytes()
            .fold(0u64, |h, b| h.wrapping_mul(31).wrapping_add(b.into()));
        let file = folder.join(format!("{hash}.jl"));
        std::fs::write(&file, text).expect("a file");
        let start = start_of(&file);
        std::fs::remove_file(&file).expect("the file");
        match start {
            Ok(Start::Marked) => "marked",
            Ok(Start::Main(method)) if method == "main()" => "main",
            Ok(Start::Main(_)) => "main with arguments",
            Ok(Start::TopLevel(_)) => "top level",
            Err(_) => "error",
        }
    }

    #[test]
    fn main_is_called_if_nobody_calls_it_and_the_top_level_is_executed_otherwise() {
        for (text, expected) in [
            ("println(1)", "top level"),
            ("main() = println(1)", "main"),
            ("function main()::Int\n 1\nend", "main"),
            ("main() = println(1)\nmain()", "top level"),
            ("main(x) = x", "top level"),
            (
                "function main(argc::Int, argv::Ptr{Ptr{UInt8}})::Int\n 0\nend",
                "main with arguments",
            ),
            ("main(argc, argv) = 0", "main with arguments"),
            ("main(a, b) = 0", "top level"),
            ("main(a::Int, b::Int) = 0", "top level"),
            ("f() = 1\nmain() = f()\nrun(main)", "top level"),
            ("if true\n main() = 1\nend", "top level"),
            ("Base.@ccallable f()::Int = 1", "marked"),
            (
                "module A\n using Base: @ccallable\n @ccallable f()::Int = 1\nend",
                "marked",
            ),
            ("f(", "error"),
        ] {
            assert_eq!(start(text), expected, "{text}");
        }
    }
}
