//! Two modules that hold the same functions, ours and Julia's: what is less well typed in ours.

use crate::concreteness::Counts;
use jlift_ir::text::type_text;
use jlift_ir::{Func, Module};

/// The function of a dump that `Module::describe` describes so. Julia's dumps do not mark an export
/// that another export calls.
pub fn find(dump: &Module, wanted: &str) -> Result<Func, String> {
    let same = |&func: &Func| dump.describe(func) == wanted;
    let marked: Vec<Func> = dump.exports().filter(same).collect();
    let found = match marked[..] {
        [] => dump.functions.keys().filter(same).collect(),
        _ => marked,
    };
    match found[..] {
        [one] => Ok(one),
        [] => Err(format!("the dump has no {wanted}")),
        _ => Err(format!("the dump has several {wanted}")),
    }
}

/// What is wrong with the return type of a function of ours.
pub fn compare_returns(ours: (&Module, Func), theirs: (&Module, Func)) -> Option<String> {
    let text = |(module, func): (&Module, Func)| {
        let ret = module.functions[func].ret;
        type_text(&module.tables, ret)
    };
    let (mine, julias) = (text(ours), text(theirs));
    (mine != julias).then(|| {
        let function = ours.0.describe(ours.1);
        format!("{function} returns {mine}, in Julia's dump {julias}")
    })
}

/// What is wrong with the types of values of ours. Results that nothing uses count for ours only:
/// Julia does not infer them.
pub fn compare_values(what: &str, ours: &Counts, theirs: &Counts) -> Option<String> {
    let (used, unused) = (&ours.abstracts, &ours.unused_abstracts);
    let (mine, julias) = (used.len() + unused.len(), theirs.abstracts.len());
    (mine > julias).then(|| {
        let statements: Vec<&str> = used.iter().chain(unused).map(String::as_str).collect();
        format!(
            "{what} has {mine} values of abstract types, in Julia's dump {julias}:\n    {}",
            statements.join("\n    ")
        )
    })
}
