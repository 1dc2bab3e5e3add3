//! Small loops of one block go around half as often: the block is copied, and each of the two goes to the other. Both
//! test whether the loop ends, so that nothing has to be known of how often it runs. A processor takes a jump
//! backwards only every other cycle, in which a loop of a handful of statements has long been executed; a loop whose
//! statements take longer gains nothing and is left alone. Comes after everything that would see one loop in the two
//! blocks; knows loops of one block only.
//!
//! ```text
//! #2: %1 = phi(#1 => 0, #2 => %2)::Int64      #2: %1 = phi(#1 => 0, #3 => %4)::Int64
//!     %2 = Base.add_int(%1, 1)::Int64             %2 = Base.add_int(%1, 1)::Int64
//!     goto #2 if not Base.eq_int(%2, _2)          goto #3 if not Base.eq_int(%2, _2) else #4
//!                                             #3: %4 = Base.add_int(%2, 1)::Int64
//!                                                 goto #2 if not Base.eq_int(%4, _2) else #4
//! ```

use super::clone_block::{add_phi_entry, copy_op, mapped};
use super::simplify_cfg::drop_unreachable;
use super::ssa_repair::SsaRepair;
use super::{Ctx, has_regions};
use jlift_ir::intrinsic::Shape;
use jlift_ir::{Block, Builtin, Function, Inst, Intrinsic, Op, Terminator, Value};
use jlift_mutations::{Mutation, either};

/// Statements besides phis of a loop that is doubled.
const MAX_STATEMENTS: usize = 10;
/// Loops of a function that are doubled, the first ones.
const MAX_LOOPS: usize = 16;

/// Doubles the small loops.
pub fn run(func: &mut Function, ctx: &mut Ctx<'_>) -> bool {
    if func.layout.is_empty() || has_regions(func) {
        return false;
    }
    let mut cfg = ctx.take_cfg(func);
    let loops: Vec<Block> = (cfg.rpo().iter().copied())
        .filter(|&block| is_small_loop(func, block))
        .take(MAX_LOOPS)
        .collect();
    if !loops.is_empty() {
        drop_unreachable(func, &cfg);
        let mut repair = SsaRepair::default();
        for block in &loops {
            double(func, *block, &mut repair);
        }
        cfg.compute(func);
        repair.run(func, &cfg);
    }
    ctx.keep_cfg(cfg);
    !loops.is_empty()
}

/// Whether a block goes to itself or elsewhere, and does little before.
fn is_small_loop(func: &Function, block: Block) -> bool {
    let data = &func.blocks[block];
    if !matches!(data.term, Terminator::Branch { .. })
        || data.term.successors().filter(|&s| s == block).count() != 1
    {
        return false;
    }
    let statements = (data.insts.iter())
        .map(|&inst| &func.insts[inst].op)
        .filter(|op| !matches!(op, Op::Phi(_) | Op::Nop | Op::Pi { .. }));
    let mut count = 0;
    for op in statements {
        count += 1;
        if count > MAX_STATEMENTS || !is_quick(op) {
            return false;
        }
    }
    true
}

/// Whether a statement takes a few cycles, and little code.
fn is_quick(op: &Op) -> bool {
    match op {
        Op::Intrinsic(intrinsic, _) => match intrinsic.shape() {
            Shape::CheckedDivide | Shape::Atomic | Shape::Refused => false,
            Shape::IntBinary => !matches!(
                intrinsic,
                Intrinsic::SdivInt | Intrinsic::UdivInt | Intrinsic::SremInt | Intrinsic::UremInt
            ),
            Shape::FloatUnary => {
                !matches!(intrinsic, Intrinsic::SqrtLlvm | Intrinsic::SqrtLlvmFast)
            }
            Shape::FloatBinary => !matches!(
                intrinsic,
                Intrinsic::DivFloat
                    | Intrinsic::DivFloatFast
                    | Intrinsic::RemFloat
                    | Intrinsic::RemFloatFast
            ),
            _ => true,
        },
        Op::Builtin(builtin, _) => matches!(
            builtin,
            Builtin::ArrayRef | Builtin::ArraySet | Builtin::ArraySize | Builtin::IfElse
        ),
        _ => false,
    }
}

/// Copies a block that goes to itself: it goes to the copy then, and the copy to it.
fn double(func: &mut Function, block: Block, repair: &mut SsaRepair) {
    let copy = func.blocks.push(Default::default());
    let mut pairs: Vec<(Inst, Value)> = Vec::new();
    let original = func.blocks[block].insts.clone();
    let mut insts = Vec::with_capacity(original.len());
    for &inst in &original {
        let (ty, loc) = (func.insts[inst].ty, func.insts[inst].loc);
        let op = match &func.insts[inst].op {
            Op::Nop => continue,
            Op::Phi(_) => {
                let Some(next) = func.phi_value(inst, block) else {
                    continue;
                };
                let wrong = Value::Inst(inst);
                let next = either(Mutation::OptimizeUnrolledStart, wrong, next);
                Op::Phi(func.phi_list(&[(block, next)]))
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
    func.blocks[block]
        .term
        .map_successors(|s| if s == block { copy } else { s });
    let successors: Vec<Block> = func.blocks[copy].term.successors().collect();
    for succ in successors {
        let phis: Vec<Inst> = func.block_phis(succ).collect();
        for phi in phis {
            let Some(value) = func.phi_value(phi, block) else {
                continue;
            };
            add_phi_entry(func, phi, copy, mapped(&pairs, value));
        }
    }
    // Only the copy goes back.
    func.remove_phi_edges(block, block);
    let at = func.layout.iter().position(|&b| b == block);
    func.layout
        .insert(at.map_or(func.layout.len(), |n| n + 1), copy);
    repair.add(block, copy, &pairs);
}
