//! Equal statements are executed once. A walk down the dominator tree keeps a table of the pure
//! statements that dominate the place; a statement that is in it already is replaced. Conditions
//! that the branches above decide become constants on the way ([`super::facts`]). Knows no memory:
//! loads are never equal here. Equal phis of one block are the same statement too; phis that are
//! equal only because of each other are the business of [`super::phi_dedup`].
//!
//! ```text
//! %1 = Base.mul_int(_2, _3)::Int64
//! %2 = Base.mul_int(_2, _3)::Int64
//! %3 = Base.add_int(%1, %2)::Int64       %3 = Base.add_int(%1, %1)::Int64
//! ```

use super::facts::{self, Query};
use super::identities::{Kind, shape_of};
use super::replace::Replacements;
use super::{Ctx, purity};
use cranelift_entity::SecondaryMap;
use hashbrown::{DefaultHashBuilder, HashTable};
use jlift_ir::cfg::Cfg;
use jlift_ir::intrinsic::Shape;
use jlift_ir::{Block, Builtin, Function, Inst, Intrinsic, Op, PhiList, Terminator, Type, Value};
use jlift_mutations::{Mutation, planted};
use std::hash::{BuildHasher, Hash, Hasher};

/// Replaces statements by equal ones that dominate them.
pub fn run(func: &mut Function, ctx: &mut Ctx<'_>) -> bool {
    let cfg = ctx.take_cfg(func);
    let changed = super::simplify_cfg::drop_unreachable(func, &cfg);
    let mut children: SecondaryMap<Block, Vec<Block>> = func.block_map();
    for &block in cfg.rpo() {
        if let Some(up) = cfg.idom(block)
            && up != block
        {
            children[up].push(block);
        }
    }
    let mut pass = Gvn {
        table: HashTable::new(),
        hasher: DefaultHashBuilder::default(),
        log: Vec::new(),
        replaced: Replacements::default(),
        changed,
    };
    // Preorder with explicit ends of subtrees.
    enum Step {
        Block(Block),
        Forget(usize),
    }
    let mut work: Vec<Step> = func.entry().map(Step::Block).into_iter().collect();
    while let Some(step) = work.pop() {
        match step {
            Step::Block(block) => {
                work.push(Step::Forget(pass.log.len()));
                pass.block(func, ctx, &cfg, block);
                work.extend(children[block].iter().rev().map(|&b| Step::Block(b)));
            }
            Step::Forget(len) => pass.forget(len),
        }
    }
    if !pass.replaced.is_empty() {
        pass.replaced.apply(func);
    }
    if pass.changed {
        func.compact();
    }
    ctx.keep_cfg(cfg);
    pass.changed
}

struct Gvn {
    table: HashTable<(u64, Inst)>,
    hasher: DefaultHashBuilder,
    /// What was entered, in order.
    log: Vec<(u64, Inst)>,
    replaced: Replacements,
    changed: bool,
}

impl Gvn {
    fn forget(&mut self, len: usize) {
        for (hash, inst) in self.log.drain(len..) {
            if let Ok(entry) = self.table.find_entry(hash, |&(_, i)| i == inst) {
                entry.remove();
            }
        }
    }

    fn block(&mut self, func: &mut Function, ctx: &mut Ctx<'_>, cfg: &Cfg, block: Block) {
        let first_phi = self.log.len();
        for k in 0..func.blocks[block].insts.len() {
            let inst = func.blocks[block].insts[k];
            let replaced = &self.replaced;
            if !replaced.is_empty() {
                func.map_operands(inst, |v| replaced.resolve(v));
            }
            let same = match func.insts[inst].op {
                Op::Phi(list) => self.equal_phi(func, first_phi, inst, list),
                Op::Nop => None,
                _ => {
                    let known = if func.insts[inst].ty == Type::BOOL {
                        self.decided(func, ctx, cfg, block, inst)
                    } else {
                        None
                    };
                    match known {
                        Some(value) => Some(value),
                        None if purity::is_pure(func, ctx, inst) => self.find(func, inst),
                        None => None,
                    }
                }
            };
            if let Some(value) = same
                && self.replaced.insert(inst, value)
            {
                func.remove_inst(inst);
                self.changed = true;
            }
        }
        let replaced = &self.replaced;
        func.map_terminator_operand(block, |v| replaced.resolve(v));
        if let Terminator::Branch { cond, .. } = func.blocks[block].term
            && !cond.is_const()
            && let Some(truth) = facts::at_start(func, ctx, cfg, block, Query::Value(cond))
        {
            func.map_terminator_operand(block, |_| Value::bool(truth));
            self.changed = true;
        }
    }

    /// A comparison that the branches above decide.
    fn decided(
        &self,
        func: &Function,
        ctx: &Ctx<'_>,
        cfg: &Cfg,
        block: Block,
        inst: Inst,
    ) -> Option<Value> {
        let (kind, args) = shape_of(func, &func.insts[inst].op)?;
        let comparison = match kind {
            Kind::Intrinsic(op) => matches!(op.shape(), Shape::IntCompare | Shape::FloatCompare),
            Kind::Builtin(op) => matches!(op, Builtin::Egal | Builtin::IsA),
            Kind::Pi(_) => false,
        };
        if !comparison {
            return None;
        }
        facts::at_start(func, ctx, cfg, block, Query::Statement(kind, args)).map(Value::bool)
    }

    /// An equal phi earlier in the same block.
    fn equal_phi(
        &mut self,
        func: &Function,
        first: usize,
        inst: Inst,
        list: PhiList,
    ) -> Option<Value> {
        let entries = func.phi_args(list);
        let ty = func.insts[inst].ty;
        for &(_, other) in &self.log[first..] {
            if let Op::Phi(o) = func.insts[other].op
                && func.insts[other].ty == ty
                && same_entries(func.phi_args(o), entries)
            {
                return Some(Value::Inst(other));
            }
        }
        // Phis are looked for by this list only, but what is logged must be in the table.
        let hash = self.hasher.hash_one(inst);
        self.insert(hash, inst);
        None
    }

    fn insert(&mut self, hash: u64, inst: Inst) {
        self.table
            .insert_unique(hash, (hash, inst), |&(hash, _)| hash);
        self.log.push((hash, inst));
    }

    fn find(&mut self, func: &Function, inst: Inst) -> Option<Value> {
        let hash = self.hash(func, inst)?;
        if let Some(&(_, other)) = self
            .table
            .find(hash, |&(h, other)| h == hash && equal(func, other, inst))
        {
            return Some(Value::Inst(other));
        }
        self.insert(hash, inst);
        None
    }

    fn hash(&self, func: &Function, inst: Inst) -> Option<u64> {
        let data = &func.insts[inst];
        let mut state = self.hasher.build_hasher();
        data.ty.hash(&mut state);
        let args = match &data.op {
            Op::Intrinsic(op, args) => {
                op.hash(&mut state);
                let args = func.args(*args);
                if let &[a, b] = args
                    && is_commutative(*op)
                {
                    let (a, b) = ordered(a, b);
                    (a, b).hash(&mut state);
                    return Some(state.finish());
                }
                args
            }
            Op::Builtin(op, args) => {
                op.hash(&mut state);
                func.args(*args)
            }
            Op::New { ty, args } => {
                ty.hash(&mut state);
                func.args(*args)
            }
            Op::Pi { value, ty } => {
                (value, ty).hash(&mut state);
                &[]
            }
            _ => return None,
        };
        args.hash(&mut state);
        Some(state.finish())
    }
}

/// Whether the operands may be exchanged: bit for bit, but for which of two NaNs comes out.
pub(super) fn is_commutative(op: Intrinsic) -> bool {
    use Intrinsic::*;
    if planted(Mutation::OptimizeGvnCommutes) && op == SubInt {
        return true;
    }
    matches!(
        op,
        AddInt
            | MulInt
            | AndInt
            | OrInt
            | XorInt
            | EqInt
            | NeInt
            | AddFloat
            | MulFloat
            | EqFloat
            | NeFloat
    )
}

fn ordered(a: Value, b: Value) -> (Value, Value) {
    let rank = |v: Value| match v {
        Value::Arg(n) => (0, n),
        Value::Inst(i) => (1, i.as_u32()),
        _ => (2, 0),
    };
    if rank(b) < rank(a) { (b, a) } else { (a, b) }
}

fn same_entries(a: &[(Block, Value)], b: &[(Block, Value)]) -> bool {
    a.len() == b.len() && a.iter().all(|entry| b.contains(entry))
}

/// Whether two statements are the same operation on the same operands.
fn equal(func: &Function, a: Inst, b: Inst) -> bool {
    let (x, y) = (&func.insts[a], &func.insts[b]);
    x.ty == y.ty
        && match (&x.op, &y.op) {
            (Op::Intrinsic(o, l), Op::Intrinsic(p, m)) => {
                let (l, m) = (func.args(*l), func.args(*m));
                o == p
                    && (l == m
                        || (is_commutative(*o)
                            && matches!((l, m), (&[a, b], &[c, d]) if (a, b) == (d, c))))
            }
            (Op::Builtin(o, l), Op::Builtin(p, m)) => o == p && func.args(*l) == func.args(*m),
            (Op::New { ty: s, args: l }, Op::New { ty: t, args: m }) => {
                s == t && func.args(*l) == func.args(*m)
            }
            (Op::Pi { value: v, ty: s }, Op::Pi { value: w, ty: t }) => v == w && s == t,
            _ => false,
        }
}
