//! What was declared of nominal types: parameters, supertype and kind as terms in the parameters.
//! Holds the caches of the relations too. Knows nothing of how the relations are decided.

use super::alias::TypeAlias;
use super::cache::Cache;
use super::instantiate;
use hashbrown::{HashMap, HashSet};
use jlift_ir::{Name, Tables, Type, TypeParam};
use std::rc::Rc;

/// A field of a struct.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FamilyField {
    pub name: Name,
    /// In terms of the family's parameters.
    pub ty: Type,
    /// `const` in a mutable struct.
    pub is_const: bool,
}

/// What instances of a nominal type are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FamilyKind {
    /// It has subtypes and no direct instances.
    Abstract,
    /// A number of this width.
    Primitive { bits: u32 },
    /// A struct declared by the program or the prelude.
    Struct {
        mutable: bool,
        /// How many fields every `new` gives, from the first on.
        initialized: u32,
        fields: Vec<FamilyField>,
    },
    /// Concrete, represented by the runtime: `Array`, `String`, `DataType` …
    Builtin,
}

/// A nominal type with all its parameters open.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TypeFamily {
    /// The fully qualified name.
    pub name: Name,
    /// Variables with lower and upper bound; a bound may mention earlier variables.
    pub params: Vec<(Name, Type, Type)>,
    /// In terms of the parameters.
    pub supertype: Type,
    pub kind: FamilyKind,
}

/// The names of the types that the relations treat in their own way.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Names {
    pub(crate) tuple: Name,
    pub(crate) named_tuple: Name,
    pub(crate) type_: Name,
    pub(crate) union: Name,
    pub(crate) union_all: Name,
    pub(crate) vararg: Name,
}

/// All nominal types that were declared, aliases of types, and the caches of the relations.
#[derive(Clone, Default)]
pub struct TypeFamilies {
    families: HashMap<Name, Rc<TypeFamily>>,
    /// In order of declaration.
    core: Vec<(Name, Type)>,
    exported: Option<fn(&str, &str) -> bool>,
    /// Constants of the program that types may be shown by, in order of definition.
    aliases: Vec<TypeAlias>,
    /// Full names that Main sees without their modules.
    visible: HashSet<Name>,
    pub(crate) names: Option<Names>,
    pub(crate) cache: Cache,
}

impl TypeFamilies {
    /// Declares the types that cannot be written in Julia, and the aliases of them.
    pub fn declare_builtin(&mut self, tables: &mut Tables) {
        self.names(tables);
        super::builtin::declare(self, tables);
    }

    /// Adds a family; one of the same name is replaced.
    pub fn insert(&mut self, family: TypeFamily) {
        let name = family.name;
        if self.families.get(&name).is_some_and(|old| **old == family) {
            return;
        }
        self.cache.whole.remove(&name);
        self.families.insert(name, Rc::new(family));
        if self.cache.asked.contains(&name) {
            self.cache.forget();
        }
    }

    /// The family of this name.
    pub fn get(&self, name: Name) -> Option<&TypeFamily> {
        self.families.get(&name).map(|f| &**f)
    }

    /// The names of all families.
    pub fn declared(&self) -> Vec<Name> {
        self.families.keys().copied().collect()
    }

    /// The family of this name, noting that an answer depends on it.
    pub(crate) fn consult(&mut self, name: Name) -> Option<Rc<TypeFamily>> {
        self.cache.asked.insert(name);
        self.families.get(&name).cloned()
    }

    /// The type that the bare name of a family means: `Array{T, N} where {T, N}`.
    pub fn whole_type(&mut self, tables: &mut Tables, name: Name) -> Type {
        if let Some(&ty) = self.cache.whole.get(&name) {
            return ty;
        }
        let names = self.names(tables);
        let ty = if name == names.tuple {
            let rest = tables.vararg(Type::ANY, None);
            tables.tuple(&[rest])
        } else {
            let vars = self.get(name).map_or(Vec::new(), |f| f.params.clone());
            let params: Vec<TypeParam> = vars
                .iter()
                .map(|v| TypeParam::Type(tables.type_var(v.0)))
                .collect();
            let body = tables.data_type(name, &params);
            vars.iter().rev().fold(body, |body, &(var, lower, upper)| {
                tables.union_all(var, lower, upper, body)
            })
        };
        // As types are that were applied, or made by any of the relations.
        let ty = super::canonical::canonical(tables, self, ty);
        self.cache.whole.insert(name, ty);
        ty
    }

    /// Declares a name of Core or Base that stands for a type, e.g. `Vector`.
    pub(crate) fn add_core(&mut self, name: Name, ty: Type) {
        self.core.push((name, ty));
    }

    /// The builtin types and aliases by their full names.
    pub fn core_types(&self, _tables: &mut Tables) -> Vec<(Name, Type)> {
        self.core.clone()
    }

    /// The builtin type or alias of this name, without module.
    pub fn core_type(&self, name: Name) -> Option<Type> {
        self.core.iter().find(|(n, _)| *n == name).map(|(_, t)| *t)
    }

    /// Sets what tells whether a module (`Base`, `Base.Math`) exports a name, and Main therefore
    /// shows it without the module. Until then all names of Base count as exported.
    pub fn set_exports(&mut self, exported: fn(module: &str, name: &str) -> bool) {
        self.exported = Some(exported);
    }

    /// Adds a constant that types may be shown by.
    pub(crate) fn add_alias(&mut self, alias: TypeAlias) {
        self.aliases.retain(|a| a.name != alias.name);
        self.aliases.push(alias);
    }

    /// The constants that types may be shown by.
    pub(crate) fn aliases(&self) -> &[TypeAlias] {
        &self.aliases
    }

    /// The module of this constant exports it.
    pub(crate) fn list_alias(&mut self, full: Name) {
        for alias in self.aliases.iter_mut().filter(|a| a.name == full) {
            alias.listed = true;
        }
    }

    /// Main has imported this name, or uses a module that exports it.
    pub(crate) fn set_visible(&mut self, full: Name) {
        self.visible.insert(full);
    }

    pub(crate) fn is_visible(&self, full: Name) -> bool {
        self.visible.contains(&full)
    }

    pub(crate) fn is_exported(&self, module: &str, name: &str) -> bool {
        match self.exported {
            Some(exported) => exported(module, name),
            None => module == "Base",
        }
    }

    /// Whether a question asked since the last call was given up as too large; such answers are
    /// `false`, `Any` or the like.
    pub fn take_overflow(&mut self) -> bool {
        std::mem::take(&mut self.cache.overflow)
    }

    pub(crate) fn names(&mut self, tables: &mut Tables) -> Names {
        *self.names.get_or_insert_with(|| Names {
            tuple: tables.names.intern("Tuple"),
            named_tuple: tables.names.intern("NamedTuple"),
            type_: tables.names.intern("Type"),
            union: tables.names.intern("Union"),
            union_all: tables.names.intern("UnionAll"),
            vararg: tables.names.intern("Vararg"),
        })
    }

    /// Whether a type has no free variables.
    pub fn is_closed(&mut self, tables: &Tables, ty: Type) -> bool {
        self.cache.is_closed(tables, ty)
    }

    /// Whether `ancestor` is `name` or the name of one of its supertypes.
    pub(crate) fn descends(&mut self, tables: &mut Tables, name: Name, ancestor: Name) -> bool {
        let mut at = name;
        // Supertypes are declared before subtypes; the bound is for malformed declarations.
        for _ in 0..256 {
            if at == ancestor {
                return true;
            }
            let up = match self.consult(at) {
                Some(family) => family.supertype,
                None => instantiate::undeclared_supertype(tables, at),
            };
            match instantiate::nominal_name(tables, up) {
                Some(next) if next != at => at = next,
                _ => return false,
            }
        }
        false
    }
}
