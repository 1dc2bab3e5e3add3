//! Resolved [`Hir`] to [`Code`]: statements in a line, closures as types with captured fields.

mod control;
mod handlers;
mod value;

use super::hir::{Group, Hir, LambdaId, LambdaKind, StaticVar, Temp, Var};
use super::known::Known;
use super::{LowerError, Lowered};
use crate::lowered::{
    Capture, ClosureDef, ClosureId, Code, MethodBody, MethodDef, MethodOwner, Operand, ParamDef,
    Rvalue, Slot, SlotInfo, Stmt, StmtId,
};
use crate::surface::{Home, Span, Tree};
use control::{Labels, OpenLoop};
use cranelift_entity::PrimaryMap;
use handlers::{Handler, Symbolic};
use hashbrown::{HashMap, HashSet};
use jlift_ir::{ConstData, Name, Tables, Value};
use std::sync::Arc;

/// Emits a lambda that is no closure.
pub fn emit(
    hir: &Hir,
    root: LambdaId,
    tree: &Arc<Tree>,
    k: &Known,
    tables: &mut Tables,
) -> Lowered<Code> {
    Emitter::new(hir, tree, k, tables, root, &ClosureLayout::default()).run()
}

/// Fields and type parameters of a closure type.
#[derive(Default)]
struct ClosureLayout {
    group: Option<Group>,
    /// Captured variables, their fields and where they were captured first.
    captures: Vec<(Var, Name, Option<Span>)>,
    statics: Vec<StaticVar>,
}

/// Where the value of an expression goes.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Dest {
    /// Nowhere.
    Effect,
    /// To the caller of `emit`.
    Value,
    Into(Slot),
    /// It is the result of the lambda.
    Tail,
}

/// The state of emitting one lambda.
struct Emitter<'a> {
    hir: &'a Hir,
    tree: &'a Arc<Tree>,
    k: &'a Known,
    tables: &'a mut Tables,
    lambda: LambdaId,
    slots: PrimaryMap<Slot, SlotInfo>,
    stmts: PrimaryMap<StmtId, Stmt>,
    spans: PrimaryMap<StmtId, Option<Span>>,
    closures: PrimaryMap<ClosureId, ClosureDef>,
    /// Slots of variables; of a boxed one, the slot of its box.
    var_slots: HashMap<Var, Slot>,
    /// Slots whose value can change after it was read.
    unstable: HashSet<Slot>,
    temps: HashMap<Temp, Operand>,
    groups: HashMap<Group, ClosureId>,
    fields: HashMap<Var, Name>,
    statics: Vec<StaticVar>,
    /// The slot of the closure itself, and the local function that it is.
    closure: Slot,
    self_var: Option<Var>,
    labels: Labels,
    /// The next statement can be reached.
    live: bool,
    span: Option<Span>,
    loops: Vec<OpenLoop>,
    handlers: Vec<Handler>,
    next_handler: u32,
    /// How many `finally` blocks are being emitted, one in another.
    finally_depth: u32,
    symbolic: HashMap<Name, Symbolic>,
    result: Option<Operand>,
    /// Holds a value that is returned through `finally`.
    return_slot: Option<Slot>,
    error: Option<LowerError>,
}

impl<'a> Emitter<'a> {
    fn new(
        hir: &'a Hir,
        tree: &'a Arc<Tree>,
        k: &'a Known,
        tables: &'a mut Tables,
        lambda: LambdaId,
        layout: &ClosureLayout,
    ) -> Self {
        let data = &hir.lambdas[lambda];
        let mut statics = layout.statics.clone();
        statics.extend_from_slice(&data.scoped.statics);
        let closure = match data.kind {
            LambdaKind::Keywords => Slot::from_u32(2),
            _ => Slot::from_u32(0),
        };
        Emitter {
            hir,
            tree,
            k,
            tables,
            lambda,
            slots: PrimaryMap::new(),
            stmts: PrimaryMap::new(),
            spans: PrimaryMap::new(),
            closures: PrimaryMap::new(),
            var_slots: HashMap::new(),
            unstable: HashSet::new(),
            temps: HashMap::new(),
            groups: HashMap::new(),
            fields: layout.captures.iter().map(|&(v, n, _)| (v, n)).collect(),
            statics,
            closure,
            self_var: layout.group.and_then(|g| hir.groups[g].self_var),
            labels: Labels::default(),
            live: true,
            span: data.span,
            loops: Vec::new(),
            handlers: Vec::new(),
            next_handler: 0,
            finally_depth: 0,
            symbolic: HashMap::new(),
            result: None,
            return_slot: None,
            error: None,
        }
    }

    fn run(mut self) -> Lowered<Code> {
        let hir = self.hir;
        let lambda = &hir.lambdas[self.lambda];
        for &arg in &lambda.scoped.args {
            let slot = self.slots.push(SlotInfo {
                name: hir.vars[arg].name,
                maybe_undefined: false,
            });
            self.var_slots.insert(arg, slot);
            if hir.vars[arg].assigned > 0 {
                self.unstable.insert(slot);
            }
        }
        for &arg in &lambda.scoped.args {
            if hir.vars[arg].boxed {
                let value = Operand::Slot(self.var_slots[&arg]);
                let boxed = self.fresh_slot(hir.vars[arg].name);
                let call = self.core_call(self.k.box_, vec![value]);
                self.push(Stmt::Assign(boxed, call));
                self.var_slots.insert(arg, boxed);
            }
        }
        self.open_scope(&lambda.scoped.vars);
        if let Some(ret) = lambda.ret {
            self.result = Some(self.emit(ret, Dest::Value));
        }
        self.emit(lambda.body, Dest::Tail);
        self.emit_return(Operand::Const(Value::NOTHING));
        self.finish_gotos();
        // A label that nothing jumps to can stand at the very end.
        let ended = self
            .stmts
            .last()
            .is_some_and(|(_, s)| matches!(s, Stmt::Return(_) | Stmt::Goto(_)));
        if !ended || self.labels.any_at(self.stmts.next_key()) {
            self.live = true;
            self.push(Stmt::Return(Operand::Const(Value::NOTHING)));
        }
        self.labels.patch(&mut self.stmts);
        if let Some(error) = self.error {
            return Err(error);
        }
        Ok(Code {
            slots: self.slots,
            params: lambda.scoped.args.len() as u32,
            vararg: lambda.params.last().is_some_and(|p| p.vararg),
            static_params: self.statics.iter().map(|&s| hir.statics[s].0).collect(),
            stmts: self.stmts,
            spans: self.spans,
            closures: self.closures,
            hints: lambda.hints,
            tree: self.tree.clone(),
        })
    }

    /// Appends a statement, unless it cannot be reached.
    fn push(&mut self, stmt: Stmt) -> StmtId {
        if !self.live {
            return StmtId::from_u32(0);
        }
        if matches!(stmt, Stmt::Return(_) | Stmt::Goto(_)) {
            self.live = false;
        }
        self.spans.push(self.span);
        self.stmts.push(stmt)
    }

    /// The value of an operation as an operand.
    fn value(&mut self, rvalue: Rvalue) -> Operand {
        match rvalue {
            Rvalue::Use(operand) => operand,
            _ if !self.live => Operand::Const(Value::NOTHING),
            rvalue => Operand::Ssa(self.push(Stmt::Value(rvalue))),
        }
    }

    fn fresh_slot(&mut self, name: Name) -> Slot {
        self.slots.push(SlotInfo {
            name,
            maybe_undefined: false,
        })
    }

    fn core_call(&self, name: Name, args: Vec<Operand>) -> Rvalue {
        Rvalue::Call {
            callee: Operand::Global(Home::Core, name),
            args,
        }
    }

    fn base_call(&self, name: Name, args: Vec<Operand>) -> Rvalue {
        Rvalue::Call {
            callee: Operand::Global(Home::Base, name),
            args,
        }
    }

    fn symbol(&mut self, name: Name) -> Operand {
        Operand::Const(Value::Const(self.tables.constant(ConstData::Symbol(name))))
    }

    fn fail(&mut self, message: String) {
        let span = self.span;
        self.error
            .get_or_insert_with(|| LowerError::new(span, message));
    }

    /// Makes the boxes of a scope that begins, and undefines what an earlier round assigned.
    fn open_scope(&mut self, vars: &[Var]) {
        let hir = self.hir;
        for &var in vars {
            let data = &hir.vars[var];
            if data.boxed {
                let slot = self.var_slot(var);
                let call = self.core_call(self.k.box_, Vec::new());
                self.push(Stmt::Assign(slot, call));
            } else if data.in_loop && data.maybe_undefined {
                let slot = self.var_slot(var);
                self.push(Stmt::Newvar(slot));
            }
        }
    }

    /// The slot of a variable of this lambda.
    fn var_slot(&mut self, var: Var) -> Slot {
        if let Some(&slot) = self.var_slots.get(&var) {
            return slot;
        }
        let data = &self.hir.vars[var];
        let slot = self.slots.push(SlotInfo {
            name: data.name,
            maybe_undefined: data.maybe_undefined && !data.boxed,
        });
        if !data.boxed && (data.assigned + data.func_defs > 1 || data.maybe_undefined) {
            self.unstable.insert(slot);
        }
        self.var_slots.insert(var, slot);
        slot
    }

    /// A closure with the current values of its captured variables.
    fn new_closure(&mut self, group: Group) -> Rvalue {
        let layout = self.layout(group);
        let mut captures = Vec::with_capacity(layout.captures.len());
        for &(var, ..) in &layout.captures {
            captures.push(self.handle(var));
        }
        let closure = match self.groups.get(&group) {
            Some(&closure) => closure,
            None => {
                let def = self.closure_def(group, &layout);
                let closure = self.closures.push(def);
                self.groups.insert(group, closure);
                closure
            }
        };
        Rvalue::NewClosure { closure, captures }
    }

    fn layout(&mut self, group: Group) -> ClosureLayout {
        let hir = self.hir;
        let data = &hir.groups[group];
        let mut layout = ClosureLayout {
            group: Some(group),
            ..ClosureLayout::default()
        };
        let mut seen = HashSet::new();
        let mut names: HashSet<Name> = HashSet::new();
        for &lambda in &data.lambdas {
            let scoped = &hir.lambdas[lambda].scoped;
            for &(var, span) in &scoped.captures {
                if data.self_var == Some(var) || !seen.insert(var) {
                    continue;
                }
                // Variables of different scopes can have one name; fields cannot.
                let mut name = hir.vars[var].name;
                let mut number = 1;
                while !names.insert(name) {
                    number += 1;
                    let text = format!("{}#{number}", self.tables.names.str(hir.vars[var].name));
                    name = self.tables.names.intern(&text);
                }
                layout.captures.push((var, name, span));
            }
            for &s in &scoped.outer_statics {
                if !layout.statics.contains(&s) {
                    layout.statics.push(s);
                }
            }
        }
        layout
    }

    fn closure_def(&mut self, group: Group, layout: &ClosureLayout) -> ClosureDef {
        let hir = self.hir;
        let data = &hir.groups[group];
        let mut methods = Vec::with_capacity(data.lambdas.len());
        for &id in &data.lambdas {
            let lambda = &hir.lambdas[id];
            let emitter = Emitter::new(hir, self.tree, self.k, self.tables, id, layout);
            let code = match emitter.run() {
                Ok(code) => code,
                Err(error) => {
                    self.error.get_or_insert(error);
                    continue;
                }
            };
            methods.push(Arc::new(MethodDef {
                owner: match lambda.kind {
                    LambdaKind::Keywords => MethodOwner::ClosureKeywords,
                    _ => MethodOwner::Closure,
                },
                name: lambda.name,
                self_name: lambda.self_name.unwrap_or(self.k.callee),
                tree: self.tree.clone(),
                type_vars: lambda.type_vars.clone(),
                params: lambda
                    .params
                    .iter()
                    .map(|p| ParamDef {
                        name: p.name,
                        ty: p.ty,
                        vararg: p.vararg,
                    })
                    .collect(),
                body: MethodBody::Code(Arc::new(code)),
                keywords: lambda.keywords.clone(),
                span: lambda.span,
                generated: lambda.generated,
            }));
        }
        ClosureDef {
            name: data.name,
            static_params: layout.statics.iter().map(|&s| hir.statics[s].0).collect(),
            captures: layout
                .captures
                .iter()
                .map(|&(var, name, span)| Capture {
                    name,
                    boxed: hir.vars[var].boxed,
                    span,
                    reassigned: hir.vars[var].reassigned,
                })
                .collect(),
            methods,
        }
    }
}
