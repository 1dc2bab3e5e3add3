//! Short ways to write trees and to look into them, for the macros.

use super::Expander;
use crate::surface::{Head, Home, Node, NodeData};
use jlift_ir::{Name, Type};

impl Expander<'_> {
    pub(super) fn text(&self, name: Name) -> &str {
        self.env.tables().names.str(name)
    }

    /// The text of a symbol.
    pub(super) fn symbol_text(&self, node: Node) -> Option<&str> {
        self.tree.symbol(node).map(|name| self.text(name))
    }

    pub(super) fn is_symbol(&self, node: Node, text: &str) -> bool {
        self.symbol_text(node) == Some(text)
    }

    pub(super) fn add(&mut self, data: NodeData) -> Node {
        self.tree.add(data, self.at)
    }

    pub(super) fn name(&mut self, text: &str) -> Name {
        self.env.tables_mut().names.intern(text)
    }

    pub(super) fn symbol(&mut self, text: &str) -> Node {
        let name = self.name(text);
        self.add(NodeData::Symbol(name))
    }

    /// A temporary: a symbol that occurs nowhere else.
    pub(super) fn temporary(&mut self, base: &str) -> Node {
        let name = self.env.fresh(base);
        self.add(NodeData::Symbol(name))
    }

    pub(super) fn base(&mut self, text: &str) -> Node {
        let name = self.name(text);
        self.add(NodeData::GlobalRef(Home::Base, name))
    }

    pub(super) fn core(&mut self, text: &str) -> Node {
        let name = self.name(text);
        self.add(NodeData::GlobalRef(Home::Core, name))
    }

    /// A name of a module inside `Base`.
    pub(super) fn base_in(&mut self, module: &str, text: &str) -> Node {
        let module = self.base(module);
        let name = self.quoted_symbol(text);
        self.expr(Head::Dotted, &[module, name])
    }

    pub(super) fn expr(&mut self, head: Head, args: &[Node]) -> Node {
        self.tree.expr(head, args, self.at)
    }

    pub(super) fn other(&mut self, head: &str, args: &[Node]) -> Node {
        let head = match Head::from_text(head) {
            Some(known) => known,
            None => Head::Other(self.name(head)),
        };
        self.expr(head, args)
    }

    pub(super) fn call(&mut self, callee: Node, args: &[Node]) -> Node {
        let mut all = vec![callee];
        all.extend_from_slice(args);
        self.expr(Head::Call, &all)
    }

    pub(super) fn call_base(&mut self, callee: &str, args: &[Node]) -> Node {
        let callee = self.base(callee);
        self.call(callee, args)
    }

    pub(super) fn call_core(&mut self, callee: &str, args: &[Node]) -> Node {
        let callee = self.core(callee);
        self.call(callee, args)
    }

    pub(super) fn block(&mut self, statements: &[Node]) -> Node {
        self.expr(Head::Block, statements)
    }

    pub(super) fn assign(&mut self, target: Node, value: Node) -> Node {
        self.expr(Head::Assign, &[target, value])
    }

    /// `local target = value`
    pub(super) fn local(&mut self, target: Node, value: Node) -> Node {
        let assignment = self.assign(target, value);
        self.expr(Head::Local, &[assignment])
    }

    pub(super) fn curly(&mut self, ty: Node, args: &[Node]) -> Node {
        let mut all = vec![ty];
        all.extend_from_slice(args);
        self.expr(Head::Curly, &all)
    }

    pub(super) fn integer(&mut self, value: i64) -> Node {
        self.add(NodeData::Bits {
            ty: Type::INT64,
            bits: value as u64,
        })
    }

    pub(super) fn boolean(&mut self, value: bool) -> Node {
        self.add(NodeData::Bits {
            ty: Type::BOOL,
            bits: u64::from(value),
        })
    }

    pub(super) fn string(&mut self, bytes: &[u8]) -> Node {
        self.add(NodeData::String(bytes.into()))
    }

    pub(super) fn nothing(&mut self) -> Node {
        self.add(NodeData::Nothing)
    }

    pub(super) fn quote(&mut self, node: Node) -> Node {
        self.add(NodeData::Quote(node))
    }

    pub(super) fn quoted_symbol(&mut self, text: &str) -> Node {
        let symbol = self.symbol(text);
        self.quote(symbol)
    }

    /// The head and arguments of an expression.
    pub(super) fn parts(&self, node: Node) -> (Option<Head>, Vec<Node>) {
        (self.tree.head(node), self.tree.args(node).to_vec())
    }

    /// The same expression with other arguments.
    pub(super) fn with_args(&mut self, node: Node, args: &[Node]) -> Node {
        match self.tree.head(node) {
            Some(head) if self.tree.args(node) != args => {
                let at = self.tree.span(node);
                self.tree.expr(head, args, at)
            }
            _ => node,
        }
    }

    /// The value of a literal that is an integer of up to 64 bits or `true` or `false`.
    pub(super) fn literal_integer(&self, node: Node) -> Option<i64> {
        match *self.tree.data(node) {
            NodeData::Bits { ty, bits } if ty.is_integer() || ty == Type::BOOL => Some(bits as i64),
            _ => None,
        }
    }

    /// The bytes of a string literal.
    pub(super) fn literal_string(&self, node: Node) -> Option<Vec<u8>> {
        match self.tree.data(node) {
            NodeData::String(bytes) => Some(bytes.to_vec()),
            _ => None,
        }
    }
}
