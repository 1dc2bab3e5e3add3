//! Heap structs: making them, their fields. Arrays and strings have files of their own.
//!
//! A store takes over the reference that it is given, and drops the one that it replaces.

use crate::counted::Count;
use crate::error::LowerError;
use crate::function::{FunctionLowerer, Lowerer};
use crate::plan::import_name;
use crate::value::{Lowered, Result, Typed, own_memory};
use cranelift_codegen::ir::{
    self, AbiParam, BlockArg, InstBuilder, MemFlagsData, Signature, types,
};
use jlift_abi::layout::Layout;
use jlift_abi::object;
use jlift_ir::{Type, TypeClass, Value};
use jlift_mutations::{Mutation, either};

const NO_ARGS: [BlockArg; 0] = [];

impl Lowerer<'_> {
    /// `allocate(size)`: memory with the header of an object, or the end of the program.
    pub(crate) fn lower_allocate(
        &mut self,
        clif: &mut ir::Function,
    ) -> std::result::Result<(), LowerError> {
        self.lower_helper(clif, 1, Some(types::I64), |b, params| {
            b.allocate_body(params[0])
        })
    }
}

impl FunctionLowerer<'_, '_> {
    fn allocate_body(&mut self, size: ir::Value) -> Result<()> {
        let memory = self.call_import("malloc", &[size], Some(types::I64))?;
        let memory = memory.ok_or("malloc without result")?;
        let (some, none) = (self.b.create_block(), self.b.create_block());
        self.b.set_cold_block(none);
        self.b.ins().brif(memory, some, &NO_ARGS, none, &NO_ARGS);
        self.b.switch_to_block(some);
        let zero = self.b.ins().iconst(types::I64, 0);
        let one = self.b.ins().iconst(types::I64, 1);
        self.b.ins().store(own_memory(), zero, memory, 0);
        let count = object::REFERENCE_COUNT_OFFSET as i32;
        self.b.ins().store(own_memory(), one, memory, count);
        self.b.ins().return_(&[memory]);
        self.b.switch_to_block(none);
        let Some(message) = self.l.plan.out_of_memory() else {
            return Err("a lack of memory was not planned".into());
        };
        let message = self.data_address(message);
        let length = crate::plan::OUT_OF_MEMORY.len() as i64;
        let length = self.b.ins().iconst(types::I64, length);
        let stderr = self.b.ins().iconst(types::I32, 2);
        let write = import_name("jlift_sys_write", self.l.options.environment).to_string();
        self.call_import(&write, &[stderr, message, length], Some(types::I64))?;
        self.stop()
    }

    /// Memory for an object of this size, with its header.
    pub(crate) fn allocate(&mut self, size: ir::Value) -> Result<ir::Value> {
        let Some(symbol) = self.l.plan.allocate() else {
            return Err("memory for objects was not planned".into());
        };
        let mut signature = Signature::new(self.l.isa.default_call_conv());
        signature.params.push(AbiParam::new(types::I64));
        signature.returns.push(AbiParam::new(types::I64));
        let func_ref = self.func_ref(symbol, signature);
        let call = self.b.ins().call(func_ref, &[size]);
        let result = self.b.inst_results(call).first().copied();
        result.ok_or_else(|| "an allocation without result".into())
    }

    /// Fields of the payload of a heap object.
    pub(crate) fn object_layout(&self, ty: Type) -> Result<Layout> {
        jlift_abi::layout::object_layout(&self.module.tables, ty).map_err(|e| e.to_string())
    }

    /// `new T(...)` of a heap object, which takes over its fields.
    pub(crate) fn new_heap_object(&mut self, ty: Type, args: &[Value]) -> Result<Typed> {
        let layout = self.object_layout(ty)?;
        if args.len() > layout.fields.len() {
            return Err(format!("too many fields for {}", self.type_text(ty)));
        }
        let mut values = Vec::with_capacity(args.len());
        for (&arg, place) in args.iter().zip(&layout.fields) {
            values.push(self.operand_as(arg, place.ty)?);
        }
        let size = i64::from(object::HEADER_SIZE + layout.size);
        let size = self.b.ins().iconst(types::I64, size);
        let addr = self.allocate(size)?;
        for (i, place) in layout.fields.iter().enumerate() {
            let offset = (object::HEADER_SIZE + place.offset) as i32;
            match values.get(i) {
                Some(value) => self.store(place.ty, value, addr, offset, own_memory())?,
                None if self.module.tables.is_bits(place.ty) => {}
                None => self.zero_memory(addr, offset, place.size),
            }
        }
        Ok(Typed {
            ty,
            value: Lowered::Scalar(addr),
        })
    }

    /// Zeroes memory.
    pub(crate) fn zero_memory(&mut self, addr: ir::Value, offset: i32, size: u32) {
        let unaligned = MemFlagsData::new().with_notrap();
        let mut at = 0;
        while at < size {
            let ty = match size - at {
                8.. => types::I64,
                4.. => types::I32,
                2.. => types::I16,
                _ => types::I8,
            };
            let zero = self.b.ins().iconst(ty, 0);
            self.b
                .ins()
                .store(unaligned, zero, addr, offset + at as i32);
            at += ty.bytes();
        }
    }

    /// Field of a heap object.
    pub(crate) fn get_heap_field(&mut self, object: Typed, index: usize) -> Result<Typed> {
        let layout = self.object_layout(object.ty)?;
        let (Some(place), Lowered::Scalar(addr)) = (layout.fields.get(index), object.value) else {
            return Err("a heap object without address or field".into());
        };
        let offset = either(
            Mutation::LowerHeapFieldOffset,
            place.offset.saturating_sub(place.size),
            place.offset,
        );
        let offset = (object::HEADER_SIZE + offset) as i32;
        let value = self.load(place.ty, addr, offset, own_memory(), false)?;
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
        let layout = self.object_layout(object.ty)?;
        let (Some(&place), Lowered::Scalar(addr)) = (layout.fields.get(index), object.value) else {
            return Err("a heap object without address or field".into());
        };
        let given = self.operand(args[2])?;
        let value = self.coerce(given.clone(), place.ty)?;
        let offset = (object::HEADER_SIZE + place.offset) as i32;
        self.replace(place.ty, &value, addr, offset)?;
        Ok(given)
    }

    /// Stores a value in memory that holds one, which is dropped.
    pub(crate) fn replace(
        &mut self,
        ty: Type,
        value: &Lowered,
        addr: ir::Value,
        offset: i32,
    ) -> Result<()> {
        if !self.is_counted(ty) {
            return self.store(ty, value, addr, offset, own_memory());
        }
        let old = self.load(ty, addr, offset, own_memory(), false)?;
        self.store(ty, value, addr, offset, own_memory())?;
        self.count_value(&Typed { ty, value: old }, Count::Down, true)
    }

    /// `Core.isdefined(x, name)`.
    pub(crate) fn field_is_defined(&mut self, args: &[Value]) -> Result<Typed> {
        let object = self.operand_in_place(args[0])?;
        let Some(index) = self.field_number(object.ty, args[1])? else {
            return Err("a field that is chosen at run time".into());
        };
        let field = if self.module.tables.class(object.ty) == TypeClass::Heap {
            self.get_heap_field(object, index)?
        } else {
            let layout = self.layout(object.ty)?;
            let fields = &layout.fields;
            let Some(place) = fields.get(index) else {
                return Err("a field that does not exist".into());
            };
            let value = self.field_of(&object, fields, index)?;
            Typed {
                ty: place.ty,
                value,
            }
        };
        let defined = self.is_defined(&field)?;
        Ok(Typed {
            ty: Type::BOOL,
            value: Lowered::Scalar(defined),
        })
    }
}
