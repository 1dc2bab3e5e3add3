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
mod deferred;
mod display;
mod forward;
mod half;
mod heap;
mod inlining;
mod parts;
mod polyfill;
mod records;
mod refuse;
mod rethrow;
mod rewrite;
mod sharpen;
mod specialize;
mod throws;
mod types;
mod wide;

pub use polyfill::Capabilities;

use cranelift_entity::SecondaryMap;
use hashbrown::HashMap;
use inlining::{Chains, inline_round};
use jlift_ir::import::{Imported, Importer, Library};
use jlift_ir::{Func, Function, Inst, Intrinsic, Module, Op, Type, TypeClass};
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
    Legalizer::default().legalize(module, roots, shims, caps)?;
    Ok(Legalized {
        live: reachable(module, roots),
    })
}

/// Legalizes a module that grows: every function once, when it is reached for the first time.
/// Always used with the same module, shims and capabilities.
#[derive(Default)]
pub struct Legalizer {
    imported: Imported,
    records: records::Records,
    specializations: Specializations,
    /// Structs that are built without some of their fields, with the least number of values.
    incomplete: HashMap<Type, usize>,
    /// Number of functions in which these were looked for, and those among them that had no body
    /// then.
    searched: usize,
    bodiless: Vec<Func>,
    /// The functions that are legal.
    seen: SecondaryMap<Func, bool>,
    defers: bool,
}

impl Legalizer {
    /// From now on calls that are only made on the way to an exception do not reach what they call:
    /// it stays as it is until it becomes a root, or something else calls it.
    pub fn defer(&mut self) {
        self.defers = true;
    }

    /// Whether a function is legal; of those that legal functions call the others were deferred.
    pub fn is_legal(&self, func: Func) -> bool {
        self.seen[func]
    }

    /// Legalizes what is reachable from `roots` and is not legal yet; returns these functions,
    /// each after a caller. After an error they count as never reached.
    pub fn legalize(
        &mut self,
        module: &mut Module,
        roots: &[Func],
        shims: &ShimSource,
        caps: &Capabilities,
    ) -> Result<Vec<Func>, Vec<Diagnostic>> {
        self.find_incomplete(module);
        let mut session = Session {
            module,
            shims: Importer::resume(shims, std::mem::take(&mut self.imported)),
            caps,
            records: std::mem::take(&mut self.records),
            incomplete: &self.incomplete,
            diagnostics: Vec::new(),
        };
        let mut work: Vec<Func> = Vec::new();
        for &root in roots.iter().rev() {
            if !std::mem::replace(&mut self.seen[root], true) {
                work.push(root);
            }
        }
        let mut reached = Vec::new();
        let mut reach = None;
        while let Some(id) = work.pop() {
            reached.push(id);
            legalize_function(&mut session, id, &mut self.specializations, &mut reach);
            let f = &session.module.functions[id];
            let mut reach_callee = |callee: Func| {
                if !std::mem::replace(&mut self.seen[callee], true) {
                    work.push(callee);
                }
            };
            match self.defers {
                true => deferred::usual_callees(f, &mut reach_callee),
                false => callees(f).for_each(reach_callee),
            }
        }
        for &id in &reached {
            if !caps.dynamic {
                refuse::check(session.module, id, &mut session.diagnostics);
            }
        }
        self.records = session.records;
        self.imported = session.shims.into_imported();
        if !session.diagnostics.is_empty() {
            for id in reached {
                self.seen[id] = false;
            }
            return Err(session.diagnostics);
        }
        // A wrapper may have dropped arguments, and what made them is now without use.
        let module = session.module;
        for id in forward::forward_wrappers(module, &reached) {
            let mut func = take(module, id);
            dead::remove_dead(module, &mut func);
            module.functions[id] = func;
        }
        Ok(reached)
    }

    /// Looks for structs that are built without some of their fields.
    fn find_incomplete(&mut self, module: &Module) {
        let mut todo = std::mem::take(&mut self.bodiless);
        todo.extend(module.functions.keys().skip(self.searched));
        self.searched = module.functions.len();
        for id in todo {
            let f = &module.functions[id];
            if f.layout.is_empty() {
                // Functions that the module only declares never get one.
                if !f.external {
                    self.bodiless.push(id);
                }
                continue;
            }
            for &block in &f.layout {
                for &inst in &f.blocks[block].insts {
                    let Op::New { ty, args } = f.insts[inst].op else {
                        continue;
                    };
                    let given = f.args(args).len();
                    if module.tables.class(ty) == TypeClass::InlineWithReferences
                        && module
                            .tables
                            .field_types(ty)
                            .is_some_and(|fields| given < fields.len())
                    {
                        let least = self.incomplete.entry(ty).or_insert(given);
                        *least = given.min(*least);
                    }
                }
            }
        }
    }
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

fn legalize_function(
    session: &mut Session,
    id: Func,
    specializations: &mut Specializations,
    reach: &mut Option<rethrow::Reach>,
) {
    if session.module.functions[id].external {
        return;
    }
    rethrow::keep_records(session, reach, id);
    let mut func = take(session.module, id);
    let mut chains = Chains::default();
    for _ in 0..MAX_ROUNDS {
        sharpen::sharpen(session.module, &mut func, session.caps.fma);
        let module = &mut *session.module;
        let dynamic = session.caps.dynamic;
        if !inline_round(module, id, &mut func, &mut chains, specializations, dynamic) {
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
                (Builtin::IsDefined, [_, _, ..]) => checks::expand_isdefined(rw, inst, &args),
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
        Op::ForeignCall(_) => {
            if !heap::expand_foreign(rw, inst) {
                rw.keep(inst);
            }
        }
        Op::Nop => {}
        _ => rw.keep(inst),
    }
}
