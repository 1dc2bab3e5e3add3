//! Matrices, comprehensions and generators.
//!
//! The library nests the rows of `[a b; c d]` by dimension but leaves the dimension to the
//! separators between them: a space is dimension 0 (`row`), a line end or `;` is 1, `;;` is 2 ….

use super::convert::{Converter, child};
use crate::surface::{Head, Node, Span};
use fatou_parser::syntax::{SyntaxElement, SyntaxKind as K, SyntaxNode};
use jlift_ir::Type;
use rowan::NodeOrToken;

/// The `for` clause of a generator with the condition after it.
struct Clause {
    specs: Vec<Node>,
    condition: Option<Node>,
    at: Span,
}

/// Whether brackets follow a colon: the library takes it for what is indexed.
pub(super) fn begins_with_colon(node: &SyntaxNode) -> bool {
    node.first_child()
        .is_some_and(|first| first.kind() == K::OPERATOR_ATOM && first.text() == ":")
}

impl Converter<'_> {
    /// `:[a, b]`, code that makes an array.
    pub(super) fn quoted_brackets(&mut self, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let typed = match node.kind() {
            K::INDEX_EXPR => self.call(Head::Ref, node),
            K::TYPED_MATRIX_EXPR => self.typed_matrix(node),
            _ => self.typed_comprehension(node),
        };
        let head = match self.tree.head(typed) {
            Some(Head::Ref) => Head::Vect,
            Some(Head::TypedVcat) => Head::Vcat,
            Some(Head::TypedHcat) => Head::Hcat,
            Some(Head::TypedNcat) => Head::Ncat,
            Some(Head::TypedComprehension) => Head::Comprehension,
            _ => return self.malformed(node),
        };
        let args = self.tree.args(typed).get(1..).unwrap_or_default().to_vec();
        let brackets = self.expr(head, &args, at);
        self.quotation(brackets, at)
    }

    /// `[…]` with separators other than commas; with a type, `T[…]`.
    pub(super) fn matrix(&mut self, node: &SyntaxNode, ty: Option<Node>) -> Node {
        let at = self.span(node);
        let (dimension, parts) = self.concatenation(node);
        let head = match (dimension, ty.is_some()) {
            (0, false) => Head::Hcat,
            (0, true) => Head::TypedHcat,
            (1, false) if !parts.is_empty() => Head::Vcat,
            (1, true) if !parts.is_empty() => Head::TypedVcat,
            (_, false) => Head::Ncat,
            (_, true) => Head::TypedNcat,
        };
        let mut args = Vec::from_iter(ty);
        if matches!(head, Head::Ncat | Head::TypedNcat) {
            args.push(self.bits(Type::INT64, dimension, at));
        }
        args.extend(parts);
        self.expr(head, &args, at)
    }

    pub(super) fn typed_matrix(&mut self, node: &SyntaxNode) -> Node {
        let (Some(ty), Some(matrix)) = (node.first_child(), child(node, K::MATRIX_EXPR)) else {
            return self.malformed(node);
        };
        let ty = self.node(&ty);
        self.matrix(&matrix, Some(ty))
    }

    pub(super) fn braces_matrix(&mut self, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let (dimension, parts) = self.concatenation(node);
        let args = if dimension == 1 && !parts.is_empty() {
            parts
        } else {
            vec![self.group(dimension, &parts, at)]
        };
        self.expr(Head::Bracescat, &args, at)
    }

    /// The dimension along which the parts of a matrix are joined, and the parts.
    fn concatenation(&mut self, node: &SyntaxNode) -> (u64, Vec<Node>) {
        let row_first = first_separator_is_space(node);
        let dimension = group_dimension(node, row_first);
        let parts = self.group_parts(node, row_first);
        (dimension, parts)
    }

    fn group_parts(&mut self, node: &SyntaxNode, row_first: bool) -> Vec<Node> {
        let mut parts = Vec::new();
        for part in node.children() {
            if part.kind() == K::MATRIX_ROW {
                let at = self.span(&part);
                let inner = self.group_parts(&part, row_first);
                parts.push(self.group(group_dimension(&part, row_first), &inner, at));
            } else {
                parts.push(self.node(&part));
            }
        }
        parts
    }

    fn group(&mut self, dimension: u64, parts: &[Node], at: Span) -> Node {
        if dimension == 0 {
            return self.expr(Head::Row, parts, at);
        }
        let mut args = vec![self.bits(Type::INT64, dimension, at)];
        args.extend_from_slice(parts);
        self.expr(Head::Nrow, &args, at)
    }

    pub(super) fn typed_comprehension(&mut self, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let (Some(ty), Some(generator)) = (node.first_child(), child(node, K::GENERATOR)) else {
            return self.malformed(node);
        };
        let ty = self.node(&ty);
        let generator = self.node(&generator);
        self.expr(Head::TypedComprehension, &[ty, generator], at)
    }

    /// `body for … if … for …`. Several `for` nest, wrapped in `flatten`.
    pub(super) fn generator(&mut self, node: &SyntaxNode) -> Node {
        let at = self.span(node);
        let mut body = None;
        let mut clauses: Vec<Clause> = Vec::new();
        for part in node.children() {
            match part.kind() {
                K::GENERATOR
                    if body.is_none() && clauses.is_empty() && node.kind() != K::GENERATOR =>
                {
                    return self.generator(&part);
                }
                K::FOR_BINDING => {
                    let specs = self.iteration_specs(&part);
                    clauses.push(Clause {
                        specs,
                        condition: None,
                        at: self.span(&part),
                    });
                }
                K::COMPREHENSION_IF => {
                    let condition = self.inner(&part);
                    if let Some(last) = clauses.last_mut() {
                        last.condition = Some(condition);
                    }
                }
                _ if body.is_none() => body = Some(self.node(&part)),
                _ => return self.malformed(node),
            }
        }
        let (Some(mut result), Some(last)) = (body, clauses.pop()) else {
            return self.malformed(node);
        };
        result = self.clause(result, last, at);
        while let Some(outer) = clauses.pop() {
            let nested = self.clause(result, outer, at);
            result = self.expr(Head::Flatten, &[nested], at);
        }
        result
    }

    fn clause(&mut self, body: Node, clause: Clause, at: Span) -> Node {
        let mut args = vec![body];
        match clause.condition {
            Some(condition) => {
                let mut filter = vec![condition];
                filter.extend(clause.specs);
                args.push(self.expr(Head::Filter, &filter, clause.at));
            }
            None => args.extend(clause.specs),
        }
        self.expr(Head::Generator, &args, at)
    }

    /// The `i = xs` of a `for`, each as an assignment.
    pub(super) fn iteration_specs(&mut self, binding: &SyntaxNode) -> Vec<Node> {
        let mut specs: Vec<Vec<SyntaxElement>> = vec![Vec::new()];
        for element in binding.children_with_tokens() {
            if element.kind() == K::COMMA {
                specs.push(Vec::new());
            } else if let Some(spec) = specs.last_mut() {
                spec.push(element);
            }
        }
        specs
            .into_iter()
            .map(|spec| self.iteration_spec(binding, &spec))
            .collect()
    }

    fn iteration_spec(&mut self, binding: &SyntaxNode, elements: &[SyntaxElement]) -> Node {
        let nodes: Vec<&SyntaxNode> = elements.iter().filter_map(|e| e.as_node()).collect();
        match nodes[..] {
            [whole] if whole.kind() == K::ASSIGNMENT_EXPR => {
                let parts: Vec<SyntaxNode> = whole.children().collect();
                let at = self.span(whole);
                match &parts[..] {
                    [target, value] => self.plain_assignment(target, value, at),
                    _ => self.malformed(whole),
                }
            }
            [target, value] => {
                let mut at = self.span(target);
                at.end = self.span(value).end;
                self.plain_assignment(target, value, at)
            }
            _ => {
                // A bare token where the library usually has a node.
                let parts: Vec<Node> = elements
                    .iter()
                    .filter(|e| {
                        !matches!(e, NodeOrToken::Token(t)
                            if matches!(t.text(), "in" | "∈" | "=") || t.kind().is_keyword())
                    })
                    .filter_map(|e| self.element(e))
                    .collect();
                let at = self.span(binding);
                match parts[..] {
                    [_, _] => self.expr(Head::Assign, &parts, at),
                    _ => self.malformed(binding),
                }
            }
        }
    }

    fn plain_assignment(&mut self, target: &SyntaxNode, value: &SyntaxNode, at: Span) -> Node {
        let target = self.node(target);
        let value = self.node(value);
        self.expr(Head::Assign, &[target, value], at)
    }
}

/// The largest dimension of the separators directly under a group.
fn group_dimension(node: &SyntaxNode, row_first: bool) -> u64 {
    let mut dimension = 0;
    let mut semicolons = 0;
    let mut line_end = false;
    let mut seen_part = false;
    for element in node.children_with_tokens() {
        match element.kind() {
            K::SEMICOLON => {
                semicolons += 1;
                line_end = false;
            }
            K::NEWLINE => line_end = true,
            K::ARG | K::MATRIX_ROW => {
                // `;;` at the end of a line continues a row if rows are written with spaces.
                let continues = semicolons == 2 && line_end && row_first;
                if seen_part && !continues {
                    let separator = if semicolons > 0 {
                        semicolons
                    } else {
                        u64::from(line_end)
                    };
                    dimension = dimension.max(separator);
                }
                seen_part = true;
                semicolons = 0;
                line_end = false;
            }
            _ => {}
        }
    }
    // At the end only semicolons count: `[a;]` has a dimension, `[a⏎]` has not.
    dimension.max(semicolons)
}

/// Whether the first two elements of a matrix are separated by a space.
fn first_separator_is_space(node: &SyntaxNode) -> bool {
    let mut elements = node
        .descendants()
        .skip(1)
        .filter(|n| n.kind() == K::ARG && belongs_to(n, node))
        .map(|n| n.text_range());
    let (Some(first), Some(second)) = (elements.next(), elements.next()) else {
        return false;
    };
    !node.descendants_with_tokens().any(|e| {
        matches!(e.kind(), K::SEMICOLON | K::NEWLINE)
            && e.text_range().start() >= first.end()
            && e.text_range().end() <= second.start()
    })
}

/// Whether only rows lie between an element and the matrix.
fn belongs_to(element: &SyntaxNode, matrix: &SyntaxNode) -> bool {
    element
        .ancestors()
        .skip(1)
        .find(|n| n.kind() != K::MATRIX_ROW)
        .is_some_and(|n| n == *matrix)
}
