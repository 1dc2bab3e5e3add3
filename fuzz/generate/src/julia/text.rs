//! Expressions about strings and characters. Strings stay short: whoever makes longer ones cuts them.

use super::scope::Generator;
use super::tree::Expr;
use super::types::Ty;
use arbitrary::Result;

impl Generator<'_, '_> {
    pub fn char_literal(&mut self) -> Result<String> {
        Ok(["'a'", "'Z'", "'0'", "' '", "'é'", "'∀'", "'\\n'"][self.pick(7)?].to_string())
    }

    pub fn text_literal(&mut self) -> Result<String> {
        let text = [
            "\"\"",
            "\"a\"",
            "\"abc\"",
            "\"Hello, World\"",
            "\"12\"",
            "\"x=é∀\"",
            "\"-7\"",
        ];
        Ok(text[self.pick(7)?].to_string())
    }

    pub fn character(&mut self, depth: usize) -> Result<Expr> {
        let form = |template: &str, args| Expr::form(Ty::Char, template, args);
        Ok(match self.pick(5)? {
            0 => {
                let x = self.expr(&Ty::INT64, depth)?;
                form("Char(mod({}, 1000))", vec![x])
            }
            1 => {
                let x = self.expr(&Ty::Char, depth)?;
                form("uppercase({})", vec![x])
            }
            2 => {
                let x = self.expr(&Ty::Text, depth)?;
                let f = ["first({})", "last({})", "{}[1]"][self.pick(3)?];
                form(f, vec![x])
            }
            3 => {
                let x = self.expr(&Ty::Char, depth)?;
                form("({} + 1)", vec![x])
            }
            _ => self.literal(&Ty::Char)?,
        })
    }

    /// A string expression.
    pub fn text(&mut self, depth: usize) -> Result<Expr> {
        let form = |template: &str, args| Expr::form(Ty::Text, template, args);
        Ok(match self.pick(12)? {
            0..2 => {
                let (x, y) = (self.expr(&Ty::Text, depth)?, self.expr(&Ty::Text, depth)?);
                form("first({} * {}, 40)", vec![x, y])
            }
            2..5 => {
                let ty = self.printable_type()?;
                let x = self.expr(&ty, depth)?;
                let f = ["string({})", "repr({})", "string(\"<\", {}, '>')"][self.pick(3)?];
                form(f, vec![x])
            }
            5 => {
                let ty = self.int_type()?;
                let x = self.expr(&ty, depth)?;
                let f = [
                    "string({}, base = 16)",
                    "string({}, base = 2)",
                    "bitstring({})",
                ][self.pick(3)?];
                form(f, vec![x])
            }
            6 => {
                let x = self.expr(&Ty::Text, depth)?;
                let f = [
                    "uppercase({})",
                    "lowercase({})",
                    "reverse({})",
                    "String(strip({}))",
                ][self.pick(4)?];
                form(f, vec![x])
            }
            7 => {
                let (x, n) = (self.expr(&Ty::Text, depth)?, self.pick(9)?);
                let f = ["lpad", "rpad", "first", "last"][self.pick(4)?];
                form(&format!("{f}({{}}, {n})"), vec![x])
            }
            8 => {
                let elem = self.scalar_type()?;
                let v = self.expr(&Ty::vector(elem), depth)?;
                form("join({}, \", \")", vec![v])
            }
            9 => {
                let (x, n) = (self.simple(&Ty::Text)?, self.pick(4)?);
                form(&format!("({{}}^{n})"), vec![x])
            }
            10 => {
                let x = self.expr(&Ty::Text, depth)?;
                form("replace({}, \"a\" => \"bc\")", vec![x])
            }
            _ => {
                let (ty, other) = (self.scalar_type()?, self.scalar_type()?);
                let (x, y) = (self.expr(&ty, depth)?, self.simple(&other)?);
                form("\"$({}), $({})\"", vec![x, y])
            }
        })
    }

    /// What prints without depending on the bits of a NaN: everything.
    fn printable_type(&mut self) -> Result<Ty> {
        Ok(match self.pick(6)? {
            0..4 => self.scalar_type()?,
            4 => {
                let elem = self.scalar_type()?;
                Ty::vector(elem)
            }
            _ => Ty::Tuple(vec![self.scalar_type()?, self.member_type()?]),
        })
    }

    pub fn question_of_text(&mut self, depth: usize) -> Result<Expr> {
        let form = |template: &str, args| Expr::form(Ty::Bool, template, args);
        let (x, y) = (self.expr(&Ty::Text, depth)?, self.expr(&Ty::Text, depth)?);
        Ok(match self.pick(6)? {
            0 => form("({} == {})", vec![x, y]),
            1 => form("({} < {})", vec![x, y]),
            2 => form("startswith({}, {})", vec![x, y]),
            3 => form("occursin({}, {})", vec![x, y]),
            4 => form("isempty({})", vec![x]),
            _ => {
                let c = self.expr(&Ty::Char, depth)?;
                let f = ["isdigit({})", "isletter({})", "isuppercase({})"][self.pick(3)?];
                form(f, vec![c])
            }
        })
    }

    pub fn count_of_text(&mut self, depth: usize) -> Result<Expr> {
        let form = |template: &str, args| Expr::form(Ty::INT64, template, args);
        Ok(match self.pick(3)? {
            0 => {
                let x = self.expr(&Ty::Text, depth)?;
                let f = ["length({})", "ncodeunits({})", "count(isdigit, {})"][self.pick(3)?];
                form(f, vec![x])
            }
            1 => {
                let c = self.expr(&Ty::Char, depth)?;
                form("Int64({})", vec![c])
            }
            _ => {
                let x = self.expr(&Ty::Text, depth)?;
                form("something(tryparse(Int64, {}), 5)", vec![x])
            }
        })
    }
}
