//! `import`, `using`, `export`, `public`.

use super::convert::{Converter, child, normalized, tokens};
use crate::surface::{Head, Node, NodeData};
use fatou_parser::syntax::{SyntaxKind as K, SyntaxNode};
use rowan::NodeOrToken;

impl Converter<'_> {
    pub(super) fn import(&mut self, head: Head, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let mut clauses = Vec::new();
        let mut first_separator = None;
        for element in node.children_with_tokens() {
            match element {
                NodeOrToken::Node(n) => clauses.push(match n.kind() {
                    K::IMPORT_PATH => self.import_path(&n),
                    K::IMPORT_ALIAS => self.import_alias(&n),
                    _ => self.malformed(&n),
                }),
                NodeOrToken::Token(t) => {
                    if first_separator.is_none() && matches!(t.kind(), K::COLON | K::COMMA) {
                        first_separator = Some(t.kind());
                    }
                    if t.kind() == K::IDENT {
                        return self.malformed(node);
                    }
                }
            }
        }
        if clauses.is_empty() {
            return self.malformed(node);
        }
        if first_separator == Some(K::COLON) {
            let names = self.expr(Head::Colon, &clauses, at);
            return self.expr(head, &[names], at);
        }
        self.expr(head, &clauses, at)
    }

    /// `..A.B` is `Expr(:., :., :., :A, :B)`.
    fn import_path(&mut self, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let mut parts: Vec<Node> = Vec::new();
        let mut named = false;
        for element in node.children_with_tokens() {
            match element {
                NodeOrToken::Token(t) => match t.kind() {
                    K::DOT | K::DOT_DOT | K::DOT_DOT_DOT if !named => {
                        for _ in 0..t.text().len() {
                            let dot = self.symbol(".", at);
                            parts.push(dot);
                        }
                    }
                    K::DOT_DOT_DOT => {
                        let dots = self.symbol("..", at);
                        parts.push(dots);
                    }
                    K::DOT | K::DOT_DOT | K::COLON => {}
                    K::IDENT => {
                        parts.push(self.identifier_token(&t));
                        named = true;
                    }
                    kind if kind.is_operator() => {
                        // The dot of `A.==` separates; that of `.==` is relative.
                        let text = t.text();
                        let plain = text.trim_start_matches('.');
                        if !named && plain.len() < text.len() {
                            let dot = self.symbol(".", at);
                            parts.push(dot);
                        }
                        let operator = self.symbol(plain, at);
                        parts.push(operator);
                        named = true;
                    }
                    _ => {}
                },
                NodeOrToken::Node(n) => {
                    let part = self.node(&n);
                    // `import A.:+` names the same as `import A.+`.
                    parts.push(match self.tree.data(part) {
                        NodeData::Quote(inner) => *inner,
                        _ => part,
                    });
                    named = true;
                }
            }
        }
        if !named {
            return self.malformed(node);
        }
        self.expr(Head::Dotted, &parts, at)
    }

    fn import_alias(&mut self, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let Some(path) = child(node, K::IMPORT_PATH) else {
            return self.malformed(node);
        };
        let path = self.import_path(&path);
        let alias = match node.children().find(|c| c.kind() != K::IMPORT_PATH) {
            Some(name) => self.node(&name),
            None => match tokens(node)
                .filter(|t| t.kind() == K::IDENT && t.text() != "as")
                .last()
            {
                Some(name) => {
                    let text = normalized(name.text()).into_owned();
                    let place = self.token_span(&name);
                    self.symbol(&text, place)
                }
                None => return self.malformed(node),
            },
        };
        self.expr(Head::As, &[path, alias], at)
    }

    pub(super) fn export(&mut self, head: &str, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let mut names = Vec::new();
        let mut first = head == "public";
        for element in node.children_with_tokens() {
            // The word `public` itself is an identifier to the lexer.
            if first && element.kind() == K::IDENT {
                first = false;
                continue;
            }
            names.extend(self.element(&element));
        }
        if names.is_empty() {
            return self.malformed(node);
        }
        self.other(head, &names, at)
    }
}
