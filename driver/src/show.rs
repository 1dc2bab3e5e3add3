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
    let text = format!("{x:e}").parse::<f64>().map_or_else(|_| x.to_string(), float64_text);
    match (nested, text.split_once('e')) {
        (false, _) => text,
        (true, Some((mantissa, exponent))) => format!("{mantissa}f{exponent}"),
        (true, None) => format!("{text}f0"),
    }
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
        TypeClass::Pointer => out.push_str(&format!("{} @0x{bits:016x}", type_text(tables, ty))),
        TypeClass::Union => {
            let members = tables.members(ty);
            let tag = bytes.last().map_or(0, |&b| usize::from(b));
            if let Some(&member) = members.get(tag) {
                let size = layout(tables, member).map_or(0, |l| l.size as usize);
                write_value(out, tables, member, &bytes[..size.min(bytes.len())], nested);
            }
        }
        TypeClass::Primitive(_) => {
            out.push_str(&format!("{}(0x{bits:x})", shown_type(tables, ty)));
        }
        _ => {
            let tuple = tables.is_tuple(ty);
            let named: Option<Vec<&str>> = match tables.decl(ty) {
                Some(Decl::Struct(s)) if tables.is_named_tuple(ty) => {
                    Some(s.fields.iter().map(|f| tables.names.str(f.name)).collect())
                }
                _ => None,
            };
            if !tuple && named.is_none() {
                out.push_str(&shown_type(tables, ty));
            }
            out.push('(');
            for (i, field) in place.fields.iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                if let Some(name) = named.as_ref().and_then(|n| n.get(i)) {
                    out.push_str(name);
                    out.push_str(" = ");
                }
                let end = (field.offset + field.size) as usize;
                let part = bytes.get(field.offset as usize..end).unwrap_or_default();
                write_value(out, tables, field.ty, part, true);
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
