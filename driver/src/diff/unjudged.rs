//! Calls that the interpreter cannot judge, because it lacks something or would take too long: the
//! compiled ways are compared with the first of them instead. Knows nothing of inputs.

use super::report::Report;
use crate::CodeLevel;
use crate::diagnostic::Failure;
use crate::differential::{Batch, Call, Ending, Run, Settings, Way};
use hashbrown::{HashMap, HashSet};
use jlift_ir::{Func, Module};

/// Calls of a function that are tried before all others that the interpreter did not finish: one that
/// never ends takes as long as compiled code is given.
const TRIED: usize = 2;

/// Leaves out the calls that mean nothing, or that do not seem to end; those that the interpreter
/// cannot judge, of the others.
pub(super) fn find(
    batch: &mut Batch,
    interpreted: &Run,
    module: &Module,
    settings: &Settings,
) -> Result<HashSet<usize>, Failure> {
    let mut unjudged = HashSet::new();
    let mut long: HashMap<Func, Vec<usize>> = HashMap::new();
    for (call, seen) in interpreted.observations.iter().enumerate() {
        match &seen.ending {
            ending if ending.means_something() => {}
            Ending::Unsupported(_) => {
                unjudged.insert(call);
            }
            // Without end in sight, and without exhausting memory or the stack on the way.
            Ending::TooMuch("statements") => {
                if let Some(func) = batch.calls().nth(call).map(|c| c.func) {
                    long.entry(func).or_default().push(call);
                }
            }
            _ => batch.leave_out(call),
        }
    }
    let endless = endless(batch, &long, module, settings)?;
    for (func, calls) in long {
        for call in calls {
            match endless.contains(&func) {
                true => batch.leave_out(call),
                false => {
                    unjudged.insert(call);
                }
            }
        }
    }
    Ok(unjudged)
}

/// Functions of which one of the first calls that the interpreter did not finish has no end in
/// compiled code either.
fn endless(
    batch: &Batch,
    long: &HashMap<Func, Vec<usize>>,
    module: &Module,
    settings: &Settings,
) -> Result<HashSet<Func>, Failure> {
    let wanted: HashSet<usize> = long
        .values()
        .flat_map(|calls| calls.iter().take(TRIED).copied())
        .collect();
    if wanted.is_empty() {
        return Ok(HashSet::new());
    }
    let chosen = batch.calls().enumerate();
    let chosen = chosen.filter(|(n, _)| wanted.contains(n));
    let tried: Vec<Call> = chosen.map(|(_, call)| call.clone()).collect();
    let mut trial = Batch::new(module, tried, settings.clone())?;
    let run = trial.run(Way::Cranelift(CodeLevel::O0))?;
    let ended = trial.calls().zip(&run.observations);
    let endless = ended.filter(|(_, seen)| seen.ending == Ending::Overdue);
    Ok(endless.map(|(call, _)| call.func).collect())
}

/// Counts what the first compiled way made of calls that the interpreter has not judged. A call that
/// it did not come back from is left out from then on: Julia may leave undefined what happens.
pub(super) fn count(
    batch: &mut Batch,
    first: &Run,
    unjudged: &HashSet<usize>,
    owners: &[usize],
    report: &mut Report,
) {
    for &call in unjudged {
        let (Some(seen), Some(&owner)) = (first.observations.get(call), owners.get(call)) else {
            continue;
        };
        match seen.ending.means_something() {
            true => report.functions[owner].compiled_only += 1,
            false => batch.leave_out(call),
        }
    }
}
