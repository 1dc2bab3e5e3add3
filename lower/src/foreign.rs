//! Calls of C functions: arguments and results by value in the platform's convention, and the few
//! names that the compiler itself gives a meaning.

use crate::function::FunctionLowerer;
use crate::plan::{foreign_name, import_name};
use crate::statement::bottom;
use crate::value::{Lowered, Result, Typed};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{self, InstBuilder, types};
use jlift_abi::object;
use jlift_ir::{ForeignCall, Type, Value};

impl FunctionLowerer<'_, '_> {
    /// `foreigncall ...`.
    pub(crate) fn foreign_call(&mut self, call: &ForeignCall, ty: Type) -> Result<Typed> {
        let args = self.f.args(call.args);
        let name = foreign_name(self.module, call.symbol);
        let convention = self.module.tables.names.str(call.convention);
        if convention != "ccall" && convention != "cdecl" {
            return Err(format!("the calling convention `{convention}`"));
        }
        let scalar = |v| {
            Ok(Typed {
                ty,
                value: Lowered::Scalar(v),
            })
        };
        match name {
            Some("jlift_alloca") => {
                let size = match args {
                    [Value::Imm { bits, .. }] if *bits <= 1 << 20 => *bits as u32,
                    _ => return Err("stack memory of a size known only at run time".into()),
                };
                let addr = self.stack_memory(size.max(1), 16);
                return scalar(addr);
            }
            Some("jlift_error_record") => {
                let addr = self.error_record()?;
                return scalar(addr);
            }
            Some("jlift_string_data" | "jl_string_ptr" | "jl_symbol_name") => {
                let Some(&arg) = args.first() else {
                    return Err("expected a string or symbol".into());
                };
                let addr = self.text_address(arg)?;
                return scalar(addr);
            }
            // A reference to the object at an address, the address of an object; a symbol is a
            // string that lives forever.
            Some("jlift_object" | "jlift_object_address" | "jlift_symbol_string") => {
                let Some(&arg) = args.first() else {
                    return Err("expected an object or its address".into());
                };
                let addr = self.scalar(arg)?;
                return scalar(addr);
            }
            // The address of the fields, which C writes.
            Some("jl_value_ptr") => {
                let Some(&arg) = args.first() else {
                    return Err("expected an object".into());
                };
                let addr = self.scalar(arg)?;
                let addr = self
                    .b
                    .ins()
                    .iadd_imm_s(addr, i64::from(object::HEADER_SIZE));
                return scalar(addr);
            }
            Some("jl_array_ptr") => {
                let Some(&arg) = args.first() else {
                    return Err("expected an array".into());
                };
                let (array, _, _) = self.array_operand(arg)?;
                let data = self.array_word(array, object::ARRAY_DATA_OFFSET);
                return scalar(data);
            }
            Some("jlift_stack_is_low") => {
                let low = match self.l.options.stack_limit {
                    Some(limit) => {
                        let at = self.b.ins().get_stack_pointer(types::I64);
                        let limit = self.b.ins().iconst(types::I64, limit as i64);
                        self.b.ins().icmp(IntCC::UnsignedLessThan, at, limit)
                    }
                    None => self.b.ins().iconst(types::I8, 0),
                };
                return scalar(low);
            }
            Some("jl_array_isassigned") => return self.array_is_assigned(args, ty),
            Some("jlift_clear_elements") => {
                self.clear_elements(args)?;
                return Ok(Typed {
                    ty: Type::NOTHING,
                    value: Lowered::Ghost,
                });
            }
            _ => {}
        }
        let variadic = call.variadic_from != 0;
        let params: Vec<Type> = call.params.to_vec();
        if variadic {
            // The convention wants the number of vector registers in a register that Cranelift
            // does not set.
            let floats = params[call.variadic_from as usize..]
                .iter()
                .any(|t| t.is_float());
            if floats {
                return Err("floats as variable arguments of a C function".into());
            }
        }
        let (signature, plan) = self.l.c_signature(&params, call.ret)?;
        let mut regs = Vec::new();
        let result_memory = self.begin_c_result(call.ret, &plan, &mut regs)?;
        for (i, (&arg, &param)) in args.iter().zip(&params).enumerate() {
            let value = self.foreign_argument(arg, param)?;
            self.push_c_argument(param, &value, &plan.params[i], &mut regs)?;
        }
        let inst = match name {
            Some(name) => {
                let name = import_name(name, self.l.options.environment).to_string();
                let Some(symbol) = self.l.plan.import(&name) else {
                    return Err(format!("`{name}` was not planned"));
                };
                let func_ref = self.func_ref_fresh(symbol, signature);
                self.b.ins().call(func_ref, &regs)
            }
            None => {
                let target = self.scalar(call.symbol)?;
                let sig = self.b.import_signature(signature);
                self.b.ins().call_indirect(sig, target, &regs)
            }
        };
        if call.ret == Type::BOTTOM {
            self.trap_unreachable();
            return Ok(bottom());
        }
        let results: Vec<ir::Value> = self.b.inst_results(inst).to_vec();
        let value = self.finish_c_result(call.ret, &plan, &results, result_memory)?;
        Ok(Typed {
            ty: call.ret,
            value,
        })
    }

    /// An argument as the type that the C function declares. Where Julia has converted it
    /// already (`unsafe_convert`), pointers of other element types and `Ref`s arrive as pointers.
    fn foreign_argument(&mut self, arg: Value, param: Type) -> Result<Lowered> {
        let typed = self.operand(arg)?;
        if typed.ty == param {
            return Ok(typed.value);
        }
        let is_pointer = |ty: Type| self.module.tables.pointee(ty).is_some();
        if let (true, &Lowered::Scalar(value)) = (is_pointer(param), &typed.value) {
            // What a pointer to an object would point to is what it holds.
            if matches!(typed.ty, Type::STRING | Type::SYMBOL) {
                return Ok(Lowered::Scalar(self.text_bytes(value)));
            }
            if self.module.tables.array_of(typed.ty).is_some() {
                let data = self.array_word(value, object::ARRAY_DATA_OFFSET);
                return Ok(Lowered::Scalar(data));
            }
        }
        if (is_pointer(param) || param == Type::ANY)
            && let Lowered::Scalar(v) = typed.value
            && self.b.func.dfg.value_type(v) == types::I64
        {
            return Ok(Lowered::Scalar(v));
        }
        self.coerce(typed, param)
    }
}
