//! From what a producer of typed IR may write to what every backend can take.
//!
//! After legalization a function that is reachable from the roots
//! - throws by calling a function that may throw, or by `expr rethrow()`, and in no other way;
//! - contains no unresolved call: what could not be resolved stops the program when reached;
//! - holds no value of a type that is only known abstractly;
//! - uses only operations that the backend's [`Capabilities`] name.
//!
//! Functions are taken one after the other from the roots on. In each, what exceptions are made of
//! is inlined ([`inlining`]) and its consequences drawn ([`sharpen`]) until nothing changes; then
//! one walk ([`rewrite`]) expands throws, checks, calls and missing operations; what became useless
//! goes ([`dead`]). Everything is linear in the size of what is reached, and none of it optional:
//! this is also what `-O0` runs.

mod calls;
mod checks;
mod dead;
mod display;
mod forward;
mod half;
mod inlining;
mod parts;
mod polyfill;
mod records;
mod refuse;
mod rewrite;
mod sharpen;
mod specialize;
mod throws;
mod types;
mod wide;

pub use polyfill::Capabilities;

use cranelift_entity::SecondaryMap;
use inlining::{Chains, inline_round};
use jlift_ir::import::{Importer, Library};
use jlift_ir::{Func, Function, Inst, Intrinsic, Module, Op};
use rewrite::{Rewriter, Session};
use specialize::Specializations;

/// Where runtime functions (`Shims.…`) come from.
pub type ShimSource = Library;

/// Why a program cannot be compiled, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    pub func: Func,
    /// The statement, where there is one; its location says the place in the source.
    pub inst: Option<Inst>,
    pub message: String,
}

/// What legalization has made.
#[derive(Clone, Debug, Default)]
pub struct Legalized {
    /// The functions that are reachable from the roots, roots first; the others of the module are
    /// as they were and are not to be compiled.
    pub live: Vec<Func>,
}

/// Rounds of inlining and sharpening in one function.
const MAX_ROUNDS: usize = 24;

/// Legalizes everything that is reachable from `roots`.
pub fn legalize(
    module: &mut Module,
    roots: &[Func],
    shims: &ShimSource,
    caps: &Capabilities,
) -> Result<Legalized, Vec<Diagnostic>> {
    let mut session = Session {
        module,
        shims: Importer::new(shims),
        caps,
        records: records::Records::default(),
        diagnostics: Vec::new(),
    };
    let mut specializations = Specializations::default();
    let mut seen: SecondaryMap<Func, bool> = SecondaryMap::new();
    let mut work: Vec<Func> = Vec::new();
    for &root in roots.iter().rev() {
        if !std::mem::replace(&mut seen[root], true) {
            work.push(root);
        }
    }
    let mut reached = Vec::new();
    while let Some(id) = work.pop() {
        reached.push(id);
        legalize_function(&mut session, id, &mut specializations);
        for callee in callees(&session.module.functions[id]) {
            if !std::mem::replace(&mut seen[callee], true) {
                work.push(callee);
            }
        }
    }
    for &id in &reached {
        refuse::check(session.module, id, &mut session.diagnostics);
    }
    if !session.diagnostics.is_empty() {
        return Err(session.diagnostics);
    }
    // A wrapper may have dropped arguments, and what made them is now without use.
    for id in forward::forward_wrappers(session.module, &reached) {
        let mut func = take(session.module, id);
        dead::remove_dead(session.module, &mut func);
        session.module.functions[id] = func;
    }
    Ok(Legalized {
        live: reachable(session.module, roots),
    })
}

/// The functions that are reachable from `roots` by calls, roots first, each after a caller.
pub fn reachable(module: &Module, roots: &[Func]) -> Vec<Func> {
    let mut seen: SecondaryMap<Func, bool> = SecondaryMap::new();
    let mut live = Vec::new();
    for &root in roots {
        if !std::mem::replace(&mut seen[root], true) {
            live.push(root);
        }
    }
    let mut next = 0;
    while next < live.len() {
        for callee in callees(&module.functions[live[next]]) {
            if !std::mem::replace(&mut seen[callee], true) {
                live.push(callee);
            }
        }
        next += 1;
    }
    live
}

fn callees(f: &Function) -> impl Iterator<Item = Func> {
    f.layout
        .iter()
        .flat_map(|&b| f.blocks[b].insts.iter())
        .filter_map(|&i| match f.insts[i].op {
            Op::Invoke { func, .. } => Some(func),
            _ => None,
        })
}

/// Takes a function out of the module, to be changed. Its signature stays, for calls of itself.
fn take(module: &mut Module, id: Func) -> Function {
    let f = &module.functions[id];
    let signature = Function::new(f.name, f.params.clone(), f.ret, f.self_type);
    std::mem::replace(&mut module.functions[id], signature)
}

fn legalize_function(session: &mut Session, id: Func, specializations: &mut Specializations) {
    if session.module.functions[id].external {
        return;
    }
    let mut func = take(session.module, id);
    let mut chains = Chains::default();
    for _ in 0..MAX_ROUNDS {
        sharpen::sharpen(session.module, &mut func, session.caps.fma);
        let module = &mut *session.module;
        if !inline_round(module, id, &mut func, &mut chains, specializations) {
            break;
        }
    }
    throws::split_phi_throws(&mut func);
    func = Rewriter::new(session, id, func).run(expand);
    dead::remove_dead(session.module, &mut func);
    session.module.functions[id] = func;
}

/// Expands one statement.
fn expand(rw: &mut Rewriter, inst: Inst) {
    use jlift_ir::Builtin;
    match &rw.func.insts[inst].op {
        Op::Intrinsic(intrinsic, args) => {
            let intrinsic = *intrinsic;
            let args = rw.func.args(*args).to_vec();
            match (intrinsic, &args[..]) {
                (
                    Intrinsic::CheckedSdivInt
                    | Intrinsic::CheckedSremInt
                    | Intrinsic::CheckedUdivInt
                    | Intrinsic::CheckedUremInt,
                    &[a, b],
                ) => checks::expand_division(rw, inst, intrinsic, a, b),
                _ => {
                    if !polyfill::expand_intrinsic(rw, inst, intrinsic, &args) {
                        rw.keep(inst);
                    }
                }
            }
        }
        Op::Builtin(builtin, args) => {
            let builtin = *builtin;
            let args = rw.func.args(*args).to_vec();
            match (builtin, &args[..]) {
                (Builtin::Throw, &[exception]) => throws::expand_throw(rw, exception),
                (Builtin::GetField, [_, _, ..]) => checks::expand_getfield(rw, inst, &args),
                (Builtin::ArrayRef | Builtin::ConstArrayRef, [_, _, _, ..])
                | (Builtin::ArraySet, [_, _, _, _, ..]) => {
                    checks::expand_array_access(rw, inst, builtin, &args);
                }
                (Builtin::TypeAssert, &[value, ty]) => {
                    checks::expand_typeassert(rw, inst, value, ty);
                }
                _ => rw.keep(inst),
            }
        }
        Op::Call { callee, args } => {
            let callee = *callee;
            let args = rw.func.args(*args).to_vec();
            calls::expand_call(rw, inst, callee, &args);
        }
        Op::ThrowRecord { ty, modes, parts } => {
            let (ty, modes) = (*ty, modes.clone());
            let parts = rw.func.args(*parts).to_vec();
            throws::expand_record(rw, ty, &modes, &parts);
        }
        &Op::ThrowUndefIfNot { name, cond } => checks::expand_undef_check(rw, inst, name, cond),
        Op::Nop => {}
        _ => rw.keep(inst),
    }
}
