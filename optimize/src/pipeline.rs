//! Which passes run in which order. Knows levels and rounds; not what a pass does to a statement.
//!
//! At O1 every pass runs once, for code that is right and free of detours. At O2 passes that make
//! work for each other repeat until they find none, at most [`ROUNDS`] times; then loops get their
//! final shape, which hides conditions from the earlier passes, and what that leaves is cleaned up.

use crate::passes::{
    Ctx, Pass, dce, gvn, hoist, if_convert, join_tails as tails, jump_threading, loops, narrow,
    phi_dedup, propagate, reload, simplify_cfg, sroa, unbox, unroll,
};
use cranelift_entity::EntitySet;
use jlift_ir::{Func, Function, Module};

/// How much is done.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Level {
    /// Nothing.
    O0,
    /// What pays for itself while compiling.
    O1,
    /// Everything.
    #[default]
    O2,
}

/// Rounds of the passes that make work for each other.
const ROUNDS: usize = 4;

const ONCE: &[Pass] = &[
    simplify_cfg::run,
    unbox::run,
    propagate::run,
    jump_threading::run,
    simplify_cfg::run,
    propagate::run,
    dce::run,
    simplify_cfg::run,
];

/// Each with whether what it changes makes work for the others.
const REPEATED: &[(Pass, bool)] = &[
    (simplify_cfg::run, true),
    (narrow::run, true),
    (propagate::run, true),
    (unbox::run, true),
    (sroa::run, true),
    (gvn::run, true),
    (phi_dedup::run, true),
    (simplify_cfg::run, true),
    (jump_threading::run, true),
    (dce::run, false),
];

const SHAPE: &[Pass] = &[
    simplify_cfg::run,
    if_convert::run,
    simplify_cfg::run,
    // Loops that test in the middle end up testing at the bottom; the others are rotated.
    loops::merge_latches,
    simplify_cfg::run,
    loops::rotate,
    simplify_cfg::run,
    loops::single_entries,
    hoist::run,
    propagate::run,
    gvn::run,
    phi_dedup::run,
    dce::run,
    simplify_cfg::run,
    loops::merge_latches,
    simplify_cfg::run,
    unroll::run,
    propagate::run,
    simplify_cfg::run,
];

/// The final shape where only the size of the code counts: loops stay as they are.
const SHAPE_SMALL: &[Pass] = &[
    simplify_cfg::run,
    if_convert::run,
    simplify_cfg::run,
    propagate::run,
    gvn::run,
    phi_dedup::run,
    dce::run,
    simplify_cfg::run,
];

/// Optimizes all functions of a module. `removable` lists the functions whose calls may go when
/// the result is unused: they return, and do nothing else.
pub fn optimize(module: &mut Module, level: Level, removable: &EntitySet<Func>) {
    if level == Level::O0 {
        return;
    }
    let mut ctx = Ctx::new(&mut module.tables, &module.globals, removable);
    for func in module.functions.values_mut() {
        optimize_function(func, &mut ctx, level);
    }
}

/// Optimizes one function.
pub fn optimize_function(func: &mut Function, ctx: &mut Ctx<'_>, level: Level) {
    clean(func, ctx, level);
    shape(func, ctx, level);
}

/// The first part: everything but the final shape of loops and branches. What it leaves is what
/// inlining copies.
pub fn clean(func: &mut Function, ctx: &mut Ctx<'_>, level: Level) {
    if func.layout.is_empty() {
        return;
    }
    ctx.begin_function();
    match level {
        Level::O0 => return,
        Level::O1 => run_all(ONCE, func, ctx),
        Level::O2 => repeat(REPEATED, func, ctx),
    }
    order_blocks(func, ctx);
}

/// The second part, for a function that is lowered next.
pub fn shape(func: &mut Function, ctx: &mut Ctx<'_>, level: Level) {
    shape_by(SHAPE, func, ctx, level);
}

/// The second part for a function that is to be small rather than fast.
pub fn shape_small(func: &mut Function, ctx: &mut Ctx<'_>, level: Level) {
    shape_by(SHAPE_SMALL, func, ctx, level);
}

/// Reads again what calls would make the code keep elsewhere, after [`shape`].
pub fn reload_floats(func: &mut Function, ctx: &mut Ctx<'_>, level: Level) {
    if func.layout.is_empty() || level < Level::O2 {
        return;
    }
    ctx.begin_function();
    // What was read first may have no use before the first call.
    run_all(&[reload::run, dce::run], func, ctx);
}

/// Joins equal ends of paths, before [`shape`].
pub fn join_tails(func: &mut Function, ctx: &mut Ctx<'_>, level: Level) {
    if func.layout.is_empty() || level < Level::O2 {
        return;
    }
    ctx.begin_function();
    run_all(&[simplify_cfg::run], func, ctx);
    // What is joined may have made what leads to it equal.
    for _ in 0..ROUNDS {
        if !tails::run(func, ctx) {
            break;
        }
        ctx.begin_function();
        run_all(&[simplify_cfg::run], func, ctx);
    }
    if tails::share_return(func, ctx) {
        ctx.begin_function();
    }
}

fn shape_by(passes: &[Pass], func: &mut Function, ctx: &mut Ctx<'_>, level: Level) {
    // One block has no shape to change, and the first part has left nothing else to do in it.
    if func.layout.len() < 2 || level < Level::O2 {
        return;
    }
    ctx.begin_function();
    run_all(passes, func, ctx);
    order_blocks(func, ctx);
}

fn run_all(passes: &[Pass], func: &mut Function, ctx: &mut Ctx<'_>) {
    for pass in passes {
        pass(func, ctx);
    }
}

/// Runs the passes in turn until none of them finds anything after what the others did.
fn repeat(passes: &[(Pass, bool)], func: &mut Function, ctx: &mut Ctx<'_>) {
    let mut unchanged = 0;
    for &(pass, makes_work) in passes.iter().cycle().take(ROUNDS * passes.len()) {
        if pass(func, ctx) && makes_work {
            unchanged = 0;
        } else {
            unchanged += 1;
            if unchanged == passes.len() {
                break;
            }
        }
    }
}

/// Lists the blocks in reverse postorder: definitions stand before their uses, as one reads.
fn order_blocks(func: &mut Function, ctx: &mut Ctx<'_>) {
    let cfg = ctx.take_cfg(func);
    func.layout.clear();
    func.layout.extend_from_slice(cfg.rpo());
    ctx.keep_cfg(cfg);
}
