//! Values of type parameters as Julia prints them.

use super::canonical::split_module;
use jlift_ir::{ConstData, Tables, Type, Value};
use std::fmt::Write;

/// Writes a value; `false` if it is none that a type parameter can show.
pub(super) fn write(out: &mut String, tables: &Tables, value: Value, depth: u32) -> bool {
    if depth > 32 {
        return false;
    }
    match value {
        Value::Imm { ty, bits } => write_bits(out, ty, bits),
        Value::Instance(Type::NOTHING) => {
            out.push_str("nothing");
            true
        }
        Value::Instance(ty) => {
            if tables.is_tuple(ty) {
                out.push_str("()");
                return true;
            }
            let name = tables.type_name(ty).unwrap_or_default();
            match name
                .strip_prefix("typeof(")
                .and_then(|f| f.strip_suffix(')'))
            {
                Some(function) => out.push_str(split_module(function).1),
                None => {
                    out.push_str(split_module(name).1);
                    out.push_str("()");
                }
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
                if !tables.is_tuple(*ty) {
                    let name = tables.type_name(*ty).unwrap_or_default();
                    out.push_str(split_module(name).1);
                }
                out.push('(');
                for (n, &field) in fields.iter().enumerate() {
                    if n > 0 {
                        out.push_str(", ");
                    }
                    if !write(out, tables, field, depth + 1) {
                        return false;
                    }
                }
                if fields.len() == 1 && tables.is_tuple(*ty) {
                    out.push(',');
                }
                out.push(')');
                true
            }
            ConstData::Module(name) | ConstData::Binding(name) => {
                out.push_str(tables.names.str(*name));
                true
            }
            _ => false,
        },
        Value::Inst(_) | Value::Arg(_) | Value::Type(_) => false,
    }
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
        Type::FLOAT64 => write_to(out, format_args!("{:?}", f64::from_bits(bits))),
        Type::FLOAT32 => write_to(out, format_args!("{:?}f0", f32::from_bits(bits as u32))),
        Type::CHAR => match julia_char(bits as u32) {
            Some(c) => write_to(out, format_args!("{c:?}")),
            None => return false,
        },
        _ => return false,
    }
    true
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
