//! Heap structs: making them, their fields. Arrays and strings have files of their own.
//!
//! A store takes over the reference that it is given, and drops the one that it replaces.

use crate::counted::Count;
use crate::function::Body;
use crate::machine::{Machine, Reg};
use crate::program::Helper;
use crate::statement::scalar;
use crate::value::{Access, Result, Typed, Val};
use jlift_abi::layout::Layout;
use jlift_abi::object;
use jlift_ir::{Type, Value};

/// What a program says that stops for lack of memory.
const OUT_OF_MEMORY: &[u8] = b"ERROR: OutOfMemoryError()\n";

impl Body<'_, '_> {
    /// The body of `allocate(size)`: memory with the header of an object, or the end of the program.
    pub(crate) fn allocate_body(&mut self, size: &Reg) -> Result<()> {
        let memory = self.call_import("malloc", std::slice::from_ref(size), Some(Machine::Ptr));
        let is_none = self.compare("eq", &memory, &Machine::Ptr.zero());
        let (none, some) = (self.w.block(), self.w.block());
        self.w.branch_rarely(&is_none, none, some);
        self.w.switch_to(some);
        self.store_scalar(&Reg::i64(0), &memory, 0, Access::Own);
        let count = object::REFERENCE_COUNT_OFFSET.into();
        self.store_scalar(&Reg::i64(1), &memory, count, Access::Own);
        self.w.ret(format_args!("{memory:#}"));
        self.w.switch_to(none);
        let message = self.p.bytes(OUT_OF_MEMORY);
        self.end_with_text(&message, OUT_OF_MEMORY.len());
        Ok(())
    }

    /// Memory for an object of this size, with its header.
    pub(crate) fn allocate(&mut self, size: &Reg) -> Reg {
        let helper = self.p.helper(Helper::Allocate);
        self.w
            .op(Machine::Ptr, format_args!("call ptr {helper}({size:#})"))
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
        let size = i64::from(object::HEADER_SIZE) + i64::from(layout.size);
        let addr = self.allocate(&Reg::i64(size));
        for (i, place) in layout.fields.iter().enumerate() {
            let offset = i64::from(object::HEADER_SIZE + place.offset);
            match values.get(i) {
                Some(value) => self.store(place.ty, value, &addr, offset, Access::Own)?,
                None if self.module.tables.is_bits(place.ty) => {}
                None => {
                    let at = self.at(&addr, offset);
                    self.zero(&at, place.size);
                }
            }
        }
        Ok(scalar(ty, addr))
    }

    /// Field of a heap object.
    pub(crate) fn get_heap_field(&mut self, object: &Typed, index: usize) -> Result<Typed> {
        let layout = self.object_layout(object.ty)?;
        let (Some(place), Val::Scalar(addr)) = (layout.fields.get(index), &object.val) else {
            return Err("a heap object without address or field".into());
        };
        let offset = i64::from(object::HEADER_SIZE + place.offset);
        let val = self.load(place.ty, addr, offset, Access::Own, false)?;
        Ok(Typed { ty: place.ty, val })
    }

    /// `Core.setfield!(x, name, v)`.
    pub(crate) fn set_field(&mut self, args: &[Value]) -> Result<Typed> {
        let object = self.operand(args[0])?;
        if !self.is_heap(object.ty) {
            return Err(format!(
                "setfield! of an immutable {}",
                self.type_text(object.ty)
            ));
        }
        let Some(index) = self.field_number(object.ty, args[1])? else {
            return Err("a field that is chosen at run time".into());
        };
        let layout = self.object_layout(object.ty)?;
        let (Some(&place), Val::Scalar(addr)) = (layout.fields.get(index), &object.val) else {
            return Err("a heap object without address or field".into());
        };
        let given = self.operand(args[2])?;
        let value = self.coerce(given.clone(), place.ty)?;
        let offset = i64::from(object::HEADER_SIZE + place.offset);
        self.replace(place.ty, &value, addr, offset)?;
        Ok(given)
    }

    /// Stores a value in memory that holds one, which is dropped.
    pub(crate) fn replace(&mut self, ty: Type, value: &Val, addr: &Reg, offset: i64) -> Result<()> {
        if !self.p.is_counted(ty) {
            // Elements may be C's, of any alignment.
            return self.store(ty, value, addr, offset, Access::User);
        }
        let old = self.load(ty, addr, offset, Access::Own, false)?;
        self.store(ty, value, addr, offset, Access::Own)?;
        self.count_value(&Typed { ty, val: old }, Count::Down, true)
    }

    /// `Core.isdefined(x, name)`.
    pub(crate) fn field_is_defined(&mut self, args: &[Value]) -> Result<Typed> {
        let object = self.operand(args[0])?;
        let Some(index) = self.field_number(object.ty, args[1])? else {
            return Err("a field that is chosen at run time".into());
        };
        let field = match self.is_heap(object.ty) {
            true => self.get_heap_field(&object, index)?,
            false => {
                let fields = self.layout(object.ty)?.fields;
                self.field_of(&object, &fields, index)?
            }
        };
        let defined = self.is_defined(&field)?;
        Ok(scalar(Type::BOOL, defined))
    }
}
