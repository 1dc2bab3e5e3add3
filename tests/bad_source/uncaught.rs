//! Exceptions that nothing catches: Julia's text on stderr, what was printed before, exit code 1.

use crate::program::Program;

/// The expression that throws, and the first lines of Julia's text for it.
const THROWN: &[(&str, &str)] = &[
    ("error(\"boom \", 3)", "boom 3"),
    ("sqrt(-1.0)", "DomainError with -1.0:"),
    (
        "[1, 2, 3][5]",
        "BoundsError: attempt to access 3-element Vector{Int64} at index [5]",
    ),
    (
        "(1, 2)[3]",
        "BoundsError: attempt to access Tuple{Int64, Int64} at index [3]",
    ),
    ("Dict(1 => 2)[3]", "KeyError: key 3 not found"),
    ("Int(1.5)", "InexactError: Int64(1.5)"),
    ("UInt8(256)", "InexactError: trunc(UInt8, 256)"),
    ("1 ÷ 0", "DivideError: integer division error"),
    (
        "factorial(30)",
        "OverflowError: 30 is too large to look up in the table; consider using `factorial(big(30))` instead",
    ),
    ("pop!(Int[])", "ArgumentError: array must be non-empty"),
    (
        "1.5::Int",
        "TypeError: in typeassert, expected Int64, got a value of type Float64",
    ),
    (
        "if 1 end",
        "TypeError: non-boolean (Int64) used in boolean context",
    ),
    ("[1, 2] .= [1.5, 2.0]", "InexactError: Int64(1.5)"),
    (
        "nothing + 1",
        "MethodError: no method matching +(::Nothing, ::Int64)",
    ),
    ("@assert 1 == 2", "AssertionError: 1 == 2"),
    ("@assert false \"told so\"", "AssertionError: told so"),
    (
        "[1, 2] + [1, 2, 3]",
        "DimensionMismatch: dimensions must match: a has dims (Base.OneTo(2),), b has dims (Base.OneTo(3),), mismatch at 1",
    ),
    (
        "maximum(Int[])",
        "MethodError: reducing over an empty collection is not allowed; consider supplying `init` to the reducer",
    ),
    ("throw(Own(3))", "Own(3)"),
    ("throw(Spoken(3))", "spoken: 3"),
    ("Own(1).y", "type Own has no field y"),
    ("Holder().x", "UndefRefError: access to undefined reference"),
    ("unassigned(false)", "UndefVarError: `y` not defined"),
    (
        "needs_keyword(1)",
        "UndefKeywordError: keyword argument `a` not assigned",
    ),
    (
        "parse(Int, \"x1\")",
        "ArgumentError: invalid base 10 digit 'x' in \"x1\"",
    ),
];

const DEFINITIONS: &str = "struct Own <: Exception
    a::Int
end
struct Spoken <: Exception
    a::Int
end
Base.showerror(io::IO, e::Spoken) = print(io, \"spoken: \", e.a)
mutable struct Holder
    x::Vector{Int}
    Holder() = new()
end
function unassigned(c)
    if c
        y = 1
    end
    return y
end
needs_keyword(x; a) = x + a
println(\"before\")
";

#[test]
fn an_uncaught_exception_is_julias_text_and_exit_code_1() {
    let line = DEFINITIONS.lines().count() + 1;
    let mut wrong = String::new();
    for (expression, says) in THROWN {
        let program = Program::new(format!("{DEFINITIONS}{expression}\nprintln(\"after\")\n"));
        let done = program.run();
        let start = format!("ERROR: LoadError: {says}\n");
        let path = program.path("program.jl");
        let end = format!("in expression starting at {}:{line}\n", path.display());
        let right = done.status == Some(1)
            && done.stdout == "before\n"
            && done.stderr.starts_with(&start)
            && done.stderr.ends_with(&end);
        if !right {
            wrong += &format!(
                "{expression}: {:?} {}{}\n",
                done.status, done.stdout, done.stderr
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// The same from inside of calls, and from code that is no file.
#[test]
fn where_it_was_thrown_does_not_change_the_text() {
    let program = Program::new("f(x) = g(x) + 1\ng(x) = sqrt(x)\n\nprintln(f(-1.0))\n");
    let done = program.run();
    assert_eq!((done.status, done.stdout.as_str()), (Some(1), ""));
    assert!(
        done.stderr
            .starts_with("ERROR: LoadError: DomainError with -1.0:\nsqrt was called"),
        "{}",
        done.stderr
    );
    assert!(done.stderr.ends_with("program.jl:4\n"), "{}", done.stderr);
    let done = program.jlift(&["run", "-e", "print(1); error(\"boom\")"]);
    assert_eq!((done.status, done.stdout.as_str()), (Some(1), "1"));
    assert_eq!(done.stderr, "ERROR: boom\n");
}

#[test]
fn an_exception_that_is_caught_is_none() {
    let text = "try\n    error(\"boom\")\ncatch e\n    println(e isa ErrorException)\nend\n";
    let done = Program::new(text).run().expect_success();
    assert_eq!((done.stdout.as_str(), done.stderr.as_str()), ("true\n", ""));
}
