//! Heap objects and arrays in the object model of `abi::object`: fields behind a header, elements
//! behind a data pointer, reference counts. Bounds have been checked by legalized code.

use crate::function::FunctionLowerer;
use crate::value::{Lowered, Result, Typed, own_memory};
use cranelift_codegen::ir::{self, BlockArg, InstBuilder, condcodes::IntCC, types};
use jlift_abi::object;
use jlift_ir::{Type, TypeClass, Value};

impl FunctionLowerer<'_, '_> {
    fn array_operand(&mut self, value: Value) -> Result<(ir::Value, Type, u32)> {
        let typed = self.operand(value)?;
        match (self.module.tables.array_of(typed.ty), typed.value) {
            (Some((elem, dims)), Lowered::Scalar(v)) => Ok((v, elem, dims)),
            _ => Err(format!(
                "expected an array, found {}",
                self.type_text(typed.ty)
            )),
        }
    }

    fn array_word(&mut self, array: ir::Value, offset: u32) -> ir::Value {
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
            return Err("`arraysize` of a dimension known only at run time".into());
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

    /// Address of an element; `indices` are 1-based, one per dimension or one in all.
    fn array_element(
        &mut self,
        array: ir::Value,
        elem: Type,
        dims: u32,
        indices: &[Value],
    ) -> Result<ir::Value> {
        if !self.module.tables.is_bits(elem) {
            return Err(format!(
                "an array of {}, whose values are boxed",
                self.type_text(elem)
            ));
        }
        if self.is_union(elem) {
            // Julia keeps the tags behind all elements.
            return Err(format!("an array of {}", self.type_text(elem)));
        }
        let mut linear = None;
        let mut stride = None;
        for (d, &index) in indices.iter().enumerate() {
            let index = self.scalar(index)?;
            let zero_based = self.b.ins().iadd_imm_s(index, -1);
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
        self.store(elem, &value, addr, 0, own_memory())?;
        self.operand(args[1])
    }

    /// Field of a heap object.
    pub(crate) fn get_heap_field(&mut self, object: Typed, index: usize) -> Result<Typed> {
        let layout = self.layout(object.ty)?;
        let place = layout.fields[index];
        let Lowered::Scalar(addr) = object.value else {
            return Err("a heap object without address".into());
        };
        let offset = object::HEADER_SIZE + place.offset;
        let value = self.load(place.ty, addr, offset as i32, own_memory(), false)?;
        Ok(Typed {
            ty: place.ty,
            value,
        })
    }

    /// `Core.setfield!(x, name, v)`.
    pub(crate) fn set_field(&mut self, args: &[Value]) -> Result<Typed> {
        let object = self.operand(args[0])?;
        if self.module.tables.class(object.ty) != TypeClass::Heap {
            return Err(format!(
                "setfield! of an immutable {}",
                self.type_text(object.ty)
            ));
        }
        let Some(index) = self.field_number(object.ty, args[1])? else {
            return Err("a field that is chosen at run time".into());
        };
        let layout = self.layout(object.ty)?;
        let place = layout.fields[index];
        let value = self.operand_as(args[2], place.ty)?;
        let Lowered::Scalar(addr) = object.value else {
            return Err("a heap object without address".into());
        };
        let offset = object::HEADER_SIZE + place.offset;
        self.store(place.ty, &value, addr, offset as i32, own_memory())?;
        Ok(Typed {
            ty: place.ty,
            value,
        })
    }

    fn counted(&mut self, value: Value) -> Result<ir::Value> {
        let typed = self.operand(value)?;
        match (self.module.tables.class(typed.ty), typed.value) {
            (TypeClass::Heap | TypeClass::Array, Lowered::Scalar(v)) => Ok(v),
            _ => Err(format!(
                "{} has no reference count",
                self.type_text(typed.ty)
            )),
        }
    }

    /// `expr retain(x)`.
    pub(crate) fn retain(&mut self, value: Value) -> Result<()> {
        let object = self.counted(value)?;
        let offset = object::REFERENCE_COUNT_OFFSET as i32;
        let count = self.b.ins().load(types::I64, own_memory(), object, offset);
        let count = self.b.ins().iadd_imm_s(count, 1);
        self.b.ins().store(own_memory(), count, object, offset);
        Ok(())
    }

    /// `expr release(x)`: frees the object with the last reference. Objects that hold references
    /// themselves are released field by field by code that the producer emits before.
    pub(crate) fn release(&mut self, value: Value) -> Result<()> {
        let ty = self.operand(value)?.ty;
        let object = self.counted(value)?;
        let offset = object::REFERENCE_COUNT_OFFSET as i32;
        let count = self.b.ins().load(types::I64, own_memory(), object, offset);
        let count = self.b.ins().iadd_imm_s(count, -1);
        self.b.ins().store(own_memory(), count, object, offset);
        let dead = self.b.ins().icmp_imm_s(IntCC::Equal, count, 0);
        let (free, next) = (self.b.create_block(), self.b.create_block());
        self.b.set_cold_block(free);
        let none: [BlockArg; 0] = [];
        self.b.ins().brif(dead, free, &none, next, &none);
        self.b.switch_to_block(free);
        if self.module.tables.class(ty) == TypeClass::Array {
            let data = self.array_word(object, object::ARRAY_DATA_OFFSET);
            self.call_import("free", &[data], None)?;
        }
        self.call_import("free", &[object], None)?;
        self.b.ins().jump(next, &none);
        self.b.switch_to_block(next);
        Ok(())
    }
}
