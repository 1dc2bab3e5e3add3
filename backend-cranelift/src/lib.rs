//! JIT memory, object files and linking; knows nothing of IR semantics.

pub mod link;
