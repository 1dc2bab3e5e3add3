//! The command `jlift-campaign`: generated programs by every way of execution.

use clap::{Parser, Subcommand};
use jlift_campaign::check::check;
use jlift_campaign::journal::Sum;
use jlift_campaign::seeds::seed;
use jlift_campaign::{julia, reproducer, typed_ir};
use jlift_driver::differential::{Settings, Way};
use jlift_ir::Module;
use std::path::PathBuf;
use std::process::ExitCode;

/// Compilers allocate all the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Runs generated programs by every way of execution and compares.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Random typed IR.
    TypedIr(typed_ir::Command),
    /// Random Julia programs.
    Julia(julia::Command),
    /// Runs programs that were written down.
    Replay { files: Vec<PathBuf> },
    /// Prints the program of a seed, with its calls.
    Show {
        seed: u64,
        #[command(flatten)]
        shape: typed_ir::Shape,
    },
    /// Sums what campaigns noted in their logs.
    Sum { logs: Vec<PathBuf> },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::TypedIr(command) => command.run(),
        Command::Julia(command) => command.run(),
        Command::Replay { files } => replay(&files),
        Command::Show { seed, shape } => {
            let mut module = Module::default();
            let (_, calls) = self::seed(&mut module, seed, &shape.sizes(), shape.inputs);
            print!("{}", reproducer::write(&module, &calls, ""));
            Ok(true)
        }
        Command::Sum { logs } => sum(&logs),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(message) => {
            eprintln!("jlift-campaign: {message}");
            ExitCode::from(2)
        }
    }
}

fn sum(logs: &[PathBuf]) -> Result<bool, String> {
    let mut sum = Sum::default();
    for log in logs {
        sum.read(log)?;
    }
    print!("{sum}");
    Ok(sum.is_clean())
}

fn replay(files: &[PathBuf]) -> Result<bool, String> {
    let llvm = jlift_driver::llvm::is_there();
    if !llvm {
        eprintln!("without LLVM, whose tools are not there");
    }
    let ways = Way::ALL[1..].iter().chain(Way::FILES);
    let ways: Vec<Way> = ways.filter(|w| llvm || !w.needs_llvm()).copied().collect();
    let mut agree = true;
    for file in files {
        let name = file.display();
        let text = std::fs::read_to_string(file).map_err(|e| format!("{name}: {e}"))?;
        let (module, calls) = reproducer::read(&text).map_err(|e| format!("{name}: {e}"))?;
        let checked = check(&module, &calls, &ways, &Settings::default())?;
        for (call, ending) in checked.endings.iter().enumerate() {
            println!("{name}: call {call} {ending}");
        }
        for (call, wrong) in &checked.wrong {
            agree = false;
            println!("{name}: call {call}: {wrong}");
        }
    }
    Ok(agree)
}
