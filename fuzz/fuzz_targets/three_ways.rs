//! Generated typed IR does the same interpreted and compiled.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| jlift_campaign::targets::three_ways(data));
