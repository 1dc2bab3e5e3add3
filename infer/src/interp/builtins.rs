//! Results of intrinsics and of the builtins that compute on values: comparisons, types of values,
//! tuples, arrays. Fields have a file of their own.

use super::call::{CallKind, CallResult, Site, is_parameter};
use crate::lattice::Lat;
use crate::world::World;
use jlift_ir::intrinsic::Shape;
use jlift_ir::{Builtin, ConstData, Intrinsic, Type, TypeClass, TypeParam, Value};

impl World {
    /// The result of an intrinsic.
    pub(super) fn intrinsic(&mut self, op: Intrinsic, args: &[Lat]) -> CallResult {
        let (least, most) = op.arity();
        if args.len() < least || args.len() > most {
            return CallResult::throws(
                Type::ERROR_EXCEPTION,
                format!("wrong number of arguments to intrinsic {}", op.name()),
            );
        }
        let types: Vec<Type> = args.iter().map(|a| self.widen(a)).collect();
        let type_error = |w: &World, want: &str| {
            CallResult::throws(
                Type::ERROR_EXCEPTION,
                format!(
                    "{}: expected {want}, got {}",
                    op.name(),
                    w.type_text(types[0])
                ),
            )
        };
        // Primitive types that the program declares act as integers of their width.
        let primitive = |w: &mut World, t: Type| {
            w.declare(t);
            matches!(
                w.module.tables.class(t),
                TypeClass::Primitive(_) | TypeClass::Pointer
            )
        };
        let target = || args.first().and_then(Lat::as_type_value);
        let ret = match op.shape() {
            Shape::IntUnary | Shape::IntBinary | Shape::Shift | Shape::CheckedDivide => {
                if !primitive(self, types[0]) {
                    return type_error(self, "a primitive value");
                }
                if matches!(op.shape(), Shape::IntBinary | Shape::CheckedDivide)
                    && types[0] != types[1]
                {
                    return type_error(self, "operands of one type");
                }
                types[0]
            }
            Shape::IntCompare | Shape::FloatCompare => {
                if !primitive(self, types[0]) || types[0] != types[1] {
                    return type_error(self, "two primitive values of one type");
                }
                Type::BOOL
            }
            Shape::FloatUnary | Shape::FloatBinary | Shape::FloatTernary => {
                if !types[0].is_float() || types.iter().any(|&t| t != types[0]) {
                    return type_error(self, "floats of one type");
                }
                types[0]
            }
            Shape::CheckedPair => {
                if !primitive(self, types[0]) || types[0] != types[1] {
                    return type_error(self, "two integers of one type");
                }
                self.module.tables.tuple(&[types[0], Type::BOOL])
            }
            Shape::IntConvert
            | Shape::FloatToInt
            | Shape::IntToFloat
            | Shape::FloatConvert
            | Shape::Bitcast => {
                let Some(to) = target() else {
                    return type_error(self, "a type");
                };
                if !primitive(self, to) || !primitive(self, types[1]) {
                    return type_error(self, "primitive types");
                }
                to
            }
            Shape::PointerArithmetic => types[0],
            Shape::PointerLoad => match self.module.tables.pointee(types[0]) {
                Some(t) => {
                    self.declare(t);
                    if !self.is_storable(t) {
                        return type_error(self, "a pointer to values of a concrete type");
                    }
                    t
                }
                None => return type_error(self, "a pointer"),
            },
            Shape::PointerStore => {
                let Some(t) = self.module.tables.pointee(types[0]) else {
                    return type_error(self, "a pointer");
                };
                if !self.value_subtype(types[1], t) {
                    let (a, b) = (self.type_text(t), self.type_text(types[1]));
                    return CallResult::throws(
                        Type::TYPE_ERROR,
                        format!("TypeError: in pointerset, expected {a}, got a value of type {b}"),
                    );
                }
                types[0]
            }
            Shape::Atomic => match op {
                Intrinsic::AtomicFence => Type::NOTHING,
                Intrinsic::AtomicPointerSet => types[0],
                Intrinsic::AtomicPointerRef | Intrinsic::AtomicPointerSwap => {
                    match self.module.tables.pointee(types[0]) {
                        Some(t) => t,
                        None => return type_error(self, "a pointer"),
                    }
                }
                _ => Type::ANY,
            },
            Shape::HaveFma => Type::BOOL,
            Shape::ArrayLength => Type::INT64,
            Shape::GlobalAddress => {
                let of = args.get(1).and_then(Lat::as_type_value);
                self.module.tables.ptr(of.unwrap_or(Type::NOTHING))
            }
            Shape::Refused => {
                return CallResult::throws(
                    Type::ERROR_EXCEPTION,
                    format!("{} is not supported", op.name()),
                );
            }
        };
        let constants: Option<Vec<Value>> = args.iter().map(Lat::as_const).collect();
        if let Some(values) = constants
            && let Some(v) =
                jlift_ir::fold::fold_intrinsic(&mut self.module.tables, op, &values, ret)
        {
            return CallResult::folded(v);
        }
        let total = !matches!(
            op.shape(),
            Shape::CheckedDivide
                | Shape::PointerLoad
                | Shape::PointerStore
                | Shape::Atomic
                | Shape::GlobalAddress
                | Shape::ArrayLength
        ) && !matches!(
            op,
            Intrinsic::SdivInt | Intrinsic::UdivInt | Intrinsic::SremInt | Intrinsic::UremInt
        );
        CallResult {
            ret: self.lat_of(ret),
            kind: CallKind::Intrinsic(op),
            total,
            condition: None,
        }
    }

    /// The result of a builtin.
    pub(super) fn builtin(
        &mut self,
        b: Builtin,
        callee: &Lat,
        args: &[Lat],
        site: Site,
    ) -> CallResult {
        let (least, most) = b.arity();
        if args.len() < least || args.len() > most {
            return CallResult::throws(
                Type::ARGUMENT_ERROR,
                format!(
                    "ArgumentError: {}: wrong number of arguments ({})",
                    b.name(),
                    args.len()
                ),
            );
        }
        match b {
            Builtin::GetField
            | Builtin::SetField
            | Builtin::SwapField
            | Builtin::ModifyField
            | Builtin::ReplaceField
            | Builtin::IsDefined
            | Builtin::NFields => {
                self.split_or(args, callee, site, |w| w.field_builtin(b, args, site))
            }
            Builtin::Tuple => {
                let ret = self.tuple_of(args);
                CallResult::builtin(b, ret, true)
            }
            Builtin::Egal => self.egal(callee, args, site),
            Builtin::TypeOf => self.typeof_call(callee, args, site),
            Builtin::IsA => match args[1].as_type_value() {
                Some(ty) => match self.caught_isa(args, ty, site) {
                    Some(result) => result,
                    None => self.isa(&args[0], ty),
                },
                None => self.unresolved(callee, args, site, "the type is not constant"),
            },
            Builtin::TypeAssert => match args[1].as_type_value() {
                Some(ty) => {
                    let ret = self.narrow(&args[0], ty);
                    if ret == args[0] {
                        // Nothing to check.
                        return CallResult {
                            total: true,
                            ..CallResult::builtin(b, ret, true)
                        };
                    }
                    if ret.is_bottom() {
                        let got = self.lat_text(&args[0]);
                        let want = self.type_text(ty);
                        return CallResult::throws_type(
                            "typeassert",
                            ty,
                            0,
                            format!(
                                "TypeError: in typeassert, expected {want}, got a value of type {got}"
                            ),
                        );
                    }
                    CallResult::builtin(b, ret, false)
                }
                None => self.unresolved(callee, args, site, "the type is not constant"),
            },
            Builtin::Subtype => match (args[0].as_type_value(), args[1].as_type_value()) {
                (Some(a), Some(b)) => {
                    let yes = self.is_subtype(a, b);
                    CallResult::folded(Value::bool(yes))
                }
                _ => self.unresolved(callee, args, site, "the types are not constant"),
            },
            Builtin::IfElse if self.is_dynamic_value(&args[0]) => {
                self.unresolved(callee, args, site, "the condition is not known")
            }
            Builtin::IfElse if self.narrow(&args[0], Type::BOOL).is_bottom() => {
                let given = self.widen(&args[0]);
                let given = self.type_text(given);
                CallResult::throws_type(
                    "ifelse",
                    Type::BOOL,
                    0,
                    format!("TypeError: non-boolean ({given}) used in boolean context"),
                )
            }
            Builtin::IfElse => match args[0].as_const().and_then(Value::as_bool) {
                Some(c) => {
                    let ret = args[if c { 1 } else { 2 }].clone();
                    CallResult::builtin(b, ret, true)
                }
                None => {
                    let ret = self.merge(&args[1], &args[2]);
                    CallResult::builtin(b, ret, true)
                }
            },
            Builtin::SizeOf => match &args[0] {
                Lat::Const(Value::Type(t)) => match self.size_of(*t) {
                    Some(n) => CallResult::folded(Value::int64(n.into())),
                    None => {
                        let kind = match self.module.tables.class(*t) {
                            TypeClass::Abstract => "Abstract type",
                            _ => "Type",
                        };
                        let name = self.type_text(*t);
                        let name = name.split('{').next().unwrap_or_default();
                        CallResult::throws(
                            Type::ERROR_EXCEPTION,
                            format!("{kind} {name} does not have a definite size."),
                        )
                    }
                },
                Lat::Const(Value::Const(c))
                    if matches!(self.module.tables.const_data(*c), ConstData::String(_)) =>
                {
                    let len = match self.module.tables.const_data(*c) {
                        ConstData::String(s) => s.len() as i64,
                        _ => 0,
                    };
                    CallResult::folded(Value::int64(len))
                }
                other => {
                    let ty = self.widen(other);
                    match self.module.tables.class(ty) {
                        TypeClass::String | TypeClass::Array => {
                            CallResult::builtin(b, Lat::Type(Type::INT64), false)
                        }
                        _ => match self.size_of(ty) {
                            Some(n) => CallResult::folded(Value::int64(n.into())),
                            None => self.unresolved(callee, args, site, "its size is not known"),
                        },
                    }
                }
            },
            Builtin::ArrayRef | Builtin::ConstArrayRef => self.array_element(callee, args, site),
            Builtin::ArraySet => {
                let ty = self.widen(&args[1]);
                match self.module.tables.array_of(ty) {
                    Some((elem, _)) => {
                        let value = self.widen(&args[2]);
                        if !self.value_subtype(value, elem)
                            && self.narrow(&args[2], elem).is_bottom()
                        {
                            let (a, b) = (self.type_text(elem), self.type_text(value));
                            return CallResult::throws_type(
                                "arrayset",
                                elem,
                                2,
                                format!(
                                    "TypeError: in arrayset, expected {a}, got a value of type {b}"
                                ),
                            );
                        }
                        CallResult::builtin(b, args[1].clone(), false)
                    }
                    None => self.unresolved(callee, args, site, "the array's type is not known"),
                }
            }
            Builtin::ArraySize if self.is_dynamic_value(&args[0]) => {
                self.unresolved(callee, args, site, "the array's type is not known")
            }
            Builtin::ArraySize => CallResult::builtin(b, Lat::Type(Type::INT64), false),
            Builtin::Throw if self.exceptions_are_objects => {
                CallResult::builtin(b, Lat::Bottom, false)
            }
            Builtin::Throw if self.is_dynamic_value(&args[0]) => CallResult {
                ret: Lat::Bottom,
                ..self.unresolved(callee, args, site, "the exception's type is not known")
            },
            Builtin::Throw => match (self.is_caught(&args[0]), self.shows_itself(&args[0])) {
                (true, _) => self.forward_to("throw_caught", args, site),
                (false, true) => self.forward_to("throw_shown", args, site),
                (false, false) => CallResult::builtin(b, Lat::Bottom, false),
            },
            Builtin::ApplyType => self.apply_type_call(callee, args, site),
            Builtin::ApplyIterate => self.apply_iterate(args, site),
            Builtin::Svec => self.forward_to("simple_vector", args, site),
            Builtin::FieldType => match (args[0].as_type_value(), args[1].as_const()) {
                (Some(t), Some(field)) => match self.field_type_of(t, field) {
                    Some(ty) => CallResult::folded(Value::Type(ty)),
                    None => CallResult::throws(
                        Type::ERROR_EXCEPTION,
                        match self.const_symbol(field) {
                            Some(name) => {
                                let name = self.text(name).to_string();
                                format!("type {} has no field {name}", self.bare_type_text(t))
                            }
                            None => format!("type {} has no such field", self.type_text(t)),
                        },
                    ),
                },
                _ => self.unresolved(callee, args, site, "the type is not constant"),
            },
            Builtin::CompilerBarrier => CallResult::builtin(b, args[1].clone(), false),
            Builtin::DoNotDelete | Builtin::Finalizer => {
                CallResult::builtin(b, Lat::NOTHING, false)
            }
            Builtin::Applicable => {
                let mut types = Vec::with_capacity(args.len());
                for a in args {
                    types.push(self.widen(a));
                }
                let yes = matches!(self.find_method(&types), super::methods::Lookup::Found(_));
                if !yes
                    && let Some((f, rest)) = args.split_first()
                    && self.depends_on_values(f, rest)
                {
                    return self.unresolved(callee, args, site, "the types are not known");
                }
                CallResult::folded(Value::bool(yes))
            }
            Builtin::Invoke => self.invoke_call(callee, args, site),
            Builtin::GetGlobal | Builtin::SetGlobal => self.global_builtin(b, callee, args, site),
            Builtin::GetBindingType
            | Builtin::Expr_
            | Builtin::TypeVar_
            | Builtin::Box
            | Builtin::Unbox
            | Builtin::CallDynamic => {
                self.unresolved(callee, args, site, "this builtin is not supported")
            }
        }
    }

    /// A tuple of what is known of its elements.
    pub fn tuple_of(&mut self, elems: &[Lat]) -> Lat {
        if elems.iter().any(Lat::is_bottom) {
            return Lat::Bottom;
        }
        let mut types = Vec::with_capacity(elems.len());
        for e in elems {
            types.push(self.widen(e));
        }
        let ty = self.module.tables.tuple(&types);
        self.declare(ty);
        self.partial(ty, elems.to_vec())
    }

    fn array_element(&mut self, callee: &Lat, args: &[Lat], site: Site) -> CallResult {
        let ty = self.widen(&args[1]);
        match self.module.tables.array_of(ty) {
            Some((elem, _)) => {
                self.declare(elem);
                let ret = self.lat_of(elem);
                CallResult::builtin(Builtin::ArrayRef, ret, false)
            }
            None => self.unresolved(callee, args, site, "the array's type is not known"),
        }
    }

    /// Whether values of a type are themselves types.
    pub fn is_type_value_type(&mut self, ty: Type) -> bool {
        ty == Type::DATA_TYPE || self.nominal_name(ty) == Some(self.names.type_)
    }

    fn apply_type_call(&mut self, callee: &Lat, args: &[Lat], site: Site) -> CallResult {
        let Some(head) = args[0].as_type_value() else {
            return self.unresolved(callee, args, site, "the type is not constant");
        };
        let mut params = Vec::with_capacity(args.len() - 1);
        for a in &args[1..] {
            let ty = self.widen(a);
            let is_type = a.as_type_value().is_some() || self.is_type_value_type(ty);
            if !is_type && self.is_concrete(ty) && !is_parameter(&self.module.tables, ty) {
                let text = self.type_text(ty);
                return CallResult::throws(
                    Type::TYPE_ERROR,
                    format!(
                        "TypeError: in Type, in parameter, expected Type, got a value of type {text}"
                    ),
                );
            }
            match a.as_const() {
                Some(v) => params.push(crate::world::type_expression::value_param(v)),
                None => {
                    return self.unresolved(
                        callee,
                        args,
                        site,
                        "a type parameter is not known at compile time",
                    );
                }
            }
        }
        match self.apply_type(head, &params) {
            Ok(t) => CallResult::folded(Value::Type(t)),
            Err(message) if message.starts_with("TypeError: ") => {
                CallResult::throws(Type::TYPE_ERROR, message)
            }
            Err(message) => CallResult::throws(Type::ERROR_EXCEPTION, message),
        }
    }

    /// Whether values of the type can be held in memory.
    pub fn is_storable(&mut self, ty: Type) -> bool {
        self.declare(ty);
        !matches!(
            self.module.tables.class(ty),
            TypeClass::Abstract | TypeClass::Bottom
        ) || ty == Type::ANY
    }

    /// Number of the fields of a tuple or struct type.
    pub fn field_count(&mut self, ty: Type) -> Option<usize> {
        if self.module.tables.is_tuple(ty) {
            let count = self.module.tables.params(ty).len();
            let last = count.checked_sub(1);
            // `Vararg` stands at the end.
            let fixed = last.is_none_or(|n| self.module.tables.field_type(ty, n).is_some());
            return fixed.then_some(count);
        }
        self.declare(ty);
        self.module.tables.field_types(ty).map(|f| f.len())
    }

    /// The declared types of the fields, empty for others than structs and tuples.
    pub fn field_types(&mut self, ty: Type) -> Vec<Type> {
        self.declare(ty);
        self.module.tables.field_types(ty).unwrap_or_default()
    }

    /// The elements of `Tuple{…}` parameters as types.
    pub fn tuple_params(&self, ty: Type) -> Vec<Type> {
        self.module
            .tables
            .params(ty)
            .iter()
            .filter_map(|p| match p {
                TypeParam::Type(t) => Some(*t),
                TypeParam::Value(_) => None,
            })
            .collect()
    }
}
