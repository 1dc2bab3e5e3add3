//! Copies and constants: every use gets the simplest value that is known to be equal, every
//! statement the simplest form. One walk in reverse postorder sees each definition before its uses
//! other than those by phis of loops, which are rewritten at the end. What single statements are
//! equal to is in [`super::identities`]; here is only the walk. Branch conditions lose their
//! negation. Knows nothing about conditions that hold by control flow.
//!
//! ```text
//! %1 = Core.tuple(_2, 4)::Tuple{Int64, Int64}
//! %2 = Core.getfield(%1, 2)::Int64
//! %3 = Base.add_int(%2, _3)::Int64       %3 = Base.add_int(_3, 4)::Int64
//! ```

use super::Ctx;
use super::identities::{Args, Kind, Simple, drop_misfits, fits, never_fits, shape_of, simplify};
use super::replace::Replacements;
use cranelift_entity::SecondaryMap;
use cranelift_entity::packed_option::PackedOption;
use jlift_ir::cfg::Cfg;
use jlift_ir::{Block, Function, Inst, Intrinsic, Op, Terminator, Value};

/// How often one statement is simplified again after it changed form.
const RETRIES: usize = 8;

/// Simplifies all statements of the reachable blocks.
pub fn run(func: &mut Function, ctx: &mut Ctx<'_>) -> bool {
    let cfg = ctx.take_cfg(func);
    let mut pass = Propagate {
        replaced: Replacements::default(),
        home: func.inst_map(),
        changed: false,
    };
    for &block in cfg.rpo() {
        for &inst in &func.blocks[block].insts {
            pass.home[inst] = block.into();
        }
    }
    for &block in cfg.rpo() {
        pass.block(func, ctx, &cfg, block);
    }
    if !pass.replaced.is_empty() {
        if cfg.rpo().len() == func.layout.len() {
            // Only phis can use what is defined after them in this order.
            for &block in cfg.rpo() {
                for k in 0..func.blocks[block].insts.len() {
                    let inst = func.blocks[block].insts[k];
                    match func.insts[inst].op {
                        Op::Phi(_) => {
                            func.map_operands(inst, |v| pass.replaced.resolve(v));
                            drop_misfits(func, ctx, inst);
                        }
                        Op::Nop => {}
                        _ => break,
                    }
                }
            }
        } else {
            pass.replaced.apply(func);
        }
    }
    if pass.changed {
        func.compact();
    }
    ctx.keep_cfg(cfg);
    pass.changed
}

struct Propagate {
    replaced: Replacements,
    /// The block of every statement.
    home: SecondaryMap<Inst, PackedOption<Block>>,
    changed: bool,
}

impl Propagate {
    fn block(&mut self, func: &mut Function, ctx: &mut Ctx<'_>, cfg: &Cfg, block: Block) {
        for k in 0..func.blocks[block].insts.len() {
            let inst = func.blocks[block].insts[k];
            let replaced = &self.replaced;
            if !replaced.is_empty() {
                func.map_operands(inst, |v| replaced.resolve(v));
            }
            let value = match func.insts[inst].op {
                Op::Phi(_) => self.phi(func, ctx, cfg, block, inst),
                Op::Copy(v) => Some(v),
                Op::ThrowUndefIfNot { cond, .. } if cond.as_bool() == Some(true) => {
                    func.remove_inst(inst);
                    self.changed = true;
                    None
                }
                Op::Pi { value, ty } if never_fits(func, ctx, value, ty) => {
                    self.never_reached(func, block, k);
                    None
                }
                _ => self.statement(func, ctx, inst),
            };
            if let Some(value) = value
                && self.replaced.insert(inst, value)
            {
                func.remove_inst(inst);
                self.changed = true;
            }
        }
        let replaced = &self.replaced;
        func.map_terminator_operand(block, |v| replaced.resolve(v));
        self.branch(func, block);
    }

    /// What narrows a value to a type that it is never of is not reached, as a test that comes before
    /// it says: it becomes a phi that no edge gives a value.
    fn never_reached(&mut self, func: &mut Function, block: Block, at: usize) {
        if func.entry() == Some(block) {
            return;
        }
        let inst = func.blocks[block].insts[at];
        func.insts[inst].op = Op::Phi(func.phi_list(&[]));
        func.blocks[block].insts[..=at].rotate_right(1);
        self.changed = true;
    }

    /// The value that a statement is equal to; a simpler form takes its place.
    fn statement(&mut self, func: &mut Function, ctx: &mut Ctx<'_>, inst: Inst) -> Option<Value> {
        for _ in 0..RETRIES {
            let data = &func.insts[inst];
            let (kind, args) = shape_of(func, &data.op)?;
            match simplify(func, ctx, kind, args, data.ty)? {
                Simple::Value(value) => return Some(value),
                Simple::Statement(kind, args) => {
                    set_statement(func, inst, kind, args);
                    self.changed = true;
                }
            }
        }
        None
    }

    /// The only value that a phi can have.
    fn phi(
        &self,
        func: &Function,
        ctx: &Ctx<'_>,
        cfg: &Cfg,
        block: Block,
        phi: Inst,
    ) -> Option<Value> {
        let Op::Phi(list) = func.insts[phi].op else {
            return None;
        };
        let entries = func.phi_args(list);
        let mut only = None;
        for &(_, value) in entries {
            let value = self.replaced.resolve(value);
            if value == Value::Inst(phi) {
                continue;
            }
            match only {
                None => only = Some(value),
                Some(other) if other == value => {}
                Some(_) => return None,
            }
        }
        let only = only?;
        if !fits(func, ctx, only, func.insts[phi].ty) {
            return None;
        }
        if let Value::Inst(def) = only
            && entries.len() < cfg.preds(block).len()
        {
            // Where some edges leave the phi undefined, the value need not reach its block.
            let home = self.home[def].expand()?;
            if home == block || !cfg.dominates(home, block) {
                return None;
            }
        }
        Some(only)
    }

    /// A negated condition is the condition with the destinations exchanged.
    fn branch(&mut self, func: &mut Function, block: Block) {
        while let Terminator::Branch {
            cond: Value::Inst(inst),
            then_dest,
            else_dest,
        } = func.blocks[block].term
        {
            let Op::Intrinsic(Intrinsic::NotInt, list) = func.insts[inst].op else {
                return;
            };
            let &[cond] = func.args(list) else { return };
            func.blocks[block].term = Terminator::Branch {
                cond,
                then_dest: else_dest,
                else_dest: then_dest,
            };
            self.changed = true;
        }
    }
}

/// Gives a statement another form.
pub(super) fn set_statement(func: &mut Function, inst: Inst, kind: Kind, args: Args) {
    let args = args.as_slice();
    func.insts[inst].op = match kind {
        Kind::Intrinsic(op) => Op::Intrinsic(op, func.value_list(args)),
        Kind::Builtin(op) => Op::Builtin(op, func.value_list(args)),
        Kind::Pi(ty) => Op::Pi { value: args[0], ty },
    };
}
