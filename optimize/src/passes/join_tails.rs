//! Joins blocks that end in the same place and do the same with different values: the values become
//! phis. For the size of the code; nothing runs faster for it.
//!
//! ```text
//! #3:                                  #3:
//!   %5 = invoke @7 f(%1, 0)              goto #9
//!   goto #8                            #6:
//! #6:                                    goto #9
//!   %9 = invoke @7 f(%1, 1)      =>    #9:
//!   goto #8                              %11 = phi(#3 => 0, #6 => 1)
//!                                        %5 = invoke @7 f(%1, %11)
//!                                        goto #8
//! ```
//!
//! Ways to errors are joined whatever the values are, others only where these are constants, and
//! only if the blocks call something.

use super::{Ctx, has_regions};
use crate::outline::operation::{for_each_operand, same_operation};
use cranelift_entity::{EntitySet, SecondaryMap};
use hashbrown::HashMap;
use jlift_ir::{Block, BlockData, Function, Inst, Op, Terminator, Type, TypeClass, Value};

/// Values that may differ.
const MAX_DIFFERENT: usize = 3;

/// An operand, seen from its block.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Operand {
    /// The result of the block's statement at this position.
    Own(usize),
    /// Anything else, and whether another value may be in its place.
    Outside(Value, bool),
}

/// What a block does.
struct Tail {
    block: Block,
    operands: Vec<Operand>,
}

/// Where a block ends.
#[derive(Copy, Clone, PartialEq, Eq, Hash)]
enum End {
    Goto(Block),
    Return,
    Unreachable,
}

/// Joins what it finds; says whether that was anything.
pub fn run(func: &mut Function, ctx: &mut Ctx<'_>) -> bool {
    if has_regions(func) || func.layout.len() < 3 {
        return false;
    }
    let local = keeps_to_itself(func);
    let mut groups: Vec<(End, Vec<Tail>)> = Vec::new();
    let mut by_shape: HashMap<(End, Vec<Type>), Vec<usize>> = HashMap::new();
    for n in 1..func.layout.len() {
        let block = func.layout[n];
        let Some(end) = end(func, block) else {
            continue;
        };
        if !local.contains(block) || !is_worth_it(func, block, end) {
            continue;
        }
        let tail = Tail {
            block,
            operands: operands(func, block, end),
        };
        let types = func.blocks[block].insts.iter().map(|&i| func.insts[i].ty);
        let known = by_shape.entry((end, types.collect())).or_default();
        let joins = |&&g: &&usize| -> bool { matches(func, ctx, &groups[g].1[0], &tail, end) };
        match known.iter().find(joins) {
            Some(&g) => groups[g].1.push(tail),
            None => {
                known.push(groups.len());
                groups.push((end, vec![tail]));
            }
        }
    }
    let mut changed = false;
    for (end, group) in groups {
        if group.len() > 1 {
            join(func, ctx, &group, end);
            changed = true;
        }
    }
    changed
}

/// Gives a function with calls one way out: restoring registers is longer than a jump to where it
/// is done. Results that are not one simple value stay.
pub fn share_return(func: &mut Function, ctx: &mut Ctx<'_>) -> bool {
    let simple = matches!(
        ctx.tables.class(func.ret),
        TypeClass::Primitive(_) | TypeClass::Pointer | TypeClass::Singleton | TypeClass::Heap
    );
    if !simple || has_regions(func) {
        return false;
    }
    let calls = func.layout.iter().any(|&b| {
        let mut insts = func.blocks[b].insts.iter();
        let returns = func.blocks[b].term != Terminator::Unreachable;
        returns && insts.any(|&i| matches!(func.insts[i].op, Op::Invoke { .. }))
    });
    let mut returns: Vec<(Block, Value)> = Vec::new();
    for &block in &func.layout {
        if let Terminator::Return(value) = func.blocks[block].term {
            returns.push((block, value));
        }
    }
    let ret = func.ret;
    if !calls || returns.len() < 2 || returns.iter().any(|&(_, v)| ctx.type_of(func, v) != ret) {
        return false;
    }
    let value = returns[0].1;
    let mut block = BlockData {
        insts: Vec::new(),
        term: Terminator::Return(value),
        term_loc: func.blocks[returns[0].0].term_loc,
    };
    if returns.iter().any(|&(_, v)| v != value) {
        let list = func.phi_list(&returns);
        let phi = func.make_inst(Op::Phi(list), ret, block.term_loc);
        block.insts.push(phi);
        block.term = Terminator::Return(Value::Inst(phi));
    }
    let common = func.blocks.push(block);
    for (from, _) in returns {
        func.blocks[from].term = Terminator::Goto(common);
    }
    func.layout.push(common);
    true
}

fn end(func: &Function, block: Block) -> Option<End> {
    match func.blocks[block].term {
        Terminator::Goto(to) if to != block => Some(End::Goto(to)),
        Terminator::Return(_) => Some(End::Return),
        Terminator::Unreachable => Some(End::Unreachable),
        _ => None,
    }
}

/// Blocks without phis whose results are used in them alone, or by phis behind them.
fn keeps_to_itself(func: &Function) -> EntitySet<Block> {
    let mut home: SecondaryMap<Inst, Option<Block>> = SecondaryMap::new();
    for &block in &func.layout {
        for &inst in &func.blocks[block].insts {
            home[inst] = Some(block);
        }
    }
    let mut local = EntitySet::new();
    for &block in &func.layout {
        let insts = &func.blocks[block].insts;
        if !insts
            .iter()
            .any(|&i| matches!(func.insts[i].op, Op::Phi(_)))
        {
            local.insert(block);
        }
    }
    let mut escape = |value: Value, user: Block| {
        if let Value::Inst(inst) = value
            && let Some(block) = home[inst]
            && block != user
        {
            local.remove(block);
        }
    };
    for &block in &func.layout {
        for &inst in &func.blocks[block].insts {
            match func.insts[inst].op {
                Op::Phi(list) => {
                    for &(pred, value) in func.phi_args(list) {
                        escape(value, pred);
                    }
                }
                _ => func.for_each_operand(inst, |v| escape(v, block)),
            }
        }
        if let Some(value) = func.terminator_operand(block) {
            escape(value, block);
        }
    }
    local
}

fn is_worth_it(func: &Function, block: Block, end: End) -> bool {
    let insts = &func.blocks[block].insts;
    let calls = insts
        .iter()
        .any(|&i| matches!(func.insts[i].op, Op::Invoke { .. } | Op::ForeignCall(_)));
    // A statement that nothing else is like.
    let odd = insts.iter().any(|&i| {
        matches!(
            func.insts[i].op,
            Op::ForeignCall(_)
                | Op::Cleanup(_)
                | Op::GcPreserveBegin(_)
                | Op::GcPreserveEnd(_)
                | Op::ThrowRecord { .. }
        )
    });
    calls && !odd && (insts.len() >= 2 || end == End::Unreachable)
}

/// The operands of the statements, then what the block hands on.
fn operands(func: &Function, block: Block, end: End) -> Vec<Operand> {
    let insts = &func.blocks[block].insts;
    let own = |value: Value, free: bool| match value {
        Value::Inst(i) => match insts.iter().position(|&inst| inst == i) {
            Some(at) => Operand::Own(at),
            None => Operand::Outside(value, free),
        },
        _ => Operand::Outside(value, free),
    };
    let mut list = Vec::new();
    for &inst in insts {
        for_each_operand(func, inst, |value, free| list.push(own(value, free)));
    }
    match end {
        End::Goto(to) => {
            for &inst in &func.blocks[to].insts {
                if matches!(func.insts[inst].op, Op::Phi(_)) {
                    // An undefined value may be any.
                    let value = func.phi_value(inst, block).unwrap_or(Value::NOTHING);
                    list.push(own(value, true));
                }
            }
        }
        End::Return => list.extend(func.terminator_operand(block).map(|v| own(v, true))),
        End::Unreachable => {}
    }
    list
}

fn matches(func: &Function, ctx: &Ctx<'_>, a: &Tail, b: &Tail, end: End) -> bool {
    let (x, y) = (&func.blocks[a.block].insts, &func.blocks[b.block].insts);
    let same = x.len() == y.len()
        && a.operands.len() == b.operands.len()
        && x.iter().zip(y).all(|(&x, &y)| {
            func.insts[x].ty == func.insts[y].ty
                && same_operation(&func.insts[x].op, &func.insts[y].op)
                && arity(func, x) == arity(func, y)
        });
    if !same {
        return false;
    }
    let mut different = 0;
    for (&x, &y) in a.operands.iter().zip(&b.operands) {
        if x == y {
            continue;
        }
        let (Operand::Outside(x, true), Operand::Outside(y, true)) = (x, y) else {
            return false;
        };
        let constants = x.is_const() && y.is_const();
        let ty = ctx.type_of(func, x);
        if !(constants || end == End::Unreachable)
            || ty != ctx.type_of(func, y)
            || matches!(x, Value::Type(_))
            || matches!(y, Value::Type(_))
        {
            return false;
        }
        different += 1;
    }
    different <= MAX_DIFFERENT
}

fn arity(func: &Function, inst: Inst) -> usize {
    let mut n = 0;
    func.for_each_operand(inst, |_| n += 1);
    n
}

fn join(func: &mut Function, ctx: &Ctx<'_>, group: &[Tail], end: End) {
    let first = &group[0];
    let insts = std::mem::take(&mut func.blocks[first.block].insts);
    let term = func.blocks[first.block].term.clone();
    let term_loc = func.blocks[first.block].term_loc;
    let loc = insts.first().and_then(|&i| func.insts[i].loc.expand());
    let mut phis: Vec<(Vec<Value>, Inst)> = Vec::new();
    let mut joined: Vec<Option<Value>> = Vec::with_capacity(first.operands.len());
    for (n, operand) in first.operands.iter().enumerate() {
        let &Operand::Outside(value, _) = operand else {
            joined.push(None);
            continue;
        };
        let column: Vec<Value> = group
            .iter()
            .map(|tail| match tail.operands.get(n) {
                Some(&Operand::Outside(v, _)) => v,
                _ => value,
            })
            .collect();
        if column.iter().all(|&v| v == value) {
            joined.push(None);
            continue;
        }
        let known = phis.iter().find(|(c, _)| *c == column).map(|&(_, phi)| phi);
        let phi = known.unwrap_or_else(|| {
            let entries: Vec<(Block, Value)> = group
                .iter()
                .zip(&column)
                .map(|(tail, &v)| (tail.block, v))
                .collect();
            let ty = ctx.type_of(func, value);
            let list = func.phi_list(&entries);
            let phi = func.make_inst(Op::Phi(list), ty, loc.into());
            phis.push((column, phi));
            phi
        });
        joined.push(Some(Value::Inst(phi)));
    }
    let mut at = 0;
    let mut take = |value: Value| {
        at += 1;
        joined.get(at - 1).copied().flatten().unwrap_or(value)
    };
    for &inst in &insts {
        func.map_operands(inst, &mut take);
    }
    let mut all: Vec<Inst> = phis.iter().map(|&(_, phi)| phi).collect();
    all.extend_from_slice(&insts);
    let mut term = term;
    if let Terminator::Return(value) = &mut term {
        *value = take(*value);
    }
    let block = func.blocks.push(BlockData {
        insts: all,
        term,
        term_loc,
    });
    if let End::Goto(to) = end {
        for n in 0..func.blocks[to].insts.len() {
            let inst = func.blocks[to].insts[n];
            let Op::Phi(list) = func.insts[inst].op else {
                continue;
            };
            let value = func.phi_value(inst, first.block).map(&mut take);
            if value.is_none() {
                take(Value::NOTHING);
            }
            let mut entries = func.phi_args(list).to_vec();
            entries.retain(|(pred, _)| group.iter().all(|tail| tail.block != *pred));
            entries.extend(value.map(|v| (block, v)));
            func.set_phi(inst, &entries);
        }
    }
    for tail in group {
        let data = &mut func.blocks[tail.block];
        data.insts.clear();
        data.term = Terminator::Goto(block);
    }
    func.layout.push(block);
}
