//! Random signatures, and what each of their functions does besides passing values on.

use crate::random::Random;
use crate::types::{Id, SCALARS, Types};

/// One signature: a function that C calls and one that calls C.
pub struct Signature {
    pub params: Vec<Id>,
    pub ret: Id,
    /// The exported function calls another one with the same arguments.
    pub through_inner: bool,
    /// The exported function has one more parameter, a `Bool`, that makes it throw: it gets a `_try`
    /// entry.
    pub may_throw: bool,
    /// The C function is called by its address, which is one more argument.
    pub by_pointer: bool,
}

/// `count` signatures.
pub fn random_signatures(random: &mut Random, types: &Types, count: usize) -> Vec<Signature> {
    (0..count)
        .map(|i| {
            // Few, usual and more parameters than there are registers.
            let params = match random.below(10) {
                0 => random.below(2),
                1..=6 => 1 + random.below(6),
                7 | 8 => 4 + random.below(8),
                _ => 12 + random.below(10),
            };
            Signature {
                params: (0..params).map(|_| random_type(random, types)).collect(),
                ret: random_type(random, types),
                through_inner: i % 2 == 1,
                may_throw: i % 4 == 2,
                by_pointer: i % 5 == 3,
            }
        })
        .collect()
}

fn random_type(random: &mut Random, types: &Types) -> Id {
    match random.below(20) {
        0 => random.pick(&types.ghosts),
        1..=11 => random.pick(&types.aggregates),
        _ => random.below(SCALARS.len()),
    }
}
