//! The front end answers any text with a tree or a diagnostic.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| jlift_campaign::targets::front_end(data));
