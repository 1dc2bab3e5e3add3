//! Arrays that the program makes and changes.

use super::body::Body;
use jlift_ir::{Builtin, Intrinsic, Type, TypeClass, Value};

impl Body<'_, '_, '_, '_, '_> {
    /// A new array, all of whose elements are assigned; those of references may be left out.
    pub fn make_array(&mut self, ty: Type, depth: usize) -> Option<Value> {
        let (elem, dims) = self.g.module.tables.array_of(ty)?;
        let is_bits = self.g.module.tables.is_bits(elem);
        let sizes: Vec<i64> = (0..dims)
            .map(|_| self.c.below(if dims == 1 { 5 } else { 3 }) as i64)
            .collect();
        let mut values = Vec::new();
        for _ in 0..sizes.iter().product::<i64>() {
            values.push(match is_bits || self.c.percent(80) {
                true => Some(self.value_within(elem, depth)?),
                false => None,
            });
        }
        let mut args = vec![(Type::ANY, Value::Type(ty))];
        args.extend(sizes.iter().map(|&n| (Type::INT64, Value::int64(n))));
        let name = match dims {
            1 => "jl_alloc_array_1d",
            2 => "jl_alloc_array_2d",
            _ => "jl_alloc_array_3d",
        };
        let array = self.foreign(name, ty, &args);
        for (n, value) in values.into_iter().enumerate() {
            let Some(value) = value else { continue };
            let n = n as i64;
            let mut set = vec![Value::bool(true), array, value];
            match sizes[..] {
                [rows, _] if self.c.percent(50) => {
                    set.extend([Value::int64(n % rows + 1), Value::int64(n / rows + 1)]);
                }
                _ => set.push(Value::int64(n + 1)),
            }
            self.builtin(Builtin::ArraySet, &set, ty);
        }
        Some(array)
    }

    /// A statement with an array.
    pub fn arrays(&mut self) -> Option<()> {
        let found = self.find(|me, ty| me.class(ty) == TypeClass::Array);
        let Some(found) = found.filter(|_| self.c.percent(85)) else {
            let ty = self.c.one(&self.g.types.arrays)?;
            let array = self.make_array(ty, 3)?;
            self.define(array, ty);
            return Some(());
        };
        let (array, ty) = (found.value, found.ty);
        let (elem, dims) = self.g.module.tables.array_of(ty)?;
        match self.c.weighted(&[5, 5, 2, 1, 2, 1]) {
            0 => {
                let op = match self.c.percent(85) {
                    true => Builtin::ArrayRef,
                    false => Builtin::ConstArrayRef,
                };
                let mut args = vec![Value::bool(true), array];
                self.indices(dims, &mut args)?;
                let value = self.builtin(op, &args, elem);
                self.define(value, elem);
            }
            1 => {
                let value = self.value_of(elem)?;
                let mut args = vec![Value::bool(true), array, value];
                self.indices(dims, &mut args)?;
                self.builtin(Builtin::ArraySet, &args, ty);
            }
            2 => {
                let length = self.intrinsic(Intrinsic::ArrayLen, &[array], Type::INT64);
                self.define(length, Type::INT64);
            }
            3 => {
                let n = Value::int64(self.c.between(1, dims as usize) as i64);
                let size = self.builtin(Builtin::ArraySize, &[array, n], Type::INT64);
                self.define(size, Type::INT64);
            }
            4 if dims == 1 => {
                let value = self.value_of(elem)?;
                let one = Value::Imm {
                    ty: Type::UINT64,
                    bits: 1,
                };
                let grow = [(Type::ANY, array), (Type::UINT64, one)];
                self.foreign("jl_array_grow_end", Type::NOTHING, &grow);
                let last = self.intrinsic(Intrinsic::ArrayLen, &[array], Type::INT64);
                let set = [Value::bool(true), array, value, last];
                self.builtin(Builtin::ArraySet, &set, ty);
            }
            5 if dims == 1 => {
                // One less, of an array that is empty too: that throws.
                let one = Value::Imm {
                    ty: Type::UINT64,
                    bits: 1,
                };
                let name = self.c.one(&["jl_array_del_end", "jl_array_del_beg"])?;
                let less = [(Type::ANY, array), (Type::UINT64, one)];
                self.foreign(name, Type::NOTHING, &less);
            }
            _ => return None,
        }
        Some(())
    }

    /// Indices that are often right.
    fn indices(&mut self, dims: u32, args: &mut Vec<Value>) -> Option<()> {
        // One index counts all elements.
        let count = if self.c.percent(30) { 1 } else { dims };
        for _ in 0..count {
            let index = match self.c.weighted(&[5, 4, 1]) {
                0 => Value::int64(self.c.between(1, 3) as i64),
                1 => {
                    let any = self.value_of(Type::INT64)?;
                    let three = Value::int64(if dims == 1 { 3 } else { 1 });
                    let low = self.intrinsic(Intrinsic::AndInt, &[any, three], Type::INT64);
                    let one = Value::int64(1);
                    self.intrinsic(Intrinsic::AddInt, &[low, one], Type::INT64)
                }
                _ => self.value_of(Type::INT64)?,
            };
            args.push(index);
        }
        Some(())
    }
}
