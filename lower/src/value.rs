//! Values in the representations of [`crate::repr`], and moving between them: loading, storing,
//! converting a value of one type to a wider or narrower one. An undefined reference is null.

use crate::function::FunctionLowerer;
use crate::repr::{Repr, clif_type};
use cranelift_codegen::ir::{self, InstBuilder, MemFlagsData, StackSlotData, StackSlotKind, types};
use jlift_ir::{Type, Value};
use jlift_mutations::{Mutation, planted};

/// A lowered value.
#[derive(Clone, Debug)]
pub enum Lowered {
    Ghost,
    Scalar(ir::Value),
    /// Leaves in memory order, or tag and payload words of a union.
    Parts(Vec<ir::Value>),
    /// Address of an aggregate that nothing writes while the value lives.
    Memory(ir::Value),
    /// The exception being handled: the thread's error record.
    Exception,
}

/// A lowered value with the type it really has, which may be narrower than the statement's.
#[derive(Clone, Debug)]
pub struct Typed {
    pub ty: Type,
    pub value: Lowered,
}

pub type Result<T> = std::result::Result<T, String>;

/// Flags of accesses to memory that the generated code owns: stack slots, constants.
pub fn own_memory() -> MemFlagsData {
    MemFlagsData::trusted()
}

/// Flags of accesses through user pointers: any alignment; a bad address is the user's.
pub fn user_memory() -> MemFlagsData {
    MemFlagsData::new().with_notrap()
}

impl FunctionLowerer<'_, '_> {
    /// The registers of a value, in the order of [`Repr::registers`].
    pub fn registers(&self, value: &Lowered) -> Vec<ir::Value> {
        match value {
            Lowered::Ghost | Lowered::Exception => Vec::new(),
            Lowered::Scalar(v) | Lowered::Memory(v) => vec![*v],
            Lowered::Parts(parts) => parts.clone(),
        }
    }

    /// A value of `ty` from its registers; the inverse of [`Self::registers`].
    pub fn value_from_registers(&mut self, ty: Type, regs: &[ir::Value]) -> Result<Lowered> {
        Ok(match (self.repr(ty)?, regs) {
            (Repr::Ghost, _) => Lowered::Ghost,
            (Repr::Scalar(_), [v]) => Lowered::Scalar(*v),
            (Repr::Memory { .. }, [v]) => Lowered::Memory(*v),
            (Repr::Leaves(_) | Repr::Union { .. }, _) => Lowered::Parts(regs.to_vec()),
            _ => return Err("a value with the wrong number of registers".into()),
        })
    }

    /// The only register of a scalar operand.
    pub fn scalar(&mut self, value: Value) -> Result<ir::Value> {
        let typed = self.operand(value)?;
        match typed.value {
            Lowered::Scalar(v) => Ok(v),
            _ => Err(format!(
                "expected a scalar, found a value of type {}",
                self.type_text(typed.ty)
            )),
        }
    }

    /// An operand as a value of `ty`.
    pub fn operand_as(&mut self, value: Value, ty: Type) -> Result<Lowered> {
        let typed = self.operand(value)?;
        self.coerce(typed, ty)
    }

    /// A value of `ty` whose bits do not matter.
    pub fn undefined(&mut self, ty: Type) -> Result<Lowered> {
        let repr = self.repr(ty)?;
        Ok(match repr {
            Repr::Ghost => Lowered::Ghost,
            Repr::Scalar(t) => Lowered::Scalar(self.zero(t)),
            Repr::Memory { size, align } => {
                let addr = self.stack_memory(size, align);
                if !self.module.tables.is_bits(ty) {
                    self.zero_memory(addr, 0, size);
                }
                Lowered::Memory(addr)
            }
            Repr::Leaves(_) => {
                let regs = repr.registers();
                Lowered::Parts(regs.into_iter().map(|t| self.zero(t)).collect())
            }
            Repr::Union { .. } => {
                let regs = repr.registers();
                let mut parts: Vec<_> = regs.into_iter().map(|t| self.zero(t)).collect();
                if !self.module.tables.is_bits(ty) {
                    parts[0] = self.no_member();
                }
                Lowered::Parts(parts)
            }
        })
    }

    /// Zero of any machine type.
    pub fn zero(&mut self, ty: ir::Type) -> ir::Value {
        match ty {
            types::F32 => self.b.ins().f32const(0.0),
            types::F64 => self.b.ins().f64const(0.0),
            types::I128 => {
                let half = self.b.ins().iconst(types::I64, 0);
                self.b.ins().iconcat(half, half)
            }
            _ => self.b.ins().iconst(ty, 0),
        }
    }

    /// Address of fresh stack memory.
    pub fn stack_memory(&mut self, size: u32, align: u32) -> ir::Value {
        let shift = align.max(1).trailing_zeros() as u8;
        let slot = self.b.create_sized_stack_slot(StackSlotData::new(
            StackSlotKind::ExplicitSlot,
            size,
            shift,
        ));
        self.b.ins().stack_addr(types::I64, slot, 0)
    }

    /// Loads a value of `ty`. Aggregates in memory are copied unless `alias` says that nothing
    /// writes to the address while the value lives.
    pub fn load(
        &mut self,
        ty: Type,
        addr: ir::Value,
        offset: i32,
        flags: MemFlagsData,
        alias: bool,
    ) -> Result<Lowered> {
        Ok(match self.repr(ty)? {
            Repr::Ghost => Lowered::Ghost,
            Repr::Scalar(t) => {
                let v = self.b.ins().load(t, flags, addr, offset);
                self.clean_bools(ty, Lowered::Scalar(v))?
            }
            Repr::Leaves(leaves) => {
                let parts = leaves
                    .iter()
                    .map(|leaf| {
                        let t = clif_type(leaf.scalar);
                        self.b
                            .ins()
                            .load(t, flags, addr, offset + leaf.offset as i32)
                    })
                    .collect();
                self.clean_bools(ty, Lowered::Parts(parts))?
            }
            Repr::Memory { size, align } => {
                let from = if offset == 0 {
                    addr
                } else {
                    self.b.ins().iadd_imm_s(addr, i64::from(offset))
                };
                if alias {
                    Lowered::Memory(from)
                } else {
                    let to = self.stack_memory(size, align);
                    self.copy_memory(to, own_memory(), from, flags, size);
                    Lowered::Memory(to)
                }
            }
            Repr::Union { words, .. } => self.load_union(ty, words, addr, offset)?,
        })
    }

    /// Flags for reading an aggregate that the function itself holds at an address.
    pub fn memory_flags(&self, addr: ir::Value) -> MemFlagsData {
        if self.read_only.contains(addr) {
            own_memory().with_readonly().with_can_move()
        } else {
            own_memory()
        }
    }

    /// A value from memory or registers that others may have filled, as Julia sees it: of a Bool
    /// only the lowest bit counts.
    pub fn clean_bools(&mut self, ty: Type, value: Lowered) -> Result<Lowered> {
        Ok(match value {
            Lowered::Scalar(v) if ty == Type::BOOL && !planted(Mutation::LowerBoolFromMemory) => {
                Lowered::Scalar(self.b.ins().band_imm_s(v, 1))
            }
            Lowered::Parts(mut parts) if matches!(self.repr(ty)?, Repr::Leaves(_)) => {
                self.clean_bool_leaves(ty, &mut parts)?;
                Lowered::Parts(parts)
            }
            other => other,
        })
    }

    fn clean_bool_leaves(&mut self, ty: Type, parts: &mut [ir::Value]) -> Result<()> {
        let mut at = 0;
        for field in &self.layout(ty)?.fields {
            let count = self.leaf_count(field.ty)?;
            let Some(mine) = parts.get_mut(at..at + count) else {
                return Err("an aggregate with too few leaves".into());
            };
            at += count;
            match mine {
                [flag] if field.ty == Type::BOOL => *flag = self.b.ins().band_imm_s(*flag, 1),
                _ if matches!(self.repr(field.ty)?, Repr::Leaves(_)) => {
                    self.clean_bool_leaves(field.ty, mine)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Stores a value of `ty`.
    pub fn store(
        &mut self,
        ty: Type,
        value: &Lowered,
        addr: ir::Value,
        offset: i32,
        flags: MemFlagsData,
    ) -> Result<()> {
        match (self.repr(ty)?, value) {
            (Repr::Ghost, _) => {}
            (Repr::Scalar(_), Lowered::Scalar(v)) => {
                self.b.ins().store(flags, *v, addr, offset);
            }
            (Repr::Leaves(leaves), Lowered::Parts(parts)) => {
                for (leaf, &part) in leaves.iter().zip(parts) {
                    self.b
                        .ins()
                        .store(flags, part, addr, offset + leaf.offset as i32);
                }
            }
            (Repr::Memory { .. } | Repr::Leaves(_), Lowered::Memory(from)) => {
                let size = self.layout(ty)?.size;
                let to = if offset == 0 {
                    addr
                } else {
                    self.b.ins().iadd_imm_s(addr, i64::from(offset))
                };
                self.copy_memory(to, flags, *from, own_memory(), size);
            }
            (Repr::Union { words, .. }, Lowered::Parts(parts)) => {
                self.store_union(ty, words, parts, addr, offset)?;
            }
            _ => return Err("a value in an unexpected representation".into()),
        }
        Ok(())
    }

    /// Copies `size` bytes between memory that does not overlap, or is the same.
    pub fn copy_memory(
        &mut self,
        to: ir::Value,
        to_flags: MemFlagsData,
        from: ir::Value,
        from_flags: MemFlagsData,
        size: u32,
    ) {
        let chunks = |size: u32| {
            let mut at = 0;
            std::iter::from_fn(move || {
                let (ty, n) = match size - at {
                    0 => return None,
                    1 => (types::I8, 1),
                    2..=3 => (types::I16, 2),
                    4..=7 => (types::I32, 4),
                    8..=15 => (types::I64, 8),
                    _ => (types::I8X16, 16),
                };
                at += n;
                Some((ty, (at - n) as i32))
            })
        };
        // Chunks may be wider than the alignment of either side.
        let unaligned = MemFlagsData::new().with_notrap();
        let _ = (to_flags, from_flags);
        if size <= 256 {
            // All loads first: source and destination may be the same memory.
            let loads: Vec<_> = chunks(size)
                .map(|(ty, at)| (self.b.ins().load(ty, unaligned, from, at), at))
                .collect();
            for (v, at) in loads {
                self.b.ins().store(unaligned, v, to, at);
            }
            return;
        }
        // A loop of 16-byte steps, then the rest.
        let whole = size & !15;
        let head = self.b.create_block();
        let done = self.b.create_block();
        let i = self.b.append_block_param(head, types::I64);
        let zero = self.b.ins().iconst(types::I64, 0);
        self.b.ins().jump(head, &[zero.into()]);
        self.b.switch_to_block(head);
        let src = self.b.ins().iadd(from, i);
        let dst = self.b.ins().iadd(to, i);
        let v = self.b.ins().load(types::I8X16, unaligned, src, 0);
        self.b.ins().store(unaligned, v, dst, 0);
        let next = self.b.ins().iadd_imm_s(i, 16);
        let more = self.b.ins().icmp_imm_s(
            ir::condcodes::IntCC::UnsignedLessThan,
            next,
            i64::from(whole),
        );
        self.b.ins().brif(more, head, &[next.into()], done, &[]);
        self.b.switch_to_block(done);
        if size > whole {
            let src = self.b.ins().iadd_imm_s(from, i64::from(whole));
            let dst = self.b.ins().iadd_imm_s(to, i64::from(whole));
            self.copy_memory(dst, to_flags, src, from_flags, size - whole);
        }
    }

    /// A value with its address: in memory already, or spilled to the stack.
    pub fn spill(&mut self, ty: Type, value: &Lowered) -> Result<ir::Value> {
        if let Lowered::Memory(addr) = value {
            return Ok(*addr);
        }
        let layout = self.layout(ty)?;
        let addr = self.stack_memory(layout.size.max(1), layout.align);
        self.store(ty, value, addr, 0, own_memory())?;
        Ok(addr)
    }

    /// A value as one of type `to`, which is the same, wider (a union that has it as a member) or
    /// narrower (a member of the union it is).
    pub fn coerce(&mut self, from: Typed, to: Type) -> Result<Lowered> {
        if from.ty == to || matches!(from.value, Lowered::Exception) {
            return Ok(from.value);
        }
        if from.ty == Type::BOTTOM {
            // Never executed.
            return self.undefined(to);
        }
        let is_dynamic = |ty| self.module.tables.class(ty) == jlift_ir::TypeClass::Abstract;
        let is_ghost = matches!(from.value, Lowered::Ghost) && !is_dynamic(to);
        if is_dynamic(from.ty) != is_dynamic(to) && !is_ghost {
            // What is no object would be taken for one.
            return Err(format!(
                "a value of type {} where one of type {} is needed",
                self.type_text(from.ty),
                self.type_text(to)
            ));
        }
        let to_repr = self.repr(to)?;
        if matches!((&from.value, &to_repr), (Lowered::Ghost, Repr::Ghost)) {
            // `type T` as `Type{T}`, the only value of a singleton.
            return Ok(Lowered::Ghost);
        }
        let from_repr = self.repr(from.ty)?;
        match (&from_repr, &to_repr) {
            (Repr::Union { .. }, _) | (_, Repr::Union { .. }) => {
                self.coerce_union(from, from_repr, to, to_repr)
            }
            // `Type{T}` as `DataType`, a tuple type with other names for the same layout, ...; a type
            // is no object, whatever the representation of its type.
            _ if from_repr == to_repr && !matches!(from.value, Lowered::Ghost) => Ok(from.value),
            (_, Repr::Ghost) => Ok(Lowered::Ghost),
            _ => Err(format!(
                "a value of type {} where one of type {} is needed",
                self.type_text(from.ty),
                self.type_text(to)
            )),
        }
    }
}
