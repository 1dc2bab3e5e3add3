//! Values whose types are only known at run time: how values become dynamic and stop being so, and
//! calls that depend on them. Which calls those are is decided by inference; what they reach, at
//! run time, by [`crate::dynamic`].
//!
//! Conversions never make blocks, for they also stand at the ends of blocks that are finished. What
//! needs control flow is a function of its own, made once for each pair of types.

use super::function::Emitter;
use crate::dynamic::{Action, SiteKey};
use crate::interp::call::ErrorFields;
use crate::lattice::Lat;
use crate::world::World;
use jlift_ir::{
    Builtin, Func, Function, Intrinsic, Name, Op, Param, Terminator, Type, TypeClass, Value,
};

/// What a function of the emitter's own does with a value.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Conversion {
    /// The value is of the wanted type.
    Certain,
    /// A `TypeError` if it is not.
    Asserted,
    /// A field of it is wanted, by its number.
    Field,
}

impl World {
    /// Whether values of a type are references to objects whose headers tell their types.
    pub(crate) fn is_dynamic(&self, ty: Type) -> bool {
        self.module.tables.class(ty) == TypeClass::Abstract
    }

    /// Whether a type is one of tuples that have another, concrete, type as dynamic values.
    pub(crate) fn is_loose_tuple(&self, ty: Type) -> bool {
        let Some(elems) = self.module.tables.tuple_elems(ty) else {
            return false;
        };
        // Modules are references without a declaration, but all are of one type.
        elems.into_iter().filter(|&t| t != Type::MODULE).any(|t| {
            matches!(
                self.module.tables.class(t),
                TypeClass::Abstract | TypeClass::Union
            ) || self.is_loose_tuple(t)
        })
    }

    /// Whether a type is one of tuples with dynamic elements.
    pub(crate) fn holds_dynamic(&self, ty: Type) -> bool {
        let elems = self.module.tables.tuple_elems(ty).unwrap_or_default();
        elems
            .into_iter()
            .any(|t| self.is_dynamic(t) || self.holds_dynamic(t))
    }

    /// Whether a type says all about its values that their headers could say.
    pub(crate) fn tells_all(&self, ty: Type) -> bool {
        match self.module.tables.class(ty) {
            TypeClass::Abstract => ty == Type::MODULE,
            TypeClass::Union => {
                let members = self.module.tables.members(ty);
                members.into_iter().all(|m| self.tells_all(m))
            }
            _ => !self.is_loose_tuple(ty),
        }
    }

    /// A builtin function as a value.
    pub(crate) fn builtin_value(&mut self, b: Builtin) -> Value {
        let name = self.name(b.name());
        Value::Instance(self.function_type(self.core, name))
    }

    /// A function that converts a value; `from` or `to` is dynamic.
    fn conversion(&mut self, from: Type, to: Type, how: Conversion) -> Func {
        self.own_function((from, to, how), &[from], to, |emitter| {
            emitter.conversion_body(from, to, how);
        })
    }

    /// A function that gives the field with a number that is only known at run time.
    fn field_chooser(&mut self, ty: Type) -> Func {
        let key = (ty, Type::ANY, Conversion::Field);
        self.own_function(key, &[ty, Type::INT64], Type::ANY, |emitter| {
            emitter.choose_field(ty);
        })
    }

    fn own_function(
        &mut self,
        key: (Type, Type, Conversion),
        params: &[Type],
        ret: Type,
        body: impl FnOnce(&mut Emitter),
    ) -> Func {
        if let Some(&func) = self.conversions.get(&key) {
            return func;
        }
        let name = self.name("Core.convert_dynamic");
        let text = format!("typeof({})", self.text(name));
        let self_type = self.module.tables.nominal(&text, &[]);
        self.module.tables.declare(
            self_type,
            jlift_ir::decl::Decl::Singleton {
                supertype: Type::FUNCTION,
            },
        );
        let param = |&ty: &Type| Param {
            name: Name::EMPTY,
            ty,
        };
        let f = Function::new(name, params.iter().map(param).collect(), ret, self_type);
        let func = self.module.functions.push(f.clone());
        self.conversions.insert(key, func);
        let mut emitter = Emitter::bare(self, f);
        body(&mut emitter);
        let f = emitter.f;
        self.module.functions[func] = f;
        func
    }
}

impl Emitter<'_> {
    fn conversion_body(&mut self, from: Type, to: Type, how: Conversion) {
        let value = Value::Arg(2);
        let by_member = |me: &mut Self, member: Type| {
            let list = me.f.value_list(&[value, Value::Type(member)]);
            let test = me.push(Op::Builtin(Builtin::IsA, list), Type::BOOL);
            let (then_dest, else_dest) = (me.new_block(), me.new_block());
            me.end(Terminator::Branch {
                cond: test,
                then_dest,
                else_dest,
            });
            (then_dest, else_dest)
        };
        if self.world.is_dynamic(to) {
            // A small union becomes dynamic: by its members.
            for member in self.world.module.tables.members(from) {
                let (then_dest, else_dest) = by_member(self, member);
                self.at = Some(then_dest);
                let lat = self.world.lat_of(member);
                let known = match lat {
                    Lat::Const(v) => v,
                    _ => self.push(Op::Pi { value, ty: member }, member),
                };
                let result = self.make_dynamic(known, to);
                self.end(Terminator::Return(result));
                self.at = Some(else_dest);
            }
            self.end(Terminator::Unreachable);
            return;
        }
        let members = self.world.module.tables.members(to);
        let last = members.len() - 1;
        for (n, &member) in members.iter().enumerate() {
            let sure = how == Conversion::Certain && n == last;
            if sure || !self.world.tells_all(member) {
                if !sure {
                    self.check_dynamic(value, member);
                }
                let result = self.read_dynamic(value, member);
                let result = self.coerce(result, to);
                self.end(Terminator::Return(result));
                return;
            }
            let (then_dest, else_dest) = by_member(self, member);
            self.at = Some(then_dest);
            let result = self.read_dynamic(value, member);
            let result = self.coerce(result, to);
            self.end(Terminator::Return(result));
            self.at = Some(else_dest);
        }
        self.check_dynamic(value, to);
        self.end(Terminator::Unreachable);
    }

    /// Throws what `typeassert` throws unless a dynamic value is of the type.
    fn check_dynamic(&mut self, value: Value, ty: Type) {
        let callee = self.world.builtin_value(Builtin::TypeAssert);
        self.call_dynamic(Action::Call, callee, &[value, Value::Type(ty)], Type::ANY);
    }

    /// A value as a dynamic one.
    pub fn make_dynamic(&mut self, value: Value, want: Type) -> Value {
        let have = self.type_of(value);
        if have == want || have == Type::BOTTOM {
            return value;
        }
        let one = self.f.value_list(&[value]);
        if let Value::Type(_) = value {
            return self.boxed(value, have, want);
        }
        match self.world.module.tables.class(have) {
            TypeClass::Abstract => self.push(Op::Builtin(Builtin::Unbox, one), want),
            TypeClass::Heap | TypeClass::Array | TypeClass::String | TypeClass::Symbol => {
                self.push(Op::Builtin(Builtin::Box, one), want)
            }
            TypeClass::Union => {
                let func = self.world.conversion(have, want, Conversion::Certain);
                self.push(
                    Op::Invoke {
                        func,
                        callee: None,
                        args: one,
                    },
                    want,
                )
            }
            _ if self.world.is_loose_tuple(have) => {
                let callee = self.world.builtin_value(Builtin::Tuple);
                let elems = self.tuple_elements(value, have);
                self.call_dynamic(Action::Call, callee, &elems, want)
            }
            _ => self.boxed(value, have, want),
        }
    }

    /// In an object of its own.
    fn boxed(&mut self, value: Value, have: Type, want: Type) -> Value {
        let ty = self.world.boxed_type(have);
        let object = if value.is_const() {
            self.world.const_aggregate(ty, &[value])
        } else {
            let args = self.f.value_list(&[value]);
            self.push(Op::New { ty, args }, ty)
        };
        let list = self.f.value_list(&[object]);
        self.push(Op::Builtin(Builtin::Box, list), want)
    }

    fn tuple_elements(&mut self, tuple: Value, ty: Type) -> Vec<Value> {
        let count = self.world.field_types(ty).len() as u32;
        let mut out = Vec::with_capacity(count as usize);
        self.fields_of_value(tuple, count, &mut out);
        out
    }

    /// A dynamic value that is known to be of a type.
    pub fn read_dynamic(&mut self, value: Value, want: Type) -> Value {
        let have = self.type_of(value);
        if have == want || want == Type::BOTTOM || self.at.is_none() {
            return value;
        }
        if let Lat::Const(v) = self.world.lat_of(want) {
            return v;
        }
        let one = self.f.value_list(&[value]);
        match self.world.module.tables.class(want) {
            TypeClass::Abstract
            | TypeClass::Heap
            | TypeClass::Array
            | TypeClass::String
            | TypeClass::Symbol => self.push(Op::Builtin(Builtin::Unbox, one), want),
            TypeClass::Union => {
                let func = self.world.conversion(have, want, Conversion::Certain);
                self.push(
                    Op::Invoke {
                        func,
                        callee: None,
                        args: one,
                    },
                    want,
                )
            }
            _ if self.world.is_loose_tuple(want) => {
                let callee = self.world.builtin_value(Builtin::GetField);
                let types = self.world.module.tables.tuple_elems(want);
                let mut elems = Vec::new();
                for (n, ty) in types.unwrap_or_default().into_iter().enumerate() {
                    let args = [value, Value::int64(n as i64 + 1)];
                    let elem = self.call_dynamic(Action::Call, callee, &args, Type::ANY);
                    elems.push(self.coerce(elem, ty));
                }
                let list = self.f.value_list(&elems);
                self.push(Op::Builtin(Builtin::Tuple, list), want)
            }
            _ => {
                let ty = self.world.boxed_type(want);
                let object = self.push(Op::Builtin(Builtin::Unbox, one), ty);
                let list = self.f.value_list(&[object, Value::int64(1)]);
                self.push(Op::Builtin(Builtin::GetField, list), want)
            }
        }
    }

    /// A dynamic value at a type that is tested.
    pub fn assert_dynamic(&mut self, value: Value, want: Type) -> Value {
        let have = self.type_of(value);
        if self.world.is_dynamic(want) {
            if want == Type::ANY || self.world.value_subtype(have, want) {
                return self.read_dynamic(value, want);
            }
            let callee = self.world.builtin_value(Builtin::TypeAssert);
            return self.call_dynamic(Action::Call, callee, &[value, Value::Type(want)], want);
        }
        let func = self.world.conversion(have, want, Conversion::Asserted);
        let args = self.f.value_list(&[value]);
        let value = self.push(
            Op::Invoke {
                func,
                callee: None,
                args,
            },
            want,
        );
        match self.world.lat_of(want) {
            Lat::Const(v) => v,
            _ => value,
        }
    }

    /// Throws a dynamic value.
    pub(super) fn throw_object(&mut self, exception: Value) -> Value {
        self.runtime_call("jlift_throw", &[exception], Type::NOTHING);
        self.push(Op::Rethrow, Type::BOTTOM)
    }

    /// Throws an exception that inference has foreseen, unless its text is all there is of it.
    pub(super) fn throw_made(
        &mut self,
        fields: ErrorFields,
        callee: Value,
        args: &[Value],
    ) -> bool {
        let (name, values) = match fields {
            ErrorFields::Text => return false,
            ErrorFields::Call => {
                let tuple = self.world.builtin_value(Builtin::Tuple);
                let given = self.call_dynamic(Action::Call, tuple, args, Type::ANY);
                ("MethodError", vec![callee, given])
            }
            ErrorFields::Bounds => ("BoundsError", args.iter().take(2).copied().collect()),
            ErrorFields::Wanted { by, ty, arg } => {
                let by = self.world.name(by);
                let by = self.world.symbol_value(by);
                let context = self.world.module.tables.string(b"");
                let got = args.get(arg).copied().unwrap_or(Value::NOTHING);
                ("TypeError", vec![by, context, Value::Type(ty), got])
            }
        };
        let Some(constructor) = self.world.base_const(name) else {
            return false;
        };
        let exception = self.call_dynamic(Action::Call, constructor, &values, Type::ANY);
        self.throw_object(exception);
        true
    }

    /// A field that is chosen at run time, of a tuple or struct whose fields are of many types.
    pub(super) fn any_field(&mut self, object: Value, index: Value, want: Type) -> Value {
        let ty = self.type_of(object);
        let func = self.world.field_chooser(ty);
        let args = self.f.value_list(&[object, index]);
        let value = self.push(
            Op::Invoke {
                func,
                callee: None,
                args,
            },
            Type::ANY,
        );
        self.read_dynamic(value, want)
    }

    fn choose_field(&mut self, ty: Type) {
        let (object, index) = (Value::Arg(2), Value::Arg(3));
        for (n, field) in self.world.field_types(ty).into_iter().enumerate() {
            let number = Value::int64(n as i64 + 1);
            let list = self.f.value_list(&[index, number]);
            let test = self.push(Op::Intrinsic(Intrinsic::EqInt, list), Type::BOOL);
            let (then_dest, else_dest) = (self.new_block(), self.new_block());
            self.end(Terminator::Branch {
                cond: test,
                then_dest,
                else_dest,
            });
            self.at = Some(then_dest);
            let value = match self.world.lat_of(field) {
                Lat::Const(v) => v,
                _ => {
                    let list = self.f.value_list(&[object, number]);
                    self.push(Op::Builtin(Builtin::GetField, list), field)
                }
            };
            let value = self.make_dynamic(value, Type::ANY);
            self.end(Terminator::Return(value));
            self.at = Some(else_dest);
        }
        let object = self.make_dynamic(object, Type::ANY);
        let index = self.make_dynamic(index, Type::ANY);
        self.runtime_call("jlift_throw_bounds", &[object, index], Type::NOTHING);
        self.push(Op::Rethrow, Type::BOTTOM);
    }

    /// `_apply_iterate(iterate, f, containers…)` with containers of unknown length.
    pub(super) fn splat(
        &mut self,
        conversions: &[Option<std::rc::Rc<crate::interp::call::CallResult>>],
        args: &[Value],
        want: Type,
    ) -> Value {
        let convert = self.world.base_const("splat_elements");
        let mut given = args.to_vec();
        for (container, conversion) in given.iter_mut().skip(2).zip(conversions) {
            if let (Some(call), Some(convert)) = (conversion, convert) {
                let list = self.call(call, convert, &[*container]);
                if self.at.is_none() {
                    return Value::NOTHING;
                }
                let list = self.make_dynamic(list, Type::ANY);
                *container = self.runtime_call("jlift_tuple_of", &[list], Type::ANY);
            }
        }
        let callee = self.world.builtin_value(Builtin::ApplyIterate);
        self.call_dynamic(Action::Call, callee, &given, want)
    }

    /// Calls what the run-time types of the arguments ask for.
    pub fn call_dynamic(
        &mut self,
        action: Action,
        callee: Value,
        args: &[Value],
        want: Type,
    ) -> Value {
        if self.at.is_none() {
            return Value::NOTHING;
        }
        let mut pattern = Vec::with_capacity(args.len() + 1);
        let mut passed = vec![Value::NOTHING];
        let is_known = match callee {
            Value::Instance(t) => self.world.known_function(t).is_some(),
            _ => false,
        };
        for &value in std::iter::once(&callee).chain(args) {
            let fixed = match value {
                Value::Type(_) | Value::Instance(_) => true,
                _ if value.is_const() => is_known || self.world.const_symbol(value).is_some(),
                _ => false,
            };
            if fixed {
                pattern.push(Some(value));
            } else {
                pattern.push(None);
                let dynamic = self.make_dynamic(value, Type::ANY);
                // The verifier wants them to be dynamic, of whatever type.
                passed.push(dynamic);
            }
        }
        let site = self.world.dynamic_site(SiteKey { action, pattern });
        passed[0] = Value::int64(i64::from(site.as_u32()));
        let list = self.f.value_list(&passed);
        let is_dynamic = self.world.is_dynamic(want);
        let ty = if is_dynamic || want == Type::BOTTOM {
            want
        } else {
            Type::ANY
        };
        let value = self.push(Op::Builtin(Builtin::CallDynamic, list), ty);
        if is_dynamic || want == Type::BOTTOM {
            return value;
        }
        self.read_dynamic(value, want)
    }
}
