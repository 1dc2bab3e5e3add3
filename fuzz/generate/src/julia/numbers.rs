//! Expressions that are numbers. What rounds differently on other machines, as `muladd`, is left out.

use super::scope::Generator;
use super::tree::Expr;
use super::types::Ty;
use arbitrary::Result;

impl Generator<'_, '_> {
    pub fn int_literal(&mut self, signed: bool, bits: u8) -> Result<String> {
        let name = Ty::Int { signed, bits }.text(0);
        let small = self.pick(12)? as i64 - if signed { 4 } else { 0 };
        Ok(match self.pick(8)? {
            0 => format!("typemax({name})"),
            1 => format!("typemin({name})"),
            2 if signed && bits == 64 => {
                let n: i64 = self.u.arbitrary()?;
                if n < 0 {
                    format!("({n})")
                } else {
                    n.to_string()
                }
            }
            3 => {
                let n: u16 = self.u.arbitrary()?;
                format!("({n} % {name})")
            }
            _ if signed && bits == 64 && small >= 0 => small.to_string(),
            _ => format!("{name}({small})"),
        })
    }

    pub fn float_literal(&mut self, bits: u8) -> Result<String> {
        let text = match self.pick(12)? {
            0 => "0.0",
            1 => "(-0.0)",
            2 => "1.0",
            3 => "Inf",
            4 => "NaN",
            5 => "0.1",
            6 => "(-1.5)",
            7 => "2.5",
            8 => "1.0e10",
            9 => "(-3.75)",
            10 => "6.0e-8",
            _ => "100.0",
        };
        Ok(match bits {
            64 => text.to_string(),
            _ => format!("Float{bits}({text})"),
        })
    }

    /// An integer expression.
    pub fn integer(&mut self, ty: &Ty, depth: usize) -> Result<Expr> {
        let form = |template: &str, args| Expr::form(ty.clone(), template, args);
        let name = ty.text(self.index);
        match self.pick(24)? {
            0..7 => {
                let op = ["+", "-", "*", "&", "|", "⊻"][self.pick(6)?];
                let (x, y) = (self.expr(ty, depth)?, self.expr(ty, depth)?);
                Ok(form(&format!("({{}} {op} {{}})"), vec![x, y]))
            }
            7 => {
                let f = ["div", "rem", "mod", "fld", "cld"][self.pick(5)?];
                let (x, y) = (self.expr(ty, depth)?, self.expr(ty, depth)?);
                Ok(form(&format!("{f}({{}}, {{}})"), vec![x, y]))
            }
            8 => {
                // By a constant.
                let n = [2, 3, 5, 7, 10, 16, 100][self.pick(7)?];
                let f = ["div", "rem", "mod", "fld"][self.pick(4)?];
                let x = self.expr(ty, depth)?;
                Ok(form(&format!("{f}({{}}, {name}({n}))"), vec![x]))
            }
            9..11 => {
                let op = ["<<", ">>", ">>>"][self.pick(3)?];
                let x = self.expr(ty, depth)?;
                let count = match self.pick(3)? {
                    0 => self.expr(&Ty::INT64, depth)?,
                    n => Expr::leaf(
                        Ty::INT64,
                        (self.pick(if n == 1 { 9 } else { 70 })?).to_string(),
                    ),
                };
                Ok(form(&format!("({{}} {op} {{}})"), vec![x, count]))
            }
            11 => {
                let f = ["-", "~", "abs", "sign", "bswap", "bitreverse"][self.pick(6)?];
                let x = self.expr(ty, depth)?;
                Ok(form(&format!("{f}({{}})"), vec![x]))
            }
            12 => {
                let f = [
                    "count_ones",
                    "leading_zeros",
                    "trailing_zeros",
                    "leading_ones",
                    "ndigits",
                ][self.pick(5)?];
                let of = self.int_type()?;
                let x = self.expr(&of, depth)?;
                Ok(form(&format!("({f}({{}}) % {name})"), vec![x]))
            }
            13..15 => {
                let of = self.int_type()?;
                let x = self.expr(&of, depth)?;
                let template = match self.pick(3)? {
                    0 => format!("{name}({{}})"),
                    _ => format!("({{}} % {name})"),
                };
                Ok(form(&template, vec![x]))
            }
            15 => {
                let of = self.float_type()?;
                let x = self.expr(&of, depth)?;
                let f = ["trunc", "round", "floor", "ceil"][self.pick(4)?];
                Ok(form(&format!("{f}({name}, {{}})"), vec![x]))
            }
            16 => {
                let f = ["min", "max", "gcd", "flipsign"][self.pick(4)?];
                let (x, y) = (self.expr(ty, depth)?, self.expr(ty, depth)?);
                Ok(form(&format!("{f}({{}}, {{}})"), vec![x, y]))
            }
            17 => {
                let f = ["checked_add", "checked_sub", "checked_mul"][self.pick(3)?];
                let (x, y) = (self.expr(ty, depth)?, self.expr(ty, depth)?);
                Ok(form(&format!("Base.Checked.{f}({{}}, {{}})"), vec![x, y]))
            }
            18 => {
                let (x, y, z) = (self.expr(ty, depth)?, self.simple(ty)?, self.simple(ty)?);
                Ok(form("clamp({}, {}, {})", vec![x, y, z]))
            }
            19 => {
                let x = self.expr(ty, depth)?;
                let n = 2 + self.pick(4)?;
                Ok(form(&format!("({{}}^{n})"), vec![x]))
            }
            20 => {
                let x = self.expr(&Ty::Bool, depth)?;
                Ok(form(&format!("{name}({{}})"), vec![x]))
            }
            21 if *ty == Ty::INT64 => self.count_of_text(depth),
            _ if *ty == Ty::INT64 => self.count_of_collection(depth),
            _ => {
                // The same bits with the other sign.
                let Ty::Int { signed, bits } = *ty else {
                    return self.simple(ty);
                };
                let other = Ty::Int {
                    signed: !signed,
                    bits,
                };
                let x = self.expr(&other, depth)?;
                Ok(form(&format!("reinterpret({name}, {{}})"), vec![x]))
            }
        }
    }

    /// A float expression.
    pub fn float(&mut self, ty: &Ty, depth: usize) -> Result<Expr> {
        let form = |template: &str, args| Expr::form(ty.clone(), template, args);
        let name = ty.text(self.index);
        match self.pick(18)? {
            0..7 => {
                let op = ["+", "-", "*", "/"][self.pick(4)?];
                let (x, y) = (self.expr(ty, depth)?, self.expr(ty, depth)?);
                Ok(form(&format!("({{}} {op} {{}})"), vec![x, y]))
            }
            7..9 => {
                let f = [
                    "-", "abs", "floor", "ceil", "round", "trunc", "sqrt", "sign",
                ][self.pick(8)?];
                let x = self.expr(ty, depth)?;
                Ok(form(&format!("{f}({{}})"), vec![x]))
            }
            9 => {
                let f = ["min", "max", "rem", "mod", "div"][self.pick(5)?];
                let (x, y) = (self.expr(ty, depth)?, self.expr(ty, depth)?);
                Ok(form(&format!("{f}({{}}, {{}})"), vec![x, y]))
            }
            10..12 => {
                let of = self.int_type()?;
                let x = self.expr(&of, depth)?;
                Ok(form(&format!("{name}({{}})"), vec![x]))
            }
            12 => {
                let of = self.float_type()?;
                let x = self.expr(&of, depth)?;
                Ok(form(&format!("{name}({{}})"), vec![x]))
            }
            13 => {
                let (x, y, z) = (
                    self.expr(ty, depth)?,
                    self.expr(ty, depth)?,
                    self.simple(ty)?,
                );
                Ok(form("fma({}, {}, {})", vec![x, y, z]))
            }
            14 => {
                let x = self.expr(ty, depth)?;
                let n = self.pick(4)?;
                Ok(form(&format!("({{}}^{n})"), vec![x]))
            }
            15 if *ty == Ty::FLOAT64 => {
                let f = ["sin", "cos", "exp", "abs2", "inv"][self.pick(5)?];
                let x = self.expr(ty, depth)?;
                Ok(form(&format!("{f}({{}})"), vec![x]))
            }
            16 => {
                let x = self.expr(&Ty::Bool, depth)?;
                Ok(form(&format!("{name}({{}})"), vec![x]))
            }
            _ => {
                let v = self.expr(&Ty::vector(ty.clone()), depth)?;
                let f = [
                    "sum({})",
                    "prod({})",
                    "maximum({}; init = {})",
                    "minimum({}; init = {})",
                ][self.pick(4)?];
                let mut args = vec![v];
                if f.contains("init") {
                    args.push(self.literal(ty)?);
                }
                Ok(form(f, args))
            }
        }
    }
}
