//! Calls by the interpreter and by compiled code: what they mean, what was compared, what was different.
//! A program that cannot be compiled is found among many by halves.

use cranelift_entity::EntitySet;
use jlift_driver::differential::{Batch, Call, Difference, Ending, Run, Settings, Way};
use jlift_ir::{Func, Module};
use std::collections::BTreeMap;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

/// What is wrong with a call.
#[derive(Clone, Debug)]
pub enum Wrong {
    /// Two ways do not agree.
    Differs(Difference),
    /// There is no code for it.
    NoCode { way: Way, message: String },
    /// There is no code for it and all others together, but for each part of them.
    NotTogether { way: Way, message: String },
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Wrong::Differs(difference) => difference.fmt(f),
            Wrong::NoCode { way, message } => write!(f, "no code by {way}: {message}"),
            Wrong::NotTogether { way, message } => {
                write!(f, "no code for all of a batch together by {way}: {message}")
            }
        }
    }
}

impl Wrong {
    /// The way that is wrong, or that differs from the interpreter.
    pub fn way(&self) -> Way {
        match self {
            Wrong::Differs(difference) => difference.ways.1,
            Wrong::NoCode { way, .. } | Wrong::NotTogether { way, .. } => *way,
        }
    }

    /// Whether another is the same as far as it can be told.
    pub fn is_like(&self, other: &Wrong) -> bool {
        let crash = |d: &Difference| matches!(d.seen.1.ending, Ending::Signal(_));
        match (self, other) {
            (Wrong::Differs(a), Wrong::Differs(b)) => {
                a.differs == b.differs && a.ways == b.ways && crash(a) == crash(b)
            }
            (Wrong::NoCode { way: a, message: x }, Wrong::NoCode { way: b, message: y })
            | (Wrong::NotTogether { way: a, message: x }, Wrong::NoCode { way: b, message: y }) => {
                // Names and numbers change, what is said does not.
                let kind = |text: &str| -> String {
                    let words = text.split_whitespace().filter(|w| {
                        !w.contains(|c: char| c.is_ascii_digit() || c == '`' || c == '.')
                    });
                    words.take(8).collect::<Vec<_>>().join(" ")
                };
                a == b && kind(x) == kind(y)
            }
            _ => false,
        }
    }
}

/// What came of some calls.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// How each ended when it was interpreted.
    pub endings: Vec<Ending>,
    /// What is wrong, with the number of the call.
    pub wrong: Vec<(usize, Wrong)>,
    /// Calls that were compared.
    pub compared: usize,
    /// Functions that calls which were compared led to, as the interpreter saw it.
    pub entered: EntitySet<Func>,
    /// Time of each way: compiling and running.
    pub times: BTreeMap<String, (Duration, Duration)>,
}

/// Runs calls by the interpreter and by each way.
pub fn check(
    module: &Module,
    calls: &[Call],
    ways: &[Way],
    settings: &Settings,
) -> Result<Checked, String> {
    let mut checked = Checked::default();
    let mut batch =
        Batch::new(module, calls.to_vec(), settings.clone()).map_err(|e| e.render(false))?;
    let expected = batch.run(Way::Interpreter).map_err(|e| e.render(false))?;
    checked.note_time(&expected);
    checked.endings = expected
        .observations
        .iter()
        .map(|o| o.ending.clone())
        .collect();
    checked.entered = expected.entered.clone();
    batch.keep_defined(&expected);
    checked.compared = (checked.endings.iter())
        .filter(|e| e.means_something())
        .count();
    if checked.compared == 0 {
        return Ok(checked);
    }
    for &way in ways {
        match run(&mut batch, way) {
            Ok(found) => {
                checked.note_time(&found);
                for difference in batch.differences(&expected, &found) {
                    let wrong = Wrong::Differs(difference.clone());
                    checked.wrong.push((difference.call, wrong));
                }
            }
            Err(message) => halves(module, calls, way, settings, message, &mut checked),
        }
    }
    Ok(checked)
}

impl Checked {
    fn note_time(&mut self, run: &Run) {
        let time = self.times.entry(run.way.to_string()).or_default();
        time.0 += run.compiling;
        time.1 += run.running;
    }
}

/// A run; a panic of the compiler is an error like another.
fn run(batch: &mut Batch, way: Way) -> Result<Run, String> {
    match catch_unwind(AssertUnwindSafe(|| batch.run(way))) {
        Ok(Ok(run)) => Ok(run),
        Ok(Err(failure)) => Err(failure.render(false)),
        Err(panic) => {
            let text = (panic.downcast_ref::<String>().map(String::as_str))
                .or_else(|| panic.downcast_ref::<&str>().copied());
            Err(format!("panic: {}", text.unwrap_or("?")))
        }
    }
}

/// Which of some functions cannot be compiled; the calls of the others are compared. Where there is code
/// for each part of them, that they are together is what is wrong.
fn halves(
    module: &Module,
    calls: &[Call],
    way: Way,
    settings: &Settings,
    message: String,
    checked: &mut Checked,
) {
    let mut functions: Vec<Func> = calls.iter().map(|c| c.func).collect();
    functions.dedup();
    let mut explained = false;
    let mut work = vec![(functions, Some(message.clone()))];
    while let Some((functions, failed)) = work.pop() {
        let chosen: Vec<usize> = (0..calls.len())
            .filter(|&n| functions.contains(&calls[n].func))
            .collect();
        let failed = match failed {
            Some(message) => message,
            None => {
                let some: Vec<Call> = chosen.iter().map(|&n| calls[n].clone()).collect();
                match part(module, some, way, settings) {
                    Ok(differences) => {
                        for (own, difference) in differences {
                            if let Some(&n) = chosen.get(own) {
                                checked.wrong.push((n, Wrong::Differs(difference)));
                            }
                        }
                        continue;
                    }
                    Err(message) => message,
                }
            }
        };
        if functions.len() > 1 {
            let (a, b) = functions.split_at(functions.len() / 2);
            work.push((a.to_vec(), None));
            work.push((b.to_vec(), None));
        } else if let Some(&n) = chosen.first() {
            explained = true;
            let message = failed;
            checked.wrong.push((n, Wrong::NoCode { way, message }));
        }
    }
    if !explained {
        let wrong = Wrong::NotTogether { way, message };
        checked.wrong.push((0, wrong));
    }
}

/// The differences of some calls, with the numbers that they have among these.
fn part(
    module: &Module,
    calls: Vec<Call>,
    way: Way,
    settings: &Settings,
) -> Result<Vec<(usize, Difference)>, String> {
    let text = |failure: jlift_driver::Failure| failure.render(false);
    let mut batch = Batch::new(module, calls, settings.clone()).map_err(text)?;
    let expected = batch.run(Way::Interpreter).map_err(text)?;
    batch.keep_defined(&expected);
    let found = run(&mut batch, way)?;
    let differences = batch.differences(&expected, &found);
    Ok(differences.into_iter().map(|d| (d.call, d)).collect())
}
