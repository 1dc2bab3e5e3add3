//! Makes the function of a group and puts calls in the place of its members. Knows nothing of
//! profit.
//!
//! ```text
//!   %1 = a(_2)                             %1 = a(_2)
//!   goto #3 if not %1                      %9 = invoke @7 outlined#1(%1)::Int64
//! #2: …                                    %5 = b(%9)
//! #3: …
//! #4: %4 = phi(…)::Int64
//!   %5 = b(%4)
//! ```

use super::complete::complete;
use super::group::{Group, Operand};
use super::region::{Absorbed, Region, resolve};
use crate::inline::singleton;
use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{EntityRef, SecondaryMap};
use hashbrown::HashMap;
use jlift_ir::copy::{Rename, copy_op};
use jlift_ir::decl::Decl;
use jlift_ir::{
    Block, BlockData, Builtin, Func, Function, InlineHint, Inst, Loc, Module, Name, Op, Param,
    Terminator, Type, Value,
};

/// Adds the function of a group to the module.
pub fn make_function(module: &mut Module, group: &Group) -> Option<Func> {
    let first = group.members.first()?;
    let from = &module.functions[first.func];
    let types: Vec<Type> = group
        .results
        .iter()
        .map(|&n| from.insts[first.insts[n as usize]].ty)
        .collect();
    let ret = match types[..] {
        [] => Type::NOTHING,
        [ty] => ty,
        _ => module.tables.tuple(&types),
    };
    let name = fresh_name(module, "Main.outlined");
    let self_type = object_type(module, "typeof(Main.outlined)");
    let from = &module.functions[first.func];
    let params = group.params.iter().map(|&ty| Param {
        name: Name::EMPTY,
        ty,
    });
    let mut to = Function::new(name, params.collect(), ret, self_type);
    // To be shared is what it is for.
    to.inline = InlineHint::Never;
    let mut blocks: HashMap<Block, Block> = HashMap::new();
    for part in &first.parts {
        let block = to.blocks.push(BlockData::default());
        to.layout.push(block);
        blocks.insert(part.block, block);
    }
    for &inst in &first.insts {
        let data = &from.insts[inst];
        to.make_inst(Op::Nop, data.ty, data.loc);
    }
    let mut renamer = Renamer {
        operands: group.operands.iter(),
    };
    let mut number = 0;
    for part in &first.parts {
        let &block = blocks.get(&part.block)?;
        for &inst in &part.insts {
            let op = match from.insts[inst].op {
                Op::Phi(list) => {
                    let mut preds: Vec<Block> = from
                        .phi_args(list)
                        .iter()
                        .filter_map(|(pred, _)| blocks.get(pred).copied())
                        .collect();
                    // The order of the parts.
                    preds.sort_unstable();
                    let entries: Vec<(Block, Value)> = preds
                        .into_iter()
                        .map(|pred| (pred, renamer.next()))
                        .collect();
                    Op::Phi(to.phi_list(&entries))
                }
                _ => copy_op(&mut to, from, inst, &mut renamer),
            };
            let copy = Inst::new(number);
            number += 1;
            to.insts[copy].op = op;
            to.blocks[block].insts.push(copy);
        }
        let data = &from.blocks[part.block];
        to.blocks[block].term_loc = data.term_loc;
        if part.is_whole {
            let mut term = data.term.clone();
            if let Terminator::Branch { cond, .. } = &mut term {
                *cond = renamer.next();
            }
            term.map_successors(|b| match blocks.get(&b) {
                Some(&to) => to,
                None => b,
            });
            to.blocks[block].term = term;
        }
    }
    let exit = *to.layout.last()?;
    let values: Vec<Value> = group
        .results
        .iter()
        .map(|&n| Value::Inst(Inst::new(n as usize)))
        .collect();
    let value = match values[..] {
        [] => Value::NOTHING,
        [value] => value,
        _ => {
            let args = to.value_list(&values);
            let loc = to.blocks[exit].term_loc;
            let tuple = to.make_inst(Op::Builtin(Builtin::Tuple, args), ret, loc);
            to.blocks[exit].insts.push(tuple);
            Value::Inst(tuple)
        }
    };
    to.blocks[exit].term = Terminator::Return(value);
    let id = module.functions.push(to);
    complete(module, id, &values);
    Some(id)
}

/// A name that no function of the module has.
pub fn fresh_name(module: &mut Module, stem: &str) -> Name {
    let mut n = module.functions.len();
    loop {
        let text = format!("{stem}#{n}");
        if module.tables.names.get(&text).is_none() {
            return module.tables.names.intern(&text);
        }
        n += 1;
    }
}

/// The type of a function object without data.
pub fn object_type(module: &mut Module, text: &str) -> Type {
    let ty = module.tables.nominal(text, &[]);
    let supertype = Type::FUNCTION;
    module.tables.declare(ty, Decl::Singleton { supertype });
    ty
}

/// Hands out the operands of the new function one after the other.
struct Renamer<'a> {
    operands: std::slice::Iter<'a, Operand>,
}

impl Renamer<'_> {
    fn next(&mut self) -> Value {
        match self.operands.next() {
            Some(&Operand::Inside(n)) => Value::Inst(Inst::new(n as usize)),
            Some(&Operand::Param(n)) => Value::Arg(n + 2),
            Some(&Operand::Constant(value)) => value,
            // There is one operand for each that is asked for.
            None => Value::NOTHING,
        }
    }
}

impl Rename for Renamer<'_> {
    fn value(&mut self, _: Value) -> Value {
        self.next()
    }

    fn block(&mut self, block: Block) -> Block {
        block
    }
}

/// What has been replaced in a function.
#[derive(Default)]
pub struct Replaced {
    pub absorbed: Absorbed,
    /// What stands for the results of statements from now on.
    pub values: SecondaryMap<Inst, Option<Value>>,
    /// The calls that were put in.
    calls: Vec<Inst>,
}

/// Replaces a region by a call of `callee`. Uses of what the region computed are noted in
/// `replaced`.
pub fn replace(
    module: &mut Module,
    region: &Region,
    callee: Func,
    results: &[u32],
    args: &[Value],
    replaced: &mut Replaced,
) -> Option<()> {
    let ret = module.functions[callee].ret;
    let tables = &module.tables;
    let func = &mut module.functions[region.func];
    let (first, last) = (region.parts.first()?, region.parts.last()?);
    // The region before this one may have taken the first block in.
    let start = resolve(&replaced.absorbed, first.block);
    let end = match region.parts.len() {
        1 => start,
        _ => last.block,
    };
    let loc = location(func, region);
    let args = func.value_list(args);
    let op = Op::Invoke {
        func: callee,
        callee: None,
        args,
    };
    let call = func.make_inst(op, ret, loc);
    replaced.calls.push(call);
    let mut new = vec![call];
    for (k, &n) in results.iter().enumerate() {
        let old = region.insts[n as usize];
        let value = if results.len() == 1 {
            call
        } else {
            let index = Value::int64(k as i64 + 1);
            let args = func.value_list(&[Value::Inst(call), index]);
            let ty = func.insts[old].ty;
            let get = func.make_inst(Op::Builtin(Builtin::GetField, args), ty, loc);
            new.push(get);
            get
        };
        replaced.values[old] = Some(Value::Inst(value));
    }
    for &inst in &region.insts {
        if let Some(only) = singleton(tables, func.insts[inst].ty) {
            replaced.values[inst] = Some(only);
        }
    }
    // The rest of the last block, without what is in the region.
    let mut rest = func.blocks[end].insts.clone();
    let behind = match last.insts.last() {
        Some(inst) => 1 + rest.iter().position(|i| i == inst)?,
        None => rest
            .iter()
            .take_while(|&&i| end != start && matches!(func.insts[i].op, Op::Phi(_) | Op::Nop))
            .count(),
    };
    let tail = rest.split_off(behind);
    let before = match first.insts.first() {
        Some(inst) => func.blocks[start].insts.iter().position(|i| i == inst)?,
        // The region starts with the end of the block.
        None => func.blocks[start].insts.len(),
    };
    func.blocks[start].insts.truncate(before);
    func.blocks[start].insts.append(&mut new);
    func.blocks[start].insts.extend_from_slice(&tail);
    if end != start {
        let (term, term_loc) = {
            let data = &mut func.blocks[end];
            (
                std::mem::replace(&mut data.term, Terminator::Unreachable),
                data.term_loc,
            )
        };
        func.blocks[end].insts.clear();
        for succ in term.successors() {
            func.rename_phi_pred(succ, end, start);
        }
        func.blocks[start].term = term;
        func.blocks[start].term_loc = term_loc;
        for part in &region.parts {
            if part.block != first.block {
                replaced.absorbed[part.block] = start.into();
            }
        }
    }
    Some(())
}

/// The place of the first statement that has one.
fn location(func: &Function, region: &Region) -> PackedOption<Loc> {
    let mut locs = region.insts.iter().map(|&i| func.insts[i].loc);
    locs.find(|l| l.is_some()).unwrap_or(None.into())
}

/// Draws the consequences of replacements in a function.
pub fn finish(module: &mut Module, id: Func, replaced: &Replaced) {
    let func = &mut module.functions[id];
    func.layout.retain(|&b| resolve(&replaced.absorbed, b) == b);
    func.replace_uses(&replaced.values);
    func.compact();
    let mut passed = Vec::new();
    for &call in &replaced.calls {
        func.for_each_operand(call, |v| passed.push(v));
    }
    complete(module, id, &passed);
}
