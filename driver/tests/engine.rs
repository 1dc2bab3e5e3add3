//! A growing module compiled into this process: code of earlier functions is found, everything is
//! compiled once, globals keep their values, and what fails leaves the rest usable.

use jlift_driver::Options;
use jlift_driver::cells::Cells;
use jlift_driver::engine::{Called, Engine, discard_result};
use jlift_ir::text::parse;
use jlift_ir::{Func, Module};

fn engine() -> Engine {
    let options = Options {
        cpu: "native".into(),
        ..Options::default()
    };
    Engine::new(&options).unwrap_or_else(|e| panic!("{}", e.message))
}

fn module(text: &str) -> Module {
    let header = "jir 1\nsingleton typeof(Main.f) super=Function\n";
    parse(&format!("{header}{text}")).unwrap_or_else(|e| panic!("{}", e[0]))
}

fn func(n: u32) -> Func {
    Func::from_u32(n)
}

fn int(called: Result<Called, Vec<jlift_driver::engine::Problem>>) -> i64 {
    match called {
        Ok(Called::Returned(bytes)) => i64::from_le_bytes(bytes.try_into().expect("eight bytes")),
        Ok(Called::Threw(text)) => panic!("threw {text}"),
        Err(problems) => panic!("{problems:?}"),
    }
}

/// `@1` is a thunk that calls `@2`; `@3` one that calls `@2` and `@4`.
const SHARED: &str = "
function @1 Main.a()::Int64 self=typeof(Main.f)
#1:
  %1 = invoke @2 f(20)::Int64
  return %1

function @2 Main.f(_2 x::Int64)::Int64 self=typeof(Main.f) noinline
#1:
  %1 = Base.mul_int(_2, 2)::Int64
  return %1

function @3 Main.b()::Int64 self=typeof(Main.f)
#1:
  %1 = invoke @2 f(1)::Int64
  %2 = invoke @4 g(%1)::Int64
  return %2

function @4 Main.g(_2 x::Int64)::Int64 self=typeof(Main.f) noinline
#1:
  %1 = invoke @2 f(_2)::Int64
  %2 = Base.add_int(%1, 1)::Int64
  return %2
";

#[test]
fn later_functions_find_the_code_of_earlier_ones() {
    let (mut engine, mut module) = (engine(), module(SHARED));
    assert_eq!(int(engine.call_thunk(&mut module, func(0))), 40);
    let first = engine.counts();
    assert_eq!(first.compiled, 2);
    let address = engine.address(func(1));
    assert!(address.is_some());
    assert_eq!(int(engine.call_thunk(&mut module, func(2))), 5);
    assert_eq!(engine.counts().compiled, 4);
    assert_eq!(engine.address(func(1)), address);
}

#[test]
fn nothing_is_compiled_twice() {
    let (mut engine, mut module) = (engine(), module(SHARED));
    for _ in 0..3 {
        assert_eq!(int(engine.call_thunk(&mut module, func(2))), 5);
    }
    let counts = engine.counts();
    assert!(
        engine
            .compile(&mut module, &[func(1), func(2), func(3)])
            .is_ok()
    );
    assert_eq!(engine.counts(), counts);
}

#[test]
fn functions_compiled_before_are_still_inlined() {
    let text = SHARED.replace(" noinline", "");
    let (mut engine, mut module) = (engine(), module(&text));
    assert!(engine.compile(&mut module, &[func(1)]).is_ok());
    assert_eq!(int(engine.call_thunk(&mut module, func(2))), 5);
    // The thunk only: what it calls became part of it.
    assert_eq!(engine.counts().compiled, 2);
}

#[test]
fn functions_call_each_other_within_a_batch() {
    let (mut engine, mut module) = (
        engine(),
        module(
            "
function @1 Main.start()::Int64 self=typeof(Main.f)
#1:
  %1 = invoke @2 even(1001)::Int64
  return %1

function @2 Main.even(_2 x::Int64)::Int64 self=typeof(Main.f)
#1:
  %1 = Base.eq_int(_2, 0)::Bool
  goto #3 if not %1
#2:
  return 1
#3:
  %2 = Base.sub_int(_2, 1)::Int64
  %3 = invoke @3 odd(%2)::Int64
  return %3

function @3 Main.odd(_2 x::Int64)::Int64 self=typeof(Main.f)
#1:
  %1 = Base.eq_int(_2, 0)::Bool
  goto #3 if not %1
#2:
  return 0
#3:
  %2 = Base.sub_int(_2, 1)::Int64
  %3 = invoke @2 even(%2)::Int64
  return %3
",
        ),
    );
    assert_eq!(int(engine.call_thunk(&mut module, func(0))), 0);
}

/// Functions that throw and functions that return nothing use other conventions.
const ENDINGS: &str = "
function @1 Main.divide()::Int64 self=typeof(Main.f)
#1:
  %1 = invoke @4 f(0)::Int64
  return %1

function @2 Main.nothing()::Nothing self=typeof(Main.f)
#1:
  %1 = invoke @4 f(5)::Int64
  return nothing

function @3 Main.never()::Union{} self=typeof(Main.f)
#1:
  %1 = invoke @5 g()::Union{}
  unreachable

function @4 Main.f(_2 x::Int64)::Int64 self=typeof(Main.f) noinline
#1:
  %1 = Base.checked_sdiv_int(100, _2)::Int64
  return %1

function @5 Main.g()::Union{} self=typeof(Main.f) noinline
#1:
  %1 = Core.throw(new DivideError())::Union{}
  unreachable

function @6 Main.pair()::Tuple{Int64, Bool, Float64} self=typeof(Main.f)
#1:
  %1 = invoke @4 f(7)::Int64
  %2 = Core.tuple(%1, true, 2.5)::Tuple{Int64, Bool, Float64}
  return %2
";

#[test]
fn every_way_to_end_arrives() {
    let text = format!("singleton DivideError super=Exception\n{ENDINGS}");
    let text = text.replace("new DivideError()", "instance DivideError");
    let (mut engine, mut module) = (engine(), module(&text));
    let threw = Ok(Called::Threw("DivideError: integer division error".into()));
    assert_eq!(engine.call_thunk(&mut module, func(0)), threw);
    let nothing = Ok(Called::Returned(Vec::new()));
    assert_eq!(engine.call_thunk(&mut module, func(1)), nothing);
    assert_eq!(engine.call_thunk(&mut module, func(2)), threw);
    let Ok(Called::Returned(pair)) = engine.call_thunk(&mut module, func(5)) else {
        panic!("no tuple")
    };
    assert_eq!(pair[..9], [14, 0, 0, 0, 0, 0, 0, 0, 1]);
    assert_eq!(pair[16..], 2.5f64.to_le_bytes());
}

#[test]
fn results_that_nobody_wants_are_dropped() {
    let (mut engine, mut module) = (engine(), module(SHARED));
    discard_result(&mut module.functions[func(2)]);
    let nothing = Ok(Called::Returned(Vec::new()));
    assert_eq!(engine.call_thunk(&mut module, func(2)), nothing);
}

#[test]
fn globals_keep_their_values_between_calls() {
    let cell = |name: &str, body: &str| {
        format!(
            "
function @{name}()::Int64 self=typeof(Main.f)
#1:
  %1 = Base.cglobal(sym \"Main.x\", type Int64)::Ptr{{Int64}}
{body}
"
        )
    };
    let set = "  %2 = Base.pointerset(%1, 42, 1, 1)::Ptr{Int64}\n  return 0";
    let add = "  %2 = Base.pointerref(%1, 1, 1)::Int64
  %3 = Base.add_int(%2, 1)::Int64
  %4 = Base.pointerset(%1, %3, 1, 1)::Ptr{Int64}
  return %3";
    let text = cell("1 Main.set", set) + &cell("2 Main.add", add);
    let (mut engine, mut module) = (engine(), module(&text));
    let added = engine.cells_mut().add("Main.x", 8, 8);
    assert_eq!(int(engine.call_thunk(&mut module, func(1))), 1);
    assert_eq!(int(engine.call_thunk(&mut module, func(0))), 0);
    assert_eq!(int(engine.call_thunk(&mut module, func(1))), 43);
    assert_eq!(int(engine.call_thunk(&mut module, func(1))), 44);
    let content = engine.cells().content(added).map(|(bytes, _)| bytes);
    assert_eq!(content, Some(44i64.to_le_bytes().to_vec()));
}

#[test]
fn what_cannot_be_compiled_leaves_the_rest_usable() {
    let missing = "
function @1 Main.missing()::Int64 self=typeof(Main.f)
#1:
  %1 = foreigncall sym \"jlift_no_such_function\" Int64() variadic_from=0 cc=sym \"ccall\" args() roots()::Int64
  %2 = invoke @2 f(%1)::Int64
  return %2

function @2 Main.f(_2 x::Int64)::Int64 self=typeof(Main.f) noinline
#1:
  %1 = Base.mul_int(_2, 2)::Int64
  return %1

function @3 Main.good()::Int64 self=typeof(Main.f)
#1:
  %1 = invoke @2 f(4)::Int64
  return %1
";
    let (mut engine, mut module) = (engine(), module(missing));
    for _ in 0..2 {
        let Err(problems) = engine.call_thunk(&mut module, func(0)) else {
            panic!("the function does not exist")
        };
        assert!(problems[0].message.contains("jlift_no_such_function"));
        assert_eq!(int(engine.call_thunk(&mut module, func(2))), 8);
    }
}

#[test]
fn symbols_of_cells_are_their_own() {
    let mut cells = Cells::default();
    let a = cells.add("Main.a", 1, 1);
    let b = cells.add("Main.b", 8, 8);
    assert_ne!(a, b);
    assert_eq!(cells.find("Main.a"), Some(a));
    assert_eq!(cells.find("Main.c"), None);
}
