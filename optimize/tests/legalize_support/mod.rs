//! What the tests of legalization share: runtime functions to import, and running it on a text.

#![allow(dead_code)]

pub mod evaluate;

use jlift_ir::text::{parse, print_function};
use jlift_ir::verify::verify_function;
use jlift_ir::{Func, Module};
use jlift_optimize::legalize::{Capabilities, Diagnostic, ShimSource, legalize};
use std::path::{Path, PathBuf};

/// A directory of the repository.
pub fn directory(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// The files in a directory with this ending, with their names without it.
pub fn files(path: &str, ending: &str) -> Vec<(String, String)> {
    let mut files: Vec<_> = std::fs::read_dir(directory(path))
        .unwrap_or_else(|e| panic!("{path}: {e}"))
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            if path.extension()? != ending {
                return None;
            }
            let text = std::fs::read_to_string(&path).ok()?;
            Some((path.file_stem()?.to_string_lossy().into_owned(), text))
        })
        .collect();
    files.sort();
    files
}

/// The runtime functions of the repository.
pub fn real_shims() -> ShimSource {
    let texts = files("runtime-shims/jir", "jir");
    ShimSource::new(texts)
}

/// Name, parameter types, result type and a constant of it, of every runtime function that
/// legalization may import.
fn stand_in_table() -> Vec<(String, Vec<&'static str>, &'static str, &'static str)> {
    let mut table = Vec::new();
    let mut add = |name: &str, params: Vec<&'static str>, ret: &'static str| {
        let value = match ret {
            "Float64" => "0.0",
            "Float32" => "Float32(0x00000000)",
            "Float16" => "Float16(0x0000)",
            "Int128" => "Int128(0)",
            "UInt128" => "UInt128(0)",
            "Nothing" => "nothing",
            "String" => "\"\"",
            _ => "0",
        };
        table.push((format!("Shims.{name}"), params, ret, value));
    };
    for (name, ty) in [
        ("append_byte", "UInt8"),
        ("append_int64", "Int64"),
        ("append_uint64", "UInt64"),
        ("append_int128", "Int128"),
        ("append_uint128", "UInt128"),
        ("append_bool", "Bool"),
        ("append_char", "Char"),
        ("show_char", "Char"),
        ("append_float64", "Float64"),
        ("append_float32", "Float32"),
        ("show_float32", "Float32"),
        ("append_float16", "Float16"),
        ("show_float16", "Float16"),
    ] {
        add(name, vec!["Ptr{UInt8}", "Int64", "Int64", ty], "Int64");
    }
    for (name, ty) in [("append_hex", "UInt64"), ("append_bytes", "Ptr{UInt8}")] {
        let params = vec!["Ptr{UInt8}", "Int64", "Int64", ty, "Int64"];
        add(name, params, "Int64");
    }
    for (name, ty) in [
        ("sdiv128", "Int128"),
        ("srem128", "Int128"),
        ("udiv128", "UInt128"),
        ("urem128", "UInt128"),
    ] {
        add(name, vec![ty, ty], ty);
    }
    for (name, from, to) in [
        ("int128_to_float64", "Int128", "Float64"),
        ("uint128_to_float64", "UInt128", "Float64"),
        ("int128_to_float32", "Int128", "Float32"),
        ("uint128_to_float32", "UInt128", "Float32"),
        ("float64_to_int128", "Float64", "Int128"),
        ("float64_to_uint128", "Float64", "UInt128"),
        ("float32_to_int128", "Float32", "Int128"),
        ("float32_to_uint128", "Float32", "UInt128"),
        ("float16_to_float32", "Float16", "Float32"),
        ("float16_to_float64", "Float16", "Float64"),
        ("float32_to_float16", "Float32", "Float16"),
        ("float64_to_float16", "Float64", "Float16"),
    ] {
        add(name, vec![from], to);
    }
    add("record_keep", vec![], "String");
    add("record_restore", vec!["String"], "Nothing");
    table
}

/// Name and parameter types of every runtime function that legalization may import.
pub fn stand_in_signatures() -> Vec<(String, Vec<&'static str>)> {
    let table = stand_in_table().into_iter();
    table.map(|(name, params, ..)| (name, params)).collect()
}

/// Runtime functions with the signatures of the real ones and bodies that do nothing, so that
/// tests of legalization test nothing else.
pub fn stand_ins() -> ShimSource {
    let mut text = String::from("jir 1\n");
    for (i, (name, params, ret, value)) in stand_in_table().into_iter().enumerate() {
        let params: Vec<String> = params
            .iter()
            .enumerate()
            .map(|(n, ty)| format!("_{}::{ty}", n + 2))
            .collect();
        text.push_str(&format!(
            "singleton typeof({name}) super=Function\n\
             function @{i} {name}({})::{ret} self=typeof({name}) noinline\n#1:\n  return {value}\n\n",
            params.join(", ")
        ));
    }
    ShimSource::new([("stand-ins".to_string(), text)])
}

/// What could not be legalized, and why.
pub type Refused = Box<(Module, Vec<Diagnostic>)>;

/// Legalizes everything that the exports reach, and verifies the result.
pub fn legalized(
    text: &str,
    shims: &ShimSource,
    caps: &Capabilities,
) -> Result<(Module, Vec<Func>), Refused> {
    let mut module = parse(text).unwrap_or_else(|e| panic!("{}", e[0]));
    let roots: Vec<Func> = module.exports().collect();
    match legalize(&mut module, &roots, shims, caps) {
        Ok(done) => {
            for &func in &done.live {
                if let Err(errors) = verify_function(&module, func) {
                    panic!("{}\n{}", errors[0], print_function(&module, func));
                }
            }
            Ok((module, done.live))
        }
        Err(diagnostics) => Err(Box::new((module, diagnostics))),
    }
}

/// Whether a function came from the runtime functions.
pub fn is_runtime(module: &Module, func: Func) -> bool {
    let name = module.tables.names.str(module.functions[func].name);
    name.starts_with("Shims.") && !name.starts_with("Shims.throw#")
}
