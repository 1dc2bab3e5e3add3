//! String literals: interpolation, raw strings, string macros, `var"…"`.

use super::convert::{Converter, normalized, tokens};
use super::text::{self, Piece};
use crate::surface::{Head, Node, NodeData, Span};
use fatou_parser::syntax::{SyntaxKind as K, SyntaxNode};
use rowan::NodeOrToken;

impl Converter<'_> {
    pub(super) fn string_literal(&mut self, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let triple = tokens(node)
            .find(|t| t.kind() == K::STRING_DELIM_OPEN)
            .is_some_and(|t| t.text().len() >= 3);
        let prefix = tokens(node).find(|t| t.kind() == K::STRING_PREFIX);
        let mut pieces = Vec::new();
        for element in node.children_with_tokens() {
            match element {
                NodeOrToken::Token(t) if t.kind() == K::STRING_CONTENT => {
                    pieces.push(Piece::Source(t.text().to_owned()));
                }
                NodeOrToken::Node(n) if n.kind() == K::INTERPOLATION => {
                    let value = self.interpolated(&n);
                    pieces.push(Piece::Value(value));
                }
                _ => {}
            }
        }
        if triple {
            pieces = text::dedent(pieces, prefix.is_some());
        }
        match prefix {
            Some(prefix) => self.text_macro(node, prefix.text(), "str", pieces, at),
            None => self.interpolating(pieces, at),
        }
    }

    /// Only `` name`text` ``, a call of `@name_cmd`, is code of the program alone.
    pub(super) fn command_literal(&mut self, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let Some(prefix) = tokens(node).find(|t| t.kind() == K::STRING_PREFIX) else {
            return self.error(at, "command literals are not supported");
        };
        let triple = tokens(node)
            .find(|t| t.kind() == K::CMD_DELIM_OPEN)
            .is_some_and(|t| t.text().len() >= 3);
        let mut pieces: Vec<Piece<Node>> = tokens(node)
            .filter(|t| t.kind() == K::STRING_CONTENT)
            .map(|t| Piece::Source(t.text().to_owned()))
            .collect();
        if triple {
            pieces = text::dedent(pieces, true);
        }
        self.text_macro(node, prefix.text(), "cmd", pieces, at)
    }

    fn interpolating(&mut self, pieces: Vec<Piece<Node>>, at: Span) -> Node {
        let mut parts: Vec<Node> = Vec::new();
        let mut plain = true;
        for piece in pieces {
            match piece {
                Piece::Value(value) => {
                    plain = false;
                    parts.push(value);
                }
                Piece::Source(source) => match text::unescape(&source) {
                    Ok(bytes) if bytes.is_empty() => {}
                    Ok(bytes) => parts.push(self.string_node(bytes, at)),
                    Err(problem) => return self.error(at, problem),
                },
            }
        }
        match parts[..] {
            [] => self.string_node(Vec::new(), at),
            [only] if plain => only,
            _ => self.expr(Head::StringConcat, &parts, at),
        }
    }

    fn string_node(&mut self, bytes: Vec<u8>, at: Span) -> Node {
        self.tree
            .add(NodeData::String(bytes.into_boxed_slice()), Some(at))
    }

    /// `name"text"flags` is a call of `@name_str` with the raw text, and alike for commands.
    fn text_macro(
        &mut self,
        node: &SyntaxNode,
        prefix: &str,
        suffix: &str,
        pieces: Vec<Piece<Node>>,
        at: Span,
    ) -> Node {
        let source: String = pieces
            .into_iter()
            .filter_map(|p| match p {
                Piece::Source(s) => Some(s),
                Piece::Value(_) => None,
            })
            .collect();
        let quote = if suffix == "cmd" { '`' } else { '"' };
        let text = text::unescape_raw(&source, quote);
        let name = format!("@{}_{suffix}", normalized(prefix));
        let mut args = vec![
            self.symbol(&name, at),
            self.string_node(text.into_bytes(), at),
        ];
        for token in tokens(node) {
            match token.kind() {
                K::STRING_SUFFIX => {
                    let flags = token.text().as_bytes().to_vec();
                    args.push(self.string_node(flags, at));
                }
                K::INTEGER | K::FLOAT | K::FLOAT32 => {
                    args.push(self.literal_token(&token, false, at));
                }
                _ => {}
            }
        }
        self.expr(Head::Macrocall, &args, at)
    }

    /// The expression of `$name` or `$(…)`.
    pub(super) fn interpolated(&mut self, node: &SyntaxNode) -> Node {
        if let Some(inner) = node.first_child() {
            return self.node(&inner);
        }
        match tokens(node).find(|t| t.kind() == K::IDENT || t.kind().is_keyword()) {
            Some(name) => self.identifier_token(&name),
            None => self.malformed(node),
        }
    }

    pub(super) fn var_identifier(&mut self, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let text = self.var_text(node);
        self.symbol(&text, at)
    }

    /// The name that `var"…"` spells.
    pub(super) fn var_text(&mut self, node: &SyntaxNode) -> String {
        let source: String = tokens(node)
            .filter(|t| t.kind() == K::STRING_CONTENT)
            .map(|t| t.text().to_owned())
            .collect();
        normalized(&text::unescape_raw(&source, '"')).into_owned()
    }
}
