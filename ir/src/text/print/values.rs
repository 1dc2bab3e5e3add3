//! Types and constants as text.

use super::*;

/// The text of a type.
pub fn type_text(tables: &Tables, ty: Type) -> String {
    let mut out = String::new();
    write_type(&mut out, tables, ty);
    out
}

pub(super) fn write_type(out: &mut String, t: &Tables, ty: Type) {
    match t.type_data(ty) {
        TypeData::Bottom => out.push_str("Union{}"),
        TypeData::Union(_) => {
            out.push_str("Union{");
            write_params(out, t, t.params(ty));
            out.push('}');
        }
        TypeData::Data { name, params } => {
            out.push_str(t.names.str(name));
            if params.len != 0 || t.is_tuple(ty) {
                out.push('{');
                write_params(out, t, t.params(ty));
                out.push('}');
            }
        }
        TypeData::UnionAll {
            var,
            lower,
            upper,
            body,
        } => {
            out.push('(');
            write_type(out, t, body);
            out.push_str(" where ");
            if lower != Type::BOTTOM {
                write_type(out, t, lower);
                out.push_str("<:");
            }
            out.push_str(t.names.str(var));
            // `lower<:var` alone would read as an upper bound.
            if upper != Type::ANY || lower != Type::BOTTOM {
                out.push_str("<:");
                write_type(out, t, upper);
            }
            out.push(')');
        }
        TypeData::Var(name) => out.push_str(t.names.str(name)),
        TypeData::Vararg { elem, count } => {
            out.push_str("Vararg{");
            write_type(out, t, elem);
            if let Some(count) = count {
                out.push_str(", ");
                write_params(out, t, &[count]);
            }
            out.push('}');
        }
    }
}

pub(super) fn write_params(out: &mut String, t: &Tables, params: &[TypeParam]) {
    for (i, param) in params.iter().enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        match *param {
            TypeParam::Type(ty) => write_type(out, t, ty),
            TypeParam::Value(v) => match symbol_of(t, v) {
                // A symbol that is itself a parameter is written as Julia's `repr` writes it.
                Some(text) if text.chars().all(crate::text::cursor::is_ident_char) => {
                    out.push(':');
                    out.push_str(text);
                }
                Some(text) => {
                    out.push_str(":var");
                    write_quoted(out, text.as_bytes());
                }
                None => write_constant(out, t, v),
            },
        }
    }
}

pub(super) fn symbol_of(t: &Tables, value: Value) -> Option<&str> {
    match value {
        Value::Const(c) => match t.const_data(c) {
            ConstData::Symbol(name) => Some(t.names.str(*name)),
            _ => None,
        },
        _ => None,
    }
}

pub(super) fn write_quoted(out: &mut String, bytes: &[u8]) {
    out.push('"');
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '"' | '\\' | '$' => {
                    out.push('\\');
                    out.push(c);
                }
                '\n' => out.push_str("\\n"),
                '\t' => out.push_str("\\t"),
                '\r' => out.push_str("\\r"),
                c if (c as u32) < 0x20 || c as u32 == 0x7f => {
                    let _ = write!(out, "\\x{:02x}", c as u32);
                }
                c => out.push(c),
            }
        }
        for b in chunk.invalid() {
            let _ = write!(out, "\\x{b:02x}");
        }
    }
    out.push('"');
}

pub(super) fn write_bits(out: &mut String, t: &Tables, ty: Type, bits: u128) {
    let _ = match ty {
        Type::BOOL => write!(out, "{}", bits & 1 != 0),
        Type::INT64 => write!(out, "{}", bits as i64),
        Type::FLOAT64 if f64::from_bits(bits as u64).is_finite() => {
            write!(out, "{}", float64_text(f64::from_bits(bits as u64)))
        }
        Type::FLOAT64 => write!(out, "Float64(0x{bits:016x})"),
        Type::FLOAT32 => write!(out, "Float32(0x{bits:08x})"),
        Type::FLOAT16 => write!(out, "Float16(0x{bits:04x})"),
        Type::CHAR => write!(out, "Char(0x{bits:08x})"),
        _ if ty.is_unsigned() => write!(out, "{}({bits})", type_text(t, ty)),
        _ if ty.is_signed() => {
            let width = ty.builtin_bits().unwrap_or(128);
            let value = ((bits as i128) << (128 - width)) >> (128 - width);
            write!(out, "{}({value})", type_text(t, ty))
        }
        _ if t.pointee(ty).is_some() => write!(out, "new {}({bits})", type_text(t, ty)),
        _ => write!(out, "bits {}(0x{bits:x})", type_text(t, ty)),
    };
}

/// Whether `(a, b)` reads back as a tuple of this type: its elements are the values' own types.
pub(super) fn is_plain_tuple(t: &Tables, ty: Type, fields: &[Value]) -> bool {
    let params = t.params(ty);
    t.is_tuple(ty)
        && params.len() == fields.len()
        && params.iter().zip(fields).all(|(param, &field)| {
            let TypeParam::Type(elem) = *param else {
                return false;
            };
            match field {
                Value::Imm { ty, .. } | Value::Instance(ty) => ty == elem,
                Value::Type(of) => t.type_of_type(elem) == Some(of),
                Value::Const(c) => match t.const_data(c) {
                    ConstData::Wide { ty, .. }
                    | ConstData::Aggregate { ty, .. }
                    | ConstData::Array { ty, .. }
                    | ConstData::Opaque(ty) => *ty == elem,
                    ConstData::String(_) => elem == Type::STRING,
                    ConstData::Symbol(_) => elem == Type::SYMBOL,
                    ConstData::Module(_) => elem == Type::MODULE,
                    ConstData::Global(_) | ConstData::Binding(_) => elem == Type::ANY,
                },
                Value::Inst(_) | Value::Arg(_) => false,
            }
        })
}

pub(super) fn write_constant(out: &mut String, t: &Tables, value: Value) {
    match value {
        Value::Imm { ty, bits } => write_bits(out, t, ty, bits.into()),
        Value::Instance(Type::NOTHING) => out.push_str("nothing"),
        Value::Instance(ty) if t.is_tuple(ty) => out.push_str("()"),
        Value::Instance(ty) => {
            out.push_str("instance ");
            write_type(out, t, ty);
        }
        Value::Type(ty) => {
            out.push_str("type ");
            write_type(out, t, ty);
        }
        Value::Const(c) => match t.const_data(c) {
            ConstData::Wide { ty, bits } => write_bits(out, t, *ty, *bits),
            ConstData::String(bytes) => write_quoted(out, bytes),
            ConstData::Symbol(name) => {
                out.push_str("sym ");
                write_quoted(out, t.names.str(*name).as_bytes());
            }
            ConstData::Aggregate { ty, fields } => {
                let is_plain = is_plain_tuple(t, *ty, fields);
                if is_plain {
                    out.push('(');
                } else {
                    out.push_str("new ");
                    write_type(out, t, *ty);
                    out.push('(');
                }
                for (i, &field) in fields.iter().enumerate() {
                    if i > 0 {
                        out.push_str(", ");
                    }
                    write_constant(out, t, field);
                }
                if is_plain && fields.len() == 1 {
                    out.push(',');
                }
                out.push(')');
            }
            ConstData::Array { ty, dims, elems } => {
                out.push_str("array ");
                write_type(out, t, *ty);
                out.push('(');
                for (i, size) in dims.iter().enumerate() {
                    let comma = if i > 0 { ", " } else { "" };
                    let _ = write!(out, "{comma}{size}");
                }
                out.push_str(")(");
                for (i, &elem) in elems.iter().enumerate() {
                    if i > 0 {
                        out.push_str(", ");
                    }
                    write_constant(out, t, elem);
                }
                out.push(')');
            }
            ConstData::Module(name) => {
                let _ = write!(out, "module {}", t.names.str(*name));
            }
            // Only reached without a module at hand; with one, the name is printed.
            ConstData::Global(g) => {
                let _ = write!(out, "const #{}", g.index());
            }
            ConstData::Binding(name) => {
                let _ = write!(out, "global {}", t.names.str(*name));
            }
            ConstData::Opaque(ty) => {
                out.push_str("opaque ");
                write_type(out, t, *ty);
            }
        },
        Value::Inst(i) => {
            let _ = write!(out, "{i}");
        }
        Value::Arg(n) => {
            let _ = write!(out, "_{n}");
        }
    }
}
