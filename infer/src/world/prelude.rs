//! Reads definitions of Base when their names are first looked up.

use super::World;
use super::modules::ModuleId;
use crate::obstacle::Obstacle;
use jlift_frontend::lowered::Item;
use jlift_frontend::macros::{Env, Source, expand_all};
use jlift_frontend::surface::{Node, Tree};
use jlift_frontend::{method_codec, surface_codec};
use jlift_ir::Name;
use jlift_prelude::{Definition, Form, Kind};
use std::sync::Arc;

impl World {
    /// Reads the definitions of a name in Base or a part of it, once.
    pub(super) fn load(&mut self, module: ModuleId, name: Name) {
        if !self.loaded.insert((module, name)) {
            return;
        }
        let text = self.text(name).to_string();
        let module_name = self.text(self.modules[module].name).to_string();
        self.loading += 1;
        self.load_text(module, &module_name, &text);
        self.loading -= 1;
        if self.loading == 0 {
            self.retry_deferred();
        }
    }

    /// Defines what mentioned names that were themselves being read.
    fn retry_deferred(&mut self) {
        for (module, item, error) in std::mem::take(&mut self.deferred) {
            if self.define(module, &item).is_err() {
                self.obstacles.push(error);
            }
        }
    }

    /// Reads the methods of `(::Type{T})(…)`.
    pub(crate) fn load_type_constructors(&mut self) {
        let name = self.name("(::Type)");
        let base = self.base;
        self.load(base, name);
    }

    fn load_text(&mut self, module: ModuleId, module_name: &str, name: &str) {
        let inner = format!("{module_name}.{name}");
        if jlift_prelude::modules().any(|m| m == inner) {
            self.prelude_module(&inner);
        }
        let definitions = || jlift_prelude::definitions(module_name, name);
        // Methods may mention the type that they are defined with, and belong to a function that is
        // declared as the module's own.
        let first = |kind| {
            matches!(
                kind,
                Kind::Struct
                    | Kind::Abstract
                    | Kind::Primitive
                    | Kind::Const
                    | Kind::Import
                    | Kind::Function
            )
        };
        let mut others = Vec::with_capacity(definitions().len());
        for definition in definitions() {
            match first(definition.kind()) {
                true => self.read(module, module_name, definition),
                false => others.push(definition),
            }
        }
        let mut keys = Vec::new();
        if others.iter().any(|d| d.shape().is_some()) {
            keys = self.keys_of(module, name);
        }
        if !keys.is_empty() {
            let (later, now) = others.into_iter().partition(|d| d.shape().is_some());
            let later: Vec<Definition> = later;
            self.unread.add(&keys, &later);
            others = now;
        }
        for definition in others {
            self.read(module, module_name, definition);
        }
        for key in keys {
            self.new_method_invalidates(key);
        }
    }

    /// The module that a definition stands in: a part of Base may extend a function of another.
    pub(super) fn home_of(&mut self, definition: Definition) -> ModuleId {
        match definition.module() {
            "Base" => self.base,
            module => self.prelude_module(module),
        }
    }

    /// Reads and defines a definition.
    fn read(&mut self, module: ModuleId, module_name: &str, definition: Definition) {
        let home = match definition.module() == module_name {
            true => module,
            false => self.home_of(definition),
        };
        let text = definition.text().as_bytes();
        let file = self
            .sources
            .add_base(definition.file(), text, definition.line());
        let tables = &mut self.module.tables;
        match definition.form() {
            Form::Methods => {
                if let Some(methods) = method_codec::decode(definition.code(), file, tables) {
                    for def in methods {
                        self.define_or_defer(home, Item::Method(def));
                    }
                    return;
                }
            }
            Form::Tree => {
                if let Some((tree, items)) = surface_codec::decode(definition.code(), file, tables)
                {
                    self.define_tree(home, tree, &items);
                    return;
                }
            }
            Form::Text => {}
        }
        let mut parsed = jlift_frontend::parse::parse(text, file, tables);
        if let Some(error) = parsed.diagnostics.first() {
            let message = format!("in Base ({}): {}", definition.file(), error.message);
            self.obstacles
                .push(Obstacle::error(Some(error.span), message));
            return;
        }
        match self.expand(&mut parsed.tree, &parsed.items) {
            Ok(items) => self.define_tree(home, parsed.tree, &items),
            Err(error) => self.obstacles.push(error),
        }
    }

    /// A module of the prelude by its full name, made if it is new.
    pub(crate) fn prelude_module(&mut self, full: &str) -> ModuleId {
        let name = self.name(full);
        if let Some((id, _)) = self.modules.iter().find(|(_, m)| m.name == name) {
            return id;
        }
        match full.rsplit_once('.') {
            Some((parent, short)) => {
                let parent = self.prelude_module(parent);
                let short = self.name(short);
                self.new_module(parent, short)
            }
            // A package at the root sees all of Base.
            None => {
                let base = self.base;
                let data = super::modules::ModuleData::new(name, Some(base));
                let id = self.modules.push(data);
                let itself = self.module_value(id);
                self.bind_const(id, name, itself);
                id
            }
        }
    }

    /// Gives a module its `eval`.
    pub(super) fn define_eval(&mut self, module: ModuleId) {
        let text = "eval(code) = Base.eval_in(@__MODULE__, code)";
        let file = self.sources.add_base("", text.as_bytes(), 1);
        let parsed = jlift_frontend::parse::parse(text.as_bytes(), file, &mut self.module.tables);
        let mut tree = parsed.tree;
        let name = self.modules[module].name;
        let outer = std::mem::replace(&mut self.lowering.module, name);
        match self.expand(&mut tree, &parsed.items) {
            Ok(nodes) => self.define_tree(module, tree, &nodes),
            Err(error) => self.obstacles.push(error),
        }
        self.lowering.module = outer;
    }

    /// Lowers and defines top-level expressions of Base without macro calls.
    fn define_tree(&mut self, module: ModuleId, tree: Tree, items: &[Node]) {
        let name = self.modules[module].name;
        let outer = std::mem::replace(&mut self.lowering.module, name);
        self.define_tree_here(module, tree, items);
        self.lowering.module = outer;
    }

    fn define_tree_here(&mut self, module: ModuleId, tree: Tree, items: &[Node]) {
        let (items, errors) = jlift_frontend::lower::lower_file(
            Arc::new(tree),
            items,
            &mut self.lowering,
            &mut self.module.tables,
        );
        for error in errors {
            self.obstacles.push(Obstacle::error(
                error.span,
                format!("in Base: {}", error.message),
            ));
        }
        for item in items {
            self.define_or_defer(module, item);
        }
    }

    fn define_or_defer(&mut self, module: ModuleId, item: Item) {
        if let Err(error) = self.define(module, &item) {
            self.deferred.push((module, item, error));
        }
    }

    /// Expands the macros of top-level expressions.
    pub fn expand(&mut self, tree: &mut Tree, items: &[Node]) -> Result<Vec<Node>, Obstacle> {
        let mut nodes = Vec::with_capacity(items.len());
        for &item in items {
            let file = tree.span(item).and_then(|s| self.sources.file(s.file));
            let source = match file {
                Some(file) => Source {
                    path: &file.name,
                    text: &file.text,
                },
                None => Source {
                    path: "",
                    text: &[],
                },
            };
            let mut env = Env {
                tables: &mut self.module.tables,
                gensym: &mut self.gensym,
                source,
                user: &mut |_, _, _, _| Ok(None),
            };
            let node = expand_all(tree, item, &mut env)
                .map_err(|e| Obstacle::error(Some(e.span), e.message))?;
            nodes.push(node);
        }
        Ok(nodes)
    }
}
