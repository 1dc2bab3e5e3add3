//! The number types of the tables: widths, literals, and the cells of a table as bits and back.
//! Knows nothing of functions.

/// A type whose values the tables list.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Number {
    /// An integer: signed or not, width in bits.
    Int(bool, u32),
    /// A float of this width in bits.
    Float(u32),
    Bool,
    Char,
}

use Number::{Bool, Char, Float, Int};

impl Number {
    /// The type that Julia calls so.
    pub fn from_name(name: &str) -> Option<Number> {
        let width = |prefix: &str| name.strip_prefix(prefix).and_then(|n| n.parse().ok());
        match name {
            "Bool" => Some(Bool),
            "Char" => Some(Char),
            _ => width("UInt")
                .map(|bits| Int(false, bits))
                .or_else(|| width("Int").map(|bits| Int(true, bits)))
                .or_else(|| width("Float").map(Float)),
        }
    }

    pub fn name(self) -> String {
        match self {
            Int(true, bits) => format!("Int{bits}"),
            Int(false, bits) => format!("UInt{bits}"),
            Float(bits) => format!("Float{bits}"),
            Bool => "Bool".into(),
            Char => "Char".into(),
        }
    }

    /// Width in bits.
    pub fn bits(self) -> u32 {
        match self {
            Int(_, bits) | Float(bits) => bits,
            Bool => 8,
            Char => 32,
        }
    }

    /// Size in bytes; also the alignment.
    pub fn size(self) -> usize {
        self.bits() as usize / 8
    }

    pub fn is_signed(self) -> bool {
        matches!(self, Int(true, _))
    }

    /// The integer of the same width.
    pub fn integer(self, signed: bool) -> Number {
        Int(signed, self.bits())
    }

    /// The integer of twice the width.
    pub fn widened(self) -> Number {
        Int(self.is_signed(), 2 * self.bits())
    }

    /// Bits of the exponent and of the fraction of the float of this width.
    pub fn float_parts(self) -> Option<(u32, u32)> {
        match self.bits() {
            16 => Some((5, 10)),
            32 => Some((8, 23)),
            64 => Some((11, 52)),
            _ => None,
        }
    }

    /// Whether a template's condition on a type, such as `signed` or `!wide`, holds.
    pub fn is(self, class: &str) -> bool {
        if let Some(other) = class.strip_prefix('!') {
            return !self.is(other);
        }
        class.split('|').any(|one| match one {
            "any" => true,
            "int" => matches!(self, Int(..)),
            "signed" => self.is_signed(),
            "unsigned" => matches!(self, Int(false, _)),
            "float" => matches!(self, Float(_)),
            "narrow" => matches!(self, Int(_, ..=32)),
            "wide" => matches!(self, Int(_, 128)),
            name => self.name() == name,
        })
    }

    fn mask(self) -> u128 {
        u128::MAX >> (128 - self.bits())
    }

    /// The least value of an integer and one more than its greatest, as floats.
    fn bounds(self) -> (f64, f64) {
        let bits = self.bits() as i32;
        if self.is_signed() {
            (-2f64.powi(bits - 1), 2f64.powi(bits - 1))
        } else {
            (0.0, 2f64.powi(bits))
        }
    }

    /// The bits of a constant that a template names, `lookup` giving the types that it refers to.
    pub fn constant(self, text: &str, lookup: &dyn Fn(&str) -> Option<Number>) -> Option<u128> {
        match self {
            Float(bits) => {
                let single = bits == 32;
                let x = match text {
                    "inf" => f64::INFINITY,
                    "nan" => f64::NAN,
                    "pi" if single => f64::from(std::f32::consts::PI),
                    "pi" => std::f64::consts::PI,
                    "eps" if single => f64::from(f32::EPSILON),
                    "eps" => f64::EPSILON,
                    _ => match text.split(' ').collect::<Vec<_>>()[..] {
                        ["min", of] => lookup(of)?.bounds().0,
                        ["min", of, "-", "1"] => lookup(of)?.bounds().0 - 1.0,
                        ["max", of, "+", "1"] => lookup(of)?.bounds().1,
                        _ => text.parse().ok()?,
                    },
                };
                match bits {
                    64 => Some(u128::from(x.to_bits())),
                    32 => Some(u128::from((x as f32).to_bits())),
                    _ => half_bits(x),
                }
            }
            Int(signed, bits) => {
                let parts = || self.float_parts();
                let sign = 1 << (bits - 1);
                let x: u128 = match text {
                    "min" => {
                        if signed {
                            sign
                        } else {
                            0
                        }
                    }
                    "max" => {
                        if signed {
                            sign - 1
                        } else {
                            u128::MAX
                        }
                    }
                    "bits" => bits.into(),
                    "bits-1" => (bits - 1).into(),
                    "sign" => sign,
                    "magnitude" => sign - 1,
                    "fraction" => (1 << parts()?.1) - 1,
                    "exponent" => (sign - 1) & !((1 << parts()?.1) - 1),
                    "one" => ((1 << (parts()?.0 - 1)) - 1) << parts()?.1,
                    "fraction bits" => parts()?.1.into(),
                    "exponent bits" => parts()?.0.into(),
                    _ => match text.strip_prefix("0x") {
                        Some(hex) => u128::from_str_radix(hex, 16).ok()?,
                        None => text.parse::<i128>().ok()? as u128,
                    },
                };
                Some(x & self.mask())
            }
            Bool | Char => None,
        }
    }

    /// A value as .jir writes it.
    pub fn literal(self, bits: u128) -> String {
        match self {
            Bool => (bits != 0).to_string(),
            _ => format!("{}(0x{bits:x})", self.name()),
        }
    }

    /// The bits of a value that a table lists.
    pub fn parse_cell(self, cell: &str) -> Option<u128> {
        match self {
            Int(true, _) => cell.parse::<i128>().ok().map(|x| x as u128 & self.mask()),
            Int(false, _) => cell.parse().ok(),
            Float(_) => u128::from_str_radix(cell, 16).ok(),
            Bool => cell.parse::<bool>().ok().map(u128::from),
            Char => None,
        }
    }

    /// A value as a table lists it.
    pub fn cell(self, bits: u128) -> String {
        match self {
            Int(true, width) => (((bits << (128 - width)) as i128) >> (128 - width)).to_string(),
            Int(false, _) => bits.to_string(),
            Float(width) if self.is_nan(bits) => {
                debug_assert!(width <= 64);
                "NaN".into()
            }
            Float(width) => format!("{bits:0digits$x}", digits = width as usize / 4),
            Bool => match bits {
                0 => "false".into(),
                1 => "true".into(),
                _ => format!("Bool({bits})"),
            },
            Char => format!("Char({bits:#x})"),
        }
    }

    fn is_nan(self, bits: u128) -> bool {
        self.float_parts().is_some_and(|(exponent, fraction)| {
            let infinity = ((1u128 << exponent) - 1) << fraction;
            bits & (self.mask() >> 1) > infinity
        })
    }
}

/// The bits of a Float16 that is zero, normal or infinite; `None` if `x` is not exactly one.
/// Numbers beyond the greatest become infinite.
fn half_bits(x: f64) -> Option<u128> {
    let sign = u128::from(x.is_sign_negative()) << 15;
    if x == 0.0 {
        return Some(sign);
    }
    if x.abs() >= 65536.0 {
        return Some(sign | 0x7c00);
    }
    let bits = x.to_bits();
    let exponent = (bits >> 52 & 0x7ff)
        .checked_sub(1023 - 15)
        .filter(|&e| e > 0)?;
    let fraction = bits & ((1 << 52) - 1);
    let exact = fraction.trailing_zeros() >= 42;
    exact.then_some(sign | u128::from(exponent) << 10 | u128::from(fraction >> 42))
}
