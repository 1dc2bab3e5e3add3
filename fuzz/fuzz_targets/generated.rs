//! A generated module with calls of its root.
#![allow(dead_code)]

use jlift_driver::differential::{Argument, Buffer, Call, Difference, Input, Run};
use jlift_generate::typed_ir::{self, Sizes};
use jlift_ir::Module;
use libfuzzer_sys::arbitrary::Unstructured;

/// A module, and calls of the root of its only group.
pub fn module(data: &[u8]) -> (Module, Vec<Call>) {
    let mut u = Unstructured::new(data);
    let mut module = Module::default();
    let group = typed_ir::group(&mut module, 0, &mut u, &Sizes::default());
    let calls = jlift_campaign::typed_ir::calls(&module, &group, &mut u);
    (module, calls)
}

/// What must not fail.
pub fn answer<T>(result: Result<T, jlift_driver::Failure>) -> T {
    result.unwrap_or_else(|failure| panic!("{}", failure.render(false)))
}
