//! Programs that are too deep, too long or too large: refused at a place, or compiled.

use crate::program::Program;

fn nested(open: &str, inner: &str, close: &str, n: usize) -> String {
    format!("f(x) = {}{inner}{}\n", open.repeat(n), close.repeat(n))
}

/// Every construct that nests.
#[test]
fn ten_thousand_levels_are_refused_at_a_place() {
    let n = 10_000;
    let lines = |open: &str, n: usize| format!("x = 1\n{}{}", open.repeat(n), "end\n".repeat(n));
    for text in [
        nested("(", "x", ")", n),
        nested("[", "x", "]", n),
        nested("sin(", "x", ")", n),
        nested("-", "x", "", n),
        nested("!", "x", "", n),
        nested("\"$(", "x", ")\"", n),
        nested("Vector{", "Int", "}", n),
        nested("x ? x : ", "x", "", n),
        nested("x -> ", "x", "", n),
        nested("", "x", "^x", n),
        nested("", "x", " - x", n),
        nested("", "x", " && x", n),
        nested("", "x", ".a", n),
        nested("", "x", "[1]", n),
        nested("", "x", "'", n),
        "(".repeat(100_000),
        "[".repeat(100_000),
        "\"$(".repeat(50_000),
        "begin ".repeat(50_000),
        lines("if x == 1\n", n),
        lines("begin\n", n),
        lines("function f()\n", n),
        lines("let\n", n),
        lines("module M\n", n),
    ] {
        let program = Program::new(&text);
        for done in [program.run(), program.check(&["f(Int64)"])] {
            let head: String = text.chars().take(40).collect();
            assert_eq!(done.status, Some(2), "{head}: {}", done.stderr);
            assert!(
                done.stderr.contains("program.jl:"),
                "{head}: {}",
                done.stderr
            );
            // The excerpt is cut, too.
            assert!(
                done.stderr.len() < 4_000,
                "{head}: {} bytes",
                done.stderr.len()
            );
        }
    }
}

/// Deep enough for what people and generators write.
#[test]
fn forty_levels_and_a_sum_of_a_hundred_terms_compile() {
    let levels = nested("(", "x", ")", 40) + "println(f(3))\n";
    assert_eq!(Program::new(levels).run().expect_success().stdout, "3\n");
    let sum = format!("f(x) = {}\nprintln(f(1))\n", vec!["x"; 100].join(" + "));
    assert_eq!(Program::new(sum).run().expect_success().stdout, "100\n");
    let chain: String = (1..300)
        .map(|i| format!("elseif x == {i}\n    {i}\n"))
        .collect();
    let chain = format!("f(x) = if x == 0\n    0\n{chain}end\nprintln(f(299))\n");
    assert_eq!(Program::new(chain).run().expect_success().stdout, "299\n");
}

#[test]
fn large_literals_are_values_or_errors() {
    let wide = "println(170141183460469231731687303715884105727)\nprintln(0xffffffffffffffffffffffffffffffff)\n";
    assert_eq!(
        Program::new(wide).run().expect_success().stdout,
        "170141183460469231731687303715884105727\n340282366920938463463374607431768211455\n"
    );
    let string = format!("s = \"{}\"\nprintln(sizeof(s))\n", "a".repeat(1_000_000));
    assert_eq!(
        Program::new(string).run().expect_success().stdout,
        "1000000\n"
    );
    let tuple = format!("println(length(({},)))\n", vec!["1"; 2_000].join(", "));
    assert_eq!(Program::new(tuple).run().expect_success().stdout, "2000\n");
    // Integers of more bits than machine types have become BigInts, as in Julia.
    let big = "println(99999999999999999999999999999999999999999)\nprintln(0x123456789012345678901234567890123)\n";
    assert_eq!(
        Program::new(big).run().expect_success().stdout,
        "99999999999999999999999999999999999999999\n387165715199448987864326400997312758051\n"
    );
    // Floats out of range.
    for (text, says) in [
        (
            "x = 1e400\n".to_string(),
            "overflow in floating point literal",
        ),
        (
            format!("x = {}.0\n", "9".repeat(100_000)),
            "overflow in floating point literal",
        ),
    ] {
        let done = Program::new(text).run();
        assert!(matches!(done.status, Some(1 | 2)), "{done:?}");
        assert!(done.stderr.contains(says), "{}", done.stderr);
        assert!(done.stderr.len() < 4_000);
    }
}
