//! Calls of the group's functions, of a function by itself among them.

use super::Signature;
use super::body::Body;
use jlift_ir::function::Op;
use jlift_ir::{Intrinsic, Type, Value};

impl Body<'_, '_, '_, '_, '_> {
    pub fn call(&mut self) -> Option<()> {
        let me = self.me.clone();
        // A call of itself in a loop would take too long.
        let itself = me.recursive && self.around.is_empty() && self.self_calls < 2;
        let callee = match itself && self.c.percent(50) {
            true => {
                self.self_calls += 1;
                me
            }
            false => {
                let n = self.c.below(self.g.signatures.len());
                self.g.signatures.get(n)?.clone()
            }
        };
        self.call_of(&callee)
    }

    /// Which functions that nobody calls yet this one calls: the root all of them, others some.
    pub fn choose_due(&mut self, is_root: bool) -> Vec<usize> {
        let mut due = Vec::new();
        for n in self.g.uncalled.clone() {
            let pointees = self.g.signatures[n].params.iter();
            let pointees: Vec<Type> = pointees
                .filter_map(|&ty| self.g.module.tables.pointee(ty))
                .collect();
            let there = pointees.iter().all(|&elem| self.has_pointer_to(elem));
            if there && (is_root || self.c.percent(45)) {
                due.push(n);
            }
        }
        due
    }

    /// Calls a function that nobody calls yet, in a block that is executed unless the function was
    /// left before.
    pub fn call_due(&mut self, n: usize) {
        let Some(callee) = self.g.signatures.get(n).cloned() else {
            return;
        };
        // An argument may turn out too deep to be made; another try decides otherwise.
        for _ in 0..8 {
            if self.call_of(&callee).is_some() {
                self.g.uncalled.retain(|&other| other != n);
                return;
            }
        }
    }

    fn call_of(&mut self, callee: &Signature) -> Option<()> {
        let mut args = Vec::with_capacity(callee.params.len());
        for (n, &ty) in callee.params.iter().enumerate() {
            args.push(match (n, callee.recursive, callee.func == self.me.func) {
                (0, true, true) => {
                    let less = [Value::Arg(2), Value::int64(1)];
                    self.intrinsic(Intrinsic::SubInt, &less, Type::INT64)
                }
                (0, true, false) => {
                    let any = self.value_of(Type::INT64)?;
                    self.intrinsic(Intrinsic::AndInt, &[any, Value::int64(3)], Type::INT64)
                }
                _ => self.value_of(ty)?,
            });
        }
        let args = self.f.value_list(&args);
        let op = Op::Invoke {
            func: callee.func,
            callee: None,
            args,
        };
        let value = self.push(op, callee.ret);
        self.define(value, callee.ret);
        Some(())
    }
}
