//! Texts that are no Julia. A file with a syntax error is refused before anything of it runs.

use crate::program::{Program, is_refused};

/// Program, place of the message, and a part of it.
const BROKEN: &[(&str, &str, &str)] = &[
    ("f(x) = (x + 1\n", "1:8", "unclosed `(`"),
    ("x = [1, 2\ny = 3\n", "1:5", ""),
    ("x = (1, 2]\n", "1:5", ""),
    ("function f(x)\n    x + 1\n", "1:1", "expected `end`"),
    ("for i in 1:3\n    print(i)\n", "1:1", "expected `end`"),
    ("f(x) = x\nend\n", "2:1", ""),
    ("else\n  1\nend\n", "1:1", ""),
    ("try\n    1\nend\n", "1:1", "expected `catch` or `finally`"),
    ("s = \"abc\nprint(1)\n", "1:5", "unterminated"),
    ("s = \"a $(1 + b\"\n", "1:9", "unclosed `(`"),
    ("#= abc\nprint(1)\n", "1:1", "unterminated comment"),
    ("s = \"\\q\"\n", "1:5", "invalid escape sequence"),
    (
        "c = 'ab'\n",
        "1:5",
        "character literal contains multiple characters",
    ),
    ("c = ''\n", "1:5", "empty character literal"),
    ("x = 0x\n", "1:5", "invalid numeric constant"),
    ("x = 1e400\n", "1:5", "overflow in floating point literal"),
    ("x = 1 2\n", "1:7", ""),
    ("x = 1 ☃ 2\n", "1:7", ""),
    ("x = 1 +\n", "1:7", "expected right-hand side"),
    ("x = * 3\n", "1:5", ""),
    ("x = true ? 1\n", "1:10", "expected `:` in ternary"),
    ("x = true ?1:2\n", "1:11", "whitespace"),
    ("for = 3\n", "1:1", "expected `end`"),
    ("1 = x\n", "1:1", "invalid assignment location"),
    ("f(x) + 1 = 3\n", "1:1", "invalid function argument"),
    ("f(x, x) = x\n", "1:6", "function argument name not unique"),
    ("x = 1\nbreak\n", "2:1", "break or continue outside loop"),
    ("@nosuch 1 + 2\n", "1:1", "`@nosuch` is not defined"),
];

#[test]
fn a_syntax_error_is_refused_at_its_place_by_every_command() {
    for (text, place, message) in BROKEN {
        let program = Program::new(text);
        println!("{text}");
        is_refused(&program.run(), place, message);
        program.refuses(&["f(Int64)"], place, message);
    }
}

/// Julia, too, reads the file before it runs it.
#[test]
fn nothing_runs_of_a_file_with_a_syntax_error() {
    let program = Program::new("println(1)\nwrite(\"made\", \"x\")\nx = (\n");
    is_refused(&program.run(), "3:5", "unclosed `(`");
    assert_eq!(program.files(), Vec::<String>::new());
}

/// An error that only lowering can see is told at its own line and not at that of the function.
#[test]
fn an_error_inside_of_a_body_is_shown_at_its_line() {
    for (text, line, message) in [
        (
            "function f()\n    const x = 1\n    return x\nend\nf()\n",
            2,
            "unsupported `const` declaration on local variable",
        ),
        (
            "function f()\n    struct A end\nend\nf()\n",
            2,
            "\"struct\" expression not at top level",
        ),
        (
            "function f()\n    x = 1\n    @goto nolabel\nend\nf()\n",
            3,
            "label \"nolabel\" referenced but not defined",
        ),
    ] {
        let done = Program::new(text).run();
        assert_eq!(done.status, Some(2), "{}", done.stderr);
        assert!(done.stderr.contains(message), "{}", done.stderr);
        assert!(
            done.stderr.contains(&format!("program.jl:{line}:")),
            "{}",
            done.stderr
        );
    }
}

#[test]
fn every_error_of_a_file_is_reported_as_json_on_a_line_of_its_own() {
    let program = Program::new("for = 3\n");
    let done = program.jlift(&["--message-format", "json", "run", "program.jl"]);
    assert_eq!((done.status, done.stdout.as_str()), (Some(2), ""));
    assert!(done.stderr.lines().count() >= 1);
    for line in done.stderr.lines() {
        assert!(
            line.starts_with("{\"severity\":\"error\"") && line.ends_with('}'),
            "{line}"
        );
        assert!(line.contains("program.jl"), "{line}");
    }
}

#[test]
fn what_is_no_utf8_is_refused_at_the_byte() {
    for (text, place) in [
        (&b"x = 1\ny = \"\xff\xfe\"\n"[..], "2:6"),
        (b"x\xff = 1\n", "1:2"),
        (b"# \xe4\n", "1:3"),
        (b"\xc0\xaf", "1:1"),
    ] {
        let program = Program::new(text);
        is_refused(&program.run(), place, "invalid UTF-8");
        program.refuses(&["f(Int64)"], place, "invalid UTF-8");
    }
    is_refused(&Program::new("x = 1\0\n").run(), "1:6", "invalid character");
}

/// A byte order mark and line ends of other systems are no errors.
#[test]
fn marks_of_editors_are_accepted() {
    for text in [
        "\u{feff}println(1)\n",
        "x = 1\r\nprintln(x)\r\n",
        "println(1)",
    ] {
        assert_eq!(Program::new(text).run().expect_success().stdout, "1\n");
    }
}

#[test]
fn an_empty_file_runs_and_exports_nothing() {
    for text in ["", "\n", "# only this\n", "#= and this =#"] {
        let program = Program::new(text);
        let done = program.run().expect_success();
        assert_eq!((done.stdout.as_str(), done.stderr.as_str()), ("", ""));
        for done in [program.build(&[]), program.check(&[])] {
            assert_eq!(done.status, Some(2));
            assert!(done.stderr.contains("@ccallable"), "{}", done.stderr);
        }
        assert_eq!(program.files(), Vec::<String>::new());
    }
}

/// Half of a program and bytes in any order: refused or accepted, but always answered.
#[test]
fn cut_and_mixed_texts_are_answered() {
    let text = include_str!("../../examples/story/signal.jl");
    for cut in (0..text.len())
        .step_by(97)
        .filter(|&at| text.is_char_boundary(at))
    {
        let program = Program::new(&text[..cut]);
        let done = program.jlift(&["emit", "program.jl", "--stage", "surface"]);
        assert!(matches!(done.status, Some(0 | 2)), "cut at {cut}: {done:?}");
    }
    let mut state = 12_345_u64;
    for _ in 0..40 {
        let mut bytes = text.as_bytes()[..1500].to_vec();
        for _ in 0..20 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let (from, to) = ((state >> 33) as usize % 1500, (state >> 20) as usize % 1500);
            bytes.swap(from, to);
        }
        let done = Program::new(&bytes).jlift(&["emit", "program.jl", "--stage", "surface"]);
        assert!(matches!(done.status, Some(0 | 2)), "{done:?}");
    }
}
