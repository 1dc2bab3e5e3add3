//! Expressions in Julia's syntax, with the spaces and parentheses that `string(expr)` has: the
//! text of a failed `@assert` and the label of `@show`.

use super::{head_text, symbol_text, write_escaped, write_leaf};
use crate::surface::{Head, Node, NodeData, Tree};
use jlift_ir::Tables;

/// A node as Julia prints the expression.
pub fn to_julia(tree: &Tree, node: Node, tables: &Tables) -> String {
    let mut printer = Printer {
        tree,
        tables,
        out: String::new(),
        indent: 0,
    };
    printer.node(node, 0);
    printer.out
}

/// How tightly an infix operator binds; `None` if the text is no infix operator.
pub(crate) fn precedence(op: &str) -> Option<u8> {
    let plain = op
        .strip_prefix('.')
        .filter(|rest| !rest.is_empty() && !rest.starts_with('.'))
        .unwrap_or(op);
    Some(match plain {
        "=>" => 2,
        "-->" | "<--" | "<-->" | "→" | "←" | "↔" | "⇒" => 4,
        "||" => 5,
        "&&" => 6,
        "<" | ">" | "<=" | ">=" | "==" | "!=" | "===" | "!==" | "≤" | "≥" | "≠" | "≡" | "≢"
        | "∈" | "∉" | "∋" | "∌" | "⊆" | "⊇" | "⊂" | "⊃" | "⊊" | "≈" | "≉" | "in" | "isa" | "<:"
        | ">:" => 7,
        "<|" => 8,
        "|>" => 9,
        ":" | ".." | "…" => 10,
        "+" | "-" | "|" | "++" | "⊕" | "⊖" | "∪" | "⊻" | "∨" | "±" | "∓" => 11,
        "*" | "/" | "÷" | "%" | "&" | "\\" | "⋅" | "×" | "∘" | "∩" | "∧" | "⊗" | "⊘" => {
            12
        }
        "//" => 13,
        "<<" | ">>" | ">>>" => 14,
        "^" | "↑" | "↓" => 15,
        "::" => 16,
        "->" => 4,
        "~" => 1,
        text if text.ends_with('=') => 1,
        _ => return None,
    })
}

fn is_unary(op: &str) -> bool {
    matches!(
        op,
        "+" | "-" | "!" | "¬" | "~" | "<:" | ">:" | "√" | "∛" | "∜"
    )
}

struct Printer<'a> {
    tree: &'a Tree,
    tables: &'a Tables,
    out: String,
    indent: usize,
}

impl Printer<'_> {
    /// A node inside something that binds as tightly as `outer`.
    fn node(&mut self, node: Node, outer: u8) {
        match self.tree.data(node) {
            NodeData::Symbol(name) => {
                let text = self.tables.names.str(*name).to_owned();
                self.out.push_str(&text);
            }
            NodeData::Quote(inner) => self.quoted(*inner),
            NodeData::Expr { head, .. } => self.expr(*head, node, outer),
            leaf => write_leaf(&mut self.out, leaf, self.tables),
        }
    }

    fn quoted(&mut self, inner: Node) {
        match symbol_text(self.tree, inner, self.tables) {
            Some(text) if is_plain_name(text) || precedence(text).is_some_and(|p| p > 1) => {
                self.out.push(':');
                self.out.push_str(text);
            }
            _ => {
                self.out.push_str(":(");
                self.node(inner, 0);
                self.out.push(')');
            }
        }
    }

    fn expr(&mut self, head: Head, node: Node, outer: u8) {
        let args = self.tree.args(node).to_vec();
        match (head, &args[..]) {
            (Head::Call, [callee, rest @ ..]) => self.call(*callee, rest, outer),
            (Head::Comparison, _) => {
                self.enclosed(7 <= outer, |p| p.list(&args, " ", 7));
            }
            (Head::Dotted, [object, field]) => self.dotted(*object, *field),
            (Head::Ref, [callee, rest @ ..]) => self.applied(*callee, "[", rest, "]"),
            (Head::Curly, [callee, rest @ ..]) => self.applied(*callee, "{", rest, "}"),
            (Head::Tuple, [only]) if self.tree.head(*only) != Some(Head::Parameters) => {
                self.out.push('(');
                self.node(*only, 0);
                self.out.push_str(",)");
            }
            (Head::Tuple, _) => self.arguments("(", &args, ")"),
            (Head::Vect, _) => self.arguments("[", &args, "]"),
            (Head::Braces, _) => self.arguments("{", &args, "}"),
            (Head::Hcat, _) => self.between("[", &args, " ", "]"),
            (Head::Vcat, _) => self.between("[", &args, "; ", "]"),
            (Head::Row, _) => self.list(&args, " ", 0),
            (Head::TypedHcat, [ty, rest @ ..]) => {
                self.node(*ty, 0);
                self.between("[", rest, " ", "]");
            }
            (Head::TypedVcat, [ty, rest @ ..]) => {
                self.node(*ty, 0);
                self.between("[", rest, "; ", "]");
            }
            (Head::Comprehension, [generator]) => {
                self.out.push('[');
                self.generator(*generator);
                self.out.push(']');
            }
            (Head::TypedComprehension, [ty, generator]) => {
                self.node(*ty, 0);
                self.out.push('[');
                self.generator(*generator);
                self.out.push(']');
            }
            (Head::Generator | Head::Flatten, _) => {
                self.out.push('(');
                self.generator(node);
                self.out.push(')');
            }
            (Head::Splat, [inner]) => {
                self.node(*inner, 0);
                self.out.push_str("...");
            }
            (Head::Adjoint, [inner]) => {
                self.operand(*inner);
                self.out.push('\'');
            }
            (Head::Typed, [ty]) => {
                self.out.push_str("::");
                self.node(*ty, 0);
            }
            (Head::Subtype | Head::Supertype, [ty]) => {
                self.out.push_str(head_text(head, self.tables));
                self.node(*ty, 0);
            }
            (Head::Typed, [_, _]) => self.infix("::", "::", &args, outer),
            (Head::Arrow, [_, _]) => self.infix("->", "->", &args, outer),
            (Head::Kw, [name, value]) => {
                self.node(*name, 0);
                self.out.push_str(" = ");
                self.node(*value, 0);
            }
            (Head::Where, [ty, vars @ ..]) => {
                self.node(*ty, 1);
                self.out.push_str(" where ");
                match vars {
                    [only] => self.node(*only, 1),
                    _ => self.between("{", vars, ", ", "}"),
                }
            }
            (Head::StringConcat, _) => self.interpolated(&args),
            (Head::Quote, [inner]) => {
                if self.tree.head(*inner) == Some(Head::Block) {
                    self.keyword_block("quote", *inner);
                    self.out.push_str("end");
                } else {
                    self.out.push_str(":(");
                    self.node(*inner, 0);
                    self.out.push(')');
                }
            }
            (Head::Interpolate, [inner]) => {
                self.out.push('$');
                self.operand(*inner);
            }
            (Head::Macrocall, [name, rest @ ..]) => {
                self.node(*name, 0);
                for &arg in rest {
                    self.out.push(' ');
                    self.node(arg, 0);
                }
            }
            (Head::Block, _) => {
                self.keyword_block("begin", node);
                self.out.push_str("end");
            }
            (Head::If | Head::ElseIf, [condition, rest @ ..]) => {
                self.conditional("if", *condition, rest);
                self.out.push_str("end");
            }
            (Head::Return, [value]) => {
                self.out.push_str("return ");
                self.node(*value, 0);
            }
            (Head::While | Head::For | Head::Let, [first, body]) => {
                self.out.push_str(head_text(head, self.tables));
                self.out.push(' ');
                if self.tree.head(*first) == Some(Head::Block) {
                    let specs = self.tree.args(*first).to_vec();
                    self.list(&specs, ", ", 0);
                } else {
                    self.node(*first, 0);
                }
                self.body(*body);
                self.out.push_str("end");
            }
            (Head::Do, [call, function]) => {
                self.node(*call, 0);
                self.out.push_str(" do ");
                let parts = self.tree.args(*function).to_vec();
                if let [params, body] = parts[..] {
                    let params = self.tree.args(params).to_vec();
                    self.list(&params, ", ", 0);
                    self.body(body);
                }
                self.out.push_str("end");
            }
            (Head::Break | Head::Continue, []) => self.out.push_str(head_text(head, self.tables)),
            (_, [_, _]) => {
                let op = head_text(head, self.tables).to_owned();
                if precedence(&op).is_some() {
                    self.infix(&op, &format!(" {op} "), &args, outer);
                } else {
                    self.fallback(&op, &args);
                }
            }
            _ => {
                let text = head_text(head, self.tables).to_owned();
                self.fallback(&text, &args);
            }
        }
    }

    /// What has no syntax of its own.
    fn fallback(&mut self, head: &str, args: &[Node]) {
        self.out.push_str("$(Expr(:");
        self.out.push_str(head);
        for &arg in args {
            self.out.push_str(", ");
            if self.tree.head(arg).is_some() || self.tree.symbol(arg).is_some() {
                self.quoted(arg);
            } else {
                self.node(arg, 0);
            }
        }
        self.out.push_str("))");
    }

    fn call(&mut self, callee: Node, args: &[Node], outer: u8) {
        let op = symbol_text(self.tree, callee, self.tables)
            .unwrap_or("")
            .to_owned();
        let splats = args
            .iter()
            .any(|&a| matches!(self.tree.head(a), Some(Head::Splat | Head::Parameters)));
        if let ([arg], true, false) = (args, is_unary(&op), splats) {
            self.out.push_str(&op);
            if self.tree.head(*arg).is_some() {
                self.between("(", args, ", ", ")");
            } else {
                self.node(*arg, 0);
            }
            return;
        }
        if let Some(own) = precedence(&op).filter(|_| !splats) {
            let many = matches!(op.as_str(), "+" | "++" | "*");
            if args.len() == 2 || (args.len() > 2 && many) || (args.len() == 3 && op == ":") {
                let separator = if op == ":" {
                    op.clone()
                } else {
                    format!(" {op} ")
                };
                self.enclosed(own <= outer, |p| p.list(args, &separator, own));
                return;
            }
        }
        if precedence(&op).is_some() && !is_plain_name(&op) {
            self.out.push('(');
            self.out.push_str(&op);
            self.out.push(')');
            self.arguments("(", args, ")");
        } else {
            self.applied(callee, "(", args, ")");
        }
    }

    fn infix(&mut self, op: &str, separator: &str, args: &[Node], outer: u8) {
        let own = precedence(op).unwrap_or(0);
        self.enclosed(own <= outer, |p| p.list(args, separator, own));
    }

    fn applied(&mut self, callee: Node, open: &str, args: &[Node], close: &str) {
        self.operand(callee);
        self.arguments(open, args, close);
    }

    /// Something that a bracket or dot follows: parenthesised unless it is a name.
    fn operand(&mut self, node: Node) {
        let plain =
            !matches!(self.tree.head(node), Some(h) if !matches!(h, Head::Dotted | Head::Curly));
        self.enclosed(!plain, |p| p.node(node, 0));
    }

    fn dotted(&mut self, object: Node, field: Node) {
        if self.tree.head(field) == Some(Head::Tuple) {
            self.operand(object);
            let args = self.tree.args(field).to_vec();
            self.arguments(".(", &args, ")");
            return;
        }
        self.operand(object);
        self.out.push('.');
        match self.tree.data(field) {
            NodeData::Quote(inner) => match symbol_text(self.tree, *inner, self.tables) {
                Some(text) if precedence(text).is_some() => {
                    self.out.push_str(":(");
                    self.out.push_str(text);
                    self.out.push(')');
                }
                _ => self.node(*inner, 0),
            },
            _ => self.enclosed(true, |p| p.node(field, 0)),
        }
    }

    fn enclosed(&mut self, parens: bool, inside: impl FnOnce(&mut Self)) {
        if parens {
            self.out.push('(');
        }
        inside(self);
        if parens {
            self.out.push(')');
        }
    }

    fn list(&mut self, nodes: &[Node], separator: &str, outer: u8) {
        for (i, &node) in nodes.iter().enumerate() {
            if i > 0 {
                self.out.push_str(separator);
            }
            self.node(node, outer);
        }
    }

    fn between(&mut self, open: &str, nodes: &[Node], separator: &str, close: &str) {
        self.out.push_str(open);
        self.list(nodes, separator, 0);
        self.out.push_str(close);
    }

    /// An argument list; parameters come last, after a semicolon.
    fn arguments(&mut self, open: &str, args: &[Node], close: &str) {
        let (parameters, plain): (Vec<Node>, Vec<Node>) = args
            .iter()
            .partition(|&&a| self.tree.head(a) == Some(Head::Parameters));
        self.out.push_str(open);
        for (i, &arg) in plain.iter().enumerate() {
            if i > 0 {
                self.out.push_str(", ");
            }
            // Anonymous functions are parenthesised in lists.
            self.enclosed(self.tree.head(arg) == Some(Head::Arrow), |p| p.node(arg, 0));
        }
        for list in parameters {
            self.out.push_str("; ");
            let inner = self.tree.args(list).to_vec();
            self.list(&inner, ", ", 0);
        }
        self.out.push_str(close);
    }

    fn generator(&mut self, node: Node) {
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
                        self.node(*body, 0);
                        break;
                    }
                }
                _ => {
                    self.node(node, 0);
                    break;
                }
            }
        }
        for specs in clauses {
            self.out.push_str(" for ");
            match specs[..] {
                [filter] if self.tree.head(filter) == Some(Head::Filter) => {
                    let args = self.tree.args(filter).to_vec();
                    if let [condition, specs @ ..] = &args[..] {
                        self.list(specs, ", ", 0);
                        self.out.push_str(" if ");
                        self.node(*condition, 0);
                    }
                }
                _ => self.list(&specs, ", ", 0),
            }
        }
    }

    fn interpolated(&mut self, parts: &[Node]) {
        self.out.push('"');
        for &part in parts {
            match self.tree.data(part) {
                NodeData::String(bytes) => write_escaped(&mut self.out, bytes),
                NodeData::Symbol(_) => {
                    self.out.push_str("$(");
                    self.node(part, 0);
                    self.out.push(')');
                }
                _ => {
                    self.out.push_str("$(");
                    self.node(part, 0);
                    self.out.push(')');
                }
            }
        }
        self.out.push('"');
    }

    fn line(&mut self) {
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n(' ', 4 * self.indent));
    }

    /// The statements of a block, indented, and the line on which `end` goes.
    fn body(&mut self, block: Node) {
        self.indent += 1;
        let statements = match self.tree.head(block) {
            Some(Head::Block) => self.tree.args(block).to_vec(),
            _ => vec![block],
        };
        for statement in statements {
            self.line();
            self.node(statement, 0);
        }
        self.indent -= 1;
        self.line();
    }

    fn keyword_block(&mut self, keyword: &str, block: Node) {
        self.out.push_str(keyword);
        self.body(block);
    }

    fn conditional(&mut self, keyword: &str, condition: Node, rest: &[Node]) {
        self.out.push_str(keyword);
        self.out.push(' ');
        self.node(condition, 0);
        let Some((&then, rest)) = rest.split_first() else {
            return;
        };
        self.body(then);
        let Some(&tail) = rest.first() else {
            return;
        };
        let args = self.tree.args(tail).to_vec();
        match (self.tree.head(tail), &args[..]) {
            (Some(Head::ElseIf), [condition, rest @ ..]) => {
                self.conditional("elseif", *condition, rest);
            }
            _ => {
                self.out.push_str("else");
                self.body(tail);
            }
        }
    }
}

fn is_plain_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || matches!(c, '_' | '!') || !c.is_ascii())
}
