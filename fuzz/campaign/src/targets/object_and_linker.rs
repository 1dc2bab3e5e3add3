//! Objects, libraries and executables of generated functions are made, whatever the options; two runs
//! make the same bytes. Only an executable without a `main` and types without counterpart in C are
//! refused.

use super::generated;
use jlift_driver::build::BuildRequest;
use jlift_driver::{CodeLevel, EmitKind, Options, Session};

/// The first byte says what is made.
pub fn object_and_linker(data: &[u8]) {
    let Some((&choices, rest)) = data.split_first() else {
        return;
    };
    let (module, _) = generated::module(rest);
    let text = jlift_ir::text::print_module(&module);
    let triple = match choices & 1 {
        0 => "x86_64-unknown-linux-gnu",
        _ => "aarch64-unknown-linux-gnu",
    };
    let options = Options {
        level: [CodeLevel::O0, CodeLevel::O2][usize::from(choices >> 1 & 1)],
        target: generated::answer(
            triple
                .parse()
                .map_err(|e| jlift_driver::Failure::plain(format!("{e}"))),
        ),
        plain_entries_only: choices >> 2 & 1 == 1,
        threads: 1,
        ..Options::default()
    };
    let kind = match choices >> 3 & 3 {
        0 => EmitKind::Object,
        1 => EmitKind::Executable,
        _ => EmitKind::Library,
    };
    let request = BuildRequest {
        kind,
        file_name: "fuzz.so",
        header: choices >> 5 & 1 == 1,
        python: choices >> 6 & 1 == 1,
    };
    let make = || {
        let built = Session::from_text("fuzz.jir", &text, options.clone())
            .and_then(|mut session| session.build(&request));
        match built {
            Ok(products) => products.output,
            Err(failure) => {
                let said = failure.render(false);
                let is_refusal = match kind {
                    EmitKind::Executable => said.contains("needs one exported function `main`"),
                    _ => said.contains("has no counterpart in C"),
                };
                assert!(is_refusal, "{said}\n{text}");
                Vec::new()
            }
        }
    };
    assert_eq!(make(), make(), "{text}");
}
