//! What programs ask about modules and functions: parents, exports, methods. Answers hold for the
//! moment of inference; a top-level statement is inferred when it is its turn.

use crate::lattice::Lat;
use crate::world::World;
use crate::world::modules::{Binding, ModuleId};
use jlift_ir::{Name, Type, Value};

use super::methods::Lookup;

impl World {
    /// The module that a module, a type or a function is defined in.
    pub(super) fn parent_module_of(&mut self, value: Value) -> Option<ModuleId> {
        if let Some(m) = self.as_module(value) {
            return Some(self.modules[m].parent.unwrap_or(m));
        }
        let name = match value {
            Value::Type(t) => self.nominal_name(t)?,
            Value::Instance(t) => self.nominal_name(t)?,
            _ => return None,
        };
        let text = self.text(name).to_string();
        let text = text
            .strip_prefix("typeof(")
            .and_then(|t| t.strip_suffix(')'))
            .unwrap_or(&text);
        let Some((module, _)) = text.split_once(".var\"").or_else(|| text.rsplit_once('.')) else {
            return Some(self.core);
        };
        // The function `Base..` has a dot for a name.
        let module = self.name(module.trim_end_matches('.'));
        let found = self.modules.iter().find(|(_, m)| m.name == module);
        found.map(|(id, _)| id)
    }

    /// Whether a type is that of a function which the program defines.
    pub(super) fn is_of_program(&mut self, function: Type) -> bool {
        self.parent_module_of(Value::Instance(function))
            .is_some_and(|module| !self.is_base(module))
    }

    /// The exported names of a module and its own, sorted by text as `names` gives them; with `all`,
    /// those too that are bound in it and come from nowhere else.
    pub(super) fn module_names(&mut self, module: ModuleId, all: bool) -> Vec<Name> {
        if all {
            self.bind_all_known(module);
        }
        let data = &self.modules[module];
        let mut names: Vec<Name> = data.exports.iter().copied().collect();
        if all {
            let own = data.bindings.iter();
            let own = own.filter(|(_, b)| !matches!(b, Binding::Alias(..)));
            names.extend(own.map(|(&name, _)| name));
        }
        let own = data.name;
        let short = self.text(own).rsplit('.').next().unwrap_or("");
        names.extend(
            data.bindings
                .keys()
                .copied()
                .find(|&n| self.text(n) == short),
        );
        names.sort_by(|&a, &b| self.text(a).cmp(self.text(b)));
        names.dedup();
        names
    }

    /// Whether a name of a module is bound and stays so.
    pub(super) fn is_const_global(&mut self, module: ModuleId, name: Name) -> bool {
        match self.lookup(module, name) {
            Some(Binding::Cell(cell)) => self.cells[cell].is_const,
            Some(_) => true,
            None => false,
        }
    }

    /// The number of methods of a function or of constructors of a type.
    pub(super) fn method_count(&mut self, callee: Value) -> usize {
        let ty = self.widen(&Lat::Const(callee));
        self.instance_method_count(ty)
    }

    /// The number of methods for calls of a value of a type.
    pub(super) fn instance_method_count(&mut self, ty: Type) -> usize {
        let key = self.callee_key(ty);
        self.functions.depend_on(key);
        // Looking up any call reads the definitions of a function of Base.
        self.find_method(&[ty]);
        self.functions.get(key).len()
    }

    /// Whether several methods apply to these argument types, none of which is the most specific one.
    pub(super) fn is_ambiguous(&mut self, callee: Value, tuple: Type) -> bool {
        let mut types = vec![self.widen(&Lat::Const(callee))];
        types.extend(self.tuple_params(tuple));
        matches!(self.find_method(&types), Lookup::Ambiguous(..))
    }

    /// The types that were declared with a type, or a family of types, as their supertype, in the
    /// order of their texts; those of Base as far as they were read.
    pub(super) fn direct_subtypes(&mut self, ty: Type) -> Vec<Type> {
        let Some(above) = self.nominal_name(ty) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for name in self.families.declared() {
            let Some(up) = self.families.get(name).map(|f| f.supertype) else {
                continue;
            };
            // Types of functions have no names of their own.
            let text = self.text(name);
            if self.nominal_name(up) != Some(above) || text.contains('#') || text.contains('(') {
                continue;
            }
            let whole = self.families.whole_type(&mut self.module.tables, name);
            let met = self.intersect(whole, ty);
            if met != Type::BOTTOM {
                found.push((self.type_text(met), met));
            }
        }
        found.sort();
        found.into_iter().map(|(_, ty)| ty).collect()
    }

    /// Whether a method is defined for these argument types; `None` if that depends on the values.
    pub(super) fn has_method_for(&mut self, callee: Value, tuple: Type) -> Option<bool> {
        let mut types = vec![self.widen(&Lat::Const(callee))];
        types.extend(self.tuple_params(tuple));
        match self.find_method(&types) {
            Lookup::Found(_) => Some(true),
            Lookup::None => Some(false),
            Lookup::Ambiguous(..) => Some(false),
            Lookup::Several => None,
        }
    }
}
