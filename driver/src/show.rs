//! Values in memory as Julia prints them.

use jlift_abi::layout::layout;
use jlift_ir::decl::Decl;
use jlift_ir::text::{float64_text, type_text};
use jlift_ir::{Tables, Type, TypeClass};

/// The text of a value at the top level, as `print` writes it.
pub fn show_value(tables: &Tables, ty: Type, bytes: &[u8]) -> String {
    let mut out = String::new();
    write_value(&mut out, tables, ty, bytes, false);
    out
}

fn bits_of(bytes: &[u8]) -> u128 {
    let mut word = [0; 16];
    let len = bytes.len().min(16);
    word[..len].copy_from_slice(&bytes[..len]);
    u128::from_le_bytes(word)
}

fn float32_text(x: f32, nested: bool) -> String {
    if x.is_nan() {
        return if nested { "NaN32" } else { "NaN" }.into();
    }
    if x.is_infinite() {
        let text = if x > 0.0 { "Inf" } else { "-Inf" };
        return format!("{text}{}", if nested { "32" } else { "" });
    }
    // Shortest digits of the Float32, read as a Float64 for their form.
    let text = format!("{x:e}")
        .parse::<f64>()
        .map_or_else(|_| x.to_string(), float64_text);
    match (nested, text.split_once('e')) {
        (false, _) => text,
        (true, Some((mantissa, exponent))) => format!("{mantissa}f{exponent}"),
        (true, None) => format!("{text}f0"),
    }
}

/// The value of the 16 bits of a `Float16` without sign; infinity becomes the number that would follow
/// the largest one.
fn half_value(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10), f64::from(bits & 0x3ff));
    match exponent {
        0 => fraction * 2f64.powi(-24),
        _ => (1024.0 + fraction) * 2f64.powi(exponent - 25),
    }
}

fn float16_text(bits: u16, nested: bool) -> String {
    let sign = if bits >> 15 != 0 { "-" } else { "" };
    let magnitude = bits & 0x7fff;
    match magnitude {
        0x7c00 => return format!("{sign}Inf{}", if nested { "16" } else { "" }),
        0x7c01.. => return if nested { "NaN16" } else { "NaN" }.into(),
        _ => {}
    }
    let x = half_value(magnitude);
    // Halfway to the neighbours: any number between reads back as x.
    let low = (half_value(magnitude.saturating_sub(1)) + x) / 2.0;
    let high = (half_value(magnitude + 1) + x) / 2.0;
    let shortest = (0..5)
        .filter_map(|digits| format!("{x:.digits$e}").parse::<f64>().ok())
        .find(|y| x == *y || low < *y && *y < high);
    let shortest = shortest.unwrap_or(x);
    // From 1000 on with an exponent, earlier than the wider types.
    let text = match format!("{shortest:e}").split_once('e') {
        Some((mantissa, exponent)) if shortest >= 1000.0 => {
            let point = if mantissa.contains('.') { "" } else { ".0" };
            format!("{sign}{mantissa}{point}e{exponent}")
        }
        _ => format!("{sign}{}", float64_text(shortest)),
    };
    if nested {
        format!("Float16({text})")
    } else {
        text
    }
}

/// Types of Base that Julia shows in a form of their own, by the texts of their fields.
fn special_form(tables: &Tables, ty: Type, fields: &[String]) -> Option<String> {
    Some(match (tables.type_name(ty)?, fields) {
        ("Base.Complex", [re, im]) if matches!(im.as_str(), "true" | "false") => {
            match (re.as_str(), im.as_str()) {
                ("false", "true") => "im".into(),
                _ => format!("Complex({re},{im})"),
            }
        }
        ("Base.Complex", [re, im]) => {
            let (sign, magnitude) = match im.strip_prefix('-') {
                Some(rest) => ('-', rest),
                None => ('+', im.as_str()),
            };
            let finite = !magnitude.starts_with(['I', 'N']);
            let times = if finite { "" } else { "*" };
            format!("{re} {sign} {magnitude}{times}im")
        }
        ("Base.Rational", [num, den]) => format!("{num}//{den}"),
        ("Base.UnitRange", [start, stop]) => format!("{start}:{stop}"),
        ("Base.StepRange", [start, step, stop]) => format!("{start}:{step}:{stop}"),
        ("Base.Pair" | "Pair", [first, second]) => format!("{first} => {second}"),
        _ => return None,
    })
}

fn write_value(out: &mut String, tables: &Tables, ty: Type, bytes: &[u8], nested: bool) {
    let bits = bits_of(bytes);
    match ty {
        Type::NOTHING => return out.push_str("nothing"),
        Type::BOOL => return out.push_str(if bits & 1 != 0 { "true" } else { "false" }),
        Type::FLOAT64 => {
            let x = f64::from_bits(bits as u64);
            return out.push_str(&match x {
                _ if x.is_nan() => "NaN".into(),
                f64::INFINITY => "Inf".into(),
                f64::NEG_INFINITY => "-Inf".into(),
                _ => float64_text(x),
            });
        }
        Type::FLOAT16 => return out.push_str(&float16_text(bits as u16, nested)),
        Type::FLOAT32 => return out.push_str(&float32_text(f32::from_bits(bits as u32), nested)),
        Type::CHAR => {
            let raw = (bits as u32).to_be_bytes();
            let len = raw.iter().rposition(|&b| b != 0).map_or(1, |p| p + 1);
            let text = String::from_utf8_lossy(&raw[..len]);
            let quote = if nested { "'" } else { "" };
            out.push_str(&format!("{quote}{text}{quote}"));
            return;
        }
        _ => {}
    }
    if ty.is_unsigned() {
        let text = if nested {
            format!("0x{bits:0width$x}", width = bytes.len() * 2)
        } else {
            bits.to_string()
        };
        return out.push_str(&text);
    }
    if ty.is_signed() {
        let shift = 128 - 8 * bytes.len() as u32;
        return out.push_str(&(((bits as i128) << shift) >> shift).to_string());
    }
    let Ok(place) = layout(tables, ty) else {
        return out.push('?');
    };
    match tables.class(ty) {
        TypeClass::Pointer => out.push_str(&format!("{} @0x{bits:016x}", shown_type(tables, ty))),
        TypeClass::Union => {
            let selector = bytes.last().copied().unwrap_or(0);
            if let Some(member) = crate::memory::selected(tables, ty, selector) {
                let size = layout(tables, member).map_or(0, |l| l.size as usize);
                write_value(out, tables, member, &bytes[..size.min(bytes.len())], nested);
            }
        }
        TypeClass::Primitive(_) => {
            let digits = bytes.len() * 2;
            out.push_str(&format!("{}(0x{bits:0digits$x})", shown_type(tables, ty)));
        }
        _ => {
            let tuple = tables.is_tuple(ty);
            let named: Option<Vec<&str>> = match tables.decl(ty) {
                Some(Decl::Struct(s)) if tables.is_named_tuple(ty) => {
                    Some(s.fields.iter().map(|f| tables.names.str(f.name)).collect())
                }
                _ => None,
            };
            let fields: Vec<String> = place
                .fields
                .iter()
                .map(|field| {
                    let end = (field.offset + field.size) as usize;
                    let part = bytes.get(field.offset as usize..end).unwrap_or_default();
                    let mut text = String::new();
                    write_value(&mut text, tables, field.ty, part, true);
                    text
                })
                .collect();
            if let Some(text) = special_form(tables, ty, &fields) {
                return out.push_str(&text);
            }
            if !tuple && named.is_none() {
                out.push_str(&shown_type(tables, ty));
            }
            out.push('(');
            for (i, field) in fields.iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                if let Some(name) = named.as_ref().and_then(|n| n.get(i)) {
                    out.push_str(name);
                    out.push_str(" = ");
                }
                out.push_str(field);
            }
            if place.fields.len() == 1 && (tuple || named.is_some()) {
                out.push(',');
            }
            out.push(')');
        }
    }
}

/// A type as Julia shows it: without the modules that are always in scope.
fn shown_type(tables: &Tables, ty: Type) -> String {
    let text = type_text(tables, ty);
    ["Main.", "Base.", "Core."]
        .iter()
        .fold(text, |text, prefix| text.replace(prefix, ""))
}
