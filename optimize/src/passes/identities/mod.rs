//! Statements that are equal to something simpler: a value that exists already, or a cheaper
//! statement on the same operands. Knows single statements and the definitions of their operands,
//! never control flow; every rule is exact for all operands (results that Julia leaves undefined
//! may become anything, but a rule never makes a statement throw or trap that did not).
//!
//! ```text
//! %2 = Base.add_int(_2, 0)::Int64        _2
//! %2 = Base.not_int(%1)::Bool            Base.sle_int(_3, _2), for %1 = Base.slt_int(_2, _3)
//! %2 = Core.getfield(%1, 2)::Int64       _3, for %1 = Core.tuple(_2, _3)
//! ```

mod float;
mod integer;
mod object;

pub use object::{aggregate_field, drop_misfits, fits, never_fits};

use super::Ctx;
use jlift_ir::fold::{Number, fold_intrinsic};
use jlift_ir::intrinsic::Shape;
use jlift_ir::{Builtin, Function, Intrinsic, Op, Type, Value};

/// The statements that rules apply to.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    Intrinsic(Intrinsic),
    Builtin(Builtin),
    Pi(Type),
}

/// At most three operands.
#[derive(Copy, Clone, Debug)]
pub struct Args {
    values: [Value; 3],
    len: usize,
}

impl Args {
    /// One to three operands; more are cut off.
    pub fn new(list: &[Value]) -> Self {
        let mut values = [Value::NOTHING; 3];
        let len = list.len().min(3);
        values[..len].copy_from_slice(&list[..len]);
        Self { values, len }
    }

    /// The operands.
    pub fn as_slice(&self) -> &[Value] {
        &self.values[..self.len]
    }
}

/// What a statement is equal to.
#[derive(Copy, Clone, Debug)]
pub enum Simple {
    /// A value that exists already.
    Value(Value),
    /// Another statement, of the same type.
    Statement(Kind, Args),
}

impl Simple {
    pub(super) fn intrinsic(op: Intrinsic, args: &[Value]) -> Option<Simple> {
        Some(Simple::Statement(Kind::Intrinsic(op), Args::new(args)))
    }

    pub(super) fn builtin(op: Builtin, args: &[Value]) -> Option<Simple> {
        Some(Simple::Statement(Kind::Builtin(op), Args::new(args)))
    }

    pub(super) fn value(value: Value) -> Option<Simple> {
        Some(Simple::Value(value))
    }
}

/// The kind and operands of a statement that rules apply to.
pub fn shape_of<'f>(func: &'f Function, op: &'f Op) -> Option<(Kind, &'f [Value])> {
    match op {
        Op::Intrinsic(i, args) => Some((Kind::Intrinsic(*i), func.args(*args))),
        Op::Builtin(b, args) => Some((Kind::Builtin(*b), func.args(*args))),
        Op::Pi { value, ty } => Some((Kind::Pi(*ty), std::slice::from_ref(value))),
        _ => None,
    }
}

/// What a statement of type `ty` is equal to, if that is simpler.
pub fn simplify(
    func: &Function,
    ctx: &mut Ctx<'_>,
    kind: Kind,
    args: &[Value],
    ty: Type,
) -> Option<Simple> {
    match kind {
        Kind::Intrinsic(op) => intrinsic(func, ctx, op, args, ty),
        Kind::Builtin(op) => object::builtin(func, ctx, op, args, ty),
        Kind::Pi(to) => object::pi(func, ctx, *args.first()?, to),
    }
}

fn intrinsic(
    func: &Function,
    ctx: &mut Ctx<'_>,
    op: Intrinsic,
    args: &[Value],
    ty: Type,
) -> Option<Simple> {
    let shape = op.shape();
    let values = match shape {
        Shape::IntConvert
        | Shape::FloatToInt
        | Shape::IntToFloat
        | Shape::FloatConvert
        | Shape::Bitcast => args.get(1..)?,
        _ => args,
    };
    if !values.is_empty()
        && values.iter().all(|v| v.is_const())
        && let Some(value) = fold_intrinsic(ctx.tables, op, args, ty)
    {
        return Simple::value(value);
    }
    match shape {
        Shape::IntUnary => integer::unary(func, op, *args.first()?),
        Shape::IntBinary | Shape::CheckedDivide => {
            integer::binary(func, ctx, op, *args.first()?, *args.get(1)?)
        }
        Shape::IntCompare => integer::compare(func, ctx, op, *args.first()?, *args.get(1)?),
        Shape::Shift => integer::shift(ctx, op, *args.first()?, *args.get(1)?, ty),
        Shape::IntConvert | Shape::Bitcast => {
            integer::convert(func, ctx, op, *args.first()?, *args.get(1)?)
        }
        Shape::FloatUnary | Shape::FloatBinary | Shape::IntToFloat | Shape::FloatConvert => {
            float::simplify(func, ctx, op, args)
        }
        _ => None,
    }
}

/// The intrinsic that defines a value, with its operands.
fn defined_by(func: &Function, value: Value) -> Option<(Intrinsic, &[Value])> {
    match &func.insts[value.as_inst()?].op {
        Op::Intrinsic(op, args) => Some((*op, func.args(*args))),
        _ => None,
    }
}

/// A constant operand as a number.
fn number(ctx: &Ctx<'_>, value: Value) -> Option<Number> {
    if value.is_const() {
        Number::of(ctx.tables, value)
    } else {
        None
    }
}
