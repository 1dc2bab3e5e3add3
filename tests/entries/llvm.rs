//! `--backend llvm`: the same outputs by LLVM's tools, and what is said where these are missing.

use crate::scratch::{Scratch, example};
use jlift_tests::process::{jlift, run};
use std::process::Command;

/// `false`, with a note, where the tools are missing; `scripts/test` installs them.
fn tools() -> bool {
    let there = jlift_driver::llvm::is_there();
    if !there {
        eprintln!("skipped: no LLVM tools");
    }
    there
}

const PROGRAM: &str = r#"jir 1
singleton typeof(Main.f) super=Function

function @1 Main.f(_2 x::Int64, _3 y::Int64)::Tuple{Int64, Bool} self=typeof(Main.f) export
#1:
  %1 = Base.checked_sdiv_int(_2, _3)::Int64
  %2 = Base.slt_int(%1, 0)::Bool
  %3 = Core.tuple(%1, %2)::Tuple{Int64, Bool}
  return %3
"#;

#[test]
fn a_call_gives_its_result_or_its_exception() {
    if !tools() {
        return;
    }
    let scratch = Scratch::new();
    scratch.write("f.jir", PROGRAM);
    for level in ["-O0", "-O2"] {
        let call = |text: &str| {
            run(scratch
                .command(jlift())
                .args(["run", "f.jir", text, level, "--backend", "llvm"]))
        };
        let done = call("f(-7, 2)");
        assert_eq!(
            (done.stdout.as_str(), done.status),
            ("(-3, true)\n", Some(0))
        );
        let done = call("f(1, 0)");
        assert_eq!(done.status, Some(1));
        assert_eq!(done.stderr, "ERROR: DivideError: integer division error\n");
    }
}

#[test]
fn a_program_without_c_library_prints_and_returns_its_status() {
    if !tools() {
        return;
    }
    let scratch = Scratch::new();
    for level in ["-O0", "-O2"] {
        let mut build = scratch.command(jlift());
        build.arg("build").arg(example("hello.jir")).args([
            "-o",
            "hello",
            level,
            "--backend",
            "llvm",
        ]);
        run(&mut build).expect_success();
        let done = run(Command::new(scratch.path("hello")).arg("Ada"));
        assert_eq!(
            (done.stdout.as_str(), done.status),
            ("Hello, Ada\n", Some(1))
        );
        let (imports, _) = crate::scratch::dynamic_symbols(&scratch.path("hello"));
        assert!(imports.is_empty(), "{imports:?}");
    }
}

#[test]
fn the_stage_is_shown_without_any_tool() {
    let scratch = Scratch::new();
    scratch.write("f.jir", PROGRAM);
    let mut emit = scratch.command(jlift());
    emit.args(["emit", "f.jir", "--stage", "llvm"])
        .env("PATH", "");
    let text = run(&mut emit).expect_success().stdout;
    for part in [
        "target triple = ",
        "define { i64, i64 } @\"f\"(",
        "define i32 @\"f_try\"(",
    ] {
        assert!(text.contains(part), "no `{part}` in\n{text}");
    }
}

#[test]
fn missing_tools_are_told_with_the_ways_to_name_them() {
    let scratch = Scratch::new();
    scratch.write("f.jir", PROGRAM);
    let mut build = scratch.command(jlift());
    build.args([
        "build",
        "f.jir",
        "--backend",
        "llvm",
        "--llvm-bin",
        "nowhere",
    ]);
    let done = run(&mut build);
    assert_eq!(done.status, Some(2));
    for part in ["in nowhere", "--llvm-bin", "JLIFT_LLVM_BIN"] {
        assert!(done.stderr.contains(part), "{}", done.stderr);
    }
    assert!(!scratch.path("f.so").exists());
}
