//! Expressions about arrays: literals, comprehensions, broadcasts, what takes a function.

use super::scope::Generator;
use super::tree::Expr;
use super::types::Ty;
use arbitrary::Result;

/// How long arrays are, about.
const LENGTH: u64 = 5;

impl Generator<'_, '_> {
    /// An array expression.
    pub fn array(&mut self, ty: &Ty, elem: &Ty, depth: usize) -> Result<Expr> {
        let form = |template: &str, args| Expr::form(ty.clone(), template, args);
        let name = elem.text(self.index);
        Ok(match self.pick(14)? {
            0..2 => {
                let mut args = Vec::new();
                for _ in 0..self.pick(5)? {
                    args.push(self.expr(elem, depth)?);
                }
                let holes = vec!["{}"; args.len()].join(", ");
                form(&format!("{name}[{holes}]"), args)
            }
            2..4 => {
                let (i, n) = (self.fresh(), self.pick(6)?);
                let body = self.closure(LENGTH, vec![(i.clone(), Ty::INT64)], |g| {
                    g.expr(elem, depth)
                })?;
                form(&format!("{name}[{{}} for {i} in 1:{n}]"), vec![body])
            }
            4 => {
                let (x, from) = (self.fresh(), self.elem_type()?);
                let body = self.closure(LENGTH, vec![(x.clone(), from.clone())], |g| {
                    g.expr(elem, depth)
                })?;
                let v = self.expr(&Ty::vector(from), depth)?;
                form(&format!("{name}[{{}} for {x} in {{}}]"), vec![body, v])
            }
            5 => {
                let x = self.fresh();
                let cond = self.closure(LENGTH, vec![(x.clone(), elem.clone())], |g| {
                    g.expr(&Ty::Bool, depth)
                })?;
                let v = self.expr(ty, depth)?;
                form(&format!("filter({x} -> {{}}, {{}})"), vec![cond, v])
            }
            6 if elem.is_int() || elem.is_float() => {
                let op = [".+", ".-", ".*"][self.pick(3)?];
                let v = self.expr(ty, depth)?;
                let other = match self.pick(3)? {
                    0 => self.expr(ty, depth)?,
                    _ => self.expr(elem, depth)?,
                };
                form(&format!("({{}} {op} {{}})"), vec![v, other])
            }
            7 if elem.is_ordered() => {
                let v = self.expr(ty, depth)?;
                let f = ["sort({})", "sort({}; rev = true)", "unique({})"][self.pick(3)?];
                form(f, vec![v])
            }
            8 => {
                let (v, w) = (self.expr(ty, depth)?, self.expr(ty, depth)?);
                form("first(vcat({}, {}), 8)", vec![v, w])
            }
            9 => {
                let (v, x) = (self.expr(ty, depth)?, self.expr(elem, depth)?);
                form("first(push!(copy({}), {}), 8)", vec![v, x])
            }
            10 => {
                let v = self.expr(ty, depth)?;
                let f = [
                    "reverse({})",
                    "copy({})",
                    "{}[1:end]",
                    "{}[2:end]",
                    "{}[1:2]",
                ][self.pick(5)?];
                form(f, vec![v])
            }
            11 => {
                let (x, n) = (self.expr(elem, depth)?, self.pick(5)?);
                // What an array holds many times must be typed as its elements are.
                form(
                    &format!("fill!(Vector{{{name}}}(undef, {n}), {{}})"),
                    vec![x],
                )
            }
            12 if elem.is_int() || elem.is_float() => {
                let v = self.expr(ty, depth)?;
                match elem {
                    Ty::Int { bits: 64 | 128, .. } | Ty::Float(32 | 64) => {
                        form("cumsum({})", vec![v])
                    }
                    _ => form("abs.({})", vec![v]),
                }
            }
            13 if *elem == Ty::INT64 => {
                let x = self.expr(&Ty::INT64, depth)?;
                form("digits(mod({}, 1000))", vec![x])
            }
            _ => {
                let (x, from) = (self.fresh(), self.scalar_type()?);
                if matches!(elem, Ty::Union(_)) {
                    return self.literal(ty);
                }
                let body = self.closure(LENGTH, vec![(x.clone(), from.clone())], |g| {
                    g.expr(elem, depth)
                })?;
                let v = self.expr(&Ty::vector(from.clone()), depth)?;
                let from = from.text(self.index);
                let template = format!("{name}[(({x}::{from}) -> {{}})(y) for y in {{}}]");
                form(&template, vec![body, v])
            }
        })
    }

    /// A position, or nothing.
    pub fn found(&mut self, ty: &Ty, depth: usize) -> Result<Expr> {
        let x = self.fresh();
        if self.chance(1, 3)? {
            let text = self.expr(&Ty::Text, depth)?;
            return Ok(Expr::form(ty.clone(), "tryparse(Int64, {})", vec![text]));
        }
        let elem = self.scalar_type()?;
        let cond = self.closure(LENGTH, vec![(x.clone(), elem.clone())], |g| {
            g.expr(&Ty::Bool, depth)
        })?;
        let v = self.expr(&Ty::vector(elem), depth)?;
        let template = format!("findfirst({x} -> {{}}, {{}})");
        Ok(Expr::form(ty.clone(), &template, vec![cond, v]))
    }

    pub fn question_of_collection(&mut self, depth: usize) -> Result<Expr> {
        let form = |template: &str, args| Expr::form(Ty::Bool, template, args);
        let elem = self.scalar_type()?;
        let vector = Ty::vector(elem.clone());
        let v = self.expr(&vector, depth)?;
        Ok(match self.pick(5)? {
            0 => form("isempty({})", vec![v]),
            1 => {
                let x = self.expr(&elem, depth)?;
                form("({} in {})", vec![x, v])
            }
            2 => {
                let w = self.expr(&vector, depth)?;
                form("({} == {})", vec![v, w])
            }
            _ => {
                let (x, f) = (self.fresh(), ["any", "all"][self.pick(2)?]);
                let cond = self.closure(LENGTH, vec![(x.clone(), elem)], |g| {
                    g.expr(&Ty::Bool, depth)
                })?;
                form(&format!("{f}({x} -> {{}}, {{}})"), vec![cond, v])
            }
        })
    }

    pub fn count_of_collection(&mut self, depth: usize) -> Result<Expr> {
        let form = |template: &str, args| Expr::form(Ty::INT64, template, args);
        let elem = self.scalar_type()?;
        Ok(match self.pick(5)? {
            0 => {
                let v = self.expr(&Ty::vector(elem), depth)?;
                form("length({})", vec![v])
            }
            1 => {
                let v = self.expr(&Ty::vector(Ty::INT64), depth)?;
                let f = [
                    "sum({})",
                    "prod({})",
                    "maximum({}; init = -3)",
                    "reduce(⊻, {}; init = 1)",
                ][self.pick(4)?];
                form(f, vec![v])
            }
            2 => {
                let x = self.fresh();
                let body = self.closure(LENGTH, vec![(x.clone(), elem.clone())], |g| {
                    g.expr(&Ty::INT64, depth)
                })?;
                let v = self.expr(&Ty::vector(elem), depth)?;
                form(
                    &format!("mapreduce({x} -> {{}}, +, {{}}; init = 0)"),
                    vec![body, v],
                )
            }
            3 => {
                let (a, x) = (self.fresh(), self.fresh());
                let vars = vec![(a.clone(), Ty::INT64), (x.clone(), elem.clone())];
                let body = self.closure(LENGTH, vars, |g| g.expr(&Ty::INT64, depth))?;
                let v = self.expr(&Ty::vector(elem), depth)?;
                form(
                    &format!("foldl(({a}, {x}) -> {{}}, {{}}; init = 1)"),
                    vec![body, v],
                )
            }
            _ => {
                let x = self.fresh();
                let cond = self.closure(LENGTH, vec![(x.clone(), elem.clone())], |g| {
                    g.expr(&Ty::Bool, depth)
                })?;
                let v = self.expr(&Ty::vector(elem), depth)?;
                form(&format!("count({x} -> {{}}, {{}})"), vec![cond, v])
            }
        })
    }
}
