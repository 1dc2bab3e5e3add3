//! Phis that are undefined on some paths may not be passed to a function or returned from one,
//! which would be a use. The missing entries get some value; it is never looked at. Knows nothing
//! of why a value is passed on.

use crate::passes::Ctx;
use cranelift_entity::{EntitySet, SecondaryMap, packed_option::PackedOption};
use jlift_ir::cfg::Cfg;
use jlift_ir::{Block, Func, Inst, Module, Op, Value};

/// Completes the phis of a function from which these values come.
pub fn complete(module: &mut Module, id: Func, values: &[Value]) {
    let func = &module.functions[id];
    let mut work: Vec<Inst> = values.iter().filter_map(|v| v.as_inst()).collect();
    let is_phi = |&i: &Inst| matches!(func.insts[i].op, Op::Phi(_) | Op::Copy(_) | Op::Pi { .. });
    work.retain(is_phi);
    if work.is_empty() {
        return;
    }
    let cfg = Cfg::new(func);
    let mut home: SecondaryMap<Inst, PackedOption<Block>> = SecondaryMap::new();
    for &block in cfg.rpo() {
        for phi in func.block_phis(block) {
            home[phi] = block.into();
        }
    }
    let removable = EntitySet::new();
    let mut seen: EntitySet<Inst> = EntitySet::new();
    let mut ctx = Ctx::new(&mut module.tables, &module.globals, &removable);
    let func = &mut module.functions[id];
    while let Some(inst) = work.pop() {
        if !seen.insert(inst) {
            continue;
        }
        match func.insts[inst].op {
            Op::Copy(value) | Op::Pi { value, .. } => work.extend(value.as_inst()),
            Op::Phi(list) => {
                let mut entries = func.phi_args(list).to_vec();
                work.extend(entries.iter().filter_map(|(_, v)| v.as_inst()));
                let preds = home[inst].expand().map_or(&[][..], |b| cfg.preds(b));
                if preds.len() <= entries.len() {
                    continue;
                }
                // The same constant again makes the phi superfluous.
                let same = entries.iter().map(|&(_, v)| v).find(|v| v.is_const());
                let Some(value) = same.or_else(|| ctx.some_value(func.insts[inst].ty)) else {
                    continue;
                };
                for &pred in preds {
                    if !entries.iter().any(|&(p, _)| p == pred) {
                        entries.push((pred, value));
                    }
                }
                func.set_phi(inst, &entries);
            }
            _ => {}
        }
    }
}
