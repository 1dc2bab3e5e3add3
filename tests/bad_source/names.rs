//! Names, types and methods that do not exist, or exist twice.

use crate::program::{Program, is_refused};

#[test]
fn an_undefined_name_is_julias_error_in_run() {
    let program = Program::new("println(1)\nprintln(nosuch)\nprintln(2)\n");
    let done = program.run();
    assert_eq!((done.status, done.stdout.as_str()), (Some(1), "1\n"));
    let expected = format!(
        "ERROR: LoadError: UndefVarError: `nosuch` not defined\nin expression starting at {}:2\n",
        program.path("program.jl").display()
    );
    assert_eq!(done.stderr, expected);
}

/// Julia finds it when it gets there.
#[test]
fn an_undefined_name_that_is_never_reached_does_no_harm_in_run() {
    let text = "f(x) = x > 0 ? x : nosuch(x)\nprintln(f(1))\n";
    assert_eq!(Program::new(text).run().expect_success().stdout, "1\n");
}

#[test]
fn an_undefined_name_is_refused_by_build_and_check() {
    let program = Program::new("g(x) = nosuch(x)\nh(x) = g(x) + 1\n");
    program.refuses(&["h(Int64)"], "1:8", "`nosuch` not defined");
}

#[test]
fn a_call_without_method_is_julias_error_in_run() {
    let done = Program::new("f(x::Int64) = x\nprintln(f(1))\nprintln(f(1.5))\n").run();
    assert_eq!((done.status, done.stdout.as_str()), (Some(1), "1\n"));
    let first = done.stderr.lines().next();
    assert_eq!(
        first,
        Some("ERROR: LoadError: MethodError: no method matching f(::Float64)")
    );
}

#[test]
fn a_call_without_method_is_refused_by_build_and_check() {
    let program = Program::new("f(x::Int64) = x\nh(x) = 1 + f(x / 2)\n");
    program.refuses(&["h(Int64)"], "2:12", "no method matching f(::Float64)");
    let program = Program::new("h(x) = x + \"a\"\n");
    program.refuses(
        &["h(Int64)"],
        "1:8",
        "no method matching +(::Int64, ::String)",
    );
}

const AMBIGUOUS: &str = "f(x::Int64, y) = 1\nf(x, y::Int64) = 2\nh(x) = f(x, x)\n";

/// Both candidates are shown, and what to do.
#[test]
fn an_ambiguous_call_shows_its_candidates() {
    let program = Program::new(AMBIGUOUS);
    program.refuses(&["h(Int64)"], "3:8", "is ambiguous");
    let text = program.check(&["h(Int64)"]).stderr;
    for part in [
        "candidate: f(::Int64, ::Any)",
        "candidate: f(::Any, ::Int64)",
        "help: define a method",
    ] {
        assert!(text.contains(part), "no `{part}` in\n{text}");
    }
    // Only the call is ambiguous, not the definitions.
    program.check(&["f(Int64, Float64)"]).expect_success();
}

#[test]
fn an_unknown_type_is_located() {
    for (text, place) in [
        ("f(x::Nope) = x\n", "1:6"),
        ("struct A\n    x::Nope\nend\n", "2:8"),
        ("struct A <: Nope end\n", "1:13"),
    ] {
        let done = Program::new(text).check(&["f(Int64)"]);
        assert!(matches!(done.status, Some(1 | 2)), "{}", done.stderr);
        assert!(
            done.stderr.contains("UndefVarError: `Nope` not defined"),
            "{}",
            done.stderr
        );
        assert!(
            done.stderr.contains(&format!("program.jl:{place}")),
            "{}",
            done.stderr
        );
    }
}

#[test]
fn what_is_no_type_is_no_annotation() {
    let done = Program::new("f(y::\"a\") = 1\n").check(&["f(Int64)"]);
    assert!(matches!(done.status, Some(1 | 2)), "{}", done.stderr);
    assert!(done.stderr.contains("program.jl:1:6"), "{}", done.stderr);
    let done = Program::new("f(x::Complex{String}) = 1\n").check(&["f(Int64)"]);
    assert!(matches!(done.status, Some(1 | 2)), "{}", done.stderr);
    assert!(
        done.stderr
            .contains("TypeError: in Complex, in T, expected T<:Real, got Type{String}"),
        "{}",
        done.stderr
    );
}

#[test]
fn a_struct_is_not_defined_a_second_time_with_other_fields() {
    let done = Program::new("struct A\n    x::Int\nend\nstruct A\n    x::Float64\nend\n").run();
    assert!(matches!(done.status, Some(1 | 2)), "{}", done.stderr);
    assert!(
        done.stderr
            .contains("invalid redefinition of constant Main.A"),
        "{}",
        done.stderr
    );
    assert!(done.stderr.contains("program.jl:4"), "{}", done.stderr);
}

#[test]
fn a_function_is_not_assigned_to() {
    let done = Program::new("f() = 1\nf = 2\n").run();
    assert!(matches!(done.status, Some(1 | 2)), "{}", done.stderr);
    assert!(
        done.stderr.contains("invalid redefinition of constant"),
        "{}",
        done.stderr
    );
    assert!(done.stderr.contains("program.jl:2"), "{}", done.stderr);
}

/// What jlift does not do is said as such.
#[test]
fn what_is_not_supported_is_named() {
    for (text, place, message) in [
        ("@sync println(1)\n", "1:1", "`@sync` is not supported"),
        ("using DataFrames\n", "1:7", "Package DataFrames not found"),
    ] {
        is_refused(&Program::new(text).run(), place, message);
    }
}

/// A value of a type that is known only at run time: which argument it is, and where.
#[test]
fn a_call_that_needs_run_time_types_is_refused_with_its_types() {
    let program = Program::new("f(n) = (Any[1, 2.0])[n] + 1\n");
    program.refuses(&["f(Int64)"], "1:8", "cannot be resolved at compile time");
    let text = program.check(&["f(Int64)"]).stderr;
    assert!(text.contains("argument 1 is inferred as Any"), "{text}");
}

#[test]
fn a_c_function_that_does_not_exist_is_named() {
    let text = "f(x) = ccall(:no_such_c_function, Cint, (Cint,), x)\nprintln(1)\nprintln(f(3))\n";
    let done = Program::new(text).run();
    assert_eq!((done.status, done.stdout.as_str()), (Some(2), "1\n"));
    assert!(
        done.stderr.contains("`no_such_c_function`"),
        "{}",
        done.stderr
    );
}
