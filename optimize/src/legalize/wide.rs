//! Products of 128-bit integers that tell whether they overflowed, from 64-bit halves.
//!
//! With a = a1·2^64 + a0 and b likewise, a·b overflows if a1·b1 is not 0, if a cross product a1·b0
//! or a0·b1 does not fit into 64 bits, or if the sum of the cross products and the high half of
//! a0·b0 does not. Signed products are those of the magnitudes, which may be 2^127 only where the
//! product is negative.

use super::checks::int;
use super::rewrite::Rewriter;
use jlift_ir::{Builtin, Inst, Intrinsic, Op, Type, Value};

const WIDE: Type = Type::UINT128;

/// Makes `inst` the pair of the wrapped product and whether it overflowed.
pub fn checked_multiply(rw: &mut Rewriter, inst: Inst, a: Value, b: Value, signed: bool) {
    use Intrinsic::*;
    let ty = rw.type_of(a);
    let (a_bits, b_bits) = (rw.bitcast(a, WIDE), rw.bitcast(b, WIDE));
    let product = rw.intrinsic(MulInt, &[a, b], ty);
    let overflow = if signed {
        let x = magnitude(rw, a_bits);
        let y = magnitude(rw, b_bits);
        let too_wide = overflows(rw, x, y);
        let size = rw.intrinsic(MulInt, &[x, y], WIDE);
        let signs = rw.intrinsic(XorInt, &[a_bits, b_bits], WIDE);
        let zero = int(rw, WIDE, 0);
        // The largest magnitude: 2^127 - 1, and one more for negative products.
        let most = int(rw, WIDE, u128::MAX >> 1);
        let differ = {
            let zero_signed = int(rw, Type::INT128, 0);
            let signs = rw.bitcast(signs, Type::INT128);
            rw.intrinsic(SltInt, &[signs, zero_signed], Type::BOOL)
        };
        let one = int(rw, WIDE, 1);
        let extra = rw.select(differ, one, zero, WIDE);
        let limit = rw.intrinsic(AddInt, &[most, extra], WIDE);
        let too_large = rw.intrinsic(UltInt, &[limit, size], Type::BOOL);
        rw.intrinsic(OrInt, &[too_wide, too_large], Type::BOOL)
    } else {
        overflows(rw, a_bits, b_bits)
    };
    let pair = rw.func.value_list(&[product, overflow]);
    rw.become_op(inst, Op::Builtin(Builtin::Tuple, pair));
}

/// The absolute value of a signed number, both as bits.
fn magnitude(rw: &mut Rewriter, bits: Value) -> Value {
    let signed = rw.bitcast(bits, Type::INT128);
    let size = rw.intrinsic(Intrinsic::FlipsignInt, &[signed, signed], Type::INT128);
    rw.bitcast(size, WIDE)
}

/// Whether the product of two `UInt128` needs more than 128 bits.
fn overflows(rw: &mut Rewriter, a: Value, b: Value) -> Value {
    use Intrinsic::*;
    let (a0, a1) = halves(rw, a);
    let (b0, b1) = halves(rw, b);
    let zero = int(rw, WIDE, 0);
    let a_high = rw.intrinsic(NeInt, &[a1, zero], Type::BOOL);
    let b_high = rw.intrinsic(NeInt, &[b1, zero], Type::BOOL);
    let both_high = rw.intrinsic(AndInt, &[a_high, b_high], Type::BOOL);
    let cross1 = rw.intrinsic(MulInt, &[a1, b0], WIDE);
    let cross2 = rw.intrinsic(MulInt, &[a0, b1], WIDE);
    let low = rw.intrinsic(MulInt, &[a0, b0], WIDE);
    // Where one high half is 0, so is one of the cross products, and the sums do not wrap.
    let cross = rw.intrinsic(OrInt, &[cross1, cross2], WIDE);
    let (_, carry) = halves(rw, low);
    let (_, cross_high) = halves(rw, cross);
    let cross_wide = rw.intrinsic(NeInt, &[cross_high, zero], Type::BOOL);
    let (cross_low, _) = halves(rw, cross);
    let middle = rw.intrinsic(AddInt, &[cross_low, carry], WIDE);
    let (_, middle_high) = halves(rw, middle);
    let middle_wide = rw.intrinsic(NeInt, &[middle_high, zero], Type::BOOL);
    let any = rw.intrinsic(OrInt, &[both_high, cross_wide], Type::BOOL);
    rw.intrinsic(OrInt, &[any, middle_wide], Type::BOOL)
}

/// The low and the high 64 bits, each as a `UInt128`.
fn halves(rw: &mut Rewriter, value: Value) -> (Value, Value) {
    use Intrinsic::*;
    let low_bits = int(rw, WIDE, u64::MAX.into());
    let shift = Value::Imm {
        ty: Type::UINT64,
        bits: 64,
    };
    let low = rw.intrinsic(AndInt, &[value, low_bits], WIDE);
    let high = rw.intrinsic(LshrInt, &[value, shift], WIDE);
    (low, high)
}
