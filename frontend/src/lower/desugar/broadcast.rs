//! Dots: `f.(x)`, `a .+ b`, `x .= y`. Nested dotted calls fuse into one tree of `broadcasted`.

use super::Desugar;
use super::assign::Place;
use crate::lower::Lowered;
use crate::lower::hir::{H, Hx};
use crate::surface::{Head, Node};
use jlift_ir::Name;

impl Desugar<'_> {
    /// Whether an expression is a dotted call, which fuses with the one around it.
    fn is_broadcast(&self, node: Node) -> bool {
        let args = self.tree.args(node);
        match (self.tree.head(node), args) {
            (Some(Head::Dotted), &[_, arg]) => self.tree.head(arg) == Some(Head::Tuple),
            (Some(Head::Call), [callee, ..]) => self.tree.symbol(*callee).is_some_and(|name| {
                let text = self.text(name);
                text.len() > 1 && text.starts_with('.') && !text.starts_with("..")
            }),
            (Some(Head::Comparison), args) => args
                .iter()
                .skip(1)
                .step_by(2)
                .any(|&op| self.comparison_operator(op).1),
            (Some(Head::Other(name)), [_, _]) => {
                name == self.k.broadcast_and || name == self.k.broadcast_or
            }
            _ => false,
        }
    }

    /// An argument of a dotted call.
    fn broadcast_arg(&mut self, node: Node) -> Lowered<Hx> {
        if self.is_broadcast(node) {
            self.broadcasted(node)
        } else {
            self.expr(node)
        }
    }

    /// A dotted call, not yet materialized.
    pub(super) fn broadcasted(&mut self, node: Node) -> Lowered<Hx> {
        let outer = self.span;
        if let Some(span) = self.tree.span(node) {
            self.span = Some(span);
        }
        let result = self.broadcasted_at(node);
        self.span = outer;
        result
    }

    fn broadcasted_at(&mut self, node: Node) -> Lowered<Hx> {
        let args = self.args(node);
        match (self.tree.head(node), &args[..]) {
            (Some(Head::Dotted), &[function, arguments]) => {
                let arguments = self.args(arguments);
                if let &[base, exponent] = &arguments[..]
                    && self.tree.symbol(function) == Some(self.k.power)
                    && let Some(h) = self.broadcast_power(function, base, exponent)?
                {
                    return Ok(h);
                }
                let function = self.expr(function)?;
                self.broadcast_call(function, &arguments)
            }
            (Some(Head::Call), [op, arguments @ ..]) => {
                let op = self.tree.symbol(*op).and_then(|n| self.dotted_operator(n));
                let Some(op) = op else {
                    return self.error(node, "syntax: malformed dotted call");
                };
                if let &[base, exponent] = arguments
                    && op == self.k.power
                    && let Some(exponent) = self.literal_integer(exponent)
                {
                    let function = self.name(op);
                    return self.literal_power(function, base, exponent);
                }
                let function = self.name(op);
                self.broadcast_call(function, arguments)
            }
            (Some(Head::Other(name)), arguments) => {
                let function = if name == self.k.broadcast_and {
                    self.k.andand
                } else {
                    self.k.oror
                };
                let function = self.base(function);
                self.broadcast_call(function, arguments)
            }
            (Some(Head::Comparison), arguments) => self.broadcast_comparison(arguments),
            _ => self.error(node, "syntax: malformed dotted call"),
        }
    }

    fn broadcast_power(
        &mut self,
        function: Node,
        base: Node,
        exponent: Node,
    ) -> Lowered<Option<Hx>> {
        let Some(exponent) = self.literal_integer(exponent) else {
            return Ok(None);
        };
        let function = self.expr(function)?;
        self.literal_power(function, base, exponent).map(Some)
    }

    fn literal_power(
        &mut self,
        function: Hx,
        base: Node,
        exponent: jlift_ir::Value,
    ) -> Lowered<Hx> {
        let base = self.broadcast_arg(base)?;
        let exponent = self.val(exponent);
        let literal_pow = self.base(self.k.literal_pow);
        Ok(self.call_base(self.k.broadcasted, &[literal_pow, function, base, exponent]))
    }

    fn broadcast_call(&mut self, function: Hx, arguments: &[Node]) -> Lowered<Hx> {
        let has_keywords = arguments
            .iter()
            .any(|&a| matches!(self.tree.head(a), Some(Head::Kw | Head::Parameters)));
        if has_keywords {
            let mut stmts = Vec::new();
            let function = self.value_atom(function, &mut stmts);
            return self.broadcast_keywords(function, arguments, stmts);
        }
        let mut args = vec![(function, false)];
        for &arg in arguments {
            match (self.tree.head(arg), self.tree.args(arg)) {
                (Some(Head::Splat), &[inner]) => args.push((self.expr(inner)?, true)),
                _ => args.push((self.broadcast_arg(arg)?, false)),
            }
        }
        let callee = self.base(self.k.broadcasted);
        Ok(self.apply(callee, &args))
    }

    /// `f.(x; k = 1)`: `Base.broadcasted_kwsyntax(f, x; k = 1)`.
    fn broadcast_keywords(
        &mut self,
        function: H,
        arguments: &[Node],
        mut stmts: Vec<Hx>,
    ) -> Lowered<Hx> {
        let mut named = Vec::new();
        let mut args = Vec::new();
        for &arg in arguments {
            match self.tree.head(arg) {
                Some(Head::Parameters) => {
                    for parameter in self.args(arg) {
                        named.push(self.named(parameter)?);
                    }
                }
                Some(Head::Kw) => named.push(self.named(arg)?),
                _ => {
                    let value = self.broadcast_arg(arg)?;
                    args.push(self.atom(value, &mut stmts));
                }
            }
        }
        let keywords = self.named_tuple(named);
        let callee = self.base(self.k.broadcasted_kwsyntax);
        let mut all = vec![keywords, callee, self.add(function)];
        for arg in args {
            all.push(self.add(arg));
        }
        stmts.push(self.call_core(self.k.kwcall, &all));
        Ok(self.seq(&stmts))
    }

    /// `a .< b .< c`: `(a .< b) .& (b .< c)`.
    fn broadcast_comparison(&mut self, args: &[Node]) -> Lowered<Hx> {
        let mut stmts = Vec::new();
        let mut whole: Option<Hx> = None;
        let Some((&first, rest)) = args.split_first() else {
            return Ok(self.nothing());
        };
        let left = self.broadcast_arg(first)?;
        let mut left = self.atom(left, &mut stmts);
        for pair in rest.chunks_exact(2) {
            let (op, dotted) = self.comparison_operator(pair[0]);
            let function = match self.tree.symbol(op) {
                Some(name) => {
                    let name = self.dotted_operator(name).unwrap_or(name);
                    self.name(name)
                }
                None => self.expr(op)?,
            };
            let right = self.broadcast_arg(pair[1])?;
            let right = self.atom(right, &mut stmts);
            let (a, b) = (self.add(left), self.add(right.clone()));
            let test = if dotted {
                self.call_base(self.k.broadcasted, &[function, a, b])
            } else {
                self.call_list(&[function, a, b])
            };
            whole = Some(match whole {
                Some(whole) => {
                    let and = self.name(self.k.ampersand);
                    self.call_base(self.k.broadcasted, &[and, whole, test])
                }
                None => test,
            });
            left = right;
        }
        stmts.extend(whole);
        Ok(self.seq(&stmts))
    }

    /// `lhs .= rhs`.
    pub(super) fn dot_assign(&mut self, lhs: Node, rhs: Node) -> Lowered<Hx> {
        let target = self.dot_target(lhs)?;
        let rhs = self.dot_value(rhs)?;
        Ok(self.call_base(self.k.materialize_to, &[target, rhs]))
    }

    fn dot_value(&mut self, rhs: Node) -> Lowered<Hx> {
        if self.is_broadcast(rhs) {
            return self.broadcasted(rhs);
        }
        let rhs = self.expr(rhs)?;
        let identity = self.base(self.k.identity);
        Ok(self.call_base(self.k.broadcasted, &[identity, rhs]))
    }

    /// What `lhs .=` writes to.
    fn dot_target(&mut self, lhs: Node) -> Lowered<Hx> {
        let args = self.args(lhs);
        match (self.tree.head(lhs), &args[..]) {
            (Some(Head::Ref), [object, indices @ ..]) => {
                let mut stmts = Vec::new();
                let object = self.expr(*object)?;
                let (object, indices) = self.indices(object, indices, &mut stmts)?;
                let callee = self.base(self.k.dotview);
                stmts.push(self.call_with_indices(callee, &[object], indices, &[])?);
                Ok(self.seq(&stmts))
            }
            (Some(Head::Dotted), &[object, field]) if self.tree.head(field).is_none() => {
                let object = self.expr(object)?;
                let field = self.expr(field)?;
                Ok(self.call_base(self.k.dotgetproperty, &[object, field]))
            }
            _ => self.expr(lhs),
        }
    }

    /// `place .op= rhs`.
    pub(super) fn dot_update(&mut self, place: &Place, op: Name, rhs: Node) -> Lowered<Hx> {
        let read = self.read_place(place)?;
        let function = self.name(op);
        let value = if op == self.k.power
            && let Some(exponent) = self.literal_integer(rhs)
        {
            let exponent = self.val(exponent);
            let literal_pow = self.base(self.k.literal_pow);
            self.call_base(self.k.broadcasted, &[literal_pow, function, read, exponent])
        } else {
            let rhs = self.broadcast_arg(rhs)?;
            self.call_base(self.k.broadcasted, &[function, read, rhs])
        };
        let target = match place {
            Place::Index(object, indices) => {
                let object = self.add(object.clone());
                let mut args = vec![(object, false)];
                for (index, splat) in indices {
                    args.push((self.add(index.clone()), *splat));
                }
                let callee = self.base(self.k.dotview);
                self.apply(callee, &args)
            }
            Place::Field(object, field) => {
                let object = self.add(object.clone());
                let field = self.add(field.clone());
                self.call_base(self.k.dotgetproperty, &[object, field])
            }
            _ => self.read_place(place)?,
        };
        Ok(self.call_base(self.k.materialize_to, &[target, value]))
    }
}
