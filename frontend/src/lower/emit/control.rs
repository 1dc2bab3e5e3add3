//! Labels, branches and loops.

use super::{Dest, Emitter};
use crate::lower::hir::{Exit, H, Hx};
use crate::lowered::{Operand, Rvalue, Stmt, StmtId};
use cranelift_entity::{EntityRef, PrimaryMap, entity_impl};
use jlift_ir::Value;

/// A place that is jumped to.
#[derive(Copy, Clone, PartialEq, Eq, Hash)]
pub struct Label(u32);
entity_impl!(Label);

/// While statements are emitted, targets of jumps are numbers of labels.
#[derive(Default)]
pub struct Labels {
    /// Position, and whether anything jumps there.
    data: PrimaryMap<Label, (Option<StmtId>, bool)>,
}

impl Labels {
    /// A label without a position.
    pub fn fresh(&mut self) -> Label {
        self.data.push((None, false))
    }

    /// The label as the target of a jump.
    pub fn target(&mut self, label: Label) -> StmtId {
        self.data[label].1 = true;
        StmtId::new(label.index())
    }

    /// Whether a used label stands at a position.
    pub fn any_at(&self, at: StmtId) -> bool {
        self.data.values().any(|&(p, used)| used && p == Some(at))
    }

    /// Turns labels into positions.
    pub fn patch(&self, stmts: &mut PrimaryMap<StmtId, Stmt>) {
        let last = StmtId::new(stmts.len().saturating_sub(1));
        for stmt in stmts.values_mut() {
            if let Stmt::Goto(target) | Stmt::GotoIfNot(_, target) | Stmt::Enter(target) = stmt {
                let label = self.data.get(Label::new(target.index()));
                *target = label.and_then(|d| d.0).unwrap_or(last);
            }
        }
    }
}

/// A construct that `break` or `continue` leaves.
pub struct OpenLoop {
    exit: Exit,
    end: Label,
    /// Number of handlers around it.
    handlers: usize,
}

impl Emitter<'_> {
    /// The next statement is where a label stands.
    pub(super) fn place(&mut self, label: Label) {
        let at = self.stmts.next_key();
        let data = &mut self.labels.data[label];
        data.0 = Some(at);
        self.live |= data.1;
    }

    pub(super) fn jump(&mut self, label: Label) {
        if self.live {
            let target = self.labels.target(label);
            self.push(Stmt::Goto(target));
        }
    }

    pub(super) fn jump_unless(&mut self, condition: Operand, label: Label) {
        if self.live {
            let target = self.labels.target(label);
            self.push(Stmt::GotoIfNot(condition, target));
        }
    }

    /// Jumps if an expression is false; goes on if it is true.
    fn jump_if_false(&mut self, h: Hx, label: Label) {
        match *self.hir.node(h) {
            H::AndAnd(a, b) => {
                self.jump_if_false(a, label);
                self.jump_if_false(b, label);
            }
            H::OrOr(a, b) => {
                let (second, end) = (self.labels.fresh(), self.labels.fresh());
                self.jump_if_false(a, second);
                self.jump(end);
                self.place(second);
                self.jump_if_false(b, label);
                self.place(end);
            }
            H::Const(value) if value == Value::bool(true) => {}
            _ => {
                let outer = self.span;
                self.span = self.hir.span(h).or(outer);
                let condition = self.emit(h, Dest::Value);
                self.jump_unless(condition, label);
                self.span = outer;
            }
        }
    }

    /// `if`, `&&` and `||`.
    pub(super) fn branch(&mut self, h: Hx, dest: Dest) -> Operand {
        if dest == Dest::Value {
            let slot = self.fresh_slot(self.k.result);
            self.branch(h, Dest::Into(slot));
            return Operand::Slot(slot);
        }
        let (other, end) = (self.labels.fresh(), self.labels.fresh());
        match *self.hir.node(h) {
            H::If(condition, then, otherwise) => {
                self.jump_if_false(condition, other);
                self.emit(then, dest);
                let empty = dest == Dest::Effect && matches!(self.hir.node(otherwise), H::Const(_));
                if !empty {
                    self.jump(end);
                }
                self.place(other);
                self.emit(otherwise, dest);
            }
            H::AndAnd(a, b) => {
                self.jump_if_false(a, other);
                self.emit(b, dest);
                self.jump(end);
                self.place(other);
                self.deliver(Rvalue::Use(Operand::Const(Value::bool(false))), dest);
            }
            H::OrOr(a, b) => {
                self.jump_if_false(a, other);
                self.deliver(Rvalue::Use(Operand::Const(Value::bool(true))), dest);
                self.jump(end);
                self.place(other);
                self.emit(b, dest);
            }
            _ => {}
        }
        self.place(end);
        Operand::Const(Value::NOTHING)
    }

    pub(super) fn while_loop(&mut self, condition: Hx, body: Hx) {
        let (head, end) = (self.labels.fresh(), self.labels.fresh());
        self.place(head);
        self.jump_if_false(condition, end);
        self.emit(body, Dest::Effect);
        self.jump(head);
        self.place(end);
    }

    pub(super) fn do_while(&mut self, body: Hx, condition: Hx) {
        let (head, end) = (self.labels.fresh(), self.labels.fresh());
        self.place(head);
        self.emit(body, Dest::Effect);
        self.jump_if_false(condition, end);
        self.jump(head);
        self.place(end);
    }

    pub(super) fn breakable(&mut self, exit: Exit, body: Hx) {
        let end = self.labels.fresh();
        self.loops.push(OpenLoop {
            exit,
            end,
            handlers: self.handlers.len(),
        });
        self.emit(body, Dest::Effect);
        self.loops.pop();
        self.place(end);
    }

    pub(super) fn break_out(&mut self, exit: Exit) {
        let target = self.loops.iter().rev().find(|l| l.exit == exit);
        if let Some((end, handlers)) = target.map(|l| (l.end, l.handlers)) {
            self.leave_to(handlers, end);
        }
    }
}
