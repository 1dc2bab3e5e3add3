//! Generated Julia programs do the same interpreted and compiled by Cranelift.
#![no_main]

use jlift_campaign::julia::{Report, examine};
use libfuzzer_sys::{arbitrary::Unstructured, fuzz_target};

fuzz_target!(|data: &[u8]| {
    let mut u = Unstructured::new(data);
    let Ok(program) =
        jlift_generate::julia::generate(&mut u, 0, &jlift_generate::julia::Sizes::default())
    else {
        return;
    };
    let found = examine(
        std::slice::from_ref(&program),
        false,
        &mut Report::default(),
    );
    for found in found {
        let kind = found.problem.kind();
        assert!(
            kind.starts_with("refused"),
            "{}\n{}",
            found.problem.text(),
            program.file()
        );
    }
});
