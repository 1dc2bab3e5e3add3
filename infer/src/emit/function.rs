//! The body of one function: blocks in the order in which they are reached.

use crate::interp::body::BodyResult;
use crate::interp::instance::InstId;
use crate::lattice::{Lat, SlotState};
use crate::world::World;
use cranelift_entity::EntityRef;
use cranelift_entity::packed_option::PackedOption;
use hashbrown::HashMap;
use jlift_frontend::lowered::{Code, Stmt, StmtId};
use jlift_ir::{Block, Function, Inst, Loc, Name, Op, Terminator, Type, Value};
use std::rc::Rc;
use std::sync::Arc;

/// A slot, or whether a slot is defined (numbers from `slots` on).
pub(super) type Var = u32;

/// The function being made.
pub(crate) struct Emitter<'w> {
    pub world: &'w mut World,
    pub inst: InstId,
    pub name: Name,
    pub body: Rc<BodyResult>,
    pub code: Arc<Code>,
    pub f: Function,
    /// The block that statements go to; `None` after a statement that never returns.
    pub at: Option<Block>,
    /// The block that goes to the first lowered block.
    pub entry: Option<Block>,
    /// The lowered block being emitted.
    pub lowered: usize,
    /// First and last block of the typed IR of each lowered block.
    pub first: Vec<Option<Block>>,
    pub last: Vec<Option<Block>>,
    /// Lowered blocks from which control comes, as emitted.
    pub preds: Vec<Vec<usize>>,
    /// Predecessors as inference sees them.
    pub expected_preds: Vec<Vec<usize>>,
    pub values: Vec<Option<Value>>,
    pub defs: HashMap<(usize, Var), Value>,
    pub pending_phis: Vec<(Inst, usize, Var)>,
    pub state: Vec<SlotState>,
    pub loc: PackedOption<Loc>,
    pub(super) regions: super::regions::Regions,
}

/// Emits the body of an instance into its reserved function.
pub(super) fn emit_function(world: &mut World, inst: InstId) {
    let record = &world.instances[inst];
    let (Some(body), Some(func)) = (record.body.clone(), record.func) else {
        // Inference gave up: whoever calls it stops with the reason.
        if let Some(func) = world.instances[inst].func {
            let text = world.instances[inst].obstacles.first().map_or_else(
                || "this call cannot be compiled".to_string(),
                |o| o.message.clone(),
            );
            emit_abort(world, func, &text);
        }
        return;
    };
    let name = record.name;
    let code = body.code.clone();
    let blocks = body.cfg.starts.len();
    let mut expected_preds = vec![Vec::new(); blocks];
    for (from, list) in body.edges.iter().enumerate() {
        if body.entry[from].is_some() {
            for &to in list {
                expected_preds[to].push(from);
            }
        }
    }
    let signature = &world.module.functions[func];
    let mut f = Function::new(
        signature.name,
        signature.params.clone(),
        signature.ret,
        signature.self_type,
    );
    f.inline = signature.inline;
    f.export = signature.export;
    let regions = super::regions::Regions::new(&code, &body);
    let mut me = Emitter {
        world,
        inst,
        name,
        f,
        at: None,
        entry: None,
        lowered: 0,
        first: vec![None; blocks],
        last: vec![None; blocks],
        preds: vec![Vec::new(); blocks],
        expected_preds,
        values: vec![None; code.stmts.len()],
        defs: HashMap::new(),
        pending_phis: Vec::new(),
        state: Vec::new(),
        loc: None.into(),
        regions,
        body,
        code,
    };
    me.run();
    let f = me.f;
    world.module.functions[func] = f;
}

fn emit_abort(world: &mut World, func: jlift_ir::Func, text: &str) {
    let message = match world.module.tables.string(text.as_bytes()) {
        Value::Const(c) => c,
        _ => return,
    };
    let f = &mut world.module.functions[func];
    let block = f.blocks.push(Default::default());
    f.layout.push(block);
    let inst = f.make_inst(Op::Abort { message }, Type::BOTTOM, None.into());
    f.blocks[block].insts.push(inst);
}

impl<'w> Emitter<'w> {
    /// For a function that no code in Julia stands behind: its first block is begun.
    pub(crate) fn bare(world: &'w mut World, f: Function) -> Emitter<'w> {
        let body = Rc::new(BodyResult::empty());
        let code = body.code.clone();
        let regions = super::regions::Regions::new(&code, &body);
        let mut me = Emitter {
            world,
            inst: InstId::from_u32(0),
            name: f.name,
            f,
            at: None,
            entry: None,
            lowered: 0,
            first: vec![None],
            last: vec![None],
            preds: vec![Vec::new()],
            expected_preds: vec![Vec::new()],
            values: Vec::new(),
            defs: HashMap::new(),
            pending_phis: Vec::new(),
            state: Vec::new(),
            loc: None.into(),
            regions,
            body,
            code,
        };
        me.at = Some(me.new_block());
        me
    }
}

impl Emitter<'_> {
    fn run(&mut self) {
        let entry = self.new_block();
        self.at = Some(entry);
        let mut work = Vec::new();
        if !self.body.cfg.starts.is_empty() && self.body.entry[0].is_some() {
            let start = self.block_for(0);
            self.check_stack();
            self.entry = self.at;
            self.end(Terminator::Goto(start));
            work.push(0);
        }
        let mut emitted = vec![false; self.first.len()];
        while let Some(block) = work.pop() {
            if std::mem::replace(&mut emitted[block], true) {
                continue;
            }
            self.block(block, &mut work);
        }
        self.fill_phis();
        self.fill_phics();
    }

    /// A recursive function throws before the stack ends.
    fn check_stack(&mut self) {
        if !self.world.exceptions_are_objects || !self.world.instances[self.inst].assumed {
            return;
        }
        let cond = self.runtime_call("jlift_stack_is_low", &[], Type::BOOL);
        let (then_dest, else_dest) = (self.new_block(), self.new_block());
        self.end(Terminator::Branch {
            cond,
            then_dest,
            else_dest,
        });
        self.at = Some(then_dest);
        self.throw_text(Type::STACK_OVERFLOW_ERROR, "StackOverflowError:");
        self.at = Some(else_dest);
    }

    /// A new block at the end of the layout.
    pub fn new_block(&mut self) -> Block {
        let block = self.f.blocks.push(Default::default());
        self.f.layout.push(block);
        block
    }

    /// The first block of a lowered block.
    pub fn block_for(&mut self, lowered: usize) -> Block {
        match self.first[lowered] {
            Some(b) => b,
            None => {
                let b = self.new_block();
                self.first[lowered] = Some(b);
                b
            }
        }
    }

    /// Ends the current block.
    pub fn end(&mut self, term: Terminator) {
        if let Some(at) = self.at.take() {
            let data = &mut self.f.blocks[at];
            data.term = term;
            data.term_loc = self.loc;
            self.last[self.lowered] = Some(at);
        }
    }

    /// Adds a statement; one of type `Union{}` ends the block.
    pub fn push(&mut self, op: Op, ty: Type) -> Value {
        let Some(at) = self.at else {
            // Nothing gets here; the operand is never used.
            return Value::NOTHING;
        };
        let inst = self.f.make_inst(op, ty, self.loc);
        self.f.blocks[at].insts.push(inst);
        if ty == Type::BOTTOM {
            self.end(Terminator::Unreachable);
        }
        Value::Inst(inst)
    }

    /// The type of an operand.
    pub fn type_of(&mut self, value: Value) -> Type {
        match value {
            Value::Inst(i) => self.f.insts[i].ty,
            Value::Arg(n) => self.f.arg_type(n).unwrap_or(Type::ANY),
            other => self.world.const_type(other),
        }
    }

    fn block(&mut self, block: usize, work: &mut Vec<usize>) {
        let start = self.block_for(block);
        self.lowered = block;
        self.at = Some(start);
        let Some(entry) = self.body.entry[block].clone() else {
            self.end(Terminator::Unreachable);
            return;
        };
        self.state = entry.to_vec();
        self.begin_handler(block);
        let code = self.code.clone();
        for index in self.body.cfg.range(block) {
            if self.at.is_none() {
                return;
            }
            let id = StmtId::new(index);
            self.loc = self.world.loc(code.spans[id], self.name);
            match &code.stmts[id] {
                Stmt::Goto(target) => {
                    let next = self.body.cfg.block_of[target.index()] as usize;
                    self.jump(next, work);
                    return;
                }
                Stmt::GotoIfNot(cond, target) => {
                    self.branch(index, cond, target.index(), work);
                    return;
                }
                Stmt::Return(operand) => {
                    let value = self.operand(operand);
                    if self.at.is_some() {
                        let ret = self.f.ret;
                        let value = self.coerce(value, ret);
                        self.end(Terminator::Return(value));
                    }
                    return;
                }
                Stmt::Enter(target) => {
                    let handler = self.body.cfg.block_of[target.index()] as usize;
                    self.enter(index, handler, work);
                    return;
                }
                other => self.statement(index, other),
            }
        }
        let next = self.body.cfg.range(block).end;
        if self.at.is_some() && next < self.body.cfg.len {
            let next = self.body.cfg.block_of[next] as usize;
            self.jump(next, work);
        }
    }

    /// Goes on to a lowered block.
    pub fn jump(&mut self, next: usize, work: &mut Vec<usize>) {
        if self.at.is_none() {
            return;
        }
        self.edge(next, work);
        let target = self.block_for(next);
        self.end(Terminator::Goto(target));
    }

    /// Records that control goes on to a lowered block.
    pub fn edge(&mut self, next: usize, work: &mut Vec<usize>) {
        if !self.preds[next].contains(&self.lowered) {
            self.preds[next].push(self.lowered);
        }
        work.push(next);
    }

    fn branch(
        &mut self,
        index: usize,
        cond: &jlift_frontend::lowered::Operand,
        target: usize,
        work: &mut Vec<usize>,
    ) {
        let value = self.operand(cond);
        if self.at.is_none() {
            return;
        }
        let else_block = self.body.cfg.block_of[target] as usize;
        let then_block = self.body.cfg.block_of.get(index + 1).map(|&b| b as usize);
        let edges = self.body.edges[self.lowered].clone();
        let then_block = then_block.filter(|b| edges.contains(b));
        let else_block = edges.contains(&else_block).then_some(else_block);
        let lat = self.body.values[index].clone();
        let ty = self.type_of(value);
        let decided = lat
            .as_const()
            .or(value.is_const().then_some(value))
            .and_then(Value::as_bool);
        if decided.is_none() && ty != Type::BOOL {
            let text = self.world.type_text(ty);
            let met = self.world.narrow(&Lat::Type(ty), Type::BOOL);
            if met.is_bottom() {
                let wanted = crate::interp::call::ErrorFields::Wanted {
                    by: "if",
                    ty: Type::BOOL,
                    arg: 0,
                };
                if self.world.exceptions_are_objects
                    && self.throw_made(wanted, Value::NOTHING, &[value])
                {
                    return;
                }
                self.throw_text(
                    Type::TYPE_ERROR,
                    &format!("TypeError: non-boolean ({text}) used in boolean context"),
                );
                return;
            }
        }
        let value = if ty == Type::BOOL || decided.is_some() {
            value
        } else {
            self.assert_type(value, Type::BOOL)
        };
        match (then_block, else_block, decided) {
            (Some(t), _, Some(true)) => self.jump(t, work),
            (_, Some(e), Some(false)) => self.jump(e, work),
            (Some(t), Some(e), None) if t != e => {
                self.edge(e, work);
                self.edge(t, work);
                let (then_dest, else_dest) = (self.block_for(t), self.block_for(e));
                self.end(Terminator::Branch {
                    cond: value,
                    then_dest,
                    else_dest,
                });
            }
            (Some(t), _, None) | (None, Some(t), None) => self.jump(t, work),
            _ => self.end(Terminator::Unreachable),
        }
    }

    /// Throws an exception whose text is known.
    pub fn throw_text(&mut self, ty: Type, message: &str) {
        let text = self.world.module.tables.string(message.as_bytes());
        let parts = self.f.value_list(&[text]);
        self.push(
            Op::ThrowRecord {
                ty,
                modes: Box::new([jlift_ir::PartMode::Print]),
                parts,
            },
            Type::BOTTOM,
        );
    }

    /// Stops the program: what is reached here could not be compiled.
    pub fn abort(&mut self, message: &str) {
        if let Value::Const(message) = self.world.module.tables.string(message.as_bytes()) {
            self.push(Op::Abort { message }, Type::BOTTOM);
        }
    }
}
