//! Quoted code. Its tree is kept for whoever runs the program, under a number; evaluating it is a
//! call of `Base.quoted(number)` or `Base.quoted(number, values)`, which makes objects of it, with
//! the values in the places of the interpolations, in their order.

use super::Desugar;
use crate::lower::extract;
use crate::lower::hir::Hx;
use crate::lower::{Lowered, QuotedCode};
use crate::surface::{Head, Node, NodeData, Tree};
use std::sync::Arc;

impl Desugar<'_> {
    /// What `:( … )` and `quote … end` evaluate to.
    pub(super) fn quote(&mut self, inner: Node) -> Lowered<Hx> {
        let mut holes = Vec::new();
        interpolations(&self.tree, inner, 0, &mut holes);
        match self.tree.head(inner) {
            Some(Head::Interpolate) if holes.len() == 1 && !self.is_splat(holes[0]) => {
                self.expr(holes[0])
            }
            _ => self.quoted(inner, Some(&holes)),
        }
    }

    /// What a `QuoteNode` evaluates to: nothing in it is interpolated.
    pub(super) fn inert(&mut self, inner: Node) -> Lowered<Hx> {
        self.quoted(inner, None)
    }

    fn is_splat(&self, node: Node) -> bool {
        self.tree.head(node) == Some(Head::Splat)
    }

    fn quoted(&mut self, inner: Node, holes: Option<&[Node]>) -> Lowered<Hx> {
        match *self.tree.data(inner) {
            NodeData::Symbol(name) => return Ok(self.symbol(name)),
            NodeData::GlobalRef(..) | NodeData::Quote(_) | NodeData::Expr { .. } => {}
            NodeData::Line { .. } => {}
            _ => return self.expr(inner),
        }
        let mut own = Tree::default();
        let node = extract::copy(&self.tree, inner, &mut own);
        let number = self.ctx.quotes.len() as i64;
        self.ctx.quotes.push(QuotedCode {
            tree: Arc::new(own),
            node,
            interpolates: holes.is_some(),
        });
        let callee = self.tables.names.intern("quoted");
        let mut args = vec![self.int(number)];
        let holes = holes.unwrap_or(&[]);
        if !holes.is_empty() {
            let none = self.tables.names.intern("no_values");
            let with = self.tables.names.intern("with_value");
            let with_all = self.tables.names.intern("with_values");
            let mut values = self.call_base(none, &[]);
            for &hole in holes {
                let (add, value) = match self.tree.args(hole) {
                    &[list] if self.is_splat(hole) => (with_all, self.expr(list)?),
                    _ => (with, self.expr(hole)?),
                };
                values = self.call_base(add, &[values, value]);
            }
            args.push(values);
        }
        // Code that is no expression: a `QuoteNode`, a `GlobalRef`.
        let is_expr = matches!(self.tree.data(inner), NodeData::Expr { .. });
        let made = self.call_base(callee, &args);
        if !is_expr {
            return Ok(made);
        }
        let expr = self.tables.names.intern("Expr");
        let expr = self.core(expr);
        Ok(self.call_core(self.k.typeassert, &[made, expr]))
    }
}

/// What is interpolated into quoted code, in order; `quotes` are those around the node inside of it.
fn interpolations(tree: &Tree, node: Node, quotes: u32, found: &mut Vec<Node>) {
    if let NodeData::Quote(inner) = *tree.data(node) {
        return interpolations(tree, inner, quotes, found);
    }
    let args = tree.args(node);
    let quotes = match (tree.head(node), args) {
        (Some(Head::Interpolate), &[inner]) if quotes == 0 => return found.push(inner),
        (Some(Head::Interpolate), _) => quotes.saturating_sub(1),
        (Some(Head::Quote), _) => quotes + 1,
        _ => quotes,
    };
    for &arg in args {
        interpolations(tree, arg, quotes, found);
    }
}
