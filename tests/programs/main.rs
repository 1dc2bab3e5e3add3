//! Whole programs: every `*.jir` of this folder says in lines `; expect: CALL => OUTPUT` what its exports
//! return or throw (`ERROR: …`, `\n` for a line break), and does so at every optimization level, and
//! compiled by LLVM.

use jlift_driver::run::Outcome;
use jlift_driver::{BackendKind, CodeLevel, Options, Session};
use std::path::{Path, PathBuf};

const EXPECT: &str = "; expect: ";

fn programs() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("programs");
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder of programs")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "jir"))
        .collect();
    found.sort();
    found
}

/// What calls come to, in the form of the expectations.
fn outcomes(path: &Path, calls: &[&str], backend: BackendKind, level: CodeLevel) -> Vec<String> {
    let options = Options {
        level,
        backend,
        cpu: "native".into(),
        ..Options::default()
    };
    let result = Session::open(path, options).and_then(|mut session| session.run_calls(calls));
    match result {
        Ok(outcomes) => outcomes
            .into_iter()
            .map(|outcome| match outcome {
                Outcome::Returned(text) => text,
                Outcome::Threw(message) => format!("ERROR: {message}").replace('\n', "\\n"),
            })
            .collect(),
        Err(failure) => vec![failure.render(false); calls.len()],
    }
}

/// Wants of every program what it says.
fn check(ways: &[(BackendKind, CodeLevel)]) {
    let mut checked = 0;
    for path in programs() {
        let mut wrong = Vec::new();
        let text = std::fs::read_to_string(&path).expect("a program");
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        let expectations: Vec<(&str, &str)> = text
            .lines()
            .filter_map(|line| line.strip_prefix(EXPECT)?.split_once(" => "))
            .collect();
        assert!(!expectations.is_empty(), "{file}: no expectation");
        let calls: Vec<&str> = expectations.iter().map(|(call, _)| *call).collect();
        for &(backend, level) in ways {
            let found = outcomes(&path, &calls, backend, level);
            assert_eq!(found.len(), calls.len());
            for ((call, expected), got) in expectations.iter().zip(found) {
                checked += 1;
                if got != *expected {
                    wrong.push(format!(
                        "{backend:?} {level:?}, {call}: expected {expected}, got {got}"
                    ));
                }
            }
        }
        assert!(wrong.is_empty(), "{file}:\n{}", wrong.join("\n"));
    }
    assert!(checked > 100, "{checked} calls");
}

#[test]
fn programs_do_what_they_say_at_every_level() {
    let levels = [CodeLevel::O0, CodeLevel::O1, CodeLevel::O2];
    check(&levels.map(|level| (BackendKind::Cranelift, level)));
}

#[test]
fn programs_do_what_they_say_by_llvm() {
    if !jlift_driver::llvm::is_there() {
        eprintln!("skipped: no LLVM");
        return;
    }
    check(&[CodeLevel::O0, CodeLevel::O2].map(|level| (BackendKind::Llvm, level)));
}
