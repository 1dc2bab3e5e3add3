//! What fuzzing targets do with a fuzzer's bytes, each a function that panics where something is wrong.
//! The targets of `fuzz/fuzz_targets` call them with libFuzzer's bytes, a test with a few seeds. Knows
//! nothing of libFuzzer.

mod front_end;
mod generated;
mod julia;
mod object_and_linker;
mod optimizer;
mod sources;
mod text_round_trip;
mod three_ways;
mod verifier_or_backends;

pub use front_end::front_end;
pub use julia::julia;
pub use object_and_linker::object_and_linker;
pub use optimizer::optimizer;
pub use text_round_trip::text_round_trip;
pub use three_ways::three_ways;
pub use verifier_or_backends::{Damaged, verifier_or_backends};

/// What a target does with bytes.
pub type Body = fn(&[u8]);

/// The targets that are made of libraries alone, by name.
pub const ALL: &[(&str, Body)] = &[
    ("front_end", front_end),
    ("julia", julia),
    ("object_and_linker", object_and_linker),
    ("optimizer", optimizer),
    ("text_round_trip", text_round_trip),
    ("three_ways", three_ways),
    ("verifier_or_backends", |data| {
        verifier_or_backends(data);
    }),
];
