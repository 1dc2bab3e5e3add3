//! Pointers: `pointerref`, `pointerset`, addresses of variables; atomic accesses, whose orderings
//! are all strengthened to sequential consistency.

use crate::function::Body;
use crate::machine::{Machine, Reg};
use crate::program::foreign_name;
use crate::repr::Repr;
use crate::statement::{nothing, scalar};
use crate::value::{Access, Result, Typed, Val};
use jlift_ir::{Intrinsic, Type, Value};

impl Body<'_, '_> {
    /// Address of element `index`, counted from 1, behind a pointer to `elem`.
    fn element(&mut self, pointer: Value, index: Value, elem: Type) -> Result<Reg> {
        let base = self.pointer(pointer)?;
        let stride = i64::from(self.layout(elem)?.stride());
        if let Value::Imm { bits, .. } = index {
            let offset = (bits as i64).wrapping_sub(1).wrapping_mul(stride);
            return Ok(self.at(&base, offset));
        }
        let index = self.scalar(index)?;
        let bytes = self.scaled(&index, stride);
        let addr = self.at_index(&base, &bytes);
        Ok(self.at(&addr, -stride))
    }

    /// `index * stride`.
    pub(crate) fn scaled(&mut self, index: &Reg, stride: i64) -> Reg {
        self.w
            .op(Machine::I64, format_args!("mul i64 {index}, {stride}"))
    }

    fn pointee(&mut self, pointer: Value) -> Result<Type> {
        let ty = self.operand(pointer)?.ty;
        match self.module.tables.pointee(ty) {
            Some(elem) if self.layout(elem).is_ok() => Ok(elem),
            Some(elem) => Err(format!(
                "a pointer to {}, whose values are boxed",
                self.type_text(elem)
            )),
            None => Err(format!("expected a pointer, found {}", self.type_text(ty))),
        }
    }

    /// `pointerref(p, i, align)`.
    pub(crate) fn pointer_load(&mut self, args: &[Value]) -> Result<Typed> {
        let ty = self.pointee(args[0])?;
        let addr = self.element(args[0], args[1], ty)?;
        let val = self.load(ty, &addr, 0, Access::User, false)?;
        Ok(Typed { ty, val })
    }

    /// `pointerset(p, x, i, align)`: what is there is dropped, if it is or holds references.
    pub(crate) fn pointer_store(&mut self, args: &[Value]) -> Result<Typed> {
        let elem = self.pointee(args[0])?;
        let value = self.operand_as(args[1], elem)?;
        let addr = self.element(args[0], args[2], elem)?;
        if self.p.is_counted(elem) {
            self.replace(elem, &value, &addr, 0)?;
        } else {
            self.store(elem, &value, &addr, 0, Access::User)?;
        }
        self.operand(args[0])
    }

    /// `cglobal(name[, T])`.
    pub(crate) fn global_address(&mut self, args: &[Value], ty: Type) -> Result<Typed> {
        match foreign_name(self.module, args[0]) {
            Some(name) => Ok(scalar(ty, self.p.variable(name)?)),
            None => Err("`cglobal` of a name known only at run time".into()),
        }
    }

    /// `atomic_*`.
    pub(crate) fn atomic(&mut self, op: Intrinsic, args: &[Value], ty: Type) -> Result<Typed> {
        if op == Intrinsic::AtomicFence {
            self.w.line(format_args!("fence seq_cst"));
            return Ok(nothing());
        }
        let pointer = self.operand(args[0])?;
        let Some(elem) = self.module.tables.pointee(pointer.ty) else {
            return Err("an atomic access through something that is not a pointer".into());
        };
        let machine = match self.repr(elem)? {
            Repr::Scalar(machine) if machine.bits() <= 64 => machine,
            _ => return Err(format!("an atomic access to a {}", self.type_text(elem))),
        };
        let addr = self.pointer(args[0])?;
        // Atomics work on integers.
        let int = machine.as_int();
        let align = int.bits() / 8;
        let bits_of = |this: &mut Self, value: Value| {
            let value = this.operand_as(value, elem)?;
            match value {
                Val::Scalar(v) => Ok(this.as_int(&v)),
                _ => Err("an atomic store of an aggregate".to_string()),
            }
        };
        match op {
            Intrinsic::AtomicPointerRef => {
                let v = self.w.op(
                    int,
                    format_args!("load atomic {int}, ptr {addr} seq_cst, align {align}"),
                );
                Ok(scalar(elem, self.scalar_from_bits(&v, machine)))
            }
            Intrinsic::AtomicPointerSet => {
                let bits = bits_of(self, args[1])?;
                self.w.line(format_args!(
                    "store atomic {bits:#}, ptr {addr} seq_cst, align {align}"
                ));
                Ok(pointer)
            }
            Intrinsic::AtomicPointerSwap => {
                let bits = bits_of(self, args[1])?;
                let old = self.w.op(
                    int,
                    format_args!("atomicrmw xchg ptr {addr}, {bits:#} seq_cst, align {align}"),
                );
                Ok(scalar(elem, self.scalar_from_bits(&old, machine)))
            }
            Intrinsic::AtomicPointerReplace => {
                let (expected, desired) = (bits_of(self, args[1])?, bits_of(self, args[2])?);
                let both = self.w.group(format_args!(
                    "cmpxchg ptr {addr}, {expected:#}, {desired:#} seq_cst seq_cst, align {align}"
                ));
                let pair = format!("{{ {int}, i1 }}");
                let old = self
                    .w
                    .op(int, format_args!("extractvalue {pair} {both}, 0"));
                let success = self
                    .w
                    .op(Machine::I1, format_args!("extractvalue {pair} {both}, 1"));
                let old = self.scalar_from_bits(&old, machine);
                self.pair_of(ty, &old, &success)
            }
            _ => Err(format!("`{}` is not supported", op.name())),
        }
    }
}
