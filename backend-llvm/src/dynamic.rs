//! Dynamic values: references to objects whose headers tell their types. Objects get the number of
//! their type when they become dynamic; what depends on it is left to the runtime. Knows nothing of
//! how the runtime finds out what to call.

use crate::function::Body;
use crate::machine::{Machine, Reg};
use crate::program::Helper;
use crate::statement::{bottom, scalar};
use crate::value::{Access, Result, Typed, Val};
use cranelift_entity::EntityRef;
use jlift_abi::object;
use jlift_ir::{Module, Type, TypeClass, Value};

/// `uint8_t jlift_call_dynamic(int64_t site, object **args, object **result)`: 0, or 1 with an
/// exception.
const CALL_DYNAMIC: &str = "jlift_call_dynamic";
/// `void jlift_drop_dynamic(object *)`: frees an object whose last reference was dropped.
const DROP_DYNAMIC: &str = "jlift_drop_dynamic";

/// The number that the header of a dynamic value of this type has: that of `T` for a
/// `Core.Boxed{T}`.
pub(crate) fn type_number(module: &Module, ty: Type) -> u32 {
    let ty = module.tables.boxed_content(ty).unwrap_or(ty);
    ty.index() as u32
}

impl Body<'_, '_> {
    /// Whether values of a type tell their own types.
    pub(crate) fn is_dynamic(&self, ty: Type) -> bool {
        self.module.tables.class(ty) == TypeClass::Abstract
    }

    /// `Core.box(object)`: the same reference, to an object that tells its type.
    pub(crate) fn box_object(&mut self, value: Value, ty: Type) -> Result<Typed> {
        let typed = self.operand(value)?;
        let Val::Scalar(object) = typed.val else {
            return Err("an object without address".into());
        };
        let class = self.module.tables.class(typed.ty);
        // Constants, and symbols made at run time, have the number from the beginning.
        let has_number = matches!(value, Value::Const(_))
            || matches!(class, TypeClass::Abstract | TypeClass::Symbol);
        if !has_number {
            // Whoever frees it as a dynamic value asks for this function.
            self.p.helper(Helper::Drop(typed.ty));
            let at = object::REFERENCE_COUNT_OFFSET.into();
            let count = self.load_scalar(Machine::I64, &object, at, Access::Own);
            let immortal = self.compare("slt", &count, &Reg::i64(0));
            let (mortal, done) = (self.w.block(), self.w.block());
            self.w.branch(&immortal, done, mortal);
            self.w.switch_to(mortal);
            let number = Reg::int(Machine::I32, type_number(self.module, typed.ty).into());
            let at = object::TYPE_INDEX_OFFSET.into();
            self.store_scalar(&number, &object, at, Access::Own);
            self.w.jump(done);
            self.w.switch_to(done);
        }
        Ok(scalar(ty, object))
    }

    /// `Core.unbox(x)`.
    pub(crate) fn unbox_object(&mut self, value: Value, ty: Type) -> Result<Typed> {
        let val = self.operand(value)?.val;
        Ok(Typed { ty, val })
    }

    /// Whether a dynamic value is of a concrete type.
    pub(crate) fn dynamic_is(&mut self, value: &Typed, ty: Type) -> Result<Reg> {
        let Val::Scalar(object) = &value.val else {
            return Err("an object without address".into());
        };
        if ty == Type::ANY || ty == value.ty {
            return Ok(Reg::bool(true));
        }
        let members = self.module.tables.members(ty);
        // Modules are objects with a number of their own.
        let is_abstract =
            |&m: &Type| m != Type::MODULE && self.module.tables.class(m) == TypeClass::Abstract;
        if members.is_empty() || members.iter().any(is_abstract) {
            return Err(format!(
                "`isa` of a dynamic value with the type {}",
                self.type_text(ty)
            ));
        }
        let at = object::TYPE_INDEX_OFFSET.into();
        let number = self.load_scalar(Machine::I32, object, at, Access::Own);
        let mut result = Reg::bool(false);
        for member in members {
            let wanted = type_number(self.module, member) as i32;
            let here = self.is_number(&number, wanted.into());
            result = self.or(&result, &here);
        }
        Ok(result)
    }

    /// `Core.call_dynamic(site, args...)`.
    pub(crate) fn call_dynamic(&mut self, args: &[Value], ty: Type) -> Result<Typed> {
        let Some((&Value::Imm { bits: site, .. }, values)) = args.split_first() else {
            return Err("a dynamic call without site".into());
        };
        // The arguments, behind the place of the result.
        let memory = self.w.alloca((values.len() as u32 + 1) * 8, 8);
        for (n, &value) in values.iter().enumerate() {
            let Val::Scalar(object) = self.operand(value)?.val else {
                return Err("an object without address".into());
            };
            self.store_scalar(&object, &memory, n as i64 * 8 + 8, Access::Own);
        }
        let list = self.at(&memory, 8);
        let args = [Reg::i64(site as i64), list, memory.clone()];
        let status = self.call_import(CALL_DYNAMIC, &args, Some(Machine::I8));
        let failed = self.is_nonzero(&status);
        let (target, cleanup) = self.failing_block()?;
        let next = self.w.block();
        self.w.branch(&failed, target, next);
        self.fill_cleanup(cleanup)?;
        self.w.switch_to(next);
        if ty == Type::BOTTOM {
            self.w.trap();
            return Ok(bottom());
        }
        let result = self.load_scalar(Machine::Ptr, &memory, 0, Access::Own);
        Ok(scalar(ty, result))
    }

    /// Frees an object of any type whose last reference was dropped.
    pub(crate) fn drop_dynamic(&mut self, object: &Reg) {
        self.call_import(DROP_DYNAMIC, std::slice::from_ref(object), None);
    }
}
