//! What of a program is exported: functions that the user names with the types of their arguments,
//! and those that the program marks with `@ccallable`.

use super::Program;
use crate::diagnostic::Failure;
use crate::origin::Origin;
use crate::session::Session;
use crate::written::{changed_constants, holds_array};
use jlift_frontend::lowered::Item;
use jlift_frontend::surface::{Head, Node, Span, Tree};
use jlift_infer::interp::call::CallKind;
use jlift_infer::interp::instance::InstId;
use jlift_infer::lattice::Lat;
use jlift_infer::world::modules::{Binding, CellId, ModuleId, storage_symbol};
use jlift_infer::world::type_expression::TypeScope;
use jlift_ir::{Func, Name, Type, Value};

impl Program {
    /// The instances that signatures such as `f(Int64, Ptr{Float64})` name; all that the program
    /// marks if there are none.
    pub(super) fn exported_instances(
        &mut self,
        signatures: &[String],
    ) -> Result<Vec<InstId>, Failure> {
        let mut found: Vec<InstId> = Vec::new();
        if signatures.is_empty() {
            for marked in std::mem::take(&mut self.ccallables) {
                let inst = self.marked_instance(&marked)?;
                if !found.contains(&inst) {
                    found.push(inst);
                }
            }
            if found.is_empty() {
                let message =
                    "the program marks no function with `@ccallable`; name one with --export";
                return Err(Failure::plain(message));
            }
        }
        for signature in signatures {
            let inst = self.named_instance(signature)?;
            if !found.contains(&inst) {
                found.push(inst);
            }
        }
        Ok(found)
    }

    fn named_instance(&mut self, signature: &str) -> Result<InstId, Failure> {
        let file = self.world.sources.add("--export", signature.as_bytes());
        let parsed =
            jlift_frontend::parse::parse(signature.as_bytes(), file, &mut self.world.module.tables);
        if let Some(error) = parsed.diagnostics.first() {
            return Err(self.problem_at(Some(error.span), &error.message));
        }
        let tree = parsed.tree;
        let call = match parsed.items[..] {
            [node] if tree.head(node) == Some(Head::Call) => Some(node),
            _ => None,
        };
        let parts = call.map(|node| tree.args(node).to_vec());
        let Some((&callee, params)) = parts.as_deref().and_then(<[Node]>::split_first) else {
            let span = parsed.items.first().and_then(|&n| tree.span(n));
            let message = "an export is of the form `f(Int64, Ptr{Float64})`";
            return Err(self.problem_at(span, message));
        };
        let main = self.world.main;
        let mut types = Vec::with_capacity(params.len());
        for &param in params {
            // `::Int64` and `x::Int64` are written, too.
            let ty = match (tree.head(param), tree.args(param)) {
                (Some(Head::Typed), &[.., ty]) => ty,
                _ => param,
            };
            types.push(self.export_type(main, &tree, ty)?);
        }
        self.instance(main, &tree, callee, &types)
    }

    fn export_type(&mut self, module: ModuleId, tree: &Tree, node: Node) -> Result<Type, Failure> {
        let ty = self
            .world
            .eval_type(module, tree, node, &mut TypeScope::default());
        ty.map_err(|o| self.obstacles(&[o]))
    }

    /// The instance of a function for these types of arguments.
    fn instance(
        &mut self,
        module: ModuleId,
        tree: &Tree,
        callee: Node,
        types: &[Type],
    ) -> Result<InstId, Failure> {
        let span = tree.span(callee);
        let value = match tree.symbol(callee) {
            Some(name) => match self.world.lookup(module, name) {
                Some(Binding::Const(value)) => value,
                Some(_) => {
                    let name = self.world.text(name).to_string();
                    let message = format!("`{name}` is a variable; only functions can be exported");
                    return Err(self.problem_at(span, &message));
                }
                None => {
                    let name = self.world.text(name).to_string();
                    let message = format!("UndefVarError: `{name}` not defined");
                    return Err(self.problem_at(span, &message));
                }
            },
            None => {
                let scope = &mut TypeScope::default();
                let value = self.world.eval_type_value(module, tree, callee, scope, 0);
                value.map_err(|o| self.obstacles(&[o]))?
            }
        };
        let args: Vec<Lat> = types.iter().map(|&ty| self.world.lat_of(ty)).collect();
        let result = self.world.export_instance(&Lat::Const(value), &args);
        let found = std::mem::take(&mut self.world.obstacles);
        self.check_static(found)?;
        let result = match result {
            Ok(inst) => return Ok(inst),
            Err(result) => result,
        };
        match result.kind {
            CallKind::Unresolved(message) | CallKind::Throws { message, .. } => {
                Err(self.problem_at(span, &message))
            }
            _ => Err(self.problem_at(span, "this is no function with a body of its own")),
        }
    }

    /// `Base.@ccallable` on a method.
    pub(super) fn ccallable(&mut self, module: ModuleId, item: &Item) -> Result<(), Failure> {
        let Item::CCallable {
            name,
            ret,
            params,
            tree,
            span,
        } = item
        else {
            return Ok(());
        };
        let mut types = Vec::with_capacity(params.len());
        for &param in params {
            types.push(self.export_type(module, tree, param)?);
        }
        let ret = self.export_type(module, tree, *ret)?;
        // What it returns is known when everything is defined.
        self.ccallables.push(Marked {
            module,
            name: *name,
            types,
            ret,
            span: *span,
        });
        Ok(())
    }

    fn marked_instance(&mut self, marked: &Marked) -> Result<InstId, Failure> {
        let mut tree = Tree::default();
        let data = jlift_frontend::surface::NodeData::Symbol(marked.name);
        let node = tree.add(data, marked.span);
        let inst = self.instance(marked.module, &tree, node, &marked.types)?;
        let ret = self.world.instances[inst].ret.clone();
        let ret = self.world.widen(&ret);
        if ret != marked.ret && ret != Type::BOTTOM {
            let (found, wanted) = (self.world.type_text(ret), self.world.type_text(marked.ret));
            let message =
                format!("the function returns {found}, but is declared to return {wanted}");
            return Err(self.problem_at(marked.span, &message));
        }
        Ok(inst)
    }

    /// Ends the execution of the program: its exports, to be compiled for an output. What constants
    /// hold becomes data.
    pub fn into_session(mut self) -> Result<Session, Failure> {
        // What the execution has inferred knows exceptions as objects.
        self.world.exceptions_are_objects = false;
        self.world.forget_instances();
        let signatures = self.options.exports.clone();
        let instances = self.exported_instances(&signatures)?;
        let mut found = self.world.reachable_obstacles(&instances);
        found.extend(self.world.certain_failures(&instances));
        self.check_static(found)?;
        for &inst in &instances {
            self.check_result(inst)?;
        }
        let frozen = self.freeze_constants();
        let mut exports = self.emit_exports(&instances);
        if self.thaw_changed(&frozen, &exports) {
            exports = self.emit_exports(&instances);
        }
        let origin = Origin::Julia(self.sources());
        let cells = std::mem::take(self.engine.cells_mut());
        let mut session = Session::new(self.world.module, exports, origin, self.options);
        session.set_cells(cells, self.world.storages, self.engine);
        Ok(session)
    }

    /// The functions of an output, in a module that has nothing else.
    fn emit_exports(&mut self, instances: &[InstId]) -> Vec<Func> {
        self.world.start_output();
        let mut exports: Vec<Func> = Vec::with_capacity(instances.len());
        for &inst in instances {
            let func = self.world.emit(inst);
            self.world.module.functions[func].export = true;
            exports.push(func);
        }
        exports
    }

    /// Makes constants variables again whose arrays the output may change; whether there are any.
    fn thaw_changed(&mut self, frozen: &[Frozen], exports: &[Func]) -> bool {
        let tables = &self.world.module.tables;
        if !frozen.iter().any(|f| holds_array(tables, f.value)) {
            return false;
        }
        let changed = changed_constants(&self.world.module, exports);
        let mut found = false;
        for f in frozen {
            if matches!(f.value, Value::Const(c) if changed.contains(&c)) {
                let bindings = &mut self.world.modules[f.module].bindings;
                bindings.insert(f.name, Binding::Cell(f.cell));
                found = true;
            }
        }
        found
    }

    /// Ends the execution of a program whose options keep code: all that its run compiled as one
    /// program without exports, which is never run but can be compiled again.
    pub fn into_whole(mut self) -> Session {
        let finished = self.engine.take_finished();
        let origin = Origin::Julia(self.sources());
        Session::of_finished(self.world.module, finished, origin, self.options)
    }

    /// Constants in memory become constants of typed IR, as far as they can be written down.
    fn freeze_constants(&mut self) -> Vec<Frozen> {
        let mut frozen = Vec::new();
        let cells: Vec<_> = self
            .world
            .cells
            .iter()
            .filter(|(_, c)| c.is_const)
            .collect();
        let cells: Vec<_> = cells
            .into_iter()
            .map(|(id, c)| (id, c.module, c.name, c.ty))
            .collect();
        for (id, module, name, ty) in cells {
            let storage = self.world.cell_storage(id);
            let memory = self.engine.cells().find(&storage_symbol(storage));
            let Some((bytes, _)) = memory.and_then(|c| self.engine.cells().content(c)) else {
                continue;
            };
            if let Some(value) =
                crate::memory::frozen_value(&mut self.world.module.tables, ty, &bytes)
            {
                let bindings = &mut self.world.modules[module].bindings;
                bindings.insert(name, Binding::Const(value));
                frozen.push(Frozen {
                    module,
                    name,
                    cell: id,
                    value,
                });
            }
        }
        frozen
    }
}

/// A method that the program marks by `@ccallable`.
pub(super) struct Marked {
    module: ModuleId,
    name: Name,
    types: Vec<Type>,
    /// What it is declared to return.
    ret: Type,
    span: Option<Span>,
}

/// A constant in memory that has become one of typed IR.
struct Frozen {
    module: ModuleId,
    name: Name,
    cell: CellId,
    value: Value,
}
