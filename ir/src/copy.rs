//! Copying statements from one function's pools into another's, with everything they refer to
//! renamed. Serves inlining (same module, other function) and import (other module). Knows nothing
//! of blocks' order or of where the copy is placed.

use crate::constant::Const;
use crate::function::{Block, ForeignCall, Function, Inst, Op, Terminator, Value, ValueList};
use crate::module::Func;
use crate::names::Name;
use crate::types::Type;

/// What the parts of a copied statement become. Everything but values and blocks stays what it is
/// by default, as it does inside one module.
pub trait Rename {
    /// An operand.
    fn value(&mut self, value: Value) -> Value;
    /// A block: a predecessor in a phi, or a destination.
    fn block(&mut self, block: Block) -> Block;
    /// A type.
    fn ty(&mut self, ty: Type) -> Type {
        ty
    }
    /// A called function.
    fn func(&mut self, func: Func) -> Func {
        func
    }
    /// A name.
    fn name(&mut self, name: Name) -> Name {
        name
    }
    /// A constant.
    fn constant(&mut self, c: Const) -> Const {
        c
    }
}

fn copy_list<R: Rename>(
    to: &mut Function,
    from: &Function,
    list: ValueList,
    r: &mut R,
) -> ValueList {
    let values: Vec<Value> = from.args(list).iter().map(|&v| r.value(v)).collect();
    to.value_list(&values)
}

/// What statement `inst` of `from` does, as an operation of `to`.
pub fn copy_op<R: Rename>(to: &mut Function, from: &Function, inst: Inst, r: &mut R) -> Op {
    match &from.insts[inst].op {
        Op::Nop => Op::Nop,
        Op::Copy(v) => Op::Copy(r.value(*v)),
        Op::Intrinsic(i, args) => Op::Intrinsic(*i, copy_list(to, from, *args, r)),
        Op::Builtin(b, args) => Op::Builtin(*b, copy_list(to, from, *args, r)),
        Op::Invoke { func, callee, args } => Op::Invoke {
            func: r.func(*func),
            callee: callee.map(|v| r.value(v)),
            args: copy_list(to, from, *args, r),
        },
        Op::Call { callee, args } => Op::Call {
            callee: r.value(*callee),
            args: copy_list(to, from, *args, r),
        },
        Op::New { ty, args } => Op::New {
            ty: r.ty(*ty),
            args: copy_list(to, from, *args, r),
        },
        Op::Phi(list) => {
            let entries: Vec<(Block, Value)> = from
                .phi_args(*list)
                .iter()
                .map(|&(b, v)| (r.block(b), r.value(v)))
                .collect();
            Op::Phi(to.phi_list(&entries))
        }
        Op::Pi { value, ty } => Op::Pi {
            value: r.value(*value),
            ty: r.ty(*ty),
        },
        Op::ForeignCall(call) => {
            let params: Vec<Type> = call.params.iter().map(|&t| r.ty(t)).collect();
            Op::ForeignCall(Box::new(ForeignCall {
                symbol: r.value(call.symbol),
                ret: r.ty(call.ret),
                params: params.into(),
                variadic_from: call.variadic_from,
                convention: r.name(call.convention),
                args: copy_list(to, from, call.args, r),
                roots: copy_list(to, from, call.roots, r),
            }))
        }
        Op::Enter => Op::Enter,
        Op::Leave(n) => Op::Leave(*n),
        Op::TheException => Op::TheException,
        Op::PopException(v) => Op::PopException(r.value(*v)),
        Op::Upsilon(v) => Op::Upsilon(v.map(|v| r.value(v))),
        Op::PhiC(list) => Op::PhiC(copy_list(to, from, *list, r)),
        Op::ThrowRecord { ty, modes, parts } => Op::ThrowRecord {
            ty: r.ty(*ty),
            modes: modes.clone(),
            parts: copy_list(to, from, *parts, r),
        },
        Op::Rethrow => Op::Rethrow,
        Op::Abort { message } => Op::Abort {
            message: r.constant(*message),
        },
        Op::GcPreserveBegin(list) => Op::GcPreserveBegin(copy_list(to, from, *list, r)),
        Op::GcPreserveEnd(v) => Op::GcPreserveEnd(r.value(*v)),
        Op::Retain(v) => Op::Retain(r.value(*v)),
        Op::Release(v) => Op::Release(r.value(*v)),
        Op::Cleanup(list) => Op::Cleanup(copy_list(to, from, *list, r)),
        Op::ThrowUndefIfNot { name, cond } => Op::ThrowUndefIfNot {
            name: r.value(*name),
            cond: r.value(*cond),
        },
        Op::Expr { head, args } => Op::Expr {
            head: r.name(*head),
            args: copy_list(to, from, *args, r),
        },
    }
}

/// A terminator with its operand and destinations renamed.
pub fn copy_terminator<R: Rename>(term: &Terminator, r: &mut R) -> Terminator {
    let mut term = term.clone();
    match &mut term {
        Terminator::Branch { cond: v, .. } | Terminator::Return(v) => *v = r.value(*v),
        Terminator::Goto(_) | Terminator::Unreachable | Terminator::Enter { .. } => {}
    }
    term.map_successors(|b| r.block(b));
    term
}
