//! Julia source to lowered code: syntax tree, macros, scopes, desugaring, closures. Knows nothing
//! of types, methods or of what a global name is bound to.
//!
//! text ── [`parse`] ──► [`surface`] ── `macros` ──► `desugar`, `scope`, `linearize` ──► [`lowered`]

pub mod lower;
pub mod lowered;
pub mod lowered_text;
pub mod macros;
pub mod method_codec;
pub mod parse;
pub mod surface;
pub mod surface_codec;
pub mod surface_text;
