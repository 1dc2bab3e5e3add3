//! The walk over the lossless tree: one function per kind of node, here for the simple kinds and
//! in the sibling files for the others.
//!
//! Errors are reported and leave an `:error` expression, so that one pass finds them all.

use super::array::begins_with_colon;
use super::literal::Number;
use super::{Parsed, SyntaxError, literal, span, text};
use crate::surface::{FileId, Head, Node, NodeData, Span, Tree};
use fatou_parser::syntax::{SyntaxElement, SyntaxKind, SyntaxNode, SyntaxToken};
use jlift_ir::{Name, Tables, Type};
use rowan::NodeOrToken;
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

use SyntaxKind as K;

/// Deepest tree that [`super::parse`] returns; passes over trees may recurse this deep.
pub const MAX_TREE_DEPTH: u32 = 1_000;

/// What lies between parentheses or brackets decides what `a = b` means there.
#[derive(Copy, Clone, PartialEq, Eq)]
pub(super) enum Assignments {
    /// An argument: `Expr(:kw, …)`.
    Keywords,
    /// An assignment or the name of a tuple element: `Expr(:(=), …)`.
    Plain,
}

/// State of the conversion of one file.
pub(super) struct Converter<'t> {
    pub(super) tree: Tree,
    pub(super) tables: &'t mut Tables,
    file: FileId,
    diagnostics: Vec<SyntaxError>,
    depth: u32,
}

impl<'t> Converter<'t> {
    pub(super) fn new(file: FileId, tables: &'t mut Tables) -> Self {
        Self {
            tree: Tree::default(),
            tables,
            file,
            diagnostics: Vec::new(),
            depth: 0,
        }
    }

    pub(super) fn finish(mut self, items: Vec<Node>) -> Parsed {
        self.diagnostics.sort_by_key(|d| (d.span.start, d.span.end));
        self.diagnostics.dedup();
        Parsed {
            tree: self.tree,
            items,
            diagnostics: self.diagnostics,
        }
    }

    // Diagnostics.

    pub(super) fn report(&mut self, start: usize, end: usize, message: &str) {
        self.diagnostics.push(SyntaxError {
            span: span(self.file, start, end),
            message: message.to_owned(),
        });
    }

    /// Reports an error at a place and returns a node that stands for what is wrong.
    pub(super) fn error(&mut self, at: Span, message: &str) -> Node {
        self.report(at.start as usize, at.end as usize, message);
        self.tree.expr(Head::Error, &[], Some(at))
    }

    /// For shapes that only occur next to an error of the parser library.
    pub(super) fn malformed(&mut self, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let known = self
            .diagnostics
            .iter()
            .any(|d| d.span.end >= at.start && d.span.start <= at.end);
        if known {
            self.tree.expr(Head::Error, &[], Some(at))
        } else {
            self.error(at, "syntax error")
        }
    }

    // Places.

    pub(super) fn span(&self, node: &SyntaxNode) -> Span {
        let range = node.text_range();
        let mut found = span(self.file, range.start().into(), range.end().into());
        // Blocks hold the white space around their statements.
        if node.kind() == K::BLOCK {
            if let Some(first) = node.first_child() {
                found.start = first.text_range().start().into();
            }
            if let Some(last) = node.last_child() {
                found.end = last.text_range().end().into();
            }
        }
        found
    }

    pub(super) fn token_span(&self, token: &SyntaxToken) -> Span {
        let range = token.text_range();
        span(self.file, range.start().into(), range.end().into())
    }

    // Making nodes.

    pub(super) fn name(&mut self, text: &str) -> Name {
        self.tables.names.intern(text)
    }

    pub(super) fn symbol(&mut self, text: &str, at: Span) -> Node {
        let name = self.name(text);
        self.tree.add(NodeData::Symbol(name), Some(at))
    }

    pub(super) fn expr(&mut self, head: Head, args: &[Node], at: Span) -> Node {
        self.tree.expr(head, args, Some(at))
    }

    pub(super) fn other(&mut self, head: &str, args: &[Node], at: Span) -> Node {
        let head = match Head::from_text(head) {
            Some(known) => known,
            None => Head::Other(self.name(head)),
        };
        self.expr(head, args, at)
    }

    pub(super) fn bits(&mut self, ty: Type, bits: u64, at: Span) -> Node {
        self.tree.add(NodeData::Bits { ty, bits }, Some(at))
    }

    pub(super) fn boolean(&mut self, value: bool, at: Span) -> Node {
        self.bits(Type::BOOL, u64::from(value), at)
    }

    pub(super) fn quoted(&mut self, node: Node, at: Span) -> Node {
        self.tree.add(NodeData::Quote(node), Some(at))
    }

    // The walk.

    /// All statements of a file; the parts of `a; b` become statements of their own.
    pub(super) fn top_level(&mut self, root: &SyntaxNode) -> Vec<Node> {
        let mut items = Vec::new();
        for item in self.statements(root) {
            if self.tree.head(item) == Some(Head::Toplevel) {
                items.extend_from_slice(self.tree.args(item));
            } else {
                items.push(item);
            }
        }
        items
    }

    /// The statements of a file or block. Tokens between them that separate nothing are what the
    /// library could not use.
    fn statements(&mut self, node: &SyntaxNode) -> Vec<Node> {
        let mut found = Vec::new();
        for element in node.children_with_tokens() {
            match element {
                NodeOrToken::Node(n) => found.push(self.node(&n)),
                NodeOrToken::Token(t) if is_trivia(t.kind()) => {
                    if t.kind() == K::BLOCK_COMMENT && !is_closed_comment(t.text()) {
                        let at = self.token_span(&t);
                        self.report(at.start as usize, at.end as usize, "unterminated comment");
                    }
                }
                NodeOrToken::Token(t) if t.kind() == K::SEMICOLON => {}
                NodeOrToken::Token(t) => {
                    let at = self.token_span(&t);
                    let message = format!("unexpected `{}`", t.text());
                    found.push(self.error(at, &message));
                }
            }
        }
        found
    }

    pub(super) fn each(&mut self, nodes: impl Iterator<Item = SyntaxNode>) -> Vec<Node> {
        nodes.map(|n| self.node(&n)).collect()
    }

    /// Converts a node of any kind.
    pub(super) fn node(&mut self, node: &SyntaxNode) -> Node {
        if self.depth >= MAX_TREE_DEPTH {
            let at = self.span(node);
            return self.error(at, "expression is nested too deeply");
        }
        self.depth += 1;
        let converted = self.dispatch(node);
        self.depth -= 1;
        converted
    }

    fn dispatch(&mut self, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        match node.kind() {
            K::NAME => self.identifier(node),
            K::LITERAL => self.literal(node),
            K::STRING_LITERAL => self.string_literal(node),
            K::NONSTANDARD_IDENTIFIER => self.var_identifier(node),
            K::CMD_LITERAL => self.command_literal(node),
            K::INTERPOLATION => {
                let inner = self.interpolated(node);
                self.expr(Head::Interpolate, &[inner], at)
            }
            K::PAREN_EXPR | K::CONDITION | K::ARG => self.inner(node),
            K::OPERATOR_ATOM => self.operator_atom(node),
            K::END_MARKER => self.symbol("end", at),
            K::BEGIN_MARKER => self.symbol("begin", at),

            K::BINARY_EXPR => self.binary(node),
            K::RANGE_EXPR => self.range(node),
            K::COMPARISON_EXPR => self.comparison(node),
            K::ASSIGNMENT_EXPR => self.assignment(node),
            K::UNARY_EXPR => self.unary(node),
            K::POSTFIX_EXPR => self.postfix(node),
            // The library takes the quoted operator for a splatted colon.
            K::SPLAT_EXPR if node.text() == ":..." => {
                let dots = self.symbol("...", at);
                self.quotation(dots, at)
            }
            K::SPLAT_EXPR => self.wrap(Head::Splat, node),
            K::TYPE_ANNOTATION => self.wrap(Head::Typed, node),
            K::WHERE_EXPR => self.where_clause(node),
            K::ARROW_EXPR => self.arrow(node),
            K::JUXTAPOSE_EXPR => {
                let times = self.symbol("*", at);
                let mut args = vec![times];
                args.extend(self.each(node.children()));
                self.expr(Head::Call, &args, at)
            }
            K::TERNARY_EXPR => {
                let operands: Vec<SyntaxNode> = node.children().collect();
                let (args, behind) = self.up_to_comma(&operands);
                if args.len() != 3 {
                    return self.malformed(node);
                }
                let value = self.expr(Head::If, &args, at);
                self.with_behind(value, behind, at)
            }

            K::INDEX_EXPR | K::TYPED_MATRIX_EXPR | K::TYPED_COMPREHENSION
                if begins_with_colon(node) =>
            {
                self.quoted_brackets(node)
            }
            K::CALL_EXPR => self.call(Head::Call, node),
            K::INDEX_EXPR => self.call(Head::Ref, node),
            K::CURLY_EXPR => self.call(Head::Curly, node),
            K::DOT_CALL_EXPR => self.dot_call(node),
            K::BRACES => self.delimited(Head::Braces, node),
            K::TUPLE_EXPR if !is_block(node) => self.delimited(Head::Tuple, node),
            K::BARE_TUPLE_EXPR => {
                let operands: Vec<SyntaxNode> = node.children().collect();
                let (mut args, behind) = self.up_to_comma(&operands);
                args.extend(behind);
                self.expr(Head::Tuple, &args, at)
            }
            K::VECT_EXPR => self.delimited(Head::Vect, node),
            K::PAREN_BLOCK | K::TUPLE_EXPR => {
                let args = self.block_arguments(node);
                self.expr(Head::Block, &args, at)
            }
            K::KEYWORD_ARG => self.keyword(node, Assignments::Plain),
            K::MACRO_CALL => self.macro_call(node),
            K::MACRO_NAME => self.macro_name(node),

            K::MATRIX_EXPR => self.matrix(node, None),
            K::TYPED_MATRIX_EXPR => self.typed_matrix(node),
            K::BRACESCAT_EXPR => self.braces_matrix(node),
            K::GENERATOR => self.generator(node),
            K::COMPREHENSION => {
                let generator = self.generator(node);
                self.expr(Head::Comprehension, &[generator], at)
            }
            K::BRACES_COMPREHENSION => {
                let generator = self.generator(node);
                self.expr(Head::Braces, &[generator], at)
            }
            K::TYPED_COMPREHENSION => self.typed_comprehension(node),

            K::BLOCK => {
                let statements = self.statements(node);
                self.expr(Head::Block, &statements, at)
            }
            K::BEGIN_EXPR => self.block_of(node),
            K::QUOTE_EXPR => {
                let block = self.block_of(node);
                self.expr(Head::Quote, &[block], at)
            }
            K::QUOTE_SYM => self.quote_symbol(node),
            K::TOPLEVEL_SEMICOLON => {
                let statements = self.statements(node);
                self.expr(Head::Toplevel, &statements, at)
            }
            K::DOC => match node.last_child() {
                // What is named only, and defined elsewhere, is not executed.
                Some(documented) if is_named_only(node, &documented) => {
                    self.node(&documented);
                    self.tree.add(NodeData::Nothing, Some(at))
                }
                Some(documented) => self.node(&documented),
                None => self.malformed(node),
            },
            K::IF_EXPR => self.if_statement(node),
            K::WHILE_EXPR => self.while_loop(node),
            K::FOR_EXPR => self.for_loop(node),
            K::OUTER_BINDING => self.wrap_as("outer", node),
            K::LET_EXPR => self.let_block(node),
            K::TRY_EXPR => self.try_statement(node),
            K::DO_EXPR => self.do_block(node),
            K::RETURN_EXPR => self.return_statement(node),
            K::BREAK_EXPR => self.wrap(Head::Break, node),
            K::CONTINUE_EXPR => self.wrap(Head::Continue, node),

            K::FUNCTION_DEF => self.function(Head::Function, node),
            K::MACRO_DEF => self.function(Head::Macro, node),
            K::STRUCT_DEF => self.structure(node),
            K::ABSTRACT_DEF => {
                let signature = self.signature(node);
                self.expr(Head::Abstract, &[signature], at)
            }
            K::PRIMITIVE_DEF => self.primitive(node),
            K::MODULE_DEF => self.module(node),
            K::CONST_STMT => self.declaration(Head::Const, node),
            K::GLOBAL_STMT => self.declaration(Head::Global, node),
            K::LOCAL_STMT => self.declaration(Head::Local, node),
            K::IMPORT_STMT => self.import(Head::Import, node),
            K::USING_STMT => self.import(Head::Using, node),
            K::EXPORT_STMT => self.export("export", node),
            K::PUBLIC_STMT => self.export("public", node),
            _ => self.malformed(node),
        }
    }

    /// An expression of all children.
    pub(super) fn wrap(&mut self, head: Head, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let args = self.each(node.children());
        self.expr(head, &args, at)
    }

    pub(super) fn wrap_as(&mut self, head: &str, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let args = self.each(node.children());
        self.other(head, &args, at)
    }

    /// The only child of parentheses and the like: an expression, or an operator as a name.
    pub(super) fn inner(&mut self, node: &SyntaxNode) -> Node {
        if let Some(child) = node.first_child() {
            return self.node(&child);
        }
        match operator_token(node) {
            Some(token) => self.operator_symbol(&token),
            None => {
                let at = self.span(node);
                self.expr(Head::Block, &[], at)
            }
        }
    }

    /// A child that the parser library left as a bare token where others are nodes.
    pub(super) fn element(&mut self, element: &SyntaxElement) -> Option<Node> {
        match element {
            NodeOrToken::Node(n) => Some(self.node(n)),
            NodeOrToken::Token(t) => match t.kind() {
                K::IDENT => Some(self.identifier_token(t)),
                kind if kind.is_operator() => Some(self.operator_symbol(t)),
                _ => None,
            },
        }
    }

    // Leaves.

    pub(super) fn identifier(&mut self, node: &SyntaxNode) -> Node {
        let token = tokens(node).find(|t| t.kind() == K::IDENT || t.kind().is_keyword());
        match token {
            Some(token) => self.identifier_token(&token),
            None => self.malformed(node),
        }
    }

    pub(super) fn identifier_token(&mut self, token: &SyntaxToken) -> Node {
        let at = self.token_span(token);
        self.symbol(&normalized(token.text()), at)
    }

    /// The symbol of an operator; a dotted one keeps its dot.
    pub(super) fn operator_symbol(&mut self, token: &SyntaxToken) -> Node {
        let at = self.token_span(token);
        self.symbol(&folded_operator(token.text()), at)
    }

    fn operator_atom(&mut self, node: &SyntaxNode) -> Node {
        let Some(token) = operator_token(node) else {
            return self.malformed(node);
        };
        let at = self.span(node);
        let text = folded_operator(token.text()).into_owned();
        match undotted(&text) {
            Some(plain) => {
                let plain = self.symbol(plain, at);
                self.expr(Head::Dotted, &[plain], at)
            }
            None => self.symbol(&text, at),
        }
    }

    fn literal(&mut self, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let mut negative = false;
        let mut value = None;
        for token in tokens(node) {
            match token.kind() {
                K::MINUS => negative = true,
                K::UNICODE_OP if token.text() == "\u{2212}" => negative = true,
                K::PLUS | K::WHITESPACE => {}
                _ => value = Some(token),
            }
        }
        match value {
            Some(token) => self.literal_token(&token, negative, at),
            None => self.malformed(node),
        }
    }

    pub(super) fn literal_token(&mut self, token: &SyntaxToken, negative: bool, at: Span) -> Node {
        let text = token.text();
        let number = match token.kind() {
            K::TRUE_KW => return self.boolean(true, at),
            K::FALSE_KW => return self.boolean(false, at),
            K::CHAR => return self.char_literal(text, at),
            K::INTEGER => literal::decimal_integer(text, negative),
            K::HEX_INT | K::OCT_INT | K::BIN_INT => literal::prefixed_integer(text),
            K::FLOAT => literal::float64(text).map(|v| Number::Bits {
                ty: Type::FLOAT64,
                bits: if negative { -v } else { v }.to_bits(),
            }),
            K::FLOAT32 => literal::float32(text).map(|v| Number::Bits {
                ty: Type::FLOAT32,
                bits: u64::from(if negative { -v } else { v }.to_bits()),
            }),
            K::ERROR_HEX_FLOAT_NO_P => Err("hex float literal must contain `p` or `P`"),
            K::ERROR_IDENTIFIER_START => Err("identifier cannot begin with this character"),
            K::ERROR_UNKNOWN_CHAR => Err("invalid character"),
            _ => Err("invalid numeric constant"),
        };
        match number {
            Ok(number) => self.number(number, at),
            Err(problem) => self.error(at, problem),
        }
    }

    fn number(&mut self, number: Number, at: Span) -> Node {
        let data = match number {
            Number::Bits { ty, bits } => NodeData::Bits { ty, bits },
            Number::Wide { ty, bits } => NodeData::Wide { ty, bits },
            Number::Big(digits) => NodeData::BigInt(digits.into()),
        };
        self.tree.add(data, Some(at))
    }

    fn char_literal(&mut self, source: &str, at: Span) -> Node {
        let body = source
            .strip_prefix('\'')
            .and_then(|s| s.strip_suffix('\''))
            .unwrap_or("");
        match text::character(body) {
            Ok(bits) => self.bits(Type::CHAR, u64::from(bits), at),
            Err(problem) => self.error(at, problem),
        }
    }
}

/// The tokens directly under a node.
pub(super) fn tokens(node: &SyntaxNode) -> impl Iterator<Item = SyntaxToken> {
    node.children_with_tokens().filter_map(|e| e.into_token())
}

/// The first operator directly under a node.
pub(super) fn operator_token(node: &SyntaxNode) -> Option<SyntaxToken> {
    tokens(node).find(|t| t.kind().is_operator() || t.kind() == K::DOLLAR)
}

/// The first child of a kind.
pub(super) fn child(node: &SyntaxNode, kind: SyntaxKind) -> Option<SyntaxNode> {
    node.children().find(|c| c.kind() == kind)
}

/// Whether what the parser took for a tuple is a block: it counts the commas inside of statements as
/// commas between elements (`(s = 0; for i in a, j in b; s += j; end; s)`). Parameters of functions
/// without a name (`(x; y = 1) -> x`) are no statements that end with `end`.
fn is_block(tuple: &SyntaxNode) -> bool {
    let has_comma = |node: &SyntaxNode| tokens(node).any(|t| t.kind() == K::COMMA);
    let ends = |part: SyntaxNode| {
        let inner = part.first_child().map(|inner| inner.kind());
        part.kind() == K::ARG
            && matches!(
                inner,
                Some(K::FOR_EXPR | K::WHILE_EXPR | K::IF_EXPR | K::LET_EXPR | K::TRY_EXPR)
            )
    };
    let first = tuple.first_child();
    let begins_with_element = first.is_some_and(|p| p.kind() != K::PARAMETERS);
    let mut lists = tuple.children().filter(|p| p.kind() == K::PARAMETERS);
    begins_with_element
        && !has_comma(tuple)
        && !lists.clone().any(|list| has_comma(&list))
        && (tuple.children().any(ends) || lists.any(|list| list.children().any(ends)))
}

/// Whether a token carries no syntax.
pub(super) fn is_trivia(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        K::WHITESPACE | K::NEWLINE | K::COMMENT | K::BLOCK_COMMENT
    )
}

/// Whether every `#=` of a comment has its `=#`.
fn is_closed_comment(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (mut depth, mut i) = (0usize, 0);
    while i + 1 < bytes.len() {
        match &bytes[i..i + 2] {
            b"#=" => depth += 1,
            b"=#" => depth = depth.saturating_sub(1),
            _ => {
                i += 1;
                continue;
            }
        }
        i += 2;
    }
    depth == 0
}

/// The operator under a broadcasting dot.
pub(super) fn undotted(text: &str) -> Option<&str> {
    text.strip_prefix('.')
        .filter(|rest| !rest.is_empty() && !rest.starts_with('.'))
}

/// An identifier as Julia compares it: composed, with look-alikes folded.
pub(super) fn normalized(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let folded = text.chars().map(|c| match c {
        '\u{25b}' => '\u{3b5}',
        '\u{b5}' => '\u{3bc}',
        '\u{210f}' => '\u{127}',
        c => fold_operator_char(c),
    });
    Cow::Owned(folded.nfc().collect())
}

/// An operator as Julia compares it: middle dots are `⋅`, the minus sign is `-`.
pub(super) fn folded_operator(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(fold_operator_char).collect())
}

/// Whether a text documents, at the top level of a module, what is defined elsewhere.
fn is_named_only(doc: &SyntaxNode, documented: &SyntaxNode) -> bool {
    let block = doc.parent().filter(|p| p.kind() == K::BLOCK);
    let around = match block {
        Some(block) => block.parent(),
        None => doc.parent(),
    };
    around.is_some_and(|p| matches!(p.kind(), K::ROOT | K::MODULE_DEF))
        && matches!(
            documented.kind(),
            K::NAME | K::CALL_EXPR | K::TYPE_ANNOTATION | K::WHERE_EXPR
        )
}

fn fold_operator_char(c: char) -> char {
    match c {
        '\u{b7}' | '\u{387}' => '\u{22c5}',
        '\u{2212}' => '-',
        c => c,
    }
}
