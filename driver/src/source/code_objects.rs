//! Code as objects of the program: from syntax trees, with the line numbers that Julia's parser puts
//! into blocks, and back. Knows the fields of `Expr` and its like (`prelude/base/text/expr.jl`).

use super::Program;
use crate::dynamic::{Object, objects, release, retain};
use jlift_frontend::surface::{Head, Home, Node, NodeData, Span, Tree};
use jlift_frontend::surface_text::head_text;
use jlift_infer::world::modules::ModuleId;
use jlift_ir::{Name, Type, TypeClass, Value};

/// Deepest nesting of code that is read; an object may hold itself.
const MAX_DEPTH: u32 = 900;
/// Most nodes that are made of one object: objects may share parts exponentially often.
const MAX_NODES: usize = 4_000_000;

/// The types of code.
#[derive(Copy, Clone)]
pub(super) struct CodeTypes {
    expr: Type,
    quote_node: Type,
    line: Type,
    global: Type,
}

impl Program {
    pub(super) fn code_types(&mut self) -> CodeTypes {
        let mut ty = |name: &str| match self.world.base_const(name) {
            Some(Value::Type(t)) => {
                self.world.declare(t);
                t
            }
            _ => Type::BOTTOM,
        };
        CodeTypes {
            expr: ty("Expr"),
            quote_node: ty("QuoteNode"),
            line: ty("LineNumberNode"),
            global: ty("GlobalRef"),
        }
    }

    /// A string of the program's.
    pub(super) fn string_object(&self, text: &str) -> Object {
        objects::string(Type::STRING.as_u32(), text.as_bytes())
    }

    /// The `LineNumberNode` of a place.
    pub(super) fn line_object(&mut self, span: Option<Span>) -> Object {
        let types = self.code_types();
        let (line, file) = self.place(span);
        line_of(types, line, &file)
    }

    /// The line and the file of a place.
    pub(super) fn place(&self, span: Option<Span>) -> (u32, String) {
        match span {
            Some(span) => {
                let (line, _) = self.world.sources.line_column(span.file, span.start);
                let file = self.world.sources.file(span.file);
                (line, file.map_or("none".into(), |f| f.name.to_string()))
            }
            None => (0, "none".into()),
        }
    }

    /// Code as an object, which is the caller's; interpolations stay what they are.
    pub(super) fn code_object(&mut self, module: ModuleId, tree: &Tree, node: Node) -> Object {
        self.write_code(module, tree, node, None)
    }

    /// Quoted code as an object, which is the caller's, with values in the places of interpolations.
    pub(super) fn quoted_object(
        &mut self,
        module: ModuleId,
        tree: &Tree,
        node: Node,
        values: &[Object],
    ) -> Object {
        self.write_code(module, tree, node, Some(values))
    }

    fn write_code(
        &mut self,
        module: ModuleId,
        tree: &Tree,
        node: Node,
        values: Option<&[Object]>,
    ) -> Object {
        let types = self.code_types();
        let mut writer = Writer {
            program: self,
            types,
            module,
            tree,
            values: values.map(<[Object]>::iter),
        };
        writer.node(node, 0)
    }

    /// The tree of code that is an object, added to a tree; what stands at no line that is known is
    /// at `span`. `as_text` is for code that is only printed.
    ///
    /// # Errors
    /// Why it is no code.
    pub(super) fn code_tree(
        &mut self,
        object: Object,
        tree: &mut Tree,
        span: Option<Span>,
        as_text: bool,
    ) -> Result<Node, String> {
        let types = self.code_types();
        let mut reader = Reader {
            program: self,
            types,
            tree,
            span,
            as_text,
            nodes: 0,
        };
        reader.node(object, 0)
    }
}

fn line_of(types: CodeTypes, line: u32, file: &str) -> Object {
    let file = objects::symbol_of(file.as_bytes());
    objects::of_words(types.line.as_u32(), &[u64::from(line), file as u64])
}

struct Writer<'a> {
    program: &'a mut Program,
    types: CodeTypes,
    module: ModuleId,
    tree: &'a Tree,
    /// Values of the interpolations that are still to come.
    values: Option<std::slice::Iter<'a, Object>>,
}

impl Writer<'_> {
    fn symbol(&self, name: Name) -> Object {
        objects::symbol_of(self.program.world.text(name).as_bytes())
    }

    fn expr(&self, head: &str, args: &[Object]) -> Object {
        let args = objects::vector(0, args);
        let head = objects::symbol_of(head.as_bytes());
        objects::of_words(self.types.expr.as_u32(), &[head as u64, args as u64])
    }

    fn line(&self, node: Node) -> Object {
        let (line, file) = self.program.place(self.tree.span(node));
        line_of(self.types, line, &file)
    }

    fn instance(&mut self, value: Value) -> Object {
        let ty = match value {
            Value::Type(t) => self.program.world.module.tables.type_type(t),
            other => self.program.world.const_type(other),
        };
        let words = match value {
            Value::Imm { bits, .. } => bits,
            _ => 0,
        };
        objects::of_words(ty.as_u32(), &[words])
    }

    fn node(&mut self, node: Node, quotes: u32) -> Object {
        match self.tree.data(node) {
            NodeData::Symbol(name) => self.symbol(*name),
            NodeData::GlobalRef(home, name) => {
                let module = match home {
                    Home::Module(module) => *module,
                    _ => {
                        let home = self.program.world.home(*home, self.module);
                        self.program.world.modules[home].name
                    }
                };
                let words = [self.symbol(module) as u64, self.symbol(*name) as u64];
                objects::of_words(self.types.global.as_u32(), &words)
            }
            NodeData::Bits { ty, bits } => objects::of_words(ty.as_u32(), &[*bits]),
            NodeData::Wide { ty, bits } => {
                let words = [*bits as u64, (*bits >> 64) as u64];
                objects::of_words(ty.as_u32(), &words)
            }
            NodeData::BigInt(digits) => {
                let name = objects::symbol_of(b"@big_str");
                let digits = self.program.string_object(digits);
                let line = self.line(node);
                self.expr("macrocall", &[name, line, digits])
            }
            NodeData::String(bytes) => objects::string(Type::STRING.as_u32(), bytes),
            NodeData::Nothing => objects::of_words(Type::NOTHING.as_u32(), &[]),
            NodeData::Quote(inner) => {
                let value = self.node(*inner, quotes);
                objects::of_words(self.types.quote_node.as_u32(), &[value as u64])
            }
            NodeData::Line { line, file } => {
                line_of(self.types, *line, self.program.world.text(*file))
            }
            NodeData::Value(value) => self.instance(*value),
            NodeData::Shown(text) => self.program.string_object(text),
            NodeData::Expr { head, .. } => self.expression(node, *head, quotes),
        }
    }

    fn expression(&mut self, node: Node, head: Head, quotes: u32) -> Object {
        let args = self.tree.args(node);
        if let (Some(values), Head::Interpolate, &[_], 0) = (&mut self.values, head, args, quotes) {
            return values.next().map_or(std::ptr::null_mut(), |&v| retain(v));
        }
        let inner = match head {
            Head::Quote => quotes + 1,
            Head::Interpolate => quotes.saturating_sub(1),
            _ => quotes,
        };
        let mut list = Vec::with_capacity(args.len() + 1);
        match (head, args) {
            (Head::Block, _) => self.block(node, args, inner, &mut list),
            (Head::Function, &[signature, body]) | (Head::Macro, &[signature, body]) => {
                self.push(signature, inner, &mut list);
                list.push(self.body(node, body, inner));
            }
            (Head::Arrow, &[params, body]) => {
                self.push(params, inner, &mut list);
                list.push(self.body(node, body, inner));
            }
            (Head::Assign, &[signature, body]) if self.is_signature(signature) => {
                self.push(signature, inner, &mut list);
                list.push(self.body(node, body, inner));
            }
            (Head::Do, &[call, function]) => {
                self.push(call, inner, &mut list);
                // The function of a `do` has no line of its own.
                let mut parts = Vec::new();
                for &part in self.tree.args(function) {
                    self.push(part, inner, &mut parts);
                }
                list.push(self.expr("->", &parts));
            }
            (Head::ElseIf, [condition, rest @ ..]) => {
                let line = self.line(*condition);
                let condition = self.node(*condition, inner);
                list.push(self.expr("block", &[line, condition]));
                for &arg in rest {
                    self.push(arg, inner, &mut list);
                }
            }
            // Their variables are no statements.
            (Head::For | Head::Let, &[specs, body])
                if self.tree.head(specs) == Some(Head::Block) =>
            {
                let mut parts = Vec::new();
                for &spec in self.tree.args(specs) {
                    self.push(spec, inner, &mut parts);
                }
                list.push(self.expr("block", &parts));
                self.push(body, inner, &mut list);
            }
            (Head::Macrocall, [name, rest @ ..]) => {
                self.push(*name, inner, &mut list);
                let has_line = rest
                    .first()
                    .is_some_and(|&a| matches!(self.tree.data(a), NodeData::Line { .. }));
                if !has_line {
                    list.push(self.line(node));
                }
                for &arg in rest {
                    self.push(arg, inner, &mut list);
                }
            }
            _ => {
                for &arg in args {
                    self.push(arg, inner, &mut list);
                }
            }
        }
        let text = head_text(head, &self.program.world.module.tables).to_owned();
        self.expr(&text, &list)
    }

    /// An argument; `$(xs...)` gives several.
    fn push(&mut self, node: Node, quotes: u32, list: &mut Vec<Object>) {
        if matches!(self.tree.data(node), &NO_LINES) {
            return;
        }
        if let (Some(values), Some(Head::Interpolate), 0) =
            (&mut self.values, self.tree.head(node), quotes)
            && let &[inner] = self.tree.args(node)
            && self.tree.head(inner) == Some(Head::Splat)
        {
            if let Some(&value) = values.next() {
                // SAFETY: `Base.with_values` has made it a `Vector{Any}`.
                let elements = unsafe { objects::elements(value) };
                list.extend(elements.into_iter().filter(|e| !e.is_null()).map(retain));
            }
            return;
        }
        list.push(self.node(node, quotes));
    }

    /// Statements, each after its line.
    fn block(&mut self, node: Node, args: &[Node], quotes: u32, list: &mut Vec<Object>) {
        let has_lines = args
            .iter()
            .any(|&a| matches!(self.tree.data(a), NodeData::Line { .. }));
        let in_parens = self.is_in_parens(node, args);
        if args.is_empty() && self.tree.span(node).is_some() {
            list.push(self.line(node));
        }
        for (n, &arg) in args.iter().enumerate() {
            if !has_lines && (n > 0 || !in_parens) {
                list.push(self.line(arg));
            }
            self.push(arg, quotes, list);
        }
    }

    /// Whether a block is written `(a; b)`.
    fn is_in_parens(&self, node: Node, args: &[Node]) -> bool {
        let (Some(span), Some(first)) = (
            self.tree.span(node),
            args.first().and_then(|&a| self.tree.span(a)),
        ) else {
            return false;
        };
        let file = self.program.world.sources.file(span.file);
        let byte = file.and_then(|f| f.text.get(span.start as usize));
        first.start > span.start && byte == Some(&b'(')
    }

    /// The body of a function, which begins with the line of the whole.
    fn body(&mut self, node: Node, body: Node, quotes: u32) -> Object {
        let mut list = Vec::new();
        match self.tree.head(body) {
            Some(Head::Block) => {
                let args = self.tree.args(body);
                let has_lines = args
                    .iter()
                    .any(|&a| matches!(self.tree.data(a), NodeData::Line { .. }));
                if !has_lines {
                    list.push(self.line(node));
                }
                // A short body has no line besides this one.
                if let (&[only], Some(Head::Assign | Head::Arrow)) = (args, self.tree.head(node))
                    && self.tree.span(only) == self.tree.span(body)
                {
                    self.push(only, quotes, &mut list);
                } else {
                    self.block(body, args, quotes, &mut list);
                }
            }
            _ => {
                list.push(self.line(node));
                self.push(body, quotes, &mut list);
            }
        }
        self.expr("block", &list)
    }

    fn is_signature(&self, mut target: Node) -> bool {
        loop {
            match (self.tree.head(target), self.tree.args(target)) {
                (Some(Head::Call), _) => return true,
                (Some(Head::Where | Head::Typed), [inner, ..]) => target = *inner,
                _ => return false,
            }
        }
    }
}

struct Reader<'a> {
    program: &'a mut Program,
    types: CodeTypes,
    tree: &'a mut Tree,
    /// Where the code stands, as far as its line numbers tell.
    span: Option<Span>,
    as_text: bool,
    nodes: usize,
}

impl Reader<'_> {
    fn add(&mut self, data: NodeData) -> Node {
        self.tree.add(data, self.span)
    }

    fn name(&mut self, symbol: Object) -> Name {
        // SAFETY: a symbol.
        let text = unsafe { objects::text(symbol) };
        self.program.world.name(&String::from_utf8_lossy(&text))
    }

    fn is_expr(&self, object: Object) -> bool {
        // SAFETY: a dynamic value, or nothing.
        !object.is_null() && Type::from_u32(unsafe { objects::number(object) }) == self.types.expr
    }

    fn node(&mut self, object: Object, depth: u32) -> Result<Node, String> {
        self.nodes += 1;
        if depth > MAX_DEPTH || self.nodes > MAX_NODES {
            return Err("expression is nested too deeply".into());
        }
        if object.is_null() {
            return Err("an expression has an undefined argument".into());
        }
        // SAFETY: a dynamic value.
        let ty = Type::from_u32(unsafe { objects::number(object) });
        // SAFETY: what the type says of the object.
        let word = |n| unsafe { objects::word(object, n) };
        let as_object = |n| word(n) as Object;
        let data = if ty == self.types.expr {
            return self.expression(as_object(0), as_object(1), depth);
        } else if ty == self.types.quote_node {
            let kept = self.program.kept.len();
            let inner = self.node(as_object(0), depth + 1)?;
            // A value without syntax is itself, quoted or not.
            let is_code = self.tree.head(inner).is_none() || self.is_expr(as_object(0));
            if !is_code && self.program.kept.len() > kept {
                return Ok(inner);
            }
            NodeData::Quote(inner)
        } else if ty == self.types.line {
            let file = self.file_of(as_object(1));
            self.line(word(0) as u32, file)
        } else if ty == self.types.global {
            let module = self.name(as_object(0));
            NodeData::GlobalRef(Home::Module(module), self.name(as_object(1)))
        } else {
            match self.program.world.module.tables.class(ty) {
                TypeClass::Symbol => NodeData::Symbol(self.name(object)),
                // SAFETY: a string.
                TypeClass::String => NodeData::String(unsafe { objects::text(object) }.into()),
                TypeClass::Primitive(bits @ ..=64) if is_literal(ty) => {
                    let mut bytes = [0; 8];
                    let size = bits.div_ceil(8) as usize;
                    // SAFETY: the payload of a value of this size.
                    bytes[..size].copy_from_slice(&unsafe { objects::payload(object, size) });
                    let bits = u64::from_le_bytes(bytes);
                    NodeData::Bits { ty, bits }
                }
                TypeClass::Primitive(128) if matches!(ty, Type::INT128 | Type::UINT128) => {
                    let bits = u128::from(word(0)) | u128::from(word(1)) << 64;
                    NodeData::Wide { ty, bits }
                }
                _ if ty == Type::NOTHING => NodeData::Nothing,
                _ if self.as_text => NodeData::Shown(self.shown(object).into()),
                TypeClass::Singleton => {
                    NodeData::Value(match self.program.world.module.tables.type_of_type(ty) {
                        Some(t) => Value::Type(t),
                        None => Value::Instance(ty),
                    })
                }
                _ => return Ok(self.kept(object, ty)),
            }
        };
        Ok(self.add(data))
    }

    fn file_of(&mut self, file: Object) -> Name {
        if file.is_null() {
            return self.program.world.name("none");
        }
        // SAFETY: a dynamic value.
        let ty = Type::from_u32(unsafe { objects::number(file) });
        match ty {
            Type::SYMBOL => self.name(file),
            _ => self.program.world.name("none"),
        }
    }

    /// A line number; what follows stands there, if the file is known.
    fn line(&mut self, line: u32, file: Name) -> NodeData {
        let text = self.program.world.text(file);
        if let Some((file, start)) = self.program.world.sources.line_start(text, line) {
            let known = self.span.filter(|s| {
                let (at, _) = self.program.world.sources.line_column(s.file, s.start);
                s.file == file && at == line
            });
            self.span = Some(known.unwrap_or(Span {
                file,
                start,
                end: start,
            }));
        }
        NodeData::Line { line, file }
    }

    /// A value without syntax: the program keeps it, the code asks for it.
    fn kept(&mut self, object: Object, ty: Type) -> Node {
        let number = self.program.kept.len() as u64;
        self.program.kept.push(retain(object));
        let name = self.program.world.name("kept_value");
        let callee = self.add(NodeData::GlobalRef(Home::Base, name));
        let ty_node = self.add(NodeData::Value(Value::Type(ty)));
        let number = self.add(NodeData::Bits {
            ty: Type::INT64,
            bits: number,
        });
        let call = self.tree.expr(Head::Call, &[callee, number], self.span);
        if self.program.world.module.tables.is_tuple(ty) {
            return call;
        }
        let name = self.program.world.name("typeassert");
        let assert = self.add(NodeData::GlobalRef(Home::Core, name));
        let args = [assert, call, ty_node];
        self.tree.expr(Head::Call, &args, self.span)
    }

    /// The text of a value in code.
    fn shown(&mut self, object: Object) -> String {
        let site = self.program.world.site_of_base("value_in_code", 1);
        let text = self.program.call_site(site, &[object]);
        let Some(text) = text else {
            release(crate::dynamic::take_thrown());
            return "?".into();
        };
        // SAFETY: `repr` gives a `String`.
        let bytes = unsafe { objects::text(text) };
        release(text);
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn expression(&mut self, head: Object, args: Object, depth: u32) -> Result<Node, String> {
        let outer = self.span;
        let name = self.name(head);
        let text = self.program.world.text(name);
        let head = Head::from_text(text).unwrap_or(Head::Other(name));
        // SAFETY: the arguments of an `Expr`.
        let objects = unsafe { objects::elements(args) };
        let mut nodes = Vec::with_capacity(objects.len());
        for (n, &object) in objects.iter().enumerate() {
            let node = self.node(object, depth + 1)?;
            // The place of a macro call is no argument.
            if head == Head::Macrocall && n == 1 && !self.as_text {
                match self.tree.data(node) {
                    NodeData::Line { .. } | NodeData::Nothing => continue,
                    _ => {}
                }
            }
            nodes.push(node);
        }
        let is_line = |&n: &Node| matches!(self.tree.data(n), NodeData::Line { .. });
        if head == Head::Block && !self.as_text && !nodes.is_empty() && !nodes.iter().any(is_line) {
            nodes.insert(0, self.add(NO_LINES));
        }
        let at = match head {
            Head::Macrocall => self.span,
            _ => outer,
        };
        let node = self.tree.expr(head, &nodes, at);
        if !matches!(head, Head::Block) {
            self.span = outer;
        }
        Ok(node)
    }
}

/// Begins a block that was an object without lines, and gets none when it becomes one again.
const NO_LINES: NodeData = NodeData::Line {
    line: 0,
    file: Name::EMPTY,
};

/// Types whose values are literals.
fn is_literal(ty: Type) -> bool {
    ty.is_integer() || ty.is_float() || matches!(ty, Type::BOOL | Type::CHAR)
}
