//! One function of typed IR: values, statements, blocks. A statement defines at most one value and
//! is named by its index ([`Inst`]); operands live in one pool per function.
//!
//! Invariants (the verifier checks them): phis come first in their block and have one entry per
//! listed predecessor, a predecessor that is not listed leaves the value undefined; every use is
//! dominated by its definition; `layout[0]` is the entry and has no predecessors' phis; the last
//! statement of a block that ends in [`Terminator::Enter`] is its [`Op::Enter`].

use crate::builtin::Builtin;
use crate::constant::Const;
use crate::intrinsic::Intrinsic;
use crate::module::Func;
use crate::names::Name;
use crate::source::Loc;
use crate::types::Type;
use cranelift_entity::{PrimaryMap, SecondaryMap, entity_impl, packed_option::PackedOption};

/// A statement, and the value it defines.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Inst(u32);
entity_impl!(Inst, "%");

/// A basic block.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Block(u32);
entity_impl!(Block, "#");

/// An operand.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Value {
    /// The result of a statement.
    Inst(Inst),
    /// `_1` is the callee itself, `_2` the first argument.
    Arg(u32),
    /// A primitive or pointer of at most 64 bits, zero-extended.
    Imm { ty: Type, bits: u64 },
    /// The only value of a singleton type; `nothing` is that of `Nothing`.
    Instance(Type),
    /// A type as a value.
    Type(Type),
    /// Anything else.
    Const(Const),
}

impl Value {
    /// `nothing`.
    pub const NOTHING: Value = Value::Instance(Type::NOTHING);

    /// A `Bool`.
    pub const fn bool(b: bool) -> Value {
        Value::Imm {
            ty: Type::BOOL,
            bits: b as u64,
        }
    }

    /// An `Int64`.
    pub const fn int64(x: i64) -> Value {
        Value::Imm {
            ty: Type::INT64,
            bits: x as u64,
        }
    }

    /// The statement that defines the value, if one does.
    pub fn as_inst(self) -> Option<Inst> {
        match self {
            Value::Inst(i) => Some(i),
            _ => None,
        }
    }

    /// A `Bool` constant.
    pub fn as_bool(self) -> Option<bool> {
        match self {
            Value::Imm {
                ty: Type::BOOL,
                bits,
            } => Some(bits & 1 != 0),
            _ => None,
        }
    }

    /// Whether the value is the same in every execution.
    pub fn is_const(self) -> bool {
        !matches!(self, Value::Inst(_) | Value::Arg(_))
    }
}

/// A slice of a function's operand pool.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct ValueList {
    start: u32,
    len: u32,
}

/// A slice of a function's pool of phi entries.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct PhiList {
    start: u32,
    len: u32,
}

/// How a part of an error text is written.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum PartMode {
    /// As `print` writes it.
    Print,
    /// As `show` writes it: strings and characters quoted, `UInt8` as `0x05`.
    Show,
}

/// A call of a C function.
#[derive(Clone, PartialEq, Debug)]
pub struct ForeignCall {
    /// A `Symbol` constant, a tuple constant (symbol, library) or a pointer value.
    pub symbol: Value,
    pub ret: Type,
    pub params: Box<[Type]>,
    /// Number of fixed parameters of a C-variadic function, 0 if it is not variadic.
    pub variadic_from: u32,
    /// The calling convention, `ccall` or `llvmcall`.
    pub convention: Name,
    pub args: ValueList,
    /// Values that stay alive during the call.
    pub roots: ValueList,
}

/// What a statement does.
#[derive(Clone, PartialEq, Debug)]
pub enum Op {
    /// Nothing; left behind where a pass removed a statement. Never printed.
    Nop,
    /// Another value under a new name.
    Copy(Value),
    /// A function of Core.Intrinsics.
    Intrinsic(Intrinsic, ValueList),
    /// A builtin function.
    Builtin(Builtin, ValueList),
    /// A call of a listed function; `callee` is the callee object where it carries data.
    Invoke {
        func: Func,
        callee: Option<Value>,
        args: ValueList,
    },
    /// An unresolved dynamic call.
    Call {
        callee: Value,
        args: ValueList,
    },
    /// Allocates or builds a struct.
    New {
        ty: Type,
        args: ValueList,
    },
    /// Selects by the predecessor through which control came.
    Phi(PhiList),
    /// The value, known to be of a narrower type.
    Pi {
        value: Value,
        ty: Type,
    },
    /// A call of a C function.
    ForeignCall(Box<ForeignCall>),
    /// Enters a protected region; the value is a token for [`Op::PopException`].
    Enter,
    /// Leaves this many protected regions.
    Leave(u32),
    /// The exception being handled.
    TheException,
    /// Ends the handling of the exception of this region.
    PopException(Value),
    /// Stores into the phi-c nodes that read it.
    Upsilon(Option<Value>),
    /// The value of the upsilon executed last.
    PhiC(ValueList),
    /// Throws a `ty` whose text is the parts one after the other. Never returns.
    ThrowRecord {
        ty: Type,
        modes: Box<[PartMode]>,
        parts: ValueList,
    },
    /// Throws the exception being handled again. Never returns.
    Rethrow,
    /// Stops the program with a message: an unresolved call was reached. Never returns.
    Abort {
        message: Const,
    },
    /// Keeps the operands alive until the matching end; the value is a token.
    GcPreserveBegin(ValueList),
    GcPreserveEnd(Value),
    /// Adds a reference to a heap object.
    Retain(Value),
    /// Drops a reference to a heap object, and the object with the last one.
    Release(Value),
    /// What to release if the call that follows immediately fails.
    Cleanup(ValueList),
    /// Throws `UndefVarError` of the symbol unless the condition holds.
    ThrowUndefIfNot {
        name: Value,
        cond: Value,
    },
    /// Any other expression head: hints that have no effect on the result, or forms that the
    /// verifier refuses.
    Expr {
        head: Name,
        args: ValueList,
    },
}

/// How a block ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Terminator {
    Goto(Block),
    Branch {
        cond: Value,
        then_dest: Block,
        else_dest: Block,
    },
    Return(Value),
    /// Control never gets here.
    Unreachable,
    /// Goes to `body`; an exception inside the region goes to `handler`.
    Enter {
        body: Block,
        handler: Block,
    },
}

impl Terminator {
    /// The blocks that may follow.
    pub fn successors(&self) -> impl Iterator<Item = Block> + use<> {
        let (a, b) = match *self {
            Terminator::Goto(t) => (Some(t), None),
            Terminator::Branch {
                then_dest,
                else_dest,
                ..
            } => (
                Some(then_dest),
                (then_dest != else_dest).then_some(else_dest),
            ),
            Terminator::Enter { body, handler } => (Some(body), Some(handler)),
            Terminator::Return(_) | Terminator::Unreachable => (None, None),
        };
        a.into_iter().chain(b)
    }

    /// Replaces every successor.
    pub fn map_successors(&mut self, mut f: impl FnMut(Block) -> Block) {
        match self {
            Terminator::Goto(t) => *t = f(*t),
            Terminator::Branch {
                then_dest,
                else_dest,
                ..
            } => {
                *then_dest = f(*then_dest);
                *else_dest = f(*else_dest);
            }
            Terminator::Enter { body, handler } => {
                *body = f(*body);
                *handler = f(*handler);
            }
            Terminator::Return(_) | Terminator::Unreachable => {}
        }
    }
}

/// A statement with its inferred type and place.
#[derive(Clone, PartialEq, Debug)]
pub struct InstData {
    pub op: Op,
    pub ty: Type,
    pub loc: PackedOption<Loc>,
}

/// The statements of a block in order, and its end.
#[derive(Clone, PartialEq, Debug)]
pub struct BlockData {
    pub insts: Vec<Inst>,
    pub term: Terminator,
    pub term_loc: PackedOption<Loc>,
}

impl Default for BlockData {
    fn default() -> Self {
        Self {
            insts: Vec::new(),
            term: Terminator::Unreachable,
            term_loc: None.into(),
        }
    }
}

/// A parameter, without the callee itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Param {
    /// May be empty.
    pub name: Name,
    pub ty: Type,
}

/// What the source asks of the inliner.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug, Default)]
pub enum InlineHint {
    /// Nothing: the cost decides.
    #[default]
    Auto,
    /// `@inline`.
    Always,
    /// `@noinline`.
    Never,
}

/// A method instance.
#[derive(Clone, Debug)]
pub struct Function {
    /// `MODULE.NAME`.
    pub name: Name,
    pub params: Vec<Param>,
    pub ret: Type,
    /// Type of the callee object `_1`.
    pub self_type: Type,
    /// Marked as an entry point by the producer.
    pub export: bool,
    /// Declared without a body: resolved by name and parameter types when modules are merged.
    pub external: bool,
    pub inline: InlineHint,
    pub insts: PrimaryMap<Inst, InstData>,
    pub blocks: PrimaryMap<Block, BlockData>,
    /// Blocks in textual order; the first is the entry. Blocks not listed are dead.
    pub layout: Vec<Block>,
    values: Vec<Value>,
    phis: Vec<(Block, Value)>,
}

impl Function {
    /// A map from statements with a place for each of those there are.
    pub fn inst_map<T: Clone + Default>(&self) -> SecondaryMap<Inst, T> {
        let mut map = SecondaryMap::new();
        map.resize(self.insts.len());
        map
    }

    /// A map from blocks with a place for each of those there are.
    pub fn block_map<T: Clone + Default>(&self) -> SecondaryMap<Block, T> {
        let mut map = SecondaryMap::new();
        map.resize(self.blocks.len());
        map
    }

    /// A function without blocks.
    pub fn new(name: Name, params: Vec<Param>, ret: Type, self_type: Type) -> Self {
        Self {
            name,
            params,
            ret,
            self_type,
            export: false,
            external: false,
            inline: InlineHint::Auto,
            insts: PrimaryMap::new(),
            blocks: PrimaryMap::new(),
            layout: Vec::new(),
            values: Vec::new(),
            phis: Vec::new(),
        }
    }

    /// The entry block; `None` only for a function without a body.
    pub fn entry(&self) -> Option<Block> {
        self.layout.first().copied()
    }

    /// The type of argument `_n` (1 is the callee itself).
    pub fn arg_type(&self, n: u32) -> Option<Type> {
        match n {
            0 => None,
            1 => Some(self.self_type),
            _ => self.params.get(n as usize - 2).map(|p| p.ty),
        }
    }

    /// The operands of a list.
    pub fn args(&self, list: ValueList) -> &[Value] {
        &self.values[list.start as usize..(list.start + list.len) as usize]
    }

    /// The operands of a list, to be replaced.
    pub fn args_mut(&mut self, list: ValueList) -> &mut [Value] {
        &mut self.values[list.start as usize..(list.start + list.len) as usize]
    }

    /// A new operand list.
    pub fn value_list(&mut self, values: &[Value]) -> ValueList {
        let start = self.values.len() as u32;
        self.values.extend_from_slice(values);
        ValueList {
            start,
            len: values.len() as u32,
        }
    }

    /// The entries of a phi: predecessor and value.
    pub fn phi_args(&self, list: PhiList) -> &[(Block, Value)] {
        &self.phis[list.start as usize..(list.start + list.len) as usize]
    }

    /// The entries of a phi, to be replaced.
    pub fn phi_args_mut(&mut self, list: PhiList) -> &mut [(Block, Value)] {
        &mut self.phis[list.start as usize..(list.start + list.len) as usize]
    }

    /// A new list of phi entries.
    pub fn phi_list(&mut self, entries: &[(Block, Value)]) -> PhiList {
        let start = self.phis.len() as u32;
        self.phis.extend_from_slice(entries);
        PhiList {
            start,
            len: entries.len() as u32,
        }
    }

    /// A new statement, not yet in a block.
    pub fn make_inst(&mut self, op: Op, ty: Type, loc: PackedOption<Loc>) -> Inst {
        self.insts.push(InstData { op, ty, loc })
    }

    /// Calls `f` with every operand of a statement, phi entries included.
    pub fn for_each_operand(&self, inst: Inst, mut f: impl FnMut(Value)) {
        match &self.insts[inst].op {
            Op::Nop
            | Op::Enter
            | Op::Leave(_)
            | Op::TheException
            | Op::Rethrow
            | Op::Abort { .. }
            | Op::Upsilon(None) => {}
            Op::Copy(v)
            | Op::Pi { value: v, .. }
            | Op::PopException(v)
            | Op::Upsilon(Some(v))
            | Op::GcPreserveEnd(v)
            | Op::Retain(v)
            | Op::Release(v) => f(*v),
            Op::Intrinsic(_, list)
            | Op::Builtin(_, list)
            | Op::New { args: list, .. }
            | Op::PhiC(list)
            | Op::ThrowRecord { parts: list, .. }
            | Op::GcPreserveBegin(list)
            | Op::Cleanup(list)
            | Op::Expr { args: list, .. } => self.args(*list).iter().copied().for_each(f),
            Op::Invoke { callee, args, .. } => {
                callee.iter().copied().for_each(&mut f);
                self.args(*args).iter().copied().for_each(f);
            }
            Op::Call { callee, args } => {
                f(*callee);
                self.args(*args).iter().copied().for_each(f);
            }
            Op::Phi(list) => self.phi_args(*list).iter().for_each(|&(_, v)| f(v)),
            Op::ForeignCall(call) => {
                f(call.symbol);
                self.args(call.args).iter().copied().for_each(&mut f);
                self.args(call.roots).iter().copied().for_each(f);
            }
            Op::ThrowUndefIfNot { name, cond } => {
                f(*name);
                f(*cond);
            }
        }
    }

    /// Replaces every operand of a statement, phi entries included.
    pub fn map_operands(&mut self, inst: Inst, mut f: impl FnMut(Value) -> Value) {
        let mut op = std::mem::replace(&mut self.insts[inst].op, Op::Nop);
        match &mut op {
            Op::Nop
            | Op::Enter
            | Op::Leave(_)
            | Op::TheException
            | Op::Rethrow
            | Op::Abort { .. }
            | Op::Upsilon(None) => {}
            Op::Copy(v)
            | Op::Pi { value: v, .. }
            | Op::PopException(v)
            | Op::Upsilon(Some(v))
            | Op::GcPreserveEnd(v)
            | Op::Retain(v)
            | Op::Release(v) => *v = f(*v),
            Op::Intrinsic(_, list)
            | Op::Builtin(_, list)
            | Op::New { args: list, .. }
            | Op::PhiC(list)
            | Op::ThrowRecord { parts: list, .. }
            | Op::GcPreserveBegin(list)
            | Op::Cleanup(list)
            | Op::Expr { args: list, .. } => {
                for v in self.args_mut(*list) {
                    *v = f(*v);
                }
            }
            Op::Invoke { callee, args, .. } => {
                if let Some(v) = callee {
                    *v = f(*v);
                }
                for v in self.args_mut(*args) {
                    *v = f(*v);
                }
            }
            Op::Call { callee, args } => {
                *callee = f(*callee);
                for v in self.args_mut(*args) {
                    *v = f(*v);
                }
            }
            Op::Phi(list) => {
                for (_, v) in self.phi_args_mut(*list) {
                    *v = f(*v);
                }
            }
            Op::ForeignCall(call) => {
                call.symbol = f(call.symbol);
                for v in self.args_mut(call.args) {
                    *v = f(*v);
                }
                for v in self.args_mut(call.roots) {
                    *v = f(*v);
                }
            }
            Op::ThrowUndefIfNot { name, cond } => {
                *name = f(*name);
                *cond = f(*cond);
            }
        }
        self.insts[inst].op = op;
    }

    /// Replaces the operand of a terminator.
    pub fn map_terminator_operand(&mut self, block: Block, mut f: impl FnMut(Value) -> Value) {
        match &mut self.blocks[block].term {
            Terminator::Branch { cond, .. } => *cond = f(*cond),
            Terminator::Return(v) => *v = f(*v),
            Terminator::Goto(_) | Terminator::Unreachable | Terminator::Enter { .. } => {}
        }
    }

    /// The operand of a terminator.
    pub fn terminator_operand(&self, block: Block) -> Option<Value> {
        match self.blocks[block].term {
            Terminator::Branch { cond, .. } => Some(cond),
            Terminator::Return(v) => Some(v),
            Terminator::Goto(_) | Terminator::Unreachable | Terminator::Enter { .. } => None,
        }
    }

    /// Number of live statements, terminators included.
    pub fn statement_count(&self) -> usize {
        self.layout
            .iter()
            .map(|&b| self.blocks[b].insts.len() + 1)
            .sum()
    }
}
