//! Programs with heap objects, executed: what they compute, and that every object is freed exactly
//! once.
//!
//! A file `programs/*.jir` says in its comments what its exports, all from Int64 to Int64, give:
//! `; f(3) = 7` or `; f(-1) throws BoundsError: …`; `; f(3) allocates 2` is about objects and their
//! memory. After each call nothing may be left.

mod allocator;
mod program;

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
                eprintln!("{call}: {outcome:?} {} {}", report.made, report.live);
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
