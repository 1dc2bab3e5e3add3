//! Values: operands, calls, variables and their boxes, conversions to declared types.

use super::{Dest, Emitter};
use crate::lower::hir::{H, Hx, List, Var};
use crate::lowered::{Operand, Rvalue, Slot, Stmt};
use crate::surface::Home;
use jlift_ir::Value;

const NOTHING: Operand = Operand::Const(Value::NOTHING);

impl Emitter<'_> {
    /// Emits an expression. The result is of interest for `Dest::Value` only.
    pub(super) fn emit(&mut self, h: Hx, dest: Dest) -> Operand {
        let outer = self.span;
        self.span = self.hir.span(h).or(outer);
        let result = self.emit_at(h, dest);
        self.span = outer;
        result
    }

    fn emit_at(&mut self, h: Hx, dest: Dest) -> Operand {
        let hir = self.hir;
        match hir.node(h) {
            H::Seq(list) => self.sequence(list, dest),
            H::If(..) | H::AndAnd(..) | H::OrOr(..) => self.branch(h, dest),
            H::TryCatch(..) | H::TryFinally(..) => self.protected(h, dest),
            H::While(cond, body) => {
                self.while_loop(*cond, *body);
                self.deliver(Rvalue::Use(NOTHING), dest)
            }
            H::DoWhile(body, cond) => {
                self.do_while(*body, *cond);
                self.deliver(Rvalue::Use(NOTHING), dest)
            }
            H::Breakable(exit, body) => {
                self.breakable(*exit, *body);
                self.deliver(Rvalue::Use(NOTHING), dest)
            }
            H::Break(exit) => {
                self.break_out(*exit);
                NOTHING
            }
            H::Return(value) => {
                let value = self.emit(*value, Dest::Value);
                self.emit_return(value);
                NOTHING
            }
            H::Scope { body, .. } => {
                if let Some(vars) = hir.scope_vars.get(&h) {
                    self.open_scope(vars);
                }
                self.emit(*body, dest)
            }
            H::Label(name) => {
                self.symbolic_label(*name);
                self.deliver(Rvalue::Use(NOTHING), dest)
            }
            H::Goto(name) => {
                self.symbolic_goto(*name);
                NOTHING
            }
            H::Assign(target, value) => self.assignment(*target, *value, dest),
            H::FuncDefOf(target, group) => {
                let closure = self.new_closure(*group);
                let value = self.value(closure);
                self.store(*target, value.clone());
                self.deliver(Rvalue::Use(value), dest)
            }
            H::SetTemp(temp, value) => {
                let begins = matches!(hir.node(*value), H::GcBegin(_));
                let mut value = self.emit(*value, Dest::Value);
                if begins {
                    self.begin_preserve(&value);
                }
                if matches!(&value, Operand::Slot(slot) if self.unstable.contains(slot))
                    || matches!(value, Operand::Global(Home::Current, _))
                {
                    value = self.copy(value);
                }
                self.temps.insert(*temp, value.clone());
                self.deliver_quietly(value, dest)
            }
            H::Call(list) if dest == Dest::Effect && self.is_tuple(list) => {
                for &arg in list.as_slice(&hir.lists).iter().skip(1) {
                    self.emit(arg, Dest::Effect);
                }
                NOTHING
            }
            H::Inbounds(on) => {
                self.push(Stmt::Inbounds(*on));
                self.deliver(Rvalue::Use(NOTHING), dest)
            }
            H::Loopinfo(name) => {
                self.push(Stmt::Loopinfo(*name));
                self.deliver(Rvalue::Use(NOTHING), dest)
            }
            H::Temp(temp) => {
                let value = self.temps.get(temp).cloned().unwrap_or(NOTHING);
                self.deliver_quietly(value, dest)
            }
            _ => {
                let rvalue = self.rvalue(h);
                self.deliver(rvalue, dest)
            }
        }
    }

    fn is_tuple(&self, list: &List) -> bool {
        list.first(&self.hir.lists).is_some_and(|callee| {
            matches!(self.hir.node(callee), H::Global(Home::Core, name) if *name == self.k.tuple)
        })
    }

    fn sequence(&mut self, list: &List, dest: Dest) -> Operand {
        let hir = self.hir;
        match list.as_slice(&hir.lists).split_last() {
            Some((&last, before)) => {
                for &h in before {
                    self.emit(h, Dest::Effect);
                }
                self.emit(last, dest)
            }
            None => self.deliver(Rvalue::Use(NOTHING), dest),
        }
    }

    /// Expressions that are one statement after their operands.
    fn rvalue(&mut self, h: Hx) -> Rvalue {
        let hir = self.hir;
        match hir.node(h) {
            H::Var(var) => Rvalue::Use(self.read(*var)),
            H::Static(s) => {
                let index = self.statics.iter().rposition(|x| x == s).unwrap_or(0);
                Rvalue::Use(Operand::StaticParam(index as u32))
            }
            H::Global(home, name) => Rvalue::Use(Operand::Global(*home, *name)),
            H::Name(name) => Rvalue::Use(Operand::Global(Home::Current, *name)),
            H::Const(value) => Rvalue::Use(Operand::Const(*value)),
            H::TypeExpr(node) => Rvalue::TypeExpr(*node),
            H::Call(list) => {
                let mut args = self.operands(list);
                if args.is_empty() {
                    return Rvalue::Use(NOTHING);
                }
                let callee = args.remove(0);
                Rvalue::Call { callee, args }
            }
            H::New(list) => {
                let mut args = self.operands(list);
                if args.is_empty() {
                    return Rvalue::Use(NOTHING);
                }
                let ty = args.remove(0);
                Rvalue::New { ty, args }
            }
            H::SplatNew(ty, tuple) => {
                let ty = self.emit(*ty, Dest::Value);
                let tuple = self.emit(*tuple, Dest::Value);
                Rvalue::SplatNew { ty, tuple }
            }
            H::Foreign(id) => {
                let foreign = &hir.foreign[*id];
                let symbol = self.emit(foreign.symbol, Dest::Value);
                let args = self.operands(&foreign.args);
                let roots = self.operands(&foreign.roots);
                Rvalue::Foreigncall {
                    symbol,
                    ret: foreign.ret,
                    params: foreign.params.clone(),
                    variadic_from: foreign.variadic_from,
                    convention: foreign.convention,
                    args,
                    roots,
                }
            }
            H::ClosureOf(group) => self.new_closure(*group),
            H::TheException => Rvalue::TheException,
            H::BoundsCheck => Rvalue::BoundsCheck,
            H::IsDefined(inner) => self.is_defined(*inner),
            H::GcBegin(list) => Rvalue::GcPreserveBegin(self.operands(list)),
            H::GcEnd(token) => {
                let token = self.emit(*token, Dest::Value);
                self.end_preserve(&token);
                Rvalue::GcPreserveEnd(token)
            }
            // Declarations say nothing at run time, everything else was handled before.
            _ => Rvalue::Use(NOTHING),
        }
    }

    /// Evaluates operands in order. One that a later operand could change is copied.
    fn operands(&mut self, list: &List) -> Vec<Operand> {
        let hir = self.hir;
        let items = list.as_slice(&hir.lists);
        // From which operand on nothing is assigned, or nothing is done at all.
        let assigns = items.iter().rposition(|&h| hir.assigns(h)).unwrap_or(0);
        let acts = items.iter().rposition(|&h| !self.is_atom(h)).unwrap_or(0);
        let mut operands = Vec::with_capacity(items.len());
        for (i, &h) in items.iter().enumerate() {
            let mut operand = self.emit(h, Dest::Value);
            let copied = match &operand {
                Operand::Slot(slot) => i < assigns && self.unstable.contains(slot),
                Operand::Global(Home::Current, _) => i > 0 && i < acts,
                _ => false,
            };
            if copied {
                operand = self.copy(operand);
            }
            operands.push(operand);
        }
        operands
    }

    fn is_atom(&self, h: Hx) -> bool {
        matches!(
            self.hir.node(h),
            H::Var(_) | H::Static(_) | H::Global(..) | H::Name(_) | H::Const(_) | H::Temp(_)
        )
    }

    fn copy(&mut self, operand: Operand) -> Operand {
        if !self.live {
            return operand;
        }
        Operand::Ssa(self.push(Stmt::Value(Rvalue::Use(operand))))
    }

    /// Hands a value to where it goes.
    pub(super) fn deliver(&mut self, rvalue: Rvalue, dest: Dest) -> Operand {
        match dest {
            Dest::Effect => {
                let skip = match &rvalue {
                    Rvalue::Use(Operand::Global(Home::Current, _)) => false,
                    Rvalue::Use(Operand::Slot(slot)) => !self.slots[*slot].maybe_undefined,
                    Rvalue::Use(_) => true,
                    _ => false,
                };
                if !skip {
                    self.push(Stmt::Value(rvalue));
                }
                NOTHING
            }
            Dest::Value => self.value(rvalue),
            Dest::Into(slot) => {
                self.push(Stmt::Assign(slot, rvalue));
                NOTHING
            }
            Dest::Tail => {
                let value = self.value(rvalue);
                self.emit_return(value);
                NOTHING
            }
        }
    }

    /// Like [`Self::deliver`] for a value that has been evaluated already.
    fn deliver_quietly(&mut self, value: Operand, dest: Dest) -> Operand {
        if dest == Dest::Effect {
            return NOTHING;
        }
        self.deliver(Rvalue::Use(value), dest)
    }

    /// What a closure captures: the value, or the box.
    pub(super) fn handle(&mut self, var: Var) -> Operand {
        if self.hir.vars[var].lambda == self.lambda {
            return Operand::Slot(self.var_slot(var));
        }
        if self.self_var == Some(var) {
            return Operand::Slot(self.closure);
        }
        let name = match self.fields.get(&var) {
            Some(&name) => name,
            None => self.hir.vars[var].name,
        };
        let field = self.symbol(name);
        let get = self.core_call(self.k.getfield, vec![Operand::Slot(self.closure), field]);
        self.value(get)
    }

    /// The value of a variable.
    fn read(&mut self, var: Var) -> Operand {
        let data = &self.hir.vars[var];
        let handle = self.handle(var);
        if !data.boxed {
            return handle;
        }
        let own = data.lambda == self.lambda;
        let contents = self.symbol(self.k.contents);
        if (own && data.maybe_undefined) || (!own && data.undefined_in_closure) {
            let defined = self.core_call(self.k.isdefined, vec![handle.clone(), contents.clone()]);
            let defined = self.value(defined);
            let undefined = self.base_call(self.k.not_int, vec![defined]);
            let undefined = self.value(undefined);
            let fine = self.labels.fresh();
            self.jump_unless(undefined, fine);
            let name = self.symbol(data.name);
            let error = self.core_call(self.k.undef_var_error, vec![name]);
            let error = self.value(error);
            let throw = self.core_call(self.k.throw, vec![error]);
            self.push(Stmt::Value(throw));
            self.place(fine);
        }
        let get = self.core_call(self.k.getfield, vec![handle, contents]);
        self.value(get)
    }

    fn is_defined(&mut self, h: Hx) -> Rvalue {
        let H::Var(var) = *self.hir.node(h) else {
            return match self.rvalue(h) {
                Rvalue::Use(operand @ (Operand::Global(..) | Operand::StaticParam(_))) => {
                    Rvalue::IsDefined(operand)
                }
                _ => Rvalue::Use(Operand::Const(Value::bool(true))),
            };
        };
        let handle = self.handle(var);
        if self.hir.vars[var].boxed {
            let contents = self.symbol(self.k.contents);
            return self.core_call(self.k.isdefined, vec![handle, contents]);
        }
        match handle {
            Operand::Slot(_) => Rvalue::IsDefined(handle),
            _ => Rvalue::Use(Operand::Const(Value::bool(true))),
        }
    }

    fn assignment(&mut self, target: Hx, value: Hx, dest: Dest) -> Operand {
        if dest == Dest::Effect
            && let H::Var(var) = *self.hir.node(target)
        {
            let data = &self.hir.vars[var];
            if data.lambda == self.lambda && !data.boxed && data.ty.is_none() {
                let slot = self.var_slot(var);
                return self.emit(value, Dest::Into(slot));
            }
        }
        let value = self.emit(value, Dest::Value);
        self.store(target, value.clone());
        self.deliver_quietly(value, dest)
    }

    /// Assigns a variable or global.
    fn store(&mut self, target: Hx, value: Operand) {
        match *self.hir.node(target) {
            H::Var(var) => {
                let data = &self.hir.vars[var];
                let mut value = value;
                if let Some(ty) = data.ty {
                    let ty = self.emit(ty, Dest::Value);
                    value = self.convert(value, ty);
                }
                let handle = self.handle(var);
                if data.boxed {
                    let contents = self.symbol(self.k.contents);
                    let set = self.core_call(self.k.setfield, vec![handle, contents, value]);
                    self.push(Stmt::Value(set));
                } else if let Operand::Slot(slot) = handle {
                    self.push(Stmt::Assign(slot, Rvalue::Use(value)));
                }
            }
            H::Global(home, name) => {
                self.push(Stmt::AssignGlobal(home, name, value));
            }
            _ => {}
        }
    }

    /// `x isa T ? x : typeassert(convert(T, x), T)`.
    pub(super) fn convert(&mut self, value: Operand, ty: Operand) -> Operand {
        let slot: Slot = self.fresh_slot(self.k.keyword_value);
        self.push(Stmt::Assign(slot, Rvalue::Use(value)));
        let value = Operand::Slot(slot);
        let is = self.core_call(self.k.isa, vec![value.clone(), ty.clone()]);
        let is = self.value(is);
        let (other, end) = (self.labels.fresh(), self.labels.fresh());
        self.jump_unless(is, other);
        self.jump(end);
        self.place(other);
        let converted = self.base_call(self.k.convert, vec![ty.clone(), value.clone()]);
        let converted = self.value(converted);
        let checked = self.core_call(self.k.typeassert, vec![converted, ty]);
        self.push(Stmt::Assign(slot, checked));
        self.place(end);
        value
    }
}
