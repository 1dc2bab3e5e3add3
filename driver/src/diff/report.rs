//! What a comparison has found, and its text.

use super::Request;
use crate::differential::{Run, Way};
use std::fmt;
use std::time::Duration;

/// All of it.
#[derive(Clone, Debug)]
pub struct Report {
    pub seed: u64,
    pub functions: Vec<Function>,
    pub skipped: Vec<Skipped>,
    /// At most one for each function and way.
    pub differences: Vec<Difference>,
    pub times: Vec<WayTimes>,
    /// Why LLVM was left out.
    pub without_llvm: Option<String>,
}

/// What became of the calls of one function.
#[derive(Clone, Debug)]
pub struct Function {
    pub name: String,
    pub calls: usize,
    /// Those whose meaning the interpreter knows.
    pub compared: usize,
    /// Of these, those that end with an exception.
    pub threw: usize,
    /// Those of which Julia says nothing: undefined results, memory that is not theirs.
    pub undefined: usize,
    /// Those that the interpreter could not execute, or not in time.
    pub not_judged: usize,
    /// Of these, those that compiled code came back from: the compiled ways are compared with the
    /// first of them.
    pub compiled_only: usize,
    /// What became of the first call that was not compared.
    pub why: Option<String>,
    /// Calls on which a way differs from the one beside it, counted for every way.
    pub differences: usize,
}

/// A function that was not called.
#[derive(Clone, Debug)]
pub struct Skipped {
    pub function: String,
    pub why: String,
}

/// A call on which a way differs from another.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The number of the function.
    pub function: usize,
    pub way: Way,
    /// The interpreter, or, where that cannot judge, the first of the compiled ways.
    pub beside: Way,
    /// The smallest call that was found.
    pub call: String,
    /// What is different.
    pub shown: String,
}

/// What a way has taken.
#[derive(Copy, Clone, Debug)]
pub struct WayTimes {
    pub way: Way,
    pub compiling: Duration,
    pub running: Duration,
}

impl WayTimes {
    pub(super) fn of(run: &Run) -> WayTimes {
        WayTimes {
            way: run.way,
            compiling: run.compiling,
            running: run.running,
        }
    }
}

impl Function {
    /// Calls that at least two ways have executed.
    pub fn all_compared(&self) -> usize {
        self.compared + self.compiled_only
    }

    pub(super) fn new(name: String) -> Function {
        Function {
            name,
            calls: 0,
            compared: 0,
            threw: 0,
            undefined: 0,
            not_judged: 0,
            compiled_only: 0,
            why: None,
            differences: 0,
        }
    }
}

impl Report {
    pub(super) fn new(request: &Request) -> Report {
        Report {
            seed: request.seed,
            functions: Vec::new(),
            skipped: Vec::new(),
            differences: Vec::new(),
            times: Vec::new(),
            without_llvm: None,
        }
    }

    /// Whether all ways agree.
    pub fn agrees(&self) -> bool {
        self.differences.is_empty()
    }

    /// Calls that at least two ways have executed.
    pub fn compared(&self) -> usize {
        self.functions.iter().map(Function::all_compared).sum()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for function in &self.functions {
            match function.all_compared() {
                0 => write!(f, "{}: NOTHING COMPARED", function.name)?,
                _ => write!(
                    f,
                    "{}: {} of {} calls compared, {} of them exceptions",
                    function.name, function.compared, function.calls, function.threw
                )?,
            }
            if function.undefined > 0 {
                write!(f, "; {} undefined", function.undefined)?;
            }
            if function.not_judged > 0 {
                write!(f, "; {} not judged", function.not_judged)?;
            }
            if function.compiled_only > 0 {
                write!(
                    f,
                    ", {} of them compared without the interpreter",
                    function.compiled_only
                )?;
            }
            if let Some(why) = &function.why {
                write!(f, " ({why})")?;
            }
            if function.differences > 0 {
                write!(f, "; {} differ", function.differences)?;
            }
            writeln!(f)?;
        }
        for skipped in &self.skipped {
            writeln!(f, "{}: not compared: {}", skipped.function, skipped.why)?;
        }
        if !self.times.is_empty() {
            writeln!(f, "\n{:<14} {:>10} {:>10}", "", "compiled", "ran")?;
        }
        for times in &self.times {
            writeln!(
                f,
                "{:<14} {:>10} {:>10}",
                times.way.to_string(),
                milliseconds(times.compiling),
                milliseconds(times.running)
            )?;
        }
        if let Some(why) = &self.without_llvm {
            writeln!(f, "\nLLVM is left out: {why}")?;
        }
        for difference in &self.differences {
            let calls = self.functions.get(difference.function);
            let count = calls.map_or(0, |function| function.differences);
            let beside = match difference.beside {
                Way::Interpreter => "the interpreter".to_string(),
                way => format!("{way}, which the interpreter cannot judge,"),
            };
            writeln!(f, "\n{} differs from {beside} on", difference.way)?;
            writeln!(f, "    {}", difference.call)?;
            for line in difference.shown.lines() {
                writeln!(f, "  {line}")?;
            }
            writeln!(f, "  ({count} such calls with --seed {})", self.seed)?;
        }
        match self.differences.len() {
            0 if self.compared() == 0 => writeln!(f, "\nnothing was compared"),
            0 => Ok(()),
            1 => writeln!(f, "\n1 difference"),
            n => writeln!(f, "\n{n} differences"),
        }
    }
}

fn milliseconds(time: Duration) -> String {
    match time.as_secs_f64() * 1e3 {
        0.0 => "-".into(),
        ms => format!("{ms:.1} ms"),
    }
}
