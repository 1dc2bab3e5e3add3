//! The intrinsics on numbers, written once more and differently from the folding that is tested:
//! integers by wide arithmetic and truncation, everything through the operand's own type.

use super::interpreter::{Stop, Val};
use jlift_ir::{Intrinsic, Tables, Type, TypeClass};

use Intrinsic::*;

fn width(tables: &Tables, ty: Type) -> Result<u32, Stop> {
    match tables.class(ty) {
        TypeClass::Primitive(w) => Ok(w),
        TypeClass::Pointer => Ok(64),
        _ => Err(Stop::Skip("not a number")),
    }
}

fn cut(bits: u128, w: u32) -> u128 {
    if w == 128 { bits } else { bits % (1 << w) }
}

fn signed(bits: u128, w: u32) -> i128 {
    let bits = cut(bits, w);
    if w < 128 && bits >> (w - 1) == 1 {
        bits as i128 - (1 << w)
    } else {
        bits as i128
    }
}

fn throw(name: &str) -> Stop {
    Stop::Throw(name.to_owned())
}

/// Evaluates an intrinsic on numbers. `to` is the type operand of conversions.
pub fn evaluate(
    tables: &Tables,
    op: Intrinsic,
    to: Option<Type>,
    args: &[(Type, u128)],
    ret: Type,
) -> Result<Val, Stop> {
    let (ty, a) = *args.first().ok_or(Stop::Skip("no operand"))?;
    let w = width(tables, ty)?;
    let b = args.get(1).map_or(0, |&(_, b)| b);
    let bool_value = |x: bool| Ok(Val::Num(Type::BOOL, x.into()));
    if ty == Type::BOOL
        && !matches!(
            op,
            NotInt | AndInt | OrInt | XorInt | EqInt | NeInt | UltInt | UleInt | ZextInt | Bitcast
        )
    {
        return Err(Stop::Skip("arithmetic on Bool"));
    }
    match op {
        EqInt => return bool_value(a == b),
        NeInt => return bool_value(a != b),
        UltInt => return bool_value(a < b),
        UleInt => return bool_value(a <= b),
        SltInt => return bool_value(signed(a, w) < signed(b, w)),
        SleInt => return bool_value(signed(a, w) <= signed(b, w)),
        _ => {}
    }
    if let Some(to) = to {
        return convert(tables, op, to, ty, a);
    }
    if ty.is_float() {
        return float(op, ty, args, ret);
    }
    let (x, y) = (signed(a, w), signed(b, w));
    let least = -(1i128 << (w - 1).min(126)) * if w == 128 { 2 } else { 1 };
    let number = |bits: u128| {
        Ok(Val::Num(
            ty,
            cut(bits, if ty == Type::BOOL { 1 } else { w }),
        ))
    };
    let pair = |exact: Option<i128>, unsigned: Option<u128>, bits: u128, is_signed: bool| {
        let fits = if is_signed {
            exact.is_some_and(|e| signed(e as u128, w) == e)
        } else {
            unsigned.is_some_and(|e| cut(e, w) == e)
        };
        let fields = vec![
            Val::Num(ty, cut(bits, w)),
            Val::Num(Type::BOOL, (!fits).into()),
        ];
        Ok(Val::Agg(ret, fields))
    };
    match op {
        NegInt => number((!a).wrapping_add(1)),
        NotInt => number(!a),
        BswapInt => {
            let mut bytes = a.to_le_bytes();
            bytes[..w as usize / 8].reverse();
            number(u128::from_le_bytes(bytes))
        }
        CtpopInt => number((0..w).map(|i| a >> i & 1).sum()),
        CtlzInt => number((0..w).rev().take_while(|i| a >> i & 1 == 0).count() as u128),
        CttzInt => number((0..w).take_while(|i| a >> i & 1 == 0).count() as u128),
        BitreverseInt => number((0..w).fold(0, |r, i| r << 1 | (a >> i & 1))),
        AddInt => number(a.wrapping_add(b)),
        SubInt => number(a.wrapping_sub(b)),
        MulInt => number(a.wrapping_mul(b)),
        AddPtr => Ok(Val::Num(ret, cut(a.wrapping_add(b), 64))),
        SubPtr => Ok(Val::Num(ret, cut(a.wrapping_sub(b), 64))),
        AndInt => number(a & b),
        OrInt => number(a | b),
        XorInt => number(a ^ b),
        FlipsignInt => number(if y < 0 { (!a).wrapping_add(1) } else { a }),
        ShlInt => number(if b >= w.into() { 0 } else { a << b }),
        LshrInt => number(if b >= w.into() { 0 } else { a >> b }),
        AshrInt => number((x >> b.min(127)) as u128),
        SdivInt | SremInt if b == 0 || (x == least && y == -1) => Err(Stop::Undefined),
        UdivInt | UremInt if b == 0 => Err(Stop::Undefined),
        CheckedSdivInt | CheckedSremInt | CheckedUdivInt | CheckedUremInt if b == 0 => {
            Err(throw("DivideError"))
        }
        CheckedSdivInt if x == least && y == -1 => Err(throw("DivideError")),
        CheckedSremInt if y == -1 => number(0),
        SdivInt | CheckedSdivInt => number((x / y) as u128),
        SremInt | CheckedSremInt => number((x % y) as u128),
        UdivInt | CheckedUdivInt => number(a / b),
        UremInt | CheckedUremInt => number(a % b),
        CheckedSaddInt => pair(x.checked_add(y), None, a.wrapping_add(b), true),
        CheckedSsubInt => pair(x.checked_sub(y), None, a.wrapping_sub(b), true),
        CheckedSmulInt => pair(x.checked_mul(y), None, a.wrapping_mul(b), true),
        CheckedUaddInt => pair(None, a.checked_add(b), a.wrapping_add(b), false),
        CheckedUsubInt => pair(None, a.checked_sub(b), a.wrapping_sub(b), false),
        CheckedUmulInt => pair(None, a.checked_mul(b), a.wrapping_mul(b), false),
        _ => Err(Stop::Skip("integer intrinsic")),
    }
}

fn convert(tables: &Tables, op: Intrinsic, to: Type, from: Type, a: u128) -> Result<Val, Stop> {
    let (w, v) = (width(tables, from)?, width(tables, to)?);
    let real = || match from {
        Type::FLOAT64 => Ok(f64::from_bits(a as u64)),
        Type::FLOAT32 => Ok(f64::from(f32::from_bits(a as u32))),
        _ => Err(Stop::Skip("Float16")),
    };
    let float = |wide: f64, narrow: f32| match to {
        Type::FLOAT64 => Ok(u128::from(wide.to_bits())),
        Type::FLOAT32 => Ok(u128::from(narrow.to_bits())),
        _ => Err(Stop::Skip("Float16")),
    };
    let bits = match op {
        SextInt => cut(signed(a, w) as u128, v),
        ZextInt => a,
        TruncInt if to == Type::BOOL => return Err(Stop::Skip("truncation to Bool")),
        TruncInt => cut(a, v),
        Bitcast if to == Type::BOOL && a > 1 => return Err(Stop::Undefined),
        Bitcast => a,
        SiToFp => float(signed(a, w) as f64, signed(a, w) as f32)?,
        UiToFp => float(a as f64, a as f32)?,
        FpTrunc | FpExt => float(real()?, real()? as f32)?,
        FpToSi => {
            let x = real()?.trunc();
            let r = x as i128;
            if x.is_nan() || signed(r as u128, v) != r || r as f64 != x {
                return Err(Stop::Undefined);
            }
            cut(r as u128, v)
        }
        FpToUi => {
            let x = real()?.trunc();
            let r = x as u128;
            if x.is_nan() || cut(r, v) != r || r as f64 != x {
                return Err(Stop::Undefined);
            }
            r
        }
        _ => return Err(Stop::Skip("conversion")),
    };
    Ok(Val::Num(to, bits))
}

fn float(op: Intrinsic, ty: Type, args: &[(Type, u128)], ret: Type) -> Result<Val, Stop> {
    macro_rules! at_width {
        ($float:ty, $bits:ty) => {{
            let x: Vec<$float> = args
                .iter()
                .map(|&(_, bits)| <$float>::from_bits(bits as $bits))
                .collect();
            let y = x.get(1).copied().unwrap_or(0.0);
            let z = x.get(2).copied().unwrap_or(0.0);
            let x = x[0];
            let truth = |b: bool| Ok(Val::Num(Type::BOOL, b.into()));
            let r = match op {
                EqFloat | EqFloatFast => return truth(x == y),
                NeFloat | NeFloatFast => return truth(x != y),
                LtFloat | LtFloatFast => return truth(x < y),
                LeFloat | LeFloatFast => return truth(x <= y),
                FpisEq => {
                    return truth(x.to_bits() == y.to_bits() || (x.is_nan() && y.is_nan()));
                }
                NegFloat | NegFloatFast => -x,
                AbsFloat => x.abs(),
                CopysignFloat => x.copysign(y),
                CeilLlvm => x.ceil(),
                FloorLlvm => x.floor(),
                RintLlvm => x.round_ties_even(),
                TruncLlvm => x.trunc(),
                SqrtLlvm | SqrtLlvmFast => x.sqrt(),
                AddFloat | AddFloatFast => x + y,
                SubFloat | SubFloatFast => x - y,
                MulFloat | MulFloatFast => x * y,
                DivFloat | DivFloatFast => x / y,
                RemFloat | RemFloatFast => x % y,
                FmaFloat | MuladdFloat => x.mul_add(y, z),
                _ => return Err(Stop::Skip("float intrinsic")),
            };
            Ok(Val::Num(ret, r.to_bits().into()))
        }};
    }
    match ty {
        Type::FLOAT64 => at_width!(f64, u64),
        Type::FLOAT32 => at_width!(f32, u32),
        _ => Err(Stop::Skip("Float16")),
    }
}
