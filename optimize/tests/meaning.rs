//! Every pass keeps every function valid and keeps what it computes: the kernels that Julia
//! compiled are interpreted on random arguments before and after.

mod support;

use jlift_ir::text::parse;
use jlift_ir::{Func, Module};
use support::calls::{cases, compare};
use support::input::Random;
use support::{actions, check, kernels, run, small_programs};

#[test]
fn every_pass_keeps_kernels_valid_and_what_they_compute() {
    let (mut compared, mut functions) = (0, 0);
    for (name, module) in kernels() {
        let cases = cases(&module, name.len() as u64);
        compared += cases.len();
        functions += {
            let mut seen: Vec<Func> = cases.iter().map(|c| c.func).collect();
            seen.dedup();
            seen.len()
        };
        for (pass, action) in actions() {
            let mut changed = module.clone();
            run(&mut changed, action);
            let what = format!("{name} after {pass}");
            check(&changed, &what);
            for case in &cases {
                compare(&changed, case, &what);
            }
        }
    }
    // The check would be worth nothing if most calls were skipped.
    eprintln!("{compared} calls of {functions} functions");
    assert!(compared > 3000, "{compared}");
    assert!(functions > 250, "{functions}");
}

/// Passes see what is still to be legalized too: checked divisions, for one.
#[test]
fn every_pass_keeps_what_small_programs_compute() {
    let mut compared = 0;
    for (name, module) in small_programs() {
        for seed in 0..2 {
            let cases = cases(&module, seed);
            compared += cases.len();
            for (pass, action) in actions() {
                let mut changed = module.clone();
                run(&mut changed, action);
                let what = format!("{name} after {pass}");
                check(&changed, &what);
                for case in &cases {
                    compare(&changed, case, &what);
                }
            }
        }
    }
    assert!(compared > 1000, "{compared}");
}

#[test]
fn passes_in_random_order_keep_what_kernels_compute() {
    for (name, module) in kernels() {
        let cases = cases(&module, 77);
        let list = actions();
        for seed in 0..2 {
            let mut random = Random::new(seed + name.len() as u64 * 1000);
            let mut changed = module.clone();
            let mut order = Vec::new();
            for _ in 0..14 {
                let (pass, action) = list[random.below(list.len() as u64) as usize];
                order.push(pass);
                run(&mut changed, action);
                check(&changed, &format!("{name} after {order:?}"));
            }
            for case in &cases {
                compare(&changed, case, &format!("{name} after {order:?}"));
            }
        }
    }
}

#[test]
fn optimized_code_is_a_fixed_point_of_most_passes() {
    // Whatever is left for a second run is lost speed; this keeps it small. A loop that a second run has made one
    // block is doubled.
    let (mut first, mut second) = (0, 0);
    for (name, mut module) in kernels() {
        let Some(&(_, action)) = actions().last() else {
            return;
        };
        let count =
            |m: &Module| -> usize { m.functions.values().map(|f| f.statement_count()).sum() };
        run(&mut module, action);
        first += count(&module);
        run(&mut module, action);
        second += count(&module);
        check(&module, &name);
    }
    assert!(
        first.abs_diff(second) < first / 50,
        "{first} becomes {second}"
    );
}

/// `JLIFT_PROGRAMS` sets the number of programs, `JLIFT_PROGRAM_SEED` the first seed.
#[test]
fn passes_keep_what_random_programs_compute() {
    let count = std::env::var("JLIFT_PROGRAMS").map_or(400, |n| n.parse().expect("a number"));
    let first = std::env::var("JLIFT_PROGRAM_SEED").map_or(1, |n| n.parse().expect("a number"));
    let list = actions();
    let mut compared = 0;
    for seed in first..first + count {
        let text = support::programs::program(seed);
        let module = parse(&text).unwrap_or_else(|e| panic!("program {seed}: {}\n{text}", e[0]));
        let cases = cases(&module, seed);
        compared += cases.len() as u64;
        for &(pass, action) in &list {
            let mut changed = module.clone();
            run(&mut changed, action);
            let what = format!("program {seed} after {pass}");
            check(&changed, &what);
            for case in &cases {
                compare(&changed, case, &what);
            }
        }
        let mut random = Random::new(seed);
        let mut changed = module.clone();
        let mut order = Vec::new();
        for _ in 0..10 {
            let (pass, action) = list[random.below(list.len() as u64) as usize];
            order.push(pass);
            run(&mut changed, action);
            check(&changed, &format!("program {seed} after {order:?}"));
        }
        for case in &cases {
            compare(&changed, case, &format!("program {seed} after {order:?}"));
        }
    }
    assert!(compared > 4 * count, "{compared} calls of {count} programs");
}
