//! The top level of a program, executed in order: definitions go to the world, code is inferred,
//! compiled and called.

use super::Program;
use super::files::{self, Active, Source};
use super::uncaught::Uncaught;
use crate::cells::Cell;
use crate::diagnostic::Failure;
use crate::engine::{Called, discard_result};
use jlift_abi::object::{STRING_BYTES_OFFSET, STRING_LENGTH_OFFSET};
use jlift_frontend::lowered::{Code, Item};
use jlift_frontend::surface::{Head, Node, NodeData, Span, Tree};
use jlift_infer::Obstacle;
use jlift_infer::lattice::Lat;
use jlift_infer::world::declare::redefinition_warning;
use jlift_infer::world::define::Defined;
use jlift_infer::world::modules::{ModuleId, storage_symbol};
use jlift_ir::{Func, Type};
use std::sync::Arc;

/// How the execution of a part ended.
pub(super) enum Flow {
    Next,
    Threw(Uncaught),
}

/// The result of a thunk.
enum Evaluated {
    /// Type and bytes as they lie in memory.
    Value(Type, Vec<u8>),
    Threw(Uncaught),
}

impl Program {
    /// Executes a text in a module. All of it is parsed before any of it is executed.
    pub(super) fn file(&mut self, module: ModuleId, source: Source) -> Result<Flow, Failure> {
        let id = self.world.sources.add(&source.name, &source.text);
        let parsed = jlift_frontend::parse::parse(&source.text, id, &mut self.world.module.tables);
        if !parsed.diagnostics.is_empty() {
            let errors = parsed.diagnostics.into_iter();
            let errors: Vec<Obstacle> = errors
                .map(|e| Obstacle::error(Some(e.span), e.message))
                .collect();
            return Err(self.obstacles(&errors));
        }
        self.active.push(Active {
            directory: source.directory.clone(),
        });
        let flow = self.run_items(module, parsed.tree, &parsed.items, &source);
        self.active.pop();
        flow
    }

    /// Executes a top-level expression. Macros that earlier expressions define are known in it. With
    /// `keep`, the value of an expression is kept.
    pub(super) fn run_node(
        &mut self,
        module: ModuleId,
        tree: &mut Arc<Tree>,
        node: Node,
        keep: bool,
    ) -> Result<Flow, Failure> {
        // Items hold trees of their own: nobody else has this one when the next node's turn comes.
        let node = match self.expanded(module, Arc::make_mut(tree), node)? {
            Ok(node) => node,
            Err(uncaught) => return Ok(Flow::Threw(uncaught)),
        };
        let args = tree.args(node).to_vec();
        match (tree.head(node), &args[..]) {
            (Some(Head::Toplevel), parts) => {
                for (n, &part) in parts.iter().enumerate() {
                    let keep = keep && n + 1 == parts.len();
                    if let Flow::Threw(uncaught) = self.run_node(module, tree, part, keep)? {
                        return Ok(Flow::Threw(uncaught));
                    }
                }
                Ok(Flow::Next)
            }
            (Some(Head::Module), &[has_base, name, body]) if tree.symbol(name).is_some() => {
                let name = tree.symbol(name).unwrap_or(jlift_ir::Name::EMPTY);
                let inner = self.world.new_module(module, name);
                self.world.modules[inner].is_bare =
                    matches!(tree.data(has_base), NodeData::Bits { bits: 0, .. });
                for part in tree.args(body).to_vec() {
                    if let Flow::Threw(uncaught) = self.run_node(inner, tree, part, false)? {
                        return Ok(Flow::Threw(uncaught));
                    }
                }
                self.initialize(inner)
            }
            (None, _) if matches!(tree.data(node), NodeData::Line { .. }) => Ok(Flow::Next),
            _ => {
                let items = self.items(module, tree, node, keep)?;
                self.all(module, &items)
            }
        }
    }

    /// A top-level expression, lowered.
    fn items(
        &mut self,
        module: ModuleId,
        tree: &Arc<Tree>,
        node: Node,
        keep: bool,
    ) -> Result<Vec<Item>, Failure> {
        self.world.lowering.module = self.world.modules[module].name;
        let lower = match keep {
            true => jlift_frontend::lower::lower_value,
            false => jlift_frontend::lower::lower_file,
        };
        let (items, errors) = lower(
            tree.clone(),
            &[node],
            &mut self.world.lowering,
            &mut self.world.module.tables,
        );
        if errors.is_empty() {
            return Ok(items);
        }
        let errors = errors.into_iter();
        let errors: Vec<Obstacle> = errors.map(|e| Obstacle::error(e.span, e.message)).collect();
        Err(self.obstacles(&errors))
    }

    fn all(&mut self, module: ModuleId, items: &[Item]) -> Result<Flow, Failure> {
        for item in items {
            if let Flow::Threw(uncaught) = self.item(module, item)? {
                return Ok(Flow::Threw(uncaught));
            }
        }
        Ok(Flow::Next)
    }

    fn item(&mut self, module: ModuleId, item: &Item) -> Result<Flow, Failure> {
        let defined = self.world.define(module, item);
        let found = std::mem::take(&mut self.world.obstacles);
        self.check_obstacles(found)?;
        match defined {
            Ok(Defined::Done) => {
                self.forget_adapters();
                return Ok(Flow::Next);
            }
            Ok(Defined::Execute) => {}
            Ok(Defined::Warned(text)) => {
                warn(&text);
                self.forget_adapters();
                return Ok(Flow::Next);
            }
            Ok(Defined::Throws(text)) => return Ok(Flow::Threw(Uncaught::new(text))),
            Err(obstacle) => return Err(self.obstacles(&[obstacle])),
        }
        match item {
            Item::Thunk(code) => {
                let (func, _) = self.thunk(module, code)?;
                let box_type = self.box_type();
                let kept = self.world.module.functions[func].ret == box_type;
                if !kept {
                    discard_result(&mut self.world.module.functions[func]);
                }
                Ok(match self.call(func)? {
                    Evaluated::Value(_, bytes) if kept => {
                        self.value = box_content(&bytes);
                        Flow::Next
                    }
                    Evaluated::Value(..) => Flow::Next,
                    Evaluated::Threw(uncaught) => Flow::Threw(uncaught),
                })
            }
            Item::Const { name, code, span } => {
                let name = *name;
                self.constant(module, name, code, *span)
            }
            Item::Module {
                name, items, bare, ..
            } => {
                let inner = self.world.new_module(module, *name);
                self.world.modules[inner].is_bare = *bare;
                match self.all(inner, items)? {
                    Flow::Next => self.initialize(inner),
                    threw => Ok(threw),
                }
            }
            Item::If {
                cond,
                then_items,
                else_items,
            } => {
                let (func, _) = self.thunk(module, cond)?;
                match self.call(func)? {
                    Evaluated::Value(Type::BOOL, bytes) => {
                        let taken = bytes.first().is_some_and(|b| b & 1 != 0);
                        self.all(module, if taken { then_items } else { else_items })
                    }
                    Evaluated::Value(ty, _) => {
                        let ty = self.world.type_text(ty);
                        let message =
                            format!("TypeError: non-boolean ({ty}) used in boolean context");
                        Ok(Flow::Threw(Uncaught::new(message)))
                    }
                    Evaluated::Threw(uncaught) => Ok(Flow::Threw(uncaught)),
                }
            }
            Item::Include { path, span } => self.include(module, path, *span),
            Item::CCallable { .. } => {
                self.ccallable(module, item)?;
                Ok(Flow::Next)
            }
            _ => Ok(Flow::Next),
        }
    }

    /// Calls the function `__init__` of a module that is complete.
    fn initialize(&mut self, module: ModuleId) -> Result<Flow, Failure> {
        let init = self.world.name("__init__");
        if self.world.lookup_const(module, init).is_none() {
            return Ok(Flow::Next);
        }
        let mut tree = Tree::default();
        let callee = tree.add(NodeData::Symbol(init), None);
        let call = tree.expr(Head::Call, &[callee], None);
        self.run_node(module, &mut Arc::new(tree), call, false)
    }

    /// The function of a thunk, and what inference knows of its result.
    fn thunk(&mut self, module: ModuleId, code: &Arc<Code>) -> Result<(Func, Lat), Failure> {
        self.note_assigned();
        let before = self.world.generation;
        let (inst, lat) = self.world.infer_thunk(module, code);
        if self.world.generation != before {
            self.forget_adapters();
        }
        let mut found = std::mem::take(&mut self.world.obstacles);
        let is_error = !self.world.reachable_errors(&[inst]).is_empty();
        if is_error || found.iter().any(Obstacle::is_error) {
            found.extend(self.world.reachable_obstacles(&[inst]));
            self.check_obstacles(found)?;
        }
        Ok((self.world.emit(inst), lat))
    }

    /// Calls a thunk.
    fn call(&mut self, func: Func) -> Result<Evaluated, Failure> {
        self.prepare_globals()?;
        let ty = self.world.module.functions[func].ret;
        let ready = self.engine.ready_thunk(&mut self.world.module, func);
        let ready = ready.map_err(|p| self.problems(&p))?;
        // What runs may ask for more code: nothing of this is borrowed meanwhile.
        let resolver: *mut dyn crate::dynamic::Resolver = std::ptr::from_mut(self);
        if self.nesting > 0 {
            // The code that asked for this goes on with the exception.
            let result = crate::dynamic::with_resolver(resolver, || {
                let result = ready.run_within();
                result.ok_or_else(crate::dynamic::take_thrown)
            });
            return Ok(match result {
                Ok(bytes) => Evaluated::Value(ty, bytes),
                Err(exception) => {
                    self.thrown = Some(exception);
                    Evaluated::Threw(Uncaught::new(""))
                }
            });
        }
        let called = crate::dynamic::with_resolver(resolver, || ready.run());
        Ok(match called {
            Called::Returned(bytes) => Evaluated::Value(ty, bytes),
            Called::Threw(message) => Evaluated::Threw(Uncaught::new(message)),
        })
    }

    /// The type of the objects in which code returns its value where that is wanted.
    fn box_type(&mut self) -> Type {
        let name = self.world.name("Box");
        match self.world.lookup_const(self.world.core, name) {
            Some(jlift_ir::Value::Type(ty)) => ty,
            _ => Type::BOTTOM,
        }
    }

    /// Gives globals that are new their memory, and moves those whose type has grown to new memory.
    pub(super) fn prepare_globals(&mut self) -> Result<(), Failure> {
        self.note_assigned();
        self.add_cells()?;
        let moves = std::mem::take(&mut self.world.moves);
        if !moves.is_empty() {
            let mover = self.world.emit_moves(&moves);
            let moved = self.engine.call_thunk(&mut self.world.module, mover);
            moved.map_err(|p| self.problems(&p))?;
        }
        Ok(())
    }

    /// Looks which globals have a value by now, so that code need not ask any more.
    pub(super) fn note_assigned(&mut self) {
        let (world, cells) = (&mut self.world, self.engine.cells());
        let unassigned = std::mem::take(&mut world.unassigned);
        for cell in unassigned {
            let flag = world.cells[cell].flag.and_then(|f| world.cells[f].storage);
            // Memory is numbered as cells are.
            match flag.is_some_and(|n| cells.is_set(Cell(n))) {
                true => world.cells[cell].assigned = true,
                false => world.unassigned.push(cell),
            }
        }
    }

    /// Gives globals that are new their memory.
    fn add_cells(&mut self) -> Result<(), Failure> {
        for n in self.engine.cells().len()..self.world.storages.len() {
            let ty = self.world.storages[n];
            let symbol = storage_symbol(n as u32);
            let added = self.engine.add_cell(&self.world.module, &symbol, ty);
            added.map_err(|p| self.problems(&[p]))?;
        }
        Ok(())
    }

    /// A constant whose value is only known by running code: one that can be written down becomes
    /// part of the code that uses it, others live in memory.
    fn constant(
        &mut self,
        module: ModuleId,
        name: jlift_ir::Name,
        code: &Arc<Code>,
        span: Option<Span>,
    ) -> Result<Flow, Failure> {
        let (func, lat) = self.thunk(module, code)?;
        let (ty, bytes) = match self.call(func)? {
            Evaluated::Value(ty, bytes) => (ty, bytes),
            Evaluated::Threw(uncaught) => return Ok(Flow::Threw(uncaught)),
        };
        let value = match lat.as_const() {
            Some(value) => Some(value),
            None => crate::memory::value(&mut self.world.module.tables, ty, &bytes),
        };
        let again = self.world.const_cell_type(module, name);
        if let Some(old) = again {
            let text = self.world.text(name).to_string();
            if old != ty {
                let message = format!("invalid redefinition of constant {text}");
                return Ok(Flow::Threw(Uncaught::new(message)));
            }
            warn(&redefinition_warning(&text));
            // What was inferred with the old value keeps it, as in Julia.
            self.world.unbind(module, name);
        }
        if let Some(value) = value {
            match self.world.define_const(module, name, value) {
                Some(Defined::Warned(text)) => {
                    warn(&text);
                    return Ok(Flow::Next);
                }
                Some(Defined::Throws(text)) => return Ok(Flow::Threw(Uncaught::new(text))),
                Some(_) => return Ok(Flow::Next),
                None => {}
            }
        } else if let Some(cell) = self.world.assign_cell(module, name, ty) {
            self.world.cells[cell].is_const = true;
            self.world.cells[cell].assigned = true;
            let storage = self.world.cell_storage(cell);
            self.add_cells()?;
            // The reference that the thunk has returned is the variable's from now on.
            let symbol = storage_symbol(storage);
            if self.engine.cells_mut().store(&symbol, &bytes) {
                return Ok(Flow::Next);
            }
        }
        let name = self.world.text(name).to_string();
        let message = format!("invalid redefinition of constant {name}");
        Err(self.problem_at(span, &message))
    }

    fn include(
        &mut self,
        module: ModuleId,
        path: &Arc<Code>,
        span: Option<Span>,
    ) -> Result<Flow, Failure> {
        let (func, lat) = self.thunk(module, path)?;
        let constant = lat.as_const().and_then(|v| match v {
            jlift_ir::Value::Const(c) => match self.world.module.tables.const_data(c) {
                jlift_ir::ConstData::String(bytes) => Some(bytes.to_vec()),
                _ => None,
            },
            _ => None,
        });
        let name = match constant {
            Some(name) => name,
            None => match self.call(func)? {
                Evaluated::Value(Type::STRING, bytes) => string(&bytes),
                Evaluated::Value(..) => {
                    return Err(self.problem_at(span, "`include` takes the name of a file"));
                }
                Evaluated::Threw(uncaught) => return Ok(Flow::Threw(uncaught)),
            },
        };
        let name = String::from_utf8_lossy(&name).into_owned();
        if self.active.len() >= files::MAX_DEPTH {
            let message = format!(
                "files include each other more than {} deep",
                files::MAX_DEPTH
            );
            return Err(self.problem_at(span, &message));
        }
        let directory = self.active.last().map(|a| a.directory.clone());
        let path = files::included(&directory.unwrap_or_default(), &name);
        let carried = self.carried.as_ref();
        let carried = carried.and_then(|c| c.file(&path.display().to_string()));
        match carried.map_or_else(|| files::read(&path), Ok) {
            Ok(source) => {
                self.provide(&source)?;
                self.file(module, source)
            }
            Err(_) => {
                let shown = path.display();
                let message =
                    format!("SystemError: opening file \"{shown}\": No such file or directory");
                Ok(Flow::Threw(Uncaught::new(message)))
            }
        }
    }
}

/// What Julia says while it goes on.
fn warn(text: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// What a `Core.Box` holds, from the only reference to it.
fn box_content(reference: &[u8]) -> Option<crate::dynamic::Object> {
    let address = u64::from_le_bytes(*reference.first_chunk::<8>()?);
    let object = address as crate::dynamic::Object;
    if object.is_null() {
        return None;
    }
    // SAFETY: an object with one reference, which was made to be read here.
    unsafe {
        let content = crate::dynamic::objects::word(object, 0) as crate::dynamic::Object;
        crate::dynamic::free(object);
        (!content.is_null()).then_some(content)
    }
}

/// The bytes of a string, from the reference to it.
fn string(reference: &[u8]) -> Vec<u8> {
    let Some(address) = reference.first_chunk::<8>() else {
        return Vec::new();
    };
    let object = u64::from_le_bytes(*address) as *const u8;
    if object.is_null() {
        return Vec::new();
    }
    // SAFETY: code of this process has returned a reference to a string, which nobody frees.
    unsafe {
        let length = object
            .add(STRING_LENGTH_OFFSET as usize)
            .cast::<i64>()
            .read();
        let bytes = object.add(STRING_BYTES_OFFSET as usize);
        std::slice::from_raw_parts(bytes, usize::try_from(length).unwrap_or(0)).to_vec()
    }
}
