//! Decisions of generators. They come from a fuzzer's bytes; when these are used up, every decision is
//! the first of its choices, so that generators end.

use arbitrary::Unstructured;

/// A source of decisions.
pub struct Choices<'a, 'u> {
    u: &'a mut Unstructured<'u>,
}

impl<'a, 'u> Choices<'a, 'u> {
    /// Decisions from these bytes.
    pub fn new(u: &'a mut Unstructured<'u>) -> Self {
        Self { u }
    }

    /// Whether nothing is left to decide with.
    pub fn is_over(&self) -> bool {
        self.u.is_empty()
    }

    /// A number below `n`, or 0.
    pub fn below(&mut self, n: usize) -> usize {
        match n {
            0 | 1 => 0,
            // What the bytes do not say is the first choice.
            _ => self.u.int_in_range(0..=n - 1).unwrap_or(0),
        }
    }

    /// A number of a range, its first one included and its last one too.
    pub fn between(&mut self, first: usize, last: usize) -> usize {
        first + self.below((last + 1).saturating_sub(first))
    }

    /// True in so many of a hundred cases.
    pub fn percent(&mut self, n: usize) -> bool {
        self.below(100) >= 100 - n.min(100)
    }

    /// One of some.
    pub fn one<T: Copy>(&mut self, of: &[T]) -> Option<T> {
        let n = self.below(of.len());
        of.get(n).copied()
    }

    /// The number of one of some weights.
    pub fn weighted(&mut self, weights: &[u32]) -> usize {
        let total: u32 = weights.iter().sum();
        let mut at = self.below(total as usize) as u32;
        for (n, &weight) in weights.iter().enumerate() {
            if at < weight {
                return n;
            }
            at -= weight;
        }
        0
    }

    /// Any word.
    pub fn word(&mut self) -> u64 {
        self.u.arbitrary().unwrap_or(0)
    }
}
