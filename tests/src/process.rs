//! Running programs in tests: the `jlift` command, tools found on PATH, and what came out. Knows
//! nothing of what is tested.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The root of the repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A call of the `jlift` command that belongs to this build: `JLIFT` if it is set, else the one beside
/// the test's own executable. Outside of nextest, whose runs follow a build of everything, it is
/// built first, so that a test never runs an old one.
pub fn jlift() -> Command {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    Command::new(PATH.get_or_init(|| {
        if let Some(path) = std::env::var_os("JLIFT") {
            return path.into();
        }
        let test = std::env::current_exe().expect("the path of the test");
        // …/PROFILE/deps/NAME-HASH
        let profile = test
            .parent()
            .and_then(|deps| deps.parent())
            .expect("a directory of a profile");
        let path = profile.join("jlift");
        if std::env::var_os("NEXTEST").is_none() || !path.exists() {
            let mut build = Command::new(env!("CARGO"));
            build
                .args(["build", "--quiet", "--package", "jlift"])
                .current_dir(root());
            if profile.ends_with("release") {
                build.arg("--release");
            }
            run(&mut build).expect_success();
        }
        path
    }))
}

/// A program on PATH.
pub struct Tool(PathBuf);

impl Tool {
    /// A call of it.
    pub fn command(&self) -> Command {
        Command::new(&self.0)
    }
}

/// The first of these programs that is on PATH.
pub fn find_tool(names: &[&str]) -> Option<Tool> {
    let path = std::env::var_os("PATH")?;
    names
        .iter()
        .find_map(|name| {
            std::env::split_paths(&path)
                .map(|dir| dir.join(name))
                .find(|file| file.is_file())
        })
        .map(Tool)
}

/// The Python of the test environment, or else the one on PATH.
pub fn python() -> Tool {
    let environment = root().join(".venv/bin/python");
    if environment.is_file() {
        return Tool(environment);
    }
    find_tool(&["python3"]).expect("python3 on PATH")
}

/// What a program did.
#[derive(Debug)]
pub struct Finished {
    /// `None` if a signal ended it.
    pub status: Option<i32>,
    pub signal: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    command: String,
}

/// Runs a program to its end, without input.
pub fn run(command: &mut Command) -> Finished {
    use std::os::unix::process::ExitStatusExt;
    let output = command
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|e| panic!("{command:?} cannot be run: {e}"));
    Finished {
        status: output.status.code(),
        signal: output.status.signal(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        command: format!("{command:?}"),
    }
}

impl Finished {
    /// Fails the test unless the program succeeded.
    #[track_caller]
    pub fn expect_success(self) -> Finished {
        assert!(
            self.status == Some(0),
            "{} ended with {:?}, signal {:?}\n{}{}",
            self.command,
            self.status,
            self.signal,
            self.stdout,
            self.stderr
        );
        self
    }
}
