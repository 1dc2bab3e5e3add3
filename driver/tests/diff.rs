//! `jlift diff`: ways that agree are said to agree, a difference is found and its input made small, and
//! what cannot be compared is said.

use jlift_driver::diff::{Difference, Report, Request, diff};
use jlift_driver::differential::{Settings, Way};
use jlift_driver::{CodeLevel, Options, Session};

fn compare(text: &str, count: usize) -> Report {
    let session = Session::from_text("test.jir", text, Options::default());
    let session = session.unwrap_or_else(|e| panic!("{}", e.render(false)));
    let request = Request {
        seed: 7,
        count,
        settings: Settings::default(),
    };
    let report = diff(&session, &request, &mut |_| {});
    report.unwrap_or_else(|e| panic!("{}", e.render(false)))
}

fn differences_but_of_llvm(report: &Report) -> impl Iterator<Item = &Difference> {
    let of_llvm = |d: &&Difference| matches!(d.way, Way::Llvm(_));
    (report.differences.iter()).filter(move |d| !of_llvm(d))
}

fn says(report: &Report, what: &str) {
    let text = report.to_string();
    assert!(text.contains(what), "{text}");
}

const AGREES: &str = "jir 1
singleton typeof(Main.f) super=Function

function @1 Main.divide(_2 x::Int32, _3 y::Int32)::Int32 self=typeof(Main.f) export
#1:
  %1 = Base.checked_sdiv_int(_2, _3)::Int32
  return %1

function @2 Main.first(_2 a::Array{Float64, 1}, _3 n::Int64)::Float64 self=typeof(Main.f) export
#1:
  %1 = Core.arrayref(true, _2, _3)::Float64
  %2 = Base.mul_float(%1, %1)::Float64
  return %2

function @3 Main.next(_2 p::Ptr{UInt8}, _3 n::Int64)::UInt8 self=typeof(Main.f) export
#1:
  %1 = Base.pointerref(_2, _3, 1)::UInt8
  %2 = Base.pointerset(_2, 0x01, 1, 1)::Ptr{UInt8}
  return %1
";

#[test]
fn ways_that_agree_are_said_to_agree_and_calls_mean_something() {
    let report = compare(&AGREES.replace("0x01", "UInt8(1)"), 60);
    assert!(report.agrees(), "{report}");
    assert_eq!(report.functions.len(), 3);
    for function in &report.functions {
        assert_eq!(function.calls, 60);
        assert!(function.compared >= 20, "{report}");
    }
    // Divisions by zero and indices out of bounds were among them.
    assert!(
        report.functions[0].threw > 0 && report.functions[0].threw < 30,
        "{report}"
    );
    assert!(report.functions[1].threw > 0, "{report}");
    // Reads beyond the memory behind a pointer mean nothing.
    assert!(report.functions[2].undefined > 0, "{report}");
    let llvm = jlift_driver::llvm::is_there();
    assert_eq!(report.times.len(), if llvm { 6 } else { 4 });
    assert_eq!(report.without_llvm.is_some(), !llvm);
}

/// Compiled code runs in a process of its own, which has another number.
const DIFFERS: &str = "jir 1
singleton typeof(Main.f) super=Function

function @1 Main.f(_2 x::Int64, _3 a::Array{Int64, 1})::Int32 self=typeof(Main.f) export
#1:
  %1 = Base.slt_int(100, _2)::Bool
  goto #3 if not %1
#2:
  %3 = foreigncall sym \"getpid\" Int32() variadic_from=0 cc=sym \"ccall\" args() roots()::Int32
  return %3
#3:
  return Int32(0)
";

#[test]
fn a_difference_is_found_for_every_way_and_its_input_made_small() {
    let report = compare(DIFFERS, 60);
    assert!(!report.agrees());
    assert!(report.functions[0].differences > 0);
    for difference in &report.differences {
        assert_eq!(difference.call, "f(101, Int64[])", "{report}");
        assert!(difference.shown.starts_with("result:"), "{report}");
    }
    let ways: Vec<Way> = differences_but_of_llvm(&report).map(|d| d.way).collect();
    let levels = [CodeLevel::O0, CodeLevel::O1, CodeLevel::O2];
    assert_eq!(ways, levels.map(Way::Cranelift));
    says(&report, "cranelift -O2 differs from the interpreter on");
}

const REFUSED: &str = "jir 1
singleton typeof(Main.f) super=Function
struct Main.P inline size=8 align=8 super=Any { \"p\"::Ptr{Int64} @0 }

function @1 Main.f(_2 x::Main.P)::Int64 self=typeof(Main.f) export
#1:
  return 1
";

#[test]
fn a_function_whose_arguments_cannot_be_made_is_named() {
    let report = compare(REFUSED, 10);
    assert!(report.agrees() && report.functions.is_empty());
    assert_eq!(report.skipped[0].function, "f(Main.P)");
    assert!(report.skipped[0].why.contains("Main.P"), "{report}");
}

const TEXTS: &str = "jir 1
singleton typeof(Main.f) super=Function

function @1 Main.f(_2 s::String, _3 n::Int64, _4 t::String)::UInt8 self=typeof(Main.f) export
#1:
  %1 = Core.sizeof(_2)::Int64
  %2 = Core.sizeof(_4)::Int64
  %3 = Base.slt_int(%1, %2)::Bool
  goto #3 if not %3
#2:
  return UInt8(7)
#3:
  %5 = Base.slt_int(0, %1)::Bool
  goto #5 if not %5
#4:
  %6 = foreigncall sym \"jl_string_ptr\" Ptr{UInt8}(Any) variadic_from=0 cc=sym \"ccall\" args(_2) roots()::Ptr{UInt8}
  %7 = Base.pointerref(%6, %1, 1)::UInt8
  return %7
#5:
  return UInt8(0)
";

#[test]
fn strings_are_made_and_passed() {
    let report = compare(TEXTS, 60);
    assert!(report.agrees(), "{report}");
    assert_eq!(report.functions[0].compared, 60, "{report}");
}

#[test]
fn a_string_that_makes_a_difference_is_made_small() {
    let differs = TEXTS.replace(
        "  return UInt8(7)",
        "  %4 = foreigncall sym \"getpid\" UInt8() variadic_from=0 cc=sym \"ccall\" args() roots()::UInt8\n  return %4",
    );
    let report = compare(&differs, 60);
    for difference in differences_but_of_llvm(&report) {
        let longer = difference.call.strip_prefix("f(\"\", 0, \"");
        let longer = longer.and_then(|text| text.strip_suffix("\")"));
        assert_eq!(longer.map(|text| text.chars().count()), Some(1), "{report}");
    }
    assert!(differences_but_of_llvm(&report).count() > 0, "{report}");
}

/// More statements than the interpreter is given, and then a number that every process has for itself.
const LONG: &str = "jir 1
singleton typeof(Main.f) super=Function

function @1 Main.f(_2 x::Bool)::Int64 self=typeof(Main.f) export
#1:
  goto #2
#2:
  %1 = phi(#1 => 0, #3 => %3)::Int64
  %2 = Base.slt_int(%1, 300000)::Bool
  goto #4 if not %2
#3:
  %3 = Base.add_int(%1, 1)::Int64
  goto #2
#4:
  return %1

function @2 Main.g(_2 x::Bool)::Int32 self=typeof(Main.f) export
#1:
  %1 = invoke @1 f(_2)::Int64
  %2 = foreigncall sym \"getpid\" Int32() variadic_from=0 cc=sym \"ccall\" args() roots()::Int32
  return %2
";

#[test]
fn compiled_ways_are_compared_with_each_other_where_the_interpreter_cannot_judge() {
    let report = compare(LONG, 3);
    for function in &report.functions {
        assert_eq!((function.compared, function.compiled_only), (0, 3));
    }
    assert_eq!(report.functions[0].differences, 0, "{report}");
    let first = Way::Cranelift(CodeLevel::O0);
    let ways: Vec<(usize, Way, Way)> = differences_but_of_llvm(&report)
        .map(|d| (d.function, d.beside, d.way))
        .collect();
    let others = [CodeLevel::O1, CodeLevel::O2];
    assert_eq!(ways, others.map(|l| (1, first, Way::Cranelift(l))));
    says(
        &report,
        "3 not judged, 3 of them compared without the interpreter",
    );
}

/// The one reads memory that is not its own, the other never ends.
const NOTHING: &str = "jir 1
singleton typeof(Main.f) super=Function

function @1 Main.f(_2 p::Ptr{Int64})::Int64 self=typeof(Main.f) export
#1:
  %1 = Base.pointerref(_2, 100000, 1)::Int64
  return %1

function @2 Main.g()::Int64 self=typeof(Main.f) export
#1:
  goto #2
#2:
  goto #2
";

#[test]
fn a_report_without_any_comparison_says_so() {
    let session = Session::from_text("test.jir", NOTHING, Options::default());
    let session = session.unwrap_or_else(|e| panic!("{}", e.render(false)));
    let settings = Settings {
        patience: 1,
        ..Settings::default()
    };
    let request = Request {
        seed: 7,
        count: 2,
        settings,
    };
    let report = diff(&session, &request, &mut |_| {});
    let report = report.unwrap_or_else(|e| panic!("{}", e.render(false)));
    assert!(report.agrees());
    assert_eq!(report.compared(), 0, "{report}");
    let text = report.to_string();
    for line in [
        "f(Ptr{Int64}): NOTHING COMPARED; 2 undefined",
        "g(): NOTHING COMPARED; 1 not judged",
        "\nnothing was compared",
    ] {
        assert!(text.contains(line), "{text}");
    }
}
