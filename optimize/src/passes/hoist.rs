//! Fields of objects that do not change in a loop are read before it. The code generator hoists
//! arithmetic itself, but an object may be passed by address, and it cannot know that the memory
//! there stays as it is. Knows reads of fields of immutable objects only: they cannot trap, so it
//! does not matter whether the loop would have come to them.
//!
//! ```text
//! #2: %1 = phi(#1 => 0, #2 => %3)        #1: %2 = Core.getfield(_2, 1)::Int64
//!     %2 = Core.getfield(_2, 1)          #2: %1 = phi(#1 => 0, #2 => %3)
//!     %3 = Base.add_int(%1, %2)              %3 = Base.add_int(%1, %2)
//! ```

use super::ssa_repair::homes;
use super::{Ctx, has_regions, purity};
use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{EntitySet, SecondaryMap};
use jlift_ir::cfg::Cfg;
use jlift_ir::fold::width_of;
use jlift_ir::{Block, Builtin, Function, Inst, Op, TypeClass, Value};
use jlift_mutations::{Mutation, planted};

/// Moves reads of fields out of loops.
pub fn run(func: &mut Function, ctx: &mut Ctx<'_>) -> bool {
    if func.layout.is_empty() || has_regions(func) {
        return false;
    }
    let cfg = ctx.take_cfg(func);
    let changed = hoist(func, ctx, &cfg);
    ctx.keep_cfg(cfg);
    changed
}

fn hoist(func: &mut Function, ctx: &Ctx<'_>, cfg: &Cfg) -> bool {
    let loops = Loops::new(cfg);
    if loops.bodies.is_empty() {
        return false;
    }
    let mut home = homes(func);
    let mut moved: Vec<(Inst, Block)> = Vec::new();
    for &block in cfg.rpo() {
        if loops.innermost[block].is_none() {
            continue;
        }
        for &inst in &func.blocks[block].insts {
            let Some(object) = read_object(func, ctx, inst) else {
                continue;
            };
            let mut at = block;
            while let Some(n) = loops.innermost[at].expand() {
                let (header, body) = &loops.bodies[n.0 as usize];
                let inside = match object {
                    Value::Inst(def) => home[def].expand().is_none_or(|b| body.contains(b)),
                    _ => false,
                };
                match cfg.idom(*header) {
                    Some(up)
                        if (!inside || planted(Mutation::OptimizeHoistedTooFar))
                            && up != *header =>
                    {
                        at = up
                    }
                    _ => break,
                }
            }
            if at != block {
                home[inst] = at.into();
                moved.push((inst, at));
            }
        }
    }
    let mut gone: EntitySet<Inst> = EntitySet::new();
    for &(inst, _) in &moved {
        gone.insert(inst);
    }
    if moved.is_empty() {
        return false;
    }
    for &block in cfg.rpo() {
        func.blocks[block].insts.retain(|&i| !gone.contains(i));
    }
    for (inst, at) in moved {
        func.blocks[at].insts.push(inst);
    }
    true
}

/// The object of which a statement reads a field that is a number.
fn read_object(func: &Function, ctx: &Ctx<'_>, inst: Inst) -> Option<Value> {
    let data = &func.insts[inst];
    let Op::Builtin(Builtin::GetField, list) = data.op else {
        return None;
    };
    let &[object, field, ..] = func.args(list) else {
        return None;
    };
    let ty = ctx.type_of(func, object);
    let numeric =
        width_of(ctx.tables, data.ty).is_some() || ctx.tables.class(data.ty) == TypeClass::Inline;
    (numeric
        && (ctx.tables.class(ty) == TypeClass::Inline
            || planted(Mutation::OptimizeHoistedMutableField))
        && purity::field_of(ctx.tables, ty, field).is_some())
    .then_some(object)
}

/// Index into [`Loops::bodies`].
#[derive(Copy, Clone, PartialEq, Eq)]
struct LoopIndex(u32);

impl cranelift_entity::packed_option::ReservedValue for LoopIndex {
    fn reserved_value() -> Self {
        LoopIndex(u32::MAX)
    }

    fn is_reserved_value(&self) -> bool {
        self.0 == u32::MAX
    }
}

/// The natural loops of a function.
struct Loops {
    /// Header and blocks, inner loops first.
    bodies: Vec<(Block, EntitySet<Block>)>,
    innermost: SecondaryMap<Block, PackedOption<LoopIndex>>,
}

impl Loops {
    fn new(cfg: &Cfg) -> Self {
        let mut bodies = Vec::new();
        let mut innermost = SecondaryMap::with_default(PackedOption::default());
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
            let index = LoopIndex(bodies.len() as u32);
            let mut body: EntitySet<Block> = EntitySet::new();
            body.insert(header);
            work.push(header);
            while let Some(block) = work.pop() {
                if innermost[block].is_none() {
                    innermost[block] = index.into();
                }
                if body.insert(block) {
                    work.extend_from_slice(cfg.preds(block));
                }
            }
            bodies.push((header, body));
        }
        Self { bodies, innermost }
    }
}
