//! `@fastmath`: operators and mathematical functions become those of `Base.FastMath`
//! (`add_fast`, `sqrt_fast`, …), which may reassociate and ignore NaN and infinities.

use super::Expander;
use crate::surface::{Head, Node};
use crate::surface_text::head_text;

/// The fast function for a name. Functions are called like the ordinary ones plus `_fast`.
fn fast_name(text: &str) -> Option<String> {
    let stem = match text {
        "+" => "add",
        "-" => "sub",
        "*" => "mul",
        "/" => "div",
        "==" => "eq",
        "!=" | "≠" => "ne",
        "<" => "lt",
        "<=" | "≤" => "le",
        ">" => "gt",
        ">=" | "≥" => "ge",
        "^" => "pow",
        "%" => "rem",
        "abs" | "abs2" | "acos" | "acosh" | "angle" | "asin" | "asinh" | "atan" | "atanh"
        | "cbrt" | "cis" | "cmp" | "conj" | "cos" | "cosh" | "exp" | "exp10" | "exp2" | "expm1"
        | "hypot" | "inv" | "isfinite" | "isinf" | "isnan" | "issubnormal" | "log" | "log10"
        | "log1p" | "log2" | "max" | "maximum" | "maximum!" | "min" | "minimum" | "minimum!"
        | "minmax" | "rem" | "sign" | "sin" | "sincos" | "sinh" | "sqrt" | "tan" | "tanh" => text,
        _ => return None,
    };
    Some(match stem.strip_suffix('!') {
        Some(stem) => format!("{stem}_fast!"),
        None => format!("{stem}_fast"),
    })
}

impl Expander<'_> {
    pub(super) fn fast(&mut self, node: Node) -> Node {
        if let Some(text) = self.symbol_text(node) {
            return match fast_name(text) {
                Some(name) => self.base_in("FastMath", &name),
                None => node,
            };
        }
        let (Some(head), args) = self.parts(node) else {
            return node;
        };
        let at = self.tree.span(node);
        match (head, &args[..]) {
            (Head::Quote, _) => node,
            // Only bodies and values; names of functions, variables and keywords stay.
            (
                Head::Function
                | Head::Macro
                | Head::Arrow
                | Head::Assign
                | Head::Kw
                | Head::Macrocall,
                [first, rest @ ..],
            ) => {
                let first = match self.tree.head(*first) {
                    Some(Head::Ref | Head::Dotted) => self.fast(*first),
                    _ => *first,
                };
                let mut new = vec![first];
                new.extend(rest.iter().map(|&a| self.fast(a)));
                self.with_args(node, &new)
            }
            (Head::Call, [op, base, exponent])
                if self.is_symbol(*op, "^") && self.literal_integer(*exponent).is_some() =>
            {
                let base = self.fast(*base);
                let pow = self.base_in("FastMath", "pow_fast");
                let val = self.core("Val");
                let val = self.curly(val, &[*exponent]);
                let val = self.call(val, &[]);
                self.tree.expr(Head::Call, &[pow, base, val], at)
            }
            _ => {
                let text = head_text(head, self.env.tables()).to_owned();
                if let Some(op) = text.strip_suffix('=')
                    && !op.starts_with('.')
                    && let (Some(name), [target, value]) = (fast_name(op), &args[..])
                {
                    return self.fast_update(&name, *target, *value);
                }
                let new: Vec<Node> = args.iter().map(|&a| self.fast(a)).collect();
                self.with_args(node, &new)
            }
        }
    }

    /// `target op= value`; the parts of an indexed target are evaluated once.
    fn fast_update(&mut self, name: &str, target: Node, value: Node) -> Node {
        let value = self.fast(value);
        let (mut statements, target) = self.once(target);
        let op = self.base_in("FastMath", name);
        let result = self.call(op, &[target, value]);
        let assignment = self.assign(target, result);
        if statements.is_empty() {
            return assignment;
        }
        statements.push(assignment);
        self.block(&statements)
    }

    /// An assignable place whose parts are temporaries, and the statements that make them.
    pub(super) fn once(&mut self, target: Node) -> (Vec<Node>, Node) {
        let (head, mut args) = self.parts(target);
        let mut statements = Vec::new();
        if !matches!(head, Some(Head::Ref | Head::Dotted)) {
            return (statements, target);
        }
        for arg in &mut args {
            let simple = self.tree.head(*arg).is_none() || self.mentions_end(*arg);
            if !simple {
                let temporary = self.temporary("part");
                statements.push(self.local(temporary, *arg));
                *arg = temporary;
            }
        }
        (statements, self.with_args(target, &args))
    }
}
