//! Damaged typed IR is refused by the parser or the verifier, or both backends make the same of it: code,
//! or a refusal with a message.

use super::sources;
use arbitrary::Unstructured;
use jlift_driver::emit::EmitStage;
use jlift_driver::{BackendKind, CodeLevel, Failure, Options, Session};
use jlift_generate::mutate::damage_typed_ir;

/// How far a damaged text came.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Damaged {
    /// It is not valid.
    Refused,
    /// It is valid, and neither backend makes code of it.
    WithoutCode,
    Compiled,
}

/// What a backend says, if it makes no code.
fn refusal(text: &str, backend: BackendKind, level: CodeLevel) -> Option<Option<String>> {
    let options = Options {
        level,
        backend,
        threads: 1,
        ..Options::default()
    };
    let mut session = Session::from_text("fuzz.jir", text, options).ok()?;
    let done: Result<(), Failure> = match backend {
        BackendKind::Llvm => session.emit(EmitStage::Llvm).map(|_| ()),
        _ => session.check(),
    };
    let said = done.err().map(|failure| failure.render(false));
    if let Some(said) = &said {
        assert!(!said.contains("internal error"), "{said}\n{text}");
    }
    Some(said)
}

/// The first byte says whether the rest is a text, and whether LLVM itself sees what it is given.
pub fn verifier_or_backends(data: &[u8]) -> Damaged {
    let Some((&mode, rest)) = data.split_first() else {
        return Damaged::Refused;
    };
    let text = match mode {
        0 => match std::str::from_utf8(rest) {
            Ok(text) => text.to_string(),
            Err(_) => return Damaged::Refused,
        },
        _ => match damage_typed_ir(&mut Unstructured::new(rest), sources::TYPED_IR) {
            Ok(text) => text,
            Err(_) => return Damaged::Refused,
        },
    };
    let mut outcome = Damaged::Compiled;
    for level in [CodeLevel::O0, CodeLevel::O2] {
        let Some(cranelift) = refusal(&text, BackendKind::Cranelift, level) else {
            return Damaged::Refused;
        };
        let Some(llvm) = refusal(&text, BackendKind::Llvm, level) else {
            return Damaged::Refused;
        };
        match (cranelift, llvm) {
            (None, None) => {}
            (Some(_), Some(_)) => outcome = Damaged::WithoutCode,
            // Who looks for C functions is who links.
            (Some(said), None) if said.contains("is in neither libc nor libm") => {
                outcome = Damaged::WithoutCode;
            }
            (a, b) => {
                let said = |text: Option<String>| text.unwrap_or_else(|| "code".into());
                let (a, b) = (said(a), said(b));
                panic!("{level:?}:\nCranelift: {a}\nLLVM: {b}\n{text}");
            }
        }
    }
    if outcome == Damaged::Compiled && mode & 0x3f == 1 && jlift_driver::llvm::is_there() {
        let options = Options {
            level: CodeLevel::O0,
            backend: BackendKind::Llvm,
            threads: 1,
            ..Options::default()
        };
        let mut session = super::generated::answer(Session::from_text("fuzz.jir", &text, options));
        if let Err(failure) = session.check() {
            panic!("LLVM: {}\n{text}", failure.render(false));
        }
    }
    outcome
}
