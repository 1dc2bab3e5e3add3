//! Calls of listed functions and of C functions.

use super::{Check, FunctionVerifier, ensure};
use crate::constant::ConstData;
use crate::function::{ForeignCall, Inst, Value};
use crate::module::Func;
use crate::types::{Type, TypeClass};

impl FunctionVerifier<'_, '_> {
    pub(super) fn invoke(
        &mut self,
        inst: Inst,
        target: Func,
        callee: Option<Value>,
        args: &[Value],
    ) -> Check {
        let f = &self.v.module.functions[target];
        ensure!(
            args.len() == f.params.len(),
            "{} arguments for {} parameters",
            args.len(),
            f.params.len()
        );
        for (n, (&arg, param)) in args.iter().zip(&f.params).enumerate() {
            if !self.value_fits(arg, param.ty) {
                return Err(format!(
                    "argument {} is of type {}, but the parameter is {}",
                    n + 1,
                    self.value_type_text(arg),
                    self.text(param.ty)
                ));
            }
        }
        match callee {
            Some(value) => self.value_of_type(value, f.self_type, "the callee object")?,
            None => {
                let class = self.v.types.class(f.self_type);
                // An abstract callee type is one that was not declared: its values carry no data.
                let no_data = matches!(
                    class,
                    TypeClass::Singleton | TypeClass::Abstract | TypeClass::Bottom
                ) || self.v.size_of(f.self_type) == Some(0);
                ensure!(
                    no_data,
                    "the callee object of type {} is missing",
                    self.text(f.self_type)
                );
            }
        }
        self.result_or_narrower(inst, f.ret)
    }

    pub(super) fn foreigncall(&mut self, inst: Inst, call: &ForeignCall) -> Check {
        let args = self.func.args(call.args);
        self.v.check_type(call.ret)?;
        ensure!(
            args.len() == call.params.len(),
            "{} arguments for {} parameters",
            args.len(),
            call.params.len()
        );
        ensure!(
            call.variadic_from as usize <= call.params.len(),
            "{} fixed parameters of {}",
            call.variadic_from,
            call.params.len()
        );
        let convention = self.tables().names.str(call.convention);
        ensure!(
            matches!(convention, "ccall" | "cdecl" | "llvmcall"),
            "the calling convention `{}` is not known",
            super::cut(convention)
        );
        self.foreign_symbol(call.symbol)?;
        for (n, (&arg, &param)) in args.iter().zip(&call.params).enumerate() {
            self.v.check_type(param)?;
            if !self.value_fits(arg, param) {
                return Err(format!(
                    "argument {} is of type {}, but the parameter is {}",
                    n + 1,
                    self.value_type_text(arg),
                    self.text(param)
                ));
            }
        }
        self.result_or_narrower(inst, call.ret)
    }

    /// A name, a tuple of name and library, or a pointer to the function.
    fn foreign_symbol(&mut self, symbol: Value) -> Check {
        let tables = self.tables();
        let is_name = |v: Value| {
            matches!(v, Value::Const(c) if matches!(
                tables.const_data(c),
                ConstData::Symbol(_) | ConstData::String(_)
            ))
        };
        let known = match symbol {
            Value::Const(c) => match tables.const_data(c) {
                ConstData::Aggregate { fields, .. } => fields.first().is_some_and(|&f| is_name(f)),
                ConstData::Global(_) | ConstData::Binding(_) => true,
                _ => is_name(symbol),
            },
            _ => {
                let ty = self.ty(symbol);
                ty == Type::BOTTOM || self.v.types.class(ty) == TypeClass::Pointer
            }
        };
        ensure!(
            known,
            "the called symbol is neither a name, a name and a library, nor a pointer"
        );
        Ok(())
    }
}
