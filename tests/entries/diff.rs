//! `jlift diff`: its exit codes, and what it prints last.

use crate::scratch::Scratch;
use jlift_tests::process::{jlift, run};

const SAME: &str = "jir 1
singleton typeof(Main.f) super=Function

function @1 Main.f(_2 x::Int64)::Int64 self=typeof(Main.f) export
#1:
  %1 = Base.add_int(_2, 1)::Int64
  return %1
";

#[test]
fn a_comparison_of_something_ends_with_0_and_of_nothing_with_2() {
    let scratch = Scratch::new();
    scratch.write("same.jir", SAME);
    // What the function reads is not there.
    let reads = "%1 = Base.pointerref(_2, 100000, 1)::Int64";
    let nothing = SAME
        .replace("%1 = Base.add_int(_2, 1)::Int64", reads)
        .replace("_2 x::Int64", "_2 x::Ptr{Int64}");
    scratch.write("nothing.jir", &nothing);
    let compare = |file: &str| {
        run(scratch
            .command(jlift())
            .args(["diff", file, "--count", "4"]))
    };
    let done = compare("same.jir");
    assert_eq!(done.status, Some(0), "{}", done.stderr);
    assert!(done.stdout.contains("f(Int64): 4 of 4 calls compared"));
    let done = compare("nothing.jir");
    assert_eq!(done.status, Some(2), "{}", done.stderr);
    assert!(
        done.stdout.ends_with("\nnothing was compared\n"),
        "{}",
        done.stdout
    );
}
