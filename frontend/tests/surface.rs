//! What source text is converted to, as S-expressions.

mod support;

use jlift_frontend::surface_text::to_julia;
use support::{listing, parse};

fn text(source: &str) -> String {
    parse(source).text()
}

#[test]
fn literals_have_the_types_and_values_of_julia() {
    insta::assert_snapshot!(listing(
        &[
            "1_000; 0; 007; 9223372036854775807; 9223372036854775808; -9223372036854775808",
            "170141183460469231731687303715884105727; 170141183460469231731687303715884105728",
            "0x1f; 0x001; 0x12345; 0x123456789; 0x12345678901234567; -0x1",
            "0x100000000000000000000000000000000",
            "0b11; 0b100000000; 0o17; 0o400",
            "1.0; 1.; .5; 1e10; 1e-7; 1E5; 123456.0; 1234567.0; 0.0001; 1_0.0_1; -0.0; 5e-324",
            "1f0; 1.5f-3; 2F0; 3f10; 0x1.8p3; 0x.8p0; 0x1p-1074",
            "true; false; nothing",
            r"'a'; 'α'; '\n'; '\''; '\\'; '\x41'; '\u3b1'; '\U1f600'; '\xff'; '\101'; '\0'",
            "+3; -2; -2.5; -2^2; 2^-1; -x; +x",
            "2x; 2x^2; 2(x+1); 2f(x); (a)b; x'y; 0.5π",
        ],
        text
    ));
}

#[test]
fn strings_are_unescaped_dedented_and_interpolated() {
    insta::assert_snapshot!(listing(
        &[
            r#"x = """#,
            r#"x = "a\tb\n\x41\u3b1\"\$\\""#,
            "x = \"a\\\n   b\"",
            r#"x = "a $x $(y + 1) b""#,
            r#"x = "$a"; y = "$(a)$b"; z = "$("in $x")""#,
            "x = \"\"\"\n    a\n      $x\n\n    b\\n\n    \"\"\"",
            "x = \"\"\"a\n   b\"\"\"",
            "x = \"\"\"\n\ta\n\t\"quoted\" $(f(\"x\"))\"\"\"",
            "x = \"a\r\nb\"",
            r#"x = (raw"a\b\"", r"x+"i, b"ab\xff", v"1.2", big"123", @raw_str "x")"#,
            "x = raw\"\"\"\n    a\\n\n    b\"\"\"",
            r#"var"a b" = var"c""#,
            r#"x = "non-UTF-8: \xff\xfe""#,
            "\"doc\"\nf(x) = 1",
            "\"\"\"\ndoc\n\"\"\"\nstruct A\n  \"field\"\n  x\nend",
        ],
        text
    ));
}

#[test]
fn operators_group_as_in_julia() {
    insta::assert_snapshot!(listing(
        &[
            "a + b + c - d * e * f / g; a - b - c; a ^ b ^ c; -a ^ b; a // b * c; a << 1 + 2",
            "a + b .+ c; a .* b .^ 2; .-x; .!x; .√x; x .÷ y",
            "a == b; a < b <= c; a in b; a ∈ b; a isa T; a <: B; a <: B <: C; a .< b .< c; x ≤ y ≠ z",
            "!a && b || c; a && b && c; .!(x) .& y; a .&& b",
            "a ? b : c; a ? b : c ? d : e; a == b ? c + 1 : d",
            "1:2; 1:2:3; a:b+1; a-1:b; (1:3)[2]; :",
            "a => b; a |> f |> g; f ∘ g; a --> b; a ~ b; a ⋅ b; x × y; a ⊻ b; a..b; ~a; ¬a; √4",
            "x = y = 1; x += 1; x -= 1; x *= 2; x /= 2; x \\= 2; x ÷= 2; x ^= 2; x %= 2; x //= 2",
            "x |= 1; x &= 1; x ⊻= 1; x <<= 1; x >>= 1; x >>>= 1; x .= y; x .+= y; x .^= y; x −= 1",
            "a, b = 1, 2; (a, b) = f(); a, b... = c; (; a, b) = c; a.b, c[1] = d; x::Int = 1",
            "A'; A.B'; a'b'; [a' b']; A'[1]; f(x)'",
            "a.b.c; a.b(c).d; a.:b; a.:+; f.(x); f.(x, y; z=1); A.f.(x).y; (a.b).c",
            "(+); +; (.+); .+(a, b); +(a); -(a, b); <:(a, b); !(a); ⊕(a, b)",
            "x::T; ::T; x::A{B}; f(x)::T",
            "A{T} where T; A{T} where {T}; f(x::T) where {T<:Real, S>:Int} = 1; A where T<:B where B",
            "x -> y; (x) -> y; () -> 1; (x, y) -> x + y; (x; y = 1) -> x; (x::Int) -> x; x -> y -> z",
            "(x...,) -> x; (x, y = 1) -> x; x::Int -> x; ((a, b),) -> a",
            "a...; f(x...; y...); (a..., b)",
            ":x; :(x + 1); :+; :(=); :(a = 1); :1; :(:x); :end; :if; :(f(x) = 1); :a.b",
            "quote x; y end; $x; :($x + $(f(y))); :($(x...),)",
        ],
        text
    ));
}

#[test]
fn calls_keep_the_order_of_julias_arguments() {
    insta::assert_snapshot!(listing(
        &[
            "f(); f(x); f(x,); f(x, y); f(x; y); f(x; y = 1, z...); f(; x = 1); f(x;)",
            "f(x, y = 2); f((y = 2)); f(x == 2); f(g(x) = 1); f(x::Int = 1)",
            "f(x)(y); f(x)[1]; f{T}(x); a[i]; a[i, j]; a[]; a[end]; a[begin:end-1, end]; a[i; j]",
            "a[x = 1]; a[b[end], end]; A{T}; A{T, 1}; A{}; A{<:Real, T>:Int}",
            "(); (a,); (a, b); (a = 1, b = 2); (; a = 1, b); (a; b); (a = 1; b); (;); (a, b; c)",
            "sum(x for x in y); f(a, x for x in y); f(x for x in y; k = 1)",
            "f(x) do\nend; f(x) do y\n y\nend; f() do y, (a, b), z::T\n y\nend; f(x; k = 1) do y; end",
            "@m; @m x y; @m(x, y); @m(x; k = 1); @m x, y; @m [1]; @m[1]; @m (x) y; A.@m x; @A.B.m x",
            "@. x + y; @m x -> y; @m a = 1; @m x + 1, 2; [@m x, @n y]; @m begin x end; @m f(x) do y; end",
        ],
        text
    ));
}

#[test]
fn arrays_and_comprehensions() {
    insta::assert_snapshot!(listing(
        &[
            "[]; [1]; [1, 2]; [1, 2,]; [1 2]; [1; 2]; [1;]; [1 2; 3 4]; [1 2\n 3 4]; [1\n 2]",
            "[1 -2]; [1 - 2]; [a -b c]; [f(x) [1]]; [a' b]; [x; y; z...]; [1, 2; 3]",
            "[1;; 2]; [1 2;;; 3 4]; [1; 2;; 3; 4]; [;;]; [a b;;\n c d]; [1;;]",
            "Int[]; Int[1, 2]; Int[1 2]; Int[1 2; 3 4]; Int[1; 2]; Int[1;; 2]; {a, b}; {a b}",
            "[x for x in y]; [x for x = 1:3]; [x for (x, y) ∈ z]; [x + y for x in a, y in b]",
            "[x for x in y if x > 1]; [x for x in y for z in x]; [x for x in a if p for y in b, z in c if q]",
            "Int[x for x in y]; (x for x in y); Dict(a => b for (a, b) in c); [[x] for x in y]",
            "Int[x for x in y if z]; [i for i in a for j in b for k in c]",
        ],
        text
    ));
}

#[test]
fn control_flow() {
    insta::assert_snapshot!(listing(
        &[
            "if a end; if a b end; if a b else c end; if a b elseif c d elseif e f else g end",
            "while x; y; break; continue; end",
            "for i in x y end; for i = 1:2, j ∈ z y end; for (a, b) in c end; for outer i = 1:2 end",
            "begin end; begin x; y end; begin\n x\n y\nend",
            "let; x end; let x; x end; let x = 1 x end; let x = 1, y, f(z) = 2; x end; let (a, b) = c; a end",
            "try x catch end; try x catch e; y end; try x catch e y end; try x finally y end",
            "try x catch e; y finally z end; try x catch; y else z end; try x catch e; y else z finally w end",
            "return; return x; return a, b; x && return; f(x) = return x",
            "x = if a b else c end; y = begin 1; 2 end; z = for i in x end",
        ],
        text
    ));
}

#[test]
fn definitions() {
    insta::assert_snapshot!(listing(
        &[
            "f(x) = x + 1; f(x)::Int = x; f(x::T) where T = x; f() = begin x; y end; a + b = 1; (a::A)(x) = 1",
            "function f(x, y::Int = 1, z...; k, l::T = 2, m...) x end; function f end; function f() end",
            "function f(x)::Int x end; function f(x::T)::T where {T} x end; function (x) x end",
            "function (x, y) x end; function (x::Int) x end; function (a::A)(x) x end; function +(a, b) a end",
            "function A.f(x) x end; function Base.:+(a, b) a end; function (::Type{T})(x) where T x end",
            "function f(::Int, (a, b), x::Vararg{Int, N}) where N x end; function f(@m(x)) x end",
            "macro m(x, y...) x end; macro m end",
            "struct A end; struct A x; y::Int end; mutable struct A{T<:Real, S} <: B{T} x::T; const y::S end",
            "struct A x; A(x) = new(x); function A() new{Int}(1) end; end",
            "abstract type A end; abstract type A{T} <: B end; primitive type A 8 end; primitive type A <: B 8 end",
            "module A x; y end; baremodule A end; module A\n module B\n x\n end\nend",
            "using A; using A, B.C; using A: b, c as d, +; using ..A; using .A: @m; import A as B; import ...A.b",
            "import Base: +, ==, show; import Base.:+; import A.@m; export a, b, +, @m; export ⊕; public a, b",
            "const a = 1; const a, b = 1, 2; const global a = 1; global const a = 1; const a::Int = 1",
            "global a; global a, b; global a = 1; local a, b; local a::Int = 1; local (a, b) = c",
        ],
        text
    ));
}

#[test]
fn identifiers_are_normalized() {
    // A combining accent, the micro sign, look-alike operators.
    assert_eq!(text("e\u{301} = \u{b5}"), "(= \u{e9} \u{3bc})\n");
    assert_eq!(
        text("a \u{b7} b \u{2212} c"),
        "(call - (call \u{22c5} a b) c)\n"
    );
    assert_eq!(text("\u{feff}x"), "x\n");
    assert_eq!(text("x₁′ = α!"), "(= x₁′ α!)\n");
}

#[test]
fn expressions_print_in_julias_syntax() {
    let printed = |source: &str| {
        let source = parse(source);
        source
            .parsed
            .items
            .iter()
            .map(|&item| to_julia(&source.parsed.tree, item, &source.tables))
            .collect::<Vec<_>>()
            .join("\n")
    };
    for (source, expected) in [
        ("x>0", "x > 0"),
        ("x + 1 == y*2", "x + 1 == y * 2"),
        ("(a+b)*c", "(a + b) * c"),
        ("a-(b-c)", "a - (b - c)"),
        ("a-b-c", "(a - b) - c"),
        ("2x^2", "2 * x ^ 2"),
        ("a:b", "a:b"),
        ("1:n+1", "1:n + 1"),
        ("!x", "!x"),
        ("!isempty(x)", "!(isempty(x))"),
        ("-x", "-x"),
        ("-(x+y)", "-((x + y))"),
        ("-(x*y)", "-(x * y)"),
        ("a<b<=c", "a < b <= c"),
        ("a && b || c", "a && b || c"),
        ("a && (b || c)", "a && (b || c)"),
        ("f(x,y;z=1)", "f(x, y; z = 1)"),
        ("f(x)(y)", "(f(x))(y)"),
        ("a[i,end]", "a[i, end]"),
        ("f(x)[1]", "(f(x))[1]"),
        ("f(x).y", "(f(x)).y"),
        ("a.b.c", "a.b.c"),
        ("f.(x)", "f.(x)"),
        ("x .+ y", "x .+ y"),
        ("x::Int", "x::Int"),
        ("A{T,1}", "A{T, 1}"),
        ("(a,)", "(a,)"),
        ("(a,b)", "(a, b)"),
        ("[1,2]", "[1, 2]"),
        ("[1 2;3 4]", "[1 2; 3 4]"),
        ("[x for x in y if z]", "[x for x = y if z]"),
        ("sum(x for x in y)", "sum((x for x = y))"),
        ("x = 1", "x = 1"),
        ("x += 1", "x += 1"),
        (":x", ":x"),
        (":(x+1)", ":(x + 1)"),
        ("a === nothing", "a === nothing"),
        ("x isa Int", "x isa Int"),
        ("x in (1,2)", "x in (1, 2)"),
        ("x ≈ 1.5", "x ≈ 1.5"),
        ("a'", "a'"),
        ("f(x...)", "f(x...)"),
        ("'a' == \"b\\n\"", "'a' == \"b\\n\""),
        ("\"a $x\"", "\"a $(x)\""),
        ("1f0 + 1e10 + 0x1f", "1.0f0 + 1.0e10 + 0x1f"),
        ("a => b", "a => b"),
        ("T <: Real", "T <: Real"),
        ("Base.:+(a,b)", "Base.:+(a, b)"),
        ("if a\n b\nend", "if a\n    b\nend"),
        ("a ? b : c", "if a\n    b\nelse\n    c\nend"),
    ] {
        assert_eq!(printed(source), expected, "of {source}");
    }
}
