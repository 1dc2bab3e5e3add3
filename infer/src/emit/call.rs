//! Calls, as inference resolved them.

use super::function::Emitter;
use crate::dynamic::Action;
use crate::interp::call::{CallKind, CallResult};
use crate::lattice::Lat;
use jlift_ir::intrinsic::Shape;
use jlift_ir::{Builtin, Intrinsic, Op, Terminator, Type, TypeClass, Value};
use std::rc::Rc;

impl Emitter<'_> {
    /// Emits a call; the result is never used if the call does not return.
    pub(crate) fn call(&mut self, result: &CallResult, callee: Value, args: &[Value]) -> Value {
        if self.at.is_none() {
            return Value::NOTHING;
        }
        if let (Lat::Const(v), true) = (&result.ret, result.total) {
            return *v;
        }
        let ty = self.world.widen(&result.ret);
        let value = match &result.kind {
            CallKind::Folded => match result.ret.as_const() {
                Some(v) => return v,
                None => return Value::NOTHING,
            },
            CallKind::Intrinsic(op) => self.intrinsic(*op, args, ty),
            CallKind::Builtin(b) => self.builtin(*b, result, args, ty),
            CallKind::Invoke { inst, gather } => {
                let func = self.world.reserve(*inst);
                let self_type = self.world.module.functions[func].self_type;
                let carries_data = !matches!(
                    self.world.module.tables.class(self_type),
                    TypeClass::Singleton | TypeClass::Abstract | TypeClass::Bottom
                );
                let mut passed = args.to_vec();
                if let Some(from) = gather {
                    // `from` counts the callee.
                    let at = (*from as usize).saturating_sub(1).min(passed.len());
                    let rest = passed.split_off(at);
                    let tuple_ty = self.world.module.functions[func]
                        .params
                        .last()
                        .map_or(Type::ANY, |p| p.ty);
                    let tuple = self.make_tuple(&rest, tuple_ty);
                    passed.push(tuple);
                }
                for (n, value) in passed.iter_mut().enumerate() {
                    let want = self.world.module.functions[func]
                        .params
                        .get(n)
                        .map(|p| p.ty);
                    if let Some(want) = want {
                        *value = self.coerce(*value, want);
                    }
                }
                let args = self.f.value_list(&passed);
                self.push(
                    Op::Invoke {
                        func,
                        callee: carries_data.then_some(callee),
                        args,
                    },
                    ty,
                )
            }
            CallKind::Split { arg, cases } => {
                let (arg, cases) = (*arg, cases.clone());
                return self.split(arg, &cases, result, callee, args);
            }
            CallKind::Apply { counts, call } => {
                // `_apply_iterate(iterate, f, containers…)`.
                let elements = self.elements(counts, &args[2.min(args.len())..]);
                let f = args.get(1).copied().unwrap_or(Value::NOTHING);
                return self.call(call, f, &elements);
            }
            CallKind::Forward { prefix, skip, call } => {
                let mut all = prefix.clone();
                all.extend_from_slice(&args[(skip - 1).min(args.len())..]);
                let callee = all.remove(0);
                return self.call(call, callee, &all);
            }
            CallKind::Spread { count, call } => {
                let elements = self.elements(&[Some(*count)], &args[..1.min(args.len())]);
                return self.call(call, callee, &elements);
            }
            CallKind::New(new_ty) => {
                let mut fields = Vec::with_capacity(args.len());
                let declared = self.world.field_types(*new_ty);
                for (n, &arg) in args.iter().enumerate() {
                    let want = declared.get(n).copied().unwrap_or(Type::ANY);
                    fields.push(self.assert_type(arg, want));
                }
                let list = self.f.value_list(&fields);
                self.push(
                    Op::New {
                        ty: *new_ty,
                        args: list,
                    },
                    *new_ty,
                )
            }
            CallKind::Splat(conversions) => {
                let conversions = conversions.clone();
                return self.splat(&conversions, args, ty);
            }
            CallKind::Dynamic(action) => {
                let action = *action;
                return self.call_dynamic(action, callee, args, ty);
            }
            CallKind::Runtime(name) => self.runtime_call(name, args, ty),
            // Only statements that are C calls themselves are resolved to this.
            CallKind::Foreign { .. } => return Value::NOTHING,
            CallKind::Throws {
                ty,
                message,
                fields,
            } => {
                let (ty, message, fields) = (*ty, message.clone(), *fields);
                if self.world.exceptions_are_objects && self.throw_made(fields, callee, args) {
                    return Value::NOTHING;
                }
                self.throw_text(ty, &message);
                return Value::NOTHING;
            }
            CallKind::Unresolved(message) => {
                let message = message.clone();
                self.abort(&message);
                return Value::NOTHING;
            }
        };
        match &result.ret {
            Lat::Const(v) => *v,
            _ => value,
        }
    }

    pub(crate) fn runtime_call(&mut self, name: &str, args: &[Value], ret: Type) -> Value {
        let name = self.world.name(name);
        let symbol = self.world.symbol_value(name);
        let convention = self.world.name("ccall");
        let params: Vec<Type> = args.iter().map(|&a| self.type_of(a)).collect();
        let args = self.f.value_list(args);
        let roots = self.f.value_list(&[]);
        self.push(
            Op::ForeignCall(Box::new(jlift_ir::ForeignCall {
                symbol,
                ret,
                params: params.into(),
                variadic_from: 0,
                convention,
                args,
                roots,
            })),
            ret,
        )
    }

    fn intrinsic(&mut self, op: Intrinsic, args: &[Value], ty: Type) -> Value {
        let pointee = |me: &mut Self| {
            let pointer = me.type_of(args[0]);
            me.world.module.tables.pointee(pointer)
        };
        match op.shape() {
            Shape::PointerLoad => {
                let list = self.f.value_list(args);
                let stored = pointee(self).unwrap_or(ty);
                let value = self.push(Op::Intrinsic(op, list), stored);
                self.coerce(value, ty)
            }
            Shape::PointerStore => {
                let mut args = args.to_vec();
                if let Some(elem) = pointee(self) {
                    args[1] = self.coerce(args[1], elem);
                }
                let list = self.f.value_list(&args);
                self.push(Op::Intrinsic(op, list), ty)
            }
            _ => {
                let list = self.f.value_list(args);
                self.push(Op::Intrinsic(op, list), ty)
            }
        }
    }

    /// A value that is checked to be of a type, if that is not certain.
    pub(super) fn assert_type(&mut self, value: Value, want: Type) -> Value {
        let have = self.type_of(value);
        if self.world.is_dynamic(have) {
            return self.assert_dynamic(value, want);
        }
        if self.world.value_subtype(have, want) {
            return self.coerce(value, want);
        }
        let met = match self.world.narrow(&Lat::Type(have), want) {
            Lat::Bottom => return value,
            lat => self.world.widen(&lat),
        };
        let list = self.f.value_list(&[value, Value::Type(met)]);
        self.push(Op::Builtin(Builtin::TypeAssert, list), met)
    }

    fn make_tuple(&mut self, elems: &[Value], ty: Type) -> Value {
        if elems.iter().all(|e| e.is_const()) && !self.world.holds_dynamic(ty) {
            return self.world.const_aggregate(ty, elems);
        }
        let types = self.world.module.tables.tuple_elems(ty).unwrap_or_default();
        let mut given = elems.to_vec();
        for (value, want) in given.iter_mut().zip(types) {
            *value = self.coerce(*value, want);
        }
        let list = self.f.value_list(&given);
        self.push(Op::Builtin(Builtin::Tuple, list), ty)
    }

    fn builtin(&mut self, b: Builtin, result: &CallResult, args: &[Value], ty: Type) -> Value {
        match b {
            Builtin::Tuple => self.make_tuple(args, ty),
            Builtin::IfElse => match args[0].as_bool() {
                Some(c) => args[if c { 1 } else { 2 }],
                None => {
                    let mut args = args.to_vec();
                    args[1] = self.coerce(args[1], ty);
                    args[2] = self.coerce(args[2], ty);
                    let list = self.f.value_list(&args);
                    self.push(Op::Builtin(b, list), ty)
                }
            },
            Builtin::TypeAssert => {
                let have = self.type_of(args[0]);
                if have == ty {
                    return args[0];
                }
                if self.world.is_dynamic(have) {
                    return self.assert_dynamic(args[0], ty);
                }
                let list = self.f.value_list(&[args[0], Value::Type(ty)]);
                self.push(Op::Builtin(b, list), ty)
            }
            Builtin::Throw if self.world.exceptions_are_objects => {
                let exception = self.make_dynamic(args[0], Type::ANY);
                self.throw_object(exception)
            }
            Builtin::IsA => self.isa(args, result),
            Builtin::Egal => self.egal(args),
            Builtin::GetField => {
                // Julia's third argument, a memory order or a bounds check marker, stays.
                let object = self.type_of(args[0]);
                let declared = match args[1].is_const() {
                    true => self.world.field_type_of(object, args[1]),
                    false => None,
                };
                let list = self.f.value_list(args);
                let stored = declared.filter(|_| ty != Type::BOTTOM).unwrap_or(ty);
                if declared.is_none() && self.mixes_representations(object, ty) {
                    return self.any_field(args[0], args[1], ty);
                }
                let value = self.push(Op::Builtin(b, list), stored);
                self.coerce(value, ty)
            }
            Builtin::SetField => {
                let object = self.type_of(args[0]);
                let mut stored = args.to_vec();
                if let Some(want) = self.world.field_type_of(object, args[1]) {
                    stored[2] = self.assert_type(args[2], want);
                }
                let of = self.type_of(stored[2]);
                let list = self.f.value_list(&stored);
                self.push(Op::Builtin(b, list), of);
                args[2]
            }
            Builtin::ArrayRef | Builtin::ConstArrayRef => {
                let array = self.type_of(args[1]);
                let mut args = args.to_vec();
                self.assert_indices(&mut args, 2);
                let list = self.f.value_list(&args);
                let elem = self.world.module.tables.array_of(array);
                let stored = elem.map_or(ty, |(elem, _)| elem);
                let value = self.push(Op::Builtin(b, list), stored);
                self.coerce(value, ty)
            }
            Builtin::ArraySet => {
                let array = self.type_of(args[1]);
                let mut stored = args.to_vec();
                if let Some((elem, _)) = self.world.module.tables.array_of(array) {
                    stored[2] = self.assert_type(args[2], elem);
                }
                self.assert_indices(&mut stored, 3);
                let list = self.f.value_list(&stored);
                self.push(Op::Builtin(b, list), ty)
            }
            Builtin::ArraySize => {
                let mut args = args.to_vec();
                self.assert_indices(&mut args, 1);
                let list = self.f.value_list(&args);
                self.push(Op::Builtin(b, list), ty)
            }
            Builtin::GetGlobal | Builtin::SetGlobal => self.global_builtin(b, args),
            Builtin::IsDefined if self.world.as_module(args[0]).is_some() => {
                match (
                    self.world.as_module(args[0]),
                    self.world.const_symbol(args[1]),
                ) {
                    (Some(module), Some(name)) => self.global_is_defined(module, name),
                    _ => Value::bool(false),
                }
            }
            Builtin::DoNotDelete => Value::NOTHING,
            Builtin::CompilerBarrier => args[1],
            _ => {
                let list = self.f.value_list(args);
                self.push(Op::Builtin(b, list), ty)
            }
        }
    }

    /// Indices that are dynamic values, from `first` on, must be of type `Int64`.
    fn assert_indices(&mut self, args: &mut [Value], first: usize) {
        for value in args.iter_mut().skip(first) {
            let have = self.type_of(*value);
            if self.world.is_dynamic(have) {
                *value = self.assert_dynamic(*value, Type::INT64);
            }
        }
    }

    /// Whether the fields of a tuple or struct have other representations than `ty`.
    fn mixes_representations(&mut self, object: Type, ty: Type) -> bool {
        if !self.world.is_dynamic(ty) {
            return false;
        }
        let fields = self.world.field_types(object);
        fields.into_iter().any(|f| !self.world.is_dynamic(f))
    }

    /// `===`.
    fn egal(&mut self, args: &[Value]) -> Value {
        let types = [self.type_of(args[0]), self.type_of(args[1])];
        if types.iter().all(|&t| self.world.tells_all(t)) {
            let list = self.f.value_list(args);
            return self.push(Op::Builtin(Builtin::Egal, list), Type::BOOL);
        }
        // With the only value of a type the type decides.
        for (value, other, ty) in [(args[0], args[1], types[0]), (args[1], args[0], types[1])] {
            if let Value::Instance(t) = other
                && (self.world.is_dynamic(ty) || self.world.module.tables.members(ty).contains(&t))
            {
                let list = self.f.value_list(&[value, Value::Type(t)]);
                return self.push(Op::Builtin(Builtin::IsA, list), Type::BOOL);
            }
        }
        let callee = self.world.builtin_value(Builtin::Egal);
        self.call_dynamic(Action::Call, callee, args, Type::BOOL)
    }

    /// Tests whether a value is of one of the types that inference found to be possible.
    fn isa(&mut self, args: &[Value], result: &CallResult) -> Value {
        let value = args[0];
        let have = self.type_of(value);
        if !self.world.tells_all(have) {
            if let (Value::Type(t), true) = (args[1], self.world.is_dynamic(have)) {
                let members = self.world.module.tables.members(t);
                let mut told = true;
                for m in members {
                    told &= self.world.is_concrete(m) && self.world.tells_all(m);
                }
                if told {
                    self.world.declare(t);
                    let list = self.f.value_list(&[value, args[1]]);
                    return self.push(Op::Builtin(Builtin::IsA, list), Type::BOOL);
                }
            }
            let callee = self.world.builtin_value(Builtin::IsA);
            return self.call_dynamic(Action::Call, callee, args, Type::BOOL);
        }
        let (then, other) = match &result.condition {
            Some(c) => (self.world.widen(&c.then), self.world.widen(&c.other)),
            None => (Type::BOTTOM, Type::BOTTOM),
        };
        let members = self.world.module.tables.members(have);
        let mut yes = Vec::new();
        let mut no = Vec::new();
        for m in members {
            if self.world.value_subtype(m, then) {
                yes.push(m);
            } else if self.world.value_subtype(m, other) {
                no.push(m);
            }
        }
        if yes.is_empty() {
            return Value::bool(false);
        }
        if no.is_empty() {
            return Value::bool(true);
        }
        let (tests, negate) = if no.len() < yes.len() {
            (no, true)
        } else {
            (yes, false)
        };
        let mut test: Option<Value> = None;
        for m in tests {
            let list = self.f.value_list(&[value, Value::Type(m)]);
            let one = self.push(Op::Builtin(Builtin::IsA, list), Type::BOOL);
            test = Some(match test {
                None => one,
                Some(before) => {
                    let list = self.f.value_list(&[before, one]);
                    self.push(Op::Intrinsic(jlift_ir::Intrinsic::OrInt, list), Type::BOOL)
                }
            });
        }
        let test = test.unwrap_or(Value::bool(false));
        if negate {
            let list = self.f.value_list(&[test]);
            self.push(Op::Intrinsic(jlift_ir::Intrinsic::NotInt, list), Type::BOOL)
        } else {
            test
        }
    }

    /// The elements of containers, one after the other.
    fn elements(&mut self, counts: &[Option<u32>], containers: &[Value]) -> Vec<Value> {
        let mut out = Vec::new();
        for (n, &container) in containers.iter().enumerate() {
            let count = counts.get(n).copied().flatten().unwrap_or(0);
            self.fields_of_value(container, count, &mut out);
        }
        out
    }

    pub(super) fn fields_of_value(&mut self, container: Value, count: u32, out: &mut Vec<Value>) {
        let lat = Lat::Const(container);
        if container.is_const()
            && let Some((_, fields)) = self.world.fields_of(&lat)
        {
            out.extend(fields.iter().filter_map(Lat::as_const));
            return;
        }
        let ty = self.type_of(container);
        let types = self.world.field_types(ty);
        for i in 0..count {
            let field_ty = types.get(i as usize).copied().unwrap_or(Type::ANY);
            if let Lat::Const(v) = self.world.lat_of(field_ty) {
                out.push(v);
                continue;
            }
            let list = self
                .f
                .value_list(&[container, Value::int64(i64::from(i) + 1)]);
            out.push(self.push(Op::Builtin(Builtin::GetField, list), field_ty));
        }
    }

    /// `new(T, tuple…)`.
    pub fn splat_new(&mut self, result: &CallResult, ty: Value, tuple: Value) -> Value {
        match &result.kind {
            CallKind::Apply { counts, call } => {
                let elements = self.elements(counts, &[tuple]);
                self.call(call, ty, &elements)
            }
            _ => self.call(result, ty, &[tuple]),
        }
    }

    /// A call that depends on the type of an argument: a chain of tests.
    fn split(
        &mut self,
        arg: usize,
        cases: &[(Type, Rc<CallResult>)],
        result: &CallResult,
        callee: Value,
        args: &[Value],
    ) -> Value {
        let subject = if arg == 0 { callee } else { args[arg - 1] };
        let have = self.type_of(subject);
        let at = |value: Value| {
            let mut callee = callee;
            let mut args = args.to_vec();
            if arg == 0 {
                callee = value;
            } else {
                args[arg - 1] = value;
            }
            (callee, args)
        };
        // The value may be known better here than where the call was resolved.
        let possible: Vec<&(Type, Rc<CallResult>)> = {
            let members = self.world.module.tables.members(have);
            cases.iter().filter(|(t, _)| members.contains(t)).collect()
        };
        if let [(ty, case)] = possible[..] {
            let lat = self.world.lat_of(*ty);
            let value = self.as_known(subject, &lat);
            let (callee, args) = at(value);
            return self.call(case, callee, &args);
        }
        let join = self.new_block();
        let mut entries = Vec::new();
        let last = possible.len().saturating_sub(1);
        for (n, (ty, case)) in possible.iter().enumerate() {
            if self.at.is_none() {
                break;
            }
            let next = if n < last {
                let list = self.f.value_list(&[subject, Value::Type(*ty)]);
                let test = self.push(Op::Builtin(Builtin::IsA, list), Type::BOOL);
                let then_dest = self.new_block();
                let else_dest = self.new_block();
                self.end(Terminator::Branch {
                    cond: test,
                    then_dest,
                    else_dest,
                });
                self.at = Some(then_dest);
                Some(else_dest)
            } else {
                None
            };
            let lat = self.world.lat_of(*ty);
            let value = self.as_known(subject, &lat);
            let (callee, args) = at(value);
            let value = self.call(case, callee, &args);
            let value = match &result.ret {
                Lat::Const(_) => value,
                ret => {
                    let want = self.world.widen(ret);
                    self.coerce(value, want)
                }
            };
            if let Some(from) = self.at {
                entries.push((from, value));
                self.end(Terminator::Goto(join));
            }
            self.at = next;
        }
        if entries.is_empty() {
            self.f.layout.retain(|&b| b != join);
            self.at = None;
            return Value::NOTHING;
        }
        self.at = Some(join);
        if let Lat::Const(v) = result.ret {
            return v;
        }
        let ty = self.world.widen(&result.ret);
        let list = self.f.phi_list(&entries);
        self.push(Op::Phi(list), ty)
    }
}
