//! Julia's type relations over the interned types of `jlift_ir`: families of parametric types,
//! instantiation, subtyping, intersection, join, specificity of methods and printing. Knows
//! nothing of methods' bodies or of values beyond type parameters.
//!
//! The relations take `&mut Tables` because they intern the types that they meet, and
//! `&mut TypeFamilies` because that holds their caches. All of them are bounded: a type nested
//! deeper than [`MAX_HEIGHT`], or a question that takes too many steps, is answered on the safe
//! side and noted in [`family::TypeFamilies::take_overflow`].

pub mod alias;
pub mod apply;
mod builtin;
mod cache;
pub mod canonical;
pub mod declare;
pub mod family;
pub mod instantiate;
pub mod intersect;
pub mod join;
pub mod matching;
mod occurrences;
pub mod print;
mod print_value;
pub mod shape;
pub mod specificity;
pub mod subtype;

/// Types nested deeper are refused.
pub const MAX_HEIGHT: u32 = 120;
/// The longest tuple type that a count in `NTuple{N, T}` may expand to.
pub const MAX_TUPLE: u64 = 1 << 15;
