//! Machine code and where it is stored: targets, parallel compilation, object files, the memory of
//! this process, linking. Knows nothing of what the code means; it is given CLIF by a producer.

pub mod compile;
mod constants;
pub mod emit;
pub mod isa;
pub mod jit;
pub mod link;
pub mod program;
pub mod shorten;
