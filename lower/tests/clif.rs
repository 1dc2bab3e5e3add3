//! Text tests of lowering: `clif/*.jir` in, CLIF out, compared with the `.clif` file beside it.
//! `JLIFT_BLESS=1` rewrites the expectations. Every output passes Cranelift's verifier.

use cranelift_codegen::isa;
use cranelift_codegen::settings::{self, Configurable};
use jlift_ir::{Func, Module, Op};
use jlift_lower::{Environment, Lowerer, Options, Plan, SymbolKind};
use std::path::{Path, PathBuf};

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

fn lower(path: &Path) -> String {
    let text = std::fs::read_to_string(path).expect("test input");
    let module = jlift_ir::text::parse(&text).unwrap_or_else(|e| panic!("{path:?}: {}", e[0]));
    if let Err(errors) = jlift_ir::verify::verify_module(&module) {
        panic!("{path:?}: {}", errors[0]);
    }
    let mut flags = settings::builder();
    flags.set("opt_level", "speed").expect("a known setting");
    flags.set("is_pic", "true").expect("a known setting");
    flags
        .set("enable_llvm_abi_extensions", "true")
        .expect("a known setting");
    let isa = isa::lookup_by_name("x86_64-unknown-linux-gnu")
        .expect("x86-64 is built in")
        .finish(settings::Flags::new(flags))
        .expect("settings fit");
    let live: Vec<Func> = module.functions.keys().collect();
    let plan = Plan::new(&module, &live, &[], Environment::Library).expect("a plan");
    let options = Options {
        environment: Environment::Library,
        source_locations: true,
        stack_limit: None,
    };
    let throws = |f: Func| may_throw(&module, f, 0);
    let mut lowerer = Lowerer::new(&module, &plan, &*isa, options, &throws);
    let mut clif = cranelift_codegen::ir::Function::new();
    let mut out = String::new();
    for item in &plan.functions {
        let SymbolKind::Body(func) = item.kind else {
            continue;
        };
        match lowerer.lower_body(func, &mut clif) {
            Ok(()) => {
                if let Err(errors) = cranelift_codegen::verify_function(&clif, &*isa) {
                    panic!("{path:?}, {}: {errors}\n{}", item.name, clif.display());
                }
                out.push_str(&format!(
                    "; {}\n{}\n",
                    item.name,
                    jlift_lower::clif_text(&module, Some(func), &clif)
                ));
            }
            Err(error) => out.push_str(&format!("; {}\n; error: {error}\n\n", item.name)),
        }
    }
    out
}

#[test]
fn lowering_gives_the_expected_clif() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clif");
    let mut inputs: Vec<PathBuf> = std::fs::read_dir(dir)
        .expect("test inputs")
        .filter_map(|e| Some(e.ok()?.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "jir"))
        .collect();
    inputs.sort();
    assert!(!inputs.is_empty());
    let bless = std::env::var_os("JLIFT_BLESS").is_some();
    let mut different = Vec::new();
    for input in inputs {
        let got = lower(&input);
        let expected_path = input.with_extension("clif");
        if bless {
            std::fs::write(&expected_path, &got).expect("a writable expectation");
        } else if std::fs::read_to_string(&expected_path).unwrap_or_default() != got {
            different.push(format!("{}:\n{got}", input.display()));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}
