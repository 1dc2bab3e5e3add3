//! Foreign calls: whose meaning the compiler gives (`jlift_…`), what Julia's runtime does (`jl_…`),
//! and where all others go.

use crate::interpreter::Interpreter;
use crate::memory::Owner;
use crate::outcome::{Result, Stop, Stopped, unsupported};
use crate::value::Value;
use jlift_abi::object;
use jlift_ir::{ConstData, ForeignCall, Function, Type, Value as Operand};

/// What recursive code of the compiler asks before it goes on.
const STACK_IS_LOW: &str = "jlift_stack_is_low";
/// Calls that are left to who handles the exception then.
const RESERVED: usize = 2_000;

impl<'m> Interpreter<'m> {
    /// `foreigncall …` whose statement is of type `ty`.
    pub(crate) fn foreign_call(
        &mut self,
        func: &'m Function,
        call: &'m ForeignCall,
        ty: Type,
    ) -> Result<Value> {
        let args = self.operands(func.args(call.args))?;
        let Some((name, library)) = self.foreign_name(call.symbol) else {
            let target = self.operand(call.symbol)?;
            let target = self.number(&target, "the address of a function")?;
            return self.call_c(Err(target), "", call, &args);
        };
        if self.is_hosted() && name == STACK_IS_LOW {
            // The host's stack says nothing of the depth of these calls.
            let low = self.frames.len().saturating_add(RESERVED) >= self.options.max_depth;
            return Ok(Value::bits(call.ret, u128::from(low)));
        }
        self.host_call(name, &args, call.ret)?;
        let name = match (self.is_hosted(), name) {
            (true, "jlift_sys_write") => "write",
            (true, "jlift_sys_abort") => "abort",
            (true, "jlift_sys_exit") => "exit",
            _ => name,
        };
        if let Some(value) = self.compiler_call(name, &args, ty)? {
            return Ok(value);
        }
        if name.starts_with("jl_") {
            return self.julia_call(name, call, &args);
        }
        if let Some(value) = self.libc_call(name, &args, call.ret)? {
            return Ok(value);
        }
        self.call_c(Ok(name), library, call, &args)
    }

    /// The name of a C function and of its library, as far as they are constant.
    fn foreign_name(&self, symbol: Operand) -> Option<(&'m str, &'m str)> {
        let tables = &self.module.tables;
        let text = |value: Operand| match value {
            Operand::Const(c) => match tables.const_data(c) {
                ConstData::Symbol(name) => Some(tables.names.str(*name)),
                ConstData::String(bytes) => std::str::from_utf8(bytes).ok(),
                _ => None,
            },
            _ => None,
        };
        if let Operand::Const(c) = symbol
            && let ConstData::Aggregate { fields, .. } = tables.const_data(c)
        {
            let library = fields.get(1).and_then(|&f| text(f)).unwrap_or("");
            return Some((text(*fields.first()?)?, library));
        }
        Some((text(symbol)?, ""))
    }

    /// The calls that the compiler itself gives a meaning.
    fn compiler_call(&mut self, name: &str, args: &[Value], ty: Type) -> Result<Option<Value>> {
        let word = |word: u64| Ok(Some(Value::bits(ty, word.into())));
        match (name, args) {
            ("jlift_alloca", [size]) => {
                let size = self.number(size, "a size")?;
                let place = self.place();
                let address = self.memory.allocate(size, Owner::Stack, false, place)?;
                self.frame()?.stack.push(address);
                word(address)
            }
            ("jlift_error_record", []) => word(self.record),
            ("jlift_string_data" | "jl_string_ptr" | "jl_symbol_name", [text]) => {
                word(self.address_of(text)? + u64::from(object::STRING_BYTES_OFFSET))
            }
            ("jlift_object", [address]) => {
                let address = self.number(address, "the address of an object")?;
                Ok(Some(Value::Object { ty, address }))
            }
            ("jlift_symbol_string", [symbol]) => {
                let address = self.address_of(symbol)?;
                Ok(Some(Value::Object { ty, address }))
            }
            ("jlift_object_address", [object]) => word(self.address_of(object)?),
            // The address of the fields, which C writes.
            ("jl_value_ptr", [object]) => {
                word(self.address_of(object)? + u64::from(object::HEADER_SIZE))
            }
            ("jl_array_ptr", [array]) => {
                let array = self.as_array(array)?;
                word(self.object_word(array.address, object::ARRAY_DATA_OFFSET)?)
            }
            ("jl_array_isassigned", [array, index]) => {
                let index = self.number(index, "an index")?;
                word(self.is_element_assigned(array, index)?.into())
            }
            ("jlift_clear_elements", [array, first, count]) => {
                let first = self.number(first, "an index")?;
                let count = self.number(count, "a count")?;
                self.clear_elements(array, first, count)?;
                Ok(Some(Value::NOTHING))
            }
            ("jlift_sys_write", _) => self.libc_call("write", args, ty),
            ("jlift_sys_abort", _) => Err(Stop::Stopped(Stopped::Aborted(String::new()))),
            ("jlift_sys_exit", _) => self.libc_call("exit", args, ty),
            ("jl_rethrow", []) => Err(self.rethrow()?),
            _ => Ok(None),
        }
    }

    /// The address of an object, or an address itself.
    pub(crate) fn address_of(&self, value: &Value) -> Result<u64> {
        match *value {
            Value::Object { address, .. } => Ok(address),
            Value::Unset => Ok(0),
            _ => self.number(value, "the address of an object"),
        }
    }

    /// What Julia's own code asks its runtime for, before legalization.
    fn julia_call(&mut self, name: &str, call: &ForeignCall, args: &[Value]) -> Result<Value> {
        // The call says which type it makes; its result type stands for one that is not constant.
        let array_type = |told: &Value| match told {
            &Value::Type(ty) if self.module.tables.array_of(ty).is_some() => ty,
            _ => call.ret,
        };
        let nothing = Ok(Value::NOTHING);
        match (name, args) {
            (
                "jl_alloc_array_1d" | "jl_alloc_array_2d" | "jl_alloc_array_3d",
                [told, sizes @ ..],
            ) => {
                let ty = array_type(told);
                let sizes = self.sizes(sizes)?;
                self.alloc_array(ty, &sizes)
            }
            ("jl_new_array", [told, dims]) => {
                let ty = array_type(told);
                let sizes = self.tuple_sizes(dims)?;
                self.alloc_array(ty, &sizes)
            }
            ("jl_reshape_array", [told, from, dims]) => {
                let ty = array_type(told);
                let sizes = self.tuple_sizes(dims)?;
                self.reshape(ty, from, &sizes)
            }
            ("jl_ptr_to_array_1d", [told, data, length, own]) => {
                let ty = array_type(told);
                let sizes = self.sizes(std::slice::from_ref(length))?;
                let data = self.number(data, "an address")?;
                let own = self.number(own, "a flag")? != 0;
                self.wrap(ty, data, &sizes, own)
            }
            ("jl_ptr_to_array", [told, data, dims, own]) => {
                let ty = array_type(told);
                let sizes = self.tuple_sizes(dims)?;
                let data = self.number(data, "an address")?;
                let own = self.number(own, "a flag")? != 0;
                self.wrap(ty, data, &sizes, own)
            }
            ("jl_array_grow_end", [array, count]) => {
                let count = self.number(count, "a count")?;
                let shape = self.as_array(array)?;
                let length = self.length(shape)?;
                self.splice(array, length, 0, count)?;
                nothing
            }
            ("jl_array_grow_beg", [array, count]) => {
                let count = self.number(count, "a count")?;
                self.splice(array, 0, 0, count)?;
                nothing
            }
            ("jl_array_grow_at", [array, at, count]) => {
                let at = self.number(at, "an index")?;
                let count = self.number(count, "a count")?;
                self.splice(array, at, 0, count)?;
                nothing
            }
            ("jl_array_del_end", [array, count]) => {
                let count = self.number(count, "a count")?;
                let shape = self.as_array(array)?;
                let length = self.length(shape)?;
                match length.checked_sub(count) {
                    Some(at) => self.splice(array, at, count, 0)?,
                    None => {
                        let zero = Value::int64(0);
                        let message = self.bounds_message(array, Some(&zero))?;
                        return self.throw_text(Type::BOUNDS_ERROR, message);
                    }
                }
                nothing
            }
            ("jl_array_del_beg", [array, count]) => {
                let count = self.number(count, "a count")?;
                self.splice(array, 0, count, 0)?;
                nothing
            }
            ("jl_array_del_at", [array, at, count]) => {
                let at = self.number(at, "an index")?;
                let count = self.number(count, "a count")?;
                self.splice(array, at, count, 0)?;
                nothing
            }
            ("jl_array_sizehint", [array, count]) => {
                let count = self.number(count, "a count")?;
                self.size_hint(array, count)?;
                nothing
            }
            ("jl_alloc_string", [length]) => {
                let length = self.number(length, "a length")?;
                self.alloc_string(length)
            }
            ("jl_pchar_to_string", [bytes, length]) => {
                let bytes = self.number(bytes, "an address")?;
                let length = self.number(length, "a length")?;
                self.copied_string(bytes, length)
            }
            ("jl_cstr_to_string", [bytes]) => {
                let bytes = self.number(bytes, "an address")?;
                let length = self.string_length(bytes)?;
                self.copied_string(bytes, length)
            }
            ("jl_array_to_string", [array]) => {
                // The bytes go to the string; the array is empty then.
                let shape = self.as_array(array)?;
                let data = self.object_word(shape.address, object::ARRAY_DATA_OFFSET)?;
                let length = self.length(shape)?;
                let string = self.copied_string(data, length)?;
                self.splice(array, 0, length, 0)?;
                Ok(string)
            }
            ("jl_symbol_n", [bytes, length]) => {
                let bytes = self.number(bytes, "an address")?;
                let length = self.number(length, "a length")?;
                match self.memory.read_all(bytes, length)? {
                    Some(name) => self.symbol(&name),
                    None => Err(Stop::Undefined("a name")),
                }
            }
            _ => unsupported(format!("`{name}`")),
        }
    }

    fn sizes(&self, sizes: &[Value]) -> Result<Vec<i64>> {
        sizes
            .iter()
            .map(|size| Ok(self.number(size, "the size of an array")? as i64))
            .collect()
    }

    fn tuple_sizes(&self, tuple: &Value) -> Result<Vec<i64>> {
        match tuple {
            Value::Aggregate(_, sizes) => self.sizes(sizes),
            Value::Singleton(_) => Ok(Vec::new()),
            _ => unsupported("the sizes of an array that are no tuple"),
        }
    }

    /// A string of bytes in memory.
    fn copied_string(&mut self, bytes: u64, length: u64) -> Result<Value> {
        let string = self.alloc_string(length)?;
        let start = self.address_of(&string)? + u64::from(object::STRING_BYTES_OFFSET);
        self.memory.copy(start, bytes, length)?;
        Ok(string)
    }
}
