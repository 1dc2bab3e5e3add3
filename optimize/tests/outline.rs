//! Outlining keeps functions valid and keeps what they compute, finds what it is meant to find,
//! and leaves alone what it is meant to leave alone.

mod support;

use jlift_ir::text::parse;
use jlift_ir::{Func, Module, Op};
use jlift_optimize::outline::{Policy, Thresholds, outline_with};
use support::calls::{cases, compare};
use support::{check, kernels};

/// Cuts out whatever occurs twice.
fn greedy() -> Policy {
    let thresholds = Thresholds {
        weight: 1,
        profit: -20,
        profit_in_loops: -20,
    };
    Policy {
        min_statements: 0,
        thresholds,
        among_copies: thresholds,
        min_merged_weight: 1,
        // The interpreter follows calls to a limited depth.
        max_rounds: 2,
        ..Policy::default()
    }
}

fn all(module: &Module) -> Vec<Func> {
    module.functions.keys().collect()
}

fn calls(module: &Module, func: Func) -> Vec<Func> {
    let f = &module.functions[func];
    let insts = f.layout.iter().flat_map(|&b| f.blocks[b].insts.iter());
    insts
        .filter_map(|&i| match f.insts[i].op {
            Op::Invoke { func, .. } => Some(func),
            _ => None,
        })
        .collect()
}

fn outlined(text: &str) -> (Module, bool) {
    let mut module = parse(text).unwrap_or_else(|e| panic!("{}", e[0]));
    let funcs = all(&module);
    let changed = outline_with(&mut module, &funcs, &greedy());
    check(&module, text);
    (module, changed)
}

#[test]
fn kernels_stay_valid_and_compute_the_same() {
    let (mut compared, mut made) = (0, 0);
    for (name, module) in kernels() {
        let cases = cases(&module, name.len() as u64);
        compared += cases.len();
        for (what, policy) in [("default", Policy::default()), ("greedy", greedy())] {
            let mut changed = module.clone();
            outline_with(&mut changed, &all(&module), &policy);
            made += changed.functions.len() - module.functions.len();
            let what = format!("{name}, {what} policy");
            check(&changed, &what);
            for case in &cases {
                compare(&changed, case, &what);
            }
        }
    }
    eprintln!("{compared} calls, {made} new functions");
    assert!(compared > 3000, "{compared}");
    assert!(made > 500, "{made}");
}

#[test]
fn random_programs_compute_the_same() {
    let mut made = 0;
    for seed in 1..400 {
        let text = support::programs::program(seed);
        let module = parse(&text).unwrap_or_else(|e| panic!("program {seed}: {}\n{text}", e[0]));
        let cases = cases(&module, seed);
        let mut changed = module.clone();
        outline_with(&mut changed, &all(&module), &greedy());
        made += changed.functions.len() - module.functions.len();
        let what = format!("program {seed}");
        check(&changed, &what);
        for case in &cases {
            compare(&changed, case, &what);
        }
    }
    assert!(made > 100, "{made}");
}
