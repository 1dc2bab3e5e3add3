//! Ownership as text: `ownership/NAME.jir` becomes `ownership/NAME.out`. `JLIFT_BLESS=1` rewrites the
//! expectations, to be reviewed as a diff. What the texts mean when they are executed is tested
//! with lowering.

use jlift_ir::text::{parse, print_function};
use jlift_ir::{Func, Module, Op};
use jlift_optimize::effects::analyze;
use jlift_optimize::ownership;
use std::path::{Path, PathBuf};

fn inputs() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ownership");
    let mut files: Vec<PathBuf> = std::fs::read_dir(root)
        .expect("the tests are part of the repository")
        .filter_map(|e| Some(e.ok()?.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "jir"))
        .collect();
    files.sort();
    files
}

fn read(path: &Path) -> (Module, Vec<Func>) {
    let text = std::fs::read_to_string(path).expect("a test");
    let module = parse(&text).unwrap_or_else(|e| panic!("{path:?}: {}", e[0]));
    verified(&module, path);
    let all = module.functions.keys().collect();
    (module, all)
}

fn verified(module: &Module, path: &Path) {
    if let Err(errors) = jlift_ir::verify::verify_module(module) {
        panic!("{path:?}: {}", errors[0]);
    }
}

fn printed(module: &Module, funcs: &[Func]) -> String {
    let texts: Vec<String> = funcs.iter().map(|&f| print_function(module, f)).collect();
    texts.join("\n")
}

#[test]
fn ownership_is_made_explicit_as_written() {
    let bless = std::env::var_os("JLIFT_BLESS").is_some();
    let mut wrong = Vec::new();
    let mut count = 0;
    for path in inputs() {
        count += 1;
        let (mut module, all) = read(&path);
        let effects = analyze(&module, &all);
        ownership::run(&mut module, &all, &effects);
        verified(&module, &path);
        let actual = printed(&module, &all);
        // The new statements survive the text.
        let again = jlift_ir::text::print_module(&module);
        let reread = parse(&again).unwrap_or_else(|e| panic!("{path:?}: {}\n{again}", e[0]));
        assert_eq!(printed(&reread, &all), actual);
        let expected_path = path.with_extension("out");
        if bless {
            std::fs::write(&expected_path, &actual).expect("expectations are writable");
            continue;
        }
        let expected = std::fs::read_to_string(&expected_path).unwrap_or_default();
        if expected != actual {
            wrong.push(format!(
                "{path:?}\n--- expected\n{expected}--- actual\n{actual}"
            ));
        }
    }
    assert!(count >= 8, "only {count} tests found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_explicit_already_is_left_alone() {
    for path in inputs() {
        let (mut module, all) = read(&path);
        let effects = analyze(&module, &all);
        ownership::run(&mut module, &all, &effects);
        let explicit = |f: Func| {
            let f = &module.functions[f];
            let mut insts = f.layout.iter().flat_map(|&b| &f.blocks[b].insts);
            insts.any(|&i| matches!(f.insts[i].op, Op::Retain(_) | Op::Release(_)))
        };
        let done: Vec<Func> = all.iter().copied().filter(|&f| explicit(f)).collect();
        let once = printed(&module, &done);
        ownership::run(&mut module, &done, &effects);
        assert_eq!(printed(&module, &done), once, "{path:?}");
    }
}
