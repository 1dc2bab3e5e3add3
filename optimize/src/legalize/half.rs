//! `Float16` on machines that only store it: operations are done in a wider format and rounded
//! back. One rounding of a `Float32` sum, product, quotient or root to `Float16` is exact, since
//! 24 digits are at least twice 11 and two more (S. Figueroa, "When is double rounding innocuous?",
//! 1995).
//!
//! ```text
//!   %3 = Base.mul_float(%1, %2)::Float16
//! =>
//!   %4 = invoke Shims.float16_to_float32(%1)::Float32
//!   %5 = invoke Shims.float16_to_float32(%2)::Float32
//!   %6 = Base.mul_float(%4, %5)::Float32
//!   %3 = invoke Shims.float32_to_float16(%6)::Float16
//! ```

use super::polyfill::expand_intrinsic;
use super::rewrite::Rewriter;
use jlift_ir::{Inst, Intrinsic, Op, Type, Value};

const SIGN: u64 = 0x8000;

/// Replaces an intrinsic on `Float16`; `false` if it is none.
pub fn expand(rw: &mut Rewriter, inst: Inst, intrinsic: Intrinsic, args: &[Value]) -> bool {
    use Intrinsic::*;
    let ty = rw.func.insts[inst].ty;
    let from = args.last().map_or(Type::ANY, |&v| rw.type_of(v));
    if ty != Type::FLOAT16 && from != Type::FLOAT16 {
        return false;
    }
    match (intrinsic, args) {
        (NegFloat | NegFloatFast, &[a]) => {
            let bits = rw.bitcast(a, Type::UINT16);
            let flipped = rw.intrinsic(XorInt, &[bits, uint16(SIGN)], Type::UINT16);
            rw.become_intrinsic(inst, Bitcast, &[Value::Type(ty), flipped]);
        }
        (AbsFloat, &[a]) => {
            let bits = rw.bitcast(a, Type::UINT16);
            let cleared = rw.intrinsic(AndInt, &[bits, uint16(SIGN - 1)], Type::UINT16);
            rw.become_intrinsic(inst, Bitcast, &[Value::Type(ty), cleared]);
        }
        (CopysignFloat, &[a, b]) => {
            let (a, b) = (rw.bitcast(a, Type::UINT16), rw.bitcast(b, Type::UINT16));
            let magnitude = rw.intrinsic(AndInt, &[a, uint16(SIGN - 1)], Type::UINT16);
            let sign = rw.intrinsic(AndInt, &[b, uint16(SIGN)], Type::UINT16);
            let both = rw.intrinsic(OrInt, &[magnitude, sign], Type::UINT16);
            rw.become_intrinsic(inst, Bitcast, &[Value::Type(ty), both]);
        }
        (
            CeilLlvm | FloorLlvm | RintLlvm | TruncLlvm | SqrtLlvm | SqrtLlvmFast | AddFloat
            | SubFloat | MulFloat | DivFloat | RemFloat | AddFloatFast | SubFloatFast
            | MulFloatFast | DivFloatFast | RemFloatFast,
            _,
        ) => {
            let wide: Vec<Value> = args.iter().map(|&v| extend(rw, v)).collect();
            let result = lowered(rw, intrinsic, &wide, Type::FLOAT32);
            round(rw, inst, result);
        }
        // The product is exact in Float64, and so is the sum as far as one rounding can tell.
        (FmaFloat, &[a, b, c]) => {
            let wide = [a, b, c].map(|v| extend64(rw, v));
            let product = rw.intrinsic(MulFloat, &wide[..2], Type::FLOAT64);
            let sum = rw.intrinsic(AddFloat, &[product, wide[2]], Type::FLOAT64);
            round(rw, inst, sum);
        }
        (MuladdFloat, &[a, b, c]) => {
            let fused = rw.session.caps.fma;
            if fused {
                rw.func.insts[inst].op = Op::Nop;
                return expand(rw, inst, FmaFloat, args);
            }
            let product = lowered(rw, MulFloat, &[a, b], Type::FLOAT16);
            let (product, c) = (extend(rw, product), extend(rw, c));
            let sum = rw.intrinsic(AddFloat, &[product, c], Type::FLOAT32);
            round(rw, inst, sum);
        }
        (
            EqFloat | NeFloat | LtFloat | LeFloat | FpisEq | EqFloatFast | NeFloatFast
            | LtFloatFast | LeFloatFast,
            _,
        ) => {
            let wide: Vec<Value> = args.iter().map(|&v| extend(rw, v)).collect();
            rw.become_intrinsic(inst, intrinsic, &wide);
        }
        (FpExt, &[_, v]) => {
            let name = match ty {
                Type::FLOAT64 => "Shims.float16_to_float64",
                _ => "Shims.float16_to_float32",
            };
            call(rw, inst, name, v);
        }
        (FpTrunc, &[_, v]) => round(rw, inst, v),
        // What rounds to a finite Float16 is exact in Float64, from any width of integers.
        (SiToFp | UiToFp, &[_, v]) => {
            let wide = lowered(
                rw,
                intrinsic,
                &[Value::Type(Type::FLOAT64), v],
                Type::FLOAT64,
            );
            round(rw, inst, wide);
        }
        (FpToSi | FpToUi, &[to, v]) => {
            let wide = extend(rw, v);
            let result = lowered(rw, intrinsic, &[to, wide], ty);
            rw.become_op(inst, Op::Copy(result));
        }
        _ => return false,
    }
    true
}

fn uint16(bits: u64) -> Value {
    Value::Imm {
        ty: Type::UINT16,
        bits,
    }
}

/// A new intrinsic, itself expanded if the backend lacks it.
fn lowered(rw: &mut Rewriter, intrinsic: Intrinsic, args: &[Value], ty: Type) -> Value {
    let list = rw.func.value_list(args);
    let inst = rw
        .func
        .make_inst(Op::Intrinsic(intrinsic, list), ty, rw.loc);
    if !expand_intrinsic(rw, inst, intrinsic, args) {
        rw.keep(inst);
    }
    Value::Inst(inst)
}

fn extend(rw: &mut Rewriter, value: Value) -> Value {
    convert(rw, "Shims.float16_to_float32", value, Type::FLOAT32)
}

fn extend64(rw: &mut Rewriter, value: Value) -> Value {
    convert(rw, "Shims.float16_to_float64", value, Type::FLOAT64)
}

fn convert(rw: &mut Rewriter, name: &str, value: Value, to: Type) -> Value {
    match rw.shim(name, &[Type::FLOAT16]) {
        Some(func) => {
            let op = rw.invoke_op(func, &[value]);
            rw.emit(op, to)
        }
        None => value,
    }
}

/// Makes `inst` the `Float16` next to a `Float32` or `Float64`.
fn round(rw: &mut Rewriter, inst: Inst, value: Value) {
    let name = match rw.type_of(value) {
        Type::FLOAT64 => "Shims.float64_to_float16",
        _ => "Shims.float32_to_float16",
    };
    call(rw, inst, name, value);
}

fn call(rw: &mut Rewriter, inst: Inst, name: &str, value: Value) {
    let from = rw.type_of(value);
    match rw.shim(name, &[from]) {
        Some(func) => {
            let op = rw.invoke_op(func, &[value]);
            rw.become_op(inst, op);
        }
        None => rw.keep(inst),
    }
}
