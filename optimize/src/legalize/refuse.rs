//! The last look: what has no representation is refused where it stands, so that no backend has to
//! guess.

use super::Diagnostic;
use super::types::is_abstract;
use cranelift_entity::SecondaryMap;
use jlift_ir::text::type_text;
use jlift_ir::{Builtin, Func, Inst, Module, Op, Value};

/// Adds a diagnostic for everything in a legalized function that cannot be compiled.
pub fn check(module: &Module, id: Func, diagnostics: &mut Vec<Diagnostic>) {
    let f = &module.functions[id];
    let mut add = |inst: Option<Inst>, message: String| {
        diagnostics.push(Diagnostic {
            func: id,
            inst,
            message,
        });
    };
    if f.external {
        add(None, format!("{} has no body", module.describe(id)));
        return;
    }
    for (i, param) in f.params.iter().enumerate() {
        if is_abstract(&module.tables, param.ty) {
            let ty = type_text(&module.tables, param.ty);
            add(
                None,
                format!(
                    "argument {} of {} has a type that is only known as {ty}",
                    i + 1,
                    module.describe(id)
                ),
            );
        }
    }
    if is_abstract(&module.tables, f.ret) {
        let ty = type_text(&module.tables, f.ret);
        add(
            None,
            format!(
                "the result of {} is only known as {ty}",
                module.describe(id)
            ),
        );
    }
    let mut used: SecondaryMap<Inst, bool> = SecondaryMap::new();
    for &block in &f.layout {
        for &inst in &f.blocks[block].insts {
            let asks = matches!(f.insts[inst].op, Op::Builtin(Builtin::IsA, _));
            f.for_each_operand(inst, |v| {
                // The exception being handled has no value, but its type can be asked for.
                if let Value::Inst(i) = v
                    && !(asks && matches!(f.insts[i].op, Op::TheException))
                {
                    used[i] = true;
                }
            });
        }
        if let Some(Value::Inst(i)) = f.terminator_operand(block) {
            used[i] = true;
        }
    }
    for &block in &f.layout {
        for &inst in &f.blocks[block].insts {
            let data = &f.insts[inst];
            let is_token = matches!(data.op, Op::Enter | Op::GcPreserveBegin(_) | Op::Upsilon(_));
            if used[inst] && !is_token && is_abstract(&module.tables, data.ty) {
                let ty = type_text(&module.tables, data.ty);
                add(
                    Some(inst),
                    format!("a value whose type is only known as {ty} is used"),
                );
            }
        }
    }
}
