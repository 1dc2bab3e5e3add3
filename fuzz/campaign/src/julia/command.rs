//! `jlift-campaign julia`: the options of a campaign of Julia programs, and what it tells.

use super::{Plan, program, replay, run};
use crate::seeds::range;
use crate::worker::{self, Campaign};
use jlift_generate::julia::Sizes;
use std::ffi::OsString;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Random Julia programs: what the options say.
#[derive(clap::Args, Debug)]
pub struct Command {
    /// Seeds, `FIRST..END`; each is one program.
    #[arg(long, default_value = "0..1000")]
    seeds: String,
    /// Programs in one module.
    #[arg(long, default_value_t = 100)]
    batch: u64,
    /// Where programs that show a problem are written.
    #[arg(long, default_value = "findings/julia")]
    keep: PathBuf,
    /// Small programs, of which many run in little time.
    #[arg(long)]
    small: bool,
    /// Leave LLVM out.
    #[arg(long)]
    no_llvm: bool,
    /// Every so many batches run by LLVM.
    #[arg(long, default_value_t = 1)]
    llvm_every: u64,
    /// Every so many batches run by the code of files; 0 for none.
    #[arg(long, default_value_t = 2)]
    file: u64,
    /// Programs that are tried to make one smaller.
    #[arg(long, default_value_t = 300)]
    tries: usize,
    /// Problems that are made small and written; all are counted.
    #[arg(long, default_value_t = 20)]
    most: usize,
    /// Print the programs and do nothing else.
    #[arg(long)]
    print: bool,
    /// Run the programs in this folder instead.
    #[arg(long)]
    replay: Option<PathBuf>,
    /// Where what comes of each batch is noted; `sum` reads it. Each batch has a process of its own then.
    #[arg(long)]
    log: Option<PathBuf>,
    /// Seconds that a batch may take in a process of its own.
    #[arg(long, default_value_t = 3600)]
    patience: u64,
    /// This is such a process.
    #[arg(long, hide = true)]
    worker: bool,
}

impl Command {
    /// Does what the options say; whether all ways agreed.
    ///
    /// # Errors
    /// What is wrong with the options.
    pub fn run(&self) -> Result<bool, String> {
        let llvm = !self.no_llvm && (self.llvm_every > 0 || self.replay.is_some());
        if llvm && !self.print && !jlift_driver::llvm::is_there() {
            return Err("LLVM's tools are not found; --no-llvm leaves them out".into());
        }
        if let Some(folder) = &self.replay {
            return self.again(folder);
        }
        let seeds = range(&self.seeds)?;
        let sizes = match self.small {
            true => Sizes::SMALL,
            false => Sizes::default(),
        };
        if self.print {
            for seed in seeds {
                print!("{}", program(seed, &sizes).file());
            }
            return Ok(true);
        }
        if let (Some(log), false) = (&self.log, self.worker) {
            let campaign = Campaign {
                name: "julia",
                seeds,
                batch: self.batch.max(1),
                log,
                patience: Duration::from_secs(self.patience),
            };
            return worker::run(&campaign, &|seeds| self.worker_arguments(seeds, log));
        }
        let plan = Plan {
            seeds,
            sizes,
            batch: self.batch.max(1),
            keep: self.keep.clone(),
            llvm_every: if self.no_llvm { 0 } else { self.llvm_every },
            file_every: self.file,
            tries: self.tries,
            most: self.most,
            log: self.log.clone(),
        };
        let report = run(&plan, &mut |end, report| {
            eprintln!(
                "up to {end}: {} programs, {} refused, {} wrong",
                report.programs, report.refused, report.wrong
            );
        })?;
        if !self.worker {
            print!("{report}");
        }
        Ok(report.wrong == 0)
    }

    fn worker_arguments(&self, seeds: Range<u64>, log: &Path) -> Vec<OsString> {
        let mut all: Vec<OsString> = vec!["julia".into(), "--worker".into()];
        let mut option = |name: &str, value: OsString| {
            all.push(name.into());
            all.push(value);
        };
        option("--seeds", format!("{}..{}", seeds.start, seeds.end).into());
        option("--batch", self.batch.to_string().into());
        option("--llvm-every", self.llvm_every.to_string().into());
        option("--file", self.file.to_string().into());
        option("--tries", self.tries.to_string().into());
        option("--most", self.most.to_string().into());
        option("--keep", self.keep.clone().into());
        option("--log", log.into());
        for (flag, given) in [("--small", self.small), ("--no-llvm", self.no_llvm)] {
            if given {
                all.push(flag.into());
            }
        }
        all
    }

    fn again(&self, folder: &std::path::Path) -> Result<bool, String> {
        let results =
            replay(folder, !self.no_llvm).map_err(|e| format!("{}: {e}", folder.display()))?;
        let mut agree = true;
        for (file, replayed) in results {
            agree &= replayed.problems.is_empty();
            let said = match replayed.problems.is_empty() {
                true => format!("{} of {} calls the same", replayed.same, replayed.calls),
                false => replayed.problems.join("; "),
            };
            println!("{}: {said}", file.display());
        }
        Ok(agree)
    }
}
