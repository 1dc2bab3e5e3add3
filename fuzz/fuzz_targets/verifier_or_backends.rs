//! Damaged typed IR is refused, or both backends make the same of it.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|data: &[u8]| -> Corpus {
    match jlift_campaign::targets::verifier_or_backends(data) {
        jlift_campaign::targets::Damaged::Refused => Corpus::Reject,
        _ => Corpus::Keep,
    }
});
