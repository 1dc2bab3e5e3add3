//! `jlift-campaign typed-ir`: groups of random functions in batches, every batch by several ways, what is
//! wrong made small and written down.

use crate::check::{Wrong, check};
use crate::finding::{TRIES, reduce};
use crate::journal::{Entry, Outcome, append};
use crate::seeds::{range, seed};
use crate::tally::Tally;
use crate::worker::{Campaign, cpu_time, run};
use jlift_driver::CodeLevel;
use jlift_driver::differential::{Settings, Way};
use jlift_generate::typed_ir::Sizes;
use jlift_ir::Module;
use std::ffi::OsString;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Random typed IR: what the options say.
#[derive(clap::Args, Debug)]
pub struct Command {
    /// The seeds, `FIRST..END`.
    #[arg(long)]
    seeds: String,
    /// Seeds whose functions are compiled together.
    #[arg(long, default_value_t = 200)]
    batch: u64,
    #[command(flatten)]
    shape: Shape,
    /// Every so many batches run by LLVM -O2, which takes most of the time; 0 for none.
    #[arg(long, default_value_t = 1)]
    llvm_o2: u64,
    /// Every so many batches run by LLVM -O0; 0 for none.
    #[arg(long, default_value_t = 1)]
    llvm_o0: u64,
    /// Leave out LLVM.
    #[arg(long)]
    no_llvm: bool,
    /// Every so many batches run by the code of files, -O2, and half of these by -O0 too; 0 for none.
    #[arg(long, default_value_t = 2)]
    file: u64,
    /// Where programs with something wrong are written.
    #[arg(long, default_value = "findings")]
    out: PathBuf,
    /// Programs that are tried to make one smaller.
    #[arg(long, default_value_t = TRIES)]
    tries: usize,
    /// Where what comes of each batch is noted; `sum` reads it. Each batch has a process of its own then.
    #[arg(long)]
    log: Option<PathBuf>,
    /// Seconds that a batch may take in a process of its own.
    #[arg(long, default_value_t = 1800)]
    patience: u64,
    /// This is such a process.
    #[arg(long, hide = true)]
    worker: bool,
}

/// What the program of a seed depends on, besides the seed.
#[derive(clap::Args, Clone, Debug)]
pub struct Shape {
    /// Functions of a group at most.
    #[arg(long, default_value_t = Sizes::default().functions)]
    pub functions: usize,
    /// Calls of each root.
    #[arg(long, default_value_t = 4)]
    pub inputs: usize,
}

impl Shape {
    /// The sizes of groups.
    pub fn sizes(&self) -> Sizes {
        Sizes {
            functions: self.functions,
            ..Sizes::default()
        }
    }
}

impl Command {
    /// Does what the options say; whether all ways agreed.
    ///
    /// # Errors
    /// What is wrong with the options, or what keeps the campaign from going on.
    pub fn run(&self) -> Result<bool, String> {
        let seeds = range(&self.seeds)?;
        let uses_llvm = !self.no_llvm && (self.llvm_o0 > 0 || self.llvm_o2 > 0);
        if uses_llvm && !jlift_driver::llvm::is_there() {
            return Err("LLVM's tools are not found; --no-llvm leaves them out".into());
        }
        match &self.log {
            Some(log) if !self.worker => {
                let campaign = Campaign {
                    name: "typed-ir",
                    seeds,
                    batch: self.batch.max(1),
                    log,
                    patience: Duration::from_secs(self.patience),
                };
                run(&campaign, &|seeds| self.worker_arguments(seeds, log))
            }
            _ => self.run_here(seeds),
        }
    }

    fn worker_arguments(&self, seeds: Range<u64>, log: &Path) -> Vec<OsString> {
        let mut all: Vec<OsString> = vec!["typed-ir".into(), "--worker".into()];
        let mut option = |name: &str, value: OsString| {
            all.push(name.into());
            all.push(value);
        };
        option("--seeds", format!("{}..{}", seeds.start, seeds.end).into());
        option("--batch", self.batch.to_string().into());
        option("--functions", self.shape.functions.to_string().into());
        option("--inputs", self.shape.inputs.to_string().into());
        option("--llvm-o2", self.llvm_o2.to_string().into());
        option("--llvm-o0", self.llvm_o0.to_string().into());
        option("--file", self.file.to_string().into());
        option("--tries", self.tries.to_string().into());
        option("--out", self.out.clone().into());
        option("--log", log.into());
        if self.no_llvm {
            all.push("--no-llvm".into());
        }
        all
    }

    fn run_here(&self, seeds: Range<u64>) -> Result<bool, String> {
        let settings = Settings::default();
        let mut all = Tally::default();
        let mut first = seeds.start;
        let mut done = 0;
        let result = loop {
            if first >= seeds.end {
                break Ok(());
            }
            let end = (first + self.batch.max(1)).min(seeds.end);
            let before = cpu_time();
            let tally = match self.one_batch(first..end, &settings) {
                Ok(tally) => tally,
                Err(message) => break Err(message),
            };
            all.add(&tally);
            if let Some(log) = &self.log {
                let entry = Entry {
                    seeds: first..end,
                    cpu: cpu_time() - before,
                    outcome: Outcome::TypedIr(tally),
                };
                append(log, &entry)?;
            }
            first = end;
            done += 1;
            if done % 5 == 0 {
                eprintln!("up to {first}: {all}");
            }
        };
        // What was counted is told, whatever ended it.
        if !self.worker {
            println!("up to {first}: {all}");
        }
        result.map(|()| all.wrong == 0)
    }

    /// The ways of a batch; which ones depends on where it is among all seeds.
    fn ways(&self, first: u64) -> Vec<Way> {
        let number = first / self.batch.max(1);
        let due = |every: u64| every > 0 && number.is_multiple_of(every);
        let mut ways = vec![Way::Cranelift(CodeLevel::O0), Way::Cranelift(CodeLevel::O2)];
        if !self.no_llvm && due(self.llvm_o2) {
            ways.push(Way::Llvm(CodeLevel::O2));
        }
        if !self.no_llvm && due(self.llvm_o0) {
            ways.push(Way::Llvm(CodeLevel::O0));
        }
        if due(self.file) {
            ways.push(Way::File(CodeLevel::O2));
        }
        if due(self.file.saturating_mul(2)) {
            ways.push(Way::File(CodeLevel::O0));
        }
        ways
    }

    fn one_batch(&self, seeds: Range<u64>, settings: &Settings) -> Result<Tally, String> {
        let ways = self.ways(seeds.start);
        let mut module = Module::default();
        let (mut calls, mut owners, mut groups) = (Vec::new(), Vec::new(), Vec::new());
        let limits = self.shape.sizes();
        for seed in seeds.clone() {
            let made = self::seed(&mut module, seed, &limits, self.shape.inputs);
            owners.extend(made.1.iter().map(|_| groups.len()));
            groups.push(made.0.functions);
            calls.extend(made.1);
        }
        let checked = check(&module, &calls, &ways, settings)?;
        let mut tally = Tally::default();
        tally.count(&checked, &ways, &owners, &groups);
        let mut told: Vec<u64> = Vec::new();
        for (call, wrong) in &checked.wrong {
            let seed = seeds.start + owners.get(*call).copied().unwrap_or(0) as u64;
            if told.contains(&seed) {
                continue;
            }
            told.push(seed);
            // The program alone.
            let mut module = Module::default();
            let (_, own) = self::seed(&mut module, seed, &limits, self.shape.inputs);
            let number = call % self.shape.inputs.max(1);
            let Some(call) = own.get(number) else {
                continue;
            };
            let mut text = reduce(&module, call, wrong, settings, self.tries);
            if matches!(wrong, Wrong::NotTogether { .. }) {
                let Range { start, end } = seeds;
                text.insert_str(0, &format!("; seeds {start}..{end} together\n"));
            }
            write(&self.out, seed, &text)?;
        }
        Ok(tally)
    }
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
