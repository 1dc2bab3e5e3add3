//! Exceptions: the text of one that is built here, and what a `throw` of it becomes.
//!
//! ```text
//!   %1 = new type DomainError(_2, "must be positive")::DomainError
//!   %2 = Core.throw(%1)::Union{}
//!   unreachable
//! =>
//!   %3 = invoke @9 throw#1(_2)::Union{}
//!   unreachable
//! ```
//!
//! The texts are those of Julia 1.10's `showerror`. The exception object is not built at all. A
//! throw of a phi of exceptions is first copied into its predecessors.

use super::display::{constant_text, may_be_array, name_of_type, type_display};
use super::parts::{Part, Parts, Unprintable, element};
use super::records;
use super::rewrite::Rewriter;
use super::types::is_abstract;
use crate::inline::singleton;
use cranelift_entity::SecondaryMap;
use jlift_ir::copy::{Rename, copy_op};
use jlift_ir::text::type_text;
use jlift_ir::{
    Block, BlockData, Builtin, ConstData, Function, Inst, Intrinsic, Op, PartMode, Terminator,
    Type, TypeClass, Value,
};

/// Expands `Core.throw(exception)`.
pub fn expand_throw(rw: &mut Rewriter, exception: Value) {
    let built = match exception {
        Value::Instance(ty) => Some((ty, Vec::new())),
        Value::Const(c) => match rw.session.module.tables.const_data(c) {
            ConstData::Aggregate { ty, fields } => Some((*ty, fields.to_vec())),
            _ => None,
        },
        _ => rw
            .definition(exception)
            .and_then(|i| match rw.func.insts[i].op {
                Op::New { ty, args } => Some((ty, rw.func.args(args).to_vec())),
                _ => None,
            }),
    };
    let Some((ty, fields)) = built else {
        let ty = rw.type_of(exception);
        if rw.session.module.tables.class(ty) == TypeClass::Singleton {
            return throw_described(rw, ty, &[]);
        }
        if matches!(
            rw.session.module.tables.class(ty),
            TypeClass::Inline | TypeClass::InlineWithReferences | TypeClass::Heap
        ) && let Some(types) = rw.session.module.tables.field_types(ty)
            && !types
                .iter()
                .any(|&t| is_abstract(&rw.session.module.tables, t))
        {
            // An object from elsewhere: what it holds is read from it.
            let mut fields: Vec<Value> = Vec::with_capacity(types.len());
            for (i, field) in types.into_iter().enumerate() {
                if super::heap::may_be_undefined(rw, ty, field, i) {
                    super::heap::check_field(rw, exception, Value::int64(i as i64 + 1));
                }
                fields.push(element(rw, exception, i, field));
            }
            return throw_described(rw, ty, &fields);
        }
        let ty = type_text(&rw.session.module.tables, ty);
        rw.refuse_end(format!(
            "cannot throw a value of type {ty} that is not built in this function"
        ));
        return;
    };
    let fields: Vec<Value> = fields.into_iter().map(|f| content(rw, f)).collect();
    throw_described(rw, ty, &fields);
}

/// What was made dynamic here, for a field of type `Any`.
pub(super) fn content(rw: &Rewriter, field: Value) -> Value {
    let args_of = |value: Value, wanted: Builtin| match rw.definition(value) {
        Some(i) => match rw.func.insts[i].op {
            Op::Builtin(builtin, args) if builtin == wanted => rw.func.args(args).first().copied(),
            _ => None,
        },
        None => None,
    };
    let Some(object) = args_of(field, Builtin::Box) else {
        return field;
    };
    let ty = rw.type_of(object);
    if rw.session.module.tables.boxed_content(ty).is_none() {
        return object;
    }
    let fields = match object {
        Value::Const(c) => match rw.session.module.tables.const_data(c) {
            ConstData::Aggregate { fields, .. } => fields.first().copied(),
            _ => None,
        },
        _ => rw
            .definition(object)
            .and_then(|i| match rw.func.insts[i].op {
                Op::New { args, .. } => rw.func.args(args).first().copied(),
                _ => None,
            }),
    };
    fields.unwrap_or(field)
}

fn throw_described(rw: &mut Rewriter, ty: Type, fields: &[Value]) {
    let parts = match describe(rw, ty, fields) {
        Ok(parts) => parts.list,
        Err(Unprintable::Custom) => {
            vec![Part::Text(
                type_display(&rw.session.module.tables, ty).into_bytes(),
            )]
        }
        Err(Unprintable::Unknown(message)) => {
            rw.refuse_end(message);
            return;
        }
    };
    records::throw(rw, ty, parts);
}

/// Expands `expr throw_record(type T, modes and values)`.
pub fn expand_record(rw: &mut Rewriter, ty: Type, modes: &[PartMode], values: &[Value]) {
    let mut parts = Parts::default();
    for (&mode, &value) in modes.iter().zip(values) {
        if let Err(why) = parts.value(rw, value, mode) {
            let message = match why {
                Unprintable::Unknown(message) => message,
                Unprintable::Custom => "a part of an error text is not printable".to_string(),
            };
            rw.refuse_end(message);
            return;
        }
    }
    records::throw(rw, ty, parts.list);
}

/// The text of an exception of type `ty` with these fields. Fields that were left undefined are
/// not in the list.
fn describe(rw: &mut Rewriter, ty: Type, fields: &[Value]) -> Result<Parts, Unprintable> {
    let name = rw
        .session
        .module
        .tables
        .type_name(ty)
        .unwrap_or("")
        .to_string();
    let name = name
        .strip_prefix("Core.")
        .or_else(|| name.strip_prefix("Base."))
        .unwrap_or(&name);
    let mut out = Parts::default();
    use PartMode::{Print, Show};
    match (name, fields) {
        ("DomainError", &[value, message]) => {
            out.text("DomainError with ");
            out.value(rw, value, Print)?;
            out.text(":\n");
            out.value(rw, message, Print)?;
        }
        ("InexactError", &[func, ty, value]) => {
            out.text("InexactError: ");
            out.value(rw, func, Print)?;
            out.text("(");
            let known_type = rw.type_of(ty);
            let tables = &rw.session.module.tables;
            let ty = singleton(tables, known_type).unwrap_or(ty);
            let same_name = match ty {
                Value::Type(t) => {
                    let func = constant_text(tables, func, Print);
                    func.as_deref() == Some(name_of_type(tables, t).as_bytes())
                }
                _ => false,
            };
            if !same_name {
                out.value(rw, ty, Print)?;
                out.text(", ");
            }
            out.value(rw, value, Print)?;
            out.text(")");
        }
        ("BoundsError", []) => out.text("BoundsError"),
        ("BoundsError", &[object, ref index @ ..]) => {
            // Where the object or the index has a text of the program's own, the name stands.
            return match bounds_error(rw, object, index.first().copied()) {
                Ok(parts) => Ok(parts),
                Err(Unprintable::Custom) => {
                    let mut plain = Parts::default();
                    plain.text("BoundsError");
                    Ok(plain)
                }
                Err(why) => Err(why),
            };
        }
        ("ErrorException", &[message]) => out.value(rw, message, Print)?,
        (
            "OverflowError" | "ArgumentError" | "AssertionError" | "DimensionMismatch",
            &[message],
        ) => {
            out.text(name);
            out.text(": ");
            out.value(rw, message, Print)?;
        }
        ("StringIndexError", &[nearby, _])
            if rw.type_of(content(rw, nearby)) == Type::LAZY_STRING =>
        {
            out.text("StringIndexError: ");
            out.value(rw, nearby, Print)?;
        }
        ("KeyError", &[key]) => {
            out.text("KeyError: key ");
            out.value(rw, key, Show)?;
            out.text(" not found");
        }
        ("UndefVarError", &[variable, ..]) => {
            out.text("UndefVarError: `");
            out.value(rw, variable, Print)?;
            out.text("` not defined");
        }
        ("UndefKeywordError", &[variable]) => {
            out.text("UndefKeywordError: keyword argument `");
            out.value(rw, variable, Print)?;
            out.text("` not assigned");
        }
        ("TypeError", &[func, context, expected, got]) => {
            type_error(rw, &mut out, func, context, expected, got)?;
        }
        ("DivideError", []) => out.text("DivideError: integer division error"),
        ("EOFError", []) => out.text("EOFError: read end of file"),
        ("UndefRefError", []) => out.text("UndefRefError: access to undefined reference"),
        ("StackOverflowError", []) => out.text("StackOverflowError:"),
        ("OutOfMemoryError", []) => out.text("OutOfMemoryError()"),
        ("InterruptException", []) => out.text("InterruptException:"),
        _ => return shown_struct(rw, ty, fields),
    }
    Ok(out)
}

/// An exception of the program's own as `show` writes a struct: its type and fields. Whether it
/// has methods that print it otherwise is for whoever writes typed IR to know.
fn shown_struct(rw: &mut Rewriter, ty: Type, fields: &[Value]) -> Result<Parts, Unprintable> {
    let tables = &rw.session.module.tables;
    let name = tables.type_name(ty).unwrap_or("");
    let own = name.contains('.') && !name.starts_with("Base.") && !name.starts_with("Core.");
    let count = tables.field_types(ty).map(|f| f.len());
    if !own || count != Some(fields.len()) {
        return Err(Unprintable::Custom);
    }
    let mut out = Parts::default();
    out.text(type_display(tables, ty));
    out.text("(");
    for (i, &field) in fields.iter().enumerate() {
        if i > 0 {
            out.text(", ");
        }
        if out.value(rw, field, PartMode::Show).is_err() {
            return Err(Unprintable::Custom);
        }
    }
    out.text(")");
    Ok(out)
}

fn type_error(
    rw: &mut Rewriter,
    out: &mut Parts,
    func: Value,
    context: Value,
    expected: Value,
    got: Value,
) -> Result<(), Unprintable> {
    let Value::Type(expected) = expected else {
        return Err(Unprintable::Custom);
    };
    let got_type = rw.type_of(got);
    let tables = &rw.session.module.tables;
    if tables.class(got_type) == TypeClass::Abstract && !matches!(got, Value::Type(_)) {
        return Err(Unprintable::Custom);
    }
    let (expected_text, got_text) = (
        type_display(tables, expected),
        type_display(tables, got_type),
    );
    out.text("TypeError: ");
    if expected == Type::BOOL {
        out.text(format!("non-boolean ({got_text}) used in boolean context"));
        return Ok(());
    }
    let context = constant_text(tables, context, PartMode::Print).ok_or(Unprintable::Custom)?;
    out.text("in ");
    let name = constant_text(tables, func, PartMode::Print).ok_or(Unprintable::Custom)?;
    if context.is_empty() {
        out.text(name);
    } else if name == b"keyword argument" {
        out.text("keyword argument ");
        out.text(context);
    } else {
        out.text(name);
        out.text(", in ");
        out.text(context);
    }
    out.text(format!(", expected {expected_text}, got "));
    match got {
        Value::Type(t) => {
            let text = type_display(&rw.session.module.tables, t);
            out.text(format!("Type{{{text}}}"));
        }
        _ => out.text(format!("a value of type {got_text}")),
    }
    Ok(())
}

/// `BoundsError: attempt to access SUMMARY at index [I, …]`.
pub fn bounds_error(
    rw: &mut Rewriter,
    object: Value,
    index: Option<Value>,
) -> Result<Parts, Unprintable> {
    let mut out = Parts::default();
    out.text("BoundsError: attempt to access ");
    summary(rw, &mut out, object)?;
    let Some(index) = index else {
        return Ok(out);
    };
    let ty = rw.type_of(index);
    let tables = &rw.session.module.tables;
    out.text(" at index [");
    if tables.is_tuple(ty)
        && let Some(elems) = tables.tuple_elems(ty)
    {
        for (i, &elem) in elems.iter().enumerate() {
            if i > 0 {
                out.text(", ");
            }
            let value = element(rw, index, i, elem);
            one_index(rw, &mut out, value, elem)?;
        }
    } else {
        one_index(rw, &mut out, index, ty)?;
    }
    out.text("]");
    Ok(out)
}

/// An integer, a range of Int64s as `a:b`, or a `LazyString`.
fn one_index(
    rw: &mut Rewriter,
    out: &mut Parts,
    index: Value,
    ty: Type,
) -> Result<(), Unprintable> {
    if ty.is_integer() || ty == Type::BOOL {
        return out.value(rw, index, PartMode::Show);
    }
    // The text of something that is not known here.
    if ty == Type::LAZY_STRING {
        return out.value(rw, index, PartMode::Print);
    }
    if !is_unit_range(rw, ty) {
        return Err(Unprintable::Custom);
    }
    let start = element(rw, index, 0, Type::INT64);
    let stop = element(rw, index, 1, Type::INT64);
    out.value(rw, start, PartMode::Show)?;
    out.text(":");
    out.value(rw, stop, PartMode::Show)
}

fn is_unit_range(rw: &Rewriter, ty: Type) -> bool {
    let tables = &rw.session.module.tables;
    tables.type_name(ty) == Some("Base.UnitRange")
        && tables
            .field_types(ty)
            .is_some_and(|f| f == [Type::INT64, Type::INT64])
}

/// What `summary` says of an object: its type, and of an array or string its size. A `LazyString`
/// is the summary itself, of something that is not known here.
fn summary(rw: &mut Rewriter, out: &mut Parts, object: Value) -> Result<(), Unprintable> {
    let ty = rw.type_of(object);
    let tables = &rw.session.module.tables;
    let text = type_display(tables, ty);
    if ty == Type::LAZY_STRING {
        return out.value(rw, object, PartMode::Print);
    }
    if ty == Type::STRING {
        let bytes = rw.builtin(Builtin::SizeOf, &[object], Type::INT64);
        out.value(rw, bytes, PartMode::Print)?;
        out.text("-codeunit String");
        return Ok(());
    }
    if let Some((_, dims)) = tables.array_of(ty) {
        return array_summary(rw, out, object, dims, &text);
    }
    match tables.type_name(ty) {
        Some("Base.UnitRange") => {
            if !is_unit_range(rw, ty) {
                return Err(Unprintable::Custom);
            }
            let start = element(rw, object, 0, Type::INT64);
            let stop = element(rw, object, 1, Type::INT64);
            let steps = rw.intrinsic(Intrinsic::SubInt, &[stop, start], Type::INT64);
            let one = Value::int64(1);
            let len = rw.intrinsic(Intrinsic::AddInt, &[steps, one], Type::INT64);
            out.value(rw, len, PartMode::Print)?;
            out.text(format!("-element {text}"));
            Ok(())
        }
        _ => match tables.class(ty) {
            TypeClass::Abstract | TypeClass::Union => Err(Unprintable::Custom),
            _ if may_be_array(tables, ty) => Err(Unprintable::Custom),
            _ => {
                out.text(text);
                Ok(())
            }
        },
    }
}

/// `5-element Vector{Float64}`, `2×3 Matrix{Float64}`, `0-dimensional Array{Float64, 0}`.
fn array_summary(
    rw: &mut Rewriter,
    out: &mut Parts,
    array: Value,
    dims: u32,
    text: &str,
) -> Result<(), Unprintable> {
    if dims == 0 {
        out.text("0-dimensional ");
    }
    for d in 1..=dims {
        let args = [array, Value::int64(d.into())];
        let size = rw.builtin(Builtin::ArraySize, &args, Type::INT64);
        out.value(rw, size, PartMode::Print)?;
        out.text(match () {
            () if dims == 1 => "-element ",
            () if d == dims => " ",
            () => "\u{d7}",
        });
    }
    out.text(text);
    Ok(())
}

/// Copies blocks that throw a phi of their own into their predecessors, so that every throw sees
/// the exception that it throws.
pub fn split_phi_throws(func: &mut Function) {
    let candidates: Vec<Block> = func
        .layout
        .iter()
        .copied()
        .filter(|&b| throws_own_phi(func, b))
        .collect();
    for block in candidates {
        let preds: Vec<Block> = func
            .layout
            .iter()
            .copied()
            .filter(|&p| func.blocks[p].term.successors().any(|s| s == block))
            .collect();
        let from = func.clone();
        for pred in preds {
            let copy = func.blocks.push(BlockData::default());
            let mut rename = PhiRename {
                from: &from,
                block,
                pred,
                known: SecondaryMap::new(),
            };
            let mut insts = Vec::new();
            for &inst in &from.blocks[block].insts {
                if matches!(from.insts[inst].op, Op::Phi(_) | Op::Nop) {
                    continue;
                }
                let op = copy_op(func, &from, inst, &mut rename);
                let data = &from.insts[inst];
                let new = func.make_inst(op, data.ty, data.loc);
                rename.known[inst] = Some(Value::Inst(new));
                insts.push(new);
            }
            func.blocks[copy] = BlockData {
                insts,
                term: Terminator::Unreachable,
                term_loc: from.blocks[block].term_loc,
            };
            func.blocks[pred]
                .term
                .map_successors(|s| if s == block { copy } else { s });
            func.layout.push(copy);
        }
        func.layout.retain(|&b| b != block);
    }
}

/// Blocks longer than this are not copied.
const MAX_COPIED: usize = 64;

fn throws_own_phi(func: &Function, block: Block) -> bool {
    let data = &func.blocks[block];
    if Some(block) == func.entry()
        || data.insts.len() > MAX_COPIED
        || data.term != Terminator::Unreachable
    {
        return false;
    }
    data.insts.iter().any(|&inst| {
        let Op::Builtin(Builtin::Throw, args) = func.insts[inst].op else {
            return false;
        };
        let mut value = func.args(args).first().copied().unwrap_or(Value::NOTHING);
        while let Value::Inst(i) = value {
            match func.insts[i].op {
                Op::Copy(v) | Op::Pi { value: v, .. } => value = v,
                Op::Phi(_) => return data.insts.contains(&i),
                _ => return false,
            }
        }
        false
    })
}

/// Renames the phis of a copied block to what they are behind one predecessor.
struct PhiRename<'f> {
    from: &'f Function,
    block: Block,
    pred: Block,
    known: SecondaryMap<Inst, Option<Value>>,
}

impl Rename for PhiRename<'_> {
    fn value(&mut self, value: Value) -> Value {
        let Value::Inst(inst) = value else {
            return value;
        };
        if let Some(known) = self.known[inst] {
            return known;
        }
        let own = self.from.blocks[self.block].insts.contains(&inst);
        match self.from.insts[inst].op {
            // An undefined value is not used.
            Op::Phi(_) if own => self
                .from
                .phi_value(inst, self.pred)
                .unwrap_or(Value::NOTHING),
            _ => value,
        }
    }

    fn block(&mut self, block: Block) -> Block {
        block
    }
}
