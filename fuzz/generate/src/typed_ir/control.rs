//! Which statement comes next, and control flow that only goes forward: branches, early returns,
//! exceptions that are thrown.

use super::body::{Body, End};
use jlift_ir::function::{Op, PartMode, Terminator};
use jlift_ir::{Builtin, Type, Value};

impl Body<'_, '_, '_, '_, '_> {
    /// Writes a statement of some kind; what cannot be written here is left out.
    pub fn statement(&mut self) {
        self.budget = self.budget.saturating_sub(1);
        let kind = self
            .c
            .weighted(&[30, 7, 7, 6, 6, 6, 3, 2, 6, 6, 4, 3, 1, 1, 2]);
        let _ = match kind {
            0 => self.arithmetic(),
            1 => self.aggregates(),
            2 => self.unions(),
            3 => self.memory(),
            4 => self.arrays(),
            5 => self.objects(),
            6 => self.identity(),
            7 => self.hint(),
            8 => self.call(),
            9 => self.branch(),
            10 => self.repeat(),
            11 => self.protect(),
            12 => self.leave_early(),
            13 => self.tangle(),
            _ => self.jump_out(),
        };
    }

    /// Writes some statements inside of another.
    pub fn nested(&mut self, count: usize) {
        self.depth += 1;
        for _ in 0..count {
            if !self.alive || self.budget == 0 {
                break;
            }
            self.statement();
        }
        self.depth -= 1;
    }

    fn branch(&mut self) -> Option<()> {
        if !self.may_nest() {
            return None;
        }
        let cond = self.condition()?;
        let (yes, no) = (self.new_block(), self.new_block());
        self.terminate(Terminator::Branch {
            cond,
            then_dest: yes,
            else_dest: no,
        });
        let scope = self.scope();
        let mut ends: Vec<End> = Vec::new();
        for block in [yes, no] {
            self.restore(&scope);
            self.begin(block);
            let count = self.c.below(4);
            self.nested(count);
            if self.alive {
                ends.push(self.end());
            }
        }
        self.join(&scope, &ends);
        Some(())
    }

    /// Returns or throws under a condition.
    fn leave_early(&mut self) -> Option<()> {
        let cond = self.condition()?;
        let (leave, stay) = (self.new_block(), self.new_block());
        self.terminate(Terminator::Branch {
            cond,
            then_dest: leave,
            else_dest: stay,
        });
        let scope = self.scope();
        self.begin(leave);
        match self.may_return() && self.c.percent(60) {
            true => self.give_result(),
            false => self.throw(),
        }
        self.restore(&scope);
        self.begin(stay);
        Some(())
    }

    /// Throws.
    pub fn throw(&mut self) {
        match self.c.below(3) {
            0 => {
                let value = self.find(|_, ty| ty.is_integer());
                let text = self.g.module.tables.string(b"value ");
                let mut parts = vec![text];
                let mut modes = vec![PartMode::Print];
                if let Some(value) = value {
                    parts.push(value.value);
                    modes.push(match self.c.below(2) {
                        0 => PartMode::Print,
                        _ => PartMode::Show,
                    });
                }
                let parts = self.f.value_list(&parts);
                let op = Op::ThrowRecord {
                    ty: Type::ERROR_EXCEPTION,
                    modes: modes.into(),
                    parts,
                };
                self.push(op, Type::BOTTOM);
            }
            1 => {
                let name = self.g.module.tables.symbol("x");
                let cond = Value::bool(false);
                self.push(Op::ThrowUndefIfNot { name, cond }, Type::ANY);
                // Control does not get here, but nothing says so.
                let parts = self.f.value_list(&[]);
                let op = Op::ThrowRecord {
                    ty: Type::ERROR_EXCEPTION,
                    modes: Box::new([]),
                    parts,
                };
                self.push(op, Type::BOTTOM);
            }
            _ => {
                let error = Value::Instance(Type::DIVIDE_ERROR);
                self.builtin(Builtin::Throw, &[error], Type::BOTTOM);
            }
        }
        self.terminate(Terminator::Unreachable);
    }
}
