//! Reading and writing of global names during inference.

use super::call::{CallKind, CallResult, Site};
use crate::lattice::Lat;
use crate::obstacle::Obstacle;
use crate::world::World;
use crate::world::modules::{Binding, CellId, ModuleId};
use hashbrown::{HashMap, HashSet};
use jlift_frontend::lowered::{Code, MethodBody, MethodDef, Stmt};
use jlift_frontend::surface::{Home, Span};
use jlift_ir::{Builtin, Name, Type, Value};

/// What is known of globals besides their values.
#[derive(Default)]
pub(crate) struct GlobalFacts {
    /// Types that were declared: what is assigned is converted to them.
    declared: HashMap<(ModuleId, Name), Type>,
    /// Globals that methods assign: code that runs may read them after code that is made while it
    /// runs has given them a value of any type.
    assigned_by_methods: HashSet<(ModuleId, Name)>,
    /// The globals that the code which is being inferred now reads outside of methods.
    read: Vec<CellId>,
    /// One of these has another type than when it was read.
    read_outdated: bool,
    /// Types have grown for so long that they are not followed any further.
    give_up: bool,
}

/// How often code is inferred anew because the types of globals have grown, before they grow to `Any`.
const MAX_ROUNDS: usize = 16;

impl World {
    /// Infers something until the types of the globals that it reads do not grow any more.
    pub(crate) fn until_globals_hold<R>(&mut self, infer: impl Fn(&mut Self) -> R) -> R {
        // Macros run code while other code is inferred.
        let outer = std::mem::take(&mut self.globals.read);
        let outer_outdated = std::mem::take(&mut self.globals.read_outdated);
        let mut rounds = 0;
        let result = loop {
            let result = infer(self);
            let outdated = std::mem::take(&mut self.globals.read_outdated);
            if !(self.forget_outdated() | outdated) {
                break result;
            }
            self.globals.read.clear();
            rounds += 1;
            self.globals.give_up = rounds >= MAX_ROUNDS;
        };
        self.globals.give_up = false;
        self.globals.read = outer;
        self.globals.read_outdated = outer_outdated;
        result
    }

    /// The type that a global has for values of type `new` after values of type `old`.
    pub(crate) fn grown_global(
        &mut self,
        module: ModuleId,
        name: Name,
        old: Type,
        new: Type,
    ) -> Type {
        if let Some(&declared) = self.globals.declared.get(&(module, name)) {
            return declared;
        }
        let assigned = self.globals.assigned_by_methods.contains(&(module, name));
        match self.union_of(&[old, new]) {
            grown if grown == old => old,
            _ if assigned || self.globals.give_up => Type::ANY,
            grown => grown,
        }
    }

    /// Gives a global another type.
    pub(crate) fn set_global_type(&mut self, cell: CellId, ty: Type) {
        let old = self.cells[cell].ty;
        if old != Type::BOTTOM && matches!(self.lat_of(old), Lat::Const(_)) {
            // The only value of its type was not stored: now it has a place to be copied from.
            self.cell_storage(cell);
        }
        self.cells[cell].ty = ty;
        self.outdated |= std::mem::take(&mut self.cells[cell].relied_on);
        self.globals.read_outdated |= self.globals.read.contains(&cell);
    }

    /// Notes the globals that a method of the program assigns, and closures in it.
    pub(crate) fn note_assigned_by(&mut self, module: ModuleId, method: &MethodDef) {
        let MethodBody::Code(code) = &method.body else {
            return;
        };
        self.note_assigned_in(module, code);
    }

    /// Notes the globals that the code of a method assigns, and closures in it.
    pub(crate) fn note_assigned_in(&mut self, module: ModuleId, code: &Code) {
        if !self.is_only_run {
            return;
        }
        for stmt in code.stmts.values() {
            let Stmt::AssignGlobal(home, name, _) = stmt else {
                continue;
            };
            let module = self.home(*home, module);
            if !self.globals.assigned_by_methods.insert((module, *name)) {
                continue;
            }
            if let Some(&Binding::Cell(cell)) = self.modules[module].bindings.get(name) {
                let is_declared = self.globals.declared.contains_key(&(module, *name));
                let ty = self.cells[cell].ty;
                if !is_declared && ty != Type::BOTTOM && ty != Type::ANY {
                    self.set_global_type(cell, Type::ANY);
                }
            }
        }
        for closure in code.closures.values() {
            for method in &closure.methods {
                self.note_assigned_by(module, method);
            }
        }
    }

    /// `x::T` for a global: from now on what is assigned to it is converted.
    ///
    /// # Errors
    /// If it has a value of another type, or another type was declared.
    pub(crate) fn declare_global_type(
        &mut self,
        module: ModuleId,
        name: Name,
        ty: Type,
        span: Option<Span>,
    ) -> Result<(), Obstacle> {
        let known = self.globals.declared.get(&(module, name)).copied();
        let cell = match self.modules[module].bindings.get(&name) {
            Some(&Binding::Cell(cell)) => Some(cell),
            _ => None,
        };
        let fits = known.is_none_or(|known| known == ty)
            && cell.is_none_or(|c| {
                let now = self.cells[c].ty;
                self.is_subtype(now, ty)
            });
        if !fits {
            let text = self.text(name).to_string();
            let message = format!(
                "cannot set type for global {text}. It already has a value or is already set to a different type."
            );
            return Err(Obstacle::error(span, message));
        }
        if known.is_some() {
            return Ok(());
        }
        self.globals.declared.insert((module, name), ty);
        // Methods that assign it did not convert.
        self.outdated = true;
        if let Some(cell) = cell
            && self.cells[cell].ty != Type::BOTTOM
        {
            self.set_global_type(cell, ty);
        }
        Ok(())
    }

    /// The declared type of a global.
    pub(crate) fn declared_type(&self, module: ModuleId, name: Name) -> Option<Type> {
        self.globals.declared.get(&(module, name)).copied()
    }

    /// The declared type of a global, if values of type `lat` have to be converted to it.
    pub(super) fn converted_to(
        &mut self,
        module: ModuleId,
        home: Home,
        name: Name,
        lat: &Lat,
    ) -> Option<Type> {
        let module = self.home(home, module);
        let declared = self.globals.declared.get(&(module, name)).copied()?;
        let ty = self.widen(lat);
        (!self.is_subtype(ty, declared)).then_some(declared)
    }

    /// What is known of a global, and whether reading it can neither fail nor change.
    pub fn global_lat(&mut self, module: ModuleId, home: Home, name: Name) -> (Lat, bool) {
        let module = self.home(home, module);
        let kept = self.is_in_method();
        match self.lookup(module, name) {
            Some(Binding::Const(v)) => (Lat::Const(v), true),
            Some(Binding::Cell(cell)) => {
                self.cells[cell].relied_on |= kept;
                if !kept && !self.globals.read.contains(&cell) {
                    self.globals.read.push(cell);
                }
                let ty = self.cells[cell].ty;
                let lat = self.lat_of(ty);
                (lat, false)
            }
            Some(Binding::Alias(..)) | None => {
                // Code that looks a name up when it runs is kept, too.
                if kept || self.looks_up_late() {
                    self.missed.insert((module, name));
                }
                (Lat::Bottom, false)
            }
        }
    }

    /// Whether a name that is not bound is looked up again when code that mentions it runs: what
    /// that code calls before may define it by `eval`.
    pub(crate) fn looks_up_late(&self) -> bool {
        self.is_only_run && !self.estimating.on
    }

    /// Forgets what was inferred if it relied on a global that has another type by now, or on one
    /// that did not exist; `false` if all of it holds.
    pub fn forget_outdated(&mut self) -> bool {
        let missed = std::mem::take(&mut self.missed);
        for (module, name) in missed {
            match self.lookup(module, name) {
                Some(_) => self.outdated = true,
                None => {
                    self.missed.insert((module, name));
                }
            }
        }
        let outdated = std::mem::take(&mut self.outdated);
        if outdated {
            self.forget_instances();
        }
        outdated
    }

    /// Whether a global has a value.
    pub(super) fn global_is_defined(&mut self, module: ModuleId, name: Name) -> Lat {
        let kept = self.is_in_method();
        match self.lookup(module, name) {
            Some(Binding::Cell(cell)) => {
                self.cells[cell].relied_on |= kept;
                let cell = &self.cells[cell];
                match cell.ty == Type::BOTTOM {
                    true => Lat::Const(Value::bool(false)),
                    false if cell.assigned => Lat::Const(Value::bool(true)),
                    false => Lat::BOOL,
                }
            }
            Some(_) => Lat::Const(Value::bool(true)),
            None => {
                if kept {
                    self.missed.insert((module, name));
                }
                Lat::Const(Value::bool(false))
            }
        }
    }

    /// Whether a method is being inferred: top-level code is inferred when it is reached, and once.
    fn is_in_method(&self) -> bool {
        (self.stack.last()).is_some_and(|&top| self.instances[top].method.is_some())
    }

    /// An assignment of a global was found: its type grows.
    pub(super) fn note_global_assignment(
        &mut self,
        module: ModuleId,
        home: Home,
        name: Name,
        lat: &Lat,
        span: Option<Span>,
    ) {
        let module = self.home(home, module);
        let ty = self.widen(lat);
        if self.assign_cell(module, name, ty).is_none() {
            let text = self.text(name).to_string();
            self.obstruct(Obstacle::error(
                span,
                format!("invalid redefinition of constant {text}"),
            ));
        }
    }

    pub(super) fn global_builtin(
        &mut self,
        b: Builtin,
        callee: &Lat,
        args: &[Lat],
        site: Site,
    ) -> CallResult {
        let module = args[0].as_const().and_then(|v| self.as_module(v));
        let name = args[1].as_const().and_then(|v| self.const_symbol(v));
        match (b, module, name) {
            (Builtin::GetGlobal, Some(module), Some(name)) => {
                let (lat, pure) = self.global_lat(module, Home::Current, name);
                match lat.as_const() {
                    Some(v) if pure => CallResult::folded(v),
                    _ => CallResult {
                        ret: lat,
                        kind: CallKind::Builtin(b),
                        total: false,
                        condition: None,
                    },
                }
            }
            (Builtin::SetGlobal, Some(module), Some(name)) => {
                let value = args[2].clone();
                self.note_global_assignment(module, Home::Current, name, &value, site.span);
                CallResult::builtin(b, value, false)
            }
            (Builtin::GetGlobal, _, _) if self.names_global(args) => {
                self.forward_to("eval_in", &args[..2], site)
            }
            (Builtin::SetGlobal, _, _) if self.names_global(args) => {
                self.forward_to("assign_in", args, site)
            }
            _ => self.unresolved(callee, args, site, "the global is not known"),
        }
    }

    /// Whether the first arguments are a module and a name, if only at run time.
    fn names_global(&mut self, args: &[Lat]) -> bool {
        self.widen(&args[0]) == Type::MODULE && self.widen(&args[1]) == Type::SYMBOL
    }

    /// Whether a type can be the type of a variable in memory.
    pub fn is_any(&self, ty: Type) -> bool {
        ty == Type::ANY
    }
}
