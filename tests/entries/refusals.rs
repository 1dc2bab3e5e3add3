//! What cannot be built: exit code 2, a message that says what is wrong and where, and no file left
//! behind.

use crate::scratch::{Scratch, THROWING, example};
use jlift_tests::process::{Finished, jlift, run};
use std::path::PathBuf;

/// Checks that a command was refused properly; what is to be in the message.
#[track_caller]
fn refused(scratch: &Scratch, before: &[String], done: &Finished, parts: &[&str]) {
    assert_eq!(
        done.status,
        Some(2),
        "signal {:?}\n{}",
        done.signal,
        done.stderr
    );
    assert_eq!(done.stdout, "");
    for part in parts {
        assert!(
            done.stderr.contains(part),
            "no `{part}` in\n{}",
            done.stderr
        );
    }
    for part in ["panicked", "RUST_BACKTRACE", "internal error"] {
        assert!(!done.stderr.contains(part), "{}", done.stderr);
    }
    assert_eq!(scratch.files(), before, "files were left behind");
}

const MISSING: &str = r#"jir 1
singleton typeof(Main.f) super=Function
function @1 Main.f(_2 x::Float64)::Float64 self=typeof(Main.f) export
#1:
  %1 = Base.add_float(_2, 1.0)::Float64  ; missing.jl:2 f
  %2 = foreigncall sym "not_in_any_library" Float64(Float64) variadic_from=0 cc=sym "ccall" args(%1) roots()::Float64  ; missing.jl:3 f
  return %2
"#;

#[test]
fn a_missing_c_function_is_an_error_that_names_the_statement() {
    let scratch = Scratch::new();
    let input = scratch.write("missing.jir", MISSING);
    let before = scratch.files();
    for args in [
        &["-o", "missing.so"][..],
        &["-o", "missing.so", "-O0"],
        &["-o", "missing.so", "--target", "aarch64-unknown-linux-gnu"],
    ] {
        let done = scratch.build(&input, args);
        refused(
            &scratch,
            &before,
            &done,
            &["not_in_any_library", "foreigncall", "missing.jl:3"],
        );
    }
    // In this process, too.
    let done = run(scratch
        .command(jlift())
        .args(["run", "missing.jir", "f(1.0)"]));
    refused(&scratch, &before, &done, &["not_in_any_library"]);
    // An object may leave it open.
    scratch
        .build(&input, &["--emit", "obj", "-o", "missing.o"])
        .expect_success();
}

const LABS: &str = r#"jir 1
singleton typeof(Main.labs) super=Function
function @1 Main.labs(_2 x::Int64)::Int64 self=typeof(Main.labs) export
#1:
  %1 = foreigncall sym "labs" Int64(Int64) variadic_from=0 cc=sym "ccall" args(_2) roots()::Int64
  return %1
"#;

#[test]
fn an_export_with_the_name_of_a_c_function_that_is_called_is_refused() {
    let scratch = Scratch::new();
    let input = scratch.write("labs.jir", LABS);
    let before = scratch.files();
    for output in ["labs.so", "labs.o"] {
        let done = scratch.build(&input, &["-o", output]);
        refused(
            &scratch,
            &before,
            &done,
            &["labs.jir:3", "the export cannot be called `labs`"],
        );
    }
}

#[test]
fn code_for_another_machine_is_not_run() {
    let scratch = Scratch::new();
    let other = if cfg!(target_arch = "aarch64") {
        "x86_64-unknown-linux-gnu"
    } else {
        "aarch64-unknown-linux-gnu"
    };
    for target in [other, "x86_64-pc-windows-gnu"] {
        let done = run(jlift().arg("run").arg(example("harmonic.jir")).args([
            "harmonic(10)",
            "--cpu",
            "baseline",
            "--target",
            target,
        ]));
        refused(&scratch, &[], &done, &["cannot run in this process"]);
    }
}

#[test]
fn what_the_compiler_lacks_is_refused_at_its_place() {
    let scratch = Scratch::new();
    let text = |declaration: &str, statement: &str| {
        format!(
            "jir 1\nsingleton typeof(Main.f) super=Function\nsingleton typeof(Shims.absent) super=Function\n{declaration}\n\
             function @1 Main.f(_2 x::Float64)::Int32 self=typeof(Main.f) export\n#1:\n  %1 = {statement}::Int32  ; lacks.jl:7 f\n  return %1\n"
        )
    };
    let cases: [(&str, &str, &[&str]); 3] = [
        (
            "extern function @2 Shims.absent(_2 x::Float64)::Int32 self=typeof(Shims.absent)",
            "invoke @2 absent(_2)",
            &["Shims.absent(Float64)", "input.jir:4"],
        ),
        (
            "",
            "foreigncall sym \"printf\" Int32(Ptr{UInt8}, Float64) variadic_from=1 cc=sym \"ccall\" args(new Ptr{UInt8}(0), _2) roots()",
            &["variable arguments", "printf", "lacks.jl:7"],
        ),
        (
            "",
            "foreigncall sym \"abs\" Int32(Float64) variadic_from=0 cc=sym \"llvmcall\" args(_2) roots()",
            &["llvmcall", "lacks.jl:7"],
        ),
    ];
    for (declaration, statement, parts) in cases {
        let input = scratch.write("input.jir", text(declaration, statement));
        let before = scratch.files();
        let done = scratch.build(&input, &["-o", "out.so"]);
        refused(&scratch, &before, &done, parts);
    }
}

#[test]
fn wrong_inputs_are_refused() {
    let scratch = Scratch::new();
    let write = |name: &str, bytes: &[u8]| scratch.write(name, bytes);
    let directory = scratch.path("directory.jir");
    std::fs::create_dir(&directory).expect("a directory");
    let inputs: Vec<(PathBuf, &[&str])> = vec![
        (
            scratch.path("absent.jir"),
            &["absent.jir", "cannot be read"],
        ),
        (directory, &["directory.jir", "cannot be read"]),
        (
            write("binary.jir", b"jir 1\nsingleton \xff\xfe super=Any\n"),
            &["binary.jir", "UTF-8"],
        ),
        (write("empty.jir", b""), &["empty.jir"]),
        (write("blank.jir", b"jir 1\n"), &["export"]),
        (
            write("text.jir", b"print(\"hello\")\n"),
            &["text.jir", "jir 1"],
        ),
        (write("newer.jir", b"jir 2\n"), &["newer.jir", "version"]),
        (
            write("source.jl", b"f(x = x + 1\n"),
            &["source.jl", "unterminated"],
        ),
        (write("cut.jir", &THROWING.as_bytes()[..9000]), &["cut.jir"]),
        (
            write(
                "wrong.jir",
                THROWING
                    .replace(
                        "%2 = Base.zext_int(type Int64, %1)::Int64",
                        "%2 = Base.zext_int(type Int64, %1)::Int32",
                    )
                    .as_bytes(),
            ),
            &["wrong.jir", "zext_int"],
        ),
    ];
    let before = scratch.files();
    for (input, parts) in inputs {
        for command in [
            &[
                "build",
                "-o",
                "libout.so",
                "--header",
                "out.h",
                "--python",
                "out.py",
            ][..],
            &["emit", "--stage", "opt", "-o", "out.txt"],
        ] {
            let done = run(scratch.command(jlift()).args(command).arg(&input));
            refused(&scratch, &before, &done, parts);
        }
        let done = run(scratch.command(jlift()).arg("run").arg(&input).arg("f(1)"));
        refused(&scratch, &before, &done, parts);
    }
}

#[test]
fn wrong_outputs_are_refused_and_leave_nothing() {
    let scratch = Scratch::new();
    let input = example("harmonic.jir");
    std::fs::create_dir(scratch.path("folder.so")).expect("a directory");
    let before = scratch.files();
    for args in [
        &["-o", "folder.so"][..],
        &["-o", "absent/harmonic.so"],
        &["-o", ""],
        // The library could be written, but not the rest.
        &["-o", "harmonic.so", "--header", "absent/harmonic.h"],
        &["-o", "libharmonic.so", "--python", "folder.so"],
        &["-o", "/dev/full/harmonic.so"],
    ] {
        let done = scratch.build(&input, args);
        refused(&scratch, &before, &done, &[]);
        assert!(!done.stderr.is_empty(), "{args:?}");
    }
}

#[test]
fn wrong_options_are_refused() {
    let scratch = Scratch::new();
    let before = scratch.files();
    let cases: &[(&[&str], &[&str])] = &[
        (&["--export", "absent"], &["absent", "harmonic"]),
        (
            &["--export", "harmonic(Float64)"],
            &["harmonic(Float64)", "Int64"],
        ),
        (&["--export", "harmonic(Int64"], &["harmonic(Int64"]),
        (&["--export", ""], &[]),
        (&["--target", "nonsense"], &["nonsense"]),
        (&["--target", "riscv64gc-unknown-linux-gnu"], &["riscv64"]),
        (&["--cpu", "quantum"], &["quantum"]),
        (
            &[
                "--cpu",
                "x86-64-v3",
                "--target",
                "aarch64-unknown-linux-gnu",
            ],
            &["x86-64-v3"],
        ),
        (&["-O7"], &["7"]),
        (&["-j", "many"], &["many"]),
        (&["--emit", "jar"], &["jar"]),
        (&["--linker", "gold"], &["gold"]),
        (&["--nonsense"], &["--nonsense"]),
        // No function `main` for a program.
        (&["--emit", "exe"], &["main"]),
    ];
    for (options, parts) in cases {
        let args: Vec<&str> = options.iter().copied().chain(["-o", "out.so"]).collect();
        let done = scratch.build(&example("harmonic.jir"), &args);
        refused(&scratch, &before, &done, parts);
    }
    for command in [
        &[][..],
        &["biuld"],
        &["build"],
        &["run"],
        &["emit", "x.jir"],
        &["emit", "x.jir", "--stage", "soup"],
    ] {
        let done = run(scratch.command(jlift()).args(command));
        refused(&scratch, &before, &done, &[]);
        assert!(!done.stderr.is_empty(), "{command:?}");
    }
}

#[test]
fn a_path_that_is_given_twice_is_refused() {
    let scratch = Scratch::new();
    let input = scratch.write("input.jir", THROWING);
    let before = scratch.files();
    for args in [
        &["-o", "input.jir"][..],
        &["-o", "./input.jir"],
        &["-o", "out.so", "--header", "out.so"],
        &["-o", "out.so", "--header", "out.h", "--python", "out.h"],
        &["-o", "out.so", "--header", "input.jir"],
    ] {
        let done = scratch.build(&input, args);
        refused(&scratch, &before, &done, &["two files"]);
        assert_eq!(
            std::fs::read_to_string(&input).expect("the input"),
            THROWING
        );
    }
}

/// Replacing a device or a link by a file would be a surprise.
#[test]
fn devices_and_links_are_written_to_and_not_replaced() {
    use std::os::unix::fs::FileTypeExt;
    let scratch = Scratch::new();
    let target = scratch.write("target.so", "");
    std::os::unix::fs::symlink(&target, scratch.path("link.so")).expect("a link");
    for (args, size) in [
        (&["-o", "link.so"][..], 500),
        (
            &["-o", "/dev/null", "--emit", "lib", "--header", "/dev/null"],
            0,
        ),
    ] {
        scratch
            .build(&example("harmonic.jir"), args)
            .expect_success();
        assert!(std::fs::metadata(&target).expect("the target").len() >= size);
    }
    let link = std::fs::symlink_metadata(scratch.path("link.so")).expect("the link");
    let device = std::fs::symlink_metadata("/dev/null").expect("the device");
    assert!(link.file_type().is_symlink() && device.file_type().is_char_device());
    // A device without room is an error like any other.
    let before = scratch.files();
    let done = scratch.build(
        &example("harmonic.jir"),
        &["-o", "/dev/full", "--emit", "lib", "--header", "full.h"],
    );
    refused(&scratch, &before, &done, &["/dev/full"]);
}

/// An existing output is replaced only by a complete one.
#[test]
fn a_failed_build_leaves_an_existing_output_alone() {
    let scratch = Scratch::new();
    let input = scratch.write("missing.jir", MISSING);
    let output = scratch.write("out.so", "precious");
    let before = scratch.files();
    let done = scratch.build(&input, &["-o", "out.so"]);
    refused(&scratch, &before, &done, &[]);
    assert_eq!(std::fs::read(output).expect("the file"), b"precious");
}

#[test]
fn errors_can_be_had_as_json() {
    let scratch = Scratch::new();
    let input = scratch.write("missing.jir", MISSING);
    let before = scratch.files();
    let done = scratch.build(&input, &["-o", "out.so", "--message-format", "json"]);
    refused(&scratch, &before, &done, &["not_in_any_library"]);
    let check = scratch.python(
        "import json, sys\nfor line in sys.argv[1].splitlines(): json.loads(line)\n",
        &[&done.stderr],
    );
    check.expect_success();
}

#[test]
fn help_and_version_are_no_errors() {
    for flag in ["--help", "--version"] {
        let done = run(jlift().arg(flag));
        assert_eq!((done.status, done.stderr.as_str()), (Some(0), ""));
        assert!(done.stdout.contains("jlift"));
    }
}
