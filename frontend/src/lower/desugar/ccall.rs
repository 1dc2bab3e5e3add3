//! `ccall`: conversions of the arguments and what keeps them alive.

use super::Desugar;
use crate::lower::Lowered;
use crate::lower::hir::{Foreign, H, Hx};
use crate::surface::{Head, Node, NodeData};
use jlift_ir::Name;

/// A C function's signature as written.
pub(super) struct CSignature {
    pub ret: Node,
    pub params: Vec<Node>,
    pub rest: Variadic,
    pub convention: Name,
}

/// Types of the arguments behind the fixed ones.
pub(super) enum Variadic {
    None,
    /// Any number of one type.
    Repeated(Node),
    Listed(Vec<Node>),
}

impl Desugar<'_> {
    /// `ccall(symbol, [convention,] ret, (types…,), args…)`.
    pub(super) fn ccall(&mut self, node: Node, args: &[Node]) -> Lowered<Hx> {
        let Some((&symbol, mut rest)) = args.split_first() else {
            return self.error(node, "syntax: too few arguments to ccall");
        };
        let mut convention = self.tables.names.intern("ccall");
        let conventions = [
            self.k.cdecl,
            self.k.stdcall,
            self.k.fastcall,
            self.k.thiscall,
            self.k.llvmcall,
        ];
        if let Some((&first, more)) = rest.split_first()
            && let Some(name) = self.tree.symbol(first)
            && conventions.contains(&name)
        {
            convention = name;
            rest = more;
        }
        let &[ret, types, ref values @ ..] = rest else {
            return self.error(node, "syntax: too few arguments to ccall");
        };
        if self.tree.head(types) != Some(Head::Tuple) {
            return self.error(
                types,
                "syntax: ccall argument types must be a tuple; try \"(T,)\"",
            );
        }
        let mut params = self.args(types);
        let mut variadic = None;
        let mut variadic_types = None;
        if let Some(&first) = params.first()
            && self.tree.head(first) == Some(Head::Parameters)
        {
            variadic_types = Some(self.args(first));
            params.remove(0);
        } else if let Some(&last) = params.last() {
            variadic = match (self.tree.head(last), self.tree.args(last)) {
                (Some(Head::Splat), &[inner]) => Some(inner),
                (Some(Head::Curly), &[name, inner])
                    if self.tree.symbol(name).map(|n| self.text(n)) == Some("Vararg") =>
                {
                    Some(inner)
                }
                _ => None,
            };
            if variadic.is_some() {
                params.pop();
            }
        }
        let signature = CSignature {
            ret,
            params,
            rest: match (variadic, variadic_types) {
                (Some(ty), _) => Variadic::Repeated(ty),
                (None, Some(types)) => Variadic::Listed(types),
                (None, None) => Variadic::None,
            },
            convention,
        };
        self.foreign_call(node, symbol, signature, values)
    }

    /// A call with converted arguments: `unsafe_convert(T, cconvert(T, x))`.
    pub(super) fn foreign_call(
        &mut self,
        node: Node,
        symbol: Node,
        signature: CSignature,
        values: &[Node],
    ) -> Lowered<Hx> {
        let fixed = signature.params.len();
        if values.len() < fixed {
            return self.error(node, "syntax: more types than arguments for ccall");
        }
        let mut params = signature.params;
        let variadic = match signature.rest {
            Variadic::None => false,
            Variadic::Repeated(ty) => {
                params.resize(values.len(), ty);
                true
            }
            Variadic::Listed(types) => {
                params.extend(types);
                true
            }
        };
        if values.len() != params.len() {
            return self.error(node, "syntax: more arguments than types for ccall");
        }
        let symbol = self.c_symbol(symbol)?;
        let mut stmts = Vec::new();
        let mut args = Vec::with_capacity(values.len());
        let mut roots = Vec::new();
        for (&value, &ty) in values.iter().zip(&params) {
            if self.tree.head(value) == Some(Head::Splat) {
                return self.error(value, "syntax: \"...\" is not allowed in ccall");
            }
            let value = self.expr(value)?;
            if self.is_any(ty) {
                let value = self.value_atom(value, &mut stmts);
                args.push((None, self.add(value)));
                continue;
            }
            let t = self.expr(ty)?;
            let converted = self.call_base(self.k.cconvert, &[t, value]);
            let converted = self.value_atom(converted, &mut stmts);
            roots.push(self.add(converted.clone()));
            args.push((Some(ty), self.add(converted)));
        }
        let mut passed = Vec::with_capacity(args.len());
        for (ty, value) in args {
            passed.push(match ty {
                Some(ty) => {
                    let t = self.expr(ty)?;
                    self.call_base(self.k.unsafe_convert, &[t, value])
                }
                None => value,
            });
        }
        let foreign = Foreign {
            symbol,
            ret: signature.ret,
            params,
            variadic_from: if variadic { fixed as u32 } else { 0 },
            convention: signature.convention,
            args: self.hir.list(&passed),
            roots: self.hir.list(&roots),
        };
        let id = self.hir.foreign.push(foreign);
        stmts.push(self.add(H::Foreign(id)));
        Ok(self.seq(&stmts))
    }

    fn is_any(&self, ty: Node) -> bool {
        match self.tree.data(ty) {
            NodeData::Symbol(name) | NodeData::GlobalRef(_, name) => *name == self.k.any,
            _ => false,
        }
    }

    /// `:f`, `"f"`, `(:f, "lib")`, `Symbol("f.g")` or a pointer.
    fn c_symbol(&mut self, node: Node) -> Lowered<Hx> {
        if let (Some(Head::Call), &[callee, text]) = (self.tree.head(node), self.tree.args(node))
            && self.tree.symbol(callee) == Some(self.k.symbol)
            && let NodeData::String(bytes) = self.tree.data(text)
            && let Ok(text) = std::str::from_utf8(bytes)
        {
            let name = self.tables.names.intern(text);
            return Ok(self.symbol(name));
        }
        self.expr(node)
    }

    /// Keeps values alive while an expression is evaluated.
    pub(super) fn gc_preserve(&mut self, args: &[Node]) -> Lowered<Hx> {
        let Some((&body, kept)) = args.split_first() else {
            return Ok(self.nothing());
        };
        let kept = self.exprs(kept)?;
        let list = self.hir.list(&kept);
        let begin = self.add(H::GcBegin(list));
        let mut stmts = Vec::new();
        let token = self.value_atom(begin, &mut stmts);
        let value = self.expr(body)?;
        let value = self.value_atom(value, &mut stmts);
        let token = self.add(token);
        stmts.push(self.add(H::GcEnd(token)));
        stmts.push(self.add(value));
        Ok(self.seq(&stmts))
    }
}
