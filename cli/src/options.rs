//! The command line's grammar.

use clap::{Args, Parser, Subcommand, ValueEnum};
use jlift_driver::emit::EmitStage;
use jlift_driver::source::SourceStage;
use jlift_driver::{BackendKind, CodeLevel, EmitKind, LinkerKind, Options};
use jlift_driver::{diff, differential};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Julia compiled to native code with Cranelift.
#[derive(Parser)]
#[command(name = "jlift", version, about)]
pub struct Cli {
    /// How problems are written to stderr.
    #[arg(long, global = true, value_enum, default_value_t = MessageFormat::Human)]
    pub message_format: MessageFormat,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Copy, Clone, ValueEnum)]
pub enum MessageFormat {
    Human,
    Json,
}

#[derive(Subcommand)]
pub enum Command {
    /// Build a shared library, an executable or an object file.
    Build(BuildArgs),
    /// Run a Julia program, or call an exported function of typed IR with literal arguments.
    Run(RunArgs),
    /// Say whether the exports of a Julia program can be compiled, and if not, why.
    Check(CheckArgs),
    /// Print a stage of compilation.
    Emit(EmitArgs),
    /// Call exported functions by every way of execution, with generated inputs, and compare: exit code
    /// 0 if they agree, 1 if they differ, 2 if nothing could be compared.
    Diff(DiffArgs),
}

/// Choices that change the code.
#[derive(Args)]
pub struct CodeArgs {
    /// Optimization level: 0, 1 or 2.
    #[arg(short = 'O', value_parser = ["0", "1", "2"], default_value = "2")]
    level: String,
    /// Target triple, such as aarch64-unknown-linux-gnu.
    #[arg(long)]
    target: Option<String>,
    /// `native`, `baseline` or a level such as x86-64-v3.
    #[arg(long)]
    pub cpu: Option<String>,
    /// An exported function, such as 'f(Int64, Ptr{Float64})'; may be repeated.
    #[arg(long = "export")]
    exports: Vec<String>,
    /// Threads that generate code.
    #[arg(short = 'j', long)]
    threads: Option<usize>,
    /// Folder of LLVM's tools, for `--backend llvm`; else JLIFT_LLVM_BIN or PATH say where they are.
    #[arg(long, value_name = "FOLDER")]
    llvm_bin: Option<PathBuf>,
}

/// Who makes the code of an output.
#[derive(Args)]
pub struct OutputBackend {
    /// Who makes machine code.
    #[arg(long, value_enum, default_value_t = Maker::Cranelift)]
    backend: Maker,
}

impl OutputBackend {
    fn kind(&self) -> BackendKind {
        match self.backend {
            Maker::Cranelift => BackendKind::Cranelift,
            Maker::Llvm => BackendKind::Llvm,
        }
    }
}

#[derive(Copy, Clone, ValueEnum)]
enum Maker {
    Cranelift,
    /// LLVM's tools.
    Llvm,
}

impl CodeArgs {
    /// The first of the choices that were made which mean nothing for a program in Julia that is run.
    fn unfit_for_programs(&self) -> Option<&'static str> {
        let given = [
            (self.target.is_some(), "--target"),
            (self.cpu.is_some(), "--cpu"),
            (!self.exports.is_empty(), "--export"),
        ];
        given.iter().find(|(is, _)| *is).map(|&(_, name)| name)
    }

    /// The session's options.
    pub fn options(&self) -> Result<Options, String> {
        let mut options = Options {
            level: match self.level.as_str() {
                "0" => CodeLevel::O0,
                "1" => CodeLevel::O1,
                _ => CodeLevel::O2,
            },
            exports: self.exports.clone(),
            llvm_bin: self.llvm_bin.clone(),
            ..Options::default()
        };
        if let Some(target) = &self.target {
            options.target = target
                .parse()
                .map_err(|e| format!("`{target}` is not a target triple: {e}"))?;
        }
        if let Some(cpu) = &self.cpu {
            options.cpu = cpu.clone();
        }
        if let Some(threads) = self.threads {
            options.threads = threads.max(1);
        }
        Ok(options)
    }
}

#[derive(Copy, Clone, ValueEnum)]
enum Backend {
    Cranelift,
    /// LLVM's tools.
    Llvm,
    /// No machine code: the reference interpreter, for programs in Julia that are run.
    Interp,
}

#[derive(Args)]
pub struct BuildArgs {
    /// Julia source (.jl), or typed IR (.jir).
    pub file: PathBuf,
    /// Output file; its ending chooses the kind of output.
    #[arg(short = 'o')]
    output: Option<PathBuf>,
    /// Kind of output, if the ending of the output file does not say.
    #[arg(long, value_enum)]
    emit: Option<Emit>,
    /// Write a C header for the exports.
    #[arg(long)]
    pub header: Option<PathBuf>,
    /// Write a Python module (ctypes, numpy) for the exports.
    #[arg(long)]
    pub python: Option<PathBuf>,
    /// Who links.
    #[arg(long, value_enum, default_value_t = Linker::Builtin)]
    linker: Linker,
    #[command(flatten)]
    code: CodeArgs,
    #[command(flatten)]
    backend: OutputBackend,
}

#[derive(Copy, Clone, ValueEnum)]
enum Emit {
    Lib,
    Exe,
    Obj,
}

#[derive(Copy, Clone, ValueEnum)]
enum Linker {
    Builtin,
    Cc,
}

impl BuildArgs {
    /// What is to be made.
    pub fn kind(&self) -> EmitKind {
        match self.emit {
            Some(Emit::Lib) => EmitKind::Library,
            Some(Emit::Exe) => EmitKind::Executable,
            Some(Emit::Obj) => EmitKind::Object,
            None => match &self.output {
                Some(path) => match path.extension().and_then(|e| e.to_str()) {
                    Some("o") => EmitKind::Object,
                    None => EmitKind::Executable,
                    Some(_) => EmitKind::Library,
                },
                None => EmitKind::Library,
            },
        }
    }

    /// Whether the library takes the Python module's place: for `import name`, Python takes `name.so`
    /// as an extension module before it looks at `name.py`.
    pub fn python_would_import(&self, output: &Path) -> bool {
        let ends_in = |path: &Path, ending: &str| path.extension().is_some_and(|e| e == ending);
        self.python.as_ref().is_some_and(|module| {
            ends_in(module, "py") && ends_in(output, "so") && module.with_extension("so") == output
        })
    }

    /// A path that is given for two of the input and the outputs.
    pub fn path_of_two_files<'a>(&'a self, output: &'a Path) -> Option<&'a Path> {
        let outputs = [Some(output), self.header.as_deref(), self.python.as_deref()];
        let paths: Vec<&Path> = std::iter::once(self.file.as_path())
            .chain(outputs.into_iter().flatten())
            .collect();
        // Devices take any number of outputs.
        let is_file = |path: &Path| path.metadata().map_or(true, |m| m.is_file());
        let same = |a: &Path, b: &Path| {
            a == b
                || a.canonicalize()
                    .is_ok_and(|a| b.canonicalize().is_ok_and(|b| a == b))
        };
        paths.iter().enumerate().find_map(|(i, &path)| {
            let twice = paths[..i].iter().any(|earlier| same(earlier, path));
            (twice && is_file(path)).then_some(path)
        })
    }

    /// Where it goes.
    pub fn output_path(&self, kind: EmitKind) -> PathBuf {
        match (&self.output, kind) {
            (Some(path), _) => path.clone(),
            (None, EmitKind::Library) => self.file.with_extension("so"),
            (None, EmitKind::Object) => self.file.with_extension("o"),
            (None, EmitKind::Executable) => self.file.with_extension(""),
        }
    }

    /// The session's options.
    pub fn options(&self) -> Result<Options, String> {
        let mut options = self.code.options()?;
        options.backend = self.backend.kind();
        options.linker = match self.linker {
            Linker::Builtin => LinkerKind::Builtin,
            Linker::Cc => LinkerKind::Cc,
        };
        Ok(options)
    }
}

#[derive(Args)]
pub struct RunArgs {
    /// Julia source, or typed IR (.jir).
    #[arg(required_unless_present = "eval")]
    pub file: Option<PathBuf>,
    /// Arguments of the program; for typed IR the call, such as 'f(10, 2.5)'.
    pub args: Vec<String>,
    /// Run this code.
    #[arg(short = 'e', long = "eval", value_name = "CODE")]
    pub eval: Option<String>,
    #[command(flatten)]
    pub code: CodeArgs,
    /// Who makes machine code.
    #[arg(long, value_enum, default_value_t = Backend::Cranelift)]
    backend: Backend,
}

impl RunArgs {
    /// The session's options.
    pub fn options(&self) -> Result<Options, String> {
        let is_call = self.eval.is_none() && self.file.as_deref().is_some_and(is_typed_ir);
        if !is_call && let Some(name) = self.code.unfit_for_programs() {
            return Err(format!(
                "`{name}` says what an output is; a program in Julia is run on this machine, whole"
            ));
        }
        let mut options = self.code.options()?;
        options.backend = match self.backend {
            Backend::Cranelift => BackendKind::Cranelift,
            Backend::Llvm => BackendKind::Llvm,
            Backend::Interp => BackendKind::Interpreter,
        };
        if self.code.cpu.is_none() {
            options.cpu = "native".into();
        }
        Ok(options)
    }

    /// The arguments of the program: what follows the file, or the code.
    pub fn program_args(&self) -> Vec<String> {
        // With code on the command line there is no file.
        let first = self.eval.as_ref().and(self.file.as_ref());
        let first = first.map(|f| f.to_string_lossy().into_owned());
        first.into_iter().chain(self.args.iter().cloned()).collect()
    }
}

/// Whether a file is typed IR as text; anything else is Julia source.
pub fn is_typed_ir(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "jir")
}

/// The command line with a `--` behind the file or the code of `run`: what follows belongs to the
/// program, even if it begins with a dash.
pub fn separate_program_args(args: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut out: Vec<OsString> = Vec::new();
    let mut rest = args;
    let mut is_run = false;
    while let Some(arg) = rest.next() {
        let text = arg.to_string_lossy().into_owned();
        out.push(arg);
        if out.len() == 1 {
            continue;
        }
        if !is_run {
            match &*text {
                "run" => is_run = true,
                "--message-format" => out.extend(rest.next()),
                _ if text.starts_with('-') => {}
                // Another command.
                _ => {
                    out.extend(rest);
                    break;
                }
            }
            continue;
        }
        let ends = match &*text {
            "--" => {
                out.extend(rest);
                break;
            }
            "-e" | "--eval" => {
                out.extend(rest.next());
                true
            }
            "-O" | "--target" | "--cpu" | "--export" | "-j" | "--threads" | "--message-format"
            | "--backend" | "--llvm-bin" => {
                out.extend(rest.next());
                false
            }
            _ if text.starts_with("--eval=") => true,
            _ => !text.starts_with('-') && !is_typed_ir(Path::new(&text)) && !text.contains('('),
        };
        if ends {
            out.push("--".into());
            out.extend(rest);
            break;
        }
    }
    out
}

#[derive(Args)]
pub struct CheckArgs {
    /// Julia source (.jl), or typed IR (.jir).
    pub file: PathBuf,
    #[command(flatten)]
    code: CodeArgs,
    #[command(flatten)]
    backend: OutputBackend,
}

impl CheckArgs {
    /// The session's options.
    pub fn options(&self) -> Result<Options, String> {
        let mut options = self.code.options()?;
        options.backend = self.backend.kind();
        Ok(options)
    }
}

#[derive(Args)]
pub struct DiffArgs {
    /// Julia source (.jl), or typed IR (.jir).
    pub file: PathBuf,
    /// An exported function, such as 'f(Int64, Ptr{Float64})'; may be repeated.
    #[arg(long = "export")]
    exports: Vec<String>,
    /// Decides the inputs.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Calls of each function.
    #[arg(long, default_value_t = 200)]
    count: usize,
    /// `native`, `baseline` or a level such as x86-64-v3.
    #[arg(long, default_value = "native")]
    cpu: String,
    /// Folder of LLVM's tools; else JLIFT_LLVM_BIN or PATH say where they are.
    #[arg(long, value_name = "FOLDER")]
    llvm_bin: Option<PathBuf>,
}

impl DiffArgs {
    /// The options of the session whose exports are compared.
    pub fn options(&self) -> Options {
        Options {
            exports: self.exports.clone(),
            cpu: self.cpu.clone(),
            ..Options::default()
        }
    }

    /// What is compared.
    pub fn request(&self) -> diff::Request {
        diff::Request {
            seed: self.seed,
            count: self.count,
            settings: differential::Settings {
                cpu: self.cpu.clone(),
                llvm_bin: self.llvm_bin.clone(),
                ..differential::Settings::default()
            },
        }
    }
}

#[derive(Args)]
pub struct EmitArgs {
    /// Julia source (.jl), or typed IR (.jir).
    pub file: PathBuf,
    /// Which stage.
    #[arg(long, value_enum)]
    pub stage: Stage,
    /// Output file; stdout if not given.
    #[arg(short = 'o')]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    code: CodeArgs,
    #[command(flatten)]
    backend: OutputBackend,
}

impl EmitArgs {
    /// The session's options.
    pub fn options(&self) -> Result<Options, String> {
        let mut options = self.code.options()?;
        options.backend = self.backend.kind();
        Ok(options)
    }
}

#[derive(Copy, Clone, ValueEnum)]
pub enum Stage {
    /// Syntax tree of Julia source.
    Cst,
    /// Expressions of Julia source.
    Surface,
    /// Typed IR as read or inferred.
    Typed,
    /// Typed IR as lowered.
    Opt,
    /// Cranelift IR.
    Clif,
    /// LLVM IR.
    Llvm,
    /// Machine code.
    Asm,
    /// An object file.
    Obj,
}

/// What a stage is printed from.
pub enum Printed {
    Source(SourceStage),
    Text(EmitStage),
    Object,
}

impl Stage {
    /// Who prints the stage.
    pub fn printed(self) -> Printed {
        match self {
            Stage::Cst => Printed::Source(SourceStage::Cst),
            Stage::Surface => Printed::Source(SourceStage::Surface),
            Stage::Typed => Printed::Text(EmitStage::Typed),
            Stage::Opt => Printed::Text(EmitStage::Opt),
            Stage::Clif => Printed::Text(EmitStage::Clif),
            Stage::Llvm => Printed::Text(EmitStage::Llvm),
            Stage::Asm => Printed::Text(EmitStage::Asm),
            Stage::Obj => Printed::Object,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::separate_program_args;
    use std::ffi::OsString;

    fn separated(line: &str) -> String {
        let args = line.split(' ').map(OsString::from);
        let args = separate_program_args(args);
        let args: Vec<_> = args.iter().map(|a| a.to_string_lossy()).collect();
        args.join(" ")
    }

    #[test]
    fn what_follows_the_program_is_the_programs() {
        for (given, expected) in [
            ("jlift run f.jl -x --cpu 3", "jlift run f.jl -- -x --cpu 3"),
            ("jlift run -O 1 f.jl a", "jlift run -O 1 f.jl -- a"),
            ("jlift run -e 1+1 -v", "jlift run -e 1+1 -- -v"),
            ("jlift run f.jl -- -x", "jlift run f.jl -- -- -x"),
            ("jlift run f.jir f(1) -O0", "jlift run f.jir f(1) -O0"),
            ("jlift build run f.jl -O0", "jlift build run f.jl -O0"),
            ("jlift build f.jl -O0", "jlift build f.jl -O0"),
        ] {
            assert_eq!(separated(given), expected);
        }
    }
}
