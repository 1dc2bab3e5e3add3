//! Signatures of exports that name nothing, or something that C cannot call.

use crate::program::Program;

const LIBRARY: &str = "f(x::Int64) = x + 1\nv = 3\nsym(n::Int64) = :a\narr(n::Int64) = zeros(n)\n\
                       str(n::Int64) = string(n)\nuni(n::Int64) = n > 0 ? n : 0.5\n";

/// Signature and a part of the message.
const WRONG: &[(&str, &str)] = &[
    ("f(Float64)", "no method matching f(::Float64)"),
    ("f()", "no method matching f()"),
    ("f(Int64, Int64)", "no method matching f(::Int64, ::Int64)"),
    ("f(Vector{Int64})", "no method matching f(::Vector{Int64})"),
    ("nosuch(Int64)", "`nosuch` not defined"),
    ("f(Nope)", "`Nope` not defined"),
    ("f(3)", "expected a type, got a value of type Int64"),
    ("f(Integer)", "f(::Integer)"),
    (
        "v(Int64)",
        "`v` is a variable; only functions can be exported",
    ),
    ("f", "of the form `f(Int64, Ptr{Float64})`"),
    ("", "of the form `f(Int64, Ptr{Float64})`"),
    ("x -> x", "of the form `f(Int64, Ptr{Float64})`"),
    ("f(Int64); f(Int64)", "of the form `f(Int64, Ptr{Float64})`"),
    ("f(Int64; a=1)", "not supported"),
    ("f(Int64...)", "not supported"),
    ("f(Int64", ""),
    ("(((((", "unclosed `(`"),
];

#[test]
fn a_wrong_export_is_refused() {
    let program = Program::new(LIBRARY);
    for (signature, message) in WRONG {
        for done in [program.build(&[signature]), program.check(&[signature])] {
            assert_eq!(
                (done.status, done.stdout.as_str()),
                (Some(2), ""),
                "{signature}"
            );
            let found = done.stderr.starts_with("error: ") && done.stderr.contains(message);
            assert!(found, "{signature}: no `{message}` in\n{}", done.stderr);
        }
    }
    assert_eq!(program.files(), Vec::<String>::new());
}

#[test]
fn a_result_without_c_representation_is_refused() {
    let program = Program::new(LIBRARY);
    for (signature, ty) in [
        ("uni(Int64)", "Union{Float64, Int64}"),
        ("arr(Int64)", "Vector{Float64}"),
        ("str(Int64)", "String"),
        ("sym(Int64)", "Symbol"),
    ] {
        for done in [program.build(&[signature]), program.check(&[signature])] {
            assert_eq!(done.status, Some(2), "{signature}: {}", done.stderr);
            assert!(
                done.stderr.contains(ty),
                "{signature}: no {ty} in\n{}",
                done.stderr
            );
        }
    }
    assert_eq!(program.files(), Vec::<String>::new());
}

/// One wrong export is enough to write nothing.
#[test]
fn good_exports_beside_a_wrong_one_are_not_written() {
    let program = Program::new(LIBRARY);
    let done = program.build(&["f(Int64)", "nosuch(Int64)"]);
    assert_eq!((done.status, program.files()), (Some(2), vec![]));
}

/// Signatures are written as in a definition, too; naming one twice is naming it once.
#[test]
fn forms_of_signatures_that_mean_the_same_are_accepted() {
    let program = Program::new(LIBRARY);
    for signature in ["f(Int64)", "f(x::Int64)", "f(::Int64)", " f( Int ) "] {
        program.check(&[signature]).expect_success();
    }
    program.build(&["f(Int64)", "f(Int64)"]).expect_success();
    assert_eq!(program.files(), ["lib.h", "lib.so", "module.py"]);
}

/// The program runs before it is compiled: what it throws ends the build.
#[test]
fn a_program_that_throws_is_not_built() {
    let program = Program::new("f(x::Int64) = x\nprintln(1)\nsqrt(-1.0)\n");
    for done in [program.build(&["f(Int64)"]), program.check(&["f(Int64)"])] {
        assert_eq!((done.status, done.stdout.as_str()), (Some(1), "1\n"));
        assert!(
            done.stderr
                .starts_with("ERROR: LoadError: DomainError with -1.0:\n"),
            "{}",
            done.stderr
        );
    }
    assert_eq!(program.files(), Vec::<String>::new());
}
