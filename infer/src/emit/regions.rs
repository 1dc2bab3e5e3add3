//! Protected regions: entering, leaving, and what slots are when a handler begins. A slot that is
//! assigned inside the region reaches the handler through upsilons, one after each assignment.

use super::function::{Emitter, Var};
use crate::interp::body::BodyResult;
use cranelift_entity::EntityRef;
use hashbrown::{HashMap, HashSet};
use jlift_frontend::lowered::{Code, Operand, Rvalue, Slot, Stmt, StmtId};
use jlift_ir::{Op, Terminator, Type, Value};

/// The handlers of a body.
pub(super) struct Regions {
    /// Slots that are assigned while a handler is active and that it, or what follows it, reads.
    carried: HashMap<usize, HashSet<u32>>,
    /// The upsilons of a handler's variable.
    upsilons: HashMap<(usize, Var), Vec<Value>>,
    /// The phi-c of a handler's variable, filled at its head.
    phics: HashMap<(usize, Var), Value>,
    /// The lowered block that enters the region of a handler.
    entered_from: HashMap<usize, usize>,
    /// How many exceptions were being handled when a region was entered, by handler and by the
    /// statement that enters it.
    depths: HashMap<usize, Value>,
    depth_at: HashMap<usize, Value>,
}

impl Regions {
    pub fn new(code: &Code, body: &BodyResult) -> Self {
        let mut carried: HashMap<usize, HashSet<u32>> = HashMap::new();
        let mut any = false;
        for (block, handlers) in body.cfg.handlers.iter().enumerate() {
            if handlers.is_empty() || body.entry[block].is_none() {
                continue;
            }
            any = true;
            for index in body.cfg.range(block) {
                if let Stmt::Assign(slot, _) | Stmt::Newvar(slot) = &code.stmts[StmtId::new(index)]
                {
                    for &h in handlers {
                        carried
                            .entry(h as usize)
                            .or_default()
                            .insert(slot.index() as u32);
                    }
                }
            }
        }
        if any {
            let live = live_in(code, body);
            for (handler, slots) in &mut carried {
                slots.retain(|s| live[*handler].contains(s));
            }
        }
        Self {
            carried,
            upsilons: HashMap::new(),
            phics: HashMap::new(),
            entered_from: HashMap::new(),
            depths: HashMap::new(),
            depth_at: HashMap::new(),
        }
    }
}

/// Slots that are read before they are assigned, by lowered block.
fn live_in(code: &Code, body: &BodyResult) -> Vec<HashSet<u32>> {
    let blocks = body.cfg.starts.len();
    let mut live: Vec<HashSet<u32>> = vec![HashSet::new(); blocks];
    loop {
        let mut changed = false;
        for block in (0..blocks).rev() {
            let mut set: HashSet<u32> = HashSet::new();
            for next in body.cfg.successors(code, block) {
                set.extend(&live[next]);
            }
            for &h in &body.cfg.handlers[block] {
                set.extend(&live[h as usize]);
            }
            let mut range: Vec<usize> = body.cfg.range(block).collect();
            range.reverse();
            for index in range {
                let stmt = &code.stmts[StmtId::new(index)];
                if let Stmt::Assign(slot, _) = stmt {
                    set.remove(&(slot.index() as u32));
                }
                if let Stmt::Enter(t) = stmt {
                    set.extend(&live[body.cfg.block_of[t.index()] as usize]);
                }
                for_each_slot(stmt, &mut |s| {
                    set.insert(s.index() as u32);
                });
            }
            if set.len() != live[block].len() {
                live[block] = set;
                changed = true;
            }
        }
        if !changed {
            return live;
        }
    }
}

/// Calls `f` with every slot that a statement reads.
fn for_each_slot(stmt: &Stmt, f: &mut impl FnMut(Slot)) {
    let mut operand = |o: &Operand| {
        if let Operand::Slot(s) = o {
            f(*s);
        }
    };
    let rvalue = match stmt {
        Stmt::Value(r) | Stmt::Assign(_, r) => r,
        Stmt::AssignGlobal(_, _, o) | Stmt::GotoIfNot(o, _) | Stmt::Return(o) => {
            operand(o);
            return;
        }
        _ => return,
    };
    match rvalue {
        Rvalue::Use(o) | Rvalue::IsDefined(o) | Rvalue::GcPreserveEnd(o) => operand(o),
        Rvalue::Call { callee, args } => {
            operand(callee);
            args.iter().for_each(operand);
        }
        Rvalue::New { ty, args } => {
            operand(ty);
            args.iter().for_each(operand);
        }
        Rvalue::SplatNew { ty, tuple } => {
            operand(ty);
            operand(tuple);
        }
        Rvalue::NewClosure { captures, .. } | Rvalue::GcPreserveBegin(captures) => {
            captures.iter().for_each(operand);
        }
        Rvalue::Foreigncall {
            symbol,
            args,
            roots,
            ..
        } => {
            operand(symbol);
            args.iter().for_each(&mut operand);
            roots.iter().for_each(operand);
        }
        Rvalue::BoundsCheck | Rvalue::TheException | Rvalue::TypeExpr(_) => {}
    }
}

impl Emitter<'_> {
    /// Enters a protected region.
    pub fn enter(&mut self, index: usize, handler: usize, work: &mut Vec<usize>) {
        let Some(&body_block) = self.body.cfg.block_of.get(index + 1) else {
            return;
        };
        let body_block = body_block as usize;
        self.regions.entered_from.insert(handler, self.lowered);
        let carried: Vec<u32> = match self.regions.carried.get(&handler) {
            Some(set) => {
                let mut list: Vec<u32> = set.iter().copied().collect();
                list.sort_unstable();
                list
            }
            None => Vec::new(),
        };
        for slot in carried {
            self.upsilon(handler, slot);
        }
        if self.world.exceptions_are_objects {
            let depth = self.runtime_call("jlift_handled_exceptions", &[], Type::INT64);
            self.regions.depths.insert(handler, depth);
            self.regions.depth_at.insert(index, depth);
        }
        let token = self.push(Op::Enter, Type::ANY);
        self.values[index] = Some(token);
        self.edge(handler, work);
        self.edge(body_block, work);
        let (body, handler) = (self.block_for(body_block), self.block_for(handler));
        self.end(Terminator::Enter { body, handler });
    }

    /// At the head of a handler, out of its region: the exception is being handled from here on.
    pub fn exception_begins(&mut self) {
        if let Some(&depth) = self.regions.depths.get(&self.lowered) {
            self.runtime_call("jlift_begin_handler", &[depth], Type::NOTHING);
        }
    }

    /// The exception of a region has been handled.
    pub fn exception_ends(&mut self, entered_at: usize) {
        if let Some(&depth) = self.regions.depth_at.get(&entered_at) {
            self.runtime_call("jlift_end_handler", &[depth], Type::NOTHING);
        }
    }

    /// Tells the active handlers of a slot's new value.
    pub fn assigned(&mut self, slot: u32) {
        for h in self.body.cfg.handlers[self.lowered].clone() {
            let h = h as usize;
            if self
                .regions
                .carried
                .get(&h)
                .is_some_and(|s| s.contains(&slot))
            {
                self.upsilon(h, slot);
            }
        }
    }

    fn upsilon(&mut self, handler: usize, slot: u32) {
        let flag = self.code.slots.len() as u32 + slot;
        let state = &self.state[slot as usize];
        let (undefined, maybe) = (
            state.maybe_undefined && state.lat.is_bottom(),
            state.maybe_undefined,
        );
        let defined = if undefined {
            Value::bool(false)
        } else if maybe {
            self.read(flag)
        } else {
            Value::bool(true)
        };
        let u = self.push(Op::Upsilon(Some(defined)), Type::ANY);
        self.regions
            .upsilons
            .entry((handler, flag))
            .or_default()
            .push(u);
        if !undefined {
            let lat = self.state[slot as usize].lat.clone();
            let value = match lat.as_const() {
                Some(v) => v,
                None => self.read(slot),
            };
            let entry = self.body.entry[handler].as_ref();
            let wanted = entry.map(|e| e[slot as usize].lat.clone());
            let value = match wanted {
                Some(lat) if lat.as_const().is_none() && !lat.is_bottom() => {
                    let want = self.world.widen(&lat);
                    self.coerce(value, want)
                }
                _ => value,
            };
            let u = self.push(Op::Upsilon(Some(value)), Type::ANY);
            self.regions
                .upsilons
                .entry((handler, slot))
                .or_default()
                .push(u);
        }
    }

    /// Reads the carried slots at the head of a handler.
    pub fn begin_handler(&mut self, block: usize) {
        let Some(set) = self.regions.carried.get(&block) else {
            return;
        };
        if !self.regions.entered_from.contains_key(&block) {
            return;
        }
        let mut slots: Vec<u32> = set.iter().copied().collect();
        slots.sort_unstable();
        let count = self.code.slots.len() as u32;
        for slot in slots {
            let lat = self.state[slot as usize].lat.clone();
            if !lat.is_bottom() && lat.as_const().is_none() {
                let ty = self.world.widen(&lat);
                self.phic(block, slot, ty);
            }
            self.phic(block, count + slot, Type::BOOL);
        }
    }

    fn phic(&mut self, block: usize, var: Var, ty: Type) {
        // The region has been entered, but its assignments come later: they are added then.
        let list = self.f.value_list(&[]);
        let value = self.push(Op::PhiC(list), ty);
        self.regions.phics.insert((block, var), value);
        self.define(var, value);
    }

    /// What a variable is at the head of a handler, if the region may have changed it.
    pub fn handler_value(&mut self, block: usize, var: Var) -> Option<Value> {
        self.regions.phics.get(&(block, var)).copied()
    }

    /// Connects phi-c nodes with the upsilons of their regions.
    pub fn fill_phics(&mut self) {
        let mut keys: Vec<(usize, Var)> = self.regions.phics.keys().copied().collect();
        keys.sort_unstable();
        for key in keys {
            let (Some(&Value::Inst(phic)), Some(list)) = (
                self.regions.phics.get(&key),
                self.regions.upsilons.get(&key),
            ) else {
                continue;
            };
            let list = self.f.value_list(list);
            self.f.insts[phic].op = Op::PhiC(list);
        }
    }
}
