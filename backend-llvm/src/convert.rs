//! Conversions between numbers: widths, integers and floats, reinterpretation.

use crate::function::Body;
use crate::machine::{Machine, Reg};
use crate::repr::Repr;
use crate::value::Result;
use jlift_ir::{Intrinsic, Type, Value};
use jlift_mutations::{Mutation, either};

impl Body<'_, '_> {
    /// `intrinsic(type To, x)`.
    pub(crate) fn convert(&mut self, op: Intrinsic, args: &[Value], ty: Type) -> Result<Reg> {
        let to_type = match args[0] {
            Value::Type(to) => to,
            _ => ty,
        };
        let Repr::Scalar(to) = self.repr(to_type)? else {
            return Err(format!("a conversion to {}", self.type_text(to_type)));
        };
        let x = self.scalar(args[1])?;
        match op {
            Intrinsic::SextInt | Intrinsic::ZextInt | Intrinsic::TruncInt => {
                Ok(self.int_to_int(op, &x, to))
            }
            Intrinsic::SiToFp | Intrinsic::UiToFp => {
                let x = self.as_int(&x);
                if x.ty == Machine::I128 {
                    return Err("a 128-bit conversion was not replaced".into());
                }
                if !to.is_float() {
                    return Err("a half-precision conversion was not replaced".into());
                }
                let name = match op {
                    Intrinsic::SiToFp => "sitofp",
                    _ => either(Mutation::LlvmUnsignedToFloat, "sitofp", "uitofp"),
                };
                Ok(self.w.op(to, format_args!("{name} {x:#} to {to}")))
            }
            Intrinsic::FpToSi | Intrinsic::FpToUi => {
                let int = to.as_int();
                if int == Machine::I128 || !x.ty.is_float() {
                    return Err("a 128-bit or half-precision conversion was not replaced".into());
                }
                let name = match op {
                    Intrinsic::FpToSi => "fptosi",
                    _ => "fptoui",
                };
                let v = self.w.op(int, format_args!("{name} {x:#} to {int}"));
                // Out of range the result is undefined, but it is one number.
                let v = self.w.op(int, format_args!("freeze {v:#}"));
                Ok(self.scalar_from_bits(&v, to))
            }
            Intrinsic::FpTrunc => match (x.ty, to) {
                (Machine::F64, Machine::F32) => {
                    Ok(self.w.op(to, format_args!("fptrunc {x:#} to {to}")))
                }
                (a, b) if a == b => Ok(x),
                _ => Err("a half-precision conversion was not replaced".into()),
            },
            Intrinsic::FpExt => match (x.ty, to) {
                (Machine::F32, Machine::F64) => {
                    Ok(self.w.op(to, format_args!("fpext {x:#} to {to}")))
                }
                (a, b) if a == b => Ok(x),
                _ => Err("a half-precision conversion was not replaced".into()),
            },
            Intrinsic::Bitcast => {
                if x.ty == to {
                    return Ok(x);
                }
                if x.ty.as_int() != to.as_int() {
                    let from = self.static_type(args[1]);
                    return Err(format!(
                        "a bitcast of {} to {}",
                        self.type_text(from),
                        self.type_text(to_type)
                    ));
                }
                let bits = self.as_int(&x);
                Ok(self.scalar_from_bits(&bits, to))
            }
            _ => Err(format!("`{}` is not a conversion", op.name())),
        }
    }

    /// A change of width. A Bool has one bit, so its sign is its value.
    fn int_to_int(&mut self, op: Intrinsic, x: &Reg, to: Machine) -> Reg {
        if x.ty == to {
            return x.clone();
        }
        let x = match x.ty {
            Machine::I1 => x.clone(),
            _ => self.as_int(x),
        };
        let int = match to {
            Machine::I1 => to,
            _ => to.as_int(),
        };
        let v = match x.ty.bits().cmp(&int.bits()) {
            std::cmp::Ordering::Equal => x,
            std::cmp::Ordering::Greater => self.w.op(int, format_args!("trunc {x:#} to {int}")),
            std::cmp::Ordering::Less => {
                let name = match op {
                    Intrinsic::SextInt => either(Mutation::LlvmSextZero, "zext", "sext"),
                    _ => "zext",
                };
                self.w.op(int, format_args!("{name} {x:#} to {int}"))
            }
        };
        self.scalar_from_bits(&v, to)
    }
}
