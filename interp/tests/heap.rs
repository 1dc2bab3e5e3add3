//! Programs with heap objects, at every stage: what they compute is what they say, no access is wrong,
//! and after ownership was made explicit nothing is left.

mod support;

use jlift_interp::{Outcome, Stage, Value};
use support::{Until, bring, exported, interpreter, read, texts};

/// `; f(3) = 7` or `; f(3) throws MESSAGE` as function, argument and what is expected.
fn expectation(line: &str) -> Option<(&str, i64, Result<i64, &str>)> {
    let (call, rest) = line.strip_prefix("; ")?.split_once(") ")?;
    let (function, argument) = call.split_once('(')?;
    let expected = match rest.strip_prefix("= ") {
        Some(value) => Ok(value.parse().ok()?),
        None => Err(rest.strip_prefix("throws ")?),
    };
    Some((function, argument.parse().ok()?, expected))
}

#[test]
fn programs_do_what_they_say_at_every_stage_and_leave_nothing() {
    let mut wrong = Vec::new();
    let mut checks = 0;
    for (name, text) in texts("lower/tests/heap/programs") {
        for until in Until::all() {
            let mut module = read(&text);
            let roots: Vec<_> = module.exports().collect();
            bring(&mut module, &roots, until);
            for (function, argument, expected) in text.lines().filter_map(expectation) {
                // Large arguments are for compiled code.
                if argument >= 10_000 {
                    continue;
                }
                let func = exported(&module, function, 1);
                let mut interpreter = interpreter(&module, until.stage());
                let outcome = interpreter.call(func, &[Value::int64(argument)]);
                let right = match (&outcome, expected) {
                    (Outcome::Returned(value), Ok(wanted)) => *value == Value::int64(wanted),
                    (Outcome::Threw(thrown), Err(text)) => thrown.text() == text,
                    _ => false,
                };
                let call = format!("{name}: {function}({argument}), {until:?}");
                if !right {
                    let outcome = outcome.describe(&module);
                    wrong.push(format!("{call}: {outcome} instead of {expected:?}"));
                }
                let leaks = interpreter.leaks();
                if until.stage() == Stage::Owned && !leaks.is_empty() {
                    wrong.push(format!("{call}: leaks {leaks:?}"));
                }
                checks += 1;
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {checks}\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(checks > 200, "{checks}");
}
