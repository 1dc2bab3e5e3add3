//! Slots become SSA values: a read finds the reaching definition, phis are placed where several
//! meet (after Braun et al., "Simple and Efficient Construction of Static Single Assignment Form",
//! with all phis filled at the end, when every block is known).

use super::function::{Emitter, Var};
use crate::lattice::{Lat, SlotState};
use cranelift_entity::EntityRef;
use jlift_frontend::lowered::{Operand, Slot};
use jlift_ir::{Block, Inst, Op, Terminator, Type, TypeClass, Value};

impl Emitter<'_> {
    /// The variable that says whether a slot is defined.
    pub fn defined_var(&self, slot: Slot) -> Var {
        (self.code.slots.len() + slot.index()) as Var
    }

    /// Defines a variable from here on.
    pub fn define(&mut self, var: Var, value: Value) {
        self.defs.insert((self.lowered, var), value);
    }

    /// The value of a variable at the current point.
    pub fn read(&mut self, var: Var) -> Value {
        let (value, _) = self.read_in(self.lowered, var);
        value
    }

    /// The value of a variable at the end of a lowered block (or so far, in the current one).
    fn read_in(&mut self, block: usize, var: Var) -> (Value, usize) {
        let mut at = block;
        let mut passed = Vec::new();
        let value = loop {
            if let Some(&v) = self.defs.get(&(at, var)) {
                break v;
            }
            if at == 0 && self.expected_preds[0].is_empty() {
                break self.entry_value(var);
            }
            if let Some(v) = self.handler_value(at, var) {
                self.defs.insert((at, var), v);
                break v;
            }
            match self.expected_preds[at][..] {
                [pred] if at != 0 && pred != at => {
                    passed.push(at);
                    at = pred;
                }
                _ => {
                    let phi = self.place_phi(at, var);
                    break phi;
                }
            }
        };
        for b in passed {
            self.defs.insert((b, var), value);
        }
        (value, at)
    }

    /// What a variable is when the function begins.
    fn entry_value(&mut self, var: Var) -> Value {
        let slots = self.code.slots.len() as u32;
        if var >= slots {
            let is_param = var - slots < self.code.params;
            return Value::bool(is_param);
        }
        // Arguments count from 1, the callee itself.
        Value::Arg(var + 1)
    }

    /// A phi for a variable at the head of a lowered block, to be filled at the end.
    fn place_phi(&mut self, block: usize, var: Var) -> Value {
        let slots = self.code.slots.len() as u32;
        let ty = if var >= slots {
            Type::BOOL
        } else {
            let lat = match &self.body.entry[block] {
                Some(entry) => entry[var as usize].lat.clone(),
                None => Lat::Bottom,
            };
            if let Lat::Const(v) = lat {
                self.defs.insert((block, var), v);
                return v;
            }
            self.world.widen(&lat)
        };
        let first = self.block_for(block);
        let empty = self.f.phi_list(&[]);
        let inst = self.f.make_inst(Op::Phi(empty), ty, None.into());
        self.f.blocks[first].insts.insert(0, inst);
        self.defs.insert((block, var), Value::Inst(inst));
        self.pending_phis.push((inst, block, var));
        Value::Inst(inst)
    }

    /// Fills the phis, when all blocks are emitted.
    pub fn fill_phis(&mut self) {
        self.at = None;
        while let Some((phi, block, var)) = self.pending_phis.pop() {
            self.fill_phi(phi, block, var);
        }
    }

    fn fill_phi(&mut self, phi: Inst, block: usize, var: Var) {
        let mut entries = Vec::new();
        if block == 0
            && let Some(entry) = self.entry
        {
            let slots = self.code.slots.len() as u32;
            if var >= slots || var < self.code.params {
                let value = self.entry_value(var);
                let value = self.coerce_at_end(entry, value, self.f.insts[phi].ty);
                entries.push((entry, value));
            }
        }
        let slots = self.code.slots.len() as u32;
        for pred in self.preds[block].clone() {
            let Some(from) = self.last[pred] else {
                continue;
            };
            // Undefined there: the entry is left out.
            if var < slots && self.undefined_at_end(pred, var) {
                continue;
            }
            let (value, _) = self.read_in(pred, var);
            let value = self.coerce_at_end(from, value, self.f.insts[phi].ty);
            entries.push((from, value));
        }
        self.f.set_phi(phi, &entries);
    }

    /// [`Self::coerce`] at the end of a block that is emitted already.
    fn coerce_at_end(&mut self, block: Block, value: Value, want: Type) -> Value {
        // An `enter` stays the last statement.
        let enters = matches!(self.f.blocks[block].term, Terminator::Enter { .. });
        let enter = if enters {
            self.f.blocks[block].insts.pop()
        } else {
            None
        };
        self.at = Some(block);
        let value = self.coerce(value, want);
        self.at = None;
        self.f.blocks[block].insts.extend(enter);
        value
    }

    /// Whether no definition of a slot reaches the end of a lowered block.
    fn undefined_at_end(&self, block: usize, var: Var) -> bool {
        if self.defs.contains_key(&(block, var)) {
            return false;
        }
        match &self.body.entry[block] {
            Some(entry) => {
                let SlotState {
                    lat,
                    maybe_undefined,
                } = &entry[var as usize];
                *maybe_undefined && lat.is_bottom()
            }
            None => true,
        }
    }

    /// The value of an operand at the current point.
    pub fn operand(&mut self, operand: &Operand) -> Value {
        match operand {
            Operand::Ssa(id) => self.values[id.index()].unwrap_or(Value::NOTHING),
            Operand::Slot(slot) => self.read_slot(*slot),
            Operand::Global(home, name) => self.read_global(*home, *name),
            Operand::StaticParam(n) => {
                let record = &self.world.instances[self.inst];
                match record.static_params.get(*n as usize) {
                    Some(Some(v)) => *v,
                    _ => {
                        let name = self.code.static_params.get(*n as usize).copied();
                        let text = name.map_or(String::new(), |n| self.world.text(n).to_string());
                        self.throw_text(
                            Type::UNDEF_VAR_ERROR,
                            &format!("UndefVarError: `{text}` not defined"),
                        );
                        Value::NOTHING
                    }
                }
            }
            Operand::Const(v) => *v,
        }
    }

    fn read_slot(&mut self, slot: Slot) -> Value {
        let index = slot.index();
        if self.state[index].maybe_undefined {
            let name = self.code.slots[slot].name;
            if self.state[index].lat.is_bottom() {
                let text = self.world.text(name).to_string();
                self.throw_text(
                    Type::UNDEF_VAR_ERROR,
                    &format!("UndefVarError: `{text}` not defined"),
                );
                return Value::NOTHING;
            }
            let cond = self.read(self.defined_var(slot));
            let name = self.world.symbol_value(name);
            self.push(Op::ThrowUndefIfNot { name, cond }, Type::ANY);
            self.state[index].maybe_undefined = false;
        }
        let lat = self.state[index].lat.clone();
        if let Lat::Const(v) = lat {
            return v;
        }
        let value = self.read(index as Var);
        let narrowed = self.as_known(value, &lat);
        if narrowed != value {
            self.define(index as Var, narrowed);
        }
        narrowed
    }

    /// A value at another type that it is known to have. Members of a small union stay as they are:
    /// typed IR takes them for the union. Tuples get the element types of the wanted type, whose
    /// memory differs where an element is a union or dynamic.
    pub fn coerce(&mut self, value: Value, want: Type) -> Value {
        let have = self.type_of(value);
        if have == want || have == Type::BOTTOM || want == Type::BOTTOM {
            return value;
        }
        self.world.declare(want);
        match (self.world.is_dynamic(have), self.world.is_dynamic(want)) {
            (_, true) => return self.make_dynamic(value, want),
            (true, false) if !value.is_const() => return self.read_dynamic(value, want),
            _ => {}
        }
        if let TypeClass::Union = self.world.module.tables.class(want) {
            return self.coerce_to_union(value, have, want);
        }
        if let TypeClass::Union = self.world.module.tables.class(have)
            && !value.is_const()
            && self.world.value_subtype(want, have)
        {
            // Inference knows which member it is.
            return self.push(Op::Pi { value, ty: want }, want);
        }
        let tables = &self.world.module.tables;
        if let TypeClass::Union = tables.class(have)
            && !value.is_const()
        {
            // The only member that fits: a tuple that is known better than what is wanted.
            let parts = tables.members(have);
            let mut fitting = parts
                .into_iter()
                .filter(|&p| self.world.value_subtype(p, want));
            if let (Some(ty), None) = (fitting.next(), fitting.next()) {
                let member = self.push(Op::Pi { value, ty }, ty);
                return self.coerce(member, want);
            }
            return value;
        }
        let (Some(from), Some(to)) = (tables.tuple_elems(have), tables.tuple_elems(want)) else {
            return value;
        };
        if from.len() != to.len() {
            return value;
        }
        if value.is_const()
            && !self.world.holds_dynamic(want)
            && let Some((_, fields)) = self.world.fields_of(&Lat::Const(value))
        {
            let mut elems: Vec<Value> = fields.iter().filter_map(Lat::as_const).collect();
            for (elem, &want) in elems.iter_mut().zip(&to) {
                *elem = self.coerce(*elem, want);
            }
            if elems.iter().all(|elem| elem.is_const()) {
                return self.world.const_aggregate(want, &elems);
            }
            let list = self.f.value_list(&elems);
            return self.push(Op::Builtin(jlift_ir::Builtin::Tuple, list), want);
        }
        let mut elems = Vec::with_capacity(to.len());
        self.fields_of_value(value, from.len() as u32, &mut elems);
        for (elem, &want) in elems.iter_mut().zip(&to) {
            *elem = self.coerce(*elem, want);
        }
        let list = self.f.value_list(&elems);
        self.push(Op::Builtin(jlift_ir::Builtin::Tuple, list), want)
    }

    fn coerce_to_union(&mut self, value: Value, have: Type, want: Type) -> Value {
        let members = self.world.module.tables.members(want);
        let parts = self.world.module.tables.members(have);
        if parts.iter().all(|p| members.contains(p)) {
            return value;
        }
        if let [_] = parts[..] {
            // A tuple that is known better than the member it belongs to.
            for member in members {
                if self.world.value_subtype(have, member) {
                    return self.coerce(value, member);
                }
            }
            return value;
        }
        let all_fit = parts.iter().all(|&p| self.world.value_subtype(p, want));
        if !all_fit {
            // Narrower: those of its members that the other has.
            if !value.is_const() && self.world.value_subtype(want, have) {
                return self.push(Op::Pi { value, ty: want }, want);
            }
            return value;
        }
        let dynamic = self.make_dynamic(value, Type::ANY);
        self.read_dynamic(dynamic, want)
    }

    /// A value at the type that inference knows of it.
    pub fn as_known(&mut self, value: Value, lat: &Lat) -> Value {
        if let Lat::Const(v) = lat {
            return *v;
        }
        let (have, want) = (self.type_of(value), self.world.widen(lat));
        if have == want || value.is_const() {
            return value;
        }
        if self.world.is_dynamic(have) || self.world.is_loose_tuple(have) {
            return self.coerce(value, want);
        }
        if self.world.value_subtype(want, have) {
            return self.push(Op::Pi { value, ty: want }, want);
        }
        value
    }
}
