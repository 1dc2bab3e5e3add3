//! Phis that have the same values because they assume so of each other: Julia's ranges carry the
//! element and the state of the iteration, which are the same number. Two phis of one block are
//! assumed equal; if then what they get on every edge is equal, by the same operations on equal
//! operands and by further such assumptions, all assumptions hold (coinduction, as in the optimistic
//! partitioning of Alpern, Wegman and Zadeck, "Detecting Equality of Variables in Programs", 1988).
//! Knows pure statements only.
//!
//! ```text
//! %1 = phi(#1 => 1, #2 => %3)            %1 = phi(#1 => 1, #2 => %3)::Int64
//! %2 = phi(#1 => 1, #2 => %4)            %3 = Base.add_int(%1, 1)::Int64
//! %3 = Base.add_int(%1, 1)
//! %4 = Base.add_int(%2, 1)               %4 = Base.add_int(%1, 1)::Int64
//! ```

use super::replace::Replacements;
use super::ssa_repair::homes;
use super::{Ctx, purity};
use cranelift_entity::SecondaryMap;
use cranelift_entity::packed_option::PackedOption;
use jlift_ir::{Block, Function, Inst, Op, Value};

/// How many pairs of values one question may compare.
const BUDGET: u32 = 64;
/// How many phis of a block are compared with each other.
const MAX_PHIS: usize = 48;

/// Merges phis that are equal to each other.
pub fn run(func: &mut Function, ctx: &mut Ctx<'_>) -> bool {
    let mut replaced = Replacements::default();
    let mut phis: Vec<Inst> = Vec::new();
    let home = homes(func);
    for n in 0..func.layout.len() {
        let block = func.layout[n];
        phis.clear();
        phis.extend(func.block_phis(block).take(MAX_PHIS));
        for i in 1..phis.len() {
            for j in 0..i {
                let (first, second) = (phis[j], phis[i]);
                if func.insts[first].ty != func.insts[second].ty
                    || replaced.resolve(Value::Inst(first)) != Value::Inst(first)
                    || !may_be_equal(func, first, second)
                {
                    continue;
                }
                let mut proof = Proof {
                    func,
                    ctx,
                    replaced: &replaced,
                    home: &home,
                    assumed: Vec::new(),
                    budget: BUDGET,
                };
                if proof.equal(Value::Inst(first), Value::Inst(second)) {
                    // The other assumptions hold as well; their turn comes.
                    replaced.insert(second, Value::Inst(first));
                    break;
                }
            }
        }
    }
    if replaced.is_empty() {
        return false;
    }
    for n in 0..func.layout.len() {
        let block = func.layout[n];
        let dead: Vec<Inst> = func
            .block_phis(block)
            .filter(|&i| replaced.resolve(Value::Inst(i)) != Value::Inst(i))
            .collect();
        dead.into_iter().for_each(|i| func.remove_inst(i));
    }
    replaced.apply(func);
    func.compact();
    true
}

/// A quick look: constants and arguments on the same edge must agree.
fn may_be_equal(func: &Function, a: Inst, b: Inst) -> bool {
    let (Op::Phi(a), Op::Phi(b)) = (&func.insts[a].op, &func.insts[b].op) else {
        return false;
    };
    let (a, b) = (func.phi_args(*a), func.phi_args(*b));
    a.len() == b.len()
        && a.iter().zip(b).all(|(&(p, v), &(q, w))| {
            p != q || v == w || matches!((v, w), (Value::Inst(_), Value::Inst(_)))
        })
}

struct Proof<'a, 'b> {
    func: &'a Function,
    ctx: &'a Ctx<'b>,
    replaced: &'a Replacements,
    home: &'a SecondaryMap<Inst, PackedOption<Block>>,
    assumed: Vec<(Inst, Inst)>,
    budget: u32,
}

impl Proof<'_, '_> {
    fn equal(&mut self, a: Value, b: Value) -> bool {
        let (a, b) = (self.replaced.resolve(a), self.replaced.resolve(b));
        if a == b {
            return true;
        }
        let (Value::Inst(a), Value::Inst(b)) = (a, b) else {
            return false;
        };
        if self.assumed.contains(&(a, b)) {
            return true;
        }
        match self.budget.checked_sub(1) {
            Some(left) => self.budget = left,
            None => return false,
        }
        let func = self.func;
        let (x, y) = (&func.insts[a], &func.insts[b]);
        if x.ty != y.ty {
            return false;
        }
        let comparable = matches!(x.op, Op::Phi(_))
            || (purity::is_pure(func, self.ctx, a) && purity::is_pure(func, self.ctx, b));
        if !comparable {
            return false;
        }
        let mut all = |l: &[Value], m: &[Value]| {
            l.len() == m.len() && l.iter().zip(m).all(|(&v, &w)| self.equal(v, w))
        };
        match (&x.op, &y.op) {
            (Op::Phi(l), Op::Phi(m)) => {
                let (l, m) = (func.phi_args(*l), func.phi_args(*m));
                // Phis of the same block: they select by the same edge.
                if l.len() != m.len()
                    || !l.iter().all(|(p, _)| m.iter().any(|(q, _)| p == q))
                    || self.home[a] != self.home[b]
                {
                    return false;
                }
                self.assumed.push((a, b));
                l.iter().all(|&(p, v)| {
                    m.iter()
                        .find(|&&(q, _)| p == q)
                        .is_some_and(|&(_, w)| self.equal(v, w))
                })
            }
            (Op::Intrinsic(o, l), Op::Intrinsic(p, m)) => {
                o == p && all(func.args(*l), func.args(*m))
            }
            (Op::Builtin(o, l), Op::Builtin(p, m)) => o == p && all(func.args(*l), func.args(*m)),
            (Op::New { ty: s, args: l }, Op::New { ty: t, args: m }) => {
                s == t && all(func.args(*l), func.args(*m))
            }
            (Op::Pi { value: v, ty: s }, Op::Pi { value: w, ty: t }) => s == t && all(&[*v], &[*w]),
            _ => false,
        }
    }
}
