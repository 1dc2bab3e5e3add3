//! Generated Julia programs do the same interpreted and compiled by Cranelift.

use crate::julia::{Report, examine};
use arbitrary::Unstructured;
use jlift_driver::CodeLevel;
use jlift_driver::differential::Way;
use jlift_generate::julia::{Sizes, generate};

const WAYS: [Way; 2] = [Way::Cranelift(CodeLevel::O0), Way::Cranelift(CodeLevel::O2)];

/// Only what the front end refuses is no failure.
pub fn julia(data: &[u8]) {
    let mut u = Unstructured::new(data);
    let Ok(program) = generate(&mut u, 0, &Sizes::default()) else {
        return;
    };
    let found = examine(
        std::slice::from_ref(&program),
        &WAYS,
        &mut Report::default(),
    );
    for found in found {
        let kind = found.problem.kind();
        let text = found.problem.text();
        assert!(kind.starts_with("refused"), "{text}\n{}", program.file());
    }
}
