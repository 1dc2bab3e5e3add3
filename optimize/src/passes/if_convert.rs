//! Branches around next to nothing become selections: a branch that is not predicted costs more
//! than a few instructions. Knows diamonds and triangles whose sides are at most two cheap
//! statements that cannot trap; what may stand there is decided in [`super::purity`].
//!
//! ```text
//! goto #3 if not %1                      %2 = Base.neg_int(_2)::Int64
//! #2: %2 = Base.neg_int(_2)::Int64       %3 = Core.ifelse(%1, %2, _2)::Int64
//! #3: %3 = phi(#1 => _2, #2 => %2)
//! ```

use super::{Ctx, has_regions, purity};
use cranelift_entity::EntitySet;
use jlift_ir::cfg::Cfg;
use jlift_ir::fold::width_of;
use jlift_ir::{Block, Builtin, Function, Inst, Op, Terminator, Type, Value};
use jlift_mutations::{Mutation, swapped};

/// Cost of one side.
const MAX_SIDE: u32 = 2;
/// Selections for one branch.
const MAX_SELECTIONS: usize = 2;

/// Converts small diamonds and triangles.
pub fn run(func: &mut Function, ctx: &mut Ctx<'_>) -> bool {
    if func.layout.is_empty() || has_regions(func) {
        return false;
    }
    let cfg = ctx.take_cfg(func);
    let mut changed = false;
    let mut dead: EntitySet<Block> = EntitySet::new();
    // Inner branches come later in this order.
    for &block in cfg.rpo().iter().rev() {
        if let Some(shape) = Shape::of(func, &cfg, block, &dead)
            && convert(func, ctx, block, &shape)
        {
            for side in shape.sides.into_iter().flatten() {
                dead.insert(side);
            }
            changed = true;
        }
    }
    func.layout.retain(|&b| !dead.contains(b));
    ctx.return_cfg(cfg, changed);
    changed
}

/// A branch whose ways meet again at once.
struct Shape {
    cond: Value,
    /// The blocks between, for the condition being true and false.
    sides: [Option<Block>; 2],
    join: Block,
}

impl Shape {
    fn of(func: &Function, cfg: &Cfg, block: Block, dead: &EntitySet<Block>) -> Option<Shape> {
        let Terminator::Branch {
            cond,
            then_dest,
            else_dest,
        } = func.blocks[block].term
        else {
            return None;
        };
        if cond.is_const() || then_dest == else_dest {
            return None;
        }
        let through = |side: Block| match func.blocks[side].term {
            Terminator::Goto(join)
                if cfg.preds(side) == [block] && !dead.contains(side) && join != side =>
            {
                Some(join)
            }
            _ => None,
        };
        let (sides, join) = match (through(then_dest), through(else_dest)) {
            (Some(a), Some(b)) if a == b => ([Some(then_dest), Some(else_dest)], a),
            (Some(a), _) if a == else_dest => ([Some(then_dest), None], else_dest),
            (_, Some(b)) if b == then_dest => ([None, Some(else_dest)], then_dest),
            _ => return None,
        };
        // The way back of a loop is a test worth predicting.
        if cfg.dominates(join, block) {
            return None;
        }
        Some(Shape { cond, sides, join })
    }

    /// The predecessors of the join on the two ways.
    fn ways(&self, block: Block) -> [Block; 2] {
        self.sides.map(|side| side.unwrap_or(block))
    }
}

fn convert(func: &mut Function, ctx: &mut Ctx<'_>, block: Block, shape: &Shape) -> bool {
    for side in shape.sides.into_iter().flatten() {
        let mut cost = 0;
        for &inst in &func.blocks[side].insts {
            match purity::speculation_cost(func, ctx, inst) {
                Some(c) => cost += c,
                None => return false,
            }
        }
        if cost > MAX_SIDE {
            return false;
        }
    }
    let ways = shape.ways(block);
    // What every phi of the join gets from here: the value of both ways.
    let phis: Vec<Inst> = func.block_phis(shape.join).collect();
    let mut selections = 0;
    for &phi in &phis {
        let (a, b) = (func.phi_value(phi, ways[0]), func.phi_value(phi, ways[1]));
        if let (Some(a), Some(b)) = (a, b)
            && a != b
        {
            let ty = func.insts[phi].ty;
            selections += 1;
            if selections > MAX_SELECTIONS || !selectable(func, ctx, ty, a, b) {
                return false;
            }
        }
    }
    for side in shape.sides.into_iter().flatten() {
        let insts = std::mem::take(&mut func.blocks[side].insts);
        func.blocks[block].insts.extend(insts);
    }
    for phi in phis {
        let (a, b) = (func.phi_value(phi, ways[0]), func.phi_value(phi, ways[1]));
        let value = match (a, b) {
            (Some(a), Some(b)) if a != b => {
                let (a, b) = swapped(Mutation::OptimizeIfConvertedSwapped, a, b);
                let args = func.value_list(&[shape.cond, a, b]);
                let (ty, loc) = (func.insts[phi].ty, func.insts[phi].loc);
                let inst = func.make_inst(Op::Builtin(Builtin::IfElse, args), ty, loc);
                func.blocks[block].insts.push(inst);
                Some(Value::Inst(inst))
            }
            // Undefined on one way: the other's value was made available here.
            (a, b) => a.or(b),
        };
        let Op::Phi(list) = func.insts[phi].op else {
            continue;
        };
        let mut entries: Vec<(Block, Value)> = func
            .phi_args(list)
            .iter()
            .copied()
            .filter(|(pred, _)| !ways.contains(pred))
            .collect();
        entries.extend(value.map(|v| (block, v)));
        func.set_phi(phi, &entries);
    }
    func.blocks[block].term = Terminator::Goto(shape.join);
    true
}

/// Numbers that a machine selects in one instruction.
fn selectable(func: &Function, ctx: &Ctx<'_>, ty: Type, a: Value, b: Value) -> bool {
    width_of(ctx.tables, ty).is_some_and(|w| w <= 64)
        && ty != Type::FLOAT16
        && ctx.type_of(func, a) == ty
        && ctx.type_of(func, b) == ty
}
