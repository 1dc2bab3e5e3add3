//! Phis of tuples and structs become one phi per field. The object is put together again after the
//! phis; where only its fields are used, `propagate` finds them in that and `dce` drops it. Knows
//! immutable objects without references only, and asks that something reads a field.
//!
//! ```text
//! %1 = phi(#1 => (1, 0), #2 => %4)       %5 = phi(#1 => 1, #2 => %2)::Int64
//! %2 = Core.getfield(%1, 2)::Int64       %6 = phi(#1 => 0, #2 => %3)::Int64
//! %4 = Core.tuple(%2, %3)                %1 = Core.tuple(%5, %6)
//! ```
//!
//! An object that comes from elsewhere, such as a load, is taken apart at the end of the
//! predecessor through which it comes.

use super::identities::{aggregate_field, fits, never_fits};
use super::{Ctx, purity};
use cranelift_entity::EntitySet;
use jlift_ir::{Block, Builtin, Function, Inst, Op, Terminator, Type, TypeClass, Value};
use jlift_mutations::{Mutation, either};

/// Objects with more fields stay whole.
const MAX_FIELDS: usize = 16;
/// Rounds: fields may be objects themselves.
const ROUNDS: usize = 4;

/// Splits phis of objects.
pub fn run(func: &mut Function, ctx: &mut Ctx<'_>) -> bool {
    let mut changed = false;
    for _ in 0..ROUNDS {
        let phis = candidates(func, ctx);
        if phis.is_empty() {
            break;
        }
        let mut any = false;
        for (block, phi) in phis {
            any |= split(func, ctx, block, phi);
        }
        if !any {
            break;
        }
        changed = true;
    }
    changed
}

/// Phis of objects of which something reads a field, directly or through other such phis.
fn candidates(func: &Function, ctx: &Ctx<'_>) -> Vec<(Block, Inst)> {
    let mut phis: Vec<(Block, Inst)> = Vec::new();
    for &block in &func.layout {
        for phi in func.block_phis(block) {
            let ty = func.insts[phi].ty;
            if ctx.tables.class(ty) == TypeClass::Inline
                && ctx
                    .tables
                    .field_types(ty)
                    .is_some_and(|f| f.len() <= MAX_FIELDS)
            {
                phis.push((block, phi));
            }
        }
    }
    if phis.is_empty() {
        return phis;
    }
    let mut read: EntitySet<Inst> = EntitySet::new();
    for &block in &func.layout {
        for &inst in &func.blocks[block].insts {
            if let Op::Builtin(Builtin::GetField, list) = &func.insts[inst].op
                && let [Value::Inst(object), field, ..] = *func.args(*list)
                && purity::field_of(ctx.tables, func.insts[object].ty, field).is_some()
            {
                read.insert(object);
            }
        }
    }
    // Backwards through phis.
    let mut grows = true;
    while grows {
        grows = false;
        for &(_, phi) in &phis {
            if read.contains(phi)
                && let Op::Phi(list) = func.insts[phi].op
            {
                for &(_, value) in func.phi_args(list) {
                    if let Value::Inst(inst) = value {
                        grows |= matches!(func.insts[inst].op, Op::Phi(_)) && read.insert(inst);
                    }
                }
            }
        }
    }
    phis.retain(|&(_, phi)| read.contains(phi));
    phis
}

fn split(func: &mut Function, ctx: &mut Ctx<'_>, block: Block, phi: Inst) -> bool {
    let (ty, loc) = (func.insts[phi].ty, func.insts[phi].loc);
    let Op::Phi(list) = func.insts[phi].op else {
        return false;
    };
    let Some(fields) = ctx.tables.field_types(ty) else {
        return false;
    };
    let mut entries = func.phi_args(list).to_vec();
    entries.retain(|&(_, object)| !never_fits(func, ctx, object, ty));
    // A value of a wider type is only known to be such an object on the edge itself.
    if entries.iter().any(|&(pred, object)| {
        let term = &func.blocks[pred].term;
        matches!(term, Terminator::Enter { .. })
            || !fits(func, ctx, object, ty) && !matches!(term, Terminator::Goto(_))
    }) {
        return false;
    }
    // A new name for the phi itself: its fields are taken from the object made below.
    let mut parts: Vec<Value> = Vec::with_capacity(fields.len());
    let made: Vec<Inst> = fields
        .iter()
        .map(|&field| {
            let empty = func.phi_list(&[]);
            func.make_inst(Op::Phi(empty), field, loc)
        })
        .collect();
    parts.extend(made.iter().map(|&i| Value::Inst(i)));
    let args = func.value_list(&parts);
    func.insts[phi].op = if ctx.tables.is_tuple(ty) {
        Op::Builtin(Builtin::Tuple, args)
    } else {
        Op::New { ty, args }
    };
    for (index, (&part, &field)) in made.iter().zip(&fields).enumerate() {
        let mut values = Vec::with_capacity(entries.len());
        for &mut (pred, ref mut object) in &mut entries {
            let index = either(Mutation::OptimizePartOfObject, 0, index);
            let value = match aggregate_field(func, ctx, *object, index) {
                Some(value) if fits(func, ctx, value, field) => value,
                _ => {
                    if !fits(func, ctx, *object, ty) {
                        let op = Op::Pi { value: *object, ty };
                        let pi = func.make_inst(op, ty, func.blocks[pred].term_loc);
                        func.blocks[pred].insts.push(pi);
                        *object = Value::Inst(pi);
                    }
                    take_apart(func, pred, *object, index, field)
                }
            };
            values.push((pred, value));
        }
        func.set_phi(part, &values);
    }
    // The parts take the place of the phi; the object follows the last phi.
    let insts = std::mem::take(&mut func.blocks[block].insts);
    let mut new = Vec::with_capacity(insts.len() + made.len());
    let mut pending = Some(phi);
    for inst in insts {
        if inst == phi {
            new.extend_from_slice(&made);
            continue;
        }
        if pending.is_some() && !matches!(func.insts[inst].op, Op::Phi(_) | Op::Nop) {
            new.extend(pending.take());
        }
        new.push(inst);
    }
    new.extend(pending);
    func.blocks[block].insts = new;
    true
}

/// Reads a field at the end of a block.
fn take_apart(
    func: &mut Function,
    block: Block,
    object: Value,
    index: usize,
    field: Type,
) -> Value {
    let args = func.value_list(&[object, Value::int64(index as i64 + 1)]);
    let loc = func.blocks[block].term_loc;
    let inst = func.make_inst(Op::Builtin(Builtin::GetField, args), field, loc);
    func.blocks[block].insts.push(inst);
    Value::Inst(inst)
}
