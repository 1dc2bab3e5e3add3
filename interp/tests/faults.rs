//! Mistakes that the interpreter finds: each has its own outcome, which names the statement.

mod support;

use jlift_interp::{FaultKind, Interpreter, Lacking, Options, Outcome, Stage, Stopped, Value};
use jlift_ir::{Module, Type};
use support::{interpreter, options, read};

const HEAD: &str = "jir 1\nsingleton typeof(Main.f) super=Function\n";

/// A module with one function.
fn function(signature: &str, body: &str) -> Module {
    read(&format!(
        "{HEAD}\nfunction @1 Main.f{signature} self=typeof(Main.f) export\n{body}"
    ))
}

fn call(module: &Module, stage: Stage, args: &[Value]) -> Outcome {
    let func = module.exports().next().expect("a function");
    interpreter(module, stage).call(func, args)
}

/// A call of a C function as a statement.
fn c(number: u32, name: &str, ret: &str, params: &str, args: &str) -> String {
    format!(
        "  %{number} = foreigncall sym \"{name}\" {ret}({params}) variadic_from=0 cc=sym \"ccall\" args({args}) roots()::{ret}\n"
    )
}

fn fault(body: &str, kind: FaultKind) {
    let module = function("()::Int64", body);
    for stage in [Stage::Typed, Stage::Legal, Stage::Owned] {
        let outcome = call(&module, stage, &[]);
        let Outcome::Fault(report) = &outcome else {
            panic!("{}\n{body}", outcome.describe(&module));
        };
        assert_eq!(report.what.kind, kind, "{body}");
        let place = report.place.expect("a place");
        assert!(place.inst.is_some(), "{}", outcome.describe(&module));
    }
}

#[test]
fn reading_freed_memory_is_found() {
    let body = String::from("#1:\n")
        + &c(1, "malloc", "Ptr{Int64}", "Int64", "16")
        + "  %2 = Base.pointerset(%1, 7, 1, 1)::Ptr{Int64}\n"
        + &c(3, "free", "Nothing", "Ptr{Int64}", "%1")
        + "  %4 = Base.pointerref(%1, 1, 1)::Int64\n  return %4\n";
    fault(&body, FaultKind::UseAfterFree);
}

#[test]
fn freeing_twice_is_found() {
    let body = String::from("#1:\n")
        + &c(1, "malloc", "Ptr{Int64}", "Int64", "16")
        + &c(2, "free", "Nothing", "Ptr{Int64}", "%1")
        + &c(3, "free", "Nothing", "Ptr{Int64}", "%1")
        + "  return 0\n";
    fault(&body, FaultKind::DoubleFree);
}

#[test]
fn freeing_what_was_not_allocated_is_found() {
    let body = String::from("#1:\n")
        + &c(1, "malloc", "Ptr{Int64}", "Int64", "16")
        + "  %2 = Base.add_ptr(%1, UInt64(8))::Ptr{Int64}\n"
        + &c(3, "free", "Nothing", "Ptr{Int64}", "%2")
        + "  return 0\n";
    fault(&body, FaultKind::InvalidFree);
}

#[test]
fn accesses_beyond_both_ends_are_found() {
    for index in ["0", "3", "-1000000"] {
        let body = String::from("#1:\n")
            + &c(1, "malloc", "Ptr{Int64}", "Int64", "16")
            + &format!("  %2 = Base.pointerset(%1, 7, {index}, 1)::Ptr{{Int64}}\n  return 0\n");
        fault(&body, FaultKind::OutOfBounds);
    }
}

#[test]
fn null_pointers_are_found() {
    let body = "#1:\n  %1 = Base.bitcast(type Ptr{Int64}, 0)::Ptr{Int64}\n  %2 = Base.pointerref(%1, 1, 1)::Int64\n  return %2\n";
    fault(body, FaultKind::OutOfBounds);
}

#[test]
fn the_stack_of_a_call_that_has_returned_is_gone() {
    let alloca = c(1, "jlift_alloca", "Ptr{Int64}", "UInt64", "UInt64(8)");
    let module = read(&format!(
        "{HEAD}
function @1 Main.f()::Int64 self=typeof(Main.f) export
#1:
  %1 = invoke @2 g()::Ptr{{Int64}}
  %2 = Base.pointerref(%1, 1, 1)::Int64
  return %2

function @2 Main.g()::Ptr{{Int64}} self=typeof(Main.f)
#1:
{alloca}  %2 = Base.pointerset(%1, 7, 1, 1)::Ptr{{Int64}}
  return %1
"
    ));
    let outcome = call(&module, Stage::Typed, &[]);
    assert!(
        matches!(&outcome, Outcome::Fault(r) if r.what.kind == FaultKind::UseAfterFree),
        "{}",
        outcome.describe(&module)
    );
}

#[test]
fn constants_cannot_be_written() {
    let body = String::from("#1:\n")
        + &c(1, "jlift_string_data", "Ptr{UInt8}", "Any", "\"text\"")
        + "  %2 = Base.pointerset(%1, UInt8(0), 1, 1)::Ptr{UInt8}\n  return 0\n";
    fault(&body, FaultKind::WriteToConstant);
}

#[test]
fn unchecked_accesses_to_arrays_are_checked() {
    let array = c(
        1,
        "jl_alloc_array_1d",
        "Array{Int64, 1}",
        "Any, Int64",
        "type Array{Int64, 1}, 3",
    );
    let body = format!("#1:\n{array}  %2 = Core.arrayref(false, %1, 4)::Int64\n  return %2\n");
    fault(&body, FaultKind::OutOfBounds);
}

#[test]
fn a_release_too_many_is_found() {
    let array = c(
        1,
        "jl_alloc_array_1d",
        "Array{Int64, 1}",
        "Any, Int64",
        "type Array{Int64, 1}, 3",
    );
    let body = format!(
        "#1:\n{array}  %2 = expr release(%1)::Nothing\n  %3 = expr release(%1)::Nothing\n  return 0\n"
    );
    fault(&body, FaultKind::UseAfterFree);
}

#[test]
fn what_is_not_freed_leaks_and_names_its_statement() {
    let body =
        String::from("#1:\n") + &c(1, "malloc", "Ptr{Int64}", "Int64", "24") + "  return 0\n";
    let module = function("()::Int64", &body);
    let func = module.exports().next().expect("a function");
    let mut interpreter = interpreter(&module, Stage::Typed);
    assert_eq!(
        interpreter.call(func, &[]),
        Outcome::Returned(Value::int64(0))
    );
    let leaks = interpreter.leaks();
    assert_eq!(leaks.len(), 1);
    assert_eq!(leaks[0].size, 24);
    assert_eq!(leaks[0].made_at.map(|p| p.func), Some(func));
}

#[test]
fn endless_loops_run_out_of_fuel() {
    let module = function("()::Int64", "#1:\n  goto #2\n#2:\n  goto #2\n");
    assert_eq!(call(&module, Stage::Typed, &[]), Outcome::OutOfFuel);
}

#[test]
fn endless_recursion_is_too_deep() {
    let module = function(
        "()::Int64",
        "#1:\n  %1 = invoke @1 f()::Int64\n  return %1\n",
    );
    assert_eq!(call(&module, Stage::Typed, &[]), Outcome::TooDeep);
}

#[test]
fn undefined_results_are_told_where_they_decide() {
    for (body, decides) in [
        // Memory that was never written, returned and branched on.
        (
            "#1:\n{malloc}  %2 = Base.pointerref(%1, 1, 1)::Int64\n  return %2\n",
            true,
        ),
        (
            "#1:\n{malloc}  %2 = Base.pointerref(%1, 1, 1)::Int64\n  return 0\n",
            false,
        ),
        (
            "#1:\n{malloc}  %2 = Base.pointerref(%1, 1, 1)::Int64\n  %3 = Base.eq_int(%2, 0)::Bool\n  goto #2 if not %3\n#2:\n  return 0\n",
            true,
        ),
        // Bits that are masked away do not decide.
        (
            "#1:\n{malloc}  %2 = Base.pointerref(%1, 1, 1)::Int64\n  %3 = Base.and_int(%2, 0)::Int64\n  return %3\n",
            false,
        ),
        // A float beyond the integers.
        (
            "#1:\n  %1 = Base.fptosi(type Int64, 1.0e300)::Int64\n  return %1\n",
            true,
        ),
        (
            "#1:\n  %1 = Base.fptosi(type Int64, 1.0e300)::Int64\n  return 0\n",
            false,
        ),
        (
            "#1:\n  %1 = Base.fptosi(type Int64, -3.5)::Int64\n  return 0\n",
            false,
        ),
        // Divisions stop some machines, so that they decide at once.
        ("#1:\n  %1 = Base.sdiv_int(1, 0)::Int64\n  return 0\n", true),
        (
            "#1:\n  %1 = Base.srem_int(-9223372036854775808, -1)::Int64\n  return 0\n",
            true,
        ),
        // A phi behind an edge that it does not list.
        (
            "#1:\n  goto #3\n#2:\n  goto #3\n#3:\n  %3 = phi(#2 => 1)::Int64\n  return %3\n",
            true,
        ),
    ] {
        let malloc = c(1, "malloc", "Ptr{Int64}", "Int64", "16");
        let body = body.replace("{malloc}", &malloc);
        let module = function("()::Int64", &body);
        let outcome = call(&module, Stage::Typed, &[]);
        let undefined = matches!(outcome, Outcome::Undefined(_));
        let defined = matches!(outcome, Outcome::Returned(_));
        assert!(
            if decides { undefined } else { defined },
            "{}\n{body}",
            outcome.describe(&module)
        );
    }
}

#[test]
fn padding_is_undefined_and_its_neighbours_are_not() {
    let alloca = c(1, "jlift_alloca", "Ptr{Nothing}", "UInt64", "UInt64(16)");
    for (byte, is_defined) in [(1, true), (2, false), (8, false), (9, true), (16, true)] {
        let module = function(
            "()::UInt8",
            &format!(
                "#1:\n{alloca}  %2 = Core.tuple(UInt8(7), 9)::Tuple{{UInt8, Int64}}
  %3 = Base.bitcast(type Ptr{{Tuple{{UInt8, Int64}}}}, %1)::Ptr{{Tuple{{UInt8, Int64}}}}
  %4 = Base.pointerset(%3, %2, 1, 1)::Ptr{{Tuple{{UInt8, Int64}}}}
  %5 = Base.bitcast(type Ptr{{UInt8}}, %1)::Ptr{{UInt8}}
  %6 = Base.pointerref(%5, {byte}, 1)::UInt8
  return %6
"
            ),
        );
        let outcome = call(&module, Stage::Typed, &[]);
        let defined = matches!(outcome, Outcome::Returned(_));
        assert_eq!(
            defined,
            is_defined,
            "byte {byte}: {}",
            outcome.describe(&module)
        );
    }
}

#[test]
fn unresolved_calls_stop_the_program_with_their_name() {
    let module = function(
        "(_2 x::Any)::Any",
        "#1:\n  %1 = call instance typeof(Main.f)(_2, 3)::Any\n  return %1\n",
    );
    let outcome = call(&module, Stage::Typed, &[Value::int64(1)]);
    let Outcome::Stopped(Stopped::Aborted(message)) = outcome else {
        panic!("{}", outcome.describe(&module));
    };
    assert_eq!(message, "unresolved call of Main.f(Any, Int64)");
}

#[test]
fn the_standard_streams_are_collected() {
    let body = String::from("#1:\n")
        + &c(1, "jlift_string_data", "Ptr{UInt8}", "Any", "\"text\"")
        + &c(
            2,
            "jlift_sys_write",
            "Int64",
            "Int32, Ptr{UInt8}, UInt64",
            "Int32(1), %1, UInt64(3)",
        )
        + "  return %2\n";
    let module = function("()::Int64", &body);
    let func = module.exports().next().expect("a function");
    let mut interpreter = interpreter(&module, Stage::Typed);
    assert_eq!(
        interpreter.call(func, &[]),
        Outcome::Returned(Value::int64(3))
    );
    assert_eq!(interpreter.stdout, b"tex");
}

#[test]
fn c_functions_are_called_through_trampolines() {
    let body = String::from("#1:\n")
        + &c(1, "hypot", "Float64", "Float64, Float64", "3.0, 4.0")
        + &c(
            2,
            "ldexpf",
            "Float32",
            "Float32, Int32",
            "Float32(0x3f800000), Int32(-2)",
        )
        + "  %3 = Base.fpext(type Float64, %2)::Float64\n"
        + &c(4, "labs", "Int64", "Int64", "-7")
        + "  %5 = Base.sitofp(type Float64, %4)::Float64\n"
        + "  %6 = Base.add_float(%1, %3)::Float64\n  %7 = Base.add_float(%6, %5)::Float64\n  return %7\n";
    let module = function("()::Float64", &body);
    let func = module.exports().next().expect("a function");
    let mut interpreter = interpreter(&module, Stage::Typed);
    let unknown = |outcome: &Outcome, name: &str| match outcome {
        Outcome::Unsupported(report) => report.what == Lacking::Symbol(name.into()),
        _ => false,
    };
    let outcome = interpreter.call(func, &[]);
    assert!(unknown(&outcome, "hypot"), "{outcome:?}");
    interpreter.set_foreign(Box::new(jlift_interp::Native::new().expect("trampolines")));
    assert_eq!(
        interpreter.call(func, &[]),
        Outcome::Returned(Value::float64(12.25))
    );
    let body = String::from("#1:\n") + &c(1, "no such function", "Int64", "", "") + "  return %1\n";
    let module = function("()::Int64", &body);
    let mut interpreter = Interpreter::new(&module, options(Stage::Typed));
    interpreter.set_foreign(Box::new(jlift_interp::Native::new().expect("trampolines")));
    let outcome = interpreter.call(module.exports().next().expect("a function"), &[]);
    assert!(unknown(&outcome, "no such function"), "{outcome:?}");
}

#[test]
fn c_functions_write_to_memory_that_they_are_given() {
    // `frexp` stores the exponent behind a pointer.
    let body = String::from("#1:\n")
        + &c(1, "jlift_alloca", "Ptr{Int32}", "UInt64", "UInt64(4)")
        + &c(2, "frexp", "Float64", "Float64, Ptr{Int32}", "8.0, %1")
        + "  %3 = Base.pointerref(%1, 1, 1)::Int32\n  return %3\n";
    let module = function("()::Int32", &body);
    let mut interpreter = Interpreter::new(&module, Options::default());
    interpreter.set_foreign(Box::new(jlift_interp::Native::new().expect("trampolines")));
    let outcome = interpreter.call(module.exports().next().expect("a function"), &[]);
    assert_eq!(outcome, Outcome::Returned(Value::bits(Type::INT32, 4)));
}
