//! Rules for builtins: identity, type tests, selection, fields, and narrowing by `pi`.

use super::super::Ctx;
use super::super::purity::field_of;
use super::{Simple, number};
use jlift_ir::fold::width_of;
use jlift_ir::types::TypeData;
use jlift_ir::{Builtin, ConstData, Function, Inst, Intrinsic, Op, Type, TypeClass, Value};

/// Whether `value` may stand where a value of type `ty` is expected.
pub fn fits(func: &Function, ctx: &Ctx<'_>, value: Value, ty: Type) -> bool {
    let from = ctx.type_of(func, value);
    from == ty || ctx.tables.is_subtype(from, ty) == Some(true)
}

/// Whether no value of the type of `value` is one of type `ty`. As the entry of a phi such a value
/// is never used: inference knew, and gave the phi a narrower type.
pub fn never_fits(func: &Function, ctx: &Ctx<'_>, value: Value, ty: Type) -> bool {
    !matches!(value, Value::Type(_)) && ctx.tables.excludes(ctx.type_of(func, value), ty)
}

/// Drops the entries of a phi that are never used because of their type.
pub fn drop_misfits(func: &mut Function, ctx: &Ctx<'_>, phi: Inst) -> bool {
    let data = &func.insts[phi];
    let ty = data.ty;
    let Op::Phi(list) = data.op else { return false };
    if !func
        .phi_args(list)
        .iter()
        .any(|&(_, v)| never_fits(func, ctx, v, ty))
    {
        return false;
    }
    let mut entries = func.phi_args(list).to_vec();
    entries.retain(|&(_, v)| !never_fits(func, ctx, v, ty));
    func.set_phi(phi, &entries);
    true
}

pub(super) fn builtin(
    func: &Function,
    ctx: &mut Ctx<'_>,
    op: Builtin,
    args: &[Value],
    ty: Type,
) -> Option<Simple> {
    match (op, args) {
        (Builtin::Egal, &[a, b]) => egal(func, ctx, a, b),
        (Builtin::Tuple, fields) => same_fields(func, ctx, fields, ty),
        (Builtin::IfElse, &[c, a, b]) => if_else(func, ctx, c, a, b, ty),
        (Builtin::GetField, &[object, field, ..]) => get_field(func, ctx, object, field, ty),
        (Builtin::IsA, &[x, Value::Type(wanted)]) => {
            Simple::value(Value::bool(is_a(func, ctx, x, wanted)?))
        }
        (Builtin::TypeAssert, &[x, Value::Type(wanted)]) => {
            is_a(func, ctx, x, wanted)?.then_some(())?;
            fits(func, ctx, x, ty).then_some(Simple::Value(x))
        }
        (Builtin::Subtype, &[Value::Type(a), Value::Type(b)]) => {
            Simple::value(Value::bool(ctx.tables.is_subtype(a, b)?))
        }
        (Builtin::TypeOf, &[x]) => type_of(func, ctx, x),
        (Builtin::SizeOf, &[x]) => {
            let of = match x {
                Value::Type(t) => t,
                _ => ctx.type_of(func, x),
            };
            let bytes = match ctx.tables.class(of) {
                TypeClass::Primitive(width) => width.div_ceil(8),
                TypeClass::Pointer => 8,
                _ => return None,
            };
            (ty == Type::INT64).then_some(Simple::Value(Value::int64(bytes.into())))
        }
        (Builtin::NFields, &[x]) => {
            let of = ctx.type_of(func, x);
            if ctx.tables.class(of) != TypeClass::Inline {
                return None;
            }
            let count = ctx.tables.field_types(of)?.len();
            Simple::value(Value::int64(count as i64))
        }
        (Builtin::IsDefined, &[x, field]) => {
            let of = ctx.type_of(func, x);
            (ctx.tables.class(of) == TypeClass::Inline && field_of(ctx.tables, of, field).is_some())
                .then_some(Simple::Value(Value::bool(true)))
        }
        _ => None,
    }
}

fn type_of(func: &Function, ctx: &Ctx<'_>, x: Value) -> Option<Simple> {
    if matches!(x, Value::Type(_)) {
        return None;
    }
    let ty = ctx.type_of(func, x);
    ctx.tables
        .is_concrete(ty)
        .then_some(Simple::Value(Value::Type(ty)))
}

fn is_a(func: &Function, ctx: &Ctx<'_>, x: Value, wanted: Type) -> Option<bool> {
    if wanted == Type::ANY {
        return Some(true);
    }
    if matches!(x, Value::Type(_)) {
        return None;
    }
    let ty = ctx.type_of(func, x);
    let tables = &*ctx.tables;
    if ty == wanted {
        return Some(true);
    }
    // Every member must give the same answer.
    let mut answer = None;
    for member in tables.members(ty) {
        if !ctx.tables.is_concrete(member) {
            return None;
        }
        let this = tables.is_subtype(member, wanted)?;
        if answer.is_some_and(|a| a != this) {
            return None;
        }
        answer = Some(this);
    }
    answer
}

fn egal(func: &Function, ctx: &Ctx<'_>, a: Value, b: Value) -> Option<Simple> {
    if a == b {
        return Simple::value(Value::bool(true));
    }
    if a.is_const() && !b.is_const() {
        return Simple::builtin(Builtin::Egal, &[b, a]);
    }
    if let (Value::Type(s), Value::Type(t)) = (a, b) {
        // Equal types have equal indices; of different indices only plain nominal types are
        // certain to be different.
        let plain = |ty| {
            matches!(ctx.tables.type_data(ty), TypeData::Data { .. })
                && ctx.tables.params(ty).is_empty()
        };
        return (s != t && plain(s) && plain(t)).then_some(Simple::Value(Value::bool(false)));
    }
    if matches!(a, Value::Type(_)) || matches!(b, Value::Type(_)) {
        return None;
    }
    let (ta, tb) = (ctx.type_of(func, a), ctx.type_of(func, b));
    if ta == tb {
        if let (Some(x), Some(y)) = (number(ctx, a), number(ctx, b)) {
            return Simple::value(Value::bool(x.bits == y.bits));
        }
        return match ctx.tables.class(ta) {
            TypeClass::Singleton if ctx.tables.type_of_type(ta).is_none() => {
                Simple::value(Value::bool(true))
            }
            TypeClass::Primitive(_) if !ta.is_float() => {
                Simple::intrinsic(Intrinsic::EqInt, &[a, b])
            }
            TypeClass::Symbol if a.is_const() && b.is_const() => {
                Simple::value(Value::bool(is_symbol(ctx, a)? == is_symbol(ctx, b)?))
            }
            _ => None,
        };
    }
    let (left, right) = (ctx.tables.members(ta), ctx.tables.members(tb));
    let concrete = left
        .iter()
        .chain(&right)
        .all(|&t| ctx.tables.is_concrete(t));
    (concrete && !left.iter().any(|t| right.contains(t)))
        .then_some(Simple::Value(Value::bool(false)))
}

fn is_symbol(ctx: &Ctx<'_>, value: Value) -> Option<jlift_ir::Name> {
    match value {
        Value::Const(c) => match ctx.tables.const_data(c) {
            ConstData::Symbol(name) => Some(*name),
            _ => None,
        },
        _ => None,
    }
}

fn if_else(
    func: &Function,
    ctx: &Ctx<'_>,
    c: Value,
    a: Value,
    b: Value,
    ty: Type,
) -> Option<Simple> {
    if let Some(c) = c.as_bool() {
        let chosen = if c { a } else { b };
        return fits(func, ctx, chosen, ty).then_some(Simple::Value(chosen));
    }
    if a == b && fits(func, ctx, a, ty) {
        return Simple::value(a);
    }
    match (a.as_bool(), b.as_bool()) {
        (Some(true), Some(false)) => return Simple::value(c),
        (Some(false), Some(true)) => return Simple::intrinsic(Intrinsic::NotInt, &[c]),
        _ => {}
    }
    if let Some((Intrinsic::NotInt, &[d])) = super::defined_by(func, c) {
        return Simple::builtin(Builtin::IfElse, &[d, b, a]);
    }
    // A selection by the same condition inside.
    let inner = |value: Value, taken: usize| match &func.insts[value.as_inst()?].op {
        Op::Builtin(Builtin::IfElse, list) => match *func.args(*list) {
            [d, ..] if d == c => Some(func.args(*list)[taken]),
            _ => None,
        },
        _ => None,
    };
    if let Some(a) = inner(a, 1) {
        return Simple::builtin(Builtin::IfElse, &[c, a, b]);
    }
    if let Some(b) = inner(b, 2) {
        return Simple::builtin(Builtin::IfElse, &[c, a, b]);
    }
    None
}

/// The value of field `index` of an object whose making is in sight.
pub fn aggregate_field(
    func: &Function,
    ctx: &Ctx<'_>,
    mut object: Value,
    index: usize,
) -> Option<Value> {
    // Hostile input could name a global by itself.
    for _ in 0..64 {
        match object {
            Value::Const(c) => match ctx.tables.const_data(c) {
                ConstData::Aggregate { fields, .. } => return fields.get(index).copied(),
                ConstData::Global(g) => object = ctx.globals[*g].value,
                _ => return None,
            },
            Value::Inst(inst) => match &func.insts[inst].op {
                Op::Copy(v) | Op::Pi { value: v, .. } => object = *v,
                Op::Builtin(Builtin::Tuple, args) => {
                    return func.args(*args).get(index).copied();
                }
                Op::New { ty, args } => {
                    return match ctx.tables.class(*ty) {
                        TypeClass::Inline | TypeClass::InlineWithReferences => {
                            func.args(*args).get(index).copied()
                        }
                        _ => None,
                    };
                }
                _ => return None,
            },
            _ => return None,
        }
    }
    None
}

/// The tuple that these are the fields of, in this order.
fn same_fields(func: &Function, ctx: &Ctx<'_>, fields: &[Value], ty: Type) -> Option<Simple> {
    let mut object = None;
    for (n, field) in fields.iter().enumerate() {
        let Op::Builtin(Builtin::GetField, args) = &func.insts[field.as_inst()?].op else {
            return None;
        };
        let &[from, index, ..] = func.args(*args) else {
            return None;
        };
        if ctx.type_of(func, from) != ty
            || field_of(ctx.tables, ty, index)? != n
            || object.is_some_and(|o| o != from)
        {
            return None;
        }
        object = Some(from);
    }
    let count = ctx.tables.field_types(ty)?.len();
    (count == fields.len() && ctx.tables.class(ty) == TypeClass::Inline)
        .then_some(Simple::Value(object?))
}

fn get_field(
    func: &Function,
    ctx: &Ctx<'_>,
    object: Value,
    field: Value,
    ty: Type,
) -> Option<Simple> {
    let of = ctx.type_of(func, object);
    let index = field_of(ctx.tables, of, field)?;
    if let Some(value) = aggregate_field(func, ctx, object, index) {
        return fits(func, ctx, value, ty).then_some(Simple::Value(value));
    }
    // The field of a selected object is a selected field.
    if let Some(inst) = object.as_inst()
        && let Op::Builtin(Builtin::IfElse, list) = &func.insts[inst].op
        && let &[c, a, b] = func.args(*list)
    {
        width_of(ctx.tables, ty)?;
        let a = aggregate_field(func, ctx, a, index)?;
        let b = aggregate_field(func, ctx, b, index)?;
        if ctx.type_of(func, a) == ty && ctx.type_of(func, b) == ty {
            return Simple::builtin(Builtin::IfElse, &[c, a, b]);
        }
    }
    None
}

pub(super) fn pi(func: &Function, ctx: &Ctx<'_>, value: Value, to: Type) -> Option<Simple> {
    if fits(func, ctx, value, to) {
        return Simple::value(value);
    }
    if let Some(inst) = value.as_inst()
        && let Op::Pi { value: inner, .. } = func.insts[inst].op
    {
        return Some(Simple::Statement(
            super::Kind::Pi(to),
            super::Args::new(&[inner]),
        ));
    }
    None
}
