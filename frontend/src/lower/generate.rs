//! Makes surface nodes: the code around definitions that lowering writes itself.

use super::LowerContext;
use super::known::Known;
use crate::surface::{Head, Home, Node, NodeData, Span, Tree};
use jlift_ir::{Name, Tables};
use std::sync::Arc;

/// Adds nodes to the tree of one item. All of them stand at the same place.
pub struct Gen<'a> {
    pub tree: Tree,
    pub k: Arc<Known>,
    pub ctx: &'a mut LowerContext,
    pub tables: &'a mut Tables,
    /// The place of generated nodes.
    pub span: Option<Span>,
}

impl<'a> Gen<'a> {
    /// A generator for an empty tree.
    pub fn new(ctx: &'a mut LowerContext, tables: &'a mut Tables, span: Option<Span>) -> Self {
        Self::with_tree(Tree::default(), ctx, tables, span)
    }

    /// A generator that adds to a tree.
    pub fn with_tree(
        tree: Tree,
        ctx: &'a mut LowerContext,
        tables: &'a mut Tables,
        span: Option<Span>,
    ) -> Self {
        let k = ctx.known(&mut tables.names);
        Gen {
            tree,
            k,
            ctx,
            tables,
            span,
        }
    }

    /// An expression.
    pub fn expr(&mut self, head: Head, args: &[Node]) -> Node {
        self.tree.expr(head, args, self.span)
    }

    /// A name.
    pub fn sym(&mut self, name: Name) -> Node {
        self.tree.add(NodeData::Symbol(name), self.span)
    }

    /// A name of `Core`.
    pub fn core(&mut self, name: Name) -> Node {
        let data = NodeData::GlobalRef(Home::Core, name);
        self.tree.add(data, self.span)
    }

    /// A name of `Base`.
    pub fn base(&mut self, name: Name) -> Node {
        let data = NodeData::GlobalRef(Home::Base, name);
        self.tree.add(data, self.span)
    }

    /// `:name`.
    pub fn quoted(&mut self, name: Name) -> Node {
        let inner = self.sym(name);
        self.tree.add(NodeData::Quote(inner), self.span)
    }

    /// `nothing`.
    pub fn nothing(&mut self) -> Node {
        self.tree.add(NodeData::Nothing, self.span)
    }

    /// An `Int64`.
    pub fn int(&mut self, value: u64) -> Node {
        let ty = jlift_ir::Type::INT64;
        self.tree.add(NodeData::Bits { ty, bits: value }, self.span)
    }

    /// A call.
    pub fn call(&mut self, callee: Node, args: &[Node]) -> Node {
        let mut all = Vec::with_capacity(args.len() + 1);
        all.push(callee);
        all.extend_from_slice(args);
        self.expr(Head::Call, &all)
    }

    /// A call of a function of `Core`.
    pub fn call_core(&mut self, name: Name, args: &[Node]) -> Node {
        let callee = self.core(name);
        self.call(callee, args)
    }

    /// A call of a function of `Base`.
    pub fn call_base(&mut self, name: Name, args: &[Node]) -> Node {
        let callee = self.base(name);
        self.call(callee, args)
    }

    /// `let a = x, b = y; body; end`, or the body alone.
    pub fn let_(&mut self, bindings: &[(Name, Node)], body: Node) -> Node {
        if bindings.is_empty() {
            return body;
        }
        let mut assigns = Vec::with_capacity(bindings.len());
        for &(name, value) in bindings {
            let name = self.sym(name);
            assigns.push(self.expr(Head::Assign, &[name, value]));
        }
        let assigns = self.expr(Head::Block, &assigns);
        self.expr(Head::Let, &[assigns, body])
    }

    /// A name that no source and no other call makes: `#text#N`.
    pub fn fresh(&mut self, text: &str) -> Name {
        self.ctx.gensym.fresh(self.tables, text)
    }

    /// The text of a name.
    pub fn text(&self, name: Name) -> &str {
        self.tables.names.str(name)
    }
}
