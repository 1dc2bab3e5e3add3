//! What the builtin macros expand to.

mod support;

use jlift_frontend::macros::{self, Env, Gensym, Source};
use jlift_frontend::parse::SyntaxError;
use jlift_frontend::surface::{Head, Node, Tree};
use jlift_frontend::surface_text::to_text;
use jlift_ir::{Name, Tables};
use support::{diagnostic, listing, parse};

fn expanded(source: &str) -> String {
    let parsed = parse(source);
    assert_eq!(parsed.parsed.diagnostics, [], "{source}");
    parsed.expanded(source)
}

#[test]
fn hints_go_into_bodies() {
    insta::assert_snapshot!(listing(
        &[
            "@inline f(x) = x",
            "@inline function f(x)::Int where T x end",
            "@noinline x -> x",
            "f(x) = (@inline; x)",
            "Base.@propagate_inbounds function getindex(a, i) a end",
            "@inline Base.@constprop :aggressive f(x) = x",
            "y = @inline g(x)",
            "@inline map(x) do y\n y\nend",
            "f(@nospecialize(x), @nospecialize(y = 1)) = x",
            "function f(x) @nospecialize x; x end",
            "Base.@assume_effects :foldable f(x) = x",
            "Base.@constprop f(x) = x",
            "@inbounds a[i] += 1",
            "@inbounds for i in 1:n x end",
            "@boundscheck checkbounds(a, i)",
            "@simd for i in 1:n s += a[i] end",
            "@inbounds @simd ivdep for i in 1:n s += a[i] end",
            "@simd for i in 1:n, j in 1:m x end",
            "Threads.@threads for i in 1:2 x end",
            "@goto done; @label done",
            "GC.@preserve a b f(a)",
            "@static if Sys.iswindows() a else b end",
            "@doc \"x\" f(x) = 1",
        ],
        expanded
    ));
}

#[test]
fn arithmetic_becomes_fast_arithmetic() {
    insta::assert_snapshot!(listing(
        &[
            "@fastmath x + y * sqrt(z) - a[i] / -b",
            "@fastmath x^2 + y^z",
            "@fastmath begin x += y; a[f(i)] -= min(x, y); max, y = z end",
            "@fastmath f(x) = sin(x) < y <= z",
            "@fastmath @inbounds s += a[i]",
            "@fastmath foldl(+, x; init = 0)",
        ],
        expanded
    ));
}

#[test]
fn checks_and_reports_keep_the_text_of_their_argument() {
    insta::assert_snapshot!(listing(
        &[
            "@assert x+1 > 0",
            "@assert !isempty(x) && y[1] == 'a'",
            "@assert x > 0 \"bad\"",
            "@assert x > 0 \"bad $x\"",
            "@show x+1 f(y)",
            "@show",
            "@time f(x)",
            "@time \"label\" f(x)",
            "@elapsed f(x)",
            "@isdefined x",
            "@something a b",
            "@coalesce a b",
            "@evalpoly(x, 1, 2)",
            "@invoke f(x::Int, y; k = 1)",
            "@eval f(x) = $y",
            "@eval Base f(x) = 1",
            "@__LINE__, @__FILE__, @__DIR__, @__MODULE__",
        ],
        expanded
    ));
}

#[test]
fn views_and_dots() {
    insta::assert_snapshot!(listing(
        &[
            "@view a[1:end, begin]",
            "@view f(x)[end]",
            "@view a[b[end]:end]",
            "@view x",
            "@views a[1:end-1] .+ b[2:end]",
            "@views a[i] += b[j]",
            "@views a[f(i)] .+= b[j]",
            "@views x[1:2] .= y[3:4]",
            "@views function f(x::Vector{Int}) x[1:2] end",
            "@. y = a * x + sin(x)^2 < $(f(z))",
            "@. a += b && c",
            "@. x < y <= z",
            "@. f(x; k = y)",
        ],
        expanded
    ));
}

#[test]
fn definitions_of_types() {
    insta::assert_snapshot!(listing(
        &[
            "@enum Color red green = 5 blue",
            "@enum Op::UInt8 begin\n A = 1\n B\nend",
            "@enum Node::Bool RED = true BLACK = false",
            "@enum E a b = 0",
            "@enum E a = f(x)",
            "@enum E::Float64 a",
            "Base.@kwdef struct P{T<:Real} <: Q\n x::T = 1\n y\n z::Int\n P(x) = new(x)\nend",
            "@kwdef mutable struct R a = 1; const b::Int = 2 end",
            "@NamedTuple{a::Int, b}",
        ],
        expanded
    ));
}

#[test]
fn c_functions_and_formats() {
    insta::assert_snapshot!(listing(
        &[
            "@ccall sin(x::Float64)::Float64",
            "@ccall printf(\"%d\"::Cstring; x::Cint, y::Cdouble)::Cint",
            "@ccall printf(\"%d\"::Cstring; x::Cint, y::Cint)::Cint",
            "@ccall $ptr(x::Float64)::Cvoid",
            "@ccall lib.foo()::Cvoid",
            "@ccall f(x::Int)",
            "@ccall f(x)::Int",
            "Base.@ccallable function h(x::Int, y::Float64)::Float64 x + y end",
            "Base.@ccallable Int g() = 1",
            "Base.@ccallable g() = 1",
            "@printf(\"%5.2f %d%% %s\\n\", x, y, z)",
            "@printf(io, \"%-*d|%c|%+08.3e\", w, x, c, h)",
            "@sprintf(\"plain\")",
            "@sprintf(\"%d\")",
            "@sprintf(\"%d\", 1, 2)",
            "@sprintf(\"%y\", 1)",
            "@sprintf(\"%\", 1)",
            "@sprintf(f, 1)",
            "raw\"a\\b\", b\"ab\\xff\\n\", MIME\"text/plain\"",
            "int128\"123\", int128\"-5\", uint128\"340282366920938463463374607431768211455\"",
            "int128\"340282366920938463463374607431768211455\"",
            "int128\"x\"",
            "r\"a\\d+\"i, r\"x\", s\"\\1\", v\"1.2\", big\"1_000\"",
            "r\"x\"q",
            "big\"1.5\"",
            "@info \"read\" n x = 1",
            "@warn \"text\" _group = :io",
            "Base.@splatnew T (1, 2)",
        ],
        expanded
    ));
}

#[test]
fn macros_without_meaning_here_are_refused() {
    for source in [
        "@allocated f(x)",
        "@deprecate f g",
        "@which f(x)",
        "@async x",
    ] {
        assert!(expanded(source).contains("is not supported"), "{source}");
    }
    assert_eq!(expanded("@foo x"), "0..4: macro `@foo` is not defined\n");
    assert_eq!(
        expanded("A.@bar x"),
        "0..6: macro `A.@bar` is not defined\n"
    );
    for source in [
        "@assert",
        "@goto 1",
        "@inbounds",
        "@view x",
        "@simd x",
        "@label",
    ] {
        assert!(!expanded(source).starts_with('('), "{source}");
    }
}

#[test]
fn quoted_code_and_modules_are_left_alone() {
    assert_eq!(expanded(":(@foo x)"), "(quote (macrocall @foo x))\n");
    assert_eq!(
        expanded("quote @foo $(@inline f(x)) end"),
        "(quote (block (macrocall @foo ($ (call f x)))))\n"
    );
    assert_eq!(
        expanded("module M @foo x end"),
        "(module true M (block (macrocall @foo x)))\n"
    );
}

/// A macro of the program is asked first, its result is expanded again, and endless expansion ends.
#[test]
fn macros_of_the_program_are_expanded_by_the_caller() {
    let run = |text: &str| -> Result<String, SyntaxError> {
        let mut source = parse(text);
        let mut gensym = Gensym::default();
        let mut user = |tree: &mut Tree,
                        tables: &mut Tables,
                        path: &[Name],
                        args: &[Node]|
         -> Result<Option<Node>, SyntaxError> {
            let name = path.last().map(|&n| tables.names.str(n)).unwrap_or("");
            Ok(match (name, args) {
                ("@twice", [x]) => Some(tree.expr(Head::Tuple, &[*x, *x], None)),
                ("@forever", [x]) => {
                    let name = tables.names.intern("@forever");
                    let name = tree.add(jlift_frontend::surface::NodeData::Symbol(name), None);
                    Some(tree.expr(Head::Macrocall, &[name, *x], None))
                }
                ("@inline", [x]) if path.len() == 1 => Some(*x),
                _ => None,
            })
        };
        let item = source.parsed.items[0];
        let mut env = Env {
            tables: &mut source.tables,
            gensym: &mut gensym,
            source: Source::default(),
            user: &mut user,
        };
        let node = macros::expand_all(&mut source.parsed.tree, item, &mut env)?;
        Ok(to_text(&source.parsed.tree, node, &source.tables))
    };
    assert_eq!(
        run("@twice @evalpoly(x, 1)").as_deref(),
        Ok("(tuple (call Base.evalpoly x (tuple 1)) (call Base.evalpoly x (tuple 1)))")
    );
    assert_eq!(
        run("@inline f(x) = 1").as_deref(),
        Ok("(= (call f x) (block 1))")
    );
    let endless = run("@forever x").expect_err("endless");
    assert_eq!(
        diagnostic(&endless),
        "0..0: expression is nested too deeply after macro expansion"
    );
}

#[test]
fn deeply_nested_macro_calls_are_expanded_or_refused() {
    let nested = |n: usize| format!("{}f(x) = 1", "@inline ".repeat(n));
    assert!(expanded(&nested(50)).contains("(meta inline)"));
    let deep = expanded(&nested(900));
    assert!(
        deep.contains("(meta inline)") || deep.contains("too deeply"),
        "{}",
        &deep[..50]
    );
}
