//! The header and the Python module of a sample library: their texts, their acceptance by C and C++
//! compilers, and their use from Python with a library that implements the header.
//!
//! `JLIFT_BLESS=1` rewrites the expected texts.

mod support;

use jlift_abi::Export;
use jlift_abi::header::header;
use jlift_abi::python::python_module;
use jlift_abi::symbols::{ExportName, export_symbols};
use jlift_ir::decl::{Decl, Field, StructDecl, StructKind};
use jlift_ir::{Tables, Type, TypeParam, Value};
use std::path::Path;
use std::process::Command;

fn declare(tables: &mut Tables, ty: Type, fields: &[(&str, Type)]) {
    let fields: Vec<Field> = fields
        .iter()
        .map(|&(name, ty)| Field {
            name: tables.names.intern(name),
            ty,
            offset: 0,
            is_const: false,
        })
        .collect();
    let decl = StructDecl {
        mutable: false,
        kind: StructKind::Inline,
        size: 0,
        align: 0,
        supertype: Type::ANY,
        initialized: fields.len() as u32,
        fields,
    };
    assert!(tables.declare(ty, Decl::Struct(decl)));
}

fn sample() -> (Tables, Vec<Export>) {
    let mut tables = Tables::default();
    let t = &mut tables;
    let f64s = t.ptr(Type::FLOAT64);
    let vector = t.array(Type::FLOAT64, 1);
    let matrix = t.array(Type::INT32, 2);
    let halves = t.ptr(Type::FLOAT16);
    let nothing = t.ptr(Type::NOTHING);
    let color = t.tuple(&[Type::UINT8; 3]);
    let grid = t.tuple(&[Type::FLOAT64; 2]);
    let grid = t.tuple(&[grid; 2]);
    let mixed = t.tuple(&[Type::INT64, Type::FLOAT64]);
    let vec2 = t.nominal("Main.Vec2", &[]);
    declare(t, vec2, &[("x", Type::FLOAT64), ("y", Type::FLOAT64)]);
    let segment = t.nominal("Main.Segment", &[]);
    let fields = [
        ("a", vec2),
        ("b", vec2),
        ("color", color),
        ("none", Type::NOTHING),
    ];
    declare(t, segment, &fields);
    let node = t.nominal("Main.Node", &[]);
    let nodes = t.ptr(node);
    declare(
        t,
        node,
        &[
            ("value", Type::INT64),
            ("next", nodes),
            ("grid", grid),
            ("Vec2", vec2),
        ],
    );
    let tagged = t.nominal("Main.Tagged", &[]);
    let maybe = t.union(&[Type::NOTHING, Type::INT64]);
    declare(t, tagged, &[("value", maybe)]);
    let tagged = t.ptr(tagged);
    let wide = t.nominal("Main.Wide", &[]);
    declare(t, wide, &[("flag", Type::BOOL), ("sum", Type::INT128)]);
    let complex = t.nominal("Base.Complex", &[TypeParam::Type(Type::FLOAT64)]);
    declare(t, complex, &[("re", Type::FLOAT64), ("im", Type::FLOAT64)]);
    let complexes = t.ptr(complex);
    let modulus = Value::int64(10007);
    let modint = t.nominal("Main.Mod", &[TypeParam::Value(modulus)]);
    declare(t, modint, &[("v", Type::UINT32)]);

    type Row<'a> = (&'a str, &'a [(&'a str, Type)], Type, bool);
    let rows: &[Row] = &[
        (
            "harmonic_forward",
            &[("n", Type::INT64)],
            Type::FLOAT64,
            false,
        ),
        ("safe_sqrt", &[("x", Type::FLOAT64)], Type::FLOAT64, true),
        ("narrow", &[("x", Type::INT64)], Type::INT8, true),
        ("fail", &[("kind", Type::INT32)], Type::NOTHING, true),
        (
            "scale!",
            &[("x", f64s), ("n", Type::INT64), ("a", Type::FLOAT64)],
            Type::NOTHING,
            false,
        ),
        ("total", &[("v", vector)], Type::FLOAT64, false),
        (
            "corner",
            &[
                ("m", matrix),
                ("row", Type::INT64),
                ("m_size1", Type::INT64),
            ],
            Type::INT32,
            true,
        ),
        (
            "vowels",
            &[("text", Type::STRING), ("unused", Type::NOTHING)],
            Type::INT64,
            false,
        ),
        ("flip", &[("s", segment)], segment, false),
        (
            "divide",
            &[("a", Type::INT64), ("b", Type::INT64)],
            mixed,
            true,
        ),
        (
            "brighten",
            &[("c", color), ("by", Type::UINT8)],
            color,
            false,
        ),
        ("trace", &[("g", grid)], Type::FLOAT64, false),
        ("square", &[("z", complex)], complex, true),
        (
            "conjugate_all",
            &[("z", complexes), ("n", Type::INT32)],
            Type::NOTHING,
            false,
        ),
        ("sum_list", &[("head", nodes)], Type::INT64, false),
        ("next_char", &[("c", Type::CHAR)], Type::CHAR, false),
        (
            "xor",
            &[("a", Type::BOOL), ("", Type::BOOL)],
            Type::BOOL,
            false,
        ),
        (
            "mod_add",
            &[("double", modint), ("lambda", modint)],
            modint,
            false,
        ),
        (
            "address",
            &[("p", nothing), ("t", tagged), ("h", halves)],
            nothing,
            false,
        ),
        (
            "wide_sum",
            &[("w", wide), ("x", Type::INT128)],
            Type::UINT128,
            true,
        ),
        ("half", &[("x", Type::FLOAT16)], Type::FLOAT16, true),
        ("∇", &[("x", Type::INT64)], Type::INT64, false),
        (
            "∇",
            &[("x", Type::FLOAT64), ("x", f64s)],
            Type::FLOAT64,
            false,
        ),
        ("len", &[], Type::INT64, false),
        ("error", &[], Type::INT64, false),
        ("Vec2", &[("Vec2", vec2), ("Vec2", vec2)], vec2, false),
    ];
    let types: Vec<Vec<Type>> = rows
        .iter()
        .map(|r| r.1.iter().map(|p| p.1).collect())
        .collect();
    let names: Vec<String> = rows.iter().map(|r| format!("Main.{}", r.0)).collect();
    let export_names: Vec<ExportName> = rows
        .iter()
        .zip(&types)
        .zip(&names)
        .map(|((row, params), name)| ExportName {
            name,
            params,
            may_throw: row.3,
        })
        .collect();
    let symbols = export_symbols(&tables, &export_names).unwrap();
    let exports = rows
        .iter()
        .zip(symbols)
        .map(|(&(name, params, ret, may_throw), symbol)| {
            let shown: Vec<String> = params
                .iter()
                .map(|(n, ty)| format!("{n}::{}", jlift_ir::text::type_text(&tables, *ty)))
                .collect();
            let ret_text = jlift_ir::text::type_text(&tables, ret);
            Export {
                name: name.to_owned(),
                symbol,
                params: params
                    .iter()
                    .map(|(n, ty)| ((*n).to_owned(), *ty))
                    .collect(),
                ret,
                may_throw,
                julia_signature: format!("{name}({})::{ret_text}", shown.join(", ")),
            }
        })
        .collect();
    (tables, exports)
}

fn header_text() -> String {
    let (tables, exports) = sample();
    header(&tables, &exports, "libsample").unwrap()
}

fn module_text() -> String {
    let (tables, exports) = sample();
    python_module(&tables, &exports, "libsample.so").unwrap()
}

/// Compares with a file below `tests/expected`.
fn expect(file: &str, got: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/expected")
        .join(file);
    if std::env::var_os("JLIFT_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, got).unwrap();
    }
    let want = std::fs::read_to_string(&path).unwrap_or_default();
    let line = got.lines().zip(want.lines()).position(|(a, b)| a != b);
    assert!(
        got == want,
        "{file} differs, first in line {:?}:\n{got}",
        line.map(|n| n + 1)
    );
}

#[test]
fn header_has_the_expected_text() {
    expect("sample.h", &header_text());
}

#[test]
fn python_module_has_the_expected_text() {
    expect("sample.py", &module_text());
}

#[test]
fn header_compiles_as_c_and_as_cpp_without_warnings() {
    let dir = support::scratch("header");
    std::fs::write(dir.join("libsample.h"), header_text()).unwrap();
    std::fs::write(
        dir.join("a.c"),
        "#include \"libsample.h\"\n#include \"libsample.h\"\n",
    )
    .unwrap();
    for (compiler, language, standards) in [
        ("gcc", "c", ["c11", "c17"]),
        ("g++", "c++", ["c++11", "c++17"]),
    ] {
        if support::find_program(&[compiler], "header").is_none() {
            continue;
        }
        for standard in standards {
            support::must_succeed(
                Command::new(compiler)
                    .arg(format!("-std={standard}"))
                    .args([
                        "-fsyntax-only",
                        "-Wall",
                        "-Wextra",
                        "-Wpedantic",
                        "-Werror",
                        "-x",
                        language,
                    ])
                    .arg(dir.join("a.c")),
            );
        }
    }
}

/// A comment of the header must hold, whatever a name is.
#[test]
fn hostile_names_cannot_leave_comments_or_strings() {
    let tables = Tables::default();
    let export = Export {
        name: "f".to_owned(),
        symbol: "f".to_owned(),
        params: vec![("x\"\n*/".to_owned(), Type::INT64)],
        ret: Type::INT64,
        may_throw: false,
        julia_signature: "*/ int x; /*\n\"\"\" import os \\\u{202e}".to_owned(),
    };
    let text = header(&tables, std::slice::from_ref(&export), "a*/b").unwrap();
    assert_eq!(text.matches("*/").count(), text.matches("/*").count());
    assert!(!text.contains("*/ int x"));
    let text = python_module(&tables, &[export], "a\"\nb.so").unwrap();
    assert!(text.contains(r#""a\"\x0ab.so""#));
    assert!(!text.contains("\"\"\" import os"));
}

#[test]
fn types_that_c_cannot_express_name_the_export_and_the_parameter() {
    let mut tables = Tables::default();
    let union = tables.union(&[Type::NOTHING, Type::INT64]);
    let export = |params: Vec<Type>, ret| Export {
        name: "f".to_owned(),
        symbol: "f".to_owned(),
        params: params.into_iter().map(|ty| ("x".to_owned(), ty)).collect(),
        ret,
        may_throw: false,
        julia_signature: String::new(),
    };
    let error = |e: Export| header(&tables, &[e], "l").unwrap_err().to_string();
    assert_eq!(
        error(export(vec![Type::INT64, Type::ANY], Type::INT64)),
        "export `f`: parameter 2: type `Any` has no counterpart in C"
    );
    assert_eq!(
        error(export(vec![], union)),
        "export `f`: result: type `Union{Nothing, Int64}` has no counterpart in C"
    );
    assert!(error(export(vec![], Type::STRING)).contains("result: type `String`"));
}

#[test]
fn python_module_calls_a_library_that_implements_the_header() {
    let name = "Python module";
    let (Some(gcc), Some(python)) = (
        support::find_program(&["gcc"], name),
        support::find_program(&["python3"], name),
    ) else {
        return;
    };
    let dir = support::scratch("python");
    std::fs::write(dir.join("libsample.h"), header_text()).unwrap();
    std::fs::write(dir.join("sample.py"), module_text()).unwrap();
    std::fs::write(dir.join("library.c"), include_str!("support/library.c")).unwrap();
    std::fs::write(
        dir.join("use_module.py"),
        include_str!("support/use_module.py"),
    )
    .unwrap();
    support::must_succeed(
        Command::new(gcc)
            .args([
                "-std=gnu11",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-shared",
                "-fPIC",
                "-o",
            ])
            .arg(dir.join("libsample.so"))
            .arg(dir.join("library.c"))
            .arg("-lm"),
    );
    support::must_succeed(
        Command::new(python)
            .args(["-W", "error", "-B"])
            .arg(dir.join("use_module.py")),
    );
}
