//! From a definition in the source to methods: who owns them, and their final form.

use super::generate::Gen;
use super::keywords::{Definition, Draft, Role};
use super::signature;
use super::{LowerError, Lowered};
use crate::lowered::{MethodBody, MethodDef, MethodOwner};
use crate::surface::{Head, Node, NodeData, Tree};
use jlift_ir::Name;
use std::sync::Arc;

/// Whether a node defines a function with a name: long or short form.
pub fn is_definition(tree: &Tree, node: Node) -> bool {
    match (tree.head(node), tree.args(node)) {
        (Some(Head::Function), [sig, _]) => signature::is_call_head(tree, *sig),
        (Some(Head::Assign), [lhs, _]) => signature::is_call_head(tree, *lhs),
        _ => false,
    }
}

/// Reads a definition: `function`, `f(x) = …`, `x -> …`. The node is one of the generator's tree.
pub fn read(g: &mut Gen<'_>, node: Node, local: bool) -> Lowered<Definition> {
    let arrow = g.tree.head(node) == Some(Head::Arrow);
    let &[head, body] = g.tree.args(node) else {
        return Err(LowerError::new(
            g.tree.span(node),
            "syntax: invalid function definition",
        ));
    };
    let mut sig = signature::read(&g.tree, head, arrow, &g.tables.names)?;
    sig.span = g.tree.span(node);
    g.span = sig.span;
    let mut self_name = g.k.callee;
    let (owner, name) = match sig.callee {
        None => {
            let number = g.ctx.next_number();
            let name = g.tables.names.intern(&format!("#{number}"));
            (MethodOwner::Closure, name)
        }
        Some(callee) => owner(g, callee, &mut self_name)?,
    };
    let local = local.then_some(name);
    Ok(Definition {
        sig,
        owner,
        name,
        self_name,
        body,
        local,
    })
}

/// Who owns the methods of a definition with this callee, and the name for messages.
fn owner(g: &mut Gen<'_>, callee: Node, self_name: &mut Name) -> Lowered<(MethodOwner, Name)> {
    let tree = &g.tree;
    let invalid = || LowerError::new(tree.span(callee), "syntax: invalid function name");
    match (tree.data(callee), tree.head(callee), tree.args(callee)) {
        (NodeData::Symbol(name) | NodeData::GlobalRef(_, name), ..) => {
            Ok((MethodOwner::Function(callee), *name))
        }
        (_, Some(Head::Dotted), &[_, field]) => {
            let name = quoted_name(tree, field).ok_or_else(invalid)?;
            Ok((MethodOwner::Function(callee), name))
        }
        (_, Some(Head::Curly), &[of, ..]) => {
            let name = type_name(tree, of).ok_or_else(invalid)?;
            let type_ = g.core(g.k.type_);
            let ty = g.expr(Head::Curly, &[type_, callee]);
            Ok((MethodOwner::Callable(ty), name))
        }
        (_, Some(Head::Typed), args) => {
            let (own, ty) = match *args {
                [ty] => (None, ty),
                [own, ty] => (Some(tree.symbol(own).ok_or_else(invalid)?), ty),
                _ => return Err(invalid()),
            };
            if let Some(own) = own {
                *self_name = own;
            }
            let name = type_name(tree, ty).unwrap_or(*self_name);
            Ok((MethodOwner::Callable(ty), name))
        }
        _ => Err(invalid()),
    }
}

/// `:name` as a name.
pub fn quoted_name(tree: &Tree, node: Node) -> Option<Name> {
    match tree.data(node) {
        NodeData::Quote(inner) => tree.symbol(*inner),
        NodeData::Symbol(name) => Some(*name),
        _ => None,
    }
}

/// The name that a type expression begins with.
fn type_name(tree: &Tree, mut node: Node) -> Option<Name> {
    loop {
        match (tree.data(node), tree.head(node), tree.args(node)) {
            (NodeData::Symbol(name) | NodeData::GlobalRef(_, name), ..) => return Some(*name),
            (_, Some(Head::Dotted), &[_, field]) => return quoted_name(tree, field),
            (_, Some(Head::Curly | Head::Where | Head::Call), &[of, ..]) => node = of,
            _ => return None,
        }
    }
}

/// The final form of methods that stand outside of functions.
pub fn finish(tree: &Arc<Tree>, drafts: Vec<Draft>) -> Lowered<Vec<Arc<MethodDef>>> {
    drafts
        .into_iter()
        .map(|d| {
            if d.role == Role::Own && d.owner == MethodOwner::Closure {
                return Err(LowerError::new(d.span, "syntax: expected a function name"));
            }
            Ok(Arc::new(MethodDef {
                owner: d.owner,
                name: d.name,
                self_name: d.self_name,
                tree: tree.clone(),
                type_vars: d.type_vars,
                params: d.params,
                body: MethodBody::Surface(d.body),
                keywords: d.keywords,
                span: d.span,
                generated: d.generated,
            }))
        })
        .collect()
}
