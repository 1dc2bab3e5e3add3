//! The command `jlift-campaign`: generated programs by every way of execution, in worker processes,
//! so that what goes wrong in one stays there.

use clap::{Parser, Subcommand};
use jlift_campaign::check::check;
use jlift_campaign::finding::{TRIES, reduce};
use jlift_campaign::reproducer;
use jlift_campaign::seeds::seed;
use jlift_campaign::tally::Tally;
use jlift_driver::CodeLevel;
use jlift_driver::differential::{Settings, Way};
use jlift_generate::typed_ir::Sizes;
use jlift_ir::Module;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Runs generated programs by every way of execution and compares.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Random typed IR.
    TypedIr(TypedIr),
    /// Random Julia programs.
    Julia(jlift_campaign::julia::Command),
    /// Runs a program that was written down.
    Replay { files: Vec<PathBuf> },
    /// Prints the program of a seed, with its calls.
    Show { seed: u64 },
}

#[derive(clap::Args)]
struct TypedIr {
    /// The seeds, `FIRST..END`.
    #[arg(long)]
    seeds: String,
    /// Seeds whose functions are compiled together.
    #[arg(long, default_value_t = 200)]
    batch: u64,
    /// Calls of each root.
    #[arg(long, default_value_t = 4)]
    inputs: usize,
    /// Functions of a group at most.
    #[arg(long, default_value_t = Sizes::default().functions)]
    functions: usize,
    /// Every so many batches run by LLVM -O2, which takes most of the time; 0 for none.
    #[arg(long, default_value_t = 1)]
    llvm_o2: u64,
    /// Every so many batches run by LLVM -O0; 0 for none.
    #[arg(long, default_value_t = 1)]
    llvm_o0: u64,
    /// Leave out LLVM.
    #[arg(long)]
    no_llvm: bool,
    /// Where programs with something wrong are written.
    #[arg(long, default_value = "findings")]
    out: PathBuf,
    /// Programs that are tried to make one smaller.
    #[arg(long, default_value_t = TRIES)]
    tries: usize,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::TypedIr(options) => typed_ir(&options),
        Command::Julia(command) => command.run(),
        Command::Replay { files } => replay(&files),
        Command::Show { seed } => {
            let mut module = Module::default();
            let (_, calls) = self::seed(&mut module, seed, &Sizes::default(), 4);
            print!("{}", reproducer::write(&module, &calls, ""));
            Ok(true)
        }
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

/// `FIRST..END`.
fn range(text: &str) -> Result<std::ops::Range<u64>, String> {
    let parts = text.split_once("..");
    let numbers = parts.and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
    match numbers {
        Some((first, end)) if first < end => Ok(first..end),
        _ => Err(format!("`{text}` is no range of seeds, such as 0..1000")),
    }
}

fn typed_ir(options: &TypedIr) -> Result<bool, String> {
    let seeds = range(&options.seeds)?;
    let settings = Settings::default();
    let mut tally = Tally::default();
    let mut first = seeds.start;
    let mut batches = 0;
    while first < seeds.end {
        let end = (first + options.batch.max(1)).min(seeds.end);
        let mut ways = vec![Way::Cranelift(CodeLevel::O0), Way::Cranelift(CodeLevel::O2)];
        let due = |every: u64| !options.no_llvm && every > 0 && batches % every == 0;
        if due(options.llvm_o2) {
            ways.push(Way::Llvm(CodeLevel::O2));
        }
        if due(options.llvm_o0) {
            ways.push(Way::Llvm(CodeLevel::O0));
        }
        one_batch(first..end, options, &ways, &settings, &mut tally)?;
        first = end;
        batches += 1;
        if batches % 5 == 0 {
            eprintln!("up to {first}: {tally}");
        }
    }
    println!("{tally}");
    Ok(tally.wrong == 0)
}

fn one_batch(
    seeds: std::ops::Range<u64>,
    options: &TypedIr,
    ways: &[Way],
    settings: &Settings,
    tally: &mut Tally,
) -> Result<(), String> {
    let mut module = Module::default();
    let (mut calls, mut owners, mut sizes) = (Vec::new(), Vec::new(), Vec::new());
    let limits = Sizes {
        functions: options.functions,
        ..Sizes::default()
    };
    for seed in seeds.clone() {
        let made = self::seed(&mut module, seed, &limits, options.inputs);
        owners.extend(made.1.iter().map(|_| sizes.len()));
        sizes.push(made.0.functions.len());
        calls.extend(made.1);
    }
    let checked = check(&module, &calls, ways, settings)?;
    tally.count(&checked, &owners, &sizes);
    let mut told: Vec<u64> = Vec::new();
    for (call, wrong) in &checked.wrong {
        let seed = seeds.start + owners.get(*call).copied().unwrap_or(0) as u64;
        if told.contains(&seed) {
            continue;
        }
        told.push(seed);
        // The program alone.
        let mut module = Module::default();
        let (_, own) = self::seed(&mut module, seed, &limits, options.inputs);
        let number = call % options.inputs.max(1);
        let Some(call) = own.get(number) else {
            continue;
        };
        let text = reduce(&module, call, wrong, settings, options.tries);
        write(&options.out, seed, &text)?;
    }
    Ok(())
}

fn write(folder: &Path, seed: u64, text: &str) -> Result<(), String> {
    let path = folder.join(format!("seed-{seed}.jir"));
    let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&path, text));
    written.map_err(|e| format!("{}: {e}", path.display()))?;
    let head: Vec<&str> = text.lines().take_while(|l| l.starts_with("; ")).collect();
    eprintln!(
        "{}: {} lines\n{}",
        path.display(),
        text.lines().count(),
        head.join("\n")
    );
    Ok(())
}

fn replay(files: &[PathBuf]) -> Result<bool, String> {
    let mut agree = true;
    for file in files {
        let name = file.display();
        let text = std::fs::read_to_string(file).map_err(|e| format!("{name}: {e}"))?;
        let (module, calls) = reproducer::read(&text).map_err(|e| format!("{name}: {e}"))?;
        let checked = check(&module, &calls, &Way::ALL[1..], &Settings::default())?;
        for (call, ending) in checked.endings.iter().enumerate() {
            println!("{name}: call {call} {ending}");
        }
        for (call, wrong) in &checked.wrong {
            agree = false;
            match wrong {
                jlift_campaign::check::Wrong::Differs(d) => println!("{name}: call {call}: {d}"),
                jlift_campaign::check::Wrong::NoCode { way, message } => {
                    println!("{name}: no code by {way}: {message}");
                }
            }
        }
    }
    Ok(agree)
}
