//! A whole function taken apart, ready to be compared with others: like a region, but parameters
//! without data do not count, and what is called may differ. Knows nothing of what is done with
//! equal functions.

use super::hash::Hash64;
use super::operation::{for_each_operand, operation_hash, same_operation, weight};
use crate::inline::singleton;
use cranelift_entity::{EntityRef, SecondaryMap};
use jlift_ir::cfg::Cfg;
use jlift_ir::{Block, Func, Function, Inst, Module, Op, Terminator, Type, Value};

/// Where an operand comes from.
#[derive(Copy, Clone, PartialEq, Debug)]
pub enum Operand {
    /// The statement with this number.
    Inside(u32),
    /// The parameter with this number among those that carry data.
    Param(u32),
    /// An argument without data of a call.
    Ghost(Value),
    Constant {
        value: Value,
        ty: Option<Type>,
        /// Whether another constant may stand here in another function.
        is_free: bool,
    },
}

/// A function taken apart.
pub struct Body {
    pub id: Func,
    /// In reverse postorder.
    pub blocks: Vec<Block>,
    /// All statements in order; their numbers are the positions here.
    pub insts: Vec<Inst>,
    /// The operands of statements and ends of blocks in order.
    pub operands: Vec<Operand>,
    /// What each call calls, in order; `None` for the function itself.
    pub callees: Vec<Option<Func>>,
    /// The parameters that carry data.
    pub params: Vec<Type>,
    shape: Vec<u32>,
    pub hash: u64,
    pub weight: u32,
}

impl Body {
    /// Takes a function apart; `None` if it has no equals.
    pub fn new(module: &Module, id: Func) -> Option<Body> {
        let func = &module.functions[id];
        singleton(&module.tables, func.self_type)?;
        let blocks = Cfg::new(func).rpo().to_vec();
        let mut body = Body {
            id,
            insts: Vec::new(),
            operands: Vec::new(),
            callees: Vec::new(),
            params: Vec::new(),
            shape: Vec::new(),
            hash: 0,
            weight: 0,
            blocks: Vec::new(),
        };
        // By argument number from 2 on: the number among those that carry data.
        let mut args = Vec::with_capacity(func.params.len());
        for param in &func.params {
            args.push(match singleton(&module.tables, param.ty) {
                Some(_) => None,
                None => {
                    body.params.push(param.ty);
                    Some(body.params.len() as u32 - 1)
                }
            });
        }
        // Positions plus one; 0 for those that are not reached.
        let mut index: SecondaryMap<Block, u32> = SecondaryMap::with_capacity(func.blocks.len());
        let mut number: SecondaryMap<Inst, u32> = SecondaryMap::with_capacity(func.insts.len());
        for (n, &block) in blocks.iter().enumerate() {
            index[block] = n as u32 + 1;
            for &inst in &func.blocks[block].insts {
                if func.insts[inst].op != Op::Nop {
                    body.insts.push(inst);
                    number[inst] = body.insts.len() as u32;
                }
            }
        }
        let mut hash = Hash64::new(200);
        hash.add(func.ret.index() as u64);
        for ty in &body.params {
            hash.add(ty.index() as u64);
        }
        let mut reader = Reader {
            module,
            func,
            args: &args,
            number: &number,
            body: &mut body,
        };
        for &block in &blocks {
            for &inst in &func.blocks[block].insts {
                if func.insts[inst].op != Op::Nop {
                    reader.statement(inst, &index, &mut hash)?;
                }
            }
            reader.end(block, &index)?;
        }
        for &x in &body.shape {
            hash.add(u64::from(x));
        }
        body.hash = hash.finish();
        body.blocks = blocks;
        Some(body)
    }

    /// Whether two functions do the same, up to what they call and free constants.
    pub fn matches(&self, other: &Body, module: &Module) -> bool {
        let (f, g) = (&module.functions[self.id], &module.functions[other.id]);
        f.ret == g.ret
            && self.params == other.params
            && self.shape == other.shape
            && self.insts.len() == other.insts.len()
            && self.callees.len() == other.callees.len()
            && self.operands.len() == other.operands.len()
            && self.insts.iter().zip(&other.insts).all(|(&a, &b)| {
                let (a, b) = (&f.insts[a], &g.insts[b]);
                a.ty == b.ty
                    && (is_plain_call(&a.op) && is_plain_call(&b.op)
                        || same_operation(&a.op, &b.op))
            })
            && self
                .operands
                .iter()
                .zip(&other.operands)
                .all(|(a, b)| fits(*a, *b))
    }
}

fn is_plain_call(op: &Op) -> bool {
    matches!(op, Op::Invoke { callee: None, .. })
}

fn fits(a: Operand, b: Operand) -> bool {
    match (a, b) {
        (Operand::Ghost(_), Operand::Ghost(_)) => true,
        (
            Operand::Constant {
                value: v,
                ty: t,
                is_free: p,
            },
            Operand::Constant {
                value: w,
                ty: u,
                is_free: q,
            },
        ) => t == u && (v == w || (p && q)),
        (a, b) => a == b,
    }
}

struct Reader<'a> {
    module: &'a Module,
    func: &'a Function,
    args: &'a [Option<u32>],
    number: &'a SecondaryMap<Inst, u32>,
    body: &'a mut Body,
}

impl Reader<'_> {
    fn statement(
        &mut self,
        inst: Inst,
        index: &SecondaryMap<Block, u32>,
        hash: &mut Hash64,
    ) -> Option<()> {
        let func = self.func;
        hash.add(operation_hash(func, inst, false)?.finish());
        self.body.weight = self
            .body
            .weight
            .saturating_add(weight(self.module, func, inst));
        let mut is_call = false;
        match func.insts[inst].op {
            Op::Phi(list) => {
                let mut entries: Vec<(u32, Value)> = Vec::new();
                for &(pred, value) in func.phi_args(list) {
                    entries.push((index[pred].checked_sub(1)?, value));
                }
                entries.sort_unstable_by_key(|&(pred, _)| pred);
                self.body.shape.push(entries.len() as u32);
                for (pred, value) in entries {
                    self.body.shape.push(pred);
                    self.operand(value, true, false);
                }
                return Some(());
            }
            Op::Invoke { func, callee, .. } => {
                is_call = callee.is_none();
                let itself = func == self.body.id;
                self.body.callees.push((!itself).then_some(func));
            }
            _ => {}
        }
        let before = self.body.operands.len();
        for_each_operand(func, inst, |value, free| self.operand(value, free, is_call));
        let count = self.body.operands.len() - before;
        self.body.shape.push(count as u32);
        Some(())
    }

    fn end(&mut self, block: Block, index: &SecondaryMap<Block, u32>) -> Option<()> {
        let term = &self.func.blocks[block].term;
        self.body.shape.push(match term {
            Terminator::Goto(_) => 0,
            Terminator::Branch { .. } => 1,
            Terminator::Unreachable => 2,
            Terminator::Return(_) => 3,
            Terminator::Enter { .. } => return None,
        });
        for dest in term.successors() {
            self.body.shape.push(index[dest].checked_sub(1)?);
        }
        if let Some(value) = self.func.terminator_operand(block) {
            self.operand(value, false, false);
        }
        Some(())
    }

    fn operand(&mut self, value: Value, is_free: bool, of_call: bool) {
        let ty = self.module.value_type(self.func, value);
        let ghost = match value {
            Value::Type(_) => Some(value),
            _ => ty.and_then(|ty| singleton(&self.module.tables, ty)),
        };
        let operand = match (ghost, value) {
            (Some(only), _) if of_call => Operand::Ghost(only),
            (Some(only), _) => Operand::Constant {
                value: only,
                ty,
                is_free: false,
            },
            (None, Value::Inst(i)) => match self.number[i].checked_sub(1) {
                Some(n) => Operand::Inside(n),
                None => self.constant(Value::NOTHING, false),
            },
            (None, Value::Arg(n)) => match self.args.get((n as usize).wrapping_sub(2)) {
                Some(&Some(k)) => Operand::Param(k),
                _ => self.constant(value, false),
            },
            (None, Value::Imm { .. }) => self.constant(value, is_free),
            (None, _) => self.constant(value, false),
        };
        self.body.operands.push(operand);
    }

    fn constant(&self, value: Value, is_free: bool) -> Operand {
        Operand::Constant {
            value,
            ty: self.module.value_type(self.func, value),
            is_free,
        }
    }
}
