//! Integers of every width, with Julia's results: arithmetic wraps, shifts beyond the width give zeros
//! or signs. Everything is computed in 128 bits and cut. Which bits of a result are undefined
//! follows from which bits it depends on.

use crate::intrinsic::Number;
use crate::outcome::{Result, Stop, unsupported};
use crate::value::{Value, mask, signed};
use jlift_ir::{Intrinsic, Type};

use Intrinsic::*;

/// A number of the type of `like`, cut to its width.
fn number(like: Number, bits: u128, undefined: u128) -> Value {
    let undefined = undefined & mask(like.width);
    Value::Bits {
        ty: like.ty,
        bits: bits & mask(like.width) & !undefined,
        undefined,
    }
}

fn truth(value: bool, is_undefined: bool) -> Value {
    Value::Bits {
        ty: Type::BOOL,
        bits: (value && !is_undefined).into(),
        undefined: is_undefined.into(),
    }
}

/// The bits that a carry out of an undefined bit may reach: that one and all above.
fn upward(undefined: u128) -> u128 {
    match undefined {
        0 => 0,
        _ => u128::MAX << undefined.trailing_zeros(),
    }
}

/// All bits if any is undefined.
fn any(undefined: u128) -> u128 {
    if undefined == 0 { 0 } else { u128::MAX }
}

/// Functions of one or two integers whose result is one of the first's type.
pub(crate) fn integer(op: Intrinsic, a: Number, b: Option<Number>) -> Result<Value> {
    let w = a.width;
    let Some(b) = b else {
        return unary(op, a);
    };
    let (u, v) = (a.undefined, b.undefined);
    Ok(match op {
        AddInt | AddPtr => number(a, a.bits.wrapping_add(b.bits), upward(u | v)),
        SubInt | SubPtr => number(a, a.bits.wrapping_sub(b.bits), upward(u | v)),
        MulInt => number(a, a.bits.wrapping_mul(b.bits), upward(u | v)),
        // A bit that is known to be 0, or 1, decides alone.
        AndInt => {
            let (zero_a, zero_b) = (!a.bits & !u, !b.bits & !v);
            number(a, a.bits & b.bits, (u | v) & !zero_a & !zero_b)
        }
        OrInt => number(a, a.bits | b.bits, (u | v) & !a.bits & !b.bits),
        XorInt => number(a, a.bits ^ b.bits, u | v),
        FlipsignInt => {
            let negative = signed(b.bits, w) < 0;
            let flipped = if negative {
                a.bits.wrapping_neg()
            } else {
                a.bits
            };
            let sign = 1 << (w - 1);
            let undefined = if v & sign != 0 { u128::MAX } else { upward(u) };
            number(a, flipped, undefined)
        }
        SdivInt | UdivInt | SremInt | UremInt => return quotient(op, a, b),
        ShlInt | LshrInt | AshrInt if v != 0 => number(a, 0, u128::MAX),
        // Undefined bits move with the others.
        ShlInt | LshrInt if b.bits >= w.into() => number(a, 0, 0),
        ShlInt => number(a, a.bits << b.bits, u << b.bits),
        LshrInt => number(a, a.bits >> b.bits, u >> b.bits),
        AshrInt => {
            let by = b.bits.min(127) as u32;
            let (bits, undefined) = (signed(a.bits, w) >> by, signed(u, w) >> by);
            number(a, bits as u128, undefined as u128)
        }
        _ => return unsupported(format!("`{}` of two integers", op.name())),
    })
}

fn unary(op: Intrinsic, a: Number) -> Result<Value> {
    let (w, u) = (a.width, a.undefined);
    let ones = || (0..w).filter(|i| a.bits >> i & 1 == 1).count();
    Ok(match op {
        NegInt => number(a, a.bits.wrapping_neg(), upward(u)),
        NotInt => number(a, !a.bits, u),
        BswapInt => number(a, swap_bytes(a.bits, w), swap_bytes(u, w)),
        BitreverseInt => {
            let unused = 128 - w;
            number(
                a,
                (a.bits << unused).reverse_bits(),
                (u << unused).reverse_bits(),
            )
        }
        CtpopInt => number(a, ones() as u128, any(u)),
        CtlzInt => {
            let zeros = (0..w).rev().take_while(|i| a.bits >> i & 1 == 0).count();
            number(a, zeros as u128, any(u))
        }
        CttzInt => {
            let zeros = (0..w).take_while(|i| a.bits >> i & 1 == 0).count();
            number(a, zeros as u128, any(u))
        }
        _ => return unsupported(format!("`{}` of one integer", op.name())),
    })
}

fn swap_bytes(bits: u128, width: u32) -> u128 {
    match width {
        8.. => (bits << (128 - width)).swap_bytes(),
        _ => bits,
    }
}

/// Comparisons.
pub(crate) fn compare(op: Intrinsic, a: Number, b: Number) -> Value {
    let (x, y) = (signed(a.bits, a.width), signed(b.bits, b.width));
    let either = a.undefined | b.undefined;
    let differ = (a.bits ^ b.bits) & !either != 0;
    let (value, decided) = match op {
        // Two known bits that differ decide.
        EqInt => (a.bits == b.bits, differ),
        NeInt => (a.bits != b.bits, differ),
        UltInt => (a.bits < b.bits, false),
        UleInt => (a.bits <= b.bits, false),
        SltInt => (x < y, false),
        _ => (x <= y, false),
    };
    truth(value, either != 0 && !decided)
}

/// Sums, differences and products with whether they overflowed.
pub(crate) fn checked(op: Intrinsic, a: Number, b: Number) -> (Value, Value) {
    let w = a.width;
    let (x, y) = (signed(a.bits, w), signed(b.bits, w));
    let fits_signed = |exact: Option<i128>| exact.is_some_and(|e| signed(e as u128, w) == e);
    let fits_unsigned = |exact: Option<u128>| exact.is_some_and(|e| e <= mask(w));
    let (bits, fits) = match op {
        CheckedSaddInt => (a.bits.wrapping_add(b.bits), fits_signed(x.checked_add(y))),
        CheckedSsubInt => (a.bits.wrapping_sub(b.bits), fits_signed(x.checked_sub(y))),
        CheckedSmulInt => (a.bits.wrapping_mul(b.bits), fits_signed(x.checked_mul(y))),
        CheckedUaddInt => {
            let exact = a.bits.checked_add(b.bits);
            (a.bits.wrapping_add(b.bits), fits_unsigned(exact))
        }
        CheckedUsubInt => {
            let exact = a.bits.checked_sub(b.bits);
            (a.bits.wrapping_sub(b.bits), fits_unsigned(exact))
        }
        _ => {
            let exact = a.bits.checked_mul(b.bits);
            (a.bits.wrapping_mul(b.bits), fits_unsigned(exact))
        }
    };
    let either = a.undefined | b.undefined;
    (number(a, bits, upward(either)), truth(!fits, either != 0))
}

/// Whether a checked division has a quotient; the remainder of the least number by -1 is 0.
pub(crate) fn divides(op: Intrinsic, a: Number, b: Number) -> Result<bool> {
    if a.undefined | b.undefined != 0 {
        return Err(Stop::Undefined("a division"));
    }
    let overflows = op == CheckedSdivInt && is_least(a) && b.bits == mask(b.width);
    Ok(b.bits != 0 && !overflows)
}

fn is_least(a: Number) -> bool {
    a.bits == 1 << (a.width - 1)
}

/// Quotients and remainders. What has none is undefined, and stops a program on some machines.
pub(crate) fn quotient(op: Intrinsic, a: Number, b: Number) -> Result<Value> {
    let w = a.width;
    if a.undefined | b.undefined != 0 {
        return Err(Stop::Undefined("a division"));
    }
    if b.bits == 0 {
        return Err(Stop::Undefined("a division by zero"));
    }
    let overflows = is_least(a) && b.bits == mask(w);
    if overflows && matches!(op, SdivInt | SremInt | CheckedSdivInt) {
        return Err(Stop::Undefined("a quotient that is no number of the type"));
    }
    let (x, y) = (signed(a.bits, w), signed(b.bits, w));
    let bits = match op {
        SdivInt | CheckedSdivInt => x.wrapping_div(y) as u128,
        SremInt | CheckedSremInt => x.wrapping_rem(y) as u128,
        UdivInt | CheckedUdivInt => a.bits / b.bits,
        _ => a.bits % b.bits,
    };
    Ok(number(a, bits, 0))
}
