//! Objects, libraries and executables of generated functions are made, twice the same.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| jlift_campaign::targets::object_and_linker(data));
