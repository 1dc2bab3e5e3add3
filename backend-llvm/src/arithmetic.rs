//! Intrinsics on numbers, with Julia's exact semantics: shifts beyond the width give zero or the
//! sign, comparisons with NaN are false, integers wrap. LLVM's undefined behaviour and poison are
//! kept out: no flags on instructions, and what Julia leaves undefined is some value. Conversions
//! are in `convert`.

use crate::function::Body;
use crate::machine::{Machine, Reg};
use crate::repr::Repr;
use crate::value::{Access, Result, Typed, Val};
use jlift_ir::intrinsic::Shape;
use jlift_ir::{Intrinsic, Type, Value};
use jlift_mutations::{Mutation, either, planted};

impl Body<'_, '_> {
    /// An intrinsic whose result is one scalar.
    pub(crate) fn arithmetic(&mut self, op: Intrinsic, args: &[Value], ty: Type) -> Result<Reg> {
        match op.shape() {
            Shape::IntUnary => {
                let x = self.scalar(args[0])?;
                self.int_unary(op, &x)
            }
            Shape::IntBinary => {
                let (x, y) = (self.scalar(args[0])?, self.scalar(args[1])?);
                self.int_binary(op, &x, &y)
            }
            Shape::IntCompare => {
                let (x, y) = (self.scalar(args[0])?, self.scalar(args[1])?);
                let condition = match op {
                    Intrinsic::EqInt => "eq",
                    Intrinsic::NeInt => "ne",
                    Intrinsic::SltInt => either(Mutation::LlvmSltUnsigned, "ult", "slt"),
                    Intrinsic::SleInt => "sle",
                    Intrinsic::UltInt => "ult",
                    _ => "ule",
                };
                let (x, y) = (self.as_int(&x), self.as_int(&y));
                Ok(self.compare(condition, &x, &y))
            }
            Shape::Shift => self.shift(op, args),
            Shape::FloatUnary => {
                let x = self.float(op, args[0])?;
                self.float_unary(op, &x)
            }
            Shape::FloatBinary => {
                let (x, y) = (self.float(op, args[0])?, self.float(op, args[1])?);
                self.float_binary(op, &x, &y)
            }
            Shape::FloatTernary => {
                let x = self.float(op, args[0])?;
                let (y, z) = (self.float(op, args[1])?, self.float(op, args[2])?);
                Ok(match op {
                    Intrinsic::FmaFloat => self.call_float("fma", &[&x, &y, &z]),
                    _ => {
                        let product = self.w.op(x.ty, format_args!("fmul {x:#}, {y}"));
                        self.w.op(x.ty, format_args!("fadd {product:#}, {z}"))
                    }
                })
            }
            Shape::FloatCompare => {
                let (x, y) = (self.float(op, args[0])?, self.float(op, args[1])?);
                Ok(self.float_compare(op, &x, &y))
            }
            Shape::IntConvert
            | Shape::FloatToInt
            | Shape::IntToFloat
            | Shape::FloatConvert
            | Shape::Bitcast => self.convert(op, args, ty),
            Shape::PointerArithmetic => {
                let (x, y) = (self.pointer(args[0])?, self.scalar(args[1])?);
                let y = self.as_int(&y);
                Ok(match op {
                    Intrinsic::AddPtr => self.at_index(&x, &y),
                    _ => {
                        let back = self.w.op(y.ty, format_args!("sub {} 0, {y}", y.ty));
                        self.at_index(&x, &back)
                    }
                })
            }
            _ => Err(format!("`{}` is not supported here", op.name())),
        }
    }

    /// An operand of an operation on floats. Half precision is not among them.
    fn float(&mut self, op: Intrinsic, value: Value) -> Result<Reg> {
        let x = self.scalar(value)?;
        match x.ty.is_float() {
            true => Ok(x),
            false => Err(format!(
                "`{}` of half precision was not replaced",
                op.name()
            )),
        }
    }

    /// `icmp` of two operands of one type.
    pub(crate) fn compare(&mut self, condition: &str, x: &Reg, y: &Reg) -> Reg {
        self.w
            .op(Machine::I1, format_args!("icmp {condition} {x:#}, {y}"))
    }

    /// Whether an integer is this constant.
    pub(crate) fn is_number(&mut self, x: &Reg, number: i128) -> Reg {
        let number = Reg::int(x.ty, number);
        self.compare("eq", x, &number)
    }

    /// `cond ? x : y`.
    pub(crate) fn select(&mut self, cond: &Reg, x: &Reg, y: &Reg) -> Reg {
        self.w
            .op(x.ty, format_args!("select i1 {cond}, {x:#}, {y:#}"))
    }

    pub(crate) fn and(&mut self, x: &Reg, y: &Reg) -> Reg {
        self.w.op(x.ty, format_args!("and {x:#}, {y}"))
    }

    pub(crate) fn or(&mut self, x: &Reg, y: &Reg) -> Reg {
        self.w.op(x.ty, format_args!("or {x:#}, {y}"))
    }

    fn int_unary(&mut self, op: Intrinsic, given: &Reg) -> Result<Reg> {
        if given.ty == Machine::I1 && op == Intrinsic::NotInt {
            return Ok(self.w.op(Machine::I1, format_args!("xor {given:#}, true")));
        }
        let x = self.as_int(given);
        let ty = x.ty;
        let result = match op {
            Intrinsic::NegInt => self.w.op(ty, format_args!("sub {ty} 0, {x}")),
            Intrinsic::NotInt => self.w.op(ty, format_args!("xor {x:#}, -1")),
            Intrinsic::BswapInt if ty == Machine::I8 => x,
            Intrinsic::BswapInt | Intrinsic::CtpopInt | Intrinsic::BitreverseInt => {
                let name = match op {
                    Intrinsic::BswapInt => "bswap",
                    Intrinsic::CtpopInt => "ctpop",
                    _ => "bitreverse",
                };
                self.p
                    .intrinsic(format!("declare {ty} @llvm.{name}.{ty}({ty})"));
                self.w
                    .op(ty, format_args!("call {ty} @llvm.{name}.{ty}({x:#})"))
            }
            Intrinsic::CtlzInt | Intrinsic::CttzInt => {
                let name = match op {
                    Intrinsic::CtlzInt => "ctlz",
                    _ => "cttz",
                };
                self.p
                    .intrinsic(format!("declare {ty} @llvm.{name}.{ty}({ty}, i1)"));
                self.w.op(
                    ty,
                    format_args!("call {ty} @llvm.{name}.{ty}({x:#}, i1 false)"),
                )
            }
            _ => return Err(format!("`{}` of one integer", op.name())),
        };
        Ok(self.scalar_from_bits(&result, given.ty))
    }

    fn int_binary(&mut self, op: Intrinsic, x: &Reg, y: &Reg) -> Result<Reg> {
        let name = match op {
            Intrinsic::AddInt => "add",
            Intrinsic::SubInt => either(Mutation::LlvmSubNsw, "sub nsw", "sub"),
            Intrinsic::MulInt => "mul",
            Intrinsic::AndInt => "and",
            Intrinsic::OrInt => "or",
            Intrinsic::XorInt => "xor",
            _ => "",
        };
        let is_bitwise = matches!(name, "and" | "or" | "xor");
        if x.ty == Machine::I1 && y.ty == Machine::I1 && is_bitwise {
            return Ok(self.w.op(x.ty, format_args!("{name} {x:#}, {y}")));
        }
        let kind = x.ty;
        let (x, y) = (self.as_int(x), self.as_int(y));
        let ty = x.ty;
        let result = match op {
            Intrinsic::SdivInt | Intrinsic::SremInt | Intrinsic::UdivInt | Intrinsic::UremInt => {
                self.divide(op, &x, &y)?
            }
            Intrinsic::FlipsignInt => {
                // (x ^ s) - s where s is 0 or -1: the sign of y in every bit.
                let s = self.w.op(ty, format_args!("ashr {y:#}, {}", ty.bits() - 1));
                let flipped = self.w.op(ty, format_args!("xor {x:#}, {s}"));
                self.w.op(ty, format_args!("sub {flipped:#}, {s}"))
            }
            Intrinsic::SubInt if planted(Mutation::LlvmSubSwapped) => {
                self.w.op(ty, format_args!("sub {y:#}, {x}"))
            }
            _ if name.is_empty() => return Err(format!("`{}` of two integers", op.name())),
            _ => self.w.op(ty, format_args!("{name} {x:#}, {y}")),
        };
        Ok(self.scalar_from_bits(&result, kind))
    }

    /// Division. By zero, or beyond the range, its result is undefined in Julia, but all of the
    /// behaviour in LLVM: such divisors become 1. Where a check came before, LLVM sees that.
    fn divide(&mut self, op: Intrinsic, x: &Reg, y: &Reg) -> Result<Reg> {
        let ty = x.ty;
        if ty == Machine::I128 {
            return Err("128-bit division was not replaced".into());
        }
        let signed = matches!(op, Intrinsic::SdivInt | Intrinsic::SremInt);
        let name = match op {
            Intrinsic::SdivInt => "sdiv",
            Intrinsic::SremInt => either(Mutation::LlvmRemainderUnsigned, "urem", "srem"),
            Intrinsic::UdivInt => "udiv",
            _ => "urem",
        };
        let is_safe = matches!(y.text().parse::<i128>(), Ok(n) if n > 0 || !signed && n != 0);
        let divisor = match is_safe {
            true => y.clone(),
            false => {
                let mut bad = self.is_number(y, 0);
                if signed {
                    let least = self.is_number(x, -(1i128 << (ty.bits() - 1)));
                    let minus_one = self.is_number(y, -1);
                    let beyond = self.and(&least, &minus_one);
                    bad = self.or(&bad, &beyond);
                }
                self.select(&bad, &Reg::int(ty, 1), y)
            }
        };
        Ok(self.w.op(ty, format_args!("{name} {x:#}, {divisor}")))
    }

    /// Shifts: a count of at least the width gives zero, or the sign for `ashr_int`.
    fn shift(&mut self, op: Intrinsic, args: &[Value]) -> Result<Reg> {
        let (given, count) = (self.scalar(args[0])?, self.scalar(args[1])?);
        let (x, count) = (self.as_int(&given), self.as_int(&count));
        let ty = x.ty;
        let width = i128::from(ty.bits());
        let name = match op {
            Intrinsic::ShlInt => "shl",
            Intrinsic::LshrInt => "lshr",
            _ => "ashr",
        };
        // The width is a number of every type of counts: 128 in 8 bits, without sign.
        let order = either(Mutation::LlvmShiftBound, "ugt", "uge");
        let beyond = self.compare(order, &count, &Reg::bits(count.ty, width as u128));
        let count = match count.ty.bits().cmp(&ty.bits()) {
            std::cmp::Ordering::Equal => count,
            std::cmp::Ordering::Less => self.w.op(ty, format_args!("zext {count:#} to {ty}")),
            std::cmp::Ordering::Greater => self.w.op(ty, format_args!("trunc {count:#} to {ty}")),
        };
        let result = if op == Intrinsic::AshrInt {
            let most = self.select(&beyond, &Reg::int(ty, width - 1), &count);
            let name = either(Mutation::LlvmAshrLogical, "lshr", "ashr");
            self.w.op(ty, format_args!("{name} {x:#}, {most}"))
        } else {
            // What is not selected may be poison.
            let shifted = self.w.op(ty, format_args!("{name} {x:#}, {count}"));
            self.select(&beyond, &ty.zero(), &shifted)
        };
        Ok(self.scalar_from_bits(&result, given.ty))
    }

    /// One of LLVM's functions of floats of one type.
    fn call_float(&mut self, name: &str, args: &[&Reg]) -> Reg {
        let Some(ty) = args.first().map(|r| r.ty) else {
            return Machine::F64.zero();
        };
        let suffix = match ty {
            Machine::F32 => "f32",
            _ => "f64",
        };
        let types: Vec<String> = args.iter().map(|r| r.ty.to_string()).collect();
        let values: Vec<String> = args.iter().map(|r| format!("{r:#}")).collect();
        self.p.intrinsic(format!(
            "declare {ty} @llvm.{name}.{suffix}({})",
            types.join(", ")
        ));
        self.w.op(
            ty,
            format_args!("call {ty} @llvm.{name}.{suffix}({})", values.join(", ")),
        )
    }

    fn float_unary(&mut self, op: Intrinsic, x: &Reg) -> Result<Reg> {
        let name = match op {
            Intrinsic::NegFloat | Intrinsic::NegFloatFast => {
                return Ok(self.w.op(x.ty, format_args!("fneg {x:#}")));
            }
            Intrinsic::AbsFloat => "fabs",
            Intrinsic::CeilLlvm => "ceil",
            Intrinsic::FloorLlvm => "floor",
            Intrinsic::RintLlvm => either(Mutation::LlvmRintUp, "ceil", "rint"),
            Intrinsic::TruncLlvm => "trunc",
            Intrinsic::SqrtLlvm | Intrinsic::SqrtLlvmFast => "sqrt",
            _ => return Err(format!("`{}` of one float", op.name())),
        };
        Ok(self.call_float(name, &[x]))
    }

    fn float_binary(&mut self, op: Intrinsic, x: &Reg, y: &Reg) -> Result<Reg> {
        let name = match op {
            Intrinsic::AddFloat | Intrinsic::AddFloatFast => {
                match planted(Mutation::LlvmContracted) {
                    true => "fadd contract",
                    false => either(Mutation::LlvmReassociated, "fadd reassoc nsz", "fadd"),
                }
            }
            Intrinsic::SubFloat | Intrinsic::SubFloatFast => "fsub",
            Intrinsic::MulFloat | Intrinsic::MulFloatFast => {
                either(Mutation::LlvmContracted, "fmul contract", "fmul")
            }
            Intrinsic::DivFloat | Intrinsic::DivFloatFast => "fdiv",
            Intrinsic::CopysignFloat => return Ok(self.call_float("copysign", &[x, y])),
            _ => return Err(format!("`{}` was not replaced", op.name())),
        };
        Ok(self.w.op(x.ty, format_args!("{name} {x:#}, {y}")))
    }

    fn float_compare(&mut self, op: Intrinsic, x: &Reg, y: &Reg) -> Reg {
        let condition = match op {
            Intrinsic::EqFloat | Intrinsic::EqFloatFast => "oeq",
            Intrinsic::NeFloat | Intrinsic::NeFloatFast => {
                either(Mutation::LlvmNeOrdered, "one", "une")
            }
            Intrinsic::LtFloat | Intrinsic::LtFloatFast => "olt",
            Intrinsic::LeFloat | Intrinsic::LeFloatFast => "ole",
            _ => {
                // fpiseq: both NaN, or the same bits.
                let mut nan = |v: &Reg| self.w.op(Machine::I1, format_args!("fcmp uno {v:#}, {v}"));
                let (x_nan, y_nan) = (nan(x), nan(y));
                let both = self.and(&x_nan, &y_nan);
                let same = self.same_bits(x, y);
                return self.or(&both, &same);
            }
        };
        self.w
            .op(Machine::I1, format_args!("fcmp {condition} {x:#}, {y}"))
    }

    /// Whether two scalars of one type have the same bits: `===`.
    pub(crate) fn same_bits(&mut self, x: &Reg, y: &Reg) -> Reg {
        if x.ty.is_float() && planted(Mutation::LlvmEgalByValue) {
            return self.w.op(Machine::I1, format_args!("fcmp oeq {x:#}, {y}"));
        }
        if x.ty.is_float() {
            let (x, y) = (self.as_int(x), self.as_int(y));
            return self.compare("eq", &x, &y);
        }
        self.compare("eq", x, y)
    }

    /// `checked_sadd_int` and its like: the wrapped result and whether it overflowed.
    pub(crate) fn checked_pair(
        &mut self,
        op: Intrinsic,
        args: &[Value],
        ty: Type,
    ) -> Result<Typed> {
        let (x, y) = (self.scalar(args[0])?, self.scalar(args[1])?);
        let int = x.ty;
        let name = match op {
            Intrinsic::CheckedSaddInt => either(Mutation::LlvmOverflowFlag, "uadd", "sadd"),
            Intrinsic::CheckedUaddInt => "uadd",
            Intrinsic::CheckedSsubInt => "ssub",
            Intrinsic::CheckedUsubInt => "usub",
            Intrinsic::CheckedSmulInt => "smul",
            _ => "umul",
        };
        let function = format!("@llvm.{name}.with.overflow.{int}");
        let pair = format!("{{ {int}, i1 }}");
        self.p
            .intrinsic(format!("declare {pair} {function}({int}, {int})"));
        let both = self
            .w
            .group(format_args!("call {pair} {function}({x:#}, {y:#})"));
        let value = self
            .w
            .op(int, format_args!("extractvalue {pair} {both}, 0"));
        let overflow = self
            .w
            .op(Machine::I1, format_args!("extractvalue {pair} {both}, 1"));
        self.pair_of(ty, &value, &overflow)
    }

    /// An aggregate of two scalars.
    pub(crate) fn pair_of(&mut self, ty: Type, first: &Reg, second: &Reg) -> Result<Typed> {
        let layout = self.layout(ty)?;
        let (Repr::Memory { size, align }, [a, b]) = (self.repr(ty)?, &layout.fields[..]) else {
            return Err(format!("a pair of type {}", self.type_text(ty)));
        };
        let addr = self.w.alloca(size, align);
        self.store_scalar(first, &addr, a.offset.into(), Access::Own);
        self.store_scalar(second, &addr, b.offset.into(), Access::Own);
        Ok(Typed {
            ty,
            val: Val::Memory(addr),
        })
    }
}
