//! Random valid typed IR: groups of functions that call each other, with a root that is called from
//! outside. Loops and recursion end, and results that Julia leaves undefined are rare; whether a
//! call has one only an execution tells. What NaNs look like does not decide anything, so that
//! results can be compared bit for bit.
//!
//! A group depends on the bytes it is made from, on its types and on its number, not on the rest of
//! its module. Groups share types, so that what a program needs for each of them is shared too.

mod aggregate;
mod array;
mod body;
mod call;
mod constant;
mod control;
mod input;
mod loops;
mod memory;
mod object;
mod protect;
mod scalar;
mod types;
mod union;

pub use input::{Argument, Buffer, Input, inputs};

use crate::choices::Choices;
use arbitrary::Unstructured;
use body::Body;
use jlift_ir::function::{Op, Param};
use jlift_ir::{Func, Function, InlineHint, Module, Type};
pub use types::Pool;
use types::Types;

/// How large groups are.
#[derive(Clone, Debug)]
pub struct Sizes {
    /// Functions of a group at most.
    pub functions: usize,
    /// Statements of a function, without those that its control flow needs.
    pub statements: usize,
}

impl Default for Sizes {
    fn default() -> Sizes {
        Sizes {
            functions: 5,
            statements: 24,
        }
    }
}

/// Functions of which the last, the root, is to be called from outside.
#[derive(Clone, Debug)]
pub struct Group {
    /// Those that calls of the root lead to, itself among them.
    pub functions: Vec<Func>,
    pub root: Func,
}

/// What callers know of a function.
#[derive(Clone, Debug)]
struct Signature {
    func: Func,
    params: Vec<Type>,
    ret: Type,
    /// The first parameter bounds how deep it calls itself.
    recursive: bool,
}

/// What the functions of a group share.
struct Generator<'m> {
    module: &'m mut Module,
    types: Types,
    signatures: Vec<Signature>,
    /// Signatures of functions that nobody calls yet.
    uncalled: Vec<usize>,
}

/// Adds a group to the module that its types were made in. The number makes its names different from
/// those of other groups.
pub fn group(
    module: &mut Module,
    pool: &Pool,
    number: u64,
    u: &mut Unstructured,
    sizes: &Sizes,
) -> Group {
    let mut c = Choices::new(u);
    let mut g = Generator {
        module,
        types: pool.types.clone(),
        signatures: Vec::new(),
        uncalled: Vec::new(),
    };
    let count = c.between(1, sizes.functions.max(1));
    let mut functions = Vec::with_capacity(count);
    for n in 0..count {
        let is_root = n + 1 == count;
        let name = format!(
            "Main.g{number}_{}",
            if is_root {
                "root".into()
            } else {
                n.to_string()
            }
        );
        let signature = g.signature(&mut c, &name, is_root);
        functions.push(signature.func);
        let statements = match is_root {
            true => sizes.statements,
            false => sizes.statements / 2,
        };
        let budget = 3 + c.below(statements.max(1));
        let mut body = Body::new(&mut g, &mut c, signature.clone(), budget);
        body.write(is_root);
        let written = body.finish();
        g.module.functions[signature.func] = written;
        g.uncalled.push(g.signatures.len());
        g.signatures.push(signature);
    }
    let root = functions.last().copied().unwrap_or(Func::from_u32(0));
    g.module.functions[root].export = true;
    let reached = reached(g.module, root);
    functions.retain(|f| reached.contains(f));
    Group { functions, root }
}

/// A function and what its calls lead to.
fn reached(module: &Module, root: Func) -> Vec<Func> {
    let mut all = vec![root];
    let mut next = 0;
    while let Some(&func) = all.get(next) {
        next += 1;
        let Some(f) = module.functions.get(func) else {
            continue;
        };
        for &inst in f.layout.iter().flat_map(|&b| &f.blocks[b].insts) {
            if let Op::Invoke { func, .. } = f.insts[inst].op
                && !all.contains(&func)
            {
                all.push(func);
            }
        }
    }
    all
}

impl Generator<'_> {
    /// A new function without a body.
    fn signature(&mut self, c: &mut Choices, name: &str, is_root: bool) -> Signature {
        let recursive = !is_root && c.percent(15);
        let mut params = Vec::new();
        if recursive {
            params.push(Type::INT64);
        }
        for _ in 0..c.between(1, 4) {
            params.push(self.types.param(c, is_root));
        }
        if is_root {
            // The root has a pointer for everyone who takes one, and so can call everybody.
            for &n in &self.uncalled {
                for &ty in &self.signatures[n].params {
                    if self.module.tables.pointee(ty).is_some() && !params.contains(&ty) {
                        params.push(ty);
                    }
                }
            }
        }
        let ret = self.types.result(c, is_root);
        let empty = self.module.tables.names.intern("");
        let name = self.module.tables.names.intern(name);
        let list = params.iter().map(|&ty| Param { name: empty, ty });
        let mut f = Function::new(name, list.collect(), ret, Type::NOTHING);
        f.inline = match c.weighted(&[6, 2, 2]) {
            0 => InlineHint::Auto,
            1 => InlineHint::Never,
            _ => InlineHint::Always,
        };
        Signature {
            func: self.module.functions.push(f),
            params,
            ret,
            recursive,
        }
    }
}
