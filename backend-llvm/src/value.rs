//! Values in the representations of [`crate::repr`], and moving between them: loading, storing,
//! converting a value of one type to a wider or narrower one. An undefined reference is null.

use crate::function::Body;
use crate::machine::{Machine, Reg};
use crate::repr::{Passing, Repr};
use jlift_abi::layout::leaves;
use jlift_ir::{Type, TypeClass, Value};

/// A value in LLVM IR.
#[derive(Clone, Debug)]
pub enum Val {
    Ghost,
    Scalar(Reg),
    /// Address of an aggregate or union that nothing writes while the value lives.
    Memory(Reg),
    /// The exception being handled: the thread's error record.
    Exception,
}

/// A value with the type it really has, which may be narrower than the statement's.
#[derive(Clone, Debug)]
pub struct Typed {
    pub ty: Type,
    pub val: Val,
}

pub type Result<T> = std::result::Result<T, String>;

/// Whose memory is accessed.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Access {
    /// The program's own: aligned as its types are.
    Own,
    /// Behind a pointer of the user: any alignment.
    User,
}

/// Aggregates of up to this many scalars are stored scalar by scalar, so that what is between these
/// stays as it is.
const MAX_STORED: usize = 16;

impl Body<'_, '_> {
    /// Address of what is `offset` bytes behind another.
    pub fn at(&mut self, addr: &Reg, offset: i64) -> Reg {
        if offset == 0 {
            return addr.clone();
        }
        self.w.op(
            Machine::Ptr,
            format_args!("getelementptr i8, ptr {addr}, i64 {offset}"),
        )
    }

    /// Address of what is some bytes, known at run time, behind another.
    pub fn at_index(&mut self, addr: &Reg, bytes: &Reg) -> Reg {
        self.w.op(
            Machine::Ptr,
            format_args!("getelementptr i8, ptr {addr}, i64 {bytes}"),
        )
    }

    /// A scalar from memory. Of a Bool only the lowest bit counts.
    pub fn load_scalar(&mut self, ty: Machine, addr: &Reg, offset: i64, access: Access) -> Reg {
        let addr = self.at(addr, offset);
        let align = match access {
            Access::Own => ty.align(),
            Access::User => 1,
        };
        if ty == Machine::I1 {
            let byte = self
                .w
                .op(Machine::I8, format_args!("load i8, ptr {addr}, align 1"));
            return self
                .w
                .op(Machine::I1, format_args!("trunc i8 {byte} to i1"));
        }
        self.w
            .op(ty, format_args!("load {ty}, ptr {addr}, align {align}"))
    }

    /// Stores a scalar.
    pub fn store_scalar(&mut self, value: &Reg, addr: &Reg, offset: i64, access: Access) {
        let addr = self.at(addr, offset);
        let value = self.as_stored(value);
        let align = match access {
            Access::Own => value.ty.align(),
            Access::User => 1,
        };
        self.w
            .line(format_args!("store {value:#}, ptr {addr}, align {align}"));
    }

    /// A Bool as the byte that it is in memory; other scalars as they are.
    pub fn as_stored(&mut self, value: &Reg) -> Reg {
        match value.ty {
            Machine::I1 => self
                .w
                .op(Machine::I8, format_args!("zext i1 {value} to i8")),
            _ => value.clone(),
        }
    }

    /// Copies bytes between memory that does not overlap, or is the same.
    pub fn copy(&mut self, to: &Reg, to_align: u32, from: &Reg, from_align: u32, size: u32) {
        if size > 0 && to != from {
            self.w.line(format_args!(
                "call void @llvm.memcpy.p0.p0.i64(ptr align {} {to}, ptr align {} {from}, i64 {size}, i1 false)",
                to_align.max(1),
                from_align.max(1)
            ));
        }
    }

    /// Zeroes memory.
    pub fn zero(&mut self, addr: &Reg, size: u32) {
        if size > 0 {
            self.w.line(format_args!(
                "call void @llvm.memset.p0.i64(ptr {addr}, i8 0, i64 {size}, i1 false)"
            ));
        }
    }

    /// Loads a value of `ty`. What stays in memory is copied unless `alias` says that nothing writes
    /// to the address while the value lives.
    pub fn load(
        &mut self,
        ty: Type,
        addr: &Reg,
        offset: i64,
        access: Access,
        alias: bool,
    ) -> Result<Val> {
        Ok(match self.repr(ty)? {
            Repr::Ghost => Val::Ghost,
            Repr::Scalar(machine) => Val::Scalar(self.load_scalar(machine, addr, offset, access)),
            Repr::Memory { size, align } => {
                let from = self.at(addr, offset);
                if alias && access == Access::Own {
                    return Ok(Val::Memory(from));
                }
                let to = self.w.alloca(size, align);
                let from_align = match access {
                    Access::Own => align,
                    Access::User => 1,
                };
                self.copy(&to, align, &from, from_align, size);
                Val::Memory(to)
            }
        })
    }

    /// Stores a value of `ty`.
    pub fn store(
        &mut self,
        ty: Type,
        value: &Val,
        addr: &Reg,
        offset: i64,
        access: Access,
    ) -> Result<()> {
        match (self.repr(ty)?, value) {
            (Repr::Ghost, _) => {}
            (Repr::Scalar(_), Val::Scalar(v)) => self.store_scalar(v, addr, offset, access),
            (Repr::Memory { size, align }, Val::Memory(from)) => {
                let to = self.at(addr, offset);
                let tables = &self.module.tables;
                let small = match crate::union::holds_union(tables, ty) {
                    true => None,
                    false => leaves(tables, ty, MAX_STORED).ok(),
                };
                match small {
                    Some(leaves) => {
                        // All loads first: source and destination may be the same memory.
                        let mut parts = Vec::with_capacity(leaves.len());
                        for leaf in &leaves {
                            let machine = Machine::of_scalar(leaf.scalar);
                            let at = i64::from(leaf.offset);
                            parts.push(self.load_scalar(machine, from, at, Access::Own));
                        }
                        for (leaf, part) in leaves.iter().zip(&parts) {
                            self.store_scalar(part, &to, leaf.offset.into(), access);
                        }
                    }
                    None => {
                        let to_align = match access {
                            Access::Own => align,
                            Access::User => 1,
                        };
                        self.copy(&to, to_align, from, align, size);
                    }
                }
            }
            _ => return Err("a value in an unexpected representation".into()),
        }
        Ok(())
    }

    /// A value of `ty` whose bits do not matter: zeros.
    pub fn undefined(&mut self, ty: Type) -> Result<Val> {
        Ok(match self.repr(ty)? {
            Repr::Ghost => Val::Ghost,
            Repr::Scalar(machine) => Val::Scalar(machine.zero()),
            Repr::Memory { size, align } => {
                let addr = self.w.alloca(size, align);
                self.zero(&addr, size);
                Val::Memory(addr)
            }
        })
    }

    /// A value with an address: in memory already, or spilled to the stack.
    pub fn spill(&mut self, ty: Type, value: &Val) -> Result<Reg> {
        if let Val::Memory(addr) = value {
            return Ok(addr.clone());
        }
        let layout = self.layout(ty)?;
        let addr = self.w.alloca(layout.size, layout.align);
        self.store(ty, value, &addr, 0, Access::Own)?;
        Ok(addr)
    }

    /// A value as one of type `to`, which is the same, wider (a union that has it as a member) or
    /// narrower (a member of the union it is).
    pub fn coerce(&mut self, from: Typed, to: Type) -> Result<Val> {
        if from.ty == to || matches!(from.val, Val::Exception) {
            return Ok(from.val);
        }
        if from.ty == Type::BOTTOM {
            // Never executed.
            return self.undefined(to);
        }
        let is_ghost = matches!(from.val, Val::Ghost) && !self.is_dynamic(to);
        if self.is_dynamic(from.ty) != self.is_dynamic(to) && !is_ghost {
            // What is no object would be taken for one.
            return Err(self.mismatch(from.ty, to));
        }
        let to_repr = self.repr(to)?;
        if matches!((&from.val, to_repr), (Val::Ghost, Repr::Ghost)) {
            return Ok(Val::Ghost);
        }
        if self.is_union(from.ty) || self.is_union(to) {
            return self.coerce_union(from, to);
        }
        match (&from.val, to_repr) {
            (_, Repr::Ghost) => Ok(Val::Ghost),
            // Types with other names for the same values.
            (Val::Scalar(v), Repr::Scalar(machine)) if v.ty == machine => Ok(from.val),
            // Code that is never executed takes a value for one of another type: where that became
            // known only after the types were written down.
            (Val::Scalar(v), Repr::Scalar(machine)) if v.ty.bits() == machine.bits() => {
                let v = v.clone();
                let bits = self.as_int(&v);
                Ok(Val::Scalar(self.scalar_from_bits(&bits, machine)))
            }
            (Val::Memory(_), Repr::Memory { .. }) if self.repr(from.ty)? == to_repr => Ok(from.val),
            _ => Err(self.mismatch(from.ty, to)),
        }
    }

    pub fn mismatch(&self, from: Type, to: Type) -> String {
        format!(
            "a value of type {} where one of type {} is needed",
            self.type_text(from),
            self.type_text(to)
        )
    }

    /// The scalar that an operand is.
    pub fn scalar(&mut self, value: Value) -> Result<Reg> {
        let typed = self.operand(value)?;
        match typed.val {
            Val::Scalar(v) => Ok(v),
            _ => Err(format!(
                "expected a scalar, found a value of type {}",
                self.type_text(typed.ty)
            )),
        }
    }

    /// An operand that is an address.
    pub fn pointer(&mut self, value: Value) -> Result<Reg> {
        let v = self.scalar(value)?;
        Ok(self.as_pointer(&v))
    }

    /// An operand as a value of `ty`.
    pub fn operand_as(&mut self, value: Value, ty: Type) -> Result<Val> {
        let typed = self.operand(value)?;
        self.coerce(typed, ty)
    }

    /// The registers in which a value is passed or returned; for [`Passing::Address`] its address.
    pub fn passed(&mut self, ty: Type, value: &Val) -> Result<Vec<Reg>> {
        Ok(match self.p.passing(ty)? {
            Passing::Ghost => Vec::new(),
            Passing::Scalar(_) => match value {
                Val::Scalar(v) => vec![v.clone()],
                _ => return Err("a value in an unexpected representation".into()),
            },
            Passing::Parts(leaves) => {
                let addr = self.spill(ty, value)?;
                leaves
                    .iter()
                    .map(|leaf| {
                        let machine = Machine::of_scalar(leaf.scalar);
                        self.load_scalar(machine, &addr, leaf.offset.into(), Access::Own)
                    })
                    .collect()
            }
            Passing::Address => vec![self.spill(ty, value)?],
        })
    }

    /// A value from the registers in which it was passed or returned.
    pub fn received(&mut self, ty: Type, regs: &[Reg]) -> Result<Val> {
        Ok(match (self.p.passing(ty)?, regs) {
            (Passing::Ghost, _) => Val::Ghost,
            (Passing::Scalar(_), [v]) => Val::Scalar(v.clone()),
            (Passing::Address, [addr]) => Val::Memory(addr.clone()),
            (Passing::Parts(leaves), regs) if leaves.len() == regs.len() => {
                let layout = self.layout(ty)?;
                let addr = self.w.alloca(layout.size, layout.align);
                for (leaf, reg) in leaves.iter().zip(regs) {
                    self.store_scalar(reg, &addr, leaf.offset.into(), Access::Own);
                }
                Val::Memory(addr)
            }
            _ => return Err("a value with the wrong number of registers".into()),
        })
    }

    /// `x` as an address.
    pub fn as_pointer(&mut self, x: &Reg) -> Reg {
        match x.ty {
            Machine::Ptr => x.clone(),
            _ => self
                .w
                .op(Machine::Ptr, format_args!("inttoptr {x:#} to ptr")),
        }
    }

    /// The bits of a scalar as an integer of its width in memory.
    pub fn as_int(&mut self, x: &Reg) -> Reg {
        let int = x.ty.as_int();
        match x.ty {
            Machine::I1 => self.as_stored(x),
            Machine::Ptr => self.w.op(int, format_args!("ptrtoint {x:#} to {int}")),
            ty if ty.is_float() => self.w.op(int, format_args!("bitcast {x:#} to {int}")),
            _ => x.clone(),
        }
    }

    /// A scalar of type `to` from its bits; the inverse of [`Self::as_int`].
    pub fn scalar_from_bits(&mut self, bits: &Reg, to: Machine) -> Reg {
        match to {
            _ if bits.ty == to => bits.clone(),
            Machine::I1 => self.w.op(to, format_args!("trunc {bits:#} to i1")),
            Machine::Ptr => self.w.op(to, format_args!("inttoptr {bits:#} to ptr")),
            _ => self.w.op(to, format_args!("bitcast {bits:#} to {to}")),
        }
    }

    /// Whether a type's values are heap objects.
    pub fn is_heap(&self, ty: Type) -> bool {
        self.module.tables.class(ty) == TypeClass::Heap
    }
}
