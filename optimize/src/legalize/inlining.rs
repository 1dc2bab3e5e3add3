//! Which calls are inlined or specialised so that everything has a representation: calls that
//! return exceptions and strings, and calls that take values of abstract types.
//!
//! ```text
//!   %1 = invoke @4 DomainError(_2, %9)::DomainError      its body, with `val::Any` a Float64
//!   %2 = invoke @7 _log(%3, sym "log")::Float64      =>  invoke @20 _log(%3)::Float64
//! ```
//!
//! Small callees and those that never return are inlined. Larger ones are copied once per list of
//! argument types and constants ([`super::specialize`]), which also ends recursion. A chain of
//! inlined calls never holds a function twice and is at most [`MAX_DEPTH`] long.

use super::parts::is_concatenation;
use super::specialize::Specializations;
use super::types::is_abstract;
use crate::inline::{is_inlinable, splice};
use cranelift_entity::{EntityRef, SecondaryMap};
use jlift_ir::{Block, Func, Function, Inst, Module, Op, Type, TypeClass};

/// Calls inside of inlined calls inside of ….
const MAX_DEPTH: usize = 16;
/// Statements of callees that are inlined because of their parameters.
const SMALL: usize = 40;
/// Statements of callees that are inlined because of what they return, or that never return.
const MEDIUM: usize = 400;
/// Statements of a caller beyond which nothing is inlined into it.
const MAX_CALLER: usize = 50_000;

/// The calls through which statements came into a function that is being legalized.
#[derive(Default)]
pub struct Chains {
    /// The inlined callee and the chain it was inlined from; 0 is the function itself.
    links: Vec<(Func, u32)>,
    of: SecondaryMap<Inst, u32>,
}

impl Chains {
    fn allows(&self, mut chain: u32, callee: Func) -> bool {
        let mut depth = 0;
        while chain != 0 {
            let (func, up) = self.links[chain as usize - 1];
            depth += 1;
            if func == callee || depth >= MAX_DEPTH {
                return false;
            }
            chain = up;
        }
        true
    }
}

/// Inlines and specialises the calls of `func`, which is `id` in the module but taken out of it;
/// says whether anything has changed.
pub fn inline_round(
    module: &mut Module,
    id: Func,
    func: &mut Function,
    chains: &mut Chains,
    specializations: &mut Specializations,
    dynamic: bool,
) -> bool {
    let mut changed = false;
    let mut work: Vec<(Block, usize)> = func.layout.iter().map(|&b| (b, 0)).collect();
    while let Some((block, start)) = work.pop() {
        let mut pos = start;
        while let Some(&inst) = func.blocks[block].insts.get(pos) {
            pos += 1;
            let Op::Invoke { func: callee, .. } = func.insts[inst].op else {
                continue;
            };
            if callee == id {
                changed |= specializations.apply(module, func, inst, dynamic);
                continue;
            }
            let chain = chains.of[inst];
            // With dynamic values everything has a representation.
            let wanted = !dynamic
                && func.insts.len() < MAX_CALLER
                && should_inline(module, func, inst, callee)
                && chains.allows(chain, callee);
            if !wanted {
                changed |= specializations.apply(module, func, inst, dynamic);
                continue;
            }
            let Ok(inlined) = splice(module, func, block, pos - 1) else {
                continue;
            };
            changed = true;
            chains.links.push((callee, chain));
            let link = chains.links.len() as u32;
            for n in inlined.first.index()..func.insts.len() {
                chains.of[Inst::new(n)] = link;
            }
            // What was inlined is looked at in the next round, when its types are known.
            match inlined.tail {
                Some(tail) if tail == block => pos = inlined.resume,
                Some(tail) => {
                    work.push((tail, inlined.resume));
                    break;
                }
                None => break,
            }
        }
    }
    changed
}

/// Whether a type is one that errors are made of and that is not passed around at run time.
fn is_error_material(module: &Module, ty: Type) -> bool {
    let tables = &module.tables;
    match tables.class(ty) {
        TypeClass::String | TypeClass::Symbol | TypeClass::InlineWithReferences => true,
        TypeClass::Heap => {
            tables.is_subtype(ty, Type::EXCEPTION) == Some(true)
                || tables.is_subtype(ty, Type::ABSTRACT_STRING) == Some(true)
        }
        TypeClass::Abstract | TypeClass::Union => is_abstract(tables, ty),
        _ => false,
    }
}

fn should_inline(module: &Module, caller: &Function, call: Inst, callee: Func) -> bool {
    let f = &module.functions[callee];
    if is_inlinable(f).is_err() || is_concatenation(module, callee) {
        return false;
    }
    let size = f.statement_count();
    if f.ret != Type::BOTTOM && is_error_material(module, f.ret) {
        // A call whose result is not looked at need not be taken apart.
        return size <= MEDIUM && caller.insts[call].ty != Type::NOTHING;
    }
    let takes_errors = f.params.iter().any(|p| is_error_material(module, p.ty));
    takes_errors && (size <= SMALL || f.ret == Type::BOTTOM && size <= MEDIUM)
}
