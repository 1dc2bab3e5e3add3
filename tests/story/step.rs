//! One example of the story: its source, the exports that its comments name, the commands on it, and
//! a directory for what they make.

use jlift_tests::process::{Finished, jlift, python, root, run};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Every step is built without optimization and with all of it.
pub const LEVELS: [&str; 2] = ["-O0", "-O2"];

/// An example, to be built in a directory of its own.
pub struct Step {
    name: String,
    source: PathBuf,
    exports: Vec<String>,
    made: tempfile::TempDir,
}

fn story(name: &str) -> PathBuf {
    root().join("examples/story").join(name)
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

impl Step {
    /// `NAME.jl` of the story, with an export for every line `# export: f(Int64)` in it.
    pub fn new(name: &str) -> Step {
        let text = read(&story(&format!("{name}.jl")));
        let exports: Vec<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("# export: "))
            .collect();
        assert!(!exports.is_empty(), "{name} exports nothing");
        Step::of_example(&format!("{name}.jl"), &exports)
    }

    /// An example with these exports.
    pub fn of_example(file: &str, exports: &[&str]) -> Step {
        let source = story(file);
        let stem = source
            .file_stem()
            .map(|stem| stem.to_string_lossy().into_owned());
        Step {
            name: stem.expect("a file name"),
            source,
            exports: exports.iter().map(ToString::to_string).collect(),
            made: tempfile::tempdir().expect("a directory for temporary files"),
        }
    }

    /// `jlift COMMAND FILE --export …`.
    pub fn command(&self, command: &str) -> Command {
        let mut jlift = jlift();
        jlift.arg(command).arg(&self.source);
        for export in &self.exports {
            jlift.args(["--export", export]);
        }
        jlift
    }

    /// Builds the library and the Python module beside it.
    pub fn build(&self, flags: &[&str]) -> Finished {
        let mut build = self.command("build");
        build.arg("-o").arg(self.library());
        build.arg("--python").arg(self.module()).args(flags);
        run(&mut build)
    }

    /// `jlift run` of the source.
    pub fn run(&self) -> Finished {
        run(jlift().arg("run").arg(&self.source))
    }

    /// Where the library is built.
    pub fn library(&self) -> PathBuf {
        self.made.path().join(format!("lib{}.so", self.name))
    }

    /// Where the Python module is written.
    pub fn module(&self) -> PathBuf {
        self.made.path().join(format!("{}_library.py", self.name))
    }

    /// Runs a driver of the story.
    pub fn python(&self, driver: &str, args: &[PathBuf]) -> Finished {
        run(python().command().arg(story(driver)).args(args))
    }

    /// What `NAME.ENDING` says is printed.
    pub fn expected(&self, ending: &str) -> String {
        read(&story(&format!("{}.{ending}", self.name)))
    }

    /// Builds at every level and drives: the driver's output is what is expected of it, and nothing
    /// else is said.
    #[track_caller]
    pub fn drive(&self) {
        let driver = format!("{}.py", self.name);
        for level in LEVELS {
            let built = self.build(&[level]).expect_success();
            assert_eq!((built.stdout.as_str(), built.stderr.as_str()), ("", ""));
            let args = [self.library(), self.module()];
            let done = self.python(&driver, &args).expect_success();
            assert_eq!(done.stdout, self.expected("pyout"), "{level}");
            assert_eq!(done.stderr, "", "{level}");
        }
    }

    /// What was made, sorted.
    pub fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.made.path()).expect("the directory");
        let mut names: Vec<String> = entries
            .map(|e| {
                e.expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }
}
