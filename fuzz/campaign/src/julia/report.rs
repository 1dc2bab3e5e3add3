//! The counts of a campaign.

use super::execute::{Found, Problem, Verdict};
use jlift_driver::differential::{Run, Way};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::time::Duration;

/// How long the parts took.
#[derive(Clone, Default, Debug)]
pub struct Times {
    pub generating: Duration,
    /// Front end and inference.
    pub inferring: Duration,
    pub interpreting: Duration,
    /// By way: compiling and running.
    pub ways: BTreeMap<String, (Duration, Duration)>,
}

/// Counts.
#[derive(Clone, Default, Debug)]
pub struct Report {
    pub seeds: Vec<Range<u64>>,
    /// Programs that were executed all ways.
    pub programs: u64,
    /// Programs of which LLVM was one of the ways.
    pub by_llvm: u64,
    /// Functions of typed IR in them, those of Base included.
    pub functions: u64,
    /// Calls on which all ways agree.
    pub same: u64,
    /// Calls that the interpreter did not finish.
    pub same_compiled: u64,
    /// Calls that ended with an exception.
    pub threw: u64,
    /// What the interpreter does not execute.
    pub lacking: BTreeMap<String, u64>,
    /// Problems by kind.
    pub problems: BTreeMap<String, u64>,
    pub refused: u64,
    pub wrong: u64,
    pub times: Times,
}

impl Report {
    /// Counts a problem; whether it is the first of its kind.
    pub fn add(&mut self, found: &Found) -> bool {
        match found.problem {
            Problem::Refused(_) => self.refused += 1,
            _ => self.wrong += 1,
        }
        let count = self.problems.entry(found.problem.kind()).or_default();
        *count += 1;
        // Two ways may disagree for many reasons.
        *count == 1 || *count < 10 && matches!(found.problem, Problem::Differs { .. })
    }

    pub(super) fn note_lacking(&mut self, what: &str) {
        *self.lacking.entry(what.to_string()).or_default() += 1;
    }

    pub(super) fn note_run(&mut self, run: &Run) {
        let way: Way = run.way;
        let times = self.times.ways.entry(way.to_string()).or_default();
        times.0 += run.compiling;
        times.1 += run.running;
    }

    pub(super) fn note_call(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Same => self.same += 1,
            Verdict::SameCompiled => self.same_compiled += 1,
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = match (self.seeds.first(), self.seeds.last()) {
            (Some(first), Some(last)) => (first.start, last.end),
            _ => (0, 0),
        };
        writeln!(
            f,
            "seeds {first}..{last}: {} programs executed, {} of them by LLVM too, {} refused, {} wrong",
            self.programs, self.by_llvm, self.refused, self.wrong
        )?;
        writeln!(
            f,
            "  {} calls, {} of them interpreted to the end, {} ended with an exception; {} functions of typed IR",
            self.same + self.same_compiled,
            self.same,
            self.threw,
            self.functions
        )?;
        let seconds = |d: &Duration| format!("{:.1} s", d.as_secs_f64());
        write!(
            f,
            "  generating {}, inference {}, interpreter {}",
            seconds(&self.times.generating),
            seconds(&self.times.inferring),
            seconds(&self.times.interpreting)
        )?;
        for (way, (compiling, running)) in &self.times.ways {
            write!(f, ", {way} {} + {}", seconds(compiling), seconds(running))?;
        }
        writeln!(f)?;
        for (kind, count) in &self.problems {
            writeln!(f, "  {count:6} {kind}")?;
        }
        for (what, count) in &self.lacking {
            writeln!(f, "  {count:6} not interpreted: {what}")?;
        }
        Ok(())
    }
}
