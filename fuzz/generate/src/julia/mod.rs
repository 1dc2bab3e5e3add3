//! Random Julia programs: well-typed, deterministic, defined, and small. Integers and floats of all
//! widths, strings, tuples, arrays, structs, small unions, loops, closures, dispatch, exceptions.
//! What Julia leaves open is not asked: the bits of a NaN, hashes, addresses. Knows nothing of what
//! executes programs.
//!
//! A program is an entry from `Int64` to `UInt64`, which folds everything that it computes into a
//! checksum, with helper functions and types of its own. Many programs fit into one file.

mod collections;
mod expression;
mod numbers;
mod scope;
mod shrink;
mod statement;
mod text;
mod tree;
mod types;

pub use shrink::shrink;
pub use tree::{Program, SHARED};

use arbitrary::Unstructured;
use scope::{Generator, Signature, Var};
use tree::{Expr, Function, Stmt};
use types::{StructDef, Ty};

/// How large programs are.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Sizes {
    /// Helper functions of a program at most.
    pub helpers: usize,
    /// Expressions and statements of a function, about.
    pub nodes: usize,
    /// Statements of the entry, without those inside of others.
    pub statements: usize,
}

impl Default for Sizes {
    fn default() -> Sizes {
        Sizes {
            helpers: 4,
            nodes: 160,
            statements: 9,
        }
    }
}

impl Sizes {
    /// For many programs in little time.
    pub const SMALL: Sizes = Sizes {
        helpers: 1,
        nodes: 36,
        statements: 4,
    };
}

/// Makes program `index`.
pub fn generate(
    u: &mut Unstructured<'_>,
    index: usize,
    sizes: &Sizes,
) -> arbitrary::Result<Program> {
    let mut g = Generator::new(u, index, sizes.nodes);
    for _ in 0..g.pick(3)? {
        let mutable = g.chance(1, 3)?;
        let count = 1 + g.pick(3)?;
        let fields = (0..count)
            .map(|_| g.field_type())
            .collect::<arbitrary::Result<_>>()?;
        g.structs.push(StructDef { mutable, fields });
    }
    let mut functions = Vec::new();
    for n in 0..g.pick(sizes.helpers + 1)? {
        if g.chance(1, 5)? {
            methods(&mut g, n, &mut functions)?;
        } else {
            functions.push(helper(&mut g, n)?);
        }
    }
    functions.push(entry(&mut g, sizes)?);
    let mut inputs = vec![0, 1, -1];
    for _ in 0..2 {
        inputs.push(match g.pick(3)? {
            0 => i64::from(g.u.arbitrary::<i8>()?),
            1 => {
                *g.u.choose(&[i64::MIN, i64::MAX, 127, 128, 255, 1 << 31, 1 << 32])?
            }
            _ => g.u.arbitrary()?,
        });
    }
    Ok(Program {
        index,
        structs: g.structs,
        functions,
        inputs,
    })
}

fn params(g: &mut Generator<'_, '_>, types: &[Ty]) -> String {
    g.vars.clear();
    let mut texts = Vec::new();
    for (i, ty) in types.iter().enumerate() {
        let name = format!("x{i}");
        texts.push(format!("{name}::{}", ty.text(g.index)));
        g.vars.push(Var {
            name,
            ty: ty.clone(),
            is_constant: true,
        });
    }
    texts.join(", ")
}

/// A helper function with one method, perhaps with a keyword or a default.
fn helper(g: &mut Generator<'_, '_>, n: usize) -> arbitrary::Result<Function> {
    let count = 1 + g.pick(3)?;
    let mut types = Vec::new();
    for _ in 0..count {
        types.push(g.any_type(2)?);
    }
    let ret = g.any_type(2)?;
    let mut head = params(g, &types);
    let mut call = String::new();
    g.begin_function();
    match g.pick(8)? {
        0 => {
            let default = g.literal(&Ty::INT64)?;
            let text = expr_text(&default);
            head.push_str(&format!("; k::Int64 = {text}"));
            g.push_constant("k".into(), Ty::INT64);
            if g.chance(1, 2)? {
                call = format!("; k = {}", expr_text(&g.literal(&Ty::INT64)?));
            }
        }
        1 => {
            let default = g.literal(&Ty::INT64)?;
            head.push_str(&format!(", k::Int64 = {}", expr_text(&default)));
            g.push_constant("k".into(), Ty::INT64);
        }
        _ => {}
    }
    let inline = match g.pick(6)? {
        0 => "@noinline ",
        1 => "@inline ",
        _ => "",
    };
    let name = format!("f{}_{n}", g.index);
    let length = g.pick(4)?;
    let body = g.block(length)?;
    let result = g.returned(&ret)?;
    let cost = g.cost;
    g.functions.push(Signature {
        name: name.clone(),
        params: types,
        ret,
        keywords: call,
        cost,
    });
    Ok(Function {
        head: format!("{inline}function {name}({head})"),
        body,
        result,
    })
}

/// A helper function with a method for each of two or three types.
fn methods(g: &mut Generator<'_, '_>, n: usize, out: &mut Vec<Function>) -> arbitrary::Result<()> {
    let name = format!("f{}_{n}", g.index);
    let ret = g.scalar_type()?;
    let mut types: Vec<Ty> = Vec::new();
    for _ in 0..2 + g.pick(2)? {
        let ty = g.member_type()?;
        if !types.contains(&ty) {
            types.push(ty);
        }
    }
    let mut cost = 0;
    for ty in &types {
        let head = params(g, std::slice::from_ref(ty));
        g.begin_function();
        let result = g.returned(&ret)?;
        cost = cost.max(g.cost);
        out.push(Function {
            head: format!("function {name}({head})"),
            body: Vec::new(),
            result,
        });
    }
    let mut add = |params: Vec<Ty>| {
        g.functions.push(Signature {
            name: name.clone(),
            params,
            ret: ret.clone(),
            keywords: String::new(),
            cost,
        });
    };
    if let [a, b, ..] = &types[..] {
        // Called with a value of either type, the method is chosen at run time.
        add(vec![Ty::Union(Box::new((a.clone(), b.clone())))]);
    }
    for ty in types {
        add(vec![ty]);
    }
    Ok(())
}

fn entry(g: &mut Generator<'_, '_>, sizes: &Sizes) -> arbitrary::Result<Function> {
    g.vars.clear();
    g.push_constant("x".into(), Ty::INT64);
    g.begin_function();
    g.in_entry = true;
    let seed = Expr::leaf(Ty::UINT64, "0x0000000000000001");
    let mut body = vec![Stmt::line("h = mix({}, x)", vec![seed])];
    let length = 2 + g.pick(sizes.statements.max(3) - 2)?;
    body.extend(g.block(length)?);
    // What was computed counts, also where nothing used it.
    for var in g.vars.clone().into_iter().skip(1) {
        body.push(Stmt::line(
            "h = mix(h, {})",
            vec![Expr::leaf(var.ty, var.name)],
        ));
    }
    g.in_entry = false;
    Ok(Function {
        head: format!("function p{}(x::Int64)", g.index),
        body,
        result: Expr::leaf(Ty::UINT64, "h"),
    })
}

fn expr_text(expr: &Expr) -> String {
    let mut out = String::new();
    expr.write(&mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::generate;
    use crate::random::SeedBytes;
    use arbitrary::Unstructured;

    fn program(seed: u64) -> super::Program {
        let bytes = SeedBytes::new(seed).bytes(4096);
        generate(&mut Unstructured::new(&bytes), 0, &super::Sizes::default()).expect("a program")
    }

    #[test]
    fn a_seed_gives_the_same_program_again() {
        assert_eq!(program(3).file(), program(3).file());
        assert_ne!(program(3).file(), program(4).file());
    }

    #[test]
    fn programs_are_small_and_use_the_whole_language() {
        let mut all = String::new();
        for seed in 0..400 {
            let program = program(seed);
            assert!(program.size() < 4000, "{}", program.size());
            all.push_str(&program.text());
        }
        for word in [
            "try",
            "catch",
            "finally",
            "while",
            "for",
            "break",
            "continue",
            "mutable struct",
            "Union{",
            "Float16",
            "UInt128",
            "push!",
            "->",
            ".+",
            " isa ",
            "throw(",
            "string(",
            "sort(",
            "@inbounds",
        ] {
            assert!(all.contains(word), "no `{word}`");
        }
    }
}
