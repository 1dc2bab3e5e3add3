//! The regions of a function as nested sequences. A *chain* is a sequence of items that are
//! executed one after the other, and any run of neighbouring items of a chain is a region with one
//! entry and one exit. An item is a statement, or a *detour*: everything between the end of one
//! block and the head of another that control always gets to, and that is never entered or left in
//! another way. What is inside a detour are chains again. Knows nothing of repeats.
//!
//! ```text
//! #1: %1 = a()                   chain 1: a, detour(#1 -> #4), c
//!     goto #3 if not %1            chain 2: b     (#2)
//! #2: %2 = b(); goto #4            chain 3:       (#3)
//! #3: goto #4
//! #4: %3 = phi(…); %4 = c()
//! ```
//!
//! Blocks belong to one chain if they are *cycle equivalent* in the graph with an edge added from
//! the exit to the entry: every cycle through one goes through the other. These are the chains of
//! canonical regions of Johnson, Pearson and Pingali, "The Program Structure Tree" (1994). The
//! classes are found by the cycle space: give every edge outside of a spanning tree a random
//! number and every tree edge the sum of those whose cycle it closes; then cycle equivalent edges
//! are those with equal numbers, but for a chance of 2^-64 per pair (Pritchard and Thurimella,
//! "Fast computation of small cuts via cycle space sampling", 2011). Who relies on a region being
//! closed checks it.
//!
//! Blocks from which no return is reached (that throw, or loop forever) are left out of that graph
//! and belong to the detours that dominate them.

use super::hash::{Hash64, mix};
use super::loops::innermost_loop_bodies;
use super::operation::{for_each_operand, is_movable, operation_hash, weight};
use cranelift_entity::{EntityRef, EntitySet, SecondaryMap, packed_option::PackedOption};
use hashbrown::HashMap;
use jlift_ir::cfg::Cfg;
use jlift_ir::{Block, Function, Inst, Module, Op, Terminator, Value};

/// One step of a chain.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Step {
    Statement(Inst),
    /// From the end of `from` past the phis of `to`.
    Detour {
        from: Block,
        to: Block,
    },
}

/// A step with what is known of it.
#[derive(Copy, Clone, Debug)]
pub struct Item {
    pub step: Step,
    /// The block of the statement, or the first one of the detour.
    pub block: Block,
    /// Equal for items that may be equal; `None` for those that cannot be moved.
    pub hash: Option<u64>,
    pub weight: u32,
    /// In an innermost loop.
    pub is_hot: bool,
}

/// A sequence of items.
#[derive(Clone, Debug, Default)]
pub struct Chain {
    pub blocks: Vec<Block>,
    pub items: Vec<Item>,
    /// The detour that the chain is part of, by its first block.
    pub parent: PackedOption<Block>,
    /// Position among the chains of the same parent.
    ordinal: u32,
}

/// The chains of a function.
pub struct Structure {
    pub cfg: Cfg,
    pub chains: Vec<Chain>,
    /// Chain and position in it of every reachable block.
    place: SecondaryMap<Block, (u32, u32)>,
    /// By the first block of a detour: its last, the chains in it, and where it stands as an item.
    detours: HashMap<Block, Detour>,
    /// Position in reverse postorder.
    order: SecondaryMap<Block, u32>,
}

/// What is between two neighbouring blocks of a chain.
#[derive(Clone, Debug)]
pub struct Detour {
    pub to: Block,
    pub chains: Vec<usize>,
    /// Chain and item.
    pub item: (usize, usize),
    /// Left in another way than to the last block.
    is_open: bool,
}

impl Structure {
    /// Analyses a function; `hot` says that it is called from innermost loops.
    pub fn new(module: &Module, func: &Function, hot: bool) -> Self {
        let cfg = Cfg::new(func);
        let mut order = SecondaryMap::new();
        for (n, &block) in cfg.rpo().iter().enumerate() {
            order[block] = n as u32;
        }
        let returning = returning(func, &cfg);
        let labels = cycle_labels(func, &cfg, &order, &returning);
        let mut structure = Structure {
            cfg,
            chains: Vec::new(),
            place: SecondaryMap::new(),
            detours: HashMap::new(),
            order,
        };
        structure.make_chains(&returning, &labels);
        structure.nest();
        structure.find_open_detours(func, &returning);
        let hot_blocks = innermost_loop_bodies(&structure.cfg);
        structure.make_items(module, func, |b| hot || hot_blocks.contains(b));
        structure
    }

    /// The detour that starts at the end of a block.
    pub fn detour(&self, from: Block) -> Option<&Detour> {
        self.detours.get(&from)
    }

    /// The blocks inside a detour in reverse postorder, without the first and the last.
    pub fn interior(&self, from: Block) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut stack = vec![from];
        while let Some(from) = stack.pop() {
            let Some(detour) = self.detours.get(&from) else {
                continue;
            };
            for &chain in &detour.chains {
                blocks.extend_from_slice(&self.chains[chain].blocks);
                stack.extend_from_slice(&self.chains[chain].blocks);
            }
        }
        blocks.sort_unstable_by_key(|&b| self.order[b]);
        blocks
    }

    fn make_chains(&mut self, returning: &EntitySet<Block>, labels: &SecondaryMap<Block, u64>) {
        let mut by_label: HashMap<u64, usize> = HashMap::new();
        for n in 0..self.cfg.rpo().len() {
            let block = self.cfg.rpo()[n];
            let mut chain = self.chains.len();
            if returning.contains(block) {
                let known = *by_label.entry(labels[block]).or_insert(chain);
                let follows = self.chains.get(known).and_then(|c| c.blocks.last());
                match follows {
                    Some(&last) if self.cfg.dominates(last, block) => {
                        chain = known;
                        let detour = Detour {
                            to: block,
                            chains: Vec::new(),
                            item: (0, 0),
                            is_open: false,
                        };
                        self.detours.insert(last, detour);
                    }
                    _ => {
                        by_label.insert(labels[block], chain);
                    }
                }
            }
            if chain == self.chains.len() {
                self.chains.push(Chain::default());
            }
            let blocks = &mut self.chains[chain].blocks;
            self.place[block] = (chain as u32, blocks.len() as u32);
            blocks.push(block);
        }
    }

    /// Finds the detour that each chain is part of.
    fn nest(&mut self) {
        for n in 1..self.chains.len() {
            let head = self.chains[n].blocks[0];
            let Some(above) = self.cfg.idom(head) else {
                continue;
            };
            let parent = match self.detours.get(&above) {
                Some(_) => Some(above),
                None => self.chains[self.place[above].0 as usize].parent.expand(),
            };
            self.chains[n].parent = parent.into();
            if let Some(detour) = parent.and_then(|p| self.detours.get_mut(&p)) {
                self.chains[n].ordinal = detour.chains.len() as u32;
                detour.chains.push(n);
            }
        }
    }

    /// The innermost detour that the end of a block is part of.
    fn around(&self, block: Block) -> Option<Block> {
        if self.detours.contains_key(&block) {
            return Some(block);
        }
        self.chains[self.place[block].0 as usize].parent.expand()
    }

    /// An edge to a block that never returns may leave detours.
    fn find_open_detours(&mut self, func: &Function, returning: &EntitySet<Block>) {
        for n in 0..self.cfg.rpo().len() {
            let block = self.cfg.rpo()[n];
            for dest in func.blocks[block].term.successors() {
                if returning.contains(dest) {
                    continue;
                }
                let mut around = self.around(block);
                while let Some(from) = around {
                    let Some(detour) = self.detours.get_mut(&from) else {
                        break;
                    };
                    if self.cfg.dominates(from, dest) && !self.cfg.dominates(detour.to, dest) {
                        break;
                    }
                    detour.is_open = true;
                    around = self.chains[self.place[from].0 as usize].parent.expand();
                }
            }
        }
    }

    fn make_items(&mut self, module: &Module, func: &Function, is_hot: impl Fn(Block) -> bool) {
        // Chains in a detour come after the chain with the detour.
        for n in (0..self.chains.len()).rev() {
            let mut items = Vec::new();
            for k in 0..self.chains[n].blocks.len() {
                let block = self.chains[n].blocks[k];
                let is_hot = is_hot(block);
                for &inst in &func.blocks[block].insts {
                    let op = &func.insts[inst].op;
                    if !matches!(op, Op::Phi(_) | Op::Nop) {
                        items.push(Item {
                            step: Step::Statement(inst),
                            block,
                            hash: statement_hash(module, func, inst),
                            weight: weight(module, func, inst),
                            is_hot,
                        });
                    }
                }
                if let Some(mut item) = self.detour_item(module, func, block) {
                    item.is_hot = is_hot;
                    if let Some(detour) = self.detours.get_mut(&block) {
                        detour.item = (n, items.len());
                    }
                    items.push(item);
                }
            }
            self.chains[n].items = items;
        }
    }

    fn detour_item(&self, module: &Module, func: &Function, from: Block) -> Option<Item> {
        let detour = self.detours.get(&from)?;
        let mut hash = Some(Hash64::new(100));
        let mut total = end_weight(func, from);
        let mut add = |part: Option<u64>| match (&mut hash, part) {
            (Some(hash), Some(part)) => hash.add(part),
            _ => hash = None,
        };
        add(self.end_hash(func, from, from, detour.to));
        for &chain in &detour.chains {
            let chain = &self.chains[chain];
            for phi in func.block_phis(chain.blocks[0]) {
                add(statement_hash(module, func, phi));
                total += 1;
            }
            for item in &chain.items {
                add(item.hash);
                total = total.saturating_add(item.weight);
            }
            if let Some(&last) = chain.blocks.last() {
                add(self.end_hash(func, last, from, detour.to));
                total = total.saturating_add(end_weight(func, last));
            }
        }
        for phi in func.block_phis(detour.to) {
            add(statement_hash(module, func, phi));
            total += 1;
        }
        Some(Item {
            step: Step::Detour {
                from,
                to: detour.to,
            },
            block: from,
            hash: hash.filter(|_| !detour.is_open).map(Hash64::finish),
            weight: total,
            is_hot: false,
        })
    }

    /// A hash of how a block in a detour ends.
    fn end_hash(&self, func: &Function, block: Block, from: Block, to: Block) -> Option<u64> {
        let term = &func.blocks[block].term;
        let mut hash = Hash64::new(match term {
            Terminator::Goto(_) => 101,
            Terminator::Branch { .. } => 102,
            Terminator::Unreachable => 103,
            Terminator::Return(_) | Terminator::Enter { .. } => return None,
        });
        for dest in term.successors() {
            let chain = &self.chains[self.place[dest].0 as usize];
            hash.add(if dest == to {
                0
            } else if chain.parent.expand() == Some(from) {
                2 + u64::from(chain.ordinal)
            } else {
                1
            });
        }
        Some(hash.finish())
    }
}

fn end_weight(func: &Function, block: Block) -> u32 {
    u32::from(matches!(func.blocks[block].term, Terminator::Branch { .. }))
}

/// A hash of a statement with the types of its operands, and with those constants that cannot
/// become variables.
fn statement_hash(module: &Module, func: &Function, inst: Inst) -> Option<u64> {
    if !is_movable(module, func, inst) {
        return None;
    }
    let mut hash = operation_hash(func, inst, true)?;
    if matches!(func.insts[inst].op, Op::Phi(_)) {
        return Some(hash.finish());
    }
    for_each_operand(func, inst, |value, free| match value {
        Value::Const(c) => {
            hash.add(1);
            hash.add(c.index() as u64);
        }
        Value::Type(ty) | Value::Instance(ty) => {
            hash.add(2);
            hash.add(ty.index() as u64);
        }
        Value::Imm { ty, bits } if !free => {
            hash.add(3);
            hash.add(ty.index() as u64);
            hash.add(bits);
        }
        Value::Imm { .. } | Value::Inst(_) | Value::Arg(_) => {
            hash.add(4);
            let ty = module.value_type(func, value);
            hash.add(ty.map_or(u64::MAX, |t| t.index() as u64));
        }
    });
    Some(hash.finish())
}

/// The blocks from which a return is reached.
fn returning(func: &Function, cfg: &Cfg) -> EntitySet<Block> {
    let mut set = EntitySet::new();
    let mut stack: Vec<Block> = cfg
        .rpo()
        .iter()
        .copied()
        .filter(|&b| matches!(func.blocks[b].term, Terminator::Return(_)))
        .collect();
    while let Some(block) = stack.pop() {
        if set.insert(block) {
            stack.extend_from_slice(cfg.preds(block));
        }
    }
    set
}

/// The numbers of the edges through the returning blocks; see the head of this file. The spanning
/// tree takes the first edge into a block that comes from a block before it.
fn cycle_labels(
    func: &Function,
    cfg: &Cfg,
    order: &SecondaryMap<Block, u32>,
    returning: &EntitySet<Block>,
) -> SecondaryMap<Block, u64> {
    // Sums at the heads and the ends of blocks, and at the exit that all returns lead to.
    let mut head: SecondaryMap<Block, u64> = SecondaryMap::new();
    let mut end: SecondaryMap<Block, u64> = SecondaryMap::new();
    let mut exit = 0;
    let mut exit_parent: PackedOption<Block> = None.into();
    let mut parent: SecondaryMap<Block, PackedOption<Block>> = SecondaryMap::new();
    let mut last = 0;
    let mut random = || {
        last += 1;
        mix(last)
    };
    let Some(entry) = func.entry() else {
        return end;
    };
    for &block in cfg.rpo().iter().filter(|&&b| returning.contains(b)) {
        for dest in func.blocks[block].term.successors() {
            if !returning.contains(dest) {
                continue;
            }
            if dest != entry && parent[dest].is_none() && order[block] < order[dest] {
                parent[dest] = block.into();
            } else {
                let r = random();
                end[block] ^= r;
                head[dest] ^= r;
            }
        }
        if let Terminator::Return(_) = func.blocks[block].term {
            if exit_parent.is_none() {
                exit_parent = block.into();
            } else {
                let r = random();
                end[block] ^= r;
                exit ^= r;
            }
        }
    }
    let r = random();
    exit ^= r;
    head[entry] ^= r;
    if let Some(block) = exit_parent.expand() {
        end[block] ^= exit;
    }
    for &block in cfg.rpo().iter().rev() {
        if returning.contains(block)
            && let Some(up) = parent[block].expand()
        {
            let sum = head[block] ^ end[block];
            end[up] ^= sum;
        }
    }
    end
}
