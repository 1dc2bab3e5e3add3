//! `struct`, `abstract type`, `primitive type`: fields, `new`, and Julia's default constructors.

use super::definition;
use super::extract;
use super::generate::Gen;
use super::keywords::{self, Definition};
use super::signature::{self, Param, Signature};
use super::{LowerError, Lowered};
use crate::lowered::{FieldDef, MethodOwner, TypeDef, TypeDefKind, TypeVar};
use crate::surface::{Head, Home, Node, NodeData, Span, Tree};
use hashbrown::HashSet;
use jlift_ir::Name;
use std::sync::Arc;

/// `Name{params} <: Super`.
struct Spec {
    name: Name,
    params: Vec<TypeVar>,
    supertype: Option<Node>,
}

/// Reads a type declaration of another tree into the generator's.
pub fn read(g: &mut Gen<'_>, from: &Tree, node: Node) -> Lowered<TypeDefDraft> {
    let span = from.span(node);
    g.span = span;
    let invalid = || LowerError::new(span, "syntax: invalid type definition");
    match (from.head(node), from.args(node)) {
        (Some(Head::Struct), &[mutable, spec, body]) => {
            let mutable = matches!(from.data(mutable), NodeData::Bits { bits, .. } if *bits != 0);
            let spec = read_spec(g, from, spec)?;
            Struct::read(g, from, spec, body)?.finish(g, mutable, span)
        }
        (Some(Head::Abstract), &[spec]) => {
            let spec = read_spec(g, from, spec)?;
            Ok(TypeDefDraft::new(spec, TypeDefKind::Abstract, span))
        }
        (Some(Head::Primitive), &[spec, bits]) => {
            let spec = read_spec(g, from, spec)?;
            let bits = extract::copy(from, bits, &mut g.tree);
            Ok(TypeDefDraft::new(
                spec,
                TypeDefKind::Primitive { bits },
                span,
            ))
        }
        _ => Err(invalid()),
    }
}

/// A type declaration whose parts are nodes of the generator's tree.
pub struct TypeDefDraft {
    spec: Spec,
    kind: TypeDefKind,
    constructors: Vec<keywords::Draft>,
    span: Option<Span>,
}

impl TypeDefDraft {
    fn new(spec: Spec, kind: TypeDefKind, span: Option<Span>) -> Self {
        TypeDefDraft {
            spec,
            kind,
            constructors: Vec::new(),
            span,
        }
    }

    /// The declaration on its final tree.
    pub fn finish(self, tree: &Arc<Tree>) -> Lowered<TypeDef> {
        Ok(TypeDef {
            name: self.spec.name,
            kind: self.kind,
            tree: tree.clone(),
            params: self.spec.params,
            supertype: self.spec.supertype,
            constructors: definition::finish(tree, self.constructors)?,
            span: self.span,
        })
    }
}

fn read_spec(g: &mut Gen<'_>, from: &Tree, spec: Node) -> Lowered<Spec> {
    let span = from.span(spec);
    let spec = extract::copy(from, spec, &mut g.tree);
    let tree = &g.tree;
    let (spec, supertype) = match (tree.head(spec), tree.args(spec)) {
        (Some(Head::Subtype), &[spec, supertype]) => (spec, Some(supertype)),
        _ => (spec, None),
    };
    let (name, params) = match (tree.head(spec), tree.args(spec)) {
        (Some(Head::Curly), [name, params @ ..]) => (*name, signature::where_vars(tree, params)?),
        _ => (spec, Vec::new()),
    };
    let Some(name) = tree.symbol(name) else {
        return Err(LowerError::new(span, "syntax: invalid type signature"));
    };
    Ok(Spec {
        name,
        params,
        supertype,
    })
}

/// A `struct` while it is read.
struct Struct {
    spec: Spec,
    fields: Vec<FieldDef>,
    /// The least number of values that a `new` gives.
    initialized: usize,
    constructors: Vec<keywords::Draft>,
}

impl Struct {
    fn read(g: &mut Gen<'_>, from: &Tree, spec: Spec, body: Node) -> Lowered<Struct> {
        let mut this = Struct {
            spec,
            fields: Vec::new(),
            initialized: usize::MAX,
            constructors: Vec::new(),
        };
        // Fields first: constructors need to know all of them.
        let mut definitions = Vec::new();
        let mut open = vec![body];
        let mut seen = HashSet::new();
        while let Some(node) = open.pop() {
            let (is_const, field) = match (from.head(node), from.args(node)) {
                (Some(Head::Block), items) => {
                    open.extend(items.iter().rev());
                    continue;
                }
                (Some(Head::Doc), [.., documented]) => {
                    open.push(*documented);
                    continue;
                }
                (Some(Head::Const), &[field]) => (true, field),
                _ => (false, node),
            };
            if matches!(from.data(field), NodeData::String(_) | NodeData::Nothing) {
                continue;
            }
            if definition::is_definition(from, field) {
                definitions.push(field);
                continue;
            }
            let (name, ty) = match (from.head(field), from.args(field)) {
                (Some(Head::Typed), &[name, ty]) => (from.symbol(name), Some(ty)),
                (None, _) => (from.symbol(field), None),
                (Some(Head::Assign), _) => {
                    return Err(LowerError::new(
                        from.span(field),
                        "syntax: a default value of a field inside type definition is reserved",
                    ));
                }
                _ => (None, None),
            };
            let Some(name) = name else {
                return Err(LowerError::new(
                    from.span(field),
                    "syntax: this is no field, constructor or docstring of a type definition",
                ));
            };
            if !seen.insert(name) {
                return Err(LowerError::new(
                    from.span(field),
                    format!(
                        "syntax: duplicate field name: \"{}\" is not unique",
                        g.text(name)
                    ),
                ));
            }
            let ty = ty.map(|ty| extract::copy(from, ty, &mut g.tree));
            this.fields.push(FieldDef { name, ty, is_const });
        }
        for node in definitions {
            g.span = from.span(node);
            let node = this.copy_constructor(g, from, node)?;
            let def = definition::read(g, node, false)?;
            let drafts = keywords::expand(g, def)?;
            this.constructors.extend(drafts);
        }
        Ok(this)
    }

    fn finish(
        mut self,
        g: &mut Gen<'_>,
        mutable: bool,
        span: Option<Span>,
    ) -> Lowered<TypeDefDraft> {
        if self.constructors.is_empty() {
            g.span = span;
            self.default_constructors(g)?;
        }
        let kind = TypeDefKind::Struct {
            mutable,
            initialized: self.initialized.min(self.fields.len()) as u32,
            fields: self.fields,
        };
        Ok(TypeDefDraft {
            spec: self.spec,
            kind,
            constructors: self.constructors,
            span,
        })
    }

    /// Copies an inner constructor and turns calls of `new` into `Head::New`.
    fn copy_constructor(&mut self, g: &mut Gen<'_>, from: &Tree, node: Node) -> Lowered<Node> {
        let &[head, body] = from.args(node) else {
            return Ok(extract::copy(from, node, &mut g.tree));
        };
        let mut callee = head;
        while let (Some(Head::Where | Head::Typed | Head::Call), &[inner, ..]) =
            (from.head(callee), from.args(callee))
        {
            callee = inner;
        }
        let own: &[Node] = match (from.head(callee), from.args(callee)) {
            (Some(Head::Curly), [_, params @ ..]) => params,
            _ => &[],
        };
        let new_head = self.copy_body(g, from, head, own)?;
        let new_body = self.copy_body(g, from, body, own)?;
        let span = from.span(node);
        match from.head(node) {
            Some(h) => Ok(g.tree.expr(h, &[new_head, new_body], span)),
            None => Ok(new_body),
        }
    }

    fn copy_body(
        &mut self,
        g: &mut Gen<'_>,
        from: &Tree,
        node: Node,
        own: &[Node],
    ) -> Lowered<Node> {
        let span = from.span(node);
        if let (Some(Head::Call), [callee, args @ ..]) = (from.head(node), from.args(node)) {
            if from.symbol(*callee) == Some(g.k.new) {
                return self.new_call(g, from, (node, own, args), own);
            }
            if let (Some(Head::Curly), [new, params @ ..]) =
                (from.head(*callee), from.args(*callee))
                && from.symbol(*new) == Some(g.k.new)
            {
                return self.new_call(g, from, (node, params, args), own);
            }
        }
        match from.data(node) {
            NodeData::Expr { head, .. } => {
                let args = from.args(node);
                let mut copied = Vec::with_capacity(args.len());
                for &arg in args {
                    copied.push(self.copy_body(g, from, arg, own)?);
                }
                Ok(g.tree.expr(*head, &copied, span))
            }
            _ => Ok(extract::copy(from, node, &mut g.tree)),
        }
    }

    /// `new{params}(args)`; the values are converted to the types of the fields.
    fn new_call(
        &mut self,
        g: &mut Gen<'_>,
        from: &Tree,
        (call, params, args): (Node, &[Node], &[Node]),
        own: &[Node],
    ) -> Lowered<Node> {
        let span = from.span(call);
        g.span = span;
        let fail = |what: &str| Err(LowerError::new(span, what));
        let splat_params = params.iter().any(|&p| from.head(p) == Some(Head::Splat));
        if !splat_params {
            match params.len().cmp(&self.spec.params.len()) {
                std::cmp::Ordering::Less => {
                    return fail("syntax: too few type parameters specified in \"new{...}\"");
                }
                std::cmp::Ordering::Greater => {
                    return fail("syntax: too many type parameters specified in \"new{...}\"");
                }
                std::cmp::Ordering::Equal => {}
            }
        }
        let keyword = |&a: &Node| matches!(from.head(a), Some(Head::Kw | Head::Parameters));
        if args.iter().any(keyword) {
            return fail("syntax: \"new\" does not accept keyword arguments");
        }
        let mut copied = Vec::with_capacity(params.len());
        for &param in params {
            copied.push(self.copy_body(g, from, param, own)?);
        }
        let ty = self.type_node(g, &copied);
        let mut parts = vec![ty];
        let splat = args.iter().any(|&a| from.head(a) == Some(Head::Splat));
        if !splat && args.len() > self.fields.len() {
            return Err(LowerError::new(
                span,
                format!(
                    "syntax: new: too many arguments (expected {})",
                    self.fields.len()
                ),
            ));
        }
        let mut values = Vec::with_capacity(args.len());
        for &arg in args {
            values.push(self.copy_body(g, from, arg, own)?);
        }
        if splat {
            return Ok(self.splat_new(g, ty, &values));
        }
        self.initialized = self.initialized.min(values.len());
        for (i, value) in values.into_iter().enumerate() {
            parts.push(self.converted(g, i, value));
        }
        Ok(g.expr(Head::New, &parts))
    }

    /// `new(xs...)`: as many values as there are fields, each converted.
    fn splat_new(&self, g: &mut Gen<'_>, ty: Node, values: &[Node]) -> Node {
        let tuple = g.expr(Head::Tuple, values);
        let name = g.fresh("fields");
        let count = self.fields.len() as u64;
        let whole = g.sym(name);
        let nfields = {
            let f = g.tables.names.intern("nfields");
            g.call_core(f, &[whole])
        };
        let mut stmts = Vec::new();
        for (few, text) in [(true, "few"), (false, "many")] {
            let expected = g.int(count);
            let less = g.tables.names.intern("ult_int");
            let (a, b) = if few {
                (nfields, expected)
            } else {
                (expected, nfields)
            };
            let wrong = g.call_core(less, &[a, b]);
            let text = format!("new: too {text} arguments (expected {count})");
            let text = g
                .tree
                .add(NodeData::String(text.into_bytes().into()), g.span);
            let error = g.tables.names.intern("ArgumentError");
            let error = g.call_core(error, &[text]);
            let throw = g.call_core(g.k.throw, &[error]);
            let nothing = g.nothing();
            stmts.push(g.expr(Head::If, &[wrong, throw, nothing]));
        }
        let mut parts = vec![ty];
        for i in 0..self.fields.len() {
            let index = g.int(i as u64 + 1);
            let value = g.call_core(g.k.getfield, &[whole, index]);
            parts.push(self.converted(g, i, value));
        }
        stmts.push(g.expr(Head::New, &parts));
        let body = g.expr(Head::Block, &stmts);
        g.let_(&[(name, tuple)], body)
    }

    /// A field value in a `Head::New`: `Head::Kw(index, value)` if it is to be converted.
    fn converted(&self, g: &mut Gen<'_>, i: usize, value: Node) -> Node {
        match self.fields.get(i).and_then(|f| f.ty) {
            Some(ty) if !is_any(g, ty) => {
                let index = g.int(i as u64 + 1);
                g.expr(Head::Kw, &[index, value])
            }
            _ => value,
        }
    }

    fn type_node(&self, g: &mut Gen<'_>, params: &[Node]) -> Node {
        let data = NodeData::GlobalRef(Home::Current, self.spec.name);
        let name = g.tree.add(data, g.span);
        if params.is_empty() {
            return name;
        }
        let mut all = vec![name];
        all.extend_from_slice(params);
        g.expr(Head::Curly, &all)
    }

    /// What Julia defines where no constructor is written.
    fn default_constructors(&mut self, g: &mut Gen<'_>) -> Lowered<()> {
        let typed = self
            .fields
            .iter()
            .any(|f| f.ty.is_some_and(|ty| !is_any(g, ty)));
        let parametric = !self.spec.params.is_empty();
        let params: Vec<Node> = {
            let names: Vec<Name> = self.spec.params.iter().map(|v| v.name).collect();
            names.into_iter().map(|n| g.sym(n)).collect()
        };
        // `P(a::A, b::B)`, for a parametric type if the fields determine all parameters.
        let mut used = HashSet::new();
        for field in &self.fields {
            if let Some(ty) = field.ty {
                keywords::symbols(&g.tree, ty, &mut used);
            }
        }
        // What is determined determines its bound: T in `V<:AbstractVector{T}`. A bound names parameters
        // to the left only.
        for var in self.spec.params.iter().rev() {
            if used.contains(&var.name) {
                for bound in [var.lower, var.upper].into_iter().flatten() {
                    keywords::symbols(&g.tree, bound, &mut used);
                }
            }
        }
        let determined = self.spec.params.iter().all(|v| used.contains(&v.name));
        if determined && (typed || parametric) {
            let callee = g.sym(self.spec.name);
            self.default_constructor(g, callee, &params, true, self.spec.params.clone())?;
        }
        // `P(a, b)` or `P{T}(a, b)`, converting.
        let name = g.sym(self.spec.name);
        let callee = if parametric {
            let mut all = vec![name];
            all.extend_from_slice(&params);
            g.expr(Head::Curly, &all)
        } else {
            name
        };
        self.default_constructor(g, callee, &params, false, self.spec.params.clone())
    }

    fn default_constructor(
        &mut self,
        g: &mut Gen<'_>,
        callee: Node,
        params: &[Node],
        typed: bool,
        type_vars: Vec<TypeVar>,
    ) -> Lowered<()> {
        let ty = self.type_node(g, params);
        let mut parts = vec![ty];
        let mut args = Vec::new();
        // An argument with the name of a parameter, of the type or of something that types of fields
        // mention would be taken for it.
        let mut taken: HashSet<Name> = self.spec.params.iter().map(|v| v.name).collect();
        taken.insert(self.spec.name);
        for ty in self.fields.iter().filter_map(|f| f.ty) {
            keywords::symbols(&g.tree, ty, &mut taken);
        }
        for (i, field) in self.fields.iter().enumerate() {
            let name = if taken.contains(&field.name) {
                g.fresh("argument")
            } else {
                field.name
            };
            let value = g.sym(name);
            parts.push(if typed {
                value
            } else {
                self.converted(g, i, value)
            });
            args.push(Param {
                name,
                ty: if typed { field.ty } else { None },
                vararg: false,
                default: None,
                pattern: None,
                span: g.span,
            });
        }
        let body = g.expr(Head::New, &parts);
        let owner = if g.tree.head(callee) == Some(Head::Curly) {
            let type_ = g.core(g.k.type_);
            MethodOwner::Callable(g.expr(Head::Curly, &[type_, callee]))
        } else {
            MethodOwner::Function(callee)
        };
        let sig = Signature {
            callee: Some(callee),
            params: args,
            keywords: Vec::new(),
            rest: None,
            type_vars,
            ret: None,
            span: g.span,
        };
        let def = Definition {
            sig,
            owner,
            name: self.spec.name,
            self_name: g.k.callee,
            body,
            local: None,
        };
        let mut drafts = keywords::expand(g, def)?;
        for draft in &mut drafts {
            draft.generated = true;
        }
        self.constructors.extend(drafts);
        Ok(())
    }
}

fn is_any(g: &Gen<'_>, ty: Node) -> bool {
    match g.tree.data(ty) {
        NodeData::Symbol(name) | NodeData::GlobalRef(Home::Core, name) => *name == g.k.any,
        _ => false,
    }
}
