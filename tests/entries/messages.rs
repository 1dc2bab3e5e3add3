//! What exceptions say: a library composes the text where it is thrown, a run makes the exception and asks
//! `showerror`, the interpreter puts it together on its own. All come to the same.

use crate::scratch::Scratch;
use jlift_tests::process::{jlift, run};

const THROWING: &str = r#"
struct Range01 <: Exception
    at::Int
    what::String
end
Base.showerror(io::IO, e::Range01) = print(io, "Range01 at ", e.at, ": ", e.what)

f1(n::Int) = throw(ArgumentError("n is $(string(n)) here"))
f2(n::Int) = throw(ArgumentError("n is $n here"))
f3(n::Int) = (s = n > 3 ? "big" : "small"; throw(DomainError(n, "n is $s here")))
f4(n::Int) = error("n is ", string(n), " here")
f5(n::Int) = error("list $(repr([n, 2])) and $(uppercase("abc")) and $(lpad(n, 5)) end")
f6(n::Int) = throw(KeyError("k$n"))
f7(n::Int) = throw(DimensionMismatch(string("a", "b", n, "c", string("d", n, "e"))))
f8(n::Int) = error(join([n, n + 1], ", "), "|", string("x") * "y")
f9(n::Int) = throw(Range01(n, "not $(n / 2) but $(n // 3), $(n > 3), $('c'), $(:sym), $((n, "t"))"))
f10(n::Int) = @assert n > 10 "n = $n is at most $(string(10))"
f11(n::Int) = [1, 2, 3][n]
f12(n::Int) = parse(Int, "12$(n)x")
f13(n::Int) = Int8(100n)
f14(n::Int) = sqrt(-n * 1.0)
f15(n::Int) = throw(OverflowError(lazy"$n + $(n)0"))
f16(n::Int) = Dict("a" => 1)["b$n"]
f17(n::Int) = throw(ErrorException("α$('β')$(n)γ"))
f18(n::Int) = zeros(2, 2) * zeros(n)

struct MyVec <: AbstractVector{Float64}; n::Int; end
Base.size(v::MyVec) = (v.n,)
Base.getindex(v::MyVec, i::Int) = (@boundscheck checkbounds(v, i); 1.0i)
f19(n::Int) = (view([1,2,3], 1:2)[n]; 0)
f20(n::Int) = (view([1 2; 3 4], :, 2)[n]; 0)
f21(n::Int) = (view([1 2; 3 4], 1:2, 1:1)[n, 1]; 0)
f22(n::Int) = (view(view(collect(1:10), 2:2:8), 1:3)[n]; 0)
f23(n::Int) = (MyVec(3)[n]; 0)
f24(n::Int) = ((1:2:5)[n]; 0)
f25(n::Int) = (view([1,2,3], [1,3])[n]; 0)
f26(n::Int) = (Base.OneTo(3)[n]; 0)
f27(n::Int) = (range(0, 1, length=3)[n]; 0)
f28(n::Int) = ([1 2;3 4]'[n, 1]; 0)
f29(n::Int) = (reshape(view(collect(1:6),1:6), 2, 3)[n, 1]; 0)
f30(n::Int) = throw(ArgumentError(lazy"lazy $(n) and $([n]) $((n,2.5)) $((n,[1]))"))
f31(n::Int) = (zeros(2,2)[:, n]; 0)
f32(n::Int) = (zeros(2,2)[[1,n], 1]; 0)
f33(n::Int) = (zeros(3)[2:n]; 0)
f34(n::Int) = (trues(3)[n]; 0)
f35(n::Int) = (setindex!(view(zeros(3),1:2), 1.0, n); 0)
f36(n::Int) = (fill(1)[n]; 0)
f37(n::Int) = (zeros(2,2,2)[1,n,1]; 0)
f38(n::Int) = (view(zeros(2,2,2),:,:,1)[n,n]; 0)
f39(n::Int) = ("αβγ"[n]; 0)
f40(n::Int) = ("aβγ"[SubString("xyz", 1, 2) == "xy" ? n - 1 : n]; 0)
f41(n::Int) = (s = SubString("xαβ", 2); s[n + 5])
f42(n::Int) = PermutedDimsArray(zeros(2, 3), (2, 1))[n + 5, 1]
f43(n::Int) = reinterpret(Int32, [1, 2])[n + 5]
f44(n::Int) = throw(ArgumentError(lazy"$(Some(n)) $(1:n) $((1, (2, n))) $(missing) $(n // 3) $(nothing) $(:s) $(Int)"))
"#;
const COUNT: usize = 44;

#[test]
fn exceptions_say_in_a_library_what_they_say_in_a_run() {
    let scratch = Scratch::new();
    scratch.write("throwing.jl", THROWING);
    let names: Vec<String> = (1..=COUNT).map(|n| format!("f{n}")).collect();
    let calls: String = names
        .iter()
        .map(|f| format!("try {f}(4) catch e; println(sprint(showerror, e)) end\n"))
        .collect();
    scratch.write("calls.jl", format!("include(\"throwing.jl\")\n{calls}"));
    let wanted = run(scratch.command(jlift()).args(["run", "calls.jl"]))
        .expect_success()
        .stdout
        .clone();
    assert!(
        wanted.starts_with("ArgumentError: n is 4 here\nArgumentError: n is 4 here\n"),
        "{wanted}"
    );
    let exports: Vec<String> = names
        .iter()
        .map(|f| format!("entry_{f}(n::Int64)::Int64 = ({f}(n); 0)"))
        .map(|entry| format!("Base.@ccallable {entry}\n"))
        .collect();
    scratch.write("library.jl", format!("{THROWING}\n{}", exports.concat()));
    for level in ["-O0", "-O2"] {
        let out = ["-o", "libthrowing.so", "--python", "throwing.py"];
        let build = ["build", "library.jl", level];
        run(scratch.command(jlift()).args(build).args(out)).expect_success();
        let done = scratch.python(
            "import sys, throwing\n\
             for n in range(1, int(sys.argv[1]) + 1):\n\
             \x20   try: getattr(throwing, f'entry_f{n}')(4)\n\
             \x20   except throwing.JuliaError as e: print(e)\n",
            &[&COUNT.to_string()],
        );
        assert_eq!((&*done.stdout, &*done.stderr), (&*wanted, ""), "{level}");
    }
    let diff = ["diff", "library.jl", "--count", "8"];
    run(scratch.command(jlift()).args(diff)).expect_success();
}
