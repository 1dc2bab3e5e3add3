//! Abstract interpretation of one body: slot states per basic block to a fixed point.

use super::cfg::LoweredCfg;
use super::instance::{Calls, InstId, ReturnCondition};
use crate::lattice::{Lat, SlotState};
use crate::world::World;
use crate::world::modules::ModuleId;
use cranelift_entity::EntityRef;
use jlift_frontend::lowered::{Code, Operand, Rvalue, Slot, Stmt, StmtId};
use jlift_ir::{Name, Type, Value};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

/// What inference found out about a body.
pub struct BodyResult {
    pub code: Arc<Code>,
    pub ret: Lat,
    pub total: bool,
    pub condition: Option<ReturnCondition>,
    pub cfg: LoweredCfg,
    /// What is known of the slots at the start of each block; `None` if it is never reached.
    pub entry: Vec<Option<Box<[SlotState]>>>,
    /// What each statement gives or, for assignments, assigns.
    pub values: Vec<Lat>,
    pub calls: Calls,
    /// Whether bounds checks are off at a statement.
    pub inbounds: Vec<bool>,
    /// Blocks that control can go on to from each block, exceptions aside.
    pub edges: Vec<Vec<usize>>,
    /// Globals without a meaning that statements read.
    pub undefined: Vec<(usize, Name)>,
}

impl BodyResult {
    /// Of no code at all.
    pub(crate) fn empty() -> BodyResult {
        let code = Arc::new(Code {
            slots: Default::default(),
            params: 0,
            vararg: false,
            static_params: Vec::new(),
            stmts: Default::default(),
            spans: Default::default(),
            closures: Default::default(),
            hints: Default::default(),
            tree: Default::default(),
        });
        BodyResult {
            cfg: LoweredCfg::new(&code),
            code,
            ret: Lat::Bottom,
            total: true,
            condition: None,
            entry: Vec::new(),
            values: Vec::new(),
            calls: Vec::new(),
            inbounds: Vec::new(),
            edges: Vec::new(),
            undefined: Vec::new(),
        }
    }
}

/// What a `Bool` says about a slot.
#[derive(Clone)]
pub(super) struct Condition {
    pub(super) slot: Slot,
    pub(super) then: Lat,
    pub(super) other: Lat,
}

/// The state of one interpretation.
pub(super) struct Interpreter {
    pub(super) inst: InstId,
    pub(super) module: ModuleId,
    pub(super) code: Arc<Code>,
    pub(super) cfg: LoweredCfg,
    pub(super) entry: Vec<Option<Box<[SlotState]>>>,
    pub(super) values: Vec<Lat>,
    pub(super) calls: Calls,
    pub(super) inbounds: Vec<bool>,
    pub(super) edges: Vec<Vec<usize>>,
    pub(super) undefined: Vec<(usize, Name)>,
    /// The statement being interpreted.
    pub(super) at: usize,
    /// `@inbounds` nesting at block entries.
    pub(super) block_inbounds: Vec<u32>,
    /// The first block comes first: what is behind a loop is visited when the loop has settled.
    pub(super) work: BinaryHeap<Reverse<usize>>,
    pub(super) queued: Vec<bool>,
    pub(super) ret: Lat,
    pub(super) ret_condition: Option<ReturnCondition>,
    pub(super) total: bool,
    pub(super) conditions: Vec<Option<Condition>>,
    /// The statement is a copy of this slot.
    pub(super) alias: Vec<Option<Slot>>,
    pub(super) visits: usize,
}

/// A body is given up after this many visits per block: its types do not settle.
const MAX_VISITS_PER_BLOCK: usize = 60;

impl World {
    /// Interprets the body of the instance on top of the stack.
    pub(super) fn infer_body(&mut self, id: InstId) -> BodyResult {
        let inst = &self.instances[id];
        let module = inst.module;
        let Some(code) = inst.code.clone() else {
            let code = Arc::new(empty_code());
            return BodyResult {
                cfg: LoweredCfg {
                    starts: Vec::new(),
                    block_of: Vec::new(),
                    len: 0,
                    handlers: Vec::new(),
                },
                code,
                ret: Lat::Bottom,
                total: false,
                condition: None,
                entry: Vec::new(),
                values: Vec::new(),
                calls: Vec::new(),
                inbounds: Vec::new(),
                edges: Vec::new(),
                undefined: Vec::new(),
            };
        };
        self.register_closures(id, &code);
        let start_inbounds = u32::from(inst_inbounds(self, id) && code.hints.propagate_inbounds);
        let cfg = LoweredCfg::new(&code);
        let n = code.stmts.len();
        let blocks = cfg.starts.len();
        let mut me = Interpreter {
            inst: id,
            module,
            entry: vec![None; blocks],
            values: vec![Lat::Bottom; n],
            calls: vec![None; n],
            inbounds: vec![false; n],
            edges: vec![Vec::new(); blocks],
            undefined: Vec::new(),
            at: 0,
            block_inbounds: vec![start_inbounds; blocks],
            work: BinaryHeap::new(),
            queued: vec![false; blocks],
            ret: Lat::Bottom,
            ret_condition: None,
            total: true,
            conditions: vec![None; n],
            alias: vec![None; n],
            visits: 0,
            code: code.clone(),
            cfg,
        };
        let state = self.entry_state(id, &code);
        if blocks > 0 {
            me.flow(self, 0, &state, start_inbounds);
        }
        let limit = MAX_VISITS_PER_BLOCK * blocks.max(1);
        while let Some(Reverse(block)) = me.work.pop() {
            me.queued[block] = false;
            me.visits += 1;
            if me.visits > limit {
                me.total = false;
                me.ret = Lat::ANY;
                self.obstruct(crate::obstacle::Obstacle::error(
                    code.spans.values().flatten().next().copied(),
                    "the types in this function do not settle",
                ));
                break;
            }
            me.visit(self, block);
        }
        BodyResult {
            ret: me.ret,
            total: me.total,
            condition: me.ret_condition,
            cfg: me.cfg,
            entry: me.entry,
            values: me.values,
            calls: me.calls,
            inbounds: me.inbounds,
            edges: me.edges,
            undefined: me.undefined,
            code,
        }
    }

    /// What is known of the slots when a body begins.
    fn entry_state(&mut self, id: InstId, code: &Code) -> Vec<SlotState> {
        let mut state = vec![SlotState::UNDEFINED; code.slots.len()];
        let args = self.instances[id].args.clone();
        let params = code.params as usize;
        for (n, slot) in state.iter_mut().enumerate().take(params) {
            let lat = if code.vararg && n + 1 == params {
                let rest: Vec<Lat> = args.get(n..).unwrap_or(&[]).to_vec();
                self.tuple_of(&rest)
            } else {
                args.get(n).cloned().unwrap_or(Lat::ANY)
            };
            *slot = SlotState {
                lat,
                maybe_undefined: false,
            };
        }
        state
    }
}

pub(super) fn inst_inbounds(world: &World, id: InstId) -> bool {
    world.instances[id].inbounds
}

fn empty_code() -> Code {
    Code {
        slots: Default::default(),
        params: 0,
        vararg: false,
        static_params: Vec::new(),
        stmts: Default::default(),
        spans: Default::default(),
        closures: Default::default(),
        hints: Default::default(),
        tree: Default::default(),
    }
}

impl Interpreter {
    /// Control goes on from one block to another.
    fn go(
        &mut self,
        world: &mut World,
        from: usize,
        to: usize,
        state: &[SlotState],
        inbounds: u32,
    ) {
        if !self.edges[from].contains(&to) {
            self.edges[from].push(to);
        }
        self.flow(world, to, state, inbounds);
    }

    /// Joins a state into the entry of a block and queues it if that changed something.
    fn flow(&mut self, world: &mut World, block: usize, state: &[SlotState], inbounds: u32) {
        let changed = match &mut self.entry[block] {
            Some(old) => world.merge_states(old, state),
            none => {
                *none = Some(state.into());
                self.block_inbounds[block] = inbounds;
                true
            }
        };
        if changed && !self.queued[block] {
            self.queued[block] = true;
            self.work.push(Reverse(block));
        }
    }

    fn visit(&mut self, world: &mut World, block: usize) {
        let Some(entry) = &self.entry[block] else {
            return;
        };
        let mut state: Vec<SlotState> = entry.to_vec();
        self.edges[block].clear();
        let mut inbounds = self.block_inbounds[block];
        let code = self.code.clone();
        let handlers = self.cfg.handlers[block].clone();
        for index in self.cfg.range(block) {
            let id = StmtId::new(index);
            self.inbounds[index] = inbounds > 0;
            self.at = index;
            match &code.stmts[id] {
                Stmt::Value(rvalue) => {
                    self.alias[index] = match rvalue {
                        Rvalue::Use(Operand::Slot(s)) => Some(*s),
                        _ => None,
                    };
                    let lat = self.rvalue(world, id, rvalue, &mut state);
                    let stop = lat.is_bottom();
                    // Values only grow, so that what uses them settles.
                    let old = std::mem::replace(&mut self.values[index], Lat::Bottom);
                    self.values[index] = world.merge(&old, &lat);
                    if stop {
                        return;
                    }
                }
                Stmt::Assign(slot, rvalue) => {
                    let lat = self.rvalue(world, id, rvalue, &mut state);
                    let stop = lat.is_bottom();
                    let old = std::mem::replace(&mut self.values[index], Lat::Bottom);
                    let lat = world.merge(&old, &lat);
                    self.values[index] = lat.clone();
                    if stop {
                        return;
                    }
                    state[slot.index()] = SlotState {
                        lat,
                        maybe_undefined: false,
                    };
                    for &handler in &handlers {
                        self.flow(world, handler as usize, &state, 0);
                    }
                }
                Stmt::AssignGlobal(home, name, operand) => {
                    let lat = self.operand(world, operand, &mut state);
                    if lat.is_bottom() {
                        return;
                    }
                    self.total = false;
                    let span = code.spans[id];
                    let Some(stored) = self.stored(world, id, *home, *name, &lat) else {
                        return;
                    };
                    world.note_global_assignment(self.module, *home, *name, &stored, span);
                    self.values[index] = lat;
                }
                Stmt::Goto(target) => {
                    let next = self.cfg.block_of[target.index()] as usize;
                    if target.index() <= index {
                        self.total = false;
                    }
                    self.go(world, block, next, &state, inbounds);
                    return;
                }
                Stmt::GotoIfNot(cond, target) => {
                    self.branch(world, id, cond, *target, &mut state, inbounds);
                    return;
                }
                Stmt::Return(operand) => {
                    let lat = self.operand(world, operand, &mut state);
                    self.returned(world, operand, &lat);
                    return;
                }
                Stmt::Enter(target) => {
                    self.total = false;
                    let handler = self.cfg.block_of[target.index()] as usize;
                    self.flow(world, handler, &state, inbounds);
                }
                Stmt::Newvar(slot) => state[slot.index()] = SlotState::UNDEFINED,
                Stmt::Inbounds(true) => inbounds += 1,
                Stmt::Inbounds(false) => inbounds = inbounds.saturating_sub(1),
                Stmt::Leave(_) | Stmt::PopException(_) | Stmt::Loopinfo(_) | Stmt::Nop => {}
            }
        }
        let next = self.cfg.range(block).end;
        if next < self.cfg.len {
            let next = self.cfg.block_of[next] as usize;
            self.go(world, block, next, &state, inbounds);
        }
    }

    fn returned(&mut self, world: &mut World, operand: &Operand, lat: &Lat) {
        if lat.is_bottom() {
            return;
        }
        self.ret = world.merge(&self.ret, lat);
        // A condition survives a body with one way out whose parameter keeps its value.
        self.ret_condition = match operand {
            Operand::Ssa(id) => self.conditions[id.index()].clone().and_then(|c| {
                let params = self.code.params as usize - usize::from(self.code.vararg);
                let single = self
                    .code
                    .stmts
                    .values()
                    .filter(|s| matches!(s, Stmt::Return(_)))
                    .count()
                    == 1;
                let kept = !self
                    .code
                    .stmts
                    .values()
                    .any(|s| matches!(s, Stmt::Assign(slot, _) if *slot == c.slot));
                (single && kept && c.slot.index() < params).then_some(ReturnCondition {
                    arg: c.slot.index(),
                    then: c.then,
                    other: c.other,
                })
            }),
            _ => None,
        };
    }

    fn branch(
        &mut self,
        world: &mut World,
        id: StmtId,
        cond: &Operand,
        target: StmtId,
        state: &mut [SlotState],
        inbounds: u32,
    ) {
        let index = id.index();
        let lat = self.operand(world, cond, state);
        if lat.is_bottom() {
            return;
        }
        self.values[index] = lat.clone();
        let decided = lat.as_const().and_then(Value::as_bool);
        if !matches!(lat, Lat::Type(Type::BOOL)) && decided.is_none() {
            // Anything but a Bool is a TypeError, unless some of it is a Bool.
            self.total = false;
            let narrowed = world.narrow(&lat, Type::BOOL);
            if narrowed.is_bottom() {
                return;
            }
        }
        let from = self.cfg.block_of[index] as usize;
        let then_block = self.cfg.block_of.get(index + 1).map(|&b| b as usize);
        let else_block = self.cfg.block_of[target.index()] as usize;
        if target.index() <= index {
            self.total = false;
        }
        let condition = match cond {
            Operand::Ssa(s) => self.conditions[s.index()].clone().filter(|c| {
                // The slot is still the one that was tested.
                (s.index() + 1..index).all(
                    |i| !matches!(&self.code.stmts[StmtId::new(i)], Stmt::Assign(slot, _) if *slot == c.slot),
                )
            }),
            _ => None,
        };
        if decided != Some(false)
            && let Some(block) = then_block
        {
            match &condition {
                Some(c) if c.then.is_bottom() => {}
                Some(c) => {
                    let mut refined = state.to_vec();
                    refined[c.slot.index()].lat = c.then.clone();
                    self.go(world, from, block, &refined, inbounds);
                }
                None => self.go(world, from, block, state, inbounds),
            }
        }
        if decided != Some(true) {
            match &condition {
                Some(c) if c.other.is_bottom() => {}
                Some(c) => {
                    let mut refined = state.to_vec();
                    refined[c.slot.index()].lat = c.other.clone();
                    self.go(world, from, else_block, &refined, inbounds);
                }
                None => self.go(world, from, else_block, state, inbounds),
            }
        }
    }
}
