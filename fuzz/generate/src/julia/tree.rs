//! Programs as trees, so that they can be made smaller, and their text.

use super::types::{StructDef, Ty, field_name, struct_name};
use std::fmt::Write;

/// An expression: text with holes for its operands.
#[derive(Clone, PartialEq, Debug)]
pub struct Expr {
    pub ty: Ty,
    /// One more than there are operands.
    pub pieces: Vec<String>,
    pub args: Vec<Expr>,
}

impl Expr {
    /// An expression without operands.
    pub fn leaf(ty: Ty, text: impl Into<String>) -> Expr {
        Expr {
            ty,
            pieces: vec![text.into()],
            args: Vec::new(),
        }
    }

    /// `{}` in the template stands for the operands, in order.
    pub fn form(ty: Ty, template: &str, args: Vec<Expr>) -> Expr {
        let pieces: Vec<String> = template.split("{}").map(str::to_string).collect();
        debug_assert_eq!(pieces.len(), args.len() + 1, "{template}");
        Expr { ty, pieces, args }
    }

    pub fn write(&self, out: &mut String) {
        for (i, piece) in self.pieces.iter().enumerate() {
            out.push_str(piece);
            if let Some(arg) = self.args.get(i) {
                arg.write(out);
            }
        }
    }

    /// How many nodes there are.
    pub fn size(&self) -> usize {
        1 + self.args.iter().map(Expr::size).sum::<usize>()
    }
}

/// A statement: text with holes for expressions and for blocks.
#[derive(Clone, PartialEq, Debug)]
pub struct Stmt {
    /// Lines around the blocks, one more than there are blocks; `{}` stands for the expressions.
    pub lines: Vec<String>,
    pub exprs: Vec<Expr>,
    pub blocks: Vec<Vec<Stmt>>,
}

impl Stmt {
    /// A statement without blocks.
    pub fn line(template: impl Into<String>, exprs: Vec<Expr>) -> Stmt {
        Stmt {
            lines: vec![template.into()],
            exprs,
            blocks: Vec::new(),
        }
    }

    fn write(&self, out: &mut String, depth: usize) {
        let mut exprs = self.exprs.iter();
        for (i, line) in self.lines.iter().enumerate() {
            out.push_str(&"    ".repeat(depth));
            for (n, piece) in line.split("{}").enumerate() {
                if n > 0
                    && let Some(expr) = exprs.next()
                {
                    expr.write(out);
                }
                out.push_str(piece);
            }
            out.push('\n');
            for stmt in self.blocks.get(i).into_iter().flatten() {
                stmt.write(out, depth + 1);
            }
        }
    }

    fn size(&self) -> usize {
        let exprs: usize = self.exprs.iter().map(Expr::size).sum();
        let blocks: usize = self.blocks.iter().flatten().map(Stmt::size).sum();
        1 + exprs + blocks
    }
}

/// A function: the first line, the statements, the result.
#[derive(Clone, PartialEq, Debug)]
pub struct Function {
    pub head: String,
    pub body: Vec<Stmt>,
    pub result: Expr,
}

impl Function {
    pub fn size(&self) -> usize {
        self.body.iter().map(Stmt::size).sum::<usize>() + self.result.size()
    }
}

/// One program: helper types and functions, and the function `p` with its number that is called
/// with the inputs. All of it has names of its own, so that a file can hold many.
#[derive(Clone, Debug)]
pub struct Program {
    pub index: usize,
    pub structs: Vec<StructDef>,
    /// The last one is the entry, from `Int64` to `UInt64`.
    pub functions: Vec<Function>,
    pub inputs: Vec<i64>,
}

impl Program {
    /// The entry's name.
    pub fn entry(&self) -> String {
        format!("p{}", self.index)
    }

    /// How many nodes there are.
    pub fn size(&self) -> usize {
        let functions: usize = self.functions.iter().map(Function::size).sum();
        functions + self.structs.len()
    }

    /// The definitions, without what all programs share.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let functions = self.functions_text();
        let fields: String = self
            .structs
            .iter()
            .flat_map(|def| &def.fields)
            .map(|ty| ty.text(self.index))
            .collect();
        for (n, def) in self.structs.iter().enumerate() {
            let name = struct_name(self.index, n);
            let is_used = functions.contains(&name) || fields.contains(&name);
            if !is_used {
                continue;
            }
            let keyword = if def.mutable {
                "mutable struct"
            } else {
                "struct"
            };
            let _ = writeln!(out, "{keyword} {name}");
            for (i, ty) in def.fields.iter().enumerate() {
                let _ = writeln!(out, "    {}::{}", field_name(i), ty.text(self.index));
            }
            out.push_str("end\n");
            let parts = (0..def.fields.len()).fold("h".to_string(), |h, i| {
                format!("mix({h}, x.{})", field_name(i))
            });
            let _ = writeln!(out, "mix(h::UInt64, x::{name}) = {parts}");
        }
        out.push_str(&functions);
        out
    }

    fn functions_text(&self) -> String {
        let mut out = String::new();
        for function in &self.functions {
            out.push_str(&function.head);
            out.push('\n');
            for stmt in &function.body {
                stmt.write(&mut out, 1);
            }
            out.push_str("    ");
            function.result.write(&mut out);
            out.push_str("\nend\n");
        }
        out
    }

    /// A file of its own, which prints what the entry gives for each input.
    pub fn file(&self) -> String {
        let mut out = String::from(SHARED);
        out.push_str(&self.text());
        for input in &self.inputs {
            let _ = writeln!(
                out,
                "println(try {}({input}) catch e; typeof(e) end)",
                self.entry()
            );
        }
        out
    }
}

/// What all programs share: a checksum of values of any type. All NaNs are one.
pub const SHARED: &str = "\
mix(h::UInt64, x::UInt64) = (h ⊻ x) * 0x9e3779b97f4a7c15 + (h >> 29)
mix(h::UInt64, x::Union{Int8, Int16, Int32, Int64, UInt8, UInt16, UInt32}) = mix(h, x % UInt64)
mix(h::UInt64, x::Union{Int128, UInt128}) = mix(mix(h, x % UInt64), (x >> 64) % UInt64)
mix(h::UInt64, x::Bool) = mix(h, x ? 0x0000000000000011 : 0x0000000000000007)
mix(h::UInt64, x::Char) = mix(h, UInt32(x))
mix(h::UInt64, ::Nothing) = mix(h, 0x0000000000000003)
mix(h::UInt64, x::Float64) = isnan(x) ? mix(h, 0x7ff8000000000000) : mix(h, reinterpret(UInt64, x))
mix(h::UInt64, x::Float32) = isnan(x) ? mix(h, 0x7fc00000) : mix(h, reinterpret(UInt32, x))
mix(h::UInt64, x::Float16) = isnan(x) ? mix(h, 0x7e00) : mix(h, reinterpret(UInt16, x))
mix(h::UInt64, ::Tuple{}) = mix(h, 0x0000000000000005)
mix(h::UInt64, x::Tuple) = mix(mix(h, x[1]), Base.tail(x))
function mix(h::UInt64, x::String)
    for b in codeunits(x)
        h = mix(h, b)
    end
    mix(h, ncodeunits(x))
end
function mix(h::UInt64, x::Vector)
    for v in x
        h = mix(h, v)
    end
    mix(h, length(x))
end
";
