//! Random signatures cross the border to C and back: structs, tuples and scalars by value, with the
//! other side compiled by the C compiler. Included by the target and by the test that keeps it working.

use crate::random::Random;
use crate::types::Types;
use crate::{c, jir, signature};
use jlift_driver::build::BuildRequest;
use jlift_driver::{BackendKind, CodeLevel, Options, Session};
use std::process::Command;

/// Signatures in one program: the C compiler is the slow part.
const SIGNATURES: usize = 24;

/// Nine bytes say which signatures there are, and which way they are compiled.
pub fn c_abi(data: &[u8]) {
    let Some((&seed, rest)) = data.split_first_chunk::<8>() else {
        return;
    };
    let seed = u64::from_le_bytes(seed);
    let choices = rest.first().copied().unwrap_or(0xff);
    let mut random = Random::new(seed | 1);
    let types = Types::random(&mut random, 12);
    let signatures = signature::random_signatures(&mut random, &types, SIGNATURES);
    let options = Options {
        level: [CodeLevel::O0, CodeLevel::O2][usize::from(choices & 1)],
        backend: match choices >> 1 & 7 {
            0 if jlift_driver::llvm::is_there() => BackendKind::Llvm,
            _ => BackendKind::Cranelift,
        },
        ..Options::default()
    };
    let text = jir::module(&types, &signatures);
    let mut session = Session::from_text("julia_side.jir", &text, options)
        .unwrap_or_else(|e| panic!("{}\n{text}", e.render(false)));
    let object = session
        .build(&BuildRequest::object())
        .unwrap_or_else(|e| panic!("{}\n{text}", e.render(false)))
        .output;
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let file = |name: &str| folder.path().join(name);
    std::fs::write(file("julia_side.o"), object).expect("the object is written");
    std::fs::write(file("c_side.c"), c::program(&types, &signatures))
        .expect("the C side is written");
    let compiled = Command::new("cc")
        .args(["-std=gnu11", "-O1", "-w"])
        .args([file("c_side.c"), file("julia_side.o")])
        .arg("-o")
        .arg(file("program"))
        .status()
        .expect("a C compiler");
    assert!(
        compiled.success(),
        "the C side does not compile: seed {seed}"
    );
    let done = Command::new(file("program"))
        .output()
        .expect("the program starts");
    assert!(
        done.status.success(),
        "seed {seed}, choices {choices}: {}{}",
        String::from_utf8_lossy(&done.stdout),
        String::from_utf8_lossy(&done.stderr)
    );
}
