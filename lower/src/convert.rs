//! Conversions between numbers: widths, integers and floats, reinterpretation.

use crate::function::FunctionLowerer;
use crate::repr::Repr;
use crate::value::Result;
use cranelift_codegen::ir::{self, InstBuilder, MemFlagsData, types};
use jlift_ir::{Intrinsic, Type, Value};
use jlift_mutations::{Mutation, planted};

impl FunctionLowerer<'_, '_> {
    /// `intrinsic(type To, x)`.
    pub(crate) fn convert(&mut self, op: Intrinsic, args: &[Value], ty: Type) -> Result<ir::Value> {
        let to = match args[0] {
            Value::Type(to) => to,
            _ => ty,
        };
        let Repr::Scalar(to_reg) = self.repr(to)? else {
            return Err(format!("a conversion to {}", self.type_text(to)));
        };
        let from = self.static_type(args[1]);
        let x = self.scalar(args[1])?;
        let from_reg = self.b.func.dfg.value_type(x);
        match op {
            Intrinsic::SextInt | Intrinsic::ZextInt | Intrinsic::TruncInt => {
                let v = self.int_to_int(op, x, from, to_reg);
                Ok(if to == Type::BOOL && from != Type::BOOL {
                    self.b.ins().band_imm_s(v, 1)
                } else {
                    v
                })
            }
            Intrinsic::SiToFp | Intrinsic::UiToFp => {
                if from_reg == types::I128 {
                    return Err("a 128-bit conversion was not replaced".into());
                }
                let signed = op == Intrinsic::SiToFp;
                // Narrow integers are widened first; the machine has no narrower conversion.
                let wide = if from_reg.bits() < 32 {
                    types::I32
                } else {
                    from_reg
                };
                let x = if wide == from_reg {
                    x
                } else if signed {
                    self.b.ins().sextend(wide, x)
                } else {
                    self.b.ins().uextend(wide, x)
                };
                let unsigned_fits =
                    !signed && (from_reg.bits() < 32 || planted(Mutation::LowerUnsignedToFloat));
                Ok(if signed || unsigned_fits {
                    self.b.ins().fcvt_from_sint(to_reg, x)
                } else if from_reg == types::I32 {
                    let x = self.b.ins().uextend(types::I64, x);
                    self.b.ins().fcvt_from_sint(to_reg, x)
                } else {
                    self.b.ins().fcvt_from_uint(to_reg, x)
                })
            }
            Intrinsic::FpToSi | Intrinsic::FpToUi => {
                if to_reg == types::I128 {
                    return Err("a 128-bit conversion was not replaced".into());
                }
                // Out of range is undefined; the saturating form never traps. A small unsigned
                // result is read off a wider signed conversion.
                let signed = op == Intrinsic::FpToSi;
                let wide = match (signed, to_reg.bits()) {
                    (true, ..=32) => types::I32,
                    (false, ..=16) => types::I32,
                    (false, 32) if planted(Mutation::LowerSmallUnsignedSaturates) => types::I32,
                    _ => types::I64,
                };
                let v = if signed || to_reg.bits() < 64 {
                    self.b.ins().fcvt_to_sint_sat(wide, x)
                } else {
                    self.b.ins().fcvt_to_uint_sat(wide, x)
                };
                Ok(if wide == to_reg {
                    v
                } else {
                    self.b.ins().ireduce(to_reg, v)
                })
            }
            Intrinsic::FpTrunc => Ok(match (from_reg, to_reg) {
                (types::F64, types::F32) => self.b.ins().fdemote(types::F32, x),
                (a, b) if a == b => x,
                _ => return Err("a half-precision conversion was not replaced".into()),
            }),
            Intrinsic::FpExt => Ok(match (from_reg, to_reg) {
                (types::F32, types::F64) => self.b.ins().fpromote(types::F64, x),
                (a, b) if a == b => x,
                _ => return Err("a half-precision conversion was not replaced".into()),
            }),
            Intrinsic::Bitcast => {
                if from_reg.bits() != to_reg.bits() {
                    return Err(format!(
                        "a bitcast of {} to {}",
                        self.type_text(from),
                        self.type_text(to)
                    ));
                }
                if to == Type::BOOL && from != Type::BOOL {
                    return Ok(self.b.ins().band_imm_s(x, 1));
                }
                Ok(if from_reg == to_reg {
                    x
                } else {
                    self.b.ins().bitcast(to_reg, MemFlagsData::new(), x)
                })
            }
            _ => Err(format!("`{}` is not a conversion", op.name())),
        }
    }

    fn int_to_int(&mut self, op: Intrinsic, x: ir::Value, from: Type, to: ir::Type) -> ir::Value {
        let from_reg = self.b.func.dfg.value_type(x);
        if to.bits() < from_reg.bits() {
            let (narrow, split) = if from_reg == types::I128 {
                let (low, _) = self.b.ins().isplit(x);
                (low, true)
            } else {
                (x, false)
            };
            return if split && to == types::I64 {
                narrow
            } else {
                self.b.ins().ireduce(to, narrow)
            };
        }
        if to.bits() == from_reg.bits() {
            return x;
        }
        match op {
            // A Bool has one bit, so its sign is its value.
            Intrinsic::SextInt if from == Type::BOOL => {
                let wide = self.b.ins().uextend(to, x);
                self.b.ins().ineg(wide)
            }
            Intrinsic::SextInt if !planted(Mutation::LowerSextZero) => self.b.ins().sextend(to, x),
            _ => self.b.ins().uextend(to, x),
        }
    }
}
