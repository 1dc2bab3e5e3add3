//! Makes uses see the right one of several definitions after blocks were copied. A *variable* is a
//! statement of a block that has copies; its *definitions* are the statement itself and its copies.
//! Until [`SsaRepair::run`] every use names the original and means whichever definition was
//! executed last.
//!
//! Phis are put where definitions meet, the iterated dominance frontier of the blocks that define
//! (Cytron et al., "Efficiently Computing Static Single Assignment Form", 1991), but only those that
//! some use asks for, as in Braun et al., "Simple and Efficient Construction of Static Single
//! Assignment Form" (2013): reading a variable walks up the dominator tree to the next definition
//! or meeting point. Knows nothing of why blocks were copied.
//!
//! ```text
//! #1: %1 = …; goto #3                    #3: %3 = phi(#1 => %1, #2 => %2)::Int64
//! #2: %2 = … (copy of %1); goto #3           %4 = Base.neg_int(%3)::Int64
//! #3: %4 = Base.neg_int(%1)::Int64
//! ```

use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{EntitySet, SecondaryMap};
use hashbrown::HashMap;
use jlift_ir::cfg::Cfg;
use jlift_ir::{Block, Function, Inst, Op, Value};

/// A copied block with its copies; the statements of all are in the same order.
#[derive(Default)]
struct Group {
    blocks: Vec<Block>,
    /// Where the definitions meet.
    meets: EntitySet<Block>,
}

/// A statement with copies.
struct Variable {
    group: usize,
    /// One per block of the group, `None` where a copy of the block left it out.
    definitions: Vec<Option<Value>>,
}

/// Collects copies, then repairs all uses in one walk.
#[derive(Default)]
pub struct SsaRepair {
    groups: Vec<Group>,
    variables: Vec<Variable>,
    /// 1-based index into `variables`.
    variable_of: SecondaryMap<Inst, u32>,
    group_of: HashMap<Block, usize>,
    /// Phis made at meeting points.
    phis: HashMap<(Inst, Block), Inst>,
    /// Phis made and not yet filled.
    open: Vec<(Inst, Block, Inst)>,
}

impl SsaRepair {
    /// Whether there is nothing to repair.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// `copy` is a copy of `block` in which the pairs are original and copy of each statement.
    pub fn add(&mut self, block: Block, copy: Block, pairs: &[(Inst, Value)]) {
        let groups = &mut self.groups;
        let group = *self.group_of.entry(block).or_insert_with(|| {
            groups.push(Group {
                blocks: vec![block],
                ..Group::default()
            });
            groups.len() - 1
        });
        self.groups[group].blocks.push(copy);
        let count = self.groups[group].blocks.len();
        for &(inst, value) in pairs {
            if self.variable_of[inst] == 0 {
                self.variables.push(Variable {
                    group,
                    definitions: vec![Some(Value::Inst(inst))],
                });
                self.variable_of[inst] = self.variables.len() as u32;
            }
            let variable = &mut self.variables[self.variable_of[inst] as usize - 1];
            variable.definitions.resize(count - 1, None);
            variable.definitions.push(Some(value));
        }
    }

    /// Rewrites all uses. `cfg` is that of the function with the copies in place, and phis have
    /// entries for reachable predecessors only.
    pub fn run(mut self, func: &mut Function, cfg: &Cfg) {
        if self.is_empty() {
            return;
        }
        self.find_meets(cfg);
        for &block in cfg.rpo() {
            for k in 0..func.blocks[block].insts.len() {
                let inst = func.blocks[block].insts[k];
                if let Op::Phi(list) = func.insts[inst].op {
                    self.phi(func, cfg, inst, list);
                    continue;
                }
                if self.names_variable(func, inst) {
                    self.rewrite_operands(func, cfg, block, inst);
                }
            }
            if let Some(Value::Inst(used)) = func.terminator_operand(block)
                && self.variable_of[used] != 0
                && !self.defines(block, used)
                && let Some(value) = self.read(func, cfg, used, block)
            {
                func.map_terminator_operand(block, |_| value);
            }
        }
        self.fill(func, cfg);
    }

    /// Iterated dominance frontiers of the groups.
    fn find_meets(&mut self, cfg: &Cfg) {
        let mut frontier: SecondaryMap<Block, Vec<Block>> = SecondaryMap::new();
        for &block in cfg.rpo() {
            if cfg.preds(block).len() < 2 {
                continue;
            }
            for &pred in cfg.preds(block) {
                let mut at = pred;
                while Some(at) != cfg.idom(block) {
                    if frontier[at].last() != Some(&block) {
                        frontier[at].push(block);
                    }
                    match cfg.idom(at) {
                        Some(up) if up != at => at = up,
                        _ => break,
                    }
                }
            }
        }
        for group in &mut self.groups {
            let mut work = group.blocks.clone();
            while let Some(block) = work.pop() {
                for &meet in &frontier[block] {
                    if group.meets.insert(meet) {
                        work.push(meet);
                    }
                }
            }
        }
    }

    fn names_variable(&self, func: &Function, inst: Inst) -> bool {
        let mut found = false;
        func.for_each_operand(inst, |v| {
            found |= matches!(v, Value::Inst(i) if self.variable_of[i] != 0);
        });
        found
    }

    /// Whether `block` is the block that defines the original.
    fn defines(&self, block: Block, variable: Inst) -> bool {
        let group = self.variables[self.variable_of[variable] as usize - 1].group;
        self.groups[group].blocks.first() == Some(&block)
    }

    fn rewrite_operands(&mut self, func: &mut Function, cfg: &Cfg, block: Block, inst: Inst) {
        let mut seen: Vec<(Inst, Value)> = Vec::new();
        let mut named: Vec<Inst> = Vec::new();
        func.for_each_operand(inst, |v| {
            if let Value::Inst(i) = v
                && self.variable_of[i] != 0
                && !named.contains(&i)
            {
                named.push(i);
            }
        });
        for used in named {
            if !self.defines(block, used)
                && let Some(value) = self.read(func, cfg, used, block)
            {
                seen.push((used, value));
            }
        }
        func.map_operands(inst, |v| match v {
            Value::Inst(i) => seen
                .iter()
                .find(|&&(used, _)| used == i)
                .map_or(v, |&(_, value)| value),
            _ => v,
        });
    }

    /// Rewrites the entries of a phi, each as seen at the end of its predecessor.
    fn phi(&mut self, func: &mut Function, cfg: &Cfg, phi: Inst, list: jlift_ir::PhiList) {
        let named = func
            .phi_args(list)
            .iter()
            .any(|&(_, v)| matches!(v, Value::Inst(i) if self.variable_of[i] != 0));
        if !named {
            return;
        }
        let mut entries = func.phi_args(list).to_vec();
        entries.retain_mut(|(pred, value)| match *value {
            Value::Inst(used) if self.variable_of[used] != 0 => {
                match self.read(func, cfg, used, *pred) {
                    Some(seen) => {
                        *value = seen;
                        true
                    }
                    None => false,
                }
            }
            _ => true,
        });
        func.set_phi(phi, &entries);
    }

    /// The definition of a variable that reaches the end of a block.
    fn read(&mut self, func: &mut Function, cfg: &Cfg, variable: Inst, at: Block) -> Option<Value> {
        let index = self.variable_of[variable] as usize - 1;
        let group = &self.groups[self.variables[index].group];
        let mut block = at;
        loop {
            if let Some(n) = group.blocks.iter().position(|&b| b == block) {
                return self.variables[index].definitions.get(n).copied().flatten();
            }
            if group.meets.contains(block) {
                let phi = match self.phis.get(&(variable, block)) {
                    Some(&phi) => phi,
                    None => {
                        let list = func.phi_list(&[]);
                        let (ty, loc) = (func.insts[variable].ty, func.insts[variable].loc);
                        let phi = func.make_inst(Op::Phi(list), ty, loc);
                        self.phis.insert((variable, block), phi);
                        self.open.push((variable, block, phi));
                        phi
                    }
                };
                return Some(Value::Inst(phi));
            }
            match cfg.idom(block) {
                Some(up) if up != block => block = up,
                _ => return None,
            }
        }
    }

    /// Gives the new phis their entries and puts them into their blocks.
    fn fill(&mut self, func: &mut Function, cfg: &Cfg) {
        let mut new: HashMap<Block, Vec<Inst>> = HashMap::new();
        let mut order: Vec<Block> = Vec::new();
        while let Some((variable, block, phi)) = self.open.pop() {
            let mut entries: Vec<(Block, Value)> = Vec::new();
            for &pred in cfg.preds(block) {
                if let Some(value) = self.read(func, cfg, variable, pred) {
                    entries.push((pred, value));
                }
            }
            func.set_phi(phi, &entries);
            let list = new.entry(block).or_insert_with(|| {
                order.push(block);
                Vec::new()
            });
            list.push(phi);
        }
        for block in order {
            if let Some(mut phis) = new.remove(&block) {
                phis.append(&mut func.blocks[block].insts);
                func.blocks[block].insts = phis;
            }
        }
    }
}

/// The block of every statement of the listed blocks.
pub fn homes(func: &Function) -> SecondaryMap<Inst, PackedOption<Block>> {
    let mut home: SecondaryMap<Inst, PackedOption<Block>> = func.inst_map();
    for &block in &func.layout {
        for &inst in &func.blocks[block].insts {
            home[inst] = block.into();
        }
    }
    home
}
