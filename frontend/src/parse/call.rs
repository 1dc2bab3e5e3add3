//! Calls, indexing, type application, argument lists and macro calls.

use super::convert::{Assignments, Converter, child, normalized, tokens};
use crate::surface::{Head, Node, NodeData};
use fatou_parser::syntax::{SyntaxKind as K, SyntaxNode, SyntaxToken};
use rowan::NodeOrToken;

impl Converter<'_> {
    /// `f(…)`, `a[…]` or `T{…}`.
    pub(super) fn call(&mut self, head: Head, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let mut callee = None;
        for element in node.children_with_tokens() {
            match element {
                NodeOrToken::Node(n) => {
                    callee = Some(self.node(&n));
                    break;
                }
                // `<:(a, b)` is the same as `a <: b`.
                NodeOrToken::Token(t)
                    if head == Head::Call && matches!(t.kind(), K::SUBTYPE | K::SUPERTYPE) =>
                {
                    let args = match child(node, K::ARG_LIST) {
                        Some(list) => self.arguments(&list, Assignments::Keywords),
                        None => Vec::new(),
                    };
                    return self.other(t.text(), &args, at);
                }
                NodeOrToken::Token(t) if t.kind().is_operator() => {
                    callee = Some(self.operator_symbol(&t));
                    break;
                }
                NodeOrToken::Token(_) => {}
            }
        }
        let Some(callee) = callee else {
            return self.malformed(node);
        };
        let args = self.call_arguments(node);
        // A number is not called: `(5)(3)` is a product as `5(3)` is.
        if head == Head::Call && args.len() == 1 && self.is_number(callee) {
            let times = self.symbol("*", at);
            return self.expr(head, &[times, callee, args[0]], at);
        }
        // Parameters come before the positional arguments, but after the callee.
        let mut all = vec![callee];
        all.extend(args);
        self.expr(head, &all, at)
    }

    fn is_number(&self, node: Node) -> bool {
        use jlift_ir::Type;
        match self.tree.data(node) {
            NodeData::Bits { ty, .. } => *ty != Type::BOOL && *ty != Type::CHAR,
            _ => false,
        }
    }

    fn call_arguments(&mut self, node: &SyntaxNode) -> Vec<Node> {
        if let Some(list) = child(node, K::ARG_LIST) {
            return self.arguments(&list, Assignments::Keywords);
        }
        let mut args = Vec::new();
        if let Some(parameters) = child(node, K::PARAMETERS) {
            args.push(self.parameters(&parameters));
        }
        if let Some(generator) = child(node, K::GENERATOR) {
            args.push(self.node(&generator));
        }
        args
    }

    /// `f.(…)` is `Expr(:., f, Expr(:tuple, …))`.
    pub(super) fn dot_call(&mut self, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let Some(callee) = node.first_child() else {
            return self.malformed(node);
        };
        if callee.kind() == K::MACRO_CALL {
            return self.malformed(node);
        }
        let callee = self.node(&callee);
        let args = self.call_arguments(node);
        let place = child(node, K::ARG_LIST).map_or(at, |list| self.span(&list));
        let tuple = self.expr(Head::Tuple, &args, place);
        self.expr(Head::Dotted, &[callee, tuple], at)
    }

    /// A tuple, vector or braces with their elements.
    pub(super) fn delimited(&mut self, head: Head, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let args = self.arguments(node, Assignments::Plain);
        self.expr(head, &args, at)
    }

    /// The elements of a list in Julia's order: what stands after `;` comes first.
    pub(super) fn arguments(&mut self, list: &SyntaxNode, assignments: Assignments) -> Vec<Node> {
        let mut parameters = Vec::new();
        let mut args = Vec::new();
        for part in list.children() {
            match part.kind() {
                K::PARAMETERS => parameters.push(self.parameters(&part)),
                _ => args.push(self.argument(&part, assignments)),
            }
        }
        // With several `;`, the later ones are inside, that is before, the earlier ones.
        parameters.reverse();
        parameters.extend(args);
        parameters
    }

    fn parameters(&mut self, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let args = self.arguments(node, Assignments::Keywords);
        self.expr(Head::Parameters, &args, at)
    }

    fn argument(&mut self, part: &SyntaxNode, assignments: Assignments) -> Node {
        match part.kind() {
            K::KEYWORD_ARG => self.keyword(part, assignments),
            K::ARG => match part.first_child() {
                Some(inner) if inner.kind() == K::ASSIGNMENT_EXPR => {
                    let plain = tokens(&inner).any(|t| t.kind() == K::EQ);
                    if plain && assignments == Assignments::Keywords {
                        self.keyword(&inner, assignments)
                    } else {
                        self.node(&inner)
                    }
                }
                _ => self.inner(part),
            },
            _ => self.node(part),
        }
    }

    /// `name = value` in an argument list.
    pub(super) fn keyword(&mut self, node: &SyntaxNode, assignments: Assignments) -> Node {
        let at = self.span(node);
        let parts: Vec<SyntaxNode> = node.children().collect();
        let [name, value] = &parts[..] else {
            return self.malformed(node);
        };
        if assignments == Assignments::Plain {
            return self.assignment_of(name, value, at);
        }
        let name = self.node(name);
        let value = self.node(value);
        self.expr(Head::Kw, &[name, value], at)
    }

    /// The statements of `(a; b; c)`.
    pub(super) fn block_arguments(&mut self, node: &SyntaxNode) -> Vec<Node> {
        let mut args = Vec::new();
        for part in node.children() {
            if part.kind() == K::PARAMETERS {
                args.extend(self.block_arguments(&part));
            } else {
                args.push(self.argument(&part, Assignments::Plain));
            }
        }
        args
    }

    /// A macro call: its name first, its arguments directly after.
    pub(super) fn macro_call(&mut self, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let Some(name) = child(node, K::MACRO_NAME) else {
            return self.malformed(node);
        };
        let mut args = vec![self.macro_name(&name)];
        if let Some(list) = child(node, K::ARG_LIST) {
            args.extend(self.arguments(&list, Assignments::Plain));
        } else {
            args.extend(self.each(node.children().filter(|c| c.kind() != K::MACRO_NAME)));
        }
        self.expr(Head::Macrocall, &args, at)
    }

    /// `@m`, `@A.m` or `A.@m`: a symbol that begins with `@`, in a field access if qualified.
    pub(super) fn macro_name(&mut self, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let mut path: Vec<Node> = Vec::new();
        let mut last: Option<String> = None;
        for element in node.children_with_tokens() {
            match element {
                NodeOrToken::Node(n) if n.kind() == K::NONSTANDARD_IDENTIFIER => {
                    last = Some(self.var_text(&n));
                }
                NodeOrToken::Node(n) => path.push(self.node(&n)),
                NodeOrToken::Token(t) if is_name_part(&t) => {
                    if let Some(outer) = last.replace(normalized(t.text()).into_owned()) {
                        path.push(self.symbol(&outer, at));
                    }
                }
                NodeOrToken::Token(_) => {}
            }
        }
        // `@.` has no other name than its dot.
        let last = match last {
            Some(last) => format!("@{last}"),
            None if path.is_empty() && tokens(node).any(|t| t.kind() == K::DOT) => {
                "@__dot__".to_owned()
            }
            None => return self.malformed(node),
        };
        let name = self.symbol(&last, at);
        let mut parts = path.into_iter();
        let Some(mut module) = parts.next() else {
            return name;
        };
        for part in parts {
            let quoted = self.quoted(part, at);
            module = self.expr(Head::Dotted, &[module, quoted], at);
        }
        let quoted = self.tree.add(NodeData::Quote(name), Some(at));
        self.expr(Head::Dotted, &[module, quoted], at)
    }
}

/// Whether a token directly under a macro name is a component of it.
fn is_name_part(token: &SyntaxToken) -> bool {
    let kind = token.kind();
    kind == K::IDENT
        || kind == K::DOLLAR
        || kind.is_keyword()
        || (kind.is_operator() && kind != K::DOT)
}
