//! Inlining one call: the result verifies, computes the same, and keeps the places in the source.

mod legalize_support;

use jlift_ir::text::{parse, print_function};
use jlift_ir::verify::verify_function;
use jlift_ir::{Func, Inst, Module, Op, Value};
use jlift_optimize::inline::{Refusal, inline_call};
use legalize_support::evaluate::{Evaluator, Outcome};

const HEADER: &str = "jir 1
singleton typeof(Main.f) super=Function
singleton typeof(Main.g) super=Function
struct Main.Adder inline size=8 align=8 super=Function { \"n\"::Int64 @0 }
";

fn module(text: &str) -> Module {
    parse(&format!("{HEADER}\n{text}")).unwrap_or_else(|e| panic!("{}", e[0]))
}

fn calls(module: &Module, func: Func) -> Vec<Inst> {
    let f = &module.functions[func];
    let all = f.layout.iter().flat_map(|&b| f.blocks[b].insts.iter());
    all.copied()
        .filter(|&i| matches!(f.insts[i].op, Op::Invoke { .. }))
        .collect()
}

/// Inlines every call of the first function, last first, and checks that it computes the same.
fn inlined(text: &str, inputs: &[i64]) -> String {
    let original = module(text);
    let mut changed = original.clone();
    let f = Func::from_u32(0);
    for call in calls(&original, f).into_iter().rev() {
        if let Err(why) = inline_call(&mut changed, f, call) {
            panic!("{why}");
        }
    }
    let printed = print_function(&changed, f);
    if let Err(errors) = verify_function(&changed, f) {
        panic!("{}\n{printed}", errors[0]);
    }
    assert!(calls(&changed, f).is_empty(), "{printed}");
    let (mut before, mut after) = (Evaluator::new(original), Evaluator::new(changed));
    for &x in inputs {
        let want = before.call(f, &[Value::int64(x)]);
        assert!(matches!(want, Outcome::Returned(_)));
        assert_eq!(after.call(f, &[Value::int64(x)]), want, "{x}\n{printed}");
    }
    printed
}

#[test]
fn several_returns_meet_in_a_phi() {
    let text = inlined(
        "function @1 Main.f(_2 x::Int64)::Int64 self=typeof(Main.f)
#1:
  %1 = invoke @2 g(_2, 10)::Int64  ; f.jl:1 f
  %2 = Base.slt_int(%1, 15)::Bool  ; f.jl:2 f
  goto #3 if not %2
#2:
  %4 = invoke @2 g(%1, 3)::Int64  ; f.jl:3 f
  goto #3
#3:
  %6 = phi(#1 => %1, #2 => %4)::Int64
  return %6

function @2 Main.g(_2 x::Int64, _3 y::Int64)::Int64 self=typeof(Main.g)
#1:
  %1 = Base.slt_int(_2, _3)::Bool  ; g.jl:7 g
  goto #3 if not %1
#2:
  return _3
#3:
  %4 = Base.mul_int(_2, 2)::Int64  ; h.jl:9 h < g.jl:8 g
  return %4
",
        &[0, 5, 9, 10, 11, 40],
    );
    assert!(text.contains("; g.jl:7 g < f.jl:1 f"), "{text}");
    assert!(text.contains("; h.jl:9 h < g.jl:8 g < f.jl:3 f"), "{text}");
    // The phi of the caller names the block in which the statements after the call now stand.
    assert_eq!(text.matches("phi(").count(), 3, "{text}");
}

#[test]
fn loops_and_blocks_with_phis_keep_their_edges() {
    inlined(
        "function @1 Main.f(_2 x::Int64)::Int64 self=typeof(Main.f)
#1:
  goto #2
#2:
  %2 = phi(#1 => 0, #2 => %4)::Int64
  %3 = phi(#1 => 0, #2 => %5)::Int64
  %4 = Base.add_int(%2, 1)::Int64
  %5 = invoke @2 g(%3, %4)::Int64
  %6 = Base.slt_int(_2, %4)::Bool
  goto #2 if not %6
#3:
  return %5

function @2 Main.g(_2 x::Int64, _3 n::Int64)::Int64 self=typeof(Main.g)
#1:
  goto #2
#2:
  %2 = phi(#1 => 0, #2 => %4)::Int64
  %3 = phi(#1 => _2, #2 => %5)::Int64
  %4 = Base.add_int(%2, 1)::Int64
  %5 = Base.add_int(%3, %4)::Int64
  %6 = Base.slt_int(_3, %4)::Bool
  goto #2 if not %6
#3:
  return %5
",
        &[-1, 0, 1, 7],
    );
}

#[test]
fn the_callee_object_carries_data() {
    inlined(
        "function @1 Main.f(_2 x::Int64)::Int64 self=typeof(Main.f)
#1:
  %1 = new type Main.Adder(7)::Main.Adder
  %2 = invoke @2 Adder(_2) self=%1::Int64
  return %2

function @2 Main.Adder(_2 x::Int64)::Int64 self=Main.Adder
#1:
  %1 = Core.getfield(_1, sym \"n\")::Int64
  %2 = Base.add_int(_2, %1)::Int64
  return %2
",
        &[],
    );
}

#[test]
fn a_callee_that_never_returns_ends_its_block() {
    let mut m = module(
        "function @1 Main.f(_2 x::Int64)::Int64 self=typeof(Main.f)
#1:
  %1 = Base.slt_int(_2, 0)::Bool
  goto #3 if not %1
#2:
  %3 = invoke @2 g(_2)::Int64
  %4 = Base.add_int(%3, 1)::Int64
  goto #3
#3:
  %6 = phi(#1 => _2, #2 => %4)::Int64
  return %6

function @2 Main.g(_2 x::Int64)::Union{} self=typeof(Main.g)
#1:
  %1 = expr abort(\"no\")::Union{}
  unreachable
",
    );
    let f = Func::from_u32(0);
    let call = calls(&m, f)[0];
    let done = inline_call(&mut m, f, call);
    assert!(matches!(done, Ok(ref d) if d.tail.is_none()));
    let text = print_function(&m, f);
    if let Err(errors) = verify_function(&m, f) {
        panic!("{}\n{text}", errors[0]);
    }
    assert!(!text.contains("add_int"), "{text}");
    assert!(text.contains("phi(#1 => _2)"), "{text}");
}

#[test]
fn what_cannot_be_inlined_is_refused_and_untouched() {
    let mut m = module(
        "function @1 Main.f(_2 x::Int64)::Int64 self=typeof(Main.f)
#1:
  %1 = invoke @1 f(_2)::Int64
  %2 = invoke @2 g(_2)::Int64
  %3 = invoke @3 g(_2)::Int64
  return %3

extern function @2 Main.g(_2::Int64)::Int64 self=typeof(Main.g)

function @3 Main.g(_2 x::Int64)::Int64 self=typeof(Main.g)
#1:
  %1 = expr enter(#3)::Any
#2:
  %2 = expr leave()::Any
  return _2
#3:
  %4 = expr leave()::Any
  %5 = expr pop_exception(%1)::Any
  return 0
",
    );
    let f = Func::from_u32(0);
    let before = print_function(&m, f);
    let got: Vec<_> = calls(&m, f)
        .into_iter()
        .map(|call| inline_call(&mut m, f, call))
        .collect();
    assert_eq!(
        got,
        [
            Err(Refusal::Recursive),
            Err(Refusal::NoBody),
            Err(Refusal::ProtectedRegion)
        ]
    );
    assert_eq!(print_function(&m, f), before);
}
