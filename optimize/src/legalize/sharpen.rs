//! Uses what inlining and specialisation have revealed: types narrower than declared, constants,
//! branches that are decided by them. One forward walk, linear in the function.
//!
//! ```text
//!   %1 = Core.isa(%7, type AbstractString)::Bool        ; %7 is a String
//!   goto #3 if not %1                                    goto #2
//! #2:                                              =>  #2:
//!   ...                                                  ...
//! #3:  (converts %7, would be an unresolved call)        (#3 is gone)
//! #4:
//!   %9 = phi(#2 => %7, #3 => %8)::Any                    (uses of %9 are uses of %7)
//! ```
//!
//! The walk visits blocks in reverse postorder, so every operand but a loop phi's has been
//! seen; a loop phi keeps its declared type. In irreducible control flow no block is dropped, since
//! one may then be reached by an edge that was not yet looked at.

use super::types::{field_value_type, isa};
use crate::passes::simplify_cfg::drop_lost_upsilons;
use cranelift_entity::SecondaryMap;
use jlift_ir::cfg::Cfg;
use jlift_ir::module::value_type;
use jlift_ir::{
    Block, Builtin, ConstData, Function, Inst, Intrinsic, Module, Op, Terminator, Type, TypeClass,
    Value,
};

/// Sharpens `func`, which is not in the module while this runs. `fma` says whether the target has a
/// fused multiply-add: code for the other case is dropped, with what only it calls.
pub fn sharpen(module: &mut Module, func: &mut Function, fma: bool) {
    let cfg = Cfg::new(func);
    let mut position: SecondaryMap<Block, u32> = func.block_map();
    for (i, &block) in cfg.rpo().iter().enumerate() {
        position[block] = i as u32;
    }
    let reducible = cfg.rpo().iter().all(|&block| {
        func.blocks[block]
            .term
            .successors()
            .all(|s| position[s] > position[block] || cfg.dominates(s, block))
    });
    let (reached, visited) = (func.block_map(), func.block_map());
    let mut walk = Walk {
        module,
        func,
        fma,
        cfg: &cfg,
        position,
        reducible,
        reached,
        visited,
        replaced: SecondaryMap::new(),
        any_replaced: false,
        any_ended: false,
    };
    let entry = walk.func.entry();
    for &block in cfg.rpo() {
        if !reducible || walk.reached[block] || Some(block) == entry {
            walk.block(block);
        }
    }
    walk.finish();
}

struct Walk<'a> {
    module: &'a mut Module,
    func: &'a mut Function,
    fma: bool,
    cfg: &'a Cfg,
    /// In reverse postorder.
    position: SecondaryMap<Block, u32>,
    reducible: bool,
    /// Blocks with an edge from a visited block.
    reached: SecondaryMap<Block, bool>,
    visited: SecondaryMap<Block, bool>,
    replaced: SecondaryMap<Inst, Option<Value>>,
    any_replaced: bool,
    /// Whether blocks have lost their ends.
    any_ended: bool,
}

impl Walk<'_> {
    fn type_of(&self, value: Value) -> Option<Type> {
        value_type(&self.module.tables, &self.module.globals, self.func, value)
    }

    fn resolve(&self, mut value: Value) -> Value {
        while let Value::Inst(i) = value
            && let Some(next) = self.replaced[i]
        {
            value = next;
        }
        value
    }

    fn replace(&mut self, inst: Inst, value: Value) {
        self.replaced[inst] = Some(value);
        self.any_replaced = true;
        self.func.insts[inst].op = Op::Nop;
    }

    fn block(&mut self, block: Block) {
        self.visited[block] = true;
        let mut n = 0;
        while n < self.func.blocks[block].insts.len() {
            let inst = self.func.blocks[block].insts[n];
            if self.any_replaced {
                let replaced = &self.replaced;
                self.func.map_operands(inst, |mut v| {
                    while let Value::Inst(i) = v
                        && let Some(next) = replaced[i]
                    {
                        v = next;
                    }
                    v
                });
            }
            if self.never_holds(inst) {
                self.end_after(block, n);
                return;
            }
            if let Some(before) = self.statement(block, inst) {
                self.func.blocks[block].insts.insert(n, before);
                n += 1;
            }
            n += 1;
            let data = &self.func.insts[inst];
            // A phi or copy of `Union{}` is an undefined value that is never used.
            let is_value = matches!(data.op, Op::Nop | Op::Phi(_) | Op::Copy(_) | Op::PhiC(_));
            if data.ty == Type::BOTTOM && !is_value {
                self.end_after(block, n);
                return;
            }
        }
        if let Some(v) = self.func.terminator_operand(block) {
            let v = self.resolve(v);
            self.func.map_terminator_operand(block, |_| v);
        }
        if let Terminator::Branch {
            cond,
            then_dest,
            else_dest,
        } = self.func.blocks[block].term
            && let Some(taken) = cond.as_bool()
        {
            let (dest, other) = match taken {
                true => (then_dest, else_dest),
                false => (else_dest, then_dest),
            };
            if other != dest {
                self.func.remove_phi_edges(other, block);
            }
            self.func.blocks[block].term = Terminator::Goto(dest);
        }
        for succ in self.func.blocks[block].term.successors() {
            self.reached[succ] = true;
        }
    }

    /// Whether a statement narrows a value to a type that it is never of: what comes before says that
    /// control does not get there.
    fn never_holds(&self, inst: Inst) -> bool {
        let Op::Pi { value, ty } = self.func.insts[inst].op else {
            return false;
        };
        let excludes = |from| self.module.tables.excludes(from, ty);
        !matches!(value, Value::Type(_)) && self.type_of(value).is_some_and(excludes)
    }

    /// Ends a block behind its first `len` statements: control does not get further.
    fn end_after(&mut self, block: Block, len: usize) {
        let term = std::mem::replace(&mut self.func.blocks[block].term, Terminator::Unreachable);
        for succ in term.successors() {
            self.func.remove_phi_edges(succ, block);
        }
        self.func.blocks[block].insts.truncate(len);
        self.any_ended = true;
    }

    /// Sharpens one statement; a statement to insert before it, if one is needed.
    fn statement(&mut self, block: Block, inst: Inst) -> Option<Inst> {
        let ty = self.func.insts[inst].ty;
        match self.func.insts[inst].op {
            Op::Copy(v) => {
                let found = self.type_of(v)?;
                // A type as a value has no type of its own in the tables.
                let exact = found == ty || matches!(v, Value::Type(_));
                if exact || self.module.tables.is_subtype(found, ty) == Some(true) {
                    self.replace(inst, v);
                } else {
                    self.func.insts[inst].op = Op::Pi { value: v, ty };
                }
            }
            Op::Pi { value, ty: to } => {
                let found = self.type_of(value)?;
                if self.module.tables.is_subtype(found, to) == Some(true) {
                    self.replace(inst, value);
                }
            }
            Op::Phi(_) => self.phi(block, inst),
            Op::Builtin(builtin, args) => {
                let args = self.func.args(args).to_vec();
                self.builtin(inst, builtin, &args);
            }
            Op::Intrinsic(Intrinsic::HaveFma, args) => {
                let of = self.func.args(args).first().copied();
                let float = matches!(of, Some(Value::Type(Type::FLOAT32 | Type::FLOAT64)));
                self.replace(inst, Value::bool(self.fma && float));
            }
            Op::Invoke { func, .. } => return self.invoke(inst, func),
            _ => {}
        }
        None
    }

    /// Gives a call its callee's result type. Where the producer knew more at the call, the call
    /// becomes a `pi` of a new call, so that consumers find the callee's convention.
    fn invoke(&mut self, inst: Inst, func: jlift_ir::Func) -> Option<Inst> {
        let ret = self.module.functions[func].ret;
        let data = &self.func.insts[inst];
        let ty = data.ty;
        if ty == ret {
            return None;
        }
        let tables = &self.module.tables;
        let widens = tables.is_subtype(ret, ty) == Some(true)
            || tables.class(ty) == TypeClass::Abstract
            || ty == Type::BOTTOM;
        if widens {
            if ty != Type::BOTTOM {
                self.func.insts[inst].ty = ret;
            }
            return None;
        }
        let (op, loc) = (data.op.clone(), data.loc);
        let call = self.func.make_inst(op, ret, loc);
        self.func.insts[inst].op = Op::Pi {
            value: Value::Inst(call),
            ty,
        };
        Some(call)
    }

    /// Whether consumers of a value of type `ty` can do with this one. Julia leaves phis that are
    /// narrower than what goes to them, and are read only where that is of their type.
    fn may_stand_for(&self, value: Value, ty: Type) -> bool {
        let tables = &self.module.tables;
        if matches!(value, Value::Type(_)) || tables.class(ty) == TypeClass::Abstract {
            return true;
        }
        match self.type_of(value) {
            Some(found) => found == ty || tables.is_subtype(found, ty) != Some(false),
            None => true,
        }
    }

    fn phi(&mut self, block: Block, phi: Inst) {
        let Op::Phi(list) = self.func.insts[phi].op else {
            return;
        };
        // Edges from blocks that come later may still turn out to be taken.
        let preds: Vec<Block> = self
            .cfg
            .preds(block)
            .iter()
            .copied()
            .filter(|&p| {
                let taken = self.func.blocks[p].term.successors().any(|s| s == block);
                let later = self.position[p] >= self.position[block] || !self.reducible;
                taken && (self.visited[p] || later)
            })
            .collect();
        let mut only: Option<Value> = None;
        let mut same = true;
        let mut types: Vec<Type> = Vec::new();
        let mut listed = 0;
        for &(pred, value) in self.func.phi_args(list) {
            if !preds.contains(&pred) {
                continue;
            }
            listed += 1;
            if value == Value::Inst(phi) {
                continue;
            }
            same &= only.is_none_or(|v| v == value);
            only = Some(value);
            match (value, self.type_of(value)) {
                (Value::Type(_), _) | (_, None) => types.push(self.func.insts[phi].ty),
                (_, Some(t)) => types.push(t),
            }
        }
        let ty = self.func.insts[phi].ty;
        if let (true, Some(value)) = (same && listed == preds.len(), only)
            && self.may_stand_for(value, ty)
        {
            self.replace(phi, value);
            return;
        }
        let class = self.module.tables.class(ty);
        if matches!(class, TypeClass::Abstract | TypeClass::Union) && !types.is_empty() {
            let is_dynamic = |t: &Type| self.module.tables.class(*t) == TypeClass::Abstract;
            if types.iter().any(is_dynamic) {
                // A dynamic value stays one.
                return;
            }
            let join = self.module.tables.union(&types);
            if join != ty && self.module.tables.is_subtype(join, ty) == Some(true) {
                self.func.insts[phi].ty = join;
            }
        }
    }

    fn builtin(&mut self, inst: Inst, builtin: Builtin, args: &[Value]) {
        match (builtin, args) {
            (Builtin::IsA, &[v, Value::Type(t)]) => {
                if let Some(answer) = self.value_isa(v, t) {
                    self.replace(inst, Value::bool(answer));
                }
            }
            (Builtin::TypeAssert, &[v, Value::Type(t)]) if self.value_isa(v, t) == Some(true) => {
                self.replace(inst, v);
            }
            (Builtin::IfElse, &[cond, a, b]) => {
                if let Some(cond) = cond.as_bool() {
                    self.replace(inst, if cond { a } else { b });
                }
            }
            (Builtin::TypeOf, &[v]) => {
                if let Some(t) = self.type_of(v)
                    && !matches!(v, Value::Type(_))
                    && !matches!(
                        self.module.tables.class(t),
                        TypeClass::Abstract | TypeClass::Union | TypeClass::Bottom
                    )
                {
                    self.replace(inst, Value::Type(t));
                }
            }
            (Builtin::GetField, &[object, field, ..]) => self.getfield(inst, object, field),
            _ => {}
        }
    }

    fn value_isa(&self, value: Value, ty: Type) -> Option<bool> {
        match value {
            // `Type{T}`, `DataType` and their supertypes are questions about the type itself.
            Value::Type(t) => match self.module.tables.type_of_type(ty) {
                Some(s) => Some(s == t),
                None => (ty == Type::ANY).then_some(true),
            },
            _ => isa(&self.module.tables, self.type_of(value)?, ty),
        }
    }

    /// A field of a tuple or struct that is built here is the operand it was built from.
    fn getfield(&mut self, inst: Inst, object: Value, field: Value) {
        let Some(object_ty) = self.type_of(object) else {
            return;
        };
        let Some((index, field_ty)) = field_value_type(&self.module.tables, object_ty, field)
        else {
            return;
        };
        let operand = match object {
            Value::Inst(i) => match self.func.insts[i].op {
                Op::Builtin(Builtin::Tuple, args) => self.func.args(args).get(index).copied(),
                Op::New { ty, args } if self.is_immutable(ty) => {
                    self.func.args(args).get(index).copied()
                }
                _ => None,
            },
            Value::Const(c) => match self.module.tables.const_data(c) {
                ConstData::Aggregate { ty, fields } if self.is_immutable(*ty) => {
                    fields.get(index).copied()
                }
                _ => None,
            },
            _ => None,
        };
        let ty = self.func.insts[inst].ty;
        match operand {
            // A field wider than its operand is converted on the way, so types must agree.
            Some(v)
                if self.type_of(v).is_some_and(|t| {
                    t == ty || self.module.tables.is_subtype(t, ty) == Some(true)
                }) =>
            {
                self.replace(inst, v);
            }
            _ => {
                if self.module.tables.class(ty) == TypeClass::Abstract
                    && self.module.tables.class(field_ty) != TypeClass::Abstract
                {
                    self.func.insts[inst].ty = field_ty;
                }
            }
        }
    }

    fn is_immutable(&self, ty: Type) -> bool {
        matches!(
            self.module.tables.class(ty),
            TypeClass::Inline | TypeClass::InlineWithReferences
        )
    }

    /// Drops blocks that are not reached and phi entries of edges that are not taken, and applies
    /// the replacements.
    fn finish(self) {
        let Walk {
            func,
            visited,
            replaced,
            any_replaced,
            any_ended,
            ..
        } = self;
        let any_lost = func.layout.iter().any(|&b| !visited[b]);
        if any_lost {
            func.layout.retain(|&b| visited[b]);
            for n in 0..func.layout.len() {
                let block = func.layout[n];
                let phis: Vec<Inst> = func.block_phis(block).collect();
                for phi in phis {
                    let Op::Phi(list) = func.insts[phi].op else {
                        continue;
                    };
                    if func.phi_args(list).iter().any(|&(p, _)| !visited[p]) {
                        let entries: Vec<(Block, Value)> = func
                            .phi_args(list)
                            .iter()
                            .copied()
                            .filter(|&(p, _)| visited[p])
                            .collect();
                        func.set_phi(phi, &entries);
                    }
                }
            }
        }
        if any_lost || any_ended {
            drop_lost_upsilons(func);
        }
        if any_replaced {
            func.replace_uses(&replaced);
        }
        for &block in &func.layout {
            let insts = &func.insts;
            func.blocks[block].insts.retain(|&i| insts[i].op != Op::Nop);
        }
    }
}
