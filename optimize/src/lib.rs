//! Transformations from typed IR to typed IR.

pub mod cold;
pub mod effects;
pub mod inline;
pub mod inliner;
pub mod legalize;
pub mod outline;
pub mod ownership;
pub mod passes;
pub mod pipeline;
pub mod program;
