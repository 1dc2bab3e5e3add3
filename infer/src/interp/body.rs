//! Abstract interpretation of one body: slot states per basic block to a fixed point.

use super::call::{CallKind, CallResult, Site};
use super::instance::{Calls, InstId, ReturnCondition};
use crate::lattice::{Lat, SlotState};
use crate::world::World;
use crate::world::modules::ModuleId;
use cranelift_entity::EntityRef;
use jlift_frontend::lowered::{Code, Operand, Rvalue, Slot, Stmt, StmtId};
use jlift_ir::{Name, Type, Value};
use std::rc::Rc;
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

/// Basic blocks of lowered code.
pub struct LoweredCfg {
    /// First statement of each block, ascending; the end of a block is the start of the next.
    pub starts: Vec<usize>,
    /// Block of each statement.
    pub block_of: Vec<u32>,
    pub len: usize,
    /// Handlers that are active in a block, innermost last.
    pub handlers: Vec<Vec<u32>>,
}

impl LoweredCfg {
    /// Finds the blocks of a body.
    pub fn new(code: &Code) -> Self {
        let n = code.stmts.len();
        let mut leader = vec![false; n + 1];
        leader[0] = true;
        for (id, stmt) in code.stmts.iter() {
            let next = id.index() + 1;
            match stmt {
                Stmt::Goto(t) => {
                    leader[t.index()] = true;
                    leader[next] = true;
                }
                Stmt::GotoIfNot(_, t) | Stmt::Enter(t) => {
                    leader[t.index()] = true;
                    leader[next] = true;
                }
                Stmt::Return(_) => leader[next] = true,
                // What follows the end of a region has other handlers.
                Stmt::Leave(_) => leader[next] = true,
                _ => {}
            }
        }
        let mut starts = Vec::new();
        let mut block_of = Vec::with_capacity(n);
        for (i, &leads) in leader.iter().enumerate().take(n) {
            if leads {
                starts.push(i);
            }
            block_of.push(starts.len() as u32 - 1);
        }
        let mut cfg = Self {
            handlers: vec![Vec::new(); starts.len()],
            starts,
            block_of,
            len: n,
        };
        cfg.find_handlers(code);
        cfg
    }

    /// The statements of a block.
    pub fn range(&self, block: usize) -> std::ops::Range<usize> {
        let end = self.starts.get(block + 1).copied().unwrap_or(self.len);
        self.starts[block]..end
    }

    /// Blocks that may follow, without exceptions.
    pub fn successors(&self, code: &Code, block: usize) -> Vec<usize> {
        let last = self.range(block).end - 1;
        let target = |t: StmtId| self.block_of[t.index()] as usize;
        match &code.stmts[StmtId::new(last)] {
            Stmt::Goto(t) => vec![target(*t)],
            Stmt::GotoIfNot(_, t) => {
                let mut out = Vec::with_capacity(2);
                if last + 1 < self.len {
                    out.push(self.block_of[last + 1] as usize);
                }
                if !out.contains(&target(*t)) {
                    out.push(target(*t));
                }
                out
            }
            Stmt::Return(_) => Vec::new(),
            _ if last + 1 < self.len => vec![self.block_of[last + 1] as usize],
            _ => Vec::new(),
        }
    }

    fn find_handlers(&mut self, code: &Code) {
        let mut seen = vec![false; self.starts.len()];
        let mut work = vec![(0usize, Vec::<u32>::new())];
        while let Some((block, stack)) = work.pop() {
            if std::mem::replace(&mut seen[block], true) {
                continue;
            }
            self.handlers[block].clone_from(&stack);
            let last = self.range(block).end - 1;
            let mut after = stack.clone();
            match &code.stmts[StmtId::new(last)] {
                Stmt::Enter(t) => {
                    let handler = self.block_of[t.index()];
                    work.push((handler as usize, stack.clone()));
                    after.push(handler);
                }
                Stmt::Leave(n) => after.truncate(after.len().saturating_sub(*n as usize)),
                _ => {}
            }
            for next in self.successors(code, block) {
                work.push((next, after.clone()));
            }
        }
    }
}

/// What a `Bool` says about a slot.
#[derive(Clone)]
struct Condition {
    slot: Slot,
    then: Lat,
    other: Lat,
}

/// The state of one interpretation.
struct Interpreter {
    inst: InstId,
    module: ModuleId,
    code: Arc<Code>,
    cfg: LoweredCfg,
    entry: Vec<Option<Box<[SlotState]>>>,
    values: Vec<Lat>,
    calls: Calls,
    inbounds: Vec<bool>,
    edges: Vec<Vec<usize>>,
    undefined: Vec<(usize, Name)>,
    /// The statement being interpreted.
    at: usize,
    /// `@inbounds` nesting at block entries.
    block_inbounds: Vec<u32>,
    work: Vec<usize>,
    queued: Vec<bool>,
    ret: Lat,
    ret_condition: Option<ReturnCondition>,
    total: bool,
    conditions: Vec<Option<Condition>>,
    /// The statement is a copy of this slot.
    alias: Vec<Option<Slot>>,
    visits: usize,
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
            work: Vec::new(),
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
        while let Some(block) = me.work.pop() {
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

fn inst_inbounds(world: &World, id: InstId) -> bool {
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
            self.work.push(block);
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
                    world.note_global_assignment(self.module, *home, *name, &lat, span);
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

    /// What an operand is; reading an undefined slot never returns.
    fn operand(&mut self, world: &mut World, operand: &Operand, state: &mut [SlotState]) -> Lat {
        match operand {
            Operand::Ssa(id) => self.values[id.index()].clone(),
            Operand::Slot(slot) => {
                let slot_state = &mut state[slot.index()];
                if slot_state.maybe_undefined {
                    self.total = false;
                    if slot_state.lat.is_bottom() {
                        return Lat::Bottom;
                    }
                    slot_state.maybe_undefined = false;
                }
                slot_state.lat.clone()
            }
            Operand::Global(home, name) => {
                let (lat, pure) = world.global_lat(self.module, *home, *name);
                if !pure {
                    self.total = false;
                    if lat.is_bottom() && !self.undefined.contains(&(self.at, *name)) {
                        self.undefined.push((self.at, *name));
                    }
                }
                lat
            }
            Operand::StaticParam(n) => {
                let inst = &world.instances[self.inst];
                match inst.static_params.get(*n as usize) {
                    Some(Some(v)) => Lat::Const(*v),
                    _ => {
                        self.total = false;
                        Lat::ANY
                    }
                }
            }
            Operand::Const(v) => Lat::Const(*v),
            Operand::Quoted(_) => {
                self.total = false;
                let span = self.code.spans[StmtId::new(self.at)];
                world.obstruct(
                    crate::obstacle::Obstacle::error(
                        span,
                        "quoted expressions as values are not supported",
                    )
                    .note("they can be evaluated by `@eval` at top level"),
                );
                Lat::ANY
            }
        }
    }

    fn rvalue(
        &mut self,
        world: &mut World,
        id: StmtId,
        rvalue: &Rvalue,
        state: &mut [SlotState],
    ) -> Lat {
        let index = id.index();
        let site = Site {
            span: self.code.spans[id],
            inbounds: self.inbounds[index],
        };
        match rvalue {
            Rvalue::Use(operand) => self.operand(world, operand, state),
            Rvalue::Call { callee, args } => {
                let callee_lat = self.operand(world, callee, state);
                let mut lats = Vec::with_capacity(args.len());
                for arg in args {
                    lats.push(self.operand(world, arg, state));
                }
                if callee_lat.is_bottom() || lats.iter().any(Lat::is_bottom) {
                    return Lat::Bottom;
                }
                let result = world.resolve_call_at(&callee_lat, &lats, site);
                self.conditions[index] = self.condition_of(world, &result, callee, args, state);
                // A test that a negation is made of.
                if self.conditions[index].is_none()
                    && let CallKind::Intrinsic(jlift_ir::Intrinsic::NotInt) = result.kind
                {
                    self.conditions[index] = self.negated(&args[0]);
                }
                self.record(index, result)
            }
            Rvalue::New { ty, args } => {
                let ty = self.operand(world, ty, state);
                let mut lats = Vec::with_capacity(args.len());
                for arg in args {
                    lats.push(self.operand(world, arg, state));
                }
                if ty.is_bottom() || lats.iter().any(Lat::is_bottom) {
                    return Lat::Bottom;
                }
                let result = world.resolve_new(&ty, &lats, site);
                self.record(index, result)
            }
            Rvalue::SplatNew { ty, tuple } => {
                let ty = self.operand(world, ty, state);
                let tuple = self.operand(world, tuple, state);
                if ty.is_bottom() || tuple.is_bottom() {
                    return Lat::Bottom;
                }
                let result = world.resolve_splat_new(&ty, &tuple, site);
                self.record(index, result)
            }
            Rvalue::NewClosure { closure, captures } => {
                let mut lats = Vec::with_capacity(captures.len());
                for capture in captures {
                    lats.push(self.operand(world, capture, state));
                }
                if lats.iter().any(Lat::is_bottom) {
                    return Lat::Bottom;
                }
                let result = world.resolve_closure(self.inst, &self.code, *closure, &lats, site);
                self.record(index, result)
            }
            Rvalue::Foreigncall {
                symbol,
                ret,
                params,
                args,
                roots,
                ..
            } => {
                self.total = false;
                let symbol = self.operand(world, symbol, state);
                let mut lats = Vec::with_capacity(args.len());
                for arg in args {
                    lats.push(self.operand(world, arg, state));
                }
                for root in roots {
                    self.operand(world, root, state);
                }
                if symbol.is_bottom() || lats.iter().any(Lat::is_bottom) {
                    return Lat::Bottom;
                }
                let result = world
                    .resolve_foreigncall(self.inst, &self.code, &symbol, *ret, params, &lats, site);
                self.record(index, result)
            }
            Rvalue::IsDefined(operand) => match operand {
                Operand::Slot(slot) => {
                    let s = &state[slot.index()];
                    match (s.maybe_undefined, s.lat.is_bottom()) {
                        (false, _) => Lat::Const(Value::bool(true)),
                        (true, true) => Lat::Const(Value::bool(false)),
                        _ => Lat::BOOL,
                    }
                }
                Operand::Global(home, name) => {
                    let module = world.home(*home, self.module);
                    let found = world.lookup(module, *name).is_some();
                    Lat::Const(Value::bool(found))
                }
                Operand::StaticParam(n) => {
                    let known = world.instances[self.inst]
                        .static_params
                        .get(*n as usize)
                        .is_some_and(Option::is_some);
                    Lat::Const(Value::bool(known))
                }
                _ => Lat::Const(Value::bool(true)),
            },
            Rvalue::BoundsCheck => {
                let off = inst_inbounds(world, self.inst);
                Lat::Const(Value::bool(!off))
            }
            Rvalue::TheException => {
                self.total = false;
                match world.base_const("caught_exception") {
                    Some(f) => {
                        let result = world.resolve_call_at(&Lat::Const(f), &[], site);
                        self.record(index, result)
                    }
                    None => Lat::ANY,
                }
            }
            Rvalue::GcPreserveBegin(operands) => {
                self.total = false;
                for operand in operands {
                    if self.operand(world, operand, state).is_bottom() {
                        return Lat::Bottom;
                    }
                }
                Lat::NOTHING
            }
            Rvalue::GcPreserveEnd(_) => {
                self.total = false;
                Lat::NOTHING
            }
            Rvalue::TypeExpr(node) => {
                let result = world.type_expression_value(self.inst, &self.code, *node, site.span);
                match result {
                    Some(v) => Lat::Const(v),
                    None => {
                        self.total = false;
                        Lat::Bottom
                    }
                }
            }
        }
    }

    fn record(&mut self, index: usize, result: CallResult) -> Lat {
        self.total &= result.total;
        let lat = result.ret.clone();
        self.calls[index] = Some(Rc::new(result));
        lat
    }

    /// The slot behind an operand.
    fn slot_of(&self, operand: &Operand) -> Option<Slot> {
        match operand {
            Operand::Slot(s) => Some(*s),
            Operand::Ssa(id) => self.alias[id.index()],
            _ => None,
        }
    }

    fn condition_of(
        &self,
        world: &mut World,
        result: &CallResult,
        callee: &Operand,
        args: &[Operand],
        state: &[SlotState],
    ) -> Option<Condition> {
        let c = result.condition.as_ref()?;
        let operand = if c.arg == 0 {
            callee
        } else {
            args.get(c.arg - 1)?
        };
        let slot = self.slot_of(operand)?;
        let current = state[slot.index()].lat.clone();
        // What the callee says of its argument is combined with what is known here.
        let then_ty = world.widen(&c.then);
        let then = match &c.then {
            Lat::Const(_) if !matches!(current, Lat::Const(_)) => c.then.clone(),
            Lat::Bottom => Lat::Bottom,
            _ => world.narrow(&current, then_ty),
        };
        let other_ty = world.widen(&c.other);
        let other = match &c.other {
            Lat::Bottom => Lat::Bottom,
            _ => world.narrow(&current, other_ty),
        };
        Some(Condition { slot, then, other })
    }

    fn negated(&self, operand: &Operand) -> Option<Condition> {
        let Operand::Ssa(id) = operand else {
            return None;
        };
        let c = self.conditions[id.index()].clone()?;
        Some(Condition {
            slot: c.slot,
            then: c.other,
            other: c.then,
        })
    }
}
