//! `jlift run FILE 'f(…)'`: literals converted to the parameters' types or refused, results as Julia's
//! `println` writes them, exceptions as a message and exit status 1.

use crate::scratch::{Scratch, THROWING, example};
use jlift_tests::process::{Finished, jlift, run};

/// `id_T(x::T)` for the types with literals, and functions whose results are made of several values.
fn values() -> String {
    let mut text = String::from(
        r#"jir 1
primitive Main.Color bits=32 super=Any
singleton Main.Marker super=Any
struct Main.Point inline size=16 align=8 super=Any { "x"::Float64 @0, "y"::Float64 @8 }
struct Main.Item inline size=32 align=8 super=Any { "id"::UInt16 @0, "weight"::Float32 @4, "flag"::Bool @8, "code"::Char @12, "at"::Main.Point @16 }
struct Base.Complex{Float64} inline size=16 align=8 super=Number { "re"::Float64 @0, "im"::Float64 @8 }
struct Base.Rational{Int64} inline size=16 align=8 super=Real { "num"::Int64 @0, "den"::Int64 @8 }
struct Base.UnitRange{Int64} inline size=16 align=8 super=Any { "start"::Int64 @0, "stop"::Int64 @8 }
struct NamedTuple{(sym "low", sym "high"), Tuple{Int64, Float32}} inline size=16 align=8 super=Any { "low"::Int64 @0, "high"::Float32 @8 }
"#,
    );
    for (i, (name, ty)) in IDENTITIES.iter().enumerate() {
        text += &format!(
            "singleton typeof(Main.{name}) super=Function\nfunction @{} Main.{name}(_2 x::{ty})::{ty} self=typeof(Main.{name}) export\n#1:\n  return _2\n",
            i + 1
        );
    }
    for (i, (name, params, ret, body)) in FUNCTIONS.iter().enumerate() {
        text += &format!(
            "singleton typeof(Main.{name}) super=Function\nfunction @{} Main.{name}({params})::{ret} self=typeof(Main.{name}) export\n#1:\n{body}\n",
            i + 100
        );
    }
    text
}

const IDENTITIES: &[(&str, &str)] = &[
    ("i8", "Int8"),
    ("i16", "Int16"),
    ("i32", "Int32"),
    ("i64", "Int64"),
    ("i128", "Int128"),
    ("u8", "UInt8"),
    ("u16", "UInt16"),
    ("u32", "UInt32"),
    ("u64", "UInt64"),
    ("u128", "UInt128"),
    ("f32", "Float32"),
    ("f64", "Float64"),
    ("bool", "Bool"),
    ("char", "Char"),
    ("none", "Nothing"),
    ("ptr", "Ptr{Float64}"),
];

const FUNCTIONS: &[(&str, &str, &str, &str)] = &[
    (
        "add",
        "_2 a::Int64, _3 b::Float64",
        "Float64",
        "  %1 = Base.sitofp(type Float64, _2)::Float64\n  %2 = Base.add_float(%1, _3)::Float64\n  return %2",
    ),
    (
        "pair",
        "_2 a::Int64, _3 b::Float32",
        "Tuple{Int64, Float32}",
        "  %1 = Core.tuple(_2, _3)::Tuple{Int64, Float32}\n  return %1",
    ),
    (
        "one",
        "_2 a::UInt8",
        "Tuple{UInt8}",
        "  %1 = Core.tuple(_2)::Tuple{UInt8}\n  return %1",
    ),
    ("empty", "", "Tuple{}", "  return ()"),
    (
        "mixed",
        "_2 a::Bool, _3 c::Char, _4 n::Int128",
        "Tuple{Bool, Char, Int128, Nothing}",
        "  %1 = Core.tuple(_2, _3, _4, nothing)::Tuple{Bool, Char, Int128, Nothing}\n  return %1",
    ),
    (
        "nested",
        "_2 a::Float64",
        "Tuple{Tuple{Float64, UInt16}, Int8}",
        "  %1 = Core.tuple(_2, UInt16(258))::Tuple{Float64, UInt16}\n  %2 = Core.tuple(%1, Int8(-3))::Tuple{Tuple{Float64, UInt16}, Int8}\n  return %2",
    ),
    (
        "point",
        "_2 x::Float64, _3 y::Float64",
        "Main.Point",
        "  %1 = new type Main.Point(_2, _3)::Main.Point\n  return %1",
    ),
    (
        "item",
        "_2 id::UInt16, _3 w::Float32, _4 c::Char",
        "Main.Item",
        "  %1 = new type Main.Point(1.0, -0.0)::Main.Point\n  %2 = new type Main.Item(_2, _3, true, _4, %1)::Main.Item\n  return %2",
    ),
    (
        "complex",
        "_2 re::Float64, _3 im::Float64",
        "Base.Complex{Float64}",
        "  %1 = new type Base.Complex{Float64}(_2, _3)::Base.Complex{Float64}\n  return %1",
    ),
    (
        "ratio",
        "_2 n::Int64",
        "Base.Rational{Int64}",
        "  %1 = new type Base.Rational{Int64}(_2, 3)::Base.Rational{Int64}\n  return %1",
    ),
    (
        "range",
        "_2 n::Int64",
        "Tuple{Base.UnitRange{Int64}, Bool}",
        "  %1 = new type Base.UnitRange{Int64}(1, _2)::Base.UnitRange{Int64}\n  %2 = Core.tuple(%1, true)::Tuple{Base.UnitRange{Int64}, Bool}\n  return %2",
    ),
    (
        "halves",
        "_2 bits::UInt16",
        "Tuple{Float16, UInt16}",
        "  %1 = Base.bitcast(type Float16, _2)::Float16\n  %2 = Core.tuple(%1, _2)::Tuple{Float16, UInt16}\n  return %2",
    ),
    (
        "half",
        "_2 bits::UInt16",
        "Float16",
        "  %1 = Base.bitcast(type Float16, _2)::Float16\n  return %1",
    ),
    (
        "point_at",
        "",
        "Ptr{Main.Point}",
        "  %1 = Base.bitcast(type Ptr{Main.Point}, UInt64(255))::Ptr{Main.Point}\n  return %1",
    ),
    (
        "named",
        "_2 a::Int64",
        "NamedTuple{(sym \"low\", sym \"high\"), Tuple{Int64, Float32}}",
        "  %1 = new type NamedTuple{(sym \"low\", sym \"high\"), Tuple{Int64, Float32}}(_2, Float32(0x3f000000))::NamedTuple{(sym \"low\", sym \"high\"), Tuple{Int64, Float32}}\n  return %1",
    ),
    (
        "maybe",
        "_2 n::Int64",
        "Union{Nothing, Int64}",
        "  %1 = Base.slt_int(_2, 0)::Bool\n  goto #3 if not %1\n#2:\n  return nothing\n#3:\n  return _2",
    ),
    (
        "either",
        "_2 n::Int64",
        "Union{Float32, Int64, UInt8, Bool}",
        "  %1 = Core.===(_2, 0)::Bool\n  goto #3 if not %1\n#2:\n  return Float32(0x40200000)\n#3:\n  %4 = Core.===(_2, 1)::Bool\n  goto #5 if not %4\n#4:\n  return UInt8(255)\n#5:\n  %7 = Core.===(_2, 2)::Bool\n  goto #7 if not %7\n#6:\n  return false\n#7:\n  return _2",
    ),
    (
        "color",
        "",
        "Main.Color",
        "  %1 = Base.bitcast(type Main.Color, UInt32(171))::Main.Color\n  return %1",
    ),
    ("marker", "", "Main.Marker", "  return instance Main.Marker"),
    // Two methods of one name.
    (
        "twice",
        "_2 n::Int64",
        "Int64",
        "  %1 = Base.add_int(_2, _2)::Int64\n  return %1",
    ),
];

fn call(scratch: &Scratch, file: &str, call: &str) -> Finished {
    run(scratch.command(jlift()).args(["run", file, call]))
}

#[track_caller]
fn prints(scratch: &Scratch, text: &str, expected: &str) {
    let done = call(scratch, "values.jir", text);
    assert_eq!(
        (done.stdout.as_str(), done.stderr.as_str(), done.status),
        (format!("{expected}\n").as_str(), "", Some(0)),
        "{text}"
    );
}

fn scratch() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("values.jir", values());
    scratch
}

#[test]
fn the_readmes_first_call_prints_the_harmonic_number() {
    let done = run(jlift()
        .arg("run")
        .arg(example("harmonic.jir"))
        .arg("harmonic(10)"));
    assert_eq!(
        (done.stdout.as_str(), done.stderr.as_str(), done.status),
        ("2.9289682539682538\n", "", Some(0))
    );
}

#[test]
fn literals_are_converted_as_julias_convert_does() {
    let scratch = scratch();
    for (text, expected) in [
        ("i64(10)", "10"),
        ("i64(-9223372036854775808)", "-9223372036854775808"),
        ("i64(10.0)", "10"),
        ("i64(-0.0)", "0"),
        ("i64(true)", "1"),
        ("i64(0x0a)", "10"),
        ("i64(0b101)", "5"),
        ("i64(1_000)", "1000"),
        ("i64(UInt8(200))", "200"),
        ("i8(-128)", "-128"),
        ("u8(255)", "255"),
        ("u64(18446744073709551615)", "18446744073709551615"),
        (
            "i128(-170141183460469231731687303715884105728)",
            "-170141183460469231731687303715884105728",
        ),
        (
            "u128(340282366920938463463374607431768211455)",
            "340282366920938463463374607431768211455",
        ),
        (
            "u128(0xffffffffffffffffffffffffffffffff)",
            "340282366920938463463374607431768211455",
        ),
        ("f64(1)", "1.0"),
        ("f64(2.5)", "2.5"),
        ("f64(1e22)", "1.0e22"),
        ("f64(-0.0)", "-0.0"),
        ("f64(1.5f0)", "1.5"),
        ("f64(0.1f0)", "0.10000000149011612"),
        ("f64(Inf)", "Inf"),
        ("f64(5e-324)", "5.0e-324"),
        ("f64(123456.789)", "123456.789"),
        ("f64(1.0e6)", "1.0e6"),
        ("f64(999999.5)", "999999.5"),
        ("f64(0.00001)", "1.0e-5"),
        ("f32(0.1)", "0.1"),
        ("f32(1e300)", "Inf"),
        ("f32(16777217)", "1.6777216e7"),
        ("f32(3.4028235f38)", "3.4028235e38"),
        ("f32(NaN32)", "NaN"),
        ("bool(true)", "true"),
        ("bool(0)", "false"),
        ("char('x')", "x"),
        ("char('é')", "é"),
        ("char('😀')", "😀"),
        ("char(',')", ","),
        ("char('(')", "("),
        ("none(nothing)", "nothing"),
        ("ptr(C_NULL)", "Ptr{Float64} @0x0000000000000000"),
        ("add(10, 2.5)", "12.5"),
        (" add( 10 ,2 ) ", "12.0"),
        ("twice(21)", "42"),
    ] {
        prints(&scratch, text, expected);
    }
}

#[test]
fn results_are_printed_as_println_does() {
    let scratch = scratch();
    for (text, expected) in [
        ("pair(1, 2.5)", "(1, 2.5f0)"),
        ("pair(-1, 1e10)", "(-1, 1.0f10)"),
        ("pair(0, NaN)", "(0, NaN32)"),
        ("pair(0, -Inf)", "(0, -Inf32)"),
        ("one(7)", "(0x07,)"),
        ("empty()", "()"),
        ("mixed(false, 'q', -5)", "(false, 'q', -5, nothing)"),
        ("nested(0.5)", "((0.5, 0x0102), -3)"),
        ("point(1, -2.5)", "Point(1.0, -2.5)"),
        (
            "item(9, 0.5, 'é')",
            "Item(0x0009, 0.5f0, true, 'é', Point(1.0, -0.0))",
        ),
        ("complex(1, -2.5)", "1.0 - 2.5im"),
        ("complex(-0.0, NaN)", "-0.0 + NaN*im"),
        ("complex(1, -Inf)", "1.0 - Inf*im"),
        ("complex(1, -0.0)", "1.0 - 0.0im"),
        ("ratio(-2)", "-2//3"),
        ("range(5)", "(1:5, true)"),
        ("half(0x3c00)", "1.0"),
        ("half(0x2e66)", "0.1"),
        ("half(0x0001)", "6.0e-8"),
        ("half(0x7bff)", "6.55e4"),
        ("half(0x63d0)", "1.0e3"),
        ("half(0x63cf)", "999.5"),
        ("half(0xfc00)", "-Inf"),
        ("halves(0x3555)", "(Float16(0.3333), 0x3555)"),
        ("halves(0x7e00)", "(NaN16, 0x7e00)"),
        ("point_at()", "Ptr{Point} @0x00000000000000ff"),
        ("named(3)", "(low = 3, high = 0.5f0)"),
        ("maybe(5)", "5"),
        ("maybe(-5)", "nothing"),
        ("either(0)", "2.5"),
        ("either(1)", "255"),
        ("either(2)", "false"),
        ("either(3)", "3"),
        ("color()", "Color(0x000000ab)"),
        ("marker()", "Marker()"),
    ] {
        prints(&scratch, text, expected);
    }
}

#[test]
fn what_convert_refuses_is_refused_with_exit_status_2() {
    let scratch = scratch();
    for (text, parts) in [
        ("i64(2.5)", &["InexactError", "2.5"][..]),
        ("i64(1e30)", &["InexactError"]),
        ("i64(NaN)", &["InexactError"]),
        ("i64(9223372036854775808)", &["InexactError"]),
        ("u8(256)", &["InexactError: trunc(UInt8, 256)"]),
        ("u8(-1)", &["InexactError", "-1"]),
        ("i8(Int16(1000))", &["InexactError", "1000"]),
        ("i8(Int8(1000))", &["InexactError", "1000"]),
        ("bool(2)", &["InexactError: Bool(2)"]),
        ("f64('x')", &["Float64"]),
        ("f64(nothing)", &["Float64"]),
        ("none(1)", &["Nothing"]),
        ("char(true)", &["Char"]),
        ("i64(-0x01)", &["-0x01"]),
        ("i64(1.2.3)", &["1.2.3"]),
        ("i64(--1)", &["--1"]),
        ("i64(\"text\")", &["\"text\""]),
        ("i64(i64(1))", &["i64(1)"]),
        ("i64(0x)", &["0x"]),
        ("char('ab')", &["'ab'"]),
        ("i64()", &["i64"]),
        ("i64(1, 2)", &["i64"]),
        ("i64(1,)x", &[]),
        ("add(1,,2)", &[]),
        ("i64(1", &[")"]),
        ("i64", &["i64"]),
        ("", &[]),
        ("()", &[]),
        ("absent(1)", &["absent"]),
        ("i64(1))", &[]),
        ("i64((1)", &[]),
    ] {
        let done = call(&scratch, "values.jir", text);
        assert_eq!((done.status, done.stdout.as_str()), (Some(2), ""), "{text}");
        assert!(
            !done.stderr.is_empty() && !done.stderr.contains("panicked"),
            "{text}: {}",
            done.stderr
        );
        for part in parts {
            assert!(
                done.stderr.contains(part),
                "{text}: no `{part}` in {}",
                done.stderr
            );
        }
    }
}

#[test]
fn an_exception_is_a_message_and_exit_status_1() {
    let scratch = Scratch::new();
    scratch.write("throwing.jir", THROWING);
    for (text, message) in [
        ("quotient(1, 0)", "DivideError: integer division error"),
        ("narrow(256)", "InexactError: trunc(UInt8, 256)"),
        (
            "harmonic_range(1, 0, 5)",
            "ArgumentError: step cannot be zero",
        ),
        (
            "times(9223372036854775807, 2)",
            "OverflowError: 9223372036854775807 * 2 overflowed for type Int64",
        ),
        ("failing(-1)", "negative: not supported — \"x\""),
    ] {
        for level in ["-O0", "-O2"] {
            let done = run(scratch
                .command(jlift())
                .args(["run", level, "throwing.jir", text]));
            assert_eq!(
                (done.stdout.as_str(), done.stderr.as_str(), done.status),
                ("", format!("ERROR: {message}\n").as_str(), Some(1)),
                "{text}"
            );
        }
    }
    let done = call(&scratch, "throwing.jir", "pair_of(17, 5)");
    assert_eq!(
        (done.stdout.as_str(), done.status),
        ("Pair(3, 2)\n", Some(0))
    );
}

/// Methods of one name are told apart by the number and the types of the arguments.
#[test]
fn methods_of_one_name_are_chosen_by_their_arguments() {
    let scratch = Scratch::new();
    let method = |id: u32, ty: &str, value: &str| {
        format!(
            "function @{id} Main.f(_2 x::{ty})::Int64 self=typeof(Main.f) export\n#1:\n  return {value}\n"
        )
    };
    let text = format!(
        "jir 1\nsingleton typeof(Main.f) super=Function\n{}{}function @3 Main.f(_2 x::Int64, _3 y::Int64)::Int64 self=typeof(Main.f) export\n#1:\n  return 3\n",
        method(1, "Int64", "1"),
        method(2, "Float64", "2")
    );
    scratch.write("f.jir", text);
    for (text, expected) in [("f(7)", "1\n"), ("f(7.0)", "2\n"), ("f(7, 8)", "3\n")] {
        let done = call(&scratch, "f.jir", text);
        assert_eq!(
            (done.stdout.as_str(), done.stderr.as_str()),
            (expected, ""),
            "{text}"
        );
    }
    let done = call(&scratch, "f.jir", "f(7.0f0)");
    assert_eq!(done.status, Some(2));
}

/// Functions of the C library are those of this process.
#[test]
fn a_call_may_use_the_c_library() {
    let scratch = Scratch::new();
    scratch.write(
        "c.jir",
        r#"jir 1
singleton typeof(Main.f) super=Function
function @1 Main.f(_2 x::Float64, _3 y::Float64)::Float64 self=typeof(Main.f) export
#1:
  %1 = foreigncall sym "hypot" Float64(Float64, Float64) variadic_from=0 cc=sym "ccall" args(_2, _3) roots()::Float64
  return %1
"#,
    );
    let done = call(&scratch, "c.jir", "f(3, 4)");
    assert_eq!(
        (done.stdout.as_str(), done.stderr.as_str(), done.status),
        ("5.0\n", "", Some(0))
    );
}
