//! The shape of loops. A loop that tests at the top becomes a test before the loop and one at the
//! bottom: the header's statements are copied for the way back, so that an iteration has one branch
//! and what does not change can be hoisted without being executed in vain. Then a latch that only
//! steps variables is executed before the test, so that small loops are a single block. A loop that
//! is entered in several ways gets one entry where that makes variables constants of the loop. Knows
//! natural loops with one header; others stay as they are.
//!
//! ```text
//! #2: %1 = phi(#1 => 0, #3 => %3)        goto #4 if not Base.slt_int(0, _2)
//!     goto #4 if not                     #2: %1 = phi(#1 => 0, #2 => %3)::Int64
//!         Base.slt_int(%1, _2)               %3 = Base.add_int(%1, 1)::Int64
//! #3: %3 = Base.add_int(%1, 1)               goto #4 if not Base.slt_int(%3, _2) else #2
//!     goto #2
//! ```

use super::clone_block::split_off;
use super::simplify_cfg::drop_unreachable;
use super::ssa_repair::SsaRepair;
use super::{Ctx, has_regions, purity};
use cranelift_entity::EntitySet;
use jlift_ir::cfg::Cfg;
use jlift_ir::{Block, Function, Inst, Op, Terminator, Value};

/// Statements besides phis of a header that is copied.
const MAX_HEADER: usize = 8;
/// Cost of the statements of a latch that are executed before the test.
const MAX_LATCH: u32 = 6;

/// Moves the tests of loops to their ends.
pub fn rotate(func: &mut Function, ctx: &mut Ctx<'_>) -> bool {
    if func.layout.is_empty() || has_regions(func) {
        return false;
    }
    let mut cfg = ctx.take_cfg(func);
    drop_unreachable(func, &cfg);
    let mut repair = SsaRepair::default();
    let headers: Vec<(Block, Vec<Block>)> = cfg
        .rpo()
        .iter()
        .filter_map(|&block| Some((block, rotatable(func, ctx, &cfg, block)?)))
        .collect();
    let mut touched: EntitySet<Block> = EntitySet::new();
    for (header, latches) in headers {
        // The edges must still be what they were when the loop was looked at.
        if latches.iter().any(|&l| touched.contains(l)) || touched.contains(header) {
            continue;
        }
        touched.insert(header);
        let body = isolate_body(func, &cfg, header, &latches);
        let copy = split_off(func, header, &latches, &mut repair);
        touched.insert(copy);
        touched.insert(body);
    }
    let changed = !repair.is_empty();
    if changed {
        cfg.compute(func);
        drop_unreachable(func, &cfg);
        repair.run(func, &cfg);
    }
    ctx.keep_cfg(cfg);
    changed
}

/// The latches of a loop with this header, if it tests at the top only and the test is small.
fn rotatable(func: &Function, ctx: &Ctx<'_>, cfg: &Cfg, header: Block) -> Option<Vec<Block>> {
    let Terminator::Branch {
        then_dest,
        else_dest,
        ..
    } = func.blocks[header].term
    else {
        return None;
    };
    let latches: Vec<Block> = cfg
        .preds(header)
        .iter()
        .copied()
        .filter(|&p| cfg.is_back_edge(p, header))
        .collect();
    if latches.is_empty()
        || latches.contains(&header)
        || latches.len() == cfg.preds(header).len()
        // A latch that tests already is the bottom of the loop.
        || !latches
            .iter()
            .all(|&l| matches!(func.blocks[l].term, Terminator::Goto(_)))
    {
        return None;
    }
    let body = natural_loop(cfg, header, &latches);
    if body.contains(then_dest) == body.contains(else_dest) {
        return None;
    }
    let mut statements = 0;
    for &inst in &func.blocks[header].insts {
        if matches!(func.insts[inst].op, Op::Phi(_) | Op::Nop) {
            continue;
        }
        statements += 1;
        if statements > MAX_HEADER || !purity::is_copyable(func, ctx, inst) {
            return None;
        }
    }
    Some(latches)
}

/// The blocks of the natural loop of a header.
fn natural_loop(cfg: &Cfg, header: Block, latches: &[Block]) -> EntitySet<Block> {
    let mut body: EntitySet<Block> = EntitySet::new();
    body.insert(header);
    let mut work = latches.to_vec();
    while let Some(block) = work.pop() {
        if body.insert(block) {
            work.extend_from_slice(cfg.preds(block));
        }
    }
    body
}

/// The destination of the header inside the loop. It becomes the header; if it is one already, or
/// is reached otherwise, an empty block is put before it.
fn isolate_body(func: &mut Function, cfg: &Cfg, header: Block, latches: &[Block]) -> Block {
    let body = natural_loop(cfg, header, latches);
    let inside = func.blocks[header]
        .term
        .successors()
        .find(|&s| body.contains(s));
    let Some(dest) = inside else { return header };
    if cfg.preds(dest) == [header] {
        return dest;
    }
    let new = func.blocks.push(Default::default());
    func.blocks[new].term = Terminator::Goto(dest);
    func.blocks[new].term_loc = func.blocks[header].term_loc;
    func.blocks[header]
        .term
        .map_successors(|s| if s == dest { new } else { s });
    func.rename_phi_pred(dest, header, new);
    let at = func.layout.iter().position(|&b| b == dest);
    func.layout.insert(at.unwrap_or(func.layout.len()), new);
    new
}

/// Executes the statements of small latches before the test that leads to them.
pub fn merge_latches(func: &mut Function, ctx: &mut Ctx<'_>) -> bool {
    if func.layout.is_empty() || has_regions(func) {
        return false;
    }
    let cfg = ctx.take_cfg(func);
    let mut changed = false;
    for &latch in cfg.rpo() {
        let Terminator::Goto(header) = func.blocks[latch].term else {
            continue;
        };
        let &[test] = cfg.preds(latch) else { continue };
        if !cfg.is_back_edge(latch, header)
            || !matches!(func.blocks[test].term, Terminator::Branch { .. })
            // The test would go to the header in two ways.
            || func.blocks[test].term.successors().any(|s| s == header)
            || func.blocks[latch].insts.is_empty()
            || !is_cheap(func, ctx, latch)
        {
            continue;
        }
        let insts = std::mem::take(&mut func.blocks[latch].insts);
        func.blocks[test].insts.extend(insts);
        changed = true;
    }
    ctx.keep_cfg(cfg);
    changed
}

/// Gives a loop that is entered in several ways one entry, where variables of its header only come
/// together there and then stay as they are: they are constants of the loop afterwards.
pub fn single_entries(func: &mut Function, ctx: &mut Ctx<'_>) -> bool {
    if func.layout.is_empty() || has_regions(func) {
        return false;
    }
    let cfg = ctx.take_cfg(func);
    let mut changed = false;
    for &header in cfg.rpo() {
        let (latches, entries): (Vec<Block>, Vec<Block>) = cfg
            .preds(header)
            .iter()
            .partition(|&&p| cfg.is_back_edge(p, header));
        if latches.is_empty() || entries.len() < 2 {
            continue;
        }
        let stays = |phi: Inst| {
            latches
                .iter()
                .all(|&l| func.phi_value(phi, l) == Some(Value::Inst(phi)))
        };
        if func.block_phis(header).any(stays) {
            merge_entries(func, header, &entries);
            changed = true;
        }
    }
    ctx.return_cfg(cfg, changed);
    changed
}

/// Puts a block before a header to which all `entries` go.
fn merge_entries(func: &mut Function, header: Block, entries: &[Block]) {
    let new = func.blocks.push(Default::default());
    let phis: Vec<Inst> = func.block_phis(header).collect();
    for phi in phis {
        let Op::Phi(list) = func.insts[phi].op else {
            continue;
        };
        let (entering, mut rest): (Vec<_>, Vec<_>) = func
            .phi_args(list)
            .iter()
            .copied()
            .partition(|(pred, _)| entries.contains(pred));
        if !entering.is_empty() {
            let list = func.phi_list(&entering);
            let (ty, loc) = (func.insts[phi].ty, func.insts[phi].loc);
            let merged = func.make_inst(Op::Phi(list), ty, loc);
            func.blocks[new].insts.push(merged);
            rest.push((new, Value::Inst(merged)));
        }
        func.set_phi(phi, &rest);
    }
    for &entry in entries {
        func.blocks[entry]
            .term
            .map_successors(|s| if s == header { new } else { s });
    }
    func.blocks[new].term = Terminator::Goto(header);
    let at = func.layout.iter().position(|&b| b == header);
    func.layout.insert(at.unwrap_or(func.layout.len()), new);
}

fn is_cheap(func: &Function, ctx: &Ctx<'_>, latch: Block) -> bool {
    let mut cost = 0;
    func.blocks[latch].insts.iter().all(|&inst: &Inst| {
        match purity::speculation_cost(func, ctx, inst) {
            Some(c) => {
                cost += c;
                cost <= MAX_LATCH
            }
            None => false,
        }
    })
}
