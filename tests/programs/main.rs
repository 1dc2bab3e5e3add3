//! Whole programs: every `*.jir` of this folder says in lines `; expect: CALL => OUTPUT` what its exports
//! return or throw (`ERROR: …`, `\n` for a line break), and does so at every optimization level.

use jlift_driver::run::Outcome;
use jlift_driver::{CodeLevel, Options, Session};
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

/// What a call comes to, in the form of the expectations.
fn outcome(path: &Path, call: &str, level: CodeLevel) -> String {
    let options = Options {
        level,
        cpu: "native".into(),
        ..Options::default()
    };
    let result = Session::open(path, options).and_then(|mut session| session.run_call(call));
    match result {
        Ok(Outcome::Returned(text)) => text,
        Ok(Outcome::Threw(message)) => format!("ERROR: {message}").replace('\n', "\\n"),
        Err(failure) => failure.render(false),
    }
}

#[test]
fn programs_do_what_they_say_at_every_level() {
    let mut checked = 0;
    let mut wrong = Vec::new();
    for path in programs() {
        let text = std::fs::read_to_string(&path).expect("a program");
        let expectations: Vec<(&str, &str)> = text
            .lines()
            .filter_map(|line| line.strip_prefix(EXPECT)?.split_once(" => "))
            .collect();
        assert!(
            !expectations.is_empty(),
            "{}: no expectation",
            path.display()
        );
        for (call, expected) in expectations {
            for level in [CodeLevel::O0, CodeLevel::O1, CodeLevel::O2] {
                let got = outcome(&path, call, level);
                checked += 1;
                if got != expected {
                    let file = path.file_name().unwrap_or_default().to_string_lossy();
                    wrong.push(format!(
                        "{file}, {level:?}, {call}: expected {expected}, got {got}"
                    ));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {checked}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
