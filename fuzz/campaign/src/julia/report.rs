//! The counts of a campaign.

use super::execute::{Found, Problem};
use crate::tally::ByWay;
use jlift_driver::differential::Run;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// How long the parts took.
#[derive(Clone, Default, Debug, Serialize, Deserialize)]
pub struct Times {
    pub generating: Duration,
    /// Front end and inference.
    pub inferring: Duration,
}

/// Counts. Programs that were tried again, in smaller batches, count once.
#[derive(Clone, Default, Debug, Serialize, Deserialize)]
pub struct Report {
    /// Programs that were executed all ways.
    pub programs: u64,
    /// Functions of typed IR in them, those of Base included.
    pub functions: u64,
    /// Calls on which all ways agree.
    pub same: u64,
    /// Calls that the interpreter did not finish, on which the others agree.
    pub same_compiled: u64,
    /// Calls on which ways do not agree, or that are not defined.
    pub different: u64,
    /// Calls that ended with an exception.
    pub threw: u64,
    /// What the interpreter does not execute.
    pub lacking: BTreeMap<String, u64>,
    /// Problems by kind.
    pub problems: BTreeMap<String, u64>,
    pub refused: u64,
    pub wrong: u64,
    pub times: Times,
    /// By way, with programs for functions.
    pub by_way: BTreeMap<String, ByWay>,
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

    /// Adds the counts of others.
    pub fn merge(&mut self, other: &Report) {
        self.programs += other.programs;
        self.functions += other.functions;
        self.same += other.same;
        self.same_compiled += other.same_compiled;
        self.different += other.different;
        self.threw += other.threw;
        self.refused += other.refused;
        self.wrong += other.wrong;
        self.times.generating += other.times.generating;
        self.times.inferring += other.times.inferring;
        for (what, count) in &other.lacking {
            *self.lacking.entry(what.clone()).or_default() += count;
        }
        for (kind, count) in &other.problems {
            *self.problems.entry(kind.clone()).or_default() += count;
        }
        for (way, by) in &other.by_way {
            self.by_way.entry(way.clone()).or_default().add(by);
        }
    }

    pub(super) fn note_lacking(&mut self, what: &str) {
        *self.lacking.entry(what.to_string()).or_default() += 1;
    }

    pub(super) fn note_run(&mut self, run: &Run, programs: usize) {
        let by = self.by_way.entry(run.way.to_string()).or_default();
        by.add(&ByWay {
            functions: programs,
            compiling: run.compiling,
            running: run.running,
        });
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} programs executed, {} refused, {} wrong; {} functions of typed IR",
            self.programs, self.refused, self.wrong, self.functions
        )?;
        writeln!(
            f,
            "  {} calls: {} the same by all ways, {} by the compiled ones (not interpreted to the end), {} different; {} ended with an exception",
            self.same + self.same_compiled + self.different,
            self.same,
            self.same_compiled,
            self.different,
            self.threw
        )?;
        let seconds = |d: &Duration| format!("{:.1} s", d.as_secs_f64());
        writeln!(
            f,
            "  generating {}, inference {}",
            seconds(&self.times.generating),
            seconds(&self.times.inferring)
        )?;
        for (way, by) in &self.by_way {
            let (a, b) = (seconds(&by.compiling), seconds(&by.running));
            let n = by.functions;
            writeln!(f, "  {way}: {n} programs, compiled {a}, run {b}")?;
        }
        for (kind, count) in &self.problems {
            writeln!(f, "  {count:6} {kind}")?;
        }
        for (what, count) in &self.lacking {
            writeln!(f, "  {count:6} not interpreted: {what}")?;
        }
        Ok(())
    }
}
