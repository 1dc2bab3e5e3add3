//! Exceptions on their way: which ones make their text themselves when they are thrown, and what is
//! known of one that a handler has caught. Of that the error record keeps the type's hash and the
//! text; `Base.CaughtException` stands for it.

use super::call::{CallKind, CallResult, Site};
use crate::lattice::Lat;
use crate::obstacle::Obstacle;
use crate::world::World;
use crate::world::method::MethodId;
use jlift_ir::{Builtin, Type, TypeData, Value};

/// Why the type of a caught exception decides nothing but `isa`.
pub(super) const ONLY_A_HASH: &str = "an output keeps of a caught exception its text, and of its type a hash: it can be asked whether it `isa` a concrete type";

impl World {
    /// Whether a value is an exception that a handler has caught.
    pub(super) fn is_caught(&mut self, value: &Lat) -> bool {
        let ty = self.widen(value);
        self.is_type_of_caught(ty)
    }

    fn is_type_of_caught(&self, ty: Type) -> bool {
        self.module.tables.type_name(ty) == Some("Base.CaughtException")
    }

    /// Whether a call that finds this method for the types (callee first) would find another one if the type of a
    /// caught exception among them were known.
    pub(super) fn is_decided_by_caught(&mut self, types: &[Type], found: MethodId) -> bool {
        if self.exceptions_are_objects || !types.iter().any(|&t| self.is_type_of_caught(t)) {
            return false;
        }
        let any: Vec<Type> = types
            .iter()
            .map(|&t| match self.is_type_of_caught(t) {
                true => Type::EXCEPTION,
                false => t,
            })
            .collect();
        // One that takes only what was caught knows how it is kept.
        let tuple = self.module.tables.tuple(&any);
        let sig = self.methods[found].sig;
        self.match_signature(sig, tuple).is_some()
            && (self.reached_methods(&any, 1)).is_none_or(|reached| reached != [found])
    }

    /// A field of a caught exception that its type and its text do not tell.
    pub(super) fn caught_field(
        &mut self,
        callee: &Lat,
        args: &[Lat],
        site: Site,
    ) -> Option<CallResult> {
        let [caught, field] = args else { return None };
        let name = field.as_const().and_then(|v| self.const_symbol(v))?;
        if !self.is_caught(caught) || self.base_const("getproperty") != callee.as_const() {
            return None;
        }
        let name = self.text(name).to_string();
        if name == "msg" {
            return None;
        }
        let message = format!("the field `{name}` of a caught exception is not known in an output");
        self.obstruct(
            Obstacle::error(site.span, message)
                .note(ONLY_A_HASH)
                .help("ask for the text, by `sprint(showerror, e)`, or return what is to be known instead of throwing it"),
        );
        Some(CallResult {
            ret: Lat::ANY,
            kind: CallKind::Unresolved(ONLY_A_HASH.to_string()),
            total: false,
            condition: None,
        })
    }

    /// Whether the text of an exception comes from `showerror` in Julia. Those of the exceptions
    /// that the backend knows, and of which Base has no concrete fields, are made by legalization.
    pub(super) fn shows_itself(&mut self, value: &Lat) -> bool {
        let ty = self.widen(value);
        if !self.is_concrete(ty) {
            return false;
        }
        let name = self.module.tables.type_name(ty).unwrap_or("").to_string();
        let known = !name.contains('.') && self.is_subtype(ty, Type::EXCEPTION);
        if known {
            return false;
        }
        let fields = self.field_types(ty);
        fields
            .iter()
            .all(|&f| self.is_storable(f) && f != Type::ANY && !self.is_abstract(f))
    }

    /// A call of a function of Base with these arguments in place of a builtin.
    pub(super) fn forward_to(&mut self, name: &str, args: &[Lat], site: Site) -> CallResult {
        let Some(f) = self.base_const(name) else {
            return CallResult::throws(Type::ERROR_EXCEPTION, format!("{name} is not defined"));
        };
        let call = self.resolve_call_at(&Lat::Const(f), args, site);
        CallResult {
            ret: call.ret.clone(),
            total: call.total,
            condition: None,
            kind: CallKind::Forward {
                prefix: vec![f],
                skip: 1,
                call: std::rc::Rc::new(call),
            },
        }
    }

    /// `isa` of a caught exception: the record knows its type by a hash.
    pub(super) fn caught_isa(&mut self, args: &[Lat], ty: Type, site: Site) -> Option<CallResult> {
        if !self.is_caught(&args[0]) {
            return None;
        }
        let own = self.widen(&args[0]);
        if own == ty || self.is_subtype(own, ty) {
            return Some(CallResult::folded(Value::bool(true)));
        }
        let members = match self.module.tables.type_data(ty) {
            TypeData::Union(_) => self.module.tables.members(ty),
            _ => vec![ty],
        };
        if !members.iter().all(|&t| self.is_concrete(t)) {
            let text = self.type_text(ty);
            let why = format!(
                "of a caught exception only the concrete type is kept, and {text} is not one"
            );
            let isa = self.builtin_value(Builtin::IsA);
            return Some(self.unresolved(&Lat::Const(isa), args, site, &why));
        }
        Some(self.forward_to("caught_isa", args, site))
    }
}
