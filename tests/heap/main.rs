//! Executables that use the heap, under valgrind: nothing is read or written that is not theirs, and
//! all of it is given back. The programs are those that are tested with lowering; a `main` here
//! calls what is said there to return, and counts the wrong answers.

use jlift_tests::process::{find_tool, jlift, root, run};
use std::path::PathBuf;

fn programs() -> Vec<PathBuf> {
    let dir = root().join("lower/tests/heap/programs");
    let mut files: Vec<PathBuf> = std::fs::read_dir(dir)
        .expect("programs")
        .filter_map(|e| Some(e.ok()?.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "jir"))
        .collect();
    files.sort();
    files
}

/// `; f(3) = 7` as ("f", 3, 7). Valgrind is slow: large arguments are for other tests.
fn expectation(line: &str) -> Option<(&str, i64, i64)> {
    let (call, value) = line.strip_prefix("; ")?.split_once(") = ")?;
    let (function, argument) = call.split_once('(')?;
    let (argument, value) = (argument.parse().ok()?, value.parse().ok()?);
    (argument < 10_000).then_some((function, argument, value))
}

/// The number of the function of this name.
fn number(text: &str, name: &str) -> Option<u32> {
    let rest = text
        .lines()
        .filter_map(|l| l.strip_prefix("function @"))
        .find(|l| l.contains(&format!(" Main.{name}(")))?;
    rest.split(' ').next()?.parse().ok()
}

/// The program with a `main` that returns the number of wrong answers.
fn with_main(text: &str) -> (String, usize) {
    let mut main = String::from(
        "\nfunction @9000 Main.main()::Int64 self=typeof(Main.main) export\n#1:\n  %1 = 0::Int64\n",
    );
    let (mut count, mut n) = (0, 1);
    for (function, argument, value) in text.lines().filter_map(expectation) {
        let id = number(text, function).unwrap_or_else(|| panic!("no function {function}"));
        let wrong = n;
        main += &format!(
            "  %{} = invoke @{id} {function}({argument})::Int64\n  %{} = Base.ne_int(%{}, {value})::Bool\n",
            n + 1,
            n + 2,
            n + 1
        );
        main += &format!(
            "  %{} = Base.zext_int(type Int64, %{})::Int64\n  %{} = Base.add_int(%{wrong}, %{})::Int64\n",
            n + 3,
            n + 2,
            n + 4,
            n + 3
        );
        n += 4;
        count += 1;
    }
    main += &format!("  return %{n}\n");
    let text = text.replacen(
        "jir 1\n",
        "jir 1\nsingleton typeof(Main.main) super=Function\n",
        1,
    );
    (text + &main, count)
}

/// Builds every program with these options of `jlift build` and runs it under valgrind.
fn check(ways: &[&[&str]]) {
    let Some(valgrind) = find_tool(&["valgrind"]) else {
        eprintln!("skipped: no valgrind");
        return;
    };
    let scratch = tempfile::tempdir().expect("a directory for temporary files");
    let mut calls = 0;
    for path in programs() {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let text = std::fs::read_to_string(&path).expect("a program");
        let (text, count) = with_main(&text);
        calls += count;
        let input = scratch.path().join(format!("{name}.jir"));
        std::fs::write(&input, text).expect("the file is written");
        for options in ways {
            let program = scratch.path().join(format!("{name}{}", options.concat()));
            let mut build = jlift();
            build.arg("build").arg(&input).args(["--export", "main"]);
            build.args(*options).arg("--emit").arg("exe");
            run(build.arg("-o").arg(&program)).expect_success();
            let done = run(valgrind
                .command()
                .args(["-q", "--leak-check=full", "--show-leak-kinds=all"])
                .args(["--errors-for-leak-kinds=all", "--error-exitcode=99"])
                .arg(&program));
            let options = options.join(" ");
            assert_eq!(done.status, Some(0), "{name}, {options}:\n{}", done.stderr);
        }
    }
    assert!(calls > 40, "{calls} calls");
}

#[test]
fn valgrind_finds_no_mistake_in_executables_that_use_the_heap() {
    check(&[&["-O0"], &["-O2"]]);
}

#[test]
fn valgrind_finds_no_mistake_in_those_by_llvm() {
    if !jlift_driver::llvm::is_there() {
        eprintln!("skipped: no LLVM");
        return;
    }
    check(&[&["-O2", "--backend", "llvm"]]);
}
