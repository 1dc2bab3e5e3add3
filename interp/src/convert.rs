//! Conversions between numbers. A float that does not fit into an integer type gives an undefined
//! result.

use crate::half;
use crate::intrinsic::Number;
use crate::outcome::{Result, unsupported};
use crate::value::{Value, mask, signed};
use jlift_ir::{Intrinsic, Type};

use Intrinsic::*;

/// `intrinsic(type To, a)`.
pub(crate) fn convert(op: Intrinsic, a: Number, to: Type, width: u32) -> Result<Value> {
    let all = mask(width);
    let value = |bits: u128, undefined: u128| {
        let undefined = undefined & all;
        Ok(Value::Bits {
            ty: to,
            bits: bits & all & !undefined,
            undefined,
        })
    };
    let sign_extended = |bits: u128| signed(bits, a.width) as u128;
    match op {
        SextInt => return value(sign_extended(a.bits), sign_extended(a.undefined)),
        ZextInt | TruncInt | Bitcast => return value(a.bits, a.undefined),
        _ if a.undefined != 0 => return value(0, all),
        _ => {}
    }
    match op {
        SiToFp => {
            let x = signed(a.bits, a.width);
            match to {
                Type::FLOAT64 => value((x as f64).to_bits().into(), 0),
                Type::FLOAT32 => value((x as f32).to_bits().into(), 0),
                // What rounds to a finite Float16 is exact in Float64.
                Type::FLOAT16 => value(half::from_f64(x as f64).into(), 0),
                _ => unsupported("a conversion to no float"),
            }
        }
        UiToFp => {
            let x = a.bits;
            match to {
                Type::FLOAT64 => value((x as f64).to_bits().into(), 0),
                Type::FLOAT32 => value((x as f32).to_bits().into(), 0),
                Type::FLOAT16 => value(half::from_f64(x as f64).into(), 0),
                _ => unsupported("a conversion to no float"),
            }
        }
        FpExt | FpTrunc => {
            // Every float is exact in Float64, so that there is one rounding.
            let x = as_f64(a)?;
            match to {
                Type::FLOAT64 => value(x.to_bits().into(), 0),
                Type::FLOAT32 => value((x as f32).to_bits().into(), 0),
                Type::FLOAT16 => value(half::from_f64(x).into(), 0),
                _ => unsupported("a conversion to no float"),
            }
        }
        FpToSi => {
            let x = as_f64(a)?.trunc();
            let result = x as i128;
            // `as` saturates: a result in range that is equal is exact.
            let in_range = result as f64 == x && signed(result as u128, width) == result;
            let saturated = x >= 2f64.powi(127);
            match in_range && !saturated {
                true => value(result as u128, 0),
                false => value(0, all),
            }
        }
        FpToUi => {
            let x = as_f64(a)?.trunc();
            let result = x as u128;
            let in_range = result as f64 == x && result <= all;
            let saturated = x >= 2f64.powi(128);
            match in_range && !saturated {
                true => value(result, 0),
                false => value(0, all),
            }
        }
        _ => unsupported(format!("the conversion `{}`", op.name())),
    }
}

fn as_f64(a: Number) -> Result<f64> {
    match a.ty {
        Type::FLOAT64 => Ok(f64::from_bits(a.bits as u64)),
        Type::FLOAT32 => Ok(f32::from_bits(a.bits as u32).into()),
        Type::FLOAT16 => Ok(half::to_f64(a.bits as u16)),
        _ => unsupported("a conversion of no float"),
    }
}
