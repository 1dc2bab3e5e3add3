//! Operators: infix, prefix, postfix, assignments, comparison chains, ranges, `where`, `->`, `:x`.

use super::convert::{
    Assignments, Converter, child, folded_operator, is_trivia, operator_token, tokens,
};
use crate::surface::{Head, Node, NodeData, Span};
use fatou_parser::syntax::{SyntaxKind as K, SyntaxNode, SyntaxToken};
use rowan::NodeOrToken;

impl Converter<'_> {
    /// What an infix operator applied to operands is.
    fn infix(&mut self, op: &SyntaxToken, args: &[Node], at: Span) -> Node {
        let text = folded_operator(op.text()).into_owned();
        match op.kind() {
            K::AND_AND
            | K::OR_OR
            | K::SUBTYPE
            | K::SUPERTYPE
            | K::LONG_ARROW
            | K::DOT_AND_AND
            | K::DOT_OR_OR
            | K::UNICODE_ASSIGN_OP
            | K::COLON_EQ => self.other(&text, args, at),
            K::STAR_STAR | K::DOT_STAR_STAR => {
                let place = self.token_span(op);
                self.error(place, "use `x^y` instead of `x**y` for exponentiation")
            }
            K::MINUS_MINUS | K::DOT_MINUS_MINUS => {
                let place = self.token_span(op);
                self.error(place, "invalid operator `--`")
            }
            _ => {
                let mut all = vec![self.operator_symbol(op)];
                all.extend_from_slice(args);
                self.expr(Head::Call, &all, at)
            }
        }
    }

    pub(super) fn binary(&mut self, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        // `in` and `isa` are identifiers to the lexer; both operands are nodes.
        let op = tokens(node).find(|t| {
            t.kind().is_operator()
                || t.kind() == K::DOLLAR
                || (t.kind() == K::IDENT && matches!(t.text(), "in" | "isa"))
        });
        let Some(op) = op else {
            return self.malformed(node);
        };
        let operands: Vec<SyntaxNode> = node.children().collect();
        if operands.len() < 2 {
            return self.malformed(node);
        }
        if op.kind() == K::DOT {
            return match &operands[..] {
                [object, field] => self.field_access(object, field, at),
                _ => self.malformed(node),
            };
        }
        let (args, behind) = self.up_to_comma(&operands);
        let value = self.infix(&op, &args, at);
        self.with_behind(value, behind, at)
    }

    /// Operands, and what stands behind a comma after the last of them. The library takes
    /// `a |> x -> b, c` for a function that gives a tuple; the comma ends all of `a |> x -> b`.
    pub(super) fn up_to_comma(&mut self, operands: &[SyntaxNode]) -> (Vec<Node>, Vec<Node>) {
        let mut args = self.each(operands.iter().cloned());
        let ends_open = operands.last().is_some_and(|last| {
            matches!(
                last.kind(),
                K::ARROW_EXPR | K::BINARY_EXPR | K::TERNARY_EXPR
            )
        });
        let Some(&last) = args.last().filter(|_| ends_open) else {
            return (args, Vec::new());
        };
        let behind = match (self.tree.head(last), self.tree.args(last)) {
            (Some(Head::Tuple), [first, behind @ ..]) => {
                let (first, behind) = (*first, behind.to_vec());
                args.pop();
                args.push(first);
                behind
            }
            _ => Vec::new(),
        };
        (args, behind)
    }

    /// A value, or the tuple of it and what stands behind a comma.
    pub(super) fn with_behind(&mut self, value: Node, behind: Vec<Node>, at: Span) -> Node {
        if behind.is_empty() {
            return value;
        }
        let mut all = vec![value];
        all.extend(behind);
        self.expr(Head::Tuple, &all, at)
    }

    fn field_access(&mut self, object: &SyntaxNode, field: &SyntaxNode, at: Span) -> Node {
        let object = self.node(object);
        let place = self.span(field);
        let field = match field.kind() {
            K::QUOTE_SYM => self.node(field),
            _ => {
                let name = self.node(field);
                self.quoted(name, place)
            }
        };
        self.expr(Head::Dotted, &[object, field], at)
    }

    pub(super) fn range(&mut self, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let operands = self.each(node.children());
        let Some(colon) = operator_token(node).filter(|_| operands.len() >= 2) else {
            return self.malformed(node);
        };
        self.infix(&colon, &operands, at)
    }

    pub(super) fn comparison(&mut self, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let mut args = Vec::new();
        for element in node.children_with_tokens() {
            args.extend(self.element(&element));
        }
        if args.len().is_multiple_of(2) {
            return self.malformed(node);
        }
        self.expr(Head::Comparison, &args, at)
    }

    pub(super) fn assignment(&mut self, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let operands: Vec<SyntaxNode> = node.children().collect();
        let (Some(op), [left, right]) = (operator_token(node), &operands[..]) else {
            return self.malformed(node);
        };
        if op.kind() != K::EQ {
            let text = folded_operator(op.text()).into_owned();
            let args = [self.node(left), self.node(right)];
            return self.other(&text, &args, at);
        }
        self.assignment_of(left, right, at)
    }

    /// `target = value`: an assignment or a short function definition.
    pub(super) fn assignment_of(
        &mut self,
        target: &SyntaxNode,
        value: &SyntaxNode,
        at: Span,
    ) -> Node {
        let target = self.node(target);
        let value = self.node(value);
        let value = if self.defines_function(target) {
            self.body(value)
        } else {
            value
        };
        self.expr(Head::Assign, &[target, value], at)
    }

    /// Whether `target = …` is a short function definition.
    fn defines_function(&self, mut target: Node) -> bool {
        loop {
            match self.tree.head(target) {
                Some(Head::Call) => return true,
                Some(Head::Where | Head::Typed) => match self.tree.args(target).first() {
                    Some(&inner) => target = inner,
                    None => return false,
                },
                _ => return false,
            }
        }
    }

    /// A function body is a block.
    pub(super) fn body(&mut self, value: Node) -> Node {
        if self.tree.head(value) == Some(Head::Block) {
            return value;
        }
        let at = self.tree.span(value);
        self.tree.expr(Head::Block, &[value], at)
    }

    pub(super) fn unary(&mut self, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let (Some(op), Some(operand)) = (operator_token(node), node.first_child()) else {
            return self.malformed(node);
        };
        if child(node, K::ERROR).is_some() {
            return self.malformed(node);
        }
        let operand = self.node(&operand);
        match op.kind() {
            K::SUBTYPE => self.expr(Head::Subtype, &[operand], at),
            K::SUPERTYPE => self.expr(Head::Supertype, &[operand], at),
            K::AMP => self.other("&", &[operand], at),
            _ => {
                let op = self.operator_symbol(&op);
                self.expr(Head::Call, &[op, operand], at)
            }
        }
    }

    pub(super) fn postfix(&mut self, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let quote = tokens(node).find(|t| t.kind() == K::TRANSPOSE);
        let (Some(quote), Some(operand)) = (quote, node.first_child()) else {
            return self.malformed(node);
        };
        if tokens(node).any(|t| t.kind() == K::DOT) {
            let place = self.token_span(&quote);
            return self.error(place, "the `.'` operator is discontinued");
        }
        let operand = self.node(&operand);
        if quote.text() == "'" {
            return self.expr(Head::Adjoint, &[operand], at);
        }
        let place = self.token_span(&quote);
        let op = self.symbol(quote.text(), place);
        self.expr(Head::Call, &[op, operand], at)
    }

    pub(super) fn where_clause(&mut self, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let mut args = Vec::new();
        // Braces end the clause: `A{T} where {T} == B` is a comparison. The library takes it for a
        // clause whose variables are a comparison.
        if let [ty, rest] = &node.children().collect::<Vec<_>>()[..]
            && matches!(rest.kind(), K::BINARY_EXPR | K::COMPARISON_EXPR)
            && (rest.first_child()).is_some_and(|first| first.kind() == K::BRACES)
        {
            return self.compared_where(ty, rest, at);
        }
        for (i, part) in node.children().enumerate() {
            if i > 0 && part.kind() == K::BRACES {
                args.extend(self.arguments(&part, Assignments::Plain));
            } else {
                args.push(self.node(&part));
            }
        }
        if args.is_empty() {
            return self.malformed(node);
        }
        self.expr(Head::Where, &args, at)
    }

    /// `ty where {…} == …`, of which the library has read `{…} == …` as `rest`.
    fn compared_where(&mut self, ty: &SyntaxNode, rest: &SyntaxNode, at: Span) -> Node {
        let ty = self.node(ty);
        let rest = self.node(rest);
        let mut parts = self.tree.args(rest).to_vec();
        let braces = parts
            .iter()
            .position(|&p| self.tree.head(p) == Some(Head::Braces));
        let (Some(head), Some(braces)) = (self.tree.head(rest), braces) else {
            return rest;
        };
        let mut clause = vec![ty];
        clause.extend_from_slice(self.tree.args(parts[braces]));
        parts[braces] = self.expr(Head::Where, &clause, at);
        self.expr(head, &parts, at)
    }

    pub(super) fn arrow(&mut self, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let operands: Vec<SyntaxNode> = node.children().collect();
        let [left, right] = &operands[..] else {
            return self.malformed(node);
        };
        let params = match left.kind() {
            K::PAREN_EXPR => {
                let inner = self.inner(left);
                let place = self.span(left);
                self.expr(Head::Tuple, &[inner], place)
            }
            // `(a; b = 1) -> …`
            K::PAREN_BLOCK => self.delimited(Head::Tuple, left),
            _ => self.node(left),
        };
        // A comma ends the body: `f, g = x -> 1, x -> 2` makes two functions. The library takes what
        // follows for a tuple inside the body.
        if right.kind() == K::BARE_TUPLE_EXPR {
            let tuple = self.node(right);
            if let [first, rest @ ..] = &self.tree.args(tuple).to_vec()[..] {
                let body = self.body(*first);
                let function = self.expr(Head::Arrow, &[params, body], at);
                return self.with_behind(function, rest.to_vec(), at);
            }
        }
        let (body, behind) = self.up_to_comma(std::slice::from_ref(right));
        let Some(&body) = body.first() else {
            return self.malformed(node);
        };
        let body = self.body(body);
        let function = self.expr(Head::Arrow, &[params, body], at);
        self.with_behind(function, behind, at)
    }

    /// `:name`, `:(expression)` or `:operator`.
    pub(super) fn quote_symbol(&mut self, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let mut past_colon = false;
        let mut quoted = None;
        for element in node.children_with_tokens() {
            match element {
                NodeOrToken::Node(n) => {
                    quoted = Some(self.node(&n));
                    break;
                }
                NodeOrToken::Token(t) if !past_colon && t.kind() == K::COLON => past_colon = true,
                NodeOrToken::Token(t) if is_trivia(t.kind()) => {}
                NodeOrToken::Token(t) => {
                    quoted = Some(self.operator_symbol(&t));
                    break;
                }
            }
        }
        let Some(quoted) = quoted else {
            return self.malformed(node);
        };
        self.quotation(quoted, at)
    }

    /// `:quoted`; literals stand for themselves.
    pub(super) fn quotation(&mut self, quoted: Node, at: Span) -> Node {
        match self.tree.data(quoted) {
            NodeData::Symbol(_) => self.quoted(quoted, at),
            NodeData::Bits { .. }
            | NodeData::Wide { .. }
            | NodeData::BigInt(_)
            | NodeData::String(_)
            | NodeData::Nothing => quoted,
            _ => self.expr(Head::Quote, &[quoted], at),
        }
    }
}
