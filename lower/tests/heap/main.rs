//! Programs with heap objects, executed: what they compute, and that every object is freed exactly
//! once.
//!
//! A file `programs/*.jir` says in its comments what its exports, all from Int64 to Int64, give:
//! `; f(3) = 7` or `; f(-1) throws BoundsError: …`; `; f(3) allocates 2` is about objects and their
//! memory. After each call nothing may be left.

mod allocator;
mod program;
mod random;

use jlift_optimize::pipeline::Level;
use program::{Outcome, build};
use std::path::{Path, PathBuf};

const LEVELS: [Level; 3] = [Level::O0, Level::O1, Level::O2];

struct Expectation {
    function: String,
    argument: i64,
    outcome: Option<Outcome>,
    made: Option<usize>,
}

fn expectation(line: &str) -> Option<Expectation> {
    let (call, rest) = line.strip_prefix("; ")?.split_once(") ")?;
    let (function, argument) = call.split_once('(')?;
    let mut expected = Expectation {
        function: function.into(),
        argument: argument.parse().ok()?,
        outcome: None,
        made: None,
    };
    if let Some(value) = rest.strip_prefix("= ") {
        expected.outcome = Some(Outcome::Returned(value.parse().ok()?));
    } else if let Some(text) = rest.strip_prefix("throws ") {
        expected.outcome = Some(Outcome::Threw(text.into()));
    } else {
        expected.made = Some(rest.strip_prefix("allocates ")?.parse().ok()?);
    }
    Some(expected)
}

fn programs() -> Vec<PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/heap/programs");
    let mut files: Vec<PathBuf> = std::fs::read_dir(dir)
        .expect("programs")
        .filter_map(|e| Some(e.ok()?.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "jir"))
        .collect();
    files.sort();
    files
}

#[test]
fn programs_give_what_they_say_and_leave_nothing_behind() {
    let mut checks = 0;
    let mut wrong = Vec::new();
    for path in programs() {
        let text = std::fs::read_to_string(&path).expect("a program");
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let expected: Vec<Expectation> = text.lines().filter_map(expectation).collect();
        assert!(!expected.is_empty(), "{name} expects nothing");
        for level in LEVELS {
            let program = build(&text, level);
            for e in &expected {
                allocator::begin(None);
                let outcome = program.call(&e.function, e.argument);
                let report = allocator::end();
                let call = format!("{name}: {}({}) at {level:?}", e.function, e.argument);
                if let Some(wanted) = &e.outcome
                    && outcome != *wanted
                {
                    wrong.push(format!("{call}: {outcome:?}"));
                }
                if let Some(made) = e.made
                    && level == Level::O2
                    && report.made != made
                {
                    wrong.push(format!("{call}: {} allocations", report.made));
                }
                if report.live != 0 {
                    wrong.push(format!("{call}: {} left of {}", report.live, report.made));
                }
                for mistake in report.mistakes {
                    wrong.push(format!("{call}: {mistake}"));
                }
                checks += 1;
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(checks > 30);
}

/// Calls `f` and adds what is wrong to a list.
fn check(program: &program::Compiled, what: &str, bits: i64, wanted: Option<i64>) -> Vec<String> {
    allocator::begin(None);
    let outcome = program.call("f", bits);
    let report = allocator::end();
    let mut wrong = report.mistakes;
    let right = match (&outcome, wanted) {
        (Outcome::Returned(x), Some(y)) => *x == y,
        (Outcome::Threw(text), None) => text.starts_with("DivideError"),
        _ => false,
    };
    if !right {
        wrong.push(format!("{outcome:?} instead of {wanted:?}"));
    }
    if report.live != 0 {
        wrong.push(format!("{} left of {}", report.live, report.made));
    }
    wrong
        .iter()
        .map(|w| format!("{what}, bits {bits}: {w}"))
        .collect()
}

#[test]
fn random_programs_free_every_object_once_and_compute_the_same() {
    let count = match std::env::var("JLIFT_RANDOM_PROGRAMS") {
        Ok(n) => n.parse().expect("a number of programs"),
        Err(_) => 120,
    };
    let (mut returned, mut threw, mut objects) = (0, 0, 0);
    let first = match std::env::var("JLIFT_RANDOM_FIRST") {
        Ok(n) => n.parse().expect("a seed"),
        Err(_) => 1,
    };
    for seed in first..first + count {
        let random = random::program(&mut random::Random::new(seed));
        let text = random.text();
        let levels: &[Level] = match seed % 3 {
            0 => &[Level::O0, Level::O2],
            1 => &[Level::O2],
            _ => &[Level::O1],
        };
        for &level in levels {
            let program = build(&text, level);
            for bits in [0, -1, 0x5555_5555, 0x1234_5678_9abc_def0] {
                let wanted = random.result(bits);
                let what = format!("seed {seed} at {level:?}");
                let wrong = check(&program, &what, bits, wanted);
                if !wrong.is_empty() {
                    let small = random.shrink(|p| {
                        let program = build(&p.text(), level);
                        !check(&program, "", bits, p.result(bits)).is_empty()
                    });
                    panic!("{}\n{}", wrong.join("\n"), small.text());
                }
                match wanted {
                    Some(_) => returned += 1,
                    None => threw += 1,
                }
                objects += 1;
            }
        }
    }
    assert!(
        returned > count && threw > count / 2,
        "{returned} returned, {threw} threw"
    );
    assert!(objects > 0);
}

#[test]
fn a_lack_of_memory_is_an_error_of_the_program() {
    let text = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/heap/programs/nested_arrays.jir"),
    )
    .expect("a program");
    for level in LEVELS {
        let program = build(&text, level);
        for budget in 0..6 {
            allocator::begin(Some(budget));
            let outcome = program.call("build", 5);
            let report = allocator::end();
            let message = "OutOfMemoryError()".to_string();
            assert_eq!(outcome, Outcome::Threw(message), "after {budget}");
            assert_eq!(
                (report.live, report.mistakes),
                (0, Vec::new()),
                "after {budget}"
            );
        }
    }
}
