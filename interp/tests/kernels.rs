//! The kernels, whose typed IR comes from Julia: what they compute is the same after each stage.

mod support;

use jlift_interp::Outcome;
use jlift_ir::Func;
use support::kernels::{Buffer, cases, interpret, same_memory};
use support::{Until, bring, read, texts};

#[test]
fn stages_leave_the_meaning_of_kernels_alone() {
    let mut wrong = Vec::new();
    let mut checked = 0;
    let mut odd = Vec::new();
    for (name, text) in texts("tests/kernels") {
        let mut module = read(&text);
        let mut buffer = Buffer::new();
        let cases = cases(&name, &mut module, &mut buffer, &mut odd);
        let roots: Vec<Func> = cases.iter().map(|c| c.func).collect();
        for until in Until::all().into_iter().skip(1) {
            let mut after = module.clone();
            bring(&mut after, &roots, until);
            for case in cases.iter().step_by(2) {
                buffer.0.copy_from_slice(&case.before);
                let found = interpret(&after, until.stage(), &mut buffer, (case.func, &case.args));
                if found == Outcome::OutOfFuel {
                    continue;
                }
                checked += 1;
                if !found.same(&case.outcome) || !same_memory(&module, case, &buffer.0) {
                    wrong.push(format!(
                        "{name}: {} of {:?}\n  as written: {}\n  {until:?}: {}",
                        module.describe(case.func),
                        case.args,
                        case.outcome.describe(&module),
                        found.describe(&after)
                    ));
                }
            }
        }
    }
    println!("{checked} comparisons, {} calls not executed", odd.len());
    for text in odd.iter().take(60) {
        println!("{text}");
    }
    assert!(
        wrong.is_empty(),
        "{} of {checked}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(checked > 1000, "{checked}");
}
