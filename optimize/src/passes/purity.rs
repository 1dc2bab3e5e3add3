//! What a statement may be subjected to: merged with an equal one, dropped when unused, executed
//! earlier than written, copied. Everything the passes assume about statements is decided here and
//! nowhere else; what functions do is told by the caller of the passes.

use super::Ctx;
use jlift_ir::fold::width_of;
use jlift_ir::intrinsic::Shape;
use jlift_ir::{Builtin, Function, Inst, Intrinsic, Op, Tables, Type, TypeClass, Value};
use jlift_mutations::{Mutation, either, planted};

/// Whether values of a type are immutable and without identity.
pub fn is_immutable(tables: &Tables, ty: Type) -> bool {
    matches!(
        tables.class(ty),
        TypeClass::Singleton
            | TypeClass::Primitive(_)
            | TypeClass::Pointer
            | TypeClass::Inline
            | TypeClass::InlineWithReferences
    )
}

/// The 0-based field that a `getfield` of an object of type `ty` names, if it is known and exists.
pub fn field_of(tables: &Tables, ty: Type, field: Value) -> Option<usize> {
    let count = tables.field_types(ty)?.len();
    let index = match field {
        Value::Imm {
            ty: Type::INT64,
            bits,
        } => usize::try_from((bits as i64).checked_sub(1)?).ok()?,
        Value::Const(c) => match tables.const_data(c) {
            jlift_ir::ConstData::Symbol(name) => tables.field_index(ty, *name)?,
            _ => return None,
        },
        _ => return None,
    };
    (index < count).then_some(index)
}

/// A divisor for which a checked division can neither throw nor overflow.
fn safe_divisor(tables: &Tables, value: Value) -> bool {
    jlift_ir::fold::Number::of(tables, value).is_some_and(|n| n.bits != 0 && n.signed() != -1)
}

/// Whether the result depends on the operands alone, in every place where the statement may stand.
/// It may still throw, but then an equal statement before it would have thrown.
pub fn is_pure(func: &Function, ctx: &Ctx<'_>, inst: Inst) -> bool {
    let tables = &*ctx.tables;
    match &func.insts[inst].op {
        Op::Pi { .. } => true,
        Op::Intrinsic(op, _) if op.shape() == Shape::PointerLoad => {
            planted(Mutation::OptimizeGvnAcrossStore)
        }
        Op::Intrinsic(op, _) => !matches!(
            op.shape(),
            Shape::PointerLoad
                | Shape::PointerStore
                | Shape::Atomic
                | Shape::ArrayLength
                | Shape::Refused
        ),
        Op::New { ty, .. } => matches!(
            tables.class(*ty),
            TypeClass::Inline | TypeClass::InlineWithReferences | TypeClass::Singleton
        ),
        Op::Builtin(op, args) => {
            let args = func.args(*args);
            match op {
                Builtin::Tuple
                | Builtin::Egal
                | Builtin::IsA
                | Builtin::TypeOf
                | Builtin::IfElse
                | Builtin::Box
                | Builtin::Unbox
                | Builtin::Subtype => true,
                Builtin::GetField => {
                    let ty = args.first().map(|&v| ctx.type_of(func, v));
                    ty.is_some_and(|ty| {
                        is_immutable(tables, ty) || planted(Mutation::OptimizeGvnMutableField)
                    })
                }
                Builtin::SizeOf | Builtin::NFields | Builtin::IsDefined => {
                    let ty = args.first().map(|&v| ctx.type_of(func, v));
                    ty.is_some_and(|ty| tables.is_bits(ty))
                }
                _ => false,
            }
        }
        _ => false,
    }
}

/// Whether the statement may go when its result is unused: it returns, and nobody can tell.
pub fn is_removable(func: &Function, ctx: &Ctx<'_>, inst: Inst) -> bool {
    let tables = &*ctx.tables;
    let data = &func.insts[inst];
    if data.ty == Type::BOTTOM && !matches!(data.op, Op::Phi(_) | Op::Nop | Op::Copy(_)) {
        // It never returns; something after it may rely on that.
        return false;
    }
    match &data.op {
        Op::Nop | Op::Copy(_) | Op::Pi { .. } | Op::Phi(_) | Op::New { .. } => true,
        Op::Intrinsic(op, args) => match op.shape() {
            Shape::CheckedDivide if planted(Mutation::OptimizeDceThrow) => true,
            Shape::CheckedDivide => func
                .args(*args)
                .get(1)
                .is_some_and(|&v| safe_divisor(tables, v)),
            Shape::PointerStore if planted(Mutation::OptimizeDceStore) => true,
            Shape::PointerStore | Shape::Atomic | Shape::Refused => false,
            _ => true,
        },
        Op::Builtin(op, args) => {
            let args = func.args(*args);
            match op {
                Builtin::Tuple
                | Builtin::Egal
                | Builtin::TypeOf
                | Builtin::IsA
                | Builtin::IfElse
                | Builtin::Box
                | Builtin::Unbox
                | Builtin::Svec => true,
                Builtin::SizeOf | Builtin::NFields => {
                    let ty = args.first().map(|&v| ctx.type_of(func, v));
                    ty.is_some_and(|ty| tables.is_bits(ty))
                }
                Builtin::GetField => match *args {
                    [object, field, ..] => {
                        let ty = ctx.type_of(func, object);
                        let unchecked = args.last() == Some(&Value::bool(false));
                        is_immutable(tables, ty)
                            && (unchecked || field_of(tables, ty, field).is_some())
                    }
                    _ => false,
                },
                _ => false,
            }
        }
        Op::Invoke { func, .. } => ctx.removable.contains(*func),
        Op::GcPreserveBegin(args) => func
            .args(*args)
            .iter()
            .all(|&v| tables.is_bits(ctx.type_of(func, v))),
        Op::Expr { head, .. } => matches!(
            tables.names.str(*head),
            "loopinfo"
                | "meta"
                | "inbounds"
                | "aliasscope"
                | "popaliasscope"
                | "inline"
                | "noinline"
                | "code_coverage_effect"
                | "boundscheck"
        ),
        _ => false,
    }
}

/// The cost, in simple machine instructions, of executing a statement where its result may not be
/// needed; `None` where that may trap, is dear, or changes the meaning.
pub fn speculation_cost(func: &Function, ctx: &Ctx<'_>, inst: Inst) -> Option<u32> {
    let tables = &*ctx.tables;
    let data = &func.insts[inst];
    let narrow = |ty: Type| match width_of(tables, ty) {
        Some(width) => width <= 64 && ty != Type::FLOAT16,
        None => false,
    };
    match &data.op {
        Op::Nop | Op::Copy(_) => Some(0),
        Op::Intrinsic(op, list) => {
            let args = func.args(*list);
            let operands_narrow = args
                .iter()
                .all(|&v| matches!(v, Value::Type(_)) || narrow(ctx.type_of(func, v)));
            if !operands_narrow || !narrow(data.ty) {
                return None;
            }
            use Intrinsic::*;
            match op {
                Bitcast => Some(0),
                SdivInt | UdivInt | SremInt | UremInt => {
                    either(Mutation::OptimizeSpeculatedDivision, Some(1), None)
                }
                MulInt => Some(2),
                CtpopInt | BitreverseInt | FpToSi | FpToUi | UiToFp => None,
                AddFloat | SubFloat | MulFloat | NegFloat | AbsFloat | CopysignFloat
                | AddFloatFast | SubFloatFast | MulFloatFast | NegFloatFast => Some(1),
                _ => match op.shape() {
                    Shape::IntUnary
                    | Shape::IntBinary
                    | Shape::IntCompare
                    | Shape::Shift
                    | Shape::IntConvert
                    | Shape::IntToFloat
                    | Shape::FloatConvert
                    | Shape::FloatCompare
                    | Shape::PointerArithmetic => Some(1),
                    _ => None,
                },
            }
        }
        Op::Builtin(Builtin::Egal | Builtin::IfElse, list) => func
            .args(*list)
            .iter()
            .all(|&v| narrow(ctx.type_of(func, v)))
            .then_some(1),
        Op::Builtin(Builtin::GetField, list) => match *func.args(*list) {
            [object, field, ..] => {
                let ty = ctx.type_of(func, object);
                (tables.class(ty) == TypeClass::Inline
                    && field_of(tables, ty, field).is_some()
                    && narrow(data.ty))
                .then_some(1)
            }
            _ => None,
        },
        _ => None,
    }
}

/// Whether a copy of the statement may stand in for it where the original is not executed.
pub fn is_copyable(func: &Function, ctx: &Ctx<'_>, inst: Inst) -> bool {
    match &func.insts[inst].op {
        Op::Nop | Op::Copy(_) => true,
        Op::Intrinsic(op, _) => !matches!(op.shape(), Shape::Refused | Shape::Atomic),
        Op::Phi(_) | Op::Invoke { .. } | Op::GcPreserveBegin(_) => false,
        _ => is_pure(func, ctx, inst) || is_removable(func, ctx, inst),
    }
}
