//! Arrays in the object model of `abi::object`: elements behind a data pointer, length and sizes.
//! Bounds, and that an element is defined, have been checked by legalized code; arrays are made and
//! resized by shims.

use crate::counted::Count;
use crate::function::FunctionLowerer;
use crate::repr::Repr;
use crate::value::{Lowered, Result, Typed, own_memory};
use cranelift_codegen::ir::{self, InstBuilder, condcodes::IntCC, types};
use jlift_abi::object;
use jlift_ir::{Type, Value};
use jlift_mutations::{Mutation, either};

impl FunctionLowerer<'_, '_> {
    pub(crate) fn array_operand(&mut self, value: Value) -> Result<(ir::Value, Type, u32)> {
        let typed = self.operand(value)?;
        match (self.module.tables.array_of(typed.ty), typed.value) {
            (Some((elem, dims)), Lowered::Scalar(v)) => Ok((v, elem, dims)),
            _ => Err(format!(
                "expected an array, found {}",
                self.type_text(typed.ty)
            )),
        }
    }

    pub(crate) fn array_word(&mut self, array: ir::Value, offset: u32) -> ir::Value {
        self.b
            .ins()
            .load(types::I64, own_memory(), array, offset as i32)
    }

    /// `arraylen(a)`.
    pub(crate) fn array_length(&mut self, args: &[Value]) -> Result<Typed> {
        let (array, _, _) = self.array_operand(args[0])?;
        let length = self.array_word(array, object::ARRAY_LENGTH_OFFSET);
        Ok(Typed {
            ty: Type::INT64,
            value: Lowered::Scalar(length),
        })
    }

    /// `Core.arraysize(a, d)`: 1 beyond the dimensions of the array.
    pub(crate) fn array_size(&mut self, args: &[Value]) -> Result<Typed> {
        let (array, _, dims) = self.array_operand(args[0])?;
        let Value::Imm { bits, .. } = args[1] else {
            let size = self.size_along(array, dims, args[1])?;
            return Ok(Typed {
                ty: Type::INT64,
                value: Lowered::Scalar(size),
            });
        };
        let size = match bits {
            0 => return Err("arrays have no dimension 0".into()),
            d if d > u64::from(dims) => self.b.ins().iconst(types::I64, 1),
            _ if dims == 1 => self.array_word(array, object::ARRAY_LENGTH_OFFSET),
            d => self.array_word(array, object::array_size_offset(d as u32 - 1)),
        };
        Ok(Typed {
            ty: Type::INT64,
            value: Lowered::Scalar(size),
        })
    }

    /// The size along a dimension that is only known at run time.
    fn size_along(&mut self, array: ir::Value, dims: u32, dimension: Value) -> Result<ir::Value> {
        let dimension = self.scalar(dimension)?;
        let mut size = self.b.ins().iconst(types::I64, 1);
        for d in 0..dims {
            let offset = match dims {
                1 => object::ARRAY_LENGTH_OFFSET,
                _ => object::array_size_offset(d),
            };
            let word = self.array_word(array, offset);
            let here = self
                .b
                .ins()
                .icmp_imm_s(IntCC::Equal, dimension, i64::from(d) + 1);
            size = self.b.ins().select(here, word, size);
        }
        Ok(size)
    }

    /// Address of an element; `indices` are 1-based, one per dimension or one in all.
    fn array_element(
        &mut self,
        array: ir::Value,
        elem: Type,
        dims: u32,
        indices: &[Value],
    ) -> Result<ir::Value> {
        let mut linear = None;
        let mut stride = None;
        for (d, &index) in indices.iter().enumerate() {
            let index = self.scalar(index)?;
            let from = either(Mutation::LowerArraySecondIndex, i64::from(d > 0), 0);
            let zero_based = self.b.ins().iadd_imm_s(index, from - 1);
            let term = match stride {
                None => zero_based,
                Some(s) => self.b.ins().imul(zero_based, s),
            };
            linear = Some(match linear {
                None => term,
                Some(sum) => self.b.ins().iadd(sum, term),
            });
            if d + 1 < indices.len() {
                let size = if d as u32 >= dims {
                    self.b.ins().iconst(types::I64, 1)
                } else {
                    self.array_word(array, object::array_size_offset(d as u32))
                };
                stride = Some(match stride {
                    None => size,
                    Some(s) => self.b.ins().imul(s, size),
                });
            }
        }
        let Some(linear) = linear else {
            return Err("an array access without index".into());
        };
        let layout = self.layout(elem)?;
        let size = i64::from(layout.size.next_multiple_of(layout.align.max(1)));
        let data = self.array_word(array, object::ARRAY_DATA_OFFSET);
        let offset = self.scaled_index(linear, size);
        Ok(self.b.ins().iadd(data, offset))
    }

    /// `Core.arrayref(boundscheck, a, i...)`.
    pub(crate) fn array_ref(&mut self, args: &[Value], _ty: Type) -> Result<Typed> {
        let (array, elem, dims) = self.array_operand(args[1])?;
        let addr = self.array_element(array, elem, dims, &args[2..])?;
        let value = self.load(elem, addr, 0, own_memory(), false)?;
        Ok(Typed { ty: elem, value })
    }

    /// `Core.arrayset(boundscheck, a, x, i...)`.
    pub(crate) fn array_set(&mut self, args: &[Value]) -> Result<Typed> {
        let (array, elem, dims) = self.array_operand(args[1])?;
        let value = self.operand_as(args[2], elem)?;
        let addr = self.array_element(array, elem, dims, &args[3..])?;
        self.replace(elem, &value, addr, 0)?;
        self.operand(args[1])
    }

    /// `jl_array_isassigned(a, i)`, with `i` from 0 and in bounds: whether the element is there.
    pub(crate) fn array_is_assigned(&mut self, args: &[Value], ty: Type) -> Result<Typed> {
        let (Some(&array), Some(&index)) = (args.first(), args.get(1)) else {
            return Err("`jl_array_isassigned` without index".into());
        };
        let (array, elem, _) = self.array_operand(array)?;
        let index = self.scalar(index)?;
        let stride = i64::from(self.layout(elem)?.stride());
        let data = self.array_word(array, object::ARRAY_DATA_OFFSET);
        let offset = self.scaled_index(index, stride);
        let addr = self.b.ins().iadd(data, offset);
        let value = self.load(elem, addr, 0, own_memory(), true)?;
        let defined = self.is_defined(&Typed { ty: elem, value })?;
        let result = match self.repr(ty)? {
            Repr::Scalar(types::I8) => defined,
            Repr::Scalar(wide) if wide.is_int() && wide.bits() <= 64 => {
                self.b.ins().uextend(wide, defined)
            }
            _ => return Err("`jl_array_isassigned` gives an integer".into()),
        };
        Ok(Typed {
            ty,
            value: Lowered::Scalar(result),
        })
    }

    /// `jlift_clear_elements(a, first, count)`, with `first` from 0: drops these elements and
    /// leaves them undefined.
    pub(crate) fn clear_elements(&mut self, args: &[Value]) -> Result<()> {
        let &[array, first, count] = args else {
            return Err("`jlift_clear_elements` takes an array and a range".into());
        };
        let (array, elem, _) = self.array_operand(array)?;
        let (first, count) = (self.scalar(first)?, self.scalar(count)?);
        let layout = self.layout(elem)?;
        let data = self.array_word(array, object::ARRAY_DATA_OFFSET);
        let offset = self.scaled_index(first, i64::from(layout.stride()));
        let start = self.b.ins().iadd(data, offset);
        self.for_elements(elem, start, count, |this, addr| {
            let old = this.load(elem, addr, 0, own_memory(), false)?;
            this.zero_memory(addr, 0, layout.size);
            let old = Typed {
                ty: elem,
                value: old,
            };
            this.count_value(&old, Count::Down, true)
        })
    }

    /// `sizeof(a)`: the bytes of all elements.
    pub(crate) fn array_bytes(&mut self, array: ir::Value, elem: Type) -> Result<ir::Value> {
        let stride = i64::from(self.layout(elem)?.stride());
        let length = self.array_word(array, object::ARRAY_LENGTH_OFFSET);
        Ok(self.scaled_index(length, stride))
    }
}
