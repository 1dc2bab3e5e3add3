//! The front end answers any text with a tree or a diagnostic.
#![no_main]

mod sources;

use libfuzzer_sys::{arbitrary::Unstructured, fuzz_target};

fuzz_target!(|data: &[u8]| {
    // One bit says whether the bytes are a text themselves or damage a real one.
    match data.split_first() {
        Some((&mode, rest)) if mode & 1 == 0 => {
            jlift_campaign::front_end::lower_everything(rest);
        }
        Some((_, rest)) => {
            let mut u = Unstructured::new(rest);
            if let Ok(text) = jlift_generate::mutate::mutate(&mut u, sources::JULIA) {
                jlift_campaign::front_end::lower_everything(text.as_bytes());
            }
        }
        None => {}
    }
});
