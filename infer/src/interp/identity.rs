//! `===`, `isa` and `typeof`: what a value is. What other builtins compute stands beside.

use super::call::{CallResult, Site};
use super::caught::ONLY_A_HASH;
use super::instance::ReturnCondition;
use crate::lattice::Lat;
use crate::world::World;
use jlift_ir::decl::Decl;
use jlift_ir::{Builtin, ConstData, StructKind, Type, TypeClass, Value};

impl World {
    /// Whether values of a struct type are objects that are the same as others with the same
    /// fields: immutable, but not stored inline since they contain themselves.
    pub(super) fn is_shared_value(&mut self, ty: Type) -> bool {
        self.declare(ty);
        matches!(self.module.tables.decl(ty), Some(Decl::Struct(s)) if !s.mutable && s.kind == StructKind::Heap)
    }

    /// Whether `===` of two values of a type asks for their fields one by one: shared values do, and
    /// so does what holds them, or references to values of any type.
    pub(super) fn compares_by_fields(&mut self, ty: Type) -> bool {
        if self.is_shared_value(ty) {
            return true;
        }
        let inline = matches!(
            self.module.tables.class(ty),
            TypeClass::Inline | TypeClass::InlineWithReferences
        );
        if !inline || self.module.tables.is_bits(ty) {
            return false;
        }
        let fields: Vec<Type> = match self.module.tables.tuple_elems(ty) {
            Some(elems) => elems,
            None => match self.module.tables.decl(ty) {
                Some(Decl::Struct(s)) => s.fields.iter().map(|f| f.ty).collect(),
                _ => return false,
            },
        };
        // Inline fields are smaller than what they are in: this ends.
        fields.into_iter().any(|field| {
            let members = self.module.tables.members(field);
            self.is_dynamic(field) || members.into_iter().any(|m| self.compares_by_fields(m))
        })
    }

    /// `===`.
    pub(super) fn egal(&mut self, callee: &Lat, args: &[Lat], site: Site) -> CallResult {
        let (a, b) = (&args[0], &args[1]);
        if let (Lat::Const(x), Lat::Const(y)) = (a, b)
            && let Some(same) = self.constants_egal(*x, *y)
        {
            return CallResult::folded(Value::bool(same));
        }
        let (ta, tb) = (self.widen(a), self.widen(b));
        if (self.is_caught(a) && tb != Type::NOTHING) || (self.is_caught(b) && ta != Type::NOTHING)
        {
            return self.unresolved(callee, args, site, ONLY_A_HASH);
        }
        // Values of types without a common subtype are never the same.
        if self.is_concrete(ta)
            && self.is_concrete(tb)
            && ta != tb
            && !self.is_type_value_type(ta)
            && !self.is_type_value_type(tb)
        {
            return CallResult::folded(Value::bool(false));
        }
        let met = self.intersect(ta, tb);
        if met == Type::BOTTOM && !self.is_type_value_type(ta) && !self.is_type_value_type(tb) {
            return CallResult::folded(Value::bool(false));
        }
        let condition = match (a, b) {
            (_, Lat::Const(v)) => self.egal_condition(0, a, *v),
            (Lat::Const(v), _) => self.egal_condition(1, b, *v),
            _ => None,
        };
        let both_vary = a.as_const().is_none() && b.as_const().is_none();
        if both_vary
            && self
                .module
                .tables
                .members(met)
                .iter()
                .any(|&m| self.compares_by_fields(m))
        {
            return self.forward_to("egal_by_fields", args, site);
        }
        CallResult {
            condition,
            ..CallResult::builtin(Builtin::Egal, Lat::BOOL, true)
        }
    }

    fn egal_condition(
        &mut self,
        index: usize,
        of: &Lat,
        constant: Value,
    ) -> Option<ReturnCondition> {
        let ty = self.const_type(constant);
        let other = match constant {
            // Only of singletons does inequality exclude the type.
            Value::Instance(_) => self.exclude(of, ty),
            _ => of.clone(),
        };
        Some(ReturnCondition {
            arg: index + 1,
            then: Lat::Const(constant),
            other,
        })
    }

    /// Whether two constants are the same, where that is known.
    fn constants_egal(&mut self, a: Value, b: Value) -> Option<bool> {
        if a == b {
            return Some(true);
        }
        match (a, b) {
            (Value::Type(x), Value::Type(y)) => {
                Some(self.is_subtype(x, y) && self.is_subtype(y, x))
            }
            (Value::Const(x), Value::Const(y)) => {
                let tables = &self.module.tables;
                match (tables.const_data(x), tables.const_data(y)) {
                    (ConstData::Global(_) | ConstData::Binding(_) | ConstData::Opaque(_), _)
                    | (_, ConstData::Global(_) | ConstData::Binding(_) | ConstData::Opaque(_)) => {
                        None
                    }
                    _ => Some(false),
                }
            }
            (Value::Const(c), _) | (_, Value::Const(c))
                if matches!(
                    self.module.tables.const_data(c),
                    ConstData::Global(_) | ConstData::Binding(_) | ConstData::Opaque(_)
                ) =>
            {
                None
            }
            _ => Some(false),
        }
    }

    /// `isa` of a constant type.
    pub(super) fn isa(&mut self, value: &Lat, ty: Type) -> CallResult {
        if let Lat::Const(Value::Type(t)) = value {
            let kind = self.kind_of_type(*t);
            let type_type = self.module.tables.type_type(*t);
            let yes = self.is_subtype(kind, ty) || self.is_subtype(type_type, ty);
            return CallResult::folded(Value::bool(yes));
        }
        let own = self.widen(value);
        let then = self.narrow(value, ty);
        if then.is_bottom() {
            return CallResult::folded(Value::bool(false));
        }
        if self.value_subtype(own, ty) {
            return CallResult::folded(Value::bool(true));
        }
        let other = self.exclude(value, ty);
        CallResult {
            condition: Some(ReturnCondition {
                arg: 1,
                then,
                other,
            }),
            ..CallResult::builtin(Builtin::IsA, Lat::BOOL, true)
        }
    }

    pub(super) fn typeof_call(&mut self, callee: &Lat, args: &[Lat], site: Site) -> CallResult {
        if self.is_caught(&args[0]) {
            return self.unresolved(callee, args, site, ONLY_A_HASH);
        }
        match &args[0] {
            Lat::Const(v) => {
                let ty = self.typeof_const(*v);
                CallResult::folded(Value::Type(ty))
            }
            other => {
                let ty = self.widen(other);
                if self.is_concrete(ty) {
                    return CallResult::folded(Value::Type(ty));
                }
                let exact = self.type_of_values(ty);
                if exact != ty && self.is_concrete(exact) {
                    return CallResult::folded(Value::Type(exact));
                }
                self.split_or(args, callee, site, |w| {
                    w.unresolved(callee, args, site, "the type of the value is not known")
                })
            }
        }
    }
}
