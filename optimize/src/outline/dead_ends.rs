//! Blocks that only throw. One that several places share belongs to no region of the function, so
//! each place gets its own copy before regions are looked for, and equal ones are joined again
//! afterwards. Knows nothing of regions.
//!
//! ```text
//!   goto #2 if not %1 else #9            goto #2 if not %1 else #9
//! #2: …                                #2: …
//!   goto #3 if not %2 else #9            goto #3 if not %2 else #10
//! #3: …                                #3: …
//! #9:                                  #9:
//!   invoke @5 throw()                    invoke @5 throw()
//!   unreachable                          unreachable
//!                                      #10:
//!                                        invoke @5 throw()
//!                                        unreachable
//! ```

use super::operation::same_operation;
use cranelift_entity::SecondaryMap;
use cranelift_entity::packed_option::PackedOption;
use hashbrown::HashMap;
use jlift_ir::copy::{Rename, copy_op};
use jlift_ir::{Block, BlockData, Function, Inst, Op, Terminator, Value};

/// Statements of a block that is worth a copy.
const MAX_STATEMENTS: usize = 3;

/// Gives every branch to a small shared dead end its own copy.
pub fn split(func: &mut Function) {
    let mut owned: SecondaryMap<Block, bool> = SecondaryMap::new();
    let mut n = 0;
    while n < func.layout.len() {
        let from = func.layout[n];
        n += 1;
        let Terminator::Branch {
            cond,
            mut then_dest,
            mut else_dest,
        } = func.blocks[from].term
        else {
            continue;
        };
        if then_dest == else_dest {
            continue;
        }
        for dest in [&mut then_dest, &mut else_dest] {
            if is_dead_end(func, *dest) && std::mem::replace(&mut owned[*dest], true) {
                *dest = copy_block(func, *dest);
            }
        }
        func.blocks[from].term = Terminator::Branch {
            cond,
            then_dest,
            else_dest,
        };
    }
}

fn is_dead_end(func: &Function, block: Block) -> bool {
    let data = &func.blocks[block];
    data.term == Terminator::Unreachable
        && func.entry() != Some(block)
        && data.insts.len() <= MAX_STATEMENTS
        && !data
            .insts
            .iter()
            .any(|&i| matches!(func.insts[i].op, Op::Phi(_)))
}

struct Renamer(SecondaryMap<Inst, PackedOption<Inst>>);

impl Rename for Renamer {
    fn value(&mut self, value: Value) -> Value {
        match value {
            Value::Inst(i) => Value::Inst(self.0[i].expand().unwrap_or(i)),
            other => other,
        }
    }

    fn block(&mut self, block: Block) -> Block {
        block
    }
}

fn copy_block(func: &mut Function, block: Block) -> Block {
    let insts = func.blocks[block].insts.clone();
    let term_loc = func.blocks[block].term_loc;
    let mut renamer = Renamer(SecondaryMap::new());
    let mut copies = Vec::with_capacity(insts.len());
    for inst in insts {
        // `copy_op` wants two functions; what it copies is small.
        let mut scratch = Function::new(func.name, Vec::new(), func.ret, func.self_type);
        let op = copy_op(&mut scratch, func, inst, &mut renamer);
        let op = {
            let at = scratch.make_inst(op, func.insts[inst].ty, func.insts[inst].loc);
            copy_op(func, &scratch, at, &mut Keep)
        };
        let data = &func.insts[inst];
        let copy = func.make_inst(op, data.ty, data.loc);
        renamer.0[inst] = copy.into();
        copies.push(copy);
    }
    let copy = func.blocks.push(BlockData {
        insts: copies,
        term: Terminator::Unreachable,
        term_loc,
    });
    func.layout.push(copy);
    copy
}

struct Keep;

impl Rename for Keep {
    fn value(&mut self, value: Value) -> Value {
        value
    }

    fn block(&mut self, block: Block) -> Block {
        block
    }
}

/// Joins dead ends that do the same with the same values.
pub fn join(func: &mut Function) {
    let mut first: HashMap<Vec<Value>, Vec<Block>> = HashMap::new();
    let mut joined: SecondaryMap<Block, PackedOption<Block>> = SecondaryMap::new();
    let mut any = false;
    for n in 0..func.layout.len() {
        let block = func.layout[n];
        if !is_dead_end(func, block) {
            continue;
        }
        let known = first.entry(operands(func, block)).or_default();
        match known.iter().find(|&&b| same(func, b, block)) {
            Some(&b) => {
                joined[block] = b.into();
                any = true;
            }
            None => known.push(block),
        }
    }
    if !any {
        return;
    }
    for n in 0..func.layout.len() {
        let block = func.layout[n];
        func.blocks[block]
            .term
            .map_successors(|b| joined[b].expand().unwrap_or(b));
    }
    func.layout.retain(|&b| joined[b].is_none());
}

/// What a block uses; its own statements by their position.
fn operands(func: &Function, block: Block) -> Vec<Value> {
    let insts = &func.blocks[block].insts;
    let mut list = Vec::new();
    for &inst in insts {
        func.for_each_operand(inst, |v| {
            list.push(match v {
                Value::Inst(i) => match insts.iter().position(|&own| own == i) {
                    // No argument has such a number.
                    Some(at) => Value::Arg(u32::MAX - at as u32),
                    None => v,
                },
                other => other,
            });
        });
    }
    list
}

fn same(func: &Function, a: Block, b: Block) -> bool {
    let (a, b) = (&func.blocks[a].insts, &func.blocks[b].insts);
    a.len() == b.len()
        && a.iter().zip(b).all(|(&x, &y)| {
            func.insts[x].ty == func.insts[y].ty
                && same_operation(&func.insts[x].op, &func.insts[y].op)
                && arity(func, x) == arity(func, y)
        })
}

fn arity(func: &Function, inst: Inst) -> usize {
    let mut n = 0;
    func.for_each_operand(inst, |_| n += 1);
    n
}
