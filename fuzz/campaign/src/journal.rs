//! The log of a campaign: one line of JSON for each batch, written as soon as it has ended, so that
//! nothing is lost with the process. Sums logs. Knows nothing of how batches are run.

use crate::julia::Report;
use crate::tally::Tally;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::fs::OpenOptions;
use std::io::Write;
use std::ops::Range;
use std::path::Path;

/// What became of a batch.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    TypedIr(Tally),
    Julia(Box<Report>),
    /// The process that ran it died, was stopped, or could not begin.
    Lost {
        campaign: String,
        how: String,
    },
}

/// A line of a log.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    pub seeds: Range<u64>,
    /// Seconds of processor time, child processes included.
    pub cpu: f64,
    pub outcome: Outcome,
}

/// Adds a line to a log.
///
/// # Errors
/// What the system says.
pub fn append(log: &Path, entry: &Entry) -> Result<(), String> {
    let failed = |e: &dyn fmt::Display| format!("{}: {e}", log.display());
    let mut line = serde_json::to_string(entry).map_err(|e| failed(&e))?;
    line.push('\n');
    let mut options = OpenOptions::new();
    let file = options.create(true).append(true).open(log);
    // One write, so that lines of several processes do not mix.
    file.and_then(|mut file| file.write_all(line.as_bytes()))
        .map_err(|e| failed(&e))
}

/// What a campaign went through, and what that took.
#[derive(Clone, Debug, Default)]
pub struct Extent {
    pub seeds: Seeds,
    pub batches: usize,
    /// Seconds of processor time.
    pub cpu: f64,
}

impl Extent {
    /// Adds a batch; false if it was added before.
    fn add(&mut self, entry: &Entry) -> bool {
        let is_new = self.seeds.insert(&entry.seeds);
        if is_new {
            self.batches += 1;
            self.cpu += entry.cpu;
        }
        is_new
    }

    /// The seeds, what came of them, and the time for each of `count` things; nothing where there was no batch.
    fn write(
        &self,
        f: &mut fmt::Formatter<'_>,
        campaign: &str,
        outcome: &dyn fmt::Display,
        (count, thing): (usize, &str),
    ) -> fmt::Result {
        let Extent {
            seeds,
            batches,
            cpu,
        } = self;
        if *batches == 0 {
            return Ok(());
        }
        writeln!(f, "{campaign}, seeds {seeds}: {batches} batches")?;
        write!(f, "{outcome}")?;
        let each = 1000.0 * cpu / count.max(1) as f64;
        writeln!(f, "  {cpu:.0} s of processor time, {each:.2} ms a {thing}")
    }
}

/// The sum of some logs.
#[derive(Clone, Debug, Default)]
pub struct Sum {
    pub typed_ir: Tally,
    pub typed_ir_extent: Extent,
    pub julia: Report,
    pub julia_extent: Extent,
    /// Batches that were lost, as they were noted.
    pub lost: Vec<String>,
    /// Lines that are none, such as one that was cut off.
    pub unreadable: usize,
}

impl Sum {
    /// Adds a log. A batch that was run twice counts once.
    ///
    /// # Errors
    /// What the system says.
    pub fn read(&mut self, log: &Path) -> Result<(), String> {
        let text = std::fs::read_to_string(log).map_err(|e| format!("{}: {e}", log.display()))?;
        for line in text.lines() {
            match serde_json::from_str::<Entry>(line) {
                Ok(entry) => self.add(&entry),
                Err(_) => self.unreadable += 1,
            }
        }
        Ok(())
    }

    fn add(&mut self, entry: &Entry) {
        match &entry.outcome {
            Outcome::TypedIr(tally) => {
                if self.typed_ir_extent.add(entry) {
                    self.typed_ir.add(tally);
                }
            }
            Outcome::Julia(report) => {
                if self.julia_extent.add(entry) {
                    self.julia.merge(report);
                }
            }
            Outcome::Lost { campaign, how } => {
                let Range { start, end } = entry.seeds;
                self.lost.push(format!("{campaign} {start}..{end}: {how}"));
            }
        }
    }

    /// Whether something ran, nothing was wrong and nothing was lost.
    pub fn is_clean(&self) -> bool {
        self.typed_ir_extent.batches + self.julia_extent.batches > 0
            && self.typed_ir.wrong == 0
            && self.julia.wrong == 0
            && self.lost.is_empty()
            && self.unreadable == 0
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let functions = (self.typed_ir.functions, "function");
        (self.typed_ir_extent).write(f, "typed IR", &self.typed_ir, functions)?;
        let programs = (self.julia.programs as usize, "program");
        (self.julia_extent).write(f, "Julia", &self.julia, programs)?;
        for lost in &self.lost {
            writeln!(f, "lost: {lost}")?;
        }
        match self.unreadable {
            0 => Ok(()),
            n => writeln!(f, "{n} lines cannot be read"),
        }
    }
}

/// Ranges of seeds.
#[derive(Clone, Debug, Default)]
pub struct Seeds(BTreeSet<(u64, u64)>);

impl Seeds {
    /// Adds a range; whether it was not there.
    pub fn insert(&mut self, range: &Range<u64>) -> bool {
        self.0.insert((range.start, range.end))
    }
}

impl fmt::Display for Seeds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut joined: Vec<(u64, u64)> = Vec::new();
        for &(start, end) in &self.0 {
            match joined.last_mut() {
                Some(last) if last.1 == start => last.1 = end,
                _ => joined.push((start, end)),
            }
        }
        let all: Vec<String> = joined.iter().map(|(a, b)| format!("{a}..{b}")).collect();
        f.write_str(&all.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, Outcome, Sum, append};
    use crate::tally::Tally;

    #[test]
    fn a_sum_counts_a_batch_once_and_tells_what_was_lost_or_cut_off() {
        let folder = tempfile::tempdir().expect("a folder");
        let log = folder.path().join("log");
        let tally = Tally {
            functions: 3,
            ..Tally::default()
        };
        for seeds in [0..10, 10..20, 0..10] {
            let outcome = Outcome::TypedIr(tally.clone());
            let cpu = 1.0;
            append(
                &log,
                &Entry {
                    seeds,
                    cpu,
                    outcome,
                },
            )
            .expect("written");
        }
        let mut sum = Sum::default();
        sum.read(&log).expect("read");
        assert_eq!(sum.typed_ir.functions, 6);
        assert_eq!(sum.typed_ir_extent.seeds.to_string(), "0..20");
        assert!(sum.is_clean());
        let outcome = Outcome::Lost {
            campaign: "typed-ir".into(),
            how: "signal 11".into(),
        };
        let (seeds, cpu) = (20..30, 0.0);
        append(
            &log,
            &Entry {
                seeds,
                cpu,
                outcome,
            },
        )
        .expect("written");
        std::fs::write(&log, std::fs::read_to_string(&log).expect("read") + "{\"se").expect("cut");
        let mut sum = Sum::default();
        sum.read(&log).expect("read");
        assert!(!sum.is_clean());
        assert_eq!((sum.lost.len(), sum.unreadable), (1, 1));
    }
}
