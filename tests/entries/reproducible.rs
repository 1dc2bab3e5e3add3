//! The same input and options give the same bytes.

use crate::scratch::{Scratch, THROWING, example};
use jlift_tests::process::root;

#[test]
fn output_bytes_do_not_depend_on_the_run_the_threads_or_the_place() {
    let (first, second) = (Scratch::new(), Scratch::new());
    let kernels = root().join("tests/kernels");
    for (kind, inputs) in [
        (
            "lib",
            vec![
                first.write("throwing.jir", THROWING),
                kernels.join("integer_math.jir"),
                kernels.join("float_corners.jir"),
            ],
        ),
        (
            "obj",
            vec![
                first.path("throwing.jir"),
                kernels.join("tuples_kwargs.jir"),
            ],
        ),
        ("exe", vec![example("hello.jir")]),
    ] {
        for input in inputs {
            let build = |scratch: &Scratch, threads: &str| {
                let args = [
                    "--emit", kind, "-j", threads, "-o", "out.bin", "--header", "out.h",
                    "--python", "out.py",
                ];
                let args = if kind == "exe" { &args[..6] } else { &args[..] };
                scratch.build(&input, args).expect_success();
                let read = |name: &str| std::fs::read(scratch.path(name)).unwrap_or_default();
                ["out.bin", "out.h", "out.py"].map(read)
            };
            let one = build(&first, "1");
            assert!(!one[0].is_empty());
            for (what, other) in [
                ("a second run", build(&first, "1")),
                ("two threads", build(&first, "2")),
                ("another directory", build(&second, "2")),
            ] {
                assert!(
                    one == other,
                    "{kind} of {} differs in {what}",
                    input.display()
                );
            }
        }
    }
}

/// The comparison above can fail: options that change the code change the bytes.
#[test]
fn output_bytes_depend_on_the_input_and_the_level() {
    let scratch = Scratch::new();
    let mut seen = std::collections::HashSet::new();
    for (text, level) in [
        (THROWING.to_string(), "-O2"),
        (THROWING.to_string(), "-O0"),
        (
            THROWING.replace("step cannot be zero", "step cannot be null"),
            "-O2",
        ),
    ] {
        scratch
            .build_text("input", &text, &[level, "-o", "out.so"])
            .expect_success();
        assert!(seen.insert(std::fs::read(scratch.path("out.so")).expect("the library")));
    }
}
