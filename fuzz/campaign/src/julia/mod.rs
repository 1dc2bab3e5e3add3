//! The campaign of Julia programs: generated, compiled together in batches, executed by the
//! interpreter, by Cranelift at -O0 and -O2, some by LLVM and as files, compared. What differs is made small
//! and written as a file that `replay` runs again. A program is one entry function with the helper
//! functions and types that were made for it, called with five inputs.

mod command;
mod execute;
mod report;

pub use command::Command;
pub use execute::{Found, Problem, Replayed, examine};
pub use report::Report;

use crate::journal::{Entry, Outcome, append};
use crate::worker::cpu_time;
use jlift_driver::CodeLevel;
use jlift_driver::differential::Way;
use jlift_generate::julia::{Program, Sizes, generate, shrink};
use jlift_generate::random::SeedBytes;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Bytes that a program is made of.
const BYTES: usize = 4096;

/// What a campaign does.
#[derive(Clone, Debug)]
pub struct Plan {
    pub seeds: Range<u64>,
    pub sizes: Sizes,
    /// Programs in one module.
    pub batch: u64,
    /// Where small programs that show a problem are written.
    pub keep: PathBuf,
    /// Every so many batches LLVM -O2 is one of the ways; 0 for none.
    pub llvm_every: u64,
    /// Every so many batches the code of files is one of the ways; 0 for none.
    pub file_every: u64,
    /// Questions that making one program small may take; 0 leaves it as it is.
    pub tries: usize,
    /// Problems that are made small; all are counted.
    pub most: usize,
    /// Where what comes of each batch is noted.
    pub log: Option<PathBuf>,
}

impl Plan {
    /// The ways of a batch; which ones depends on where it is among all seeds.
    fn ways(&self, first: u64) -> Vec<Way> {
        let number = first / self.batch.max(1);
        let due = |every: u64| every > 0 && number.is_multiple_of(every);
        let mut ways = vec![Way::Cranelift(CodeLevel::O0), Way::Cranelift(CodeLevel::O2)];
        if due(self.llvm_every) {
            ways.push(Way::Llvm(CodeLevel::O2));
        }
        if due(self.file_every) {
            ways.push(Way::File(CodeLevel::O2));
        }
        ways
    }
}

/// The program of a seed, which is its number as well.
pub fn program(seed: u64, sizes: &Sizes) -> Program {
    let bytes = SeedBytes::new(seed).bytes(BYTES);
    let mut u = arbitrary::Unstructured::new(&bytes);
    match generate(&mut u, seed as usize, sizes) {
        Ok(program) => program,
        // Not enough bytes is no error of this generator.
        Err(_) => program(seed.wrapping_add(1 << 40), sizes),
    }
}

/// Runs a campaign; `tell` is told how far it has come.
///
/// # Errors
/// What keeps it from being noted.
pub fn run(plan: &Plan, tell: &mut dyn FnMut(u64, &Report)) -> Result<Report, String> {
    let mut all = Report::default();
    let mut next = plan.seeds.start;
    let mut kept = 0;
    while next < plan.seeds.end {
        let end = plan.seeds.end.min(next + plan.batch.max(1));
        let (begun, before) = (Instant::now(), cpu_time());
        let mut report = Report::default();
        let programs: Vec<Program> = (next..end).map(|seed| program(seed, &plan.sizes)).collect();
        report.times.generating += begun.elapsed();
        let ways = plan.ways(next);
        for found in examine(&programs, &ways, &mut report) {
            let is_known = all.problems.contains_key(&found.problem.kind());
            if !report.add(&found) || is_known || kept >= plan.most {
                continue;
            }
            kept += 1;
            if let Err(e) = keep(plan, &ways, &programs, &found) {
                eprintln!("{}: {e}", plan.keep.display());
            }
        }
        all.merge(&report);
        if let Some(log) = &plan.log {
            let entry = Entry {
                seeds: next..end,
                cpu: cpu_time() - before,
                outcome: Outcome::Julia(Box::new(report)),
            };
            append(log, &entry)?;
        }
        tell(end, &all);
        next = end;
    }
    Ok(all)
}

/// Writes what a problem can be seen with.
fn keep(plan: &Plan, ways: &[Way], programs: &[Program], found: &Found) -> std::io::Result<()> {
    let Some(program) = programs.iter().find(|p| p.index == found.program) else {
        return Ok(());
    };
    let kind = found.problem.kind();
    let same = |p: &Program| {
        examine(std::slice::from_ref(p), ways, &mut Report::default())
            .iter()
            .any(|f| f.problem.kind() == kind)
    };
    let folder = match found.problem {
        Problem::Refused(_) => plan.keep.join("refused"),
        _ => plan.keep.clone(),
    };
    std::fs::create_dir_all(&folder)?;
    let mut text = format!("# {}\n", found.problem.text().replace('\n', "\n# "));
    let is_alone = plan.tries > 0 && same(program);
    match is_alone {
        true => text.push_str(&shrink(program, plan.tries, same).file()),
        // Nothing was made small, or all of these are needed.
        false => {
            text.push_str(&program.file());
            let (first, last) = (programs.first(), programs.last());
            if let (Some(first), Some(last)) = (first, last) {
                let (first, end) = (first.index, last.index + 1);
                text.push_str(&format!("# One of the seeds {first}..{end}.\n"));
            }
        }
    }
    std::fs::write(folder.join(format!("seed_{}.jl", found.program)), text)
}

/// Programs in files as [`Program::file`] writes them, executed all ways.
pub fn replay(folder: &Path, llvm: bool) -> std::io::Result<Vec<(PathBuf, Replayed)>> {
    let ways: Vec<Way> = [
        Way::Cranelift(CodeLevel::O0),
        Way::Cranelift(CodeLevel::O2),
        Way::File(CodeLevel::O2),
    ]
    .into_iter()
    .chain(llvm.then_some(Way::Llvm(CodeLevel::O2)))
    .collect();
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "jl"))
        .collect();
    files.sort();
    let mut out = Vec::with_capacity(files.len());
    for file in files {
        let text = std::fs::read_to_string(&file)?;
        out.push((file, execute::replay(&text, &ways)));
    }
    Ok(out)
}
