//! Which values stand for which results from now on. A pass collects replacements here while it
//! walks, and applies them in one go. Knows nothing of why they are equal.

use cranelift_entity::SecondaryMap;
use jlift_ir::{Function, Inst, Value};

/// Replacements of results by values, with chains followed.
#[derive(Default)]
pub struct Replacements {
    map: SecondaryMap<Inst, Option<Value>>,
    any: bool,
}

impl Replacements {
    /// Whether nothing is replaced.
    pub fn is_empty(&self) -> bool {
        !self.any
    }

    /// What stands for `value`.
    pub fn resolve(&self, mut value: Value) -> Value {
        while let Value::Inst(inst) = value {
            match self.map[inst] {
                Some(next) => value = next,
                None => break,
            }
        }
        value
    }

    /// Lets `value` stand for the result of `inst`; refused, with `false`, if `value` is that
    /// result itself.
    pub fn insert(&mut self, inst: Inst, value: Value) -> bool {
        let value = self.resolve(value);
        if value == Value::Inst(inst) {
            return false;
        }
        self.map[inst] = Some(value);
        self.any = true;
        true
    }

    /// Rewrites every operand of the listed blocks.
    pub fn apply(&self, func: &mut Function) {
        if !self.any {
            return;
        }
        for n in 0..func.layout.len() {
            let block = func.layout[n];
            for k in 0..func.blocks[block].insts.len() {
                let inst = func.blocks[block].insts[k];
                func.map_operands(inst, |v| self.resolve(v));
            }
            func.map_terminator_operand(block, |v| self.resolve(v));
        }
    }
}
