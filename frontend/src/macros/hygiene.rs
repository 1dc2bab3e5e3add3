//! Hygiene: what a macro of the program returned stands in a `(hygienic-scope code module)`. Names
//! that the code introduces become names that no source can contain, all others mean what they mean
//! in the macro's module; `(escape code)` is code of the caller, which stays as it is.
//!
//! As in Julia, what is introduced is found by syntax alone: assigned and declared names of the
//! whole expansion, and of each function, loop, `let` and comprehension in it.

use super::Host;
use crate::surface::{Head, Home, Node, NodeData, Tree};
use hashbrown::HashMap;
use jlift_ir::Name;

/// Resolves all scopes in a tree whose nesting was bounded before.
pub(super) fn resolve(tree: &mut Tree, node: Node, host: &mut dyn Host) -> Node {
    let mut resolver = Resolver {
        tree,
        host,
        frames: Vec::new(),
    };
    resolver.node(node)
}

/// An expansion that is being walked.
struct Frame {
    module: Name,
    /// Names and what they become, innermost scope last.
    layers: Vec<HashMap<Name, Name>>,
}

struct Resolver<'a> {
    tree: &'a mut Tree,
    host: &'a mut dyn Host,
    /// Expansions around the node whose code it is, innermost last; empty in code of the user.
    frames: Vec<Frame>,
}

/// Names that are syntax, wherever they stand.
const WORDS: &[&str] = &[
    "end",
    "begin",
    "new",
    "ccall",
    "cglobal",
    "llvmcall",
    "@__MODULE__",
    ":",
];

impl Resolver<'_> {
    fn text(&self, name: Name) -> &str {
        self.host.tables().names.str(name)
    }

    fn node(&mut self, node: Node) -> Node {
        match *self.tree.data(node) {
            NodeData::Symbol(name) => self.symbol(node, name),
            NodeData::Expr { head, .. } => {
                let args = self.tree.args(node).to_vec();
                self.expr(node, head, &args)
            }
            _ => node,
        }
    }

    fn each(&mut self, nodes: &[Node]) -> Vec<Node> {
        nodes.iter().map(|&n| self.node(n)).collect()
    }

    fn with_args(&mut self, node: Node, args: &[Node]) -> Node {
        match self.tree.head(node) {
            Some(head) if self.tree.args(node) != args => {
                let span = self.tree.span(node);
                self.tree.expr(head, args, span)
            }
            _ => node,
        }
    }

    fn renamed(&self, name: Name) -> Option<Name> {
        let layers = &self.frames.last()?.layers;
        layers.iter().rev().find_map(|l| l.get(&name).copied())
    }

    fn symbol(&mut self, node: Node, name: Name) -> Node {
        let Some(frame) = self.frames.last() else {
            return node;
        };
        let span = self.tree.span(node);
        if let Some(new) = self.renamed(name) {
            return self.tree.add(NodeData::Symbol(new), span);
        }
        let module = frame.module;
        let text = self.text(name);
        let is_dotted = text.len() > 1 && text.starts_with('.');
        if is_dotted || WORDS.contains(&text) || text.chars().all(|c| c == '_') {
            return node;
        }
        let data = NodeData::GlobalRef(Home::Module(module), name);
        self.tree.add(data, span)
    }

    fn expr(&mut self, node: Node, head: Head, args: &[Node]) -> Node {
        match (head, args) {
            (Head::HygienicScope, &[body, module]) => self.expansion(body, module),
            (Head::Escape, &[inner]) => match self.frames.pop() {
                Some(frame) => {
                    let inner = self.node(inner);
                    self.frames.push(frame);
                    inner
                }
                None => self.node(inner),
            },
            _ if self.frames.is_empty() => {
                let new = self.each(args);
                self.with_args(node, &new)
            }
            (Head::Quote, &[inner]) => {
                let inner = self.quoted(inner, 0);
                self.with_args(node, &[inner])
            }
            (
                Head::Inert
                | Head::Meta
                | Head::Using
                | Head::Import
                | Head::Export
                | Head::Module
                | Head::SymbolicLabel
                | Head::SymbolicGoto
                | Head::Inbounds
                | Head::Loopinfo
                | Head::Macrocall,
                _,
            ) => node,
            (Head::Dotted, &[object, field]) => {
                let object = self.node(object);
                let field = match self.tree.head(field) {
                    Some(_) => self.node(field),
                    None => field,
                };
                self.with_args(node, &[object, field])
            }
            (Head::Kw, &[name, value]) => {
                let value = self.node(value);
                self.with_args(node, &[name, value])
            }
            (Head::Parameters, _) => {
                let new: Vec<Node> = args.iter().map(|&a| self.named(a)).collect();
                self.with_args(node, &new)
            }
            (Head::Tuple, _) => {
                let new: Vec<Node> = args
                    .iter()
                    .map(|&a| match (self.tree.head(a), self.tree.args(a)) {
                        (Some(Head::Assign), &[name, value]) => {
                            let value = self.node(value);
                            self.with_args(a, &[name, value])
                        }
                        _ => self.node(a),
                    })
                    .collect();
                self.with_args(node, &new)
            }
            (Head::Global, _) => {
                let new: Vec<Node> = args.iter().map(|&a| self.global(a)).collect();
                self.with_args(node, &new)
            }
            (Head::Struct, &[mutable, signature, body]) => {
                self.structure(node, mutable, signature, body)
            }
            (Head::Function | Head::Arrow | Head::Macro, &[signature, body]) => {
                self.function(node, signature, body)
            }
            (Head::Assign, &[signature, body]) if self.is_signature(signature) => {
                self.function(node, signature, body)
            }
            (Head::For, &[specs, body]) => self.scope(node, args, |me, names| {
                me.spec_names(specs, names);
                let _ = body;
            }),
            (Head::Let, &[bindings, body]) => self.scope(node, args, |me, names| {
                me.spec_names(bindings, names);
                me.introduced(body, names);
            }),
            (Head::Generator | Head::Filter, [_, specs @ ..]) => {
                let specs = specs.to_vec();
                self.scope(node, args, |me, names| {
                    for spec in specs {
                        me.spec_names(spec, names);
                    }
                })
            }
            (Head::Flatten, &[inner]) => {
                // The inner generator's body names the variables of both.
                let outer = self.tree.args(inner).to_vec();
                self.scope(node, args, |me, names| {
                    for spec in outer.into_iter().skip(1) {
                        me.spec_names(spec, names);
                    }
                })
            }
            (Head::Where, [_, vars @ ..]) => {
                let vars = vars.to_vec();
                self.scope(node, args, |me, names| {
                    for var in vars {
                        me.type_var(var, names);
                    }
                })
            }
            (Head::Try, [_, variable, ..]) => {
                let variable = *variable;
                self.scope(node, args, |me, names| me.pattern(variable, names))
            }
            _ => {
                let new = self.each(args);
                self.with_args(node, &new)
            }
        }
    }

    fn expansion(&mut self, body: Node, module: Node) -> Node {
        let Some(module) = self.tree.symbol(module) else {
            return self.node(body);
        };
        let mut names = Vec::new();
        self.introduced(body, &mut names);
        let layer = self.layer(names);
        self.frames.push(Frame {
            module,
            layers: vec![layer],
        });
        let body = self.node(body);
        self.frames.pop();
        body
    }

    fn layer(&mut self, names: Vec<Name>) -> HashMap<Name, Name> {
        let mut layer = HashMap::with_capacity(names.len());
        for name in names {
            if !layer.contains_key(&name) {
                let text = self.text(name).to_owned();
                let fresh = self.host.fresh(&text);
                layer.insert(name, fresh);
            }
        }
        layer
    }

    /// Walks the arguments with names of their own, which `find` tells.
    fn scope(
        &mut self,
        node: Node,
        args: &[Node],
        find: impl FnOnce(&Self, &mut Vec<Name>),
    ) -> Node {
        let mut names = Vec::new();
        find(self, &mut names);
        let layer = self.layer(names);
        self.within(layer, |me| {
            let new = me.each(args);
            me.with_args(node, &new)
        })
    }

    fn within(&mut self, layer: HashMap<Name, Name>, f: impl FnOnce(&mut Self) -> Node) -> Node {
        if let Some(frame) = self.frames.last_mut() {
            frame.layers.push(layer);
        }
        let result = f(self);
        if let Some(frame) = self.frames.last_mut() {
            frame.layers.pop();
        }
        result
    }

    fn function(&mut self, node: Node, signature: Node, body: Node) -> Node {
        let (mut names, mut keywords) = (Vec::new(), Vec::new());
        self.parameters(signature, &mut names, &mut keywords);
        self.introduced(body, &mut names);
        names.retain(|n| !keywords.contains(n));
        let mut layer = self.layer(names);
        // Callers know keyword arguments by their names.
        layer.extend(keywords.into_iter().map(|n| (n, n)));
        self.within(layer, |me| {
            let signature = me.signature(signature);
            let body = me.node(body);
            me.with_args(node, &[signature, body])
        })
    }

    /// A signature; the parameters behind its semicolon keep their form.
    fn signature(&mut self, node: Node) -> Node {
        let args = self.tree.args(node).to_vec();
        match (self.tree.head(node), &args[..]) {
            (Some(Head::Where | Head::Typed), [inner, rest @ ..]) => {
                let mut new = vec![self.signature(*inner)];
                new.extend(self.each(rest));
                self.with_args(node, &new)
            }
            (Some(Head::Call | Head::Tuple), _) => {
                let new: Vec<Node> = args
                    .iter()
                    .map(|&a| match self.tree.head(a) {
                        Some(Head::Parameters) => {
                            let inner = self.tree.args(a).to_vec();
                            let inner: Vec<Node> =
                                inner.iter().map(|&p| self.parameter(p)).collect();
                            self.with_args(a, &inner)
                        }
                        _ => self.parameter(a),
                    })
                    .collect();
                self.with_args(node, &new)
            }
            _ => self.node(node),
        }
    }

    fn parameter(&mut self, node: Node) -> Node {
        match (self.tree.head(node), self.tree.args(node)) {
            (Some(Head::Kw | Head::Assign), &[name, default]) => {
                let name = self.node(name);
                let default = self.node(default);
                self.with_args(node, &[name, default])
            }
            _ => self.node(node),
        }
    }

    /// `f(; x)` is `f(; x = x)`, whatever `x` becomes.
    fn named(&mut self, node: Node) -> Node {
        let value = self.node(node);
        if value == node || self.tree.symbol(node).is_none() {
            return value;
        }
        let span = self.tree.span(node);
        self.tree.expr(Head::Kw, &[node, value], span)
    }

    fn global(&mut self, node: Node) -> Node {
        match (self.tree.head(node), self.tree.args(node)) {
            (Some(Head::Function), &[signature, body]) => self.function(node, signature, body),
            (Some(Head::Assign), &[signature, body]) if self.is_signature(signature) => {
                self.function(node, signature, body)
            }
            (Some(Head::Assign | Head::Typed), &[name, value]) => {
                let name = self.global(name);
                let value = self.node(value);
                self.with_args(node, &[name, value])
            }
            (Some(Head::Escape), _) => self.node(node),
            _ => node,
        }
    }

    fn structure(&mut self, node: Node, mutable: Node, signature: Node, body: Node) -> Node {
        let name = |me: &Self| {
            let mut at = signature;
            while let Some(&inner) = me.tree.args(at).first() {
                at = inner;
            }
            me.tree.symbol(at)
        };
        let mut layer = HashMap::new();
        layer.extend(name(self).map(|n| (n, n)));
        let statements = self.tree.args(body).to_vec();
        for statement in statements {
            let mut at = statement;
            while let (Some(Head::Typed | Head::Const), Some(&inner)) =
                (self.tree.head(at), self.tree.args(at).first())
            {
                at = inner;
            }
            layer.extend(self.tree.symbol(at).map(|n| (n, n)));
        }
        self.within(layer, |me| {
            let signature = me.node(signature);
            let body = me.node(body);
            me.with_args(node, &[mutable, signature, body])
        })
    }

    /// Quoted code stays as it is, but what is interpolated into it is code of the expansion.
    fn quoted(&mut self, node: Node, quotes: u32) -> Node {
        if let NodeData::Quote(inner) = *self.tree.data(node) {
            let new = self.quoted(inner, quotes);
            if new == inner {
                return node;
            }
            let span = self.tree.span(node);
            return self.tree.add(NodeData::Quote(new), span);
        }
        let args = self.tree.args(node).to_vec();
        let quotes = match self.tree.head(node) {
            Some(Head::Interpolate) if quotes == 0 => {
                let new = self.each(&args);
                return self.with_args(node, &new);
            }
            Some(Head::Interpolate) => quotes - 1,
            Some(Head::Quote) => quotes + 1,
            Some(_) => quotes,
            None => return node,
        };
        let new: Vec<Node> = args.iter().map(|&a| self.quoted(a, quotes)).collect();
        self.with_args(node, &new)
    }

    // What code introduces.

    fn is_signature(&self, mut target: Node) -> bool {
        loop {
            match (self.tree.head(target), self.tree.args(target)) {
                (Some(Head::Call), _) => return true,
                (Some(Head::Where | Head::Typed), [inner, ..]) => target = *inner,
                _ => return false,
            }
        }
    }

    /// Names that an assignment to this, or a parameter like this, introduces.
    fn pattern(&self, node: Node, names: &mut Vec<Name>) {
        if let Some(name) = self.tree.symbol(node) {
            names.push(name);
            return;
        }
        match (self.tree.head(node), self.tree.args(node)) {
            (Some(Head::Typed), &[inner, _])
            | (Some(Head::Kw | Head::Assign), &[inner, _])
            | (Some(Head::Splat), &[inner]) => self.pattern(inner, names),
            (Some(Head::Tuple | Head::Parameters), parts) => {
                for &part in parts {
                    self.pattern(part, names);
                }
            }
            _ => {}
        }
    }

    /// Variables of loops, comprehensions and `let`.
    fn spec_names(&self, node: Node, names: &mut Vec<Name>) {
        match (self.tree.head(node), self.tree.args(node)) {
            (Some(Head::Block), parts) => {
                for &part in parts {
                    self.spec_names(part, names);
                }
            }
            (Some(Head::Filter), [_, parts @ ..]) => {
                for &part in parts {
                    self.spec_names(part, names);
                }
            }
            (Some(Head::Assign), &[target, _]) if self.is_signature(target) => {
                names.extend(self.function_name(target));
            }
            (Some(Head::Assign), &[target, _]) => self.pattern(target, names),
            _ => self.pattern(node, names),
        }
    }

    fn type_var(&self, node: Node, names: &mut Vec<Name>) {
        match (self.tree.head(node), self.tree.args(node)) {
            (Some(Head::Subtype | Head::Supertype), [name, ..]) => self.pattern(*name, names),
            (Some(Head::Comparison), [_, _, name, ..]) => self.pattern(*name, names),
            _ => self.pattern(node, names),
        }
    }

    fn function_name(&self, mut signature: Node) -> Option<Name> {
        loop {
            match (self.tree.head(signature), self.tree.args(signature)) {
                (Some(Head::Call | Head::Where | Head::Typed), [inner, ..]) => signature = *inner,
                _ => return self.tree.symbol(signature),
            }
        }
    }

    fn parameters(&self, signature: Node, names: &mut Vec<Name>, keywords: &mut Vec<Name>) {
        let args = self.tree.args(signature);
        match (self.tree.head(signature), args) {
            (Some(Head::Where), [inner, vars @ ..]) => {
                for &var in vars {
                    self.type_var(var, names);
                }
                self.parameters(*inner, names, keywords);
            }
            (Some(Head::Typed), [inner, _]) if self.is_signature(*inner) => {
                self.parameters(*inner, names, keywords);
            }
            (Some(Head::Call), [callee, params @ ..]) => {
                if self.tree.head(*callee) == Some(Head::Typed) {
                    self.pattern(*callee, names);
                }
                self.parameter_list(params, names, keywords);
            }
            (Some(Head::Tuple), params) => self.parameter_list(params, names, keywords),
            _ => self.pattern(signature, names),
        }
    }

    fn parameter_list(&self, params: &[Node], names: &mut Vec<Name>, keywords: &mut Vec<Name>) {
        for &param in params {
            match self.tree.head(param) {
                Some(Head::Parameters) => {
                    for &keyword in self.tree.args(param) {
                        self.pattern(keyword, keywords);
                    }
                }
                _ => self.pattern(param, names),
            }
        }
    }

    /// Names that code introduces in the scope that it stands in.
    fn introduced(&self, node: Node, names: &mut Vec<Name>) {
        let mut globals = Vec::new();
        self.assigned(node, names, &mut globals);
        names.retain(|n| !globals.contains(n));
    }

    fn assigned(&self, node: Node, names: &mut Vec<Name>, globals: &mut Vec<Name>) {
        let args = self.tree.args(node);
        match (self.tree.head(node), args) {
            (Some(Head::Assign), &[target, value]) => {
                if self.is_signature(target) {
                    names.extend(self.function_name(target));
                    return;
                }
                self.pattern(target, names);
                self.assigned(value, names, globals);
            }
            (Some(Head::Other(name)), &[target, value]) if self.text(name).ends_with('=') => {
                self.pattern(target, names);
                self.assigned(value, names, globals);
            }
            (Some(Head::Function), [signature, ..]) => names.extend(self.function_name(*signature)),
            (Some(Head::Local), _) => {
                for &arg in args {
                    self.pattern(arg, names);
                    if let (Some(Head::Assign), &[_, value]) =
                        (self.tree.head(arg), self.tree.args(arg))
                    {
                        self.assigned(value, names, globals);
                    }
                }
            }
            (Some(Head::Global), _) => {
                for &arg in args {
                    self.pattern(arg, globals);
                }
            }
            (
                Some(
                    Head::Arrow
                    | Head::Let
                    | Head::Generator
                    | Head::Comprehension
                    | Head::TypedComprehension
                    | Head::Flatten
                    | Head::Quote
                    | Head::Inert
                    | Head::Escape
                    | Head::HygienicScope
                    | Head::Struct
                    | Head::Macro
                    | Head::Module
                    | Head::Kw
                    | Head::Parameters
                    | Head::Meta,
                ),
                _,
            ) => {}
            (Some(Head::Tuple), _) => {
                // `(a = 1, b = 2)` assigns nothing.
                for &arg in args {
                    match (self.tree.head(arg), self.tree.args(arg)) {
                        (Some(Head::Assign), &[_, value]) => self.assigned(value, names, globals),
                        _ => self.assigned(arg, names, globals),
                    }
                }
            }
            (Some(Head::For), &[_, body]) => self.assigned(body, names, globals),
            _ => {
                for &arg in args {
                    self.assigned(arg, names, globals);
                }
            }
        }
    }
}
