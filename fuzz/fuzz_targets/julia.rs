//! Generated Julia programs do the same interpreted and compiled by Cranelift.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| jlift_campaign::targets::julia(data));
