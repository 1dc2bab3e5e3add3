//! A seed with something wrong: made small, and written down.

use crate::check::{Wrong, check};
use crate::reproducer;
use jlift_driver::differential::{Call, Settings};
use jlift_generate::shrink::shrink;
use jlift_ir::{Func, Module};
use std::fmt::Write;

/// Programs that are tried to make one smaller.
pub const TRIES: usize = 600;

/// The smallest program and call found that are as wrong as these, as a text.
pub fn reduce(
    module: &Module,
    call: &Call,
    wrong: &Wrong,
    settings: &Settings,
    tries: usize,
) -> String {
    let mut last = wrong.clone();
    let mut is_wrong = |module: &Module, root: Func| {
        let call = Call {
            func: root,
            input: call.input.clone(),
        };
        let Ok(checked) = check(module, &[call], &[wrong.way()], settings) else {
            return false;
        };
        let found = checked.wrong.into_iter().find(|(_, w)| w.is_like(wrong));
        match found {
            Some((_, found)) => {
                last = found;
                true
            }
            None => false,
        }
    };
    let (small, root) = shrink(module, call.func, tries, &mut is_wrong);
    let call = Call {
        func: root,
        input: call.input.clone(),
    };
    let mut notes = String::new();
    let _ = writeln!(notes, "{last}");
    reproducer::write(&small, &[call], &notes)
}
