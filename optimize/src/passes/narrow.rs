//! Phis of unions all of whose entries have one type get that type: the state of an iterator whose
//! end is tested before control comes to the phi. Assumes of phis in a cycle what it can, and takes
//! back what an entry contradicts.
//!
//! ```text
//! %1 = phi(#1 => (1, 1), #3 => %4)::Union{Nothing, Tuple{Int64, Int64}}
//! %2 = pi(%1, type Tuple{Int64, Int64})      %1 = phi(#1 => (1, 1), #3 => %4)::Tuple{Int64, Int64}
//! ```

use super::Ctx;
use hashbrown::HashMap;
use jlift_ir::{Function, Inst, Op, Type, TypeClass, Value};

/// What is assumed of a phi.
#[derive(Copy, Clone, PartialEq, Eq)]
enum State {
    /// No entry was looked at.
    None,
    One(Type),
    Many,
}

/// Narrows phis.
pub fn run(func: &mut Function, ctx: &mut Ctx<'_>) -> bool {
    let mut phis: Vec<Inst> = Vec::new();
    for &block in &func.layout {
        phis.extend(func.block_phis(block).filter(|&phi| {
            let class = ctx.tables.class(func.insts[phi].ty);
            matches!(class, TypeClass::Union | TypeClass::Abstract)
        }));
    }
    if phis.is_empty() {
        return false;
    }
    let mut states: HashMap<Inst, State> = phis.iter().map(|&p| (p, State::None)).collect();
    let mut grows = true;
    while grows {
        grows = false;
        for &phi in &phis {
            let old = states.get(&phi).copied().unwrap_or(State::Many);
            let new = meet(func, ctx, phi, old, &states);
            if new != old {
                states.insert(phi, new);
                grows = true;
            }
        }
    }
    let mut changed = false;
    for phi in phis {
        if let Some(&State::One(ty)) = states.get(&phi)
            && ty != func.insts[phi].ty
            && ctx.tables.is_subtype(ty, func.insts[phi].ty) == Some(true)
        {
            func.insts[phi].ty = ty;
            changed = true;
        }
    }
    changed
}

fn meet(
    func: &Function,
    ctx: &Ctx<'_>,
    phi: Inst,
    mut state: State,
    states: &HashMap<Inst, State>,
) -> State {
    let Op::Phi(list) = func.insts[phi].op else {
        return State::Many;
    };
    for &(_, value) in func.phi_args(list) {
        let found = match value {
            Value::Inst(inst) if states.contains_key(&inst) => {
                states.get(&inst).copied().unwrap_or(State::Many)
            }
            // Types as values have a type each.
            Value::Type(_) => State::Many,
            _ => State::One(ctx.type_of(func, value)),
        };
        state = match (state, found) {
            (State::None, found) => found,
            (state, State::None) => state,
            (State::One(a), State::One(b)) if a == b => state,
            _ => State::Many,
        };
    }
    state
}
