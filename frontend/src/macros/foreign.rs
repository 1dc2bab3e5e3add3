//! `@ccall` and `Base.@ccallable`: calls of and exports as C functions.

use super::{Expanded, Expander};
use crate::surface::{Head, Node, NodeData};
use crate::surface_text::to_text;

impl Expander<'_> {
    /// `@ccall name(x::T, …; variadic::V, …)::R`
    pub(super) fn ccall(&mut self, node: Node, args: &[Node]) -> Expanded {
        let typed = self.only(node, args)?;
        let (head, parts) = self.parts(typed);
        let (Some(Head::Typed), [call, ret]) = (head, &parts[..]) else {
            return self.error(typed, "`@ccall` needs a type annotation of its result");
        };
        let (head, parts) = self.parts(*call);
        let (Some(Head::Call), Some((&function, args))) = (head, parts.split_first()) else {
            return self.error(*call, "`@ccall` needs a call");
        };
        let function = self.c_function(function)?;
        let mut types = Vec::new();
        let mut values = Vec::new();
        let mut variadic_types = Vec::new();
        let mut variadic_values = Vec::new();
        for &arg in args {
            if self.tree.head(arg) == Some(Head::Parameters) {
                for arg in self.tree.args(arg).to_vec() {
                    let (value, ty) = self.typed_argument(arg)?;
                    variadic_values.push(value);
                    variadic_types.push(ty);
                }
            } else {
                let (value, ty) = self.typed_argument(arg)?;
                values.push(value);
                types.push(ty);
            }
        }
        let text = |node| to_text(self.tree, node, self.env.tables());
        match *variadic_types {
            [] => {}
            [first, ref rest @ ..] if rest.iter().all(|&ty| text(ty) == text(first)) => {
                types.push(self.expr(Head::Splat, &[first]));
            }
            _ => types.insert(0, self.expr(Head::Parameters, &variadic_types)),
        }
        values.extend(variadic_values);
        let types = self.expr(Head::Tuple, &types);
        let ccall = self.symbol("ccall");
        let mut all = vec![function, *ret, types];
        all.extend(values);
        Ok(self.call(ccall, &all))
    }

    fn c_function(&mut self, function: Node) -> Expanded {
        let (head, parts) = self.parts(function);
        match (head, &parts[..]) {
            (None, _) if self.tree.symbol(function).is_some() => Ok(self.quote(function)),
            // A pointer.
            (Some(Head::Interpolate), [pointer]) => Ok(*pointer),
            (Some(Head::Dotted), [library, name])
                if matches!(self.tree.data(*name), NodeData::Quote(_)) =>
            {
                Ok(self.expr(Head::Tuple, &[*name, *library]))
            }
            _ => self.error(function, "`@ccall` needs the name of a function"),
        }
    }

    fn typed_argument(&mut self, arg: Node) -> Result<(Node, Node), super::SyntaxError> {
        let (head, parts) = self.parts(arg);
        match (head, &parts[..]) {
            (Some(Head::Typed), [value, ty]) => Ok((*value, *ty)),
            _ => self.error(arg, "arguments of `@ccall` need type annotations"),
        }
    }

    /// The definition and `(ccallable name R T…)`. The result type comes from the definition or
    /// stands before it.
    pub(super) fn ccallable(&mut self, node: Node, args: &[Node]) -> Expanded {
        let (declared, definition) = match *args {
            [definition] => (None, definition),
            [ret, definition] => (Some(ret), definition),
            _ => return self.wrong_arguments(node),
        };
        let definition = match self.tree.head(definition) {
            Some(Head::Macrocall) => self.macro_call(definition)?,
            _ => definition,
        };
        let (head, parts) = self.parts(definition);
        let (Some(Head::Function | Head::Assign), [signature, _]) = (head, &parts[..]) else {
            return self.error(
                definition,
                "expected a method definition after `@ccallable`",
            );
        };
        let (head, parts) = self.parts(*signature);
        let (call, ret) = match (head, &parts[..]) {
            (Some(Head::Typed), [call, ret]) => (*call, Some(*ret)),
            _ => (*signature, None),
        };
        let Some(ret) = declared.or(ret) else {
            return self.error(*signature, "`@ccallable` needs a declared result type");
        };
        let (head, parts) = self.parts(call);
        let (Some(Head::Call), Some((&name, params))) = (head, parts.split_first()) else {
            return self.error(call, "expected a method definition after `@ccallable`");
        };
        let mut all = vec![name, ret];
        for &param in params {
            let (head, parts) = self.parts(param);
            match (head, &parts[..]) {
                (Some(Head::Typed), [.., ty]) => all.push(*ty),
                _ => return self.error(param, "parameters of a `@ccallable` function need types"),
            }
        }
        let export = self.other("ccallable", &all);
        Ok(self.block(&[definition, export]))
    }
}
