//! The `jlift` command: arguments to a session, its results to files and streams, exit codes. Knows
//! the driver only. Exit code 0: done; 1: the program's own error; 2: a usage or compile error.

mod options;
mod write;

use clap::Parser;
use jlift_driver::build::BuildRequest;
use jlift_driver::run::Outcome;
use jlift_driver::{EmitKind, Failure, Session};
use options::{BuildArgs, Cli, Command, EmitArgs, MessageFormat, RunArgs};
use std::io::{IsTerminal, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            // Help and version are no errors.
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let result = match cli.command {
        Command::Build(args) => build(&args),
        Command::Run(args) => run(&args),
        Command::Emit(args) => emit(&args),
    };
    match result {
        Ok(code) => code,
        Err(failure) => {
            let text = match cli.message_format {
                MessageFormat::Human => failure.render(std::io::stderr().is_terminal()),
                MessageFormat::Json => failure.render_json(),
            };
            let _ = std::io::stderr().write_all(text.as_bytes());
            ExitCode::from(2)
        }
    }
}

fn build(args: &BuildArgs) -> Result<ExitCode, Failure> {
    let options = args.options().map_err(Failure::plain)?;
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
    let mut session = Session::open(&args.file, options)?;
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

fn run(args: &RunArgs) -> Result<ExitCode, Failure> {
    let mut options = args.code.options().map_err(Failure::plain)?;
    if args.code.cpu.is_none() {
        options.cpu = "native".into();
    }
    let mut session = Session::open(&args.file, options)?;
    match session.run_call(&args.call)? {
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

fn emit(args: &EmitArgs) -> Result<ExitCode, Failure> {
    let options = args.code.options().map_err(Failure::plain)?;
    let mut session = Session::open(&args.file, options)?;
    let bytes = match args.stage.text_stage() {
        Some(stage) => session.emit(stage)?.into_bytes(),
        None => {
            session
                .build(&BuildRequest {
                    kind: EmitKind::Object,
                    file_name: "",
                    header: false,
                    python: false,
                })?
                .output
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
