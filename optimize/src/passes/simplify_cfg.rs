//! The control flow graph without detours: branches that always go one way, blocks that nothing
//! reaches, blocks that only pass control on, and blocks with one way in after blocks with one way
//! out. Knows edges and phis, no other statements.
//!
//! ```text
//! goto #3 if not true                   …
//! #2: goto #4                           return 1
//! #3: goto #4
//! #4: %5 = phi(#2 => 1, #3 => 2)::Int64
//! ```
//!
//! Two blocks are kept though they are empty: where several edges come together before a loop
//! header, they go on as one, so that a loop has one entry and one latch. A phi left without
//! entries is undefined everywhere; the phi entries that name it go too, and what other uses
//! remain are never executed and get some value of the type.

use super::Ctx;
use super::identities::{drop_misfits, fits, never_fits};
use super::replace::Replacements;
use cranelift_entity::{EntitySet, SecondaryMap};
use jlift_ir::cfg::Cfg;
use jlift_ir::{Block, Function, Inst, Op, Terminator, Value};

/// Rounds until nothing changes; each removes at least one block or branch.
const ROUNDS: usize = 8;

/// Simplifies the control flow of a function.
pub fn run(func: &mut Function, ctx: &mut Ctx<'_>) -> bool {
    if func.layout.is_empty() {
        return false;
    }
    let mut cfg = ctx.take_cfg(func);
    let mut changed = false;
    let mut is_current = true;
    for round in 0..ROUNDS {
        let folded = fold_branches(func);
        // Only new branches with equal destinations make work for another round.
        if round > 0 && !folded {
            break;
        }
        if folded || !is_current {
            cfg.compute(func);
            is_current = true;
        }
        changed |= folded | drop_unreachable(func, &cfg);
        changed |= single_entry_phis(func, ctx, &cfg);
        let mut edges = Edges::new(func, &cfg);
        let mut moved = edges.thread_empty_blocks(func, ctx);
        moved |= edges.merge_chains(func);
        if moved {
            func.layout.retain(|&b| !edges.dead.contains(b));
            is_current = false;
            changed = true;
        }
    }
    if changed {
        func.compact();
    }
    ctx.return_cfg(cfg, !is_current);
    changed
}

/// Branches on constants, and branches with equal destinations.
fn fold_branches(func: &mut Function) -> bool {
    let mut changed = false;
    for n in 0..func.layout.len() {
        let block = func.layout[n];
        let Terminator::Branch {
            cond,
            then_dest,
            else_dest,
        } = func.blocks[block].term
        else {
            continue;
        };
        let dest = match cond.as_bool() {
            _ if then_dest == else_dest => then_dest,
            Some(true) => then_dest,
            Some(false) => else_dest,
            None => continue,
        };
        func.blocks[block].term = Terminator::Goto(dest);
        for other in [then_dest, else_dest] {
            if other != dest {
                func.remove_phi_edges(other, block);
            }
        }
        changed = true;
    }
    changed
}

/// Takes unreachable blocks out of the layout and out of the phis of reachable ones.
pub(crate) fn drop_unreachable(func: &mut Function, cfg: &Cfg) -> bool {
    if cfg.rpo().len() == func.layout.len() {
        return false;
    }
    func.layout.retain(|&b| cfg.is_reachable(b));
    drop_lost_upsilons(func);
    let mut entries = Vec::new();
    for &block in cfg.rpo() {
        for k in 0..func.blocks[block].insts.len() {
            let inst = func.blocks[block].insts[k];
            let Op::Phi(list) = func.insts[inst].op else {
                if func.insts[inst].op == Op::Nop {
                    continue;
                }
                break;
            };
            let old = func.phi_args(list);
            if old.iter().all(|&(pred, _)| cfg.is_reachable(pred)) {
                continue;
            }
            entries.clear();
            entries.extend(old.iter().filter(|&&(pred, _)| cfg.is_reachable(pred)));
            func.set_phi(inst, &entries);
        }
    }
    true
}

/// Phi-c nodes take nothing from upsilons that stand in no block any more.
pub(crate) fn drop_lost_upsilons(func: &mut Function) {
    let insts = func.layout.iter().flat_map(|&b| &func.blocks[b].insts);
    let mut phics: Vec<Inst> = Vec::new();
    let mut upsilons: EntitySet<Inst> = EntitySet::new();
    for &inst in insts {
        match func.insts[inst].op {
            Op::PhiC(_) => phics.push(inst),
            Op::Upsilon(_) => {
                upsilons.insert(inst);
            }
            _ => {}
        }
    }
    let is_left = |&v: &Value| matches!(v, Value::Inst(i) if upsilons.contains(i));
    for inst in phics {
        if let Op::PhiC(list) = func.insts[inst].op
            && !func.args(list).iter().all(is_left)
        {
            let left: Vec<Value> = func.args(list).iter().copied().filter(is_left).collect();
            func.insts[inst].op = Op::PhiC(func.value_list(&left));
        }
    }
}

/// Phis of blocks with one predecessor, and phis that are undefined.
fn single_entry_phis(func: &mut Function, ctx: &mut Ctx<'_>, cfg: &Cfg) -> bool {
    let mut replaced = Replacements::default();
    let mut undefined: EntitySet<Inst> = EntitySet::new();
    let mut none: Vec<Inst> = Vec::new();
    let mut changed = false;
    for &block in cfg.rpo() {
        let single = cfg.preds(block).len() == 1;
        for k in 0..func.blocks[block].insts.len() {
            let inst = func.blocks[block].insts[k];
            match func.insts[inst].op {
                Op::Phi(list) => match func.phi_args(list) {
                    [] => {
                        undefined.insert(inst);
                        none.push(inst);
                    }
                    &[(_, value)]
                        if single
                            && fits(func, ctx, value, func.insts[inst].ty)
                            && replaced.insert(inst, value) =>
                    {
                        func.remove_inst(inst);
                        changed = true;
                    }
                    _ => {}
                },
                Op::Nop => {}
                _ => break,
            }
        }
    }
    if !none.is_empty() {
        changed |= drop_undefined(func, ctx, cfg, &mut undefined, none, &mut replaced);
    }
    if !replaced.is_empty() {
        replaced.apply(func);
        for n in 0..func.layout.len() {
            let phis: Vec<Inst> = func.block_phis(func.layout[n]).collect();
            for phi in phis {
                drop_misfits(func, ctx, phi);
            }
        }
    }
    changed
}

/// Drops phi entries whose value is undefined until there are none, then the undefined phis.
fn drop_undefined(
    func: &mut Function,
    ctx: &mut Ctx<'_>,
    cfg: &Cfg,
    undefined: &mut EntitySet<Inst>,
    mut none: Vec<Inst>,
    replaced: &mut Replacements,
) -> bool {
    let mut changed = false;
    let mut entries = Vec::new();
    loop {
        let mut more = false;
        for &block in cfg.rpo() {
            for k in 0..func.blocks[block].insts.len() {
                let inst = func.blocks[block].insts[k];
                let Op::Phi(list) = func.insts[inst].op else {
                    if func.insts[inst].op == Op::Nop {
                        continue;
                    }
                    break;
                };
                let defined = |v: Value| match replaced.resolve(v) {
                    Value::Inst(i) => !undefined.contains(i),
                    _ => true,
                };
                let old = func.phi_args(list);
                if old.iter().all(|&(_, v)| defined(v)) {
                    continue;
                }
                entries.clear();
                entries.extend(old.iter().filter(|&&(_, v)| defined(v)));
                func.set_phi(inst, &entries);
                changed = true;
                if entries.is_empty() && !undefined.contains(inst) {
                    undefined.insert(inst);
                    none.push(inst);
                    more = true;
                }
            }
        }
        if !more {
            break;
        }
    }
    for inst in none {
        if let Some(value) = ctx.some_value(func.insts[inst].ty)
            && replaced.insert(inst, value)
        {
            func.remove_inst(inst);
            changed = true;
        }
    }
    changed
}

/// The edges of the graph while blocks are taken out of it.
struct Edges {
    preds: SecondaryMap<Block, Vec<Block>>,
    /// Destinations of edges that go backwards.
    headers: EntitySet<Block>,
    dead: EntitySet<Block>,
    entry: Block,
}

impl Edges {
    fn new(func: &Function, cfg: &Cfg) -> Self {
        let mut preds: SecondaryMap<Block, Vec<Block>> = func.block_map();
        let mut headers = EntitySet::new();
        let mut seen: EntitySet<Block> = EntitySet::new();
        for &block in cfg.rpo() {
            preds[block].extend_from_slice(cfg.preds(block));
            seen.insert(block);
            for succ in func.blocks[block].term.successors() {
                // Also edges backwards into irreducible regions.
                if seen.contains(succ) {
                    headers.insert(succ);
                }
            }
        }
        Self {
            preds,
            headers,
            dead: EntitySet::new(),
            entry: func.layout[0],
        }
    }

    /// Appends a block to the only block before it, if it is the only one after that.
    fn merge_chains(&mut self, func: &mut Function) -> bool {
        let mut changed = false;
        for n in 0..func.layout.len() {
            let block = func.layout[n];
            if self.dead.contains(block) {
                continue;
            }
            while let Terminator::Goto(next) = func.blocks[block].term {
                if next == block
                    || next == self.entry
                    || self.preds[next][..] != [block]
                    || func.block_phis(next).next().is_some()
                {
                    break;
                }
                let data = std::mem::take(&mut func.blocks[next]);
                func.blocks[block].insts.extend(data.insts);
                for succ in data.term.successors() {
                    func.rename_phi_pred(succ, next, block);
                    for pred in &mut self.preds[succ] {
                        if *pred == next {
                            *pred = block;
                        }
                    }
                }
                func.blocks[block].term = data.term;
                func.blocks[block].term_loc = data.term_loc;
                self.dead.insert(next);
                changed = true;
            }
        }
        changed
    }

    /// Sends the predecessors of blocks that do nothing to where those go.
    fn thread_empty_blocks(&mut self, func: &mut Function, ctx: &Ctx<'_>) -> bool {
        let mut uses: Option<SecondaryMap<Inst, u32>> = None;
        let mut changed = false;
        // Backwards, so that a chain of empty blocks goes in one walk.
        for n in (0..func.layout.len()).rev() {
            let block = func.layout[n];
            let Terminator::Goto(dest) = func.blocks[block].term else {
                continue;
            };
            if block == self.entry || block == dest || self.preds[block].is_empty() {
                continue;
            }
            let phis: Vec<Inst> = func.block_phis(block).collect();
            let real = func.blocks[block]
                .insts
                .iter()
                .filter(|&&i| func.insts[i].op != Op::Nop)
                .count();
            if real != phis.len()
                || (self.preds[block].len() > 1 && self.headers.contains(dest))
                || (!phis.is_empty() && self.headers.contains(block))
                || self.preds[block]
                    .iter()
                    .any(|&p| p == block || matches!(func.blocks[p].term, Terminator::Enter { .. }))
            {
                continue;
            }
            if !phis.is_empty() {
                let uses = uses.get_or_insert_with(|| use_counts(func));
                let dest_phis: Vec<Inst> = func.block_phis(dest).collect();
                let only_passed_on = phis.iter().all(|&phi| {
                    let passed = dest_phis
                        .iter()
                        .filter(|&&d| func.phi_value(d, block) == Some(Value::Inst(phi)))
                        .count();
                    uses[phi] as usize == passed
                });
                if !only_passed_on {
                    continue;
                }
            }
            if self.conflicts(func, ctx, block, dest) {
                continue;
            }
            self.thread(func, ctx, block, dest, uses.as_mut());
            changed = true;
        }
        changed
    }

    /// The value that a phi of `dest` gets through `block` from `pred`.
    fn passed_value(
        func: &Function,
        ctx: &Ctx<'_>,
        phi: Inst,
        block: Block,
        pred: Block,
    ) -> Option<Value> {
        let value = func.phi_value(phi, block)?;
        if let Value::Inst(inst) = value
            && matches!(func.insts[inst].op, Op::Phi(_))
            && func.block_phis(block).any(|p| p == inst)
        {
            return func
                .phi_value(inst, pred)
                .filter(|&v| !never_fits(func, ctx, v, func.insts[phi].ty));
        }
        Some(value)
    }

    /// Whether a phi of `dest` could not tell two ways apart, or would get a value of a type that
    /// only the phi of `block` may have.
    fn conflicts(&self, func: &Function, ctx: &Ctx<'_>, block: Block, dest: Block) -> bool {
        self.preds[block].iter().any(|&pred| {
            let twice = self.preds[dest].contains(&pred);
            func.block_phis(dest).any(|phi| {
                let ty = func.insts[phi].ty;
                let passed = Self::passed_value(func, ctx, phi, block, pred);
                let direct = func.phi_value(phi, pred);
                passed.is_some_and(|v| !fits(func, ctx, v, ty))
                    || (twice && direct.is_some() && passed.is_some() && direct != passed)
            })
        })
    }

    fn thread(
        &mut self,
        func: &mut Function,
        ctx: &Ctx<'_>,
        block: Block,
        dest: Block,
        mut uses: Option<&mut SecondaryMap<Inst, u32>>,
    ) {
        let preds = std::mem::take(&mut self.preds[block]);
        let phis: Vec<Inst> = func.block_phis(dest).collect();
        for phi in phis {
            let Op::Phi(list) = func.insts[phi].op else {
                continue;
            };
            let mut entries: Vec<(Block, Value)> = func
                .phi_args(list)
                .iter()
                .copied()
                .filter(|&(b, _)| b != block)
                .collect();
            for &pred in &preds {
                if entries.iter().any(|&(b, _)| b == pred) {
                    continue;
                }
                if let Some(value) = Self::passed_value(func, ctx, phi, block, pred) {
                    entries.push((pred, value));
                    if let (Some(uses), Value::Inst(inst)) = (uses.as_deref_mut(), value) {
                        uses[inst] += 1;
                    }
                }
            }
            func.set_phi(phi, &entries);
        }
        self.preds[dest].retain(|&p| p != block);
        for pred in preds {
            func.blocks[pred]
                .term
                .map_successors(|s| if s == block { dest } else { s });
            if !self.preds[dest].contains(&pred) {
                self.preds[dest].push(pred);
            }
        }
        self.dead.insert(block);
    }
}

fn use_counts(func: &Function) -> SecondaryMap<Inst, u32> {
    let mut uses: SecondaryMap<Inst, u32> = func.inst_map();
    let mut count = |v: Value| {
        if let Value::Inst(i) = v {
            uses[i] += 1;
        }
    };
    for &block in &func.layout {
        for &inst in &func.blocks[block].insts {
            func.for_each_operand(inst, &mut count);
        }
        func.terminator_operand(block)
            .into_iter()
            .for_each(&mut count);
    }
    uses
}
