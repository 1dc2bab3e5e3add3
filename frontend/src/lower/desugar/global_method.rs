//! Methods of global functions that top-level code defines in a scope of its own, as
//! `let n = 0; global f() = n += 1; end` does. What they capture is only there when the code runs:
//! the body becomes a closure, and the method, which is evaluated then, forwards to it.
//!
//! ```text
//! global f(x::T, y = 1; k...) = body
//! eval(:(f(x::$T, y = 1; k...) = $((x, y; k...) -> body)(x, y; k...)))
//! ```

use super::Desugar;
use crate::lower::Lowered;
use crate::lower::generate::Gen;
use crate::lower::hir::{H, Hx};
use crate::surface::{Head, Home, Node};

/// The parts of the two functions that a definition becomes.
#[derive(Default)]
struct Parts {
    /// Of the method.
    params: Vec<Node>,
    /// Of the closure.
    inner: Vec<Node>,
    /// What the closure is called with.
    args: Vec<Node>,
}

impl Desugar<'_> {
    /// Whether code that stands here is executed once, by the program's top level.
    pub(super) fn is_top_level(&self) -> bool {
        let lambda = self.hir.lambdas.get(self.lambda);
        lambda.is_some_and(|l| l.name == self.k.top_level && l.self_name.is_none())
    }

    /// The definition of a method of a global function, evaluated where it stands.
    pub(super) fn global_method(&mut self, node: Node) -> Lowered<Hx> {
        let &[head, body] = self.tree.args(node) else {
            return self.error(node, "syntax: invalid function definition");
        };
        let definition = self.generate(|g| forwarding(g, head, body));
        let code = self.quote(definition)?;
        let module = self.tables.names.intern(crate::lowered::THIS_MODULE);
        let module = self.add(H::Global(Home::Current, module));
        let eval = self.tables.names.intern("eval_in");
        Ok(self.call_base(eval, &[module, code]))
    }
}

/// The method, quoted, with the closure as a value in it.
fn forwarding(g: &mut Gen<'_>, head: Node, body: Node) -> Node {
    let mut wrappers = Vec::new();
    let mut call = head;
    while let (Some(outer @ (Head::Where | Head::Typed)), [inner, rest @ ..]) =
        (g.tree.head(call), g.tree.args(call))
    {
        wrappers.push((outer, rest.to_vec()));
        call = *inner;
    }
    let has_variables = wrappers.iter().any(|(head, _)| *head == Head::Where);
    let list = g.tree.args(call).to_vec();
    let (callee, list) = match list.split_first() {
        Some((&callee, list)) => (callee, list),
        None => (call, &list[..]),
    };
    let mut parts = Parts::default();
    for &param in list {
        parameter(g, param, has_variables, &mut parts);
    }
    let mut signature = g.expr(Head::Tuple, &parts.inner);
    for (wrapper, rest) in wrappers.iter().rev() {
        if *wrapper == Head::Where {
            signature = wrapped(g, Head::Where, signature, rest);
        }
    }
    let closure = g.expr(Head::Function, &[signature, body]);
    let closure = g.expr(Head::Interpolate, &[closure]);
    let forward = g.call(closure, &parts.args);
    let mut outer = g.call(callee, &parts.params);
    for (wrapper, rest) in wrappers.iter().rev() {
        outer = wrapped(g, *wrapper, outer, rest);
    }
    g.expr(Head::Assign, &[outer, forward])
}

fn wrapped(g: &mut Gen<'_>, head: Head, inner: Node, rest: &[Node]) -> Node {
    let mut all = vec![inner];
    all.extend_from_slice(rest);
    g.expr(head, &all)
}

fn parameter(g: &mut Gen<'_>, param: Node, has_variables: bool, parts: &mut Parts) {
    match (g.tree.head(param), g.tree.args(param).to_vec().as_slice()) {
        (Some(Head::Parameters), _) => {
            let all = g.fresh("keywords");
            let mut splat = || {
                let name = g.sym(all);
                let splat = g.expr(Head::Splat, &[name]);
                g.expr(Head::Parameters, &[splat])
            };
            let (first, second) = (splat(), splat());
            parts.params.insert(0, first);
            parts.args.insert(0, second);
            parts.inner.insert(0, param);
        }
        (Some(Head::Kw), &[inner, default]) => {
            let at = parts.params.len();
            parameter(g, inner, has_variables, parts);
            if let Some(&own) = parts.params.get(at) {
                let own = g.expr(Head::Kw, &[own, default]);
                parts.params.truncate(at);
                parts.params.push(own);
            }
        }
        (Some(Head::Splat), &[inner]) => {
            let (own, name) = named(g, inner, has_variables);
            let own = g.expr(Head::Splat, &[own]);
            let inner = g.expr(Head::Splat, &[inner]);
            let arg = g.expr(Head::Splat, &[name]);
            parts.params.push(own);
            parts.inner.push(inner);
            parts.args.push(arg);
        }
        _ => {
            let (own, name) = named(g, param, has_variables);
            parts.params.push(own);
            // What the method has checked need not be checked again, unless a variable is to be found.
            let typed = g.tree.head(param) == Some(Head::Typed);
            parts
                .inner
                .push(if typed && !has_variables { name } else { param });
            parts.args.push(name);
        }
    }
}

/// A parameter of the method, and its name: patterns and types alone have none yet. Types are
/// evaluated here and now, except where they may have variables of their own.
fn named(g: &mut Gen<'_>, param: Node, has_variables: bool) -> (Node, Node) {
    if let Some(name) = g.tree.symbol(param) {
        let own = g.sym(name);
        return (own, g.sym(name));
    }
    let (name, ty) = match (g.tree.head(param), g.tree.args(param)) {
        (Some(Head::Typed), &[ty]) => (None, Some(ty)),
        (Some(Head::Typed), &[name, ty]) => (g.tree.symbol(name), Some(ty)),
        _ => (None, None),
    };
    let name = match name {
        Some(name) => name,
        None => g.fresh("argument"),
    };
    let own = g.sym(name);
    let own = match ty {
        Some(ty) if has_variables => g.expr(Head::Typed, &[own, ty]),
        Some(ty) => {
            let ty = g.expr(Head::Interpolate, &[ty]);
            g.expr(Head::Typed, &[own, ty])
        }
        None => own,
    };
    (own, g.sym(name))
}
