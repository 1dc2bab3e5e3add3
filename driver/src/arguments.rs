//! Calls as a user writes them on the command line, `f(10, 2.5, UInt8(3), true, 'x')`: parsing, and
//! converting the literals to the parameters' types as Julia's `convert` would.

use jlift_ir::{Tables, Type, Value};

/// A call.
#[derive(Clone, PartialEq, Debug)]
pub struct Call {
    pub name: String,
    pub args: Vec<Literal>,
}

/// A literal argument.
#[derive(Clone, PartialEq, Debug)]
pub enum Literal {
    /// An integer and the type it was written as; `None` for a plain decimal.
    Int {
        value: i128,
        ty: Option<Type>,
    },
    /// An unsigned 128-bit integer beyond the others.
    Wide(u128),
    Float {
        value: f64,
        ty: Type,
    },
    Bool(bool),
    Char(char),
    Nothing,
    /// A null or given address, `Ptr(0x…)` or `C_NULL`.
    Pointer(u64),
}

/// Parses `name(literal, …)`.
pub fn parse_call(text: &str) -> Result<Call, String> {
    let text = text.trim();
    let (name, rest) = text
        .split_once('(')
        .ok_or_else(|| format!("`{text}` is not a call such as f(10, 2.5)"))?;
    let inside = rest
        .strip_suffix(')')
        .ok_or_else(|| format!("`{text}` does not end in `)`"))?;
    let mut args = Vec::new();
    for part in split(inside) {
        let part = part.trim();
        if part.is_empty() {
            if inside.trim().is_empty() {
                break;
            }
            return Err("an argument is missing between commas".into());
        }
        args.push(parse_literal(part)?);
    }
    Ok(Call {
        name: name.trim().to_string(),
        args,
    })
}

/// Splits at commas outside of parentheses and quotes.
fn split(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut quoted, mut start) = (0u32, false, 0);
    for (i, c) in text.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth = depth.saturating_sub(1),
            ',' if !quoted && depth == 0 => {
                parts.push(&text[start..i]);
                start = i + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

fn parse_literal(text: &str) -> Result<Literal, String> {
    let bad = || format!("`{text}` is not a literal of a number, Bool, Char or nothing");
    match text {
        "true" => return Ok(Literal::Bool(true)),
        "false" => return Ok(Literal::Bool(false)),
        "nothing" => return Ok(Literal::Nothing),
        "C_NULL" => return Ok(Literal::Pointer(0)),
        "NaN" => {
            return Ok(Literal::Float {
                value: f64::NAN,
                ty: Type::FLOAT64,
            });
        }
        "Inf" => {
            return Ok(Literal::Float {
                value: f64::INFINITY,
                ty: Type::FLOAT64,
            });
        }
        "-Inf" => {
            return Ok(Literal::Float {
                value: f64::NEG_INFINITY,
                ty: Type::FLOAT64,
            });
        }
        "NaN32" => {
            return Ok(Literal::Float {
                value: f64::NAN,
                ty: Type::FLOAT32,
            });
        }
        "Inf32" => {
            return Ok(Literal::Float {
                value: f64::INFINITY,
                ty: Type::FLOAT32,
            });
        }
        "-Inf32" => {
            return Ok(Literal::Float {
                value: f64::NEG_INFINITY,
                ty: Type::FLOAT32,
            });
        }
        _ => {}
    }
    if let Some(inside) = text.strip_prefix('\'').and_then(|t| t.strip_suffix('\'')) {
        let mut chars = inside.chars();
        return match (chars.next(), chars.next(), chars.next()) {
            (Some(c), None, None) => Ok(Literal::Char(c)),
            (Some('\\'), Some(c), None) => Ok(Literal::Char(match c {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                '0' => '\0',
                '\\' | '\'' => c,
                _ => return Err(bad()),
            })),
            _ => Err(bad()),
        };
    }
    if let Some((head, rest)) = text.split_once('(') {
        let inside = rest.strip_suffix(')').ok_or_else(bad)?.trim();
        let ty = named_type(head.trim()).ok_or_else(bad)?;
        return match parse_literal(inside)? {
            Literal::Int { value, .. } if ty.is_integer() => {
                fits(value, ty)?;
                Ok(Literal::Int {
                    value,
                    ty: Some(ty),
                })
            }
            Literal::Wide(value) if ty == Type::UINT128 => Ok(Literal::Wide(value)),
            Literal::Int { value, .. } if ty.is_float() => Ok(Literal::Float {
                value: value as f64,
                ty,
            }),
            Literal::Float { value, .. } if ty.is_float() => Ok(Literal::Float { value, ty }),
            _ => Err(bad()),
        };
    }
    let (digits, negative) = match text.strip_prefix('-') {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    for (prefix, radix, bits_a_digit) in [("0x", 16, 4), ("0b", 2, 1), ("0o", 8, 3)] {
        if let Some(rest) = digits.strip_prefix(prefix) {
            let clean = rest.replace('_', "");
            let value = u128::from_str_radix(&clean, radix).map_err(|_| bad())?;
            // The type of such a literal follows from the number of its digits.
            let ty = match clean.len() * bits_a_digit {
                0..=8 => Type::UINT8,
                9..=16 => Type::UINT16,
                17..=32 => Type::UINT32,
                33..=64 => Type::UINT64,
                _ => Type::UINT128,
            };
            if negative {
                return Err(bad());
            }
            return match i128::try_from(value) {
                Ok(value) => Ok(Literal::Int {
                    value,
                    ty: Some(ty),
                }),
                Err(_) => Ok(Literal::Wide(value)),
            };
        }
    }
    let clean = text.replace('_', "");
    if clean.chars().all(|c| c.is_ascii_digit() || c == '-') {
        return match clean.parse::<i128>() {
            Ok(value) => Ok(Literal::Int { value, ty: None }),
            Err(_) => clean.parse::<u128>().map(Literal::Wide).map_err(|_| bad()),
        };
    }
    let is_float = clean
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'f'));
    if is_float && clean.chars().any(|c| c.is_ascii_digit()) {
        // `1.5f0` is a Float32.
        let (number, ty) = match clean.split_once('f') {
            Some((mantissa, exponent)) => (format!("{mantissa}e{exponent}"), Type::FLOAT32),
            None => (clean, Type::FLOAT64),
        };
        let value = number.parse::<f64>().map_err(|_| bad())?;
        if value.is_infinite() {
            return Err(format!("`{text}` is larger than any Float64"));
        }
        let value = if ty == Type::FLOAT32 {
            f64::from(number.parse::<f32>().map_err(|_| bad())?)
        } else {
            value
        };
        return Ok(Literal::Float { value, ty });
    }
    Err(bad())
}

fn named_type(name: &str) -> Option<Type> {
    Some(match name {
        "Int" => Type::INT64,
        "UInt" => Type::UINT64,
        "Int8" => Type::INT8,
        "Int16" => Type::INT16,
        "Int32" => Type::INT32,
        "Int64" => Type::INT64,
        "Int128" => Type::INT128,
        "UInt8" => Type::UINT8,
        "UInt16" => Type::UINT16,
        "UInt32" => Type::UINT32,
        "UInt64" => Type::UINT64,
        "UInt128" => Type::UINT128,
        "Float16" => Type::FLOAT16,
        "Float32" => Type::FLOAT32,
        "Float64" => Type::FLOAT64,
        _ => return None,
    })
}

fn fits(value: i128, ty: Type) -> Result<u128, String> {
    let width = ty.builtin_bits().unwrap_or(64);
    let (low, high) = if ty.is_signed() {
        (i128::MIN >> (128 - width), i128::MAX >> (128 - width))
    } else {
        (
            0,
            if width >= 127 {
                i128::MAX
            } else {
                (1 << width) - 1
            },
        )
    };
    if (low..=high).contains(&value) {
        let mask = if width == 128 {
            u128::MAX
        } else {
            (1 << width) - 1
        };
        Ok(value as u128 & mask)
    } else {
        let name = named(ty);
        Err(format!("InexactError: trunc({name}, {value})"))
    }
}

fn named(ty: Type) -> &'static str {
    [
        "Int8", "Int16", "Int32", "Int64", "Int128", "UInt8", "UInt16", "UInt32", "UInt64",
        "UInt128", "Float16", "Float32", "Float64",
    ]
    .into_iter()
    .find(|n| named_type(n) == Some(ty))
    .unwrap_or("?")
}

/// The `Float16` nearest to a number, ties to even, as its bits.
fn half_bits(value: f64) -> u16 {
    let sign = if value.is_sign_negative() { 0x8000 } else { 0 };
    let x = value.abs();
    if x.is_nan() {
        return sign | 0x7e00;
    }
    // In units of the last of the 11 bits of the fraction at this size; all of it is exact.
    let exponent = ((x.to_bits() >> 52) as i32 - 1023).clamp(-14, 16);
    let units = (x / 2f64.powi(exponent - 10)).round_ties_even();
    // A fraction that was rounded up to the next power of two carries into the exponent.
    let bits = if exponent == -14 {
        units
    } else {
        f64::from(exponent + 14) * 1024.0 + units
    };
    sign | (bits.min(f64::from(0x7c00)) as u16)
}

impl Literal {
    /// Whether the literal has this type without conversion.
    pub fn is_exactly(&self, ty: Type) -> bool {
        match self {
            Literal::Int { ty: written, .. } => written.unwrap_or(Type::INT64) == ty,
            Literal::Wide(_) => ty == Type::UINT128,
            Literal::Float { ty: written, .. } => *written == ty,
            Literal::Bool(_) => ty == Type::BOOL,
            Literal::Char(_) => ty == Type::CHAR,
            Literal::Nothing => ty == Type::NOTHING,
            Literal::Pointer(_) => false,
        }
    }

    /// The literal as a value of a parameter's type; refused where `convert` would throw.
    pub fn convert(&self, tables: &mut Tables, ty: Type) -> Result<Value, String> {
        let text = jlift_ir::text::type_text(tables, ty);
        let refuse = |what: &str| Err(format!("{what} cannot be converted to {text}"));
        if tables.pointee(ty).is_some() {
            return match self {
                Literal::Pointer(bits) => Ok(Value::Imm { ty, bits: *bits }),
                Literal::Int { value, .. } => match u64::try_from(*value) {
                    Ok(bits) => Ok(Value::Imm { ty, bits }),
                    Err(_) => refuse("the number"),
                },
                _ => refuse("the argument"),
            };
        }
        if ty.is_integer() {
            let width = ty.builtin_bits().unwrap_or(64);
            let bits = match self {
                Literal::Int { value, .. } => fits(*value, ty)?,
                Literal::Wide(value) if ty == Type::UINT128 => *value,
                Literal::Wide(value) => {
                    return Err(format!("InexactError: trunc({text}, {value})"));
                }
                Literal::Bool(b) => u128::from(*b),
                Literal::Float { value, .. } => {
                    let shown = if value.is_finite() {
                        jlift_ir::text::float64_text(*value)
                    } else {
                        // `Inf` and `NaN` as Julia writes them.
                        value.to_string().replace("inf", "Inf")
                    };
                    if value.fract() != 0.0 || !value.is_finite() || value.abs() >= 1.7e38 {
                        return Err(format!("InexactError: {text}({shown})"));
                    }
                    fits(*value as i128, ty)
                        .map_err(|_| format!("InexactError: {text}({shown})"))?
                }
                _ => return refuse("the argument"),
            };
            return Ok(tables.primitive(ty, width, bits));
        }
        if ty.is_float() {
            let value = match self {
                Literal::Int { value, .. } => *value as f64,
                Literal::Wide(value) => *value as f64,
                Literal::Bool(b) => f64::from(u8::from(*b)),
                Literal::Float { value, .. } => *value,
                _ => return refuse("the argument"),
            };
            let bits = match (ty, self) {
                (Type::FLOAT64, _) => value.to_bits(),
                (Type::FLOAT32, Literal::Int { value, .. }) => u64::from((*value as f32).to_bits()),
                (Type::FLOAT32, _) => u64::from((value as f32).to_bits()),
                _ => u64::from(half_bits(value)),
            };
            return Ok(Value::Imm { ty, bits });
        }
        match (self, ty) {
            (Literal::Bool(b), Type::BOOL) => Ok(Value::bool(*b)),
            (Literal::Int { value: 0, .. }, Type::BOOL) => Ok(Value::bool(false)),
            (Literal::Int { value: 1, .. }, Type::BOOL) => Ok(Value::bool(true)),
            (Literal::Int { value, .. }, Type::BOOL) => Err(format!("InexactError: Bool({value})")),
            (Literal::Nothing, Type::NOTHING) => Ok(Value::NOTHING),
            (Literal::Char(c), Type::CHAR) => {
                // Julia keeps the UTF-8 bytes of a Char, first byte highest.
                let mut bytes = [0; 4];
                let len = c.encode_utf8(&mut bytes).len();
                let mut bits = 0u32;
                for &b in &bytes[..len] {
                    bits = bits << 8 | u32::from(b);
                }
                bits <<= 8 * (4 - len) as u32 % 32;
                Ok(Value::Imm {
                    ty,
                    bits: u64::from(bits),
                })
            }
            _ => refuse("the argument"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::half_bits;

    #[test]
    fn numbers_round_to_the_nearest_half_precision_one() {
        for (value, bits) in [
            (0.0, 0x0000),
            (-0.0, 0x8000),
            (1.0, 0x3c00),
            (-2.5, 0xc100),
            (0.1, 0x2e66),
            (65504.0, 0x7bff),
            (65519.9, 0x7bff),
            (65520.0, 0x7c00),
            (1e300, 0x7c00),
            (f64::NEG_INFINITY, 0xfc00),
            (f64::NAN, 0x7e00),
            (2f64.powi(-14), 0x0400),
            (2f64.powi(-24), 0x0001),
            (2f64.powi(-25), 0x0000),
            (3.0 * 2f64.powi(-25), 0x0002),
            (1.0 + 2f64.powi(-11), 0x3c00),
            (1.0 + 3.0 * 2f64.powi(-11), 0x3c02),
            (2.0 - 2f64.powi(-11), 0x4000),
        ] {
            assert_eq!(half_bits(value), bits, "{value}");
        }
    }
}
