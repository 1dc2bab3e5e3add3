//! Intrinsics on constants, with Julia's exact results at every width. Knows numbers only; what a
//! result replaces is the business of the passes.
//!
//! What Julia leaves undefined (division by zero, conversions out of range) and what throws is not
//! folded. Float operations are those of Rust's `f32` and `f64`, which are IEEE 754 like the
//! machine's; results that are NaN are left to the machine, since sign and payload of a produced
//! NaN differ between machines. `Float16` arithmetic is left to the run-time polyfills.

use crate::intrinsic::Shape;
use crate::{ConstData, Intrinsic, Tables, Type, TypeClass, Value};

/// The width in bits of a primitive or pointer type, from 1 to 128; wider ones are not looked into.
pub fn width_of(tables: &Tables, ty: Type) -> Option<u32> {
    match tables.class(ty) {
        TypeClass::Primitive(bits) => (1..=128).contains(&bits).then_some(bits),
        TypeClass::Pointer => Some(64),
        _ => None,
    }
}

/// All ones in the lowest `width` bits.
pub fn mask(width: u32) -> u128 {
    if width >= 128 {
        u128::MAX
    } else {
        (1 << width) - 1
    }
}

/// The lowest `width` bits as a signed number.
pub fn signed(bits: u128, width: u32) -> i128 {
    let shift = 128 - width.clamp(1, 128);
    ((bits << shift) as i128) >> shift
}

/// A primitive constant taken apart.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Number {
    pub ty: Type,
    pub width: u32,
    /// Zero-extended.
    pub bits: u128,
}

impl Number {
    /// The number behind a constant operand.
    pub fn of(tables: &Tables, value: Value) -> Option<Number> {
        let bits = tables.primitive_bits(value)?;
        let ty = match value {
            Value::Imm { ty, .. } => ty,
            Value::Const(c) => match tables.const_data(c) {
                ConstData::Wide { ty, .. } => *ty,
                _ => return None,
            },
            _ => return None,
        };
        let width = width_of(tables, ty)?;
        Some(Number {
            ty,
            width,
            bits: bits & mask(width),
        })
    }

    /// As a signed number.
    pub fn signed(self) -> i128 {
        signed(self.bits, self.width)
    }

    fn f64(self) -> f64 {
        f64::from_bits(self.bits as u64)
    }

    fn f32(self) -> f32 {
        f32::from_bits(self.bits as u32)
    }
}

/// The result of an intrinsic on constants, of type `ret`, if it is defined and the same on every
/// machine.
pub fn fold_intrinsic(
    tables: &mut Tables,
    op: Intrinsic,
    args: &[Value],
    ret: Type,
) -> Option<Value> {
    let shape = op.shape();
    match shape {
        Shape::IntUnary | Shape::IntBinary | Shape::Shift | Shape::CheckedDivide => {
            let a = Number::of(tables, *args.first()?)?;
            let b = match args.get(1) {
                Some(&v) => Some(Number::of(tables, v)?),
                None => None,
            };
            if a.ty == Type::BOOL && !bool_operation(op) {
                return None;
            }
            let bits = integer(op, a, b)?;
            let width = if a.ty == Type::BOOL { 1 } else { a.width };
            Some(tables.primitive(ret, a.width, bits & mask(width)))
        }
        Shape::IntCompare => {
            let (a, b) = two(tables, args)?;
            if a.ty == Type::BOOL && matches!(op, Intrinsic::SltInt | Intrinsic::SleInt) {
                return None;
            }
            Some(Value::bool(compare_integers(op, a, b)?))
        }
        Shape::CheckedPair => {
            let (a, b) = two(tables, args)?;
            if a.ty == Type::BOOL {
                return None;
            }
            let (bits, overflow) = checked(op, a, b)?;
            let fields = [
                tables.primitive(a.ty, a.width, bits & mask(a.width)),
                Value::bool(overflow),
            ];
            let data = ConstData::Aggregate {
                ty: ret,
                fields: fields.into(),
            };
            Some(Value::Const(tables.constant(data)))
        }
        Shape::FloatUnary | Shape::FloatBinary | Shape::FloatTernary => {
            let mut operands = [None; 3];
            for (slot, &arg) in operands.iter_mut().zip(args) {
                *slot = Some(Number::of(tables, arg)?);
            }
            let [a, b, c] = operands;
            let a = a?;
            let bits = float(op, a, b, c)?;
            Some(tables.primitive(ret, a.width, bits))
        }
        Shape::FloatCompare => {
            let (a, b) = two(tables, args)?;
            Some(Value::bool(compare_floats(op, a, b)?))
        }
        Shape::IntConvert
        | Shape::FloatToInt
        | Shape::IntToFloat
        | Shape::FloatConvert
        | Shape::Bitcast => {
            let &[Value::Type(to), value] = args else {
                return None;
            };
            let from = Number::of(tables, value)?;
            let width = width_of(tables, to)?;
            let bits = convert(op, to, width, from)?;
            Some(tables.primitive(to, width, bits & mask(width)))
        }
        Shape::PointerArithmetic => {
            let (a, b) = two(tables, args)?;
            let bits = match op {
                Intrinsic::AddPtr => a.bits.wrapping_add(b.bits),
                _ => a.bits.wrapping_sub(b.bits),
            };
            Some(tables.primitive(ret, 64, bits & mask(64)))
        }
        Shape::PointerLoad
        | Shape::PointerStore
        | Shape::Atomic
        | Shape::HaveFma
        | Shape::ArrayLength
        | Shape::GlobalAddress
        | Shape::Refused => None,
    }
}

fn two(tables: &Tables, args: &[Value]) -> Option<(Number, Number)> {
    let &[a, b] = args else { return None };
    Some((Number::of(tables, a)?, Number::of(tables, b)?))
}

/// Operations that mean the same on a `Bool` whether it is one bit or a byte.
fn bool_operation(op: Intrinsic) -> bool {
    matches!(
        op,
        Intrinsic::NotInt | Intrinsic::AndInt | Intrinsic::OrInt | Intrinsic::XorInt
    )
}

fn integer(op: Intrinsic, a: Number, b: Option<Number>) -> Option<u128> {
    use Intrinsic::*;
    let w = a.width;
    let unary = match op {
        NegInt => Some(a.bits.wrapping_neg()),
        NotInt => Some(!a.bits),
        BswapInt if w.is_multiple_of(8) => Some(a.bits.swap_bytes() >> (128 - w)),
        CtpopInt => Some(a.bits.count_ones().into()),
        CtlzInt => Some((a.bits.leading_zeros() - (128 - w)).into()),
        CttzInt => Some(a.bits.trailing_zeros().min(w).into()),
        BitreverseInt => Some(a.bits.reverse_bits() >> (128 - w)),
        _ => None,
    };
    if unary.is_some() {
        return unary;
    }
    let b = b?;
    let divisible = |signed_division: bool| {
        b.bits != 0 && !(signed_division && b.signed() == -1 && a.bits == 1 << (w - 1))
    };
    Some(match op {
        AddInt => a.bits.wrapping_add(b.bits),
        SubInt => a.bits.wrapping_sub(b.bits),
        MulInt => a.bits.wrapping_mul(b.bits),
        AndInt => a.bits & b.bits,
        OrInt => a.bits | b.bits,
        XorInt => a.bits ^ b.bits,
        FlipsignInt if b.signed() < 0 => a.bits.wrapping_neg(),
        FlipsignInt => a.bits,
        SdivInt | CheckedSdivInt if divisible(true) => (a.signed() / b.signed()) as u128,
        // The remainder of the least number by -1 is 0 where the check defines it.
        CheckedSremInt if b.signed() == -1 => 0,
        SremInt | CheckedSremInt if divisible(true) => (a.signed() % b.signed()) as u128,
        UdivInt | CheckedUdivInt if divisible(false) => a.bits / b.bits,
        UremInt | CheckedUremInt if divisible(false) => a.bits % b.bits,
        ShlInt if b.bits >= w.into() => 0,
        ShlInt => a.bits << b.bits,
        LshrInt if b.bits >= w.into() => 0,
        LshrInt => a.bits >> b.bits,
        AshrInt => (a.signed() >> b.bits.min((w - 1).into())) as u128,
        _ => return None,
    })
}

fn compare_integers(op: Intrinsic, a: Number, b: Number) -> Option<bool> {
    Some(match op {
        Intrinsic::EqInt => a.bits == b.bits,
        Intrinsic::NeInt => a.bits != b.bits,
        Intrinsic::SltInt => a.signed() < b.signed(),
        Intrinsic::SleInt => a.signed() <= b.signed(),
        Intrinsic::UltInt => a.bits < b.bits,
        Intrinsic::UleInt => a.bits <= b.bits,
        _ => return None,
    })
}

fn checked(op: Intrinsic, a: Number, b: Number) -> Option<(u128, bool)> {
    use Intrinsic::*;
    let w = a.width;
    let (x, y) = (a.signed(), b.signed());
    Some(match op {
        CheckedSaddInt | CheckedSsubInt | CheckedSmulInt => {
            let (r, wide) = match op {
                CheckedSaddInt => x.overflowing_add(y),
                CheckedSsubInt => x.overflowing_sub(y),
                _ => x.overflowing_mul(y),
            };
            (r as u128, wide || signed(r as u128, w) != r)
        }
        CheckedUaddInt | CheckedUsubInt | CheckedUmulInt => {
            let (r, wide) = match op {
                CheckedUaddInt => a.bits.overflowing_add(b.bits),
                CheckedUsubInt => a.bits.overflowing_sub(b.bits),
                _ => a.bits.overflowing_mul(b.bits),
            };
            (r, wide || r & mask(w) != r)
        }
        _ => return None,
    })
}

/// One float operation at the two widths of the machine.
macro_rules! float_operation {
    ($op:expr, $a:expr, $b:expr, $c:expr) => {{
        use Intrinsic::*;
        let (a, b, c) = ($a, $b, $c);
        match $op {
            CeilLlvm => a.ceil(),
            FloorLlvm => a.floor(),
            RintLlvm => a.round_ties_even(),
            TruncLlvm => a.trunc(),
            SqrtLlvm | SqrtLlvmFast => a.sqrt(),
            AddFloat | AddFloatFast => a + b?,
            SubFloat | SubFloatFast => a - b?,
            MulFloat | MulFloatFast => a * b?,
            DivFloat | DivFloatFast => a / b?,
            RemFloat | RemFloatFast => a % b?,
            FmaFloat => a.mul_add(b?, c?),
            // Fused or not depends on the target; folded where both give the same.
            MuladdFloat => {
                let (fused, plain) = (a.mul_add(b?, c?), a * b? + c?);
                if fused.to_bits() != plain.to_bits() {
                    return None;
                }
                fused
            }
            _ => return None,
        }
    }};
}

fn float(op: Intrinsic, a: Number, b: Option<Number>, c: Option<Number>) -> Option<u128> {
    let sign = 1 << (a.width - 1);
    // These work on the bits, for NaN and at every width.
    match op {
        Intrinsic::NegFloat | Intrinsic::NegFloatFast => return Some(a.bits ^ sign),
        Intrinsic::AbsFloat => return Some(a.bits & !sign),
        Intrinsic::CopysignFloat => return Some((a.bits & !sign) | (b?.bits & sign)),
        _ => {}
    }
    match a.ty {
        Type::FLOAT64 => {
            let r = float_operation!(op, a.f64(), b.map(Number::f64), c.map(Number::f64));
            (!r.is_nan()).then(|| r.to_bits().into())
        }
        Type::FLOAT32 => {
            let r = float_operation!(op, a.f32(), b.map(Number::f32), c.map(Number::f32));
            (!r.is_nan()).then(|| r.to_bits().into())
        }
        _ => None,
    }
}

fn compare_floats(op: Intrinsic, a: Number, b: Number) -> Option<bool> {
    use Intrinsic::*;
    // Single precision numbers are double precision numbers in the same order.
    let (x, y) = match a.ty {
        Type::FLOAT64 => (a.f64(), b.f64()),
        Type::FLOAT32 => (a.f32().into(), b.f32().into()),
        _ => return None,
    };
    Some(match op {
        EqFloat | EqFloatFast => x == y,
        NeFloat | NeFloatFast => x != y,
        LtFloat | LtFloatFast => x < y,
        LeFloat | LeFloatFast => x <= y,
        FpisEq => (x.is_nan() && y.is_nan()) || a.bits == b.bits,
        _ => return None,
    })
}

fn convert(op: Intrinsic, to: Type, width: u32, from: Number) -> Option<u128> {
    use Intrinsic::*;
    Some(match op {
        // A `Bool` is a bit to some of Julia's tiers and a byte to others.
        SextInt | TruncInt if from.ty == Type::BOOL || to == Type::BOOL => return None,
        SextInt if width > from.width => from.signed() as u128,
        ZextInt if width > from.width => from.bits,
        TruncInt if width < from.width => from.bits,
        Bitcast if width == from.width && (to != Type::BOOL || from.bits <= 1) => from.bits,
        FpToSi | FpToUi => {
            let x = match from.ty {
                Type::FLOAT64 => from.f64(),
                Type::FLOAT32 => from.f32().into(),
                _ => return None,
            }
            .trunc();
            // Powers of two are exact, so the comparisons are too.
            let (low, high) = match op {
                FpToSi => {
                    let limit = 2f64.powi(width as i32 - 1);
                    (-limit, limit)
                }
                _ => (0.0, 2f64.powi(width as i32)),
            };
            if !(low <= x && x < high) {
                return None;
            }
            match op {
                FpToSi => x as i128 as u128,
                _ => x as u128,
            }
        }
        SiToFp => match to {
            Type::FLOAT64 => (from.signed() as f64).to_bits().into(),
            Type::FLOAT32 => (from.signed() as f32).to_bits().into(),
            _ => return None,
        },
        UiToFp => match to {
            Type::FLOAT64 => (from.bits as f64).to_bits().into(),
            Type::FLOAT32 => (from.bits as f32).to_bits().into(),
            _ => return None,
        },
        FpTrunc if (from.ty, to) == (Type::FLOAT64, Type::FLOAT32) => {
            let x = from.f64() as f32;
            if x.is_nan() {
                return None;
            }
            x.to_bits().into()
        }
        FpExt if (from.ty, to) == (Type::FLOAT32, Type::FLOAT64) => {
            let x = f64::from(from.f32());
            if x.is_nan() {
                return None;
            }
            x.to_bits().into()
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fold(op: Intrinsic, args: &[Value], ret: Type) -> Option<u128> {
        let mut tables = Tables::default();
        let value = fold_intrinsic(&mut tables, op, args, ret)?;
        tables.primitive_bits(value)
    }

    fn i8(x: i8) -> Value {
        Value::Imm {
            ty: Type::INT8,
            bits: x as u8 as u64,
        }
    }

    fn f64(x: f64) -> Value {
        Value::Imm {
            ty: Type::FLOAT64,
            bits: x.to_bits(),
        }
    }

    #[test]
    fn narrow_integers_wrap_at_their_width() {
        let add = |a, b| fold(Intrinsic::AddInt, &[i8(a), i8(b)], Type::INT8);
        assert_eq!(add(127, 1), Some(0x80));
        assert_eq!(add(-1, 1), Some(0));
        let neg = fold(Intrinsic::NegInt, &[i8(-128)], Type::INT8);
        assert_eq!(neg, Some(0x80));
    }

    #[test]
    fn undefined_divisions_stay() {
        for op in [Intrinsic::SdivInt, Intrinsic::CheckedSdivInt] {
            assert_eq!(fold(op, &[i8(1), i8(0)], Type::INT8), None);
            assert_eq!(fold(op, &[i8(-128), i8(-1)], Type::INT8), None);
            assert_eq!(fold(op, &[i8(-7), i8(2)], Type::INT8), Some(0xfd));
        }
        let srem = |op| fold(op, &[i8(-128), i8(-1)], Type::INT8);
        assert_eq!(srem(Intrinsic::SremInt), None);
        assert_eq!(srem(Intrinsic::CheckedSremInt), Some(0));
    }

    #[test]
    fn shifts_beyond_the_width_give_zero_or_the_sign() {
        let shift = |op, by| fold(op, &[i8(-127), Value::int64(by)], Type::INT8);
        assert_eq!(shift(Intrinsic::ShlInt, 8), Some(0));
        assert_eq!(shift(Intrinsic::LshrInt, 1000), Some(0));
        assert_eq!(shift(Intrinsic::AshrInt, 1000), Some(0xff));
        assert_eq!(shift(Intrinsic::AshrInt, -1), Some(0xff));
        assert_eq!(shift(Intrinsic::LshrInt, 4), Some(8));
    }

    #[test]
    fn wide_integers_fold_at_128_bits() {
        let mut t = Tables::default();
        let a = t.primitive(Type::INT128, 128, i128::MIN as u128);
        let one = t.primitive(Type::INT128, 128, 1);
        let r = fold_intrinsic(&mut t, Intrinsic::SubInt, &[a, one], Type::INT128);
        assert_eq!(t.primitive_bits(r.unwrap()), Some(i128::MAX as u128));
        let pair = t.tuple(&[Type::INT128, Type::BOOL]);
        let r = fold_intrinsic(&mut t, Intrinsic::CheckedSsubInt, &[a, one], pair);
        let Some(Value::Const(c)) = r else { panic!() };
        let ConstData::Aggregate { fields, .. } = t.const_data(c) else {
            panic!()
        };
        assert_eq!(fields[1], Value::bool(true));
        let bits = [Intrinsic::CtlzInt, Intrinsic::CttzInt, Intrinsic::CtpopInt]
            .map(|op| fold_intrinsic(&mut t, op, &[a], Type::INT128).unwrap())
            .map(|v| t.primitive_bits(v).unwrap());
        assert_eq!(bits, [0, 127, 1]);
    }

    #[test]
    fn conversions_out_of_range_stay() {
        let to = |ty, x| fold(Intrinsic::FpToSi, &[Value::Type(ty), f64(x)], ty);
        assert_eq!(to(Type::INT8, 127.9), Some(127));
        assert_eq!(to(Type::INT8, 128.0), None);
        assert_eq!(to(Type::INT8, -128.9), Some(0x80));
        assert_eq!(to(Type::INT64, 9.223372036854776e18), None);
        assert_eq!(to(Type::INT64, f64::NAN), None);
        assert_eq!(to(Type::INT128, -(2f64.powi(127))), Some(1 << 127));
    }

    #[test]
    fn floats_keep_signed_zero_and_leave_new_nans() {
        let op = |op, a, b| fold(op, &[f64(a), f64(b)], Type::FLOAT64);
        assert_eq!(
            op(Intrinsic::MulFloat, -1.0, 0.0),
            Some((-0.0f64).to_bits().into())
        );
        assert_eq!(op(Intrinsic::AddFloat, -0.0, 0.0), Some(0));
        assert_eq!(op(Intrinsic::DivFloat, 0.0, 0.0), None);
        assert_eq!(op(Intrinsic::FpisEq, f64::NAN, f64::NAN), Some(1));
        assert_eq!(op(Intrinsic::FpisEq, 0.0, -0.0), Some(0));
        let rint = fold(Intrinsic::RintLlvm, &[f64(2.5)], Type::FLOAT64);
        assert_eq!(rint, Some(2f64.to_bits().into()));
    }

    #[test]
    fn bool_complement_keeps_one_bit() {
        let not = |b| fold(Intrinsic::NotInt, &[Value::bool(b)], Type::BOOL);
        assert_eq!(not(true), Some(0));
        assert_eq!(not(false), Some(1));
    }
}
