//! Statements that are not jumps.

use super::function::{Emitter, Var};
use crate::lattice::{Lat, SlotState};
use cranelift_entity::EntityRef;
use jlift_frontend::lowered::{Operand, Rvalue, Stmt};
use jlift_ir::{ForeignCall, Op, Type, Value};

impl Emitter<'_> {
    /// Emits a statement.
    pub fn statement(&mut self, index: usize, stmt: &Stmt) {
        match stmt {
            Stmt::Value(rvalue) => {
                let value = self.rvalue(index, rvalue);
                self.values[index] = Some(value);
            }
            Stmt::Assign(slot, rvalue) => {
                let value = self.rvalue(index, rvalue);
                if self.at.is_none() {
                    return;
                }
                let var = slot.index() as Var;
                let lat = self.body.values[index].clone();
                self.define(var, lat.as_const().unwrap_or(value));
                let flag = self.defined_var(*slot);
                self.define(flag, Value::bool(true));
                self.state[slot.index()] = SlotState {
                    lat,
                    maybe_undefined: false,
                };
                self.assigned(var);
            }
            Stmt::AssignGlobal(home, name, operand) => {
                let value = self.operand(operand);
                let value = self.converted(index, *home, *name, value);
                self.write_global(*home, *name, value);
            }
            Stmt::Leave(n) => {
                self.push(Op::Leave(*n), Type::ANY);
                if self.body.cfg.range(self.lowered).start == index {
                    self.exception_begins();
                }
            }
            Stmt::PopException(token) => {
                if let Some(value) = self.values[token.index()] {
                    self.push(Op::PopException(value), Type::ANY);
                    self.exception_ends(token.index());
                }
            }
            Stmt::Newvar(slot) => {
                self.state[slot.index()] = SlotState::UNDEFINED;
                let flag = self.defined_var(*slot);
                self.define(flag, Value::bool(false));
                self.assigned(slot.index() as Var);
            }
            Stmt::Inbounds(_) | Stmt::Loopinfo(_) | Stmt::Nop => {}
            Stmt::Goto(_) | Stmt::GotoIfNot(..) | Stmt::Return(_) | Stmt::Enter(_) => {}
        }
    }

    fn operands(&mut self, list: &[Operand]) -> Vec<Value> {
        list.iter().map(|o| self.operand(o)).collect()
    }

    fn rvalue(&mut self, index: usize, rvalue: &Rvalue) -> Value {
        match rvalue {
            Rvalue::Use(operand) => self.operand(operand),
            Rvalue::Call { callee, args } => {
                let callee = self.operand(callee);
                let args = self.operands(args);
                self.recorded(index, callee, &args)
            }
            Rvalue::New { ty, args } => {
                let ty = self.operand(ty);
                let args = self.operands(args);
                self.recorded(index, ty, &args)
            }
            Rvalue::SplatNew { ty, tuple } => {
                let ty = self.operand(ty);
                let tuple = self.operand(tuple);
                let Some(result) = self.body.calls[index].clone() else {
                    return Value::NOTHING;
                };
                if self.at.is_none() {
                    return Value::NOTHING;
                }
                self.splat_new(&result, ty, tuple)
            }
            Rvalue::NewClosure { captures, .. } => {
                let args = self.operands(captures);
                self.recorded(index, Value::NOTHING, &args)
            }
            Rvalue::Foreigncall {
                symbol,
                variadic_from,
                convention,
                args,
                roots,
                ..
            } => {
                let symbol = self.operand(symbol);
                let args = self.operands(args);
                let roots = self.operands(roots);
                self.foreigncall(index, symbol, &args, &roots, *variadic_from, *convention)
            }
            Rvalue::IsDefined(operand) => match operand {
                Operand::Slot(slot) => {
                    let s = &self.state[slot.index()];
                    match (s.maybe_undefined, s.lat.is_bottom()) {
                        (false, _) => Value::bool(true),
                        (true, true) => Value::bool(false),
                        _ => {
                            let var = self.defined_var(*slot);
                            self.read(var)
                        }
                    }
                }
                Operand::Global(home, name) => self.named_global_is_defined(*home, *name),
                _ => self.body.values[index]
                    .as_const()
                    .unwrap_or(Value::bool(true)),
            },
            Rvalue::BoundsCheck => self.body.values[index]
                .as_const()
                .unwrap_or(Value::bool(true)),
            Rvalue::TheException if self.world.exceptions_are_objects => {
                self.recorded(index, Value::NOTHING, &[])
            }
            Rvalue::TheException => match self.world.base_const("caught_exception") {
                Some(f) => self.recorded(index, f, &[]),
                None => self.push(Op::TheException, Type::ANY),
            },
            Rvalue::GcPreserveBegin(operands) => {
                let values = self.operands(operands);
                let list = self.f.value_list(&values);
                self.push(Op::GcPreserveBegin(list), Type::ANY)
            }
            Rvalue::GcPreserveEnd(token) => {
                let token = self.operand(token);
                if token.as_inst().is_some() {
                    self.push(Op::GcPreserveEnd(token), Type::NOTHING);
                }
                Value::NOTHING
            }
            Rvalue::TypeExpr(_) => match self.body.values[index].as_const() {
                Some(v) => v,
                None => {
                    let text = self.world.instances[self.inst]
                        .obstacles
                        .last()
                        .map_or_else(|| "this type is not constant".into(), |o| o.message.clone());
                    self.abort(&text);
                    Value::NOTHING
                }
            },
        }
    }

    /// Emits the call that inference recorded for a statement.
    fn recorded(&mut self, index: usize, callee: Value, args: &[Value]) -> Value {
        let Some(result) = self.body.calls[index].clone() else {
            return Value::NOTHING;
        };
        if self.at.is_none() {
            return Value::NOTHING;
        }
        self.call(&result, callee, args)
    }

    fn foreigncall(
        &mut self,
        index: usize,
        symbol: Value,
        args: &[Value],
        roots: &[Value],
        variadic_from: u32,
        convention: jlift_ir::Name,
    ) -> Value {
        let Some(result) = self.body.calls[index].clone() else {
            return Value::NOTHING;
        };
        if self.at.is_none() {
            return Value::NOTHING;
        }
        let crate::interp::call::CallKind::Foreign { ret, params } = &result.kind else {
            if let crate::interp::call::CallKind::Unresolved(message) = &result.kind {
                self.abort(message);
            }
            return Value::NOTHING;
        };
        let name = self.world.const_symbol(symbol);
        if let Some(name) = name
            && self.world.text(name).starts_with("Shims.")
        {
            let func = self.world.external_function(name, params, *ret);
            let args = self.f.value_list(args);
            return self.push(
                Op::Invoke {
                    func,
                    callee: None,
                    args,
                },
                *ret,
            );
        }
        // Fails with what the error record holds.
        if name.is_some_and(|n| self.world.text(n) == "jlift_fail") {
            return self.push(Op::Rethrow, Type::BOTTOM);
        }
        if name.is_some_and(|n| self.world.text(n) == "jl_rethrow") {
            if self.world.exceptions_are_objects {
                self.runtime_call("jlift_rethrow", &[], Type::NOTHING);
            }
            return self.push(Op::Rethrow, Type::BOTTOM);
        }
        // What a conversion gave that was resolved at run time.
        let mut passed = args.to_vec();
        for (n, value) in passed.iter_mut().enumerate() {
            let have = self.type_of(*value);
            let Some(&want) = params.get(n).or(params.last()) else {
                continue;
            };
            if self.world.is_dynamic(have) && !self.world.is_dynamic(want) {
                *value = self.assert_dynamic(*value, want);
            }
        }
        let args = self.f.value_list(&passed);
        // Roots that carry no memory need no attention.
        let roots: Vec<Value> = roots.iter().copied().filter(|r| !r.is_const()).collect();
        let roots = self.f.value_list(&roots);
        let value = self.push(
            Op::ForeignCall(Box::new(ForeignCall {
                symbol,
                ret: *ret,
                params: params.clone().into(),
                variadic_from,
                convention,
                args,
                roots,
            })),
            *ret,
        );
        match &result.ret {
            Lat::Const(v) => *v,
            _ => value,
        }
    }
}
