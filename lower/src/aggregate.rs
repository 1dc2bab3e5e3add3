//! Aggregates: building tuples and structs, reading fields, equality, selection.

use crate::function::FunctionLowerer;
use crate::plan::has_text;
use crate::repr::{Repr, has_union};
use crate::value::{Lowered, Result, Typed, own_memory};
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{self, InstBuilder, MemFlagsData, types};
use jlift_abi::layout::{FieldLayout, leaves};
use jlift_ir::{ConstData, Type, TypeClass, Value};
use jlift_mutations::{Mutation, either, planted, swapped};

/// Aggregates of up to this many scalars are compared leaf by leaf.
const MAX_COMPARED_LEAVES: usize = 4096;

impl FunctionLowerer<'_, '_> {
    /// `Core.tuple(...)`.
    pub(crate) fn tuple(&mut self, args: &[Value], ty: Type) -> Result<Typed> {
        let Some(elems) = self.module.tables.tuple_elems(ty) else {
            return Err(format!("a tuple of type {}", self.type_text(ty)));
        };
        if elems.len() != args.len() {
            return Err("a tuple with the wrong number of elements".into());
        }
        self.aggregate_of(ty, args)
    }

    /// `new T(...)`.
    pub(crate) fn new_object(&mut self, ty: Type, args: &[Value]) -> Result<Typed> {
        match self.module.tables.class(ty) {
            TypeClass::Inline | TypeClass::InlineWithReferences => self.aggregate_of(ty, args),
            TypeClass::Heap => self.new_heap_object(ty, args),
            TypeClass::Singleton => Ok(Typed {
                ty,
                value: Lowered::Ghost,
            }),
            TypeClass::Primitive(_) | TypeClass::Pointer if args.len() == 1 => {
                let value = self.operand_as(args[0], ty)?;
                Ok(Typed { ty, value })
            }
            _ => Err(format!("a new {}", self.type_text(ty))),
        }
    }

    /// An aggregate of these fields.
    pub(crate) fn aggregate_of(&mut self, ty: Type, fields: &[Value]) -> Result<Typed> {
        let layout = self.layout(ty)?;
        let may_lack = self.module.tables.class(ty) == TypeClass::InlineWithReferences;
        if fields.len() > layout.fields.len() || fields.len() < layout.fields.len() && !may_lack {
            return Err(format!(
                "{} fields for {} of {}",
                fields.len(),
                layout.fields.len(),
                self.type_text(ty)
            ));
        }
        let value = match self.repr(ty)? {
            Repr::Ghost => Lowered::Ghost,
            Repr::Leaves(_) => {
                let mut parts = Vec::new();
                for (i, place) in layout.fields.iter().enumerate() {
                    let value = match fields.get(i) {
                        Some(&field) => self.operand_as(field, place.ty)?,
                        None => self.undefined(place.ty)?,
                    };
                    parts.extend(self.registers(&value));
                }
                Lowered::Parts(parts)
            }
            Repr::Memory { size, align } => {
                let addr = self.stack_memory(size, align);
                for (i, place) in layout.fields.iter().enumerate() {
                    let value = match fields.get(i) {
                        Some(&field) => self.operand_as(field, place.ty)?,
                        None => self.undefined(place.ty)?,
                    };
                    self.store(place.ty, &value, addr, place.offset as i32, own_memory())?;
                }
                Lowered::Memory(addr)
            }
            Repr::Scalar(_) | Repr::Union { .. } => return Err("not an aggregate".into()),
        };
        Ok(Typed { ty, value })
    }

    /// The 0-based index of a field named or numbered by a constant.
    pub(crate) fn field_number(&self, ty: Type, name: Value) -> Result<Option<usize>> {
        Ok(match name {
            Value::Imm {
                ty: Type::INT64,
                bits,
            } => {
                let count = self
                    .module
                    .tables
                    .field_types(ty)
                    .map_or(0, |fields| fields.len());
                if bits == 0 || bits as usize > count {
                    return Err(format!("{} has no field {bits}", self.type_text(ty)));
                }
                Some(bits as usize - 1)
            }
            Value::Const(c) => match self.module.tables.const_data(c) {
                ConstData::Symbol(field) => match self.module.tables.field_index(ty, *field) {
                    Some(i) => Some(i),
                    None => {
                        return Err(format!(
                            "{} has no field {}",
                            self.type_text(ty),
                            self.module.tables.names.str(*field)
                        ));
                    }
                },
                _ => return Err("a field that is neither named nor numbered".into()),
            },
            _ => None,
        })
    }

    /// `Core.getfield(x, name[, boundscheck])`.
    pub(crate) fn get_field(&mut self, args: &[Value], result: Type) -> Result<Typed> {
        let object = self.operand_in_place(args[0])?;
        let ty = object.ty;
        let Some(index) = self.field_number(ty, args[1])? else {
            return self.get_field_dynamic(object, args[1], result);
        };
        if self.module.tables.class(ty) == TypeClass::Heap {
            return self.get_heap_field(object, index);
        }
        let layout = self.layout(ty)?;
        let place = layout.fields[index];
        let value = self.field_of(&object, &layout.fields, index)?;
        let field = Typed {
            ty: place.ty,
            value,
        };
        if result != place.ty && self.is_union(result) {
            // Which field it is became known after the result was typed.
            let value = self.coerce(field, result)?;
            return Ok(Typed { ty: result, value });
        }
        Ok(field)
    }

    /// Field `index` of an inline aggregate.
    pub(crate) fn field_of(
        &mut self,
        object: &Typed,
        fields: &[FieldLayout],
        index: usize,
    ) -> Result<Lowered> {
        let place = &fields[index];
        match &object.value {
            Lowered::Ghost => self.undefined(place.ty),
            Lowered::Memory(addr) => {
                if self.repr(place.ty)?.is_passed_by_address() {
                    // Larger parts stay where they are until something needs them in registers.
                    return Ok(Lowered::Memory(self.part_address(*addr, place.offset)));
                }
                let flags = self.memory_flags(*addr);
                let offset = either(
                    Mutation::LowerFieldOffset,
                    place.offset.saturating_sub(place.size),
                    place.offset,
                );
                self.load(place.ty, *addr, offset as i32, flags, true)
            }
            Lowered::Parts(parts) => {
                let mut start = 0;
                for before in &fields[..index] {
                    start += self.leaf_count(before.ty)?;
                }
                let count = self.leaf_count(place.ty)?;
                match parts.get(start..start + count) {
                    Some(regs) => {
                        let regs = regs.to_vec();
                        self.value_from_registers(place.ty, &regs)
                    }
                    None => Err("an aggregate with too few leaves".into()),
                }
            }
            Lowered::Scalar(_) | Lowered::Exception => Err("not an aggregate".into()),
        }
    }

    /// Address of a part of an aggregate in memory.
    fn part_address(&mut self, addr: ir::Value, offset: u32) -> ir::Value {
        if offset == 0 {
            return addr;
        }
        let part = self.b.ins().iadd_imm_s(addr, i64::from(offset));
        if self.read_only.contains(addr) {
            self.read_only.insert(part);
        }
        part
    }

    /// How many leaves a field takes in its aggregate's registers.
    pub(crate) fn leaf_count(&mut self, ty: Type) -> Result<usize> {
        Ok(match self.repr(ty)? {
            Repr::Ghost => 0,
            Repr::Scalar(_) => 1,
            Repr::Leaves(leaves) => leaves.len(),
            Repr::Union { .. } | Repr::Memory { .. } => {
                return Err("a field in memory of an aggregate in registers".into());
            }
        })
    }

    /// `getfield(tuple, i)` with an index known at run time, in bounds.
    fn get_field_dynamic(&mut self, object: Typed, index: Value, result: Type) -> Result<Typed> {
        let layout = self.layout(object.ty)?;
        let Some(first) = layout.fields.first().copied() else {
            return self
                .undefined(result)
                .map(|value| Typed { ty: result, value });
        };
        if layout.fields.iter().any(|f| f.ty != first.ty) {
            return self.get_mixed_field(&object, &layout.fields, index, result);
        }
        let stride = match layout.fields.get(1) {
            Some(second) => second.offset - first.offset,
            None => 0,
        };
        let index = self.scalar(index)?;
        if let Lowered::Parts(parts) = &object.value
            && let (Repr::Scalar(_), true) = (self.repr(first.ty)?, parts.len() <= 4)
        {
            // A few selects are cheaper than a trip through memory.
            let mut chosen = parts[0];
            for (i, &part) in parts.iter().enumerate().skip(1) {
                let here = self.b.ins().icmp_imm_s(IntCC::Equal, index, i as i64 + 1);
                chosen = self.b.ins().select(here, part, chosen);
            }
            return Ok(Typed {
                ty: first.ty,
                value: Lowered::Scalar(chosen),
            });
        }
        let addr = self.spill(object.ty, &object.value)?;
        let scaled = self.scaled_index(index, i64::from(stride));
        let addr = self.b.ins().iadd(addr, scaled);
        let value = self.load(first.ty, addr, -(stride as i32), own_memory(), true)?;
        Ok(Typed {
            ty: first.ty,
            value,
        })
    }

    /// `getfield(tuple, i)` where the fields have different types: all of them as values of the
    /// result's type, and a choice.
    fn get_mixed_field(
        &mut self,
        object: &Typed,
        fields: &[FieldLayout],
        index: Value,
        result: Type,
    ) -> Result<Typed> {
        let index = self.scalar(index)?;
        let mut chosen: Option<Vec<ir::Value>> = None;
        for (i, field) in fields.iter().enumerate() {
            if !self.module.tables.may_be_chosen(field.ty, result) {
                // The producer knows that the index does not say this field.
                continue;
            }
            let value = self.field_of(object, fields, i)?;
            let typed = self.in_registers(Typed {
                ty: field.ty,
                value,
            })?;
            let value = self.coerce(typed, result)?;
            let regs = self.registers(&value);
            chosen = Some(match chosen {
                None => regs,
                Some(others) => {
                    let here = self.b.ins().icmp_imm_s(IntCC::Equal, index, i as i64 + 1);
                    regs.into_iter()
                        .zip(others)
                        .map(|(mine, other)| self.b.ins().select(here, mine, other))
                        .collect()
                }
            });
        }
        let Some(regs) = chosen else {
            return Err(format!(
                "a field of {} that is chosen at run time",
                self.type_text(object.ty)
            ));
        };
        Ok(Typed {
            ty: result,
            value: self.value_from_registers(result, &regs)?,
        })
    }

    /// `index * stride`.
    pub(crate) fn scaled_index(&mut self, index: ir::Value, stride: i64) -> ir::Value {
        if stride > 0 && stride.count_ones() == 1 {
            self.b
                .ins()
                .ishl_imm_s(index, i64::from(stride.trailing_zeros()))
        } else {
            self.b.ins().imul_imm_s(index, stride)
        }
    }

    /// `Core.===(a, b)`.
    pub(crate) fn egal(&mut self, args: &[Value]) -> Result<Typed> {
        match (args[0], args[1]) {
            (Value::Type(a), Value::Type(b)) => return self.constant(Value::bool(a == b)),
            // Constants are interned.
            (Value::Const(a), Value::Const(b)) if a == b => {
                return self.constant(Value::bool(true));
            }
            _ => {}
        }
        let (a, b) = (self.operand(args[0])?, self.operand(args[1])?);
        let value = self.egal_values(&a, &b)?;
        Ok(Typed {
            ty: Type::BOOL,
            value: Lowered::Scalar(value),
        })
    }

    fn bool_const(&mut self, b: bool) -> ir::Value {
        self.b.ins().iconst(types::I8, i64::from(b))
    }

    pub(crate) fn egal_values(&mut self, a: &Typed, b: &Typed) -> Result<ir::Value> {
        if self.is_union(a.ty) || self.is_union(b.ty) {
            return self.egal_union(a, b);
        }
        if a.ty != b.ty {
            return Ok(self.bool_const(false));
        }
        match (&a.value, &b.value) {
            (Lowered::Ghost, _) => Ok(self.bool_const(true)),
            (&Lowered::Scalar(x), &Lowered::Scalar(y))
                if matches!(a.ty, Type::STRING | Type::SYMBOL) =>
            {
                self.same_text(x, y)
            }
            (Lowered::Scalar(x), Lowered::Scalar(y)) => Ok(self.same_bits(*x, *y)),
            (Lowered::Parts(xs), Lowered::Parts(ys)) if !has_text(self.module, a.ty, 0) => {
                let pairs: Vec<_> = xs.iter().copied().zip(ys.iter().copied()).collect();
                Ok(self.all_same(&pairs))
            }
            (Lowered::Parts(_), Lowered::Parts(_)) | (Lowered::Memory(_), Lowered::Memory(_))
                if has_union(&self.module.tables, a.ty) || has_text(self.module, a.ty, 0) =>
            {
                // What a union's payload does not use is undefined.
                let layout = self.layout(a.ty)?;
                let fields = &layout.fields;
                let mut all = self.bool_const(true);
                for (i, field) in fields.iter().enumerate() {
                    let mut side = |object: &Typed| {
                        let value = self.field_of(object, fields, i)?;
                        self.in_registers(Typed {
                            ty: field.ty,
                            value,
                        })
                    };
                    let (x, y) = (side(a)?, side(b)?);
                    let same = self.egal_values(&x, &y)?;
                    all = self.b.ins().band(all, same);
                }
                Ok(all)
            }
            (Lowered::Memory(x), Lowered::Memory(y)) => {
                let Ok(leaves) = leaves(&self.module.tables, a.ty, MAX_COMPARED_LEAVES) else {
                    return Err(format!("`===` of two {}", self.type_text(a.ty)));
                };
                let mut pairs = Vec::with_capacity(leaves.len());
                for leaf in leaves {
                    let t = crate::repr::clif_type(leaf.scalar);
                    let flags: MemFlagsData = own_memory();
                    let left = self.b.ins().load(t, flags, *x, leaf.offset as i32);
                    let right = self.b.ins().load(t, flags, *y, leaf.offset as i32);
                    pairs.push((left, right));
                }
                Ok(self.all_same(&pairs))
            }
            _ => Err(format!("`===` of two {}", self.type_text(a.ty))),
        }
    }

    /// Whether two registers hold the same bits: floats are compared as bits, as `===` does.
    pub(crate) fn same_bits(&mut self, x: ir::Value, y: ir::Value) -> ir::Value {
        let ty = self.b.func.dfg.value_type(x);
        if ty.is_float() && planted(Mutation::LowerEgalByValue) {
            return self.b.ins().fcmp(FloatCC::Equal, x, y);
        }
        let (x, y) = if ty.is_float() {
            let int = ty.as_int();
            let flags = MemFlagsData::new();
            (
                self.b.ins().bitcast(int, flags, x),
                self.b.ins().bitcast(int, flags, y),
            )
        } else {
            (x, y)
        };
        self.b.ins().icmp(IntCC::Equal, x, y)
    }

    fn all_same(&mut self, pairs: &[(ir::Value, ir::Value)]) -> ir::Value {
        let mut result = None;
        for &(x, y) in pairs {
            let same = self.same_bits(x, y);
            result = Some(match result {
                None => same,
                Some(all) => self.b.ins().band(all, same),
            });
        }
        match result {
            Some(value) => value,
            None => self.bool_const(true),
        }
    }

    /// `Core.ifelse(cond, x, y)`.
    pub(crate) fn if_else(&mut self, args: &[Value], ty: Type) -> Result<Typed> {
        if let Some(cond) = args[0].as_bool() {
            let chosen = self.operand(if cond { args[1] } else { args[2] })?;
            if self.module.tables.class(ty) != TypeClass::Union {
                return Ok(chosen);
            }
            // A member that is known to be chosen is a union all the same, and may be narrowed, where control
            // never gets, to another member.
            let value = self.coerce(chosen, ty)?;
            return Ok(Typed { ty, value });
        }
        let cond = self.scalar(args[0])?;
        let (x, y) = (self.operand_as(args[1], ty)?, self.operand_as(args[2], ty)?);
        let value = match (&x, &y) {
            (Lowered::Ghost, _) => Lowered::Ghost,
            (Lowered::Scalar(x), Lowered::Scalar(y)) => {
                let (x, y) = swapped(Mutation::LowerSelectSwapped, *x, *y);
                Lowered::Scalar(self.choose(cond, x, y))
            }
            (Lowered::Memory(x), Lowered::Memory(y)) => {
                Lowered::Memory(self.b.ins().select(cond, *x, *y))
            }
            (Lowered::Parts(xs), Lowered::Parts(ys)) => Lowered::Parts(
                xs.iter()
                    .zip(ys)
                    .map(|(&x, &y)| self.choose(cond, x, y))
                    .collect(),
            ),
            _ => return Err("`ifelse` of values in different representations".into()),
        };
        Ok(Typed { ty, value })
    }

    /// `select` by halves for 128 bits: Cranelift 0.135 makes `smin` and its like of a select that
    /// depends on a comparison of its operands, and has no code for them at this width.
    fn choose(&mut self, cond: ir::Value, x: ir::Value, y: ir::Value) -> ir::Value {
        if self.b.func.dfg.value_type(x) != types::I128 {
            return self.b.ins().select(cond, x, y);
        }
        let (x_low, x_high) = self.b.ins().isplit(x);
        let (y_low, y_high) = self.b.ins().isplit(y);
        let low = self.b.ins().select(cond, x_low, y_low);
        let high = self.b.ins().select(cond, x_high, y_high);
        self.b.ins().iconcat(low, high)
    }
}
