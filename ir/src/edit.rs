//! Changing functions: removing statements, replacing uses, editing phi entries, copying one
//! function's body into another's pools. Knows nothing of why something is changed.

use crate::function::{Block, Function, Inst, Op, Value};
use cranelift_entity::SecondaryMap;

impl Function {
    /// Turns a statement into a nop and leaves it in its block; [`Function::compact`] removes it.
    pub fn remove_inst(&mut self, inst: Inst) {
        self.insts[inst].op = Op::Nop;
    }

    /// Removes nops from all blocks.
    pub fn compact(&mut self) {
        let insts = &self.insts;
        for block in self.blocks.values_mut() {
            block.insts.retain(|&i| insts[i].op != Op::Nop);
        }
    }

    /// Replaces uses: `map[i]` stands for the result of `i` from now on. Chains are followed.
    pub fn replace_uses(&mut self, map: &SecondaryMap<Inst, Option<Value>>) {
        let resolve = |mut v: Value| {
            // A chain is at most as long as there are statements; cycles cannot arise from
            // replacing a definition by one that dominates it.
            for _ in 0..1_000_000 {
                match v {
                    Value::Inst(i) => match map[i] {
                        Some(next) if next != v => v = next,
                        _ => break,
                    },
                    _ => break,
                }
            }
            v
        };
        for n in 0..self.layout.len() {
            let block = self.layout[n];
            for k in 0..self.blocks[block].insts.len() {
                let inst = self.blocks[block].insts[k];
                self.map_operands(inst, resolve);
            }
            self.map_terminator_operand(block, resolve);
        }
    }

    /// The phis at the head of a block.
    pub fn block_phis(&self, block: Block) -> impl Iterator<Item = Inst> + '_ {
        self.blocks[block]
            .insts
            .iter()
            .copied()
            .take_while(|&i| matches!(self.insts[i].op, Op::Phi(_) | Op::Nop))
            .filter(|&i| matches!(self.insts[i].op, Op::Phi(_)))
    }

    /// The value that a phi takes from a predecessor; `None` leaves it undefined.
    pub fn phi_value(&self, phi: Inst, pred: Block) -> Option<Value> {
        match self.insts[phi].op {
            Op::Phi(list) => self
                .phi_args(list)
                .iter()
                .find(|&&(b, _)| b == pred)
                .map(|&(_, v)| v),
            _ => None,
        }
    }

    /// Replaces the entries of a phi.
    pub fn set_phi(&mut self, phi: Inst, entries: &[(Block, Value)]) {
        let list = self.phi_list(entries);
        self.insts[phi].op = Op::Phi(list);
    }

    /// Drops the entries for `pred` from the phis of `block`.
    pub fn remove_phi_edges(&mut self, block: Block, pred: Block) {
        let phis: Vec<Inst> = self.block_phis(block).collect();
        for phi in phis {
            if let Op::Phi(list) = self.insts[phi].op {
                let entries: Vec<_> = self
                    .phi_args(list)
                    .iter()
                    .copied()
                    .filter(|&(b, _)| b != pred)
                    .collect();
                if entries.len() != self.phi_args(list).len() {
                    self.set_phi(phi, &entries);
                }
            }
        }
    }

    /// Renames a predecessor in the phis of `block`.
    pub fn rename_phi_pred(&mut self, block: Block, old: Block, new: Block) {
        let phis: Vec<Inst> = self.block_phis(block).collect();
        for phi in phis {
            if let Op::Phi(list) = self.insts[phi].op {
                for (b, _) in self.phi_args_mut(list) {
                    if *b == old {
                        *b = new;
                    }
                }
            }
        }
    }
}
