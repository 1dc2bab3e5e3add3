//! Typed IR that the verifier lets through is refused with a message or compiled, by both backends.
#![no_main]

mod sources;

use jlift_driver::{BackendKind, CodeLevel, Failure, Options, Session};
use libfuzzer_sys::{arbitrary::Unstructured, fuzz_target};

fn is_answer(result: Result<(), Failure>, text: &str) {
    if let Err(failure) = result {
        let said = failure.render(false);
        assert!(!said.contains("internal error"), "{said}\n{text}");
    }
}

fuzz_target!(|data: &[u8]| {
    let mut u = Unstructured::new(data);
    let Ok(text) = jlift_generate::mutate::mutate(&mut u, sources::TYPED_IR) else {
        return;
    };
    for level in [CodeLevel::O0, CodeLevel::O2] {
        for backend in [BackendKind::Cranelift, BackendKind::Llvm] {
            let options = Options {
                level,
                backend,
                threads: 1,
                ..Options::default()
            };
            let Ok(mut session) = Session::from_text("fuzz.jir", &text, options) else {
                return;
            };
            is_answer(
                match backend {
                    BackendKind::Cranelift => session.check(),
                    // LLVM's own tools are not under test.
                    BackendKind::Llvm => session
                        .emit(jlift_driver::emit::EmitStage::Llvm)
                        .map(|_| ()),
                },
                &text,
            );
        }
    }
});
