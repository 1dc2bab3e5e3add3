//! Control flow of a function: predecessors, reverse postorder, dominators, loops. Computed on
//! demand into dense maps; knows nothing of what the statements do.
//!
//! Dominators are computed by the algorithm of Cooper, Harvey and Kennedy, "A Simple, Fast
//! Dominance Algorithm" (2001).

use crate::function::{Block, Function};
use cranelift_entity::{SecondaryMap, packed_option::PackedOption};

/// Predecessors, postorder and immediate dominators of the blocks reachable from the entry.
#[derive(Default)]
pub struct Cfg {
    preds: SecondaryMap<Block, Vec<Block>>,
    /// Reachable blocks in reverse postorder.
    rpo: Vec<Block>,
    /// 1-based position in `rpo`; 0 for unreachable blocks.
    rpo_number: SecondaryMap<Block, u32>,
    idom: SecondaryMap<Block, PackedOption<Block>>,
}

impl Cfg {
    /// The control flow of `func`.
    pub fn new(func: &Function) -> Self {
        let mut cfg = Cfg::default();
        cfg.compute(func);
        cfg
    }

    /// Recomputes everything, reusing memory.
    pub fn compute(&mut self, func: &Function) {
        self.preds.clear();
        self.rpo.clear();
        self.rpo_number.clear();
        self.idom.clear();
        let Some(entry) = func.entry() else { return };
        // Iterative postorder.
        let mut state: SecondaryMap<Block, u8> = SecondaryMap::new();
        let mut stack = vec![entry];
        while let Some(&block) = stack.last() {
            match state[block] {
                0 => {
                    state[block] = 1;
                    for succ in func.blocks[block].term.successors() {
                        if state[succ] == 0 {
                            stack.push(succ);
                        }
                    }
                }
                1 => {
                    state[block] = 2;
                    self.rpo.push(block);
                    stack.pop();
                }
                _ => {
                    stack.pop();
                }
            }
        }
        self.rpo.reverse();
        for (i, &block) in self.rpo.iter().enumerate() {
            self.rpo_number[block] = i as u32 + 1;
        }
        for &block in &self.rpo {
            for succ in func.blocks[block].term.successors() {
                self.preds[succ].push(block);
            }
        }
        self.compute_dominators(entry);
    }

    fn compute_dominators(&mut self, entry: Block) {
        self.idom[entry] = entry.into();
        let mut changed = true;
        while changed {
            changed = false;
            for i in 1..self.rpo.len() {
                let block = self.rpo[i];
                let mut new: Option<Block> = None;
                for &pred in &self.preds[block] {
                    if self.idom[pred].is_some() {
                        new = Some(match new {
                            None => pred,
                            Some(other) => self.common_dominator(other, pred),
                        });
                    }
                }
                if self.idom[block].expand() != new {
                    self.idom[block] = new.into();
                    changed = true;
                }
            }
        }
    }

    fn common_dominator(&self, mut a: Block, mut b: Block) -> Block {
        while a != b {
            let slot = if self.rpo_number[a] > self.rpo_number[b] {
                &mut a
            } else {
                &mut b
            };
            match self.idom[*slot].expand() {
                Some(up) => *slot = up,
                None => return *slot,
            }
        }
        a
    }

    /// The predecessors of a block that are reachable, each once.
    pub fn preds(&self, block: Block) -> &[Block] {
        &self.preds[block]
    }

    /// Reachable blocks in reverse postorder: every block but loop headers after its predecessors.
    pub fn rpo(&self) -> &[Block] {
        &self.rpo
    }

    /// Whether control can get to a block.
    pub fn is_reachable(&self, block: Block) -> bool {
        self.rpo_number[block] != 0
    }

    /// The immediate dominator; the entry is its own.
    pub fn idom(&self, block: Block) -> Option<Block> {
        self.idom[block].expand()
    }

    /// Whether every path from the entry to `b` passes `a`. False for unreachable blocks.
    pub fn dominates(&self, a: Block, mut b: Block) -> bool {
        if !self.is_reachable(a) || !self.is_reachable(b) {
            return false;
        }
        while self.rpo_number[b] > self.rpo_number[a] {
            match self.idom[b].expand() {
                Some(up) => b = up,
                None => return false,
            }
        }
        a == b
    }

    /// Whether the edge goes back to a block that dominates it: the header of a natural loop.
    pub fn is_back_edge(&self, from: Block, to: Block) -> bool {
        self.dominates(to, from)
    }
}
