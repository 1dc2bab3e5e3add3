//! Bytes for generators from a seed: the same on every machine and in every version.

/// A stream of pseudo-random bytes (SplitMix64).
#[derive(Clone, Debug)]
pub struct SeedBytes(u64);

impl SeedBytes {
    /// The stream of a seed.
    pub fn new(seed: u64) -> SeedBytes {
        SeedBytes(seed)
    }

    /// The next word.
    pub fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// The next bytes, to be given to [`arbitrary::Unstructured::new`].
    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(count + 8);
        while bytes.len() < count {
            bytes.extend_from_slice(&self.word().to_le_bytes());
        }
        bytes.truncate(count);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::SeedBytes;

    #[test]
    fn a_seed_gives_the_same_bytes_again_and_another_seed_others() {
        let a = SeedBytes::new(7).bytes(100);
        assert_eq!(a, SeedBytes::new(7).bytes(100));
        assert_ne!(a, SeedBytes::new(8).bytes(100));
        assert_eq!(a.len(), 100);
    }
}
