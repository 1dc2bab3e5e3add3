//! Definitions: top-level items that need no code to run become types, methods and bindings.

use super::World;
use super::function_table::CalleeKey;
use super::method::{Method, MethodId};
use super::modules::{Binding, ModuleId};
use super::type_expression::{TypeScope, param_value};
use crate::obstacle::Obstacle;
use jlift_frontend::lowered::{ImportDef, Item, MethodDef, MethodOwner};
use jlift_frontend::surface::{Head, Node, NodeData, Tree};
use jlift_ir::{Name, Type, TypeParam, Value};
use std::sync::Arc;

/// What is left of an item for who executes the program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Defined {
    /// The item was a definition and is complete.
    Done,
    /// The item is code to run or a container of items; the caller walks into it.
    Execute,
    /// The item is complete, and Julia has this to say on stderr.
    Warned(String),
    /// Executing the item throws an `ErrorException` with this text.
    Throws(String),
}

impl World {
    /// Adds a definition to the world.
    ///
    /// # Errors
    /// An obstacle that says where and why the definition is not valid.
    pub fn define(&mut self, module: ModuleId, item: &Item) -> Result<Defined, Obstacle> {
        match item {
            Item::Method(def) => {
                self.define_method(module, def)?;
                Ok(Defined::Done)
            }
            Item::Function { name, tree } => {
                self.declare_own(module, tree, *name);
                self.function_named(module, tree, *name)?;
                Ok(Defined::Done)
            }
            Item::Type(def) => self.define_type(module, def),
            Item::GlobalType {
                name,
                ty,
                tree,
                span,
            } => {
                let ty = self.eval_type(module, tree, *ty, &mut TypeScope::default())?;
                self.declare_global_type(module, *name, ty, *span)?;
                Ok(Defined::Done)
            }
            Item::Export(names) => {
                self.modules[module].exports.extend(names.iter().copied());
                for &name in names {
                    let full = self.full_name(module, name);
                    self.families.list_alias(full);
                }
                Ok(Defined::Done)
            }
            Item::Import(import) => {
                self.import(module, import)?;
                Ok(Defined::Done)
            }
            Item::Const { name, code, span } => {
                // Most constants are known without running anything.
                let (inst, ret) = self.infer_thunk(module, code);
                if let Some(value) = ret.as_const()
                    && self.instances[inst].total
                {
                    return self.define_const(module, *name, value).ok_or_else(|| {
                        let name = self.text(*name);
                        let message = "constant; it already has a value";
                        Obstacle::error(*span, format!("cannot declare `{name}` {message}"))
                    });
                }
                Ok(Defined::Execute)
            }
            _ => Ok(Defined::Execute),
        }
    }

    /// `function f end` in Base, where Core has a builtin of this name: Base's function has methods, and
    /// is another one.
    fn declare_own(&mut self, module: ModuleId, tree: &Tree, node: Node) {
        let NodeData::Symbol(name) = *tree.data(node) else {
            return;
        };
        if module == self.base
            && jlift_ir::Builtin::from_name(self.text(name)).is_some()
            && !self.modules[module].bindings.contains_key(&name)
        {
            let ty = self.function_type(module, name);
            self.bind_const(module, name, Value::Instance(ty));
        }
    }

    /// The generic function that a definition names, made if it is new.
    pub fn function_named(
        &mut self,
        module: ModuleId,
        tree: &Tree,
        node: Node,
    ) -> Result<Value, Obstacle> {
        let (home, name, qualified) = match tree.data(node) {
            NodeData::Symbol(name) => (module, *name, false),
            NodeData::GlobalRef(home, name) => (self.home(*home, module), *name, true),
            NodeData::Expr { .. } => {
                let args = tree.args(node).to_vec();
                let [of, field] = args[..] else {
                    return Err(Obstacle::error(tree.span(node), "invalid function name"));
                };
                let mut scope = TypeScope::default();
                let of = self.eval_type_value(module, tree, of, &mut scope, 0)?;
                let name = match tree.data(field) {
                    NodeData::Quote(inner) => tree.symbol(*inner),
                    _ => tree.symbol(field),
                };
                match (self.as_module(of), name) {
                    (Some(home), Some(name)) => (home, name, true),
                    _ => return Err(Obstacle::error(tree.span(node), "invalid function name")),
                }
            }
            _ => return Err(Obstacle::error(tree.span(node), "invalid function name")),
        };
        // A name that a module only sees of another one becomes a function of its own: only what was
        // imported is extended. That holds for the parts of Base, too, whatever names Base has.
        let part = self.is_base(home) && home != self.base && home != self.core;
        let found = if !part && (qualified || self.is_base(home)) {
            self.lookup(home, name)
        } else {
            if part {
                self.load(home, name);
            }
            match self.modules[home].bindings.get(&name) {
                Some(&Binding::Alias(..)) => self.lookup(home, name),
                other => other.copied(),
            }
        };
        match found {
            Some(Binding::Const(value)) => Ok(value),
            Some(_) => Err(Obstacle::error(
                tree.span(node),
                format!(
                    "cannot define function {}; it already has a value",
                    self.text(name)
                ),
            )),
            None => {
                let ty = self.function_type(home, name);
                self.bind_const(home, name, Value::Instance(ty));
                Ok(Value::Instance(ty))
            }
        }
    }

    /// Adds a method that is not a closure's.
    pub fn define_method(
        &mut self,
        module: ModuleId,
        def: &Arc<MethodDef>,
    ) -> Result<MethodId, Obstacle> {
        let (method, key) = self.method_of(module, def)?;
        let id = self.add_method(method, key);
        // What is wrong with a body of the user's is told when it is defined, not when it is called.
        if !self.is_base(module) {
            let code = self.method_code(id)?;
            self.note_assigned_in(module, &code);
        }
        Ok(id)
    }

    /// The method of a definition that is not a closure's, and where it is found.
    pub(super) fn method_of(
        &mut self,
        module: ModuleId,
        def: &Arc<MethodDef>,
    ) -> Result<(Method, CalleeKey), Obstacle> {
        let tree = def.tree.clone();
        let mut scope = TypeScope::default();
        let vars = self.eval_type_vars(module, &tree, &def.type_vars, &mut scope)?;
        let callee = match &def.owner {
            // `Vector{T}(n) where T = …` is a constructor of that type.
            MethodOwner::Function(node) if tree.head(*node) == Some(Head::Curly) => {
                let ty = self.eval_type(module, &tree, *node, &mut scope)?;
                self.module.tables.type_type(ty)
            }
            MethodOwner::Function(node) => {
                let value = self.function_named(module, &tree, *node)?;
                match value {
                    Value::Type(t) => self.module.tables.type_type(t),
                    Value::Instance(t) => t,
                    _ => {
                        return Err(Obstacle::error(
                            tree.span(*node),
                            "methods can be added to functions and types only",
                        ));
                    }
                }
            }
            MethodOwner::Callable(node) => self.eval_type(module, &tree, *node, &mut scope)?,
            MethodOwner::Closure | MethodOwner::ClosureKeywords => {
                return Err(Obstacle::error(def.span, "a closure's method on its own"));
            }
        };
        let names = def
            .type_vars
            .iter()
            .zip(&vars)
            .map(|(source, v)| (source.name, v.name))
            .collect();
        let sig = self.signature(module, def, callee, &vars, &mut scope)?;
        let key = self.method_key(callee, sig);
        Ok((Method::new(def.clone(), module, sig, names), key))
    }

    /// Where a method is found; keyword methods go by the function that they are called for.
    pub(crate) fn method_key(&self, callee: Type, sig: Type) -> CalleeKey {
        if callee == self.names.kwcall
            && let Some(TypeParam::Type(of)) = self.signature_params(sig).get(2)
        {
            return self.keyword_key(*of);
        }
        self.callee_key(callee)
    }

    /// `Tuple{callee, params…} where …` of a method.
    pub(crate) fn signature(
        &mut self,
        module: ModuleId,
        def: &MethodDef,
        callee: Type,
        vars: &[super::type_expression::BoundVar],
        scope: &mut TypeScope,
    ) -> Result<Type, Obstacle> {
        let keywords = def.owner == MethodOwner::ClosureKeywords;
        let mut elems = vec![if keywords { self.names.kwcall } else { callee }];
        for (n, param) in def.params.iter().enumerate() {
            let mut ty = match param.ty {
                // `kwcall(keywords, closure, …)`.
                _ if keywords && n == 1 => callee,
                Some(node) => self.eval_type(module, &def.tree, node, scope)?,
                None => Type::ANY,
            };
            if param.vararg {
                // `xs::Vararg{T, N}` says it all by itself.
                if !matches!(
                    self.module.tables.type_data(ty),
                    jlift_ir::TypeData::Vararg { .. }
                ) {
                    ty = self.module.tables.vararg(ty, None);
                }
            }
            elems.push(ty);
        }
        let tuple = self.module.tables.tuple(&elems);
        Ok(self.wrap_vars(tuple, vars))
    }

    /// A type of Core that Base's source declares (its name is bare in typed IR).
    pub(super) fn is_core_type(&self, name: Name) -> bool {
        matches!(
            self.text(name),
            "InexactError"
                | "DomainError"
                | "DivideError"
                | "OverflowError"
                | "ArgumentError"
                | "BoundsError"
                | "ErrorException"
                | "TypeError"
                | "UndefRefError"
                | "UndefVarError"
                | "OutOfMemoryError"
                | "StackOverflowError"
                | "MethodError"
                | "Expr"
                | "QuoteNode"
                | "LineNumberNode"
                | "GlobalRef"
        )
    }

    fn import(&mut self, module: ModuleId, import: &ImportDef) -> Result<(), Obstacle> {
        let mut at = if import.dots > 0 {
            let mut at = module;
            for _ in 1..import.dots {
                at = self.modules[at].parent.unwrap_or(at);
            }
            Some(at)
        } else {
            None
        };
        for (n, &part) in import.path.iter().enumerate() {
            let found = match at {
                Some(m) => self.lookup_const(m, part),
                None => {
                    // `using LinearAlgebra` names a package: a root module of the prelude.
                    let text = self.text(part).to_string();
                    self.root_module(&text)
                }
            };
            match found.and_then(|v| self.as_module(v)) {
                Some(m) => at = Some(m),
                None if n + 1 == import.path.len() && import.names.is_none() && at.is_some() => {
                    // `import Base.show` names a function.
                    let from = at.unwrap_or(module);
                    let local = import.alias.unwrap_or(part);
                    return self.import_name(module, from, part, local, import);
                }
                None => {
                    let text = self.text(part).to_string();
                    return Err(Obstacle::error(
                        import.span,
                        format!("ArgumentError: Package {text} not found"),
                    )
                    .note("modules of the file, Base and the parts of the standard library that LANGUAGE.md lists can be used"));
                }
            }
        }
        let Some(from) = at else { return Ok(()) };
        match &import.names {
            Some(names) => {
                for &(name, local) in names {
                    self.import_name(module, from, name, local, import)?;
                }
            }
            None => {
                let value = self.module_value(from);
                if let Some(local) = import.alias.or(import.path.last().copied()) {
                    self.bind_const(module, local, value);
                }
                if import.using && !self.modules[module].usings.contains(&from) {
                    self.modules[module].usings.push(from);
                    self.load_exports(from);
                    if module == self.main {
                        let names: Vec<Name> = self.modules[from].exports.iter().copied().collect();
                        for name in names {
                            self.note_visible(from, name);
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn import_name(
        &mut self,
        module: ModuleId,
        from: ModuleId,
        name: Name,
        local: Name,
        import: &ImportDef,
    ) -> Result<(), Obstacle> {
        if self.lookup(from, name).is_none() {
            // Who expands macros knows those of Base and of the packages, wherever they are used.
            if self.text(name).starts_with('@') && !self.belongs_to_program(from) {
                return Ok(());
            }
            return Err(Obstacle::error(
                import.span,
                format!("UndefVarError: `{}` not defined", self.text(name)),
            ));
        }
        if from != module {
            self.modules[module]
                .bindings
                .insert(local, Binding::Alias(from, name));
            if module == self.main && local == name {
                self.note_visible(from, name);
            }
        }
        Ok(())
    }

    /// Whether a module is Main or inside of it.
    fn belongs_to_program(&self, mut module: ModuleId) -> bool {
        loop {
            if module == self.main {
                return true;
            }
            match self.modules[module].parent {
                Some(parent) if parent != module => module = parent,
                _ => return false,
            }
        }
    }

    /// Types and functions that Main sees are shown without their module.
    fn note_visible(&mut self, from: ModuleId, name: Name) {
        if from == self.base || from == self.core {
            return;
        }
        let there = self.lookup(from, name);
        if there.is_some() && self.lookup(self.main, name) == there {
            let full = self.full_name(from, name);
            self.families.set_visible(full);
        }
    }

    /// A module at the root: Main, Base, Core or a package of the prelude.
    fn root_module(&mut self, name: &str) -> Option<Value> {
        let id = match name {
            "Main" => self.main,
            "Base" => self.base,
            "Core" => self.core,
            _ => {
                if !jlift_prelude::modules().any(|m| m == name) {
                    return None;
                }
                self.prelude_module(name)
            }
        };
        Some(self.module_value(id))
    }

    /// Reads the export lists of a package of the prelude.
    fn load_exports(&mut self, module: ModuleId) {
        let full = self.text(self.modules[module].name).to_string();
        let is_exported = |name: &str| {
            jlift_prelude::definitions(&full, name).any(|d| d.kind() == jlift_prelude::Kind::Export)
        };
        let mut exported: Vec<&str> = (jlift_prelude::names(&full))
            .filter(|name| is_exported(name))
            .collect();
        // A part without a list shows all that it has.
        if exported.is_empty() {
            exported.extend(jlift_prelude::names(&full));
        }
        for name in exported {
            let name = self.name(name);
            self.modules[module].exports.insert(name);
        }
    }

    /// Types of static parameters as constants: what `T` means inside a body.
    pub fn static_param(&self, param: TypeParam) -> Value {
        param_value(param)
    }
}
