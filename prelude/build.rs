//! Makes the index of the definitions under `base/` as a table of Rust constants. Everything in it
//! is an offset, so that the table needs no relocation when the program starts.

#[path = "build/scan.rs"]
mod scan;
#[path = "build/shape.rs"]
mod shape;
#[path = "build/store.rs"]
mod store;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=base");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let base = root.join("base");
    let mut files = Vec::new();
    walk(&base, &mut files)?;
    files.sort();
    let mut out = String::new();
    let mut index: BTreeMap<(String, String), Vec<(usize, scan::Found)>> = BTreeMap::new();
    let mut modules = Vec::new();
    let mut texts: Vec<String> = Vec::new();
    writeln!(out, "pub static FILES: &[(&str, &str)] = &[").map_err(io::Error::other)?;
    for (number, path) in files.iter().enumerate() {
        let text = fs::read_to_string(path)?;
        let name = path.strip_prefix(&base).unwrap_or(path).display();
        let scan = scan::scan(&text);
        texts.push(text.clone());
        // An error would keep everything else from being built; a test asserts there are none.
        for problem in &scan.problems {
            println!("cargo::warning=prelude/base/{name}: {problem}");
        }
        writeln!(out, "({:?}, include_str!({path:?})),", name.to_string())
            .map_err(io::Error::other)?;
        modules.push(scan.module);
        for found in scan.found {
            let key = (found.module.clone(), found.name.clone());
            index.entry(key).or_default().push((number, found));
        }
    }
    out.push_str("];\n");
    let mut store = store::Store::default();
    for ((_, name), found) in &index {
        for (file, f) in found {
            let text = texts.get(*file).map_or("", String::as_str);
            let path = files.get(*file).map(|p| p.strip_prefix(&base).unwrap_or(p));
            let path = path.map_or_else(String::new, |p| p.display().to_string());
            store.read(name, *file, f, &path, text);
        }
    }
    for problem in store.finish() {
        println!("cargo::warning=prelude/base/{problem}");
    }
    table(&mut out, &index, &modules, &store).map_err(io::Error::other)?;
    exports(&mut out, &base).map_err(io::Error::other)?;
    let target = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(target.join("code.bin"), &store.code)?;
    fs::write(target.join("shapes.bin"), &store.shapes)?;
    for (name, file) in [("CODE", "code.bin"), ("SHAPES", "shapes.bin")] {
        writeln!(
            out,
            "pub static {name}: &[u8] = include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{file}\"));"
        )
        .map_err(io::Error::other)?;
    }
    fs::write(target.join("index.rs"), out)
}

fn walk(dir: &Path, out: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, out)?;
        } else if path.extension().is_some_and(|e| e == "jl") {
            out.push(path);
        }
    }
    Ok(())
}

/// All names in one string; the index refers to its pieces.
#[derive(Default)]
struct Pool {
    text: String,
    known: BTreeMap<String, usize>,
}

impl Pool {
    /// Offset and length of a name as fields of a `Piece`.
    fn piece(&mut self, name: &str) -> String {
        let start = match self.known.get(name) {
            Some(&start) => start,
            None => {
                let start = self.text.len();
                self.text.push_str(name);
                self.known.insert(name.to_string(), start);
                start
            }
        };
        format!("Piece {{ start: {start}, len: {} }}", name.len())
    }
}

type Index = BTreeMap<(String, String), Vec<(usize, scan::Found)>>;

fn table(
    out: &mut String,
    index: &Index,
    modules: &[String],
    store: &store::Store,
) -> std::fmt::Result {
    let mut pool = Pool::default();
    let mut keys = String::new();
    let mut definitions = String::new();
    let mut count = 0;
    for ((module, name_text), found) in index {
        let (module, name) = (pool.piece(module), pool.piece(name_text));
        let end = count + found.len();
        writeln!(
            keys,
            "Key {{ module: {module}, name: {name}, start: {count}, end: {end} }},"
        )?;
        count = end;
        for (file, f) in found {
            let scan::Found {
                kind,
                start,
                end,
                line,
                ..
            } = f;
            let place = store.place(&(*file, *start), name_text);
            let store::Place { form, code, shape } = place;
            writeln!(
                definitions,
                "Entry {{ file: {file}, kind: Kind::{kind}, form: Form::{form}, line: {line}, start: {start}, end: {end}, code_start: {}, code_end: {}, shape_start: {}, shape_end: {} }},",
                code.start, code.end, shape.start, shape.end
            )?;
        }
    }
    let mut file_modules = String::new();
    for module in modules {
        write!(file_modules, "{},", pool.piece(module))?;
    }
    let mut all: Vec<&str> = index.keys().map(|(m, _)| m.as_str()).collect();
    all.extend(modules.iter().map(String::as_str));
    all.sort();
    all.dedup();
    write!(out, "pub static HEADS: &[Piece] = &[")?;
    for head in store.heads() {
        write!(out, "{},", pool.piece(head))?;
    }
    out.push_str("];\n");
    writeln!(out, "pub static KEYS: &[Key] = &[\n{keys}];")?;
    writeln!(out, "pub static ENTRIES: &[Entry] = &[\n{definitions}];")?;
    writeln!(
        out,
        "pub static FILE_MODULES: &[Piece] = &[{file_modules}];"
    )?;
    write!(out, "pub static MODULES: &[Piece] = &[")?;
    for module in all {
        write!(out, "{},", pool.piece(module))?;
    }
    out.push_str("];\n");
    writeln!(out, "pub static NAMES: &str = {:?};", pool.text)
}

/// The list of names that `Base` exports, sorted.
fn exports(out: &mut String, base: &Path) -> std::fmt::Result {
    let list = fs::read_to_string(base.join("exports.txt")).unwrap_or_default();
    let mut names: Vec<&str> = list
        .lines()
        .filter(|l| !l.starts_with("# "))
        .flat_map(str::split_whitespace)
        .collect();
    names.sort_unstable();
    names.dedup();
    writeln!(out, "pub static EXPORTS: &str = {:?};", names.concat())?;
    let mut start = 0;
    write!(out, "pub static EXPORTED: &[Piece] = &[")?;
    for name in names {
        write!(out, "Piece {{ start: {start}, len: {} }},", name.len())?;
        start += name.len();
    }
    writeln!(out, "];")
}
