//! Error texts against those of real Julia: the `!` rows of the golden tables, and the results of
//! expanded divisions. Functions are legalized, evaluated on the row's values, and the parts of
//! the text that they throw are put together.

mod legalize_support;

use jlift_ir::text::parse;
use jlift_ir::{Func, Module, Value};
use jlift_optimize::legalize::{Capabilities, legalize};
use legalize_support::evaluate::{Evaluator, Outcome, golden_type, golden_value};
use legalize_support::{directory, files, stand_ins};
use std::collections::HashMap;

/// Evaluates functions made from texts, one for each key, legalized once.
#[derive(Default)]
struct Cache {
    known: HashMap<String, (Evaluator, Func)>,
}

impl Cache {
    /// What the first function of the text that `make` gives does with these arguments.
    fn call(
        &mut self,
        key: &str,
        make: impl FnOnce() -> String,
        args: impl FnOnce(&mut Module) -> Vec<Value>,
    ) -> Outcome {
        let (evaluator, func) = self.known.entry(key.to_string()).or_insert_with(|| {
            let text = make();
            let mut module = parse(&text).unwrap_or_else(|e| panic!("{}\n{text}", e[0]));
            let root = Func::from_u32(0);
            // What constant folding can follow; products of 128 bits are expanded.
            let caps = Capabilities {
                wide_checked_multiply: false,
                ..Capabilities::complete()
            };
            if let Err(d) = legalize(&mut module, &[root], &stand_ins(), &caps) {
                panic!("{key}: {}", d[0].message);
            }
            (Evaluator::new(module), root)
        });
        let args = args(&mut evaluator.module);
        evaluator.call(*func, &args)
    }
}

/// The rows of a golden table.
fn rows(name: &str) -> Vec<Vec<String>> {
    let path = directory("tests/golden").join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{name}: {e}"));
    text.lines()
        .filter(|l| !l.starts_with('#'))
        .map(|l| l.split('\t').map(str::to_string).collect())
        .collect()
}

fn unescaped(text: &str) -> String {
    text.replace("\\n", "\n").replace("\\\"", "\"")
}

const PRELUDE: &str = r#"jir 1
struct Base.LazyString mutable heap size=16 align=8 super=AbstractString { "parts"::Tuple{Vararg{Any}} @0 const, "str"::Union{Nothing, String} @8 }
struct OverflowError inline-with-references size=8 align=8 super=Exception { "msg"::AbstractString @0 }
struct DomainError inline-with-references size=16 align=8 super=Exception { "val"::Any @0, "msg"::AbstractString @8 }
struct InexactError inline-with-references size=24 align=8 super=Exception { "func"::Symbol @0, "T"::Any @8, "val"::Any @16 }
struct BoundsError heap size=16 align=8 super=Exception { "a"::Any @0, "i"::Any @8 }
singleton typeof(Main.f) super=Function
singleton typeof(Core.throw_inexacterror) super=Function
singleton typeof(Base.Checked.throw_overflowerr_binaryop) super=Function
singleton typeof(Core.convert) super=Function
"#;

/// The constructor of `DomainError` as Julia compiles it.
const DOMAIN_ERROR: &str = r#"
function @9 Core.DomainError(_2 val::Any, _3 msg::Any)::DomainError self=Type{DomainError}
#1:
  %1 = Core.isa(_3, type AbstractString)::Bool
  goto #3 if not %1
#2:
  goto #7
#3:
  %4 = Core.isa(_3, type AbstractString)::Bool
  goto #5 if not %4
#4:
  %6 = pi(_3, type AbstractString)::AbstractString
  goto #6
#5:
  %8 = call instance typeof(Core.convert)(type AbstractString, _3)::AbstractString
  goto #6
#6:
  %10 = phi(#4 => %6, #5 => %8)::AbstractString
#7:
  %11 = phi(#2 => _3, #6 => %10)::Any
  %12 = pi(%11, type AbstractString)::AbstractString
  %13 = new type DomainError(_2, %12)::DomainError
  return %13
"#;

#[test]
fn inexact_errors_read_as_in_julia() {
    let mut cache = Cache::default();
    let mut checked = 0;
    for row in rows("convert.tsv") {
        let [op, from, to, value, result] = &row[..] else {
            continue;
        };
        let Some(text) = result.strip_prefix("!InexactError: ") else {
            continue;
        };
        // Half precision is printed by the runtime alone; Char is converted by way of UInt32; the
        // rounding functions show the rounded value, which the row does not give.
        let from_ty = golden_type(from);
        let rounds = matches!(&op[..], "ceil" | "floor" | "round");
        let Some(from_ty) = from_ty.filter(|_| !rounds && golden_type(to).is_some()) else {
            continue;
        };
        let func = &text[..text.find('(').expect("a function")];
        let outcome = cache.call(
            &format!("{func} {to} {from}"),
            || {
                format!(
                    r#"{PRELUDE}
function @1 Main.f(_2 x::{from})::Union{{}} self=typeof(Main.f) export
#1:
  %1 = invoke @2 throw_inexacterror(sym "{func}", type {to}, _2)::Union{{}}
  unreachable

function @2 Core.throw_inexacterror(_2 f::Symbol, _3::Type{{{to}}}, _4 val::{from})::Union{{}} self=typeof(Core.throw_inexacterror)
#1:
  %1 = invoke @3 InexactError(_2, type {to}, _4) self=type InexactError::InexactError
  %2 = Core.throw(%1)::Union{{}}
  unreachable

function @3 Core.InexactError(_2 f::Symbol, _3 T::Any, _4 val::Any)::InexactError self=Type{{InexactError}}
#1:
  %1 = new type InexactError(_2, _3, _4)::InexactError
  return %1
"#
                )
            },
            |m| vec![golden_value(m, from_ty, value).expect("a value")],
        );
        assert_eq!(outcome, Outcome::Threw(format!("InexactError: {text}")));
        checked += 1;
    }
    assert!(checked > 1000, "{checked}");
}

#[test]
fn wide_products_overflow_at_the_edges() {
    // 2^64 * 2^63, (2^64 - 1) * (2^64 + 1), and their neighbours, signed and unsigned.
    let mut cache = Cache::default();
    let edges: Vec<i128> = [0, 1, 2, 62, 63, 64, 65, 126]
        .iter()
        .flat_map(|&n| [-1, 0, 1].map(|d| (1i128 << n) + d))
        .chain([
            i128::MAX,
            i128::MIN,
            i128::MIN + 1,
            3037000499,
            13043817825332782212,
        ])
        .flat_map(|x| [x, x.wrapping_neg()])
        .collect();
    for signed in [true, false] {
        let (ty_name, sign) = if signed {
            ("Int128", 's')
        } else {
            ("UInt128", 'u')
        };
        let ty = golden_type(ty_name).expect("a type");
        for &a in &edges {
            for &b in &edges {
                let outcome = cache.call(
                    ty_name,
                    || {
                        format!(
                            "{PRELUDE}
function @1 Main.f(_2 x::{ty_name}, _3 y::{ty_name})::Bool self=typeof(Main.f) export
#1:
  %1 = Base.checked_{sign}mul_int(_2, _3)::Tuple{{{ty_name}, Bool}}
  %2 = Core.getfield(%1, 2)::Bool
  return %2
"
                        )
                    },
                    |m| {
                        [a, b]
                            .map(|v| m.tables.primitive(ty, 128, v as u128))
                            .to_vec()
                    },
                );
                let overflows = match signed {
                    true => a.overflowing_mul(b).1,
                    false => (a as u128).overflowing_mul(b as u128).1,
                };
                assert_eq!(
                    outcome,
                    Outcome::Returned(Value::bool(overflows)),
                    "{a} {b}"
                );
            }
        }
    }
}

#[test]
fn divisions_give_what_julia_gives() {
    let mut cache = Cache::default();
    let (mut results, mut errors) = (0, 0);
    for row in rows("int_binary.tsv") {
        let [op, ty_name, a, b, result] = &row[..] else {
            continue;
        };
        let ("div" | "rem", Some(ty)) = (&op[..], golden_type(ty_name)) else {
            continue;
        };
        let sign = if ty.is_signed() { 's' } else { 'u' };
        // Once with a variable and once with a constant divisor.
        for constant in [false, true] {
            let (key, divisor) = match constant {
                true => (format!("{op} {ty_name} {b}"), format!("{ty_name}({b})")),
                false => (format!("{op} {ty_name}"), "_3".to_string()),
            };
            let outcome = cache.call(
                &key,
                || {
                    format!(
                        "{PRELUDE}
function @1 Main.f(_2 x::{ty_name}, _3 y::{ty_name})::{ty_name} self=typeof(Main.f) export
#1:
  %1 = Base.checked_{sign}{op}_int(_2, {divisor})::{ty_name}
  return %1
"
                    )
                },
                |m| {
                    [a, b]
                        .map(|v| golden_value(m, ty, v).expect("a value"))
                        .to_vec()
                },
            );
            let want = match result.strip_prefix('!') {
                Some(text) => {
                    errors += 1;
                    Outcome::Threw(text.to_string())
                }
                None => {
                    results += 1;
                    let module = &mut cache.known.get_mut(&key).expect("just called").0.module;
                    Outcome::Returned(golden_value(module, ty, result).expect("a value"))
                }
            };
            assert_eq!(outcome, want, "{op}({a}, {b})::{ty_name}");
        }
    }
    assert!(results > 1000 && errors > 100, "{results} {errors}");
}

#[test]
fn overflow_errors_read_as_in_julia() {
    let mut cache = Cache::default();
    let mut checked = 0;
    for row in rows("int_binary.tsv") {
        let [op, ty_name, a, b, result] = &row[..] else {
            continue;
        };
        let (symbol, name) = match &op[..] {
            "checked_add" => ("+", "add"),
            "checked_sub" => ("-", "sub"),
            "checked_mul" => ("*", "mul"),
            _ => continue,
        };
        let Some(ty) = golden_type(ty_name) else {
            continue;
        };
        let sign = if ty.is_signed() { 's' } else { 'u' };
        let outcome = cache.call(
            &format!("{op} {ty_name}"),
            || {
                format!(
                    r#"{PRELUDE}
function @1 Main.f(_2 x::{ty_name}, _3 y::{ty_name})::{ty_name} self=typeof(Main.f) export
#1:
  %1 = Base.checked_{sign}{name}_int(_2, _3)::Tuple{{{ty_name}, Bool}}
  %2 = Core.getfield(%1, 1)::{ty_name}
  %3 = Core.getfield(%1, 2)::Bool
  goto #3 if not %3
#2:
  %5 = invoke @2 throw_overflowerr_binaryop(sym "{symbol}", _2, _3)::Union{{}}
  unreachable
#3:
  return %2

function @2 Base.Checked.throw_overflowerr_binaryop(_2 op::Symbol, _3 x::{ty_name}, _4 y::{ty_name})::Union{{}} self=typeof(Base.Checked.throw_overflowerr_binaryop)
#1:
  %1 = Core.tuple(_3, " ", _2, " ", _4, " overflowed for type ", type {ty_name})::Tuple{{{ty_name}, String, Symbol, String, {ty_name}, String, DataType}}
  %2 = new type Base.LazyString(%1, nothing)::Base.LazyString
  %3 = new type OverflowError(%2)::OverflowError
  %4 = Core.throw(%3)::Union{{}}
  unreachable
"#
                )
            },
            |m| {
                [a, b]
                    .map(|v| golden_value(m, ty, v).expect("a value"))
                    .to_vec()
            },
        );
        let want = match result.strip_prefix('!') {
            Some(text) => {
                checked += 1;
                Outcome::Threw(text.to_string())
            }
            None => {
                let mut tables = Module::default();
                Outcome::Returned(golden_value(&mut tables, ty, result).expect("a value"))
            }
        };
        match (&outcome, &want) {
            // Wide constants of another module have other numbers.
            (Outcome::Returned(Value::Const(_)), Outcome::Returned(Value::Const(_))) => {}
            _ => assert_eq!(outcome, want, "{row:?}"),
        }
    }
    assert!(checked > 100, "{checked}");
}

/// The text of a function of a kernel and of all others of its file, with that function first.
fn kernel(file: &str, function: &str) -> (Evaluator, Func) {
    let texts = files("tests/kernels", "jir");
    let (_, text) = texts
        .iter()
        .find(|(name, _)| name == file)
        .expect("a kernel");
    let mut module = parse(text).unwrap_or_else(|e| panic!("{}", e[0]));
    let evaluator = Evaluator::new(module.clone());
    let root = evaluator.find(function);
    if let Err(d) = legalize(
        &mut module,
        &[root],
        &stand_ins(),
        &Capabilities::complete(),
    ) {
        panic!("{function}: {}", d[0].message);
    }
    (Evaluator::new(module), root)
}

#[test]
fn gcd_and_lcm_fail_and_succeed_as_in_julia() {
    let mut errors = 0;
    for (op, ty_name, function) in [
        ("gcd", "Int64", "Main.gcd_i64"),
        ("lcm", "Int32", "Base.lcm"),
    ] {
        let (mut evaluator, func) = kernel("integer_math", function);
        let ty = golden_type(ty_name).expect("a type");
        let mut results = 0;
        for row in rows("int_binary.tsv") {
            let [o, t, a, b, result] = &row[..] else {
                continue;
            };
            if o != op || t != ty_name {
                continue;
            }
            let args = [a, b].map(|v| golden_value(&mut evaluator.module, ty, v).expect("a value"));
            let outcome = evaluator.call(func, &args);
            let want = match result.strip_prefix('!') {
                Some(text) => {
                    errors += 1;
                    Outcome::Threw(text.to_string())
                }
                None => {
                    results += 1;
                    let value = golden_value(&mut evaluator.module, ty, result);
                    Outcome::Returned(value.expect("a value"))
                }
            };
            assert_eq!(outcome, want, "{row:?}");
        }
        assert!(results > 10, "{op} {results}");
    }
    assert!(errors > 2, "{errors}");
}

#[test]
fn powers_with_negative_exponents_read_as_in_julia() {
    let (mut evaluator, func) = kernel("integer_math", "Base.throw_domerr_powbysq");
    let outcome = evaluator.call(func, &[Value::int64(2), Value::int64(-1)]);
    let text = "DomainError with -1:\nCannot raise an integer x to a negative power -1.\n\
                Make x or -1 a float by adding a zero decimal (e.g., 2.0^-1 or 2^-1.0 instead of \
                2^-1)or write 1/x^1, float(x)^-1, x^float(-1) or (x//1)^-1.";
    assert_eq!(outcome, Outcome::Threw(text.to_string()));
}

#[test]
fn domain_errors_read_as_in_julia() {
    let mut cache = Cache::default();
    let mut checked = 0;
    for row in rows("float_unary.tsv") {
        let [op, ty_name, a, result] = &row[..] else {
            continue;
        };
        let (Some(text), Some(ty)) = (
            result.strip_prefix("!DomainError with "),
            golden_type(ty_name),
        ) else {
            continue;
        };
        let text = unescaped(text);
        // sinpi and cospi have taken the absolute value before they throw.
        if text.starts_with("Inf") && a.starts_with(['f', 'F']) {
            continue;
        }
        let (_, message) = text.split_once(":\n").expect("a message");
        let complex = format!(
            "{op} was called with a negative real argument but will only return a complex result \
             if called with a complex argument. Try {op}(Complex(x))."
        );
        let lazy = message == complex;
        let outcome = cache.call(
            &format!("{op} {ty_name} {message}"),
            || {
                let (build, message) = match lazy {
                    // As `Base.Math.throw_complex_domainerror` composes it.
                    true => (
                        "%1 = Core.tuple(_2, \" was called with a negative real argument but \
                             will only return a complex result if called with a complex argument. \
                             Try \", _2, \"(Complex(x)).\")::Tuple{Symbol, String, Symbol, String}\n  \
                             %2 = new type Base.LazyString(%1, nothing)::Base.LazyString\n".to_string(),
                        "%2".to_string(),
                    ),
                    false => (
                        "%1 = nothing::Nothing\n  %2 = nothing::Nothing\n".to_string(),
                        format!("{message:?}"),
                    ),
                };
                format!(
                    r#"{PRELUDE}
function @1 Main.f(_2 x::{ty_name})::Union{{}} self=typeof(Main.f) export
#1:
  %1 = invoke @2 f(sym "{op}", _2)::Union{{}}
  unreachable

function @2 Main.f(_2 f::Symbol, _3 x::{ty_name})::Union{{}} self=typeof(Main.f)
#1:
  {build}  %3 = invoke @9 DomainError(_3, {message}) self=type DomainError::DomainError
  %4 = Core.throw(%3)::Union{{}}
  unreachable
{DOMAIN_ERROR}"#
                )
            },
            |m| vec![golden_value(m, ty, a).expect("a value")],
        );
        assert_eq!(outcome, Outcome::Threw(format!("DomainError with {text}")));
        checked += 1;
    }
    assert!(checked > 50, "{checked}");
}

/// One statement in a function of two arguments.
fn one_statement(params: &str, statement: &str, ret: &str) -> String {
    format!(
        "{PRELUDE}
function @1 Main.f({params})::{ret} self=typeof(Main.f) export
#1:
  {statement}
  return %1
"
    )
}

#[test]
fn bounds_errors_of_tuples_read_as_in_julia() {
    let mut cache = Cache::default();
    for (ty, summary) in [
        ("Tuple{Int64, Int64}", "Tuple{Int64, Int64}"),
        ("Tuple{Int64, Int64, Int64, Int64}", "NTuple{4, Int64}"),
    ] {
        for index in [0, 5, -1, i64::MIN] {
            let outcome = cache.call(
                ty,
                || {
                    let statement = "%1 = Core.getfield(_2, _3, true)::Int64";
                    one_statement(&format!("_2 t::{ty}, _3 i::Int64"), statement, "Int64")
                },
                |m| {
                    let fields = vec![Value::int64(7); ty.matches("Int64").count()];
                    let types = vec![jlift_ir::Type::INT64; fields.len()];
                    let ty = m.tables.tuple(&types);
                    let data = jlift_ir::ConstData::Aggregate {
                        ty,
                        fields: fields.into(),
                    };
                    vec![Value::Const(m.tables.constant(data)), Value::int64(index)]
                },
            );
            let text = format!("BoundsError: attempt to access {summary} at index [{index}]");
            assert_eq!(outcome, Outcome::Threw(text));
        }
    }
}

#[test]
fn bounds_errors_of_arrays_read_as_in_julia() {
    // Sizes, indices and the text in tests of Julia itself.
    for (dims, indices, text) in [
        (
            &[3][..],
            &[4][..],
            Some("3-element Vector{Int64} at index [4]"),
        ),
        (&[3], &[0], Some("3-element Vector{Int64} at index [0]")),
        (&[0], &[1], Some("0-element Vector{Int64} at index [1]")),
        (&[3], &[3], None),
        (
            &[2, 3],
            &[3, 1],
            Some("2\u{d7}3 Matrix{Int64} at index [3, 1]"),
        ),
        (
            &[2, 3],
            &[1, 4],
            Some("2\u{d7}3 Matrix{Int64} at index [1, 4]"),
        ),
        (&[2, 3], &[7], Some("2\u{d7}3 Matrix{Int64} at index [7]")),
        (&[2, 3], &[2, 3], None),
        (
            &[2, 2, 2],
            &[1, 3, 1],
            Some("2\u{d7}2\u{d7}2 Array{Int64, 3} at index [1, 3, 1]"),
        ),
    ] {
        let n = dims.len();
        let names: Vec<String> = (0..indices.len()).map(|i| format!("_{}", i + 3)).collect();
        let params: Vec<String> = names.iter().map(|n| format!("{n}::Int64")).collect();
        let text_of = one_statement(
            &format!("_2 a::Array{{Int64, {n}}}, {}", params.join(", ")),
            &format!("%1 = Core.arrayref(true, _2, {})::Int64", names.join(", ")),
            "Int64",
        );
        let mut module = parse(&text_of).unwrap_or_else(|e| panic!("{}", e[0]));
        let root = Func::from_u32(0);
        if let Err(d) = legalize(
            &mut module,
            &[root],
            &stand_ins(),
            &Capabilities::complete(),
        ) {
            panic!("{}", d[0].message);
        }
        let mut evaluator = Evaluator::new(module);
        evaluator.dims = dims.to_vec();
        let mut args = vec![Value::NOTHING];
        args.extend(indices.iter().map(|&i| Value::int64(i)));
        let outcome = evaluator.try_call(root, &args);
        let want = text.map(|t| format!("BoundsError: attempt to access {t}"));
        assert_eq!(outcome, want);
    }
}
