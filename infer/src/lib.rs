//! Julia's types, methods, dispatch and abstract interpretation: lowered code becomes typed IR.
//! Knows nothing of syntax.
//!
//! [`world::World`] holds a program's definitions; `World::infer_thunk` and `World::infer_method`
//! find out what every statement computes ([`interp`]); `World::emit` writes typed IR.

pub mod dynamic;
mod emit;
pub mod interp;
pub mod lattice;
pub mod obstacle;
mod relations;
pub mod types;
pub mod world;

pub use obstacle::{Obstacle, Severity};
pub use world::World;
