//! Finds the top-level definitions of a Julia file and the names that they define or extend.
//! Knows the shapes of definitions, nothing of what is inside them.

use fatou_parser::parser::parse;
use fatou_parser::syntax::{SyntaxElement, SyntaxKind, SyntaxNode};

/// A top-level item under one of its names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// The module that holds the name; differs from the file's for `Base.show(…) = …`.
    pub module: String,
    /// The name that is defined or extended.
    pub name: String,
    /// The variant of `Kind` that the item is.
    pub kind: &'static str,
    /// Range of bytes in the file, without a docstring.
    pub start: usize,
    pub end: usize,
    /// 1-based.
    pub line: usize,
}

/// What a file holds.
#[derive(Default, Debug)]
pub struct Scan {
    /// The module that the file belongs to.
    pub module: String,
    pub found: Vec<Found>,
    /// What is wrong with the file, with line numbers.
    pub problems: Vec<String>,
}

/// The module that the first line of a file names.
pub fn module_of(text: &str) -> &str {
    let first = text.lines().next().unwrap_or("");
    match first.strip_prefix("# module:") {
        Some(name) => name.trim(),
        None => "Base",
    }
}

/// Reads a file.
pub fn scan(text: &str) -> Scan {
    let parsed = parse(text);
    let mut out = Scanner {
        text,
        scan: Scan {
            module: module_of(text).to_string(),
            ..Scan::default()
        },
    };
    for diagnostic in &parsed.diagnostics {
        let line = out.line(diagnostic.start);
        let message = &diagnostic.message;
        out.scan.problems.push(format!("line {line}: {message}"));
    }
    out.items(&parsed.cst);
    out.scan
}

struct Scanner<'t> {
    text: &'t str,
    scan: Scan,
}

impl Scanner<'_> {
    fn line(&self, offset: usize) -> usize {
        let before = self.text.get(..offset).unwrap_or(self.text);
        before.bytes().filter(|&b| b == b'\n').count() + 1
    }

    fn items(&mut self, parent: &SyntaxNode) {
        for node in parent.children() {
            match node.kind() {
                SyntaxKind::TOPLEVEL_SEMICOLON => self.items(&node),
                SyntaxKind::DOC => match node.children().last() {
                    Some(item) => self.item(&item, &item),
                    None => self.unknown(&node),
                },
                _ => self.item(&node, &node),
            }
        }
    }

    /// `whole` is the item with the macro calls around it.
    fn item(&mut self, node: &SyntaxNode, whole: &SyntaxNode) {
        match node.kind() {
            SyntaxKind::MACRO_CALL => match node.children().last() {
                Some(inner) if inner.kind() != SyntaxKind::MACRO_NAME => self.item(&inner, whole),
                _ => self.unknown(whole),
            },
            SyntaxKind::ARG | SyntaxKind::PAREN_EXPR | SyntaxKind::GLOBAL_STMT => {
                match node.children().last() {
                    Some(inner) => self.item(&inner, whole),
                    None => self.unknown(whole),
                }
            }
            SyntaxKind::ASSIGNMENT_EXPR => self.assignment(node, whole),
            SyntaxKind::CONST_STMT => self.constant(node, whole),
            SyntaxKind::FUNCTION_DEF => self.function(node, whole),
            SyntaxKind::MACRO_DEF => match signature(node).and_then(|s| callee_node(&s)) {
                Some(Callee { name, .. }) => self.add("", &format!("@{name}"), "Macro", whole),
                None => self.unknown(whole),
            },
            SyntaxKind::STRUCT_DEF => self.type_definition(node, "Struct", whole),
            SyntaxKind::ABSTRACT_DEF => self.type_definition(node, "Abstract", whole),
            SyntaxKind::PRIMITIVE_DEF => self.type_definition(node, "Primitive", whole),
            SyntaxKind::MODULE_DEF => match node.children().find_map(|c| type_name(&c)) {
                Some(name) => self.add("", &name, "Module", whole),
                None => self.unknown(whole),
            },
            SyntaxKind::EXPORT_STMT => {
                for name in names_in(node) {
                    self.add("", &name, "Export", whole);
                }
            }
            SyntaxKind::IMPORT_STMT | SyntaxKind::USING_STMT => self.import(node, whole),
            _ => self.unknown(whole),
        }
    }

    fn assignment(&mut self, node: &SyntaxNode, whole: &SyntaxNode) {
        let Some(target) = node.children().next() else {
            return self.unknown(whole);
        };
        match method_callees(&target) {
            Some(callees) if !callees.is_empty() => self.callees(&callees, whole),
            _ => self.unknown(whole),
        }
    }

    fn function(&mut self, node: &SyntaxNode, whole: &SyntaxNode) {
        let Some(signature) = signature(node) else {
            return self.unknown(whole);
        };
        if let Some(callees) = method_callees(&signature)
            && !callees.is_empty()
        {
            return self.callees(&callees, whole);
        }
        // `function f end`
        match callee_node(&signature) {
            Some(Callee { module, name, .. }) => self.add(&module, &name, "Function", whole),
            None => self.unknown(whole),
        }
    }

    fn callees(&mut self, callees: &[Callee], whole: &SyntaxNode) {
        for Callee { module, name, kind } in callees {
            self.add(module, name, kind, whole);
        }
    }

    fn constant(&mut self, node: &SyntaxNode, whole: &SyntaxNode) {
        let target = node
            .children()
            .find(|c| c.kind() == SyntaxKind::ASSIGNMENT_EXPR)
            .and_then(|a| a.children().next());
        let names: Vec<String> = match &target {
            Some(t) if matches!(t.kind(), SyntaxKind::BARE_TUPLE_EXPR) => {
                t.children().filter_map(|c| type_name(&c)).collect()
            }
            Some(t) => type_name(t).into_iter().collect(),
            None => Vec::new(),
        };
        if names.is_empty() {
            return self.unknown(whole);
        }
        for name in names {
            self.add("", &name, "Const", whole);
        }
    }

    fn type_definition(&mut self, node: &SyntaxNode, kind: &'static str, whole: &SyntaxNode) {
        match signature(node).and_then(|s| type_name(&s)) {
            Some(name) => self.add("", &name, kind, whole),
            None => self.unknown(whole),
        }
    }

    /// An import is listed under each local name that it binds.
    fn import(&mut self, node: &SyntaxNode, whole: &SyntaxNode) {
        let text = node.text().to_string();
        let listed = match text.split_once(": ") {
            Some((_, names)) => names.to_string(),
            None => text
                .trim_start_matches("import")
                .trim_start_matches("using")
                .to_string(),
        };
        for part in listed.split(',') {
            let local = part.rsplit(" as ").next().unwrap_or(part).trim();
            let local = match local.strip_prefix('@') {
                Some(_) => local,
                None => local.rsplit('.').next().unwrap_or(local),
            };
            if local.is_empty() {
                self.unknown(whole);
            } else {
                self.add("", local, "Import", whole);
            }
        }
    }

    fn add(&mut self, module: &str, name: &str, kind: &'static str, whole: &SyntaxNode) {
        let range = whole.text_range();
        let (start, end) = (usize::from(range.start()), usize::from(range.end()));
        let module = match module {
            "" => self.scan.module.clone(),
            "Base" | "Core" => module.to_string(),
            _ if module.starts_with("Base.") || module.starts_with("Core.") => module.to_string(),
            _ => format!("Base.{module}"),
        };
        let line = self.line(start);
        self.scan.found.push(Found {
            module,
            name: name.to_string(),
            kind,
            start,
            end,
            line,
        });
    }

    fn unknown(&mut self, node: &SyntaxNode) {
        let line = self.line(usize::from(node.text_range().start()));
        let kind = node.kind();
        self.scan
            .problems
            .push(format!("line {line}: {kind:?} is not a definition"));
    }
}

/// What a method belongs to.
struct Callee {
    /// As written, empty if the name is not qualified.
    module: String,
    name: String,
    kind: &'static str,
}

fn signature(node: &SyntaxNode) -> Option<SyntaxNode> {
    let signature = node
        .children()
        .find(|c| c.kind() == SyntaxKind::SIGNATURE)?;
    signature.children().next()
}

/// What the method with this signature belongs to; `None` if it is no call.
fn method_callees(signature: &SyntaxNode) -> Option<Vec<Callee>> {
    let mut node = signature.clone();
    let mut variables: Vec<String> = Vec::new();
    loop {
        match node.kind() {
            SyntaxKind::WHERE_EXPR => {
                let mut children = node.children();
                let inner = children.next()?;
                for clause in children {
                    where_variables(&clause, &mut variables);
                }
                node = inner;
            }
            SyntaxKind::TYPE_ANNOTATION | SyntaxKind::PAREN_EXPR => {
                node = node.children().next()?
            }
            SyntaxKind::CALL_EXPR => {
                let first = significant(&node).next()?;
                return Some(match first {
                    SyntaxElement::Token(op) => vec![method(op.text())],
                    SyntaxElement::Node(callee) => call_callees(&callee, &variables),
                });
            }
            // `-x`, `x + y` with any arguments.
            SyntaxKind::UNARY_EXPR
            | SyntaxKind::BINARY_EXPR
            | SyntaxKind::COMPARISON_EXPR
            | SyntaxKind::RANGE_EXPR => {
                let op = significant(&node).find_map(|e| e.into_token())?;
                if op.text() == "." || op.text() == "::" {
                    return None;
                }
                return Some(vec![method(op.text())]);
            }
            _ => return None,
        }
    }
}

fn method(name: &str) -> Callee {
    Callee {
        module: String::new(),
        name: name.to_string(),
        kind: "Method",
    }
}

/// The callee of a call: a name, `(f::T)` or `(::Type{T})`.
fn call_callees(callee: &SyntaxNode, variables: &[String]) -> Vec<Callee> {
    let inner = match callee.kind() {
        SyntaxKind::PAREN_EXPR => callee.children().next(),
        SyntaxKind::TYPE_ANNOTATION => Some(callee.clone()),
        _ => None,
    };
    if let Some(annotation) = inner
        && annotation.kind() == SyntaxKind::TYPE_ANNOTATION
    {
        let ty = annotation.children().last();
        return ty.map_or_else(Vec::new, |ty| callable(&ty, variables));
    }
    callee_node(callee).into_iter().collect()
}

/// The callables of a type: `Fix1`, `Type{T}`, `typeof(f)`, `Union{A,B}`.
fn callable(ty: &SyntaxNode, variables: &[String]) -> Vec<Callee> {
    if ty.kind() == SyntaxKind::CALL_EXPR {
        // `typeof(f)`
        let args = ty.children().find(|c| c.kind() == SyntaxKind::ARG_LIST);
        let argument = args.and_then(|a| a.children().next());
        return argument.and_then(|a| callee_node(&a)).into_iter().collect();
    }
    let Some(head) = callee_node(ty) else {
        return Vec::new();
    };
    let parameters: Vec<SyntaxNode> = match ty.kind() {
        SyntaxKind::CURLY_EXPR => ty
            .children()
            .filter(|c| c.kind() == SyntaxKind::ARG_LIST)
            .flat_map(|c| c.children())
            .collect(),
        _ => Vec::new(),
    };
    match head.name.as_str() {
        "Type" => match parameters.first().and_then(callee_node) {
            Some(of) if !variables.contains(&of.name) => vec![of],
            _ => vec![method("(::Type)")],
        },
        "Union" => parameters
            .iter()
            .flat_map(|p| callable(p, variables))
            .collect(),
        _ => vec![Callee {
            kind: "Callable",
            ..head
        }],
    }
}

fn where_variables(clause: &SyntaxNode, out: &mut Vec<String>) {
    match clause.kind() {
        SyntaxKind::BRACES => {
            for child in clause.children() {
                where_variables(&child, out);
            }
        }
        _ => out.extend(type_name(clause)),
    }
}

/// A name, qualified or not, with type parameters or not.
fn callee_node(node: &SyntaxNode) -> Option<Callee> {
    match node.kind() {
        SyntaxKind::NAME
        | SyntaxKind::OPERATOR_ATOM
        | SyntaxKind::QUOTE_SYM
        | SyntaxKind::NONSTANDARD_IDENTIFIER => Some(method(&symbol_text(node)?)),
        SyntaxKind::PAREN_EXPR => {
            let symbol = symbol_text(node)?;
            Some(method(&symbol))
        }
        SyntaxKind::ARG | SyntaxKind::CURLY_EXPR => match significant(node).next()? {
            SyntaxElement::Node(inner) => callee_node(&inner),
            SyntaxElement::Token(op) => Some(method(op.text())),
        },
        SyntaxKind::CALL_EXPR => match significant(node).next()? {
            SyntaxElement::Node(inner) => callee_node(&inner),
            SyntaxElement::Token(op) => Some(method(op.text())),
        },
        SyntaxKind::BINARY_EXPR => {
            let mut parts = significant(node);
            let module = parts.next()?;
            if parts.next()?.into_token()?.text() != "." {
                return None;
            }
            let name = match parts.next()? {
                SyntaxElement::Node(n) => symbol_text(&n)?,
                SyntaxElement::Token(t) => t.text().to_string(),
            };
            Some(Callee {
                module: module.to_string(),
                name,
                kind: "Method",
            })
        }
        _ => None,
    }
}

/// The name that a type declaration or the target of an assignment begins with.
fn type_name(node: &SyntaxNode) -> Option<String> {
    match node.kind() {
        SyntaxKind::NAME | SyntaxKind::OPERATOR_ATOM | SyntaxKind::NONSTANDARD_IDENTIFIER => {
            symbol_text(node)
        }
        SyntaxKind::BINARY_EXPR
        | SyntaxKind::COMPARISON_EXPR
        | SyntaxKind::CURLY_EXPR
        | SyntaxKind::TYPE_ANNOTATION
        | SyntaxKind::ARG
        | SyntaxKind::SIGNATURE
        | SyntaxKind::PAREN_EXPR => match node.children().next() {
            Some(inner) => type_name(&inner),
            None => symbol_text(node),
        },
        _ => symbol_text(node),
    }
}

/// The text of a symbol without the colon and parentheses around it: `==` of `:(==)`.
fn symbol_text(node: &SyntaxNode) -> Option<String> {
    let text = node.text().to_string();
    let text = match text.strip_prefix("var\"") {
        Some(rest) => rest.strip_suffix('"')?.to_string(),
        None => text,
    };
    let mut name = text.as_str();
    if name.len() > 1 && node.kind() == SyntaxKind::QUOTE_SYM {
        name = name.strip_prefix(':').unwrap_or(name);
    }
    if name.len() > 2 {
        name = name.strip_prefix('(').unwrap_or(name);
        name = name.strip_suffix(')').unwrap_or(name);
    }
    let name = name.trim();
    let known = !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c == '(');
    known.then(|| name.to_string())
}

/// The names and operators of an export statement.
fn names_in(node: &SyntaxNode) -> Vec<String> {
    let text = node.text().to_string();
    let list = text.trim_start_matches("export");
    list.split(',')
        .map(|n| n.trim().to_string())
        .filter(|n| !n.is_empty())
        .collect()
}

/// The children that are no space, line break or comment.
fn significant(node: &SyntaxNode) -> impl Iterator<Item = SyntaxElement> {
    node.children_with_tokens().filter(|e| {
        !matches!(
            e.kind(),
            SyntaxKind::WHITESPACE | SyntaxKind::NEWLINE | SyntaxKind::COMMENT
        )
    })
}
