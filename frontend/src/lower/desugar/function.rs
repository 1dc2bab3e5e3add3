//! Functions inside of functions: closures, local functions with several methods, `do`, generators.

use super::{Desugar, LambdaHead};
use crate::lower::definition;
use crate::lower::hir::{H, HParam, Hx, LambdaId, LambdaKind};
use crate::lower::keywords::{self, Draft, Role};
use crate::lower::{LowerError, Lowered};
use crate::lowered::MethodOwner;
use crate::surface::{Head, Node};
use jlift_ir::Name;

impl Desugar<'_> {
    /// `function …`, `f(x) = …` or `x -> …` inside of other code.
    pub(super) fn function(&mut self, node: Node) -> Lowered<Hx> {
        if self.tree.args(node).len() == 1 {
            return self.error(
                node,
                "syntax: a function without methods can only be declared at top level",
            );
        }
        let (owner, name, drafts) = self.generate(|g| {
            let def = definition::read(g, node, true)?;
            let (owner, name) = (def.owner.clone(), def.name);
            Ok((owner, name, keywords::expand(g, def)?))
        })?;
        let anonymous = match &owner {
            MethodOwner::Closure => true,
            MethodOwner::Function(callee) if self.is_local_name(*callee) => false,
            _ if self.is_top_level() => return self.global_method(node),
            _ => {
                return Err(LowerError::new(
                    self.tree.span(node),
                    "syntax: Global method definition needs to be placed at the top level, or use \"eval\".",
                ));
            }
        };
        let mut own = Vec::new();
        let mut body = Vec::new();
        for draft in drafts {
            let (kind, list) = match draft.role {
                Role::Own => (LambdaKind::Closure, &mut own),
                Role::Keywords => (LambdaKind::Keywords, &mut own),
                Role::Body => (LambdaKind::Closure, &mut body),
            };
            list.push((kind, draft));
        }
        let mut stmts = Vec::new();
        if let Some((_, draft)) = body.first() {
            let name = draft.name;
            stmts.push(self.add(H::Local(name)));
            stmts.push(self.local_function(name, body)?);
        } else if anonymous && own.len() == 1 {
            let lambdas = self.lambdas(own)?;
            if let Some(&lambda) = lambdas.first() {
                return Ok(self.add(H::Closure(lambda)));
            }
            return Ok(self.nothing());
        }
        if anonymous {
            stmts.push(self.add(H::Local(name)));
        }
        stmts.push(self.local_function(name, own)?);
        Ok(self.seq(&stmts))
    }

    /// Whether a method of this name belongs to a local function.
    fn is_local_name(&self, callee: Node) -> bool {
        (self.tree.symbol(callee))
            .is_some_and(|name| !self.is_top_level() || !self.global_names.contains(&name))
    }

    fn local_function(&mut self, name: Name, drafts: Vec<(LambdaKind, Draft)>) -> Lowered<Hx> {
        let lambdas = self.lambdas(drafts)?;
        let target = self.name(name);
        Ok(self.add(H::FuncDef(target, lambdas)))
    }

    fn lambdas(&mut self, drafts: Vec<(LambdaKind, Draft)>) -> Lowered<Vec<LambdaId>> {
        let mut lambdas = Vec::with_capacity(drafts.len());
        for (kind, draft) in drafts {
            let params = draft
                .params
                .iter()
                .map(|p| HParam {
                    name: p.name,
                    ty: p.ty,
                    vararg: p.vararg,
                })
                .collect();
            let head = LambdaHead {
                kind,
                name: draft.name,
                self_name: Some(draft.self_name),
                params,
                type_vars: draft.type_vars,
                keywords: draft.keywords,
                span: draft.span,
                generated: draft.generated,
            };
            lambdas.push(self.lambda(head, draft.body)?);
        }
        Ok(lambdas)
    }

    /// `f(args…) do params … end`: the function is the first argument.
    pub(super) fn do_block(&mut self, node: Node, call: Node, function: Node) -> Lowered<Hx> {
        let args = self.args(call);
        let Some((&callee, args)) = args
            .split_first()
            .filter(|_| self.tree.head(call) == Some(Head::Call))
        else {
            return self.error(node, "syntax: invalid \"do\" syntax");
        };
        let mut all: Vec<Node> = Vec::with_capacity(args.len() + 1);
        let mut rest = args;
        while let Some((&first, more)) = rest
            .split_first()
            .filter(|(a, _)| self.tree.head(**a) == Some(Head::Parameters))
        {
            all.push(first);
            rest = more;
        }
        all.push(function);
        all.extend_from_slice(rest);
        self.call(node, callee, &all)
    }

    /// `(body for lhs in iterator, …)`, `if` as `filter` around the iterators.
    pub(super) fn generator(&mut self, node: Node, body: Node, iterators: &[Node]) -> Lowered<Hx> {
        let mut list = iterators.to_vec();
        let mut condition = None;
        if let &[filter] = iterators
            && self.tree.head(filter) == Some(Head::Filter)
        {
            let args = self.args(filter);
            let Some((&first, rest)) = args.split_first() else {
                return self.error(filter, "syntax: malformed generator");
            };
            condition = Some(first);
            list = rest.to_vec();
        }
        let mut targets = Vec::with_capacity(list.len());
        let mut sources = Vec::with_capacity(list.len());
        for &iterator in &list {
            let (Some(Head::Assign), &[lhs, source]) =
                (self.tree.head(iterator), self.tree.args(iterator))
            else {
                return self.error(iterator, "syntax: invalid iteration specification");
            };
            targets.push(lhs);
            sources.push(source);
        }
        let parameter = self.generate(|g| match targets[..] {
            [one] if g.tree.symbol(one).is_some() => one,
            [one] => g.expr(Head::Tuple, &[one]),
            _ => {
                let all = g.expr(Head::Tuple, &targets);
                g.expr(Head::Tuple, &[all])
            }
        });
        // The iterators are evaluated here, not inside of the function.
        let identity = targets.len() == 1
            && self.tree.symbol(targets[0]).is_some()
            && self.tree.symbol(body) == self.tree.symbol(targets[0]);
        let function = if identity {
            self.base(self.k.identity)
        } else {
            self.generated_function(node, parameter, body)?
        };
        let condition = match condition {
            Some(condition) => Some(self.generated_function(node, parameter, condition)?),
            None => None,
        };
        let mut source = match sources[..] {
            [one] => self.expr(one)?,
            _ => {
                let all = self.exprs(&sources)?;
                self.call_base(self.k.product, &all)
            }
        };
        if let Some(condition) = condition {
            source = self.call_base(self.k.filter, &[condition, source]);
        }
        Ok(self.call_base(self.k.generator, &[function, source]))
    }

    fn generated_function(&mut self, node: Node, parameter: Node, body: Node) -> Lowered<Hx> {
        let span = self.tree.span(body).or(self.tree.span(node));
        let arrow = self.generate(|g| {
            g.span = span;
            g.expr(Head::Arrow, &[parameter, body])
        });
        self.function(arrow)
    }
}
