//! Blocks, ownership of statements, phis and dominance. Knows nothing of types.
//!
//! A definition dominates a use if it comes earlier in the same block or its block dominates the
//! use's. A phi uses its operands at the ends of its predecessors. Uses in unreachable blocks need
//! only name something that exists.

use super::{Check, FunctionVerifier, ensure};
use crate::cfg::Cfg;
use crate::function::{Block, Inst, Op, Terminator, Value};
use crate::text::value_text;
use cranelift_entity::{EntityRef, SecondaryMap, packed_option::PackedOption};

/// Where a statement stands.
#[derive(Copy, Clone, Default)]
struct Home {
    block: PackedOption<Block>,
    position: u32,
}

/// What the structural checks found out.
pub(super) struct Structure {
    pub cfg: Cfg,
    /// Whether there are statements of protected regions.
    pub has_regions: bool,
    labels: SecondaryMap<Block, u32>,
}

impl Structure {
    /// The label with which a block is printed.
    pub fn label(&self, block: Block) -> u32 {
        self.labels[block]
    }
}

/// Predecessors of all listed blocks, unreachable ones included, one after the other.
struct Predecessors {
    start: SecondaryMap<Block, (u32, u32)>,
    list: Vec<Block>,
}

impl Predecessors {
    fn new(func: &crate::function::Function) -> Self {
        let mut start: SecondaryMap<Block, (u32, u32)> = SecondaryMap::new();
        for &block in &func.layout {
            for succ in func.blocks[block].term.successors() {
                start[succ].1 += 1;
            }
        }
        let mut total = 0;
        for &block in &func.layout {
            let count = start[block].1;
            start[block] = (total, total);
            total += count;
        }
        let mut list = vec![Block::new(0); total as usize];
        for &block in &func.layout {
            for succ in func.blocks[block].term.successors() {
                list[start[succ].1 as usize] = block;
                start[succ].1 += 1;
            }
        }
        Self { start, list }
    }

    fn of(&self, block: Block) -> &[Block] {
        let (start, end) = self.start[block];
        &self.list[start as usize..end as usize]
    }
}

impl FunctionVerifier<'_, '_> {
    /// Checks the structure; `None` if it is too broken to look at types. Notes which values are
    /// used.
    pub(super) fn structure(&mut self) -> Option<Structure> {
        let errors = self.v.errors.len();
        let labels = self.blocks()?;
        let homes = self.homes();
        self.operands_exist(&labels, &homes);
        if self.v.errors.len() != errors {
            return None;
        }
        let structure = Structure {
            cfg: Cfg::new(self.func),
            has_regions: self.has_regions(),
            labels,
        };
        self.phis(&structure);
        self.dominance(&structure, &homes);
        Some(structure)
    }

    /// Every block is listed once, and every successor is listed.
    fn blocks(&mut self) -> Option<SecondaryMap<Block, u32>> {
        let func = self.func;
        let mut labels: SecondaryMap<Block, u32> = SecondaryMap::new();
        for (n, &block) in func.layout.iter().enumerate() {
            let label = n as u32 + 1;
            if !func.blocks.is_valid(block) {
                self.error(None, format!("block #{label} does not exist"));
                return None;
            }
            if labels[block] != 0 {
                let message = format!("block #{label} is block #{} again", labels[block]);
                self.error(None, message);
                return None;
            }
            labels[block] = label;
        }
        for &block in &func.layout {
            for succ in func.blocks[block].term.successors() {
                if !func.blocks.is_valid(succ) || labels[succ] == 0 {
                    let message = format!(
                        "block #{} goes to a block that is not listed",
                        labels[block]
                    );
                    self.error(None, message);
                    return None;
                }
            }
        }
        Some(labels)
    }

    /// Where every statement stands; each one in one place.
    fn homes(&mut self) -> Vec<Home> {
        let func = self.func;
        let mut homes = vec![Home::default(); func.insts.len()];
        for &block in &func.layout {
            for (position, &inst) in func.blocks[block].insts.iter().enumerate() {
                let Some(home) = homes.get_mut(inst.index()) else {
                    self.error(
                        None,
                        format!("a block lists the statement {inst} that does not exist"),
                    );
                    continue;
                };
                if home.block.is_some() {
                    self.error(Some(inst), "the statement stands in two places".into());
                    continue;
                }
                *home = Home {
                    block: block.into(),
                    position: position as u32,
                };
            }
        }
        homes
    }

    fn has_regions(&self) -> bool {
        let func = self.func;
        func.layout.iter().any(|&b| {
            matches!(func.blocks[b].term, Terminator::Enter { .. })
                || func.blocks[b].insts.iter().any(|&i| {
                    matches!(
                        func.insts[i].op,
                        Op::Enter | Op::Leave(_) | Op::TheException | Op::PopException(_)
                    )
                })
        })
    }

    fn operands_exist(&mut self, labels: &SecondaryMap<Block, u32>, homes: &[Home]) {
        let func = self.func;
        let mut used = vec![false; func.insts.len()];
        let mut exists = |value: Value| match value {
            Value::Inst(i) => match homes.get(i.index()) {
                Some(home) if home.block.is_some() && func.insts[i].op != Op::Nop => {
                    used[i.index()] = true;
                    Ok(())
                }
                _ => Err("an operand is a statement that stands in no block".to_string()),
            },
            Value::Arg(n) if func.arg_type(n).is_none() => {
                Err(format!("there is no argument _{n}"))
            }
            _ => Ok(()),
        };
        for &block in &func.layout {
            let data = &func.blocks[block];
            for &inst in &data.insts {
                if !func.insts.is_valid(inst) {
                    continue;
                }
                let mut result = Ok(());
                func.for_each_operand(inst, |value| {
                    if result.is_ok() {
                        result = exists(value);
                    }
                });
                if let Op::Invoke { func: callee, .. } = &func.insts[inst].op
                    && !self.v.module.functions.is_valid(*callee)
                {
                    result = Err("the callee does not exist".into());
                }
                if let Err(message) = result {
                    self.v.error(Some(self.id), Some(inst), message);
                }
            }
            if let Some(value) = func.terminator_operand(block)
                && let Err(message) = exists(value)
            {
                let message = format!("block #{}: {message}", labels[block]);
                self.v.error(Some(self.id), None, message);
            }
        }
        self.used = used;
    }

    /// Phis come first, and their entries name predecessors, each once.
    fn phis(&mut self, structure: &Structure) {
        let func = self.func;
        let preds = Predecessors::new(func);
        // 1 + the block of which a block was last seen to be a predecessor, and the phi in which
        // it was last seen as an entry.
        let mut pred_of: SecondaryMap<Block, u32> = SecondaryMap::new();
        let mut seen_in: SecondaryMap<Block, u32> = SecondaryMap::new();
        for &block in &func.layout {
            let mark = block.index() as u32 + 1;
            let mut marked = false;
            let mut in_head = true;
            for &inst in &func.blocks[block].insts {
                let Op::Phi(list) = func.insts[inst].op else {
                    in_head &= func.insts[inst].op == Op::Nop;
                    continue;
                };
                if !std::mem::replace(&mut marked, true) {
                    for &pred in preds.of(block) {
                        pred_of[pred] = mark;
                    }
                }
                let result = self.phi(structure, block, in_head, func.phi_args(list), |pred| {
                    let again = seen_in[pred] == inst.index() as u32 + 1;
                    seen_in[pred] = inst.index() as u32 + 1;
                    (pred_of[pred] == mark, again)
                });
                if let Err(message) = result {
                    self.error(Some(inst), message);
                }
            }
        }
    }

    /// `note` tells of an entry's block whether it is a predecessor, and whether it was listed
    /// before.
    fn phi(
        &self,
        structure: &Structure,
        block: Block,
        in_head: bool,
        entries: &[(Block, Value)],
        mut note: impl FnMut(Block) -> (bool, bool),
    ) -> Check {
        ensure!(in_head, "a phi after other statements of its block");
        ensure!(self.func.entry() != Some(block), "a phi in the entry block");
        for &(pred, _) in entries {
            let label = structure.label(pred);
            ensure!(label != 0, "an entry for a block that is not listed");
            let (is_pred, again) = note(pred);
            ensure!(
                is_pred,
                "block #{label} is no predecessor of block #{}",
                structure.label(block)
            );
            ensure!(!again, "two entries for block #{label}");
        }
        Ok(())
    }

    /// Every use in a reachable block is dominated by its definition.
    fn dominance(&mut self, structure: &Structure, homes: &[Home]) {
        let func = self.func;
        let cfg = &structure.cfg;
        let at_end = |block: Block| func.blocks[block].insts.len() as u32;
        // Whether `value` is defined when control is at a position of a reachable block.
        let defined = |value: Value, block: Block, position: u32| match value {
            Value::Inst(def) => match homes[def.index()].block.expand() {
                Some(home) if home == block => homes[def.index()].position < position,
                Some(home) => cfg.dominates(home, block),
                None => false,
            },
            _ => true,
        };
        for &block in cfg.rpo() {
            for (position, &inst) in func.blocks[block].insts.iter().enumerate() {
                let mut wrong: Option<(Value, Option<Block>)> = None;
                match &func.insts[inst].op {
                    Op::Phi(list) => {
                        for &(pred, value) in func.phi_args(*list) {
                            if cfg.is_reachable(pred) && !defined(value, pred, at_end(pred)) {
                                wrong = Some((value, Some(pred)));
                            }
                        }
                    }
                    // Upsilons stand on other paths than the phi-c that reads them.
                    Op::PhiC(_) => {}
                    _ => func.for_each_operand(inst, |value| {
                        if !defined(value, block, position as u32) {
                            wrong = Some((value, None));
                        }
                    }),
                }
                if let Some((value, pred)) = wrong {
                    self.undefined(structure, Some(inst), value, pred);
                }
            }
            if let Some(value) = func.terminator_operand(block)
                && !defined(value, block, at_end(block))
            {
                self.undefined(structure, None, value, Some(block));
            }
            if self.v.is_full() {
                return;
            }
        }
    }

    fn undefined(
        &mut self,
        structure: &Structure,
        inst: Option<Inst>,
        value: Value,
        at_end_of: Option<Block>,
    ) {
        if self.v.is_full() {
            return;
        }
        let value = value_text(self.v.module, self.id, value);
        let place = match at_end_of {
            Some(block) => format!("at the end of block #{}", structure.label(block)),
            None => "here".into(),
        };
        self.error(
            inst,
            format!("{value} is not defined on every path that ends {place}"),
        );
    }
}
