//! Surface expressions to [`Hir`]: every construct in terms of calls, assignments, branches, loops
//! and scopes. Knows the syntax; does not know which names are local.

mod array;
mod assign;
mod broadcast;
mod call;
mod ccall;
mod control;
mod function;
mod global_method;
mod index;
mod quote;
mod special;
mod tuple;

use super::generate::Gen;
use super::hir::{H, HParam, Hir, Hx, Lambda, LambdaId, LambdaKind, ScopedLambda};
use super::known::Known;
use super::{LowerContext, LowerError, Lowered, emit, scope, signature};
use crate::lowered::{Code, CodeHints, MethodDef};
use crate::surface::{Head, Home, Node, NodeData, Span, Tree};
use index::IndexContext;
use jlift_ir::{ConstData, Name, Tables, Value};
use std::sync::Arc;

/// The state of desugaring one item.
pub struct Desugar<'a> {
    tree: Arc<Tree>,
    k: Arc<Known>,
    ctx: &'a mut LowerContext,
    tables: &'a mut Tables,
    hir: Hir,
    /// The lambda whose body is being read.
    lambda: LambdaId,
    /// Place of the node that is being read.
    span: Option<Span>,
    hints: CodeHints,
    /// Number of loops around the node, within the lambda.
    loops: u32,
    /// Indexing expressions around the node, for `begin` and `end`.
    indices: Vec<IndexContext>,
    /// Names that the scopes around the node declare global, where code is the program's top level.
    global_names: Vec<Name>,
}

/// The signature of a lambda to read.
struct LambdaHead {
    kind: LambdaKind,
    name: Name,
    self_name: Option<Name>,
    params: Vec<HParam>,
    type_vars: Vec<crate::lowered::TypeVar>,
    keywords: Vec<Name>,
    span: Option<Span>,
    generated: bool,
}

/// Lowers the body of a method.
pub fn method_body(
    method: &MethodDef,
    body: Node,
    ctx: &mut LowerContext,
    tables: &mut Tables,
) -> Lowered<Code> {
    let head = LambdaHead {
        kind: LambdaKind::Outermost,
        name: method.name,
        self_name: Some(method.self_name),
        params: method
            .params
            .iter()
            .map(|p| HParam {
                name: p.name,
                ty: p.ty,
                vararg: p.vararg,
            })
            .collect(),
        type_vars: method.type_vars.clone(),
        keywords: Vec::new(),
        span: method.span,
        generated: method.generated,
    };
    lower(method.tree.clone(), head, body, ctx, tables)
}

/// Lowers top-level code.
pub fn top_level(
    tree: Arc<Tree>,
    body: Node,
    ctx: &mut LowerContext,
    tables: &mut Tables,
) -> Lowered<Code> {
    let head = LambdaHead {
        kind: LambdaKind::Outermost,
        name: ctx.known(&mut tables.names).top_level,
        self_name: None,
        params: Vec::new(),
        type_vars: Vec::new(),
        keywords: Vec::new(),
        span: tree.span(body),
        generated: false,
    };
    lower(tree, head, body, ctx, tables)
}

fn lower(
    tree: Arc<Tree>,
    head: LambdaHead,
    body: Node,
    ctx: &mut LowerContext,
    tables: &mut Tables,
) -> Lowered<Code> {
    let k = ctx.known(&mut tables.names);
    let mut d = Desugar {
        tree,
        k: k.clone(),
        ctx,
        tables,
        hir: Hir::default(),
        lambda: LambdaId::from_u32(0),
        span: head.span,
        hints: CodeHints::default(),
        loops: 0,
        indices: Vec::new(),
        global_names: Vec::new(),
    };
    let lambda = d.lambda(head, body)?;
    let Desugar {
        tree,
        mut hir,
        ctx,
        tables,
        ..
    } = d;
    scope::resolve(&mut hir, lambda, &tree, &k, ctx, tables)?;
    emit::emit(&hir, lambda, &tree, &k, tables)
}

impl Desugar<'_> {
    /// Reads the body of a lambda.
    fn lambda(&mut self, head: LambdaHead, body: Node) -> Lowered<LambdaId> {
        let nothing = self.nothing();
        let id = self.hir.lambdas.push(Lambda {
            kind: head.kind,
            name: head.name,
            self_name: head.self_name,
            params: head.params,
            type_vars: head.type_vars,
            ret: None,
            body: nothing,
            hints: CodeHints::default(),
            keywords: head.keywords,
            span: head.span,
            generated: head.generated,
            scoped: ScopedLambda::default(),
        });
        let lambda = std::mem::replace(&mut self.lambda, id);
        let outer_hints = std::mem::take(&mut self.hints);
        let loops = std::mem::take(&mut self.loops);
        let span = self.span;
        let result = self.lambda_body(body);
        self.lambda = lambda;
        self.loops = loops;
        self.span = span;
        let hints = std::mem::replace(&mut self.hints, outer_hints);
        let (ret, body) = result?;
        let lambda = &mut self.hir.lambdas[id];
        lambda.ret = ret;
        lambda.body = body;
        lambda.hints = hints;
        Ok(id)
    }

    /// The declared type of the result, and the body.
    fn lambda_body(&mut self, body: Node) -> Lowered<(Option<Hx>, Hx)> {
        if self.tree.head(body) == Some(Head::Other(self.k.declared_result))
            && let &[ty, inner] = self.tree.args(body)
        {
            let ret = self.expr(ty)?;
            return Ok((Some(ret), self.expr(inner)?));
        }
        Ok((None, self.expr(body)?))
    }

    /// Runs `f` with a generator that adds to the tree.
    fn generate<T>(&mut self, f: impl FnOnce(&mut Gen<'_>) -> T) -> T {
        let tree = std::mem::take(Arc::make_mut(&mut self.tree));
        let mut g = Gen::with_tree(tree, self.ctx, self.tables, self.span);
        let result = f(&mut g);
        let tree = g.tree;
        self.tree = Arc::new(tree);
        result
    }

    /// An error at the current node, as Julia words it.
    fn error<T>(&self, node: Node, message: impl Into<String>) -> Lowered<T> {
        Err(LowerError::new(
            self.tree.span(node).or(self.span),
            message.into(),
        ))
    }

    fn args(&self, node: Node) -> Vec<Node> {
        self.tree.args(node).to_vec()
    }

    fn text(&self, name: Name) -> &str {
        self.tables.names.str(name)
    }

    fn add(&mut self, h: H) -> Hx {
        self.hir.add(h, self.span)
    }

    fn nothing(&mut self) -> Hx {
        self.add(H::Const(Value::NOTHING))
    }

    fn name(&mut self, name: Name) -> Hx {
        self.add(H::Name(name))
    }

    fn base(&mut self, name: Name) -> Hx {
        self.add(H::Global(Home::Base, name))
    }

    fn core(&mut self, name: Name) -> Hx {
        self.add(H::Global(Home::Core, name))
    }

    fn int(&mut self, value: i64) -> Hx {
        self.add(H::Const(Value::int64(value)))
    }

    fn symbol(&mut self, name: Name) -> Hx {
        let c = self.tables.constant(ConstData::Symbol(name));
        self.add(H::Const(Value::Const(c)))
    }

    fn seq(&mut self, items: &[Hx]) -> Hx {
        if let [only] = items {
            return *only;
        }
        let list = self.hir.list(items);
        self.add(H::Seq(list))
    }

    /// A call of what the first node evaluates to.
    fn call_list(&mut self, callee_and_args: &[Hx]) -> Hx {
        let list = self.hir.list(callee_and_args);
        self.add(H::Call(list))
    }

    fn call_base(&mut self, name: Name, args: &[Hx]) -> Hx {
        let mut all = vec![self.base(name)];
        all.extend_from_slice(args);
        self.call_list(&all)
    }

    fn call_core(&mut self, name: Name, args: &[Hx]) -> Hx {
        let mut all = vec![self.core(name)];
        all.extend_from_slice(args);
        self.call_list(&all)
    }

    /// Makes a value usable several times: names and constants stay, anything else is computed
    /// into a temporary by `stmts`.
    fn atom(&mut self, h: Hx, stmts: &mut Vec<Hx>) -> H {
        match self.hir.node(h) {
            atom @ (H::Name(_) | H::Var(_) | H::Global(..) | H::Const(_) | H::Temp(_)) => {
                atom.clone()
            }
            _ => {
                let temp = self.hir.fresh_temp();
                stmts.push(self.add(H::SetTemp(temp, h)));
                H::Temp(temp)
            }
        }
    }

    /// Like [`Self::atom`], but a name is read now.
    fn value_atom(&mut self, h: Hx, stmts: &mut Vec<Hx>) -> H {
        match self.hir.node(h) {
            atom @ (H::Const(_) | H::Temp(_)) => atom.clone(),
            _ => {
                let temp = self.hir.fresh_temp();
                stmts.push(self.add(H::SetTemp(temp, h)));
                H::Temp(temp)
            }
        }
    }

    fn exprs(&mut self, nodes: &[Node]) -> Lowered<Vec<Hx>> {
        nodes.iter().map(|&n| self.expr(n)).collect()
    }

    /// Desugars an expression.
    fn expr(&mut self, node: Node) -> Lowered<Hx> {
        let outer = self.span;
        if let Some(span) = self.tree.span(node) {
            self.span = Some(span);
        }
        let result = self.expr_at(node);
        self.span = outer;
        result
    }

    fn expr_at(&mut self, node: Node) -> Lowered<Hx> {
        let h = match self.tree.data(node) {
            NodeData::Symbol(name) => return self.symbol_expr(node, *name),
            NodeData::GlobalRef(home, name) => H::Global(*home, *name),
            NodeData::Bits { ty, bits } => H::Const(Value::Imm {
                ty: *ty,
                bits: *bits,
            }),
            NodeData::Wide { ty, bits } => {
                let data = ConstData::Wide {
                    ty: *ty,
                    bits: *bits,
                };
                H::Const(Value::Const(self.tables.constant(data)))
            }
            NodeData::BigInt(digits) => {
                let digits = digits.as_bytes().into();
                let parse = self.tables.names.intern("parse");
                let big = self.tables.names.intern("BigInt");
                let c = self.tables.constant(ConstData::String(digits));
                let digits = self.add(H::Const(Value::Const(c)));
                let ty = self.base(big);
                return Ok(self.call_base(parse, &[ty, digits]));
            }
            NodeData::String(bytes) => {
                let data = ConstData::String(bytes.clone());
                H::Const(Value::Const(self.tables.constant(data)))
            }
            NodeData::Nothing => H::Const(Value::NOTHING),
            NodeData::Quote(inner) => return self.inert(*inner),
            NodeData::Value(value) => H::Const(*value),
            NodeData::Line { .. } | NodeData::Shown(_) => H::Const(Value::NOTHING),
            NodeData::Expr { head, .. } => {
                let head = *head;
                return self.expression(node, head);
            }
        };
        Ok(self.add(h))
    }

    fn symbol_expr(&mut self, node: Node, name: Name) -> Lowered<Hx> {
        if (name == self.k.end || name == self.k.begin)
            && let Some(h) = self.index_bound(node, name)?
        {
            return Ok(h);
        }
        if signature::is_underscore(&self.tables.names, name) {
            return self.error(
                node,
                "syntax: all-underscore identifiers are write-only and their values cannot be used in expressions",
            );
        }
        if let Some(op) = self.dotted_operator(name) {
            let op = self.name(op);
            return Ok(self.call_base(self.k.broadcast_function, &[op]));
        }
        Ok(self.name(name))
    }

    fn expression(&mut self, node: Node, head: Head) -> Lowered<Hx> {
        let args = self.args(node);
        match (head, &args[..]) {
            (Head::Call, [callee, rest @ ..]) => self.call(node, *callee, rest),
            (Head::Dotted, _) => self.dotted(node, &args),
            (Head::Assign, &[lhs, rhs]) => self.assignment(node, lhs, rhs),
            (Head::DotAssign, &[lhs, rhs]) => self.dot_assign(lhs, rhs),
            (Head::Tuple, _) => self.tuple(node, &args),
            (Head::Block | Head::Begin | Head::Toplevel, _) => {
                if args.is_empty() {
                    return Ok(self.nothing());
                }
                let items = self.exprs(&args)?;
                Ok(self.seq(&items))
            }
            (Head::If | Head::ElseIf, _) => self.if_(node, &args),
            (Head::AndAnd, &[a, b]) => {
                let (a, b) = (self.expr(a)?, self.expr(b)?);
                Ok(self.add(H::AndAnd(a, b)))
            }
            (Head::OrOr, &[a, b]) => {
                let (a, b) = (self.expr(a)?, self.expr(b)?);
                Ok(self.add(H::OrOr(a, b)))
            }
            (Head::While, &[cond, body]) => self.while_(cond, body),
            (Head::For, &[iterators, body]) => self.for_(iterators, body),
            (Head::Break | Head::Continue, []) => self.break_(node, head == Head::Break),
            (Head::Return, []) => {
                let value = self.nothing();
                Ok(self.add(H::Return(value)))
            }
            (Head::Return, &[value]) => {
                let value = self.expr(value)?;
                Ok(self.add(H::Return(value)))
            }
            (Head::Let, &[bindings, body]) => self.let_(bindings, body),
            (Head::Try, _) => self.try_(node, &args),
            (Head::Function | Head::Arrow, _) => self.function(node),
            (Head::Do, &[call, body]) => self.do_block(node, call, body),
            (Head::Typed, &[value, ty]) => {
                let (value, ty) = (self.expr(value)?, self.expr(ty)?);
                Ok(self.call_core(self.k.typeassert, &[value, ty]))
            }
            (Head::Subtype | Head::Supertype, &[a, b]) => {
                let name = if head == Head::Subtype {
                    self.k.subtype
                } else {
                    self.k.supertype
                };
                let (a, b) = (self.expr(a)?, self.expr(b)?);
                let callee = self.name(name);
                Ok(self.call_list(&[callee, a, b]))
            }
            (Head::Where, _) => Ok(self.add(H::TypeExpr(node))),
            (Head::Curly, [callee, params @ ..]) => self.curly(node, *callee, params),
            (Head::Ref, [object, indices @ ..]) => self.index(*object, indices),
            (Head::Comparison, _) => self.comparison(node, &args),
            (Head::StringConcat, _) => {
                let args = self.exprs(&args)?;
                Ok(self.call_base(self.k.string, &args))
            }
            (Head::Adjoint, &[value]) => {
                let value = self.expr(value)?;
                Ok(self.call_base(self.k.adjoint, &[value]))
            }
            (Head::Quote, &[inner]) => self.quote(inner),
            (Head::Inert, &[inner]) => self.inert(inner),
            (Head::Vect | Head::Vcat | Head::Hcat | Head::Ncat, _)
            | (Head::TypedVcat | Head::TypedHcat | Head::TypedNcat, _) => {
                self.array(node, head, &args)
            }
            (Head::Comprehension, &[generator]) => {
                let generator = self.expr(generator)?;
                Ok(self.call_base(self.k.collect, &[generator]))
            }
            (Head::TypedComprehension, &[ty, generator]) => {
                let (ty, generator) = (self.expr(ty)?, self.expr(generator)?);
                Ok(self.call_base(self.k.collect, &[ty, generator]))
            }
            (Head::Generator, [body, iterators @ ..]) => self.generator(node, *body, iterators),
            (Head::Flatten, &[generator]) => {
                let generator = self.expr(generator)?;
                Ok(self.call_base(self.k.flatten, &[generator]))
            }
            (Head::New, [ty, values @ ..]) => self.new_object(*ty, values),
            (Head::SplatNew, &[ty, tuple]) => {
                let (ty, tuple) = (self.expr(ty)?, self.expr(tuple)?);
                Ok(self.add(H::SplatNew(ty, tuple)))
            }
            (Head::Escape, [inner, ..]) | (Head::HygienicScope, [inner, ..]) => self.expr(*inner),
            (Head::Other(name), &[lhs, rhs]) => self.other(node, name, lhs, rhs),
            _ => self.special(node, head, &args),
        }
    }

    /// Heads that are operators without names of their own.
    fn other(&mut self, node: Node, name: Name, lhs: Node, rhs: Node) -> Lowered<Hx> {
        if name == self.k.broadcast_and || name == self.k.broadcast_or {
            let h = self.broadcasted(node)?;
            return Ok(self.call_base(self.k.materialize, &[h]));
        }
        if let Some(op) = self.text(name).strip_suffix('=') {
            let (dotted, op) = match op.strip_prefix('.') {
                Some(op) if !op.is_empty() => (true, op.to_string()),
                _ => (false, op.to_string()),
            };
            if !op.is_empty() {
                let op = self.tables.names.intern(&op);
                return self.update(node, op, dotted, lhs, rhs);
            }
        }
        let args = [lhs, rhs];
        self.special(node, Head::Other(name), &args)
    }
}
