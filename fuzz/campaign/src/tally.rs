//! What a campaign of typed IR counts.

use crate::check::{Checked, Wrong};
use jlift_driver::differential::{Ending, Way};
use jlift_ir::Func;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// Counts of a range of seeds. Functions are those that calls of a root lead to: they are compiled, and
/// executed as far as the calls get.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Tally {
    pub groups: usize,
    pub functions: usize,
    /// Functions of groups of which a call was compared.
    pub compared_functions: usize,
    /// Of these, functions that a call which was compared led to, as the interpreter saw it; `None` of
    /// logs that do not tell.
    #[serde(default)]
    pub entered: Option<usize>,
    pub calls: usize,
    pub compared: usize,
    /// Of those compared, exceptions.
    pub threw: usize,
    /// Calls that were not compared, by reason.
    pub skipped: BTreeMap<String, usize>,
    /// Groups with something wrong.
    pub wrong: usize,
    pub by_way: BTreeMap<String, ByWay>,
}

/// What one way of execution did.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ByWay {
    /// Functions of groups of which a call was compared.
    pub functions: usize,
    pub compiling: Duration,
    pub running: Duration,
}

impl ByWay {
    /// Adds the counts of others.
    pub fn add(&mut self, other: &ByWay) {
        self.functions += other.functions;
        self.compiling += other.compiling;
        self.running += other.running;
    }
}

impl Tally {
    /// Counts what came of the calls of a batch by some ways. `owners` gives the number of the group of
    /// each call, `groups` the functions of each group that calls of its root lead to.
    pub fn count(
        &mut self,
        checked: &Checked,
        ways: &[Way],
        owners: &[usize],
        groups: &[Vec<Func>],
    ) {
        let sizes: Vec<usize> = groups.iter().map(Vec::len).collect();
        let all = groups.iter().flatten();
        let entered = all.filter(|&&func| checked.entered.contains(func)).count();
        self.entered = Some(self.entered.unwrap_or(0) + entered);
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
        let functions = functions.map(|(n, _)| n).sum::<usize>();
        self.compared_functions += functions;
        let mut groups: Vec<usize> = (checked.wrong.iter())
            .filter_map(|(call, _)| owners.get(*call).copied())
            .collect();
        groups.sort_unstable();
        groups.dedup();
        self.wrong += groups.len();
        for way in [Way::Interpreter].iter().chain(ways) {
            let without_code = (checked.wrong.iter())
                .filter(|(_, wrong)| wrong.way() == *way && !matches!(wrong, Wrong::Differs(_)))
                .filter_map(|(call, _)| sizes.get(*owners.get(*call)?));
            let without_code = without_code.sum::<usize>();
            let by = self.by_way.entry(way.to_string()).or_default();
            by.functions += functions.saturating_sub(without_code);
        }
        for (way, time) in &checked.times {
            let by = self.by_way.entry(way.clone()).or_default();
            by.compiling += time.0;
            by.running += time.1;
        }
    }

    /// Adds the counts of others.
    pub fn add(&mut self, other: &Tally) {
        // What some logs do not tell is not known of the sum.
        self.entered = match self.groups == 0 {
            true => other.entered,
            false => self.entered.zip(other.entered).map(|(a, b)| a + b),
        };
        self.groups += other.groups;
        self.functions += other.functions;
        self.compared_functions += other.compared_functions;
        self.calls += other.calls;
        self.compared += other.compared;
        self.threw += other.threw;
        self.wrong += other.wrong;
        for (reason, count) in &other.skipped {
            *self.skipped.entry(reason.clone()).or_default() += count;
        }
        for (way, by) in &other.by_way {
            self.by_way.entry(way.clone()).or_default().add(by);
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
        let entered = match self.entered {
            Some(n) => format!(", {n} entered by calls that were compared"),
            None => String::new(),
        };
        writeln!(
            f,
            "{} functions in {} groups, {} in groups that were compared{entered}; {} calls, {} compared ({} threw); {} wrong",
            self.functions,
            self.groups,
            self.compared_functions,
            self.calls,
            self.compared,
            self.threw,
            self.wrong
        )?;
        for (reason, count) in &self.skipped {
            writeln!(f, "  not compared, {reason}: {count}")?;
        }
        for (way, by) in &self.by_way {
            let (a, b) = (by.compiling.as_secs_f64(), by.running.as_secs_f64());
            let n = by.functions;
            writeln!(f, "  {way}: {n} functions, compiled {a:.1} s, run {b:.1} s")?;
        }
        Ok(())
    }
}
