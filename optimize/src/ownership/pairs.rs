//! Retains and releases of one value in one block cancel each other if nothing between them can
//! drop a reference: whoever owned the value before the retain still does.
//!
//! ```text
//! expr retain(%1)
//! %2 = Core.arrayref(false, %1, 1)       %2 = Core.arrayref(false, %1, 1)
//! expr release(%1)
//! ```

use super::Context;
use super::borrow::{is_shim, stores_reference};
use super::values::foreign_name;
use cranelift_entity::EntitySet;
use jlift_ir::{Builtin, Function, Inst, Intrinsic, Op};
use jlift_mutations::{Mutation, planted};

/// Removes pairs.
pub fn cancel(cx: &Context, func: &mut Function) {
    let mut gone: EntitySet<Inst> = EntitySet::new();
    for &block in &func.layout {
        // Retains since the last statement that may drop a reference.
        let mut open: Vec<Inst> = Vec::new();
        for &inst in &func.blocks[block].insts {
            match func.insts[inst].op {
                Op::Retain(_) => open.push(inst),
                Op::Release(value) => {
                    let same = |&i: &Inst| func.insts[i].op == Op::Retain(value);
                    match open.iter().rposition(same) {
                        Some(at) => {
                            gone.insert(open.remove(at));
                            gone.insert(inst);
                        }
                        None => open.clear(),
                    }
                }
                // A failing call releases what the retain is for.
                Op::Cleanup(_) => open.clear(),
                _ if may_drop(cx, func, inst) && !planted(Mutation::OptimizePairsAcrossDrop) => {
                    open.clear();
                }
                _ => {}
            }
        }
    }
    if gone.is_empty() {
        return;
    }
    for n in 0..func.layout.len() {
        let block = func.layout[n];
        func.blocks[block].insts.retain(|&i| !gone.contains(i));
    }
}

fn may_drop(cx: &Context, func: &Function, inst: Inst) -> bool {
    match &func.insts[inst].op {
        Op::Invoke { func: callee, .. } => !is_shim(cx, *callee),
        Op::Call { .. } | Op::Upsilon(_) | Op::Leave(_) | Op::Builtin(Builtin::CallDynamic, _) => {
            true
        }
        Op::ForeignCall(call) => match foreign_name(cx, call.symbol) {
            Some(name) => name == "jlift_clear_elements",
            None => true,
        },
        Op::Builtin(..) | Op::Intrinsic(Intrinsic::PointerSet, _) => {
            stores_reference(cx, func, inst)
        }
        _ => false,
    }
}
