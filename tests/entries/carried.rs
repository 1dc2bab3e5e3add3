//! Executables of programs that mark no function: they carry the compiler and execute the top level.

use crate::scratch::Scratch;
use jlift_tests::process::{Finished, jlift, run};
use std::process::Command;

fn build(scratch: &Scratch, args: &[&str]) -> Finished {
    run(scratch.command(jlift()).arg("build").args(args))
}

/// Builds `a.jl` as `a` and runs it with these arguments, in a directory that has no sources any more.
#[track_caller]
fn carried(scratch: &Scratch, args: &[&str]) -> Finished {
    let done = build(scratch, &["a.jl", "--emit", "exe", "-o", "a"]);
    assert_eq!((done.status, &*done.stdout), (Some(0), ""), "{done:?}");
    assert!(done.stderr.contains("carries the compiler"), "{done:?}");
    for name in scratch.files().iter().filter(|name| name.ends_with(".jl")) {
        std::fs::remove_file(scratch.path(name)).expect("a source is removed");
    }
    run(Command::new(scratch.path("a")).args(args))
}

#[test]
fn it_does_what_a_run_does_with_its_arguments_and_without_its_sources() {
    let scratch = Scratch::new();
    scratch.write(
        "a.jl",
        "include(\"b.jl\")\nshapes = Any[1, \"two\", 3.0]\nfor s in shapes\n    println(area(s))\nend\n\
         println(ARGS)\nif abspath(PROGRAM_FILE) == @__FILE__\n    println(\"started\")\nend\n",
    );
    scratch.write("b.jl", "area(x) = x\narea(s::String) = length(s)\n");
    let done = carried(&scratch, &["-x", "a b", "--help"]);
    assert_eq!(
        (&*done.stdout, done.status),
        (
            "1\n3\n3.0\n[\"-x\", \"a b\", \"--help\"]\nstarted\n",
            Some(0)
        ),
        "{done:?}"
    );
}

#[test]
fn its_exit_status_and_its_uncaught_exceptions_are_those_of_a_run() {
    for (text, status, stderr) in [
        ("println(1)\nexit(3)\n", 3, ""),
        (
            "println(1)\n[1][2]\n",
            1,
            "ERROR: LoadError: BoundsError: attempt to access 1-element Vector{Int64} at index [2]\nin expression starting at ",
        ),
    ] {
        let scratch = Scratch::new();
        scratch.write("a.jl", text);
        let done = carried(&scratch, &[]);
        assert_eq!(
            (&*done.stdout, done.status),
            ("1\n", Some(status)),
            "{text}"
        );
        assert!(done.stderr.starts_with(stderr), "{done:?}");
    }
}

#[test]
fn a_main_that_nobody_calls_is_compiled_instead() {
    let scratch = Scratch::new();
    scratch.write("a.jl", "f(x) = 2x\nmain() = f(2)\n");
    let done = build(&scratch, &["a.jl", "--emit", "exe", "-o", "a"]);
    assert_eq!((done.status, &*done.stderr), (Some(0), ""), "{done:?}");
    let size = std::fs::metadata(scratch.path("a"))
        .expect("the program")
        .len();
    assert!(size < 20_000, "{size} bytes");
    assert_eq!(run(&mut Command::new(scratch.path("a"))).status, Some(4));
}

#[test]
fn what_cannot_be_carried_is_refused_before_anything_is_written() {
    let scratch = Scratch::new();
    scratch.write("a.jl", "println(1)\n");
    scratch.write("wrong.jl", "println(1\n");
    for (args, part) in [
        (
            &["a.jl", "--target", "aarch64-unknown-linux-gnu"][..],
            "aarch64",
        ),
        (&["a.jl", "--backend", "llvm"], "@ccallable"),
        (&["a.jl", "--header", "a.h"], "@ccallable"),
        (&["wrong.jl"], "wrong.jl:1"),
    ] {
        let done = build(&scratch, &[args, &["--emit", "exe", "-o", "a"]].concat());
        assert_eq!(done.status, Some(2), "{args:?}: {done:?}");
        assert!(done.stderr.contains(part), "{args:?}: {done:?}");
        assert!(!scratch.path("a").exists(), "{args:?}");
    }
}
