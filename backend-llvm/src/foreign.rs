//! Calls of C functions: arguments and results by value in the platform's convention, and the few
//! names that the compiler itself gives a meaning.

use crate::c::{param_texts, return_texts, sret_attribute};
use crate::function::Body;
use crate::machine::{Machine, Reg};
use crate::program::foreign_name;
use crate::statement::{bottom, nothing, scalar};
use crate::symbols::check_c_name;
use crate::value::{Result, Typed, Val};
use jlift_abi::classify::{ReturnMode, classify_signature};
use jlift_abi::object;
use jlift_ir::{ForeignCall, Type, Value};

impl Body<'_, '_> {
    /// `foreigncall ...`.
    pub(crate) fn foreign_call(&mut self, call: &ForeignCall, ty: Type) -> Result<Typed> {
        let name = foreign_name(self.module, call.symbol);
        let convention = self.module.tables.names.str(call.convention);
        if convention != "ccall" && convention != "cdecl" {
            return Err(format!("the calling convention `{convention}`"));
        }
        let args = self.f.args(call.args);
        if let Some(name) = name
            && let Some(result) = self.built_in(name, args, ty)?
        {
            return Ok(result);
        }
        self.c_call(call, name, args)
    }

    /// What the compiler itself gives a meaning.
    fn built_in(&mut self, name: &str, args: &[Value], ty: Type) -> Result<Option<Typed>> {
        let first = || args.first().copied().ok_or("expected an argument");
        let addr = match name {
            "jlift_alloca" => {
                let size = match args {
                    [Value::Imm { bits, .. }] if *bits <= 1 << 20 => *bits as u32,
                    _ => return Err("stack memory of a size known only at run time".into()),
                };
                self.w.alloca(size, 16)
            }
            "jlift_error_record" => self.error_record(),
            "jlift_string_data" | "jl_string_ptr" | "jl_symbol_name" => {
                self.text_address(first()?)?
            }
            // A reference to the object at an address, the address of an object; a symbol is a
            // string that lives forever.
            "jlift_object" | "jlift_object_address" | "jlift_symbol_string" => {
                self.scalar(first()?)?
            }
            // The address of the fields, which C writes.
            "jl_value_ptr" => {
                let object = self.scalar(first()?)?;
                let bits = self.as_int(&object);
                let header = object::HEADER_SIZE;
                self.w
                    .op(Machine::I64, format_args!("add {bits:#}, {header}"))
            }
            "jl_array_ptr" => {
                let (array, _, _) = self.array_operand(first()?)?;
                self.array_word(Machine::Ptr, &array, object::ARRAY_DATA_OFFSET)
            }
            "jl_array_isassigned" => return self.array_is_assigned(args, ty).map(Some),
            "jlift_clear_elements" => {
                self.clear_elements(args)?;
                return Ok(Some(nothing()));
            }
            _ => return Ok(None),
        };
        // Addresses are pointers or numbers, as the producer likes.
        let machine = match self.repr(ty)? {
            crate::repr::Repr::Scalar(machine) => machine,
            _ => return Err(format!("an address as a {}", self.type_text(ty))),
        };
        let bits = self.as_int(&addr);
        let reg = match addr.ty == machine {
            true => addr,
            false => self.scalar_from_bits(&bits, machine),
        };
        Ok(Some(scalar(ty, reg)))
    }

    fn c_call(&mut self, call: &ForeignCall, name: Option<&str>, args: &[Value]) -> Result<Typed> {
        if let Some(name) = name {
            check_c_name(name)?;
        }
        let plan = classify_signature(
            &self.module.tables,
            self.p.convention,
            &call.params,
            call.ret,
        )
        .map_err(|e| e.to_string())?;
        let (mut types, mut values) = (Vec::new(), Vec::new());
        let mut push = |ty: Machine, attributes: &str, value: &Reg| {
            types.push(ty.to_string());
            values.push(format!("{ty}{attributes} {value}"));
        };
        let mut memory = None;
        if let ReturnMode::Sret { size, align } = plan.ret {
            let addr = self.w.alloca(size, align);
            push(
                Machine::Ptr,
                &sret_attribute(&plan.ret).unwrap_or_default(),
                &addr,
            );
            memory = Some(addr);
        }
        for (i, (&arg, &param)) in args.iter().zip(call.params.iter()).enumerate() {
            let value = self.foreign_argument(arg, param)?;
            let Some(passed) = plan.params.get(i) else {
                return Err("an argument without parameter".into());
            };
            let regs = self.c_argument(param, &value, passed)?;
            for (text, reg) in param_texts(passed, true).iter().zip(&regs) {
                push(text.ty, &text.attributes, reg);
            }
        }
        let (results, returns) = return_texts(&plan.ret, false);
        let target = match name {
            Some(name) => {
                let params = match call.variadic_from {
                    0 => types.join(", "),
                    _ => "...".to_string(),
                };
                self.p.import(name, &returns, &params)
            }
            None => {
                let target = self.pointer(call.symbol)?;
                target.to_string()
            }
        };
        // A variadic call is written with the type of the function.
        let function_type = match call.variadic_from {
            0 => returns.clone(),
            n => {
                let fixed = self.fixed_types(&types, &plan, n as usize);
                format!("{returns} ({fixed})")
            }
        };
        let text = format!("call {function_type} {target}({}) #1", values.join(", "));
        let results = self.call_results(&text, &results, &returns);
        if call.ret == Type::BOTTOM {
            self.w.trap();
            return Ok(bottom());
        }
        let val = self.c_result(call.ret, &plan, &results, memory.as_ref())?;
        Ok(Typed { ty: call.ret, val })
    }

    /// The types of the fixed parameters of a variadic function.
    fn fixed_types(
        &self,
        types: &[String],
        plan: &jlift_abi::AbiSignature,
        fixed: usize,
    ) -> String {
        let params = plan.params.iter().take(fixed);
        let machine: usize = params.map(|p| param_texts(p, true).len()).sum();
        let sret = usize::from(matches!(plan.ret, ReturnMode::Sret { .. }));
        let mut list: Vec<&str> = types
            .iter()
            .take(sret + machine)
            .map(String::as_str)
            .collect();
        list.push("...");
        list.join(", ")
    }

    /// An argument as the type that the C function declares. Where Julia has converted it
    /// already (`unsafe_convert`), pointers of other element types and `Ref`s arrive as pointers.
    fn foreign_argument(&mut self, arg: Value, param: Type) -> Result<Val> {
        let typed = self.operand(arg)?;
        if typed.ty == param {
            return Ok(typed.val);
        }
        let is_pointer = self.module.tables.pointee(param).is_some();
        if let (true, Val::Scalar(value)) = (is_pointer, &typed.val) {
            // What a pointer to an object would point to is what it holds.
            if matches!(typed.ty, Type::STRING | Type::SYMBOL) {
                return Ok(Val::Scalar(self.text_bytes(value)));
            }
            if self.module.tables.array_of(typed.ty).is_some() {
                let data = self.array_word(Machine::Ptr, value, object::ARRAY_DATA_OFFSET);
                return Ok(Val::Scalar(data));
            }
        }
        if (is_pointer || param == Type::ANY)
            && let Val::Scalar(v) = &typed.val
            && matches!(v.ty, Machine::Ptr | Machine::I64)
        {
            return Ok(Val::Scalar(self.as_pointer(v)));
        }
        self.coerce(typed, param)
    }
}
