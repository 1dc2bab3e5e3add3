//! Declaration lines: primitives, singletons, structs, global constants and function headers.

use super::cursor::{Cursor, LineResult};
use super::types::parse_type;
use super::values::{constant_type, parse_constant};
use crate::decl::{Decl, Field, StructDecl, StructKind};
use crate::function::{Function, InlineHint, Param};
use crate::module::{GlobalData, Module};
use crate::names::Name;

/// `primitive NAME bits=N super=TYPE`
pub(super) fn parse_primitive(c: &mut Cursor, m: &mut Module) -> LineResult<()> {
    let at = c.pos;
    let ty = parse_type(c, &mut m.tables)?;
    c.expect(" bits=")?;
    let bits: u32 = c.number()?;
    if !matches!(bits, 8 | 16 | 32 | 64 | 128) {
        return c.error("primitive types of 8, 16, 32, 64 or 128 bits are supported");
    }
    c.expect(" super=")?;
    let supertype = parse_type(c, &mut m.tables)?;
    declare(m, at, ty, Decl::Primitive { bits, supertype })
}

/// `singleton TYPE super=TYPE`
pub(super) fn parse_singleton(c: &mut Cursor, m: &mut Module) -> LineResult<()> {
    let at = c.pos;
    let ty = parse_type(c, &mut m.tables)?;
    c.expect(" super=")?;
    let supertype = parse_type(c, &mut m.tables)?;
    declare(m, at, ty, Decl::Singleton { supertype })
}

fn declare(m: &mut Module, at: usize, ty: crate::types::Type, decl: Decl) -> LineResult<()> {
    if ty.builtin_bits().is_some() {
        return Cursor::error_at(at, "a builtin type cannot be declared");
    }
    if m.tables.declare(ty, decl) {
        Ok(())
    } else {
        Cursor::error_at(at, "the type is already declared differently")
    }
}

/// `struct TYPE [mutable] KIND size=S align=A super=TYPE [init=N] { "field"::TYPE @OFFSET [const], … }`
pub(super) fn parse_struct(c: &mut Cursor, m: &mut Module) -> LineResult<()> {
    let at = c.pos;
    let ty = parse_type(c, &mut m.tables)?;
    c.expect(" ")?;
    let mutable = c.eat("mutable ");
    let kind = if c.eat("inline-with-references ") {
        StructKind::InlineWithReferences
    } else if c.eat("inline ") {
        StructKind::Inline
    } else if c.eat("heap ") {
        StructKind::Heap
    } else {
        return c.error("expected `inline`, `inline-with-references` or `heap`");
    };
    c.expect("size=")?;
    let size: u32 = c.number()?;
    c.expect(" align=")?;
    let align: u32 = c.number()?;
    c.expect(" super=")?;
    let supertype = parse_type(c, &mut m.tables)?;
    let initialized: Option<u32> = match c.eat(" init=") {
        true => Some(c.number()?),
        false => None,
    };
    c.expect(" { ")?;
    let mut fields: Vec<Field> = Vec::new();
    loop {
        let name = c.quoted()?;
        let name = m.tables.names.intern(&String::from_utf8_lossy(&name));
        c.expect("::")?;
        let ty = parse_type(c, &mut m.tables)?;
        c.expect(" @")?;
        let offset: u32 = c.number()?;
        let is_const = c.eat(" const");
        fields.push(Field {
            name,
            ty,
            offset,
            is_const,
        });
        if !c.eat(", ") {
            break;
        }
    }
    c.expect(" }")?;
    let decl = Decl::Struct(StructDecl {
        mutable,
        kind,
        size,
        align,
        supertype,
        initialized: initialized.unwrap_or(fields.len() as u32),
        fields,
    });
    declare(m, at, ty, decl)
}

/// `const MODULE.NAME::TYPE = VALUE`
pub(super) fn parse_global(c: &mut Cursor, m: &mut Module) -> LineResult<(Name, GlobalData)> {
    let at = c.pos;
    let Some(len) = c.rest().find("::") else {
        return c.error("expected `MODULE.NAME::TYPE = VALUE`");
    };
    let name = m.tables.names.intern(&c.line[c.pos..c.pos + len]);
    c.pos += len + 2;
    let ty = parse_type(c, &mut m.tables)?;
    c.expect(" = ")?;
    let value_at = c.pos;
    let value = parse_constant(c, &mut m.tables)?;
    let found = constant_type(&mut m.tables, value);
    if found != ty {
        let (want, got) = (
            super::type_text(&m.tables, ty),
            super::type_text(&m.tables, found),
        );
        return Cursor::error_at(
            value_at,
            format!("a value of type {got}, declared as {want}"),
        );
    }
    if len == 0 {
        return Cursor::error_at(at, "expected a name");
    }
    Ok((name, GlobalData { name, ty, value }))
}

/// `@ID MODULE.NAME(_2 name::TYPE, …)::RETURN self=TYPE [export] [inline|noinline]`
pub(super) fn parse_function_header(c: &mut Cursor, m: &mut Module) -> LineResult<(u32, Function)> {
    c.expect("@")?;
    let id: u32 = c.number()?;
    c.expect(" ")?;
    // A name may itself be an operator; the parameter list starts at the first parenthesis that
    // is followed by a parameter or closes at once.
    let rest = c.rest();
    let Some(len) = rest
        .match_indices('(')
        .map(|(at, _)| at)
        .find(|&at| rest[at..].starts_with("(_2") || rest[at..].starts_with("()::"))
    else {
        return c.error("expected `NAME(_2 name::TYPE, …)::TYPE`");
    };
    if len == 0 {
        return c.error("expected a function name");
    }
    let name = m.tables.names.intern(&rest[..len]);
    c.pos += len + 1;
    let mut params = Vec::new();
    while !c.eat(")") {
        if !params.is_empty() {
            c.expect(", ")?;
        }
        c.expect("_")?;
        let at = c.pos;
        let n: usize = c.number()?;
        if n != params.len() + 2 {
            return Cursor::error_at(at, format!("expected parameter _{}", params.len() + 2));
        }
        let param_name = if c.eat(" ") {
            let Some(len) = c.rest().find("::") else {
                return c.error("expected `::TYPE` after the parameter's name");
            };
            let text = &c.rest()[..len];
            c.pos += len;
            m.tables.names.intern(text)
        } else {
            Name::EMPTY
        };
        c.expect("::")?;
        let ty = parse_type(c, &mut m.tables)?;
        params.push(Param {
            name: param_name,
            ty,
        });
    }
    c.expect("::")?;
    let ret = parse_type(c, &mut m.tables)?;
    c.expect(" self=")?;
    let self_type = parse_type(c, &mut m.tables)?;
    let mut func = Function::new(name, params, ret, self_type);
    func.export = c.eat(" export");
    func.inline = if c.eat(" inline") {
        InlineHint::Always
    } else if c.eat(" noinline") {
        InlineHint::Never
    } else {
        InlineHint::Auto
    };
    Ok((id, func))
}
