//! Control flow of a function: predecessors, reverse postorder, dominators, loops. Computed on
//! demand into dense maps; knows nothing of what the statements do.
//!
//! How dominators are computed is in `dominators`.

use crate::dominators::{immediate_dominators, subtree_ranges};
use crate::function::{Block, Function};
use cranelift_entity::{EntityRef, SecondaryMap, packed_option::PackedOption};
use std::ops::Range;

/// Predecessors, postorder and immediate dominators of the blocks reachable from the entry.
#[derive(Default)]
pub struct Cfg {
    /// The predecessors of all blocks, those of one behind those of the one before it.
    preds: Vec<Block>,
    /// Where in `preds` those of a block begin, by its number, and where the last ones end.
    pred_starts: Vec<u32>,
    /// Reachable blocks in reverse postorder.
    rpo: Vec<Block>,
    /// 1-based position in `rpo`; 0 for unreachable blocks.
    rpo_number: SecondaryMap<Block, u32>,
    idom: SecondaryMap<Block, PackedOption<Block>>,
    /// Numbers of the blocks that a block dominates; empty for unreachable blocks.
    dominated: SecondaryMap<Block, Range<u32>>,
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
        let count = func.blocks.len();
        self.preds.clear();
        self.pred_starts.clear();
        self.rpo.clear();
        self.rpo_number.clear();
        self.idom.clear();
        self.dominated.clear();
        let Some(entry) = func.entry() else { return };
        self.rpo_number.resize(count);
        self.idom.resize(count);
        self.dominated.resize(count);
        // Iterative depth-first walk; a block on the stack carries the preorder number of the
        // block that put it there.
        let mut state: SecondaryMap<Block, u8> = SecondaryMap::with_capacity(count);
        let mut number: SecondaryMap<Block, u32> = SecondaryMap::with_capacity(count);
        state.resize(count);
        number.resize(count);
        let mut preorder = Vec::with_capacity(count);
        let mut parent = Vec::with_capacity(count);
        let mut stack = Vec::with_capacity(count);
        self.rpo.reserve(count);
        self.pred_starts.resize(count + 1, 0);
        stack.push((entry, 0));
        while let Some(&(block, from)) = stack.last() {
            match state[block] {
                0 => {
                    state[block] = 1;
                    let me = preorder.len() as u32;
                    number[block] = me;
                    preorder.push(block);
                    parent.push(from);
                    for succ in func.blocks[block].term.successors() {
                        self.pred_starts[succ.index() + 1] += 1;
                        if state[succ] == 0 {
                            stack.push((succ, me));
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
        self.list_preds(func, &preorder);
        let cfg = &*self;
        let idom = immediate_dominators(&parent, |w| {
            let preds = cfg.preds(preorder[w as usize]);
            preds.iter().map(|&p| number[p])
        });
        for (w, range) in subtree_ranges(&idom).into_iter().enumerate() {
            self.idom[preorder[w]] = preorder[idom[w] as usize].into();
            self.dominated[preorder[w]] = range;
        }
    }

    /// Lists the predecessors in preorder; `pred_starts` has the number of those of each block one
    /// place behind it.
    fn list_preds(&mut self, func: &Function, preorder: &[Block]) {
        let mut total = 0;
        for start in &mut self.pred_starts {
            total += *start;
            *start = total;
        }
        // Every start moves on to its end, which is where the next one has to begin.
        self.pred_starts.rotate_right(1);
        if let Some(first) = self.pred_starts.first_mut() {
            *first = 0;
        }
        self.preds.resize(total as usize, Block::from_u32(0));
        for &block in preorder {
            for succ in func.blocks[block].term.successors() {
                let next = &mut self.pred_starts[succ.index() + 1];
                self.preds[*next as usize] = block;
                *next += 1;
            }
        }
    }

    /// The predecessors of a block that are reachable, each once.
    pub fn preds(&self, block: Block) -> &[Block] {
        match self.pred_starts.get(block.index()..block.index() + 2) {
            Some(&[start, end]) => self.preds.get(start as usize..end as usize).unwrap_or(&[]),
            _ => &[],
        }
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
    pub fn dominates(&self, a: Block, b: Block) -> bool {
        self.is_reachable(b) && self.dominated[a].contains(&self.dominated[b].start)
    }

    /// Whether the edge goes back to a block that dominates it: the header of a natural loop.
    pub fn is_back_edge(&self, from: Block, to: Block) -> bool {
        self.dominates(to, from)
    }
}
