//! C functions of this machine that take and give more than one word.

use jlift_interp::{Interpreter, Native, Options, Outcome, Value};
use jlift_ir::{Func, Module};

fn read(text: &str) -> (Module, Func) {
    let module = jlift_ir::text::parse(text).unwrap_or_else(|e| panic!("{}", e[0]));
    if let Err(errors) = jlift_ir::verify::verify_module(&module) {
        panic!("{}", errors[0]);
    }
    let func = module.exports().next().expect("an export");
    (module, func)
}

fn call(text: &str, args: &[Value]) -> Outcome {
    let (module, func) = read(text);
    let mut interpreter = Interpreter::new(&module, Options::default());
    let native = Native::new().expect("calls of C functions");
    interpreter.set_foreign(Box::new(native));
    interpreter.call(func, args)
}

#[test]
fn a_struct_comes_back_in_two_registers() {
    let text = "jir 1
singleton typeof(Main.f) super=Function
struct Main.Div inline size=16 align=8 super=Any { \"quot\"::Int64 @0, \"rem\"::Int64 @8 }

function @1 Main.f(_2 a::Int64, _3 b::Int64)::Int64 self=typeof(Main.f) export
#1:
  %1 = foreigncall sym \"ldiv\" Main.Div(Int64, Int64) variadic_from=0 cc=sym \"ccall\" args(_2, _3) roots()::Main.Div
  %2 = Core.getfield(%1, sym \"quot\")::Int64
  %3 = Core.getfield(%1, sym \"rem\")::Int64
  %4 = Base.mul_int(%2, 1000)::Int64
  %5 = Base.add_int(%4, %3)::Int64
  return %5
";
    let outcome = call(text, &[Value::int64(-47), Value::int64(10)]);
    assert_eq!(outcome, Outcome::Returned(Value::int64(-4007)));
}

#[test]
fn a_struct_is_passed_by_value() {
    // The part of an address that is the host's: 192.0.2.77 is of a network of class C.
    let text = "jir 1
singleton typeof(Main.f) super=Function
struct Main.Address inline size=4 align=4 super=Any { \"word\"::UInt32 @0 }

function @1 Main.f(_2 a::UInt32)::UInt32 self=typeof(Main.f) export
#1:
  %1 = new type Main.Address(_2)::Main.Address
  %2 = foreigncall sym \"inet_lnaof\" UInt32(Main.Address) variadic_from=0 cc=sym \"ccall\" args(%1) roots()::UInt32
  return %2
";
    let address = u32::from_le_bytes([192, 0, 2, 77]);
    let ty = jlift_ir::Type::UINT32;
    let outcome = call(text, &[Value::bits(ty, address.into())]);
    assert_eq!(outcome, Outcome::Returned(Value::bits(ty, 77)));
}

#[test]
fn an_argument_of_which_a_part_is_undefined_is_reported() {
    let text = "jir 1
singleton typeof(Main.f) super=Function
struct Main.Address inline size=4 align=4 super=Any { \"word\"::UInt32 @0 }

function @1 Main.f()::UInt32 self=typeof(Main.f) export
#1:
  %1 = foreigncall sym \"jlift_alloca\" Ptr{Main.Address}(Int64) variadic_from=0 cc=sym \"ccall\" args(4) roots()::Ptr{Main.Address}
  %2 = Base.pointerref(%1, 1, 4)::Main.Address
  %3 = foreigncall sym \"inet_lnaof\" UInt32(Main.Address) variadic_from=0 cc=sym \"ccall\" args(%2) roots()::UInt32
  return %3
";
    assert!(matches!(call(text, &[]), Outcome::Undefined(_)));
}
