//! What the tests of legalization share: runtime functions to import, and running it on a text.

#![allow(dead_code)]

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
    ShimSource::new(texts.iter().map(|(n, t)| (&n[..], &t[..])))
}

/// Runtime functions with the signatures of the real ones and bodies that do nothing, so that
/// tests of legalization test nothing else.
pub fn stand_ins() -> ShimSource {
    let buffer = "_2::Ptr{UInt8}, _3::Int64, _4::Int64";
    let mut text = String::from("jir 1\n");
    let mut id = 0;
    let mut add = |name: &str, params: String, ret: &str, value: &str| {
        id += 1;
        text.push_str(&format!(
            "singleton typeof(Shims.{name}) super=Function\n\
             function @{id} Shims.{name}({params})::{ret} self=typeof(Shims.{name})\n\
             #1:\n  return {value}\n\n"
        ));
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
        add(name, format!("{buffer}, _5::{ty}"), "Int64", "_3");
    }
    for (name, ty) in [("append_hex", "UInt64"), ("append_bytes", "Ptr{UInt8}")] {
        let params = format!("{buffer}, _5::{ty}, _6::Int64");
        add(name, params, "Int64", "_3");
    }
    for (name, ty) in [
        ("sdiv128", "Int128"),
        ("srem128", "Int128"),
        ("udiv128", "UInt128"),
        ("urem128", "UInt128"),
    ] {
        add(name, format!("_2::{ty}, _3::{ty}"), ty, "_2");
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
        let value = match to {
            "Float64" => "0.0",
            "Float32" => "Float32(0x00000000)",
            "Float16" => "Float16(0x0000)",
            "Int128" => "Int128(0)",
            _ => "UInt128(0)",
        };
        add(name, format!("_2::{from}"), to, value);
    }
    ShimSource::new([("stand-ins", &text[..])])
}

/// Legalizes everything that the exports reach, and verifies the result.
pub fn legalized(
    text: &str,
    shims: &ShimSource,
    caps: &Capabilities,
) -> Result<(Module, Vec<Func>), (Module, Vec<Diagnostic>)> {
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
        Err(diagnostics) => Err((module, diagnostics)),
    }
}

/// Whether a function came from the runtime functions.
pub fn is_runtime(module: &Module, func: Func) -> bool {
    let name = module.tables.names.str(module.functions[func].name);
    name.starts_with("Shims.") && !name.starts_with("Shims.throw#")
}
