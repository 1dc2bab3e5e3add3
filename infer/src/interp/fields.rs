//! Results of the builtins on fields of structs and tuples.

use super::call::{CallKind, CallResult, ErrorFields, Site};
use crate::lattice::Lat;
use crate::world::World;
use jlift_ir::decl::Decl;
use jlift_ir::{Builtin, Type, TypeClass, Value};

impl World {
    /// A builtin function as a value, for messages.
    fn builtin_callee(&mut self, b: Builtin) -> Lat {
        let name = self.name(b.name());
        let ty = self.function_type(self.core, name);
        Lat::Const(Value::Instance(ty))
    }

    pub(super) fn field_builtin(&mut self, b: Builtin, args: &[Lat], site: Site) -> CallResult {
        // Names of a module, of which one or the other is known only at run time.
        if matches!(b, Builtin::GetField | Builtin::IsDefined)
            && args.iter().take(2).any(|a| a.as_const().is_none())
            && self.widen(&args[0]) == Type::MODULE
            && self.widen(&args[1]) == Type::SYMBOL
        {
            let function = match b {
                Builtin::GetField => "eval_in",
                _ => "is_defined_in",
            };
            return self.forward_to(function, &args[..2], site);
        }
        if args.iter().take(2).any(|a| self.is_dynamic_value(a)) {
            let callee = self.builtin_callee(b);
            let result = self.unresolved(&callee, args, site, "the type of the value is not known");
            let ret = match (b, args) {
                (Builtin::GetField, [object, Lat::Const(field)]) => {
                    let ty = self.widen(object);
                    self.common_field_type(ty, *field)
                }
                _ => Lat::ANY,
            };
            return CallResult { ret, ..result };
        }
        match b {
            Builtin::GetField => self.getfield(args, site),
            Builtin::SetField | Builtin::SwapField => self.setfield(b, args),
            Builtin::IsDefined => self.isdefined(args, site),
            Builtin::NFields => {
                let ty = self.widen(&args[0]);
                match self.field_count(ty) {
                    Some(n) => CallResult::folded(Value::int64(n as i64)),
                    None => CallResult::folded(Value::int64(0)),
                }
            }
            _ => {
                let callee = self.builtin_callee(b);
                self.unresolved(&callee, args, site, "this builtin is not supported")
            }
        }
    }

    /// The 0-based field that a constant names.
    pub fn field_index_of(&mut self, ty: Type, field: Value) -> Option<usize> {
        if let Some(name) = self.const_symbol(field) {
            self.declare(ty);
            return self.module.tables.field_index(ty, name);
        }
        let n = self.const_int(field)?;
        let count = self.field_count(ty)?;
        (n >= 1 && n as usize <= count).then(|| n as usize - 1)
    }

    /// The declared type of a field.
    pub fn field_type_of(&mut self, ty: Type, field: Value) -> Option<Type> {
        if let Some(t) = self.abstract_field_type(ty, field) {
            return Some(t);
        }
        let index = self.field_index_of(ty, field)?;
        self.declare(ty);
        self.module.tables.field_type(ty, index)
    }

    /// What a field is known to hold of a value whose type is known except for its parameters: its
    /// declared type, unless that depends on them.
    fn common_field_type(&mut self, ty: Type, field: Value) -> Lat {
        if self.module.tables.is_tuple(ty) {
            // Elements of tuples are read by their position, which a `Vararg` shifts.
            return Lat::ANY;
        }
        match self.abstract_field_type(ty, field) {
            Some(declared) if !self.has_free_vars(declared) => self.lat_of(declared),
            _ => Lat::ANY,
        }
    }

    fn getfield(&mut self, args: &[Lat], site: Site) -> CallResult {
        let b = Builtin::GetField;
        let callee = self.builtin_callee(b);
        // Names of modules.
        if let Lat::Const(v) = &args[0]
            && self.as_module(*v).is_some()
        {
            return self.global_builtin(Builtin::GetGlobal, &callee, args, site);
        }
        let ty = self.widen(&args[0]);
        self.declare(ty);
        if let Some(of) = args[0].as_type_value() {
            return self.type_field(of, &args[1]);
        }
        if let Some(field) = args[1].as_const() {
            let Some(index) = self.field_index_of(ty, field) else {
                return self.no_field(ty, field, args);
            };
            let declared = self.module.tables.field_type(ty, index);
            let declared = declared.unwrap_or(Type::ANY);
            let known = match self.fields_of(&args[0]) {
                Some((_, fields)) => fields.get(index).cloned(),
                None => None,
            };
            if let Some(Lat::Const(v)) = known {
                return CallResult::folded(v);
            }
            let ret = match known {
                Some(lat) => lat,
                None => self.lat_of(declared),
            };
            let heap = self.module.tables.class(ty) == TypeClass::Heap;
            let bits = self.module.tables.is_bits(declared);
            return CallResult::builtin(b, ret, !heap && bits);
        }
        // An index that is only known at run time.
        let index_ty = self.widen(&args[1]);
        if index_ty != Type::INT64 {
            return self.unresolved(&callee, args, site, "the field is not constant");
        }
        let mut ret = Lat::Bottom;
        for t in self.field_types(ty) {
            let lat = self.lat_of(t);
            if lat.as_type_value().is_some() {
                return self.unresolved(
                    &callee,
                    args,
                    site,
                    "which of several types it is depends on an index that is only known at run time",
                );
            }
            ret = self.merge(&ret, &lat);
        }
        if ret.is_bottom() {
            return CallResult {
                kind: CallKind::Throws {
                    ty: Type::BOUNDS_ERROR,
                    message: "BoundsError".to_string(),
                    fields: ErrorFields::Bounds,
                },
                ..CallResult::throws(Type::BOUNDS_ERROR, "BoundsError")
            };
        }
        // Types as elements of a tuple have no memory to be indexed.
        if let Lat::Const(_) = ret {
            ret = self.without_constants(&ret);
        }
        CallResult::builtin(b, ret, false)
    }

    fn no_field(&mut self, ty: Type, field: Value, args: &[Lat]) -> CallResult {
        match self.const_symbol(field) {
            Some(name) => {
                let f = self.text(name).to_string();
                CallResult::throws(
                    Type::ERROR_EXCEPTION,
                    format!("type {} has no field {f}", self.bare_type_text(ty)),
                )
            }
            None => {
                // The text needs the value: the bounds error is thrown at run time.
                let _ = args;
                CallResult::builtin(Builtin::GetField, Lat::Bottom, false)
            }
        }
    }

    /// A type as messages about its fields call it: by the name that it has in its module.
    pub(super) fn bare_type_text(&mut self, ty: Type) -> String {
        if self.module.tables.is_named_tuple(ty) {
            return "NamedTuple".into();
        }
        if let Some(name) = self.nominal_name(ty) {
            return super::type_facts::type_short_name(self.text(name));
        }
        let text = self.type_text(ty);
        text.split('{').next().unwrap_or(&text).to_string()
    }

    /// Fields of types as values: `T.parameters` and the like are not supported.
    fn type_field(&mut self, of: Type, _field: &Lat) -> CallResult {
        CallResult::throws(
            Type::ERROR_EXCEPTION,
            format!(
                "fields of the type {} as a value are not supported",
                self.type_text(of)
            ),
        )
    }

    fn setfield(&mut self, b: Builtin, args: &[Lat]) -> CallResult {
        let ty = self.widen(&args[0]);
        self.declare(ty);
        let mutable = match self.module.tables.decl(ty) {
            Some(Decl::Struct(s)) => s.mutable,
            _ => false,
        };
        if !mutable {
            let text = self.bare_type_text(ty);
            return CallResult::throws(
                Type::ERROR_EXCEPTION,
                format!("setfield!: immutable struct of type {text} cannot be changed"),
            );
        }
        let Some(field) = args[1].as_const() else {
            return self.unresolved(
                &Lat::NOTHING,
                args,
                Site::default(),
                "the field is not constant",
            );
        };
        let Some(index) = self.field_index_of(ty, field) else {
            return self.no_field(ty, field, args);
        };
        if let Some(Decl::Struct(s)) = self.module.tables.decl(ty)
            && s.fields.get(index).is_some_and(|f| f.is_const)
        {
            let name = self.text(s.fields[index].name).to_string();
            let text = self.bare_type_text(ty);
            return CallResult::throws(
                Type::ERROR_EXCEPTION,
                format!("setfield!: const field .{name} of type {text} cannot be changed"),
            );
        }
        let declared = self
            .field_types(ty)
            .get(index)
            .copied()
            .unwrap_or(Type::ANY);
        let value = self.widen(&args[2]);
        if !self.value_subtype(value, declared) {
            let met = self.intersect(value, declared);
            if met == Type::BOTTOM {
                let (a, v) = (self.type_text(declared), self.type_text(value));
                return CallResult::throws_type(
                    "setfield!",
                    declared,
                    2,
                    format!("TypeError: in setfield!, expected {a}, got a value of type {v}"),
                );
            }
        }
        let ret = match b {
            Builtin::SwapField => self.lat_of(declared),
            _ => args[2].clone(),
        };
        CallResult::builtin(b, ret, false)
    }

    fn isdefined(&mut self, args: &[Lat], site: Site) -> CallResult {
        if let Lat::Const(v) = &args[0]
            && let Some(module) = self.as_module(*v)
            && let Some(name) = args[1].as_const().and_then(|v| self.const_symbol(v))
        {
            return match self.global_is_defined(module, name) {
                Lat::Const(v) => CallResult::folded(v),
                unknown => CallResult::builtin(Builtin::IsDefined, unknown, false),
            };
        }
        let ty = self.widen(&args[0]);
        let Some(field) = args[1].as_const() else {
            return self.forward_to("is_defined_field", &args[..2], site);
        };
        match self.field_index_of(ty, field) {
            None => CallResult::folded(Value::bool(false)),
            Some(index) => {
                let declared = self
                    .field_types(ty)
                    .get(index)
                    .copied()
                    .unwrap_or(Type::ANY);
                let tables = &self.module.tables;
                // Tuples have all their elements; a struct may have been made without some.
                let complete = tables.is_tuple(ty) || tables.type_name(ty) == Some("NamedTuple");
                if complete || tables.is_bits(declared) || self.fields_of(&args[0]).is_some() {
                    CallResult::folded(Value::bool(true))
                } else {
                    CallResult::builtin(Builtin::IsDefined, Lat::BOOL, false)
                }
            }
        }
    }
}
