//! Random arguments and memory for interpreted functions, reproducible from a seed.

use super::interpreter::Val;
use super::memory::{BASE, Memory};
use jlift_ir::{Tables, Type, TypeClass};

/// Xorshift64* with a mixed seed.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        random.next();
        random
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        (self.next() >> 33) % n
    }

    fn integer(&mut self) -> i64 {
        match self.below(12) {
            0..=6 => self.below(14) as i64,
            7 => self.below(200) as i64,
            8 => -(self.below(6) as i64),
            9 => [i64::MIN, i64::MAX, -1, 0, 1 << 31, 63, 64][self.below(7) as usize],
            10 => 1 << self.below(63),
            _ => self.next() as i64,
        }
    }

    fn float(&mut self) -> f64 {
        match self.below(10) {
            0..=3 => self.below(2000) as f64 / 64.0 - 10.0,
            4..=6 => self.below(20) as f64,
            7 => [
                0.0,
                -0.0,
                f64::NAN,
                f64::INFINITY,
                f64::NEG_INFINITY,
                5e-324,
            ][self.below(6) as usize],
            8 => f64::from_bits(self.next()),
            _ => self.below(1 << 30) as f64 / (1u64 << 30) as f64,
        }
    }

    /// A value of a type, or `None` for types that need a heap.
    pub fn value(&mut self, tables: &Tables, ty: Type) -> Option<Val> {
        Some(match tables.class(ty) {
            TypeClass::Singleton => match tables.type_of_type(ty) {
                Some(t) => Val::Type(t),
                None => Val::Single(ty),
            },
            TypeClass::Pointer => Val::Num(ty, (BASE + 2048 + 1024 * self.below(6)).into()),
            TypeClass::Primitive(bits) => {
                let value = match ty {
                    Type::FLOAT64 => self.float().to_bits().into(),
                    Type::FLOAT32 => (self.float() as f32).to_bits().into(),
                    Type::BOOL => self.below(2).into(),
                    _ => self.integer() as i128 as u128,
                };
                let mask = u128::MAX >> (128 - bits);
                Val::Num(ty, value & mask)
            }
            TypeClass::Inline => {
                let fields: Option<Vec<Val>> = tables
                    .field_types(ty)?
                    .into_iter()
                    .map(|t| self.value(tables, t))
                    .collect();
                Val::Agg(ty, fields?)
            }
            TypeClass::Union => {
                let members = tables.members(ty);
                let chosen = members[self.below(members.len() as u64) as usize];
                self.value(tables, chosen)?
            }
            _ => return None,
        })
    }

    /// Memory full of numbers of one kind.
    pub fn memory(&mut self) -> Memory {
        let mut bytes = vec![0; 12 << 10];
        let kind = self.below(4);
        for chunk in bytes.chunks_mut(8) {
            let word: [u8; 8] = match kind {
                0 => self.float().to_bits().to_le_bytes(),
                1 => (self.below(30) as i64 - 3).to_le_bytes(),
                2 => {
                    let (a, b) = (self.float() as f32, self.float() as f32);
                    let bits = u64::from(a.to_bits()) | u64::from(b.to_bits()) << 32;
                    bits.to_le_bytes()
                }
                _ => (self.next() & 0x7f7f_7f7f_7f7f_7f7f).to_le_bytes(),
            };
            chunk.copy_from_slice(&word);
        }
        Memory { bytes }
    }
}
