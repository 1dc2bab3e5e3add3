//! Methods by the type of what is called, and the functions that the compiler knows itself. Knows
//! where methods are found, not which one applies.

use super::World;
use super::method::MethodId;
use super::modules::{Binding, ModuleId};
use crate::interp::methods::Lookup;
use crate::interp::pure::Pure;
use hashbrown::{HashMap, HashSet};
use jlift_ir::{Builtin, Intrinsic, Name, Type, TypeData, Value};

/// A function without methods.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Known {
    Intrinsic(Intrinsic),
    Builtin(Builtin),
    /// A function of types and constants that inference evaluates.
    Pure(Pure),
}

impl Known {
    /// The one with this name.
    fn from_name(name: &str) -> Option<Known> {
        let builtin = || Builtin::from_name(name).map(Known::Builtin);
        let pure = || Pure::from_name(name).map(Known::Pure);
        let intrinsic = || Intrinsic::from_name(name).map(Known::Intrinsic);
        builtin().or_else(pure).or_else(intrinsic)
    }
}

/// The key under which a method is found.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum CalleeKey {
    /// Values of the nominal type with this name: `typeof(Base.sin)`, `Main.Poly`, closures.
    Instance(Name),
    /// The nominal type itself: constructors.
    Constructor(Name),
    /// Any type: `(::Type{T})(x) where T`.
    AnyType,
    /// `Core.kwcall(kw, f, …)` by the key of `f`'s nominal type.
    Keyword(Name),
    /// `Core.kwcall(kw, T, …)` of constructors.
    KeywordConstructor(Name),
    /// Anything: a callee of an abstract type.
    Any,
}

/// Methods by key, in order of definition.
#[derive(Default)]
pub struct FunctionTable {
    methods: HashMap<CalleeKey, Vec<MethodId>>,
    /// Outcomes by the tuple of argument types.
    cache: HashMap<Type, Lookup>,
    /// Keys that cached outcomes were looked up under.
    cached_keys: HashSet<CalleeKey>,
}

impl FunctionTable {
    /// The methods under a key.
    pub fn get(&self, key: CalleeKey) -> &[MethodId] {
        self.methods.get(&key).map_or(&[], |v| v)
    }

    /// The outcome of an earlier lookup.
    pub fn cached(&self, tuple: Type) -> Option<Lookup> {
        self.cache.get(&tuple).cloned()
    }

    /// Remembers an outcome.
    pub fn cache(&mut self, tuple: Type, keys: &[CalleeKey], outcome: Lookup) {
        self.cached_keys.extend(keys.iter().copied());
        self.cache.insert(tuple, outcome);
    }

    /// Something that was found out holds as long as there are no new methods under a key.
    pub fn depend_on(&mut self, key: CalleeKey) {
        self.cached_keys.insert(key);
    }

    /// Adds a method.
    pub fn add(&mut self, key: CalleeKey, method: MethodId) {
        self.methods.entry(key).or_default().push(method);
    }

    /// Takes a method away: its definition was replaced.
    pub fn remove(&mut self, key: CalleeKey, method: MethodId) {
        if let Some(list) = self.methods.get_mut(&key) {
            list.retain(|&m| m != method);
        }
    }
}

impl World {
    /// Whether a lookup under this key was remembered.
    pub(crate) fn dispatch_cache_uses(&self, key: CalleeKey) -> bool {
        self.functions.cached_keys.contains(&key)
    }

    /// Forgets all outcomes of lookups.
    pub(crate) fn clear_dispatch_cache(&mut self) {
        self.functions.cache.clear();
        self.functions.cached_keys.clear();
    }

    /// The nominal name behind a type: of `Array{T,1} where T` it is `Array`.
    pub fn nominal_name(&self, ty: Type) -> Option<Name> {
        match self.module.tables.type_data(ty) {
            TypeData::Data { name, .. } => Some(name),
            TypeData::UnionAll { body, .. } => self.nominal_name(body),
            _ => None,
        }
    }

    /// The key of a callee of this type; `Type{T}` is a constructor.
    pub fn callee_key(&self, ty: Type) -> CalleeKey {
        if let Some(of) = self.module.tables.type_of_type(ty) {
            return match self.module.tables.type_data(of) {
                TypeData::Var(_) => CalleeKey::AnyType,
                _ => self
                    .nominal_name(of)
                    .map_or(CalleeKey::AnyType, CalleeKey::Constructor),
            };
        }
        if let TypeData::UnionAll { body, .. } = self.module.tables.type_data(ty) {
            return self.callee_key(body);
        }
        self.nominal_name(ty)
            .map_or(CalleeKey::Any, CalleeKey::Instance)
    }

    /// The key for keyword calls of a callee of this type.
    pub fn keyword_key(&self, callee: Type) -> CalleeKey {
        match self.callee_key(callee) {
            CalleeKey::Instance(name) => CalleeKey::Keyword(name),
            CalleeKey::Constructor(name) => CalleeKey::KeywordConstructor(name),
            other => other,
        }
    }

    /// Binds what Core has besides functions that the compiler knows; those are bound when they are named.
    pub(super) fn bind_core(&mut self) {
        let core = self.core;
        let kwcall = self.names.kwcall;
        self.module.tables.declare(
            kwcall,
            jlift_ir::decl::Decl::Singleton {
                supertype: Type::FUNCTION,
            },
        );
        let name = self.name("kwcall");
        self.bind_const(core, name, Value::Instance(kwcall));
        let name = self.name("nothing");
        self.bind_const(core, name, Value::NOTHING);
        for (name, id) in [
            ("Core", self.core),
            ("Base", self.base),
            ("Main", self.main),
        ] {
            let name = self.name(name);
            let value = self.module_value(id);
            self.bind_const(core, name, value);
        }
        let intrinsics = self.name("Intrinsics");
        self.intrinsics = self.new_module(core, intrinsics);
        for (name, ty) in self.families.core_types(&mut self.module.tables) {
            let text = self.text(name).to_string();
            let short = match text.rsplit_once('.') {
                Some((home, short)) if home == "Base" || home == "Core" => short.to_string(),
                _ => text,
            };
            let short = self.name(&short);
            self.bind_const(core, short, Value::Type(ty));
        }
    }

    /// The function that the compiler knows behind a type.
    pub(crate) fn known_function(&mut self, ty: Type) -> Option<Known> {
        if let Some(&known) = self.known.get(&ty) {
            return known;
        }
        let name = self.nominal_name(ty).map_or("", |n| self.text(n));
        let of_core = name
            .strip_prefix("typeof(Core.")
            .and_then(|n| n.strip_suffix(')'));
        let known = of_core.and_then(Known::from_name);
        self.known.insert(ty, known);
        known
    }

    /// What a name of Core, or of its module of intrinsics, is bound to, if that is a function that the compiler
    /// knows.
    pub(super) fn known_binding(&mut self, module: ModuleId, name: Name) -> Option<Binding> {
        if module != self.core && module != self.intrinsics {
            return None;
        }
        let known = Known::from_name(self.text(name))?;
        let is_intrinsic = matches!(known, Known::Intrinsic(_));
        let home = if is_intrinsic {
            self.intrinsics
        } else {
            self.core
        };
        if module != home {
            return None;
        }
        let ty = self.function_type(self.core, name);
        let binding = Binding::Const(Value::Instance(ty));
        self.modules[module].bindings.insert(name, binding);
        Some(binding)
    }

    /// Binds all functions of Core, or of its module of intrinsics, that the compiler knows: for whoever lists them.
    pub(crate) fn bind_all_known(&mut self, module: ModuleId) {
        let intrinsics = Intrinsic::ALL.iter().map(|i| i.name());
        let builtins = Builtin::ALL.iter().map(|b| b.name());
        for name in intrinsics
            .chain(builtins)
            .chain(Pure::ALL.iter().map(|p| p.name()))
        {
            let name = self.name(name);
            self.known_binding(module, name);
        }
    }

    /// An intrinsic by its bare name, as Base writes it.
    pub(super) fn intrinsic_binding(&mut self, name: Name) -> Option<Binding> {
        self.known_binding(self.intrinsics, name)
    }
}
