//! Arrays: their elements and sizes, and how they are made and resized before legalization makes that
//! calls of runtime functions.

use crate::interpreter::{Interpreter, Stage};
use crate::memory::Owner;
use crate::outcome::{FaultKind, Result, Stop, unsupported};
use crate::value::Value;
use jlift_abi::object::{self, *};
use jlift_ir::Type;

/// An array and what its type says.
#[derive(Copy, Clone)]
pub(crate) struct Array {
    pub address: u64,
    pub elem: Type,
    pub dims: u32,
    pub stride: u64,
}

/// Arrays that are constant, borrow their elements or share them cannot be resized.
const UNRESIZABLE: u32 = FLAG_BORROWED_DATA | FLAG_SHOWS_OTHER | FLAG_SHOWN;

impl Interpreter<'_> {
    pub(crate) fn as_array(&mut self, value: &Value) -> Result<Array> {
        let &Value::Object { ty, address } = value else {
            return match value {
                Value::Undefined | Value::Unset => Err(Stop::Undefined("an array")),
                _ => unsupported("an array operand that is no array"),
            };
        };
        let Some((elem, dims)) = self.module.tables.array_of(ty) else {
            return unsupported("an array operand that is no array");
        };
        let stride = u64::from(self.layout(elem)?.stride());
        Ok(Array {
            address,
            elem,
            dims,
            stride,
        })
    }

    /// `arraylen(a)`.
    pub(crate) fn array_length(&mut self, array: &Value) -> Result<Value> {
        let array = self.as_array(array)?;
        Ok(Value::int64(self.length(array)? as i64))
    }

    pub(crate) fn length(&self, array: Array) -> Result<u64> {
        self.object_word(array.address, ARRAY_LENGTH_OFFSET)
    }

    /// `arraysize(a, d)`: 1 beyond the dimensions of the array.
    pub(crate) fn array_size(&mut self, array: &Value, dimension: u64) -> Result<u64> {
        let array = self.as_array(array)?;
        match dimension {
            0 => unsupported("the size of dimension 0"),
            d if d > array.dims.into() => Ok(1),
            _ if array.dims == 1 => self.length(array),
            d => self.object_word(array.address, array_size_offset(d as u32 - 1)),
        }
    }

    /// The address of an element; throws `BoundsError` where the access is checked, and is a fault
    /// otherwise, if there is no such element.
    fn element(
        &mut self,
        checked: &Value,
        value: &Value,
        indices: &[Value],
    ) -> Result<(Array, u64)> {
        let array = self.as_array(value)?;
        let mut numbers = Vec::with_capacity(indices.len());
        for index in indices {
            numbers.push(self.number(index, "an index")?);
        }
        let mut inside = true;
        let (mut linear, mut stride) = (0u64, 1u64);
        for (d, &index) in numbers.iter().enumerate() {
            let size = match numbers.len() {
                1 => self.length(array)?,
                _ => self.array_size(value, d as u64 + 1)?,
            };
            inside &= index.wrapping_sub(1) < size;
            linear = linear.wrapping_add(index.wrapping_sub(1).wrapping_mul(stride));
            stride = stride.wrapping_mul(size);
        }
        if numbers.len() != 1 && numbers.len() != array.dims as usize {
            return unsupported("an array access with another number of indices than dimensions");
        }
        let data = self.object_word(array.address, ARRAY_DATA_OFFSET)?;
        let address = data.wrapping_add(linear.wrapping_mul(array.stride));
        if inside {
            return Ok((array, address));
        }
        if self.checks() && *checked != Value::bool(false) {
            let message = match indices {
                [index] => self.bounds_message(value, Some(index))?,
                _ => {
                    self.bounds_message(value, Some(&Value::Aggregate(Type::ANY, indices.into())))?
                }
            };
            return self.throw_text(Type::BOUNDS_ERROR, message);
        }
        Err(self.memory.fault_at(FaultKind::OutOfBounds, address).into())
    }

    /// `arrayref(boundscheck, a, indices…)`.
    pub(crate) fn array_ref(
        &mut self,
        checked: &Value,
        array: &Value,
        indices: &[Value],
    ) -> Result<Value> {
        let (array, address) = self.element(checked, array, indices)?;
        let value = self.load(array.elem, address)?;
        if self.checks() && !self.is_assigned(&value) {
            return self.throw_undefined_reference();
        }
        Ok(value)
    }

    /// `arrayset(boundscheck, a, value, indices…)`.
    pub(crate) fn array_set(
        &mut self,
        checked: &Value,
        array: &Value,
        value: &Value,
        indices: &[Value],
    ) -> Result<()> {
        let (array, address) = self.element(checked, array, indices)?;
        self.replace(array.elem, value, address)
    }

    /// `jl_array_isassigned(a, i)`, with `i` from 0.
    pub(crate) fn is_element_assigned(&mut self, array: &Value, index: u64) -> Result<bool> {
        let index = Value::int64(index.wrapping_add(1) as i64);
        let (array, address) = self.element(&Value::bool(false), array, &[index])?;
        let value = self.load(array.elem, address)?;
        Ok(self.is_assigned(&value))
    }

    /// Drops elements, and leaves them undefined.
    pub(crate) fn clear_elements(&mut self, array: &Value, first: u64, count: u64) -> Result<()> {
        let array = self.as_array(array)?;
        let data = self.object_word(array.address, ARRAY_DATA_OFFSET)?;
        let size = u64::from(self.layout(array.elem)?.size);
        for n in first..first.saturating_add(count) {
            let address = data.wrapping_add(n.wrapping_mul(array.stride));
            let old = self.load(array.elem, address)?;
            self.memory.write_all(address, &vec![0; size as usize])?;
            if self.options.stage >= Stage::Owned {
                self.release(&old)?;
            }
        }
        Ok(())
    }

    /// Writes the words of an array's head that do not depend on who owns the elements.
    pub(crate) fn write_array_head(
        &mut self,
        address: u64,
        ty: Type,
        length: u64,
        data: u64,
    ) -> Result<()> {
        if self.module.tables.array_of(ty).is_none() {
            return unsupported("an array of no array type");
        }
        self.set_object_word(address, ARRAY_DATA_OFFSET, data)?;
        self.set_object_word(address, ARRAY_LENGTH_OFFSET, length)?;
        self.set_object_word(address, ARRAY_CAPACITY_OFFSET, length)?;
        self.set_object_word(address, ARRAY_MEMORY_OFFSET, 0)
    }

    /// Writes the sizes of an array of two and more dimensions.
    pub(crate) fn write_sizes(&mut self, address: u64, ty: Type, sizes: &[i64]) -> Result<()> {
        let dims = self.module.tables.array_of(ty).map_or(0, |(_, dims)| dims);
        if array_has_sizes(dims) {
            for (d, &size) in sizes.iter().enumerate() {
                self.set_object_word(address, array_size_offset(d as u32), size as u64)?;
            }
        }
        Ok(())
    }

    /// The number of elements of an array with these sizes.
    fn length_of(&mut self, sizes: &[i64]) -> Result<u64> {
        let mut length = Some(1i64);
        for &size in sizes {
            let is_size = (0..i64::MAX).contains(&size);
            length = length.filter(|_| is_size).and_then(|l| l.checked_mul(size));
        }
        match length.filter(|&l| l < i64::MAX) {
            Some(length) => Ok(length as u64),
            None => {
                let message = b"ArgumentError: invalid Array dimensions".to_vec();
                self.throw_text(Type::ARGUMENT_ERROR, message)
            }
        }
    }

    /// A new array with these sizes.
    pub(crate) fn alloc_array(&mut self, ty: Type, sizes: &[i64]) -> Result<Value> {
        let Some((elem, dims)) = self.module.tables.array_of(ty) else {
            return unsupported("an array whose type is not known is made");
        };
        if sizes.len() != dims as usize {
            return unsupported("an array is made with the wrong number of sizes");
        }
        let length = self.length_of(sizes)?;
        let stride = u64::from(self.layout(elem)?.stride());
        let head = u64::from(array_object_size(dims));
        let bytes = length.checked_mul(stride).filter(|&b| b < i64::MAX as u64);
        let Some(size) = bytes.and_then(|b| b.checked_add(head)) else {
            return self.throw_text(Type::ERROR_EXCEPTION, b"invalid Array size".to_vec());
        };
        if size > i64::MAX as u64 - 64 {
            return self.throw_out_of_memory();
        }
        let address = self.new_object(size)?;
        self.write_array_head(address, ty, length, address + head)?;
        self.write_sizes(address, ty, sizes)?;
        if !self.module.tables.is_bits(elem) {
            let zeros = vec![0; (length * stride) as usize];
            self.memory.write_all(address + head, &zeros)?;
        }
        Ok(Value::Object { ty, address })
    }

    /// An array with these elements, owned by the caller.
    pub fn new_array(&mut self, ty: Type, sizes: &[i64], elements: &[Value]) -> Option<Value> {
        let array = self.alloc_array(ty, sizes).ok()?;
        for (n, value) in elements.iter().enumerate() {
            let index = [Value::int64(n as i64 + 1)];
            self.array_set(&Value::bool(false), &array, value, &index)
                .ok()?;
        }
        Some(array)
    }

    /// The elements of an array.
    pub fn elements(&mut self, array: &Value) -> Option<Vec<Value>> {
        let shape = self.as_array(array).ok()?;
        let length = self.length(shape).ok()?;
        (0..length)
            .map(|n| {
                let (_, address) = self
                    .element(&Value::bool(false), array, &[Value::int64(n as i64 + 1)])
                    .ok()?;
                self.load(shape.elem, address).ok()
            })
            .collect()
    }

    /// Another array for the same elements, with other sizes.
    pub(crate) fn reshape(&mut self, ty: Type, from: &Value, sizes: &[i64]) -> Result<Value> {
        let of = self.as_array(from)?;
        let length = self.length(of)?;
        if self.length_of(sizes)? != length {
            let sizes: Vec<String> = sizes.iter().map(i64::to_string).collect();
            let comma = if sizes.len() == 1 { "," } else { "" };
            let message = format!(
                "DimensionMismatch: new dimensions ({}{comma}) must be consistent with array size {length}",
                sizes.join(", ")
            );
            return self.throw_named("DimensionMismatch", message);
        }
        let dims = self.module.tables.array_of(ty).map_or(1, |(_, dims)| dims);
        let address = self.new_object(array_object_size(dims).into())?;
        let data = self.object_word(of.address, ARRAY_DATA_OFFSET)?;
        self.write_array_head(address, ty, length, data)?;
        self.write_sizes(address, ty, sizes)?;
        let flags = self.flags(of.address)?;
        let immortal = (self.object_word(of.address, REFERENCE_COUNT_OFFSET)? as i64) < 0;
        if flags & FLAG_BORROWED_DATA != 0 || immortal {
            self.set_flags(address, FLAG_BORROWED_DATA)?;
        } else {
            let owner = match flags & FLAG_SHOWS_OTHER {
                0 => {
                    self.set_flags(of.address, flags | FLAG_SHOWN)?;
                    of.address
                }
                _ => self.object_word(of.address, ARRAY_MEMORY_OFFSET)?,
            };
            let count = self.object_word(owner, REFERENCE_COUNT_OFFSET)?;
            self.set_object_word(owner, REFERENCE_COUNT_OFFSET, count.wrapping_add(1))?;
            self.set_flags(address, FLAG_SHOWS_OTHER)?;
            self.set_object_word(address, ARRAY_MEMORY_OFFSET, owner)?;
        }
        Ok(Value::Object { ty, address })
    }

    fn flags(&self, array: u64) -> Result<u32> {
        Ok((self.object_word(array, object::TYPE_INDEX_OFFSET)? >> 32) as u32)
    }

    fn set_flags(&mut self, array: u64, flags: u32) -> Result<()> {
        self.set_object_word(array, object::TYPE_INDEX_OFFSET, u64::from(flags) << 32)
    }

    /// An array of elements in C's memory, which may be given to it.
    pub(crate) fn wrap(&mut self, ty: Type, data: u64, sizes: &[i64], own: bool) -> Result<Value> {
        let length = self.length_of(sizes)?;
        let dims = self.module.tables.array_of(ty).map_or(1, |(_, dims)| dims);
        let address = self.new_object(array_object_size(dims).into())?;
        self.write_array_head(address, ty, length, data)?;
        self.write_sizes(address, ty, sizes)?;
        match own {
            true => self.set_object_word(address, ARRAY_MEMORY_OFFSET, data)?,
            false => self.set_flags(address, FLAG_BORROWED_DATA)?,
        }
        Ok(Value::Object { ty, address })
    }

    /// Puts `add` undefined elements in the place of `remove` ones behind the first `at`.
    pub(crate) fn splice(&mut self, value: &Value, at: u64, remove: u64, add: u64) -> Result<()> {
        let array = self.as_array(value)?;
        let length = self.length(array)?;
        if at > length || remove > length - at {
            let beyond = if at > length {
                at.wrapping_add(1)
            } else {
                at.wrapping_add(remove)
            };
            let index = Value::int64(beyond as i64);
            let message = self.bounds_message(value, Some(&index))?;
            return self.throw_text(Type::BOUNDS_ERROR, message);
        }
        let immortal = (self.object_word(array.address, REFERENCE_COUNT_OFFSET)? as i64) < 0;
        if self.flags(array.address)? & UNRESIZABLE != 0 || immortal {
            let message = b"cannot resize array with shared data".to_vec();
            return self.throw_text(Type::ERROR_EXCEPTION, message);
        }
        let new = (length - remove)
            .checked_add(add)
            .filter(|&n| n < i64::MAX as u64);
        let Some(new) = new.filter(|_| add <= i64::MAX as u64) else {
            return self.throw_out_of_memory();
        };
        if new > self.object_word(array.address, ARRAY_CAPACITY_OFFSET)? {
            // Twice as much, so that one at a time is cheap.
            self.reserve(array, new.max(length.saturating_mul(2)).max(4))?;
        }
        let data = self.object_word(array.address, ARRAY_DATA_OFFSET)?;
        let place = |n: u64| data.wrapping_add(n.wrapping_mul(array.stride));
        let rest = (length - at - remove).wrapping_mul(array.stride);
        self.memory
            .copy(place(at + add), place(at + remove), rest)?;
        let gap = add.wrapping_mul(array.stride);
        match self.module.tables.is_bits(array.elem) {
            true => self.memory.mark(place(at), gap, false)?,
            false => self.memory.write_all(place(at), &vec![0; gap as usize])?,
        }
        self.set_object_word(array.address, ARRAY_LENGTH_OFFSET, new)
    }

    /// `jl_array_sizehint(a, n)`: memory for so many elements.
    pub(crate) fn size_hint(&mut self, value: &Value, count: u64) -> Result<()> {
        let array = self.as_array(value)?;
        let capacity = self.object_word(array.address, ARRAY_CAPACITY_OFFSET)?;
        if (capacity as i64) < count as i64 {
            // Fails where the array cannot be resized.
            let length = self.length(array)?;
            self.splice(value, length, 0, 0)?;
            self.reserve(array, count)?;
        }
        Ok(())
    }

    /// Moves the elements to memory for more of them.
    fn reserve(&mut self, array: Array, capacity: u64) -> Result<()> {
        let bytes = capacity
            .checked_mul(array.stride)
            .filter(|&b| b < i64::MAX as u64);
        let Some(bytes) = bytes else {
            return self.throw_out_of_memory();
        };
        let place = self.place();
        let data = self
            .memory
            .allocate(bytes.max(1), Owner::Heap, false, place)?;
        let old = self.object_word(array.address, ARRAY_DATA_OFFSET)?;
        let used = self.length(array)?.wrapping_mul(array.stride);
        self.memory.copy(data, old, used)?;
        let memory = self.object_word(array.address, ARRAY_MEMORY_OFFSET)?;
        if memory != 0 {
            self.memory.free(memory, Owner::Heap)?;
        }
        self.set_object_word(array.address, ARRAY_DATA_OFFSET, data)?;
        self.set_object_word(array.address, ARRAY_CAPACITY_OFFSET, capacity)?;
        self.set_object_word(array.address, ARRAY_MEMORY_OFFSET, data)
    }
}
