//! The functions of Core.Intrinsics: which of them work on numbers, and those that access memory.

use crate::interpreter::Interpreter;
use crate::outcome::{Result, Stop, unknown_symbol, unsupported};
use crate::value::{Value, width};
use crate::{arithmetic, convert, float};
use jlift_ir::intrinsic::Shape;
use jlift_ir::{Intrinsic, Type};

/// A number: type, width in bits, bits, and which of them are undefined.
#[derive(Copy, Clone, PartialEq, Debug)]
pub(crate) struct Number {
    pub ty: Type,
    pub width: u32,
    pub bits: u128,
    pub undefined: u128,
}

impl Interpreter<'_> {
    fn as_number(&self, value: &Value) -> Result<Number> {
        match *value {
            Value::Bits {
                ty,
                bits,
                undefined,
            } => match width(&self.module.tables, ty) {
                Some(width) => Ok(Number {
                    ty,
                    width,
                    bits,
                    undefined,
                }),
                None => unsupported("a number of unusual width"),
            },
            // Of an unknown type: nothing can be computed from it.
            Value::Undefined => Err(Stop::Undefined("an operand of an intrinsic")),
            _ => unsupported("an operand that is no number"),
        }
    }

    /// Evaluates an intrinsic whose statement is of type `ty`.
    pub(crate) fn intrinsic(&mut self, op: Intrinsic, args: &[Value], ty: Type) -> Result<Value> {
        let (least, most) = op.arity();
        if !(least..=most).contains(&args.len()) {
            return unsupported(format!("`{}` of {} operands", op.name(), args.len()));
        }
        let shape = op.shape();
        match shape {
            Shape::PointerLoad | Shape::PointerStore | Shape::Atomic => {
                return self.memory_intrinsic(op, args, ty);
            }
            Shape::ArrayLength => return self.array_length(&args[0]),
            Shape::GlobalAddress => return self.global_address(args, ty),
            Shape::HaveFma => {
                let of = matches!(args, [Value::Type(Type::FLOAT32 | Type::FLOAT64)]);
                return Ok(Value::bool(of && self.options.fma));
            }
            Shape::Refused => return unsupported(format!("`{}`", op.name())),
            _ => {}
        }
        let (to, rest) = match args {
            [Value::Type(to), rest @ ..] => (Some(*to), rest),
            _ => (None, args),
        };
        let numbers: Result<Vec<Number>> = rest.iter().map(|v| self.as_number(v)).collect();
        let numbers = numbers?;
        let result = match (shape, &numbers[..], to) {
            (
                Shape::IntUnary | Shape::IntBinary | Shape::Shift | Shape::PointerArithmetic,
                &[a, ref rest @ ..],
                None,
            ) => arithmetic::integer(op, a, rest.first().copied())?,
            (Shape::IntCompare, &[a, b], None) => arithmetic::compare(op, a, b),
            (Shape::CheckedPair, &[a, b], None) => {
                let (value, overflows) = arithmetic::checked(op, a, b);
                return Ok(Value::Aggregate(ty, [value, overflows].into()));
            }
            (Shape::CheckedDivide, &[a, b], None) => {
                if arithmetic::divides(op, a, b)? {
                    arithmetic::quotient(op, a, b)?
                } else {
                    let message = b"DivideError: integer division error".to_vec();
                    return self.throw_text(Type::DIVIDE_ERROR, message);
                }
            }
            (
                Shape::FloatUnary | Shape::FloatBinary | Shape::FloatTernary | Shape::FloatCompare,
                _,
                None,
            ) => float::evaluate(op, &numbers, self.options.fma)?,
            (
                Shape::IntConvert
                | Shape::FloatToInt
                | Shape::IntToFloat
                | Shape::FloatConvert
                | Shape::Bitcast,
                &[a],
                Some(to),
            ) => match width(&self.module.tables, to) {
                Some(width) => convert::convert(op, a, to, width)?,
                None => return unsupported("a conversion to no number"),
            },
            _ => return unsupported(format!("`{}` of such operands", op.name())),
        };
        Ok(result)
    }

    fn memory_intrinsic(&mut self, op: Intrinsic, args: &[Value], ty: Type) -> Result<Value> {
        if op == Intrinsic::AtomicFence {
            return Ok(Value::NOTHING);
        }
        let pointer_type = args[0].ty().unwrap_or(Type::ANY);
        let Some(elem) = self.module.tables.pointee(pointer_type) else {
            return unsupported("an access through something that is not a pointer");
        };
        let base = self.number(&args[0], "an address")?;
        match (op, args) {
            (Intrinsic::PointerRef, [_, index, _]) => {
                let address = self.element_address(base, index, elem)?;
                self.load(elem, address)
            }
            (Intrinsic::PointerSet, [pointer, value, index, _]) => {
                let address = self.element_address(base, index, elem)?;
                self.replace(elem, value, address)?;
                Ok(pointer.clone())
            }
            (Intrinsic::AtomicPointerRef, _) => self.load(elem, base),
            (Intrinsic::AtomicPointerSet, [pointer, value, _]) => {
                self.store(elem, value, base)?;
                Ok(pointer.clone())
            }
            (Intrinsic::AtomicPointerSwap, [_, value, _]) => {
                let old = self.load(elem, base)?;
                self.store(elem, value, base)?;
                Ok(old)
            }
            (Intrinsic::AtomicPointerReplace, [_, expected, desired, _, _]) => {
                let old = self.load(elem, base)?;
                let same = self.egal(&old, expected)?;
                if self.truth(&same, "an atomic exchange")? {
                    self.store(elem, desired, base)?;
                }
                Ok(Value::Aggregate(ty, [old, same].into()))
            }
            _ => unsupported(format!("`{}`", op.name())),
        }
    }

    /// The address of an element, counted from 1, behind a pointer.
    fn element_address(&mut self, base: u64, index: &Value, elem: Type) -> Result<u64> {
        let index = self.number(index, "an index")?;
        let stride = u64::from(self.layout(elem)?.stride());
        Ok(base.wrapping_add(index.wrapping_sub(1).wrapping_mul(stride)))
    }

    fn global_address(&mut self, args: &[Value], ty: Type) -> Result<Value> {
        let Some(name) = self.symbol_name(&args[0])? else {
            return unsupported("`cglobal` of something that is not a name");
        };
        if let Some(&address) = self.globals.get(&name) {
            return Ok(Value::bits(ty, address.into()));
        }
        match self.with_foreign(|foreign, _| foreign.variable(&name)) {
            Some(address) => Ok(Value::bits(ty, address.into())),
            None => unknown_symbol(&name),
        }
    }
}
