//! Reference counts: `expr retain(x)` and `expr release(x)` of whatever holds references (an
//! object, an aggregate, a union), and the releases of a call that fails. Knows where references
//! are in a value; how an object is freed is in [`crate::drop`].
//!
//! ```text
//! retain     count = [object + 8]; if count >= 0 { [object + 8] = count + 1 }
//! release    left = [object + 8] - 1; if left > 0 { [object + 8] = left } else { drop(object) }
//! ```
//!
//! `drop` finds out by itself whether the object is immortal. References inside of aggregates and
//! phis may be null: fields may be undefined, and so is a phi where control came from a block that
//! it does not list.

use crate::dynamic::DROP_DYNAMIC;
use crate::function::FunctionLowerer;
use crate::repr::{NO_MEMBER, Repr};
use crate::value::{Lowered, Result, Typed, own_memory};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{self, AbiParam, BlockArg, InstBuilder, Signature, types};
use jlift_abi::object;
use jlift_ir::{Op, Type, TypeClass, Value};
use jlift_mutations::{Mutation, either, planted};

const NO_ARGS: [BlockArg; 0] = [];
const COUNT: i32 = object::REFERENCE_COUNT_OFFSET as i32;

/// What happens to the references of a value.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Count {
    Up,
    Down,
}

/// A failing call that leaves more values behind than this shares the code of their releases.
const MAX_OWN_CLEANUP: usize = 8;

/// A block in which a failing call's values are released, to be filled.
pub(crate) struct Cleanup {
    block: ir::Block,
    target: ir::Block,
    values: Vec<Value>,
}

impl FunctionLowerer<'_, '_> {
    pub(crate) fn is_counted(&mut self, ty: Type) -> bool {
        let tables = &self.module.tables;
        *self
            .counted
            .entry(ty)
            .or_insert_with(|| tables.is_counted(ty))
    }

    /// `expr retain(x)` and `expr release(x)`.
    pub(crate) fn count_operand(&mut self, value: Value, count: Count) -> Result<()> {
        let typed = self.operand_in_place(value)?;
        if matches!(typed.value, Lowered::Exception) {
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
                Op::Pi { .. } => return true,
                Op::Phi(_) | Op::PhiC(_) | Op::Builtin(..) => return true,
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
        if !self.is_counted(typed.ty) {
            return Ok(());
        }
        match self.module.tables.class(typed.ty) {
            TypeClass::Heap | TypeClass::Array | TypeClass::String | TypeClass::Abstract => {
                match typed.value {
                    Lowered::Scalar(object) => match count {
                        Count::Up if planted(Mutation::LowerRetainDropped) => Ok(()),
                        Count::Up => {
                            self.retain_reference(object, may_be_null);
                            Ok(())
                        }
                        Count::Down if planted(Mutation::LowerReleaseDropped) => Ok(()),
                        Count::Down => self.release_reference(typed.ty, object, may_be_null),
                    },
                    _ => Err("a reference without address".into()),
                }
            }
            TypeClass::InlineWithReferences => {
                let layout = self.layout(typed.ty)?;
                // Every element of a tuple is there.
                let may_be_null = may_be_null || self.module.tables.tuple_elems(typed.ty).is_none();
                for (index, field) in layout.fields.iter().enumerate() {
                    if self.is_counted(field.ty) {
                        let value = self.field_of(typed, &layout.fields, index)?;
                        let field = Typed {
                            ty: field.ty,
                            value,
                        };
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
        let (Repr::Union { members, .. }, Lowered::Parts(parts)) =
            (self.repr(typed.ty)?, &typed.value)
        else {
            return Err("a union in an unexpected representation".into());
        };
        let done = self.b.create_block();
        let (tag, words) = (parts[0], parts[1..].to_vec());
        for (i, &member) in members.iter().enumerate() {
            if !self.is_counted(member) {
                continue;
            }
            let here = self.b.ins().icmp_imm_s(IntCC::Equal, tag, i as i64);
            let (this, next) = (self.b.create_block(), self.b.create_block());
            self.b.ins().brif(here, this, &NO_ARGS, next, &NO_ARGS);
            self.b.switch_to_block(this);
            let value = self.member_from_words(member, &words)?;
            let value = Typed { ty: member, value };
            self.count_value(&value, count, may_be_null)?;
            self.b.ins().jump(done, &NO_ARGS);
            self.b.switch_to_block(next);
        }
        self.b.ins().jump(done, &NO_ARGS);
        self.b.switch_to_block(done);
        Ok(())
    }

    /// Goes to `done` if a reference is null.
    fn skip_null(&mut self, object: ir::Value, done: ir::Block) {
        let some = self.b.create_block();
        self.b.ins().brif(object, some, &NO_ARGS, done, &NO_ARGS);
        self.b.switch_to_block(some);
    }

    fn retain_reference(&mut self, object: ir::Value, may_be_null: bool) {
        let done = self.b.create_block();
        if may_be_null {
            self.skip_null(object, done);
        }
        let count = self.b.ins().load(types::I64, own_memory(), object, COUNT);
        let mortal = self
            .b
            .ins()
            .icmp_imm_s(IntCC::SignedGreaterThanOrEqual, count, 0);
        let add = self.b.create_block();
        self.b.ins().brif(mortal, add, &NO_ARGS, done, &NO_ARGS);
        self.b.switch_to_block(add);
        let more = self.b.ins().iadd_imm_s(count, 1);
        self.b.ins().store(own_memory(), more, object, COUNT);
        self.b.ins().jump(done, &NO_ARGS);
        self.b.switch_to_block(done);
    }

    /// Drops a reference. While a list of objects is being freed, an object that may hold others
    /// goes to that list.
    pub(crate) fn release_reference(
        &mut self,
        ty: Type,
        object: ir::Value,
        may_be_null: bool,
    ) -> Result<()> {
        let done = self.b.create_block();
        if may_be_null {
            self.skip_null(object, done);
        }
        let count = self.b.ins().load(types::I64, own_memory(), object, COUNT);
        let left = self.b.ins().iadd_imm_s(count, -1);
        let is_last = self.b.ins().icmp_imm_s(
            IntCC::SignedLessThanOrEqual,
            left,
            either(Mutation::LowerReleaseEarly, 1, 0),
        );
        let (last, keep) = (self.b.create_block(), self.b.create_block());
        self.b.set_cold_block(last);
        self.b.ins().brif(is_last, last, &NO_ARGS, keep, &NO_ARGS);
        self.b.switch_to_block(last);
        let is_dynamic = self.module.tables.class(ty) == TypeClass::Abstract;
        match (self.drop_list, self.l.plan.nested_number(ty)) {
            _ if is_dynamic => {
                self.call_import(DROP_DYNAMIC, &[object], None)?;
            }
            (Some(list), Some(number)) => {
                let push = self.b.create_block();
                let mortal = self
                    .b
                    .ins()
                    .icmp_imm_s(IntCC::SignedGreaterThanOrEqual, count, 0);
                self.b.ins().brif(mortal, push, &NO_ARGS, done, &NO_ARGS);
                self.b.switch_to_block(push);
                let head = self.b.use_var(list);
                self.link(object, number, head);
                self.b.def_var(list, object);
            }
            _ => self.call_drop(ty, object)?,
        }
        self.b.ins().jump(done, &NO_ARGS);
        self.b.switch_to_block(keep);
        self.b.ins().store(own_memory(), left, object, COUNT);
        self.b.ins().jump(done, &NO_ARGS);
        self.b.switch_to_block(done);
        Ok(())
    }

    /// Puts an object that is being freed before the others of a list.
    pub(crate) fn link(&mut self, object: ir::Value, number: u32, head: ir::Value) {
        let number = self.b.ins().iconst(types::I32, i64::from(number));
        let at = object::TYPE_INDEX_OFFSET as i32;
        self.b.ins().store(own_memory(), number, object, at);
        self.b.ins().store(own_memory(), head, object, COUNT);
    }

    pub(crate) fn call_drop(&mut self, ty: Type, object: ir::Value) -> Result<()> {
        let Some(symbol) = self.l.plan.drop_function(ty) else {
            return Err(format!("freeing a {} was not planned", self.type_text(ty)));
        };
        let mut signature = Signature::new(self.l.isa.default_call_conv());
        signature.params.push(AbiParam::new(types::I64));
        let func_ref = self.func_ref(symbol, signature);
        self.b.ins().call(func_ref, &[object]);
        Ok(())
    }

    /// Whether a value is there: for fields and elements that may be undefined.
    pub(crate) fn is_defined(&mut self, typed: &Typed) -> Result<ir::Value> {
        let tables = &self.module.tables;
        if tables.is_bits(typed.ty) {
            return Ok(self.b.ins().iconst(types::I8, 1));
        }
        if typed.ty == Type::BOTTOM {
            // There is no such value.
            return Ok(self.b.ins().iconst(types::I8, 0));
        }
        match (tables.class(typed.ty), &typed.value) {
            (TypeClass::Union, Lowered::Parts(parts)) => {
                let none = i64::from(NO_MEMBER as i8);
                Ok(self.b.ins().icmp_imm_s(IntCC::NotEqual, parts[0], none))
            }
            (TypeClass::InlineWithReferences, _) => {
                // As in Julia, the first reference tells for all.
                let layout = self.layout(typed.ty)?;
                let fields = &layout.fields;
                let first = fields.iter().position(|f| !tables.is_bits(f.ty));
                let Some(index) = first else {
                    return Ok(self.b.ins().iconst(types::I8, 1));
                };
                let value = self.field_of(typed, fields, index)?;
                let ty = fields[index].ty;
                self.is_defined(&Typed { ty, value })
            }
            (_, Lowered::Scalar(v)) => Ok(self.b.ins().icmp_imm_s(IntCC::NotEqual, *v, 0)),
            _ => Err("a value in an unexpected representation".into()),
        }
    }

    /// Where control goes when the call being lowered fails: through a block that releases what
    /// the `cleanup` before the call names, if there is one. That block may have to be filled, by
    /// [`Self::fill_cleanups`], when the current block has ended.
    pub(crate) fn failing_block(&mut self) -> Result<(ir::Block, Vec<Cleanup>)> {
        let values = std::mem::take(&mut self.pending_cleanup);
        let target = self.failure_target()?;
        if values.is_empty() || planted(Mutation::LowerCleanupDropped) {
            return Ok((target, Vec::new()));
        }
        if values.len() > MAX_OWN_CLEANUP {
            return Ok(self.shared_cleanups(target, &values));
        }
        let key = (target, values);
        if let Some(&block) = self.cleanups.get(&key) {
            return Ok((block, Vec::new()));
        }
        let block = self.b.create_block();
        self.b.set_cold_block(block);
        let values = key.1.clone();
        self.cleanups.insert(key, block);
        let cleanup = Cleanup {
            block,
            target,
            values,
        };
        Ok((block, vec![cleanup]))
    }

    /// Where many values are alive, as in a literal of many arrays, each call has one more to release than
    /// the call before: its block releases that one and goes on with the block of the others.
    fn shared_cleanups(
        &mut self,
        target: ir::Block,
        values: &[Value],
    ) -> (ir::Block, Vec<Cleanup>) {
        let mut behind = target;
        let mut made = Vec::new();
        for &value in values {
            let key = (behind, vec![value]);
            let block = match self.cleanups.get(&key) {
                Some(&block) => block,
                None => {
                    let block = self.b.create_block();
                    self.b.set_cold_block(block);
                    made.push(Cleanup {
                        block,
                        target: behind,
                        values: vec![value],
                    });
                    self.cleanups.insert(key, block);
                    block
                }
            };
            behind = block;
        }
        (behind, made)
    }

    /// Writes the releases of a failing call.
    pub(crate) fn fill_cleanups(&mut self, cleanups: Vec<Cleanup>) -> Result<()> {
        for cleanup in cleanups {
            self.b.switch_to_block(cleanup.block);
            for value in cleanup.values {
                self.count_operand(value, Count::Down)?;
            }
            self.b.ins().jump(cleanup.target, &NO_ARGS);
        }
        Ok(())
    }
}
