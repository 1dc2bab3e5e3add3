//! Generated typed IR is valid, whatever the bytes, says all that typed IR can say, and survives
//! being printed and parsed.

use arbitrary::Unstructured;
use jlift_generate::random::SeedBytes;
use jlift_generate::typed_ir::{Group, Pool, Sizes, group};
use jlift_ir::function::{Op, Terminator};
use jlift_ir::intrinsic::Shape;
use jlift_ir::text::{parse, print_module};
use jlift_ir::verify::verify_module;
use jlift_ir::{Intrinsic, Module};
use std::collections::BTreeSet;

fn generate(module: &mut Module, seed: u64) -> Group {
    let bytes = SeedBytes::new(!(seed / 8)).bytes(400);
    let pool = Pool::new(module, seed / 8, &mut Unstructured::new(&bytes));
    let bytes = SeedBytes::new(seed).bytes(6000);
    group(
        module,
        &pool,
        seed,
        &mut Unstructured::new(&bytes),
        &Sizes::default(),
    )
}

fn check(module: &Module, what: &str) {
    if let Err(errors) = verify_module(module) {
        let text = print_module(module);
        panic!("{what}: {}\n{text}", errors[0]);
    }
}

#[test]
fn every_seed_gives_valid_typed_ir() {
    for seed in 0..1500 {
        let mut module = Module::default();
        let made = generate(&mut module, seed);
        check(&module, &format!("seed {seed}"));
        assert_eq!(module.exports().collect::<Vec<_>>(), [made.root]);
    }
}

#[test]
fn every_function_of_a_group_is_called() {
    let mut module = Module::default();
    let made = (0..2000).map(|seed| generate(&mut module, seed).functions.len());
    let executed: usize = made.sum();
    let all = module.functions.len();
    assert!(all > 5000, "{all} functions");
    // Arguments that could not be made leave few without a call.
    assert!(
        (all - executed) * 500 < all,
        "{executed} of {all} functions are called"
    );
}

#[test]
fn groups_share_a_module_and_are_what_they_are_alone() {
    let mut shared = Module::default();
    let seeds = 100..140;
    let made: Vec<Group> = seeds
        .clone()
        .map(|seed| generate(&mut shared, seed))
        .collect();
    check(&shared, "all");
    for (seed, group) in seeds.zip(made) {
        let mut alone = Module::default();
        let own = generate(&mut alone, seed);
        let body = |module: &Module, func| {
            let text = jlift_ir::text::print_function(module, func);
            // Functions are numbered through.
            let head = text.find(" Main.").unwrap_or(0);
            let calls = text[head..]
                .split("invoke @")
                .map(|part| part.trim_start_matches(|c: char| c.is_ascii_digit()));
            calls.collect::<Vec<_>>().join("invoke @")
        };
        for (&a, &b) in group.functions.iter().zip(&own.functions) {
            assert_eq!(body(&shared, a), body(&alone, b), "seed {seed}");
        }
    }
}

#[test]
fn printed_and_parsed_it_is_the_same() {
    for seed in 5000..5400 {
        let mut module = Module::default();
        generate(&mut module, seed);
        let text = print_module(&module);
        let again = parse(&text).unwrap_or_else(|e| panic!("seed {seed}: {}\n{text}", e[0]));
        check(&again, &format!("seed {seed}, parsed"));
        assert_eq!(print_module(&again), text, "seed {seed}");
    }
}

#[test]
fn everything_that_typed_ir_has_occurs() {
    let mut module = Module::default();
    let mut executed = Vec::new();
    for seed in 0..1200 {
        executed.extend(generate(&mut module, seed).functions);
    }
    let mut intrinsics = BTreeSet::new();
    let mut ops = BTreeSet::new();
    let (mut loops, mut enters) = (0, 0);
    // What no call leads to is shown to nobody.
    for f in executed.iter().map(|&func| &module.functions[func]) {
        let mut seen = BTreeSet::new();
        for &block in &f.layout {
            seen.insert(block.as_u32());
            for &inst in &f.blocks[block].insts {
                let op = &f.insts[inst].op;
                match op {
                    Op::Intrinsic(intrinsic, _) => {
                        intrinsics.insert(intrinsic.name());
                    }
                    Op::Builtin(builtin, _) => {
                        ops.insert(builtin.name().to_string());
                    }
                    other => {
                        let name = format!("{other:?}");
                        let end = name.find([' ', '(']).unwrap_or(name.len());
                        ops.insert(name[..end].to_string());
                    }
                }
            }
            let term = &f.blocks[block].term;
            loops += term
                .successors()
                .filter(|s| seen.contains(&s.as_u32()))
                .count();
            enters += usize::from(matches!(term, Terminator::Enter { .. }));
        }
    }
    let missing: Vec<&str> = Intrinsic::ALL
        .iter()
        .filter(|i| !matches!(i.shape(), Shape::Refused | Shape::GlobalAddress))
        .map(|i| i.name())
        .filter(|name| !intrinsics.contains(name))
        .collect();
    // Their results are pairs that Julia declares.
    assert_eq!(missing, ["atomic_pointermodify", "atomic_pointerreplace"]);
    let wanted = "Copy Enter ForeignCall Invoke Leave New Phi PhiC Pi PopException Rethrow \
                  TheException ThrowRecord ThrowUndefIfNot Upsilon === arrayref arrayset arraysize \
                  compilerbarrier const_arrayref donotdelete getfield ifelse isa isdefined \
                  setfield! sizeof throw tuple typeassert";
    for op in wanted.split_whitespace() {
        assert!(ops.contains(op), "no {op} in {ops:?}");
    }
    assert!(
        loops > 500 && enters > 500,
        "{loops} loops, {enters} regions"
    );
}
