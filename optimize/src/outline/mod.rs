//! Copies of code become functions.
//!
//! Julia's inliner copies small functions to everywhere they are called from, with all that is
//! inlined into them, and specialises functions for every combination of types, also where the
//! types make little difference. Ahead-of-time code that is to be small wants the opposite: what
//! occurs several times is cut out, becomes a function, and is called.
//!
//! ```text
//!   %1 = getfield(_2, sym "n")             %9 = invoke @7 outlined#1(_2, _3)::Float64
//!   …  forty statements on _2 and _3       %10 = invoke @7 outlined#1(_2, 1)::Float64
//!   %40 = phi(…)::Float64                  %11 = add_float(%9, %10)
//!   …  the same on _2 and 1
//!   %80 = phi(…)::Float64                  function outlined#1(_2, _3)::Float64
//!   %81 = add_float(%40, %80)
//! ```
//!
//! What can be cut out is a run of neighbouring items of a chain ([`structure`]): statements, and
//! pieces of control flow with one entry and one exit. Chains of all functions are one text, whose
//! repeats ([`repeats`]) are candidates. The copies of one are compared exactly ([`region`]); where
//! they use different values from outside, the new function gets parameters, and for values used
//! behind them it gets results ([`group`]). The most profitable go first ([`round`]), and rounds
//! repeat, so that copies inside of the new functions are found too.
//!
//! Before each round functions that differ in constants, in what they call and in arguments without
//! data become one ([`merge`]), which is what is left of specialisation for types that only decide
//! which function is called.
//!
//! First of all, struct types that differ only in fields without data become one ([`twins`]).
//!
//! This runs on legal code that is not optimized yet: there the inlined bodies are still in one
//! piece, and loads from a struct have not been replaced by what the caller knows of it. Functions
//! with protected regions are left alone. Calls cost time, so code in innermost loops is cut out
//! only where that makes a module much smaller, and so is code that innermost loops call.

mod body;
mod complete;
mod dead_ends;
mod extract;
mod group;
mod hash;
mod loops;
mod merge;
mod merged;
pub(crate) mod operation;
mod region;
mod repeats;
mod round;
mod structure;
mod twins;

use crate::passes::{Ctx, Pass, dce, has_regions, simplify_cfg};
use cranelift_entity::EntitySet;
use jlift_ir::cfg::Cfg;
use jlift_ir::{Block, Func, Function, Module, Op, Type};
use merged::Choices;
use round::Known;

/// What is worth a function. Weights are in simple instructions, of about five bytes each.
#[derive(Copy, Clone, Debug)]
pub struct Thresholds {
    /// Weight of a region at least.
    pub weight: u32,
    /// What a group must save.
    pub profit: i64,
    /// What a group with members in innermost loops must save.
    pub profit_in_loops: i64,
}

/// What is done, and how much work it may be.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Modules of fewer statements are left alone.
    pub min_statements: usize,
    pub thresholds: Thresholds,
    /// These hold as soon as half of a module was copies: then small functions are worth it that
    /// make larger ones equal.
    pub among_copies: Thresholds,
    /// Parameters of a new function at most.
    pub max_params: usize,
    /// Parameters that are constants in some copies, at most.
    pub max_differing_constants: usize,
    /// Groups that are tried of the occurrences of one repeat.
    pub max_groups: usize,
    /// How often a statement may be looked at on average.
    pub fuel_per_statement: usize,
    /// Weight of functions that are merged at least.
    pub min_merged_weight: u32,
    /// Parameters that merging adds at most.
    pub max_merged_params: usize,
    /// Rounds at most.
    pub max_rounds: usize,
}

impl Default for Policy {
    fn default() -> Self {
        Policy {
            min_statements: 1500,
            thresholds: Thresholds {
                weight: 8,
                profit: 20,
                profit_in_loops: 400,
            },
            among_copies: Thresholds {
                weight: 8,
                profit: 15,
                profit_in_loops: 15,
            },
            max_params: 12,
            max_differing_constants: 3,
            max_groups: 4,
            fuel_per_statement: 40,
            min_merged_weight: 12,
            max_merged_params: 4,
            max_rounds: 8,
        }
    }
}

/// What a step has done.
struct Progress {
    /// New functions.
    made: Vec<Func>,
    /// Functions that are no longer what they were.
    changed: Vec<Func>,
}

impl Progress {
    /// Lists these functions too, each once.
    fn add_to(&self, funcs: &mut Vec<Func>) {
        funcs.extend_from_slice(&self.made);
        funcs.extend_from_slice(&self.changed);
        funcs.sort_unstable();
        funcs.dedup();
    }
}

/// What makes equal copies of code equal: no blocks that only pass control on, no copies of values.
const CLEANING: &[Pass] = &[simplify_cfg::run, dce::run, simplify_cfg::run];

/// Outlines in the `live` functions. New functions are appended to the module; what is reachable
/// has to be found out again. Says whether anything changed.
pub fn outline(module: &mut Module, live: &[Func]) -> bool {
    outline_with(module, live, &Policy::default())
}

/// [`outline`] by another policy.
pub fn outline_with(module: &mut Module, live: &[Func], policy: &Policy) -> bool {
    let mut funcs: Vec<Func> = live
        .iter()
        .copied()
        .filter(|&f| {
            let func = &module.functions[f];
            !func.external && !func.layout.is_empty() && !has_regions(func)
        })
        .collect();
    if statements(module, &funcs) < policy.min_statements {
        return false;
    }
    twins::unite(module, &funcs, live);
    let mut policy = policy.clone();
    let removable = EntitySet::new();
    let mut ctx = Ctx::new(&mut module.tables, &module.globals, &removable);
    for &f in &funcs {
        let func = &mut module.functions[f];
        ctx.begin_function();
        for pass in CLEANING {
            pass(func, &mut ctx);
        }
        dead_ends::split(func);
    }
    let total = statements(module, &funcs);
    let mut hot = called_from_loops(module, &funcs);
    let mut choices = Choices::default();
    let mut known = Known::default();
    let mut changed = false;
    // What was neither changed nor made has been compared already.
    let mut fresh = funcs.clone();
    for _ in 0..policy.max_rounds {
        let merged = merge::run(module, &funcs, &fresh, &mut hot, &mut choices, &policy);
        funcs.extend_from_slice(&merged.made);
        known.forget(&merged.changed);
        if 2 * statements(module, &funcs) < total {
            policy.thresholds = policy.among_copies;
        }
        let outlined = round::run(module, &funcs, &mut hot, &mut known, &policy);
        funcs.extend_from_slice(&outlined.made);
        fresh.clear();
        merged.add_to(&mut fresh);
        outlined.add_to(&mut fresh);
        if fresh.is_empty() {
            break;
        }
        changed = true;
    }
    for &f in &funcs {
        dead_ends::join(&mut module.functions[f]);
    }
    changed
}

fn statements(module: &Module, funcs: &[Func]) -> usize {
    let counts = funcs.iter().map(|&f| module.functions[f].statement_count());
    counts.sum()
}

/// The functions that are called from innermost loops, directly or not, other than to throw.
fn called_from_loops(module: &Module, funcs: &[Func]) -> EntitySet<Func> {
    let mut hot = EntitySet::new();
    let mut work = Vec::new();
    for &f in funcs {
        let func = &module.functions[f];
        for block in loops::innermost_loop_bodies(&Cfg::new(func)).keys() {
            work.extend(callees(func, block));
        }
    }
    while let Some(f) = work.pop() {
        if hot.insert(f) {
            let func = &module.functions[f];
            work.extend(func.layout.iter().flat_map(|&b| callees(func, b)));
        }
    }
    hot
}

fn callees(func: &Function, block: Block) -> impl Iterator<Item = Func> {
    let insts = func.blocks[block].insts.iter().map(|&i| &func.insts[i]);
    insts.filter_map(|data| match data.op {
        Op::Invoke { func, .. } if data.ty != Type::BOTTOM => Some(func),
        _ => None,
    })
}
