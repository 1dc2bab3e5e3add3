//! Which roots are alive where. A root is alive from its statement to every use of its references
//! under whatever name, and in the whole of a region whose handler uses it.
//!
//! Computed root by root, upwards from the uses, so that it costs no more than the answer is long.

use super::regions::Regions;
use super::values::Consumed;
use super::values::Values;
use cranelift_entity::SecondaryMap;
use jlift_ir::cfg::Cfg;
use jlift_ir::{Block, Function, Inst, Op, Terminator, Value};

/// Which roots are alive at the start of each block.
pub struct Liveness {
    /// In ascending order.
    live_in: SecondaryMap<Block, Vec<u32>>,
}

impl Liveness {
    pub fn new(func: &Function, cfg: &Cfg, regions: &Regions, values: &Values) -> Liveness {
        let mut uses: Vec<Vec<Block>> = vec![Vec::new(); values.roots.len()];
        let mut note = |root: Option<u32>, block: Block| {
            if let Some(root) = root
                && values.roots[root as usize].block != block
                && uses[root as usize].last() != Some(&block)
            {
                uses[root as usize].push(block);
            }
        };
        // Uses by phis are at the ends of the predecessors; where a root's own block uses it, it
        // is not alive at the start.
        for &block in cfg.rpo() {
            for &inst in &func.blocks[block].insts {
                match &func.insts[inst].op {
                    Op::Phi(_) => {}
                    Op::GcPreserveEnd(_) => {
                        for root in values.borrows(func, inst, &[]) {
                            note(Some(root), block);
                        }
                    }
                    _ => func.for_each_operand(inst, |v| note(values.root_of(v), block)),
                }
            }
            if let Some(v) = func.terminator_operand(block) {
                note(values.root_of(v), block);
            }
            for succ in func.blocks[block].term.successors() {
                for (v, _) in phi_uses(func, values, block, succ) {
                    note(values.root_of(v), block);
                }
            }
        }
        let mut live = Liveness {
            live_in: SecondaryMap::new(),
        };
        let handlers: SecondaryMap<Block, bool> = cfg
            .rpo()
            .iter()
            .filter_map(|&b| match func.blocks[b].term {
                Terminator::Enter { handler, .. } => Some(handler),
                _ => None,
            })
            .fold(SecondaryMap::new(), |mut all, b| {
                all[b] = true;
                all
            });
        for (root, blocks) in uses.into_iter().enumerate() {
            let home = values.roots[root].block;
            let root = root as u32;
            let mut work = blocks;
            while let Some(block) = work.pop() {
                let here = &mut live.live_in[block];
                if block == home || here.last() == Some(&root) {
                    continue;
                }
                here.push(root);
                work.extend_from_slice(cfg.preds(block));
                if handlers[block] {
                    work.extend_from_slice(regions.blocks_of(block));
                }
            }
        }
        live
    }

    /// The roots that are alive at the start of a block, behind its phis.
    pub fn at_start(&self, block: Block) -> &[u32] {
        &self.live_in[block]
    }

    /// Whether a root is alive at the start of a block.
    pub fn is_at_start(&self, block: Block, root: u32) -> bool {
        self.live_in[block].binary_search(&root).is_ok()
    }

    /// The roots that are alive at the end of a block, before what edges do, in ascending order.
    pub fn at_end(&self, func: &Function, values: &Values, block: Block) -> Vec<u32> {
        let mut out = Vec::new();
        for succ in func.blocks[block].term.successors() {
            out.extend_from_slice(self.at_start(succ));
            let uses = phi_uses(func, values, block, succ);
            out.extend(uses.iter().filter_map(|&(v, _)| values.root_of(v)));
        }
        out.sort_unstable();
        out.dedup();
        out
    }
}

/// What the phis of `to` take over on the edge from `from`.
pub fn phi_uses(func: &Function, values: &Values, from: Block, to: Block) -> Vec<Consumed> {
    // A handler is entered from within its region, not from where that is entered.
    if matches!(func.blocks[from].term, Terminator::Enter { body, handler } if to == handler && body != to)
    {
        return Vec::new();
    }
    let mut out = Vec::new();
    for phi in func.block_phis(to) {
        if values.is_counted(Value::Inst(phi))
            && let Some(v) = func.phi_value(phi, from)
            && values.is_counted(v)
        {
            out.push((v, func.insts[phi].ty));
        }
    }
    out
}

/// The statements of a block from the last to the first, each with the handler to which it goes
/// when it fails.
pub fn backwards(func: &Function, regions: &Regions, block: Block) -> Vec<(Inst, Option<Block>)> {
    let mut open = regions.handlers(block);
    let mut out = Vec::with_capacity(func.blocks[block].insts.len());
    for &inst in &func.blocks[block].insts {
        out.push((inst, open.last().copied()));
        if let Op::Leave(n) = func.insts[inst].op {
            open.truncate(open.len().saturating_sub(n as usize));
        }
    }
    out.reverse();
    out
}

/// The handler to which the end of a block belongs.
pub fn handler_at_end(func: &Function, regions: &Regions, block: Block) -> Option<Block> {
    let mut open = regions.handlers(block);
    for &inst in &func.blocks[block].insts {
        if let Op::Leave(n) = func.insts[inst].op {
            open.truncate(open.len().saturating_sub(n as usize));
        }
    }
    open.last().copied()
}
