//! What a campaign counts.

use crate::check::Checked;
use jlift_driver::differential::Ending;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// Counts of a range of seeds.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub groups: usize,
    pub functions: usize,
    /// Functions of groups of which a call was compared.
    pub compared_functions: usize,
    pub calls: usize,
    pub compared: usize,
    /// Of those compared, exceptions.
    pub threw: usize,
    /// Calls that were not compared, by reason.
    pub skipped: BTreeMap<String, usize>,
    /// Seeds with something wrong.
    pub wrong: usize,
    pub times: BTreeMap<String, (Duration, Duration)>,
}

impl Tally {
    /// Counts what came of the calls of a batch. `owners` gives the number of the group of each call,
    /// `sizes` the number of functions of each group.
    pub fn count(&mut self, checked: &Checked, owners: &[usize], sizes: &[usize]) {
        self.groups += sizes.len();
        self.functions += sizes.iter().sum::<usize>();
        self.calls += checked.endings.len();
        self.compared += checked.compared;
        let mut compared = vec![false; sizes.len()];
        for (ending, &owner) in checked.endings.iter().zip(owners) {
            self.threw += usize::from(matches!(ending, Ending::Threw(_)));
            match ending.means_something() {
                true => {
                    if let Some(group) = compared.get_mut(owner) {
                        *group = true;
                    }
                }
                false => *self.skipped.entry(reason(ending)).or_default() += 1,
            }
        }
        let functions = sizes.iter().zip(&compared).filter(|(_, c)| **c);
        self.compared_functions += functions.map(|(n, _)| n).sum::<usize>();
        let mut groups: Vec<usize> = (checked.wrong.iter())
            .filter_map(|(call, _)| owners.get(*call).copied())
            .collect();
        groups.sort_unstable();
        groups.dedup();
        self.wrong += groups.len();
        for (way, time) in &checked.times {
            let sum = self.times.entry(way.clone()).or_default();
            sum.0 += time.0;
            sum.1 += time.1;
        }
    }
}

/// Why a call was not compared, in a few words.
fn reason(ending: &Ending) -> String {
    match ending {
        Ending::Undefined(_) => "undefined".into(),
        Ending::Fault(_) => "invalid access".into(),
        Ending::Stopped(_) => "stopped".into(),
        Ending::TooMuch(what) => format!("too many {what}"),
        Ending::Unsupported(what) => {
            let end = what.find(" in ").unwrap_or(what.len());
            format!("unsupported: {}", &what[..end])
        }
        other => other.to_string(),
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} functions in {} groups, {} of them compared; {} calls, {} compared ({} threw); {} wrong",
            self.functions,
            self.groups,
            self.compared_functions,
            self.calls,
            self.compared,
            self.threw,
            self.wrong
        )?;
        for (reason, count) in &self.skipped {
            writeln!(f, "  skipped {count}: {reason}")?;
        }
        for (way, (compiling, running)) in &self.times {
            let (a, b) = (compiling.as_secs_f64(), running.as_secs_f64());
            writeln!(f, "  {way}: compiled {a:.1} s, run {b:.1} s")?;
        }
        Ok(())
    }
}
