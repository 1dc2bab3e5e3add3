//! Deliberate miscompiles. Each names one place in `lower`, `optimize` or `backend-llvm`, where the
//! wrong code stands next to the right one; `JLIFT_PLANTED=name` chooses the one that a process
//! plants. Only with the feature `plant`: otherwise [`planted`] is `false` to the compiler. Knows
//! nothing of what the mutated crates do.

mod list;

pub use list::{ALL, Mutation};

/// What is known of a mutation.
#[derive(Copy, Clone, Debug)]
pub struct Entry {
    pub mutation: Mutation,
    /// By which `JLIFT_PLANTED` chooses it.
    pub name: &'static str,
    /// The crate that it is planted in.
    pub place: &'static str,
    pub what: &'static str,
}

/// Whether this is the miscompile to be planted.
#[cfg(feature = "plant")]
pub fn planted(mutation: Mutation) -> bool {
    use std::sync::LazyLock;
    static CHOSEN: LazyLock<Option<Mutation>> = LazyLock::new(|| {
        let name = std::env::var("JLIFT_PLANTED").ok()?;
        ALL.iter().find(|e| e.name == name).map(|e| e.mutation)
    });
    *CHOSEN == Some(mutation)
}

/// Whether this is the miscompile to be planted.
#[cfg(not(feature = "plant"))]
#[inline(always)]
pub const fn planted(_: Mutation) -> bool {
    false
}

/// The wrong one where the mutation is planted, the right one everywhere else.
#[inline(always)]
pub fn either<T>(mutation: Mutation, wrong: T, right: T) -> T {
    if planted(mutation) { wrong } else { right }
}

/// Two operands, exchanged where the mutation is planted.
#[inline(always)]
pub fn swapped<T>(mutation: Mutation, x: T, y: T) -> (T, T) {
    if planted(mutation) { (y, x) } else { (x, y) }
}
