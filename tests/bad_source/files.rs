//! Files that cannot be read or written.

use crate::program::Program;

fn fails(done: &jlift_tests::process::Finished, message: &str) {
    assert_eq!(
        (done.status, done.stdout.as_str()),
        (Some(2), ""),
        "{}",
        done.stderr
    );
    let found = done.stderr.starts_with("error: ") && done.stderr.contains(message);
    assert!(found, "no `{message}` in\n{}", done.stderr);
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let program = Program::new("");
    std::fs::create_dir(program.path("folder.jl")).expect("a folder");
    for file in ["nosuch.jl", "folder.jl", "no/such.jl"] {
        for command in ["run", "build", "check"] {
            fails(&program.jlift(&[command, file]), "cannot be read");
        }
    }
    assert_eq!(program.files(), ["folder.jl"]);
}

#[test]
fn an_output_that_cannot_be_written_is_named_and_leaves_nothing() {
    let program = Program::new("f(x::Int64) = x + 1\n");
    std::fs::create_dir(program.path("folder.so")).expect("a folder");
    let build = |args: &[&str]| {
        let mut all = vec!["build", "program.jl", "--export", "f(Int64)"];
        all.extend(args);
        program.jlift(&all)
    };
    fails(
        &build(&["-o", "no/such.so"]),
        "no/such.so cannot be written",
    );
    fails(&build(&["-o", "folder.so"]), "folder.so is not a file name");
    fails(
        &build(&["-o", "lib.so", "--header", "no/such.h"]),
        "no/such.h cannot be written",
    );
    fails(
        &build(&["-o", "lib.so", "--python", "no/such.py"]),
        "no/such.py cannot be written",
    );
    fails(
        &build(&["-o", "lib.so", "--header", "lib.so"]),
        "named for two files",
    );
    fails(&build(&["-o", "program.jl"]), "named for two files");
    assert_eq!(program.files(), ["folder.so"]);
    let text = std::fs::read_to_string(program.path("program.jl")).expect("the program");
    assert_eq!(text, "f(x::Int64) = x + 1\n");
}

#[test]
fn a_missing_include_is_julias_error() {
    let program = Program::new("println(1)\ninclude(\"nosuch.jl\")\nprintln(2)\n");
    let done = program.run();
    assert_eq!((done.status, done.stdout.as_str()), (Some(1), "1\n"));
    let (here, there) = (program.path("program.jl"), program.path("nosuch.jl"));
    let expected = format!(
        "ERROR: LoadError: SystemError: opening file \"{}\": No such file or directory\nin expression starting at {}:2\n",
        there.display(),
        here.display()
    );
    assert_eq!(done.stderr, expected);
}

/// What goes wrong in an included file is located there.
#[test]
fn errors_of_included_files_name_both_files() {
    let program = Program::new("x = 1\ninclude(\"part.jl\")\n");
    std::fs::write(program.path("part.jl"), "y = 2\nprintln(z)\n").expect("written");
    let done = program.run();
    assert_eq!(done.status, Some(1));
    let (here, there) = (program.path("program.jl"), program.path("part.jl"));
    let expected = format!(
        "ERROR: LoadError: UndefVarError: `z` not defined\nin expression starting at {}:2\n\
         in expression starting at {}:2\n",
        there.display(),
        here.display()
    );
    assert_eq!(done.stderr, expected);
    std::fs::write(program.path("part.jl"), "y = 2\nz = (\n").expect("written");
    let done = program.run();
    assert!(matches!(done.status, Some(1 | 2)));
    assert!(done.stderr.contains("part.jl:2"), "{}", done.stderr);
}

/// A file that includes itself.
#[test]
fn a_circle_of_includes_ends() {
    let done = Program::new("include(\"program.jl\")\n").run();
    assert!(matches!(done.status, Some(1 | 2)), "{done:?}");
    assert!(done.stderr.contains("program.jl"), "{}", done.stderr);
}
