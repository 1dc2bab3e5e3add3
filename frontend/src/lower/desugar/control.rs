//! Branches, loops, `let` and `try`.

use super::Desugar;
use crate::lower::hir::{Exit, H, Hx};
use crate::lower::keywords;
use crate::lower::{Lowered, pattern, signature};
use crate::surface::{Head, Node, NodeData};
use hashbrown::HashSet;
use jlift_ir::{Name, Type, Value};

impl Desugar<'_> {
    /// `if`, `elseif` and `? :`.
    pub(super) fn if_(&mut self, node: Node, args: &[Node]) -> Lowered<Hx> {
        let (cond, then, other) = match *args {
            [cond, then] => (cond, then, None),
            [cond, then, other] => (cond, then, Some(other)),
            _ => return self.error(node, "syntax: malformed \"if\""),
        };
        let cond = self.expr(cond)?;
        let then = self.expr(then)?;
        let other = match other {
            Some(other) => self.expr(other)?,
            None => self.nothing(),
        };
        Ok(self.add(H::If(cond, then, other)))
    }

    pub(super) fn while_(&mut self, cond: Node, body: Node) -> Lowered<Hx> {
        let cond = self.expr(cond)?;
        let body = self.loop_body(body)?;
        let looped = self.add(H::While(cond, body));
        Ok(self.add(H::Breakable(Exit::Loop, looped)))
    }

    /// The body of a loop: a scope that `continue` leaves.
    fn loop_body(&mut self, body: Node) -> Lowered<Hx> {
        self.loops += 1;
        let body = self.inner(body);
        self.loops -= 1;
        let body = self.add(H::Scope {
            hard: false,
            body: body?,
        });
        Ok(self.add(H::Breakable(Exit::Iteration, body)))
    }

    pub(super) fn break_(&mut self, node: Node, out: bool) -> Lowered<Hx> {
        if self.loops == 0 {
            return self.error(node, "syntax: break or continue outside loop");
        }
        let exit = if out { Exit::Loop } else { Exit::Iteration };
        Ok(self.add(H::Break(exit)))
    }

    /// `for i in a, j in b; body; end`. `break` leaves all of them.
    pub(super) fn for_(&mut self, iterators: Node, body: Node) -> Lowered<Hx> {
        let list = match self.tree.head(iterators) {
            Some(Head::Block) => self.args(iterators),
            _ => vec![iterators],
        };
        let looped = self.for_nest(&list, body, &mut Vec::new())?;
        Ok(self.add(H::Breakable(Exit::Loop, looped)))
    }

    /// One loop of a nest:
    ///
    /// ```text
    /// coll = iterator; next = iterate(coll)
    /// if next !== nothing
    ///     do
    ///         scope: x = next[1]; state = next[2]; body
    ///         next = iterate(coll, state)
    ///     while next !== nothing
    /// ```
    fn for_nest(&mut self, list: &[Node], body: Node, outer: &mut Vec<Name>) -> Lowered<Hx> {
        let Some((&first, rest)) = list.split_first() else {
            return self.loop_body(body);
        };
        let (Some(Head::Assign), &[lhs, collection]) =
            (self.tree.head(first), self.tree.args(first))
        else {
            return self.error(first, "syntax: invalid iteration specification");
        };
        let span = self.span;
        if self.tree.span(first).is_some() {
            self.span = self.tree.span(first);
        }
        let (lhs, is_outer) = match (self.tree.head(lhs), self.tree.args(lhs)) {
            (Some(Head::Other(name)), &[inner]) if name == self.k.outer => (inner, true),
            _ => (lhs, false),
        };
        let mut stmts = Vec::new();
        let collection = self.expr(collection)?;
        let collection = self.value_atom(collection, &mut stmts);
        let next = self.hir.fresh_var(self.k.iterator, self.lambda);
        let first_call = {
            let collection = self.add(collection.clone());
            self.call_base(self.k.iterate, &[collection])
        };
        let target = self.add(H::Var(next));
        stmts.push(self.add(H::Assign(target, first_call)));
        let mut inner = Vec::new();
        let mut names = Vec::new();
        if !is_outer {
            pattern::names(&self.tree, lhs, &mut names)?;
            for &name in &names {
                inner.push(self.add(H::Local(name)));
            }
        } else if let Some(name) = self.tree.symbol(lhs) {
            stmts.push(self.add(H::Outer(name)));
        }
        let pair = self.add(H::Var(next));
        let one = self.int(1);
        let value = self.call_core(self.k.getfield, &[pair, one]);
        inner.push(self.assign_to(lhs, value)?);
        let pair = self.add(H::Var(next));
        let two = self.int(2);
        let state = self.call_core(self.k.getfield, &[pair, two]);
        let temp = self.hir.fresh_temp();
        inner.push(self.add(H::SetTemp(temp, state)));
        let looped = if rest.is_empty() {
            self.copied_variables(outer, body)?
        } else {
            let kept = outer.len();
            outer.extend(names);
            let looped = self.for_nest(rest, body, outer)?;
            outer.truncate(kept);
            looped
        };
        inner.push(looped);
        let body = self.seq(&inner);
        let body = self.add(H::Scope { hard: false, body });
        let step = {
            let collection = self.add(collection);
            let state = self.add(H::Temp(temp));
            self.call_base(self.k.iterate, &[collection, state])
        };
        let target = self.add(H::Var(next));
        let step = self.add(H::Assign(target, step));
        let body = self.seq(&[body, step]);
        let again = self.not_nothing(H::Var(next));
        let looped = self.add(H::DoWhile(body, again));
        let begins = self.not_nothing(H::Var(next));
        let nothing = self.nothing();
        stmts.push(self.add(H::If(begins, looped, nothing)));
        self.span = span;
        Ok(self.seq(&stmts))
    }

    /// The innermost body: variables of the outer loops of the nest are copied if it assigns them,
    /// so that it cannot change the iteration.
    fn copied_variables(&mut self, outer: &[Name], body: Node) -> Lowered<Hx> {
        if outer.is_empty() {
            return self.loop_body(body);
        }
        let mut used = HashSet::new();
        keywords::symbols(&self.tree, body, &mut used);
        let mut copies = Vec::new();
        let mut inner = Vec::new();
        for &name in outer {
            if !used.contains(&name) || signature::is_underscore(&self.tables.names, name) {
                continue;
            }
            if !self.assigns_name(body, name) {
                continue;
            }
            let temp = self.hir.fresh_temp();
            let value = self.name(name);
            copies.push(self.add(H::SetTemp(temp, value)));
            inner.push(self.add(H::Local(name)));
            let target = self.name(name);
            let value = self.add(H::Temp(temp));
            inner.push(self.add(H::Assign(target, value)));
        }
        let body = self.loop_body(body)?;
        if copies.is_empty() {
            return Ok(body);
        }
        inner.push(body);
        let scope = self.seq(&inner);
        copies.push(self.add(H::Scope {
            hard: false,
            body: scope,
        }));
        Ok(self.seq(&copies))
    }

    /// Whether a tree may assign a name. Errs on the side of yes.
    fn assigns_name(&self, node: Node, name: Name) -> bool {
        let args = self.tree.args(node);
        let assigning = match self.tree.head(node) {
            Some(Head::Assign) => true,
            Some(Head::Other(op)) => self.text(op).ends_with('='),
            _ => false,
        };
        if assigning && let Some(&lhs) = args.first() {
            let mut names = Vec::new();
            if pattern::names(&self.tree, lhs, &mut names).is_err() || names.contains(&name) {
                return true;
            }
        }
        args.iter().any(|&arg| self.assigns_name(arg, name))
    }

    /// `not_int(x === nothing)`.
    fn not_nothing(&mut self, x: H) -> Hx {
        let x = self.add(x);
        let nothing = self.nothing();
        let is = self.call_core(self.k.identical, &[x, nothing]);
        self.call_base(self.k.not_int, &[is])
    }

    /// `let a = x, b = y; body; end`: one scope for each binding, `x` outside of the scope of `a`.
    pub(super) fn let_(&mut self, bindings: Node, body: Node) -> Lowered<Hx> {
        let list = match self.tree.head(bindings) {
            Some(Head::Block) => self.args(bindings),
            _ => vec![bindings],
        };
        let mut layers = Vec::with_capacity(list.len());
        for &binding in &list {
            layers.push(self.let_binding(binding)?);
        }
        let body = self.inner(body)?;
        if layers.is_empty() {
            return Ok(self.add(H::Scope { hard: true, body }));
        }
        let mut inner = body;
        for (mut before, mut inside) in layers.into_iter().rev() {
            inside.push(inner);
            let scope = self.seq(&inside);
            before.push(self.add(H::Scope {
                hard: true,
                body: scope,
            }));
            inner = self.seq(&before);
        }
        Ok(inner)
    }

    /// What stands before the scope of a binding, and at its start.
    fn let_binding(&mut self, binding: Node) -> Lowered<(Vec<Hx>, Vec<Hx>)> {
        let (mut before, mut inside) = (Vec::new(), Vec::new());
        let args = self.args(binding);
        let mut names = Vec::new();
        match (self.tree.head(binding), &args[..]) {
            (Some(Head::Assign | Head::Function), &[lhs, _])
                if signature::is_call_head(&self.tree, lhs) =>
            {
                let mut callee = lhs;
                while let Some(&inner) = self.tree.args(callee).first() {
                    callee = inner;
                }
                if let Some(name) = self.tree.symbol(callee) {
                    inside.push(self.add(H::Local(name)));
                }
                inside.push(self.function(binding)?);
            }
            (Some(Head::Assign | Head::Kw), &[lhs, rhs]) => {
                pattern::names(&self.tree, lhs, &mut names)?;
                let mut used = HashSet::new();
                keywords::symbols(&self.tree, rhs, &mut used);
                let simple =
                    self.tree.symbol(lhs).is_some() && !names.iter().any(|n| used.contains(n));
                let mut value = self.expr(rhs)?;
                // The new variable is not seen by its own value.
                if !simple {
                    let temp = self.hir.fresh_temp();
                    before.push(self.add(H::SetTemp(temp, value)));
                    value = self.add(H::Temp(temp));
                }
                for name in names {
                    inside.push(self.add(H::Local(name)));
                }
                inside.push(self.assign_to(lhs, value)?);
            }
            (Some(Head::Typed), &[_, _]) => {
                inside.push(self.declaration(&[binding], true)?);
            }
            _ => match self.tree.symbol(binding) {
                Some(name) => inside.push(self.add(H::Local(name))),
                None => return self.error(binding, "syntax: invalid let syntax"),
            },
        }
        Ok((before, inside))
    }

    /// `try` with its parts: body, variable, handler, `finally`, `else`.
    pub(super) fn try_(&mut self, node: Node, args: &[Node]) -> Lowered<Hx> {
        let (&body, rest) = match args.split_first() {
            Some(parts) if args.len() >= 3 => parts,
            _ => return self.error(node, "syntax: malformed \"try\""),
        };
        let present = |n: Option<&Node>| n.copied().filter(|&n| !self.is_false(n));
        let variable = present(rest.first());
        let handler = present(rest.get(1));
        let finally = present(rest.get(2));
        let otherwise = present(rest.get(3));
        let body = self.scoped(body)?;
        let mut whole = body;
        if handler.is_some() || variable.is_some() || finally.is_none() {
            let mut stmts = Vec::new();
            if let Some(variable) = variable {
                // An assignment in the handler's scope: a local variable around it of that name gets
                // the exception.
                if self.tree.symbol(variable).is_none() {
                    return self.error(variable, "syntax: invalid syntax for catch variable");
                }
                let exception = self.add(H::TheException);
                stmts.push(self.assign_to(variable, exception)?);
            }
            stmts.push(match handler {
                Some(handler) => self.scoped(handler)?,
                None => self.nothing(),
            });
            let handler = self.seq(&stmts);
            let handler = self.add(H::Scope {
                hard: false,
                body: handler,
            });
            let otherwise = otherwise.map(|n| self.scoped(n)).transpose()?;
            whole = self.add(H::TryCatch(body, handler, otherwise));
        }
        if let Some(finally) = finally {
            let finally = self.scoped(finally)?;
            whole = self.add(H::TryFinally(whole, finally));
        }
        Ok(whole)
    }

    /// Code of a scope of its own: what it declares global is so in it.
    fn inner(&mut self, node: Node) -> Lowered<Hx> {
        let declared = self.global_names.len();
        let body = self.expr(node);
        self.global_names.truncate(declared);
        body
    }

    fn scoped(&mut self, node: Node) -> Lowered<Hx> {
        let body = self.inner(node)?;
        Ok(self.add(H::Scope { hard: false, body }))
    }

    /// Whether a part of `try` is absent.
    fn is_false(&self, node: Node) -> bool {
        matches!(
            self.tree.data(node),
            NodeData::Bits {
                ty: Type::BOOL,
                bits: 0
            } | NodeData::Nothing
        )
    }

    /// `false` or `true` as a value.
    pub(super) fn bool(&mut self, value: bool) -> Hx {
        self.add(H::Const(Value::bool(value)))
    }
}
