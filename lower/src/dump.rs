//! CLIF as text, with the typed IR statement that each instruction came from as a comment above.

use cranelift_codegen::ir;
use cranelift_entity::EntityRef;
use jlift_ir::{Func, Inst, Module};

/// The text of a lowered function. Statements are shown where the function was lowered with
/// source locations.
pub fn clif_text(module: &Module, func: Option<Func>, clif: &ir::Function) -> String {
    let plain = clif.display().to_string();
    let Some(func) = func else { return plain };
    // Statement texts by number, from one print of the function.
    let printed = jlift_ir::text::print_function(module, func);
    let mut statements = printed
        .lines()
        .filter(|l| l.starts_with("  %"))
        .map(|l| l.split("  ; ").next().unwrap_or(l).trim());
    let mut texts = hashbrown::HashMap::new();
    let f = &module.functions[func];
    for &block in &f.layout {
        for &inst in &f.blocks[block].insts {
            if f.insts[inst].op == jlift_ir::Op::Nop {
                continue;
            }
            if let Some(text) = statements.next() {
                texts.insert(inst, text);
            }
        }
    }
    let mut out = String::with_capacity(plain.len() * 2);
    let mut last: Option<Inst> = None;
    for line in plain.lines() {
        // Instructions with a location are written `@0007    v3 = iadd v1, v2`.
        let location = line
            .strip_prefix('@')
            .and_then(|rest| rest.get(..4))
            .and_then(|digits| u32::from_str_radix(digits, 16).ok());
        if let Some(number) = location.filter(|&n| n > 0) {
            let inst = Inst::new(number as usize - 1);
            if last != Some(inst) {
                if let Some(text) = texts.get(&inst) {
                    out.push_str("                                ; ");
                    out.push_str(text);
                    out.push('\n');
                }
                last = Some(inst);
            }
        }
        out.push_str(line);
        out.push('\n');
    }
    out
}
