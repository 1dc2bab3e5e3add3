//! Transformations from typed IR to typed IR.

pub mod effects;
pub mod fold;
pub mod inline;
pub mod legalize;
pub mod outline;
pub mod passes;
pub mod pipeline;
