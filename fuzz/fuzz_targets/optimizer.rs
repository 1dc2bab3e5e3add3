//! Every single pass keeps what generated functions do.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| jlift_campaign::targets::optimizer(data));
