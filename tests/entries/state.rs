//! Constants of mutable types in libraries: they begin with what the program's top level has made of them,
//! and keep what exported functions do to them.

use crate::scratch::Scratch;
use jlift_tests::process::{find_tool, jlift, run};

const STATE: &str = r#"
const COUNTER = Ref(10)
Base.@ccallable next()::Int64 = COUNTER[] += 1

const A = zeros(3)
const B = zeros(3)
Base.@ccallable set(i::Int64, x::Float64)::Float64 = (A[i] = x; sum(A) + 100 * sum(B))

const LOG = Float64[]
Base.@ccallable note(x::Float64)::Int64 = (push!(LOG, x); length(LOG))
Base.@ccallable noted(i::Int64)::Float64 = LOG[i]

const SQUARES = Dict(i => i^2 for i in 1:20)
Base.@ccallable square(i::Int64)::Int64 = get!(() -> -1, SQUARES, i)

const WORDS = Dict("one" => 1, "three" => 3)
const NAMES = ["three", "one", "two"]
Base.@ccallable word(i::Int64)::Int64 = get(WORDS, NAMES[i], 0)

mutable struct Node
    value::Int
    next::Union{Node,Nothing}
end
const HEAD = Node(1, nothing)
HEAD.next = Node(2, HEAD)
Base.@ccallable circle(n::Int64)::Int64 = (x = HEAD; for _ in 1:n; x = x.next; end; x.value += 10)

const GRID = [10i + j for i in 1:2, j in 1:3]
Base.@ccallable cell(i::Int64, j::Int64)::Int64 = GRID[i, j]

try
    error("at the top level")
catch e
    println(e.msg)
end
"#;

const CALLS: &str = r#"
import ctypes as C, sys
lib = C.CDLL(sys.argv[1])
for name in "set", "noted": getattr(lib, name).restype = C.c_double
for name in "next", "note", "square", "word", "circle", "cell": getattr(lib, name).restype = C.c_int64
i, x = C.c_int64, C.c_double
print(lib.next(), lib.next())
print(lib.set(i(1), x(2.0)), lib.set(i(3), x(0.5)))
print([lib.note(x(k / 2)) for k in range(100)][-1], lib.noted(i(4)))
print([lib.square(i(k)) for k in (7, 21, 20)], [lib.square(i(k)) for k in range(30, 200)] == [-1] * 170, lib.square(i(3)))
print([lib.word(i(k)) for k in (1, 2, 3)])
print([lib.circle(i(k)) for k in (0, 1, 2, 3)])
print(lib.cell(i(2), i(3)))
"#;

const PRINTED: &str =
    "11 12\n2.0 2.5\n100 1.5\n[49, -1, 400] True 9\n[3, 1, 0]\n[11, 12, 21, 22]\n23\n";

#[test]
fn constants_that_change_are_the_state_of_a_library() {
    let scratch = Scratch::new();
    scratch.write("state.jl", STATE);
    let mut backends = vec!["cranelift"];
    match find_tool(&["llc"]) {
        Some(_) => backends.push("llvm"),
        None => eprintln!("skipped for LLVM: no llc"),
    }
    for backend in backends {
        let args = ["build", "state.jl", "--backend", backend, "-o", "state.so"];
        let done = run(scratch.command(jlift()).args(args));
        assert_eq!(
            (done.status, &*done.stdout, &*done.stderr),
            (Some(0), "at the top level\n", ""),
            "{backend}"
        );
        let done = scratch.python(CALLS, &["./state.so"]);
        assert_eq!((&*done.stdout, &*done.stderr), (PRINTED, ""), "{backend}");
    }
}

#[test]
fn what_only_this_process_has_is_refused_as_state() {
    let scratch = Scratch::new();
    scratch.write(
        "state.jl",
        "const P = Ref(pointer([1]))\nBase.@ccallable f()::Int64 = (P[] == C_NULL ? 0 : 1)\n",
    );
    let done = run(scratch
        .command(jlift())
        .args(["build", "state.jl", "-o", "state.so"]));
    assert_eq!(done.status, Some(2), "{done:?}");
    assert!(
        done.stderr
            .contains("an address of memory of the process that builds it"),
        "{done:?}"
    );
    assert!(!scratch.path("state.so").exists());
}
