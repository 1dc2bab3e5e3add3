//! Text tests: `llvm/*.jir` in, LLVM IR out, compared with the `.ll` file beside it. `JLIFT_BLESS=1`
//! rewrites the expectations. Where LLVM's tools are there, they must accept every output.

use jlift_backend_llvm::{Environment, Export, Level, Machine, Request, Tools, write_module};
use jlift_ir::{Func, Module, Op};
use std::path::{Path, PathBuf};
use target_lexicon::Triple;

/// A function may throw if it fails outright or calls one that may.
fn may_throw(module: &Module, func: Func, depth: u32) -> bool {
    let f = &module.functions[func];
    f.layout.iter().any(|&block| {
        f.blocks[block]
            .insts
            .iter()
            .any(|&inst| match f.insts[inst].op {
                Op::Rethrow => true,
                Op::Invoke { func, .. } => depth < 8 && may_throw(module, func, depth + 1),
                _ => false,
            })
    })
}

fn written(path: &Path) -> String {
    let text = std::fs::read_to_string(path).expect("test input");
    let module = jlift_ir::text::parse(&text).unwrap_or_else(|e| panic!("{path:?}: {e:?}"));
    if let Err(errors) = jlift_ir::verify::verify_module(&module) {
        panic!("{path:?}: {errors:?}");
    }
    let target: Triple = "x86_64-unknown-linux-gnu".parse().expect("a triple");
    let functions: Vec<Func> = module.functions.keys().collect();
    let exports: Vec<Export> = module
        .exports()
        .map(|func| Export {
            func,
            symbol: jlift_abi::symbols::mangle(jlift_abi::symbols::base_name(
                module.tables.names.str(module.functions[func].name),
            )),
            with_try: true,
        })
        .collect();
    let request = Request {
        module: &module,
        functions: &functions,
        exports: &exports,
        starts: &[],
        environment: Environment::Library,
        target: &target,
        may_throw: &|f| may_throw(&module, f, 0),
        uncaught: None,
        variable: &|_| None,
        objects: &Vec::new,
        host: &|_| None,
        earlier: &|_| None,
        visible_bodies: false,
    };
    match write_module(&request) {
        Ok(text) => text.text,
        Err(error) => format!("; error: {error}\n"),
    }
}

fn inputs() -> Vec<PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/llvm");
    let mut inputs: Vec<PathBuf> = std::fs::read_dir(dir)
        .expect("test inputs")
        .filter_map(|e| Some(e.ok()?.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "jir"))
        .collect();
    inputs.sort();
    assert!(!inputs.is_empty());
    inputs
}

#[test]
fn typed_ir_gives_the_expected_llvm_ir() {
    let bless = std::env::var_os("JLIFT_BLESS").is_some();
    let mut different = Vec::new();
    for input in inputs() {
        let got = written(&input);
        let expected_path = input.with_extension("ll");
        if bless {
            std::fs::write(&expected_path, &got).expect("a writable expectation");
        } else if std::fs::read_to_string(&expected_path).unwrap_or_default() != got {
            different.push(format!("{}:\n{got}", input.display()));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
fn llvm_accepts_what_is_written() {
    let Ok(tools) = Tools::find(None) else {
        eprintln!("no LLVM here");
        return;
    };
    let machine = Machine {
        triple: "x86_64-unknown-linux-gnu".parse().expect("a triple"),
        cpu: "baseline".into(),
    };
    for input in inputs() {
        let text = written(&input);
        if text.starts_with("; error") {
            continue;
        }
        for level in [Level::O0, Level::O2] {
            let object = tools.object(&text, level, &machine);
            let object = object.unwrap_or_else(|e| panic!("{}: {e}", input.display()));
            assert!(object.starts_with(b"\x7fELF"));
        }
    }
}
