//! Statements: variables, assignments, loops that end, branches, exceptions.

use super::scope::{Generator, Var};
use super::tree::{Expr, Stmt};
use super::types::{Ty, field_name};
use arbitrary::Result;

const DEPTH: usize = 3;

impl Generator<'_, '_> {
    /// Some statements; the variables that they make stay visible.
    pub fn block(&mut self, length: usize) -> Result<Vec<Stmt>> {
        let mut out = Vec::new();
        for _ in 0..length {
            if !self.node() {
                break;
            }
            self.statement(&mut out)?;
        }
        Ok(out)
    }

    /// A block with a scope of its own.
    fn inner(&mut self, length: usize, vars: Vec<(String, Ty)>) -> Result<Vec<Stmt>> {
        self.with(vars, |g| g.block(length))
    }

    fn statement(&mut self, out: &mut Vec<Stmt>) -> Result<()> {
        match self.pick(20)? {
            0..6 => self.declare(out),
            6..9 => self.assign(out),
            9 => self.mutate(out),
            10..12 => {
                let cond = self.expr(&Ty::Bool, DEPTH)?;
                let (a, b) = (1 + self.pick(2)?, self.pick(3)?);
                let (yes, no) = (self.inner(a, Vec::new())?, self.inner(b, Vec::new())?);
                out.push(Stmt {
                    lines: vec!["if {}".into(), "else".into(), "end".into()],
                    exprs: vec![cond],
                    blocks: vec![yes, no],
                });
                Ok(())
            }
            12..15 => self.repeat(out),
            15..17 => self.protect(out),
            17 if self.in_entry && self.closures == 0 => {
                let ty = self.any_type(1)?;
                let x = self.expr(&ty, DEPTH)?;
                out.push(Stmt::line("h = mix(h, {})", vec![x]));
                Ok(())
            }
            18 if self.in_loop => {
                let cond = self.expr(&Ty::Bool, 2)?;
                let word = ["break", "continue"][self.pick(2)?];
                out.push(Stmt::line(format!("{{}} && {word}"), vec![cond]));
                Ok(())
            }
            19 => {
                let cond = self.expr(&Ty::Bool, 2)?;
                let thrown = [
                    "error(\"stop\")",
                    "throw(DomainError(3, \"no\"))",
                    "throw(ArgumentError(\"bad\"))",
                    "throw(OverflowError(\"much\"))",
                    "throw(DivideError())",
                ][self.pick(5)?];
                out.push(Stmt::line(format!("{{}} && {thrown}"), vec![cond]));
                Ok(())
            }
            _ => self.declare(out),
        }
    }

    fn declare(&mut self, out: &mut Vec<Stmt>) -> Result<()> {
        let ty = self.any_type(2)?;
        let x = self.expr(&ty, DEPTH)?;
        let name = self.fresh();
        let is_constant = self.chance(1, 2)?;
        // A variable of a union has that type whatever it holds first.
        let template = match &ty {
            Ty::Union(_) => format!("{name}::{} = {{}}", ty.text(self.index)),
            _ => format!("{name} = {{}}"),
        };
        out.push(Stmt::line(template, vec![x]));
        self.vars.push(Var {
            name,
            ty,
            is_constant,
        });
        Ok(())
    }

    /// A variable that may be assigned to, here.
    fn assignable(&mut self) -> Result<Option<Var>> {
        let found: Vec<Var> = self
            .vars
            .iter()
            .filter(|v| !v.is_constant)
            .cloned()
            .collect();
        match found.len() {
            0 => Ok(None),
            n => Ok(found.get(self.pick(n)?).cloned()),
        }
    }

    fn assign(&mut self, out: &mut Vec<Stmt>) -> Result<()> {
        let Some(var) = self.assignable()? else {
            return self.declare(out);
        };
        if var.ty.is_int() && self.chance(1, 3)? {
            let x = self.expr(&var.ty, DEPTH)?;
            let op = ["+=", "-=", "*=", "⊻="][self.pick(4)?];
            out.push(Stmt::line(format!("{} {op} {{}}", var.name), vec![x]));
            return Ok(());
        }
        let x = self.expr(&var.ty, DEPTH)?;
        let template = match var.ty {
            // In a loop it would grow and grow.
            Ty::Text => format!("{} = first({{}}, 30)", var.name),
            _ => format!("{} = {{}}", var.name),
        };
        out.push(Stmt::line(template, vec![x]));
        Ok(())
    }

    /// A change of an object: an element, a field.
    fn mutate(&mut self, out: &mut Vec<Stmt>) -> Result<()> {
        let structs = self.structs.clone();
        let mutable = |t: &Ty| match t {
            Ty::Struct(n) => structs.get(*n).is_some_and(|s| s.mutable),
            Ty::Vector(_) => true,
            _ => false,
        };
        let Some(var) = self.variable(mutable)? else {
            return self.assign(out);
        };
        let name = &var.name;
        match &var.ty {
            Ty::Struct(n) => {
                let fields = &structs[*n].fields;
                let at = self.pick(fields.len())?;
                let x = self.expr(&fields[at], DEPTH)?;
                let template = format!("{name}.{} = {{}}", field_name(at));
                out.push(Stmt::line(template, vec![x]));
            }
            Ty::Vector(elem) => {
                let x = self.expr(elem, DEPTH)?;
                match self.pick(6)? {
                    0..2 => {
                        let template = format!("length({name}) < 12 && push!({name}, {{}})");
                        out.push(Stmt::line(template, vec![x]));
                    }
                    2 => out.push(Stmt::line(
                        format!("isempty({name}) || pop!({name})"),
                        vec![],
                    )),
                    3 if elem.is_ordered() => {
                        out.push(Stmt::line(format!("sort!({name})"), vec![]));
                    }
                    _ => {
                        let index = self.index_expr(2)?;
                        out.push(Stmt::line(format!("{name}[{{}}] = {{}}"), vec![index, x]));
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn repeat(&mut self, out: &mut Vec<Stmt>) -> Result<()> {
        if self.times >= 30 {
            return self.assign(out);
        }
        let (before, was_in_loop) = (self.times, self.in_loop);
        let length = 1 + self.pick(3)?;
        let name = self.fresh();
        let depth = 2;
        let (line, exprs, vars) = match self.pick(8)? {
            0..3 => {
                let n = self.pick(6)?;
                let range = ["1:", "0:", "-2:2:"][self.pick(3)?];
                (
                    format!("for {name} in {range}{n}"),
                    vec![],
                    vec![(name, Ty::INT64)],
                )
            }
            3 => {
                let n = self.pick(6)?;
                (
                    format!("for {name} in {n}:-1:1"),
                    vec![],
                    vec![(name, Ty::INT64)],
                )
            }
            4 => {
                let elem = self.elem_type()?;
                let v = self.expr(&Ty::vector(elem.clone()), depth)?;
                (format!("for {name} in {{}}"), vec![v], vec![(name, elem)])
            }
            5 => {
                let (elem, at) = (self.scalar_type()?, self.fresh());
                let v = self.expr(&Ty::vector(elem.clone()), depth)?;
                let vars = vec![(at.clone(), Ty::INT64), (name.clone(), elem)];
                (
                    format!("for ({at}, {name}) in enumerate({{}})"),
                    vec![v],
                    vars,
                )
            }
            6 => {
                let text = self.expr(&Ty::Text, depth)?;
                let line = format!("for {name} in first({{}}, 8)");
                (line, vec![text], vec![(name, Ty::Char)])
            }
            _ => {
                let Some(v) = self.variable(|t| matches!(t, Ty::Vector(_)))? else {
                    return self.assign(out);
                };
                let Ty::Vector(elem) = v.ty else {
                    return self.assign(out);
                };
                if !elem.is_int() {
                    return self.assign(out);
                }
                // Elements in bounds, without the check.
                let total = self.fresh();
                let ty = elem.text(self.index);
                out.push(Stmt::line(format!("{total} = zero({ty})"), vec![]));
                let vector = v.name;
                out.push(Stmt {
                    lines: vec![format!("for {name} in eachindex({vector})"), "end".into()],
                    exprs: vec![],
                    blocks: vec![vec![Stmt::line(
                        format!("@inbounds {total} += {vector}[{name}]"),
                        vec![],
                    )]],
                });
                self.vars.push(Var {
                    name: total,
                    ty: *elem,
                    is_constant: false,
                });
                return Ok(());
            }
        };
        self.times *= 6;
        self.in_loop = true;
        let is_while =
            vars.len() == 1 && vars[0].1 == Ty::INT64 && exprs.is_empty() && self.chance(1, 3)?;
        let body = if is_while {
            let (counter, limit) = (vars[0].0.clone(), self.pick(7)?);
            let cond = self.expr(&Ty::Bool, depth)?;
            // The counter is assigned to, so a closure would need a box for it: only its copy is seen.
            let mut body = vec![Stmt::line(format!("{counter} += 1"), vec![])];
            let copy = self.fresh();
            body.push(Stmt::line(format!("{copy} = {counter}"), vec![]));
            body.extend(self.inner(length, vec![(copy, Ty::INT64)])?);
            out.push(Stmt::line(format!("{counter} = 0"), vec![]));
            Stmt {
                lines: vec![format!("while {counter} < {limit} && {{}}"), "end".into()],
                exprs: vec![cond],
                blocks: vec![body],
            }
        } else {
            Stmt {
                lines: vec![line, "end".into()],
                exprs,
                blocks: vec![self.inner(length, vars)?],
            }
        };
        self.times = before;
        self.in_loop = was_in_loop;
        out.push(body);
        Ok(())
    }

    /// `try`, with a handler, a `finally`, or both.
    fn protect(&mut self, out: &mut Vec<Stmt>) -> Result<()> {
        let (a, b) = (1 + self.pick(3)?, 1 + self.pick(2)?);
        // Neither leaves the protected region by a jump of its own more often than by its end.
        let body = self.inner(a, Vec::new())?;
        let mut lines = vec!["try".to_string()];
        let mut blocks = vec![body];
        let form = self.pick(5)?;
        if form != 4 {
            let e = self.fresh();
            lines.push(match form {
                0 => "catch".to_string(),
                _ => format!("catch {e}"),
            });
            let mut handler = self.inner(b, Vec::new())?;
            if form != 0
                && let Some(var) = self.assignable()?
                && var.ty == Ty::INT64
            {
                let kind = [
                    "DivideError",
                    "BoundsError",
                    "InexactError",
                    "ErrorException",
                ][self.pick(4)?];
                let text = format!("{} += {e} isa {kind} ? 10 : 20", var.name);
                handler.push(Stmt::line(text, vec![]));
            }
            blocks.push(handler);
        }
        if form >= 3 {
            lines.push("finally".to_string());
            let was = std::mem::replace(&mut self.in_loop, false);
            blocks.push(self.inner(1, Vec::new())?);
            self.in_loop = was;
        }
        lines.push("end".to_string());
        out.push(Stmt {
            lines,
            exprs: Vec::new(),
            blocks,
        });
        Ok(())
    }
}

/// A statement's expressions, those of its blocks included.
pub(super) fn for_each_expr(stmt: &mut Stmt, f: &mut impl FnMut(&mut Expr)) {
    stmt.exprs.iter_mut().for_each(&mut *f);
    for inner in stmt.blocks.iter_mut().flatten() {
        for_each_expr(inner, f);
    }
}
