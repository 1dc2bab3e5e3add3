//! Effects of functions, as far as they follow from the statements.

use jlift_ir::Func;
use jlift_ir::text::parse;
use jlift_optimize::effects::{Effects, analyze};

/// The effects of the functions of a text, in the order of their labels.
fn effects(text: &str) -> Vec<Effects> {
    let text = format!("jir 1\nsingleton typeof(Main.f) super=Function\n\n{text}");
    let module = parse(&text).unwrap_or_else(|e| panic!("{}", e[0]));
    let all: Vec<Func> = module.functions.keys().collect();
    let table = analyze(&module, &all);
    all.iter().map(|&f| table[f]).collect()
}

const THROWER: &str = "
function @9 Main.f()::Union{} self=typeof(Main.f)
#1:
  %1 = expr rethrow()::Union{}
  unreachable
";

#[test]
fn arithmetic_is_pure_and_memory_is_not() {
    let found = effects(
        "function @1 Main.f(_2 x::Int64)::Int64 self=typeof(Main.f)
#1:
  %1 = Base.add_int(_2, 1)::Int64
  return %1

function @2 Main.f(_2 p::Ptr{Int64})::Int64 self=typeof(Main.f)
#1:
  %1 = Base.pointerref(_2, 1, 8)::Int64
  return %1

function @3 Main.f(_2 p::Ptr{Int64})::Int64 self=typeof(Main.f)
#1:
  %1 = Base.pointerset(_2, 1, 1, 8)::Ptr{Int64}
  return 1

function @4 Main.f(_2 p::Ptr{Int64})::Int64 self=typeof(Main.f)
#1:
  %1 = invoke @2 f(_2)::Int64
  %2 = invoke @3 f(_2)::Int64
  return %1
",
    );
    assert_eq!(found[0], Effects::PURE);
    assert!(found[0].is_consistent() && found[0].is_removable());
    assert!(!found[1].noread && found[1].nowrite && found[1].is_removable());
    assert!(found[2].noread && !found[2].nowrite && !found[2].is_removable());
    assert!(!found[3].noread && !found[3].nowrite && found[3].nothrow);
}

#[test]
fn throwing_reaches_callers_but_not_out_of_regions() {
    let found = effects(&format!(
        "function @1 Main.f()::Int64 self=typeof(Main.f)
#1:
  %1 = invoke @9 f()::Union{{}}
  unreachable

function @2 Main.f()::Int64 self=typeof(Main.f)
#1:
  %1 = expr enter(#3)::Any
#2:
  %2 = invoke @1 f()::Int64
  %3 = expr leave()::Any
  return %2
#3:
  %5 = expr leave()::Any
  %6 = expr pop_exception(%1)::Any
  return 0

function @3 Main.f()::Int64 self=typeof(Main.f)
#1:
  %1 = expr enter(#3)::Any
#2:
  %2 = expr leave()::Any
  %3 = invoke @1 f()::Int64
  return %3
#3:
  %5 = expr leave()::Any
  %6 = expr pop_exception(%1)::Any
  return 0

function @4 Main.f()::Int64 self=typeof(Main.f)
#1:
  %1 = expr enter(#3)::Any
#2:
  %2 = invoke @1 f()::Int64
  %3 = expr leave()::Any
  return %2
#3:
  %5 = expr leave()::Any
  %6 = expr rethrow()::Union{{}}
  unreachable
{THROWER}"
    ));
    let nothrow: Vec<bool> = found.iter().map(|e| e.nothrow).collect();
    // Caught inside the region; called behind it; thrown again by the handler.
    assert_eq!(nothrow, [false, true, false, false, false]);
}

#[test]
fn recursion_is_as_good_as_its_statements() {
    let found = effects(&format!(
        "function @1 Main.f(_2 x::Int64)::Int64 self=typeof(Main.f)
#1:
  %1 = invoke @2 f(_2)::Int64
  return %1

function @2 Main.f(_2 x::Int64)::Int64 self=typeof(Main.f)
#1:
  %1 = Base.slt_int(_2, 0)::Bool
  goto #3 if not %1
#2:
  return 0
#3:
  %4 = invoke @1 f(_2)::Int64
  return %4

function @3 Main.f(_2 x::Int64)::Int64 self=typeof(Main.f)
#1:
  %1 = invoke @4 f(_2)::Int64
  return %1

function @4 Main.f(_2 x::Int64)::Int64 self=typeof(Main.f)
#1:
  %1 = Base.slt_int(_2, 0)::Bool
  goto #3 if not %1
#2:
  %3 = invoke @9 f()::Union{{}}
  unreachable
#3:
  %5 = invoke @3 f(_2)::Int64
  return %5
{THROWER}"
    ));
    for (i, e) in found[..2].iter().enumerate() {
        assert!(e.nothrow && e.nowrite && !e.terminates, "{i}: {e:?}");
    }
    assert!(!found[2].nothrow && !found[3].nothrow);
}

#[test]
fn loops_may_not_end_and_foreign_code_may_do_anything_but_throw() {
    let found = effects(
        "function @1 Main.f(_2 c::Bool)::Int64 self=typeof(Main.f)
#1:
  goto #2
#2:
  goto #2 if not _2
#3:
  return 0

function @2 Main.f(_2 c::Bool)::Float64 self=typeof(Main.f)
#1:
  %1 = foreigncall sym \"fmod\" Float64(Float64, Float64) variadic_from=0 cc=sym \"ccall\" args(1.0, 2.0) roots()::Float64
  return %1

function @3 Main.f(_2 c::Bool)::Float64 self=typeof(Main.f)
#1:
  %1 = foreigncall sym \"other\" Float64(Float64) variadic_from=0 cc=sym \"ccall\" args(1.0) roots()::Float64
  return %1

function @4 Main.f(_2 c::Bool)::Int64 self=typeof(Main.f)
#1:
  goto #3 if not _2
#2:
  goto #4
#3:
  goto #4
#4:
  return 0
",
    );
    assert!(found[0].nothrow && !found[0].terminates && !found[0].is_removable());
    assert_eq!(found[1], Effects::PURE);
    assert!(found[2].nothrow && !found[2].noread && !found[2].nowrite);
    assert!(found[3].terminates);
}

/// What writes an error record is cold with all that only it calls; what others call too is not,
/// and a program that never returns is not.
#[test]
fn functions_that_only_errors_reach_are_cold() {
    let text = "jir 1
singleton typeof(Main.f) super=Function
singleton typeof(Shims.throw) super=Function

function @1 Main.f()::Int64 self=typeof(Main.f) export
#1:
  %1 = invoke @2 f()::Union{}
  unreachable

function @2 Main.loop()::Union{} self=typeof(Main.f)
#1:
  %1 = invoke @5 both()::Int64
  %2 = invoke @3 throw()::Union{}
  unreachable

function @3 Shims.throw#1()::Union{} self=typeof(Shims.throw)
#1:
  %1 = invoke @4 append()::Int64
  %2 = invoke @5 both()::Int64
  %3 = expr rethrow()::Union{}
  unreachable

function @4 Shims.append()::Int64 self=typeof(Shims.throw)
#1:
  return 1

function @5 Shims.both()::Int64 self=typeof(Shims.throw)
#1:
  return 2
";
    let module = parse(text).unwrap_or_else(|e| panic!("{}", e[0]));
    let live: Vec<Func> = module.functions.keys().collect();
    let cold = jlift_optimize::cold::only_for_errors(&module, &live[..1], &live);
    let is_cold: Vec<bool> = live.iter().map(|&f| cold.contains(f)).collect();
    assert_eq!(is_cold, [false, false, true, true, false]);
}
