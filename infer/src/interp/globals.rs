//! Reading and writing of global names during inference.

use super::call::{CallKind, CallResult, Site};
use crate::lattice::Lat;
use crate::obstacle::Obstacle;
use crate::world::World;
use crate::world::modules::{Binding, ModuleId};
use jlift_frontend::surface::{Home, Span};
use jlift_ir::{Builtin, Name, Type, Value};

impl World {
    /// What is known of a global, and whether reading it can neither fail nor change.
    pub fn global_lat(&mut self, module: ModuleId, home: Home, name: Name) -> (Lat, bool) {
        let module = self.home(home, module);
        let kept = self.is_in_method();
        match self.lookup(module, name) {
            Some(Binding::Const(v)) => (Lat::Const(v), true),
            Some(Binding::Cell(cell)) => {
                self.cells[cell].relied_on |= kept;
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
        self.exceptions_are_objects && !self.estimating.on
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
            _ => self.unresolved(callee, args, site, "the global is not known"),
        }
    }

    /// Whether a type can be the type of a variable in memory.
    pub fn is_any(&self, ty: Type) -> bool {
        ty == Type::ANY
    }
}
