//! Statements without their operands: when two do the same, how much code one becomes, and which
//! of its operands may be constants in one copy and variables in another. Knows nothing of regions.

use super::hash::Hash64;
use cranelift_entity::EntityRef;
use jlift_ir::intrinsic::Shape;
use jlift_ir::{Builtin, ConstData, Function, Inst, Intrinsic, Module, Op, Type, TypeClass, Value};

/// Whether two statements do the same, apart from the number and identity of their operands.
pub fn same_operation(a: &Op, b: &Op) -> bool {
    match (a, b) {
        (Op::Nop, Op::Nop)
        | (Op::Copy(_), Op::Copy(_))
        | (Op::Phi(_), Op::Phi(_))
        | (Op::Rethrow, Op::Rethrow)
        | (Op::Retain(_), Op::Retain(_))
        | (Op::Release(_), Op::Release(_)) => true,
        (Op::Intrinsic(x, _), Op::Intrinsic(y, _)) => x == y,
        (Op::Builtin(x, _), Op::Builtin(y, _)) => x == y,
        (
            Op::Invoke {
                func: x, callee: c, ..
            },
            Op::Invoke {
                func: y, callee: d, ..
            },
        ) => x == y && c.is_some() == d.is_some(),
        (Op::New { ty: x, .. }, Op::New { ty: y, .. })
        | (Op::Pi { ty: x, .. }, Op::Pi { ty: y, .. }) => x == y,
        (Op::ForeignCall(x), Op::ForeignCall(y)) => {
            x.ret == y.ret
                && x.params == y.params
                && x.variadic_from == y.variadic_from
                && x.convention == y.convention
        }
        (Op::Abort { message: x }, Op::Abort { message: y }) => x == y,
        (Op::Expr { head: x, .. }, Op::Expr { head: y, .. }) => x == y,
        _ => false,
    }
}

/// A hash of what [`same_operation`] compares and of the type of the result, where calls of
/// different functions may be the same; `None` for statements that have no equals.
pub fn operation_hash(func: &Function, inst: Inst, with_callee: bool) -> Option<Hash64> {
    let data = &func.insts[inst];
    let mut hash = match &data.op {
        Op::Copy(_) => Hash64::new(1),
        Op::Phi(_) => Hash64::new(2),
        Op::Rethrow => Hash64::new(3),
        Op::Intrinsic(i, _) => number(4, *i as u64),
        Op::Builtin(b, _) => number(5, *b as u64),
        Op::Invoke { func, .. } => number(6, if with_callee { func.index() as u64 } else { 0 }),
        Op::New { ty, .. } => number(7, ty.index() as u64),
        Op::Pi { ty, .. } => number(8, ty.index() as u64),
        Op::ForeignCall(call) => {
            let mut hash = number(9, call.ret.index() as u64);
            for param in &call.params {
                hash.add(param.index() as u64);
            }
            hash
        }
        Op::Abort { message } => number(10, message.index() as u64),
        Op::Expr { head, .. } => number(11, head.index() as u64),
        Op::Retain(_) => Hash64::new(12),
        Op::Release(_) => Hash64::new(13),
        _ => return None,
    };
    hash.add(data.ty.index() as u64);
    Some(hash)
}

/// Whether a statement may go to another function.
pub fn is_movable(module: &Module, func: &Function, inst: Inst) -> bool {
    match &func.insts[inst].op {
        Op::ForeignCall(call) => is_movable_call(module, call.symbol),
        Op::Expr { head, .. } => module.tables.names.str(*head) == "loopinfo",
        Op::Retain(_) | Op::Release(_) | Op::Cleanup(_) => false,
        _ => true,
    }
}

fn number(kind: u64, x: u64) -> Hash64 {
    let mut hash = Hash64::new(kind);
    hash.add(x);
    hash
}

/// Memory of `jlift_alloca` lives as long as the call of the function that asked for it.
fn is_movable_call(module: &Module, symbol: Value) -> bool {
    let Value::Const(c) = symbol else {
        return false;
    };
    match module.tables.const_data(c) {
        ConstData::Symbol(name) => module.tables.names.str(*name) != "jlift_alloca",
        _ => true,
    }
}

/// Calls `f` with the operands of a statement that is no phi, in the order in which they are
/// copied, and with whether a constant in this place may become a variable.
pub fn for_each_operand(func: &Function, inst: Inst, mut f: impl FnMut(Value, bool)) {
    let op = &func.insts[inst].op;
    let mut n = 0;
    func.for_each_operand(inst, |value| {
        f(value, is_free(op, n));
        n += 1;
    });
}

fn is_free(op: &Op, n: usize) -> bool {
    match op {
        Op::Copy(_) | Op::Pi { .. } | Op::New { .. } => true,
        Op::Intrinsic(intrinsic, _) => match intrinsic.shape() {
            Shape::IntBinary => n == 0 || !is_division(*intrinsic),
            Shape::IntUnary
            | Shape::IntCompare
            | Shape::FloatUnary
            | Shape::FloatBinary
            | Shape::FloatTernary
            | Shape::FloatCompare
            | Shape::CheckedPair
            | Shape::PointerArithmetic => true,
            // A count or divisor that is known makes shorter code.
            Shape::Shift => n == 0,
            Shape::IntConvert
            | Shape::FloatToInt
            | Shape::IntToFloat
            | Shape::FloatConvert
            | Shape::Bitcast => n == 1,
            Shape::PointerLoad => n < 2,
            Shape::PointerStore => n < 3,
            _ => false,
        },
        Op::Builtin(builtin, _) => match builtin {
            Builtin::Egal | Builtin::IfElse | Builtin::Tuple => true,
            Builtin::GetField => n == 0,
            _ => false,
        },
        Op::Invoke { callee, .. } => n > 0 || callee.is_none(),
        _ => false,
    }
}

fn is_division(intrinsic: Intrinsic) -> bool {
    matches!(
        intrinsic,
        Intrinsic::SdivInt | Intrinsic::UdivInt | Intrinsic::SremInt | Intrinsic::UremInt
    )
}

/// How much code a statement becomes, in simple instructions of about five bytes.
pub fn weight(module: &Module, func: &Function, inst: Inst) -> u32 {
    match &func.insts[inst].op {
        Op::Nop | Op::Copy(_) | Op::Pi { .. } | Op::Expr { .. } | Op::Rethrow => 0,
        Op::Builtin(Builtin::Tuple, args) | Op::New { args, .. } => {
            func.args(*args).len() as u32 / 2
        }
        Op::Invoke { args, .. } => {
            let leaves: u32 = func
                .args(*args)
                .iter()
                .map(|&v| passing(module, func, v))
                .sum();
            2 + leaves
        }
        Op::ForeignCall(call) => 2 + func.args(call.args).len() as u32,
        _ => 1,
    }
}

/// What it costs to pass a value.
pub fn passing(module: &Module, func: &Function, value: Value) -> u32 {
    let Some(ty) = module.value_type(func, value) else {
        return 1;
    };
    let leaves = leaves(module, ty);
    match value {
        // Large arguments are passed on as they came, by address.
        Value::Arg(_) if leaves > 4 => 1,
        _ => leaves,
    }
}

/// How many simple values a value consists of.
pub fn leaves(module: &Module, ty: Type) -> u32 {
    match module.tables.class(ty) {
        TypeClass::Singleton | TypeClass::Bottom => 0,
        TypeClass::Inline => module
            .tables
            .field_types(ty)
            .map_or(1, |fields| fields.iter().map(|&t| leaves(module, t)).sum()),
        _ => 1,
    }
}
