//! `try`, and every way to leave one: return, break, continue, goto.
//!
//! `finally` is emitted twice: for exceptions, which are thrown again behind it, and for all other
//! ways into it. Each of those sets a number that says where to go afterwards: 0 goes on, others are
//! the exits of the body in order.

use super::control::Label;
use super::{Dest, Emitter};
use crate::lower::hir::{H, Hx};
use crate::lowered::{Operand, Rvalue, Slot, Stmt, StmtId};
use jlift_ir::{Name, Value};

/// Deepest nesting of `finally` in `finally`.
const MAX_FINALLY_DEPTH: u32 = 8;

/// Something around the current point that has to be undone when it is left.
pub struct Handler {
    id: u32,
    kind: HandlerKind,
}

enum HandlerKind {
    /// The body of `try … catch`.
    Region,
    /// A handler, or `finally` after an exception: that of the token is being handled.
    Catch(StmtId),
    /// The body of `try … finally`.
    Finally {
        which: Slot,
        label: Label,
        exits: Vec<Leaving>,
    },
    /// The body of `GC.@preserve`, with its token.
    Preserve(StmtId),
}

/// A way out of the body of `try … finally`.
enum Leaving {
    /// To a label with this many handlers around it.
    Jump(Label, usize),
    Return(Slot),
}

/// A label of `@label`, or one that `@goto` has named.
#[derive(Default)]
pub struct Symbolic {
    label: Option<Label>,
    /// The handlers around the label, once it is placed.
    placed: Option<Vec<u32>>,
    gotos: Vec<PendingGoto>,
}

/// A `@goto` out of handlers: statements to fill in for each of them, innermost first.
struct PendingGoto {
    handlers: Vec<(u32, Undo)>,
    first: Option<StmtId>,
    span: Option<crate::surface::Span>,
}

/// How a handler is left by a `@goto`.
enum Undo {
    Leave,
    Pop(StmtId),
    EndPreserve(StmtId),
    Forbidden,
}

fn end_preserve(token: StmtId) -> Stmt {
    Stmt::Value(Rvalue::GcPreserveEnd(Operand::Ssa(token)))
}

impl Emitter<'_> {
    fn push_handler(&mut self, kind: HandlerKind) {
        let id = self.next_handler;
        self.next_handler += 1;
        self.handlers.push(Handler { id, kind });
    }

    /// Values are kept from here on; whatever way out is taken ends that.
    pub(super) fn begin_preserve(&mut self, token: &Operand) {
        if let Operand::Ssa(token) = token {
            self.push_handler(HandlerKind::Preserve(*token));
        }
    }

    /// The end of the body of the `GC.@preserve` with this token.
    pub(super) fn end_preserve(&mut self, token: &Operand) {
        let open = self.handlers.last().map(|h| &h.kind);
        if let (Some(HandlerKind::Preserve(open)), Operand::Ssa(token)) = (open, token)
            && open == token
        {
            self.handlers.pop();
        }
    }

    fn int(value: i64) -> Operand {
        Operand::Const(Value::int64(value))
    }

    /// Returns a value, through every `finally` around.
    pub(super) fn emit_return(&mut self, value: Operand) {
        if !self.live {
            return;
        }
        let mut value = value;
        if let Some(ty) = self.result.clone() {
            value = self.convert(value, ty);
        }
        self.return_converted(value);
    }

    fn return_converted(&mut self, value: Operand) {
        let through = self
            .handlers
            .iter()
            .any(|h| matches!(h.kind, HandlerKind::Finally { .. }));
        // What may be undefined is read while the handlers still stand.
        let read_here = !self.handlers.is_empty()
            && matches!(
                value,
                Operand::Slot(_) | Operand::Global(..) | Operand::StaticParam(_)
            );
        if !through && !read_here {
            self.undo_handlers(0);
            self.push(Stmt::Return(value));
            return;
        }
        let slot = match self.return_slot {
            Some(slot) => slot,
            None => {
                let slot = self.fresh_slot(self.k.return_value);
                self.return_slot = Some(slot);
                slot
            }
        };
        if value != Operand::Slot(slot) {
            self.push(Stmt::Assign(slot, Rvalue::Use(value)));
        }
        if through {
            self.leave(0, Leaving::Return(slot));
        } else {
            self.undo_handlers(0);
            self.push(Stmt::Return(Operand::Slot(slot)));
        }
    }

    /// Jumps to a label that has `handlers` handlers around it.
    pub(super) fn leave_to(&mut self, handlers: usize, label: Label) {
        self.leave(handlers, Leaving::Jump(label, handlers));
    }

    fn leave(&mut self, keep: usize, leaving: Leaving) {
        if !self.live {
            return;
        }
        let finally = self
            .handlers
            .iter()
            .rposition(|h| matches!(h.kind, HandlerKind::Finally { .. }))
            .filter(|&at| at >= keep);
        let Some(at) = finally else {
            self.undo_handlers(keep);
            match leaving {
                Leaving::Jump(label, _) => self.jump(label),
                Leaving::Return(slot) => {
                    self.push(Stmt::Return(Operand::Slot(slot)));
                }
            }
            return;
        };
        self.undo_handlers(at);
        if let HandlerKind::Finally {
            which,
            label,
            exits,
        } = &mut self.handlers[at].kind
        {
            exits.push(leaving);
            let (which, label, number) = (*which, *label, exits.len() as i64);
            self.push(Stmt::Assign(which, Rvalue::Use(Self::int(number))));
            self.jump(label);
        }
    }

    /// Leaves all handlers but the outermost `keep`.
    fn undo_handlers(&mut self, keep: usize) {
        let mut regions = 0;
        let mut undo = Vec::new();
        for handler in self.handlers.iter().skip(keep).rev() {
            let stmt = match handler.kind {
                HandlerKind::Region | HandlerKind::Finally { .. } => {
                    regions += 1;
                    continue;
                }
                HandlerKind::Catch(token) => Stmt::PopException(token),
                HandlerKind::Preserve(token) => end_preserve(token),
            };
            undo.push((regions, Some(stmt)));
            regions = 0;
        }
        undo.push((regions, None));
        for (regions, stmt) in undo {
            if regions > 0 {
                self.push(Stmt::Leave(regions));
            }
            if let Some(stmt) = stmt {
                self.push(stmt);
            }
        }
    }

    /// `try`.
    pub(super) fn protected(&mut self, h: Hx, dest: Dest) -> Operand {
        if !self.live {
            return Operand::Const(Value::NOTHING);
        }
        match (self.hir.node(h), dest) {
            (_, Dest::Value) => {
                let slot = self.fresh_slot(self.k.result);
                self.protected(h, Dest::Into(slot));
                return Operand::Slot(slot);
            }
            (H::TryFinally(..), Dest::Tail) => {
                let slot = self.fresh_slot(self.k.result);
                self.protected(h, Dest::Into(slot));
                self.emit_return(Operand::Slot(slot));
            }
            (H::TryCatch(body, handler, otherwise), _) => {
                self.try_catch(*body, *handler, *otherwise, dest);
            }
            (H::TryFinally(body, finally), _) => self.try_finally(*body, *finally, dest),
            _ => {}
        }
        Operand::Const(Value::NOTHING)
    }

    fn try_catch(&mut self, body: Hx, handler: Hx, otherwise: Option<Hx>, dest: Dest) {
        let (caught, end) = (self.labels.fresh(), self.labels.fresh());
        let target = self.labels.target(caught);
        let token = self.push(Stmt::Enter(target));
        self.push_handler(HandlerKind::Region);
        match otherwise {
            Some(_) => self.emit(body, Dest::Effect),
            None => self.emit(body, dest),
        };
        self.handlers.pop();
        self.push(Stmt::Leave(1));
        if let Some(otherwise) = otherwise {
            self.emit(otherwise, dest);
        }
        self.jump(end);
        self.place(caught);
        self.push(Stmt::Leave(1));
        self.push_handler(HandlerKind::Catch(token));
        self.emit(handler, dest);
        self.handlers.pop();
        self.push(Stmt::PopException(token));
        self.place(end);
    }

    fn try_finally(&mut self, body: Hx, finally: Hx, dest: Dest) {
        let which = self.fresh_slot(self.k.which_exit);
        let (caught, label) = (self.labels.fresh(), self.labels.fresh());
        let target = self.labels.target(caught);
        let token = self.push(Stmt::Enter(target));
        self.push_handler(HandlerKind::Finally {
            which,
            label,
            exits: Vec::new(),
        });
        self.emit(body, dest);
        let exits = match self.handlers.pop().map(|h| h.kind) {
            Some(HandlerKind::Finally { exits, .. }) => exits,
            _ => Vec::new(),
        };
        let goes_on = self.live;
        let end = self.labels.fresh();
        self.push(Stmt::Leave(1));
        self.push(Stmt::Assign(which, Rvalue::Use(Self::int(0))));
        self.place(label);
        self.finally_depth += 1;
        if self.live {
            self.emit(finally, Dest::Effect);
        }
        self.dispatch_exits(which, exits, goes_on);
        self.jump(end);
        self.place(caught);
        self.push(Stmt::Leave(1));
        self.push_handler(HandlerKind::Catch(token));
        // One `finally` in another doubles with each level.
        if self.finally_depth > MAX_FINALLY_DEPTH {
            self.fail("`finally` is nested too deeply in other `finally` blocks".into());
        } else {
            self.emit(finally, Dest::Effect);
        }
        self.handlers.pop();
        if self.live {
            let rethrow = self.base_call(self.k.rethrow, Vec::new());
            self.push(Stmt::Value(rethrow));
        }
        self.finally_depth -= 1;
        self.place(end);
    }

    /// After `finally`: goes where its body wanted to go. The last way needs no question if the
    /// body does not go on behind it.
    fn dispatch_exits(&mut self, which: Slot, exits: Vec<Leaving>, goes_on: bool) {
        let count = exits.len();
        for (i, leaving) in exits.into_iter().enumerate() {
            let perform = |this: &mut Self| match leaving {
                Leaving::Jump(label, handlers) => this.leave_to(handlers, label),
                Leaving::Return(slot) => this.return_converted(Operand::Slot(slot)),
            };
            if !goes_on && i + 1 == count {
                perform(self);
            } else {
                self.unless_exit(which, i as i64 + 1, perform);
            }
        }
    }

    /// Runs `then` if `which` is `number`.
    fn unless_exit(&mut self, which: Slot, number: i64, then: impl FnOnce(&mut Self)) {
        let next = self.labels.fresh();
        let args = vec![Operand::Slot(which), Self::int(number)];
        let is = self.core_call(self.k.identical, args);
        let is = self.value(is);
        self.jump_unless(is, next);
        then(self);
        self.place(next);
    }

    /// `@label name`.
    pub(super) fn symbolic_label(&mut self, name: Name) {
        let path: Vec<u32> = self.handlers.iter().map(|h| h.id).collect();
        let mut symbolic = self.symbolic.remove(&name).unwrap_or_default();
        if symbolic.placed.is_some() {
            let text = self.tables.names.str(name).to_string();
            self.fail(format!("syntax: label \"{text}\" defined multiple times"));
        }
        let label = match symbolic.label {
            Some(label) => label,
            None => self.labels.fresh(),
        };
        symbolic.label = Some(label);
        symbolic.placed = Some(path);
        self.symbolic.insert(name, symbolic);
        // A later jump can come here.
        self.labels.target(label);
        self.place(label);
    }

    /// `@goto name`.
    pub(super) fn symbolic_goto(&mut self, name: Name) {
        if !self.live {
            return;
        }
        let label = match self.symbolic.get(&name).and_then(|s| s.label) {
            Some(label) => label,
            None => self.labels.fresh(),
        };
        let mut first = None;
        let mut handlers = Vec::with_capacity(self.handlers.len());
        for i in (0..self.handlers.len()).rev() {
            let handler = &self.handlers[i];
            let undo = match handler.kind {
                HandlerKind::Region => Undo::Leave,
                HandlerKind::Catch(token) => Undo::Pop(token),
                HandlerKind::Preserve(token) => Undo::EndPreserve(token),
                HandlerKind::Finally { .. } => Undo::Forbidden,
            };
            handlers.push((handler.id, undo));
            let nop = self.push(Stmt::Nop);
            first.get_or_insert(nop);
        }
        let span = self.span;
        let symbolic = self.symbolic.entry(name).or_default();
        symbolic.label = Some(label);
        symbolic.gotos.push(PendingGoto {
            handlers,
            first,
            span,
        });
        self.jump(label);
    }

    /// Fills in what gotos leave; all labels are known.
    pub(super) fn finish_gotos(&mut self) {
        let mut all: Vec<(Name, Symbolic)> = self.symbolic.drain().collect();
        all.sort_by_key(|(name, _)| *name);
        for (name, symbolic) in all {
            for goto in symbolic.gotos {
                self.span = goto.span;
                let text = self.tables.names.str(name).to_string();
                let Some(path) = &symbolic.placed else {
                    self.fail(format!(
                        "syntax: label \"{text}\" referenced but not defined"
                    ));
                    continue;
                };
                let kept = path.len();
                let depth = goto.handlers.len();
                let inside = kept <= depth
                    && path
                        .iter()
                        .zip(goto.handlers.iter().rev())
                        .all(|(a, (b, _))| a == b);
                if !inside {
                    self.fail(format!(
                        "syntax: cannot goto label \"{text}\" inside try/catch block"
                    ));
                    continue;
                }
                for (i, (_, undo)) in goto.handlers.iter().take(depth - kept).enumerate() {
                    let Some(first) = goto.first else {
                        continue;
                    };
                    let at = StmtId::from_u32(first.as_u32() + i as u32);
                    match undo {
                        Undo::Leave => self.stmts[at] = Stmt::Leave(1),
                        Undo::Pop(token) => self.stmts[at] = Stmt::PopException(*token),
                        Undo::EndPreserve(token) => self.stmts[at] = end_preserve(*token),
                        Undo::Forbidden => self
                            .fail("syntax: goto from a try/finally block is not permitted".into()),
                    }
                }
            }
        }
    }
}
