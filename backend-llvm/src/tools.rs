//! LLVM's tools: where they are, and objects by them. Knows nothing of what it compiles.

use crate::error::ToolError;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};
use target_lexicon::{Architecture, Triple};

/// The environment variable that names the folder of the tools.
pub const BIN_VARIABLE: &str = "JLIFT_LLVM_BIN";

/// The versions that understand what this crate writes.
const VERSIONS: std::ops::RangeInclusive<u32> = 15..=30;

/// How long a tool may take for one module if nobody says otherwise: LLVM takes minutes for some.
pub const PATIENCE: Duration = Duration::from_secs(900);

/// How much work LLVM puts into the code.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Level {
    O0,
    O1,
    O2,
}

impl Level {
    fn flag(self) -> &'static str {
        match self {
            Level::O0 => "-O0",
            Level::O1 => "-O1",
            Level::O2 => "-O2",
        }
    }
}

/// What code is made for.
#[derive(Clone, Debug)]
pub struct Machine {
    pub triple: Triple,
    /// `native`, `baseline`, or a named level such as `x86-64-v3`.
    pub cpu: String,
}

impl Machine {
    /// LLVM's name of the CPU. The baseline is the one of the rest of the compiler.
    fn cpu(&self) -> &str {
        match (self.cpu.as_str(), self.triple.architecture) {
            ("baseline", Architecture::X86_64) => "x86-64-v2",
            ("baseline", _) => "generic",
            (name, _) => name,
        }
    }
}

/// The tools of one LLVM.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tools {
    way: Way,
    version: u32,
    patience: Duration,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Way {
    /// `opt` for what is more than -O0, then `llc`.
    OptAndLlc {
        opt: PathBuf,
        llc: PathBuf,
    },
    Clang(PathBuf),
}

impl Tools {
    /// The tools in a folder; without one those in the folder that the environment names, or on
    /// PATH, with or without a version in their names. `opt` and `llc` go before `clang`, a newer
    /// version before an older one.
    pub fn find(bin: Option<&Path>) -> Result<Tools, ToolError> {
        let named = bin
            .map(Path::to_path_buf)
            .or_else(|| std::env::var_os(BIN_VARIABLE).map(PathBuf::from));
        let (folders, looked) = match named {
            Some(folder) => (vec![folder.clone()], format!("in {}", folder.display())),
            None => {
                let path = std::env::var_os("PATH").unwrap_or_default();
                (std::env::split_paths(&path).collect(), "on PATH".into())
            }
        };
        let mut suffixes: Vec<String> = vec![String::new()];
        suffixes.extend(VERSIONS.rev().map(|v| format!("-{v}")));
        let find = |name: &str| {
            folders
                .iter()
                .map(|folder| folder.join(name))
                .find(|file| file.is_file())
        };
        for suffix in &suffixes {
            let (opt, llc) = (find(&format!("opt{suffix}")), find(&format!("llc{suffix}")));
            if let (Some(opt), Some(llc)) = (opt, llc)
                && let Some(version) = known_version(&opt)
                && known_version(&llc) == Some(version)
            {
                let way = Way::OptAndLlc { opt, llc };
                return Ok(Tools {
                    way,
                    version,
                    patience: PATIENCE,
                });
            }
        }
        for suffix in &suffixes {
            if let Some(clang) = find(&format!("clang{suffix}"))
                && let Some(version) = known_version(&clang)
            {
                let way = Way::Clang(clang);
                return Ok(Tools {
                    way,
                    version,
                    patience: PATIENCE,
                });
            }
        }
        Err(ToolError::Missing(looked))
    }

    /// The same, but a tool that takes longer than this for one module is stopped.
    pub fn with_patience(mut self, patience: Duration) -> Tools {
        self.patience = patience;
        self
    }

    /// LLVM's version.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// The position-independent object of a module.
    pub fn object(
        &self,
        text: &str,
        level: Level,
        machine: &Machine,
    ) -> Result<Vec<u8>, ToolError> {
        let triple = format!("-mtriple={}", machine.triple);
        let cpu = format!("-mcpu={}", machine.cpu());
        match &self.way {
            Way::OptAndLlc { opt, llc } => {
                let optimized;
                let code = match level {
                    Level::O0 => text.as_bytes(),
                    _ => {
                        let mut command = Command::new(opt);
                        command.args([level.flag(), &triple, &cpu, "-o", "-", "-"]);
                        optimized = pipe(command, text.as_bytes(), self.patience)?;
                        &optimized
                    }
                };
                let mut command = Command::new(llc);
                command.args([
                    level.flag(),
                    &triple,
                    &cpu,
                    "--relocation-model=pic",
                    "--function-sections",
                    "--data-sections",
                    "--filetype=obj",
                    "-o",
                    "-",
                    "-",
                ]);
                pipe(command, code, self.patience)
            }
            Way::Clang(clang) => {
                let mut command = Command::new(clang);
                let target = format!("--target={}", machine.triple);
                let cpu = match machine.triple.architecture {
                    Architecture::X86_64 => format!("-march={}", machine.cpu()),
                    _ => cpu,
                };
                command.args([
                    level.flag(),
                    &target,
                    &cpu,
                    "-fPIC",
                    "-ffunction-sections",
                    "-fdata-sections",
                    "-Wno-override-module",
                    "-x",
                    "ir",
                    "-c",
                    "-o",
                    "-",
                    "-",
                ]);
                pipe(command, text.as_bytes(), self.patience)
            }
        }
    }
}

/// The version of a tool, if it is one that is known.
fn known_version(tool: &Path) -> Option<u32> {
    let said = Command::new(tool).arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    let at = text.find("version ")? + "version ".len();
    let digits: String = text[at..]
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    let version = digits.parse().ok()?;
    VERSIONS.contains(&version).then_some(version)
}

/// What a command writes to its stdout, given its stdin.
fn pipe(mut command: Command, input: &[u8], patience: Duration) -> Result<Vec<u8>, ToolError> {
    let tool = command.get_program().to_string_lossy().into_owned();
    let start = |e: std::io::Error| ToolError::Start {
        tool: tool.clone(),
        reason: e.to_string(),
    };
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(start)?;
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (ended, wait) = channel();
    let (output, says, status) = std::thread::scope(|scope| {
        scope.spawn(move || {
            if let Some(mut stdin) = stdin {
                // A tool that stops reading says why.
                let _ = stdin.write_all(input);
            }
        });
        let says = scope.spawn(move || all_of(stderr));
        let waiting = scope.spawn(move || end_of(child, patience, &wait));
        let output = all_of(stdout);
        // The tool has written everything, or is gone.
        let _ = ended.send(());
        (output, says.join(), waiting.join())
    });
    let lost = || std::io::Error::other("a thread that waited for it has failed");
    let status = status.map_err(|_| start(lost()))?.map_err(start)?;
    let Some(status) = status else {
        return Err(ToolError::Overdue { tool, patience });
    };
    if status.success() {
        return output.map_err(start);
    }
    let says = says.map_err(|_| start(lost()))?.map_err(start)?;
    let says = String::from_utf8_lossy(&says);
    let mut says: String = says.lines().take(6).collect::<Vec<_>>().join(" | ");
    if says.is_empty() {
        says = status.to_string();
    }
    Err(ToolError::Failed { tool, says })
}

/// Everything that a pipe gives.
fn all_of(pipe: Option<impl Read>) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(mut pipe) = pipe {
        pipe.read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// How a child ended, or `None` if it was stopped because it took too long. What comes through `wait`
/// says that its output has ended.
fn end_of(
    mut child: Child,
    patience: Duration,
    wait: &std::sync::mpsc::Receiver<()>,
) -> std::io::Result<Option<ExitStatus>> {
    /// How often a child without output is asked whether it is still there.
    const LINGERING: Duration = Duration::from_millis(1);
    let deadline = Instant::now() + patience;
    let left = || deadline.saturating_duration_since(Instant::now());
    if wait.recv_timeout(patience) != Err(RecvTimeoutError::Timeout) {
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(Some(status));
            }
            if left().is_zero() {
                break;
            }
            std::thread::sleep(LINGERING.min(left()));
        }
    }
    child.kill()?;
    child.wait()?;
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_tool_that_takes_too_long_is_stopped() {
        let patience = Duration::from_millis(100);
        // With its output open, and closed.
        for script in ["exec sleep 1000", "exec 1>&- 2>&-; exec sleep 1000"] {
            let error = pipe(shell(script), b"", patience).expect_err("no end");
            let ToolError::Overdue { tool, patience: p } = error else {
                panic!("{script}: {error}");
            };
            assert_eq!((tool.as_str(), p), ("sh", patience));
        }
    }

    #[test]
    fn what_a_tool_writes_and_says_arrives() {
        let long = vec![b'x'; 1 << 20];
        let output = pipe(shell("cat"), &long, PATIENCE).expect("its input");
        assert_eq!(output, long);
        let error = pipe(shell("echo no >&2; exit 3"), &long, PATIENCE);
        let failed = ToolError::Failed {
            tool: "sh".into(),
            says: "no".into(),
        };
        assert_eq!(error, Err(failed));
    }
}
