//! A small hash function whose values are the same in every run. Knows nothing of what is hashed;
//! equality that matters is always checked on the things themselves.

/// A hash under construction.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Hash64(u64);

impl Hash64 {
    /// The hash of nothing, of a kind of thing.
    pub fn new(kind: u64) -> Self {
        Hash64(mix(kind ^ 0x9e37_79b9_7f4a_7c15))
    }

    /// Adds a number.
    pub fn add(&mut self, x: u64) {
        self.0 = mix(self.0.rotate_left(5) ^ x);
    }

    /// The hash of all that was added.
    pub fn finish(self) -> u64 {
        self.0
    }
}

/// A bijection without visible pattern: the finaliser of splitmix64 (Steele, Lea, Flood 2014).
pub fn mix(x: u64) -> u64 {
    let mut z = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
