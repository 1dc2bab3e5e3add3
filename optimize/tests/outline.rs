//! Outlining keeps functions valid and keeps what they compute, finds what it is meant to find,
//! and leaves alone what it is meant to leave alone.

mod support;

use jlift_ir::text::parse;
use jlift_ir::{Func, Module, Op};
use jlift_optimize::outline::{Policy, Thresholds, outline_with};
use support::calls::{cases, compare};
use support::{check, kernels};

/// Cuts out whatever occurs twice.
fn greedy() -> Policy {
    let thresholds = Thresholds {
        weight: 1,
        profit: -20,
        profit_in_loops: -20,
    };
    Policy {
        min_statements: 0,
        thresholds,
        among_copies: thresholds,
        min_merged_weight: 1,
        // The interpreter follows calls to a limited depth.
        max_rounds: 2,
        ..Policy::default()
    }
}

fn all(module: &Module) -> Vec<Func> {
    module.functions.keys().collect()
}

fn calls(module: &Module, func: Func) -> Vec<Func> {
    let f = &module.functions[func];
    let insts = f.layout.iter().flat_map(|&b| f.blocks[b].insts.iter());
    insts
        .filter_map(|&i| match f.insts[i].op {
            Op::Invoke { func, .. } => Some(func),
            _ => None,
        })
        .collect()
}

fn outlined(text: &str) -> (Module, bool) {
    let mut module = parse(text).unwrap_or_else(|e| panic!("{}", e[0]));
    let funcs = all(&module);
    let changed = outline_with(&mut module, &funcs, &greedy());
    check(&module, text);
    (module, changed)
}

#[test]
fn kernels_stay_valid_and_compute_the_same() {
    let (mut compared, mut made) = (0, 0);
    for (name, module) in kernels() {
        let cases = cases(&module, name.len() as u64);
        compared += cases.len();
        for (what, policy) in [("default", Policy::default()), ("greedy", greedy())] {
            let mut changed = module.clone();
            outline_with(&mut changed, &all(&module), &policy);
            made += changed.functions.len() - module.functions.len();
            let what = format!("{name}, {what} policy");
            check(&changed, &what);
            for case in &cases {
                compare(&changed, case, &what);
            }
        }
    }
    eprintln!("{compared} calls, {made} new functions");
    assert!(compared > 3000, "{compared}");
    assert!(made > 500, "{made}");
}

#[test]
fn random_programs_compute_the_same() {
    let mut made = 0;
    for seed in 1..400 {
        let text = support::programs::program(seed);
        let module = parse(&text).unwrap_or_else(|e| panic!("program {seed}: {}\n{text}", e[0]));
        let cases = cases(&module, seed);
        let mut changed = module.clone();
        outline_with(&mut changed, &all(&module), &greedy());
        made += changed.functions.len() - module.functions.len();
        let what = format!("program {seed}");
        check(&changed, &what);
        for case in &cases {
            compare(&changed, case, &what);
        }
    }
    assert!(made > 100, "{made}");
}

/// A function that computes the same of three elements of its array.
const THREE_TIMES: &str = "jir 1
singleton typeof(Main.f) super=Function

function @1 Main.f(_2 p::Ptr{Float64}, _3 i::Int64)::Float64 self=typeof(Main.f) export
#1:
  %1 = Base.pointerref(_2, _3, 1)::Float64
  %2 = Base.lt_float(%1, 0.0)::Bool
  goto #3 if not %2
#2:
  %4 = Base.neg_float(%1)::Float64
  goto #3
#3:
  %6 = phi(#1 => %1, #2 => %4)::Float64
  %7 = Base.sqrt_llvm(%6)::Float64
  %8 = Base.pointerref(_2, 1, 1)::Float64
  %9 = Base.lt_float(%8, 0.0)::Bool
  goto #5 if not %9
#4:
  %11 = Base.neg_float(%8)::Float64
  goto #5
#5:
  %13 = phi(#3 => %8, #4 => %11)::Float64
  %14 = Base.sqrt_llvm(%13)::Float64
  %15 = Base.pointerref(_2, 2, 1)::Float64
  %16 = Base.lt_float(%15, 0.0)::Bool
  goto #7 if not %16
#6:
  %18 = Base.neg_float(%15)::Float64
  goto #7
#7:
  %20 = phi(#5 => %15, #6 => %18)::Float64
  %21 = Base.sqrt_llvm(%20)::Float64
  %22 = Base.add_float(%7, %14)::Float64
  %23 = Base.add_float(%22, %21)::Float64
  return %23
";

#[test]
fn copies_with_other_arguments_become_calls_with_arguments() {
    let mut module = parse(THREE_TIMES).unwrap_or_else(|e| panic!("{}", e[0]));
    let funcs = all(&module);
    let thresholds = Thresholds {
        weight: 4,
        ..greedy().thresholds
    };
    let policy = Policy {
        thresholds,
        among_copies: thresholds,
        max_rounds: 1,
        ..greedy()
    };
    assert!(outline_with(&mut module, &funcs, &policy));
    check(&module, "three times");
    let text = jlift_ir::text::print_module(&module);
    assert_eq!(text.matches("sqrt_llvm").count(), 1, "{text}");
    let f = all(&module)[0];
    assert_eq!(calls(&module, f).len(), 3, "{text}");
    assert_eq!(module.functions[f].layout.len(), 1, "{text}");
    assert!(text.contains("(_2, _3)::Float64"), "{text}");
    assert!(text.contains("(_2, 1)::Float64"), "{text}");
    assert!(text.contains("(_2, 2)::Float64"), "{text}");
}

#[test]
fn divisors_stay_constant() {
    let text = THREE_TIMES
        .replace("sqrt_llvm(%6)", "div_float(%6, 3.0)")
        .replace("sqrt_llvm(%13)", "div_float(%13, 3.0)")
        .replace("sqrt_llvm(%20)", "div_float(%20, 5.0)");
    // Of numbers that are no integers any may become a parameter.
    let (module, _) = outlined(&text);
    let text = jlift_ir::text::print_module(&module);
    assert_eq!(text.matches("div_float").count(), 1, "{text}");
    let integers = "jir 1
singleton typeof(Main.f) super=Function

function @1 Main.f(_2 a::Int64, _3 b::Int64)::Int64 self=typeof(Main.f) export
#1:
  %1 = Base.mul_int(_2, _2)::Int64
  %2 = Base.sdiv_int(%1, 3)::Int64
  %3 = Base.mul_int(_3, _3)::Int64
  %4 = Base.sdiv_int(%3, 5)::Int64
  %5 = Base.add_int(%2, %4)::Int64
  return %5
";
    let (module, _) = outlined(integers);
    let text = jlift_ir::text::print_module(&module);
    assert_eq!(text.matches("sdiv_int").count(), 2, "{text}");
}

/// Two functions that differ in the type of an argument without data, in what they call and in a
/// constant; a third that calls both.
const TWINS: &str = "jir 1
singleton typeof(Main.f) super=Function
singleton typeof(Main.g) super=Function
singleton Main.A super=Any
singleton Main.B super=Any

function @1 Main.f(_2 a::Int64, _3 b::Int64)::Int64 self=typeof(Main.f) export
#1:
  %1 = invoke @2 g(_2, instance Main.A)::Int64
  %2 = invoke @3 g(_3, instance Main.B)::Int64
  %3 = Base.add_int(%1, %2)::Int64
  return %3

function @2 Main.g(_2 x::Int64, _3::Main.A)::Int64 self=typeof(Main.g)
#1:
  %1 = Base.mul_int(_2, _2)::Int64
  %2 = Base.xor_int(%1, 5)::Int64
  %3 = invoke @4 h(%2, _3)::Int64
  %4 = Base.mul_int(%3, _2)::Int64
  return %4

function @3 Main.g(_2 x::Int64, _3::Main.B)::Int64 self=typeof(Main.g)
#1:
  %1 = Base.mul_int(_2, _2)::Int64
  %2 = Base.xor_int(%1, 9)::Int64
  %3 = invoke @5 h(%2, _3)::Int64
  %4 = Base.mul_int(%3, _2)::Int64
  return %4

function @4 Main.h(_2 x::Int64, _3::Main.A)::Int64 self=typeof(Main.g)
#1:
  %1 = Base.neg_int(_2)::Int64
  return %1

function @5 Main.h(_2 x::Int64, _3::Main.B)::Int64 self=typeof(Main.g)
#1:
  %1 = Base.not_int(_2)::Int64
  return %1
";

#[test]
fn functions_that_differ_in_constants_and_callees_become_one() {
    let before = parse(TWINS).unwrap_or_else(|e| panic!("{}", e[0]));
    let (module, changed) = outlined(TWINS);
    assert!(changed);
    let text = jlift_ir::text::print_module(&module);
    assert_eq!(text.matches("xor_int").count(), 1, "{text}");
    let callees = calls(&module, all(&module)[0]);
    assert_eq!(callees.len(), 2, "{text}");
    assert_eq!(callees[0], callees[1], "{text}");
    for case in cases(&before, 3) {
        compare(&module, &case, &text);
    }
}

/// Closures over different singletons: the same data, types of their own.
const CLOSURES: &str = "jir 1
singleton typeof(Main.f) super=Function
singleton typeof(Main.g) super=Function
singleton Main.A super=Any
singleton Main.B super=Any
struct Main.C{Main.A} inline size=16 align=8 super=Any { \"rule\"::Main.A @0, \"a\"::Int64 @0, \"b\"::Int64 @8 }
struct Main.C{Main.B} inline size=16 align=8 super=Any { \"rule\"::Main.B @0, \"a\"::Int64 @0, \"b\"::Int64 @8 }

function @1 Main.f(_2 a::Int64, _3 b::Int64)::Int64 self=typeof(Main.f) export
#1:
  %1 = new type Main.C{Main.A}(instance Main.A, _2, _3)::Main.C{Main.A}
  %2 = invoke @2 g(%1)::Int64
  %3 = new type Main.C{Main.B}(instance Main.B, _3, _2)::Main.C{Main.B}
  %4 = invoke @3 g(%3)::Int64
  %5 = Base.add_int(%2, %4)::Int64
  return %5

function @2 Main.g(_2 c::Main.C{Main.A})::Int64 self=typeof(Main.g)
#1:
  %1 = Core.getfield(_2, sym \"a\")::Int64
  %2 = Core.getfield(_2, sym \"b\")::Int64
  %3 = Base.mul_int(%1, %1)::Int64
  %4 = Base.xor_int(%3, %2)::Int64
  %5 = Base.sub_int(%4, %1)::Int64
  return %5

function @3 Main.g(_2 c::Main.C{Main.B})::Int64 self=typeof(Main.g)
#1:
  %1 = Core.getfield(_2, sym \"a\")::Int64
  %2 = Core.getfield(_2, sym \"b\")::Int64
  %3 = Base.mul_int(%1, %1)::Int64
  %4 = Base.xor_int(%3, %2)::Int64
  %5 = Base.sub_int(%4, %1)::Int64
  return %5
";

#[test]
fn types_that_differ_in_fields_without_data_become_one() {
    let before = parse(CLOSURES).unwrap_or_else(|e| panic!("{}", e[0]));
    let (module, changed) = outlined(CLOSURES);
    assert!(changed);
    let text = jlift_ir::text::print_module(&module);
    assert_eq!(text.matches("xor_int").count(), 1, "{text}");
    let callees = calls(&module, all(&module)[0]);
    assert_eq!(callees[0], callees[1], "{text}");
    for case in cases(&before, 7) {
        compare(&module, &case, &text);
    }
}

#[test]
fn types_that_the_outside_sees_stay_apart() {
    let exported = CLOSURES.replace("self=typeof(Main.g)", "self=typeof(Main.g) export");
    let (module, _) = outlined(&exported);
    let own = |n: usize| {
        let func = all(&module)[n];
        module.functions[func].params[0].ty
    };
    assert_ne!(own(1), own(2));
}

#[test]
fn stack_memory_and_protected_regions_stay_where_they_are() {
    let alloca = "jir 1
singleton typeof(Main.f) super=Function

function @1 Main.f(_2 n::Int64)::Int64 self=typeof(Main.f) export
#1:
  %1 = foreigncall sym \"jlift_alloca\" Ptr{Int64}(Int64) variadic_from=0 cc=sym \"ccall\" args(8) roots()::Ptr{Int64}
  %2 = Base.pointerset(%1, _2, 1, 1)::Ptr{Int64}
  %3 = foreigncall sym \"jlift_alloca\" Ptr{Int64}(Int64) variadic_from=0 cc=sym \"ccall\" args(8) roots()::Ptr{Int64}
  %4 = Base.pointerset(%3, _2, 1, 1)::Ptr{Int64}
  %5 = Base.pointerref(%1, 1, 1)::Int64
  return %5
";
    let (module, _) = outlined(alloca);
    let text = jlift_ir::text::print_module(&module);
    let own = jlift_ir::text::print_function(&module, all(&module)[0]);
    assert_eq!(own.matches("jlift_alloca").count(), 2, "{text}");
    assert_eq!(text.matches("jlift_alloca").count(), 2, "{text}");
}

#[test]
fn code_in_innermost_loops_stays_there_unless_much_is_saved() {
    let mut text = String::from("jir 1\nsingleton typeof(Main.f) super=Function\n");
    for id in 1..3 {
        text.push_str(&format!(
            "\nfunction @{id} Main.f(_2 n::Int64)::Int64 self=typeof(Main.f) export\n\
             #1:\n  goto #2\n\
             #2:\n  %2 = phi(#1 => _2, #2 => %40)::Int64\n"
        ));
        for n in 2..40 {
            text.push_str(&format!("  %{} = Base.mul_int(%{n}, %{n})::Int64\n", n + 1));
        }
        // The functions as a whole are not equal.
        let last = ["slt_int", "ult_int"][id - 1];
        text.push_str(&format!(
            "  %41 = Base.{last}(%40, 9)::Bool\n  goto #2 if not %41\n#3:\n  return %40\n"
        ));
    }
    let mut module = parse(&text).unwrap_or_else(|e| panic!("{}\n{text}", e[0]));
    let funcs = all(&module);
    let policy = Policy {
        min_statements: 0,
        among_copies: Policy::default().thresholds,
        ..Policy::default()
    };
    assert!(!outline_with(&mut module, &funcs, &policy));
    let eager = Policy {
        thresholds: Thresholds {
            profit: 10,
            profit_in_loops: 10,
            ..policy.thresholds
        },
        ..policy
    };
    assert!(outline_with(&mut module, &funcs, &eager));
    check(&module, "loops");
}

#[test]
fn the_result_is_the_same_every_time() {
    for (name, module) in kernels() {
        let made = |mut module: Module| {
            let funcs = all(&module);
            outline_with(&mut module, &funcs, &greedy());
            jlift_ir::text::print_module(&module)
        };
        if module.functions.len() < 30 {
            assert_eq!(made(module.clone()), made(module), "{name}");
        }
    }
}
