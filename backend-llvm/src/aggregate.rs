//! Aggregates: building tuples and structs, reading fields, equality, selection.

use crate::function::Body;
use crate::machine::{Machine, Reg};
use crate::repr::Repr;
use crate::statement::scalar;
use crate::value::{Access, Result, Typed, Val};
use jlift_abi::layout::FieldLayout;
use jlift_ir::{ConstData, Type, TypeClass, Value};
use jlift_mutations::{Mutation, either, swapped};

/// Structs nest at most this deep.
const MAX_DEPTH: u32 = jlift_abi::layout::MAX_DEPTH;

impl Body<'_, '_> {
    /// `Core.tuple(...)`.
    pub(crate) fn tuple(&mut self, args: &[Value], ty: Type) -> Result<Typed> {
        match self.module.tables.tuple_elems(ty) {
            Some(elems) if elems.len() == args.len() => self.aggregate_of(ty, args),
            Some(_) => Err("a tuple with the wrong number of elements".into()),
            None => Err(format!("a tuple of type {}", self.type_text(ty))),
        }
    }

    /// `new T(...)`.
    pub(crate) fn new_object(&mut self, ty: Type, args: &[Value]) -> Result<Typed> {
        match self.module.tables.class(ty) {
            TypeClass::Inline | TypeClass::InlineWithReferences => self.aggregate_of(ty, args),
            TypeClass::Heap => self.new_heap_object(ty, args),
            TypeClass::Singleton => Ok(Typed {
                ty,
                val: Val::Ghost,
            }),
            TypeClass::Primitive(_) | TypeClass::Pointer if args.len() == 1 => {
                let val = self.operand_as(args[0], ty)?;
                Ok(Typed { ty, val })
            }
            _ => Err(format!("a new {}", self.type_text(ty))),
        }
    }

    /// An aggregate of these fields; those that lack are undefined.
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
        let (size, align) = match self.repr(ty)? {
            Repr::Ghost => {
                return Ok(Typed {
                    ty,
                    val: Val::Ghost,
                });
            }
            Repr::Memory { size, align } => (size, align),
            Repr::Scalar(_) => return Err("not an aggregate".into()),
        };
        let addr = self.w.alloca(size, align);
        for (i, place) in layout.fields.iter().enumerate() {
            let offset = i64::from(place.offset);
            match fields.get(i) {
                Some(&field) => {
                    let value = self.operand_as(field, place.ty)?;
                    self.store(place.ty, &value, &addr, offset, Access::Own)?;
                }
                None => {
                    let at = self.at(&addr, offset);
                    self.zero(&at, place.size);
                }
            }
        }
        Ok(Typed {
            ty,
            val: Val::Memory(addr),
        })
    }

    /// The 0-based index of a field named or numbered by a constant.
    pub(crate) fn field_number(&self, ty: Type, name: Value) -> Result<Option<usize>> {
        let tables = &self.module.tables;
        match name {
            Value::Imm {
                ty: Type::INT64,
                bits,
            } => {
                let count = tables.field_types(ty).map_or(0, |fields| fields.len());
                match usize::try_from(bits) {
                    Ok(n) if n >= 1 && n <= count => Ok(Some(n - 1)),
                    _ => Err(format!("{} has no field {bits}", self.type_text(ty))),
                }
            }
            Value::Const(c) => match tables.const_data(c) {
                ConstData::Symbol(field) => match tables.field_index(ty, *field) {
                    Some(i) => Ok(Some(i)),
                    None => Err(format!(
                        "{} has no field {}",
                        self.type_text(ty),
                        tables.names.str(*field)
                    )),
                },
                _ => Err("a field that is neither named nor numbered".into()),
            },
            _ => Ok(None),
        }
    }

    /// `Core.getfield(x, name[, boundscheck])`.
    pub(crate) fn get_field(&mut self, args: &[Value], result: Type) -> Result<Typed> {
        let object = self.operand(args[0])?;
        let Some(index) = self.field_number(object.ty, args[1])? else {
            return self.get_field_dynamic(&object, args[1], result);
        };
        if self.is_heap(object.ty) {
            return self.get_heap_field(&object, index);
        }
        let fields = self.layout(object.ty)?.fields;
        self.field_of(&object, &fields, index)
    }

    /// Field `index` of an inline aggregate. What is itself in memory stays where it is.
    pub(crate) fn field_of(
        &mut self,
        object: &Typed,
        fields: &[FieldLayout],
        index: usize,
    ) -> Result<Typed> {
        let Some(place) = fields.get(index) else {
            return Err(format!("{} has no such field", self.type_text(object.ty)));
        };
        let val = match &object.val {
            Val::Ghost => self.undefined(place.ty)?,
            Val::Memory(addr) => {
                let before = place.offset.saturating_sub(place.size);
                let offset = either(Mutation::LlvmFieldOffset, before, place.offset);
                self.load(place.ty, addr, offset.into(), Access::Own, true)?
            }
            Val::Scalar(_) | Val::Exception => return Err("not an aggregate".into()),
        };
        Ok(Typed { ty: place.ty, val })
    }

    /// `getfield(tuple, i)` with an index known at run time, in bounds.
    fn get_field_dynamic(&mut self, object: &Typed, index: Value, result: Type) -> Result<Typed> {
        let fields = self.layout(object.ty)?.fields;
        let Some(first) = fields.first().copied() else {
            let val = self.undefined(result)?;
            return Ok(Typed { ty: result, val });
        };
        let index = self.scalar(index)?;
        if fields.iter().any(|f| f.ty != first.ty) {
            return self.get_mixed_field(object, &fields, &index, result);
        }
        let Val::Memory(addr) = &object.val else {
            return self.field_of(object, &fields, 0);
        };
        let stride = match fields.get(1) {
            Some(second) => i64::from(second.offset - first.offset),
            None => 0,
        };
        let bytes = self.scaled(&index, stride);
        let addr = self.at_index(addr, &bytes);
        let val = self.load(first.ty, &addr, -stride, Access::Own, true)?;
        Ok(Typed { ty: first.ty, val })
    }

    /// `getfield(tuple, i)` where the fields have different types: all of them as values of the
    /// result's type, and a choice.
    fn get_mixed_field(
        &mut self,
        object: &Typed,
        fields: &[FieldLayout],
        index: &Reg,
        result: Type,
    ) -> Result<Typed> {
        let mut chosen: Option<Val> = None;
        for (i, field) in fields.iter().enumerate() {
            if !self.module.tables.may_be_chosen(field.ty, result) {
                // The producer knows that the index does not say this field.
                continue;
            }
            let typed = self.field_of(object, fields, i)?;
            let value = self.coerce(typed, result)?;
            chosen = Some(match chosen {
                None => value,
                Some(other) => {
                    let here = self.is_number(index, i as i128 + 1);
                    self.choose(&here, &value, &other)?
                }
            });
        }
        match chosen {
            Some(val) => Ok(Typed { ty: result, val }),
            None => Err(format!(
                "a field of {} that is chosen at run time",
                self.type_text(object.ty)
            )),
        }
    }

    /// `cond ? x : y` of two values of one type.
    fn choose(&mut self, cond: &Reg, x: &Val, y: &Val) -> Result<Val> {
        Ok(match (x, y) {
            (Val::Ghost, _) => Val::Ghost,
            (Val::Scalar(x), Val::Scalar(y)) => {
                let (x, y) = swapped(Mutation::LlvmSelectSwapped, x, y);
                Val::Scalar(self.select(cond, x, y))
            }
            (Val::Memory(x), Val::Memory(y)) => Val::Memory(self.select(cond, x, y)),
            _ => return Err("a choice of values in different representations".into()),
        })
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
            let val = self.coerce(chosen, ty)?;
            return Ok(Typed { ty, val });
        }
        let cond = self.condition(args[0])?;
        let (x, y) = (self.operand_as(args[1], ty)?, self.operand_as(args[2], ty)?);
        let val = self.choose(&cond, &x, &y)?;
        Ok(Typed { ty, val })
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
        let value = self.egal_values(&a, &b, 0)?;
        Ok(scalar(Type::BOOL, value))
    }

    /// Whether two values are the same: by their bits, texts by their bytes.
    pub(crate) fn egal_values(&mut self, a: &Typed, b: &Typed, depth: u32) -> Result<Reg> {
        if depth > MAX_DEPTH {
            return Err(format!("`===` of two {}", self.type_text(a.ty)));
        }
        if self.is_union(a.ty) || self.is_union(b.ty) {
            return self.egal_union(a, b, depth);
        }
        if a.ty != b.ty {
            return Ok(Reg::bool(false));
        }
        match (&a.val, &b.val) {
            (Val::Ghost, _) => Ok(Reg::bool(true)),
            (Val::Scalar(x), Val::Scalar(y)) => match a.ty {
                Type::STRING | Type::SYMBOL => Ok(self.same_text(x, y)),
                _ => Ok(self.same_bits(x, y)),
            },
            (Val::Memory(_), Val::Memory(_)) => {
                let fields = self.layout(a.ty)?.fields;
                let mut all = Reg::bool(true);
                for i in 0..fields.len() {
                    let (x, y) = (self.field_of(a, &fields, i)?, self.field_of(b, &fields, i)?);
                    let same = self.egal_values(&x, &y, depth + 1)?;
                    all = self.and(&all, &same);
                }
                Ok(all)
            }
            _ => Err(format!("`===` of two {}", self.type_text(a.ty))),
        }
    }

    /// Memory for a truth value that several blocks decide.
    pub(crate) fn truth_slot(&mut self, value: bool) -> Reg {
        let slot = self.w.scalar_slot(Machine::I1);
        let value = Reg::bool(value);
        self.w.line(format_args!("store {value:#}, ptr {slot}"));
        slot
    }
}
