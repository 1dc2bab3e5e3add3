//! `jlift-campaign julia`: the options of a campaign of Julia programs, and what it tells.

use super::{Plan, program, replay, run};
use jlift_generate::julia::Sizes;
use std::path::PathBuf;

/// Random Julia programs: what the options say.
#[derive(clap::Args, Debug)]
pub struct Command {
    /// Seeds, `FIRST..END`; each is one program.
    #[arg(long, default_value = "0..1000")]
    seeds: String,
    /// Programs in one module.
    #[arg(long, default_value_t = 100)]
    batch: usize,
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
}

impl Command {
    /// Does what the options say; whether all ways agreed.
    ///
    /// # Errors
    /// What is wrong with the options.
    pub fn run(&self) -> Result<bool, String> {
        if let Some(folder) = &self.replay {
            return self.again(folder);
        }
        let numbers = self.seeds.split_once("..");
        let seeds = numbers.and_then(|(a, b)| Some(a.parse().ok()?..b.parse().ok()?));
        let Some(seeds) = seeds else {
            return Err(format!("`{}` is no range, as 0..1000", self.seeds));
        };
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
        let plan = Plan {
            seeds,
            sizes,
            batch: self.batch.max(1),
            keep: self.keep.clone(),
            llvm_every: if self.no_llvm { 0 } else { self.llvm_every },
            tries: self.tries,
            most: self.most,
        };
        let report = run(&plan, &mut |end, report| {
            eprintln!(
                "up to {end}: {} programs, {} refused, {} wrong",
                report.programs, report.refused, report.wrong
            );
        });
        print!("{report}");
        Ok(report.wrong == 0)
    }

    fn again(&self, folder: &std::path::Path) -> Result<bool, String> {
        let results =
            replay(folder, !self.no_llvm).map_err(|e| format!("{}: {e}", folder.display()))?;
        let mut agree = true;
        for (file, problems) in results {
            agree &= problems.is_empty();
            let said = match problems.is_empty() {
                true => "all ways agree".to_string(),
                false => problems.join("; "),
            };
            println!("{}: {said}", file.display());
        }
        Ok(agree)
    }
}
