//! Control flow: blocks, `if`, loops, `let`, `try`, `do`, `return`.

use super::convert::{Converter, child};
use crate::surface::{Head, Node, NodeData};
use fatou_parser::syntax::{SyntaxKind as K, SyntaxNode};

impl Converter<'_> {
    /// The block that belongs to a construct; empty if there is none.
    pub(super) fn block_of(&mut self, node: &SyntaxNode) -> Node {
        match child(node, K::BLOCK) {
            Some(block) => {
                let found = self.node(&block);
                // What could not be parsed stands beside the block.
                if child(node, K::ERROR).is_some() {
                    self.malformed(node);
                }
                found
            }
            None => {
                let at = self.span(node);
                self.expr(Head::Block, &[], at)
            }
        }
    }

    pub(super) fn if_statement(&mut self, node: &SyntaxNode) -> Node {
        // From the last clause to the first, since each contains the next.
        let clauses: Vec<SyntaxNode> = node
            .children()
            .filter(|c| matches!(c.kind(), K::ELSEIF_CLAUSE | K::ELSE_CLAUSE))
            .collect();
        let mut tail = None;
        for clause in clauses.iter().rev() {
            tail = Some(match clause.kind() {
                K::ELSE_CLAUSE => self.block_of(clause),
                _ => self.conditional(Head::ElseIf, clause, tail),
            });
        }
        self.conditional(Head::If, node, tail)
    }

    fn conditional(&mut self, head: Head, node: &SyntaxNode, tail: Option<Node>) -> Node {
        let at = self.span(node);
        let Some(condition) = child(node, K::CONDITION) else {
            return self.malformed(node);
        };
        let mut args = vec![self.node(&condition), self.block_of(node)];
        args.extend(tail);
        self.expr(head, &args, at)
    }

    pub(super) fn while_loop(&mut self, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let Some(condition) = node.children().find(|c| c.kind() != K::BLOCK) else {
            return self.malformed(node);
        };
        let args = [self.node(&condition), self.block_of(node)];
        self.expr(Head::While, &args, at)
    }

    pub(super) fn for_loop(&mut self, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let Some(binding) = child(node, K::FOR_BINDING) else {
            return self.malformed(node);
        };
        let specs = self.iteration_specs(&binding);
        let specs = match specs[..] {
            [only] => only,
            _ => {
                let place = self.span(&binding);
                self.expr(Head::Block, &specs, place)
            }
        };
        let body = self.block_of(node);
        self.expr(Head::For, &[specs, body], at)
    }

    pub(super) fn let_block(&mut self, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let (bindings, place) = match child(node, K::LET_BINDINGS) {
            Some(list) => (self.each(list.children()), self.span(&list)),
            None => (Vec::new(), at),
        };
        let bindings = match bindings[..] {
            [only] if self.tree.head(only) != Some(Head::Block) => only,
            _ => self.expr(Head::Block, &bindings, place),
        };
        let body = self.block_of(node);
        self.expr(Head::Let, &[bindings, body], at)
    }

    /// `Expr(:try, block, variable, catch, finally, else)` with `false` for what is absent and
    /// absent trailing parts left out.
    pub(super) fn try_statement(&mut self, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let body = self.block_of(node);
        let (mut variable, mut handler, mut finally, mut otherwise) = (None, None, None, None);
        for clause in node.children() {
            match clause.kind() {
                K::CATCH_CLAUSE => {
                    if let Some(name) = clause.children().find(|c| c.kind() != K::BLOCK) {
                        variable = Some(self.node(&name));
                    }
                    handler = Some(self.block_of(&clause));
                }
                K::FINALLY_CLAUSE => finally = Some(self.block_of(&clause)),
                K::ELSE_CLAUSE => otherwise = Some(self.block_of(&clause)),
                _ => {}
            }
        }
        let absent = self.boolean(false, at);
        let mut args = vec![body, variable.unwrap_or(absent), handler.unwrap_or(absent)];
        if finally.is_some() || otherwise.is_some() {
            args.push(finally.unwrap_or(absent));
        }
        args.extend(otherwise);
        self.expr(Head::Try, &args, at)
    }

    pub(super) fn do_block(&mut self, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let Some(call) = node.first_child() else {
            return self.malformed(node);
        };
        if !matches!(call.kind(), K::CALL_EXPR | K::DOT_CALL_EXPR | K::MACRO_CALL) {
            let place = self.span(&call);
            return self.error(place, "`do` needs a call before it");
        }
        let call = self.node(&call);
        let (params, place) = match child(node, K::DO_PARAMS) {
            Some(list) => {
                let mut params = Vec::new();
                for element in list.children_with_tokens() {
                    params.extend(self.element(&element));
                }
                (params, self.span(&list))
            }
            None => (Vec::new(), at),
        };
        let params = self.expr(Head::Tuple, &params, place);
        let body = self.block_of(node);
        let function = self.expr(Head::Arrow, &[params, body], at);
        self.expr(Head::Do, &[call, function], at)
    }

    pub(super) fn return_statement(&mut self, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let value = match node.first_child() {
            Some(value) => self.node(&value),
            None => self.tree.add(NodeData::Nothing, Some(at)),
        };
        self.expr(Head::Return, &[value], at)
    }
}
