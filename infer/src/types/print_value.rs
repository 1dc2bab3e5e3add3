//! Values of type parameters as Julia prints them.

use super::canonical::split_module;
use super::family::TypeFamilies;
use super::print::type_text;
use jlift_ir::decl::Decl;
use jlift_ir::text::float64_text;
use jlift_ir::{ConstData, Tables, Type, Value};
use std::fmt::Write;

/// Writes a value; `false` if it is none that a type parameter can show.
pub(super) fn write(
    out: &mut String,
    tables: &Tables,
    families: &TypeFamilies,
    value: Value,
    depth: u32,
) -> bool {
    if depth > 32 {
        return false;
    }
    match value {
        Value::Imm { ty, bits } => write_bits(out, ty, bits),
        Value::Instance(ty) => {
            match tables.type_name(ty).unwrap_or_default() {
                _ if ty == Type::NOTHING => out.push_str("nothing"),
                _ if tables.is_tuple(ty) => out.push_str("()"),
                "Base.Missing" => out.push_str("missing"),
                name => match function_name(name) {
                    Some(function) => out.push_str(split_module(function).1),
                    None => {
                        out.push_str(&type_text(tables, families, ty));
                        out.push_str("()");
                    }
                },
            }
            true
        }
        Value::Const(c) => match tables.const_data(c) {
            ConstData::Symbol(name) => {
                symbol(out, tables.names.str(*name));
                true
            }
            ConstData::Wide { ty, bits } => {
                match *ty {
                    Type::INT128 => write_to(out, *bits as i128),
                    Type::UINT128 => write_to(out, format_args!("{bits:#034x}")),
                    _ => return false,
                }
                true
            }
            ConstData::String(bytes) => {
                write_to(out, format_args!("{:?}", String::from_utf8_lossy(bytes)));
                true
            }
            ConstData::Aggregate { ty, fields } => {
                let mut texts = Vec::with_capacity(fields.len());
                for &field in fields {
                    let mut text = String::new();
                    if !write(&mut text, tables, families, field, depth + 1) {
                        return false;
                    }
                    texts.push(text);
                }
                write_struct(out, tables, families, *ty, &texts);
                true
            }
            ConstData::Module(name) | ConstData::Binding(name) => {
                out.push_str(tables.names.str(*name));
                true
            }
            _ => false,
        },
        Value::Type(ty) => {
            out.push_str(&type_text(tables, families, ty));
            true
        }
        Value::Inst(_) | Value::Arg(_) => false,
    }
}

/// `f` of `typeof(f)`.
fn function_name(name: &str) -> Option<&str> {
    name.strip_prefix("typeof(")?.strip_suffix(')')
}

/// A value whose fields have these texts: by the operator that makes it, or as a call of its type.
fn write_struct(
    out: &mut String,
    tables: &Tables,
    families: &TypeFamilies,
    ty: Type,
    fields: &[String],
) {
    if tables.is_tuple(ty) {
        return write_tuple(out, fields);
    }
    if tables.is_named_tuple(ty)
        && let Some(Decl::Struct(s)) = tables.decl(ty)
    {
        let name = |n: usize| s.fields.get(n).map_or("", |f| tables.names.str(f.name));
        let fields: Vec<String> = fields
            .iter()
            .enumerate()
            .map(|(n, text)| format!("{} = {text}", name(n)))
            .collect();
        return write_tuple(out, &fields);
    }
    match (tables.type_name(ty).unwrap_or_default(), fields) {
        ("Base.Rational", [num, den]) => write_to(out, format_args!("{num}//{den}")),
        ("Base.Complex", [re, im]) => match im.strip_prefix('-') {
            Some(im) => write_to(out, format_args!("{re} - {im}im")),
            None => write_to(out, format_args!("{re} + {im}im")),
        },
        ("Base.Some", [value]) => write_to(out, format_args!("Some({value})")),
        ("Base.Pair", [first, second]) => write_to(out, format_args!("{first} => {second}")),
        ("Base.UnitRange", [first, last]) => write_to(out, format_args!("{first}:{last}")),
        _ => {
            out.push_str(&type_text(tables, families, ty));
            write_to(out, format_args!("({})", fields.join(", ")));
        }
    }
}

fn write_tuple(out: &mut String, fields: &[String]) {
    let end = if fields.len() == 1 { ",)" } else { ")" };
    write_to(out, format_args!("({}{end}", fields.join(", ")));
}

fn write_to(out: &mut String, what: impl std::fmt::Display) {
    // Writing to a string does not fail.
    let _ = write!(out, "{what}");
}

fn write_bits(out: &mut String, ty: Type, bits: u64) -> bool {
    match ty {
        Type::BOOL => write_to(out, bits != 0),
        Type::INT8 => write_to(out, bits as i8),
        Type::INT16 => write_to(out, bits as i16),
        Type::INT32 => write_to(out, bits as i32),
        Type::INT64 => write_to(out, bits as i64),
        Type::UINT8 => write_to(out, format_args!("{bits:#04x}")),
        Type::UINT16 => write_to(out, format_args!("{bits:#06x}")),
        Type::UINT32 => write_to(out, format_args!("{bits:#010x}")),
        Type::UINT64 => write_to(out, format_args!("{bits:#018x}")),
        Type::FLOAT64 => out.push_str(&float_text(f64::from_bits(bits), "Inf", "NaN")),
        Type::FLOAT32 => {
            // The shortest digits of a Float32 are those of the Float64 that they read as.
            let x = f32::from_bits(bits as u32);
            let shortest = format!("{x:e}").parse().unwrap_or(f64::from(x));
            let text = float_text(shortest, "Inf32", "NaN32");
            match text.contains('e') {
                true => out.push_str(&text.replace('e', "f")),
                false if x.is_finite() => write_to(out, format_args!("{text}f0")),
                false => out.push_str(&text),
            }
        }
        Type::CHAR => match julia_char(bits as u32) {
            Some(c) => write_to(out, format_args!("{c:?}")),
            None => return false,
        },
        _ => return false,
    }
    true
}

fn float_text(x: f64, infinite: &str, nan: &str) -> String {
    match () {
        () if x.is_nan() => nan.to_string(),
        () if x.is_infinite() => format!("{}{infinite}", if x < 0.0 { "-" } else { "" }),
        () => float64_text(x),
    }
}

/// The character behind Julia's bits of a `Char`: its UTF-8 bytes from the top.
fn julia_char(bits: u32) -> Option<char> {
    let bytes = bits.to_be_bytes();
    let len = bytes.iter().rposition(|&b| b != 0).map_or(1, |n| n + 1);
    let text = std::str::from_utf8(bytes.get(..len)?).ok()?;
    let mut chars = text.chars();
    let first = chars.next()?;
    chars.next().is_none().then_some(first)
}

/// `:name`, or `Symbol("…")` for what is no identifier or operator.
pub(super) fn symbol(out: &mut String, name: &str) {
    if is_plain(name) {
        out.push(':');
        out.push_str(name);
    } else {
        write_to(out, format_args!("Symbol({name:?})"));
    }
}

/// Whether a name can be written without quoting.
pub(super) fn is_plain(name: &str) -> bool {
    let mut chars = name.chars();
    match chars.next() {
        Some(c) if c.is_alphabetic() || c == '_' => {
            chars.all(|c| c.is_alphanumeric() || c == '_' || c == '!' || c == '′')
        }
        Some(c) if c != '#' && c != '"' && c != '(' => name
            .chars()
            .all(|c| !c.is_alphanumeric() && !c.is_whitespace()),
        _ => false,
    }
}
