//! Expressions in Julia's syntax, with the spaces and parentheses that `string(expr)` has: the
//! text of a failed `@assert` and the label of `@show`.

mod statements;

use super::{head_text, symbol_text, write_escaped, write_leaf};
use crate::surface::{Head, Node, NodeData, Tree};
use jlift_ir::{Tables, Type};

/// A node as Julia prints the expression.
pub fn to_julia(tree: &Tree, node: Node, tables: &Tables) -> String {
    let mut printer = Printer::new(tree, tables);
    printer.node(node, 0, TOP);
    printer.out
}

/// A node as Julia shows the expression as a value: `:(a + b)`.
pub fn to_julia_quoted(tree: &Tree, node: Node, tables: &Tables) -> String {
    let mut printer = Printer::new(tree, tables);
    match tree.data(node) {
        NodeData::Line { .. } | NodeData::Quote(_) => {
            printer.out.push_str(":(");
            printer.node(node, 2, TOP);
            printer.out.push(')');
        }
        _ => printer.quoted(node, 0),
    }
    printer.out
}

/// How tightly an infix operator binds; `None` if the text is no infix operator.
pub(crate) fn precedence(op: &str) -> Option<i8> {
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
        "*" | "/" | "÷" | "%" | "&" | "\\" | "⋅" | "⋆" | "×" | "∘" | "∩" | "∧" | "⊗" | "⊘" => {
            12
        }
        "//" => 13,
        "<<" | ">>" | ">>>" => 14,
        "^" | "↑" | "↓" => 15,
        "::" => 16,
        "->" => 0,
        "~" => 1,
        "$" => return None,
        text if text.ends_with('=') => 1,
        _ => return None,
    })
}

fn is_unary(op: &str) -> bool {
    let plain = op.strip_prefix('.').unwrap_or(op);
    matches!(
        plain,
        "+" | "-" | "!" | "¬" | "~" | "<:" | ">:" | "√" | "∛" | "∜"
    )
}

/// The precedence around what stands alone.
const TOP: i8 = -1;
/// Spaces by which blocks are indented.
const STEP: usize = 4;
/// Operators that are not quoted bare.
const QUOTED_IN_PARENS: &[&str] = &[":", "::", ":=", "=", "==", "===", "=>"];

struct Printer<'a> {
    tree: &'a Tree,
    tables: &'a Tables,
    out: String,
}

impl<'a> Printer<'a> {
    fn new(tree: &'a Tree, tables: &'a Tables) -> Self {
        Printer {
            tree,
            tables,
            out: String::new(),
        }
    }

    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn name(&mut self, text: &str) {
        let is_macro = text.strip_prefix('@').is_some_and(is_plain_name);
        let is_dots = text.bytes().all(|b| b == b'.');
        if is_plain_name(text) || is_operator(text) || is_macro || is_dots {
            self.put(text);
        } else {
            self.put("var\"");
            write_escaped(&mut self.out, text.as_bytes());
            self.put("\"");
        }
    }

    /// A node inside something that binds as tightly as `outer`, from column `indent`.
    fn node(&mut self, node: Node, indent: usize, outer: i8) {
        match self.tree.data(node) {
            NodeData::Symbol(name) => {
                let text = self.tables.names.str(*name).to_owned();
                self.name(&text);
            }
            NodeData::Quote(inner) => match self.tree.symbol(*inner) {
                Some(_) => self.quoted(*inner, indent),
                None => {
                    self.put("$(QuoteNode(");
                    self.value(*inner, indent);
                    self.put("))");
                }
            },
            NodeData::Expr { head, .. } => self.expr(*head, node, indent, outer),
            leaf => write_leaf(&mut self.out, leaf, self.tables),
        }
    }

    /// A node as `show` has it.
    fn value(&mut self, node: Node, indent: usize) {
        match self.tree.data(node) {
            NodeData::Symbol(_) | NodeData::Expr { .. } => self.quoted(node, indent),
            NodeData::Quote(_) => {
                self.put(":(");
                self.node(node, indent + 2, TOP);
                self.put(")");
            }
            _ => self.node(node, indent, 0),
        }
    }

    /// A node with a quote around it.
    fn quoted(&mut self, node: Node, indent: usize) {
        if let Some(text) = symbol_text(self.tree, node, self.tables) {
            let text = text.to_owned();
            if QUOTED_IN_PARENS.contains(&text.as_str()) {
                self.put(&format!(":({text})"));
            } else if is_plain_name(&text) || is_operator(&text) {
                self.put(":");
                self.put(&text);
            } else {
                self.put("Symbol(\"");
                write_escaped(&mut self.out, text.as_bytes());
                self.put("\")");
            }
        } else if self.tree.head(node) == Some(Head::Block) {
            self.block("quote", &[], node, indent);
            self.put("end");
        } else if self.tree.head(node).is_some() {
            self.put(":(");
            self.node(node, indent + 2, TOP);
            self.put(")");
        } else {
            self.node(node, indent, TOP);
        }
    }

    fn expr(&mut self, head: Head, node: Node, indent: usize, outer: i8) {
        let tree = self.tree;
        let args = tree.args(node);
        match (head, args) {
            (Head::Call, [callee, rest @ ..]) => self.call(*callee, rest, indent, outer),
            (Head::Comparison, _) if args.len() >= 3 => {
                self.enclosed(7 <= outer, |p| p.list(args, " ", indent, 7));
            }
            (Head::Dotted, &[object, field]) => self.dotted(object, field, indent),
            (Head::Dotted, &[operator]) if symbol_text(tree, operator, self.tables).is_some() => {
                self.put("(.");
                self.node(operator, indent, 0);
                self.put(")");
            }
            (Head::Ref, [callee, rest @ ..]) => self.applied(*callee, ("[", "]"), rest, indent),
            (Head::Curly, [callee, rest @ ..]) => self.applied(*callee, ("{", "}"), rest, indent),
            (Head::Tuple, &[only]) if tree.head(only) != Some(Head::Parameters) => {
                self.put("(");
                self.node(only, indent, 0);
                self.put(",)");
            }
            (Head::Tuple, _) => self.arguments("(", args, ")", indent),
            (Head::Vect, _) => self.arguments("[", args, "]", indent),
            (Head::Braces, _) => self.arguments("{", args, "}", indent),
            (Head::Hcat, _) => self.between("[", args, " ", "]", indent),
            // `[a;]` is no `[a]`.
            (Head::Vcat, &[_]) => self.between("[", args, "", ";]", indent),
            (Head::Vcat, _) => self.between("[", args, "; ", "]", indent),
            (Head::Row, _) => self.list(args, " ", indent, 0),
            (Head::Ncat | Head::Nrow, [dim, rest @ ..]) if self.separator(*dim).is_some() => {
                let separator = self.separator(*dim).unwrap_or_default();
                match head {
                    Head::Ncat => self.between("[", rest, &separator, "]", indent),
                    _ => self.list(rest, &separator, indent, 0),
                }
            }
            (Head::TypedNcat, [ty, dim, rest @ ..]) if self.separator(*dim).is_some() => {
                let separator = self.separator(*dim).unwrap_or_default();
                self.node(*ty, indent, 0);
                self.between("[", rest, &separator, "]", indent);
            }
            (Head::TypedHcat, [ty, rest @ ..]) => {
                self.node(*ty, indent, 0);
                self.between("[", rest, " ", "]", indent);
            }
            (Head::TypedVcat, [ty, rest @ ..]) => {
                self.node(*ty, indent, 0);
                self.between("[", rest, "; ", "]", indent);
            }
            (Head::Comprehension, &[generator]) => {
                self.put("[");
                self.generator(generator, indent);
                self.put("]");
            }
            (Head::TypedComprehension, &[ty, generator]) => {
                self.node(ty, indent, 0);
                self.put("[");
                self.generator(generator, indent);
                self.put("]");
            }
            (Head::Generator | Head::Flatten, _) => {
                self.put("(");
                self.generator(node, indent);
                self.put(")");
            }
            (Head::Splat, &[inner]) => {
                self.node(inner, indent, 0);
                self.put("...");
            }
            (Head::Adjoint, &[inner]) => {
                self.operand(inner, indent);
                self.put("'");
            }
            (Head::Typed, &[ty]) => {
                self.put("::");
                self.node(ty, indent, 16);
            }
            (Head::Subtype | Head::Supertype, &[ty]) => {
                self.put(head_text(head, self.tables));
                self.node(ty, indent, 7);
            }
            (Head::Typed, [_, _]) => self.infix("::", "::", args, indent, outer),
            (Head::Arrow, [_, _]) => self.infix("->", "->", args, indent, outer),
            // Only arguments of calls are written like this.
            (Head::Kw, [_, _]) if outer != TOP => self.list(args, " = ", indent, 1),
            (Head::Where, [ty, vars @ ..]) if !vars.is_empty() => {
                self.enclosed(1 <= outer, |p| {
                    p.node(*ty, indent, 16);
                    p.put(" where ");
                    match vars {
                        [only] => p.node(*only, indent, 1),
                        _ => p.between("{", vars, ", ", "}", indent),
                    }
                });
            }
            (Head::StringConcat, _) => self.interpolated(args),
            (Head::Quote, &[inner]) => self.quoted(inner, indent),
            (Head::Interpolate, &[inner]) => {
                self.put("$");
                let is_bare = symbol_text(tree, inner, self.tables).is_some();
                self.enclosed(!is_bare, |p| p.node(inner, indent, TOP));
            }
            (Head::Macrocall, [name, rest @ ..]) => self.macro_call(*name, rest, indent, outer),
            _ => self.statement(head, node, indent, outer),
        }
    }

    /// What stands between parts that are joined along a dimension.
    fn separator(&self, dim: Node) -> Option<String> {
        match *self.tree.data(dim) {
            NodeData::Bits { bits: 0, .. } => Some(" ".to_owned()),
            NodeData::Bits { bits, .. } if bits < 16 => {
                Some(format!("{} ", ";".repeat(usize::try_from(bits).ok()?)))
            }
            _ => None,
        }
    }

    /// What has no syntax of its own.
    fn fallback(&mut self, head: &str, args: &[Node], indent: usize) {
        self.put("$(Expr(");
        let is_bare = is_plain_name(head) || is_operator(head);
        match is_bare {
            true => self.put(&format!(":{head}")),
            false => self.put(&format!("Symbol(\"{head}\")")),
        }
        for &arg in args {
            self.put(", ");
            self.value(arg, indent);
        }
        self.put("))");
    }

    fn call(&mut self, callee: Node, args: &[Node], indent: usize, outer: i8) {
        let op = symbol_text(self.tree, callee, self.tables)
            .unwrap_or("")
            .to_owned();
        let splats = args
            .iter()
            .any(|&a| matches!(self.tree.head(a), Some(Head::Splat | Head::Parameters)));
        if let (&[arg], true, false) = (args, is_unary(&op), splats) {
            self.put(&op);
            let is_operator = symbol_text(self.tree, arg, self.tables).is_some_and(is_operator);
            if self.tree.head(arg).is_some() || is_operator {
                let own = precedence(&op).unwrap_or(0);
                self.enclosed(true, |p| p.list(args, ", ", indent, own));
            } else {
                self.node(arg, indent, precedence(&op).unwrap_or(0));
            }
            return;
        }
        if let Some(own) = precedence(&op).filter(|_| !splats) {
            if let &[factor, name] = args
                && op == "*"
                && self.is_factor(factor, name)
            {
                self.enclosed(own <= outer, |p| p.list(args, "", indent, own));
                return;
            }
            let many = matches!(op.as_str(), "+" | "++" | "*");
            if args.len() == 2 || (args.len() > 2 && many) || (args.len() == 3 && op == ":") {
                let separator = if op == ":" {
                    op.clone()
                } else {
                    format!(" {op} ")
                };
                self.enclosed(own <= outer, |p| p.list(args, &separator, indent, own));
                return;
            }
        }
        if let (Some(_), &[_]) = (precedence(&op), args)
            && !is_plain_name(&op)
        {
            self.put(&format!("({op})"));
            self.arguments("(", args, ")", indent);
        } else {
            self.applied(callee, ("(", ")"), args, indent);
        }
    }

    /// A number that may stand before a name: together they are not read as another number, as
    /// `1e` and `0x` would be.
    fn is_factor(&self, number: Node, name: Node) -> bool {
        let NodeData::Bits {
            ty: ty @ (Type::INT64 | Type::FLOAT64 | Type::FLOAT32),
            bits,
        } = *self.tree.data(number)
        else {
            return false;
        };
        let Some(name) = symbol_text(self.tree, name, self.tables) else {
            return false;
        };
        let zero = ty == Type::INT64 && bits == 0;
        !(name.starts_with(['e', 'E', 'f']) || zero && name.starts_with(['b', 'o', 'x']))
    }

    fn infix(&mut self, op: &str, separator: &str, args: &[Node], indent: usize, outer: i8) {
        let own = precedence(op).unwrap_or(0);
        self.enclosed(own <= outer, |p| p.list(args, separator, indent, own));
    }

    fn applied(&mut self, callee: Node, (open, close): (&str, &str), args: &[Node], indent: usize) {
        self.operand(callee, indent);
        self.arguments(open, args, close, indent);
    }

    /// Something that a bracket or dot follows: parenthesised unless it is a name.
    fn operand(&mut self, node: Node, indent: usize) {
        let plain = match self.tree.data(node) {
            NodeData::Expr { head, .. } => matches!(head, Head::Dotted | Head::Curly),
            NodeData::Symbol(_) | NodeData::GlobalRef(..) => true,
            NodeData::Shown(_) | NodeData::Value(_) => false,
            _ => true,
        };
        self.enclosed(!plain, |p| p.node(node, indent, 0));
    }

    fn dotted(&mut self, object: Node, field: Node, indent: usize) {
        if self.tree.head(field) == Some(Head::Tuple) {
            let is_operator = symbol_text(self.tree, object, self.tables).is_some_and(is_operator);
            self.enclosed(is_operator, |p| p.operand(object, indent));
            let args = self.tree.args(field);
            self.arguments(".(", args, ")", indent);
            return;
        }
        self.operand(object, indent);
        self.put(".");
        let quoted = match (self.tree.data(field), self.tree.args(field)) {
            (NodeData::Quote(inner), _) => Some(*inner),
            (NodeData::Expr { head, .. }, &[inner]) if *head == Head::Quote => Some(inner),
            _ => None,
        };
        let text = quoted.and_then(|q| symbol_text(self.tree, q, self.tables));
        match (quoted, text.map(str::to_owned)) {
            (_, Some(text)) if QUOTED_IN_PARENS.contains(&text.as_str()) => {
                self.put(&format!(":({text})"));
            }
            (_, Some(text)) if is_operator(&text) && !is_plain_name(&text) => {
                self.put(&format!(":{text}"));
            }
            (_, Some(text)) => self.name(&text),
            (Some(inner), None) => self.enclosed(true, |p| p.node(inner, indent, 0)),
            (None, None) => self.enclosed(true, |p| p.node(field, indent, 0)),
        }
    }

    fn enclosed(&mut self, parens: bool, inside: impl FnOnce(&mut Self)) {
        if parens {
            self.put("(");
        }
        inside(self);
        if parens {
            self.put(")");
        }
    }

    fn list(&mut self, nodes: &[Node], separator: &str, indent: usize, outer: i8) {
        // Julia indents what stands in a list, whether or not it begins a line.
        let indent = indent + 4;
        for (i, &node) in nodes.iter().enumerate() {
            if i > 0 {
                self.put(separator);
            }
            let parens = i == 0 && outer >= 15 && self.has_sign(node);
            self.enclosed(parens, |p| {
                p.node(node, indent, if parens { 0 } else { outer });
            });
        }
    }

    /// Whether a base needs parentheses: a negative number or a call of a unary operator.
    fn has_sign(&self, node: Node) -> bool {
        match self.tree.data(node) {
            NodeData::Bits { ty, bits } => match *ty {
                Type::FLOAT64 => f64::from_bits(*bits) < 0.0,
                Type::FLOAT32 => f32::from_bits(*bits as u32) < 0.0,
                Type::INT64 => (*bits as i64) < 0,
                _ => false,
            },
            NodeData::Expr { head, .. } if *head == Head::Call => {
                let callee = self.tree.args(node).first();
                let text = callee.and_then(|&c| symbol_text(self.tree, c, self.tables));
                text.is_some_and(is_unary) && self.tree.args(node).len() == 2
            }
            _ => false,
        }
    }

    fn between(&mut self, open: &str, nodes: &[Node], separator: &str, close: &str, indent: usize) {
        self.put(open);
        self.list(nodes, separator, indent, 0);
        self.put(close);
    }

    /// An argument list; parameters come last, after a semicolon.
    fn arguments(&mut self, open: &str, args: &[Node], close: &str, indent: usize) {
        let (parameters, plain): (Vec<Node>, Vec<Node>) = args
            .iter()
            .partition(|&&a| self.tree.head(a) == Some(Head::Parameters));
        self.put(open);
        self.list(&plain, ", ", indent, 0);
        for list in parameters {
            self.put("; ");
            let inner = self.tree.args(list);
            self.list(inner, ", ", indent, 0);
        }
        self.put(close);
    }
}

/// Whether a text is an operator that may stand where names do.
fn is_operator(text: &str) -> bool {
    precedence(text).is_some() || is_unary(text) || matches!(text, "!" | "$" | "'" | "...")
}

fn is_plain_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || matches!(c, '_' | '!') || !c.is_ascii())
}
