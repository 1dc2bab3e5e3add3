//! Intrinsics on numbers, with Julia's exact semantics: shifts beyond the width give zero or the
//! sign, comparisons with NaN are false, `===`-like equality looks at bits. Knows nothing of
//! statements; conversions are in `convert`.

use crate::function::FunctionLowerer;
use crate::value::{Lowered, Result};
use cranelift_codegen::ir::{
    self, InstBuilder, MemFlagsData,
    condcodes::{FloatCC, IntCC},
    types,
};
use jlift_ir::intrinsic::Shape;
use jlift_ir::{Intrinsic, Type, Value};
use jlift_mutations::{Mutation, either, planted, swapped};

impl FunctionLowerer<'_, '_> {
    /// An intrinsic whose result is one register.
    pub(crate) fn arithmetic(
        &mut self,
        intrinsic: Intrinsic,
        args: &[Value],
        ty: Type,
    ) -> Result<ir::Value> {
        match intrinsic.shape() {
            Shape::IntUnary => {
                let x = self.scalar(args[0])?;
                self.int_unary(intrinsic, x, self.static_type(args[0]))
            }
            Shape::IntBinary => {
                let (x, y) = (self.scalar(args[0])?, self.scalar(args[1])?);
                self.int_binary(intrinsic, x, y)
            }
            Shape::IntCompare => {
                let (x, y) = (self.scalar(args[0])?, self.scalar(args[1])?);
                let cc = match intrinsic {
                    Intrinsic::EqInt => IntCC::Equal,
                    Intrinsic::NeInt => IntCC::NotEqual,
                    Intrinsic::SltInt => either(
                        Mutation::LowerSltUnsigned,
                        IntCC::UnsignedLessThan,
                        IntCC::SignedLessThan,
                    ),
                    Intrinsic::SleInt => IntCC::SignedLessThanOrEqual,
                    Intrinsic::UltInt => IntCC::UnsignedLessThan,
                    _ => IntCC::UnsignedLessThanOrEqual,
                };
                Ok(self.b.ins().icmp(cc, x, y))
            }
            Shape::Shift => self.shift(intrinsic, args),
            Shape::FloatUnary => {
                let x = self.scalar(args[0])?;
                self.float_unary(intrinsic, x)
            }
            Shape::FloatBinary => {
                let (x, y) = (self.scalar(args[0])?, self.scalar(args[1])?);
                self.float_binary(intrinsic, x, y)
            }
            Shape::FloatTernary => {
                let (x, y, z) = (
                    self.scalar(args[0])?,
                    self.scalar(args[1])?,
                    self.scalar(args[2])?,
                );
                Ok(match intrinsic {
                    Intrinsic::FmaFloat => self.b.ins().fma(x, y, z),
                    _ => {
                        let product = self.b.ins().fmul(x, y);
                        self.b.ins().fadd(product, z)
                    }
                })
            }
            Shape::FloatCompare => {
                let (x, y) = (self.scalar(args[0])?, self.scalar(args[1])?);
                Ok(self.float_compare(intrinsic, x, y))
            }
            Shape::IntConvert
            | Shape::FloatToInt
            | Shape::IntToFloat
            | Shape::FloatConvert
            | Shape::Bitcast => self.convert(intrinsic, args, ty),
            Shape::PointerArithmetic => {
                let (x, y) = (self.scalar(args[0])?, self.scalar(args[1])?);
                Ok(match intrinsic {
                    Intrinsic::AddPtr => self.b.ins().iadd(x, y),
                    _ => self.b.ins().isub(x, y),
                })
            }
            _ => Err(format!("`{}` is not supported here", intrinsic.name())),
        }
    }

    /// The static type of an operand.
    pub(crate) fn static_type(&self, value: Value) -> Type {
        self.module.value_type(self.f, value).unwrap_or(Type::ANY)
    }

    fn int_unary(&mut self, op: Intrinsic, x: ir::Value, ty: Type) -> Result<ir::Value> {
        let width = self.b.func.dfg.value_type(x);
        Ok(match op {
            Intrinsic::NegInt => self.b.ins().ineg(x),
            Intrinsic::NotInt if ty == Type::BOOL => self.b.ins().bxor_imm_s(x, 1),
            Intrinsic::NotInt => self.b.ins().bnot(x),
            Intrinsic::BswapInt if width == types::I8 => x,
            Intrinsic::BswapInt => self.b.ins().bswap(x),
            Intrinsic::CtpopInt => self.b.ins().popcnt(x),
            Intrinsic::CtlzInt => self.b.ins().clz(x),
            Intrinsic::CttzInt => self.b.ins().ctz(x),
            Intrinsic::BitreverseInt => self.b.ins().bitrev(x),
            _ => return Err(format!("`{}` of one integer", op.name())),
        })
    }

    fn int_binary(&mut self, op: Intrinsic, x: ir::Value, y: ir::Value) -> Result<ir::Value> {
        Ok(match op {
            Intrinsic::AddInt => self.b.ins().iadd(x, y),
            Intrinsic::SubInt => {
                let (x, y) = swapped(Mutation::LowerSubSwapped, x, y);
                self.b.ins().isub(x, y)
            }
            Intrinsic::MulInt => self.b.ins().imul(x, y),
            Intrinsic::AndInt => self.b.ins().band(x, y),
            Intrinsic::OrInt => match (self.nan_test(x), self.nan_test(y)) {
                // Whether one of two numbers is NaN is one comparison; Julia's `min` and `max`
                // ask for each.
                (Some(x), Some(y)) if self.same_type(x, y) => {
                    self.b.ins().fcmp(FloatCC::Unordered, x, y)
                }
                _ => self.b.ins().bor(x, y),
            },
            Intrinsic::XorInt => self.b.ins().bxor(x, y),
            Intrinsic::SdivInt | Intrinsic::SremInt | Intrinsic::UdivInt | Intrinsic::UremInt => {
                self.divide(op, x, y)?
            }
            Intrinsic::FlipsignInt => {
                // (x ^ s) - s where s is 0 or -1: the sign of y in every bit.
                let width = self.b.func.dfg.value_type(y);
                let s = self.b.ins().sshr_imm_s(y, i64::from(width.bits()) - 1);
                let flipped = self.b.ins().bxor(x, s);
                self.b.ins().isub(flipped, s)
            }
            _ => return Err(format!("`{}` of two integers", op.name())),
        })
    }

    /// Division whose operands the legalized code has checked, or whose result is undefined.
    fn divide(&mut self, op: Intrinsic, x: ir::Value, y: ir::Value) -> Result<ir::Value> {
        let width = self.b.func.dfg.value_type(x);
        if width == types::I128 {
            return Err("128-bit division was not replaced".into());
        }
        // The machine instruction on narrow integers is slower than the 32-bit one.
        let wide = if width.bits() < 32 { types::I32 } else { width };
        let signed = matches!(op, Intrinsic::SdivInt | Intrinsic::SremInt);
        let (x, y) = if wide == width {
            (x, y)
        } else if signed {
            (self.b.ins().sextend(wide, x), self.b.ins().sextend(wide, y))
        } else {
            (self.b.ins().uextend(wide, x), self.b.ins().uextend(wide, y))
        };
        let result = match op {
            Intrinsic::SdivInt if planted(Mutation::LowerDivisionUnsigned) => {
                self.b.ins().udiv(x, y)
            }
            Intrinsic::SdivInt => self.b.ins().sdiv(x, y),
            Intrinsic::SremInt => self.b.ins().srem(x, y),
            Intrinsic::UdivInt => self.b.ins().udiv(x, y),
            _ => self.b.ins().urem(x, y),
        };
        Ok(if wide == width {
            result
        } else {
            self.b.ins().ireduce(width, result)
        })
    }

    /// Shifts: a count of at least the width gives zero, or the sign for `ashr_int`.
    fn shift(&mut self, op: Intrinsic, args: &[Value]) -> Result<ir::Value> {
        let x = self.scalar(args[0])?;
        let ty = self.b.func.dfg.value_type(x);
        let width = ty.bits();
        let emit = |this: &mut Self, count: ir::Value| match op {
            Intrinsic::ShlInt => this.b.ins().ishl(x, count),
            Intrinsic::LshrInt => this.b.ins().ushr(x, count),
            _ if planted(Mutation::LowerAshrLogical) => this.b.ins().ushr(x, count),
            _ => this.b.ins().sshr(x, count),
        };
        if let Some(count) = self.module.tables.primitive_bits(args[1]) {
            let known = if count < u128::from(width) {
                count as i64
            } else if op == Intrinsic::AshrInt {
                i64::from(width) - 1
            } else {
                return Ok(self.zero(ty));
            };
            let count = self.b.ins().iconst(types::I32, known);
            return Ok(emit(self, count));
        }
        let count = self.scalar(args[1])?;
        let count_type = self.b.func.dfg.value_type(count);
        let (count, count_type) = if count_type == types::I128 {
            // Only whether it is beyond the width matters.
            let (low, high) = self.b.ins().isplit(count);
            let limit = self.b.ins().iconst(types::I64, i64::from(width));
            let large = self.b.ins().icmp_imm_s(IntCC::NotEqual, high, 0);
            (self.b.ins().select(large, limit, low), types::I64)
        } else {
            (count, count_type)
        };
        // The width itself may not be a number of the count's type: 128 needs more than Int8's
        // positive half, but the comparison is unsigned, and 2^8 > 128.
        let beyond = self.b.ins().icmp_imm_u(
            either(
                Mutation::LowerShiftBound,
                IntCC::UnsignedGreaterThan,
                IntCC::UnsignedGreaterThanOrEqual,
            ),
            count,
            i64::from(width),
        );
        let _ = count_type;
        if op == Intrinsic::AshrInt {
            let limit = self.b.ins().iconst(count_type, i64::from(width) - 1);
            let count = self.b.ins().select(beyond, limit, count);
            return Ok(emit(self, count));
        }
        let shifted = emit(self, count);
        let zero = self.zero(ty);
        Ok(self.b.ins().select(beyond, zero, shifted))
    }

    fn float_unary(&mut self, op: Intrinsic, x: ir::Value) -> Result<ir::Value> {
        Ok(match op {
            Intrinsic::NegFloat | Intrinsic::NegFloatFast => self.b.ins().fneg(x),
            Intrinsic::AbsFloat => self.b.ins().fabs(x),
            Intrinsic::CeilLlvm => self.b.ins().ceil(x),
            Intrinsic::FloorLlvm if planted(Mutation::LowerFloorTruncates) => self.b.ins().trunc(x),
            Intrinsic::FloorLlvm => self.b.ins().floor(x),
            Intrinsic::RintLlvm => self.b.ins().nearest(x),
            Intrinsic::TruncLlvm => self.b.ins().trunc(x),
            Intrinsic::SqrtLlvm | Intrinsic::SqrtLlvmFast => self.b.ins().sqrt(x),
            _ => return Err(format!("`{}` of one float", op.name())),
        })
    }

    fn float_binary(&mut self, op: Intrinsic, x: ir::Value, y: ir::Value) -> Result<ir::Value> {
        Ok(match op {
            Intrinsic::AddFloat | Intrinsic::AddFloatFast => self.b.ins().fadd(x, y),
            Intrinsic::SubFloat | Intrinsic::SubFloatFast => self.b.ins().fsub(x, y),
            Intrinsic::MulFloat | Intrinsic::MulFloatFast => self.b.ins().fmul(x, y),
            Intrinsic::DivFloat | Intrinsic::DivFloatFast => self.b.ins().fdiv(x, y),
            Intrinsic::CopysignFloat => self.b.ins().fcopysign(x, y),
            _ => return Err(format!("`{}` was not replaced", op.name())),
        })
    }

    /// The float whose being NaN a condition tells.
    fn nan_test(&self, cond: ir::Value) -> Option<ir::Value> {
        let inst = self.b.func.dfg.value_def(cond).inst()?;
        match self.b.func.dfg.insts[inst] {
            ir::InstructionData::FloatCompare {
                cond: FloatCC::Unordered,
                args: [x, y],
                ..
            } if x == y => Some(x),
            _ => None,
        }
    }

    fn same_type(&self, x: ir::Value, y: ir::Value) -> bool {
        self.b.func.dfg.value_type(x) == self.b.func.dfg.value_type(y)
    }

    fn float_compare(&mut self, op: Intrinsic, x: ir::Value, y: ir::Value) -> ir::Value {
        let cc = match op {
            // `x != x` asks for NaN, which is one flag of the comparison; inequality is two.
            Intrinsic::NeFloat | Intrinsic::NeFloatFast if x == y => FloatCC::Unordered,
            Intrinsic::EqFloat | Intrinsic::EqFloatFast if x == y => FloatCC::Ordered,
            Intrinsic::EqFloat | Intrinsic::EqFloatFast => FloatCC::Equal,
            Intrinsic::NeFloat if planted(Mutation::LowerNeOrdered) => FloatCC::OrderedNotEqual,
            Intrinsic::NeFloat | Intrinsic::NeFloatFast => FloatCC::NotEqual,
            Intrinsic::LtFloat | Intrinsic::LtFloatFast => FloatCC::LessThan,
            Intrinsic::LeFloat | Intrinsic::LeFloatFast => FloatCC::LessThanOrEqual,
            _ => {
                // fpiseq: both NaN, or the same bits.
                let x_nan = self.b.ins().fcmp(FloatCC::Unordered, x, x);
                let y_nan = self.b.ins().fcmp(FloatCC::Unordered, y, y);
                let both = self.b.ins().band(x_nan, y_nan);
                let same = self.same_bits(x, y);
                return self.b.ins().bor(both, same);
            }
        };
        self.b.ins().fcmp(cc, x, y)
    }

    /// `checked_sadd_int` and its like: the wrapped result and whether it overflowed.
    pub(crate) fn checked_pair(&mut self, op: Intrinsic, args: &[Value]) -> Result<Lowered> {
        let (x, y) = (self.scalar(args[0])?, self.scalar(args[1])?);
        let ty = self.b.func.dfg.value_type(x);
        let (value, overflow) = if ty == types::I128 {
            self.checked_wide(op, x, y)?
        } else {
            match op {
                Intrinsic::CheckedSaddInt if planted(Mutation::LowerOverflowFlag) => {
                    self.b.ins().uadd_overflow(x, y)
                }
                Intrinsic::CheckedSaddInt => self.b.ins().sadd_overflow(x, y),
                Intrinsic::CheckedUaddInt => self.b.ins().uadd_overflow(x, y),
                Intrinsic::CheckedSsubInt => self.b.ins().ssub_overflow(x, y),
                Intrinsic::CheckedUsubInt => self.b.ins().usub_overflow(x, y),
                Intrinsic::CheckedSmulInt => self.b.ins().smul_overflow(x, y),
                _ => self.b.ins().umul_overflow(x, y),
            }
        };
        Ok(Lowered::Parts(vec![value, overflow]))
    }

    fn checked_wide(
        &mut self,
        op: Intrinsic,
        x: ir::Value,
        y: ir::Value,
    ) -> Result<(ir::Value, ir::Value)> {
        let negative = |this: &mut Self, v| {
            let (_, high) = this.b.ins().isplit(v);
            this.b.ins().icmp_imm_s(IntCC::SignedLessThan, high, 0)
        };
        Ok(match op {
            Intrinsic::CheckedSaddInt => {
                let sum = self.b.ins().iadd(x, y);
                let (a, b) = (self.b.ins().bxor(sum, x), self.b.ins().bxor(sum, y));
                let differs = self.b.ins().band(a, b);
                (sum, negative(self, differs))
            }
            Intrinsic::CheckedSsubInt => {
                let difference = self.b.ins().isub(x, y);
                let (a, b) = (self.b.ins().bxor(x, y), self.b.ins().bxor(difference, x));
                let differs = self.b.ins().band(a, b);
                (difference, negative(self, differs))
            }
            Intrinsic::CheckedUaddInt => {
                let sum = self.b.ins().iadd(x, y);
                (sum, self.b.ins().icmp(IntCC::UnsignedLessThan, sum, x))
            }
            Intrinsic::CheckedUsubInt => {
                let difference = self.b.ins().isub(x, y);
                (difference, self.b.ins().icmp(IntCC::UnsignedLessThan, x, y))
            }
            Intrinsic::CheckedUmulInt => self.checked_umul_wide(x, y),
            _ => {
                // |x| * |y| without sign; it fits if it is at most 2^127 - 1, or 2^127 when the
                // signs differ.
                let (xn, yn) = (negative(self, x), negative(self, y));
                let (x_neg, y_neg) = (self.b.ins().ineg(x), self.b.ins().ineg(y));
                let xa = self.b.ins().select(xn, x_neg, x);
                let ya = self.b.ins().select(yn, y_neg, y);
                let (product, large) = self.checked_umul_wide(xa, ya);
                let differ = self.b.ins().bxor(xn, yn);
                let product_neg = self.b.ins().ineg(product);
                let value = self.b.ins().select(differ, product_neg, product);
                // A result whose sign is not the expected one does not fit; zero always does.
                let value_neg = negative(self, value);
                let wrong = self.b.ins().bxor(value_neg, differ);
                let (lo, hi) = self.b.ins().isplit(value);
                let any = self.b.ins().bor(lo, hi);
                let nonzero = self.b.ins().icmp_imm_s(IntCC::NotEqual, any, 0);
                let wrong = self.b.ins().band(wrong, nonzero);
                (value, self.b.ins().bor(large, wrong))
            }
        })
    }

    /// Unsigned 128-bit product and whether it overflowed, by 64-bit halves.
    fn checked_umul_wide(&mut self, x: ir::Value, y: ir::Value) -> (ir::Value, ir::Value) {
        let (xl, xh) = self.b.ins().isplit(x);
        let (yl, yh) = self.b.ins().isplit(y);
        let value = self.b.ins().imul(x, y);
        // Both high halves: at least 2^128. Otherwise one cross product, plus the low product's
        // high half, must stay below 2^64.
        let xh_set = self.b.ins().icmp_imm_s(IntCC::NotEqual, xh, 0);
        let yh_set = self.b.ins().icmp_imm_s(IntCC::NotEqual, yh, 0);
        let both = self.b.ins().band(xh_set, yh_set);
        let (cross1, over1) = self.b.ins().umul_overflow(xh, yl);
        let (cross2, over2) = self.b.ins().umul_overflow(xl, yh);
        let low_high = self.b.ins().umulhi(xl, yl);
        let (sum, carry1) = self.b.ins().uadd_overflow(cross1, cross2);
        let (_, carry2) = self.b.ins().uadd_overflow(sum, low_high);
        let a = either(
            Mutation::LowerWideOverflow,
            over1,
            self.b.ins().bor(over1, over2),
        );
        let b = self.b.ins().bor(carry1, carry2);
        let c = self.b.ins().bor(a, b);
        (value, self.b.ins().bor(both, c))
    }

    /// The bits of a float register.
    pub(crate) fn bits_of(&mut self, v: ir::Value) -> ir::Value {
        let ty = self.b.func.dfg.value_type(v);
        if ty.is_float() {
            self.b.ins().bitcast(ty.as_int(), MemFlagsData::new(), v)
        } else {
            v
        }
    }
}
