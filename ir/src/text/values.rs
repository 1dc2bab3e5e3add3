//! Constants and operands as text. Knows nothing of statements.

use super::cursor::{Cursor, LineResult, is_ident_char};
use super::types::parse_type;
use crate::constant::ConstData;
use crate::function::Value;
use crate::tables::Tables;
use crate::types::{Type, TypeClass};

/// Parses a constant: everything but `%N` and `_N`, and `const M.NAME` only as a binding.
pub(super) fn parse_constant(c: &mut Cursor, tables: &mut Tables) -> LineResult<Value> {
    c.nested(|c| parse_constant_inner(c, tables))
}

fn parse_constant_inner(c: &mut Cursor, tables: &mut Tables) -> LineResult<Value> {
    match c.peek() {
        Some('0'..='9' | '-') => return parse_number(c),
        Some('"') => {
            let bytes = c.quoted()?;
            return Ok(tables.string(&bytes));
        }
        Some('(') => return parse_tuple(c, tables),
        Some(':') => {
            c.pos += 1;
            let name = if c.rest().starts_with("var\"") {
                c.pos += 3;
                String::from_utf8_lossy(&c.quoted()?).into_owned()
            } else {
                c.take_while(|ch| !matches!(ch, ',' | '}' | ')' | ' '))
                    .to_string()
            };
            return Ok(tables.symbol(&name));
        }
        _ => {}
    }
    if c.eat_word("true") {
        return Ok(Value::bool(true));
    }
    if c.eat_word("false") {
        return Ok(Value::bool(false));
    }
    if c.eat_word("nothing") {
        return Ok(Value::NOTHING);
    }
    if c.eat("sym ") {
        let bytes = c.quoted()?;
        return Ok(tables.symbol(&String::from_utf8_lossy(&bytes)));
    }
    if c.eat("type ") {
        return Ok(Value::Type(parse_type(c, tables)?));
    }
    if c.eat("instance ") {
        return Ok(Value::Instance(parse_type(c, tables)?));
    }
    if c.eat("opaque ") {
        let ty = parse_type(c, tables)?;
        return Ok(Value::Const(tables.constant(ConstData::Opaque(ty))));
    }
    if c.eat("module ") {
        let name = c.qualified_name()?;
        let name = tables.names.intern(name);
        return Ok(Value::Const(tables.constant(ConstData::Module(name))));
    }
    if c.eat("bits ") {
        let ty = parse_type(c, tables)?;
        c.expect("(0x")?;
        let bits = parse_hex(c)?;
        c.expect(")")?;
        let width = match tables.class(ty) {
            TypeClass::Primitive(width) => width,
            _ => return c.error("`bits` of a type that is not declared as a primitive"),
        };
        return Ok(tables.primitive(ty, width, bits));
    }
    if c.eat("new ") {
        return parse_new(c, tables);
    }
    if c.eat("array ") {
        return parse_array(c, tables);
    }
    // `UInt8(7)`.
    let at = c.pos;
    let name = c.take_while(is_ident_char);
    if !name.is_empty() && c.eat("(") {
        let value = parse_typed_literal(c, tables, name, at)?;
        c.expect(")")?;
        return Ok(value);
    }
    c.pos = at;
    let found = c.found();
    c.error(format!("expected a value, found {found}"))
}

fn parse_number(c: &mut Cursor) -> LineResult<Value> {
    let at = c.pos;
    let text = c.take_while(|ch| ch.is_ascii_digit() || matches!(ch, '-' | '+' | '.' | 'e'));
    if let Ok(x) = text.parse::<i64>() {
        return Ok(Value::int64(x));
    }
    match text.parse::<f64>() {
        Ok(x) if x.is_finite() && text.contains(['.', 'e']) => Ok(Value::Imm {
            ty: Type::FLOAT64,
            bits: x.to_bits(),
        }),
        _ => Cursor::error_at(at, format!("`{text}` is not an Int64 or Float64")),
    }
}

fn parse_hex(c: &mut Cursor) -> LineResult<u128> {
    let at = c.pos;
    let text = c.take_while(|ch| ch.is_ascii_hexdigit());
    match u128::from_str_radix(text, 16) {
        Ok(bits) => Ok(bits),
        Err(_) => Cursor::error_at(at, "expected up to 32 hexadecimal digits"),
    }
}

fn parse_typed_literal(
    c: &mut Cursor,
    tables: &mut Tables,
    name: &str,
    at: usize,
) -> LineResult<Value> {
    let ty = match tables.names.get(name) {
        Some(n) => tables.data_type(n, &[]),
        None => return Cursor::error_at(at, format!("`{name}` has no literals")),
    };
    let Some(width) = ty.builtin_bits() else {
        return Cursor::error_at(at, format!("`{name}` has no literals"));
    };
    if c.eat("0x") {
        let bits = parse_hex(c)?;
        if width < 128 && bits >> width != 0 {
            return Cursor::error_at(at, format!("the literal has more than {width} bits"));
        }
        return Ok(tables.primitive(ty, width, bits));
    }
    let text = c.take_while(|ch| ch.is_ascii_digit() || ch == '-');
    let bits = if ty.is_signed() {
        let min = i128::MIN >> (128 - width);
        let max = i128::MAX >> (128 - width);
        text.parse::<i128>()
            .ok()
            .filter(|x| (min..=max).contains(x))
            .map(|x| x as u128)
    } else if ty.is_unsigned() {
        text.parse::<u128>()
            .ok()
            .filter(|x| width == 128 || x >> width == 0)
    } else {
        None
    };
    match bits {
        Some(bits) => {
            let mask = if width == 128 {
                u128::MAX
            } else {
                (1 << width) - 1
            };
            Ok(tables.primitive(ty, width, bits & mask))
        }
        None => Cursor::error_at(at, format!("not a literal of {name}")),
    }
}

fn parse_tuple(c: &mut Cursor, tables: &mut Tables) -> LineResult<Value> {
    c.expect("(")?;
    let mut fields = Vec::new();
    while !c.eat(")") {
        if !fields.is_empty() {
            c.expect(",")?;
            if c.eat(")") {
                break;
            }
            c.expect(" ")?;
        }
        fields.push(parse_constant(c, tables)?);
    }
    let types: Vec<Type> = fields.iter().map(|&v| constant_type(tables, v)).collect();
    let ty = tables.tuple(&types);
    if fields.is_empty() {
        return Ok(Value::Instance(ty));
    }
    Ok(Value::Const(tables.constant(ConstData::Aggregate {
        ty,
        fields: fields.into(),
    })))
}

fn parse_new(c: &mut Cursor, tables: &mut Tables) -> LineResult<Value> {
    let ty = parse_type(c, tables)?;
    c.expect("(")?;
    let mut fields = Vec::new();
    // A pointer's bits are written as a plain number, which may exceed Int64.
    if tables.pointee(ty).is_some() {
        let bits: u64 = c.number()?;
        c.expect(")")?;
        return Ok(Value::Imm { ty, bits });
    }
    while !c.eat(")") {
        if !fields.is_empty() {
            c.expect(", ")?;
        }
        fields.push(parse_constant(c, tables)?);
    }
    if fields.is_empty() {
        return Ok(Value::Instance(ty));
    }
    Ok(Value::Const(tables.constant(ConstData::Aggregate {
        ty,
        fields: fields.into(),
    })))
}

/// `TYPE(SIZES…)(ELEMENTS…)`.
fn parse_array(c: &mut Cursor, tables: &mut Tables) -> LineResult<Value> {
    let at = c.pos;
    let ty = parse_type(c, tables)?;
    let Some((_, count)) = tables.array_of(ty) else {
        return Cursor::error_at(at, "an array literal of a type that is no array");
    };
    c.expect("(")?;
    let mut dims: Vec<i64> = Vec::new();
    while !c.eat(")") {
        if !dims.is_empty() {
            c.expect(", ")?;
        }
        dims.push(c.number()?);
    }
    c.expect("(")?;
    let mut elems = Vec::new();
    while !c.eat(")") {
        if !elems.is_empty() {
            c.expect(", ")?;
        }
        elems.push(parse_constant(c, tables)?);
    }
    let length = dims.iter().try_fold(1i64, |len, &d| len.checked_mul(d));
    if dims.len() != count as usize || length != i64::try_from(elems.len()).ok() {
        return Cursor::error_at(at, "an array literal whose sizes do not fit");
    }
    Ok(Value::Const(tables.constant(ConstData::Array {
        ty,
        dims: dims.into(),
        elems: elems.into(),
    })))
}

/// The type of a constant; `Type{T}` for types.
pub(super) fn constant_type(tables: &mut Tables, value: Value) -> Type {
    match value {
        Value::Imm { ty, .. } | Value::Instance(ty) => ty,
        Value::Type(ty) => tables.type_type(ty),
        Value::Const(k) => match tables.const_data(k) {
            ConstData::Wide { ty, .. }
            | ConstData::Aggregate { ty, .. }
            | ConstData::Array { ty, .. }
            | ConstData::Opaque(ty) => *ty,
            ConstData::String(_) => Type::STRING,
            ConstData::Symbol(_) => Type::SYMBOL,
            ConstData::Module(_) => Type::MODULE,
            ConstData::Global(_) | ConstData::Binding(_) => Type::ANY,
        },
        Value::Inst(_) | Value::Arg(_) => Type::ANY,
    }
}
