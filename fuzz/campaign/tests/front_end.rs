//! Damaged sources: the front end answers every one. A hang ends the test by its watchdog, with the
//! text that caused it.

use arbitrary::Unstructured;
use jlift_campaign::front_end::lower_everything;
use jlift_generate::mutate::{NESTS, mutate};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

/// The sources that are damaged: kernels and programs, as they are.
fn sources() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut out = Vec::new();
    for folder in [
        "tests/kernels",
        "tests/julia/arrays",
        "tests/julia/dispatch",
        "tests/julia/errors",
        "tests/julia/programs",
        "tests/julia/text",
        "prelude/base/collections",
        "prelude/base/numbers",
        "prelude/base/text",
    ] {
        let mut files: Vec<_> = std::fs::read_dir(root.join(folder))
            .unwrap_or_else(|e| panic!("{folder}: {e}"))
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|e| e == "jl"))
            .collect();
        files.sort();
        for file in files {
            out.push(std::fs::read_to_string(&file).expect("a source is read"));
        }
    }
    assert!(out.len() > 150, "{}", out.len());
    out
}

/// Panics of the front end become the test's, and a text for which it does not end is shown. What ends the
/// process leaves its text in a file.
fn answers(text: &str) {
    let own_file = format!("damaged-{}.jl", std::process::id());
    let last = Path::new(env!("CARGO_TARGET_TMPDIR")).join(own_file);
    std::fs::write(&last, text).expect("the text is kept");
    let (told, heard) = mpsc::channel();
    let own = text.to_string();
    let thread = std::thread::spawn(move || {
        let outcome = lower_everything(own.as_bytes());
        let _ = told.send(outcome);
    });
    match heard.recv_timeout(Duration::from_secs(120)) {
        Ok(_) => std::fs::remove_file(&last).expect("the text is removed"),
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("does not end:\n{text}"),
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            let payload = thread.join().expect_err("the thread panicked");
            let message = payload
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| payload.downcast_ref::<&str>().map(|s| s.to_string()));
            panic!("{}\n{text}", message.unwrap_or_default());
        }
    }
}

/// The same texts in every run, so that a change is judged by what it changes; `JLIFT_DAMAGED` asks for so many
/// others.
#[test]
fn damaged_sources_are_answered() {
    let (cases, rng_seed) = match std::env::var("JLIFT_DAMAGED") {
        Ok(n) => (n.parse().expect("a number"), RngSeed::Random),
        Err(_) => (1000, RngSeed::Fixed(1)),
    };
    let sources = sources();
    let texts: Vec<&str> = sources.iter().map(String::as_str).collect();
    let config = ProptestConfig {
        cases,
        rng_seed,
        // The bytes decide everything: a failure is shown with its text.
        failure_persistence: None,
        max_shrink_iters: 200,
        ..ProptestConfig::default()
    };
    proptest!(config, |(bytes in proptest::collection::vec(any::<u8>(), 16..600))| {
        if let Ok(text) = mutate(&mut Unstructured::new(&bytes), &texts) {
            answers(&text);
        }
    });
}

/// What a nest of one kind stands in: code, arguments of macros, and texts that end elsewhere than a scan
/// over the bytes may think.
const AROUND: &[(&str, &str)] = &[
    ("", ""),
    ("f(x) = ", ""),
    ("@views ", ""),
    ("@. ", ""),
    ("@show ", ""),
    ("@fastmath ", ""),
    ("@inbounds ", ""),
    ("quote ", " end"),
    ("macro m(x) x end; @m ", ""),
    ("x = \"$(", ")\""),
    ("return\"$(", ")\""),
    ("x' = '\"' + ", ""),
    ("# \" ' #= \n", ""),
    ("a'\"", "\""),
    (":'", ""),
];

/// Each kind of nest at depths around the limits, on the stack of a thread.
#[test]
fn every_nest_is_answered_on_the_stack_of_a_thread() {
    for (open, close) in NESTS {
        for (before, after) in AROUND {
            for depth in [250, 990, 4_000] {
                let text = format!(
                    "{before}{}1{}{after}\n",
                    open.repeat(depth),
                    close.repeat(depth)
                );
                answers(&text);
            }
        }
    }
}

#[test]
fn whole_sources_are_lowered_without_errors() {
    let (mut bodies, mut errors) = (0, 0);
    for text in sources() {
        let outcome = lower_everything(text.as_bytes());
        bodies += outcome.bodies;
        errors += outcome.errors;
    }
    // Macros that the programs define themselves are not run here.
    assert!(bodies > 4000, "{bodies}");
    assert!(errors < 60, "{errors} errors");
}
