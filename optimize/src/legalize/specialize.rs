//! Copies of functions for known arguments: a parameter of abstract type gets the argument's type,
//! a Symbol, String or type that is constant becomes part of the copy and is no parameter any more.
//! One copy per list of these; recursive calls find the copy that they are in.

use super::parts::is_concatenation;
use super::types::is_abstract;
use hashbrown::HashMap;
use jlift_ir::copy::{Rename, copy_op, copy_terminator};
use jlift_ir::module::value_type;
use jlift_ir::{Block, Func, Function, Inst, Module, Op, Param, Type, TypeClass, Value};

/// What is known of one argument.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
enum Known {
    /// Nothing beyond the parameter's type.
    Param,
    /// A narrower type.
    Type(Type),
    /// The value.
    Value(Value),
}

/// The copies of a module.
#[derive(Default)]
pub struct Specializations {
    known: HashMap<(Func, Vec<Known>), Func>,
    /// Copies of copies are limited: each could be different from the one before.
    generation: HashMap<Func, u32>,
}

/// How often a copy is copied again.
const MAX_GENERATION: u32 = 8;

impl Specializations {
    /// Makes a call that passes something known to an abstract parameter one of a copy; says
    /// whether it did.
    pub fn apply(
        &mut self,
        module: &mut Module,
        caller: &mut Function,
        call: Inst,
        dynamic: bool,
    ) -> bool {
        let Op::Invoke { func, callee, args } = caller.insts[call].op else {
            return false;
        };
        let f = &module.functions[func];
        if f.external || caller.args(args).len() != f.params.len() {
            return false;
        }
        // What is joined is read from the arguments of the call.
        if is_concatenation(module, func) {
            return false;
        }
        let wants = |p: &Param| {
            matches!(
                module.tables.class(p.ty),
                TypeClass::String | TypeClass::Symbol
            ) || (!dynamic && is_abstract(&module.tables, p.ty))
        };
        if !f.params.iter().any(wants) {
            return false;
        }
        let known: Vec<Known> = f
            .params
            .iter()
            .zip(caller.args(args))
            .map(|(p, &v)| {
                if !wants(p) {
                    return Known::Param;
                }
                if v.is_const() {
                    return Known::Value(v);
                }
                match value_type(&module.tables, &module.globals, caller, v) {
                    Some(ty) if ty != p.ty && !is_abstract(&module.tables, ty) => Known::Type(ty),
                    _ => Known::Param,
                }
            })
            .collect();
        if known.iter().all(|k| *k == Known::Param) {
            return false;
        }
        let generation = self.generation.get(&func).copied().unwrap_or(0);
        // A function whose body is being rewritten is not there to be copied.
        if generation >= MAX_GENERATION || f.layout.is_empty() {
            return false;
        }
        let kept: Vec<Value> = known
            .iter()
            .zip(caller.args(args))
            .filter(|(k, _)| !matches!(k, Known::Value(_)))
            .map(|(_, &v)| v)
            .collect();
        let key = (func, known);
        let copy = match self.known.get(&key) {
            Some(&copy) => copy,
            None => {
                let copy = module.functions.push(specialized(module, func, &key.1));
                self.generation.insert(copy, generation + 1);
                self.known.insert(key, copy);
                copy
            }
        };
        caller.insts[call].op = Op::Invoke {
            func: copy,
            callee,
            args: caller.value_list(&kept),
        };
        true
    }
}

fn specialized(module: &Module, func: Func, known: &[Known]) -> Function {
    let from = &module.functions[func];
    let mut params = Vec::new();
    let mut args = vec![Value::NOTHING, Value::Arg(1)];
    for (param, known) in from.params.iter().zip(known) {
        let ty = match *known {
            Known::Value(v) => {
                args.push(v);
                continue;
            }
            Known::Type(ty) => ty,
            Known::Param => param.ty,
        };
        args.push(Value::Arg(params.len() as u32 + 2));
        params.push(Param {
            name: param.name,
            ty,
        });
    }
    let mut to = Function::new(from.name, params, from.ret, from.self_type);
    to.inline = from.inline;
    to.insts = from.insts.clone();
    to.blocks = from.blocks.clone();
    to.layout = from.layout.clone();
    let mut rename = ArgRename { args };
    for &block in &from.layout {
        for &inst in &from.blocks[block].insts {
            let op = copy_op(&mut to, from, inst, &mut rename);
            to.insts[inst].op = op;
        }
        to.blocks[block].term = copy_terminator(&from.blocks[block].term, &mut rename);
    }
    to
}

struct ArgRename {
    args: Vec<Value>,
}

impl Rename for ArgRename {
    fn value(&mut self, value: Value) -> Value {
        match value {
            Value::Arg(n) => self.args.get(n as usize).copied().unwrap_or(value),
            _ => value,
        }
    }

    fn block(&mut self, block: Block) -> Block {
        block
    }
}
