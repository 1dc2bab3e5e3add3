//! `jlift diff`: exported functions are called with inputs made for their signatures, by every way of
//! execution, and every difference is reported with an input that was made as small as possible.
//! Knows what to call with what; how calls are executed and compared is `differential`.

mod input;
mod report;
mod shrink;
mod unjudged;

pub use report::{Difference, Function, Report, Skipped, WayTimes};

use crate::cells::is_cell;
use crate::diagnostic::Failure;
use crate::differential::{Batch, Call, Ending, Run, Settings, Way};
use crate::session::Session;
use cranelift_entity::EntitySet;
use input::Generator;
use jlift_ir::text::type_text;
use jlift_ir::{Func, Intrinsic, Module, Op, Type};
use jlift_optimize::effects::callees;

/// What is compared.
#[derive(Clone, Debug)]
pub struct Request {
    /// Decides all inputs.
    pub seed: u64,
    /// Calls of each function.
    pub count: usize,
    /// How calls are executed.
    pub settings: Settings,
}

/// What is being done, for whoever waits.
#[derive(Clone, Debug)]
pub enum Progress {
    /// So many steps are to come.
    Steps(usize),
    /// A step begins.
    Begin(String),
    /// It has ended.
    Done,
}

/// Compares the exports of a session of which nothing was compiled.
pub fn diff(
    session: &Session,
    request: &Request,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, Failure> {
    let module = &session.module;
    let mut report = Report::new(request);
    let mut ways: Vec<Way> = Way::ALL.to_vec();
    if let Err(why) = crate::llvm::find_tools(request.settings.llvm_bin.as_deref()) {
        ways.retain(|way| !matches!(way, Way::Llvm(_)));
        report.without_llvm = Some(why);
    }
    let mut generator = Generator::new(request.seed);
    let mut calls = Vec::new();
    let mut owners = Vec::new();
    for &func in &session.exports {
        let made = match globals(module, func) {
            Some(variable) => Err(format!(
                "it uses {variable}, in which each way would have to find the same before every call"
            )),
            None => generator.calls(module, func, request.count),
        };
        match made {
            Ok(made) => {
                owners.extend(std::iter::repeat_n(report.functions.len(), made.len()));
                let inputs = made.into_iter();
                calls.extend(inputs.map(|input| Call { func, input }));
                report
                    .functions
                    .push(Function::new(described(module, func)));
            }
            Err(why) => report.skipped.push(Skipped {
                function: described(module, func),
                why,
            }),
        }
    }
    if calls.is_empty() {
        return Ok(report);
    }
    progress(Progress::Steps(ways.len()));
    let mut batch = Batch::new(module, calls, request.settings.clone())?;
    let mut step = |batch: &mut Batch, way: Way| {
        progress(Progress::Begin(way.to_string()));
        let run = batch.run(way);
        progress(Progress::Done);
        run
    };
    let expected = step(&mut batch, Way::Interpreter)?;
    report.times.push(WayTimes::of(&expected));
    for (seen, &owner) in expected.observations.iter().zip(&owners) {
        report.functions[owner].count(&seen.ending);
    }
    // What the interpreter cannot judge is left to the others: they have each other.
    let unjudged = unjudged::find(&mut batch, &expected, module, &request.settings)?;
    let mut first: Option<Run> = None;
    let mut found = Vec::new();
    for &way in ways.iter().filter(|w| **w != Way::Interpreter) {
        let run = step(&mut batch, way)?;
        report.times.push(WayTimes::of(&run));
        let judged = batch.differences(&expected, &run).into_iter();
        found.extend(judged.filter(|d| !unjudged.contains(&d.call)));
        let Some(first) = &first else {
            unjudged::count(&mut batch, &run, &unjudged, &owners, &mut report);
            first = Some(run);
            continue;
        };
        let others = batch.differences(first, &run).into_iter();
        found.extend(others.filter(|d| unjudged.contains(&d.call)));
    }
    // One for each function and way is enough to be looked into.
    let mut told: Vec<(usize, Way)> = Vec::new();
    let mut smallest_calls: Vec<Call> = Vec::new();
    for difference in found {
        let owner = owners[difference.call];
        report.functions[owner].differences += 1;
        if told.contains(&(owner, difference.ways.1)) {
            continue;
        }
        told.push((owner, difference.ways.1));
        let call = batch.calls().nth(difference.call).cloned();
        let Some(call) = call else { continue };
        progress(Progress::Begin(format!(
            "making a difference of {} smaller",
            report.functions[owner].name
        )));
        let known: Vec<Call> = (smallest_calls.iter())
            .filter(|c: &&Call| c.func == call.func)
            .cloned()
            .collect();
        let smallest = shrink::smallest(module, call, difference, &known, &request.settings)?;
        smallest_calls.push(smallest.call.clone());
        let input = input::show(module, smallest.call.func, &smallest.call.input);
        report.differences.push(Difference {
            function: owner,
            call: input,
            shown: smallest.difference.to_string(),
            beside: smallest.difference.ways.0,
            way: smallest.difference.ways.1,
        });
        progress(Progress::Done);
    }
    Ok(report)
}

/// `f(Int64, Ptr{Float64})`.
fn described(module: &Module, func: Func) -> String {
    let f = &module.functions[func];
    let params: Vec<String> = f
        .params
        .iter()
        .map(|p| type_text(&module.tables, p.ty))
        .collect();
    let name = crate::export::plain_name(module.tables.names.str(f.name));
    format!("{name}({})", params.join(", "))
}

/// A variable of the program that a function reads or writes, it or what it calls. What is in it
/// belongs to the process: it would have to be put back before every call, in the process of the
/// compiled code and in the interpreter's memory alike, which a batch does for buffers only.
fn globals(module: &Module, func: Func) -> Option<String> {
    let mut seen = EntitySet::new();
    let mut work = vec![func];
    seen.insert(func);
    while let Some(func) = work.pop() {
        let f = &module.functions[func];
        for data in f.insts.values() {
            if let Op::Intrinsic(Intrinsic::Cglobal, args) = &data.op
                && let Some(name) = f.args(*args).first()
                && let Some(name) = jlift_lower::foreign_symbol(module, *name)
                && is_cell(name)
            {
                let ty = module.tables.pointee(data.ty).unwrap_or(Type::ANY);
                let ty = type_text(&module.tables, ty);
                return Some(format!("a global variable of type {ty}"));
            }
        }
        work.extend(callees(f).filter(|&c| seen.insert(c)));
    }
    None
}

impl Function {
    fn count(&mut self, ending: &Ending) {
        self.calls += 1;
        match ending {
            Ending::Returned => self.compared += 1,
            Ending::Threw(_) => {
                self.compared += 1;
                self.threw += 1;
            }
            Ending::Unsupported(what) | Ending::Stopped(what) => {
                self.not_judged += 1;
                self.why.get_or_insert_with(|| what.clone());
            }
            Ending::TooMuch(what) => {
                self.not_judged += 1;
                self.why.get_or_insert_with(|| (*what).to_string());
            }
            Ending::Undefined(what) | Ending::Fault(what) => {
                self.undefined += 1;
                self.why.get_or_insert_with(|| what.clone());
            }
            _ => self.not_judged += 1,
        }
    }
}
