//! Indexing and fields: `a[i, end]`, `a.b`, and `begin` and `end` inside of brackets.

use super::Desugar;
use crate::lower::Lowered;
use crate::lower::hir::{H, Hx, LambdaId};
use crate::surface::{Head, Node, NodeData, Tree};
use jlift_ir::Name;

/// An indexing expression whose index is being read.
pub struct IndexContext {
    /// The object, if some index needs it.
    object: H,
    lambda: LambdaId,
    /// 0-based position among the indices.
    position: usize,
    count: usize,
    /// Values of the splatted indices before this one.
    splats: Vec<H>,
}

/// An index that has been read.
pub struct IndexArg {
    pub value: Hx,
    pub splat: bool,
}

/// Whether an index uses `begin` or `end` of the brackets around it.
fn uses_bounds(tree: &Tree, node: Node, bounds: [Name; 2]) -> bool {
    match tree.data(node) {
        NodeData::Symbol(name) => bounds.contains(name),
        NodeData::Expr { head, .. } => {
            let args = tree.args(node);
            // What is inside of inner brackets belongs to them.
            let args = if *head == Head::Ref {
                args.get(..1).unwrap_or_default()
            } else {
                args
            };
            args.iter().any(|&arg| uses_bounds(tree, arg, bounds))
        }
        _ => false,
    }
}

impl Desugar<'_> {
    /// `a[i…]`.
    pub(super) fn index(&mut self, object: Node, indices: &[Node]) -> Lowered<Hx> {
        let mut stmts = Vec::new();
        let object = self.expr(object)?;
        let (indices, keywords) = self.without_keywords(indices);
        let (object, indices) = self.indices(object, &indices, &mut stmts)?;
        let callee = self.base(self.k.getindex);
        let call = self.call_with_indices(callee, &[object], indices, &keywords)?;
        stmts.push(call);
        Ok(self.seq(&stmts))
    }

    /// What is in brackets as indices and as the keywords of `a[i; b = 1]` and `a[b = 1]`.
    pub(super) fn without_keywords(&self, parts: &[Node]) -> (Vec<Node>, Vec<Node>) {
        let mut indices = Vec::with_capacity(parts.len());
        let mut keywords = Vec::new();
        for &part in parts {
            match self.tree.head(part) {
                Some(Head::Kw) => keywords.push(part),
                Some(Head::Parameters) => keywords.extend_from_slice(self.tree.args(part)),
                _ => indices.push(part),
            }
        }
        (indices, keywords)
    }

    /// Reads indices; returns the object as it is to be used afterwards.
    pub(super) fn indices(
        &mut self,
        object: Hx,
        indices: &[Node],
        stmts: &mut Vec<Hx>,
    ) -> Lowered<(Hx, Vec<IndexArg>)> {
        let bounds = [self.k.begin, self.k.end];
        let last_use = indices
            .iter()
            .rposition(|&i| uses_bounds(&self.tree, i, bounds));
        let mut object = object;
        if last_use.is_some() {
            let atom = self.atom(object, stmts);
            object = self.add(atom.clone());
            self.indices.push(IndexContext {
                object: atom,
                lambda: self.lambda,
                position: 0,
                count: indices.len(),
                splats: Vec::new(),
            });
        }
        let mut out = Vec::with_capacity(indices.len());
        let mut result = Ok(());
        for (i, &index) in indices.iter().enumerate() {
            if let (Some(_), Some(context)) = (last_use, self.indices.last_mut()) {
                context.position = i;
            }
            let (splat, inner) = match (self.tree.head(index), self.tree.args(index)) {
                (Some(Head::Splat), &[inner]) => (true, inner),
                _ => (false, index),
            };
            let mut value = match self.expr(inner) {
                Ok(value) => value,
                Err(e) => {
                    result = Err(e);
                    break;
                }
            };
            if splat && last_use.is_some_and(|last| last > i) {
                let atom = self.atom(value, stmts);
                value = self.add(atom.clone());
                if let Some(context) = self.indices.last_mut() {
                    context.splats.push(atom);
                }
            }
            out.push(IndexArg { value, splat });
        }
        if last_use.is_some() {
            self.indices.pop();
        }
        result.map(|()| (object, out))
    }

    /// A call with leading arguments, indices and keywords.
    pub(super) fn call_with_indices(
        &mut self,
        callee: Hx,
        lead: &[Hx],
        indices: Vec<IndexArg>,
        keywords: &[Node],
    ) -> Lowered<Hx> {
        let mut args: Vec<(Hx, bool)> = lead.iter().map(|&h| (h, false)).collect();
        args.extend(indices.into_iter().map(|i| (i.value, i.splat)));
        if keywords.is_empty() {
            return Ok(self.apply(callee, &args));
        }
        let mut named = Vec::with_capacity(keywords.len());
        for &keyword in keywords {
            named.push(self.named(keyword)?);
        }
        let named = self.named_tuple(named);
        args.splice(0..0, [(named, false), (callee, false)]);
        let function = self.core(self.k.kwcall);
        Ok(self.apply(function, &args))
    }

    /// `begin` or `end` as the index it stands for; `None` outside of brackets.
    pub(super) fn index_bound(&mut self, node: Node, name: Name) -> Lowered<Option<Hx>> {
        let Some(context) = self.indices.last() else {
            return Ok(None);
        };
        if context.lambda != self.lambda && matches!(context.object, H::Temp(_)) {
            return self.error(
                node,
                "syntax: \"end\" of an indexed expression cannot be used inside of a function; assign it to a variable",
            );
        }
        let object = context.object.clone();
        let (position, count) = (context.position, context.count);
        let splats = context.splats.clone();
        let function = if name == self.k.end {
            self.k.lastindex
        } else {
            self.k.firstindex
        };
        let object = self.add(object);
        if count == 1 {
            return Ok(Some(self.call_base(function, &[object])));
        }
        // A splatted index counts as many dimensions as it has values.
        let mut dimension = self.int((position + 1 - splats.len()) as i64);
        for splat in splats {
            let splat = self.add(splat);
            let length = self.call_base(self.k.length, &[splat]);
            dimension = self.call_base(self.k.plus, &[dimension, length]);
        }
        Ok(Some(self.call_base(function, &[object, dimension])))
    }

    /// `a.b`, `f.(x)` and `.+`.
    pub(super) fn dotted(&mut self, node: Node, args: &[Node]) -> Lowered<Hx> {
        match *args {
            [op] => {
                let op = self.expr(op)?;
                Ok(self.call_base(self.k.broadcast_function, &[op]))
            }
            [_, arg] if self.tree.head(arg) == Some(Head::Tuple) => {
                let h = self.broadcasted(node)?;
                Ok(self.call_base(self.k.materialize, &[h]))
            }
            [object, field] => {
                let object = self.expr(object)?;
                let field = self.expr(field)?;
                Ok(self.call_base(self.k.getproperty, &[object, field]))
            }
            _ => self.error(node, "syntax: malformed \".\" expression"),
        }
    }
}
