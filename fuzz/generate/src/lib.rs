//! Random programs for tests. Every generator takes its decisions from an
//! [`arbitrary::Unstructured`], so that a fuzzer's bytes, proptest's and those of a seed give
//! programs by the same code. Knows typed IR and the layout of its types; knows nothing of what
//! executes programs.

pub mod choices;
pub mod julia;
pub mod mutate;
pub mod number;
pub mod random;
pub mod shrink;
pub mod typed_ir;
