//! The entry through which the compiler's own process runs a function without parameters:
//! `int32_t start(void *result)`. Any result is written, in its layout in memory; 1 means that an
//! exception got out.

use crate::error::LowerError;
use crate::function::{FunctionLowerer, InternalSignature, Lowerer};
use crate::value::{Result, user_memory};
use cranelift_codegen::ir::{self, AbiParam, InstBuilder, Signature, UserFuncName, types};
use jlift_ir::{Func, Type};

impl Lowerer<'_> {
    /// Lowers the entry of `func`, which takes nothing.
    pub(crate) fn lower_start(
        &mut self,
        func: Func,
        clif: &mut ir::Function,
    ) -> std::result::Result<(), LowerError> {
        clif.clear();
        clif.name = UserFuncName::user(9, 0);
        let mut signature = Signature::new(self.isa.default_call_conv());
        signature.params.push(AbiParam::new(types::I64));
        signature.returns.push(AbiParam::new(types::I32));
        clif.signature = signature.clone();
        let internal = InternalSignature {
            signature,
            sret: false,
            diverges: false,
            // A failing call goes to a block of its own instead of a failing return.
            may_throw: true,
        };
        self.build(func, internal, clif, |b| b.start(func))
    }
}

impl FunctionLowerer<'_, '_> {
    fn start(&mut self, func: Func) -> Result<()> {
        if !self.f.params.is_empty() {
            return Err("a function with parameters cannot be started".into());
        }
        let first = self.b.create_block();
        self.b.append_block_params_for_function_params(first);
        self.b.switch_to_block(first);
        let out = self.b.block_params(first).first().copied();
        let out = out.ok_or("an entry without a place for the result")?;
        let failed = self.b.create_block();
        self.b.set_cold_block(failed);
        self.fail_block = Some(failed);
        let self_type = self.f.self_type;
        let callee = self.undefined(self_type)?;
        let result = self.call_body(func, &[callee])?;
        if result.ty != Type::BOTTOM {
            self.store(result.ty, &result.value, out, 0, user_memory())?;
            let zero = self.b.ins().iconst(types::I32, 0);
            self.b.ins().return_(&[zero]);
        }
        self.b.switch_to_block(failed);
        if (self.l.may_throw)(func) {
            let one = self.b.ins().iconst(types::I32, 1);
            self.b.ins().return_(&[one]);
        } else {
            self.trap_unreachable();
        }
        Ok(())
    }
}
