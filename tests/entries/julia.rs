//! Julia source on the command line: programs and their arguments, files that include others,
//! uncaught exceptions, what is refused and how that is said, and outputs.

use crate::scratch::{Scratch, dynamic_symbols};
use jlift_tests::process::{Finished, jlift, run};

/// `jlift` with these arguments in a directory.
fn jlift_in(scratch: &Scratch, args: &[&str]) -> Finished {
    run(scratch.command(jlift()).args(args))
}

#[track_caller]
fn shows(done: &Finished, status: i32, stdout: &str, stderr: &[&str]) {
    assert_eq!(done.status, Some(status), "{done:?}");
    assert_eq!(done.stdout, stdout, "{done:?}");
    for part in stderr {
        assert!(
            done.stderr.contains(part),
            "no `{part}` in\n{}",
            done.stderr
        );
    }
    if stderr.is_empty() {
        assert_eq!(done.stderr, "", "{done:?}");
    }
}

const HARMONIC: &str = "function harmonic(n)
    s = 0.0
    for i in 1:n
        s += 1/i
    end
    return s
end
";

#[test]
fn a_program_prints_what_it_computes() {
    let scratch = Scratch::new();
    let text = format!("{HARMONIC}println(harmonic(10))\n");
    scratch.write("a.jl", text);
    let done = jlift_in(&scratch, &["run", "a.jl"]);
    shows(&done, 0, "2.9289682539682538\n", &[]);
    for level in ["-O0", "-O1"] {
        let done = jlift_in(&scratch, &["run", level, "a.jl"]);
        shows(&done, 0, "2.9289682539682538\n", &[]);
    }
}

#[test]
fn code_on_the_command_line_is_executed() {
    let scratch = Scratch::new();
    let done = jlift_in(&scratch, &["run", "-e", "x = 20; println(x + 1)"]);
    shows(&done, 0, "21\n", &[]);
    // Such code is no file: there is no LoadError.
    let done = jlift_in(&scratch, &["run", "-e", "sqrt(-1.0)"]);
    shows(&done, 1, "", &["ERROR: DomainError with -1.0:\n"]);
}

#[test]
fn what_follows_the_file_are_the_programs_arguments() {
    let scratch = Scratch::new();
    scratch.write("a.jl", "for a in ARGS\n    println(a)\nend\n");
    let done = jlift_in(&scratch, &["run", "a.jl", "x", "-O1", "--", "a \"b\" $c\\"]);
    shows(&done, 0, "x\n-O1\n--\na \"b\" $c\\\n", &[]);
    let done = jlift_in(&scratch, &["run", "-e", "println(length(ARGS))", "-v"]);
    shows(&done, 0, "1\n", &[]);
}

#[test]
fn included_files_may_be_the_first_to_ask_for_arguments_tests_and_hooks() {
    let scratch = Scratch::new();
    scratch.write("a.jl", "println(1)\ninclude(\"b.jl\")\n");
    let program = "println(ARGS, \" \", basename(PROGRAM_FILE))\natexit(() -> println(\"bye\"))\n\
        using Test\n@testset \"t\" begin\n    @test 1 == 1\nend;\n";
    scratch.write("b.jl", program);
    let done = jlift_in(&scratch, &["run", "a.jl", "x"]);
    assert_eq!((done.status, &*done.stderr), (Some(0), ""), "{done:?}");
    let out = &done.stdout;
    assert!(out.starts_with("1\n[\"x\"] a.jl\nTest Summary:"), "{out}");
    assert!(out.ends_with("bye\n"), "{out}");
}

#[test]
fn included_files_are_part_of_the_program() {
    let scratch = Scratch::new();
    std::fs::create_dir(scratch.path("sub")).expect("a directory");
    scratch.write("a.jl", "include(\"sub/b.jl\")\nprintln(f(1))\n");
    scratch.write("sub/b.jl", "include(\"c.jl\")\nf(x) = g(x) + 1\n");
    scratch.write("sub/c.jl", "g(x) = 10x\n");
    shows(&jlift_in(&scratch, &["run", "a.jl"]), 0, "11\n", &[]);
    scratch.write("sub/c.jl", "\nsqrt(-2.0)\n");
    let done = jlift_in(&scratch, &["run", "a.jl"]);
    let places = [
        "ERROR: LoadError: DomainError with -2.0:\n",
        "/sub/c.jl:2\n",
        "/sub/b.jl:1\n",
        "/a.jl:1\n",
    ];
    shows(&done, 1, "", &places);
    let done = jlift_in(&scratch, &["run", "-e", "include(\"missing.jl\")"]);
    shows(
        &done,
        1,
        "",
        &["SystemError: opening file", "missing.jl", "No such file"],
    );
}

#[test]
fn an_uncaught_exception_comes_after_what_was_printed_before() {
    let scratch = Scratch::new();
    scratch.write(
        "a.jl",
        "println(\"before\")\nprint(\"no newline\")\n1 ÷ 0\nprintln(\"after\")\n",
    );
    let done = jlift_in(&scratch, &["run", "a.jl"]);
    let text = "ERROR: LoadError: DivideError: integer division error\n";
    shows(&done, 1, "before\nno newline", &[text, "a.jl:3\n"]);
}

#[test]
fn endless_recursion_is_an_exception() {
    let scratch = Scratch::new();
    scratch.write(
        "a.jl",
        "f(x) = 1 + f(x + 1)\nprintln(\"start\")\nprintln(f(1))\n",
    );
    let done = jlift_in(&scratch, &["run", "a.jl"]);
    shows(
        &done,
        1,
        "start\n",
        &["ERROR: LoadError: StackOverflowError:\n"],
    );
    let done = jlift_in(&scratch, &["run", "-e", "g(x) = 1 + g(x + 1); g(1)"]);
    shows(&done, 1, "", &["ERROR: StackOverflowError:\n"]);
}

#[test]
fn globals_change_their_values_and_types() {
    let scratch = Scratch::new();
    let text = "x = 1
add() = (global x += 1; x)
println(add(), add())
y = 1
y = \"text\"
println(y)
const C = [2, 3]
push!(C, 4)
println(C)
";
    scratch.write("a.jl", text);
    shows(
        &jlift_in(&scratch, &["run", "a.jl"]),
        0,
        "23\ntext\n[2, 3, 4]\n",
        &[],
    );
}

#[test]
fn syntax_errors_are_found_before_anything_runs() {
    let scratch = Scratch::new();
    scratch.write("a.jl", "println(1)\nx = (2 +\n");
    let done = jlift_in(&scratch, &["run", "a.jl"]);
    shows(&done, 2, "", &["error: ", "a.jl:2:", "x = (2 +"]);
    let done = jlift_in(&scratch, &["--message-format", "json", "run", "a.jl"]);
    shows(
        &done,
        2,
        "",
        &["{\"severity\":\"error\"", "\"line\":2,\"column\":"],
    );
    let done = jlift_in(&scratch, &["run", "missing.jl"]);
    shows(&done, 2, "", &["missing.jl cannot be read"]);
}

#[test]
fn a_library_has_the_exports_that_are_named_or_marked() {
    let scratch = Scratch::new();
    let marked = "Base.@ccallable function twice(x::Float64)::Float64\n    return 2x\nend\n";
    scratch.write("a.jl", format!("{HARMONIC}{marked}"));
    let args = [
        "build",
        "a.jl",
        "--export",
        "harmonic(Int64)",
        "-o",
        "named.so",
    ];
    shows(&jlift_in(&scratch, &args), 0, "", &[]);
    let (defined, open) = dynamic_symbols(&scratch.path("named.so"));
    assert_eq!((defined, open), (vec!["harmonic".to_string()], Vec::new()));
    let args = ["build", "a.jl", "-o", "marked.so"];
    shows(&jlift_in(&scratch, &args), 0, "", &[]);
    let (defined, _) = dynamic_symbols(&scratch.path("marked.so"));
    assert_eq!(defined, ["twice"]);
    let done = scratch.python(
        "import ctypes\nl = ctypes.CDLL('./named.so')\nl.harmonic.restype = ctypes.c_double\n\
         print(l.harmonic(ctypes.c_int64(10)))\n",
        &[],
    );
    shows(&done, 0, "2.9289682539682538\n", &[]);
}

#[test]
fn constants_and_globals_are_data_of_a_library() {
    let scratch = Scratch::new();
    let text = "const SQUARES = [i^2 for i in 1:5]
counter = 40
square(i::Int) = SQUARES[i]
bump() = (global counter += 1; counter)
bump()
";
    scratch.write("a.jl", text);
    let args = [
        "build",
        "a.jl",
        "--export",
        "square(Int)",
        "--export",
        "bump()",
        "-o",
        "a.so",
    ];
    shows(&jlift_in(&scratch, &args), 0, "", &[]);
    let done = scratch.python(
        "import ctypes\nl = ctypes.CDLL('./a.so')\n\
         print(l.square(ctypes.c_int64(3)), l.bump(), l.bump())\n",
        &[],
    );
    // The call while building has counted.
    shows(&done, 0, "9 42 43\n", &[]);
}

#[test]
fn wrong_exports_of_source_are_refused() {
    let scratch = Scratch::new();
    scratch.write("a.jl", "f(x::Int) = x\nv = 1\n");
    for (export, expected) in [
        ("g(Int)", "`g` not defined"),
        ("f(String)", "no method matching f(::String)"),
        ("f(Nonsense)", "Nonsense"),
        ("f", "f(Int64, Ptr{Float64})"),
        ("f(", "--export"),
        ("v(Int)", "`v`"),
    ] {
        for command in ["check", "build"] {
            let done = jlift_in(&scratch, &[command, "a.jl", "--export", export]);
            shows(&done, 2, "", &["error: ", expected]);
        }
    }
    let done = jlift_in(&scratch, &["check", "a.jl", "--export", "f(Int)"]);
    shows(&done, 0, "", &[]);
    assert_eq!(scratch.files(), ["a.jl"]);
}

#[test]
fn what_the_type_of_a_caught_exception_decides_is_refused_in_outputs() {
    let scratch = Scratch::new();
    scratch.write(
        "a.jl",
        "struct Odd <: Exception; n::Int; end
kind(e::BoundsError) = 1
kind(e) = 2
name(e) = sprint(showerror, e)
fail(n) = n < 0 ? throw(Odd(n)) : [1][n]
by_method(n::Int)::Int = try fail(n) catch e; kind(e) end
by_type(n::Int)::Int = try fail(n) catch e; typeof(e) == Odd ? 1 : 2 end
by_value(n::Int)::Int = try fail(n) catch e; e === Odd(-3) ? 1 : 2 end
by_isa(n::Int)::Int = try fail(n) catch e; e isa Odd ? 1 : e isa BoundsError ? 2 : 3 end
number(n::Int)::Int = try throw(n) catch e; e isa Int64 ? 1 : e === nothing ? 2 : 3 end
by_text(n::Int)::Int = try fail(n) catch e; length(name(e)) end
println(kind(try fail(3) catch e; e end))
",
    );
    for export in ["by_method(Int)", "by_type(Int)", "by_value(Int)"] {
        let done = jlift_in(&scratch, &["check", "a.jl", "--export", export]);
        shows(&done, 2, "1\n", &["keeps of a caught exception its text"]);
    }
    for export in ["by_isa(Int)", "number(Int)", "by_text(Int)"] {
        let done = jlift_in(&scratch, &["check", "a.jl", "--export", export]);
        shows(&done, 0, "1\n", &[]);
    }
}

#[test]
fn stages_of_source_are_printed() {
    let scratch = Scratch::new();
    scratch.write("a.jl", HARMONIC);
    let emit = |stage: &str, args: &[&str]| {
        let mut all = vec!["emit", "a.jl", "--stage", stage];
        all.extend_from_slice(args);
        jlift_in(&scratch, &all).expect_success().stdout
    };
    assert!(emit("cst", &[]).starts_with("ROOT"));
    assert!(emit("surface", &[]).starts_with("(function (call harmonic n)"));
    let export = ["--export", "harmonic(Int64)"];
    assert!(emit("typed", &export).contains("Base.iterate"));
    let optimized = emit("opt", &export);
    assert_eq!(optimized.matches("function @").count(), 1, "{optimized}");
    assert!(!optimized.contains("invoke"), "{optimized}");
    assert!(emit("asm", &export).contains("harmonic"));
}

#[test]
fn what_is_not_kept_of_a_caught_exception_is_refused_at_its_place() {
    let scratch = Scratch::new();
    let text = "struct Odd <: Exception\n    n::Int\nend\nfunction f(x::Int64)\n    try\n        throw(Odd(x))\n    catch e\n        return e.n\n    end\nend\n";
    scratch.write("a.jl", text);
    let done = jlift_in(
        &scratch,
        &["build", "a.jl", "--export", "f(Int64)", "-o", "a.so"],
    );
    let parts = ["the field `n` of a caught exception", "a.jl:8:"];
    shows(&done, 2, "", &parts);
}

#[test]
fn a_caught_exception_is_asked_for_several_types_and_keeps_whole_characters() {
    let scratch = Scratch::new();
    let text = "struct Odd <: Exception\n    n::Int\nend\nstruct Even <: Exception\n    n::Int\nend\n\
        Base.showerror(io::IO, e::Odd) = print(io, \"é\"^700)\n\
        function f(x::Int64)\n    try\n        x == 0 && throw(DomainError(x))\n        isodd(x) ? throw(Odd(x)) : throw(Even(x))\n    catch e\n\
        e isa Union{Odd,DomainError} ? 1 : 2\n    end\nend\n\
        function text()\n    try\n        throw(Odd(1))\n    catch e\n        t = sprint(showerror, e)\n        println(length(t), \" \", isvalid(t))\n    end\nend\n\
        Base.@ccallable main()::Cint = (println(f(0), f(1), f(2)); text(); 0)\n";
    scratch.write("a.jl", text);
    let done = jlift_in(&scratch, &["build", "a.jl", "-o", "a"]);
    shows(&done, 0, "", &[]);
    let done = run(&mut std::process::Command::new(scratch.path("a")));
    shows(&done, 0, "112\n503 true\n", &[]);
}

#[test]
fn numbers_that_only_a_running_program_has_are_refused_in_outputs() {
    let scratch = Scratch::new();
    scratch.write("a.jl", "f(x::Float64) = Float64(BigFloat(x) * 2)\n");
    let done = jlift_in(
        &scratch,
        &["build", "a.jl", "--export", "f(Float64)", "-o", "a.so"],
    );
    let parts = ["`BigFloat` is for programs that are run", "a.jl:1:"];
    shows(&done, 2, "", &parts);
}

#[test]
fn choices_that_mean_nothing_are_refused() {
    let scratch = Scratch::new();
    scratch.write("a.jl", "println(1)\n");
    scratch.write("a.jir", "jir 1\n");
    for option in [
        &["--target", "aarch64-unknown-linux-gnu"][..],
        &["--cpu", "native"],
        &["--export", "f()"],
    ] {
        let args = [&["run"], option, &["a.jl"]].concat();
        shows(&jlift_in(&scratch, &args), 2, "", &[option[0]]);
        let args = [&["run"], option, &["-e", "println(1)"]].concat();
        shows(&jlift_in(&scratch, &args), 2, "", &[option[0]]);
    }
    for stage in ["cst", "surface"] {
        let done = jlift_in(&scratch, &["emit", "a.jir", "--stage", stage]);
        shows(&done, 2, "", &["one of Julia source"]);
    }
    // The interpreter makes no outputs: what cannot be chosen is not offered.
    for command in ["build", "check", "emit"] {
        let done = jlift_in(&scratch, &[command, "--help"]).expect_success();
        assert!(done.stdout.contains("--backend") && !done.stdout.contains("interp"));
    }
    let done = jlift_in(&scratch, &["run", "--backend", "interp", "a.jl"]);
    shows(&done, 0, "1\n", &[]);
}

#[test]
fn long_lists_of_types_are_cut_in_messages() {
    let scratch = Scratch::new();
    let mut elements = String::new();
    for n in 0..400 {
        elements += &format!("\"k{n}\", {n}, ");
    }
    let text = format!("g(xs...) = h(first(xs)) + h(xs)\nh(x::Int) = x\nf() = g({elements} 1)\n");
    scratch.write("a.jl", text);
    let done = jlift_in(&scratch, &["check", "a.jl", "--export", "f()"]);
    shows(&done, 2, "", &["h"]);
    let longest = done
        .stderr
        .lines()
        .filter(|l| l.contains("in g("))
        .map(str::len)
        .max();
    assert!(longest.is_some_and(|n| n < 300), "{}", done.stderr);
}

#[test]
fn what_is_declared_again_is_no_error_and_a_constant_may_change() {
    let scratch = Scratch::new();
    let text = "struct A\n    x::Int\nend\nconst c = 1\nconst v = [1]\n";
    scratch.write("part.jl", text);
    let text = "include(\"part.jl\")\nold() = c\nprintln(old())\ninclude(\"part.jl\")\nconst c = 2\nnew() = c\n\
        println(A(1), new())\nconst c = 2.5\nprintln(\"not reached\")\n";
    scratch.write("a.jl", text);
    let done = jlift_in(&scratch, &["run", "a.jl"]);
    let warning = "This may fail, cause incorrect answers, or produce other errors.\n";
    let parts = [
        // An array is another one each time.
        &format!("WARNING: redefinition of constant v. {warning}"),
        &format!("WARNING: redefinition of constant c. {warning}"),
        "ERROR: LoadError: invalid redefinition of constant c\nin expression starting at",
    ];
    shows(&done, 1, "1\nA(1)2\n", &parts);
}
