//! The walk over a body in order of evaluation: control flow for [`Flow`](super::Flow), scopes,
//! and everything that reads or assigns a name.

use super::names::TypeUse;
use super::{Binding, Resolver};
use crate::lower::Lowered;
use crate::lower::hir::{GroupData, H, Hx, List, Var};
use jlift_ir::Value;

impl Resolver<'_> {
    pub(super) fn walk_list(&mut self, list: List) -> Lowered<()> {
        for i in 0..list.len(&self.hir.lists) {
            if let Some(h) = list.get(i, &self.hir.lists) {
                self.walk(h)?;
            }
        }
        Ok(())
    }

    pub(super) fn walk(&mut self, h: Hx) -> Lowered<()> {
        self.position += 1;
        match self.hir.node(h).clone() {
            H::Name(_) | H::Var(_) => self.read(h),
            H::Call(list) => {
                if !self.module_member(h, &list) {
                    self.walk_list(list)?;
                }
                Ok(())
            }
            H::New(list) | H::Seq(list) | H::GcBegin(list) => self.walk_list(list),
            H::Foreign(id) => {
                let types = {
                    let foreign = &self.hir.foreign[id];
                    let mut types = foreign.params.clone();
                    types.push(foreign.ret);
                    types
                };
                for ty in types {
                    self.type_names(ty, TypeUse::Foreign, &mut Vec::new())?;
                }
                let (symbol, args, roots) = {
                    let f = &self.hir.foreign[id];
                    (f.symbol, f.args, f.roots)
                };
                self.walk(symbol)?;
                self.walk_list(args)?;
                self.walk_list(roots)
            }
            H::TypeExpr(node) => self.type_names(node, TypeUse::Where, &mut Vec::new()),
            H::SplatNew(a, b) => {
                self.walk(a)?;
                self.walk(b)
            }
            H::SetTemp(_, a) | H::GcEnd(a) => self.walk(a),
            H::IsDefined(a) => self.is_defined(a),
            H::Assign(target, value) => {
                self.walk(value)?;
                self.assign(target, self.hir.span(h), false)
            }
            H::TypeDecl(target, ty) => {
                self.walk(ty)?;
                self.name(target)?;
                match *self.hir.node(target) {
                    H::Var(var) => {
                        if self.hir.vars[var].ty.is_some() {
                            let text = self.text(self.hir.vars[var].name);
                            let message =
                                format!("syntax: multiple type declarations for \"{text}\"");
                            return self.error(self.hir.span(h), message);
                        }
                        self.hir.vars[var].ty = Some(ty);
                        Ok(())
                    }
                    _ => self.error(
                        self.hir.span(h),
                        "syntax: a type for a global can only be declared at top level".into(),
                    ),
                }
            }
            H::If(cond, then, other) => {
                let (yes, no) = self.condition(cond)?;
                let mark = self.flow.mark();
                let dead = self.flow.dead;
                yes.into_iter().for_each(|v| self.flow.assign(v));
                self.walk(then)?;
                let then = self.flow.cut(mark);
                self.flow.dead = dead;
                no.into_iter().for_each(|v| self.flow.assign(v));
                self.walk(other)?;
                let other = self.flow.cut(mark);
                self.flow.join(&then, &other);
                Ok(())
            }
            H::AndAnd(..) | H::OrOr(..) => self.condition(h).map(|_| ()),
            H::While(cond, body) => self.while_loop(cond, body),
            H::DoWhile(body, cond) => {
                self.enter_loop();
                self.walk(body)?;
                self.walk(cond)?;
                self.leave_loop();
                Ok(())
            }
            H::Breakable(exit, body) => {
                self.flow.enter(exit);
                self.walk(body)?;
                self.flow.end();
                Ok(())
            }
            H::Break(exit) => {
                self.flow.leave(exit);
                Ok(())
            }
            H::Return(value) => {
                self.walk(value)?;
                self.flow.dead = true;
                Ok(())
            }
            H::Scope { hard, body } => {
                let mark = self.undo.len();
                self.hard_scopes += u32::from(hard);
                self.open_scope(Some(h), body, false, false)?;
                self.walk(body)?;
                self.hard_scopes -= u32::from(hard);
                self.unbind(mark);
                Ok(())
            }
            H::Closure(lambda) => {
                self.lambda(lambda)?;
                let name = self.closure_name(self.hir.lambdas[lambda].name);
                let group = self.hir.groups.push(GroupData {
                    name,
                    lambdas: vec![lambda],
                    self_var: None,
                });
                self.take_captures(lambda, None, group)?;
                self.hir.set(h, H::ClosureOf(group));
                Ok(())
            }
            H::FuncDef(target, lambdas) => self.define(h, target, lambdas),
            H::TryCatch(body, handler, otherwise) => {
                let mark = self.flow.mark();
                let dead = self.flow.dead;
                self.walk(body)?;
                if let Some(otherwise) = otherwise {
                    self.walk(otherwise)?;
                }
                let normal = self.flow.cut(mark);
                self.flow.dead = dead;
                self.walk(handler)?;
                let caught = self.flow.cut(mark);
                self.flow.join(&normal, &caught);
                Ok(())
            }
            H::TryFinally(body, finally) => {
                let mark = self.flow.mark();
                let dead = self.flow.dead;
                self.walk(body)?;
                let normal = self.flow.cut(mark);
                self.flow.dead = dead;
                self.walk(finally)?;
                let finally_dead = self.flow.dead;
                self.flow.resume(&normal);
                self.flow.dead |= finally_dead;
                Ok(())
            }
            H::Outer(name) => match self.env.get(&name) {
                Some(Binding::Var(_)) => Ok(()),
                _ => self.error(
                    self.hir.span(h),
                    "syntax: no outer local variable declaration exists for \"for outer\"".into(),
                ),
            },
            H::Label(_) => {
                self.jump();
                let from = self.frames.last().and_then(|f| f.first_jump).unwrap_or(0);
                let states = &self.states;
                self.flow.forget(|var| states[var].last_assignment >= from);
                Ok(())
            }
            H::Goto(_) => {
                self.jump();
                self.flow.dead = true;
                Ok(())
            }
            H::Static(_)
            | H::Global(..)
            | H::Temp(_)
            | H::Const(_)
            | H::Local(_)
            | H::GlobalDecl(_)
            | H::FuncDefOf(..)
            | H::ClosureOf(_)
            | H::TheException
            | H::Inbounds(_)
            | H::Loopinfo(_)
            | H::BoundsCheck => Ok(()),
        }
    }

    pub(super) fn jump(&mut self) {
        let position = self.position;
        if let Some(frame) = self.frames.last_mut() {
            frame.first_jump.get_or_insert(position);
        }
    }

    pub(super) fn enter_loop(&mut self) {
        let id = self.position;
        if let Some(frame) = self.frames.last_mut() {
            frame.loops.push(id);
        }
    }

    pub(super) fn leave_loop(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.loops.pop();
        }
    }

    pub(super) fn while_loop(&mut self, cond: Hx, body: Hx) -> Lowered<()> {
        let forever = matches!(
            self.hir.node(cond),
            H::Const(v) if *v == Value::bool(true)
        );
        self.enter_loop();
        let (yes, no) = self.condition(cond)?;
        let mark = self.flow.mark();
        yes.into_iter().for_each(|v| self.flow.assign(v));
        let dead = self.flow.dead;
        self.walk(body)?;
        self.flow.cut(mark);
        self.flow.dead = dead || forever;
        no.into_iter().for_each(|v| self.flow.assign(v));
        self.leave_loop();
        Ok(())
    }

    /// Walks a condition; returns what is assigned besides if it is true, and if it is false.
    pub(super) fn condition(&mut self, h: Hx) -> Lowered<(Vec<Var>, Vec<Var>)> {
        let (a, b, and) = match *self.hir.node(h) {
            H::AndAnd(a, b) => (a, b, true),
            H::OrOr(a, b) => (a, b, false),
            _ => {
                self.walk(h)?;
                return Ok((Vec::new(), Vec::new()));
            }
        };
        self.position += 1;
        let (yes, no) = self.condition(a)?;
        let mut chosen = if and { yes } else { no };
        let mark = self.flow.mark();
        let dead = self.flow.dead;
        chosen.iter().for_each(|&v| self.flow.assign(v));
        let (yes, no) = self.condition(b)?;
        let mut rest = if and { yes } else { no };
        let second = self.flow.cut(mark);
        self.flow.dead = dead;
        chosen.append(&mut rest);
        chosen.extend(second.assigned());
        Ok(if and {
            (chosen, Vec::new())
        } else {
            (Vec::new(), chosen)
        })
    }
}
