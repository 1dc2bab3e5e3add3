//! What methods a function definition makes: itself, one per optional argument, and for keywords
//! the three of Julia. All as surface trees.
//!
//! ```text
//! f(a, b = 1) = …        f(a, b) = …          f(a) = #self#(a, 1)
//! f(a; k = 1) = …        #f#7(k, #self#, a) = …
//!                        f(a)                          = let k = 1; #f#7(k, #self#, a) end
//!                        Core.kwcall(kw, #self#, a)    = let k = isdefined(kw, :k) ? kw.k : 1 …
//! ```

use super::Lowered;
use super::generate::Gen;
use super::pattern;
use super::signature::{Keyword, Param, Signature, is_underscore};
use crate::lowered::{MethodOwner, ParamDef, TypeVar};
use crate::surface::{Head, Node, NodeData, Span, Tree};
use hashbrown::HashSet;
use jlift_ir::Name;

/// What a method is for.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Role {
    /// A method of the function itself.
    Own,
    /// The body of a function with keywords: a method of the generated function `name`.
    Body,
    /// A method of `Core.kwcall`.
    Keywords,
}

/// A method whose parts are nodes of the generator's tree.
pub struct Draft {
    pub role: Role,
    pub owner: MethodOwner,
    pub name: Name,
    pub self_name: Name,
    pub type_vars: Vec<TypeVar>,
    pub params: Vec<ParamDef>,
    pub body: Node,
    pub keywords: Vec<Name>,
    pub span: Option<Span>,
    pub generated: bool,
}

/// What a definition defines, and what it is called there.
pub struct Definition {
    pub sig: Signature,
    pub owner: MethodOwner,
    pub name: Name,
    pub self_name: Name,
    pub body: Node,
    /// A function inside of another one: what it calls itself.
    pub local: Option<Name>,
}

/// The methods of a definition. The one with the written body comes first.
pub fn expand(g: &mut Gen<'_>, def: Definition) -> Lowered<Vec<Draft>> {
    let mut out = Vec::new();
    if def.sig.keywords.is_empty() && def.sig.rest.is_none() {
        let (params, body) = patterns(g, &def.sig.params, def.body)?;
        let body = declare_result(g, def.sig.ret, body);
        out.push(Draft {
            role: Role::Own,
            owner: def.owner.clone(),
            name: def.name,
            self_name: def.self_name,
            type_vars: def.sig.type_vars.clone(),
            params,
            body,
            keywords: Vec::new(),
            span: def.sig.span,
            generated: false,
        });
        optional_methods(g, &def, None, &mut out);
    } else {
        with_keywords(g, &def, &mut out)?;
    }
    Ok(out)
}

/// Takes patterns apart at the start of the body.
fn patterns(g: &mut Gen<'_>, params: &[Param], body: Node) -> Lowered<(Vec<ParamDef>, Node)> {
    let mut defs = Vec::with_capacity(params.len());
    let mut stmts = Vec::new();
    for param in params {
        let mut name = param.name;
        if let Some(pattern) = param.pattern {
            name = g.fresh("argument");
            let mut names = Vec::new();
            pattern::names(&g.tree, pattern, &mut names)?;
            let mut locals = Vec::with_capacity(names.len());
            for n in names {
                locals.push(g.sym(n));
            }
            if !locals.is_empty() {
                stmts.push(g.expr(Head::Local, &locals));
            }
            let value = g.sym(name);
            stmts.push(g.expr(Head::Assign, &[pattern, value]));
        }
        defs.push(ParamDef {
            name,
            ty: param.ty,
            vararg: param.vararg,
        });
    }
    if stmts.is_empty() {
        return Ok((defs, body));
    }
    stmts.push(body);
    let body = g.expr(Head::Block, &stmts);
    Ok((defs, body))
}

/// Marks a body with the type that its results are converted to.
fn declare_result(g: &mut Gen<'_>, ret: Option<Node>, body: Node) -> Node {
    match ret {
        Some(ty) => {
            let head = Head::Other(g.k.declared_result);
            g.expr(head, &[ty, body])
        }
        None => body,
    }
}

/// Positional parameters that can be passed on: every one has a name.
fn readable(g: &mut Gen<'_>, params: &[Param]) -> Vec<ParamDef> {
    let mut defs = Vec::with_capacity(params.len());
    for (i, param) in params.iter().enumerate() {
        let mut name = param.name;
        if name == Name::EMPTY || is_underscore(&g.tables.names, name) {
            name = g.tables.names.intern(&format!("#{}#", i + 1));
        }
        defs.push(ParamDef {
            name,
            ty: param.ty,
            vararg: param.vararg,
        });
    }
    defs
}

/// The arguments that pass parameters on.
fn pass_on(g: &mut Gen<'_>, params: &[ParamDef], args: &mut Vec<Node>) {
    for param in params {
        let name = g.sym(param.name);
        args.push(if param.vararg {
            g.expr(Head::Splat, &[name])
        } else {
            name
        });
    }
}

/// The methods for missing optional arguments. For a keyword method `lead` holds its first two
/// parameters and the names to pass them on.
fn optional_methods(
    g: &mut Gen<'_>,
    def: &Definition,
    lead: Option<&[ParamDef]>,
    out: &mut Vec<Draft>,
) {
    let params = &def.sig.params;
    let Some(first) = params.iter().position(|p| p.default.is_some()) else {
        return;
    };
    let all = readable(g, params);
    let count = params.iter().filter(|p| p.default.is_some()).count();
    let mut missing_names = HashSet::new();
    let mut used = HashSet::new();
    // With the fewest missing last, sets grow instead of being made anew.
    let mut methods = Vec::with_capacity(count);
    for given in (first..first + count).rev() {
        let Some(default) = params[given].default else {
            continue;
        };
        // Does a default of a later missing argument use the one that joins them now?
        let depends = used.contains(&params[given].name) || !missing_names.is_disjoint(&used);
        missing_names.insert(params[given].name);
        symbols(&g.tree, default, &mut used);
        let mut args = Vec::new();
        let mut own: Vec<ParamDef> = Vec::new();
        if let Some(lead) = lead {
            own.extend_from_slice(lead);
        }
        own.extend_from_slice(&all[..given]);
        pass_on(g, &own, &mut args);
        if depends {
            args.push(default);
        } else {
            args.extend(
                params[given..first + count]
                    .iter()
                    .filter_map(|p| p.default),
            );
        }
        let self_name = match lead {
            Some(_) => g.k.keyword_callee,
            None => def.self_name,
        };
        let callee = g.sym(self_name);
        let body = g.call(callee, &args);
        let owner = match lead {
            Some(_) => MethodOwner::Function(g.core(g.k.kwcall)),
            None => def.owner.clone(),
        };
        let type_vars = used_vars(g, &def.sig.type_vars, &owner, &own);
        methods.push(Draft {
            role: if lead.is_some() {
                Role::Keywords
            } else {
                Role::Own
            },
            owner,
            name: def.name,
            self_name,
            type_vars,
            params: own,
            body,
            keywords: keyword_names(g, def, lead.is_some()),
            span: def.sig.span,
            generated: true,
        });
    }
    methods.reverse();
    out.append(&mut methods);
}

/// The names of the keywords; what takes all others has three dots behind its name.
fn keyword_names(g: &mut Gen<'_>, def: &Definition, wanted: bool) -> Vec<Name> {
    if !wanted {
        return Vec::new();
    }
    let names = def.sig.keywords.iter().map(|k| k.name);
    let rest = def.sig.rest.map(|rest| {
        let text = format!("{}...", g.tables.names.str(rest));
        g.tables.names.intern(&text)
    });
    names.chain(rest).collect()
}

/// The `where` variables that the owner and parameters use, directly or by bounds.
fn used_vars(
    g: &Gen<'_>,
    vars: &[TypeVar],
    owner: &MethodOwner,
    params: &[ParamDef],
) -> Vec<TypeVar> {
    if vars.is_empty() {
        return Vec::new();
    }
    let mut used = HashSet::new();
    if let MethodOwner::Callable(node) = owner {
        symbols(&g.tree, *node, &mut used);
    }
    for param in params {
        if let Some(ty) = param.ty {
            symbols(&g.tree, ty, &mut used);
        }
    }
    let mut kept: Vec<TypeVar> = Vec::new();
    for var in vars.iter().rev() {
        if used.contains(&var.name) {
            for bound in [var.lower, var.upper].into_iter().flatten() {
                symbols(&g.tree, bound, &mut used);
            }
            kept.push(var.clone());
        }
    }
    kept.reverse();
    kept
}

/// All names in a tree.
pub fn symbols(tree: &Tree, node: Node, out: &mut HashSet<Name>) {
    match tree.data(node) {
        NodeData::Symbol(name) => {
            out.insert(*name);
        }
        NodeData::Expr { .. } => {
            for &arg in tree.args(node) {
                symbols(tree, arg, out);
            }
        }
        _ => {}
    }
}

fn with_keywords(g: &mut Gen<'_>, def: &Definition, out: &mut Vec<Draft>) -> Lowered<()> {
    let body_name = {
        let text = g.text(def.name).to_string();
        let text = text.trim_start_matches('#').to_string();
        g.fresh(&text)
    };
    // The body function.
    let (positional, body) = patterns(g, &def.sig.params, def.body)?;
    let body = declare_result(g, def.sig.ret, body);
    let mut params: Vec<ParamDef> = def
        .sig
        .keywords
        .iter()
        .map(|k| ParamDef {
            name: k.name,
            ty: k.ty,
            vararg: false,
        })
        .collect();
    if let Some(rest) = def.sig.rest {
        params.push(ParamDef {
            name: rest,
            ty: None,
            vararg: false,
        });
    }
    let mut self_param = ParamDef {
        name: def.self_name,
        ty: match def.owner {
            MethodOwner::Callable(ty) => Some(ty),
            _ => None,
        },
        vararg: false,
    };
    let self_index = params.len();
    params.push(self_param.clone());
    params.extend(positional);
    // The body of a local function finds the function itself among its arguments.
    if let Some(own) = def.local
        && def.self_name == g.k.callee
        && params.iter().all(|p| p.name != own)
    {
        params[self_index].name = own;
    }
    self_param.name = def.self_name;
    let owner = MethodOwner::Function(g.sym(body_name));
    let body_callee = if def.self_name == g.k.callee {
        g.tables.names.intern("#body#")
    } else {
        g.k.callee
    };
    out.push(Draft {
        role: Role::Body,
        owner,
        name: body_name,
        self_name: body_callee,
        type_vars: used_vars(g, &def.sig.type_vars, &MethodOwner::Closure, &params),
        params,
        body,
        keywords: Vec::new(),
        span: def.sig.span,
        generated: false,
    });
    // Without keywords.
    let positional = readable(g, &def.sig.params);
    let mut bindings = Vec::new();
    for keyword in &def.sig.keywords {
        let value = default_value(g, keyword);
        bindings.push((keyword.name, value));
    }
    if let Some(rest) = def.sig.rest {
        let empty = g.call_core(g.k.named_tuple, &[]);
        let value = g.call_base(g.k.pairs, &[empty]);
        bindings.push((rest, value));
    }
    let call = call_body(g, def, body_name, &positional);
    let body = g.let_(&bindings, call);
    out.push(Draft {
        role: Role::Own,
        owner: def.owner.clone(),
        name: def.name,
        self_name: def.self_name,
        type_vars: used_vars(g, &def.sig.type_vars, &def.owner, &positional),
        params: positional.clone(),
        body,
        keywords: Vec::new(),
        span: def.sig.span,
        generated: true,
    });
    optional_methods(g, def, None, out);
    // With keywords.
    let mut lead = keyword_lead(g, def, &self_param);
    let body = keyword_body(g, def, body_name, &positional);
    let first = lead.clone();
    lead.extend(positional);
    let owner = MethodOwner::Function(g.core(g.k.kwcall));
    out.push(Draft {
        role: Role::Keywords,
        type_vars: used_vars(g, &def.sig.type_vars, &owner, &lead),
        owner,
        name: def.name,
        self_name: g.k.keyword_callee,
        params: lead,
        body,
        keywords: keyword_names(g, def, true),
        span: def.sig.span,
        generated: true,
    });
    optional_methods(g, def, Some(&first), out);
    Ok(())
}

/// `kw::NamedTuple, #self#::typeof(f)`.
fn keyword_lead(g: &mut Gen<'_>, def: &Definition, self_param: &ParamDef) -> Vec<ParamDef> {
    let kw = ParamDef {
        name: g.k.keywords,
        ty: Some(g.core(g.k.named_tuple)),
        vararg: false,
    };
    let mut callee = self_param.clone();
    if let (MethodOwner::Function(f), None) = (&def.owner, def.local) {
        let f = *f;
        callee.ty = Some(g.call_core(g.k.type_of, &[f]));
    }
    vec![kw, callee]
}

fn default_value(g: &mut Gen<'_>, keyword: &Keyword) -> Node {
    match keyword.default {
        Some(node) => node,
        None => {
            let name = g.quoted(keyword.name);
            let error = g.call_core(g.k.undef_keyword_error, &[name]);
            g.call_core(g.k.throw, &[error])
        }
    }
}

/// The call of the body function: keywords, callee, arguments.
fn call_body(g: &mut Gen<'_>, def: &Definition, body_name: Name, positional: &[ParamDef]) -> Node {
    let mut args = Vec::new();
    for keyword in &def.sig.keywords {
        args.push(g.sym(keyword.name));
    }
    if let Some(rest) = def.sig.rest {
        args.push(g.sym(rest));
    }
    args.push(g.sym(def.self_name));
    pass_on(g, positional, &mut args);
    let callee = g.sym(body_name);
    g.call(callee, &args)
}

fn keyword_body(
    g: &mut Gen<'_>,
    def: &Definition,
    body_name: Name,
    positional: &[ParamDef],
) -> Node {
    let k = g.k.clone();
    let mut bindings = Vec::new();
    let known = used_vars(g, &def.sig.type_vars, &def.owner, positional);
    let known: HashSet<Name> = known.into_iter().map(|v| v.name).collect();
    for keyword in &def.sig.keywords {
        let value = keyword_value(g, def, &known, keyword);
        bindings.push((keyword.name, value));
    }
    // What is left behind the declared keywords.
    let kw = g.sym(k.keywords);
    let left = if def.sig.keywords.is_empty() {
        kw
    } else {
        let mut names = Vec::new();
        for keyword in &def.sig.keywords {
            names.push(g.quoted(keyword.name));
        }
        let names = g.expr(Head::Tuple, &names);
        let named_tuple = g.core(k.named_tuple);
        let ty = g.expr(Head::Curly, &[named_tuple, names]);
        g.call_base(k.structdiff, &[kw, ty])
    };
    let left = g.call_base(k.pairs, &[left]);
    let call = call_body(g, def, body_name, positional);
    if let Some(rest) = def.sig.rest {
        bindings.push((rest, left));
        return g.let_(&bindings, call);
    }
    let empty = g.call_base(k.isempty, &[left]);
    let nothing = g.nothing();
    let kw = g.sym(k.keywords);
    let callee = g.sym(def.self_name);
    let mut args = vec![kw, callee];
    pass_on(g, positional, &mut args);
    let unknown = g.call_base(k.kwerr, &args);
    let check = g.expr(Head::If, &[empty, nothing, unknown]);
    let body = g.expr(Head::Block, &[check, call]);
    g.let_(&bindings, body)
}

/// `isdefined(kw, :k) ? getfield(kw, :k) : default`, with a check of the declared type.
fn keyword_value(
    g: &mut Gen<'_>,
    def: &Definition,
    known: &HashSet<Name>,
    keyword: &Keyword,
) -> Node {
    let k = g.k.clone();
    let kw = g.sym(k.keywords);
    let name = g.quoted(keyword.name);
    let given = g.call_core(k.isdefined, &[kw, name]);
    let mut value = g.call_core(k.getfield, &[kw, name]);
    // A type that the keyword itself determines holds anyway.
    let own = |g: &Gen<'_>, ty| {
        let mut names = HashSet::new();
        symbols(&g.tree, ty, &mut names);
        def.sig
            .type_vars
            .iter()
            .any(|v| names.contains(&v.name) && !known.contains(&v.name))
    };
    if let Some(ty) = keyword.ty
        && !own(g, ty)
    {
        let v = g.sym(k.keyword_value);
        let fits = g.call_core(k.isa, &[v, ty]);
        let context = g.quoted(k.keyword_text);
        let error = g.call_core(k.type_error, &[context, name, ty, v]);
        let throw = g.call_core(k.throw, &[error]);
        let checked = g.expr(Head::If, &[fits, v, throw]);
        value = g.let_(&[(k.keyword_value, value)], checked);
    }
    let default = default_value(g, keyword);
    g.expr(Head::If, &[given, value, default])
}
