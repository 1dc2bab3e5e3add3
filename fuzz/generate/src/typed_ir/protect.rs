//! Protected regions: `try` with a handler, variables that the handler wants as they were when the
//! exception came, the exception itself, throwing it again.

use super::body::{Body, End, Region};
use jlift_ir::function::{Op, Terminator};
use jlift_ir::{Builtin, Type, Value};

/// Exceptions that programs are asked about.
const EXCEPTIONS: [Type; 3] = [
    Type::DIVIDE_ERROR,
    Type::ERROR_EXCEPTION,
    Type::UNDEF_VAR_ERROR,
];

impl Body<'_, '_, '_, '_, '_> {
    pub fn protect(&mut self) -> Option<()> {
        if !self.may_nest() || self.regions.len() >= 3 {
            return None;
        }
        let mut region = Region {
            upsilons: Vec::new(),
        };
        for n in 0..self.vars.len() {
            if self.c.percent(50) {
                let now = self.vars[n].value;
                let upsilon = self.push(Op::Upsilon(Some(now)), Type::ANY);
                region.upsilons.push((n, vec![upsilon]));
            }
        }
        let (inside, handler) = (self.new_block(), self.new_block());
        let token = self.push(Op::Enter, Type::ANY);
        self.terminate(Terminator::Enter {
            body: inside,
            handler,
        });
        let scope = self.scope();
        let mut ends: Vec<End> = Vec::new();
        self.begin(inside);
        self.regions.push(region);
        let statements = self.c.between(1, 5);
        self.nested(statements);
        let region = self.regions.pop()?;
        if self.alive {
            self.push(Op::Leave(1), Type::NOTHING);
            ends.push(self.end());
        }
        self.restore(&scope);
        self.begin(handler);
        for (n, upsilons) in &region.upsilons {
            let list = self.f.value_list(upsilons);
            let ty = self.vars[*n].ty;
            let value = self.push(Op::PhiC(list), ty);
            self.vars[*n].value = value;
        }
        self.push(Op::Leave(1), Type::NOTHING);
        // What handlers around this one want to know is what the variables are from now on.
        for (n, _) in &region.upsilons {
            let value = self.vars[*n].value;
            self.assign(*n, value);
        }
        self.handle(token);
        if self.alive {
            ends.push(self.end());
        }
        self.join(&scope, &ends);
        Some(())
    }

    /// The handler, from where the region is closed.
    fn handle(&mut self, token: Value) {
        self.handling += 1;
        if self.c.percent(40) {
            let exception = self.push(Op::TheException, Type::ANY);
            let ty = self.c.one(&EXCEPTIONS).unwrap_or(Type::DIVIDE_ERROR);
            let of = [exception, Value::Type(ty)];
            let is = self.builtin(Builtin::IsA, &of, Type::BOOL);
            self.define(is, Type::BOOL);
        }
        if self.c.percent(30) {
            let statements = self.c.below(3);
            self.nested(statements);
        }
        if self.alive && self.c.percent(15) {
            self.throw_again();
        }
        self.handling -= 1;
        if self.alive {
            self.push(Op::PopException(token), Type::NOTHING);
            let statements = self.c.below(3);
            self.nested(statements);
        }
    }

    fn throw_again(&mut self) {
        let Some(cond) = self.condition() else { return };
        let (again, stay) = (self.new_block(), self.new_block());
        self.terminate(Terminator::Branch {
            cond,
            then_dest: again,
            else_dest: stay,
        });
        self.begin(again);
        self.push(Op::Rethrow, Type::BOTTOM);
        self.terminate(Terminator::Unreachable);
        self.begin(stay);
    }
}
