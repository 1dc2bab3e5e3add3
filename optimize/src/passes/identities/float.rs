//! Rules for floats: those that hold bit for bit, signed zeros included. That a machine quiets a
//! signalling NaN in `x * 1.0` is not kept.

use super::super::Ctx;
use super::{Simple, defined_by, number};
use jlift_ir::{Function, Intrinsic, Type, Value};
use jlift_mutations::{Mutation, planted};

use Intrinsic::*;

/// `x < y | x == y` is `x <= y`, which is how numbers of two types are compared.
pub(super) fn less_or_equal(func: &Function, less: Value, equal: Value) -> Option<Simple> {
    let (LtFloat, &[x, y]) = defined_by(func, less)? else {
        return None;
    };
    let (EqFloat, &[a, b]) = defined_by(func, equal)? else {
        return None;
    };
    let same = (a, b) == (x, y) || (a, b) == (y, x);
    same.then(|| Simple::intrinsic(LeFloat, &[x, y])).flatten()
}

pub(super) fn simplify(
    func: &Function,
    ctx: &mut Ctx<'_>,
    op: Intrinsic,
    args: &[Value],
) -> Option<Simple> {
    match *args {
        [x] => {
            let (inner, operands) = defined_by(func, x)?;
            let &[y] = operands else { return None };
            match (op, inner) {
                (NegFloat, NegFloat) => Simple::value(y),
                (AbsFloat, AbsFloat) => Simple::value(x),
                (AbsFloat, NegFloat) => Simple::intrinsic(AbsFloat, &[y]),
                _ => None,
            }
        }
        [Value::Type(to), x] => convert(func, ctx, op, to, x),
        [a, b] => {
            let one = |v| value(ctx, v) == Some(1.0);
            let zero = |v, negative: bool| {
                value(ctx, v).is_some_and(|x| x == 0.0 && x.is_sign_negative() == negative)
            };
            match op {
                MulFloat | DivFloat if one(b) => Simple::value(a),
                MulFloat if one(a) => Simple::value(b),
                SubFloat if zero(b, false) => Simple::value(a),
                AddFloat if zero(b, !planted(Mutation::OptimizePlusZero)) => Simple::value(a),
                AddFloat if zero(a, true) => Simple::value(b),
                DivFloat => {
                    let reciprocal = exact_reciprocal(ctx, b)?;
                    Simple::intrinsic(MulFloat, &[a, reciprocal])
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// The reciprocal of a constant that is a power of two, if it is normal: multiplying by it gives
/// what dividing gives, bit for bit.
fn exact_reciprocal(ctx: &mut Ctx<'_>, divisor: Value) -> Option<Value> {
    let n = number(ctx, divisor)?;
    // Sign, exponent and fraction; the largest exponent of a number.
    let (width, fraction, largest) = match n.ty {
        Type::FLOAT64 => (64, 52, 2046),
        Type::FLOAT32 => (32, 23, 254),
        _ => return None,
    };
    let exponent = n.bits >> fraction & (largest + 1);
    let sign = n.bits >> (width - 1) & 1;
    let is_power = n.bits & ((1 << fraction) - 1) == 0;
    if !is_power || exponent == 0 || exponent >= largest {
        return None;
    }
    let bits = sign << (width - 1) | (largest - exponent) << fraction;
    Some(ctx.tables.primitive(n.ty, width, bits))
}

fn value(ctx: &Ctx<'_>, operand: Value) -> Option<f64> {
    let n = number(ctx, operand)?;
    match n.ty {
        Type::FLOAT64 => Some(f64::from_bits(n.bits as u64)),
        Type::FLOAT32 => Some(f32::from_bits(n.bits as u32).into()),
        _ => None,
    }
}

fn convert(
    func: &Function,
    ctx: &mut Ctx<'_>,
    op: Intrinsic,
    to: Type,
    x: Value,
) -> Option<Simple> {
    let (inner, operands) = defined_by(func, x)?;
    let &[_, y] = operands else { return None };
    let from = ctx.type_of(func, y);
    match (op, inner) {
        (FpTrunc, FpExt) if from == to => Simple::value(y),
        (SiToFp, SextInt) if from != Type::BOOL => Simple::intrinsic(SiToFp, &[Value::Type(to), y]),
        _ => None,
    }
}
