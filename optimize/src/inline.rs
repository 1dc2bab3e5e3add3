//! Replaces a call by the body of its callee. Correct for every callee without protected regions
//! of its own; whether a call is worth it is decided elsewhere.
//!
//! ```text
//! #1:                                      #1:
//!   %1 = invoke @2 f(_2)::Int64              %9 = Base.slt_int(_2, 0)::Bool
//!   return %1                                goto #2 if not %9 else #3
//!                                          #2:  goto #4      ; `return _2` of f
//! where f tests its argument and has       #3:  goto #4      ; `return 0` of f
//! two returns                              #4:
//!                                            %1 = phi(#2 => _2, #3 => 0)::Int64
//!                                            return %1
//! ```
//!
//! The call keeps its number: afterwards it is the phi of the returned values, a copy of the only
//! one, or nothing if the callee never returns. Statements of the callee keep their order, and
//! their locations get the call's as the place that they were inlined into.

use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{EntityRef, SecondaryMap};
use hashbrown::HashMap;
use jlift_ir::copy::{Rename, copy_op, copy_terminator};
use jlift_ir::module::value_type;
use jlift_ir::{
    Block, BlockData, Func, Function, Inst, InstData, Loc, LocTable, Module, Name, Op, Tables,
    Terminator, Type, TypeClass, Value,
};
use jlift_mutations::{Mutation, either, planted};
use std::fmt;

/// Why a call cannot be inlined.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The statement is not a call of a listed function, or not in a block.
    NotACall,
    /// The callee has no body here.
    NoBody,
    /// The callee is the caller.
    Recursive,
    /// The callee has protected regions of its own.
    ProtectedRegion,
    /// The numbers of arguments and parameters differ.
    Arity,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Refusal::NotACall => "not a call of a listed function",
            Refusal::NoBody => "the callee has no body",
            Refusal::Recursive => "the callee is the caller",
            Refusal::ProtectedRegion => "the callee has protected regions",
            Refusal::Arity => "the numbers of arguments and parameters differ",
        })
    }
}

impl std::error::Error for Refusal {}

/// What an inlined call has become.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Inlined {
    /// The block of the statements that followed the call; `None` if the callee never returns.
    pub tail: Option<Block>,
    /// Position in `tail` after the former call.
    pub resume: usize,
    /// The first of the copied statements, all of which have consecutive numbers from here on.
    pub first: Inst,
}

/// Inlines the call `inst` of `caller`.
pub fn inline_call(module: &mut Module, caller: Func, inst: Inst) -> Result<Inlined, Refusal> {
    let f = &module.functions[caller];
    let place = f.layout.iter().find_map(|&block| {
        let pos = f.blocks[block].insts.iter().position(|&i| i == inst)?;
        Some((block, pos))
    });
    let (block, pos) = place.ok_or(Refusal::NotACall)?;
    let Op::Invoke { func: callee, .. } = f.insts[inst].op else {
        return Err(Refusal::NotACall);
    };
    if callee == caller {
        return Err(Refusal::Recursive);
    }
    let placeholder = Function::new(Name::EMPTY, Vec::new(), Type::BOTTOM, Type::BOTTOM);
    let mut f = std::mem::replace(&mut module.functions[caller], placeholder);
    let result = splice(module, &mut f, block, pos);
    module.functions[caller] = f;
    result
}

/// Whether the callee can be inlined at all.
pub fn is_inlinable(callee: &Function) -> Result<(), Refusal> {
    if callee.external || callee.layout.is_empty() {
        return Err(Refusal::NoBody);
    }
    let has_region = callee
        .layout
        .iter()
        .any(|&b| matches!(callee.blocks[b].term, Terminator::Enter { .. }));
    if has_region {
        return Err(Refusal::ProtectedRegion);
    }
    Ok(())
}

/// The only value of a singleton type.
pub fn singleton(tables: &Tables, ty: Type) -> Option<Value> {
    match tables.type_of_type(ty) {
        Some(t) => Some(Value::Type(t)),
        None => (tables.class(ty) == TypeClass::Singleton).then_some(Value::Instance(ty)),
    }
}

/// Inlines the call at position `pos` of `block`. The caller is not (yet) in the module.
pub fn splice(
    module: &mut Module,
    caller: &mut Function,
    block: Block,
    pos: usize,
) -> Result<Inlined, Refusal> {
    let &call = caller.blocks[block]
        .insts
        .get(pos)
        .ok_or(Refusal::NotACall)?;
    let Op::Invoke {
        func,
        callee: object,
        args,
    } = caller.insts[call].op
    else {
        return Err(Refusal::NotACall);
    };
    let callee = &module.functions[func];
    is_inlinable(callee)?;
    if caller.args(args).len() != callee.params.len() {
        return Err(Refusal::Arity);
    }
    let object = object
        .or_else(|| singleton(&module.tables, callee.self_type))
        .unwrap_or(Value::Instance(callee.self_type));
    let mut values = vec![Value::NOTHING, object];
    values.extend_from_slice(caller.args(args));
    if planted(Mutation::OptimizeInlinedArgument)
        && let [x, y, ..] = &callee.params[..]
        && x.ty == y.ty
    {
        values.swap(2, 3);
    }
    let first = Inst::new(caller.insts.len());

    // The statements after the call.
    let mut tail_insts = caller.blocks[block].insts.split_off(pos + 1);
    caller.blocks[block].insts.pop();

    let single_block = callee.layout.len() == 1;
    let entry = callee.layout[0];
    // Control comes back to the entry only where a producer made it a loop header.
    let entry_is_target = callee
        .layout
        .iter()
        .any(|&b| callee.blocks[b].term.successors().any(|s| s == entry));
    let mut renamer = CallRenamer {
        values,
        insts: callee.inst_map(),
        blocks: callee.block_map(),
    };
    let mut new_blocks = Vec::new();
    for (i, &b) in callee.layout.iter().enumerate() {
        let to = if i == 0 && !entry_is_target {
            block
        } else {
            let to = caller.blocks.push(BlockData::default());
            new_blocks.push(to);
            to
        };
        renamer.blocks[b] = to.into();
        for &inst in &callee.blocks[b].insts {
            let data = InstData {
                op: Op::Nop,
                ty: callee.insts[inst].ty,
                loc: None.into(),
            };
            renamer.insts[inst] = caller.insts.push(data).into();
        }
    }

    let tail = if single_block && !entry_is_target {
        None
    } else {
        Some(caller.blocks.push(BlockData::default()))
    };
    let after = tail.unwrap_or(block);
    let (old_term, old_term_loc) = {
        let data = &mut caller.blocks[block];
        let term = std::mem::replace(&mut data.term, Terminator::Unreachable);
        (term, data.term_loc)
    };

    let mut locs = CallLocs {
        table: &mut module.locs,
        at: caller.insts[call].loc,
        known: HashMap::new(),
    };
    let mut returns: Vec<(Block, Value)> = Vec::new();
    if entry_is_target && let Some(to) = renamer.blocks[entry].expand() {
        caller.blocks[block].term = Terminator::Goto(to);
        caller.blocks[block].term_loc = caller.insts[call].loc;
    }
    for &b in &callee.layout {
        let to = renamer.block(b);
        for &inst in &callee.blocks[b].insts {
            let op = copy_op(caller, callee, inst, &mut renamer);
            if let Some(new) = renamer.insts[inst].expand() {
                caller.insts[new].op = op;
                caller.insts[new].loc = locs.inlined(callee.insts[inst].loc);
                caller.blocks[to].insts.push(new);
            }
        }
        caller.blocks[to].term_loc = locs.inlined(callee.blocks[b].term_loc);
        caller.blocks[to].term = match copy_terminator(&callee.blocks[b].term, &mut renamer) {
            Terminator::Return(v) => {
                returns.push((to, v));
                Terminator::Goto(after)
            }
            term => term,
        };
    }

    let declared = caller.insts[call].ty;
    if returns.is_empty() {
        // The statements after the call are never reached, nor are the edges behind them.
        for succ in old_term.successors() {
            caller.remove_phi_edges(succ, block);
        }
        caller.insts[call].op = Op::Nop;
        insert_blocks(caller, block, &new_blocks);
        return Ok(Inlined {
            tail: None,
            resume: 0,
            first,
        });
    }
    let (op, ty) = result(module, caller, &returns, declared);
    caller.insts[call].op = op;
    caller.insts[call].ty = ty;
    let resume = match tail {
        None => caller.blocks[block].insts.len() + 1,
        Some(_) => 1,
    };
    if tail.is_some() {
        for succ in old_term.successors() {
            caller.rename_phi_pred(succ, block, after);
        }
    }
    let data = &mut caller.blocks[after];
    data.insts.push(call);
    data.insts.append(&mut tail_insts);
    data.term = old_term;
    data.term_loc = old_term_loc;
    new_blocks.extend(tail);
    insert_blocks(caller, block, &new_blocks);
    Ok(Inlined {
        tail: Some(after),
        resume,
        first,
    })
}

/// What the call becomes, and its type.
fn result(
    module: &Module,
    caller: &mut Function,
    returns: &[(Block, Value)],
    declared: Type,
) -> (Op, Type) {
    let type_of = |v: Value| {
        value_type(&module.tables, &module.globals, caller, v).map_or(declared, |found| {
            // A type as a value has the declared `Type{T}`, if it has one.
            match v {
                Value::Type(_) => declared,
                _ => found,
            }
        })
    };
    match either(Mutation::OptimizeInlinedReturns, &returns[..1], returns) {
        [(_, v)] => {
            let found = type_of(*v);
            if module.tables.is_subtype(found, declared) == Some(true) {
                (Op::Copy(*v), found)
            } else {
                // The producer knew more of the result at this call than of the callee's.
                let pi = Op::Pi {
                    value: *v,
                    ty: declared,
                };
                (pi, declared)
            }
        }
        _ => {
            let first = type_of(returns[0].1);
            let same = returns.iter().all(|&(_, v)| type_of(v) == first);
            let ty = if same { first } else { declared };
            (Op::Phi(caller.phi_list(returns)), ty)
        }
    }
}

fn insert_blocks(caller: &mut Function, after: Block, new: &[Block]) {
    let at = caller.layout.iter().position(|&b| b == after);
    let at = at.map_or(caller.layout.len(), |i| i + 1);
    caller.layout.splice(at..at, new.iter().copied());
}

/// Renames the callee's values and blocks to the caller's.
struct CallRenamer {
    /// By argument number; the first is not used.
    values: Vec<Value>,
    insts: SecondaryMap<Inst, PackedOption<Inst>>,
    blocks: SecondaryMap<Block, PackedOption<Block>>,
}

impl Rename for CallRenamer {
    fn value(&mut self, value: Value) -> Value {
        match value {
            Value::Arg(n) => self.values.get(n as usize).copied().unwrap_or(value),
            // A statement outside of all blocks is never executed; nor is its user then.
            Value::Inst(i) => self.insts[i].expand().map_or(Value::NOTHING, Value::Inst),
            constant => constant,
        }
    }

    fn block(&mut self, block: Block) -> Block {
        self.blocks[block].expand().unwrap_or(block)
    }
}

/// Locations of inlined statements.
struct CallLocs<'a> {
    table: &'a mut LocTable,
    /// The call's.
    at: PackedOption<Loc>,
    /// By the callee's; few of the module's.
    known: HashMap<Loc, Loc>,
}

impl CallLocs<'_> {
    fn inlined(&mut self, loc: PackedOption<Loc>) -> PackedOption<Loc> {
        match (loc.expand(), self.at.expand()) {
            (None, _) => self.at,
            (_, None) => loc,
            (Some(inner), Some(at)) => {
                let table = &mut self.table;
                let known = self.known.entry(inner);
                (*known.or_insert_with(|| table.append(inner, at))).into()
            }
        }
    }
}
