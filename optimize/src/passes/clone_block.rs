//! Splits some of the edges into a block off to a copy of it. What was defined once is then defined
//! twice; [`SsaRepair`] learns of it. Knows nothing of why.
//!
//! ```text
//! #3: %1 = phi(#1 => 1, #2 => 2)         #3: %1 = phi(#1 => 1)
//!     %2 = Base.neg_int(%1)                  %2 = Base.neg_int(%1)
//!                                        #4: %3 = phi(#2 => 2)
//!                                            %4 = Base.neg_int(%3)
//! ```

use super::ssa_repair::SsaRepair;
use jlift_ir::{Block, Function, Inst, Op, Terminator, Value};

/// Lets the edges from `preds` go to a new copy of `block`, and returns the copy. `block` is not
/// among `preds`, and its statements are phis and copyable ones. The successors' phis get entries
/// for the copy.
pub(super) fn split_off(
    func: &mut Function,
    block: Block,
    preds: &[Block],
    repair: &mut SsaRepair,
) -> Block {
    let copy = func.blocks.push(Default::default());
    let mut pairs: Vec<(Inst, Value)> = Vec::new();
    let original = func.blocks[block].insts.clone();
    let mut insts = Vec::with_capacity(original.len());
    for inst in original {
        let (ty, loc) = (func.insts[inst].ty, func.insts[inst].loc);
        let op = match &func.insts[inst].op {
            Op::Nop => continue,
            Op::Phi(list) => {
                let (taken, kept): (Vec<_>, Vec<_>) = func
                    .phi_args(*list)
                    .iter()
                    .copied()
                    .partition(|(pred, _)| preds.contains(pred));
                func.set_phi(inst, &kept);
                Op::Phi(func.phi_list(&taken))
            }
            op => copy_op(func, op.clone()),
        };
        let is_phi = matches!(op, Op::Phi(_));
        let new = func.make_inst(op, ty, loc);
        if !is_phi {
            func.map_operands(new, |v| mapped(&pairs, v));
        }
        pairs.push((inst, Value::Inst(new)));
        insts.push(new);
    }
    func.blocks[copy].insts = insts;
    func.blocks[copy].term = func.blocks[block].term.clone();
    func.blocks[copy].term_loc = func.blocks[block].term_loc;
    func.map_terminator_operand(copy, |v| mapped(&pairs, v));
    for &pred in preds {
        func.blocks[pred]
            .term
            .map_successors(|s| if s == block { copy } else { s });
    }
    let successors: Vec<Block> = func.blocks[copy].term.successors().collect();
    for succ in successors {
        let phis: Vec<Inst> = func.block_phis(succ).collect();
        for phi in phis {
            if let Some(value) = func.phi_value(phi, block) {
                add_phi_entry(func, phi, copy, mapped(&pairs, value));
            }
        }
    }
    let at = func.layout.iter().position(|&b| b == block);
    func.layout
        .insert(at.map_or(func.layout.len(), |n| n + 1), copy);
    repair.add(block, copy, &pairs);
    copy
}

/// Lets a block that ends in a branch go to one of its destinations only.
pub(super) fn commit_to(func: &mut Function, block: Block, dest: Block) {
    let others: Vec<Block> = func.blocks[block]
        .term
        .successors()
        .filter(|&s| s != dest)
        .collect();
    for other in others {
        func.remove_phi_edges(other, block);
    }
    func.blocks[block].term = Terminator::Goto(dest);
}

/// Adds an entry to a phi.
pub(super) fn add_phi_entry(func: &mut Function, phi: Inst, pred: Block, value: Value) {
    if let Op::Phi(list) = func.insts[phi].op {
        let mut entries = func.phi_args(list).to_vec();
        entries.push((pred, value));
        func.set_phi(phi, &entries);
    }
}

/// What stands for `value` in a copy of a block with these pairs of original and copy.
pub(super) fn mapped(pairs: &[(Inst, Value)], value: Value) -> Value {
    match value {
        Value::Inst(inst) => pairs
            .iter()
            .find(|&&(old, _)| old == inst)
            .map_or(value, |&(_, new)| new),
        _ => value,
    }
}

/// The operation with operand lists of its own, so that changing one does not change the other.
pub(super) fn copy_op(func: &mut Function, op: Op) -> Op {
    let mut copy = |list| {
        let values = func.args(list).to_vec();
        func.value_list(&values)
    };
    match op {
        Op::Intrinsic(i, args) => Op::Intrinsic(i, copy(args)),
        Op::Builtin(b, args) => Op::Builtin(b, copy(args)),
        Op::New { ty, args } => Op::New {
            ty,
            args: copy(args),
        },
        Op::Expr { head, args } => Op::Expr {
            head,
            args: copy(args),
        },
        // Without operand lists, or not copyable.
        op => op,
    }
}
