//! Numbers that are likely to show something: small ones, those at the ends of types, and any.

use crate::choices::Choices;
use jlift_ir::Type;

/// The bits of a number of a primitive type of this width. NaNs are the canonical one.
pub fn number(c: &mut Choices, ty: Type, width: u32) -> u128 {
    let mask = u128::MAX >> (128 - width.clamp(1, 128));
    if ty == Type::BOOL {
        return c.below(2) as u128;
    }
    if ty == Type::CHAR {
        return u128::from(0x20 + c.below(0x5f) as u32) << 24;
    }
    let bits = match ty {
        Type::FLOAT64 => float(c).to_bits().into(),
        Type::FLOAT32 => match c.below(8) {
            0 => canonical32(c.word() as u32).into(),
            _ => canonical32((float(c) as f32).to_bits()).into(),
        },
        Type::FLOAT16 => half(c).into(),
        _ => integer(c, width),
    };
    bits & mask
}

fn integer(c: &mut Choices, width: u32) -> u128 {
    match c.weighted(&[5, 2, 2, 1, 2]) {
        0 => c.below(10) as u128,
        1 => (c.below(6) as i128 - 6) as u128,
        2 => {
            let top = 1u128 << (width - 1);
            let ends = [top, top - 1, u128::MAX, top + 1, 1 << (width / 2)];
            c.one(&ends).unwrap_or(0)
        }
        3 => 1u128 << c.below(width as usize),
        _ => u128::from(c.word()) << 64 | u128::from(c.word()),
    }
}

fn float(c: &mut Choices) -> f64 {
    match c.weighted(&[4, 2, 2, 2]) {
        0 => c.below(40) as f64 / 4.0 - 3.0,
        1 => {
            let special = [
                0.0,
                -0.0,
                f64::NAN,
                f64::INFINITY,
                f64::NEG_INFINITY,
                5e-324,
                f64::MAX,
                f64::MIN_POSITIVE,
            ];
            c.one(&special).unwrap_or(0.0)
        }
        2 => {
            let any = f64::from_bits(c.word());
            if any.is_nan() { f64::NAN } else { any }
        }
        _ => c.word() as i64 as f64 / 65536.0,
    }
}

fn canonical32(bits: u32) -> u32 {
    match f32::from_bits(bits).is_nan() {
        true => 0x7fc0_0000,
        false => bits,
    }
}

fn half(c: &mut Choices) -> u16 {
    let bits = match c.below(3) {
        0 => c
            .one(&[0x3c00, 0, 0x8000, 0x7e00, 0x7c00, 0xfc00, 1, 0x7bff, 0xc100])
            .unwrap_or(0),
        // From 0.5 to 16, with a sign.
        1 => (0x3800 + c.below(0x1400) as u16) | (c.below(2) as u16) << 15,
        _ => c.word() as u16,
    };
    if bits & 0x7fff > 0x7c00 { 0x7e00 } else { bits }
}
