//! Loads that need no reference of their own: as long as the object from which they were loaded is
//! alive and unchanged, what they loaded is alive too.
//!
//! ```text
//! %1 = Core.getfield(_2, sym "data")      needs no retain and release around its uses if nothing
//! %2 = Core.arrayref(false, %1, _3)       between them may store references
//! ```
//!
//! A borrowed load is another name for a part of that object, which then lives at least as long.
//! Releases of other values do no harm: they cannot free what a living object holds.

use super::Context;
use super::liveness::{Liveness, backwards, handler_at_end};
use super::regions::Regions;
use super::values::{Base, Values, container, foreign_name};
use crate::passes::purity;
use jlift_ir::cfg::Cfg;
use jlift_ir::{Builtin, Func, Function, Inst, Intrinsic, Op, Value};
use jlift_mutations::{Mutation, planted};
use std::collections::BTreeSet;

/// For each root whether it is a load that can be borrowed.
pub fn borrowed(
    cx: &Context,
    func: &Function,
    cfg: &Cfg,
    regions: &Regions,
    values: &Values,
    live: &Liveness,
) -> Vec<bool> {
    let mut can: Vec<bool> = values
        .roots
        .iter()
        .map(|r| r.loads && container(func, r.inst).is_some())
        .collect();
    let is_load = |root: &u32| values.roots[*root as usize].loads;
    for &block in cfg.rpo() {
        let has_writer = func.blocks[block]
            .insts
            .iter()
            .any(|&i| may_store_references(cx, func, values, i));
        if !has_writer {
            continue;
        }
        let mut alive: BTreeSet<u32> = live.at_end(func, values, block).into_iter().collect();
        let end = func.terminator_operand(block);
        alive.extend(end.and_then(|v| values.root_of(v)));
        let mut known_handler = handler_at_end(func, regions, block);
        alive.extend(known_handler.map_or(&[][..], |h| live.at_start(h)));
        for (inst, handler) in backwards(func, regions, block) {
            if let Base::Root(root) = values.origin_of(Value::Inst(inst)).base
                && values.roots[root as usize].inst == inst
            {
                alive.remove(&root);
            }
            let consumed = values.consumed(cx, func, inst);
            let used = values.borrows(func, inst, &consumed);
            if may_store_references(cx, func, values, inst) {
                for &root in alive.iter().chain(&used).filter(|r| is_load(r)) {
                    can[root as usize] = planted(Mutation::OptimizeBorrowAcrossStore);
                }
            }
            alive.extend(used);
            alive.extend(consumed.iter().filter_map(|&(v, _)| values.root_of(v)));
            if handler != known_handler {
                alive.extend(handler.map_or(&[][..], |h| live.at_start(h)));
                known_handler = handler;
            }
        }
    }
    can
}

/// Whether a builtin or a store stores to a place that may hold a reference, which is dropped.
pub fn stores_reference(cx: &Context, func: &Function, inst: Inst) -> bool {
    let tables = &cx.module.tables;
    if let Op::Intrinsic(Intrinsic::PointerSet, args) = func.insts[inst].op {
        let pointer = func.args(args).first();
        let elem = pointer.and_then(|&p| tables.pointee(cx.type_of(func, p)));
        return elem.is_some_and(|elem| tables.is_counted(elem));
    }
    let Op::Builtin(builtin, args) = func.insts[inst].op else {
        return false;
    };
    match (builtin, func.args(args)) {
        (Builtin::ArraySet, &[_, array, ..]) => {
            let elem = tables.array_of(cx.type_of(func, array));
            elem.is_none_or(|(elem, _)| tables.is_counted(elem))
        }
        (Builtin::SetField, &[object, field, ..]) => {
            let object = cx.type_of(func, object);
            let fields = tables.field_types(object).unwrap_or_default();
            purity::field_of(tables, object, field)
                .and_then(|i| fields.get(i).copied())
                .is_none_or(|ty| tables.is_counted(ty))
        }
        (Builtin::SwapField | Builtin::ModifyField | Builtin::ReplaceField, _) => true,
        _ => false,
    }
}

/// The shims move references at most, with the arrays that hold them.
pub fn is_shim(cx: &Context, func: Func) -> bool {
    let name = cx.module.functions[func].name;
    cx.module.tables.names.str(name).starts_with("Shims.")
}

/// Whether a statement may replace a reference in an object that it did not make.
fn may_store_references(cx: &Context, func: &Function, values: &Values, inst: Inst) -> bool {
    match &func.insts[inst].op {
        Op::Invoke { func: callee, .. } => !cx.effects[*callee].nowrite && !is_shim(cx, *callee),
        Op::Call { .. } | Op::Builtin(Builtin::CallDynamic, _) => true,
        Op::ForeignCall(call) => match foreign_name(cx, call.symbol) {
            Some(name) => name == "jlift_clear_elements",
            None => true,
        },
        Op::Builtin(..) | Op::Intrinsic(Intrinsic::PointerSet, _) => {
            stores_reference(cx, func, inst)
        }
        // What a phi-c node held may be freed, but nothing else holds it either.
        Op::Upsilon(_) => values.is_counted(Value::Inst(inst)),
        _ => false,
    }
}
