//! What the integration tests share: random types with their C texts, and finding a C compiler.
#![allow(dead_code)] // Every test crate uses a part of it.

pub mod random;

use std::path::PathBuf;
use std::process::Command;

/// The first of the programs that can be started, or `None` after saying which test is skipped.
pub fn find_program(names: &[&'static str], skipped: &str) -> Option<&'static str> {
    let found = names
        .iter()
        .copied()
        .find(|name| Command::new(name).arg("--version").output().is_ok());
    if found.is_none() {
        eprintln!("{skipped}: skipped, none of {names:?} is installed");
    }
    found
}

/// An empty directory for the files of a test.
pub fn scratch(name: &str) -> PathBuf {
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&dir).expect("the target directory is writable");
    dir
}

/// Runs a command and panics with its output if it fails.
pub fn must_succeed(command: &mut Command) {
    let output = command.output().expect("the program starts");
    assert!(
        output.status.success(),
        "{command:?}: {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
