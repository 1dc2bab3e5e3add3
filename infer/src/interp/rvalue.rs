//! What statements compute: operands, calls and the other right-hand sides, and what a `Bool` among
//! them says about a slot.

use super::body::{Condition, Interpreter, inst_inbounds};
use super::call::{CallKind, CallResult, Site};
use crate::lattice::{Lat, SlotState};
use crate::world::World;
use cranelift_entity::EntityRef;
use jlift_frontend::lowered::{Operand, Rvalue, Slot, StmtId};
use jlift_frontend::surface::Home;
use jlift_ir::{Name, Value};
use std::rc::Rc;

impl Interpreter {
    /// What an operand is; reading an undefined slot never returns.
    pub(super) fn operand(
        &mut self,
        world: &mut World,
        operand: &Operand,
        state: &mut [SlotState],
    ) -> Lat {
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
                    if lat.is_bottom() && world.looks_up_late() {
                        return Lat::ANY;
                    }
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
        }
    }

    pub(super) fn rvalue(
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
                    world.global_is_defined(module, *name)
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
                if world.exceptions_are_objects {
                    let result = CallResult {
                        ret: Lat::ANY,
                        kind: CallKind::Runtime("jlift_caught_exception"),
                        total: false,
                        condition: None,
                    };
                    return self.record(index, result);
                }
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

    /// What an assignment to a global stores; `None` if its value cannot be converted to the type
    /// that was declared.
    pub(super) fn stored(
        &mut self,
        world: &mut World,
        id: StmtId,
        home: Home,
        name: Name,
        lat: &Lat,
    ) -> Option<Lat> {
        let index = id.index();
        self.calls[index] = None;
        let Some(ty) = world.converted_to(self.module, home, name, lat) else {
            return Some(lat.clone());
        };
        let convert = Lat::Const(world.base_const("convert")?);
        let site = Site {
            span: self.code.spans[id],
            inbounds: self.inbounds[index],
        };
        let args = [Lat::Const(Value::Type(ty)), lat.clone()];
        let result = world.resolve_call_at(&convert, &args, site);
        let ret = self.record(index, result);
        match ret.is_bottom() {
            true => None,
            false => Some(world.lat_of(ty)),
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
