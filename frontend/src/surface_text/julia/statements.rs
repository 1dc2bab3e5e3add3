//! Statements, blocks, imports, macro calls and generators as Julia prints them. Operators and calls
//! are the parent's.

use super::super::{head_text, symbol_text, write_escaped};
use super::{Printer, STEP, TOP, precedence};
use crate::surface::{Head, Node, NodeData};

impl Printer<'_> {
    /// What stands on lines of its own.
    pub(super) fn statement(&mut self, head: Head, node: Node, indent: usize, outer: i8) {
        let tree = self.tree;
        let args = tree.args(node);
        let word = head_text(head, self.tables).to_owned();
        match (head, args) {
            (Head::Block, _) => {
                self.block("begin", &[], node, indent);
                self.put("end");
            }
            (Head::If | Head::ElseIf, [condition, then, rest @ ..]) => {
                self.conditional(&word, *condition, *then, rest, indent);
                if head == Head::If {
                    self.put("end");
                }
            }
            (Head::While | Head::For | Head::Let, &[first, body]) => {
                let specs: &[Node] = match tree.head(first) {
                    Some(Head::Block) => tree.args(first),
                    _ => &[first],
                };
                self.block(&word, specs, body, indent);
                self.put("end");
            }
            (Head::Function | Head::Macro, &[signature, body]) => {
                self.block(&word, &[signature], body, indent);
                self.put("end");
            }
            (Head::Function | Head::Macro, &[name]) => {
                self.put(&format!("{word} "));
                self.node(name, indent, 0);
                self.put(" end");
            }
            (Head::Struct, &[mutable, signature, body]) => {
                let is_mutable =
                    matches!(tree.data(mutable), NodeData::Bits { bits, .. } if *bits != 0);
                let word = if is_mutable {
                    "mutable struct"
                } else {
                    "struct"
                };
                self.block(word, &[signature], body, indent);
                self.put("end");
            }
            (Head::Abstract | Head::Primitive, _) => {
                self.put(&format!("{word} type "));
                self.list(args, " ", indent, 0);
                self.put(" end");
            }
            (Head::Module, &[standard, name, body]) => {
                let is_bare = matches!(tree.data(standard), NodeData::Bits { bits: 0, .. });
                self.put(if is_bare { "baremodule " } else { "module " });
                self.node(name, indent, 0);
                for &part in tree.args(body) {
                    self.line(indent);
                    self.node(part, indent, TOP);
                }
                self.line(indent);
                self.put("end");
            }
            (Head::Do, &[call, function]) => {
                self.node(call, indent, 0);
                self.put(" do");
                if let &[params, body] = tree.args(function) {
                    for (n, &param) in tree.args(params).iter().enumerate() {
                        self.put(if n == 0 { " " } else { ", " });
                        self.node(param, indent, 0);
                    }
                    self.body(body, indent);
                }
                self.put("end");
            }
            (Head::Try, [body, variable, handler, rest @ ..]) => {
                let is_absent = |n: Node| matches!(tree.data(n), NodeData::Bits { bits: 0, .. });
                self.block("try", &[], *body, indent);
                if !is_absent(*handler) {
                    let variables: &[Node] = match is_absent(*variable) {
                        true => &[],
                        false => std::slice::from_ref(variable),
                    };
                    self.block("catch", variables, *handler, indent);
                }
                if let Some(&otherwise) = rest.get(1) {
                    self.block("else", &[], otherwise, indent);
                }
                if let Some(&finally) = rest.first().filter(|&&f| !is_absent(f)) {
                    self.block("finally", &[], finally, indent);
                }
                self.put("end");
            }
            (Head::Return, &[value]) => {
                self.put("return ");
                self.node(value, indent, 0);
            }
            (Head::Return | Head::Break | Head::Continue, []) => self.put(&word),
            (Head::Const | Head::Global | Head::Local | Head::Export, _) if !args.is_empty() => {
                self.put(&format!("{word} "));
                self.list(args, ", ", indent, 0);
            }
            (Head::Using | Head::Import, _) => self.import(&word, args),
            (Head::Toplevel, _) => self.fallback(&word, args, indent),
            (_, [_, _]) if precedence(&word).is_some() && head != Head::Colon => {
                self.infix(&word, &format!(" {word} "), args, indent, outer);
            }
            _ => self.fallback(&word, args, indent),
        }
    }

    pub(super) fn macro_call(&mut self, name: Node, args: &[Node], indent: usize, outer: i8) {
        if let Some(text) = self.string_macro(name, args) {
            self.put(&text);
            return;
        }
        let mut rest = args;
        if let [first, others @ ..] = args {
            match self.tree.data(*first) {
                NodeData::Line { .. } => {
                    self.node(*first, indent, 0);
                    self.put(" ");
                    rest = others;
                }
                NodeData::Nothing => rest = others,
                _ => {}
            }
        }
        if outer >= 0 {
            self.applied(name, ("(", ")"), rest, indent);
            return;
        }
        self.node(name, indent, 0);
        for &arg in rest {
            self.put(" ");
            self.node(arg, indent, TOP);
        }
    }

    /// The text of `r"a+"i`, a call of a macro `@r_str` with literal text and flags.
    fn string_macro(&self, name: Node, args: &[Node]) -> Option<String> {
        let prefix = symbol_text(self.tree, name, self.tables)?
            .strip_prefix('@')?
            .strip_suffix("_str")?;
        let text = |node: Node| match self.tree.data(node) {
            NodeData::String(bytes) => std::str::from_utf8(bytes).ok(),
            _ => None,
        };
        let args = match args {
            [first, rest @ ..]
                if matches!(
                    self.tree.data(*first),
                    NodeData::Line { .. } | NodeData::Nothing
                ) =>
            {
                rest
            }
            _ => args,
        };
        let (content, flags) = match *args {
            [content] => (text(content)?, ""),
            [content, flags] => (text(content)?, text(flags)?),
            _ => return None,
        };
        let mut out = format!("{prefix}\"");
        // Backslashes mean something before a quote only, and there they are doubled.
        let mut slashes = 0;
        for c in content.chars().map(Some).chain([None]) {
            if matches!(c, None | Some('"')) {
                out.extend(std::iter::repeat_n('\\', slashes));
            }
            match c {
                Some('"') => out.push_str("\\\""),
                Some(c) => out.push(c),
                None => {}
            }
            slashes = if c == Some('\\') { slashes + 1 } else { 0 };
        }
        out.push('"');
        out.push_str(flags);
        Some(out)
    }

    pub(super) fn import(&mut self, word: &str, parts: &[Node]) {
        let path = |p: &mut Self, node: Node| {
            let (node, alias) = match (p.tree.head(node), p.tree.args(node)) {
                (Some(Head::As), &[path, alias]) => (path, Some(alias)),
                _ => (node, None),
            };
            let names = p.tree.args(node);
            let mut after_name = false;
            for &name in names {
                let text = symbol_text(p.tree, name, p.tables).unwrap_or("").to_owned();
                if after_name {
                    p.put(".");
                }
                after_name = text != ".";
                p.put(&text);
            }
            if let Some(alias) = alias {
                p.put(" as ");
                p.put(symbol_text(p.tree, alias, p.tables).unwrap_or(""));
            }
        };
        self.put(word);
        for (n, &part) in parts.iter().enumerate() {
            self.put(if n == 0 { " " } else { ", " });
            match (self.tree.head(part), self.tree.args(part)) {
                (Some(Head::Colon), [from, names @ ..]) => {
                    path(self, *from);
                    for (n, &name) in names.iter().enumerate() {
                        self.put(if n == 0 { ": " } else { ", " });
                        path(self, name);
                    }
                }
                _ => path(self, part),
            }
        }
    }

    pub(super) fn generator(&mut self, node: Node, indent: usize) {
        let mut node = node;
        let mut clauses: Vec<Vec<Node>> = Vec::new();
        loop {
            let args = self.tree.args(node).to_vec();
            match (self.tree.head(node), &args[..]) {
                (Some(Head::Flatten), [inner]) => node = *inner,
                (Some(Head::Generator), [body, specs @ ..]) => {
                    clauses.push(specs.to_vec());
                    if matches!(self.tree.head(*body), Some(Head::Flatten | Head::Generator))
                        && clauses.len() < 64
                    {
                        node = *body;
                    } else {
                        self.node(*body, indent, 0);
                        break;
                    }
                }
                _ => {
                    self.node(node, indent, 0);
                    break;
                }
            }
        }
        for specs in clauses {
            self.put(" for ");
            match specs[..] {
                [filter] if self.tree.head(filter) == Some(Head::Filter) => {
                    let args = self.tree.args(filter).to_vec();
                    if let [condition, specs @ ..] = &args[..] {
                        self.list(specs, ", ", indent, 0);
                        self.put(" if ");
                        self.node(*condition, indent, 0);
                    }
                }
                _ => self.list(&specs, ", ", indent, 0),
            }
        }
    }

    pub(super) fn interpolated(&mut self, parts: &[Node]) {
        self.put("\"");
        for &part in parts {
            match self.tree.data(part) {
                NodeData::String(bytes) => write_escaped(&mut self.out, bytes),
                _ => {
                    self.put("$(");
                    self.node(part, 0, 0);
                    self.put(")");
                }
            }
        }
        self.put("\"");
    }

    pub(super) fn line(&mut self, indent: usize) {
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n(' ', indent));
    }

    /// A word with what follows it, the statements of a block, and the line on which `end` goes.
    pub(super) fn block(&mut self, word: &str, after: &[Node], block: Node, indent: usize) {
        self.put(word);
        if !after.is_empty() {
            self.put(" ");
            self.list(after, ", ", indent, 0);
        }
        self.body(block, indent);
    }

    pub(super) fn body(&mut self, block: Node, indent: usize) {
        let single = [block];
        let statements = match self.tree.head(block) {
            Some(Head::Block) => self.tree.args(block),
            _ => &single,
        };
        for &statement in statements {
            self.line(indent + STEP);
            self.node(statement, indent + STEP, TOP);
        }
        self.line(indent);
    }

    pub(super) fn conditional(
        &mut self,
        word: &str,
        condition: Node,
        then: Node,
        rest: &[Node],
        indent: usize,
    ) {
        self.put(word);
        self.put(" ");
        match self.tree.head(condition) {
            // The line of an `elseif`.
            Some(Head::Block) if word == "elseif" => {
                let parts = self.tree.args(condition);
                self.list(parts, " ", indent, 0);
            }
            _ => self.node(condition, indent, 0),
        }
        self.body(then, indent);
        let Some(&tail) = rest.first() else {
            return;
        };
        match (self.tree.head(tail), self.tree.args(tail)) {
            (Some(Head::ElseIf), [condition, then, rest @ ..]) => {
                self.conditional("elseif", *condition, *then, rest, indent);
            }
            _ => self.block("else", &[], tail, indent),
        }
    }
}
