//! Writes the functions that merging needs: the common body of several functions, and functions
//! that make one of several calls. Knows nothing of when that pays.

use super::body::{Body, Operand};
use super::extract::{fresh_name, object_type};
use super::merge::Plan;
use crate::inline::singleton;
use cranelift_entity::{EntityRef, SecondaryMap};
use hashbrown::HashMap;
use jlift_ir::copy::{Rename, copy_op};
use jlift_ir::{
    Block, BlockData, Builtin, Func, Function, InlineHint, Inst, Module, Name, Op, Param,
    Terminator, Type, Value,
};

/// Functions that make one of several calls, by what they call.
#[derive(Default)]
pub struct Choices {
    known: HashMap<Vec<Func>, Func>,
}

impl Choices {
    /// Whether there is a function that calls one of these.
    pub fn contains(&self, callees: &[Func]) -> bool {
        self.known.contains_key(callees)
    }

    /// The function that calls one of these, by the number that is its last argument; arguments
    /// without data are left out. A new one is noted in `made`.
    fn function(&mut self, module: &mut Module, callees: &[Func], made: &mut Vec<Func>) -> Func {
        if let Some(&func) = self.known.get(callees) {
            return func;
        }
        let func = make_choice(module, callees);
        made.push(func);
        self.known.insert(callees.to_vec(), func);
        func
    }
}

fn make_choice(module: &mut Module, callees: &[Func]) -> Func {
    let name = fresh_name(module, "Main.choice");
    let self_type = object_type(module, "typeof(Main.choice)");
    let model = &module.functions[callees[0]];
    let ret = model.ret;
    let mut types: Vec<Type> = model.params.iter().map(|p| p.ty).collect();
    types.retain(|&ty| singleton(&module.tables, ty).is_none());
    let selector = Value::Arg(types.len() as u32 + 2);
    types.push(Type::INT64);
    let params = types.into_iter().map(|ty| Param {
        name: Name::EMPTY,
        ty,
    });
    let mut func = Function::new(name, params.collect(), ret, self_type);
    // To be shared is what it is for.
    func.inline = InlineHint::Never;
    let mut test = new_block(&mut func);
    for (n, &callee) in callees.iter().enumerate() {
        // What is left over goes to the last one.
        let block = if n + 1 == callees.len() {
            test
        } else {
            let args = func.value_list(&[selector, Value::int64(n as i64)]);
            let op = Op::Builtin(Builtin::Egal, args);
            let cond = func.make_inst(op, Type::BOOL, None.into());
            func.blocks[test].insts.push(cond);
            let (call, next) = (new_block(&mut func), new_block(&mut func));
            func.blocks[test].term = Terminator::Branch {
                cond: Value::Inst(cond),
                then_dest: call,
                else_dest: next,
            };
            test = next;
            call
        };
        let mut data = 1;
        let args: Vec<Value> = module.functions[callee]
            .params
            .iter()
            .map(|p| {
                singleton(&module.tables, p.ty).unwrap_or_else(|| {
                    data += 1;
                    Value::Arg(data)
                })
            })
            .collect();
        let args = func.value_list(&args);
        let op = Op::Invoke {
            func: callee,
            callee: None,
            args,
        };
        let call = func.make_inst(op, ret, None.into());
        func.blocks[block].insts.push(call);
        func.blocks[block].term = match ret {
            Type::BOTTOM => Terminator::Unreachable,
            _ => Terminator::Return(Value::Inst(call)),
        };
    }
    module.functions.push(func)
}

fn new_block(func: &mut Function) -> Block {
    let block = func.blocks.push(BlockData::default());
    func.layout.push(block);
    block
}

/// Adds the common body of functions to the module; functions that it needs are noted in `made`.
pub fn make_merged(
    module: &mut Module,
    first: &Body,
    plan: &Plan,
    choices: &mut Choices,
    made: &mut Vec<Func>,
) -> Func {
    let mut selected: HashMap<usize, (Func, usize)> = HashMap::new();
    for n in 0..first.callees.len() {
        if let Some((callees, param)) = plan.calls.get(&n) {
            selected.insert(n, (choices.function(module, callees, made), *param));
        }
    }
    let name = fresh_name(module, "Main.merged");
    let self_type = object_type(module, "typeof(Main.merged)");
    let id = Func::new(module.functions.len());
    let from = &module.functions[first.id];
    let params = first.params.iter().chain(&plan.types).map(|&ty| Param {
        name: Name::EMPTY,
        ty,
    });
    let mut to = Function::new(name, params.collect(), from.ret, self_type);
    // To be shared is what it is for.
    to.inline = InlineHint::Never;
    let mut blocks: SecondaryMap<Block, Block> = SecondaryMap::with_default(Block::new(0));
    for &block in &first.blocks {
        blocks[block] = new_block(&mut to);
    }
    for &inst in &first.insts {
        let data = &from.insts[inst];
        to.make_inst(Op::Nop, data.ty, data.loc);
    }
    let mut writer = Writer {
        plan,
        first,
        selected,
        id,
        next: 0,
        calls: 0,
    };
    let mut number = 0;
    for &block in &first.blocks {
        for &inst in &from.blocks[block].insts {
            if from.insts[inst].op == Op::Nop {
                continue;
            }
            let op = writer.op(&mut to, from, inst, &blocks);
            let copy = Inst::new(number);
            number += 1;
            to.insts[copy].op = op;
            to.blocks[blocks[block]].insts.push(copy);
        }
        let data = &from.blocks[block];
        let mut term = data.term.clone();
        if let Terminator::Branch { cond: value, .. } | Terminator::Return(value) = &mut term {
            *value = writer.take();
        }
        term.map_successors(|b| blocks[b]);
        to.blocks[blocks[block]].term = term;
        to.blocks[blocks[block]].term_loc = data.term_loc;
    }
    module.functions.push(to)
}

/// Copies statements; hands out their operands one after the other.
struct Writer<'a> {
    plan: &'a Plan,
    first: &'a Body,
    /// By call that has to be selected: the function that selects it, and its parameter.
    selected: HashMap<usize, (Func, usize)>,
    /// The new function.
    id: Func,
    next: usize,
    calls: usize,
}

impl Writer<'_> {
    fn op(
        &mut self,
        to: &mut Function,
        from: &Function,
        inst: Inst,
        blocks: &SecondaryMap<Block, Block>,
    ) -> Op {
        match from.insts[inst].op {
            Op::Phi(list) => {
                let mut preds: Vec<Block> = from
                    .phi_args(list)
                    .iter()
                    .map(|&(pred, _)| blocks[pred])
                    .collect();
                // Operands are in the order of the blocks.
                preds.sort_unstable();
                let entries: Vec<(Block, Value)> =
                    preds.into_iter().map(|pred| (pred, self.take())).collect();
                Op::Phi(to.phi_list(&entries))
            }
            Op::Invoke { func, callee, args } => {
                let n = self.calls;
                self.calls += 1;
                let callee = callee.map(|_| self.take());
                let is_self = self.first.callees.get(n) == Some(&None);
                let selected = self.selected.get(&n).copied();
                let mut list = Vec::new();
                for _ in 0..from.args(args).len() {
                    let is_ghost = self.is_ghost();
                    let value = self.take();
                    if !(is_ghost && (is_self || selected.is_some())) {
                        list.push(value);
                    }
                }
                let func = match selected {
                    Some((choice, param)) => {
                        list.push(self.extra(param));
                        choice
                    }
                    None if is_self => {
                        list.extend((0..self.plan.types.len()).map(|n| self.extra(n)));
                        self.id
                    }
                    None => func,
                };
                Op::Invoke {
                    func,
                    callee: callee.filter(|_| !is_self),
                    args: to.value_list(&list),
                }
            }
            _ => copy_op(to, from, inst, self),
        }
    }

    /// The parameter with this number among those that the plan adds.
    fn extra(&self, n: usize) -> Value {
        Value::Arg((self.first.params.len() + n) as u32 + 2)
    }

    fn is_ghost(&self) -> bool {
        matches!(self.first.operands.get(self.next), Some(Operand::Ghost(_)))
    }

    fn take(&mut self) -> Value {
        let n = self.next;
        self.next += 1;
        if let Some(&param) = self.plan.operands.get(&n) {
            return self.extra(param);
        }
        match self.first.operands.get(n) {
            Some(&Operand::Inside(n)) => Value::Inst(Inst::new(n as usize)),
            Some(&Operand::Param(n)) => Value::Arg(n + 2),
            Some(&(Operand::Ghost(value) | Operand::Constant { value, .. })) => value,
            // There is one operand for each that is asked for.
            None => Value::NOTHING,
        }
    }
}

impl Rename for Writer<'_> {
    fn value(&mut self, _: Value) -> Value {
        self.take()
    }

    fn block(&mut self, block: Block) -> Block {
        block
    }
}
