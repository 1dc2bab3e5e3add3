//! From seeds to programs: a seed is one group of functions and some inputs for its root.

use crate::calls::call;
use arbitrary::Unstructured;
use jlift_driver::differential::Call;
use jlift_generate::random::SeedBytes;
use jlift_generate::typed_ir::{Group, Pool, Sizes, group, inputs};
use jlift_ir::Module;

/// Bytes that decide what a group is; large ones use most of them.
const BYTES: usize = 8000;
/// Seeds that share their types.
const POOL: u64 = 64;
/// Bytes that decide what types are.
const POOL_BYTES: usize = 600;
/// Bytes that decide what an input is.
const INPUT_BYTES: usize = 700;

/// `FIRST..END`.
///
/// # Errors
/// A text that is none.
pub fn range(text: &str) -> Result<std::ops::Range<u64>, String> {
    let parts = text.split_once("..");
    let numbers = parts.and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
    match numbers {
        Some((first, end)) if first < end => Ok(first..end),
        _ => Err(format!("`{text}` is no range of seeds, such as 0..1000")),
    }
}

/// The group of a seed, with calls of its root.
pub fn seed(module: &mut Module, seed: u64, sizes: &Sizes, count: usize) -> (Group, Vec<Call>) {
    let shared = SeedBytes::new(!(seed / POOL)).bytes(POOL_BYTES);
    let pool = Pool::new(module, seed / POOL, &mut Unstructured::new(&shared));
    let mut bytes = SeedBytes::new(seed);
    let program = bytes.bytes(BYTES);
    let made = group(module, &pool, seed, &mut Unstructured::new(&program), sizes);
    let calls = (0..count).map(|_| {
        let bytes = bytes.bytes(INPUT_BYTES);
        let input = inputs(module, made.root, &mut Unstructured::new(&bytes));
        call(made.root, input)
    });
    let calls = calls.collect();
    (made, calls)
}
