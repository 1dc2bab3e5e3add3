//! Which calls of a function are made on the way to an exception only: what they call need not be
//! compiled before one of them is made. Knows nothing of what is done with the others.

use cranelift_entity::SecondaryMap;
use jlift_ir::cfg::Cfg;
use jlift_ir::{Block, Func, Function, Op, Terminator};

/// Tells the callees of all calls from which the function may yet return, or go on forever. A function
/// that always throws was called to do that: all that it calls is told.
pub fn usual_callees(f: &Function, tell: &mut dyn FnMut(Func)) {
    let doomed = doomed(f);
    for &block in &f.layout {
        if doomed[block] {
            continue;
        }
        for &inst in &f.blocks[block].insts {
            if let Op::Invoke { func, .. } = f.insts[inst].op {
                tell(func);
            }
        }
    }
}

/// The blocks from which every path ends where control does not go on.
fn doomed(f: &Function) -> SecondaryMap<Block, bool> {
    let mut doomed = SecondaryMap::new();
    let ends = |&&b: &&Block| matches!(f.blocks[b].term, Terminator::Unreachable);
    if f.layout.iter().find(ends).is_none() {
        return doomed;
    }
    let cfg = Cfg::new(f);
    // Successors first; what comes back to itself is not looked through.
    for &block in cfg.rpo().iter().rev() {
        let term = &f.blocks[block].term;
        let mut next = term.successors().peekable();
        doomed[block] = match next.peek() {
            None => matches!(term, Terminator::Unreachable),
            Some(_) => next.all(|s| doomed[s]),
        };
    }
    if f.entry().is_some_and(|entry| doomed[entry]) {
        return SecondaryMap::new();
    }
    doomed
}
