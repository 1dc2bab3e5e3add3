//! The texts that Julia prints for types and constants. Knows the naming rules of Julia 1.10's
//! `show`, nothing of exceptions or of values known only at run time.

use jlift_ir::text::float64_text;
use jlift_ir::types::TypeParam;
use jlift_ir::{ConstData, PartMode, Tables, Type, TypeClass, TypeData, Value};
use std::fmt::Write;

/// Types of `Base` that are exported, and therefore printed without `Base.`.
const EXPORTED: &[&str] = &[
    "AbstractDict",
    "AbstractMatrix",
    "AbstractRange",
    "AbstractSet",
    "AbstractVector",
    "ArgumentError",
    "AssertionError",
    "BitArray",
    "BitSet",
    "BitVector",
    "BigFloat",
    "BigInt",
    "CapturedException",
    "CartesianIndex",
    "CartesianIndices",
    "Complex",
    "CompositeException",
    "Condition",
    "Cdouble",
    "Channel",
    "DenseMatrix",
    "DenseVector",
    "Dict",
    "DimensionMismatch",
    "EOFError",
    "Enum",
    "Event",
    "ExponentialBackOff",
    "HTML",
    "IO",
    "IOBuffer",
    "IOContext",
    "IOStream",
    "IdDict",
    "IndexCartesian",
    "IndexLinear",
    "IndexStyle",
    "InvalidStateException",
    "KeyError",
    "LazyString",
    "LinRange",
    "LinearIndices",
    "MIME",
    "Matrix",
    "Missing",
    "MissingException",
    "OrdinalRange",
    "Pair",
    "PartialQuickSort",
    "PermutedDimsArray",
    "ProcessFailedException",
    "QuickSort",
    "RawFD",
    "Rational",
    "ReentrantLock",
    "Ref",
    "Regex",
    "RegexMatch",
    "RoundingMode",
    "Set",
    "SkipMissing",
    "Some",
    "StepRange",
    "StepRangeLen",
    "StridedArray",
    "StringIndexError",
    "SubArray",
    "SubString",
    "SystemError",
    "TaskFailedException",
    "Text",
    "Timer",
    "UnitRange",
    "Val",
    "Vector",
    "VersionNumber",
    "WeakKeyDict",
];

/// Functions of `Base` that are printed without `Base.`: the exported ones that error texts name.
const EXPORTED_FUNCTIONS: &[&str] = &[
    "+",
    "-",
    "*",
    "/",
    "\\",
    "^",
    "%",
    "÷",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "!",
    "~",
    "&",
    "|",
    "abs",
    "abs2",
    "acos",
    "asin",
    "atan",
    "cbrt",
    "ceil",
    "cld",
    "convert",
    "cos",
    "cosh",
    "div",
    "divrem",
    "exp",
    "exp2",
    "filter",
    "fld",
    "floor",
    "getindex",
    "hypot",
    "identity",
    "inv",
    "isless",
    "isodd",
    "iseven",
    "length",
    "log",
    "log10",
    "log1p",
    "log2",
    "map",
    "max",
    "maximum",
    "min",
    "minimum",
    "mod",
    "one",
    "print",
    "println",
    "prod",
    "rem",
    "round",
    "setindex!",
    "sign",
    "sin",
    "sinh",
    "size",
    "sqrt",
    "string",
    "sum",
    "tan",
    "tanh",
    "trunc",
    "zero",
];

/// A qualified name as seen from `Main`.
fn visible_name(name: &str, exported: &[&str]) -> String {
    let short = name.strip_prefix("Main.").or_else(|| {
        name.strip_prefix("Base.")
            .or_else(|| name.strip_prefix("Core."))
            .filter(|rest| exported.contains(rest))
    });
    short.unwrap_or(name).to_string()
}

/// The name of a type without its module and parameters, as `nameof` gives it.
pub fn name_of_type(tables: &Tables, ty: Type) -> &str {
    let name = tables.type_name(ty).unwrap_or("");
    match name.rfind('.') {
        Some(dot) if !name.contains('"') && !name.contains('(') => &name[dot + 1..],
        _ => name,
    }
}

/// A type as Julia prints it.
pub fn type_display(tables: &Tables, ty: Type) -> String {
    let mut out = String::new();
    write_type(&mut out, tables, ty);
    out
}

fn write_type(out: &mut String, t: &Tables, ty: Type) {
    match t.type_data(ty) {
        TypeData::Bottom => out.push_str("Union{}"),
        TypeData::Union(_) => {
            out.push_str("Union{");
            write_list(out, t, t.params(ty));
            out.push('}');
        }
        TypeData::UnionAll {
            var,
            lower,
            upper,
            body,
        } => {
            write_type(out, t, body);
            out.push_str(" where ");
            if lower != Type::BOTTOM {
                write_type(out, t, lower);
                out.push_str("<:");
            }
            out.push_str(t.names.str(var));
            if upper != Type::ANY {
                out.push_str("<:");
                write_type(out, t, upper);
            }
        }
        TypeData::Var(name) => out.push_str(t.names.str(name)),
        TypeData::Vararg { elem, count } => {
            out.push_str("Vararg{");
            write_type(out, t, elem);
            if let Some(count) = count {
                out.push_str(", ");
                write_list(out, t, &[count]);
            }
            out.push('}');
        }
        TypeData::Data { name, .. } => {
            let params = t.params(ty);
            if t.is_tuple(ty) {
                write_tuple_type(out, t, params);
            } else if t.is_named_tuple(ty) && write_named_tuple_type(out, t, params) {
            } else if let Some((alias, rest)) = alias(t.names.str(name), params) {
                out.push_str(alias);
                write_braced(out, t, rest);
            } else if let Some(function) = function_name(t.names.str(name)) {
                out.push_str("typeof(");
                out.push_str(&visible_name(function, EXPORTED_FUNCTIONS));
                out.push(')');
            } else {
                out.push_str(&visible_name(t.names.str(name), EXPORTED));
                write_braced(out, t, params);
            }
        }
    }
}

/// `f` of `typeof(f)`.
fn function_name(name: &str) -> Option<&str> {
    name.strip_prefix("typeof(")?.strip_suffix(')')
}

/// The name that Julia prints instead of a type with these parameters, and those that remain.
fn alias<'p>(name: &str, params: &'p [TypeParam]) -> Option<(&'static str, &'p [TypeParam])> {
    if let ("Base.Complex", [TypeParam::Type(elem)]) = (name, params) {
        let alias = match *elem {
            Type::FLOAT64 => "ComplexF64",
            Type::FLOAT32 => "ComplexF32",
            Type::FLOAT16 => "ComplexF16",
            _ => return None,
        };
        return Some((alias, &[]));
    }
    if let ("Base.BitArray", &[TypeParam::Value(Value::Imm { bits: dims, .. })]) = (name, params) {
        let alias = match dims {
            1 => "BitVector",
            2 => "BitMatrix",
            _ => return None,
        };
        return Some((alias, &[]));
    }
    let &[_, TypeParam::Value(Value::Imm { bits: dims, .. })] = params else {
        return None;
    };
    let alias = match (name, dims) {
        ("Array", 1) => "Vector",
        ("Array", 2) => "Matrix",
        ("AbstractArray", 1) => "AbstractVector",
        ("AbstractArray", 2) => "AbstractMatrix",
        ("DenseArray", 1) => "DenseVector",
        ("DenseArray", 2) => "DenseMatrix",
        _ => return None,
    };
    Some((alias, &params[..1]))
}

fn write_braced(out: &mut String, t: &Tables, params: &[TypeParam]) {
    if !params.is_empty() {
        out.push('{');
        write_list(out, t, params);
        out.push('}');
    }
}

fn write_list(out: &mut String, t: &Tables, params: &[TypeParam]) {
    for (i, param) in params.iter().enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        match *param {
            TypeParam::Type(ty) => write_type(out, t, ty),
            TypeParam::Value(v) => match constant_text(t, v, PartMode::Show) {
                Some(text) => out.push_str(&String::from_utf8_lossy(&text)),
                None => out.push('_'),
            },
        }
    }
}

/// More than three equal types at the end of a tuple are counted, not repeated.
fn write_tuple_type(out: &mut String, t: &Tables, params: &[TypeParam]) {
    let tail = match params.last() {
        Some(last) => params.iter().rev().take_while(|p| *p == last).count(),
        None => 0,
    };
    if tail > 3 && tail == params.len() {
        let _ = write!(out, "NTuple{{{tail}, ");
        write_list(out, t, &params[..1]);
        out.push('}');
    } else if tail > 3 {
        out.push_str("Tuple{");
        write_list(out, t, &params[..params.len() - tail]);
        out.push_str(", Vararg{");
        write_list(out, t, &params[params.len() - 1..]);
        let _ = write!(out, ", {tail}}}}}");
    } else {
        out.push_str("Tuple{");
        write_list(out, t, params);
        out.push('}');
    }
}

fn write_named_tuple_type(out: &mut String, t: &Tables, params: &[TypeParam]) -> bool {
    let &[
        TypeParam::Value(Value::Const(names)),
        TypeParam::Type(types),
    ] = params
    else {
        return false;
    };
    let (ConstData::Aggregate { fields: names, .. }, Some(types)) =
        (t.const_data(names), t.tuple_elems(types))
    else {
        return false;
    };
    out.push_str("@NamedTuple{");
    for (i, (&name, &ty)) in names.iter().zip(&types).enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        if let Some(text) = constant_text(t, name, PartMode::Print) {
            out.push_str(&String::from_utf8_lossy(&text));
        }
        // Julia leaves `::Any` out.
        if ty != Type::ANY {
            out.push_str("::");
            write_type(out, t, ty);
        }
    }
    out.push('}');
    true
}

/// A constant as `print` or `show` writes it; `None` if its text is not known here.
pub fn constant_text(t: &Tables, value: Value, mode: PartMode) -> Option<Vec<u8>> {
    let show = mode == PartMode::Show;
    match value {
        Value::Inst(_) | Value::Arg(_) => None,
        Value::Instance(Type::NOTHING) => Some(b"nothing".to_vec()),
        Value::Instance(ty) if t.is_tuple(ty) => Some(b"()".to_vec()),
        Value::Instance(ty) => {
            let name = function_name(t.type_name(ty)?)?;
            Some(visible_name(name, EXPORTED_FUNCTIONS).into_bytes())
        }
        Value::Type(ty) => Some(type_display(t, ty).into_bytes()),
        Value::Imm { ty, bits } => number_text(ty, bits.into(), show),
        Value::Const(c) => match t.const_data(c) {
            ConstData::Wide { ty, bits } => number_text(*ty, *bits, show),
            ConstData::String(bytes) if show => Some(quoted(bytes)),
            ConstData::String(bytes) => Some(bytes.to_vec()),
            ConstData::Symbol(name) => Some(symbol_text(t.names.str(*name), show)),
            ConstData::Aggregate { ty, fields } if t.is_tuple(*ty) => {
                let mut out = b"(".to_vec();
                for (i, &field) in fields.iter().enumerate() {
                    if i > 0 {
                        out.extend_from_slice(b", ");
                    }
                    out.extend(constant_text(t, field, PartMode::Show)?);
                }
                if fields.len() == 1 {
                    out.push(b',');
                }
                out.push(b')');
                Some(out)
            }
            _ => None,
        },
    }
}

fn symbol_text(name: &str, show: bool) -> Vec<u8> {
    if !show {
        return name.as_bytes().to_vec();
    }
    let mut chars = name.chars();
    let first = chars.next().unwrap_or(' ');
    let is_identifier = (first.is_alphabetic() || first == '_')
        && chars.all(|c| c.is_alphanumeric() || c == '_' || c == '!');
    let is_operator = !name.is_empty() && name.chars().all(|c| "+-*/\\^%÷=!<>~&|".contains(c));
    if is_identifier || is_operator {
        format!(":{name}").into_bytes()
    } else {
        let mut out = b"Symbol(".to_vec();
        out.extend(quoted(name.as_bytes()));
        out.push(b')');
        out
    }
}

/// A string as `show` writes it.
fn quoted(bytes: &[u8]) -> Vec<u8> {
    let mut out = String::from("\"");
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '"' | '\\' | '$' => {
                    out.push('\\');
                    out.push(c);
                }
                '\0' => out.push_str("\\0"),
                '\x07' => out.push_str("\\a"),
                '\x08' => out.push_str("\\b"),
                '\t' => out.push_str("\\t"),
                '\n' => out.push_str("\\n"),
                '\x0b' => out.push_str("\\v"),
                '\x0c' => out.push_str("\\f"),
                '\r' => out.push_str("\\r"),
                '\x1b' => out.push_str("\\e"),
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
    out.into_bytes()
}

fn number_text(ty: Type, bits: u128, show: bool) -> Option<Vec<u8>> {
    let width = ty.builtin_bits()?;
    let text = match ty {
        Type::BOOL => (bits & 1 != 0).to_string(),
        Type::FLOAT64 => float_text(f64::from_bits(bits as u64)),
        Type::FLOAT32 => float32_text(f32::from_bits(bits as u32), show),
        _ if ty.is_signed() => (((bits as i128) << (128 - width)) >> (128 - width)).to_string(),
        _ if ty.is_unsigned() && show => {
            format!("0x{bits:0digits$x}", digits = width as usize / 4)
        }
        _ if ty.is_unsigned() => bits.to_string(),
        Type::CHAR if !show => {
            // The UTF-8 bytes, left-aligned: at least one, then up to the last that is not zero.
            let bytes = (bits as u32).to_be_bytes();
            let len = bytes.iter().rposition(|&b| b != 0).map_or(1, |i| i + 1);
            return Some(bytes[..len].to_vec());
        }
        _ => return None,
    };
    Some(text.into_bytes())
}

fn float_text(x: f64) -> String {
    if x.is_finite() {
        float64_text(x)
    } else if x.is_nan() {
        "NaN".to_string()
    } else if x > 0.0 {
        "Inf".to_string()
    } else {
        "-Inf".to_string()
    }
}

fn float32_text(x: f32, show: bool) -> String {
    if !x.is_finite() {
        let text = float_text(x.into());
        return if show { text + "32" } else { text };
    }
    // The shortest digits of the Float32 are those of the Float64 that they read as.
    let shortest: f64 = format!("{x:e}").parse().unwrap_or(x.into());
    let text = float64_text(shortest);
    match (show, text.contains('e')) {
        (false, _) => text,
        (true, true) => text.replace('e', "f"),
        (true, false) => text + "f0",
    }
}

/// Whether a type's values are, or may be, arrays in Julia's sense, whose `summary` is their size.
pub fn may_be_array(tables: &Tables, ty: Type) -> bool {
    if tables.class(ty) == TypeClass::Array {
        return true;
    }
    let mut at = ty;
    for _ in 0..64 {
        if tables.type_name(at).is_some_and(|name| {
            let base = name.rsplit('.').next().unwrap_or(name);
            matches!(
                base,
                "AbstractArray"
                    | "AbstractVector"
                    | "AbstractMatrix"
                    | "DenseArray"
                    | "AbstractRange"
                    | "OrdinalRange"
                    | "AbstractUnitRange"
            )
        }) {
            return true;
        }
        match tables.supertype(at) {
            Some(Type::ANY) => return false,
            Some(up) => at = up,
            None => return true,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_read_as_in_julia() {
        let mut t = Tables::default();
        let vector = t.array(Type::FLOAT64, 1);
        let cube = t.array(vector, 3);
        let complex = t.nominal("Base.Complex", &[TypeParam::Type(Type::FLOAT64)]);
        let mine = t.nominal("Main.Vec", &[TypeParam::Type(complex)]);
        let three = t.tuple(&[Type::INT64; 3]);
        let four = t.tuple(&[Type::INT64; 4]);
        let mixed = t.tuple(&[Type::STRING, Type::INT8, Type::INT8, Type::INT8, Type::INT8]);
        let double = t.nominal("Base.Math.DoubleFloat64", &[]);
        let sin = t.nominal("typeof(Base.sin)", &[]);
        let own = t.nominal("typeof(Main.f)", &[]);
        for (ty, text) in [
            (vector, "Vector{Float64}"),
            (cube, "Array{Vector{Float64}, 3}"),
            (mine, "Vec{ComplexF64}"),
            (three, "Tuple{Int64, Int64, Int64}"),
            (four, "NTuple{4, Int64}"),
            (mixed, "Tuple{String, Vararg{Int8, 4}}"),
            (double, "Base.Math.DoubleFloat64"),
            (sin, "typeof(sin)"),
            (own, "typeof(f)"),
        ] {
            assert_eq!(type_display(&t, ty), text);
        }
    }

    #[test]
    fn constants_read_as_in_julia() {
        let mut t = Tables::default();
        let f32_one = Value::Imm {
            ty: Type::FLOAT32,
            bits: 1.0f32.to_bits().into(),
        };
        let f32_big = Value::Imm {
            ty: Type::FLOAT32,
            bits: 1.5e10f32.to_bits().into(),
        };
        let byte = Value::Imm {
            ty: Type::UINT8,
            bits: 5,
        };
        let small = Value::Imm {
            ty: Type::INT8,
            bits: 0x80,
        };
        let string = t.string("a\"\n\u{e9}".as_bytes());
        let symbol = t.symbol("x!");
        let odd = t.symbol("a b");
        for (value, print, show) in [
            (f32_one, "1.0", "1.0f0"),
            (f32_big, "1.5e10", "1.5f10"),
            (byte, "5", "0x05"),
            (small, "-128", "-128"),
            (string, "a\"\n\u{e9}", "\"a\\\"\\n\u{e9}\""),
            (symbol, "x!", ":x!"),
            (odd, "a b", "Symbol(\"a b\")"),
            (Value::NOTHING, "nothing", "nothing"),
        ] {
            let text = |mode| {
                constant_text(&t, value, mode).map(|b| String::from_utf8_lossy(&b).into_owned())
            };
            assert_eq!(text(PartMode::Print).as_deref(), Some(print));
            assert_eq!(text(PartMode::Show).as_deref(), Some(show));
        }
    }
}
