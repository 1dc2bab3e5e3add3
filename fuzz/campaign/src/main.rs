//! The command `jlift-campaign`.

use clap::{Parser, Subcommand};
use jlift_campaign::julia;
use std::ops::Range;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(about = "Runs generated programs by every way of execution and compares")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Generated Julia programs.
    Julia {
        /// Seeds, as `0..1000`; each is one program.
        #[arg(long, value_parser = range)]
        seeds: Range<u64>,
        /// Programs in one module.
        #[arg(long, default_value_t = 100)]
        batch: usize,
        /// Where programs that show a problem are written.
        #[arg(long, default_value = "fuzz/corpus/julia")]
        keep: PathBuf,
        /// Leave LLVM out.
        #[arg(long)]
        without_llvm: bool,
        /// Tries for making one program small.
        #[arg(long, default_value_t = 300)]
        tries: usize,
        /// Programs that are made small and written.
        #[arg(long, default_value_t = 20)]
        most: usize,
        /// Print the programs and do nothing else.
        #[arg(long)]
        print: bool,
    },
}

fn range(text: &str) -> Result<Range<u64>, String> {
    let parsed = text
        .split_once("..")
        .and_then(|(a, b)| Some(a.parse().ok()?..b.parse().ok()?));
    parsed.ok_or_else(|| "expected two numbers, as 0..1000".into())
}

fn main() -> ExitCode {
    let Command::Julia {
        seeds,
        batch,
        keep,
        without_llvm,
        tries,
        most,
        print,
    } = Arguments::parse().command;
    if print {
        for seed in seeds {
            print!("{}", julia::program(seed).file());
        }
        return ExitCode::SUCCESS;
    }
    let plan = julia::Plan {
        seeds,
        batch: batch.max(1),
        keep,
        llvm: !without_llvm,
        tries,
        most,
    };
    let report = julia::run(&plan, &mut |_, report| {
        eprintln!(
            "{} programs, {} refused, {} wrong",
            report.programs, report.refused, report.wrong
        );
    });
    print!("{report}");
    match report.wrong {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
