//! What is only called on the way to an exception stays as it is until something asks for it.

mod legalize_support;

use jlift_ir::text::parse;
use jlift_ir::{Func, Module};
use jlift_optimize::legalize::{Capabilities, Legalizer};
use jlift_optimize::pipeline::Level;
use jlift_optimize::program::Optimizer;
use legalize_support::stand_ins;

/// `@1` calls `@2` where it goes on, and `@3` and `@6` where it throws; these call `@5`, and `@6` always
/// throws. Nobody calls `@4`.
const TEXT: &str = "jir 1
singleton typeof(Main.f) super=Function

function @1 Main.a(_2 x::Int64)::Int64 self=typeof(Main.f)
#1:
  %1 = Base.slt_int(_2, 0)::Bool
  goto #3 if not %1
#2:
  %3 = invoke @3 c(_2)::Int64
  %4 = invoke @6 e(%3)::Union{}
  unreachable
#3:
  %6 = invoke @2 b(_2)::Int64
  return %6

function @2 Main.b(_2 x::Int64)::Int64 self=typeof(Main.f) noinline
#1:
  %1 = Base.add_int(_2, 1)::Int64
  return %1

function @3 Main.c(_2 x::Int64)::Int64 self=typeof(Main.f) noinline
#1:
  %1 = invoke @5 d(_2)::Int64
  return %1

function @4 Main.unused(_2 x::Int64)::Int64 self=typeof(Main.f) noinline
#1:
  return _2

function @5 Main.d(_2 x::Int64)::Int64 self=typeof(Main.f) noinline
#1:
  %1 = Base.mul_int(_2, 3)::Int64
  return %1

function @6 Main.e(_2 x::Int64)::Union{} self=typeof(Main.f) noinline
#1:
  %1 = invoke @5 d(_2)::Int64
  %2 = expr rethrow()::Union{}
  unreachable
";

fn func(n: u32) -> Func {
    Func::from_u32(n - 1)
}

fn module() -> Module {
    parse(TEXT).unwrap_or_else(|e| panic!("{}", e[0]))
}

/// What becomes legal for these roots, one after the other.
fn legal(module: &mut Module, legalizer: &mut Legalizer, roots: &[u32]) -> Vec<u32> {
    let mut all = Vec::new();
    let caps = Capabilities {
        dynamic: true,
        exception_objects: true,
        ..Capabilities::complete()
    };
    for &root in roots {
        let found = legalizer.legalize(module, &[func(root)], &stand_ins(), &caps);
        let found = found.unwrap_or_else(|d| panic!("{}", d[0].message));
        all.extend(
            found
                .into_iter()
                .map(|f| f.as_u32() + 1)
                .filter(|&n| n <= 6),
        );
    }
    all.sort_unstable();
    all
}

#[test]
fn calls_on_the_way_to_an_exception_reach_nothing() {
    let (mut module, mut legalizer) = (module(), Legalizer::default());
    legalizer.defer();
    assert_eq!(legal(&mut module, &mut legalizer, &[1]), [1, 2]);
    assert!(!legalizer.is_legal(func(3)));
    // What is asked for later brings what it calls with it.
    assert_eq!(legal(&mut module, &mut legalizer, &[3]), [3, 5]);
}

#[test]
fn what_always_throws_reaches_all_that_it_calls() {
    let (mut module, mut legalizer) = (module(), Legalizer::default());
    legalizer.defer();
    assert_eq!(legal(&mut module, &mut legalizer, &[6]), [5, 6]);
}

#[test]
fn nothing_is_deferred_unless_that_was_said() {
    let (mut module, mut legalizer) = (module(), Legalizer::default());
    assert_eq!(legal(&mut module, &mut legalizer, &[1]), [1, 2, 3, 5, 6]);
}

#[test]
fn callers_of_deferred_functions_and_these_agree_that_they_may_throw() {
    let (mut module, mut legalizer) = (module(), Legalizer::default());
    legalizer.defer();
    let mut optimizer = Optimizer::new(Level::O2, None);
    for root in [1, 3] {
        legal(&mut module, &mut legalizer, &[root]);
        let is_legal = |f| legalizer.is_legal(f);
        optimizer.optimize_legal(&mut module, &[func(root)], &[], &is_legal);
    }
    // It does not throw, but its caller has code that expects it.
    assert!(optimizer.may_throw(func(3)));
    assert!(!optimizer.may_throw(func(5)));
}
