//! Pointers: `pointerref`, `pointerset`, addresses of C variables.

use crate::function::FunctionLowerer;
use crate::plan::foreign_name;
use crate::value::{Lowered, Result, Typed, user_memory};
use cranelift_codegen::ir::{self, InstBuilder, types};
use jlift_ir::{Type, Value};

impl FunctionLowerer<'_, '_> {
    /// Address and byte offset of element `index` (1-based) behind a pointer to `elem`.
    fn element(&mut self, pointer: Value, index: Value, elem: Type) -> Result<(ir::Value, i32)> {
        let base = self.scalar(pointer)?;
        let layout = self.layout(elem)?;
        let align = layout.align.max(1);
        let stride = i64::from(layout.size.next_multiple_of(align));
        if let Value::Imm { bits, .. } = index {
            let offset = (bits as i64).wrapping_sub(1).wrapping_mul(stride);
            if let Ok(offset) = i32::try_from(offset) {
                return Ok((base, offset));
            }
        }
        let index = self.scalar(index)?;
        let scaled = self.scaled_index(index, stride);
        let addr = self.b.ins().iadd(base, scaled);
        match i32::try_from(-stride) {
            Ok(offset) => Ok((addr, offset)),
            Err(_) => {
                let addr = self.b.ins().iadd_imm_s(addr, -stride);
                Ok((addr, 0))
            }
        }
    }

    fn pointee(&mut self, pointer: Value) -> Result<Type> {
        let ty = self.operand(pointer)?.ty;
        match self.module.tables.pointee(ty) {
            Some(elem) if self.layout(elem).is_ok() => Ok(elem),
            Some(elem) => Err(format!(
                "a pointer to {}, whose values are boxed",
                self.type_text(elem)
            )),
            None => Err(format!("expected a pointer, found {}", self.type_text(ty))),
        }
    }

    /// `pointerref(p, i, align)`.
    pub(crate) fn pointer_load(&mut self, args: &[Value], _ty: Type) -> Result<Typed> {
        let elem = self.pointee(args[0])?;
        let (addr, offset) = self.element(args[0], args[1], elem)?;
        let value = self.load(elem, addr, offset, user_memory(), false)?;
        Ok(Typed { ty: elem, value })
    }

    /// `pointerset(p, x, i, align)`: what is there is dropped, if it is or holds references.
    pub(crate) fn pointer_store(&mut self, args: &[Value]) -> Result<Typed> {
        let elem = self.pointee(args[0])?;
        let value = self.operand_as(args[1], elem)?;
        let (addr, offset) = self.element(args[0], args[2], elem)?;
        if self.is_counted(elem) {
            self.replace(elem, &value, addr, offset)?;
        } else {
            self.store(elem, &value, addr, offset, user_memory())?;
        }
        self.operand(args[0])
    }

    /// `cglobal(name[, T])`.
    pub(crate) fn global_address(&mut self, args: &[Value], ty: Type) -> Result<Typed> {
        let Some(name) = foreign_name(self.module, args[0]) else {
            return Err("`cglobal` of a name known only at run time".into());
        };
        let Some(symbol) = self.l.plan.data_import(name) else {
            return Err("a C variable that was not planned".into());
        };
        let gv = self.data_ref(symbol, false, true);
        let addr = self.b.ins().symbol_value(types::I64, gv);
        Ok(Typed {
            ty,
            value: Lowered::Scalar(addr),
        })
    }
}
