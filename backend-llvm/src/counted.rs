//! Reference counts: `expr retain(x)` and `expr release(x)` of whatever holds references (an
//! object, an aggregate, a union). Knows where references are in a value; how an object is freed is
//! in [`crate::drop`].
//!
//! ```text
//! retain     count = [object + 8]; if count >= 0 { [object + 8] = count + 1 }
//! release    left = [object + 8] - 1; if left > 0 { [object + 8] = left } else { drop(object) }
//! ```
//!
//! `drop` finds out by itself whether the object is immortal. References inside of aggregates and
//! phis may be null.

use crate::function::Body;
use crate::machine::{Machine, Reg};
use crate::program::Helper;
use crate::value::{Access, Result, Typed, Val};
use crate::writer::Label;
use jlift_abi::layout::first_selector;
use jlift_abi::object;
use jlift_ir::{Op, Type, TypeClass, Value};
use jlift_mutations::{Mutation, either, planted};

const COUNT: i64 = object::REFERENCE_COUNT_OFFSET as i64;

/// What happens to the references of a value.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Count {
    Up,
    Down,
}

impl Body<'_, '_> {
    /// `expr retain(x)` and `expr release(x)`.
    pub(crate) fn count_operand(&mut self, value: Value, count: Count) -> Result<()> {
        let typed = self.operand(value)?;
        if matches!(typed.val, Val::Exception) {
            return Err("the exception being handled has no reference count".into());
        }
        let may_be_null = self.may_be_null(value);
        self.count_value(&typed, count, may_be_null)
    }

    /// Whether an operand may stand for a value that does not exist.
    fn may_be_null(&self, mut value: Value) -> bool {
        while let Value::Inst(inst) = value {
            match self.f.insts[inst].op {
                Op::Copy(v) => value = v,
                // Where the value is of another type, the narrower one is nothing.
                Op::Pi { value: v, ty } if self.module.value_type(self.f, v) == Some(ty) => {
                    value = v;
                }
                Op::Pi { .. } | Op::Phi(_) | Op::PhiC(_) | Op::Builtin(..) => return true,
                _ => return false,
            }
        }
        false
    }

    /// Counts all references that a value is or holds up or down.
    pub(crate) fn count_value(
        &mut self,
        typed: &Typed,
        count: Count,
        may_be_null: bool,
    ) -> Result<()> {
        if !self.p.is_counted(typed.ty) {
            return Ok(());
        }
        match self.module.tables.class(typed.ty) {
            TypeClass::Heap | TypeClass::Array | TypeClass::String | TypeClass::Abstract => {
                match (&typed.val, count) {
                    (Val::Scalar(_), Count::Up) if planted(Mutation::LlvmRetainDropped) => Ok(()),
                    (Val::Scalar(object), Count::Up) => {
                        self.retain_reference(object, may_be_null);
                        Ok(())
                    }
                    (Val::Scalar(object), Count::Down) => {
                        self.release_reference(typed.ty, object, may_be_null)
                    }
                    _ => Err("a reference without address".into()),
                }
            }
            TypeClass::InlineWithReferences => {
                let fields = self.layout(typed.ty)?.fields;
                // Every element of a tuple is there.
                let may_be_null = may_be_null || self.module.tables.tuple_elems(typed.ty).is_none();
                for (index, field) in fields.iter().enumerate() {
                    if self.p.is_counted(field.ty) {
                        let field = self.field_of(typed, &fields, index)?;
                        self.count_value(&field, count, may_be_null)?;
                    }
                }
                Ok(())
            }
            TypeClass::Union => self.count_union(typed, count, may_be_null),
            _ => Ok(()),
        }
    }

    fn count_union(&mut self, typed: &Typed, count: Count, may_be_null: bool) -> Result<()> {
        let done = self.w.block();
        let selector = self.selector(typed)?;
        let first = i128::from(first_selector(&self.module.tables, typed.ty));
        let members = self.module.tables.members(typed.ty);
        for (i, &member) in members.iter().enumerate() {
            if !self.p.is_counted(member) {
                continue;
            }
            let here = self.is_number(&selector, first + i as i128);
            let (this, next) = (self.w.block(), self.w.block());
            self.w.branch(&here, this, next);
            self.w.switch_to(this);
            let value = self.payload(typed, member)?;
            self.count_value(&value, count, may_be_null)?;
            self.w.jump(done);
            self.w.switch_to(next);
        }
        self.w.jump(done);
        self.w.switch_to(done);
        Ok(())
    }

    /// Goes to `done` if a reference is null.
    fn skip_null(&mut self, object: &Reg, done: Label) {
        let some = self.w.block();
        let is_null = self.compare("eq", object, &Machine::Ptr.zero());
        self.w.branch(&is_null, done, some);
        self.w.switch_to(some);
    }

    fn retain_reference(&mut self, object: &Reg, may_be_null: bool) {
        let done = self.w.block();
        if may_be_null {
            self.skip_null(object, done);
        }
        let count = self.load_scalar(Machine::I64, object, COUNT, Access::Own);
        let mortal = self.compare("sge", &count, &Reg::i64(0));
        let add = self.w.block();
        self.w.branch(&mortal, add, done);
        self.w.switch_to(add);
        let more = self.w.op(Machine::I64, format_args!("add {count:#}, 1"));
        self.store_scalar(&more, object, COUNT, Access::Own);
        self.w.jump(done);
        self.w.switch_to(done);
    }

    /// Drops a reference. While a list of objects is being freed, an object that may hold others
    /// goes to that list.
    pub(crate) fn release_reference(
        &mut self,
        ty: Type,
        object: &Reg,
        may_be_null: bool,
    ) -> Result<()> {
        let done = self.w.block();
        if may_be_null {
            self.skip_null(object, done);
        }
        let is_dynamic = self.is_dynamic(ty);
        let drop = match is_dynamic {
            true => String::new(),
            false => self.p.helper(Helper::Drop(ty)),
        };
        let count = self.load_scalar(Machine::I64, object, COUNT, Access::Own);
        let left = self.w.op(Machine::I64, format_args!("add {count:#}, -1"));
        let is_last = self.compare(
            "sle",
            &left,
            &Reg::i64(either(Mutation::LlvmReleaseEarly, 1, 0)),
        );
        let (last, keep) = (self.w.block(), self.w.block());
        self.w.branch(&is_last, last, keep);
        self.w.switch_to(last);
        match (self.drop_list.clone(), self.p.nested_number(ty)) {
            _ if is_dynamic => self.drop_dynamic(object),
            (Some(list), Some(number)) => {
                let push = self.w.block();
                let mortal = self.compare("sge", &count, &Reg::i64(0));
                self.w.branch(&mortal, push, done);
                self.w.switch_to(push);
                let head = self.load_scalar(Machine::Ptr, &list, 0, Access::Own);
                self.link(object, number, &head);
                self.store_scalar(object, &list, 0, Access::Own);
            }
            _ => self.w.line(format_args!("call void {drop}({object:#})")),
        }
        self.w.jump(done);
        self.w.switch_to(keep);
        self.store_scalar(&left, object, COUNT, Access::Own);
        self.w.jump(done);
        self.w.switch_to(done);
        Ok(())
    }

    /// Puts an object that is being freed before the others of a list.
    pub(crate) fn link(&mut self, object: &Reg, number: u32, head: &Reg) {
        let number = Reg::int(Machine::I32, number.into());
        let at = object::TYPE_INDEX_OFFSET.into();
        self.store_scalar(&number, object, at, Access::Own);
        self.store_scalar(head, object, COUNT, Access::Own);
    }

    /// Whether a value is there: for fields and elements that may be undefined.
    pub(crate) fn is_defined(&mut self, typed: &Typed) -> Result<Reg> {
        let tables = &self.module.tables;
        if tables.is_bits(typed.ty) {
            return Ok(Reg::bool(true));
        }
        if typed.ty == Type::BOTTOM {
            // There is no such value.
            return Ok(Reg::bool(false));
        }
        match (tables.class(typed.ty), &typed.val) {
            (TypeClass::Union, _) => {
                let selector = self.selector(typed)?;
                Ok(self.is_nonzero(&selector))
            }
            (TypeClass::InlineWithReferences, _) => {
                // As in Julia, the first reference tells for all.
                let fields = self.layout(typed.ty)?.fields;
                match fields.iter().position(|f| !tables.is_bits(f.ty)) {
                    Some(index) => {
                        let field = self.field_of(typed, &fields, index)?;
                        self.is_defined(&field)
                    }
                    None => Ok(Reg::bool(true)),
                }
            }
            (_, Val::Scalar(v)) => {
                let v = v.clone();
                Ok(self.is_nonzero(&v))
            }
            _ => Err("a value in an unexpected representation".into()),
        }
    }
}
