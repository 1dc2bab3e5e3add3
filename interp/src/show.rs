//! Values as `print` and `show` write them, as far as error texts need it.

use crate::interpreter::Interpreter;
use crate::outcome::{Result, Stop, unsupported};
use crate::value::{Value, signed};
use jlift_ir::text::float64_text;
use jlift_ir::{Type, TypeClass};

/// As `print` or as `show` writes.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Mode {
    Print,
    Show,
}

/// Tuples inside of tuples that are shown.
const MAX_DEPTH: u32 = 64;

impl Interpreter<'_> {
    /// The text of a value, where it has one that is known here.
    pub(crate) fn text_or_stop(&mut self, value: &Value, mode: Mode) -> Result<Vec<u8>> {
        match self.text(value, mode)? {
            Some(text) => Ok(text),
            None => unsupported("the text of a value with a method of its own"),
        }
    }

    /// The text of a value; `None` if that is a matter of the program's own methods.
    pub(crate) fn text(&mut self, value: &Value, mode: Mode) -> Result<Option<Vec<u8>>> {
        self.text_within(value, mode, MAX_DEPTH)
    }

    fn text_within(&mut self, value: &Value, mode: Mode, depth: u32) -> Result<Option<Vec<u8>>> {
        let Some(depth) = depth.checked_sub(1) else {
            return unsupported("the text of a deeply nested value");
        };
        let show = mode == Mode::Show;
        let value = &self.content(value)?;
        Ok(match *value {
            Value::Bits {
                ty,
                bits,
                undefined,
            } => {
                if undefined != 0 {
                    return Err(Stop::Undefined("an error text"));
                }
                match self.module.tables.class(ty) {
                    TypeClass::Pointer => {
                        let name = self.type_name(ty);
                        Some(format!("{name} @0x{bits:016x}").into_bytes())
                    }
                    _ => number(ty, bits, show),
                }
            }
            Value::Object {
                ty: ty @ (Type::STRING | Type::SYMBOL),
                address,
            } => {
                let Some(bytes) = self.text_bytes(address)? else {
                    return Err(Stop::Undefined("an error text"));
                };
                Some(match (show, ty) {
                    (false, _) => bytes,
                    (true, Type::STRING) => quoted(&bytes),
                    (true, _) => shown_symbol(&bytes),
                })
            }
            // Its parts, each as `print` writes it.
            Value::Object { ty, address } if ty == Type::LAZY_STRING => {
                if show {
                    return unsupported("`show` of a lazy string");
                }
                let parts = self.heap_field(ty, address, 0)?;
                let Value::Aggregate(_, parts) = self.content(&parts)? else {
                    return unsupported("a lazy string without parts");
                };
                let mut out = Vec::new();
                for part in parts.iter() {
                    match self.text_within(part, Mode::Print, depth)? {
                        Some(text) => out.extend(text),
                        None => return Ok(None),
                    }
                }
                Some(out)
            }
            Value::Aggregate(ty, ref parts) if ty == Type::LAZY_STRING => {
                let parts = parts.first().map(|parts| self.content(parts)).transpose()?;
                let Some(Value::Aggregate(_, parts)) = parts else {
                    return unsupported("a lazy string without parts");
                };
                let mut out = Vec::new();
                for part in parts.iter() {
                    match self.text_within(part, Mode::Print, depth)? {
                        Some(text) => out.extend(text),
                        None => return Ok(None),
                    }
                }
                Some(out)
            }
            Value::Aggregate(ty, ref fields) => {
                if ty != Type::ANY && !self.module.tables.is_tuple(ty) {
                    return Ok(None);
                }
                let mut out = b"(".to_vec();
                for (n, field) in fields.iter().enumerate() {
                    if n > 0 {
                        out.extend(b", ");
                    }
                    match self.text_within(field, Mode::Show, depth)? {
                        Some(text) => out.extend(text),
                        None => return Ok(None),
                    }
                }
                out.extend(if fields.len() == 1 { &b",)"[..] } else { b")" });
                Some(out)
            }
            Value::Singleton(Type::NOTHING) => Some(b"nothing".to_vec()),
            Value::Singleton(ty) if self.module.tables.is_tuple(ty) => Some(b"()".to_vec()),
            Value::Singleton(ty) => self.function_text(ty).map(String::into_bytes),
            Value::Type(ty) => Some(self.type_name(ty).into_bytes()),
            Value::Module(name) => Some(self.name(name).as_bytes().to_vec()),
            Value::Undefined | Value::Unset => return Err(Stop::Undefined("an error text")),
            Value::Object { .. } | Value::Exception(_) | Value::Token(_) => None,
        })
    }
}

/// A number, character or `Bool`; `None` of other primitives.
fn number(ty: Type, bits: u128, show: bool) -> Option<Vec<u8>> {
    let width = ty.builtin_bits()?;
    let text = match ty {
        Type::BOOL => (bits & 1 != 0).to_string(),
        Type::FLOAT64 => float(f64::from_bits(bits as u64)),
        Type::FLOAT32 => {
            let x = f32::from_bits(bits as u32);
            narrow(&shortest(x), x.into(), show.then_some(("f", "f0", "32")))
        }
        Type::FLOAT16 => {
            let text = half_text(crate::half::to_f64(bits as u16));
            if show {
                format!("Float16({text})")
            } else {
                text
            }
        }
        Type::CHAR => {
            // The UTF-8 bytes, left-aligned: at least one, then up to the last that is not zero.
            let bytes = (bits as u32).to_be_bytes();
            let len = bytes.iter().rposition(|&b| b != 0).map_or(1, |i| i + 1);
            return Some(match show {
                false => bytes[..len].to_vec(),
                true => shown_character(&bytes[..len]),
            });
        }
        _ if ty.is_signed() => signed(bits, width).to_string(),
        _ if show => format!("0x{bits:0digits$x}", digits = width as usize / 4),
        _ => bits.to_string(),
    };
    Some(text.into_bytes())
}

fn float(x: f64) -> String {
    match x {
        _ if x.is_nan() => "NaN".into(),
        f64::INFINITY => "Inf".into(),
        f64::NEG_INFINITY => "-Inf".into(),
        _ => float64_text(x),
    }
}

/// The Float64 whose shortest digits are those of a Float32.
fn shortest(x: f32) -> String {
    format!("{x:e}")
}

/// The shortest decimal number that is nearest to this Float16 among all of them.
fn shortest16(x: f64) -> String {
    let bits = crate::half::from_f64(x);
    (0..8)
        .map(|digits| format!("{x:.digits$e}"))
        .find(|text| text.parse().is_ok_and(|y| crate::half::from_f64(y) == bits))
        .unwrap_or_else(|| format!("{x:e}"))
}

/// A Float16, which has an exponent from a thousand on.
fn half_text(x: f64) -> String {
    let digits = shortest16(x);
    match digits.split_once('e') {
        Some((mantissa, exponent)) if x.is_finite() && x.abs() >= 1000.0 => {
            let point = if mantissa.contains('.') { "" } else { ".0" };
            format!("{mantissa}{point}e{exponent}")
        }
        _ => narrow(&digits, x, None),
    }
}

/// A float by its digits; with the letter of its exponent and suffixes where it is shown.
fn narrow(digits: &str, x: f64, shown: Option<(&str, &str, &str)>) -> String {
    if !x.is_finite() {
        return float(x) + shown.map_or("", |(_, _, suffix)| suffix);
    }
    let text = float64_text(digits.parse().unwrap_or(x));
    match shown {
        None => text,
        Some((letter, _, _)) if text.contains('e') => text.replace('e', letter),
        Some((_, suffix, _)) => text + suffix,
    }
}

fn shown_symbol(name: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(name);
    let mut chars = text.chars();
    let first = chars.next().unwrap_or(' ');
    let is_identifier = (first.is_alphabetic() || first == '_')
        && chars.all(|c| c.is_alphanumeric() || c == '_' || c == '!');
    let operator = |c| "+-*/\\^%÷=!<>~&|".contains(c);
    let is_operator = !text.is_empty() && text.chars().all(operator);
    match is_identifier || is_operator {
        true => [b":", name].concat(),
        false => [b"Symbol(", &quoted(name)[..], b")"].concat(),
    }
}

fn escaped(out: &mut String, c: char, quote: char) {
    match c {
        '\0' => out.push_str("\\0"),
        '\x07' => out.push_str("\\a"),
        '\x08' => out.push_str("\\b"),
        '\t' => out.push_str("\\t"),
        '\n' => out.push_str("\\n"),
        '\x0b' => out.push_str("\\v"),
        '\x0c' => out.push_str("\\f"),
        '\r' => out.push_str("\\r"),
        '\x1b' => out.push_str("\\e"),
        '\\' => out.push_str("\\\\"),
        '$' if quote == '"' => out.push_str("\\$"),
        c if c == quote => {
            out.push('\\');
            out.push(c);
        }
        c if (c as u32) < 0x20 || c as u32 == 0x7f => out.push_str(&format!("\\x{:02x}", c as u32)),
        c => out.push(c),
    }
}

fn quoted(bytes: &[u8]) -> Vec<u8> {
    let mut out = String::from("\"");
    for chunk in bytes.utf8_chunks() {
        chunk
            .valid()
            .chars()
            .for_each(|c| escaped(&mut out, c, '"'));
        for b in chunk.invalid() {
            out.push_str(&format!("\\x{b:02x}"));
        }
    }
    out.push('"');
    out.into_bytes()
}

fn shown_character(bytes: &[u8]) -> Vec<u8> {
    let mut out = String::from("'");
    for chunk in bytes.utf8_chunks() {
        chunk
            .valid()
            .chars()
            .for_each(|c| escaped(&mut out, c, '\''));
        for b in chunk.invalid() {
            out.push_str(&format!("\\x{b:02x}"));
        }
    }
    out.push('\'');
    out.into_bytes()
}
