//! Macros that stand for a few statements: `@assert`, `@show`, `@time`, `@something`, `@eval`, ….
//!
//! Prelude functions used: `Base.time_ns()`, `Base.print_elapsed(nanoseconds)` and
//! `Base.print_elapsed(nanoseconds, label)` for `@time`, `Base.repr(x)` for `@show`.

use super::{Expanded, Expander};
use crate::surface::{Head, Node, NodeData};
use crate::surface_text::to_julia;
use jlift_ir::Type;

impl Expander<'_> {
    pub(super) fn assertion(&mut self, node: Node, args: &[Node]) -> Expanded {
        let (&condition, message) = match args {
            [condition] => (condition, None),
            [condition, message, ..] => (condition, Some(*message)),
            [] => return self.wrong_arguments(node),
        };
        let message = match message {
            None => {
                let text = to_julia(self.tree, condition, self.env.tables());
                self.string(text.as_bytes())
            }
            Some(text) if self.literal_string(text).is_some() => text,
            // A quoted name is shown as it is written.
            Some(name) if matches!(self.tree.data(name), NodeData::Quote(_)) => {
                let text = to_julia(self.tree, name, self.env.tables());
                self.string(text.as_bytes())
            }
            Some(message) => self.call_base("string", &[message]),
        };
        let error = self.call_core("AssertionError", &[message]);
        let throw = self.call_core("throw", &[error]);
        let nothing = self.nothing();
        Ok(self.expr(Head::If, &[condition, nothing, throw]))
    }

    pub(super) fn show(&mut self, args: &[Node]) -> Expanded {
        let mut statements = Vec::new();
        let mut last = self.nothing();
        for &arg in args {
            let label = format!("{} = ", to_julia(self.tree, arg, self.env.tables()));
            let label = self.string(label.as_bytes());
            last = self.temporary("value");
            statements.push(self.local(last, arg));
            let text = self.call_base("repr", &[last]);
            statements.push(self.call_base("println", &[label, text]));
        }
        statements.push(last);
        Ok(self.block(&statements))
    }

    /// The statements that take the time of an expression; its value; the nanoseconds.
    fn timed(&mut self, body: Node) -> (Vec<Node>, Node, Node) {
        let start = self.temporary("start");
        let value = self.temporary("value");
        let elapsed = self.temporary("elapsed");
        let now = self.call_base("time_ns", &[]);
        let first = self.local(start, now);
        let run = self.local(value, body);
        let now = self.call_base("time_ns", &[]);
        let difference = self.call_base("-", &[now, start]);
        let last = self.local(elapsed, difference);
        (vec![first, run, last], value, elapsed)
    }

    pub(super) fn time(&mut self, node: Node, args: &[Node]) -> Expanded {
        let (label, body) = match *args {
            [body] => (None, body),
            [label, body] => (Some(label), body),
            _ => return self.wrong_arguments(node),
        };
        let (mut statements, value, elapsed) = self.timed(body);
        let mut print = vec![elapsed];
        print.extend(label);
        statements.push(self.call_base("print_elapsed", &print));
        statements.push(value);
        Ok(self.block(&statements))
    }

    pub(super) fn elapsed(&mut self, node: Node, args: &[Node]) -> Expanded {
        let body = self.only(node, args)?;
        let (mut statements, _, elapsed) = self.timed(body);
        let second = self.add(NodeData::Bits {
            ty: Type::FLOAT64,
            bits: 1e9f64.to_bits(),
        });
        statements.push(self.call_base("/", &[elapsed, second]));
        Ok(self.block(&statements))
    }

    /// The value and what computing it took, `Base.timed_result(value, nanoseconds)`.
    pub(super) fn timed_result(&mut self, node: Node, args: &[Node]) -> Expanded {
        let body = self.only(node, args)?;
        let (mut statements, value, elapsed) = self.timed(body);
        statements.push(self.call_base("timed_result", &[value, elapsed]));
        Ok(self.block(&statements))
    }

    /// The first value that is not `nothing`, unwrapped.
    pub(super) fn something(&mut self, args: &[Node]) -> Expanded {
        let nothing = self.nothing();
        let mut result = self.call_base("something", &[nothing]);
        for &arg in args.iter().rev() {
            result = self.unless(arg, nothing, result, Some("something"));
        }
        Ok(result)
    }

    /// The first value that is not `missing`.
    pub(super) fn coalesce(&mut self, args: &[Node]) -> Expanded {
        let missing = self.base("missing");
        let mut result = missing;
        for &arg in args.iter().rev() {
            result = self.unless(arg, missing, result, None);
        }
        Ok(result)
    }

    fn unless(&mut self, arg: Node, absent: Node, otherwise: Node, wrap: Option<&str>) -> Node {
        let value = self.temporary("value");
        let keep = self.local(value, arg);
        let test = self.call_core("===", &[value, absent]);
        let found = match wrap {
            Some(function) => self.call_base(function, &[value]),
            None => value,
        };
        let choice = self.expr(Head::If, &[test, otherwise, found]);
        self.block(&[keep, choice])
    }

    pub(super) fn evalpoly(&mut self, node: Node, args: &[Node]) -> Expanded {
        let Some((&x, coefficients)) = args.split_first() else {
            return self.wrong_arguments(node);
        };
        let coefficients = self.expr(Head::Tuple, coefficients);
        Ok(self.call_base("evalpoly", &[x, coefficients]))
    }

    /// `@invoke f(x::T, …; k…)` calls the method for the given types.
    pub(super) fn invoke(&mut self, node: Node, args: &[Node]) -> Expanded {
        let call = self.only(node, args)?;
        let (head, parts) = self.parts(call);
        let (Some(Head::Call), Some((&callee, args))) = (head, parts.split_first()) else {
            return self.error(call, "`@invoke` needs a call");
        };
        let mut types = Vec::new();
        let mut values = Vec::new();
        let mut keywords = Vec::new();
        for &arg in args {
            let (head, parts) = self.parts(arg);
            match (head, &parts[..]) {
                (Some(Head::Parameters | Head::Kw), _) => keywords.push(arg),
                (Some(Head::Typed), [value, ty]) => {
                    values.push(*value);
                    types.push(*ty);
                }
                _ => {
                    values.push(arg);
                    types.push(self.call_core("Typeof", &[arg]));
                }
            }
        }
        let tuple = self.core("Tuple");
        let signature = self.curly(tuple, &types);
        let mut all = keywords;
        all.push(callee);
        all.push(signature);
        all.extend(values);
        Ok(self.call_core("invoke", &all))
    }

    /// `Base.eval(module, quoted code)`.
    pub(super) fn eval(&mut self, node: Node, args: &[Node]) -> Expanded {
        let (module, code) = match *args {
            [code] => (self.other("thismodule", &[]), code),
            [module, code] => (module, code),
            _ => return self.wrong_arguments(node),
        };
        let code = self.expr(Head::Quote, &[code]);
        Ok(self.call_base("eval_in", &[module, code]))
    }

    pub(super) fn preserve(&mut self, node: Node, args: &[Node]) -> Expanded {
        let Some((&body, variables)) = args.split_last() else {
            return self.wrong_arguments(node);
        };
        for &variable in variables {
            if self.tree.symbol(variable).is_none() {
                return self.error(variable, "`GC.@preserve` takes names of variables");
            }
        }
        let mut all = vec![body];
        all.extend_from_slice(variables);
        Ok(self.expr(Head::GcPreserve, &all))
    }

    pub(super) fn location(&mut self, name: &str) -> Expanded {
        let path = self.env.source().path.to_owned();
        Ok(match name {
            "@__LINE__" => {
                let offset = self.at.map_or(0, |s| s.start);
                let line = self.env.source().line(offset);
                self.integer(line as i64)
            }
            "@__FILE__" => self.string(path.as_bytes()),
            "@__DIR__" => {
                let parent = std::path::Path::new(&path).parent();
                let text = parent.map(|p| p.to_string_lossy().into_owned());
                self.string(text.unwrap_or_default().as_bytes())
            }
            _ => self.other("thismodule", &[]),
        })
    }
}
