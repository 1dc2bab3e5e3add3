//! Which handler an exception goes to, at every place of a function; and that the phi-c nodes of a
//! handler are emptied where its region is left without an exception.

use super::{Context, Counted};
use cranelift_entity::SecondaryMap;
use hashbrown::HashMap;
use jlift_ir::cfg::Cfg;
use jlift_ir::{Block, Function, Inst, Op, Terminator, Type, Value};

/// An open region: its handler, and whether control came to the handler already.
type Open = (Block, bool);

/// The open regions of a function's blocks.
#[derive(Default)]
pub struct Regions {
    /// At the start of each block, innermost last.
    open: SecondaryMap<Block, Vec<Open>>,
    /// By handler, the blocks in which something may go to it.
    blocks: HashMap<Block, Vec<Block>>,
}

impl Regions {
    pub fn new(func: &Function, cfg: &Cfg) -> Regions {
        let mut regions = Regions::default();
        let any = cfg
            .rpo()
            .iter()
            .any(|&b| matches!(func.blocks[b].term, Terminator::Enter { .. }));
        if !any {
            return regions;
        }
        let mut seen: SecondaryMap<Block, bool> = SecondaryMap::new();
        for &block in cfg.rpo() {
            let mut open = regions.open[block].clone();
            let mut note = |open: &[Open]| {
                if let Some(&(handler, _)) = open.last() {
                    let blocks = regions.blocks.entry(handler).or_default();
                    if blocks.last() != Some(&block) {
                        blocks.push(block);
                    }
                }
            };
            note(&open);
            for &inst in &func.blocks[block].insts {
                if let Op::Leave(n) = func.insts[inst].op {
                    open.truncate(open.len().saturating_sub(n as usize));
                    note(&open);
                }
            }
            for succ in func.blocks[block].term.successors() {
                if std::mem::replace(&mut seen[succ], true) {
                    continue;
                }
                let mut inner = open.clone();
                if let Terminator::Enter { handler, .. } = func.blocks[block].term {
                    inner.push((handler, succ == handler));
                }
                regions.open[succ] = inner;
            }
        }
        regions
    }

    /// The handlers of the regions that are open at the start of a block, innermost last.
    pub fn handlers(&self, block: Block) -> Vec<Block> {
        self.open[block]
            .iter()
            .map(|&(handler, _)| handler)
            .collect()
    }

    /// The blocks in which something may go to a handler.
    pub fn blocks_of(&self, handler: Block) -> &[Block] {
        self.blocks.get(&handler).map_or(&[], |b| b)
    }
}

/// Lets regions that are left without an exception empty the phi-c nodes of their handlers.
pub fn empty_phics(cx: &Context, func: &mut Function, counted: &mut Counted) {
    let mut by_handler: HashMap<Block, Vec<Inst>> = HashMap::new();
    let mut readers: HashMap<Inst, Vec<Inst>> = HashMap::new();
    let mut elsewhere: Vec<Inst> = Vec::new();
    let cfg = Cfg::new(func);
    let handlers: Vec<Block> = cfg
        .rpo()
        .iter()
        .filter_map(|&b| match func.blocks[b].term {
            Terminator::Enter { handler, .. } => Some(handler),
            _ => None,
        })
        .collect();
    for &block in cfg.rpo() {
        for &inst in &func.blocks[block].insts {
            let data = &func.insts[inst];
            if let Op::PhiC(list) = data.op
                && counted.is(&cx.module.tables, data.ty)
            {
                if handlers.contains(&block) {
                    by_handler.entry(block).or_default().push(inst);
                    continue;
                }
                elsewhere.push(inst);
                for upsilon in func.args(list).iter().filter_map(|v| v.as_inst()) {
                    readers.entry(upsilon).or_default().push(inst);
                }
            }
        }
    }
    if by_handler.is_empty() && elsewhere.is_empty() {
        return;
    }
    let regions = Regions::new(func, &cfg);
    // A node that does not stand in a handler belongs to the regions in which it is stored to.
    for &block in cfg.rpo() {
        let mut open = regions.open[block].clone();
        for &inst in &func.blocks[block].insts {
            match func.insts[inst].op {
                Op::Leave(n) => open.truncate(open.len().saturating_sub(n as usize)),
                Op::Upsilon(_) => {
                    if let (Some(phics), Some(&(handler, _))) = (readers.get(&inst), open.last()) {
                        let all = by_handler.entry(handler).or_default();
                        all.extend(
                            phics
                                .iter()
                                .filter(|p| !all.contains(p))
                                .collect::<Vec<_>>(),
                        );
                    }
                }
                _ => {}
            }
        }
    }
    for &block in cfg.rpo() {
        let mut open = regions.open[block].clone();
        let mut at = 0;
        while at < func.blocks[block].insts.len() {
            let inst = func.blocks[block].insts[at];
            at += 1;
            let Op::Leave(n) = func.insts[inst].op else {
                continue;
            };
            let loc = func.insts[inst].loc;
            for _ in 0..n {
                let Some((handler, false)) = open.pop() else {
                    continue;
                };
                for &phic in by_handler.get(&handler).into_iter().flatten() {
                    let empty = func.make_inst(Op::Upsilon(None), Type::ANY, loc);
                    func.blocks[block].insts.insert(at, empty);
                    at += 1;
                    if let Op::PhiC(list) = func.insts[phic].op {
                        let mut all = func.args(list).to_vec();
                        all.push(Value::Inst(empty));
                        func.insts[phic].op = Op::PhiC(func.value_list(&all));
                    }
                }
            }
        }
    }
}
