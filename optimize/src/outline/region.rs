//! One region taken apart, ready to be compared with others: its statements in order, and for each
//! of their operands whether it comes from inside or from outside. Knows nothing of profit.

use super::operation::{for_each_operand, same_operation};
use super::structure::{Item, Step, Structure};
use cranelift_entity::SecondaryMap;
use cranelift_entity::packed_option::PackedOption;
use jlift_ir::{Block, Func, Function, Inst, Module, Op, Terminator, Type, Value};

/// A block of a region, or the part of one that is in the region.
#[derive(Clone, Debug)]
pub struct Part {
    pub block: Block,
    pub insts: Vec<Inst>,
    /// Whether the end of the block is in the region; it is not for the last part.
    pub is_whole: bool,
}

/// Where an operand comes from.
#[derive(Copy, Clone, PartialEq, Debug)]
pub enum Source {
    /// The statement with this number in the region.
    Inside(u32),
    Outside {
        value: Value,
        ty: Option<Type>,
        /// Whether another value may stand here in another copy.
        is_free: bool,
    },
}

/// A region taken apart.
#[derive(Clone, Debug)]
pub struct Region {
    pub func: Func,
    pub parts: Vec<Part>,
    /// All statements in order; their numbers are the positions here.
    pub insts: Vec<Inst>,
    /// The operands of the statements and ends of blocks, in order. A phi has one for each of its
    /// predecessors in the order of the parts.
    pub sources: Vec<Source>,
    /// What else distinguishes regions: where edges go, which predecessors a phi has.
    shape: Vec<u32>,
    pub is_hot: bool,
    /// Where its items stand in the text of the round.
    pub start: usize,
    pub len: usize,
}

/// Numbers of statements and parts by statement and block plus one, 0 for others: memory that is
/// used again for every region.
#[derive(Default)]
pub struct Numbering {
    insts: SecondaryMap<Inst, u32>,
    parts: SecondaryMap<Block, u32>,
}

impl Numbering {
    /// Numbers a region; false if a block occurs twice.
    fn fill(&mut self, parts: &[Part], insts: &[Inst]) -> bool {
        for (n, &inst) in insts.iter().enumerate() {
            self.insts[inst] = n as u32 + 1;
        }
        let mut twice = false;
        for (n, part) in parts.iter().enumerate() {
            twice |= self.parts[part.block] != 0;
            self.parts[part.block] = n as u32 + 1;
        }
        !twice
    }

    fn clear(&mut self, parts: &[Part], insts: &[Inst]) {
        for &inst in insts {
            self.insts[inst] = 0;
        }
        for part in parts {
            self.parts[part.block] = 0;
        }
    }

    fn part(&self, block: Block) -> Option<u32> {
        self.parts[block].checked_sub(1)
    }
}

/// Blocks that earlier changes have appended to others.
pub type Absorbed = SecondaryMap<Block, PackedOption<Block>>;

/// The block that a block's statements are part of now.
pub fn resolve(absorbed: &Absorbed, mut block: Block) -> Block {
    while let Some(into) = absorbed[block].expand() {
        block = into;
    }
    block
}

impl Region {
    /// Takes neighbouring items of a chain apart; `None` if they are no closed region.
    pub fn new(
        module: &Module,
        id: Func,
        structure: &Structure,
        absorbed: &Absorbed,
        items: &[Item],
        numbering: &mut Numbering,
    ) -> Option<Region> {
        let func = &module.functions[id];
        let parts = parts(func, structure, absorbed, items)?;
        let insts: Vec<Inst> = parts.iter().flat_map(|p| p.insts.iter().copied()).collect();
        let region = Region {
            func: id,
            insts,
            sources: Vec::new(),
            shape: Vec::new(),
            is_hot: items.iter().any(|i| i.is_hot),
            parts,
            start: 0,
            len: items.len(),
        };
        let is_single = numbering.fill(&region.parts, &region.insts);
        let mut reader = Reader {
            module,
            func,
            numbering,
            region,
        };
        let read = is_single
            .then(|| reader.read(structure, absorbed))
            .flatten();
        let region = reader.region;
        numbering.clear(&region.parts, &region.insts);
        read.map(|()| region)
    }

    /// Whether two regions are copies of each other, up to values from outside.
    pub fn matches(&self, other: &Region, module: &Module) -> bool {
        let (f, g) = (&module.functions[self.func], &module.functions[other.func]);
        self.shape == other.shape
            && self.insts.len() == other.insts.len()
            && self.sources.len() == other.sources.len()
            && self.insts.iter().zip(&other.insts).all(|(&a, &b)| {
                let (a, b) = (&f.insts[a], &g.insts[b]);
                a.ty == b.ty && same_operation(&a.op, &b.op)
            })
            && self
                .sources
                .iter()
                .zip(&other.sources)
                .all(|(a, b)| fits(*a, *b))
    }
}

fn fits(a: Source, b: Source) -> bool {
    match (a, b) {
        (Source::Inside(n), Source::Inside(m)) => n == m,
        (
            Source::Outside {
                value: v,
                ty: t,
                is_free: p,
            },
            Source::Outside {
                value: w,
                ty: u,
                is_free: q,
            },
        ) => t == u && (v == w || (p && q)),
        _ => false,
    }
}

/// The blocks and parts of blocks that items stand for.
fn parts(
    func: &Function,
    structure: &Structure,
    absorbed: &Absorbed,
    items: &[Item],
) -> Option<Vec<Part>> {
    let mut parts = vec![Part {
        block: resolve(absorbed, items.first()?.block),
        insts: Vec::new(),
        is_whole: false,
    }];
    for item in items {
        match item.step {
            Step::Statement(inst) => parts.last_mut()?.insts.push(inst),
            Step::Detour { from, to } => {
                let last = parts.last_mut()?;
                if last.block != resolve(absorbed, from) {
                    return None;
                }
                last.is_whole = true;
                for block in structure.interior(from) {
                    parts.push(Part {
                        block,
                        insts: live(func, block).collect(),
                        is_whole: true,
                    });
                }
                parts.push(Part {
                    block: to,
                    insts: func.block_phis(to).collect(),
                    is_whole: false,
                });
            }
        }
    }
    Some(parts)
}

fn live(func: &Function, block: Block) -> impl Iterator<Item = Inst> {
    func.blocks[block]
        .insts
        .iter()
        .copied()
        .filter(|&i| func.insts[i].op != Op::Nop)
}

struct Reader<'a> {
    module: &'a Module,
    func: &'a Function,
    numbering: &'a Numbering,
    region: Region,
}

impl Reader<'_> {
    fn read(&mut self, structure: &Structure, absorbed: &Absorbed) -> Option<()> {
        let parts = std::mem::take(&mut self.region.parts);
        let result = parts.iter().enumerate().try_for_each(|(n, part)| {
            self.edges(structure, absorbed, n, part)?;
            self.part(n, part)
        });
        self.region.parts = parts;
        result
    }

    /// The edges of a part: no other edge may come in or go out.
    fn edges(
        &mut self,
        structure: &Structure,
        absorbed: &Absorbed,
        n: usize,
        part: &Part,
    ) -> Option<()> {
        if n > 0 {
            for &pred in structure.cfg.preds(part.block) {
                self.numbering.part(resolve(absorbed, pred))?;
            }
        }
        let shape = &mut self.region.shape;
        shape.push(part.insts.len() as u32);
        if part.is_whole {
            let term = &self.func.blocks[part.block].term;
            shape.push(match term {
                Terminator::Goto(_) => 0,
                Terminator::Branch { .. } => 1,
                Terminator::Unreachable => 2,
                Terminator::Return(_) | Terminator::Enter { .. } => return None,
            });
            for dest in term.successors() {
                match self.numbering.part(dest)? {
                    // Back to before the region.
                    0 => return None,
                    dest => shape.push(dest),
                }
            }
        }
        Some(())
    }

    fn part(&mut self, n: usize, part: &Part) -> Option<()> {
        let func = self.func;
        for &inst in &part.insts {
            match func.insts[inst].op {
                Op::Phi(list) => {
                    if n == 0 {
                        return None;
                    }
                    let mut entries: Vec<(u32, Value)> = Vec::new();
                    for &(pred, value) in func.phi_args(list) {
                        entries.push((self.numbering.part(pred)?, value));
                    }
                    entries.sort_unstable_by_key(|&(pred, _)| pred);
                    self.region.shape.push(entries.len() as u32);
                    for (pred, value) in entries {
                        self.region.shape.push(pred);
                        self.source(value, matches!(value, Value::Imm { .. }));
                    }
                }
                _ => {
                    let before = self.region.sources.len();
                    for_each_operand(func, inst, |value, free| self.source(value, free));
                    let count = self.region.sources.len() - before;
                    self.region.shape.push(count as u32);
                }
            }
        }
        if part.is_whole
            && let Some(value) = func.terminator_operand(part.block)
        {
            self.source(value, true);
        }
        Some(())
    }

    fn source(&mut self, value: Value, is_free: bool) {
        let inside = match value {
            Value::Inst(i) => self.numbering.insts[i].checked_sub(1),
            _ => None,
        };
        let source = match inside {
            Some(n) => Source::Inside(n),
            None => Source::Outside {
                value,
                ty: self.module.value_type(self.func, value),
                is_free: match value {
                    Value::Inst(_) | Value::Arg(_) => true,
                    Value::Imm { .. } => is_free,
                    Value::Instance(_) | Value::Type(_) | Value::Const(_) => false,
                },
            },
        };
        self.region.sources.push(source);
    }
}
