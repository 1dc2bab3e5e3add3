//! Atomic memory: fences, loads, stores, exchanges. Orderings weaker than sequential consistency
//! are strengthened to it.

use crate::function::FunctionLowerer;
use crate::repr::Repr;
use crate::value::{Lowered, Result, Typed, user_memory};
use cranelift_codegen::ir::{AtomicRmwOp, InstBuilder, MemFlagsData};
use jlift_ir::{Intrinsic, Type, Value};

impl FunctionLowerer<'_, '_> {
    /// `atomic_*`.
    pub(crate) fn atomic(&mut self, op: Intrinsic, args: &[Value], ty: Type) -> Result<Typed> {
        if op == Intrinsic::AtomicFence {
            self.b.ins().fence();
            return Ok(Typed {
                ty: Type::NOTHING,
                value: Lowered::Ghost,
            });
        }
        let pointer = self.operand(args[0])?;
        let Some(elem) = self.module.tables.pointee(pointer.ty) else {
            return Err("an atomic access through something that is not a pointer".into());
        };
        let Repr::Scalar(reg) = self.repr(elem)? else {
            return Err(format!("an atomic access to a {}", self.type_text(elem)));
        };
        if reg.bits() > 64 {
            return Err(format!("an atomic access to a {}", self.type_text(elem)));
        }
        let Lowered::Scalar(addr) = pointer.value else {
            return Err("an atomic access through something that is not a pointer".into());
        };
        // Atomics work on integers; floats travel as their bits.
        let int = reg.as_int();
        let flags = user_memory();
        let from_bits = |this: &mut Self, v| {
            if reg.is_float() {
                this.b.ins().bitcast(reg, MemFlagsData::new(), v)
            } else if elem == Type::BOOL {
                this.b.ins().band_imm_s(v, 1)
            } else {
                v
            }
        };
        match op {
            Intrinsic::AtomicPointerRef => {
                let v = self.b.ins().atomic_load(int, flags, addr);
                let v = from_bits(self, v);
                Ok(Typed {
                    ty: elem,
                    value: Lowered::Scalar(v),
                })
            }
            Intrinsic::AtomicPointerSet => {
                let v = self.operand_as(args[1], elem)?;
                let Lowered::Scalar(v) = v else {
                    return Err("an atomic store of an aggregate".into());
                };
                let bits = self.bits_of(v);
                self.b.ins().atomic_store(flags, bits, addr);
                Ok(Typed {
                    ty: pointer.ty,
                    value: Lowered::Scalar(addr),
                })
            }
            Intrinsic::AtomicPointerSwap => {
                let v = self.operand_as(args[1], elem)?;
                let Lowered::Scalar(v) = v else {
                    return Err("an atomic store of an aggregate".into());
                };
                let bits = self.bits_of(v);
                let old = self
                    .b
                    .ins()
                    .atomic_rmw(int, flags, AtomicRmwOp::Xchg, addr, bits);
                let old = from_bits(self, old);
                Ok(Typed {
                    ty: elem,
                    value: Lowered::Scalar(old),
                })
            }
            Intrinsic::AtomicPointerReplace => {
                let expected = self.operand_as(args[1], elem)?;
                let desired = self.operand_as(args[2], elem)?;
                let (Lowered::Scalar(expected), Lowered::Scalar(desired)) = (expected, desired)
                else {
                    return Err("an atomic store of an aggregate".into());
                };
                let (expected, desired) = (self.bits_of(expected), self.bits_of(desired));
                let old = self.b.ins().atomic_cas(flags, addr, expected, desired);
                let success = self.same_bits(old, expected);
                let old = from_bits(self, old);
                Ok(Typed {
                    ty,
                    value: Lowered::Parts(vec![old, success]),
                })
            }
            _ => Err(format!("`{}` is not supported", op.name())),
        }
    }
}
