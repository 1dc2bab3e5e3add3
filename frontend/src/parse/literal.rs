//! Numeric literals: from their text to a type and bits. Knows nothing of syntax trees.

use jlift_ir::Type;

/// The value of a literal.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Number {
    Bits {
        ty: Type,
        bits: u64,
    },
    Wide {
        ty: Type,
        bits: u128,
    },
    /// Decimal digits with an optional sign.
    Big(String),
}

/// What is wrong with a literal.
pub(crate) type Problem = &'static str;

/// A decimal integer: the first of `Int64`, `Int128`, `BigInt` that holds it.
pub(crate) fn decimal_integer(text: &str, negative: bool) -> Result<Number, Problem> {
    let digits: String = text.chars().filter(|&c| c != '_').collect();
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err("invalid numeric constant");
    }
    let trimmed = digits.trim_start_matches('0');
    let value = if trimmed.is_empty() {
        Some(0)
    } else {
        trimmed.parse::<u128>().ok()
    };
    let limit = |bits: u32| (1u128 << (bits - 1)) - 1 + u128::from(negative);
    Ok(match value {
        Some(v) if v <= limit(64) => {
            let v = v as u64;
            Number::Bits {
                ty: Type::INT64,
                bits: if negative { v.wrapping_neg() } else { v },
            }
        }
        Some(v) if v <= limit(128) => Number::Wide {
            ty: Type::INT128,
            bits: if negative { v.wrapping_neg() } else { v },
        },
        _ => Number::Big(format!("{}{trimmed}", if negative { "-" } else { "" })),
    })
}

/// A literal with prefix `0x`, `0o` or `0b`: the number of digits, leading zeros included, gives
/// the unsigned type.
pub(crate) fn prefixed_integer(text: &str) -> Result<Number, Problem> {
    let (radix, digits) = match text.get(..2) {
        Some("0x" | "0X") => (16, &text[2..]),
        Some("0o") => (8, &text[2..]),
        Some("0b") => (2, &text[2..]),
        _ => return Err("invalid numeric constant"),
    };
    let digits: Vec<u32> = digits
        .chars()
        .filter(|&c| c != '_')
        .map(|c| c.to_digit(radix))
        .collect::<Option<_>>()
        .ok_or("invalid numeric constant")?;
    let Some((&first, rest)) = digits.split_first() else {
        return Err("invalid numeric constant");
    };
    let width = match radix {
        16 => 4 * digits.len(),
        8 => 3 * rest.len() + (u32::BITS - first.leading_zeros()) as usize,
        _ => digits.len(),
    };
    let ty = match width {
        0..=8 => Type::UINT8,
        9..=16 => Type::UINT16,
        17..=32 => Type::UINT32,
        33..=64 => Type::UINT64,
        65..=128 => Type::UINT128,
        _ => return Ok(Number::Big(to_decimal(&digits, radix))),
    };
    let value = digits
        .iter()
        .fold(0u128, |v, &d| v * u128::from(radix) + u128::from(d));
    Ok(if ty == Type::UINT128 {
        Number::Wide { ty, bits: value }
    } else {
        Number::Bits {
            ty,
            bits: value as u64,
        }
    })
}

/// Decimal digits of a number of any length.
fn to_decimal(digits: &[u32], radix: u32) -> String {
    // Limbs of nine decimal digits, least significant first.
    const LIMB: u64 = 1_000_000_000;
    let mut limbs = vec![0u64];
    for &digit in digits {
        let mut carry = u64::from(digit);
        for limb in &mut limbs {
            let v = *limb * u64::from(radix) + carry;
            *limb = v % LIMB;
            carry = v / LIMB;
        }
        if carry > 0 {
            limbs.push(carry);
        }
    }
    let text: String = limbs.iter().rev().map(|l| format!("{l:09}")).collect();
    let trimmed = text.trim_start_matches('0');
    if trimmed.is_empty() { "0" } else { trimmed }.to_owned()
}

/// A `Float64` literal, decimal or hexadecimal, correctly rounded.
pub(super) fn float64(text: &str) -> Result<f64, Problem> {
    let text: String = text
        .chars()
        .filter(|&c| c != '_')
        .map(|c| if c == '\u{2212}' { '-' } else { c })
        .collect();
    if text.starts_with("0x") || text.starts_with("0X") {
        return hex_float(&text[2..]);
    }
    finite(text.parse::<f64>(), f64::is_finite)
}

/// A `Float32` literal: `f` instead of `e` before the exponent.
pub(super) fn float32(text: &str) -> Result<f32, Problem> {
    let text: String = text
        .chars()
        .filter(|&c| c != '_')
        .map(|c| match c {
            'f' | 'F' => 'e',
            '\u{2212}' => '-',
            c => c,
        })
        .collect();
    finite(text.parse::<f32>(), f32::is_finite)
}

fn finite<T: Copy, E>(value: Result<T, E>, is_finite: fn(T) -> bool) -> Result<T, Problem> {
    match value {
        Ok(v) if is_finite(v) => Ok(v),
        Ok(_) => Err("overflow in floating point literal"),
        Err(_) => Err("invalid numeric constant"),
    }
}

/// What follows `0x` in a hexadecimal float: digits, optional fraction, `p` and an exponent.
fn hex_float(text: &str) -> Result<f64, Problem> {
    let invalid = "invalid numeric constant";
    let (mantissa, exponent) = text
        .split_once(['p', 'P'])
        .ok_or("hex float literal must contain `p` or `P`")?;
    let exponent: i64 = match exponent.parse::<i64>() {
        Ok(e) => e.clamp(-1_000_000, 1_000_000),
        Err(_) => {
            let digits = exponent.trim_start_matches(['+', '-']);
            if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
                return Err(invalid);
            }
            // More digits than 64 bits hold.
            if exponent.starts_with('-') {
                -1_000_000
            } else {
                1_000_000
            }
        }
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut significand = 0u64;
    // Power of two of the lowest bit of the significand.
    let mut scale = exponent;
    let mut sticky = false;
    let mut any = false;
    let digits = whole.chars().map(|c| (c, false));
    for (c, in_fraction) in digits.chain(fraction.chars().map(|c| (c, true))) {
        let digit = c.to_digit(16).ok_or(invalid)?;
        any = true;
        if significand >> 59 == 0 {
            significand = significand << 4 | u64::from(digit);
            scale -= if in_fraction { 4 } else { 0 };
        } else {
            sticky |= digit != 0;
            scale += if in_fraction { 0 } else { 4 };
        }
    }
    if !any {
        return Err(invalid);
    }
    let value = scale_binary(significand, scale, sticky);
    finite(Ok::<f64, ()>(value), f64::is_finite)
}

/// `significand * 2^scale` (plus a little if `sticky`), rounded to nearest, ties to even.
fn scale_binary(significand: u64, scale: i64, sticky: bool) -> f64 {
    if significand == 0 {
        return 0.0;
    }
    let shift = i64::from(significand.leading_zeros());
    let significand = significand << shift;
    // The value is 1.x * 2^exponent.
    let exponent = scale - shift + 63;
    if exponent > 1023 {
        return f64::INFINITY;
    }
    let kept = if exponent >= -1022 {
        53
    } else {
        53 - (-1022 - exponent)
    };
    if kept < 0 {
        return 0.0;
    }
    let quotient = significand.checked_shr(64 - kept as u32).unwrap_or(0);
    let rest = significand << kept;
    let half = 1u64 << 63;
    let up = rest > half || (rest == half && (sticky || quotient & 1 == 1));
    let rounded = quotient + u64::from(up);
    // `rounded` may be 2^53, or reach the smallest normal number; both carry into the exponent.
    let biased = if exponent >= -1022 {
        (exponent + 1022) as u64
    } else {
        0
    };
    f64::from_bits((biased << 52) + rounded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_integers_take_the_narrowest_signed_type() {
        let bits = |ty, bits| Ok(Number::Bits { ty, bits });
        assert_eq!(decimal_integer("1_000", false), bits(Type::INT64, 1000));
        assert_eq!(
            decimal_integer("9223372036854775808", true),
            bits(Type::INT64, 1 << 63)
        );
        assert_eq!(
            decimal_integer("9223372036854775808", false),
            Ok(Number::Wide {
                ty: Type::INT128,
                bits: 1 << 63
            })
        );
        assert_eq!(
            decimal_integer("170141183460469231731687303715884105728", false),
            Ok(Number::Big(
                "170141183460469231731687303715884105728".into()
            ))
        );
    }

    #[test]
    fn leading_zeros_widen_prefixed_integers() {
        let ty = |text| match prefixed_integer(text) {
            Ok(Number::Bits { ty, .. } | Number::Wide { ty, .. }) => ty,
            other => panic!("{other:?}"),
        };
        assert_eq!(ty("0x1"), Type::UINT8);
        assert_eq!(ty("0x001"), Type::UINT16);
        assert_eq!(ty("0b000000000"), Type::UINT16);
        assert_eq!(ty("0o377"), Type::UINT8);
        assert_eq!(ty("0o400"), Type::UINT16);
        assert_eq!(ty("0x00000000000000001"), Type::UINT128);
        assert_eq!(
            prefixed_integer("0x100000000000000000000000000000000"),
            Ok(Number::Big(
                "340282366920938463463374607431768211456".into()
            ))
        );
    }

    #[test]
    fn hex_floats_round_to_nearest_even() {
        assert_eq!(float64("0x1.8p3"), Ok(12.0));
        assert_eq!(float64("0x.8p0"), Ok(0.5));
        assert_eq!(float64("0x1p-1074"), Ok(f64::from_bits(1)));
        assert_eq!(float64("0x1p-1075"), Ok(0.0));
        assert_eq!(float64("0x1.8p-1075"), Ok(f64::from_bits(1)));
        assert_eq!(float64("0x1.00000000000008p0"), Ok(1.0));
        assert_eq!(
            float64("0x1.000000000000080000000000000000001p0"),
            Ok(1.0 + f64::EPSILON)
        );
        assert_eq!(
            float64("0x1.00000000000018p0"),
            Ok(1.0 + 2.0 * f64::EPSILON)
        );
        assert_eq!(float64("0x1.fffffffffffffp1023"), Ok(f64::MAX));
        assert!(float64("0x1.fffffffffffff8p1023").is_err());
        assert_eq!(float64("0x1.ffffffffffffffp-1023"), Ok(f64::MIN_POSITIVE));
        assert!(float64("0x1.8").is_err());
    }

    #[test]
    fn decimal_floats_overflow_is_an_error() {
        assert_eq!(float64("1_0.5e-3"), Ok(0.0105));
        assert_eq!(float32("1.5f1"), Ok(15.0));
        assert_eq!(float64(".5"), Ok(0.5));
        assert_eq!(float64("1."), Ok(1.0));
        assert!(float64("1e400").is_err());
        assert!(float32("1f40").is_err());
    }
}
