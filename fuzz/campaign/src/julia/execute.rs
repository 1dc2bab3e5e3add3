//! Executes Julia programs all ways and says what is wrong with each. What cannot be compiled
//! together is tried in halves, so that one program that is refused does not hide the others.

use super::report::Report;
use jlift_driver::differential::{Argument, Batch, Call, Ending, Input, Run, Settings, Way};
use jlift_driver::source::{Ending as TopLevel, Program as Source};
use jlift_driver::{CodeLevel, Options};
use jlift_generate::julia::{Program, SHARED};
use jlift_ir::{Func, Module};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

/// What came of a call.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// All ways agree.
    Same,
    /// The compiled ways agree; the interpreter was not given enough, or does not know something.
    SameCompiled,
}

/// A problem of a program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Problem {
    /// Not supported, with the message.
    Refused(String),
    /// Something that must not happen: a panic, an internal error, code that LLVM does not take.
    Broken(String),
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
            Problem::Differs { ways, .. } => format!("differs: {ways}"),
            Problem::Invalid(text) => format!("invalid: {}", masked(text)),
        }
    }

    /// All of it.
    pub fn text(&self) -> String {
        match self {
            Problem::Refused(text) => format!("refused: {text}"),
            Problem::Broken(text) => format!("broken: {text}"),
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
pub fn examine(programs: &[Program], llvm: bool, report: &mut Report) -> Vec<Found> {
    let mut out = Vec::new();
    examine_together(programs, llvm, report, &mut out);
    out
}

fn examine_together(programs: &[Program], llvm: bool, report: &mut Report, out: &mut Vec<Found>) {
    if programs.is_empty() {
        return;
    }
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
    let problem = match guarded(|| execute(&text, &entries, llvm, report)) {
        Ok(found) => {
            out.extend(found);
            return;
        }
        Err(problem) => problem,
    };
    match programs {
        [only] => out.push(Found {
            program: only.index,
            problem,
        }),
        _ => {
            // A message that names programs is about them.
            let guilty = named(&problem.text(), programs);
            if guilty.is_empty() {
                let (first, second) = programs.split_at(programs.len() / 2);
                examine_together(first, llvm, report, out);
                examine_together(second, llvm, report, out);
                return;
            }
            let (some, rest): (Vec<Program>, Vec<Program>) = programs
                .iter()
                .cloned()
                .partition(|p| guilty.contains(&p.index));
            for program in &some {
                examine_together(std::slice::from_ref(program), llvm, report, out);
            }
            examine_together(&rest, llvm, report, out);
        }
    }
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

fn failure(failure: &jlift_driver::Failure) -> Problem {
    let text = failure.render(false);
    let is_internal = text.contains("internal error");
    match is_internal {
        true => Problem::Broken(text),
        false => Problem::Refused(text),
    }
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
    let mut source = Source::new(options).map_err(|e| failure(&e))?;
    match source.eval_code(text).map_err(|e| failure(&e))? {
        TopLevel::Done => {}
        TopLevel::Uncaught(text) => {
            return Err(Problem::Broken(format!("the top level: {text}")));
        }
    }
    let session = source.into_session().map_err(|e| failure(&e))?;
    Ok((session.module, session.exports))
}

fn execute(
    text: &str,
    entries: &[Entry],
    llvm: bool,
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
    let mut batch = Batch::new(&module, calls, settings).map_err(|e| failure(&e))?;
    let mut out = Vec::new();
    let expected = batch.run(Way::Interpreter).map_err(|e| failure(&e))?;
    report.times.interpreting += expected.running;
    for (&(entry, input), seen) in of.iter().zip(&expected.observations) {
        match &seen.ending {
            Ending::Undefined(what) | Ending::Fault(what) | Ending::Stopped(what) => {
                out.push(Found {
                    program: entry.program,
                    problem: Problem::Invalid(format!("{}({input}): {what}", entry.name)),
                });
            }
            Ending::Unsupported(what) => report.note_lacking(what),
            _ => {}
        }
    }
    let mut ways = vec![Way::Cranelift(CodeLevel::O0), Way::Cranelift(CodeLevel::O2)];
    if llvm {
        ways.push(Way::Llvm(CodeLevel::O2));
    }
    let mut runs: Vec<Run> = Vec::new();
    for way in ways {
        let run = batch.run(way).map_err(|e| failure(&e))?;
        report.note_run(&run);
        runs.push(run);
    }
    let mut differs = |expected: &Run, found: &Run| {
        for difference in batch.differences(expected, found) {
            let executed = |run: &Run| {
                !matches!(
                    run.observations[difference.call].ending,
                    Ending::TooMuch(_) | Ending::Unsupported(_) | Ending::NotRun
                )
            };
            if !executed(expected) || !executed(found) {
                continue;
            }
            let (entry, input) = of[difference.call];
            if out.iter().any(|f: &Found| f.program == entry.program) {
                continue;
            }
            out.push(Found {
                program: entry.program,
                problem: Problem::Differs {
                    ways: format!("{} and {}", expected.way, found.way),
                    text: format!("{}({input}): {difference}", entry.name),
                },
            });
        }
    };
    for run in &runs {
        differs(&expected, run);
    }
    if let [first, rest @ ..] = &runs[..] {
        for run in rest {
            differs(first, run);
        }
    }
    for (seen, compiled) in expected.observations.iter().zip(&runs[0].observations) {
        report.note_call(match seen.ending {
            Ending::Returned | Ending::Threw(_) => Verdict::Same,
            _ => Verdict::SameCompiled,
        });
        report.threw += u64::from(matches!(compiled.ending, Ending::Threw(_)));
    }
    report.programs += entries.len() as u64;
    Ok(out)
}

/// What is wrong with a program in a file, whose last lines print what its entry gives.
pub fn replay(text: &str, llvm: bool) -> Vec<String> {
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
                inputs.extend(input.parse::<i64>());
            }
            None => {
                kept.push_str(line);
                kept.push('\n');
            }
        }
    }
    if inputs.is_empty() {
        return vec!["no calls in it".into()];
    }
    let entries = [Entry {
        program: 0,
        name,
        inputs,
    }];
    match guarded(|| execute(&kept, &entries, llvm, &mut Report::default())) {
        Ok(found) => found.iter().map(|f| f.problem.text()).collect(),
        Err(problem) => vec![problem.text()],
    }
}
