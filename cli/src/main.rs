//! The `jlift` command: arguments to a session, its results to files and streams, exit codes. Knows
//! the driver only. Exit code 0: done; 1: the program's own error; 2: a usage or compile error.

mod arena;
mod options;
mod progress;
mod write;

use clap::Parser;
use jlift_driver::build::BuildRequest;
use jlift_driver::run::Outcome;
use jlift_driver::source::{Carried, Ending, Program, Start, stage_text, start_of};
use jlift_driver::{CodeLevel, EmitKind, Failure, Options, Session};
use options::{
    BuildArgs, CheckArgs, Cli, Command, DiffArgs, EmitArgs, MessageFormat, Printed, RunArgs,
    is_typed_ir, separate_program_args,
};
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

/// A compiler makes and drops very many small objects.
#[global_allocator]
static ALLOCATOR: arena::Arena = arena::Arena;

fn main() -> ExitCode {
    if let Some((carried, level)) = Carried::of_this_process() {
        return finished(run_carried(carried, level), MessageFormat::Human);
    }
    let cli = match Cli::try_parse_from(separate_program_args(std::env::args_os())) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            // Help and version are no errors.
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let result = match cli.command {
        Command::Build(args) => build(&args),
        Command::Run(args) => run(&args, cli.message_format),
        Command::Check(args) => check(&args),
        Command::Emit(args) => emit(&args),
        Command::Diff(args) => diff(&args),
    };
    finished(result, cli.message_format)
}

fn finished(result: Result<ExitCode, Failure>, format: MessageFormat) -> ExitCode {
    match result {
        Ok(code) => code,
        Err(failure) => {
            let text = rendered(&failure, format);
            let _ = std::io::stderr().write_all(text.as_bytes());
            ExitCode::from(2)
        }
    }
}

fn rendered(failure: &Failure, format: MessageFormat) -> String {
    match format {
        MessageFormat::Human => failure.render(std::io::stderr().is_terminal()),
        MessageFormat::Json => failure.render_json(),
    }
}

fn build(args: &BuildArgs) -> Result<ExitCode, Failure> {
    let mut options = args.options().map_err(Failure::plain)?;
    let kind = args.kind();
    let output = args.output_path(kind);
    let file_name = output
        .file_name()
        .map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    if args.python_would_import(&output) {
        return Err(Failure::plain(format!(
            "Python would import {file_name} itself and not the module beside it; give the library another name, such as lib{file_name}"
        )));
    }
    if let Some(path) = args.path_of_two_files(&output) {
        return Err(Failure::plain(format!(
            "{} would be overwritten: it is named for two files",
            path.display()
        )));
    }
    let has_choice = kind == EmitKind::Executable
        && options.exports.is_empty()
        && args.header.is_none()
        && args.python.is_none()
        && !is_typed_ir(&args.file);
    if has_choice {
        match start_of(&args.file)? {
            Start::Marked => {}
            Start::Main(method) => options.exports = vec![method],
            Start::TopLevel(carried) => {
                let bytes = carried.executable(&options)?;
                write::write_all(&[(Some(&output), Some(&bytes), true)]).map_err(Failure::plain)?;
                // The size of the file is a surprise to whoever expects a compiled `main`.
                let _ = writeln!(
                    std::io::stderr(),
                    "note: the program marks no function with `@ccallable`: {} carries the compiler and executes the top level",
                    output.display()
                );
                return Ok(ExitCode::SUCCESS);
            }
        }
    }
    let Opened::Session(mut session) = open(&args.file, options)? else {
        return Ok(ExitCode::from(1));
    };
    let products = session.build(&BuildRequest {
        kind,
        file_name: &file_name,
        header: args.header.is_some(),
        python: args.python.is_some(),
    })?;
    let executable = kind != EmitKind::Object;
    write::write_all(&[
        (Some(&output), Some(products.output.as_slice()), executable),
        (
            args.header.as_ref(),
            products.header.as_deref().map(str::as_bytes),
            false,
        ),
        (
            args.python.as_ref(),
            products.python.as_deref().map(str::as_bytes),
            false,
        ),
    ])
    .map_err(Failure::plain)?;
    Ok(ExitCode::SUCCESS)
}

/// An input that is ready to be compiled for an output.
enum Opened {
    Session(Box<Session>),
    /// Executing the program's top level has failed; that was said on stderr.
    Failed,
}

/// Reads typed IR, or executes the top level of Julia source.
fn open(file: &Path, options: Options) -> Result<Opened, Failure> {
    if is_typed_ir(file) {
        return Ok(Opened::Session(Box::new(Session::open(file, options)?)));
    }
    let mut program = Program::new(options)?;
    Ok(match program.eval_file(file)? {
        Ending::Done => Opened::Session(Box::new(program.into_session()?)),
        Ending::Uncaught(text) => {
            let _ = std::io::stderr().write_all(text.as_bytes());
            Opened::Failed
        }
    })
}

fn run(args: &RunArgs, format: MessageFormat) -> Result<ExitCode, Failure> {
    let mut options = args.options().map_err(Failure::plain)?;
    if let (Some(file), None) = (&args.file, &args.eval)
        && is_typed_ir(file)
    {
        return run_call(file, &args.args, options);
    }
    options.program_args = args.program_args();
    let mut program = Program::to_run(options)?;
    program.on_failure(move |failure| {
        let _ = std::io::stderr().write_all(rendered(failure, format).as_bytes());
    });
    let ending = match (&args.eval, &args.file) {
        (Some(code), _) => program.eval_code(code)?,
        (None, Some(file)) => program.eval_file(file)?,
        (None, None) => return Err(Failure::plain("no program to run")),
    };
    ended(program, ending)
}

/// Executes the program that this executable carries.
fn run_carried(carried: Carried, level: CodeLevel) -> Result<ExitCode, Failure> {
    let args = std::env::args_os().skip(1);
    let options = Options {
        level,
        cpu: "native".into(),
        program_args: args.map(|a| a.to_string_lossy().into_owned()).collect(),
        ..Options::default()
    };
    let mut program = Program::to_run(options)?;
    program.on_failure(|failure| {
        let _ = std::io::stderr().write_all(rendered(failure, MessageFormat::Human).as_bytes());
    });
    let ending = program.eval_carried(carried)?;
    ended(program, ending)
}

fn ended(mut program: Program, ending: Ending) -> Result<ExitCode, Failure> {
    let code = match ending {
        Ending::Done => 0,
        Ending::Uncaught(text) => {
            let _ = std::io::stderr().write_all(text.as_bytes());
            1
        }
    };
    program.at_exit(code)?;
    // The process ends: taking everything apart before would be time lost.
    std::mem::forget(program);
    Ok(ExitCode::from(code))
}

/// Calls a function of typed IR.
fn run_call(file: &Path, args: &[String], options: Options) -> Result<ExitCode, Failure> {
    let [call] = args else {
        let message = "typed IR is run by one call, such as 'f(10, 2.5)'";
        return Err(Failure::plain(message));
    };
    match Session::open(file, options)?.run_call(call)? {
        Outcome::Returned(text) => {
            let _ = writeln!(std::io::stdout(), "{text}");
            Ok(ExitCode::SUCCESS)
        }
        Outcome::Threw(message) => {
            let _ = writeln!(std::io::stderr(), "ERROR: {message}");
            Ok(ExitCode::from(1))
        }
    }
}

fn check(args: &CheckArgs) -> Result<ExitCode, Failure> {
    let options = args.options().map_err(Failure::plain)?;
    let Opened::Session(mut session) = open(&args.file, options)? else {
        return Ok(ExitCode::from(1));
    };
    session.check()?;
    Ok(ExitCode::SUCCESS)
}

fn diff(args: &DiffArgs) -> Result<ExitCode, Failure> {
    let Opened::Session(session) = open(&args.file, args.options())? else {
        return Ok(ExitCode::from(1));
    };
    let mut bar = progress::Bar::new();
    let report = jlift_driver::diff::diff(&session, &args.request(), &mut |p| bar.show(p))?;
    drop(bar);
    let _ = write!(std::io::stdout(), "{report}");
    Ok(ExitCode::from(match (report.agrees(), report.compared()) {
        (false, _) => 1,
        // That nothing was found says nothing.
        (true, 0) => 2,
        (true, _) => 0,
    }))
}

fn emit(args: &EmitArgs) -> Result<ExitCode, Failure> {
    let options = args.options().map_err(Failure::plain)?;
    let bytes = match args.stage.printed() {
        Printed::Source(_) if is_typed_ir(&args.file) => {
            let message = "this stage is one of Julia source; a file of typed IR begins with the stage `typed`";
            return Err(Failure::plain(message));
        }
        Printed::Source(stage) => stage_text(&args.file, stage)?.into_bytes(),
        printed => {
            let Opened::Session(mut session) = open(&args.file, options)? else {
                return Ok(ExitCode::from(1));
            };
            match printed {
                Printed::Text(stage) => session.emit(stage)?.into_bytes(),
                _ => session.build(&BuildRequest::object())?.output,
            }
        }
    };
    match &args.output {
        Some(path) => {
            write::write_all(&[(Some(path), Some(&bytes), false)]).map_err(Failure::plain)?
        }
        // A reader that stops early is no error.
        None => {
            let _ = std::io::stdout().write_all(&bytes);
        }
    }
    Ok(ExitCode::SUCCESS)
}
