//! Tuples and named tuples, `NamedTuple{names}(values)` and merging of splatted parts.

use super::Desugar;
use crate::lower::hir::Hx;
use crate::lower::{LowerError, Lowered, definition};
use crate::surface::{Head, Node, NodeData};
use hashbrown::HashSet;
use jlift_ir::Name;

/// A part of a named tuple or of the keywords of a call.
pub enum Named {
    Field(Name, Hx),
    /// `name => value` with a computed name.
    Computed(Hx, Hx),
    Splat(Hx),
}

impl Desugar<'_> {
    /// `(a, b)`, `(a = 1, b = 2)` or `(; a, b...)`.
    pub(super) fn tuple(&mut self, node: Node, args: &[Node]) -> Lowered<Hx> {
        let head = |n: &Node| self.tree.head(*n);
        if let Some((&parameters, positional)) = args
            .split_first()
            .filter(|(first, _)| head(first) == Some(Head::Parameters))
        {
            if let Some(&other) = positional.first() {
                return self.error(other, "syntax: unexpected semicolon in tuple");
            }
            let fields = self.args(parameters);
            return self.named_tuple_of(&fields);
        }
        if args.iter().any(|n| head(n) == Some(Head::Assign)) {
            if let Some(&bad) = args
                .iter()
                .find(|n| !matches!(head(n), Some(Head::Assign | Head::Splat)))
            {
                return self.error(bad, "syntax: invalid named tuple element");
            }
            return self.named_tuple_of(args);
        }
        let _ = node;
        let args = self.splat_args(args)?;
        let callee = self.core(self.k.tuple);
        Ok(self.apply(callee, &args))
    }

    fn named_tuple_of(&mut self, fields: &[Node]) -> Lowered<Hx> {
        let mut named = Vec::with_capacity(fields.len());
        for &field in fields {
            named.push(self.named(field)?);
        }
        self.check_names(&named, |name| {
            format!("syntax: field name \"{name}\" repeated in named tuple")
        })?;
        Ok(self.named_tuple(named))
    }

    /// Fails if a name occurs twice.
    pub(super) fn check_names(
        &self,
        named: &[Named],
        message: impl Fn(&str) -> String,
    ) -> Lowered<()> {
        let mut seen = HashSet::new();
        for part in named {
            if let Named::Field(name, _) = part
                && !seen.insert(*name)
            {
                return Err(LowerError::new(self.span, message(self.text(*name))));
            }
        }
        Ok(())
    }

    /// Reads `a = 1`, `a`, `x.a`, `:a => 1` or `xs...`.
    pub(super) fn named(&mut self, node: Node) -> Lowered<Named> {
        if let NodeData::Symbol(name) = *self.tree.data(node) {
            return Ok(Named::Field(name, self.expr(node)?));
        }
        let args = self.args(node);
        match (self.tree.head(node), &args[..]) {
            (Some(Head::Kw | Head::Assign), &[name, value]) => {
                let Some(name) = self.tree.symbol(name) else {
                    return self.error(name, "syntax: invalid named tuple field name");
                };
                Ok(Named::Field(name, self.expr(value)?))
            }
            (Some(Head::Dotted), &[_, field]) => {
                let Some(name) = definition::quoted_name(&self.tree, field) else {
                    return self.error(node, "syntax: invalid named tuple element");
                };
                Ok(Named::Field(name, self.expr(node)?))
            }
            (Some(Head::Call), &[arrow, name, value])
                if self.tree.symbol(arrow) == Some(self.k.arrow_pair) =>
            {
                if let NodeData::Quote(inner) = self.tree.data(name)
                    && let Some(name) = self.tree.symbol(*inner)
                {
                    return Ok(Named::Field(name, self.expr(value)?));
                }
                let name = self.expr(name)?;
                Ok(Named::Computed(name, self.expr(value)?))
            }
            (Some(Head::Splat), &[value]) => Ok(Named::Splat(self.expr(value)?)),
            _ => self.error(node, "syntax: invalid named tuple element"),
        }
    }

    /// `NamedTuple{(names…,)}((values…,))`, later parts merged into earlier ones.
    pub(super) fn named_tuple(&mut self, parts: Vec<Named>) -> Hx {
        let mut whole: Option<Hx> = None;
        let mut names = Vec::new();
        let mut values = Vec::new();
        for part in parts {
            match part {
                Named::Field(name, value) => {
                    names.push(self.symbol(name));
                    values.push(value);
                }
                Named::Computed(name, value) => {
                    self.merge_fields(&mut whole, &mut names, &mut values);
                    let part = self.named_tuple_part(&[name], &[value]);
                    self.merge(&mut whole, part);
                }
                Named::Splat(value) => {
                    self.merge_fields(&mut whole, &mut names, &mut values);
                    if whole.is_none() {
                        whole = Some(self.call_core(self.k.named_tuple, &[]));
                    }
                    self.merge(&mut whole, value);
                }
            }
        }
        self.merge_fields(&mut whole, &mut names, &mut values);
        match whole {
            Some(whole) => whole,
            None => self.call_core(self.k.named_tuple, &[]),
        }
    }

    fn merge_fields(&mut self, whole: &mut Option<Hx>, names: &mut Vec<Hx>, values: &mut Vec<Hx>) {
        if names.is_empty() {
            return;
        }
        let part = self.named_tuple_part(names, values);
        names.clear();
        values.clear();
        self.merge(whole, part);
    }

    fn merge(&mut self, whole: &mut Option<Hx>, part: Hx) {
        *whole = Some(match *whole {
            Some(whole) => self.call_base(self.k.merge, &[whole, part]),
            None => part,
        });
    }

    fn named_tuple_part(&mut self, names: &[Hx], values: &[Hx]) -> Hx {
        let names = self.call_core(self.k.tuple, names);
        let named_tuple = self.core(self.k.named_tuple);
        let ty = self.call_core(self.k.apply_type, &[named_tuple, names]);
        let values = self.call_core(self.k.tuple, values);
        self.call_list(&[ty, values])
    }
}
