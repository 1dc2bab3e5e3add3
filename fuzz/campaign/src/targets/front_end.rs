//! The front end answers any text with a tree or a diagnostic.

use super::sources;
use crate::front_end::lower_everything;
use arbitrary::Unstructured;

/// One bit says whether the bytes are a text themselves or damage a real one.
pub fn front_end(data: &[u8]) {
    match data.split_first() {
        Some((&mode, rest)) if mode & 1 == 0 => {
            lower_everything(rest);
        }
        Some((_, rest)) => {
            let mut u = Unstructured::new(rest);
            if let Ok(text) = jlift_generate::mutate::mutate(&mut u, sources::JULIA) {
                lower_everything(text.as_bytes());
            }
        }
        None => {}
    }
}
