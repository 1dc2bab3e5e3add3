//! Intrinsics by the shape of their arguments and result.

use super::{Check, FunctionVerifier, ensure};
use crate::function::{Inst, Value};
use crate::intrinsic::{Intrinsic, Shape};
use crate::types::{Type, TypeClass, TypeParam};

/// Which numbers an intrinsic takes.
#[derive(Copy, Clone, PartialEq)]
enum Kind {
    Integer,
    Float,
}

impl FunctionVerifier<'_, '_> {
    pub(super) fn intrinsic(&mut self, inst: Inst, intrinsic: Intrinsic, args: &[Value]) -> Check {
        let (least, most) = intrinsic.arity();
        ensure!(
            (least..=most).contains(&args.len()),
            "{} takes {}, not {}",
            intrinsic.name(),
            arity_text(least, most),
            args.len()
        );
        // Code that is never reached may have operands of any type in place of `Union{}`.
        if args.iter().any(|&a| self.ty(a) == Type::BOTTOM) {
            return Ok(());
        }
        match intrinsic.shape() {
            Shape::IntUnary | Shape::IntBinary => {
                let ty = self.same(args, Kind::Integer)?;
                self.result(inst, ty)
            }
            Shape::CheckedDivide => {
                let ty = self.same(args, Kind::Integer)?;
                self.result_or_narrower(inst, ty)
            }
            Shape::FloatUnary | Shape::FloatBinary | Shape::FloatTernary => {
                let ty = self.same(args, Kind::Float)?;
                self.result(inst, ty)
            }
            Shape::IntCompare => {
                self.same(args, Kind::Integer)?;
                self.result(inst, Type::BOOL)
            }
            Shape::FloatCompare => {
                self.same(args, Kind::Float)?;
                self.result(inst, Type::BOOL)
            }
            Shape::Shift => {
                let ty = self.number(args[0], Kind::Integer)?;
                self.number(args[1], Kind::Integer)?;
                self.result(inst, ty)
            }
            Shape::CheckedPair => {
                let ty = self.same(args, Kind::Integer)?;
                self.checked_pair(inst, ty)
            }
            Shape::IntConvert
            | Shape::FloatToInt
            | Shape::IntToFloat
            | Shape::FloatConvert
            | Shape::Bitcast => self.conversion(inst, intrinsic, args),
            Shape::PointerArithmetic => {
                // Julia 1.10 computes addresses as `UInt`s too.
                for &arg in args {
                    let ty = self.number(arg, Kind::Integer)?;
                    ensure!(
                        self.v.types.width(ty) == Some(64),
                        "an operand is of type {}, not a pointer or an integer of its width",
                        self.text(ty)
                    );
                }
                self.result(inst, self.ty(args[0]))
            }
            Shape::PointerLoad => {
                let (_, pointee) = self.pointer(args[0])?;
                self.int64_operand(args[1], "the index")?;
                self.int64_operand(args[2], "the alignment")?;
                self.loaded(inst, pointee)
            }
            Shape::PointerStore => {
                let (ptr, pointee) = self.pointer(args[0])?;
                self.value_of_type(args[1], pointee, "the stored value")?;
                self.int64_operand(args[2], "the index")?;
                self.int64_operand(args[3], "the alignment")?;
                self.result(inst, ptr)
            }
            Shape::Atomic => self.atomic(inst, intrinsic, args),
            Shape::HaveFma => {
                self.target_type(args[0])?;
                self.result(inst, Type::BOOL)
            }
            Shape::ArrayLength => {
                let ty = self.ty(args[0]);
                let is_array = matches!(
                    self.v.types.class(ty),
                    TypeClass::Array | TypeClass::Abstract | TypeClass::Union
                );
                ensure!(
                    is_array,
                    "the operand is of type {}, not an array",
                    self.text(ty)
                );
                self.result(inst, Type::INT64)
            }
            Shape::GlobalAddress => {
                let stated = self.func.insts[inst].ty;
                ensure!(
                    self.v.types.class(stated) == TypeClass::Pointer,
                    "gives a pointer, but is typed {}",
                    self.text(stated)
                );
                if let Some(&of) = args.get(1) {
                    let of = self.target_type(of)?;
                    ensure!(
                        self.tables().pointee(stated) == Some(of),
                        "gives Ptr{{{}}}, but is typed {}",
                        self.text(of),
                        self.text(stated)
                    );
                }
                Ok(())
            }
            Shape::Refused => Err(format!("{} is not supported", intrinsic.name())),
        }
    }

    /// The common type of numbers of one kind.
    fn same(&mut self, args: &[Value], kind: Kind) -> Result<Type, String> {
        let ty = self.number(args[0], kind)?;
        for &arg in &args[1..] {
            ensure!(
                self.ty(arg) == ty,
                "operands of different types: {} and {}",
                self.text(ty),
                self.value_type_text(arg)
            );
        }
        Ok(ty)
    }

    fn number(&mut self, value: Value, kind: Kind) -> Result<Type, String> {
        let ty = self.ty(value);
        let (right, what) = match kind {
            Kind::Integer => (self.v.types.is_integer_like(ty), "an integer"),
            Kind::Float => (ty.is_float(), "a float"),
        };
        ensure!(
            right,
            "an operand is of type {}, not {what}",
            self.value_type_text(value)
        );
        Ok(ty)
    }

    fn checked_pair(&mut self, inst: Inst, ty: Type) -> Check {
        let stated = self.func.insts[inst].ty;
        let pair = [TypeParam::Type(ty), TypeParam::Type(Type::BOOL)];
        let tables = self.tables();
        let right = (tables.is_tuple(stated) && tables.params(stated) == pair)
            || (stated == Type::ANY && !self.is_used(inst));
        ensure!(
            right,
            "gives Tuple{{{}, Bool}}, but is typed {}",
            self.text(ty),
            self.text(stated)
        );
        Ok(())
    }

    /// The type that an operand, always the same one, is.
    pub(super) fn target_type(&mut self, value: Value) -> Result<Type, String> {
        let ty = match value {
            Value::Type(t) => Some(t),
            _ => self.tables().type_of_type(self.ty(value)),
        };
        let Some(ty) = ty else {
            return Err(format!(
                "an operand of type {} where a constant type is needed",
                self.value_type_text(value)
            ));
        };
        self.v.check_type(ty)?;
        Ok(ty)
    }

    fn conversion(&mut self, inst: Inst, intrinsic: Intrinsic, args: &[Value]) -> Check {
        let to = self.target_type(args[0])?;
        let target = |kind: Kind, me: &mut Self| {
            let (right, what) = match kind {
                Kind::Integer => (me.v.types.is_integer_like(to), "an integer"),
                Kind::Float => (to.is_float(), "a float"),
            };
            ensure!(right, "the target type {} is not {what}", me.text(to));
            Ok(())
        };
        let (from_kind, to_kind) = match intrinsic.shape() {
            Shape::IntConvert => (Kind::Integer, Kind::Integer),
            Shape::FloatToInt => (Kind::Float, Kind::Integer),
            Shape::IntToFloat => (Kind::Integer, Kind::Float),
            Shape::FloatConvert => (Kind::Float, Kind::Float),
            _ => {
                let from = self.ty(args[1]);
                let (Some(a), Some(b)) = (self.v.types.width(from), self.v.types.width(to)) else {
                    return Err(format!(
                        "from {} to {}: only numbers and pointers have bits to be reinterpreted",
                        self.value_type_text(args[1]),
                        self.text(to)
                    ));
                };
                ensure!(
                    a == b,
                    "from {a} bits ({}) to {b} bits ({})",
                    self.text(from),
                    self.text(to)
                );
                return self.result(inst, to);
            }
        };
        target(to_kind, self)?;
        let from = self.number(args[1], from_kind)?;
        let widths = (self.v.types.width(from), self.v.types.width(to));
        let right = match intrinsic {
            Intrinsic::SextInt | Intrinsic::ZextInt | Intrinsic::FpExt => widths.0 < widths.1,
            Intrinsic::TruncInt | Intrinsic::FpTrunc => widths.0 > widths.1,
            _ => true,
        };
        ensure!(
            right,
            "{} from {} to {}",
            intrinsic.name(),
            self.text(from),
            self.text(to)
        );
        self.result(inst, to)
    }

    /// A pointer operand's type and what it points to.
    fn pointer(&mut self, value: Value) -> Result<(Type, Type), String> {
        let ty = self.ty(value);
        match self.tables().pointee(ty) {
            Some(pointee) => {
                self.v.check_type(pointee)?;
                Ok((ty, pointee))
            }
            None => Err(format!(
                "an operand is of type {}, not a pointer",
                self.value_type_text(value)
            )),
        }
    }

    /// What is loaded through a pointer is of the type that it points to; of what lies behind a
    /// pointer to an abstract type more may be known.
    fn loaded(&mut self, inst: Inst, pointee: Type) -> Check {
        match self.v.types.class(pointee) {
            TypeClass::Abstract | TypeClass::Union => self.result_or_narrower(inst, pointee),
            _ => self.result(inst, pointee),
        }
    }

    fn atomic(&mut self, inst: Inst, intrinsic: Intrinsic, args: &[Value]) -> Check {
        // The orders come last.
        let orders = if intrinsic == Intrinsic::AtomicPointerReplace {
            2
        } else {
            1
        };
        for &order in &args[args.len() - orders..] {
            self.symbol(order, "the memory order")?;
        }
        if intrinsic == Intrinsic::AtomicFence {
            return self.result(inst, Type::NOTHING);
        }
        let (ptr, pointee) = self.pointer(args[0])?;
        match intrinsic {
            Intrinsic::AtomicPointerRef => self.loaded(inst, pointee),
            Intrinsic::AtomicPointerSet => {
                self.value_of_type(args[1], pointee, "the stored value")?;
                self.result(inst, ptr)
            }
            Intrinsic::AtomicPointerSwap => {
                self.value_of_type(args[1], pointee, "the stored value")?;
                self.loaded(inst, pointee)
            }
            // Their results are pairs declared in Julia.
            _ => Ok(()),
        }
    }
}

pub(super) fn arity_text(least: usize, most: usize) -> String {
    match (least, most) {
        (1, 1) => "1 argument".into(),
        _ if least == most => format!("{least} arguments"),
        (_, 65535) => format!("at least {least} arguments"),
        _ => format!("{least} to {most} arguments"),
    }
}
