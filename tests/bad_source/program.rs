//! One program in a directory of its own, the commands on it, and what must hold whatever is wrong
//! with it.

use jlift_tests::process::{Finished, jlift, run};
use std::path::PathBuf;
use std::process::Command;

/// A program `program.jl`.
pub struct Program(tempfile::TempDir);

impl Program {
    pub fn new(text: impl AsRef<[u8]>) -> Program {
        let program = Program(tempfile::tempdir().expect("a directory for temporary files"));
        std::fs::write(program.path("program.jl"), text).expect("the program is written");
        program
    }

    /// A path in its directory.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// `jlift` in its directory.
    pub fn jlift(&self, args: &[&str]) -> Finished {
        let mut command: Command = jlift();
        let done = run(command.current_dir(self.0.path()).args(args));
        assert_eq!(done.signal, None, "{args:?}\n{}", done.stderr);
        for word in ["panicked", "RUST_BACKTRACE", "fatal runtime error"] {
            assert!(!done.stderr.contains(word), "{args:?}\n{}", done.stderr);
        }
        done
    }

    pub fn run(&self) -> Finished {
        self.jlift(&["run", "program.jl"])
    }

    /// `jlift build` with these exports, to a library with header and Python module.
    pub fn build(&self, exports: &[&str]) -> Finished {
        let outputs = ["-o", "lib.so", "--header", "lib.h", "--python", "module.py"];
        self.with_exports("build", exports, &outputs)
    }

    pub fn check(&self, exports: &[&str]) -> Finished {
        self.with_exports("check", exports, &[])
    }

    fn with_exports(&self, command: &str, exports: &[&str], more: &[&str]) -> Finished {
        let mut args = vec![command, "program.jl"];
        for export in exports {
            args.extend(["--export", export]);
        }
        args.extend(more);
        self.jlift(&args)
    }

    /// What is in its directory besides the program, sorted.
    pub fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.path()).expect("the directory");
        let names = entries.map(|e| {
            e.expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        });
        let mut names: Vec<String> = names.filter(|name| name != "program.jl").collect();
        names.sort();
        names
    }

    /// `build` and `check` refuse these exports with a message at a place, `LINE:COLUMN`; nothing is
    /// written.
    #[track_caller]
    pub fn refuses(&self, exports: &[&str], place: &str, message: &str) {
        for done in [self.build(exports), self.check(exports)] {
            is_refused(&done, place, message);
            assert_eq!(self.files(), Vec::<String>::new());
        }
    }
}

/// A compile error with this text at `LINE:COLUMN` of the program, and nothing on stdout.
#[track_caller]
pub fn is_refused(done: &Finished, place: &str, message: &str) {
    assert_eq!(done.status, Some(2), "{}", done.stderr);
    assert_eq!(done.stdout, "");
    let has_message = done
        .stderr
        .lines()
        .any(|line| line.starts_with("error: ") && line.contains(message));
    assert!(has_message, "no `{message}` in\n{}", done.stderr);
    let at = format!("program.jl:{place}");
    let has_place = done.stderr.lines().any(|line| line.ends_with(&at));
    assert!(has_place, "not at {place}:\n{}", done.stderr);
}
