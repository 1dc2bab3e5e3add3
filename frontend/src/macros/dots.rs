//! `@.`: every call, assignment and comparison in an expression becomes a broadcast.

use super::{Expanded, Expander};
use crate::surface::{Head, Node};
use crate::surface_text::head_text;

impl Expander<'_> {
    pub(super) fn dotted(&mut self, node: Node) -> Expanded {
        let (Some(head), args) = self.parts(node) else {
            return Ok(node);
        };
        match (head, &args[..]) {
            // `$x` protects `x`.
            (Head::Interpolate, [inner]) => return Ok(*inner),
            (Head::Quote, _) => return Ok(node),
            (Head::Function | Head::Macro, [signature, body]) => {
                let body = self.dotted(*body)?;
                return Ok(self.with_args(node, &[*signature, body]));
            }
            (Head::Assign, [signature, body]) if self.tree.head(*signature) == Some(Head::Call) => {
                let body = self.dotted(*body)?;
                return Ok(self.with_args(node, &[*signature, body]));
            }
            _ => {}
        }
        let mut new = Vec::with_capacity(args.len());
        for &arg in &args {
            new.push(self.dotted(arg)?);
        }
        let at = self.tree.span(node);
        Ok(match (head, &new[..]) {
            (Head::Call, [callee, rest @ ..]) if self.takes_dot(*callee) => {
                let tuple = self.tree.expr(Head::Tuple, rest, at);
                self.tree.expr(Head::Dotted, &[*callee, tuple], at)
            }
            (Head::Comparison, _) => {
                for i in (1..new.len()).step_by(2) {
                    new[i] = self.dotted_operator(new[i]);
                }
                self.tree.expr(head, &new, at)
            }
            (Head::Let | Head::For, [bindings, body]) => {
                let bindings = self.undotted(*bindings);
                self.tree.expr(head, &[bindings, *body], at)
            }
            (Head::Subtype | Head::Supertype, [left, right]) => {
                let text = format!(".{}", head_text(head, self.env.tables()));
                let op = self.symbol(&text);
                self.tree.expr(Head::Call, &[op, *left, *right], at)
            }
            _ => {
                let text = head_text(head, self.env.tables()).to_owned();
                let assigns = text.ends_with('=') && !text.starts_with('.');
                if assigns || matches!(text.as_str(), "&&" | "||") {
                    let name = self.name(&format!(".{text}"));
                    let dotted = Head::from_text(self.text(name)).unwrap_or(Head::Other(name));
                    self.tree.expr(dotted, &new, at)
                } else {
                    self.with_args(node, &new)
                }
            }
        })
    }

    /// Whether a callee is not dotted yet and may be.
    fn takes_dot(&self, callee: Node) -> bool {
        match self.symbol_text(callee) {
            Some(":") => false,
            Some(text) => !text.starts_with('.') || text == "..",
            None => self.tree.head(callee).is_some(),
        }
    }

    fn dotted_operator(&mut self, operator: Node) -> Node {
        match self.symbol_text(operator) {
            Some(text) if !text.starts_with('.') => {
                let dotted = format!(".{text}");
                self.symbol(&dotted)
            }
            _ => operator,
        }
    }

    /// Bindings of `let` and `for` are no broadcasts.
    fn undotted(&mut self, node: Node) -> Node {
        let (head, args) = self.parts(node);
        let at = self.tree.span(node);
        match head {
            Some(Head::DotAssign) => self.tree.expr(Head::Assign, &args, at),
            Some(Head::Block) => {
                let args: Vec<Node> = args.iter().map(|&a| self.undotted(a)).collect();
                self.tree.expr(Head::Block, &args, at)
            }
            _ => node,
        }
    }
}
