//! Dynamic values: references to objects whose headers tell their types. Objects get the number of
//! their type when they become dynamic; calls that depend on it are left to the runtime. Knows
//! nothing of how the runtime finds out what to call.

use crate::function::FunctionLowerer;
use crate::value::{Lowered, Result, Typed, own_memory};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{self, BlockArg, InstBuilder, types};
use cranelift_entity::EntityRef;
use jlift_abi::object;
use jlift_ir::{Module, Type, TypeClass, Value};

/// `uint8_t jlift_call_dynamic(int64_t site, object **args, object **result)`: 0, or 1 with an
/// exception.
pub(crate) const CALL_DYNAMIC: &str = "jlift_call_dynamic";
/// `void jlift_drop_dynamic(object *)`: frees an object whose last reference was dropped.
pub(crate) const DROP_DYNAMIC: &str = "jlift_drop_dynamic";

/// The number that the header of a dynamic value of this type has: that of `T` for a
/// `Core.Boxed{T}`.
pub fn type_number(module: &Module, ty: Type) -> u32 {
    let ty = module.tables.boxed_content(ty).unwrap_or(ty);
    ty.index() as u32
}

impl FunctionLowerer<'_, '_> {
    /// `Core.box(object)`.
    pub(crate) fn box_object(&mut self, value: Value, ty: Type) -> Result<Typed> {
        let typed = self.operand(value)?;
        let Lowered::Scalar(object) = typed.value else {
            return Err("an object without address".into());
        };
        let has_number = match value {
            // Their images were made with it.
            Value::Const(_) => true,
            _ => matches!(
                self.module.tables.class(typed.ty),
                TypeClass::Abstract | TypeClass::Symbol
            ),
        };
        if !has_number {
            let count = object::REFERENCE_COUNT_OFFSET as i32;
            let count = self.b.ins().load(types::I64, own_memory(), object, count);
            let (number, done) = (self.b.create_block(), self.b.create_block());
            let is_immortal = self.b.ins().icmp_imm_s(IntCC::SignedLessThan, count, 0);
            let none: [BlockArg; 0] = [];
            self.b.ins().brif(is_immortal, done, &none, number, &none);
            self.b.switch_to_block(number);
            let index = i64::from(type_number(self.module, typed.ty));
            let index = self.b.ins().iconst(types::I32, index);
            let at = object::TYPE_INDEX_OFFSET as i32;
            self.b.ins().store(own_memory(), index, object, at);
            self.b.ins().jump(done, &none);
            self.b.switch_to_block(done);
        }
        Ok(Typed {
            ty,
            value: Lowered::Scalar(object),
        })
    }

    /// `Core.unbox(x)`.
    pub(crate) fn unbox_object(&mut self, value: Value, ty: Type) -> Result<Typed> {
        let typed = self.operand(value)?;
        Ok(Typed {
            ty,
            value: typed.value,
        })
    }

    /// Whether a dynamic value is of a concrete type.
    pub(crate) fn dynamic_is(&mut self, value: &Typed, ty: Type) -> Result<ir::Value> {
        let Lowered::Scalar(object) = value.value else {
            return Err("an object without address".into());
        };
        if ty == Type::ANY || ty == value.ty {
            return Ok(self.b.ins().iconst(types::I8, 1));
        }
        let at = object::TYPE_INDEX_OFFSET as i32;
        let number = self.b.ins().load(types::I32, own_memory(), object, at);
        let mut result = None;
        for member in self.module.tables.members(ty) {
            // Modules are objects with a number of their own.
            let is_abstract = self.module.tables.class(member) == TypeClass::Abstract;
            if is_abstract && member != Type::MODULE {
                return Err(format!(
                    "`isa` of a dynamic value with the abstract type {}",
                    self.type_text(ty)
                ));
            }
            let wanted = i64::from(type_number(self.module, member) as i32);
            let is = self.b.ins().icmp_imm_s(IntCC::Equal, number, wanted);
            result = Some(match result {
                None => is,
                Some(any) => self.b.ins().bor(any, is),
            });
        }
        result.ok_or_else(|| "`isa` of an empty union".into())
    }

    /// `Core.call_dynamic(site, args...)`.
    pub(crate) fn call_dynamic(&mut self, args: &[Value], ty: Type) -> Result<Typed> {
        let Value::Imm { bits: site, .. } = args[0] else {
            return Err("a dynamic call without site".into());
        };
        let values = &args[1..];
        let memory = self.stack_memory((values.len() as u32 + 1) * 8, 8);
        for (n, &value) in values.iter().enumerate() {
            let typed = self.operand(value)?;
            let Lowered::Scalar(object) = typed.value else {
                return Err("an object without address".into());
            };
            let at = n as i32 * 8 + 8;
            self.b.ins().store(own_memory(), object, memory, at);
        }
        let site = self.b.ins().iconst(types::I64, site as i64);
        let list = self.b.ins().iadd_imm_s(memory, 8);
        let status = self.call_import(CALL_DYNAMIC, &[site, list, memory], Some(types::I8))?;
        let status = status.ok_or("a dynamic call without status")?;
        let (target, cleanup) = self.failing_block()?;
        let next = self.b.create_block();
        let none: [BlockArg; 0] = [];
        self.b.ins().brif(status, target, &none, next, &none);
        self.fill_cleanups(cleanup)?;
        self.b.switch_to_block(next);
        if ty == Type::BOTTOM {
            self.trap_unreachable();
            return Ok(crate::statement::bottom());
        }
        let result = self.b.ins().load(types::I64, own_memory(), memory, 0);
        Ok(Typed {
            ty,
            value: Lowered::Scalar(result),
        })
    }
}
