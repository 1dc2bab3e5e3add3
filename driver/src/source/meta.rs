//! `@eval` at top level: quoted trees with interpolations, also inside loops over literals. A small
//! evaluator of the expressions that such loops are written with: symbols, strings, numbers,
//! tuples of them, `Symbol(…)`, `string(…)`. Values are trees themselves: a name stands for the
//! expression that mentions it.

use jlift_frontend::surface::{Head, Home, Node, NodeData, Tree};
use jlift_infer::world::modules::ModuleId;
use jlift_infer::{Obstacle, World};
use jlift_ir::{Name, Type};

/// Loops make at most this many definitions.
const MAX_RESULTS: usize = 10_000;
/// Deepest nesting of what is evaluated or copied.
const MAX_DEPTH: u32 = 500;

/// What a meta expression evaluates to.
#[derive(Clone)]
enum Meta {
    /// A piece of code: a symbol, a literal, an expression.
    Code(Node),
    Tuple(Vec<Meta>),
}

struct Evaluator<'w> {
    world: &'w mut World,
    /// The source with what the evaluation adds.
    tree: Tree,
    names: Vec<(Name, Meta)>,
    results: Vec<Node>,
}

/// The expressions that an `@eval` stands for, and the tree that holds them.
///
/// # Errors
/// What cannot be evaluated before the program runs.
pub fn evaluate(
    world: &mut World,
    _module: ModuleId,
    tree: &Tree,
    node: Node,
) -> Result<(Tree, Vec<Node>), Obstacle> {
    let mut me = Evaluator {
        world,
        tree: tree.clone(),
        names: Vec::new(),
        results: Vec::new(),
    };
    me.statement(node, 0)?;
    Ok((me.tree, me.results))
}

impl Evaluator<'_> {
    fn refuse<T>(&self, node: Node, what: &str) -> Result<T, Obstacle> {
        Err(Obstacle::error(self.tree.span(node), what.to_string()))
    }

    fn statement(&mut self, node: Node, depth: u32) -> Result<(), Obstacle> {
        if depth > MAX_DEPTH {
            return self.refuse(node, "this expression is nested too deeply");
        }
        let args = self.tree.args(node).to_vec();
        match self.tree.head(node) {
            Some(Head::Block | Head::Toplevel) => {
                for arg in args {
                    self.statement(arg, depth + 1)?;
                }
                Ok(())
            }
            Some(Head::For) if args.len() == 2 => self.for_loop(args[0], args[1], depth),
            Some(Head::Let) if args.len() == 2 => {
                let mark = self.names.len();
                for binding in self.bindings(args[0]) {
                    self.statement(binding, depth + 1)?;
                }
                self.statement(args[1], depth + 1)?;
                self.names.truncate(mark);
                Ok(())
            }
            Some(Head::Assign) if args.len() == 2 => {
                let value = self.value(args[1], depth + 1)?;
                self.bind(args[0], value)
            }
            Some(Head::Other(name)) if self.world.text(name) == "eval" => {
                let Some(&code) = args.last() else {
                    return Ok(());
                };
                // `@eval` quotes what it is given; `eval(:( … ))` gives it quoted.
                let quoted = match (self.tree.head(code), self.tree.args(code)) {
                    (Some(Head::Quote), [inner]) => *inner,
                    _ => code,
                };
                let result = self.interpolated(quoted, 0, depth)?;
                if self.results.len() >= MAX_RESULTS {
                    return self.refuse(node, "this loop defines too much");
                }
                self.results.push(result);
                Ok(())
            }
            Some(Head::Call) if matches!(args[..], [f, _] if self.is_name(f, "eval")) => {
                let result = match self.value(args[1], depth + 1)? {
                    Meta::Code(node) => node,
                    Meta::Tuple(_) => return self.refuse(node, "a tuple is no code"),
                };
                self.results.push(result);
                Ok(())
            }
            _ => {
                // Anything else is ordinary code that is executed in turn.
                let code = self.substituted(node, depth)?;
                self.results.push(code);
                Ok(())
            }
        }
    }

    fn bindings(&self, node: Node) -> Vec<Node> {
        match self.tree.head(node) {
            Some(Head::Block) => self.tree.args(node).to_vec(),
            _ => vec![node],
        }
    }

    fn for_loop(&mut self, header: Node, body: Node, depth: u32) -> Result<(), Obstacle> {
        let headers = self.bindings(header);
        self.for_headers(&headers, body, depth)
    }

    fn for_headers(&mut self, headers: &[Node], body: Node, depth: u32) -> Result<(), Obstacle> {
        let Some((&first, rest)) = headers.split_first() else {
            return self.statement(body, depth + 1);
        };
        let (var, over) = match self.tree.args(first) {
            [var, over] => (*var, *over),
            _ => return self.refuse(first, "this loop cannot be evaluated"),
        };
        for item in self.elements(over, depth + 1)? {
            let mark = self.names.len();
            self.bind(var, item)?;
            self.for_headers(rest, body, depth + 1)?;
            self.names.truncate(mark);
        }
        Ok(())
    }

    fn bind(&mut self, pattern: Node, value: Meta) -> Result<(), Obstacle> {
        if let Some(name) = self.tree.symbol(pattern) {
            self.names.push((name, value));
            return Ok(());
        }
        if self.tree.head(pattern) == Some(Head::Tuple)
            && let Meta::Tuple(items) = value
        {
            let vars = self.tree.args(pattern).to_vec();
            for (var, item) in vars.into_iter().zip(items) {
                self.bind(var, item)?;
            }
            return Ok(());
        }
        self.refuse(
            pattern,
            "this pattern cannot be evaluated before the program runs",
        )
    }

    fn elements(&mut self, node: Node, depth: u32) -> Result<Vec<Meta>, Obstacle> {
        let args = self.tree.args(node).to_vec();
        match self.tree.head(node) {
            Some(Head::Tuple | Head::Vect) => {
                args.into_iter().map(|a| self.value(a, depth)).collect()
            }
            Some(Head::Call) if matches!(args[..], [f, _, _] if self.is_name(f, ":")) => {
                let (a, b) = (self.int(args[1], depth)?, self.int(args[2], depth)?);
                if b.saturating_sub(a) > MAX_RESULTS as i64 {
                    return self.refuse(node, "this loop defines too much");
                }
                Ok((a..=b)
                    .map(|n| {
                        Meta::Code(self.tree.add(
                            NodeData::Bits {
                                ty: Type::INT64,
                                bits: n as u64,
                            },
                            None,
                        ))
                    })
                    .collect())
            }
            _ => match self.value(node, depth)? {
                Meta::Tuple(items) => Ok(items),
                Meta::Code(code) => {
                    let args = self.tree.args(code).to_vec();
                    match self.tree.head(code) {
                        Some(Head::Tuple | Head::Vect) => {
                            args.into_iter().map(|a| self.value(a, depth)).collect()
                        }
                        _ => self.refuse(
                            node,
                            "a loop with `@eval` can go over literal tuples, vectors and ranges",
                        ),
                    }
                }
            },
        }
    }

    fn int(&mut self, node: Node, depth: u32) -> Result<i64, Obstacle> {
        match self.value(node, depth)? {
            Meta::Code(n) => match *self.tree.data(n) {
                NodeData::Bits {
                    ty: Type::INT64,
                    bits,
                } => Ok(bits as i64),
                _ => self.refuse(node, "an integer literal is needed here"),
            },
            Meta::Tuple(_) => self.refuse(node, "an integer literal is needed here"),
        }
    }

    fn is_name(&self, node: Node, text: &str) -> bool {
        match self.tree.data(node) {
            NodeData::Symbol(name) | NodeData::GlobalRef(_, name) => self.world.text(*name) == text,
            _ => false,
        }
    }

    fn value(&mut self, node: Node, depth: u32) -> Result<Meta, Obstacle> {
        if depth > MAX_DEPTH {
            return self.refuse(node, "this expression is nested too deeply");
        }
        let args = self.tree.args(node).to_vec();
        match self.tree.data(node).clone() {
            NodeData::Symbol(name) => Ok(self
                .names
                .iter()
                .rev()
                .find(|(n, _)| *n == name)
                .map_or(Meta::Code(node), |(_, v)| v.clone())),
            NodeData::Quote(inner) => Ok(Meta::Code(inner)),
            NodeData::Expr { head, .. } => match head {
                Head::Quote if args.len() == 1 => {
                    Ok(Meta::Code(self.interpolated(args[0], 0, depth)?))
                }
                Head::Tuple | Head::Vect => {
                    let items = args
                        .into_iter()
                        .map(|a| self.value(a, depth + 1))
                        .collect::<Result<Vec<_>, _>>()?;
                    Ok(Meta::Tuple(items))
                }
                Head::Call if !args.is_empty() && self.is_name(args[0], "Symbol") => {
                    let text = self.joined(&args[1..], depth)?;
                    let name = self.world.name(&text);
                    Ok(Meta::Code(
                        self.tree.add(NodeData::Symbol(name), self.tree.span(node)),
                    ))
                }
                Head::Call if !args.is_empty() && self.is_name(args[0], "string") => {
                    let text = self.joined(&args[1..], depth)?;
                    Ok(self.string(&text, node))
                }
                Head::StringConcat => {
                    let text = self.joined(&args, depth)?;
                    Ok(self.string(&text, node))
                }
                Head::Call if args.len() == 2 && self.is_name(args[0], "QuoteNode") => {
                    match self.value(args[1], depth + 1)? {
                        Meta::Code(n) => Ok(Meta::Code(
                            self.tree.add(NodeData::Quote(n), self.tree.span(node)),
                        )),
                        Meta::Tuple(_) => self.refuse(node, "a tuple cannot be quoted here"),
                    }
                }
                _ => Ok(Meta::Code(self.substituted(node, depth)?)),
            },
            _ => Ok(Meta::Code(node)),
        }
    }

    fn string(&mut self, text: &str, node: Node) -> Meta {
        let span = self.tree.span(node);
        Meta::Code(
            self.tree
                .add(NodeData::String(text.as_bytes().into()), span),
        )
    }

    /// The texts of values, one after the other.
    fn joined(&mut self, nodes: &[Node], depth: u32) -> Result<String, Obstacle> {
        let mut out = String::new();
        for &node in nodes {
            let Meta::Code(code) = self.value(node, depth + 1)? else {
                return self.refuse(node, "a tuple has no text here");
            };
            match self.tree.data(code) {
                NodeData::Symbol(name) | NodeData::GlobalRef(_, name) => {
                    out.push_str(self.world.text(*name));
                }
                NodeData::String(bytes) => out.push_str(&String::from_utf8_lossy(bytes)),
                NodeData::Bits {
                    ty: Type::INT64,
                    bits,
                } => out.push_str(&(*bits as i64).to_string()),
                _ => return self.refuse(node, "this has no text before the program runs"),
            }
        }
        Ok(out)
    }

    /// A copy of quoted code with its interpolations filled in.
    fn interpolated(&mut self, node: Node, quotes: u32, depth: u32) -> Result<Node, Obstacle> {
        if depth > MAX_DEPTH {
            return self.refuse(node, "this expression is nested too deeply");
        }
        let span = self.tree.span(node);
        match self.tree.data(node).clone() {
            NodeData::Quote(inner) => {
                let inner = self.interpolated(inner, quotes, depth + 1)?;
                Ok(self.tree.add(NodeData::Quote(inner), span))
            }
            NodeData::Expr { head, .. } => {
                let args = self.tree.args(node).to_vec();
                if head == Head::Interpolate && args.len() == 1 && quotes == 0 {
                    return match self.value(args[0], depth + 1)? {
                        Meta::Code(code) => Ok(code),
                        Meta::Tuple(items) => self.tuple_code(&items, node),
                    };
                }
                let quotes = match head {
                    Head::Quote => quotes + 1,
                    Head::Interpolate => quotes.saturating_sub(1),
                    _ => quotes,
                };
                let mut copied = Vec::with_capacity(args.len());
                for arg in args {
                    // `f($(args...))` splices.
                    if self.tree.head(arg) == Some(Head::Interpolate)
                        && quotes == 0
                        && let [inner] = self.tree.args(arg)[..]
                        && self.tree.head(inner) == Some(Head::Splat)
                        && let [list] = self.tree.args(inner)[..]
                        && let Meta::Tuple(items) = self.value(list, depth + 1)?
                    {
                        for item in items {
                            match item {
                                Meta::Code(code) => copied.push(code),
                                Meta::Tuple(items) => copied.push(self.tuple_code(&items, arg)?),
                            }
                        }
                        continue;
                    }
                    copied.push(self.interpolated(arg, quotes, depth + 1)?);
                }
                Ok(self.tree.expr(head, &copied, span))
            }
            _ => Ok(node),
        }
    }

    fn tuple_code(&mut self, items: &[Meta], at: Node) -> Result<Node, Obstacle> {
        let mut nodes = Vec::with_capacity(items.len());
        for item in items {
            nodes.push(match item {
                Meta::Code(n) => *n,
                Meta::Tuple(inner) => self.tuple_code(inner, at)?,
            });
        }
        let span = self.tree.span(at);
        Ok(self.tree.expr(Head::Tuple, &nodes, span))
    }

    /// A copy of ordinary code in which the names of the evaluator stand for their values.
    fn substituted(&mut self, node: Node, depth: u32) -> Result<Node, Obstacle> {
        if depth > MAX_DEPTH {
            return self.refuse(node, "this expression is nested too deeply");
        }
        let span = self.tree.span(node);
        match self.tree.data(node).clone() {
            NodeData::Symbol(name) => {
                let found = self.names.iter().rev().find(|(n, _)| *n == name).cloned();
                match found {
                    Some((_, Meta::Code(code))) => match self.tree.data(code) {
                        // A symbol as a value, not the variable of that name.
                        NodeData::Symbol(_) | NodeData::GlobalRef(Home::Current, _) => {
                            Ok(self.tree.add(NodeData::Quote(code), span))
                        }
                        _ => Ok(code),
                    },
                    Some((_, Meta::Tuple(items))) => self.tuple_code(&items, node),
                    None => Ok(node),
                }
            }
            NodeData::Expr { head, .. } => {
                let args = self.tree.args(node).to_vec();
                let mut copied = Vec::with_capacity(args.len());
                for arg in args {
                    copied.push(self.substituted(arg, depth + 1)?);
                }
                Ok(self.tree.expr(head, &copied, span))
            }
            _ => Ok(node),
        }
    }
}
