//! Reading and assigning names: what they become, who captures them, and which variables need a
//! box.

use super::{Binding, Resolver};
use crate::lower::hir::{Group, GroupData, H, Hx, LambdaId, List, StaticVar, Var};
use crate::lower::{Lowered, where_vars};
use crate::surface::{Head, Home, Node, NodeData, Span};
use jlift_ir::{ConstData, Name, Value};

/// Where a type expression stands.
#[derive(Copy, Clone)]
pub(super) enum TypeUse {
    /// In the signature of a closure.
    Signature,
    /// In a `ccall`.
    Foreign,
    /// As a value with `where` or `<:`.
    Where,
}

impl Resolver<'_> {
    /// `Base.f` and `Core.f` are names of these modules. Says whether the call was one.
    pub(super) fn module_member(&mut self, h: Hx, list: &List) -> bool {
        let &[callee, module, field] = list.as_slice(&self.hir.lists) else {
            return false;
        };
        let (H::Global(Home::Base, function), H::Name(module), H::Const(Value::Const(field))) = (
            self.hir.node(callee),
            self.hir.node(module),
            self.hir.node(field),
        ) else {
            return false;
        };
        let home = if *module == self.k.base {
            Home::Base
        } else if *module == self.k.core {
            Home::Core
        } else {
            return false;
        };
        if *function != self.k.getproperty || self.env.contains_key(module) {
            return false;
        }
        let ConstData::Symbol(name) = *self.tables.const_data(*field) else {
            return false;
        };
        self.hir.set(h, H::Global(home, name));
        true
    }

    /// Replaces a name; says nothing of its use.
    pub(super) fn name(&mut self, h: Hx) -> Lowered<()> {
        if let H::Name(name) = *self.hir.node(h) {
            let resolved = match self.env.get(&name) {
                Some(Binding::Var(var)) => H::Var(*var),
                Some(Binding::Static(s)) => H::Static(*s),
                Some(Binding::Global) | None => H::Global(Home::Current, name),
            };
            if let H::Static(s) = resolved {
                self.use_static(s);
            }
            self.hir.set(h, resolved);
        }
        Ok(())
    }

    pub(super) fn read(&mut self, h: Hx) -> Lowered<()> {
        self.name(h)?;
        if let H::Var(var) = *self.hir.node(h) {
            if self.hir.vars[var].lambda == self.current() {
                if !self.flow.is_assigned(var) {
                    self.hir.vars[var].maybe_undefined = true;
                }
            } else {
                self.capture(var, self.hir.span(h));
            }
        }
        Ok(())
    }

    pub(super) fn is_defined(&mut self, h: Hx) -> Lowered<()> {
        self.name(h)?;
        match *self.hir.node(h) {
            H::Var(_) => self.read(h),
            H::Static(_) | H::Global(..) => Ok(()),
            _ => self.walk(h),
        }
    }

    /// The lambdas between the current point and the owner of a variable hand it on.
    pub(super) fn capture(&mut self, var: Var, span: Option<Span>) {
        let owner = self.hir.vars[var].lambda;
        for frame in self.frames.iter().rev() {
            if frame.lambda == owner {
                break;
            }
            if self.captured.insert((frame.lambda, var)) {
                self.hir.lambdas[frame.lambda]
                    .scoped
                    .captures
                    .push((var, span));
            }
        }
    }

    pub(super) fn use_static(&mut self, s: StaticVar) {
        let owner = self.hir.statics[s].1;
        for frame in self.frames.iter().rev() {
            if frame.lambda == owner {
                break;
            }
            let used = &mut self.hir.lambdas[frame.lambda].scoped.outer_statics;
            if used.contains(&s) {
                break;
            }
            used.push(s);
        }
    }

    pub(super) fn assign(&mut self, target: Hx, span: Option<Span>, function: bool) -> Lowered<()> {
        self.name(target)?;
        let var = match *self.hir.node(target) {
            H::Var(var) => var,
            H::Static(s) => {
                let text = self.text(self.hir.statics[s].0);
                let message = format!(
                    "syntax: local variable name \"{text}\" conflicts with a static parameter"
                );
                return self.error(span, message);
            }
            _ => return Ok(()),
        };
        if !function {
            self.hir.vars[var].assigned += 1;
        }
        if self.hir.vars[var].lambda != self.current() {
            self.capture(var, span);
            if let Some(ty) = self.hir.vars[var].ty {
                self.walk(ty)?;
            }
            let data = &mut self.hir.vars[var];
            data.boxed = true;
            data.captured = true;
            data.reassigned = data.reassigned.or(span);
            return Ok(());
        }
        let data = &mut self.hir.vars[var];
        if data.captured {
            data.boxed = true;
            data.reassigned = data.reassigned.or(span);
        }
        let position = self.position;
        let state = &mut self.states[var];
        state.last_assignment = position;
        state.assigning_loop = self
            .frames
            .last()
            .and_then(|f| f.loops.get(state.loop_depth))
            .copied();
        self.flow.assign(var);
        Ok(())
    }

    pub(super) fn closure_name(&mut self, name: Name) -> Name {
        let text = self.text(name).trim_start_matches('#').to_string();
        self.ctx.gensym.fresh(self.tables, &text)
    }

    /// Methods of a local function.
    pub(super) fn define(&mut self, h: Hx, target: Hx, lambdas: Vec<LambdaId>) -> Lowered<()> {
        self.name(target)?;
        let span = self.hir.span(h);
        let H::Var(var) = *self.hir.node(target) else {
            return self.error(
                span,
                "syntax: Global method definition needs to be placed at the top level, or use \"eval\"."
                    .into(),
            );
        };
        let own = self.hir.vars[var].lambda == self.current();
        let known = self.hir.vars[var].group.filter(|_| own);
        let group = match known {
            Some(group) => group,
            None => {
                let name = self.closure_name(self.hir.vars[var].name);
                let group = self.hir.groups.push(GroupData {
                    name,
                    lambdas: Vec::new(),
                    self_var: None,
                });
                self.first_definition[group] = self.position;
                if own {
                    self.hir.vars[var].group = Some(group);
                }
                group
            }
        };
        for &lambda in &lambdas {
            self.lambda(lambda)?;
        }
        for &lambda in &lambdas {
            self.take_captures(lambda, Some(var), group)?;
        }
        self.hir.groups[group].lambdas.extend(lambdas);
        self.hir.vars[var].func_defs += 1;
        self.hir.set(h, H::FuncDefOf(target, group));
        self.assign(target, span, own)
    }

    /// A closure is made here: decides on its captured variables of this lambda.
    pub(super) fn take_captures(
        &mut self,
        lambda: LambdaId,
        own: Option<Var>,
        group: Group,
    ) -> Lowered<()> {
        let current = self.current();
        for i in 0..self.hir.lambdas[lambda].scoped.captures.len() {
            let (var, span) = self.hir.lambdas[lambda].scoped.captures[i];
            if self.hir.vars[var].lambda != current || own == Some(var) {
                continue;
            }
            let assigned = self.flow.is_assigned(var);
            let state = &self.states[var];
            let first = self.first_definition[group];
            if own.is_some() && state.declared > first {
                let text = self.text(self.hir.vars[var].name);
                let message = format!(
                    "all methods of a local function must stand together: `{text}` is declared between them"
                );
                return self.error(span, message);
            }
            let frame = self.frames.last();
            let in_loop = state.assigning_loop.is_some()
                && frame.and_then(|f| f.loops.get(state.loop_depth)).copied()
                    == state.assigning_loop;
            let jumped = frame
                .and_then(|f| f.first_jump)
                .is_some_and(|jump| state.last_assignment >= jump);
            let late = own.is_some() && state.last_assignment > first;
            let data = &mut self.hir.vars[var];
            data.captured = true;
            let reassigned = data.assigned > 0 || data.func_defs > 0;
            if !assigned || (reassigned && (in_loop || jumped || late)) {
                data.boxed = true;
            }
            if !assigned {
                data.undefined_in_closure = true;
            }
        }
        Ok(())
    }

    /// Names in a type expression that inference evaluates: `where` variables are noted, local
    /// variables are errors.
    pub(super) fn type_names(
        &mut self,
        node: Node,
        used: TypeUse,
        bound: &mut Vec<Name>,
    ) -> Lowered<()> {
        match self.tree.data(node) {
            NodeData::Symbol(name) => {
                if bound.contains(name) {
                    return Ok(());
                }
                match self.env.get(name) {
                    Some(Binding::Static(s)) => {
                        let s = *s;
                        self.use_static(s);
                        Ok(())
                    }
                    Some(Binding::Var(_)) => {
                        let text = self.text(*name);
                        let message = match used {
                            TypeUse::Signature => format!(
                                "syntax: local variable {text} cannot be used in closure declaration"
                            ),
                            TypeUse::Foreign => format!(
                                "the types of a `ccall` cannot depend on the local variable `{text}`"
                            ),
                            TypeUse::Where => format!(
                                "a type with `where` cannot depend on the local variable `{text}`"
                            ),
                        };
                        self.error(self.tree.span(node), message)
                    }
                    _ => Ok(()),
                }
            }
            NodeData::Expr { head, .. } => {
                let args = self.tree.args(node);
                let mark = bound.len();
                if *head == Head::Where {
                    for var in where_vars(self.tree, args.get(1..).unwrap_or_default())? {
                        for limit in [var.lower, var.upper].into_iter().flatten() {
                            self.type_names(limit, used, bound)?;
                        }
                        bound.push(var.name);
                    }
                    if let Some(&inner) = args.first() {
                        self.type_names(inner, used, bound)?;
                    }
                } else {
                    for &arg in args {
                        self.type_names(arg, used, bound)?;
                    }
                }
                bound.truncate(mark);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Local functions that are assigned nothing else know themselves without capturing.
    pub(super) fn finish(&mut self) {
        for var in self.hir.vars.keys() {
            let data = &self.hir.vars[var];
            let Some(group) = data.group else {
                continue;
            };
            if data.assigned == 0 && !data.boxed {
                self.hir.groups[group].self_var = Some(var);
                continue;
            }
            let own = self.hir.groups[group]
                .lambdas
                .iter()
                .any(|&l| self.captured.contains(&(l, var)));
            if own {
                self.hir.vars[var].captured = true;
                self.hir.vars[var].boxed = true;
            }
        }
    }
}
