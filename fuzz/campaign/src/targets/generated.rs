//! A generated module with calls of its root, from a fuzzer's bytes.

use crate::calls::call;
use arbitrary::Unstructured;
use jlift_driver::differential::Call;
use jlift_generate::typed_ir::{Pool, Sizes, group, inputs};
use jlift_ir::Module;

/// How often the root is called.
const CALLS: usize = 3;

/// A module, and calls of the root of its only group.
pub fn module(data: &[u8]) -> (Module, Vec<Call>) {
    // The end decides the inputs, so that a change of them leaves the program as it is.
    let (program, rest) = data.split_at(data.len() * 4 / 5);
    let mut u = Unstructured::new(program);
    let mut module = Module::default();
    let pool = Pool::new(&mut module, 0, &mut u);
    let made = group(&mut module, &pool, 0, &mut u, &Sizes::default());
    let mut u = Unstructured::new(rest);
    let calls = (0..CALLS).map(|_| call(made.root, inputs(&module, made.root, &mut u)));
    let calls = calls.collect();
    (module, calls)
}

/// What must not fail.
pub fn answer<T>(result: Result<T, jlift_driver::Failure>) -> T {
    result.unwrap_or_else(|failure| panic!("{}", failure.render(false)))
}
