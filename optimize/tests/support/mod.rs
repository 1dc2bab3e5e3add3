//! Shared by the tests of the passes: the kernels, running a pass over a module, and the reference
//! interpreter.

#![allow(dead_code)]

pub mod arithmetic;
pub mod calls;
pub mod input;
pub mod interpreter;
pub mod memory;
pub mod programs;

use cranelift_entity::EntitySet;
use jlift_ir::Module;
use jlift_ir::text::{parse, print_module};
use jlift_ir::verify::verify_module;
use jlift_optimize::passes::{ALL, Ctx, Pass, join_tails, reload, run_pass};
use jlift_optimize::pipeline::{Level, optimize_function};
use std::path::{Path, PathBuf};

/// Files of a directory with the ending `.jir`, sorted, with their texts.
pub fn texts(dir: &Path) -> Vec<(PathBuf, String)> {
    let mut files: Vec<_> = std::fs::read_dir(dir)
        .unwrap_or_else(|e| panic!("{}: {e}", dir.display()))
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            (path.extension()? == "jir").then_some(())?;
            let text = std::fs::read_to_string(&path).ok()?;
            Some((path, text))
        })
        .collect();
    files.sort();
    files
}

/// The typed IR that Julia wrote for the kernels, by name.
pub fn kernels() -> Vec<(String, Module)> {
    let kernels = modules("kernels");
    assert!(kernels.len() >= 28);
    kernels
}

/// Programs that say what their exports do.
pub fn small_programs() -> Vec<(String, Module)> {
    modules("programs")
}

fn modules(folder: &str) -> Vec<(String, Module)> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests");
    texts(&dir.join(folder))
        .into_iter()
        .map(|(path, text)| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let module = parse(&text).unwrap_or_else(|e| panic!("{name}: {}", e[0]));
            (name, module)
        })
        .collect()
}

/// What a test does with functions.
#[derive(Copy, Clone)]
pub enum Action {
    One(Pass),
    All(Level),
}

/// Every pass alone, those for the size of code included, and the levels.
pub fn actions() -> Vec<(&'static str, Action)> {
    let mut list: Vec<_> = ALL.iter().map(|&(n, p)| (n, Action::One(p))).collect();
    list.push(("reload", Action::One(reload::run)));
    list.push(("join_tails", Action::One(join_tails::run)));
    list.push(("share_return", Action::One(join_tails::share_return)));
    list.push(("O1", Action::All(Level::O1)));
    list.push(("O2", Action::All(Level::O2)));
    list
}

/// Runs an action on every function, and says whether a pass reported a change.
pub fn run(module: &mut Module, action: Action) -> bool {
    let removable = EntitySet::new();
    let mut ctx = Ctx::new(&mut module.tables, &module.globals, &removable);
    let mut changed = false;
    for func in module.functions.values_mut() {
        match action {
            Action::One(pass) => changed |= run_pass(pass, func, &mut ctx),
            Action::All(level) => {
                optimize_function(func, &mut ctx, level);
                changed = true;
            }
        }
    }
    changed
}

/// Fails unless the module verifies and its text reads back to the same text.
pub fn check(module: &Module, what: &str) {
    if let Err(errors) = verify_module(module) {
        panic!("{what}: {}", errors[0]);
    }
    let text = print_module(module);
    let again = parse(&text).unwrap_or_else(|e| panic!("{what}, printed: {}", e[0]));
    assert_eq!(print_module(&again), text, "{what}");
}
