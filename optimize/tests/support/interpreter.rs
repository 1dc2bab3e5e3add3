//! A reference interpreter for typed IR without a heap: numbers, immutable objects, unions, calls,
//! and pointers into one array of bytes. What is undefined is tracked as such and may flow, but not
//! decide a branch, be stored or be returned.

use super::arithmetic;
use super::memory::{Memory, layout};
use cranelift_entity::SecondaryMap;
use jlift_ir::intrinsic::Shape;
use jlift_ir::{
    Block, Builtin, ConstData, Func, Function, Inst, Intrinsic, Module, Op, Tables, Terminator,
    Type, Value,
};

/// A value with its own type.
#[derive(Clone, PartialEq, Debug)]
pub enum Val {
    Num(Type, u128),
    Agg(Type, Vec<Val>),
    Single(Type),
    Type(Type),
    /// A constant that is only passed around: a symbol, a string.
    Const(Value),
    Undefined,
}

/// Why a call did not return.
#[derive(Clone, PartialEq, Debug)]
pub enum Stop {
    /// An exception of this type.
    Throw(String),
    /// A result that Julia leaves undefined was needed.
    Undefined,
    /// Something that this interpreter does not do.
    Skip(&'static str),
    OutOfFuel,
}

pub struct Interpreter<'a> {
    pub module: &'a Module,
    pub memory: Memory,
    pub fuel: u64,
    /// Calls inside of one another at most.
    pub max_depth: u32,
    depth: u32,
}

impl Val {
    /// Equal for every program: NaNs are one value.
    pub fn same(&self, other: &Val) -> bool {
        match (self, other) {
            (Val::Num(s, a), Val::Num(t, b)) => {
                s == t && (a == b || (is_nan(*s, *a) && is_nan(*t, *b)))
            }
            (Val::Agg(s, a), Val::Agg(t, b)) => {
                s == t && a.len() == b.len() && a.iter().zip(b).all(|(x, y)| x.same(y))
            }
            _ => self == other,
        }
    }

    fn ty(&self, tables: &Tables) -> Option<Type> {
        match self {
            Val::Num(t, _) | Val::Agg(t, _) | Val::Single(t) => Some(*t),
            Val::Const(Value::Const(c)) => match tables.const_data(*c) {
                ConstData::String(_) => Some(Type::STRING),
                ConstData::Symbol(_) => Some(Type::SYMBOL),
                _ => None,
            },
            _ => None,
        }
    }
}

fn is_nan(ty: Type, bits: u128) -> bool {
    match ty {
        Type::FLOAT64 => f64::from_bits(bits as u64).is_nan(),
        Type::FLOAT32 => f32::from_bits(bits as u32).is_nan(),
        _ => false,
    }
}

struct Frame<'f> {
    func: &'f Function,
    args: &'f [Val],
    values: SecondaryMap<Inst, Option<Val>>,
}

impl<'a> Interpreter<'a> {
    pub fn new(module: &'a Module, memory: Memory, fuel: u64) -> Self {
        Self {
            module,
            memory,
            fuel,
            max_depth: 60,
            depth: 0,
        }
    }

    /// Calls a function; `args[0]` is the callee object.
    pub fn call(&mut self, id: Func, args: &[Val]) -> Result<Val, Stop> {
        let func = &self.module.functions[id];
        if self.depth > self.max_depth {
            return Err(Stop::Skip("deep recursion"));
        }
        self.depth += 1;
        let result = self.body(func, args);
        self.depth -= 1;
        result
    }

    fn body(&mut self, func: &Function, args: &[Val]) -> Result<Val, Stop> {
        let mut frame = Frame {
            func,
            args,
            values: SecondaryMap::new(),
        };
        let mut from: Option<Block> = None;
        let mut block = func.entry().ok_or(Stop::Skip("no body"))?;
        loop {
            // Phis read what was there before any of them is written.
            let mut phis: Vec<(Inst, Val)> = Vec::new();
            for phi in func.block_phis(block) {
                let entry = from.and_then(|pred| func.phi_value(phi, pred));
                let value = match entry {
                    Some(value) => self.operand(&frame, value)?,
                    None => Val::Undefined,
                };
                phis.push((phi, value));
            }
            for (phi, value) in phis {
                frame.values[phi] = Some(value);
            }
            for &inst in &func.blocks[block].insts {
                self.fuel = self.fuel.checked_sub(1).ok_or(Stop::OutOfFuel)?;
                if matches!(func.insts[inst].op, Op::Phi(_) | Op::Nop) {
                    continue;
                }
                let value = self.statement(&frame, inst)?;
                frame.values[inst] = Some(value);
            }
            self.fuel = self.fuel.checked_sub(1).ok_or(Stop::OutOfFuel)?;
            let next = match func.blocks[block].term {
                Terminator::Goto(next) => next,
                Terminator::Branch {
                    cond,
                    then_dest,
                    else_dest,
                } => match self.operand(&frame, cond)? {
                    Val::Num(Type::BOOL, 1) => then_dest,
                    Val::Num(Type::BOOL, 0) => else_dest,
                    Val::Undefined => return Err(Stop::Undefined),
                    other => panic!("branch on {other:?}"),
                },
                Terminator::Return(v) => {
                    let value = self.operand(&frame, v)?;
                    // Inside of the program it may still be unused.
                    return if self.depth == 1 && contains_undefined(&value) {
                        Err(Stop::Undefined)
                    } else {
                        Ok(value)
                    };
                }
                Terminator::Unreachable => return Err(Stop::Skip("unreachable")),
                Terminator::Enter { .. } => return Err(Stop::Skip("protected region")),
            };
            from = Some(block);
            block = next;
        }
    }

    fn operand(&self, frame: &Frame<'_>, value: Value) -> Result<Val, Stop> {
        let tables = &self.module.tables;
        Ok(match value {
            Value::Inst(inst) => frame.values[inst]
                .clone()
                .unwrap_or_else(|| panic!("use of {inst} before its definition")),
            Value::Arg(n) => frame.args[n as usize - 1].clone(),
            Value::Imm { ty, bits } => Val::Num(ty, bits.into()),
            Value::Instance(ty) => Val::Single(ty),
            Value::Type(ty) => Val::Type(ty),
            Value::Const(c) => match tables.const_data(c) {
                ConstData::Wide { ty, bits } => Val::Num(*ty, *bits),
                ConstData::Aggregate { ty, fields } => {
                    let fields: Result<_, _> =
                        fields.iter().map(|&f| self.operand(frame, f)).collect();
                    Val::Agg(*ty, fields?)
                }
                ConstData::Global(g) => self.operand(frame, self.module.globals[*g].value)?,
                _ => Val::Const(value),
            },
        })
    }

    fn operands(&self, frame: &Frame<'_>, list: &[Value]) -> Result<Vec<Val>, Stop> {
        list.iter().map(|&v| self.operand(frame, v)).collect()
    }

    fn statement(&mut self, frame: &Frame<'_>, inst: Inst) -> Result<Val, Stop> {
        let func = frame.func;
        let data = &func.insts[inst];
        match &data.op {
            Op::Copy(v) | Op::Pi { value: v, .. } => self.operand(frame, *v),
            Op::Intrinsic(op, list) => {
                let args = self.operands(frame, func.args(*list))?;
                self.intrinsic(*op, &args, data.ty)
            }
            Op::Builtin(op, list) => {
                let args = self.operands(frame, func.args(*list))?;
                self.builtin(*op, args, data.ty)
            }
            Op::Invoke {
                func: callee,
                callee: object,
                args,
            } => {
                let object = match object {
                    Some(v) => self.operand(frame, *v)?,
                    None => Val::Single(self.module.functions[*callee].self_type),
                };
                let mut all = vec![object];
                all.extend(self.operands(frame, func.args(*args))?);
                self.call(*callee, &all)
            }
            Op::New { ty, args } => {
                let args = self.operands(frame, func.args(*args))?;
                Ok(if args.is_empty() {
                    Val::Single(*ty)
                } else {
                    Val::Agg(*ty, args)
                })
            }
            Op::ForeignCall(call) => {
                let name = match call.symbol {
                    Value::Const(c) => match self.module.tables.const_data(c) {
                        ConstData::Symbol(name) => self.module.tables.names.str(*name),
                        _ => "",
                    },
                    _ => "",
                };
                let args = self.operands(frame, func.args(call.args))?;
                match (name, &args[..]) {
                    (
                        "memmove" | "memcpy",
                        [Val::Num(t, to), Val::Num(_, from), Val::Num(_, len)],
                    ) => {
                        self.memory.copy(*to as u64, *from as u64, *len as u64)?;
                        Ok(Val::Num(*t, *to))
                    }
                    _ => Err(Stop::Skip("foreign call")),
                }
            }
            Op::ThrowRecord { ty, .. } => Err(self.thrown(*ty)),
            Op::Expr { .. } | Op::GcPreserveBegin(_) | Op::GcPreserveEnd(_) => {
                Ok(Val::Single(Type::NOTHING))
            }
            _ => Err(Stop::Skip("statement")),
        }
    }

    fn thrown(&self, ty: Type) -> Stop {
        Stop::Throw(
            self.module
                .tables
                .type_name(ty)
                .unwrap_or_default()
                .to_owned(),
        )
    }

    fn intrinsic(&mut self, op: Intrinsic, args: &[Val], ret: Type) -> Result<Val, Stop> {
        let tables = &self.module.tables;
        let number = |v: &Val| match v {
            Val::Num(ty, bits) => Ok((*ty, *bits)),
            Val::Undefined => Err(Stop::Undefined),
            _ => Err(Stop::Skip("operand of an intrinsic")),
        };
        match op.shape() {
            Shape::PointerLoad | Shape::PointerStore => {
                let at = args.len() - 2;
                let (ptr_type, ptr) = number(&args[0])?;
                let (_, index) = number(&args[at])?;
                let elem = tables.pointee(ptr_type).ok_or(Stop::Skip("pointee"))?;
                let (size, align) = layout(tables, elem)?;
                let stride = size.next_multiple_of(align);
                let offset = (index as u64).wrapping_sub(1).wrapping_mul(stride);
                let address = (ptr as u64).wrapping_add(offset);
                if at == 1 {
                    self.memory.load(tables, elem, address)
                } else {
                    if contains_undefined(&args[1]) {
                        return Err(Stop::Undefined);
                    }
                    self.memory.store(tables, &args[1], address)?;
                    Ok(args[0].clone())
                }
            }
            Shape::HaveFma => Ok(Val::Num(Type::BOOL, 1)),
            _ => {
                // The result of undefined operands is undefined, except where it throws.
                if args.contains(&Val::Undefined) {
                    return match op.shape() {
                        Shape::CheckedDivide => Err(Stop::Undefined),
                        _ => Ok(Val::Undefined),
                    };
                }
                let (to, rest) = match args {
                    [Val::Type(to), rest @ ..] => (Some(*to), rest),
                    _ => (None, args),
                };
                let numbers: Result<Vec<_>, _> = rest.iter().map(number).collect();
                match arithmetic::evaluate(tables, op, to, &numbers?, ret) {
                    // What Julia leaves undefined may still be unused.
                    Err(Stop::Undefined) => Ok(Val::Undefined),
                    other => other,
                }
            }
        }
    }

    fn builtin(&self, op: Builtin, args: Vec<Val>, ret: Type) -> Result<Val, Stop> {
        let tables = &self.module.tables;
        let truth = |b: bool| Ok(Val::Num(Type::BOOL, b.into()));
        match (op, &args[..]) {
            (Builtin::Tuple, _) => Ok(if args.is_empty() {
                Val::Single(ret)
            } else {
                Val::Agg(ret, args)
            }),
            (Builtin::IfElse, [c, a, b]) => match c {
                Val::Num(Type::BOOL, 1) => Ok(a.clone()),
                Val::Num(Type::BOOL, 0) => Ok(b.clone()),
                Val::Undefined => Ok(Val::Undefined),
                _ => Err(Stop::Skip("condition")),
            },
            (Builtin::Egal, [a, b]) => {
                if contains_undefined(a) || contains_undefined(b) {
                    return Ok(Val::Undefined);
                }
                truth(a == b)
            }
            (Builtin::IsA, [x, Val::Type(wanted)]) => {
                if *x == Val::Undefined {
                    return Ok(Val::Undefined);
                }
                let ty = x.ty(tables).ok_or(Stop::Skip("type of a value"))?;
                truth(tables.is_subtype(ty, *wanted).ok_or(Stop::Skip("isa"))?)
            }
            (Builtin::TypeOf, [x]) => Ok(Val::Type(
                x.ty(tables).ok_or(Stop::Skip("type of a value"))?,
            )),
            (Builtin::GetField, [object, field, ..]) => match object {
                Val::Undefined => Ok(Val::Undefined),
                Val::Agg(ty, fields) => {
                    let index = match field {
                        Val::Num(_, n) => (*n as u64).wrapping_sub(1) as usize,
                        Val::Const(Value::Const(c)) => match tables.const_data(*c) {
                            ConstData::Symbol(name) => tables
                                .field_index(*ty, *name)
                                .ok_or(Stop::Skip("field name"))?,
                            _ => return Err(Stop::Skip("field name")),
                        },
                        Val::Undefined => return Err(Stop::Undefined),
                        _ => return Err(Stop::Skip("field name")),
                    };
                    match fields.get(index) {
                        Some(value) => Ok(value.clone()),
                        None if args.last() == Some(&Val::Num(Type::BOOL, 0)) => {
                            Err(Stop::Undefined)
                        }
                        None => Err(Stop::Throw("BoundsError".to_owned())),
                    }
                }
                _ => Err(Stop::Skip("getfield")),
            },
            (Builtin::Throw, [x]) => match x.ty(tables) {
                Some(ty) => Err(self.thrown(ty)),
                None => Err(Stop::Throw(String::new())),
            },
            _ => Err(Stop::Skip("builtin")),
        }
    }
}

fn contains_undefined(value: &Val) -> bool {
    match value {
        Val::Undefined => true,
        Val::Agg(_, fields) => fields.iter().any(contains_undefined),
        _ => false,
    }
}
