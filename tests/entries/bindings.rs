//! The generated header and Python module.

use crate::scratch::{Scratch, THROWING, example};
use jlift_tests::process::{find_tool, jlift, root, run};

#[test]
fn the_header_compiles_as_strict_c11_and_as_cpp() {
    let scratch = Scratch::new();
    let kernel = root().join("tests/kernels/struct_records.jir");
    for (name, input) in [
        ("records", kernel),
        ("throwing", scratch.write("throwing.jir", THROWING)),
        ("harmonic", example("harmonic.jir")),
    ] {
        let header = format!("{name}.h");
        scratch
            .build(&input, &["-o", &format!("{name}.so"), "--header", &header])
            .expect_success();
        // Twice: it guards itself.
        let text = format!("#include \"{header}\"\n#include \"{header}\"\n");
        for (compiler, ending, standard) in [("gcc", "c", "-std=c11"), ("g++", "cpp", "-std=c++17")]
        {
            let Some(tool) = find_tool(&[compiler]) else {
                assert_eq!(compiler, "g++", "gcc is needed");
                eprintln!("skipped: no g++");
                continue;
            };
            let source = format!("{name}.{ending}");
            scratch.write(&source, &text);
            let mut command = scratch.command(tool.command());
            command.args([
                standard,
                "-Wall",
                "-Wextra",
                "-Wpedantic",
                "-Werror",
                "-c",
                &source,
                "-o",
                "unit.o",
            ]);
            run(&mut command).expect_success();
        }
    }
}

/// Of everything that Julia inferred for the kernels: the header is C, the module Python.
#[test]
fn the_headers_and_python_modules_of_all_kernels_are_valid() {
    let scratch = Scratch::new();
    let directory = root().join("tests/kernels");
    let mut inputs: Vec<_> = std::fs::read_dir(directory)
        .expect("the kernels")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "jir"))
        .collect();
    inputs.sort();
    assert!(inputs.len() >= 28);
    let gcc = find_tool(&["gcc"]).expect("gcc on PATH");
    let mut modules = String::new();
    for input in inputs {
        let stem = input
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let (header, module) = (format!("{stem}.h"), format!("{stem}.py"));
        let args = [
            "--emit", "obj", "-O0", "-o", "kernel.o", "--header", &header, "--python", &module,
        ];
        scratch.build(&input, &args).expect_success();
        let mut command = scratch.command(gcc.command());
        command.args([
            "-std=c11",
            "-Wall",
            "-Wextra",
            "-Wpedantic",
            "-Werror",
            "-fsyntax-only",
            "-x",
            "c",
            &header,
        ]);
        run(&mut command).expect_success();
        modules += &format!("{module}\n");
    }
    scratch.write("modules.txt", modules);
    let done = scratch.python("for name in open('modules.txt').read().split(): compile(open(name).read(), name, 'exec')\n", &[]);
    done.expect_success();
}

#[test]
fn the_header_declares_what_the_library_exports() {
    let scratch = Scratch::new();
    scratch
        .build_text(
            "throwing",
            THROWING,
            &["-o", "throwing.so", "--header", "throwing.h"],
        )
        .expect_success();
    let header = std::fs::read_to_string(scratch.path("throwing.h")).expect("the header");
    let flat = header.split_whitespace().collect::<Vec<_>>().join(" ");
    for declaration in [
        "double harmonic_power(int64_t n, int64_t p);",
        "int32_t harmonic_power_try(int64_t n, int64_t p, double *",
        "uint8_t narrow(int64_t x);",
        "int64_t doubled(int64_t x);",
        "const char *jlift_last_error(void);",
    ] {
        assert!(
            flat.contains(declaration),
            "no `{declaration}` in\n{header}"
        );
    }
    assert!(!flat.contains("doubled_try"), "{header}");
    scratch
        .build(&example("harmonic.jir"), &["-o", "h.so", "--header", "h.h"])
        .expect_success();
    let plain = std::fs::read_to_string(scratch.path("h.h")).expect("the header");
    assert!(
        plain.contains("double harmonic(int64_t n);") && !plain.contains("jlift_last_error"),
        "{plain}"
    );
}

#[test]
fn the_python_module_returns_results_and_raises_julias_exceptions() {
    let scratch = Scratch::new();
    let args = ["-o", "libthrowing.so", "--python", "throwing.py"];
    scratch
        .build_text("throwing", THROWING, &args)
        .expect_success();
    let done = scratch.python(
        r#"
import builtins
import threading
import throwing as t

assert t.quotient(-7, 2) == -3 and t.doubled(21) == 42 and t.root(2.25) == 1.5
assert t.harmonic_power(1, -1) == 1.0
pair = t.pair_of(17, 5)
assert (pair.quotient, pair.rest) == (3, 2), pair

def raises(kind, base, message, f, *args):
    try:
        f(*args)
    except t.JuliaError as e:
        assert type(e) is kind and isinstance(e, base) and str(e) == message, (type(e), str(e))
    else:
        raise AssertionError("nothing was raised: " + message)

def all_of_them():
    raises(t.DivideError, ZeroDivisionError, "DivideError: integer division error", t.quotient, 1, 0)
    raises(t.DivideError, ZeroDivisionError, "DivideError: integer division error", t.pair_of, 1, 0)
    raises(t.InexactError, ValueError, "InexactError: trunc(UInt8, -1)", t.narrow, -1)
    raises(t.ArgumentError, ValueError, "ArgumentError: step cannot be zero", t.harmonic_range, 1, 0, 2)
    raises(t.OverflowError, builtins.OverflowError, "OverflowError: 4611686018427387904 * 2 overflowed for type Int64", t.times, 1 << 62, 2)
    raises(t.JuliaError, RuntimeError, 'negative: not supported — "x"', t.failing, -1.0)
    raises(t.DomainError, ValueError, "DomainError with -4.0:\nsqrt was called with a negative real argument but will only return a complex result if called with a complex argument. Try sqrt(Complex(x)).", t.root, -4.0)

all_of_them()
thread = threading.Thread(target=all_of_them)
thread.start()
thread.join()
# What Julia's convert would refuse does not reach the library.
for f, args in ((t.quotient, (1 << 63, 1)), (t.quotient, (1.5, 1)), (t.root, ("2",))):
    try:
        f(*args)
    except (TypeError, ValueError, builtins.OverflowError) as e:
        assert not isinstance(e, t.JuliaError)
    else:
        raise AssertionError(args)
print("done")
"#,
        &[],
    );
    assert_eq!(done.expect_success().stdout, "done\n");
}

#[test]
fn the_python_module_of_a_library_that_cannot_throw_has_no_exceptions() {
    let scratch = Scratch::new();
    let args = ["-o", "libharmonic.so", "--python", "harmonic.py"];
    scratch
        .build(&example("harmonic.jir"), &args)
        .expect_success();
    let done = scratch.python(
        "import harmonic\nprint(harmonic.harmonic(10), hasattr(harmonic, 'JuliaError'))\n",
        &[],
    );
    assert_eq!(done.expect_success().stdout, "2.9289682539682538 False\n");
}

/// Python would load the library as an extension module of that name, and fail.
#[test]
fn a_library_beside_the_python_module_of_its_name_is_refused() {
    let scratch = Scratch::new();
    let args = ["-o", "harmonic.so", "--python", "harmonic.py"];
    let done = scratch.build(&example("harmonic.jir"), &args);
    assert_eq!((done.status, scratch.files()), (Some(2), vec![]));
    assert!(done.stderr.contains("libharmonic.so"), "{}", done.stderr);
}

#[test]
fn strings_for_c_are_passed_from_python_and_come_back() {
    let scratch = Scratch::new();
    scratch.write(
        "strings.jl",
        "first_byte(s::Cstring) = unsafe_load(Ptr{UInt8}(pointer(s)))\n\
         letters(s::Cstring) = length(unsafe_string(s))\n\
         same(s::Cstring) = s\n",
    );
    let mut args = vec!["build", "strings.jl"];
    for export in ["first_byte(Cstring)", "letters(Cstring)", "same(Cstring)"] {
        args.extend(["--export", export]);
    }
    args.extend(["-o", "libstrings.so", "--python", "strings.py"]);
    run(scratch.command(jlift()).args(args)).expect_success();
    let done = scratch.python(
        r#"
import strings as s

print(s.first_byte(b"abc"), s.first_byte("xyz"), s.letters("αβγ"), s.same(b"hello"), s.same(None))
for wrong in ("a\0b", 1.5):
    try:
        s.letters(wrong)
    except (TypeError, ValueError) as e:
        print(e)
"#,
        &[],
    );
    assert_eq!(
        done.expect_success().stdout,
        "97 120 3 b'hello' None\nargument `s`: a string for C holds no NUL\n\
         argument `s`: expected a numpy or ctypes array (c_byte), got float\n"
    );
}
