//! Statements that nobody needs. What has an effect or may throw is needed, and what a needed
//! statement or terminator uses; all else goes, phis included that only use each other. What has an
//! effect is decided in [`super::purity`].
//!
//! ```text
//! %1 = Base.mul_int(_2, _2)::Int64
//! %2 = Base.checked_sdiv_int(1, _2)::Int64       %2 = Base.checked_sdiv_int(1, _2)::Int64
//! return _2                                      return _2
//! ```

use super::{Ctx, purity};
use cranelift_entity::EntitySet;
use jlift_ir::{Function, Inst, Op, Value};

/// Removes unused statements.
pub fn run(func: &mut Function, ctx: &mut Ctx<'_>) -> bool {
    let mut needed: EntitySet<Inst> = EntitySet::with_capacity(func.insts.len());
    let mut work: Vec<Inst> = Vec::new();
    let mut dropped_tokens: EntitySet<Inst> = EntitySet::new();
    for &block in &func.layout {
        for &inst in &func.blocks[block].insts {
            let removable = match func.insts[inst].op {
                // Goes with the beginning, which dominates it.
                Op::GcPreserveEnd(Value::Inst(token)) => dropped_tokens.contains(token),
                Op::GcPreserveBegin(_) => {
                    let removable = purity::is_removable(func, ctx, inst);
                    if removable {
                        dropped_tokens.insert(inst);
                    }
                    removable
                }
                _ => purity::is_removable(func, ctx, inst),
            };
            if !removable && needed.insert(inst) {
                work.push(inst);
            }
        }
        if let Some(Value::Inst(used)) = func.terminator_operand(block)
            && needed.insert(used)
        {
            work.push(used);
        }
    }
    while let Some(inst) = work.pop() {
        func.for_each_operand(inst, |v| {
            if let Value::Inst(used) = v
                && needed.insert(used)
            {
                work.push(used);
            }
        });
    }
    let mut changed = false;
    for n in 0..func.layout.len() {
        let block = func.layout[n];
        for k in 0..func.blocks[block].insts.len() {
            let inst = func.blocks[block].insts[k];
            if func.insts[inst].op != Op::Nop && !needed.contains(inst) {
                func.remove_inst(inst);
                changed = true;
            }
        }
    }
    if changed {
        func.compact();
    }
    changed
}
