//! Floats: IEEE 754 arithmetic as the machine does it. `Float16` is computed in `Float64` and rounded
//! once, which is exact for these operations (24 digits are at least twice 11 and two more).

use crate::half;
use crate::intrinsic::Number;
use crate::outcome::{Result, unsupported};
use crate::value::{Value, mask};
use jlift_ir::{Intrinsic, Type};

use Intrinsic::*;

/// Evaluates an intrinsic on floats of one type.
pub(crate) fn evaluate(op: Intrinsic, args: &[Number], fma: bool) -> Result<Value> {
    let Some(&first) = args.first() else {
        return unsupported("an intrinsic without operands");
    };
    let ty = first.ty;
    let is_compare = op.shape() == jlift_ir::intrinsic::Shape::FloatCompare;
    if args.iter().any(|a| a.undefined != 0) {
        let (ty, width) = match is_compare {
            true => (Type::BOOL, 1),
            false => (ty, first.width),
        };
        return Ok(Value::Bits {
            ty,
            bits: 0,
            undefined: mask(width),
        });
    }
    // What is about bits is done on bits: it keeps NaNs as they are.
    let sign = 1 << (first.width - 1);
    let bits = |bits: u128| Ok(Value::bits(ty, bits));
    match (op, args) {
        (NegFloat | NegFloatFast, &[a]) => return bits(a.bits ^ sign),
        (AbsFloat, &[a]) => return bits(a.bits & !sign),
        (CopysignFloat, &[a, b]) => return bits((a.bits & !sign) | (b.bits & sign)),
        (FpisEq, &[a, b]) => {
            let nan = |x: Number| crate::value::is_nan(ty, x.bits);
            return Ok(Value::bool(a.bits == b.bits || (nan(a) && nan(b))));
        }
        _ => {}
    }
    match ty {
        Type::FLOAT64 => {
            let x: Vec<f64> = args.iter().map(|a| f64::from_bits(a.bits as u64)).collect();
            match is_compare {
                true => compare(op, &x).map(Value::bool),
                false => bits(double(op, &x, fma)?.to_bits().into()),
            }
        }
        Type::FLOAT32 => {
            let x: Vec<f32> = args.iter().map(|a| f32::from_bits(a.bits as u32)).collect();
            match is_compare {
                true => compare(op, &x).map(Value::bool),
                false => bits(single(op, &x, fma)?.to_bits().into()),
            }
        }
        Type::FLOAT16 => {
            let x: Vec<f64> = args.iter().map(|a| half::to_f64(a.bits as u16)).collect();
            if is_compare {
                return compare(op, &x).map(Value::bool);
            }
            let result = match (op, &x[..]) {
                // The product is rounded before the sum.
                (MuladdFloat, &[x, y, z]) if !fma => half::to_f64(half::from_f64(x * y)) + z,
                _ => double(op, &x, true)?,
            };
            bits(half::from_f64(result).into())
        }
        _ => unsupported("arithmetic on no float"),
    }
}

fn compare<F: PartialOrd>(op: Intrinsic, args: &[F]) -> Result<bool> {
    let [x, y] = args else {
        return unsupported("a comparison of other than two floats");
    };
    Ok(match op {
        EqFloat | EqFloatFast => x == y,
        NeFloat | NeFloatFast => x != y,
        LtFloat | LtFloatFast => x < y,
        LeFloat | LeFloatFast => x <= y,
        _ => return unsupported(format!("the comparison `{}`", op.name())),
    })
}

macro_rules! arithmetic {
    ($name:ident, $float:ty) => {
        fn $name(op: Intrinsic, args: &[$float], fma: bool) -> Result<$float> {
            Ok(match (op, args) {
                (CeilLlvm, &[x]) => x.ceil(),
                (FloorLlvm, &[x]) => x.floor(),
                (RintLlvm, &[x]) => x.round_ties_even(),
                (TruncLlvm, &[x]) => x.trunc(),
                (SqrtLlvm | SqrtLlvmFast, &[x]) => x.sqrt(),
                (AddFloat | AddFloatFast, &[x, y]) => x + y,
                (SubFloat | SubFloatFast, &[x, y]) => x - y,
                (MulFloat | MulFloatFast, &[x, y]) => x * y,
                (DivFloat | DivFloatFast, &[x, y]) => x / y,
                (RemFloat | RemFloatFast, &[x, y]) => x % y,
                (FmaFloat, &[x, y, z]) => x.mul_add(y, z),
                (MuladdFloat, &[x, y, z]) if fma => x.mul_add(y, z),
                (MuladdFloat, &[x, y, z]) => x * y + z,
                _ => return unsupported(format!("`{}` of floats", op.name())),
            })
        }
    };
}

arithmetic!(double, f64);
arithmetic!(single, f32);
