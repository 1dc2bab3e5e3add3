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

/// The mutation of this name; none for no name.
pub fn named(name: &str) -> Result<Option<Mutation>, String> {
    match ALL.iter().find(|e| e.name == name) {
        Some(entry) => Ok(Some(entry.mutation)),
        None if name.is_empty() => Ok(None),
        None => Err(format!("JLIFT_PLANTED: there is no mutation `{name}`")),
    }
}

/// Whether this is the miscompile to be planted. A name that none has ends the process: what was
/// not planted is not caught either.
#[cfg(feature = "plant")]
pub fn planted(mutation: Mutation) -> bool {
    use std::sync::LazyLock;
    static CHOSEN: LazyLock<Option<Mutation>> = LazyLock::new(|| {
        let name = std::env::var("JLIFT_PLANTED").unwrap_or_default();
        named(&name).unwrap_or_else(|message| {
            eprintln!("{message}");
            std::process::exit(2)
        })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_chooses_its_mutation_and_others_are_refused() {
        assert_eq!(named(""), Ok(None));
        for entry in ALL {
            assert_eq!(named(entry.name), Ok(Some(entry.mutation)));
        }
        assert!(named("lower-sub-swaped").is_err());
    }
}
