//! Reads floats of aggregates in memory again behind calls. Calls preserve no float registers, so a
//! value that was read once would be stored elsewhere and read from there. Runs last.
//!
//! ```text
//!   %2 = getfield(%1, 1)            %2 = getfield(%1, 1)
//!   %3 = invoke @7 f(%2)            %3 = invoke @7 f(%2)
//!                            =>     %9 = getfield(%1, 1)
//!   %4 = add_float(%2, %3)          %4 = add_float(%9, %3)
//! ```

use super::{Ctx, has_regions};
use cranelift_entity::SecondaryMap;
use hashbrown::HashMap;
use jlift_ir::{Block, Builtin, Function, Inst, Op, Type, TypeClass, Value};

/// Where a statement stands, and how many calls its block has before it.
#[derive(Copy, Clone)]
struct Place {
    block: Block,
    calls: u32,
}

/// Says whether anything changed.
pub fn run(func: &mut Function, ctx: &mut Ctx<'_>) -> bool {
    if has_regions(func) {
        return false;
    }
    let mut places: SecondaryMap<Inst, Option<Place>> = SecondaryMap::new();
    let mut calls: SecondaryMap<Block, u32> = SecondaryMap::new();
    let mut any = false;
    for &block in &func.layout {
        let mut count = 0;
        for &inst in &func.blocks[block].insts {
            if reads_memory(func, ctx, inst) {
                any = true;
                let place = Place {
                    block,
                    calls: count,
                };
                places[inst] = Some(place);
            }
            count += u32::from(is_call(func, inst));
        }
        calls[block] = count;
    }
    if !any {
        return false;
    }
    let mut changed = false;
    for n in 0..func.layout.len() {
        let block = func.layout[n];
        let old = std::mem::take(&mut func.blocks[block].insts);
        let mut new = Vec::with_capacity(old.len());
        let mut count = 0;
        // What was read again since the last call.
        let mut known: HashMap<Inst, Inst> = HashMap::new();
        for inst in old {
            if !matches!(func.insts[inst].op, Op::Phi(_)) {
                let mut again: Vec<Inst> = Vec::new();
                func.for_each_operand(inst, |v| {
                    if let Value::Inst(i) = v
                        && let Some(place) = places[i]
                        && is_behind_call(place, block, count, &calls)
                        && !again.contains(&i)
                    {
                        again.push(i);
                    }
                });
                for &i in &again {
                    known.entry(i).or_insert_with(|| {
                        let data = func.insts[i].clone();
                        let copy = func.make_inst(data.op, data.ty, data.loc);
                        new.push(copy);
                        copy
                    });
                }
                if !again.is_empty() {
                    changed = true;
                    func.map_operands(inst, |v| match v {
                        Value::Inst(i) if again.contains(&i) => {
                            Value::Inst(known.get(&i).copied().unwrap_or(i))
                        }
                        _ => v,
                    });
                }
            }
            if is_call(func, inst) {
                count += 1;
                known.clear();
            }
            new.push(inst);
        }
        func.blocks[block].insts = new;
    }
    changed
}

fn is_behind_call(
    place: Place,
    block: Block,
    calls_before: u32,
    calls: &SecondaryMap<Block, u32>,
) -> bool {
    if place.block == block {
        calls_before > place.calls
    } else {
        calls_before > 0 || calls[place.block] > place.calls
    }
}

fn is_call(func: &Function, inst: Inst) -> bool {
    matches!(
        func.insts[inst].op,
        Op::Invoke { .. }
            | Op::ForeignCall(_)
            | Op::Call { .. }
            | Op::Builtin(Builtin::CallDynamic, _)
    )
}

/// A float field of an argument or result that is likely to be in memory.
fn reads_memory(func: &Function, ctx: &Ctx<'_>, inst: Inst) -> bool {
    let data = &func.insts[inst];
    if !matches!(data.ty, Type::FLOAT64 | Type::FLOAT32) {
        return false;
    }
    let Op::Builtin(Builtin::GetField, args) = data.op else {
        return false;
    };
    let Some(&object) = func.args(args).first() else {
        return false;
    };
    let held = match object {
        Value::Arg(_) => true,
        Value::Inst(i) => matches!(func.insts[i].op, Op::Invoke { .. }),
        _ => false,
    };
    let ty = ctx.type_of(func, object);
    let fields = ctx.tables.field_types(ty).map_or(0, |f| f.len());
    held && fields > 2 && ctx.tables.class(ty) == TypeClass::Inline
}
