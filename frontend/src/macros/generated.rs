//! `@generated function`: a function whose bodies are computed from the types of its arguments, by
//! code that runs when the types are met for the first time. Knows nothing of how it is run.
//!
//! ```text
//! @generated f(x, ys...) where {N} = code
//! =>
//! generator(N, x, ys) = code                       # of values N and of types
//! const bodies = Base.GeneratedBodies(generator, Main, (:N, :x, :ys))
//! f(x, ys...) where {N} = Base.generated_call(bodies, (N,), (Typeof(x), map(Typeof, ys)), (x, ys))
//! ```

use super::{Expanded, Expander};
use crate::surface::{Head, Node};

impl Expander<'_> {
    pub(super) fn generated(&mut self, node: Node, args: &[Node]) -> Expanded {
        // `if @generated … else … end`: the other code is as good.
        if args.is_empty() {
            return Ok(self.boolean(false));
        }
        let definition = self.only(node, args)?;
        let (head, parts) = self.parts(definition);
        let (Some(Head::Function | Head::Assign), &[signature, body]) = (head, &parts[..]) else {
            return self.error(definition, "`@generated` needs a function definition");
        };
        let mut variables = Vec::new();
        let mut call = signature;
        let mut wrappers = Vec::new();
        loop {
            let (head, parts) = self.parts(call);
            match (head, parts.split_first()) {
                (Some(Head::Where), Some((&inner, vars))) => {
                    for &var in vars {
                        variables.push(self.bounded_variable(var));
                    }
                    wrappers.push((call, vars.to_vec()));
                    call = inner;
                }
                (Some(Head::Typed), Some((&inner, ty))) if ty.len() == 1 => {
                    wrappers.push((call, ty.to_vec()));
                    call = inner;
                }
                _ => break,
            }
        }
        let (head, parts) = self.parts(call);
        let (Some(Head::Call), Some((&callee, params))) = (head, parts.split_first()) else {
            return self.error(signature, "`@generated` needs a function with arguments");
        };
        let mut named = vec![callee];
        let (mut names, mut types) = (Vec::new(), Vec::new());
        for &param in params {
            let (param, name, gathers) = match self.generated_param(param) {
                Some(found) => found,
                None => {
                    return self.error(
                        param,
                        "arguments of `@generated` functions have no defaults, keywords or patterns",
                    );
                }
            };
            named.push(param);
            names.push(name);
            let type_of = self.core("Typeof");
            types.push(match gathers {
                true => self.call_base("map", &[type_of, name]),
                false => self.call(type_of, &[name]),
            });
        }
        let bodies = self.temporary("bodies");
        let generator = self.temporary("generator");
        let all: Vec<Node> = variables.iter().chain(&names).copied().collect();

        let generator_call = self.call(generator, &all);
        let define_generator = self.expr(Head::Function, &[generator_call, body]);
        let mut symbols = Vec::with_capacity(all.len());
        for &name in &all {
            let text = self.symbol_text(name).unwrap_or("_").to_owned();
            symbols.push(self.quoted_symbol(&text));
        }
        let symbols = self.expr(Head::Tuple, &symbols);
        let module = self.other("thismodule", &[]);
        let table = self.call_base("GeneratedBodies", &[generator, module, symbols]);
        let assigned = self.assign(bodies, table);
        let define_bodies = self.expr(Head::Const, &[assigned]);

        let variables = self.expr(Head::Tuple, &variables);
        let types = self.expr(Head::Tuple, &types);
        let values = self.expr(Head::Tuple, &names);
        let result = self.call_base("generated_call", &[bodies, variables, types, values]);
        let body = self.block(&[result]);
        let mut signature = self.with_args(call, &named);
        for (wrapper, rest) in wrappers.into_iter().rev() {
            let mut parts = vec![signature];
            parts.extend(rest);
            signature = self.with_args(wrapper, &parts);
        }
        let define = self.with_args(definition, &[signature, body]);
        Ok(self.block(&[define_generator, define_bodies, define]))
    }

    /// The variable of `T`, `T <: B` or `A <: T <: B`.
    fn bounded_variable(&mut self, var: Node) -> Node {
        let (head, parts) = self.parts(var);
        match (head, &parts[..]) {
            (Some(Head::Comparison), &[_, _, name, _, _]) => name,
            (Some(_), &[name, _]) => name,
            _ => var,
        }
    }

    /// A parameter with a name, its name, and whether it gathers several arguments.
    fn generated_param(&mut self, param: Node) -> Option<(Node, Node, bool)> {
        let (head, parts) = self.parts(param);
        match (head, &parts[..]) {
            (None, []) if self.tree.symbol(param).is_some() => Some((param, param, false)),
            (Some(Head::Typed), &[name, _]) if self.tree.symbol(name).is_some() => {
                Some((param, name, false))
            }
            (Some(Head::Typed), &[ty]) => {
                let name = self.temporary("unnamed");
                let param = self.expr(Head::Typed, &[name, ty]);
                Some((param, name, false))
            }
            (Some(Head::Splat), &[inner]) => {
                let (inner, name, _) = self.generated_param(inner)?;
                let param = self.with_args(param, &[inner]);
                Some((param, name, true))
            }
            _ => None,
        }
    }
}
