//! Calls: splatting, keywords, literal powers; comparison chains and type application.

use super::Desugar;
use super::tuple::Named;
use crate::lower::hir::{H, Hx};
use crate::lower::{LowerError, Lowered};
use crate::surface::{Head, Node, NodeData};
use jlift_ir::{Name, Type, Value};

impl Desugar<'_> {
    /// `callee(args…)`.
    pub(super) fn call(&mut self, node: Node, callee: Node, args: &[Node]) -> Lowered<Hx> {
        if let Some(name) = self.tree.symbol(callee) {
            if name == self.k.c_call {
                return self.ccall(node, args);
            }
            if self.dotted_operator(name).is_some() {
                let h = self.broadcasted(node)?;
                return Ok(self.call_base(self.k.materialize, &[h]));
            }
        }
        if let NodeData::Symbol(name) | NodeData::GlobalRef(_, name) = *self.tree.data(callee)
            && let &[base, exponent] = args
            && name == self.k.power
            && let Some(exponent) = self.literal_integer(exponent)
        {
            let function = self.expr(callee)?;
            let base = self.expr(base)?;
            let exponent = self.val(exponent);
            return Ok(self.call_base(self.k.literal_pow, &[function, base, exponent]));
        }
        let callee = self.expr(callee)?;
        self.call_with(callee, args)
    }

    /// A literal integer, as exponents are.
    pub(super) fn literal_integer(&self, node: Node) -> Option<Value> {
        match *self.tree.data(node) {
            NodeData::Bits { ty, bits } if is_integer(ty) => Some(Value::Imm { ty, bits }),
            _ => None,
        }
    }

    /// `Val{x}()`.
    pub(super) fn val(&mut self, value: Value) -> Hx {
        let value = self.add(H::Const(value));
        let val = self.base(self.k.val);
        let ty = self.call_core(self.k.apply_type, &[val, value]);
        self.call_list(&[ty])
    }

    /// A call of an evaluated callee with arguments as written.
    pub(super) fn call_with(&mut self, callee: Hx, args: &[Node]) -> Lowered<Hx> {
        let has_keywords = args
            .iter()
            .any(|&a| matches!(self.tree.head(a), Some(Head::Kw | Head::Parameters)));
        if has_keywords {
            return self.keyword_call(callee, args);
        }
        let args = self.splat_args(args)?;
        Ok(self.apply(callee, &args))
    }

    /// Evaluates arguments; the flag says which ones are splatted.
    pub(super) fn splat_args(&mut self, args: &[Node]) -> Lowered<Vec<(Hx, bool)>> {
        let mut out = Vec::with_capacity(args.len());
        for &arg in args {
            out.push(match (self.tree.head(arg), self.tree.args(arg)) {
                (Some(Head::Splat), &[inner]) => (self.expr(inner)?, true),
                (Some(Head::Parameters), _) => {
                    return self.error(arg, "syntax: unexpected semicolon");
                }
                _ => (self.expr(arg)?, false),
            });
        }
        Ok(out)
    }

    /// A call, by `Core._apply_iterate` if arguments are splatted.
    pub(super) fn apply(&mut self, callee: Hx, args: &[(Hx, bool)]) -> Hx {
        if args.iter().all(|&(_, splat)| !splat) {
            let mut all = vec![callee];
            all.extend(args.iter().map(|&(h, _)| h));
            return self.call_list(&all);
        }
        let iterate = self.base(self.k.iterate);
        let mut all = vec![iterate, callee];
        let mut run = Vec::new();
        for &(h, splat) in args {
            if !splat {
                run.push(h);
                continue;
            }
            if !run.is_empty() {
                all.push(self.call_core(self.k.tuple, &run));
                run.clear();
            }
            all.push(h);
        }
        if !run.is_empty() {
            all.push(self.call_core(self.k.tuple, &run));
        }
        self.call_core(self.k.apply_iterate, &all)
    }

    /// Callee and positional arguments are evaluated first, then the keywords behind the
    /// semicolon.
    fn keyword_call(&mut self, callee: Hx, args: &[Node]) -> Lowered<Hx> {
        let mut stmts = Vec::new();
        let mut positional = Vec::new();
        let mut named = Vec::new();
        let mut parameters = Vec::new();
        let callee = self.atom(callee, &mut stmts);
        for &arg in args {
            match self.tree.head(arg) {
                Some(Head::Parameters) => parameters.extend_from_slice(self.tree.args(arg)),
                Some(Head::Kw) => {
                    let part = self.named(arg)?;
                    if let Named::Field(name, value) = part {
                        let value = self.atom(value, &mut stmts);
                        named.push(Named::Field(name, self.add(value)));
                    }
                }
                head => {
                    let inner = match self.tree.args(arg) {
                        &[inner] if head == Some(Head::Splat) => inner,
                        _ => arg,
                    };
                    let value = self.expr(inner)?;
                    let atom = self.atom(value, &mut stmts);
                    positional.push((atom, head == Some(Head::Splat)));
                }
            }
        }
        for parameter in parameters {
            let part = match self.named(parameter) {
                Ok(part) => part,
                Err(e) if e.message.contains("named tuple") => {
                    return self.error(parameter, "syntax: invalid keyword argument syntax");
                }
                Err(e) => return Err(e),
            };
            named.push(part);
        }
        let shown = match &callee {
            H::Name(name) | H::Global(_, name) => self.text(*name).to_string(),
            _ => "function".to_string(),
        };
        self.check_names(&named, |name| {
            format!("syntax: keyword argument \"{name}\" repeated in call to \"{shown}\"")
        })?;
        let certain = named.iter().any(|n| !matches!(n, Named::Splat(_)));
        if named.is_empty() {
            let call = self.atom_call(None, &callee, &positional);
            stmts.push(call);
            return Ok(self.seq(&stmts));
        }
        let keywords = self.named_tuple(named);
        if certain {
            let call = self.atom_call(Some(keywords), &callee, &positional);
            stmts.push(call);
            return Ok(self.seq(&stmts));
        }
        // Only splatted keywords: there may be none at all.
        let temp = self.hir.fresh_temp();
        stmts.push(self.add(H::SetTemp(temp, keywords)));
        let keywords = self.add(H::Temp(temp));
        let none = self.call_base(self.k.isempty, &[keywords]);
        let plain = self.atom_call(None, &callee, &positional);
        let keywords = self.add(H::Temp(temp));
        let with = self.atom_call(Some(keywords), &callee, &positional);
        stmts.push(self.add(H::If(none, plain, with)));
        Ok(self.seq(&stmts))
    }

    /// `callee(args…)` or `Core.kwcall(keywords, callee, args…)`.
    fn atom_call(&mut self, keywords: Option<Hx>, callee: &H, args: &[(H, bool)]) -> Hx {
        let callee = self.add(callee.clone());
        let mut all = Vec::with_capacity(args.len() + 2);
        let function = match keywords {
            Some(keywords) => {
                all.push((keywords, false));
                all.push((callee, false));
                self.core(self.k.kwcall)
            }
            None => callee,
        };
        for (arg, splat) in args {
            all.push((self.add(arg.clone()), *splat));
        }
        self.apply(function, &all)
    }

    /// `a < b <= c`: every operand is evaluated once, those behind a false comparison never.
    pub(super) fn comparison(&mut self, node: Node, args: &[Node]) -> Lowered<Hx> {
        if args.len() < 3 || args.len().is_multiple_of(2) {
            return self.error(node, "syntax: malformed comparison");
        }
        let dotted = args
            .iter()
            .skip(1)
            .step_by(2)
            .any(|&op| self.comparison_operator(op).1);
        if dotted {
            let h = self.broadcasted(node)?;
            return Ok(self.call_base(self.k.materialize, &[h]));
        }
        let mut left = self.expr(args[0])?;
        let mut tests = Vec::with_capacity(args.len() / 2);
        let count = args.len() / 2;
        for i in 0..count {
            let op = self.expr(args[2 * i + 1])?;
            let right = self.expr(args[2 * i + 2])?;
            let (now, later) = if i + 1 < count {
                let mut stmts = Vec::new();
                let atom = self.atom(right, &mut stmts);
                let now = stmts.first().copied().unwrap_or(right);
                (now, self.add(atom))
            } else {
                (right, right)
            };
            tests.push(self.call_list(&[op, left, now]));
            left = later;
        }
        let mut tests = tests.into_iter().rev();
        let Some(mut whole) = tests.next() else {
            return self.error(node, "syntax: malformed comparison");
        };
        for test in tests {
            whole = self.add(H::AndAnd(test, whole));
        }
        Ok(whole)
    }

    /// The operator of a comparison without its dot, and whether it had one.
    pub(super) fn comparison_operator(&self, op: Node) -> (Node, bool) {
        match (self.tree.symbol(op), self.tree.head(op), self.tree.args(op)) {
            (Some(name), ..) => (op, self.is_dotted(name)),
            (_, Some(Head::Dotted), &[inner]) => (inner, true),
            _ => (op, false),
        }
    }

    fn is_dotted(&self, name: Name) -> bool {
        let text = self.text(name);
        text.len() > 1 && text.starts_with('.') && !text.starts_with("..")
    }

    /// `+` of `.+`.
    pub(super) fn dotted_operator(&mut self, name: Name) -> Option<Name> {
        if !self.is_dotted(name) {
            return None;
        }
        let op = self.text(name).trim_start_matches('.').to_string();
        Some(self.tables.names.intern(&op))
    }

    /// `T{params…}`.
    pub(super) fn curly(&mut self, node: Node, callee: Node, params: &[Node]) -> Lowered<Hx> {
        let mut anonymous = false;
        for &param in params {
            match (self.tree.head(param), self.tree.args(param)) {
                (Some(Head::Subtype | Head::Supertype), [_]) => anonymous = true,
                (Some(Head::Parameters), _) => {
                    return self.error(param, "syntax: unexpected semicolon in \"{ }\"");
                }
                _ => {}
            }
        }
        // `Vector{<:Real}` is a `where` type.
        if anonymous {
            return Ok(self.add(H::TypeExpr(node)));
        }
        let callee = self.expr(callee)?;
        let mut args = vec![(callee, false)];
        args.extend(self.splat_args(params)?);
        let apply_type = self.core(self.k.apply_type);
        Ok(self.apply(apply_type, &args))
    }

    /// `new(T, values…)`; a value as `Kw(i, value)` is converted to the type of field `i`.
    pub(super) fn new_object(&mut self, ty: Node, values: &[Node]) -> Lowered<Hx> {
        let mut stmts = Vec::new();
        let ty = self.expr(ty)?;
        let ty = self.atom(ty, &mut stmts);
        let mut all = vec![self.add(ty.clone())];
        for &value in values {
            let h = match (self.tree.head(value), self.tree.args(value)) {
                (Some(Head::Kw), &[index, value]) => {
                    let of = self.add(ty.clone());
                    let index = self.expr(index)?;
                    let field = self.call_core(self.k.fieldtype, &[of, index]);
                    let value = self.expr(value)?;
                    self.call_base(self.k.convert, &[field, value])
                }
                (Some(Head::Splat), _) => {
                    return Err(LowerError::new(
                        self.tree.span(value),
                        "syntax: \"...\" is not supported here",
                    ));
                }
                _ => self.expr(value)?,
            };
            all.push(h);
        }
        let list = self.hir.list(&all);
        stmts.push(self.add(H::New(list)));
        Ok(self.seq(&stmts))
    }
}

fn is_integer(ty: Type) -> bool {
    [
        Type::INT8,
        Type::INT16,
        Type::INT32,
        Type::INT64,
        Type::UINT8,
        Type::UINT16,
        Type::UINT32,
        Type::UINT64,
    ]
    .contains(&ty)
}
