//! The campaign of Julia programs: generated, compiled together in batches, executed by the
//! interpreter, by Cranelift at -O0 and -O2 and by LLVM at -O2, compared. What differs is made small
//! and written as a file that `replay` runs again. A program is one entry function with the helper
//! functions and types that were made for it, called with five inputs.

mod command;
mod execute;
mod report;

pub use command::Command;
pub use execute::{Found, Problem, Verdict, examine};
pub use report::Report;

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
    pub batch: usize,
    /// Where small programs that show a problem are written.
    pub keep: PathBuf,
    /// Every so many batches LLVM is one of the ways; 0 for none.
    pub llvm_every: u64,
    /// Questions that making one program small may take; 0 leaves it as it is.
    pub tries: usize,
    /// Problems that are made small; all are counted.
    pub most: usize,
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
pub fn run(plan: &Plan, tell: &mut dyn FnMut(u64, &Report)) -> Report {
    let mut report = Report::default();
    let mut next = plan.seeds.start;
    let (mut kept, mut batches) = (0, 0);
    while next < plan.seeds.end {
        let end = plan.seeds.end.min(next + plan.batch as u64);
        let begun = Instant::now();
        let programs: Vec<Program> = (next..end).map(|seed| program(seed, &plan.sizes)).collect();
        report.times.generating += begun.elapsed();
        let llvm = plan.llvm_every > 0 && batches % plan.llvm_every == 0;
        batches += 1;
        if llvm {
            report.by_llvm += end - next;
        }
        for found in examine(&programs, llvm, &mut report) {
            if !report.add(&found) || kept >= plan.most {
                continue;
            }
            kept += 1;
            if let Err(e) = keep(plan, llvm, &programs, &found) {
                eprintln!("{}: {e}", plan.keep.display());
            }
        }
        report.seeds.push(next..end);
        tell(end, &report);
        next = end;
    }
    report
}

/// Writes what a problem can be seen with.
fn keep(plan: &Plan, llvm: bool, programs: &[Program], found: &Found) -> std::io::Result<()> {
    let Some(program) = programs.iter().find(|p| p.index == found.program) else {
        return Ok(());
    };
    let kind = found.problem.kind();
    let same = |p: &Program| {
        examine(std::slice::from_ref(p), llvm, &mut Report::default())
            .iter()
            .any(|f| f.problem.kind() == kind)
    };
    let small = match plan.tries {
        0 => program.clone(),
        tries if same(program) => shrink(program, tries, same),
        // Only together with others: all of these are needed.
        _ => program.clone(),
    };
    let folder = match found.problem {
        Problem::Refused(_) => plan.keep.join("refused"),
        _ => plan.keep.clone(),
    };
    std::fs::create_dir_all(&folder)?;
    let mut text = format!("# {}\n", found.problem.text().replace('\n', "\n# "));
    text.push_str(&small.file());
    std::fs::write(folder.join(format!("seed_{}.jl", found.program)), text)
}

/// Programs in files as [`Program::file`] writes them, executed all ways: the problems that are left.
pub fn replay(folder: &Path, llvm: bool) -> std::io::Result<Vec<(PathBuf, Vec<String>)>> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "jl"))
        .collect();
    files.sort();
    let mut out = Vec::with_capacity(files.len());
    for file in files {
        let text = std::fs::read_to_string(&file)?;
        out.push((file, execute::replay(&text, llvm)));
    }
    Ok(out)
}
