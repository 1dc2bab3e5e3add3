//! Executes Julia programs all ways and says what is wrong with each. What cannot be compiled
//! together is tried in halves, so that one program that is refused does not hide the others.

use super::report::Report;
use jlift_driver::differential::{
    Argument, Batch, Call, Ending, Input, Observation, Run, Settings, Way,
};
use jlift_driver::source::{Ending as TopLevel, Program as Source};
use jlift_driver::{Failure, Options};
use jlift_generate::julia::{Program, SHARED};
use jlift_ir::verify::verify_module;
use jlift_ir::{Func, Module};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

/// A problem of a program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Problem {
    /// Not supported, as the front end says.
    Refused(String),
    /// Something that must not happen: a panic, an internal error, typed IR that is valid and of which
    /// there is no code.
    Broken(String),
    /// Broken together with the others of its batch, and not without them.
    BrokenTogether(String),
    /// Two ways do not agree.
    Differs { ways: String, text: String },
    /// The interpreter found an access or a result that a defined program does not have.
    Invalid(String),
}

impl Problem {
    /// What stays the same while the program is made smaller.
    pub fn kind(&self) -> String {
        let masked = |text: &str| -> String {
            let line = text.lines().next().unwrap_or_default();
            let mut out = String::new();
            for c in line.chars() {
                match c {
                    '0'..='9' if out.ends_with('#') => {}
                    '0'..='9' => out.push('#'),
                    c => out.push(c),
                }
            }
            out
        };
        match self {
            Problem::Refused(text) => format!("refused: {}", masked(text)),
            Problem::Broken(text) => format!("broken: {}", masked(text)),
            Problem::BrokenTogether(text) => format!("broken together: {}", masked(text)),
            Problem::Differs { ways, .. } => format!("differs: {ways}"),
            Problem::Invalid(text) => format!("invalid: {}", masked(text)),
        }
    }

    /// All of it.
    pub fn text(&self) -> String {
        match self {
            Problem::Refused(text) => format!("refused: {text}"),
            Problem::Broken(text) => format!("broken: {text}"),
            Problem::BrokenTogether(text) => format!("broken together with others: {text}"),
            Problem::Differs { ways, text } => format!("{ways}: {text}"),
            Problem::Invalid(text) => format!("invalid: {text}"),
        }
    }
}

/// A problem, and the program that has it.
#[derive(Clone, Debug)]
pub struct Found {
    pub program: usize,
    pub problem: Problem,
}

/// One entry with its inputs.
struct Entry {
    program: usize,
    name: String,
    inputs: Vec<i64>,
}

/// Executes programs; what is wrong with any of them.
pub fn examine(programs: &[Program], ways: &[Way], report: &mut Report) -> Vec<Found> {
    let mut out = Vec::new();
    examine_together(programs, ways, report, &mut out);
    out
}

/// Whether there was code for all of them.
fn examine_together(
    programs: &[Program],
    ways: &[Way],
    report: &mut Report,
    out: &mut Vec<Found>,
) -> bool {
    let Some(first) = programs.first() else {
        return true;
    };
    let mut text = String::from(SHARED);
    let mut entries = Vec::with_capacity(programs.len());
    for program in programs {
        text.push_str(&program.text());
        entries.push(Entry {
            program: program.index,
            name: program.entry(),
            inputs: program.inputs.clone(),
        });
    }
    // What is tried again is counted when it succeeds.
    let mut own = Report::default();
    let problem = match guarded(|| execute(&text, &entries, ways, &mut own)) {
        Ok(found) => {
            report.merge(&own);
            out.extend(found);
            return true;
        }
        Err(problem) => problem,
    };
    if let [only] = programs {
        out.push(Found {
            program: only.index,
            problem,
        });
        return false;
    }
    // A message that names programs is about them.
    let guilty = named(&problem.text(), programs);
    let all_of_them = if guilty.is_empty() {
        let (some, rest) = programs.split_at(programs.len() / 2);
        let some = examine_together(some, ways, report, out);
        examine_together(rest, ways, report, out) && some
    } else {
        let (some, rest): (Vec<Program>, Vec<Program>) =
            (programs.iter().cloned()).partition(|p| guilty.contains(&p.index));
        let mut each = true;
        for program in &some {
            each &= examine_together(std::slice::from_ref(program), ways, report, out);
        }
        examine_together(&rest, ways, report, out) && each
    };
    if all_of_them {
        out.push(Found {
            program: first.index,
            problem: Problem::BrokenTogether(problem.text()),
        });
    }
    // Told here; the batch around it need not be told again.
    false
}

/// The programs whose entries, functions or types a text names.
fn named(text: &str, programs: &[Program]) -> Vec<usize> {
    let mut out = Vec::new();
    for word in text.split(|c: char| !c.is_alphanumeric() && c != '_') {
        let digits = word
            .strip_prefix(['p', 'f', 'S'])
            .map(|rest| rest.split('_').next().unwrap_or(rest));
        if let Some(Ok(index)) = digits.map(str::parse)
            && !out.contains(&index)
            && programs.iter().any(|p| p.index == index)
        {
            out.push(index);
        }
    }
    out
}

/// A panic of the compiler is a problem like any other.
fn guarded<T>(f: impl FnOnce() -> Result<T, Problem>) -> Result<T, Problem> {
    match catch_unwind(AssertUnwindSafe(f)) {
        Ok(result) => result,
        Err(payload) => {
            let text = payload
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| payload.downcast_ref::<&str>().copied())
                .unwrap_or("a panic");
            Err(Problem::Broken(format!("panic: {text}")))
        }
    }
}

/// What the front end says: a refusal, unless it says itself that it must not happen.
fn refusal(failure: &Failure) -> Problem {
    let text = failure.render(false);
    match text.contains("internal error") {
        true => Problem::Broken(text),
        false => Problem::Refused(text),
    }
}

/// Whatever cannot be done with valid typed IR.
fn broken(failure: &Failure) -> Problem {
    Problem::Broken(failure.render(false))
}

/// Typed IR of the entries of a file.
fn typed(text: &str, entries: &[Entry]) -> Result<(Module, Vec<Func>), Problem> {
    let options = Options {
        exports: entries
            .iter()
            .map(|e| format!("{}(Int64)", e.name))
            .collect(),
        threads: 1,
        ..Options::default()
    };
    let mut source = Source::new(options).map_err(|e| refusal(&e))?;
    match source.eval_code(text).map_err(|e| refusal(&e))? {
        TopLevel::Done => {}
        TopLevel::Uncaught(text) => {
            return Err(Problem::Broken(format!("the top level: {text}")));
        }
    }
    let session = source.into_session().map_err(|e| refusal(&e))?;
    if let Err(errors) = verify_module(&session.module) {
        let first = errors.first().map(ToString::to_string).unwrap_or_default();
        return Err(Problem::Broken(format!("typed IR is not valid: {first}")));
    }
    Ok((session.module, session.exports))
}

fn execute(
    text: &str,
    entries: &[Entry],
    ways: &[Way],
    report: &mut Report,
) -> Result<Vec<Found>, Problem> {
    let begun = Instant::now();
    let (module, exports) = typed(text, entries)?;
    report.times.inferring += begun.elapsed();
    report.functions += module.functions.len() as u64;
    let mut calls = Vec::new();
    let mut of = Vec::new();
    for (entry, &func) in entries.iter().zip(&exports) {
        for &input in &entry.inputs {
            let args = vec![Argument::Bytes(input.to_le_bytes().to_vec())];
            let buffers = Vec::new();
            calls.push(Call {
                func,
                input: Input { args, buffers },
            });
            of.push((entry, input));
        }
    }
    let settings = Settings {
        fuel: 2_000_000,
        ..Settings::default()
    };
    let mut batch = Batch::new(&module, calls, settings).map_err(|e| broken(&e))?;
    let expected = batch.run(Way::Interpreter).map_err(|e| broken(&e))?;
    report.note_run(&expected, entries.len());
    let mut findings = Findings::new(&of);
    for (call, seen) in expected.observations.iter().enumerate() {
        match &seen.ending {
            Ending::Undefined(what) | Ending::Fault(what) | Ending::Stopped(what) => {
                findings.add(call, |name| Problem::Invalid(format!("{name}: {what}")));
            }
            Ending::Unsupported(what) => report.note_lacking(what),
            _ => {}
        }
    }
    let mut runs: Vec<Run> = Vec::new();
    for &way in ways {
        let run = batch.run(way).map_err(|e| broken(&e))?;
        report.note_run(&run, entries.len());
        runs.push(run);
    }
    for run in &runs {
        findings.differences(&batch, &expected, run);
    }
    if let [first, rest @ ..] = &runs[..] {
        for run in rest {
            findings.differences(&batch, first, run);
        }
    }
    for (call, seen) in expected.observations.iter().enumerate() {
        match seen.ending {
            _ if findings.calls.contains(&call) => report.different += 1,
            Ending::Returned | Ending::Threw(_) => report.same += 1,
            _ => report.same_compiled += 1,
        }
        let compiled = runs.first().and_then(|run| run.observations.get(call));
        let ending = compiled.map(|seen| &seen.ending);
        report.threw += u64::from(matches!(ending, Some(Ending::Threw(_))));
    }
    report.programs += entries.len() as u64;
    Ok(findings.found)
}

/// What is found wrong with calls, one problem of each program.
struct Findings<'a> {
    /// What each call calls, and with what.
    of: &'a [(&'a Entry, i64)],
    found: Vec<Found>,
    /// All calls with something wrong.
    calls: BTreeSet<usize>,
}

impl<'a> Findings<'a> {
    fn new(of: &'a [(&'a Entry, i64)]) -> Self {
        Findings {
            of,
            found: Vec::new(),
            calls: BTreeSet::new(),
        }
    }

    fn add(&mut self, call: usize, problem: impl FnOnce(&str) -> Problem) {
        self.calls.insert(call);
        let Some((entry, input)) = self.of.get(call) else {
            return;
        };
        if self.found.iter().all(|f| f.program != entry.program) {
            self.found.push(Found {
                program: entry.program,
                problem: problem(&format!("{}({input})", entry.name)),
            });
        }
    }

    /// Calls that two runs executed and that they do not agree on.
    fn differences(&mut self, batch: &Batch, expected: &Run, found: &Run) {
        for difference in batch.differences(expected, found) {
            let executed = |seen: &Observation| {
                !matches!(
                    seen.ending,
                    Ending::TooMuch(_) | Ending::Unsupported(_) | Ending::NotRun
                )
            };
            if executed(&difference.seen.0) && executed(&difference.seen.1) {
                self.add(difference.call, |name| Problem::Differs {
                    ways: format!("{} and {}", expected.way, found.way),
                    text: format!("{name}: {difference}"),
                });
            }
        }
    }
}

/// What came of a program in a file.
#[derive(Clone, Debug, Default)]
pub struct Replayed {
    pub problems: Vec<String>,
    /// Its calls, and those that were interpreted to the end and did the same by all ways.
    pub calls: usize,
    pub same: usize,
}

/// Executes a program in a file, whose last lines print what its entry gives.
pub fn replay(text: &str, ways: &[Way]) -> Replayed {
    let mut replayed = Replayed::default();
    let mut inputs = Vec::new();
    let mut name = String::new();
    let mut kept = String::new();
    for line in text.lines() {
        let call = line
            .strip_prefix("println(try ")
            .and_then(|rest| rest.split_once(" catch"));
        match call.and_then(|(call, _)| call.strip_suffix(')')?.split_once('(')) {
            Some((entry, input)) => {
                name = entry.to_string();
                match input.parse::<i64>() {
                    Ok(input) => inputs.push(input),
                    Err(_) => replayed.problems.push(format!("`{input}` is no input")),
                }
            }
            None => {
                kept.push_str(line);
                kept.push('\n');
            }
        }
    }
    if inputs.is_empty() {
        replayed.problems.push("no calls in it".into());
        return replayed;
    }
    replayed.calls = inputs.len();
    let entries = [Entry {
        program: 0,
        name,
        inputs,
    }];
    let mut report = Report::default();
    match guarded(|| execute(&kept, &entries, ways, &mut report)) {
        Ok(found) => {
            let found = found.iter().map(|f| f.problem.text());
            replayed.problems.extend(found);
        }
        Err(problem) => replayed.problems.push(problem.text()),
    }
    replayed.same = report.same as usize;
    replayed
}
