//! Memory behind pointers that were passed: loads, stores, atomic ones, addresses.

use super::body::{Body, Pointer};
use jlift_ir::{Intrinsic, Type, Value};

const ORDERS: [&str; 3] = ["sequentially_consistent", "monotonic", "acquire"];
const STORE_ORDERS: [&str; 3] = ["sequentially_consistent", "monotonic", "release"];

impl Body<'_, '_, '_, '_, '_> {
    /// A pointer with room for what callees take for granted.
    pub fn pointer_to(&mut self, elem: Type) -> Option<Value> {
        let enough = |p: &&Pointer| p.elem == elem && p.room >= super::body::ROOM;
        let all: Vec<Value> = (self.pointers.iter().filter(enough))
            .map(|p| p.value)
            .collect();
        self.c.one(&all)
    }

    /// Whether there is one.
    pub fn has_pointer_to(&self, elem: Type) -> bool {
        let mut all = self.pointers.iter();
        all.any(|p| p.elem == elem && p.room >= super::body::ROOM)
    }

    /// A statement with a pointer.
    pub fn memory(&mut self) -> Option<()> {
        let all: Vec<Pointer> = self.pointers.clone();
        let pointer = self.c.one(&all)?;
        let ty = self.g.module.tables.ptr(pointer.elem);
        match self.c.weighted(&[4, 4, 2, 2, 1]) {
            0 => {
                let index = self.index(pointer)?;
                let from = [pointer.value, index, Value::int64(1)];
                let value = self.intrinsic(Intrinsic::PointerRef, &from, pointer.elem);
                self.define(value, pointer.elem);
            }
            1 => {
                let value = self.value_of(pointer.elem)?;
                let index = self.index(pointer)?;
                let to = [pointer.value, value, index, Value::int64(1)];
                self.intrinsic(Intrinsic::PointerSet, &to, ty);
            }
            2 => self.atomic(pointer, ty)?,
            3 => self.further(pointer, ty)?,
            _ => {
                let other = self.c.one(&all)?;
                let to = Type::UINT64;
                let address = |me: &mut Self, p: Pointer| {
                    me.intrinsic(Intrinsic::Bitcast, &[Value::Type(to), p.value], to)
                };
                let (a, b) = (address(self, pointer), address(self, other));
                let value = self.intrinsic(Intrinsic::SubInt, &[a, b], to);
                self.define(value, to);
            }
        }
        Some(())
    }

    /// A number from 1 to as many elements as there are, mostly.
    fn index(&mut self, pointer: Pointer) -> Option<Value> {
        if self.c.percent(40) {
            let n = self.c.between(1, pointer.room as usize);
            return Some(Value::int64(n as i64));
        }
        let any = self.value_of(Type::INT64)?;
        if self.c.percent(1) {
            return Some(any);
        }
        let mask = Value::int64(pointer.room as i64 - 1);
        let low = self.intrinsic(Intrinsic::AndInt, &[any, mask], Type::INT64);
        let one = Value::int64(1);
        Some(self.intrinsic(Intrinsic::AddInt, &[low, one], Type::INT64))
    }

    /// A pointer to an element in the middle.
    fn further(&mut self, pointer: Pointer, ty: Type) -> Option<()> {
        let size = u64::from(self.width(pointer.elem) / 8);
        let room = pointer.room / 2;
        if room == 0 {
            return None;
        }
        let any = self.value_of(Type::UINT64)?;
        let mask = Value::Imm {
            ty: Type::UINT64,
            bits: room - 1,
        };
        let size = Value::Imm {
            ty: Type::UINT64,
            bits: size,
        };
        let count = self.intrinsic(Intrinsic::AndInt, &[any, mask], Type::UINT64);
        let bytes = self.intrinsic(Intrinsic::MulInt, &[count, size], Type::UINT64);
        let mut value = self.intrinsic(Intrinsic::AddPtr, &[pointer.value, bytes], ty);
        if self.c.percent(30) {
            value = self.intrinsic(Intrinsic::SubPtr, &[value, bytes], ty);
        }
        self.pointers.push(Pointer {
            value,
            elem: pointer.elem,
            room,
        });
        Some(())
    }

    fn atomic(&mut self, pointer: Pointer, ty: Type) -> Option<()> {
        let elem = pointer.elem;
        if !elem.is_integer() || self.width(elem) > 64 {
            return None;
        }
        let at = pointer.value;
        match self.c.below(4) {
            0 => {
                let order = self.c.one(&ORDERS)?;
                let order = self.g.module.tables.symbol(order);
                let value = self.intrinsic(Intrinsic::AtomicPointerRef, &[at, order], elem);
                self.define(value, elem);
            }
            1 => {
                let order = self.c.one(&STORE_ORDERS)?;
                let order = self.g.module.tables.symbol(order);
                let value = self.value_of(elem)?;
                self.intrinsic(Intrinsic::AtomicPointerSet, &[at, value, order], ty);
            }
            2 => {
                let order = self.g.module.tables.symbol("acquire_release");
                let value = self.value_of(elem)?;
                let swap = [at, value, order];
                let old = self.intrinsic(Intrinsic::AtomicPointerSwap, &swap, elem);
                self.define(old, elem);
            }
            _ => {
                let order = self.g.module.tables.symbol("sequentially_consistent");
                self.intrinsic(Intrinsic::AtomicFence, &[order], Type::NOTHING);
            }
        }
        Some(())
    }
}
