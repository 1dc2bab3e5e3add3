//! `@view a[i]` and `@views`: indexing that makes views instead of copies. `begin` and `end` in
//! the indices are replaced here, since a call of `view` has none.

use super::{Expanded, Expander};
use crate::parse::SyntaxError;
use crate::surface::{Head, Node};
use crate::surface_text::head_text;

impl Expander<'_> {
    pub(super) fn view(&mut self, node: Node, args: &[Node]) -> Expanded {
        let indexing = self.only(node, args)?;
        if self.tree.head(indexing) != Some(Head::Ref) {
            return self.error(indexing, "`@view` needs an indexing expression `a[…]`");
        }
        self.indexing_call("view", indexing)
    }

    /// `a[i…]` as `Base.f(a, i…)`.
    fn indexing_call(&mut self, function: &str, indexing: Node) -> Expanded {
        let (_, args) = self.parts(indexing);
        let Some((&array, indices)) = args.split_first() else {
            return self.error(indexing, "indexing without an array");
        };
        let uses_end = indices.iter().any(|&i| self.mentions_end(i));
        let mut statements = Vec::new();
        let mut object = array;
        if uses_end && self.tree.head(array).is_some() {
            object = self.temporary("array");
            statements.push(self.local(object, array));
        }
        let mut all = vec![object];
        for (i, &index) in indices.iter().enumerate() {
            all.push(self.replace_ends(index, object, i + 1, indices.len())?);
        }
        let call = self.call_base(function, &all);
        if statements.is_empty() {
            return Ok(call);
        }
        statements.push(call);
        Ok(self.block(&statements))
    }

    /// Whether `begin` or `end` of the surrounding indexing occurs.
    pub(super) fn mentions_end(&self, node: Node) -> bool {
        if let Some(text) = self.symbol_text(node) {
            return matches!(text, "begin" | "end");
        }
        let args = self.tree.args(node);
        match (self.tree.head(node), args) {
            (None | Some(Head::Quote), _) => false,
            // The indices of an inner indexing have their own.
            (Some(Head::Ref), [array, ..]) => self.mentions_end(*array),
            _ => args.iter().any(|&a| self.mentions_end(a)),
        }
    }

    fn replace_ends(
        &mut self,
        node: Node,
        array: Node,
        position: usize,
        count: usize,
    ) -> Result<Node, SyntaxError> {
        if !self.mentions_end(node) {
            return Ok(node);
        }
        let function = match self.symbol_text(node) {
            Some("begin") => Some("firstindex"),
            Some("end") => Some("lastindex"),
            _ => None,
        };
        if let Some(function) = function {
            let mut args = vec![array];
            if count > 1 {
                args.push(self.integer(position as i64));
            }
            return Ok(self.call_base(function, &args));
        }
        let (head, mut args) = self.parts(node);
        let replaced = if head == Some(Head::Ref) {
            1
        } else {
            args.len()
        };
        for arg in args.iter_mut().take(replaced) {
            *arg = self.replace_ends(*arg, array, position, count)?;
        }
        Ok(self.with_args(node, &args))
    }

    pub(super) fn views(&mut self, node: Node) -> Expanded {
        let (Some(head), mut args) = self.parts(node) else {
            return Ok(node);
        };
        let text = head_text(head, self.env.tables()).to_owned();
        let updates = text
            .strip_suffix('=')
            .filter(|op| !op.is_empty() && *op != "." && !matches!(head, Head::Subtype))
            .map(str::to_owned);
        match (head, &mut args[..]) {
            (Head::Quote, _) => Ok(node),
            (Head::Ref, _) => {
                for arg in &mut args {
                    *arg = self.views(*arg)?;
                }
                let indexing = self.with_args(node, &args);
                self.indexing_call("maybeview", indexing)
            }
            // The target is assigned to, not viewed.
            (Head::Assign | Head::DotAssign, [target, value]) => {
                *target = self.views_in_target(*target)?;
                *value = self.views(*value)?;
                Ok(self.with_args(node, &args))
            }
            (Head::Curly, _) => Ok(node),
            (_, [target, value])
                if updates.is_some() && self.tree.head(*target) == Some(Head::Ref) =>
            {
                let operator = updates.unwrap_or_default();
                let value = self.views(*value)?;
                let target = self.views_in_target(*target)?;
                let (mut statements, target) = self.once(target);
                let current = self.indexing_call("maybeview", target)?;
                let op = self.symbol(&operator);
                let result = self.call(op, &[current, value]);
                let head = if operator.starts_with('.') {
                    Head::DotAssign
                } else {
                    Head::Assign
                };
                statements.push(self.expr(head, &[target, result]));
                Ok(self.block(&statements))
            }
            _ => {
                for arg in &mut args {
                    *arg = self.views(*arg)?;
                }
                Ok(self.with_args(node, &args))
            }
        }
    }

    /// Views in the parts of a target.
    fn views_in_target(&mut self, target: Node) -> Expanded {
        let (head, mut args) = self.parts(target);
        match head {
            Some(Head::Ref | Head::Dotted | Head::Typed) => {
                for arg in &mut args {
                    *arg = self.views(*arg)?;
                }
            }
            Some(Head::Tuple) => {
                for arg in &mut args {
                    *arg = self.views_in_target(*arg)?;
                }
            }
            _ => return Ok(target),
        }
        Ok(self.with_args(target, &args))
    }
}
