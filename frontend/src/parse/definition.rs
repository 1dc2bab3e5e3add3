//! Definitions: functions, macros, types, modules, declarations.

use super::convert::{Converter, child, tokens};
use crate::surface::{Head, Node};
use fatou_parser::syntax::{SyntaxKind as K, SyntaxNode};

impl Converter<'_> {
    /// What is defined: a name, call or type with supertype.
    pub(super) fn signature(&mut self, node: &SyntaxNode) -> Node {
        let Some(signature) = child(node, K::SIGNATURE) else {
            return self.malformed(node);
        };
        if let Some(inner) = signature.first_child() {
            // Parentheses of an anonymous function's only parameter.
            if inner.kind() == K::PAREN_EXPR {
                let at = self.span(&inner);
                let param = self.node(&inner);
                return match self.tree.head(param) {
                    Some(Head::Call | Head::Where | Head::Typed)
                        if self.tree.head(param) != Some(Head::Typed) =>
                    {
                        param
                    }
                    _ => self.expr(Head::Tuple, &[param], at),
                };
            }
            if inner.kind() == K::PAREN_BLOCK {
                return self.delimited(Head::Tuple, &inner);
            }
            return self.node(&inner);
        }
        for element in signature.children_with_tokens() {
            if let Some(found) = self.element(&element) {
                return found;
            }
        }
        self.malformed(node)
    }

    /// `function` and `macro`, also without a body.
    pub(super) fn function(&mut self, head: Head, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let mut signature = self.signature(node);
        // `macro m(x) :(x + 1) end` and `function f(x) $code end`: the library reads operators between call
        // and code.
        if let (Some(Head::Call), &[operator, call, code]) =
            (self.tree.head(signature), self.tree.args(signature))
            && (self.is_symbol(operator, ":") || self.is_symbol(operator, "$"))
            && self.tree.head(call) == Some(Head::Call)
        {
            signature = call;
            let place = self.tree.span(code).unwrap_or(at);
            let first = match self.is_symbol(operator, ":") {
                true => self.quotation(code, place),
                false => self.expr(Head::Interpolate, &[code], place),
            };
            let body = self.block_of(node);
            let mut statements = vec![first];
            statements.extend_from_slice(self.tree.args(body));
            let body = self.expr(Head::Block, &statements, place);
            return self.expr(head, &[signature, body], at);
        }
        if self.tree.symbol(signature).is_some() {
            let empty = child(node, K::BLOCK).is_none_or(|b| b.first_child().is_none());
            if !empty {
                return self.malformed(node);
            }
            return self.expr(head, &[signature], at);
        }
        let body = self.block_of(node);
        self.expr(head, &[signature, body], at)
    }

    fn is_symbol(&self, node: Node, text: &str) -> bool {
        (self.tree.symbol(node)).is_some_and(|name| self.tables.names.str(name) == text)
    }

    pub(super) fn structure(&mut self, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let mutable = tokens(node).any(|t| t.kind() == K::MUTABLE_KW);
        let args = [
            self.boolean(mutable, at),
            self.signature(node),
            self.block_of(node),
        ];
        self.expr(Head::Struct, &args, at)
    }

    pub(super) fn primitive(&mut self, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let Some(bits) = node.children().find(|c| c.kind() != K::SIGNATURE) else {
            return self.malformed(node);
        };
        let args = [self.signature(node), self.node(&bits)];
        self.expr(Head::Primitive, &args, at)
    }

    pub(super) fn module(&mut self, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let bare = tokens(node).any(|t| t.kind() == K::BAREMODULE_KW);
        let args = [
            self.boolean(!bare, at),
            self.signature(node),
            self.block_of(node),
        ];
        self.expr(Head::Module, &args, at)
    }

    /// `const`, `global`, `local` with names or an assignment.
    pub(super) fn declaration(&mut self, head: Head, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let mut args = Vec::new();
        for element in node.children_with_tokens() {
            match element.as_node() {
                Some(list) if list.kind() == K::BARE_TUPLE_EXPR => {
                    args.extend(self.each(list.children()));
                }
                _ => args.extend(self.element(&element)),
            }
        }
        // `global const x = 1` is the same as `const global x = 1`.
        if let [only] = args[..]
            && head == Head::Global
            && self.tree.head(only) == Some(Head::Const)
        {
            let inner = self.tree.args(only).to_vec();
            let global = self.expr(Head::Global, &inner, at);
            return self.expr(Head::Const, &[global], at);
        }
        if args.is_empty() {
            return self.malformed(node);
        }
        self.expr(head, &args, at)
    }
}
