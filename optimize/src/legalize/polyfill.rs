//! Arithmetic that a backend lacks, as calls of runtime functions and as sequences of what it has.
//! What is lacking is told by [`Capabilities`]; knows nothing of any backend. Half precision is in
//! [`super::half`], products of 128 bits that tell of overflow in [`super::wide`].

use super::rewrite::Rewriter;
use super::{half, wide};
use jlift_ir::{Inst, Intrinsic, Op, Type, Value};
use jlift_mutations::{Mutation, planted};

/// What a backend and its target can do natively.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Capabilities {
    /// Division and remainder of 128-bit integers.
    pub wide_division: bool,
    /// Products of 128-bit integers that tell of overflow.
    pub wide_checked_multiply: bool,
    /// Conversions between 128-bit integers and floats.
    pub wide_float_conversions: bool,
    /// Arithmetic, comparison and conversion of `Float16`.
    pub half_arithmetic: bool,
    /// A fused multiply-add instruction; without it `fma` is libm's.
    pub fma: bool,
    /// The remainder of floats; without it `fmod` is libm's.
    pub float_remainder: bool,
    /// Values whose type is only known at run time, and a runtime that dispatches on them.
    pub dynamic: bool,
    /// Exceptions are objects, and the process knows which one is being handled; else a thread has the text of the
    /// one that was thrown last.
    pub exception_objects: bool,
}

impl Capabilities {
    /// Cranelift on a target with or without a fused multiply-add instruction.
    pub fn cranelift(fma: bool) -> Self {
        Capabilities {
            wide_division: false,
            wide_checked_multiply: false,
            wide_float_conversions: false,
            half_arithmetic: false,
            fma,
            float_remainder: false,
            dynamic: false,
            exception_objects: false,
        }
    }

    /// A backend that has everything.
    pub fn complete() -> Self {
        Capabilities {
            wide_division: true,
            wide_checked_multiply: true,
            wide_float_conversions: true,
            half_arithmetic: true,
            fma: true,
            float_remainder: true,
            dynamic: false,
            exception_objects: false,
        }
    }
}

/// Replaces an intrinsic that the backend lacks; `false` if it has it.
pub fn expand_intrinsic(
    rw: &mut Rewriter,
    inst: Inst,
    intrinsic: Intrinsic,
    args: &[Value],
) -> bool {
    use Intrinsic::*;
    let caps = *rw.session.caps;
    let ty = rw.func.insts[inst].ty;
    if !caps.half_arithmetic && half::expand(rw, inst, intrinsic, args) {
        return true;
    }
    match (intrinsic, args) {
        (MuladdFloat, &[a, b, c]) => {
            if caps.fma {
                rw.become_intrinsic(inst, FmaFloat, args);
            } else if planted(Mutation::OptimizeMuladdFused) {
                let name = if ty == Type::FLOAT32 { "fmaf" } else { "fma" };
                libm(rw, inst, name, args);
            } else {
                let product = rw.intrinsic(MulFloat, &[a, b], ty);
                rw.become_intrinsic(inst, AddFloat, &[product, c]);
            }
        }
        (FmaFloat, _) if !caps.fma => {
            libm(
                rw,
                inst,
                if ty == Type::FLOAT32 { "fmaf" } else { "fma" },
                args,
            );
        }
        (RemFloat | RemFloatFast, _) if !caps.float_remainder => {
            libm(
                rw,
                inst,
                if ty == Type::FLOAT32 { "fmodf" } else { "fmod" },
                args,
            );
        }
        (SdivInt | UdivInt | SremInt | UremInt, _) if is_wide(rw, ty) && !caps.wide_division => {
            let (name, of) = match intrinsic {
                SdivInt => ("Shims.sdiv128", Type::INT128),
                UdivInt => ("Shims.udiv128", Type::UINT128),
                SremInt => ("Shims.srem128", Type::INT128),
                _ => ("Shims.urem128", Type::UINT128),
            };
            shim(rw, inst, name, args, of, of);
        }
        (CheckedSmulInt, &[a, b]) if is_wide(rw, rw.type_of(a)) && !caps.wide_checked_multiply => {
            wide::checked_multiply(rw, inst, a, b, true);
        }
        (CheckedUmulInt, &[a, b]) if is_wide(rw, rw.type_of(a)) && !caps.wide_checked_multiply => {
            wide::checked_multiply(rw, inst, a, b, false);
        }
        (SiToFp | UiToFp, &[_, v])
            if is_wide(rw, rw.type_of(v)) && !caps.wide_float_conversions =>
        {
            let (name, of) = match (intrinsic, ty) {
                (SiToFp, Type::FLOAT32) => ("Shims.int128_to_float32", Type::INT128),
                (SiToFp, _) => ("Shims.int128_to_float64", Type::INT128),
                (_, Type::FLOAT32) => ("Shims.uint128_to_float32", Type::UINT128),
                _ => ("Shims.uint128_to_float64", Type::UINT128),
            };
            shim(rw, inst, name, &[v], of, ty);
        }
        (FpToSi | FpToUi, &[_, v]) if is_wide(rw, ty) && !caps.wide_float_conversions => {
            let from = rw.type_of(v);
            let (name, to) = match (intrinsic, from) {
                (FpToSi, Type::FLOAT32) => ("Shims.float32_to_int128", Type::INT128),
                (FpToSi, _) => ("Shims.float64_to_int128", Type::INT128),
                (_, Type::FLOAT32) => ("Shims.float32_to_uint128", Type::UINT128),
                _ => ("Shims.float64_to_uint128", Type::UINT128),
            };
            shim(rw, inst, name, &[v], from, to);
        }
        _ => return false,
    }
    true
}

fn is_wide(rw: &Rewriter, ty: Type) -> bool {
    super::checks::width(rw, ty) == Some(128)
}

/// Makes `inst` a call of libm.
fn libm(rw: &mut Rewriter, inst: Inst, symbol: &str, args: &[Value]) {
    let ty = rw.func.insts[inst].ty;
    let op = rw.foreign_op(symbol, ty, args);
    rw.become_op(inst, op);
}

/// Makes `inst` a call of a runtime function from operands of type `of` to `to`; operands and
/// result that are of other types of these widths are bit casts.
fn shim(rw: &mut Rewriter, inst: Inst, name: &str, args: &[Value], of: Type, to: Type) {
    let Some(func) = rw.shim(name, &vec![of; args.len()]) else {
        return rw.keep(inst);
    };
    let args: Vec<Value> = args.iter().map(|&v| rw.bitcast(v, of)).collect();
    let op = rw.invoke_op(func, &args);
    finish(rw, inst, op, to);
}

/// Makes `inst`, whatever its type of this width, the result of `op`, which is a `found`.
pub fn finish(rw: &mut Rewriter, inst: Inst, op: Op, found: Type) {
    let ty = rw.func.insts[inst].ty;
    if ty == found {
        return rw.become_op(inst, op);
    }
    let result = rw.emit(op, found);
    rw.become_intrinsic(inst, Intrinsic::Bitcast, &[Value::Type(ty), result]);
}
