//! Macros that tell the compiler something and do not change what code means: `@inline`,
//! `@inbounds`, `@simd`, …, and those that are labels or nothing at all.

use super::{Expanded, Expander};
use crate::surface::{Head, Node, NodeData};

impl Expander<'_> {
    /// Puts `(meta …)` into the body of a definition, anonymous function or `do` block. On a call
    /// the hint is dropped; without argument it is for the body that it stands in.
    pub(super) fn hint(&mut self, node: Node, args: &[Node], hints: &[&str]) -> Expanded {
        let symbols: Vec<Node> = hints.iter().map(|h| self.symbol(h)).collect();
        let meta = self.expr(Head::Meta, &symbols);
        match *args {
            [] => Ok(meta),
            [definition] => self.put_into_body(definition, meta),
            _ => self.wrong_arguments(node),
        }
    }

    fn put_into_body(&mut self, definition: Node, meta: Node) -> Expanded {
        let (head, mut args) = self.parts(definition);
        match (head, &mut args[..]) {
            (Some(Head::Macrocall), _) => {
                let expanded = self.macro_call(definition)?;
                return self.put_into_body(expanded, meta);
            }
            (Some(Head::Function | Head::Arrow), [_, body]) => *body = self.prepend(*body, meta),
            (Some(Head::Assign), [signature, body]) if self.is_signature(*signature) => {
                *body = self.prepend(*body, meta);
            }
            (Some(Head::Do), [_, function]) => {
                *function = self.put_into_body(*function, meta)?;
            }
            // What another macro made of a definition.
            (Some(Head::Block), [first, ..]) => {
                *first = self.put_into_body(*first, meta)?;
            }
            _ => return Ok(definition),
        }
        Ok(self.with_args(definition, &args))
    }

    fn prepend(&mut self, body: Node, statement: Node) -> Node {
        let mut statements = vec![statement];
        match self.tree.head(body) {
            Some(Head::Block) => statements.extend_from_slice(self.tree.args(body)),
            _ => statements.push(body),
        }
        let at = self.tree.span(body);
        self.tree.expr(Head::Block, &statements, at)
    }

    /// Whether an assignment to this defines a function.
    pub(super) fn is_signature(&self, mut target: Node) -> bool {
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

    /// `@constprop :aggressive f(x) = …`: the mode is the hint.
    pub(super) fn constprop(&mut self, node: Node, args: &[Node]) -> Expanded {
        let Some((&mode, rest)) = args.split_first() else {
            return self.wrong_arguments(node);
        };
        let mode = match *self.tree.data(mode) {
            NodeData::Quote(symbol) => self.symbol_text(symbol).map(str::to_owned),
            _ => None,
        };
        match mode {
            Some(mode) => self.hint(node, rest, &[&mode]),
            None => self.wrong_arguments(node),
        }
    }

    pub(super) fn nospecialize(&mut self, args: &[Node]) -> Expanded {
        let mut all = vec![self.symbol("nospecialize")];
        for &arg in args {
            let (head, parts) = self.parts(arg);
            // A default value in an argument list.
            all.push(match head {
                Some(Head::Assign) => self.expr(Head::Kw, &parts),
                _ => arg,
            });
        }
        Ok(self.expr(Head::Meta, &all))
    }

    /// The definition that a macro without effect here is applied to.
    pub(super) fn without_hint(&mut self, args: &[Node]) -> Node {
        match args.last() {
            Some(&last) if self.tree.head(last).is_some() => last,
            _ => self.nothing(),
        }
    }

    pub(super) fn inbounds(&mut self, node: Node, args: &[Node]) -> Expanded {
        let body = self.only(node, args)?;
        let begin = self.boolean(true);
        let begin = self.expr(Head::Inbounds, &[begin]);
        let end = self.symbol("pop");
        let end = self.expr(Head::Inbounds, &[end]);
        let value = self.temporary("value");
        let keep = self.local(value, body);
        Ok(self.block(&[begin, keep, end, value]))
    }

    pub(super) fn boundscheck(&mut self, node: Node, args: &[Node]) -> Expanded {
        let body = self.only(node, args)?;
        let condition = self.expr(Head::Boundscheck, &[]);
        Ok(self.expr(Head::If, &[condition, body]))
    }

    /// `@simd [ivdep] for …`
    pub(super) fn simd(&mut self, node: Node, args: &[Node]) -> Expanded {
        let (body, ivdep) = match *args {
            [body] => (body, false),
            [hint, body] if self.is_symbol(hint, "ivdep") => (body, true),
            _ => return self.wrong_arguments(node),
        };
        let (head, mut parts) = self.parts(body);
        let (Some(Head::For), [specs, statements]) = (head, &mut parts[..]) else {
            return self.error(body, "`for` loop expected after `@simd`");
        };
        if self.tree.head(*specs) != Some(Head::Assign) {
            return self.error(*specs, "a `@simd` loop must have one variable");
        }
        let mut inner = match self.tree.head(*statements) {
            Some(Head::Block) => self.tree.args(*statements).to_vec(),
            _ => vec![*statements],
        };
        let hints: &[&str] = if ivdep { &["simd", "ivdep"] } else { &["simd"] };
        for hint in hints {
            let hint = self.symbol(hint);
            inner.push(self.expr(Head::Loopinfo, &[hint]));
        }
        let at = self.tree.span(*statements);
        *statements = self.tree.expr(Head::Block, &inner, at);
        Ok(self.with_args(body, &parts))
    }

    /// `@threads [schedule] for …` runs on one thread.
    pub(super) fn threads(&mut self, node: Node, args: &[Node]) -> Expanded {
        match args.last() {
            Some(&body) if args.len() <= 2 && self.tree.head(body) == Some(Head::For) => Ok(body),
            _ => self.wrong_arguments(node),
        }
    }

    pub(super) fn label(&mut self, head: Head, node: Node, args: &[Node]) -> Expanded {
        let name = self.only(node, args)?;
        if self.tree.symbol(name).is_none() {
            return self.error(name, "a label must be a name");
        }
        Ok(self.expr(head, &[name]))
    }

    pub(super) fn documented(&mut self, node: Node, args: &[Node]) -> Expanded {
        match *args {
            [_, definition] => Ok(definition),
            _ => self.wrong_arguments(node),
        }
    }
}
