//! Recursion without end, of types at compile time and of calls at run time.

use crate::program::{Program, is_refused};

#[test]
fn types_that_grow_without_end_are_refused() {
    for (text, place) in [
        ("f(x) = f((x,))\n", "1:8"),
        ("f(x::T) where T = f(Vector{T}())\n", "1:19"),
        ("f(x) = f(() -> x)\n", "1:8"),
        (
            "g(::Val{N}) where N = g(Val(N + 1))\nf(x) = g(Val(1))\n",
            "1:23",
        ),
        ("g(x) = f((x, 1))\nf(x) = g([x])\n", ""),
    ] {
        let program = Program::new(text);
        let message = "the types of this recursion grow without end";
        for done in [program.check(&["f(Int64)"]), program.build(&["f(Int64)"])] {
            assert_eq!(done.status, Some(2), "{}", done.stderr);
            assert!(done.stderr.contains(message), "{}", done.stderr);
            if !place.is_empty() {
                is_refused(&done, place, message);
            }
            // Types of a thousand letters help nobody.
            assert!(
                done.stderr.lines().all(|line| line.len() < 500),
                "{}",
                done.stderr
            );
        }
        assert_eq!(program.files(), Vec::<String>::new());
    }
}

#[test]
fn endless_recursion_is_a_stack_overflow_error() {
    let program = Program::new("println(1)\nf(x) = 1 + f(x + 1)\nprintln(f(1))\n");
    let done = program.run();
    assert_eq!(
        (done.status, done.stdout.as_str()),
        (Some(1), "1\n"),
        "{}",
        done.stderr
    );
    let text = "ERROR: LoadError: StackOverflowError:\n";
    assert!(done.stderr.starts_with(text), "{}", done.stderr);
}

/// Recursion that is deep and ends is no error.
#[test]
fn fifty_thousand_calls_deep_is_fine() {
    let text = "f(n) = n == 0 ? 0 : 1 + f(n - 1)\nprintln(f(50_000))\n";
    assert_eq!(Program::new(text).run().expect_success().stdout, "50000\n");
}
