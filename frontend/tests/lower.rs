//! Lowered code of each construct, as text. The snapshots are what was read and found to do what
//! Julia 1.10 does.

mod lower_support;

use jlift_frontend::lower::{LowerContext, lower_body, lower_file};
use jlift_frontend::lowered::Item;
use jlift_frontend::surface::{Head, Node, NodeData, Tree};
use jlift_ir::Tables;
use lower_support::{listing, lower};
use std::sync::Arc;

/// One snapshot of sources and what becomes of them.
macro_rules! lowers {
    ($($(#[$attr:meta])* $name:ident: [$($source:literal),* $(,)?])*) => {
        $($(#[$attr])* #[test] fn $name() {
            insta::assert_snapshot!(stringify!($name), listing(&[$($source),*]));
        })*
    };
}

lowers! {
    calls_splat_and_evaluate_in_order: [
        "f(a, b) = g(a, b...)",
        "f(a) = g(1, a..., 2, a...)",
        "f(x) = g(x, (x = 2), x)",
        "f() = g(a, h(), b)",
        "f(x) = (x...,)",
        "f(x) = x^2 + x^-1 + x^n",
        "f(x) = Base.sin(x) + Core.Intrinsics.add_int(x, x) + A.b(x)",
        "f(Base) = Base.sin",
    ]
    keyword_calls_build_named_tuples: [
        "f(a) = g(a; k = 1, a)",
        "f(a) = g(h(a), k = h(1); l = 2)",
        "f(a; kw...) = g(a; kw...)",
        "f(a, kw) = g(a...; x = 1, kw..., y = 2)",
        "f(a) = g(; a.b, :c => 3)",
        "f(a) = g(a; k = 1, k = 2)",
        "f(n) = g(; n => 3)",
    ]
    functions_with_optional_arguments: [
        "f(a, b = 1, c = 2) = a",
        "f(a, b = a, c = b) = a",
        "f(a::T, b::S = 1, xs...) where {T, S<:Real} = a",
        "(p::P)(x = 1) = p",
        "g = (x, y = 2) -> x",
    ]
    functions_with_keywords: [
        "f(a; k = 1, l::Int = k) = a + k + l",
        "f(; k) = k",
        "f(a...; kw...) = kw",
        "Base.show(io, x; k = 1) = k",
        "(p::P{T})(x; k = 1) where T = T",
        "h(y) = (x; k = y) -> x + k",
        "h(a) = begin g(x; k = a) = x == 0 ? k : g(x - 1; k = k); g(1) end",
        "f(a, b = 1; k = 2)::Int = a",
        "P{T}(x; k = 1) where T = k",
    ]
    signatures: [
        "f((a, b), (; c, d), ((e,), f...)) = a",
        "f(::Int, _, x::T...) where T<:Real = 1",
        "f(x)::Float64 = x",
        "function f(x)::T where T; return x; end",
        "function f end",
        "a + b = 1",
        "(::Type{T})(x) where {T<:P} = 1",
        "(f::typeof(g))(x) = f",
        "f = function (x::Int) x end",
        "f(x::Vector{<:Real}) where {Int<:T<:Real} = 1",
    ]
    signatures_that_are_errors: [
        "f(x, x) = 1",
        "f(x..., y) = 1",
        "f(x = 1, y) = 1",
        "f(x) where {T, T} = 1",
        "f(1) = 2",
        "f(x) = (T = 1; local x)",
        "f(x::T) where T = (T = 1)",
        "f() = (global x; local x)",
    ]
    branches_and_comparisons: [
        "f(a, b) = if a 1 elseif b 2 else 3 end",
        "f(a, b) = (x = a ? 1 : b; x)",
        "f(a, b, c) = a && (b || c) ? 1 : 2",
        "f(a, b) = a && b",
        "f(a, b) = (a || return 1; b)",
        "f(a, b, c) = a < g(b) <= c != 1",
        "f(a) = 1 in a && a isa Int && !a",
    ]
    loops: [
        "function f(n) s = 0; for i in 1:n; s += i; end; s end",
        "function f(n) for i in n, j in i:n; i = 2; j == 2 && break; i == 3 && continue; end end",
        "function f(n) for (i, (j, k)) in n; g(i, j, k); end end",
        "function f(n) while n > 1; n -= 1; n == 3 && break; end; n end",
        "function f(n) while true; x = n; x > 1 && break; end; x end",
        "function f(n) i = 0; for outer i in n; end; i end",
        "function f(n) for i in n; if i > 1; y = i; end; println(y); end end",
        "f() = break",
        "f() = for outer i in 1:2 end",
        "f(x) = @simd for i in x; g(i); end",
    ]
    let_blocks: [
        "f(x) = let x = x, y = x; x + y end",
        "f() = let x; x = 1; x end",
        "f(t) = let (a, b) = t; a end",
        "f() = let g(x) = x + 1; g(2) end",
        "f() = let x::Int = 1; x = 2; x end",
    ]
    exceptions: [
        "f() = try g() catch e; h(e) end",
        "f() = try g() catch end",
        "f() = try g() catch; 1 else 2 finally h() end",
        "function f(n) for i in n; try; i == 1 && return i; i == 2 && continue; break; finally; h(i); end; end end",
        "function f() try; try; return g(); finally; a(); end; finally; b(); end end",
        "function f() try; g(); catch; try; h(); catch; return 1; end; end end",
        "function f(x)::Int try; return x; finally; g(); end end",
        "function f() x = 1; try; x = 2; g(); x = 3; finally; h(x); end; x end",
    ]
    labels_and_gotos: [
        "function f(n) @label a; n -= 1; n > 0 && @goto a; n end",
        "function f(n) try; n > 0 && @goto a; catch; @goto a; end; @label a; n end",
        "f() = @goto a",
        "function f() @label a; @label a; end",
        "function f() try; @goto a; finally; end; @label a; end",
        "function f() @goto a; try; @label a; catch; end; end",
        "function f(c) c && @goto a; x = 1; @label a; x end",
    ]
    assignments: [
        "f(a, b) = begin a, b = b, a end",
        "f(a, b) = begin a, b = b, a; a end",
        "f(t) = ((a, (b, c...)) = t; c)",
        "f(t) = ((a..., b) = t; a)",
        "f(t) = ((a, b..., c) = t; a)",
        "f(t) = ((; a, b::Int) = t; a)",
        "f(a) = begin a[1], a.x = g(), 2; a end",
        "f(a, i) = (a[i()] += 1; a[i, end] -= 2; a.x *= 3; a().y ^= 2)",
        "f(a) = (a.b.c[1] = g(a))",
        "f(x) = (y::Int = x; y = 2.0; y += 1; y)",
        "f(x) = begin local a, b = x; local c = 1; local d::Int; a end",
        "f(x) = (global y = x; y += 1; z = y)",
        "f(x) = a = b = x",
        "f(x) = (_ = x; (_, y) = x; y)",
        "f(x) = _",
        "f(x) = (1 = x)",
        "f(x) = ([a, b] = x)",
        "f(x) = (x::Int; y::T)",
    ]
    indices: [
        "f(a) = a[end] + a[begin, end] + a[g(end)[end]]",
        "f(a) = a.b[end - 1]",
        "f(a, x) = a[x..., end]",
        "f(a) = g(a)[end] = 1",
        "f(a) = Int[1, 2][1]",
        "f(a) = a[1, k = 2]",
        "f(a) = a[]",
    ]
    literals: [
        "f(a) = [a, 1]",
        "f(a) = [a; 1]",
        "f(a) = [a 1]",
        "f(a) = [a 1; 2 3]",
        "f(a) = [a... 1; 2 3]",
        "f(a) = Float64[a 1; 2 3], Float64[a; 1], Float64[a 1], Float64[a, 1], T[]",
        "f(a) = [a;;; 1], [a 1;;; 2 3], [a; 1;; 2; 3]",
        "f(a) = [a 1; 2]",
        "f() = (), (1,), (a = 1, b = 2), (;), (; a = 1)",
        "f(x) = (; x, x.y, :z => 1, x...)",
        "f(x) = (a = 1, a = 2)",
        "f(x) = \"a$x b$(x + 1)\"",
        "f() = 'a', 1.5, 0x0f, true, nothing, :a, :(a + b), \"s\", 170141183460469231731687303715884105727",
        "f(a) = a' * a.b'",
        "f(a) = 1:a, 1:2:a",
        "f(x) = {x}",
    ]
    comprehensions: [
        "f(xs) = [x + 1 for x in xs]",
        "f(xs) = [x for x in xs if x > 1]",
        "f(xs, ys) = [x * y for x in xs, y in ys]",
        "f(xs) = Float64[x for x in xs]",
        "f(xs) = [x + y for x in xs for y in x]",
        "f(xs, c) = sum(x * c for (i, x) in xs if i > c)",
        "f(xs) = Dict(k => v for (k, v) in xs)",
    ]
    broadcasting: [
        "f(x) = sin.(x .+ 1)",
        "f(x, y) = x .= y",
        "f(x, y) = (x .= sin.(y); x[1:2] .= y; x.a .= 1)",
        "f(x, y) = (x .+= y .* 2; x[g()] .-= 1; x.a .*= 2)",
        "f(x) = x .^ 2",
        "f(x) = 1 .< x .<= 2",
        "f(x, y) = x .&& y .|| x",
        "f(x) = round.(x; digits = 2)",
        "f(x, ys) = g.(x, ys...)",
        "f(x) = map(.+, x)",
        "f(x) = .-x",
        "f(x) = @. x = sin(x) + 1",
    ]
    closures: [
        "f(a) = x -> x + a",
        "function f() t = 0; g(x) = (t += x); g(1); t end",
        "function f(n) g(k) = k == 0 ? 1 : k * g(k - 1); g(n) end",
        "function f(n) e(k) = k == 0 || o(k - 1); o(k) = k != 0 && e(k - 1); e(n) end",
        "function f(c) if c; x = 1; else; x = 2; end; () -> x end",
        "function f(c) if c; x = 1; end; () -> x end",
        "function f() x = 1; g = () -> x; x = 2; g() end",
        "function f(n) fs = []; for i in 1:n; j = i; push!(fs, () -> i + j); end; fs end",
        "function f(n) x = 0; fs = []; for i in 1:n; x = i; push!(fs, () -> x); end; fs end",
        "f(x::Vector{T}) where T = map(y -> convert(T, y)::T, x)",
        "function f() g(x) = 1; g(x, y) = g(x) + y; g(1, 2) end",
        "f(a) = b -> c -> a + b + c",
        "f(x) = (x += 1; y -> x + y)",
        "f(x) = (y -> x + y; x += 1)",
        "f(xs) = map(xs) do x, y; x + y end",
        "f(x) = map(x; k = 1) do; 1 end",
        "function f() x = 1; let x = 2; () -> x end, () -> x end",
        "function f() let y = 1; let y = 2; g = () -> y; h(a = y) = g(); h; end end end",
        "function f(x) g(y::T) where T = T; g(x) end",
        "function f(x) g(y)::Int = x; g(1) end",
        "f(T) = (g(x::T) = 1; g)",
        "f(x, T) = x isa Vector{<:T}",
        "f() = (Base.sin(x) = 1)",
    ]
    scopes_of_top_level_code: [
        "x = 1\nfor i in 1:2\nx = i\nend",
        "x = 1\nfor i in 1:2\nglobal x = i\nend",
        "for i in 1:2\ny = i\nend",
        "x = 1\nlet\nx = 2\nend",
        "x = 1\nwhile x < 3\nlocal x = 3\nend",
        "begin\nx = 1\nlocal y = 2\nend",
        "if a\nx = 1\nend",
        "x::Int = 1\nglobal y::Float64\nglobal z = 2",
        "f(x) = (x = 1; y = 2; global z = 3)",
        "c = map(x -> x + 1, v)",
    ]
    types: [
        "struct P end",
        "struct P; a; b; end",
        "struct P; a::Int; b; end",
        "struct P{T<:Real, S} <: A{T}; a::T; b::Vector{S}; end",
        "struct P{T, N}; a::T; end",
        "mutable struct P; const a::Int; b::Float64; P(a) = (p = new(); p.b = a; p); end",
        "struct P{T}; a::T; P{T}(a) where T = new(a); P(a::T; k = 1) where T = new{T}(a); end",
        "struct P; a::Int; b::Int; P(xs...) = new(xs...); end",
        "abstract type A{T} <: B end",
        "primitive type F <: AbstractFloat 16 end",
        "struct P; a; a; end",
        "struct P{T}; a::T; P(a) = new(a); end",
        "struct P; a; P(a) = new(a, a); end",
        "f() = struct P end",
    ]
    items: [
        "module M\nexport f, g\nusing ..A.B: x as y, z\nimport C\nimport D as E\nf() = 1\nend",
        "baremodule M end",
        "const a = 1",
        "const a, b = 1, 2",
        "const a::Int = 1.0",
        "const V{T} = Vector{T}\nM{T<:Real} = Matrix{T}",
        "if VERSION > v\nf() = 1\nelse\nconst x = 2\nend",
        "include(\"a.jl\")",
        "Base.@ccallable function f(x::Cint)::Cint; x end",
        "@eval f(x) = $op(x)",
        "macro m(x) x end",
        "\"doc\"\nf(x) = 1",
        "const a",
        "f() = (const a = 1)",
    ]
    c_calls: [
        "f(x) = ccall(:sin, Float64, (Float64,), x)",
        "f(x) = ccall((:f, \"lib\"), Cvoid, (Any, Ptr{Int}), x, x)",
        "f(x) = @ccall printf(\"%d\"::Cstring; x::Cint)::Cint",
        "f(x) = ccall(:printf, Cint, (Cstring, Cint...), x, 1, 2)",
        "f(p) = ccall(p, stdcall, Cint, ())",
        "f(x) = ccall(Symbol(\"Shims.show\"), Int, (Int,), x)",
        "f(x) = ccall(:sin, Float64, (Float64,))",
        "f(x) = ccall(:sin, Float64, Float64, x)",
        "f(x) = GC.@preserve x pointer(x)",
    ]
    hints_and_markers: [
        "@inline f(x) = x",
        "@noinline function f(x) x end",
        "f(x) = @inbounds x[1]",
        "f(x) = (@boundscheck check(x); x)",
        "f(x) = (@isdefined(x), @isdefined(y))",
        "f() = @__MODULE__",
        "Base.@propagate_inbounds f(x) = x",
    ]
}

/// Directories of Julia sources that must lower without an error.
fn all_lower(directory: &std::path::Path) -> usize {
    let mut count = 0;
    let mut names: Vec<_> = std::fs::read_dir(directory)
        .expect("the directory of sources")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "jl"))
        .collect();
    names.sort();
    for path in names {
        let text = std::fs::read_to_string(&path).expect("a source");
        let mut lowering = lower(&text);
        lowering.print();
        assert_eq!(lowering.errors, [], "{}", path.display());
        count += 1;
    }
    count
}

#[test]
fn all_kernels_and_their_drivers_lower() {
    let kernels = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/kernels");
    assert!(all_lower(kernels.as_ref()) > 50);
}

#[test]
fn definitions_of_the_prelude_lower() {
    let base = concat!(env!("CARGO_MANIFEST_DIR"), "/../prelude/base");
    let mut directories = vec![std::path::PathBuf::from(base)];
    while let Some(directory) = directories.pop() {
        all_lower(&directory);
        for entry in std::fs::read_dir(&directory).expect("the prelude") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                directories.push(path);
            }
        }
    }
}

/// `f(x) = g(g(…x…))`, without the parser, which has limits of its own.
fn nested_calls(levels: usize) -> (Tree, Node, Tables) {
    let mut tables = Tables::default();
    let mut tree = Tree::default();
    let symbol = |tree: &mut Tree, tables: &mut Tables, text: &str| {
        let name = tables.names.intern(text);
        tree.add(NodeData::Symbol(name), None)
    };
    let mut body = symbol(&mut tree, &mut tables, "x");
    for _ in 0..levels {
        let g = symbol(&mut tree, &mut tables, "g");
        body = tree.expr(Head::Call, &[g, body], None);
    }
    let f = symbol(&mut tree, &mut tables, "f");
    let x = symbol(&mut tree, &mut tables, "x");
    let head = tree.expr(Head::Call, &[f, x], None);
    let node = tree.expr(Head::Assign, &[head, body], None);
    (tree, node, tables)
}

#[test]
fn a_deep_expression_lowers_and_a_deeper_one_is_an_error() {
    let (tree, node, mut tables) = nested_calls(3_900);
    let mut ctx = LowerContext::default();
    let (items, errors) = lower_file(Arc::new(tree), &[node], &mut ctx, &mut tables);
    assert_eq!(errors, []);
    let Item::Method(method) = &items[0] else {
        panic!("a method");
    };
    let code = lower_body(method, &mut ctx, &mut tables).expect("code");
    assert_eq!(code.stmts.len(), 3_901);

    let (tree, node, mut tables) = nested_calls(100_000);
    let (items, errors) = lower_file(Arc::new(tree), &[node], &mut ctx, &mut tables);
    assert!(items.is_empty());
    assert_eq!(errors[0].message, "expression is nested too deeply");
}

#[test]
fn a_long_chain_of_elseif_lowers() {
    let mut text = String::from("function f(x)\nif x == 0\n0\n");
    for i in 1..400 {
        text.push_str(&format!("elseif x == {i}\n{i}\n"));
    }
    text.push_str("end\nend\n");
    let mut lowering = lower(&text);
    let printed = lowering.print();
    assert_eq!(lowering.errors, []);
    assert_eq!(printed.matches("==(x,").count(), 400);
}

#[test]
fn every_statement_has_a_place() {
    let lowering = lower("function f(n)\n for i in 1:n\n g(i)\n end\n end");
    let Item::Method(method) = &lowering.items[0] else {
        panic!("a method");
    };
    let mut ctx = LowerContext::default();
    let mut tables = lowering.tables.clone();
    let code = lower_body(method, &mut ctx, &mut tables).expect("code");
    assert!(code.spans.values().all(Option::is_some));
}

/// Damaged sources: tokens left out, doubled and exchanged.
fn damaged(text: &str, seed: &mut u64) -> String {
    let mut random = |n: usize| {
        *seed = seed
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (*seed >> 33) as usize % n.max(1)
    };
    let mut words: Vec<&str> = text
        .split_inclusive([' ', '(', ')', ',', '\n', '=', ';'])
        .collect();
    for _ in 0..1 + random(6) {
        let (a, b) = (random(words.len()), random(words.len()));
        match random(3) {
            0 => words.swap(a, b),
            1 => {
                words.remove(a);
            }
            _ => words.insert(a, words[b]),
        }
    }
    words.concat()
}

#[test]
fn damaged_sources_give_errors_and_nothing_else() {
    let kernels = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/kernels");
    let mut seed = 7;
    for name in [
        "closures_hof",
        "tuples_kwargs",
        "struct_records",
        "control_recursion",
    ] {
        let text = std::fs::read_to_string(format!("{kernels}/{name}.jl")).expect("a kernel");
        for _ in 0..40 {
            lower(&damaged(&text, &mut seed)).print();
        }
    }
}
