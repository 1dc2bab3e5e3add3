//! One function that is being written: its blocks, the values that are visible where it is written, and
//! its variables. A variable is what differs between paths: where paths meet it becomes a phi, in a
//! handler a phi-c.

use super::{Generator, Signature};
use crate::choices::Choices;
use jlift_ir::function::{BlockData, ForeignCall, Op, PhiList, Terminator};
use jlift_ir::{Block, Builtin, Function, Inst, Intrinsic, Type, TypeClass, Value};

/// A value with its type.
#[derive(Copy, Clone, PartialEq, Debug)]
pub(super) struct Typed {
    pub value: Value,
    pub ty: Type,
}

/// A pointer that may be used.
#[derive(Copy, Clone, Debug)]
pub(super) struct Pointer {
    pub value: Value,
    pub elem: Type,
    /// Elements behind it, a power of two.
    pub room: u64,
}

/// Elements behind a pointer that is passed.
pub(super) const ROOM: u64 = 8;

/// A protected region that is open, with the variables whose values its handler wants.
pub(super) struct Region {
    pub upsilons: Vec<(usize, Vec<Value>)>,
}

/// A loop around what is being written.
pub(super) struct Around {
    pub breaks: Vec<End>,
    pub continues: Vec<End>,
    /// Open regions and exceptions being handled outside of it.
    pub regions: usize,
    pub handling: usize,
}

/// The end of a path, whose terminator is to come, with the variables there.
#[derive(Clone)]
pub(super) struct End {
    pub block: Block,
    pub vars: Vec<Typed>,
}

/// What is visible at a place.
pub(super) struct Scope {
    values: usize,
    pointers: usize,
    pub vars: Vec<Typed>,
}

/// A function that is being written.
pub(super) struct Body<'g, 'm, 'c, 'a, 'u> {
    pub g: &'g mut Generator<'m>,
    pub c: &'c mut Choices<'a, 'u>,
    pub me: Signature,
    pub f: Function,
    block: Block,
    /// Whether control gets to the end of what is written.
    pub alive: bool,
    values: Vec<Typed>,
    pub pointers: Vec<Pointer>,
    pub vars: Vec<Typed>,
    /// Statements that may still be written.
    pub budget: usize,
    pub depth: usize,
    pub regions: Vec<Region>,
    pub handling: usize,
    pub around: Vec<Around>,
    /// Calls of itself that were written.
    pub self_calls: usize,
}

/// Statements nest this deep.
const MAX_DEPTH: usize = 4;

impl<'g, 'm, 'c, 'a, 'u> Body<'g, 'm, 'c, 'a, 'u> {
    pub fn new(
        g: &'g mut Generator<'m>,
        c: &'c mut Choices<'a, 'u>,
        me: Signature,
        budget: usize,
    ) -> Self {
        let mut f = g.module.functions[me.func].clone();
        let entry = f.blocks.push(BlockData::default());
        f.layout.push(entry);
        let mut body = Body {
            g,
            c,
            f,
            block: entry,
            alive: true,
            values: Vec::new(),
            pointers: Vec::new(),
            vars: Vec::new(),
            budget,
            depth: 0,
            regions: Vec::new(),
            handling: 0,
            around: Vec::new(),
            self_calls: 0,
            me,
        };
        for (n, &ty) in body.me.params.clone().iter().enumerate() {
            let value = Value::Arg(n as u32 + 2);
            match body.g.module.tables.pointee(ty) {
                Some(elem) => body.pointers.push(Pointer {
                    value,
                    elem,
                    room: ROOM,
                }),
                None => body.values.push(Typed { value, ty }),
            }
        }
        body
    }

    /// Writes the whole function. Functions that nobody calls yet are called outside of branches and
    /// loops, between the first statements.
    pub fn write(&mut self, is_root: bool) {
        if self.me.recursive {
            self.end_of_recursion();
        }
        for _ in 0..self.c.between(1, 4) {
            let ty = self.g.types.any(self.c);
            if let Some(value) = self.value_of(ty) {
                self.vars.push(Typed { value, ty });
            }
        }
        let mut due = self.choose_due(is_root);
        while self.alive && self.budget > 0 && !self.c.is_over() {
            match due.last() {
                Some(&n) if self.c.percent(50) => {
                    due.pop();
                    self.call_due(n);
                }
                _ => self.statement(),
            }
        }
        while let Some(n) = due.pop()
            && self.alive
        {
            self.call_due(n);
        }
        if self.alive {
            self.give_result();
        }
    }

    /// Returns at once where the first parameter says that it is deep enough.
    fn end_of_recursion(&mut self) {
        let left = Value::Arg(2);
        let cond = self.intrinsic(Intrinsic::SleInt, &[left, Value::int64(0)], Type::BOOL);
        let (stop, go_on) = (self.new_block(), self.new_block());
        self.terminate(Terminator::Branch {
            cond,
            then_dest: stop,
            else_dest: go_on,
        });
        let scope = self.scope();
        self.begin(stop);
        self.give_result();
        self.restore(&scope);
        self.begin(go_on);
    }

    /// The finished function.
    pub fn finish(self) -> Function {
        self.f
    }

    /// Returns a value, or throws if none can be made.
    pub fn give_result(&mut self) {
        let ret = self.me.ret;
        match self.value_of(ret) {
            Some(value) => {
                if !self.regions.is_empty() {
                    let open = self.regions.len() as u32;
                    self.push(Op::Leave(open), Type::NOTHING);
                }
                self.terminate(Terminator::Return(value));
            }
            None => self.throw(),
        }
    }

    /// Whether a return may stand here.
    pub fn may_return(&self) -> bool {
        self.handling == 0
    }

    /// Whether there is room for blocks inside of blocks.
    pub fn may_nest(&self) -> bool {
        self.depth < MAX_DEPTH && self.budget >= 2
    }

    // Blocks.

    pub fn new_block(&mut self) -> Block {
        self.f.blocks.push(BlockData::default())
    }

    pub fn begin(&mut self, block: Block) {
        self.f.layout.push(block);
        self.block = block;
        self.alive = true;
    }

    pub fn terminate(&mut self, term: Terminator) {
        self.f.blocks[self.block].term = term;
        self.alive = false;
    }

    /// Ends the path here, to go on somewhere else later.
    pub fn end(&mut self) -> End {
        self.alive = false;
        End {
            block: self.block,
            vars: self.vars.clone(),
        }
    }

    pub fn scope(&self) -> Scope {
        Scope {
            values: self.values.len(),
            pointers: self.pointers.len(),
            vars: self.vars.clone(),
        }
    }

    pub fn restore(&mut self, scope: &Scope) {
        self.values.truncate(scope.values);
        self.pointers.truncate(scope.pointers);
        self.vars.clone_from(&scope.vars);
    }

    /// Begins a block in which paths meet; without any, control does not get here.
    pub fn join(&mut self, scope: &Scope, ends: &[End]) {
        self.restore(scope);
        self.alive = false;
        if ends.is_empty() {
            return;
        }
        let block = self.new_block();
        for end in ends {
            self.f.blocks[end.block].term = Terminator::Goto(block);
        }
        self.begin(block);
        for n in 0..self.vars.len() {
            let ty = self.vars[n].ty;
            let entries: Vec<(Block, Value)> =
                ends.iter().map(|e| (e.block, e.vars[n].value)).collect();
            let value = match entries.iter().all(|e| e.1 == entries[0].1) {
                true => entries[0].1,
                false => self.phi(&entries, ty),
            };
            self.vars[n].value = value;
        }
    }

    // Statements.

    pub fn push(&mut self, op: Op, ty: Type) -> Value {
        let inst = self.f.make_inst(op, ty, None.into());
        self.f.blocks[self.block].insts.push(inst);
        Value::Inst(inst)
    }

    pub fn intrinsic(&mut self, intrinsic: Intrinsic, args: &[Value], ty: Type) -> Value {
        let args = self.f.value_list(args);
        self.push(Op::Intrinsic(intrinsic, args), ty)
    }

    pub fn builtin(&mut self, builtin: Builtin, args: &[Value], ty: Type) -> Value {
        let args = self.f.value_list(args);
        self.push(Op::Builtin(builtin, args), ty)
    }

    pub fn phi(&mut self, entries: &[(Block, Value)], ty: Type) -> Value {
        let list = self.f.phi_list(entries);
        self.push(Op::Phi(list), ty)
    }

    /// A phi that has its entries later.
    pub fn open_phi(&mut self, ty: Type) -> (Inst, Value) {
        let op = Op::Phi(PhiList::default());
        let inst = self.f.make_inst(op, ty, None.into());
        self.f.blocks[self.block].insts.push(inst);
        (inst, Value::Inst(inst))
    }

    pub fn foreign(&mut self, name: &str, ret: Type, args: &[(Type, Value)]) -> Value {
        let (params, values): (Vec<Type>, Vec<Value>) = args.iter().copied().unzip();
        let tables = &mut self.g.module.tables;
        let symbol = tables.symbol(name);
        let convention = tables.names.intern("ccall");
        let args = self.f.value_list(&values);
        let roots = self.f.value_list(&[]);
        let call = ForeignCall {
            symbol,
            ret,
            params: params.into(),
            variadic_from: 0,
            convention,
            args,
            roots,
        };
        self.push(Op::ForeignCall(Box::new(call)), ret)
    }

    // Values.

    pub fn class(&self, ty: Type) -> TypeClass {
        self.g.module.tables.class(ty)
    }

    /// Makes a value visible, and often the value of a variable.
    pub fn define(&mut self, value: Value, ty: Type) {
        self.values.push(Typed { value, ty });
        if self.c.percent(45) {
            let fitting: Vec<usize> = (0..self.vars.len())
                .filter(|&n| self.fits(ty, self.vars[n].ty))
                .collect();
            if let Some(n) = self.c.one(&fitting) {
                self.assign(n, value);
            }
        }
    }

    /// Whether values of a type may stand for those of another.
    fn fits(&self, ty: Type, into: Type) -> bool {
        ty == into || self.g.module.tables.members(into).contains(&ty)
    }

    /// Gives a variable another value; handlers around it may want to know.
    pub fn assign(&mut self, n: usize, value: Value) {
        self.vars[n].value = value;
        for region in 0..self.regions.len() {
            let tracked = self.regions[region].upsilons.iter();
            let Some(at) = tracked.clone().position(|(var, _)| *var == n) else {
                continue;
            };
            let upsilon = self.push(Op::Upsilon(Some(value)), Type::ANY);
            self.regions[region].upsilons[at].1.push(upsilon);
        }
    }

    /// A visible value that `wanted` wants; later ones and variables more often.
    pub fn find(&mut self, wanted: impl Fn(&Self, Type) -> bool) -> Option<Typed> {
        let vars = self.vars.iter();
        let recent = self.values.iter().rev().take(24);
        let fitting: Vec<Typed> = vars
            .chain(recent)
            .filter(|v| wanted(self, v.ty))
            .copied()
            .collect();
        // The first of two tries is nearer to the end.
        let (a, b) = (self.c.below(fitting.len()), self.c.below(fitting.len()));
        fitting.get(a.min(b)).copied()
    }

    /// A value of a type: a visible one, or one that is made here. None if there is none.
    pub fn value_of(&mut self, ty: Type) -> Option<Value> {
        self.value_within(ty, 4)
    }

    pub fn value_within(&mut self, ty: Type, depth: usize) -> Option<Value> {
        if let Some(elem) = self.g.module.tables.pointee(ty) {
            return self.pointer_to(elem);
        }
        if self.c.percent(85)
            && let Some(found) = self.find(|me, of| me.fits(of, ty))
        {
            return Some(found.value);
        }
        let depth = depth.checked_sub(1)?;
        match self.class(ty) {
            TypeClass::Inline | TypeClass::InlineWithReferences if self.c.percent(60) => {
                self.make_aggregate(ty, depth)
            }
            TypeClass::InlineWithReferences => self.make_aggregate(ty, depth),
            TypeClass::Union => self.make_union(ty, depth),
            TypeClass::Array => self.make_array(ty, depth),
            TypeClass::Heap => self.make_object(ty, depth),
            _ => self.g.constant(self.c, ty),
        }
    }

    /// Whether a value of this type may hold a NaN, whose bits say nothing.
    pub fn may_hold_nan(&self, ty: Type) -> bool {
        let tables = &self.g.module.tables;
        match tables.class(ty) {
            TypeClass::Primitive(_) => ty.is_float(),
            TypeClass::Union => tables.members(ty).iter().any(|&m| self.may_hold_nan(m)),
            TypeClass::Inline | TypeClass::InlineWithReferences => match tables.field_types(ty) {
                Some(fields) => fields.iter().any(|&f| self.may_hold_nan(f)),
                None => true,
            },
            _ => false,
        }
    }

    /// A float of which a NaN has the canonical bits.
    pub fn canonical(&mut self, value: Value, ty: Type) -> Value {
        let (width, nan) = match ty {
            Type::FLOAT64 => (64, f64::NAN.to_bits()),
            Type::FLOAT32 => (32, f32::NAN.to_bits().into()),
            Type::FLOAT16 => (16, 0x7e00),
            _ => return value,
        };
        let nan = self.g.module.tables.primitive(ty, width, nan.into());
        let is_nan = self.intrinsic(Intrinsic::NeFloat, &[value, value], Type::BOOL);
        self.builtin(Builtin::IfElse, &[is_nan, nan, value], ty)
    }
}
