//! Natural loops, as far as branch order needs them: does an edge leave the innermost loop?

use cranelift_entity::SecondaryMap;
use jlift_ir::cfg::Cfg;
use jlift_ir::{Block, Function};

/// For every block the header of its innermost loop, and the loop nest by header.
#[derive(Default)]
pub(crate) struct Loops {
    header: SecondaryMap<Block, Option<Block>>,
    parent: SecondaryMap<Block, Option<Block>>,
}

impl Loops {
    pub fn new(f: &Function, cfg: &Cfg) -> Self {
        let mut loops = Loops::default();
        // Inner loops have later headers: walking headers backwards finds the innermost first.
        for &header in cfg.rpo().iter().rev() {
            let mut work: Vec<Block> = cfg
                .preds(header)
                .iter()
                .copied()
                .filter(|&p| cfg.is_back_edge(p, header))
                .collect();
            if work.is_empty() {
                continue;
            }
            let _ = f;
            loops.claim(header, header);
            while let Some(block) = work.pop() {
                if block == header || loops.inside(block, header) {
                    continue;
                }
                // The outermost loop around `block` found so far becomes a child of this one.
                let mut at = block;
                while let Some(h) = loops.header[at] {
                    match loops.parent[h] {
                        Some(up) if up != h => at = up,
                        _ => {
                            at = h;
                            break;
                        }
                    }
                }
                if loops.header[at].is_some() {
                    loops.parent[at] = Some(header);
                    work.extend(cfg.preds(at).iter().copied().filter(|&p| p != at));
                } else {
                    loops.header[block] = Some(header);
                    work.extend(cfg.preds(block));
                }
            }
        }
        loops
    }

    fn claim(&mut self, block: Block, header: Block) {
        self.header[block] = Some(header);
    }

    /// Whether `block` lies in the loop of `header`, at any depth.
    fn inside(&self, block: Block, header: Block) -> bool {
        let mut at = self.header[block];
        while let Some(h) = at {
            if h == header {
                return true;
            }
            at = self.parent[h];
        }
        false
    }

    /// Whether the edge leaves the innermost loop of `from`.
    pub fn leaves(&self, from: Block, to: Block) -> bool {
        match self.header[from] {
            Some(header) => !self.inside(to, header),
            None => false,
        }
    }
}
