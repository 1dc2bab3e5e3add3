//! The walk in which statements are expanded: a cursor that goes through a function once, copies
//! what stays and lets an expansion emit statements, split blocks and add cold paths. Knows nothing
//! of what is expanded into what.
//!
//! A block that is split keeps its number for its first part. Cold blocks are gathered at the end
//! of the function.

use super::records::Records;
use super::{Capabilities, Diagnostic};
use crate::passes::simplify_cfg::{drop_lost_upsilons, drop_unreachable};
use cranelift_entity::packed_option::PackedOption;
use hashbrown::HashMap;
use jlift_ir::cfg::Cfg;
use jlift_ir::import::Importer;
use jlift_ir::module::value_type;
use jlift_ir::{
    Block, BlockData, Builtin, ForeignCall, Func, Function, Inst, Intrinsic, Loc, Module, Op,
    Terminator, Type, Value,
};

/// What expansions share over all functions.
pub struct Session<'a> {
    pub module: &'a mut Module,
    pub shims: Importer<'a>,
    pub caps: &'a Capabilities,
    pub records: Records,
    /// Structs that something builds with fewer values than they have fields, and the least number
    /// of values.
    pub incomplete: &'a HashMap<Type, usize>,
    pub diagnostics: Vec<Diagnostic>,
}

/// The cursor over one function.
pub struct Rewriter<'s, 'a> {
    pub session: &'s mut Session<'a>,
    pub id: Func,
    pub func: Function,
    /// The statement being expanded, for diagnostics.
    pub at: Option<Inst>,
    /// Location of emitted statements.
    pub loc: PackedOption<Loc>,
    block: Block,
    out: Vec<Inst>,
    /// The current block has ended.
    ended: bool,
    layout: Vec<Block>,
    cold: Vec<Block>,
    in_cold: bool,
    /// Blocks that throw without operands, by the function that they call: one per cause. Only in
    /// functions without protected regions, where it does not matter from where they are reached.
    shared: Option<HashMap<Func, Block>>,
}

impl<'s, 'a> Rewriter<'s, 'a> {
    /// A cursor over `func`, whose place in the module is `id`.
    pub fn new(session: &'s mut Session<'a>, id: Func, func: Function) -> Self {
        let has_regions = func
            .layout
            .iter()
            .any(|&b| matches!(func.blocks[b].term, Terminator::Enter { .. }));
        Rewriter {
            session,
            id,
            block: func.entry().unwrap_or(Block::from_u32(0)),
            func,
            at: None,
            loc: None.into(),
            out: Vec::new(),
            ended: false,
            layout: Vec::new(),
            cold: Vec::new(),
            in_cold: false,
            shared: (!has_regions).then(HashMap::new),
        }
    }

    /// Walks the function and calls `expand` for every statement; `expand` keeps the statement or
    /// emits what replaces it.
    pub fn run(mut self, mut expand: impl FnMut(&mut Self, Inst)) -> Function {
        let layout = std::mem::take(&mut self.func.layout);
        let mut any_ended = false;
        for block in layout {
            self.block = block;
            self.layout.push(block);
            self.ended = false;
            let insts = self.func.blocks[block].insts.clone();
            let empty = Terminator::Unreachable;
            let term = std::mem::replace(&mut self.func.blocks[block].term, empty);
            let term_loc = self.func.blocks[block].term_loc;
            for inst in insts {
                if self.ended {
                    break;
                }
                self.at = Some(inst);
                self.loc = self.func.insts[inst].loc;
                expand(&mut self, inst);
            }
            self.at = None;
            if self.ended {
                // The rest of the block was dropped, and its edges with it.
                any_ended = true;
                for succ in term.successors() {
                    self.func.remove_phi_edges(succ, block);
                }
                continue;
            }
            let last = self.block;
            let successors: Vec<Block> = term.successors().collect();
            self.loc = term_loc;
            self.end(term);
            if last != block {
                for succ in successors {
                    self.func.rename_phi_pred(succ, block, last);
                }
            }
        }
        let mut func = self.finish();
        if any_ended {
            // Loops that nothing enters any more use what was dropped.
            let mut cfg = Cfg::default();
            cfg.compute(&func);
            drop_unreachable(&mut func, &cfg);
            drop_lost_upsilons(&mut func);
        }
        func
    }

    /// Begins at the first block of a function that is made by hand.
    pub fn start(&mut self) -> Block {
        self.layout.push(self.block);
        self.block
    }

    /// The function as it stands, for one that was made by hand.
    pub fn finish(mut self) -> Function {
        self.layout.append(&mut self.cold);
        self.func.layout = self.layout;
        self.func
    }

    /// The static type of an operand.
    pub fn type_of(&self, value: Value) -> Type {
        let module = &self.session.module;
        value_type(&module.tables, &module.globals, &self.func, value).unwrap_or(Type::ANY)
    }

    /// The statement that computes a value, seen through renamings.
    pub fn definition(&self, mut value: Value) -> Option<Inst> {
        loop {
            let inst = value.as_inst()?;
            match self.func.insts[inst].op {
                Op::Copy(v) | Op::Pi { value: v, .. } => value = v,
                _ => return Some(inst),
            }
        }
    }

    /// Leaves a statement as it stands now.
    pub fn keep(&mut self, inst: Inst) {
        self.out.push(inst);
    }

    /// Makes `inst` the statement `op` of its old type, and keeps it.
    pub fn become_op(&mut self, inst: Inst, op: Op) {
        self.func.insts[inst].op = op;
        self.out.push(inst);
    }

    /// Makes `inst` the intrinsic, of its old type, and keeps it.
    pub fn become_intrinsic(&mut self, inst: Inst, intrinsic: Intrinsic, args: &[Value]) {
        let args = self.func.value_list(args);
        self.become_op(inst, Op::Intrinsic(intrinsic, args));
    }

    /// A new statement at the cursor.
    pub fn emit(&mut self, op: Op, ty: Type) -> Value {
        let inst = self.func.make_inst(op, ty, self.loc);
        self.out.push(inst);
        Value::Inst(inst)
    }

    /// A new intrinsic at the cursor.
    pub fn intrinsic(&mut self, intrinsic: Intrinsic, args: &[Value], ty: Type) -> Value {
        let args = self.func.value_list(args);
        self.emit(Op::Intrinsic(intrinsic, args), ty)
    }

    /// A new intrinsic whose first operand is the type of the result.
    pub fn convert(&mut self, intrinsic: Intrinsic, value: Value, to: Type) -> Value {
        self.intrinsic(intrinsic, &[Value::Type(to), value], to)
    }

    /// The value under another type of the same width.
    pub fn bitcast(&mut self, value: Value, to: Type) -> Value {
        if self.type_of(value) == to {
            return value;
        }
        self.convert(Intrinsic::Bitcast, value, to)
    }

    /// A new builtin at the cursor.
    pub fn builtin(&mut self, builtin: Builtin, args: &[Value], ty: Type) -> Value {
        let args = self.func.value_list(args);
        self.emit(Op::Builtin(builtin, args), ty)
    }

    /// `cond ? a : b`, both of type `ty`.
    pub fn select(&mut self, cond: Value, a: Value, b: Value, ty: Type) -> Value {
        self.builtin(Builtin::IfElse, &[cond, a, b], ty)
    }

    /// The operation of calling `func`.
    pub fn invoke_op(&mut self, func: Func, args: &[Value]) -> Op {
        Op::Invoke {
            func,
            callee: None,
            args: self.func.value_list(args),
        }
    }

    /// The operation of calling the C function `symbol`.
    pub fn foreign_op(&mut self, symbol: &str, ret: Type, args: &[Value]) -> Op {
        let params: Vec<Type> = args.iter().map(|&v| self.type_of(v)).collect();
        let tables = &mut self.session.module.tables;
        Op::ForeignCall(Box::new(ForeignCall {
            symbol: tables.symbol(symbol),
            ret,
            params: params.into(),
            variadic_from: 0,
            convention: tables.names.intern("ccall"),
            args: self.func.value_list(args),
            roots: self.func.value_list(&[]),
        }))
    }

    /// The runtime function of this name; a diagnostic if there is none.
    pub fn shim(&mut self, name: &str, params: &[Type]) -> Option<Func> {
        let session = &mut *self.session;
        match session.shims.function(session.module, name, params) {
            Ok(func) => Some(func),
            Err(error) => {
                self.refuse(error.to_string());
                None
            }
        }
    }

    /// Reports that the statement at the cursor cannot be compiled.
    pub fn refuse(&mut self, message: impl Into<String>) {
        self.session.diagnostics.push(Diagnostic {
            func: self.id,
            inst: self.at,
            message: message.into(),
        });
    }

    /// Reports that the statement at the cursor cannot be compiled, which is where the block ends.
    /// The statement stays, so that the report can show it.
    pub fn refuse_end(&mut self, message: impl Into<String>) {
        self.refuse(message);
        self.out.extend(self.at);
        self.end(Terminator::Unreachable);
    }

    /// Ends the current block.
    pub fn end(&mut self, term: Terminator) {
        self.func.blocks[self.block] = BlockData {
            insts: std::mem::take(&mut self.out),
            term,
            term_loc: self.loc,
        };
        self.ended = true;
    }

    /// A new block, placed after the current one, or with the cold blocks.
    pub fn new_block(&mut self, cold: bool) -> Block {
        let block = self.func.blocks.push(BlockData::default());
        if cold || self.in_cold {
            self.cold.push(block);
        } else {
            self.layout.push(block);
        }
        block
    }

    /// Goes on in `block`.
    pub fn enter(&mut self, block: Block) {
        self.block = block;
        self.ended = false;
    }

    /// The block at the cursor.
    pub fn current(&self) -> Block {
        self.block
    }

    /// Ends the current block by a call that never returns.
    pub fn throw_call(&mut self, func: Func, args: &[Value]) {
        let op = self.invoke_op(func, args);
        self.emit(op, Type::BOTTOM);
        self.end(Terminator::Unreachable);
    }

    /// Where `cond` holds, does what `cold` does, which must end its block; goes on otherwise.
    pub fn branch_cold(&mut self, cond: Value, cold: impl FnOnce(&mut Self)) {
        let then_dest = self.new_block(true);
        let else_dest = self.new_block(false);
        self.end(Terminator::Branch {
            cond,
            then_dest,
            else_dest,
        });
        let was_cold = std::mem::replace(&mut self.in_cold, true);
        self.enter(then_dest);
        cold(self);
        self.in_cold = was_cold;
        self.enter(else_dest);
    }

    /// Where `cond` holds, calls `func`, which takes nothing and never returns.
    pub fn branch_throw(&mut self, cond: Value, func: Func) {
        let known = self.shared.as_ref().and_then(|s| s.get(&func).copied());
        match known {
            Some(then_dest) => {
                let else_dest = self.new_block(false);
                self.end(Terminator::Branch {
                    cond,
                    then_dest,
                    else_dest,
                });
                self.enter(else_dest);
            }
            None => {
                let mut cold_block = None;
                self.branch_cold(cond, |rw| {
                    cold_block = Some(rw.current());
                    rw.throw_call(func, &[]);
                });
                if let (Some(shared), Some(block)) = (&mut self.shared, cold_block) {
                    shared.insert(func, block);
                }
            }
        }
    }
}
