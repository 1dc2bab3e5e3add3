//! Programs: small, without need of anything, or with the C library; arguments, output and exit status.

use crate::scratch::{Scratch, dynamic_symbols, example, size_of};
use jlift_tests::process::{find_tool, jlift, run};
use std::process::Command;

fn hello(scratch: &Scratch, args: &[&str]) {
    let mut build = scratch.command(jlift());
    build
        .arg("build")
        .arg(example("hello.jir"))
        .args(["-o", "hello"])
        .args(args)
        .env("PATH", "");
    run(&mut build).expect_success();
}

#[test]
fn a_program_without_c_library_has_at_most_3000_bytes_prints_and_returns_its_status() {
    let scratch = Scratch::new();
    hello(&scratch, &[]);
    let program = scratch.path("hello");
    assert!(size_of(&program) <= 3000, "{} bytes", size_of(&program));
    assert_eq!(dynamic_symbols(&program), (vec![], vec![]));
    // Not even an environment is needed.
    let done = run(Command::new(&program).env_clear());
    assert_eq!(
        (done.stdout.as_str(), done.stderr.as_str(), done.status),
        ("Hello, world\n", "", Some(1))
    );
    let done = run(Command::new(&program).args([
        "Ada",
        "",
        "Grüße und ein langer Name ".repeat(40).as_str(),
    ]));
    let long = "Grüße und ein langer Name ".repeat(40);
    assert_eq!(done.stdout, format!("Hello, Ada\nHello, \nHello, {long}\n"));
    assert_eq!(done.status, Some(3));
}

#[test]
fn a_program_behaves_the_same_at_every_level() {
    let scratch = Scratch::new();
    for level in ["-O0", "-O1"] {
        hello(&scratch, &[level]);
        let done = run(Command::new(scratch.path("hello")).arg("Ada"));
        assert_eq!(
            (done.stdout.as_str(), done.status),
            ("Hello, Ada\n", Some(1))
        );
    }
}

#[test]
fn a_program_runs_on_aarch64() {
    let Some(emulator) = find_tool(&["qemu-aarch64", "qemu-aarch64-static"]) else {
        eprintln!("skipped: no qemu-aarch64");
        return;
    };
    let scratch = Scratch::new();
    hello(&scratch, &["--target", "aarch64-unknown-linux-gnu"]);
    let done = run(emulator.command().arg(scratch.path("hello")).arg("Ada"));
    assert_eq!(
        (done.stdout.as_str(), done.status),
        ("Hello, Ada\n", Some(1))
    );
}

/// `main` in other forms, each returning 3 somehow: the exit status and the output.
fn simple_main(signature: &str, value: &str) -> String {
    format!(
        "jir 1\nsingleton typeof(Main.main) super=Function\nfunction @1 Main.main({signature} self=typeof(Main.main) export\n\
         #1:\n  return {value}\n"
    )
}

#[test]
fn main_may_return_int64_int32_or_nothing_and_take_no_arguments() {
    let scratch = Scratch::new();
    for (signature, value, status) in [
        (")::Int64", "3", 3),
        (")::Int32", "Int32(300)", 300 % 256),
        (")::Nothing", "nothing", 0),
        ("_2 argc::Int32, _3 argv::Ptr{Ptr{UInt8}})::Int32", "_2", 3),
        ("_2 argc::Int64, _3 argv::Ptr{Ptr{UInt8}})::Int64", "_2", 3),
    ] {
        scratch
            .build_text("main", &simple_main(signature, value), &["-o", "main"])
            .expect_success();
        let done = run(Command::new(scratch.path("main")).args(["a", "b"]));
        assert_eq!(
            (done.status, done.stdout, done.stderr),
            (Some(status), String::new(), String::new()),
            "{signature}"
        );
    }
    for (signature, value) in [(")::Float64", "1.0"), ("_2 x::Float64)::Int64", "1")] {
        let done = scratch.build_text("wrong", &simple_main(signature, value), &["-o", "wrong"]);
        assert_eq!(done.status, Some(2), "{signature}");
        assert!(
            done.stderr.contains("main") && !scratch.path("wrong").exists(),
            "{}",
            done.stderr
        );
    }
}

/// Copies its first argument to memory of `malloc`, prints it by `puts`, returns its length.
const WITH_C_LIBRARY: &str = r#"jir 1
singleton typeof(Main.main) super=Function
function @1 Main.main(_2 argc::Int32, _3 argv::Ptr{Ptr{UInt8}})::Int32 self=typeof(Main.main) export
#1:
  %1 = Base.pointerref(_3, 2, 1)::Ptr{UInt8}
  %2 = foreigncall sym "strlen" UInt64(Ptr{UInt8}) variadic_from=0 cc=sym "ccall" args(%1) roots()::UInt64
  %3 = Base.add_int(%2, UInt64(1))::UInt64
  %4 = foreigncall sym "malloc" Ptr{Nothing}(UInt64) variadic_from=0 cc=sym "ccall" args(%3) roots()::Ptr{Nothing}
  %5 = Base.bitcast(type Ptr{UInt8}, %4)::Ptr{UInt8}
  %6 = foreigncall sym "memcpy" Ptr{Nothing}(Ptr{UInt8}, Ptr{UInt8}, UInt64) variadic_from=0 cc=sym "ccall" args(%5, %1, %3) roots()::Ptr{Nothing}
  %7 = foreigncall sym "puts" Int32(Ptr{UInt8}) variadic_from=0 cc=sym "ccall" args(%5) roots()::Int32
  %8 = foreigncall sym "free" Nothing(Ptr{Nothing}) variadic_from=0 cc=sym "ccall" args(%4) roots()::Nothing
  %9 = foreigncall sym "cos" Float64(Float64) variadic_from=0 cc=sym "ccall" args(0.0) roots()::Float64
  %10 = Base.fptosi(type UInt64, %9)::UInt64
  %11 = Base.add_int(%2, %10)::UInt64
  %12 = Base.trunc_int(type Int32, %11)::Int32
  return %12
"#;

/// No C compiler, linker or C library is needed to build it, and buffered output is flushed at exit.
#[test]
fn a_program_may_use_the_c_library() {
    let scratch = Scratch::new();
    scratch.write("c.jir", WITH_C_LIBRARY);
    let mut build = scratch.command(jlift());
    run(build.args(["build", "c.jir", "-o", "c"]).env("PATH", "")).expect_success();
    let done = run(Command::new(scratch.path("c")).arg("Hello, C"));
    assert_eq!(
        (done.stdout.as_str(), done.stderr.as_str(), done.status),
        ("Hello, C\n", "", Some(9))
    );
    let needed = run(find_tool(&["readelf"])
        .expect("readelf on PATH")
        .command()
        .arg("-d")
        .arg(scratch.path("c")))
    .expect_success();
    for library in ["libc.so.6", "libm.so.6"] {
        assert!(needed.stdout.contains(library), "{}", needed.stdout);
    }
}

/// Integers and pointers as variable arguments; floats are refused for now.
#[test]
fn a_program_may_call_functions_with_variable_arguments() {
    let scratch = Scratch::new();
    let text = r#"jir 1
singleton typeof(Main.main) super=Function
function @1 Main.main(_2 argc::Int32, _3 argv::Ptr{Ptr{UInt8}})::Int32 self=typeof(Main.main) export
#1:
  %1 = foreigncall sym "jlift_string_data" Ptr{UInt8}(Any) variadic_from=0 cc=sym "ccall" args("%d %s %ld|%d %d %d %d %d\n") roots()::Ptr{UInt8}
  %2 = Base.pointerref(_3, 2, 1)::Ptr{UInt8}
  %3 = foreigncall sym "printf" Int32(Ptr{UInt8}, Int32, Ptr{UInt8}, Int64, Int32, Int32, Int32, Int32, Int32) variadic_from=1 cc=sym "ccall" args(%1, _2, %2, -5000000000, Int32(1), Int32(2), Int32(3), Int32(4), Int32(-5)) roots()::Int32
  return %3
"#;
    scratch
        .build_text("variable", text, &["-o", "variable"])
        .expect_success();
    let done = run(Command::new(scratch.path("variable")).arg("text"));
    assert_eq!(
        (done.stdout.as_str(), done.status),
        ("2 text -5000000000|1 2 3 4 -5\n", Some(30))
    );
}

/// Output that nobody takes is no reason to fail or to hang.
#[test]
fn a_program_whose_output_cannot_be_written_still_returns_its_status() {
    let scratch = Scratch::new();
    hello(&scratch, &[]);
    let program = scratch.path("hello");
    for redirection in [">&-", ">/dev/full"] {
        let script = format!("exec {} {redirection}", program.display());
        let done = run(Command::new("/bin/sh").arg("-c").arg(script));
        assert_eq!(
            (done.status, done.stdout.as_str(), done.stderr.as_str()),
            (Some(1), "", "")
        );
    }
}

#[test]
fn a_main_that_always_throws_is_a_program() {
    let scratch = Scratch::new();
    let text = "Base.@ccallable main()::Cint = (println(\"first\"); error(\"boom\"))\n";
    scratch.write("main.jl", text);
    for level in ["-O0", "-O2"] {
        let args = ["build", "main.jl", level, "-o", "main"];
        run(scratch.command(jlift()).args(args)).expect_success();
        let done = run(&mut Command::new(scratch.path("main")));
        assert_eq!(
            (done.status, done.stdout.as_str(), done.stderr.as_str()),
            (Some(1), "first\n", "ERROR: boom\n")
        );
    }
}

#[test]
fn what_c_has_gathered_is_written_when_an_exception_ends_a_program() {
    let scratch = Scratch::new();
    let text = "Base.@ccallable function main()::Cint\n    @ccall puts(\"by C\"::Cstring)::Cint\n    return div(1, sizeof(String(UInt8[])))\nend\n";
    scratch.write("main.jl", text);
    run(scratch
        .command(jlift())
        .args(["build", "main.jl", "-o", "main"]))
    .expect_success();
    let done = run(&mut Command::new(scratch.path("main")));
    assert_eq!(
        (done.status, done.stdout.as_str(), done.stderr.as_str()),
        (
            Some(1),
            "by C\n",
            "ERROR: DivideError: integer division error\n"
        )
    );
}
