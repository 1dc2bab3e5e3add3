//! Whole programs: every `*.jir` of this folder says in lines `; expect: CALL => OUTPUT` what its exports
//! return or throw (`ERROR: …`, `\n` for a line break), and does so at every optimization level, and
//! compiled by LLVM; `; expect without fma: …` is what they do on a processor that rounds products before
//! it adds to them.

use jlift_driver::run::Outcome;
use jlift_driver::{BackendKind, CodeLevel, Options, Session};
use std::path::{Path, PathBuf};

/// Lines that begin with a text are expectations for a processor.
struct Processor {
    expect: &'static str,
    cpu: &'static str,
}

const OWN: Processor = Processor {
    expect: "; expect: ",
    cpu: "native",
};
const WITHOUT_FMA: Processor = Processor {
    expect: "; expect without fma: ",
    cpu: "x86-64-v2",
};

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
fn outcomes(
    path: &Path,
    calls: &[&str],
    backend: BackendKind,
    level: CodeLevel,
    cpu: &str,
) -> Vec<String> {
    let options = Options {
        level,
        backend,
        cpu: cpu.into(),
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

/// Wants of every program what it says; how many calls that were.
fn check(ways: &[(BackendKind, CodeLevel)], processor: &Processor) -> usize {
    let mut checked = 0;
    for path in programs() {
        let mut wrong = Vec::new();
        let text = std::fs::read_to_string(&path).expect("a program");
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        let expectations: Vec<(&str, &str)> = text
            .lines()
            .filter_map(|line| line.strip_prefix(processor.expect)?.split_once(" => "))
            .collect();
        let calls: Vec<&str> = expectations.iter().map(|(call, _)| *call).collect();
        for &(backend, level) in ways {
            let found = outcomes(&path, &calls, backend, level, processor.cpu);
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
    checked
}

#[test]
fn programs_do_what_they_say_at_every_level() {
    let levels = [CodeLevel::O0, CodeLevel::O1, CodeLevel::O2];
    let ways = levels.map(|level| (BackendKind::Cranelift, level));
    assert!(check(&ways, &OWN) > 100);
    if cfg!(target_arch = "x86_64") {
        assert!(check(&ways, &WITHOUT_FMA) >= ways.len());
    }
}

#[test]
fn every_program_says_something() {
    for path in programs() {
        let text = std::fs::read_to_string(&path).expect("a program");
        assert!(text.contains(OWN.expect), "{}", path.display());
    }
}

#[test]
fn programs_do_what_they_say_by_llvm() {
    if !jlift_driver::llvm::is_there() {
        eprintln!("skipped: no LLVM");
        return;
    }
    let ways = [CodeLevel::O0, CodeLevel::O2].map(|level| (BackendKind::Llvm, level));
    assert!(check(&ways, &OWN) > 100);
    if cfg!(target_arch = "x86_64") {
        assert!(check(&ways, &WITHOUT_FMA) >= ways.len());
    }
}
