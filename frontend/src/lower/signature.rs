//! Reads the heads of function definitions: callee, parameters, keywords, `where` variables and the
//! declared result. Reads the surface only; what methods come of it is in [`super::keywords`].

use super::{LowerError, Lowered};
use crate::lowered::TypeVar;
use crate::surface::{Head, Node, NodeData, Span, Tree};
use hashbrown::HashSet;
use jlift_ir::{Name, NameTable};

/// A function definition, taken apart.
pub struct Signature {
    /// `None` for an anonymous function.
    pub callee: Option<Node>,
    pub params: Vec<Param>,
    pub keywords: Vec<Keyword>,
    /// `kws...` behind the semicolon.
    pub rest: Option<Name>,
    /// Outermost first.
    pub type_vars: Vec<TypeVar>,
    pub ret: Option<Node>,
    pub span: Option<Span>,
}

/// A positional parameter.
#[derive(Clone)]
pub struct Param {
    /// Empty for `::T` and for a pattern.
    pub name: Name,
    pub ty: Option<Node>,
    pub vararg: bool,
    pub default: Option<Node>,
    /// `(a, b)` or `(; a, b)`.
    pub pattern: Option<Node>,
    pub span: Option<Span>,
}

/// A keyword parameter.
#[derive(Clone)]
pub struct Keyword {
    pub name: Name,
    pub ty: Option<Node>,
    /// Required if there is none.
    pub default: Option<Node>,
}

/// Reads the variables of a `where` clause.
///
/// # Errors
/// A variable that is not `T`, `T<:U`, `T>:L` or `L<:T<:U`.
pub fn where_vars(tree: &Tree, vars: &[Node]) -> Lowered<Vec<TypeVar>> {
    let mut out = Vec::with_capacity(vars.len());
    for &var in vars {
        if tree.head(var) == Some(Head::Braces) {
            out.extend(where_vars(tree, tree.args(var))?);
            continue;
        }
        let invalid = || {
            LowerError::new(
                tree.span(var),
                "syntax: invalid variable expression in \"where\"",
            )
        };
        let (name, lower, upper) = match (tree.head(var), tree.args(var)) {
            (None, _) => (var, None, None),
            (Some(Head::Subtype), &[name, upper]) => (name, None, Some(upper)),
            (Some(Head::Supertype), &[name, lower]) => (name, Some(lower), None),
            (Some(Head::Comparison), &[lower, _, name, _, upper]) => {
                (name, Some(lower), Some(upper))
            }
            _ => return Err(invalid()),
        };
        let name = tree.symbol(name).ok_or_else(invalid)?;
        out.push(TypeVar { name, lower, upper });
    }
    Ok(out)
}

/// Whether a node is the left side of a short function definition: `f(x)`, `f(x)::T`,
/// `f(x) where T`.
pub fn is_call_head(tree: &Tree, mut node: Node) -> bool {
    loop {
        match (tree.head(node), tree.args(node)) {
            (Some(Head::Call), _) => return true,
            (Some(Head::Where), [inner, ..]) | (Some(Head::Typed), [inner, _]) => node = *inner,
            _ => return false,
        }
    }
}

/// Whether a name consists of underscores: it can be assigned but not read.
pub fn is_underscore(names: &NameTable, name: Name) -> bool {
    let text = names.str(name);
    !text.is_empty() && text.bytes().all(|b| b == b'_')
}

/// Reads the head of a definition: what stands before `=`, after `function` or before `->`.
pub fn read(tree: &Tree, head: Node, arrow: bool, names: &NameTable) -> Lowered<Signature> {
    let mut sig = Signature {
        callee: None,
        params: Vec::new(),
        keywords: Vec::new(),
        rest: None,
        type_vars: Vec::new(),
        ret: None,
        span: tree.span(head),
    };
    let mut node = head;
    loop {
        match (tree.head(node), tree.args(node)) {
            (Some(Head::Where), [inner, vars @ ..]) => {
                sig.type_vars.extend(where_vars(tree, vars)?);
                node = *inner;
            }
            (Some(Head::Typed), &[inner, ty])
                if sig.ret.is_none() && is_signature(tree, inner, arrow) =>
            {
                sig.ret = Some(ty);
                node = inner;
            }
            _ => break,
        }
    }
    match (tree.head(node), tree.args(node)) {
        (Some(Head::Call), [callee, args @ ..]) if !arrow => {
            sig.callee = Some(*callee);
            sig.read_args(tree, args, names)?;
        }
        (Some(Head::Tuple), args) => sig.read_args(tree, args, names)?,
        // `(x; k = 1) -> …`
        (Some(Head::Block), [positional, keywords @ ..]) => {
            sig.read_args(tree, &[*positional], names)?;
            sig.read_keywords(tree, keywords)?;
        }
        (Some(Head::Block), []) => {}
        _ => sig.read_args(tree, &[node], names)?,
    }
    sig.check(tree, names)?;
    Ok(sig)
}

/// Whether `node::T` declares a result, and not the type of an argument.
fn is_signature(tree: &Tree, node: Node, arrow: bool) -> bool {
    match tree.head(node) {
        Some(Head::Call) => !arrow,
        Some(Head::Tuple) => true,
        Some(Head::Where) => tree
            .args(node)
            .first()
            .is_some_and(|&n| is_signature(tree, n, arrow)),
        _ => false,
    }
}

impl Signature {
    fn read_args(&mut self, tree: &Tree, args: &[Node], names: &NameTable) -> Lowered<()> {
        for &arg in args {
            if tree.head(arg) == Some(Head::Parameters) {
                self.read_keywords(tree, tree.args(arg))?;
            } else {
                self.params.push(read_param(tree, arg, names)?);
            }
        }
        Ok(())
    }

    fn read_keywords(&mut self, tree: &Tree, args: &[Node]) -> Lowered<()> {
        for &arg in args {
            let invalid =
                || LowerError::new(tree.span(arg), "syntax: invalid keyword argument syntax");
            match (tree.head(arg), tree.args(arg)) {
                (Some(Head::Splat), &[name]) => {
                    if self.rest.is_some() {
                        return Err(invalid());
                    }
                    self.rest = Some(tree.symbol(strip_type(tree, name)).ok_or_else(invalid)?);
                }
                (Some(Head::Kw | Head::Assign), &[name, default]) => {
                    let (name, ty) = named(tree, name).ok_or_else(invalid)?;
                    self.keywords.push(Keyword {
                        name,
                        ty,
                        default: Some(default),
                    });
                }
                _ => {
                    let (name, ty) = named(tree, arg).ok_or_else(invalid)?;
                    self.keywords.push(Keyword {
                        name,
                        ty,
                        default: None,
                    });
                }
            }
        }
        Ok(())
    }

    fn check(&self, tree: &Tree, names: &NameTable) -> Lowered<()> {
        let mut seen = HashSet::new();
        let mut unique = |name: Name, span: Option<Span>| {
            if name == Name::EMPTY || is_underscore(names, name) || seen.insert(name) {
                return Ok(());
            }
            Err(LowerError::new(
                span.or(self.span),
                format!(
                    "syntax: function argument name not unique: \"{}\"",
                    names.str(name)
                ),
            ))
        };
        for param in &self.params {
            unique(param.name, param.span)?;
        }
        for keyword in &self.keywords {
            unique(keyword.name, None)?;
        }
        if let Some(rest) = self.rest {
            unique(rest, None)?;
        }
        let count = self.params.len();
        let mut optional = false;
        for (i, param) in self.params.iter().enumerate() {
            if param.vararg && i + 1 < count {
                return Err(LowerError::new(
                    param.span,
                    "syntax: invalid \"...\" on non-final argument",
                ));
            }
            if optional && param.default.is_none() && !param.vararg {
                return Err(LowerError::new(
                    param.span,
                    "syntax: optional positional arguments must occur at end",
                ));
            }
            optional |= param.default.is_some();
        }
        let mut seen = HashSet::new();
        for var in &self.type_vars {
            if !seen.insert(var.name) {
                return Err(LowerError::new(
                    self.span,
                    "syntax: function static parameter names not unique",
                ));
            }
        }
        let _ = tree;
        Ok(())
    }
}

fn strip_type(tree: &Tree, node: Node) -> Node {
    match (tree.head(node), tree.args(node)) {
        (Some(Head::Typed), &[name, _]) => name,
        _ => node,
    }
}

/// `x` or `x::T`.
fn named(tree: &Tree, node: Node) -> Option<(Name, Option<Node>)> {
    match (tree.head(node), tree.args(node)) {
        (Some(Head::Typed), &[name, ty]) => Some((tree.symbol(name)?, Some(ty))),
        _ => Some((tree.symbol(node)?, None)),
    }
}

/// Whether a type is written `Vararg`, `Vararg{T}` or `Vararg{T, N}`.
fn is_vararg(tree: &Tree, ty: Node, names: &NameTable) -> bool {
    let head = match (tree.head(ty), tree.args(ty)) {
        (Some(Head::Curly), &[head, ..]) => head,
        _ => ty,
    };
    tree.symbol(head).is_some_and(|n| names.str(n) == "Vararg")
}

fn read_param(tree: &Tree, arg: Node, names: &NameTable) -> Lowered<Param> {
    let span = tree.span(arg);
    let mut node = arg;
    let mut param = Param {
        name: Name::EMPTY,
        ty: None,
        vararg: false,
        default: None,
        pattern: None,
        span,
    };
    // `@nospecialize(x)` is `x` for everybody but the specializer.
    if let (Some(Head::Meta), [_, inner, default @ ..]) = (tree.head(node), tree.args(node)) {
        param.default = default.first().copied();
        node = *inner;
    }
    if let (Some(Head::Kw | Head::Assign), &[inner, default]) = (tree.head(node), tree.args(node)) {
        param.default = Some(default);
        node = inner;
    }
    if let (Some(Head::Splat), &[inner]) = (tree.head(node), tree.args(node)) {
        if param.default.is_some() {
            return Err(LowerError::new(
                span,
                "syntax: a default value of a \"...\" argument is not supported",
            ));
        }
        param.vararg = true;
        node = inner;
    }
    match (tree.head(node), tree.args(node)) {
        (Some(Head::Typed), &[inner, ty]) => {
            param.vararg |= is_vararg(tree, ty, names);
            param.ty = Some(ty);
            node = inner;
        }
        (Some(Head::Typed), &[ty]) => {
            param.vararg |= is_vararg(tree, ty, names);
            param.ty = Some(ty);
            return Ok(param);
        }
        _ => {}
    }
    match (tree.data(node), tree.head(node)) {
        (NodeData::Symbol(name), _) => param.name = *name,
        (_, Some(Head::Tuple)) => param.pattern = Some(node),
        _ => {
            return Err(LowerError::new(span, "syntax: invalid function argument"));
        }
    }
    Ok(param)
}
