//! Edges into a block whose branch they decide go straight to the destination. Julia's iteration
//! protocol leaves such blocks: a `Bool` is chosen by the way in and branched on at once, next to
//! values that are undefined on the way where they do not matter.
//!
//! ```text
//! #9: %12 = phi(#7 => true, #8 => false)::Bool       #7: goto #15
//!     %13 = phi(#8 => 1)::Int64                      #8: goto #10
//!     goto #15 if not Base.not_int(%12)
//! ```
//!
//! For every way into a small block, its statements are evaluated with the phis' values on that
//! way and with what the branches before it say ([`super::facts`]). Decided edges are split off to
//! a copy of the block that goes to the one destination; [`super::ssa_repair`] reconciles the
//! definitions. All decisions of a round are made before the first copy, and hold for whatever still
//! goes along the edge when it is made.
//!
//! A loop keeps its one entry: edges into a header are threaded out of the loop, or into it if all
//! entries go to the same place, which then is the header.

use super::clone_block::{commit_to, split_off};
use super::facts::{self, Query};
use super::identities::{Kind, Simple, shape_of, simplify};
use super::simplify_cfg::drop_unreachable;
use super::ssa_repair::{SsaRepair, homes};
use super::{Ctx, has_regions, purity};
use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{EntitySet, SecondaryMap};
use jlift_ir::cfg::Cfg;
use jlift_ir::{Block, Function, Inst, Op, Terminator, Value};
use jlift_mutations::{Mutation, planted};

/// Rounds: a copy may decide the branch of the block after it.
const ROUNDS: usize = 4;
/// Statements besides phis that a copied block may have.
const MAX_STATEMENTS: usize = 6;
/// Phis that a copied block may have.
const MAX_PHIS: usize = 24;

/// Threads decided edges.
pub fn run(func: &mut Function, ctx: &mut Ctx<'_>) -> bool {
    if func.layout.is_empty() || has_regions(func) {
        return false;
    }
    let mut cfg = ctx.take_cfg(func);
    let mut changed = drop_unreachable(func, &cfg);
    for _ in 0..ROUNDS {
        let plans = Search::new(func, ctx, &cfg).plans();
        if plans.is_empty() {
            break;
        }
        changed = true;
        let repair = apply(func, plans);
        cfg.compute(func);
        drop_unreachable(func, &cfg);
        repair.run(func, &cfg);
    }
    ctx.keep_cfg(cfg);
    changed
}

/// Edges from `preds` into `block` on which its condition is `truth`.
struct Plan {
    block: Block,
    truth: bool,
    /// Where that leads when the plan is made; other plans may redirect it.
    dest: Block,
    preds: Vec<Block>,
    /// Moves the entry of a loop: nothing near may change in the same round.
    exclusive: bool,
}

fn apply(func: &mut Function, plans: Vec<Plan>) -> SsaRepair {
    let mut repair = SsaRepair::default();
    let mut touched: EntitySet<Block> = EntitySet::new();
    let mut reserved: EntitySet<Block> = EntitySet::new();
    for mut plan in plans {
        let blocks = || plan.preds.iter().copied().chain([plan.block, plan.dest]);
        let taken = if plan.exclusive { &touched } else { &reserved };
        if blocks().any(|b| taken.contains(b)) {
            continue;
        }
        for block in blocks() {
            touched.insert(block);
            if plan.exclusive {
                reserved.insert(block);
            }
        }
        plan.preds
            .retain(|&p| func.blocks[p].term.successors().any(|s| s == plan.block));
        if plan.preds.is_empty() {
            continue;
        }
        let copy = split_off(func, plan.block, &plan.preds, &mut repair);
        let Terminator::Branch {
            then_dest,
            else_dest,
            ..
        } = func.blocks[copy].term
        else {
            continue;
        };
        let truth = plan.truth != planted(Mutation::OptimizeThreadedWrong);
        let dest = if truth { then_dest } else { else_dest };
        commit_to(func, copy, dest);
    }
    repair
}

struct Search<'a, 'b> {
    func: &'a Function,
    ctx: &'a mut Ctx<'b>,
    cfg: &'a Cfg,
    home: SecondaryMap<Inst, PackedOption<Block>>,
    /// Position in reverse postorder.
    position: SecondaryMap<Block, u32>,
}

impl<'a, 'b> Search<'a, 'b> {
    fn new(func: &'a Function, ctx: &'a mut Ctx<'b>, cfg: &'a Cfg) -> Self {
        let mut position = func.block_map();
        for (n, &block) in cfg.rpo().iter().enumerate() {
            position[block] = n as u32;
        }
        Self {
            func,
            ctx,
            cfg,
            home: homes(func),
            position,
        }
    }

    fn plans(&mut self) -> Vec<Plan> {
        let mut plans = Vec::new();
        for &block in self.cfg.rpo() {
            if self.cfg.preds(block).len() >= 2 && self.is_small(block) {
                self.block(block, &mut plans);
            }
        }
        plans
    }

    fn is_small(&self, block: Block) -> bool {
        let Terminator::Branch {
            cond,
            then_dest,
            else_dest,
        } = self.func.blocks[block].term
        else {
            return false;
        };
        if cond.is_const() || then_dest == else_dest {
            return false;
        }
        let (mut phis, mut statements) = (0, 0);
        for &inst in &self.func.blocks[block].insts {
            match self.func.insts[inst].op {
                Op::Phi(_) => phis += 1,
                Op::Nop => {}
                _ => {
                    statements += 1;
                    if statements > MAX_STATEMENTS
                        || !purity::is_copyable(self.func, self.ctx, inst)
                    {
                        return false;
                    }
                }
            }
        }
        phis <= MAX_PHIS
    }

    fn block(&mut self, block: Block, plans: &mut Vec<Plan>) {
        let Terminator::Branch {
            cond,
            then_dest,
            else_dest,
        } = self.func.blocks[block].term
        else {
            return;
        };
        let mut decided: [Vec<Block>; 2] = [Vec::new(), Vec::new()];
        let cfg = self.cfg;
        for &pred in cfg.preds(block) {
            if pred == block || matches!(self.func.blocks[pred].term, Terminator::Enter { .. }) {
                continue;
            }
            match self.decide(block, pred, cond) {
                Some(true) => decided[0].push(pred),
                Some(false) => decided[1].push(pred),
                None => {}
            }
        }
        let backward = |p: &Block| self.position[*p] >= self.position[block];
        let is_header = cfg.preds(block).iter().any(backward);
        let natural = cfg
            .preds(block)
            .iter()
            .filter(|p| backward(p))
            .all(|&p| cfg.dominates(block, p));
        let ways = [(true, then_dest), (false, else_dest)];
        for ((truth, dest), mut preds) in ways.into_iter().zip(decided) {
            if preds.is_empty() || dest == block {
                continue;
            }
            let mut exclusive = false;
            if is_header {
                if !natural {
                    continue;
                }
                if self.in_loop(block, dest) {
                    preds.retain(|p| !backward(p));
                    let entries = cfg.preds(block).iter().filter(|p| !backward(p)).count();
                    if preds.len() < entries || preds.is_empty() {
                        continue;
                    }
                    exclusive = true;
                }
            }
            plans.push(Plan {
                block,
                truth,
                dest,
                preds,
                exclusive,
            });
        }
    }

    /// Whether `inside` is in the natural loop of `header`: a latch is reachable from it without
    /// passing the header.
    fn in_loop(&self, header: Block, inside: Block) -> bool {
        let mut seen: EntitySet<Block> = EntitySet::new();
        seen.insert(header);
        let mut work: Vec<Block> = self
            .cfg
            .preds(header)
            .iter()
            .copied()
            .filter(|&p| self.cfg.dominates(header, p))
            .collect();
        while let Some(block) = work.pop() {
            if block == inside {
                return true;
            }
            if seen.insert(block) {
                work.extend_from_slice(self.cfg.preds(block));
            }
        }
        false
    }

    fn decide(&mut self, block: Block, pred: Block, cond: Value) -> Option<bool> {
        let value = self.evaluate(block, pred, cond, 8)?;
        value.as_bool().or_else(|| {
            let query = Query::Value(value);
            facts::on_edge(self.func, self.ctx, self.cfg, pred, block, query)
        })
    }

    /// The value that `value`, used in `block`, has when control comes from `pred`: one that is
    /// known at the end of `pred`, or `None`.
    fn evaluate(&mut self, block: Block, pred: Block, value: Value, depth: u32) -> Option<Value> {
        let Value::Inst(inst) = value else {
            return Some(value);
        };
        if self.home[inst].expand() != Some(block) {
            return Some(value);
        }
        let func = self.func;
        if let Op::Phi(_) = func.insts[inst].op {
            return func.phi_value(inst, pred);
        }
        let depth = depth.checked_sub(1)?;
        let (mut kind, list) = shape_of(func, &func.insts[inst].op)?;
        let mut args = list.to_vec();
        for arg in &mut args {
            *arg = self.evaluate(block, pred, *arg, depth)?;
        }
        let ty = func.insts[inst].ty;
        for _ in 0..4 {
            match simplify(func, self.ctx, kind, &args, ty) {
                Some(Simple::Value(value)) => return Some(value),
                Some(Simple::Statement(new, list)) => {
                    kind = new;
                    args.clear();
                    args.extend_from_slice(list.as_slice());
                }
                None => break,
            }
        }
        if let Kind::Pi(_) = kind {
            return None;
        }
        let query = Query::Statement(kind, &args);
        facts::on_edge(func, self.ctx, self.cfg, pred, block, query).map(Value::bool)
    }
}
