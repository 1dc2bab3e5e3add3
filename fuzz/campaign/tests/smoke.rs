//! A few hundred generated functions by every way of execution. `JLIFT_FUZZ_SEED` is the first seed,
//! `JLIFT_FUZZ_SEEDS` how many there are; `jlift-campaign` runs more of them, and makes what it
//! finds small.

use jlift_campaign::check::check;
use jlift_campaign::seeds::seed;
use jlift_campaign::tally::Tally;
use jlift_driver::CodeLevel;
use jlift_driver::differential::{Settings, Way};
use jlift_generate::typed_ir::Sizes;
use jlift_ir::Module;

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |n| n.parse().expect("a number"))
}

#[test]
fn generated_functions_do_the_same_by_every_way() {
    let first = number("JLIFT_FUZZ_SEED", 1);
    let seeds = first..first + number("JLIFT_FUZZ_SEEDS", 100);
    let count = (seeds.end - seeds.start) as usize;
    let mut module = Module::default();
    let (mut calls, mut owners, mut groups) = (Vec::new(), Vec::new(), Vec::new());
    for seed in seeds.clone() {
        let (group, own) = self::seed(&mut module, seed, &Sizes::default(), 4);
        owners.extend(own.iter().map(|_| groups.len()));
        groups.push(group.functions);
        calls.extend(own);
    }
    let mut ways = vec![
        Way::Cranelift(CodeLevel::O0),
        Way::Cranelift(CodeLevel::O1),
        Way::Cranelift(CodeLevel::O2),
        Way::File(CodeLevel::O0),
        Way::File(CodeLevel::O2),
    ];
    if jlift_driver::llvm::is_there() {
        ways.extend([Way::Llvm(CodeLevel::O0), Way::Llvm(CodeLevel::O2)]);
    }
    let settings = Settings::default();
    let checked = check(&module, &calls, &ways, &settings).expect("a batch");
    let mut tally = Tally::default();
    tally.count(&checked, &ways, &owners, &groups);
    println!("{tally}");
    if let Some((call, wrong)) = checked.wrong.first() {
        let seed = seeds.start + owners[*call] as u64;
        panic!("seed {seed}, {tally}: {wrong:?}");
    }
    // The test would be worth nothing if most were left out.
    assert!(tally.compared > 2 * count, "{tally}");
    assert!(tally.functions > 2 * count, "{tally}");
    let entered = tally.entered.unwrap_or(0);
    assert!(entered * 2 > tally.functions, "{tally}");
    assert!(entered <= tally.compared_functions, "{tally}");
    assert!(tally.threw > count / 4, "{tally}");
}
