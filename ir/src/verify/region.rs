//! Protected regions along all paths: what `enter` opens, `leave` closes and `pop_exception`
//! handles. At a join all paths agree on the open regions; a return has none open. As in Julia 1.10, control comes to
//! a handler with its region still open, and the handler leaves it.

use super::structure::Structure;
use super::{Check, FunctionVerifier, ensure};
use crate::function::{Block, Inst, Op, Terminator, Value};
use cranelift_entity::SecondaryMap;

/// Regions and caught exceptions nest this deep at most.
const MAX_DEPTH: u32 = 1000;

/// A list of open regions or caught exceptions, innermost first; equal lists have equal heads,
/// because every `enter` has one list below it.
#[derive(Copy, Clone, PartialEq, Eq, Default)]
struct Stack(Option<Inst>);

#[derive(Copy, Clone, PartialEq, Eq, Default)]
struct State {
    regions: Stack,
    caught: Stack,
}

/// What was the case where a region was entered, and how deep that is.
type Outer = SecondaryMap<Inst, (State, u32)>;

impl FunctionVerifier<'_, '_> {
    /// Checks the nesting of regions in the reachable blocks.
    pub(super) fn regions(&mut self, structure: &Structure) {
        if !structure.has_regions {
            return;
        }
        let mut outer = Outer::new();
        let mut at_start: SecondaryMap<Block, Option<State>> = SecondaryMap::new();
        if let Some(entry) = self.func.entry() {
            at_start[entry] = Some(State::default());
        }
        for &block in structure.cfg.rpo() {
            if self.v.is_full() {
                return;
            }
            // In reverse postorder a predecessor, if there is one, was seen before.
            let mut state = at_start[block].unwrap_or_default();
            let mut entered = None;
            let func = self.func;
            for &inst in &func.blocks[block].insts {
                let result = match func.insts[inst].op {
                    Op::Enter => {
                        entered = Some(inst);
                        Ok(())
                    }
                    Op::Leave(n) => leave(&mut state, &outer, n),
                    Op::TheException if state.caught.0.is_none() => {
                        Err("no exception is being handled here".into())
                    }
                    Op::PopException(token) => pop(&mut state, &outer, token),
                    _ => Ok(()),
                };
                if let Err(message) = result {
                    self.error(Some(inst), message);
                    return;
                }
            }
            let term = &func.blocks[block].term;
            let mut to_handler = state;
            if let (Terminator::Enter { .. }, Some(inst)) = (term, entered) {
                let depth = |s: Stack| s.0.map_or(0, |i| outer[i].1);
                let depth = depth(state.regions).max(depth(state.caught)) + 1;
                if depth > MAX_DEPTH {
                    let message = format!("regions nest deeper than {MAX_DEPTH} levels");
                    self.error(Some(inst), message);
                    return;
                }
                outer[inst] = (state, depth);
                state.regions = Stack(Some(inst));
                to_handler = State {
                    regions: state.regions,
                    caught: Stack(Some(inst)),
                };
            }
            if let Terminator::Return(_) = term
                && state != State::default()
            {
                let what = if state.regions.0.is_some() {
                    "a protected region is open"
                } else {
                    "an exception is being handled"
                };
                let label = structure.label(block);
                self.error(None, format!("block #{label}: return while {what}"));
                return;
            }
            for succ in term.successors() {
                let is_handler =
                    matches!(term, Terminator::Enter { handler, .. } if *handler == succ);
                let new = if is_handler { to_handler } else { state };
                if let Some(old) = at_start[succ]
                    && old.regions == new.regions
                    && old.caught != new.caught
                {
                    // `finally`: the same code runs while an exception is being handled and while
                    // none is. What goes on from there may do neither with it.
                    at_start[succ] = Some(State {
                        caught: Stack::default(),
                        ..old
                    });
                    continue;
                }
                if at_start[succ].is_some_and(|old| old != new) {
                    let (label, from) = (structure.label(succ), structure.label(block));
                    self.error(
                        None,
                        format!(
                            "block #{label}: other regions are open when control comes from #{from}"
                        ),
                    );
                    return;
                }
                at_start[succ] = Some(new);
            }
        }
    }
}

fn leave(state: &mut State, outer: &Outer, count: u32) -> Check {
    for _ in 0..count {
        let Some(inst) = state.regions.0 else {
            return Err("leaves more regions than are open".into());
        };
        state.regions = outer[inst].0.regions;
    }
    Ok(())
}

/// Forgets the exception caught by the region of `token`, and those caught while handling it.
fn pop(state: &mut State, outer: &Outer, token: Value) -> Check {
    let mut at = state.caught;
    while let Some(inst) = at.0 {
        at = outer[inst].0.caught;
        if token == Value::Inst(inst) {
            state.caught = at;
            return Ok(());
        }
    }
    ensure!(false, "no exception of this region is being handled here");
    Ok(())
}
