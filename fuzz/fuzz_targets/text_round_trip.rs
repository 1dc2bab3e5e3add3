//! A text that parses prints to one that parses to the same.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| jlift_campaign::targets::text_round_trip(data));
