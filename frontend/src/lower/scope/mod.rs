//! Which variable a name is: Julia's scope rules, captured variables, and which of those need a
//! box. One walk in order of evaluation that replaces the names of a [`Hir`].
//!
//! A captured variable is captured by value if it certainly has its last value wherever a closure
//! takes it: no assignment stands behind a capture, no loop inside of the variable's scope holds
//! both, and the assignment is on every path. Otherwise closure and owner share a `Core.Box`.

mod names;
mod walk;

use names::TypeUse;

use super::flow::Flow;
use super::hir::{Group, H, Hir, Hx, LambdaId, StaticVar, Var, VarData};
use super::known::Known;
use super::{LowerContext, LowerError, Lowered};
use crate::surface::{Span, Tree};
use cranelift_entity::SecondaryMap;
use hashbrown::{HashMap, HashSet};
use jlift_ir::{Name, Tables};

/// Resolves all names of a body.
pub fn resolve(
    hir: &mut Hir,
    root: LambdaId,
    tree: &Tree,
    k: &Known,
    ctx: &mut LowerContext,
    tables: &mut Tables,
) -> Lowered<()> {
    let mut resolver = Resolver {
        hir,
        tree,
        k,
        ctx,
        tables,
        env: HashMap::new(),
        undo: Vec::new(),
        frames: Vec::new(),
        flow: Flow::default(),
        states: SecondaryMap::new(),
        captured: HashSet::new(),
        hard_scopes: 0,
        position: 0,
        first_definition: SecondaryMap::new(),
    };
    resolver.lambda(root)?;
    resolver.finish();
    Ok(())
}

/// What a name stands for.
#[derive(Copy, Clone)]
enum Binding {
    Var(Var),
    Static(StaticVar),
    /// Declared `global`.
    Global,
}

/// A lambda around the current point.
struct Frame {
    lambda: LambdaId,
    /// Loops around the point, within the lambda.
    loops: Vec<u32>,
    /// Position of the first `@goto` or `@label`.
    first_jump: Option<u32>,
}

/// What the walk knows of a variable.
#[derive(Clone, Default)]
struct VarState {
    /// Number of loops around its scope.
    loop_depth: usize,
    declared: u32,
    /// The outermost loop inside of the scope that holds the last assignment.
    assigning_loop: Option<u32>,
    last_assignment: u32,
}

/// Names that a scope declares or assigns, not those of scopes inside of it.
#[derive(Default)]
struct Declared {
    locals: Vec<Name>,
    globals: Vec<Name>,
    assigned: Vec<(Name, Option<Span>)>,
    seen: HashSet<(Name, u8)>,
}

struct Resolver<'a> {
    hir: &'a mut Hir,
    tree: &'a Tree,
    k: &'a Known,
    ctx: &'a mut LowerContext,
    tables: &'a mut Tables,
    env: HashMap<Name, Binding>,
    undo: Vec<(Name, Option<Binding>)>,
    frames: Vec<Frame>,
    flow: Flow,
    states: SecondaryMap<Var, VarState>,
    captured: HashSet<(LambdaId, Var)>,
    /// Hard scopes and functions around the point.
    hard_scopes: u32,
    position: u32,
    first_definition: SecondaryMap<Group, u32>,
}

impl Resolver<'_> {
    fn text(&self, name: Name) -> &str {
        self.tables.names.str(name)
    }

    fn error<T>(&self, span: Option<Span>, message: String) -> Lowered<T> {
        let own = self
            .frames
            .last()
            .and_then(|f| self.hir.lambdas[f.lambda].span);
        Err(LowerError::new(span.or(own), message))
    }

    fn bind(&mut self, name: Name, binding: Binding) {
        let old = self.env.insert(name, binding);
        self.undo.push((name, old));
    }

    fn unbind(&mut self, mark: usize) {
        while self.undo.len() > mark {
            match self.undo.pop() {
                Some((name, Some(old))) => {
                    self.env.insert(name, old);
                }
                Some((name, None)) => {
                    self.env.remove(&name);
                }
                None => {}
            }
        }
    }

    fn current(&self) -> LambdaId {
        match self.frames.last() {
            Some(frame) => frame.lambda,
            None => LambdaId::from_u32(0),
        }
    }

    fn new_var(&mut self, name: Name, is_arg: bool) -> Var {
        let lambda = self.current();
        let loops = self.frames.last().map_or(0, |f| f.loops.len());
        let var = self.hir.vars.push(VarData::new(name, lambda, is_arg));
        self.hir.vars[var].in_loop = loops > 0;
        self.states[var] = VarState {
            loop_depth: loops,
            declared: self.position,
            assigning_loop: None,
            last_assignment: 0,
        };
        if is_arg {
            self.flow.assign(var);
        }
        self.bind(name, Binding::Var(var));
        var
    }

    /// Resolves a lambda in the scope of the current point.
    fn lambda(&mut self, id: LambdaId) -> Lowered<()> {
        let mark = self.undo.len();
        let outer_flow = std::mem::take(&mut self.flow);
        let nested = !self.frames.is_empty();
        self.frames.push(Frame {
            lambda: id,
            loops: Vec::new(),
            first_jump: None,
        });
        let type_vars = self.hir.lambdas[id].type_vars.clone();
        for var in &type_vars {
            if nested {
                for bound in [var.lower, var.upper].into_iter().flatten() {
                    self.type_names(bound, TypeUse::Signature, &mut Vec::new())?;
                }
            }
            let static_var = self.hir.statics.push((var.name, id));
            self.hir.lambdas[id].scoped.statics.push(static_var);
            self.bind(var.name, Binding::Static(static_var));
        }
        let params = self.hir.lambdas[id].params.clone();
        if nested {
            for ty in params.iter().filter_map(|p| p.ty) {
                self.type_names(ty, TypeUse::Signature, &mut Vec::new())?;
            }
        }
        let mut args = Vec::with_capacity(params.len() + 1);
        let top_level = self.hir.lambdas[id].self_name.is_none();
        if let Some(name) = self.hir.lambdas[id].self_name {
            args.push(self.new_var(name, true));
        }
        for param in &params {
            args.push(self.new_var(param.name, true));
        }
        self.hir.lambdas[id].scoped.args = args;
        let body = self.hir.lambdas[id].body;
        if let Some(ret) = self.hir.lambdas[id].ret {
            self.walk(ret)?;
        }
        if top_level {
            self.open_scope(None, body, true, true)?;
            self.walk(body)?;
        } else {
            self.hard_scopes += 1;
            self.open_scope(None, body, true, false)?;
            self.walk(body)?;
            self.hard_scopes -= 1;
        }
        self.unbind(mark);
        self.frames.pop();
        self.flow = outer_flow;
        Ok(())
    }

    /// Collects what a scope declares.
    fn collect(&self, h: Hx, out: &mut Declared) {
        let node = self.hir.node(h);
        match node {
            H::Scope { .. } => return,
            H::Local(name) if out.seen.insert((*name, 0)) => out.locals.push(*name),
            H::GlobalDecl(name) if out.seen.insert((*name, 1)) => out.globals.push(*name),
            H::Assign(target, _) | H::FuncDef(target, _) | H::TypeDecl(target, _) => {
                if let H::Name(name) = self.hir.node(*target)
                    && out.seen.insert((*name, 2))
                {
                    out.assigned.push((*name, self.hir.span(h)));
                }
            }
            _ => {}
        }
        self.hir
            .children(node, &mut |child| self.collect(child, out));
    }

    /// Binds the names of a scope that begins here, and notes them at its node. The body of a lambda:
    /// `of_lambda`; of top-level code: `global`.
    fn open_scope(
        &mut self,
        scope: Option<Hx>,
        h: Hx,
        of_lambda: bool,
        global: bool,
    ) -> Lowered<()> {
        let mut vars = Vec::new();
        let mut declared = Declared::default();
        self.collect(h, &mut declared);
        let span = self.hir.span(h);
        for &name in &declared.globals {
            if declared.seen.contains(&(name, 0)) {
                let text = self.text(name);
                return self.error(
                    span,
                    format!("syntax: variable \"{text}\" declared both local and global"),
                );
            }
            if of_lambda
                && let Some(Binding::Var(var)) = self.env.get(&name)
                && self.hir.vars[*var].is_arg
                && self.hir.vars[*var].lambda == self.current()
            {
                let text = self.text(name);
                return self.error(
                    span,
                    format!("syntax: variable \"{text}\" is both an argument and global"),
                );
            }
            self.bind(name, Binding::Global);
        }
        for &name in &declared.locals {
            if of_lambda {
                let what = match self.env.get(&name) {
                    Some(Binding::Var(v))
                        if self.hir.vars[*v].is_arg
                            && self.hir.vars[*v].lambda == self.current() =>
                    {
                        Some("an argument")
                    }
                    Some(Binding::Static(s)) if self.hir.statics[*s].1 == self.current() => {
                        Some("a static parameter")
                    }
                    _ => None,
                };
                if let Some(what) = what {
                    let text = self.text(name);
                    return self.error(
                        span,
                        format!("syntax: local variable name \"{text}\" conflicts with {what}"),
                    );
                }
            }
            vars.push(self.new_var(name, false));
        }
        for &(name, span) in &declared.assigned {
            if declared.seen.contains(&(name, 0)) || declared.seen.contains(&(name, 1)) {
                continue;
            }
            match self.env.get(&name) {
                Some(Binding::Var(_) | Binding::Global) => {}
                Some(Binding::Static(s)) => {
                    if self.hir.statics[*s].1 == self.current() || !of_lambda {
                        let text = self.text(name);
                        return self.error(
                            span,
                            format!(
                                "syntax: local variable name \"{text}\" conflicts with a static parameter"
                            ),
                        );
                    }
                    vars.push(self.new_var(name, false));
                }
                None if global => {}
                None => {
                    if self.hard_scopes == 0 && self.ctx.has_global(name) {
                        self.warn_ambiguous(name, span);
                    }
                    vars.push(self.new_var(name, false));
                }
            }
        }
        match scope {
            Some(scope) if !vars.is_empty() => {
                self.hir.scope_vars.insert(scope, vars);
            }
            Some(_) => {}
            None => {
                let current = self.current();
                self.hir.lambdas[current].scoped.vars = vars;
            }
        }
        Ok(())
    }

    fn warn_ambiguous(&mut self, name: Name, span: Option<Span>) {
        let x = self.text(name);
        let message = format!(
            "Assignment to `{x}` in soft scope is ambiguous because a global variable by the same \
             name exists: `{x}` will be treated as a new local. Disambiguate by using `local {x}` to \
             suppress this warning or `global {x}` to assign to the existing global variable."
        );
        self.ctx.warnings.push(LowerError::new(span, message));
    }
}
