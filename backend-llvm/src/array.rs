//! Arrays in the object model of `abi::object`: elements behind a data pointer, length and sizes.
//! Bounds, and that an element is defined, have been checked by legalized code; arrays are made and
//! resized by shims.

use crate::counted::Count;
use crate::function::Body;
use crate::machine::{Machine, Reg};
use crate::repr::Repr;
use crate::statement::scalar;
use crate::value::{Access, Result, Typed};
use jlift_abi::object;
use jlift_ir::{Type, Value};
use jlift_mutations::{Mutation, either};

impl Body<'_, '_> {
    /// An array with its element type and number of dimensions.
    pub(crate) fn array_operand(&mut self, value: Value) -> Result<(Reg, Type, u32)> {
        let typed = self.operand(value)?;
        match self.module.tables.array_of(typed.ty) {
            Some((elem, dims)) => Ok((self.pointer(value)?, elem, dims)),
            None => Err(format!(
                "expected an array, found {}",
                self.type_text(typed.ty)
            )),
        }
    }

    /// A word of an array's header.
    pub(crate) fn array_word(&mut self, ty: Machine, array: &Reg, offset: u32) -> Reg {
        self.load_scalar(ty, array, offset.into(), Access::Own)
    }

    /// `arraylen(a)`.
    pub(crate) fn array_length(&mut self, args: &[Value]) -> Result<Typed> {
        let (array, _, _) = self.array_operand(args[0])?;
        let length = self.array_word(Machine::I64, &array, object::ARRAY_LENGTH_OFFSET);
        Ok(scalar(Type::INT64, length))
    }

    /// `Core.arraysize(a, d)`: 1 beyond the dimensions of the array.
    pub(crate) fn array_size(&mut self, args: &[Value]) -> Result<Typed> {
        let (array, _, dims) = self.array_operand(args[0])?;
        let Value::Imm { bits, .. } = args[1] else {
            let size = self.size_along(&array, dims, args[1])?;
            return Ok(scalar(Type::INT64, size));
        };
        let offset = match bits {
            0 => return Err("arrays have no dimension 0".into()),
            d if d > u64::from(dims) => return self.constant(Value::int64(1)),
            _ if dims == 1 => object::ARRAY_LENGTH_OFFSET,
            d => object::array_size_offset(d as u32 - 1),
        };
        let size = self.array_word(Machine::I64, &array, offset);
        Ok(scalar(Type::INT64, size))
    }

    /// The size along a dimension that is only known at run time.
    fn size_along(&mut self, array: &Reg, dims: u32, dimension: Value) -> Result<Reg> {
        let dimension = self.scalar(dimension)?;
        let mut size = Reg::i64(1);
        for d in 0..dims {
            let offset = match dims {
                1 => object::ARRAY_LENGTH_OFFSET,
                _ => object::array_size_offset(d),
            };
            let word = self.array_word(Machine::I64, array, offset);
            let here = self.is_number(&dimension, i128::from(d) + 1);
            size = self.select(&here, &word, &size);
        }
        Ok(size)
    }

    /// Address of an element; `indices` are 1-based, one per dimension or one in all.
    fn array_element(
        &mut self,
        array: &Reg,
        elem: Type,
        dims: u32,
        indices: &[Value],
    ) -> Result<Reg> {
        let mut linear: Option<Reg> = None;
        let mut stride: Option<Reg> = None;
        for (d, &index) in indices.iter().enumerate() {
            let index = self.scalar(index)?;
            let start = either(
                Mutation::LlvmArraySecondIndex,
                if d > 0 { 0 } else { -1 },
                -1,
            );
            let from_zero = self
                .w
                .op(Machine::I64, format_args!("add {index:#}, {start}"));
            let term = match &stride {
                None => from_zero,
                Some(s) => self
                    .w
                    .op(Machine::I64, format_args!("mul {from_zero:#}, {s}")),
            };
            linear = Some(match linear {
                None => term,
                Some(sum) => self.w.op(Machine::I64, format_args!("add {sum:#}, {term}")),
            });
            if d + 1 < indices.len() {
                let size = match d as u32 >= dims {
                    true => Reg::i64(1),
                    false => {
                        let offset = object::array_size_offset(d as u32);
                        self.array_word(Machine::I64, array, offset)
                    }
                };
                stride = Some(match stride {
                    None => size,
                    Some(s) => self.w.op(Machine::I64, format_args!("mul {s:#}, {size}")),
                });
            }
        }
        let Some(linear) = linear else {
            return Err("an array access without index".into());
        };
        self.element_address(array, elem, &linear)
    }

    /// Address of an element by its position, counted from 0.
    fn element_address(&mut self, array: &Reg, elem: Type, position: &Reg) -> Result<Reg> {
        let stride = i64::from(self.layout(elem)?.stride());
        let data = self.array_word(Machine::Ptr, array, object::ARRAY_DATA_OFFSET);
        let bytes = self.scaled(position, stride);
        Ok(self.at_index(&data, &bytes))
    }

    /// `Core.arrayref(boundscheck, a, i...)`. C may have lent elements of any alignment.
    pub(crate) fn array_ref(&mut self, args: &[Value]) -> Result<Typed> {
        let (array, elem, dims) = self.array_operand(args[1])?;
        let addr = self.array_element(&array, elem, dims, &args[2..])?;
        let val = self.load(elem, &addr, 0, Access::User, false)?;
        Ok(Typed { ty: elem, val })
    }

    /// `Core.arrayset(boundscheck, a, x, i...)`.
    pub(crate) fn array_set(&mut self, args: &[Value]) -> Result<Typed> {
        let (array, elem, dims) = self.array_operand(args[1])?;
        let value = self.operand_as(args[2], elem)?;
        let addr = self.array_element(&array, elem, dims, &args[3..])?;
        self.replace(elem, &value, &addr, 0)?;
        self.operand(args[1])
    }

    /// `jl_array_isassigned(a, i)`, with `i` from 0 and in bounds: whether the element is there.
    pub(crate) fn array_is_assigned(&mut self, args: &[Value], ty: Type) -> Result<Typed> {
        let (Some(&array), Some(&index)) = (args.first(), args.get(1)) else {
            return Err("`jl_array_isassigned` without index".into());
        };
        let (array, elem, _) = self.array_operand(array)?;
        let index = self.scalar(index)?;
        let addr = self.element_address(&array, elem, &index)?;
        let val = self.load(elem, &addr, 0, Access::Own, true)?;
        let defined = self.is_defined(&Typed { ty: elem, val })?;
        match self.repr(ty)? {
            Repr::Scalar(Machine::I1) => Ok(scalar(ty, defined)),
            Repr::Scalar(int) if !int.is_float() && int != Machine::Ptr => {
                let wide = self.w.op(int, format_args!("zext {defined:#} to {int}"));
                Ok(scalar(ty, wide))
            }
            _ => Err("`jl_array_isassigned` gives an integer".into()),
        }
    }

    /// `jlift_clear_elements(a, first, count)`, with `first` from 0: drops these elements and
    /// leaves them undefined.
    pub(crate) fn clear_elements(&mut self, args: &[Value]) -> Result<()> {
        let &[array, first, count] = args else {
            return Err("`jlift_clear_elements` takes an array and a range".into());
        };
        let (array, elem, _) = self.array_operand(array)?;
        let (first, count) = (self.scalar(first)?, self.scalar(count)?);
        let size = self.layout(elem)?.size;
        let start = self.element_address(&array, elem, &first)?;
        self.for_elements(elem, &start, &count, |this, addr| {
            let val = this.load(elem, addr, 0, Access::Own, false)?;
            this.zero(addr, size);
            this.count_value(&Typed { ty: elem, val }, Count::Down, true)
        })
    }

    /// `sizeof(a)`: the bytes of all elements.
    pub(crate) fn array_bytes(&mut self, array: &Reg, elem: Type) -> Result<Reg> {
        let stride = i64::from(self.layout(elem)?.stride());
        let length = self.array_word(Machine::I64, array, object::ARRAY_LENGTH_OFFSET);
        Ok(self.scaled(&length, stride))
    }

    /// Does something at the address of each of `count` elements.
    pub(crate) fn for_elements(
        &mut self,
        elem: Type,
        start: &Reg,
        count: &Reg,
        body: impl FnOnce(&mut Self, &Reg) -> Result<()>,
    ) -> Result<()> {
        let stride = i64::from(self.layout(elem)?.stride());
        let bytes = self.scaled(count, stride);
        let end = self.at_index(start, &bytes);
        let (head, work) = (self.w.block(), self.w.block());
        let done = self.w.block();
        let (phi, addr) = self.w.phi(head, Machine::Ptr);
        self.w.phi_input(phi, self.w.here(), start);
        self.w.jump(head);
        self.w.switch_to(head);
        let is_end = self.compare("eq", &addr, &end);
        self.w.branch(&is_end, done, work);
        self.w.switch_to(work);
        body(self, &addr)?;
        let next = self.at(&addr, stride);
        self.w.phi_input(phi, self.w.here(), &next);
        self.w.jump(head);
        self.w.switch_to(done);
        Ok(())
    }
}
