//! Modules and what their names are bound to. Knows how a name is found, not what a function does.

use super::World;
use crate::types::alias::TypeAlias;
use cranelift_entity::{PrimaryMap, entity_impl};
use hashbrown::{HashMap, HashSet};
use jlift_frontend::surface::Home;
use jlift_ir::{ConstData, Name, Type, Value};

/// A module.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModuleId(u32);
entity_impl!(ModuleId, "module");

/// A global variable whose value lives in memory.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CellId(u32);
entity_impl!(CellId, "cell");

/// What the symbols of the memory of variables begin with.
pub const STORAGE_PREFIX: &str = "jlift_cell_";

/// The symbol of the memory with a number that holds a variable.
pub fn storage_symbol(number: u32) -> String {
    format!("{STORAGE_PREFIX}{number}")
}

/// A global variable: its values so far were all of type `ty`.
#[derive(Clone, Debug)]
pub struct CellData {
    pub module: ModuleId,
    pub name: Name,
    /// Every value so far is of this type.
    pub ty: Type,
    /// Number of the memory that holds it, if code was emitted for it.
    pub storage: Option<u32>,
    pub is_const: bool,
    /// It has a value: whoever runs the program has seen that.
    pub assigned: bool,
    /// A method was inferred that reads it.
    pub relied_on: bool,
    /// The variable of type `Bool` that tells whether it has a value, if code was emitted that
    /// sets or asks that.
    pub flag: Option<CellId>,
}

/// What a name stands for.
#[derive(Copy, Clone, PartialEq, Debug)]
pub enum Binding {
    /// A constant, including functions, types and modules.
    Const(Value),
    /// A variable.
    Cell(CellId),
    /// Another module's name.
    Alias(ModuleId, Name),
}

/// A module's names.
pub struct ModuleData {
    /// Full name, e.g. `Main.Geometry`.
    pub name: Name,
    pub parent: Option<ModuleId>,
    pub bindings: HashMap<Name, Binding>,
    /// Modules whose exports are visible.
    pub usings: Vec<ModuleId>,
    pub exports: HashSet<Name>,
    /// A `baremodule`: it sees of Base what it asks for.
    pub is_bare: bool,
}

impl ModuleData {
    /// An empty module.
    pub fn new(name: Name, parent: Option<ModuleId>) -> Self {
        Self {
            name,
            parent,
            bindings: HashMap::new(),
            usings: Vec::new(),
            exports: HashSet::new(),
            is_bare: false,
        }
    }
}

/// All modules.
pub type Modules = PrimaryMap<ModuleId, ModuleData>;

impl World {
    /// The module that a home names for code of `current`.
    pub fn home(&self, home: Home, current: ModuleId) -> ModuleId {
        match home {
            Home::Current => current,
            Home::Core => self.core,
            Home::Base => self.base,
            Home::Module(name) => self.module_named(name).unwrap_or(current),
        }
    }

    /// The module with this full name; the last one of several.
    pub fn module_named(&self, name: Name) -> Option<ModuleId> {
        let mut modules = self.modules.iter().rev();
        modules.find(|(_, m)| m.name == name).map(|(id, _)| id)
    }

    /// Whether `module` is Base, Core or a part of them.
    pub fn is_base(&self, mut module: ModuleId) -> bool {
        loop {
            if module == self.base || module == self.core {
                return true;
            }
            match self.modules[module].parent {
                Some(parent) => module = parent,
                None => return false,
            }
        }
    }

    /// What a name means in a module; reads the name's definitions in Base if it is one of those.
    pub fn lookup(&mut self, module: ModuleId, name: Name) -> Option<Binding> {
        let found = self.lookup_depth(module, name, 0);
        if found.is_none() && self.text(name) == jlift_frontend::lowered::THIS_MODULE {
            return Some(Binding::Const(self.module_value(module)));
        }
        found
    }

    fn lookup_depth(&mut self, module: ModuleId, name: Name, depth: u32) -> Option<Binding> {
        if depth > 32 {
            return None;
        }
        if self.is_base(module) {
            self.load(module, name);
        }
        match self.modules[module].bindings.get(&name) {
            Some(&Binding::Alias(from, original)) => {
                return self.lookup_depth(from, original, depth + 1);
            }
            Some(&b) => return Some(b),
            None => {}
        }
        if let Some(b) = self.known_binding(module, name) {
            return Some(b);
        }
        for n in 0..self.modules[module].usings.len() {
            let used = self.modules[module].usings[n];
            let exports = self.modules[used].exports.contains(&name)
                || (used == self.base && jlift_prelude::is_exported(self.text(name)));
            if exports && let Some(b) = self.lookup_depth(used, name, depth + 1) {
                return Some(b);
            }
        }
        if self.is_base(module) {
            // Parts of Base see all of Base and Core, intrinsics included.
            if module != self.base && module != self.core {
                return self.lookup_depth(self.base, name, depth + 1);
            }
            if module == self.base {
                let of_core = self.core_binding(name);
                return of_core.or_else(|| self.intrinsic_binding(name));
            }
            // Macros and lowering name intrinsics and exceptions of Base as Core's.
            return match self.intrinsic_binding(name) {
                Some(b) => Some(b),
                None => self.lookup_depth(self.base, name, depth + 1),
            };
        }
        let is_bare = self.modules[module].is_bare;
        if !is_bare
            && jlift_prelude::is_exported(self.text(name))
            && let Some(b) = self.lookup_depth(self.base, name, depth + 1)
        {
            return Some(b);
        }
        if let Some(b) = self.core_binding(name) {
            return Some(b);
        }
        // Every other module has an `eval` of its own.
        if !is_bare && self.text(name) == "eval" {
            self.define_eval(module);
            return self.modules[module].bindings.get(&name).copied();
        }
        None
    }

    /// What a name of Core itself is bound to.
    fn core_binding(&mut self, name: Name) -> Option<Binding> {
        self.load(self.core, name);
        let bound = self.modules[self.core].bindings.get(&name).copied();
        bound.or_else(|| self.known_binding(self.core, name))
    }

    /// The value of a name that is a constant.
    pub fn lookup_const(&mut self, module: ModuleId, name: Name) -> Option<Value> {
        match self.lookup(module, name)? {
            Binding::Const(v) => Some(v),
            _ => None,
        }
    }

    /// A constant of Base, Core or a part of them, by name.
    pub fn base_const(&mut self, name: &str) -> Option<Value> {
        let name = self.name(name);
        self.lookup_const(self.base, name)
    }

    /// The module that a constant is.
    pub fn as_module(&self, value: Value) -> Option<ModuleId> {
        let Value::Const(c) = value else { return None };
        let ConstData::Module(name) = self.module.tables.const_data(c) else {
            return None;
        };
        self.modules
            .iter()
            .find(|(_, m)| m.name == *name)
            .map(|(id, _)| id)
    }

    /// A module as a constant.
    pub fn module_value(&mut self, module: ModuleId) -> Value {
        let data = ConstData::Module(self.modules[module].name);
        Value::Const(self.module.tables.constant(data))
    }

    /// Adds `name`, a module inside `parent`; an existing one is replaced, as in Julia.
    pub fn new_module(&mut self, parent: ModuleId, name: Name) -> ModuleId {
        let full = format!(
            "{}.{}",
            self.text(self.modules[parent].name),
            self.text(name)
        );
        let full = self.name(&full);
        let id = self.modules.push(ModuleData::new(full, Some(parent)));
        let value = self.module_value(id);
        self.modules[parent]
            .bindings
            .insert(name, Binding::Const(value));
        self.modules[id]
            .bindings
            .insert(name, Binding::Const(value));
        id
    }

    /// Binds a constant; `false` if the name has another meaning already.
    pub fn bind_const(&mut self, module: ModuleId, name: Name, value: Value) -> bool {
        match self.modules[module].bindings.get(&name) {
            Some(Binding::Const(old)) if *old == value => true,
            Some(Binding::Cell(_)) => false,
            _ => {
                self.modules[module]
                    .bindings
                    .insert(name, Binding::Const(value));
                if let Value::Type(ty) = value {
                    self.note_alias(module, name, ty);
                }
                true
            }
        }
    }

    /// The name of a constant with its module.
    pub(super) fn full_name(&mut self, module: ModuleId, name: Name) -> Name {
        let full = format!(
            "{}.{}",
            self.text(self.modules[module].name),
            self.text(name)
        );
        self.name(&full)
    }

    /// Types are shown by the constants of the module that declares them.
    fn note_alias(&mut self, module: ModuleId, name: Name, ty: Type) {
        let mut root = module;
        while let Some(parent) = self.modules[root].parent {
            root = parent;
        }
        if root != self.main {
            return;
        }
        let listed = module == self.main || self.modules[module].exports.contains(&name);
        let full = self.full_name(module, name);
        if let Some(alias) = TypeAlias::of(&self.module.tables, &self.families, full, listed, ty) {
            self.families.add_alias(alias);
        }
    }

    /// The type of a constant whose value is no literal.
    pub fn const_cell_type(&self, module: ModuleId, name: Name) -> Option<Type> {
        match self.modules[module].bindings.get(&name) {
            Some(&Binding::Cell(cell)) if self.cells[cell].is_const => Some(self.cells[cell].ty),
            _ => None,
        }
    }

    /// A name means nothing until it is bound again.
    pub fn unbind(&mut self, module: ModuleId, name: Name) {
        self.modules[module].bindings.remove(&name);
    }

    /// The variable `name` of a module, made if there is none; its type grows by `ty`.
    /// `None` if the name is a constant.
    pub fn assign_cell(&mut self, module: ModuleId, name: Name, ty: Type) -> Option<CellId> {
        match self.modules[module].bindings.get(&name) {
            Some(&Binding::Cell(cell)) => {
                let old = self.cells[cell].ty;
                let grown = self.grown_global(module, name, old, ty);
                if grown != old {
                    self.set_global_type(cell, grown);
                }
                Some(cell)
            }
            Some(_) => None,
            None => {
                let ty = self.grown_global(module, name, Type::BOTTOM, ty);
                let cell = self.cells.push(CellData {
                    module,
                    name,
                    ty,
                    storage: None,
                    is_const: false,
                    assigned: false,
                    relied_on: false,
                    flag: None,
                });
                self.modules[module]
                    .bindings
                    .insert(name, Binding::Cell(cell));
                Some(cell)
            }
        }
    }
}
