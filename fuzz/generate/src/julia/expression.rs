//! Expressions of any type: variables, literals, calls, choices, parts of other values.

use super::scope::Generator;
use super::tree::Expr;
use super::types::{Ty, field_name, struct_name};
use arbitrary::Result;

impl Generator<'_, '_> {
    /// An expression of this type.
    pub fn expr(&mut self, ty: &Ty, depth: usize) -> Result<Expr> {
        if !self.node() || depth == 0 {
            return self.simple(ty);
        }
        let depth = depth - 1;
        match self.pick(16)? {
            0..4 => self.simple(ty),
            4..6 => match self.call(ty, depth)? {
                Some(call) => Ok(call),
                None => self.own(ty, depth),
            },
            6 => match self.part(ty, depth)? {
                Some(part) => Ok(part),
                None => self.own(ty, depth),
            },
            7 => self.choice(ty, depth),
            _ => self.own(ty, depth),
        }
    }

    /// The result of a function, or of a closure.
    pub fn returned(&mut self, ty: &Ty) -> Result<Expr> {
        self.expr(ty, 4)
    }

    /// A variable or a literal.
    pub fn simple(&mut self, ty: &Ty) -> Result<Expr> {
        if self.chance(3, 4)?
            && let Some(var) = self.variable(|t| t == ty)?
        {
            return Ok(Expr::leaf(ty.clone(), var.name));
        }
        self.literal(ty)
    }

    /// A value that needs nothing.
    pub fn literal(&mut self, ty: &Ty) -> Result<Expr> {
        let text = match ty {
            Ty::Nothing => "nothing".to_string(),
            Ty::Bool => ["true", "false"][self.pick(2)?].to_string(),
            Ty::Int { signed, bits } => self.int_literal(*signed, *bits)?,
            Ty::Float(bits) => self.float_literal(*bits)?,
            Ty::Char => self.char_literal()?,
            Ty::Text => self.text_literal()?,
            Ty::Tuple(parts) => {
                let mut args = Vec::new();
                for part in parts {
                    args.push(self.simple(part)?);
                }
                return Ok(tuple(ty, args));
            }
            Ty::Vector(elem) => {
                let count = self.pick(4)?;
                let mut args = Vec::new();
                for _ in 0..count {
                    args.push(self.simple(elem)?);
                }
                let holes = vec!["{}"; count].join(", ");
                let template = format!("{}[{holes}]", elem.text(self.index));
                return Ok(Expr::form(ty.clone(), &template, args));
            }
            Ty::Struct(n) => {
                let fields = self.structs[*n].fields.clone();
                let mut args = Vec::new();
                for field in &fields {
                    args.push(self.simple(field)?);
                }
                let holes = vec!["{}"; args.len()].join(", ");
                let template = format!("{}({holes})", struct_name(self.index, *n));
                return Ok(Expr::form(ty.clone(), &template, args));
            }
            Ty::Union(members) => {
                let member = match self.pick(2)? {
                    0 => &members.0,
                    _ => &members.1,
                };
                let literal = self.literal(member)?;
                return Ok(Expr::form(ty.clone(), "{}", vec![literal]));
            }
        };
        Ok(Expr::leaf(ty.clone(), text))
    }

    /// An expression that makes something of this very type.
    fn own(&mut self, ty: &Ty, depth: usize) -> Result<Expr> {
        match ty {
            Ty::Nothing => self.literal(ty),
            Ty::Bool => self.condition(depth),
            Ty::Int { .. } => self.integer(ty, depth),
            Ty::Float(_) => self.float(ty, depth),
            Ty::Char => self.character(depth),
            Ty::Text => self.text(depth),
            Ty::Vector(elem) => self.array(ty, elem, depth),
            Ty::Tuple(parts) => {
                let mut args = Vec::new();
                for part in parts {
                    args.push(self.expr(part, depth)?);
                }
                Ok(tuple(ty, args))
            }
            Ty::Struct(n) => {
                let fields = self.structs[*n].fields.clone();
                let mut args = Vec::new();
                for field in &fields {
                    args.push(self.expr(field, depth)?);
                }
                let holes = vec!["{}"; args.len()].join(", ");
                let template = format!("{}({holes})", struct_name(self.index, *n));
                Ok(Expr::form(ty.clone(), &template, args))
            }
            Ty::Union(members) => self.member(ty, &members.0, &members.1, depth),
        }
    }

    /// A value of a union.
    fn member(&mut self, ty: &Ty, a: &Ty, b: &Ty, depth: usize) -> Result<Expr> {
        if (a, b) == (&Ty::Nothing, &Ty::INT64) && self.chance(1, 4)? {
            return self.found(ty, depth);
        }
        let cond = self.expr(&Ty::Bool, depth)?;
        let (x, y) = (self.expr(a, depth)?, self.expr(b, depth)?);
        Ok(Expr::form(ty.clone(), "({} ? {} : {})", vec![cond, x, y]))
    }

    /// One of two expressions, or the one where the other fails.
    fn choice(&mut self, ty: &Ty, depth: usize) -> Result<Expr> {
        let form = |template: &str, args| Expr::form(ty.clone(), template, args);
        match self.pick(9)? {
            0..3 => {
                let cond = self.expr(&Ty::Bool, depth)?;
                let (x, y) = (self.expr(ty, depth)?, self.expr(ty, depth)?);
                Ok(form("({} ? {} : {})", vec![cond, x, y]))
            }
            3 => {
                let cond = self.expr(&Ty::Bool, depth)?;
                let (x, y) = (self.simple(ty)?, self.expr(ty, depth)?);
                Ok(form("ifelse({}, {}, {})", vec![cond, x, y]))
            }
            4 => {
                let (x, y) = (self.expr(ty, depth)?, self.simple(ty)?);
                Ok(form("(try {} catch; {} end)", vec![x, y]))
            }
            5 => {
                // One member of a union, by name and by exclusion.
                let other = self.member_type()?;
                if other == *ty || matches!(ty, Ty::Union(_)) {
                    return self.simple(ty);
                }
                let union = Ty::Union(Box::new((other.clone(), ty.clone())));
                let name = self.fresh();
                let value = self.expr(&union, depth)?;
                let (yes, no) = self.closure_free(&name, ty, &other, depth)?;
                let test = match self.pick(2)? {
                    0 if other == Ty::Nothing => format!("{name} !== nothing"),
                    _ => format!("{name} isa {}", ty.text(self.index)),
                };
                let template = format!("(let {name} = {{}}; {test} ? {{}} : {{}} end)");
                Ok(form(&template, vec![value, yes, no]))
            }
            6 if !matches!(ty, Ty::Union(_) | Ty::Nothing) => {
                let union = Ty::Union(Box::new((Ty::Nothing, ty.clone())));
                let (x, y) = (self.expr(&union, depth)?, self.simple(ty)?);
                Ok(form("something({}, {})", vec![x, y]))
            }
            7 => {
                // A closure, called at once or twice.
                let param = self.scalar_type()?;
                let (f, x) = (self.fresh(), self.fresh());
                let body =
                    self.closure(2, vec![(x.clone(), param.clone())], |g| g.expr(ty, depth))?;
                let arg = self.expr(&param, depth)?;
                let param = param.text(self.index);
                let template = format!("(let {f} = {x}::{param} -> {{}}; {f}({{}}) end)");
                Ok(form(&template, vec![body, arg]))
            }
            _ => {
                let (x, y) = (self.fresh(), self.scalar_type()?);
                let value = self.expr(&y, depth)?;
                let body = self.with(vec![(x.clone(), y)], |g| g.expr(ty, depth))?;
                Ok(form(
                    &format!("(let {x} = {{}}; {{}} end)"),
                    vec![value, body],
                ))
            }
        }
    }

    /// What is done with a value that is of the one type or of the other.
    fn closure_free(
        &mut self,
        name: &str,
        ty: &Ty,
        other: &Ty,
        depth: usize,
    ) -> Result<(Expr, Expr)> {
        let yes = self.with(vec![(name.into(), ty.clone())], |g| g.expr(ty, depth))?;
        let no = self.with(vec![(name.into(), other.clone())], |g| g.expr(ty, depth))?;
        Ok((yes, no))
    }

    /// A part of something: a field, an element.
    fn part(&mut self, ty: &Ty, depth: usize) -> Result<Option<Expr>> {
        let structs = self.structs.clone();
        let holds = |t: &Ty| match t {
            Ty::Tuple(parts) => parts.contains(ty),
            Ty::Struct(n) => structs.get(*n).is_some_and(|s| s.fields.contains(ty)),
            Ty::Vector(elem) => **elem == *ty,
            _ => false,
        };
        let Some(var) = self.variable(holds)? else {
            return Ok(None);
        };
        let object = Expr::leaf(var.ty.clone(), var.name);
        Ok(Some(match &var.ty {
            Ty::Tuple(parts) => {
                let at = parts.iter().position(|p| p == ty).unwrap_or(0);
                let all_same = parts.iter().all(|p| p == ty);
                if all_same && self.chance(1, 3)? {
                    let index = self.index_expr(depth)?;
                    Expr::form(ty.clone(), "{}[{}]", vec![object, index])
                } else {
                    Expr::form(ty.clone(), &format!("{{}}[{}]", at + 1), vec![object])
                }
            }
            Ty::Struct(n) => {
                let fields = &structs[*n].fields;
                let at = fields.iter().position(|p| p == ty).unwrap_or(0);
                Expr::form(
                    ty.clone(),
                    &format!("{{}}.{}", field_name(at)),
                    vec![object],
                )
            }
            _ => {
                let index = self.index_expr(depth)?;
                match self.pick(4)? {
                    0 => Expr::form(ty.clone(), "first({})", vec![object]),
                    1 => Expr::form(ty.clone(), "last({})", vec![object]),
                    _ => Expr::form(ty.clone(), "{}[{}]", vec![object, index]),
                }
            }
        }))
    }

    /// An index, in bounds more often than not.
    pub fn index_expr(&mut self, depth: usize) -> Result<Expr> {
        if self.chance(1, 5)? {
            return self.expr(&Ty::INT64, depth);
        }
        let n = self.pick(4)?;
        Ok(Expr::leaf(Ty::INT64, (n + usize::from(n < 3)).to_string()))
    }

    fn condition(&mut self, depth: usize) -> Result<Expr> {
        let form = |template: &str, args| Expr::form(Ty::Bool, template, args);
        match self.pick(14)? {
            0..4 => {
                let ty = self.int_type()?;
                let op = ["<", "<=", "==", "!=", ">", ">=", "==="][self.pick(7)?];
                let (x, y) = (self.expr(&ty, depth)?, self.expr(&ty, depth)?);
                Ok(form(&format!("({{}} {op} {{}})"), vec![x, y]))
            }
            4..6 => {
                let ty = self.float_type()?;
                let op = ["<", "<=", "==", "!=", ">", ">="][self.pick(6)?];
                let (x, y) = (self.expr(&ty, depth)?, self.expr(&ty, depth)?);
                Ok(form(&format!("({{}} {op} {{}})"), vec![x, y]))
            }
            6 => {
                // Numbers of two types.
                let (a, b) = (self.int_type()?, self.scalar_type()?);
                if !b.is_int() && !b.is_float() {
                    return self.simple(&Ty::Bool);
                }
                let op = ["<", "<=", "==", "!="][self.pick(4)?];
                let (x, y) = (self.expr(&a, depth)?, self.expr(&b, depth)?);
                Ok(form(&format!("({{}} {op} {{}})"), vec![x, y]))
            }
            7..9 => {
                let op = ["&&", "||", "&", "|", "⊻", "=="][self.pick(6)?];
                let (x, y) = (self.expr(&Ty::Bool, depth)?, self.expr(&Ty::Bool, depth)?);
                Ok(form(&format!("({{}} {op} {{}})"), vec![x, y]))
            }
            9 => {
                let x = self.expr(&Ty::Bool, depth)?;
                Ok(form("(!{})", vec![x]))
            }
            10 => {
                let ty = self.float_type()?;
                let x = self.expr(&ty, depth)?;
                let f = ["isnan", "isfinite", "isinf", "isinteger", "iszero"][self.pick(5)?];
                Ok(form(&format!("{f}({{}})"), vec![x]))
            }
            11 => {
                let ty = self.int_type()?;
                let x = self.expr(&ty, depth)?;
                let f = ["iseven", "isodd", "iszero", "isone", "ispow2"][self.pick(5)?];
                Ok(form(&format!("{f}({{}})"), vec![x]))
            }
            12 => self.question_of_collection(depth),
            _ => self.question_of_text(depth),
        }
    }
}

/// `(a, b)`, `(a,)`.
fn tuple(ty: &Ty, args: Vec<Expr>) -> Expr {
    let template = match args.len() {
        1 => "({},)".to_string(),
        n => format!("({})", vec!["{}"; n].join(", ")),
    };
    Expr::form(ty.clone(), &template, args)
}
