//! Strings and symbols: their bytes, and whether two of them are the same.

use crate::error::LowerError;
use crate::function::{FunctionLowerer, Lowerer};
use crate::value::{Lowered, Result, own_memory};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{self, AbiParam, BlockArg, InstBuilder, Signature, types};
use jlift_abi::object;
use jlift_ir::{Type, Value};

const NO_ARGS: [BlockArg; 0] = [];

impl Lowerer<'_> {
    /// `same text(a, b)`: 1 if the bytes are the same.
    pub(crate) fn lower_same_text(
        &mut self,
        clif: &mut ir::Function,
    ) -> std::result::Result<(), LowerError> {
        self.lower_helper(clif, 2, Some(types::I8), |b, params| {
            b.same_text_body(params[0], params[1])
        })
    }
}

impl FunctionLowerer<'_, '_> {
    fn same_text_body(&mut self, x: ir::Value, y: ir::Value) -> Result<()> {
        let (yes, no) = (self.b.create_block(), self.b.create_block());
        let (other, long) = (self.b.create_block(), self.b.create_block());
        let same = self.b.ins().icmp(IntCC::Equal, x, y);
        self.b.ins().brif(same, yes, &NO_ARGS, other, &NO_ARGS);
        self.b.switch_to_block(other);
        let offset = object::STRING_LENGTH_OFFSET as i32;
        let length = self.b.ins().load(types::I64, own_memory(), x, offset);
        let length_y = self.b.ins().load(types::I64, own_memory(), y, offset);
        let differ = self.b.ins().icmp(IntCC::NotEqual, length, length_y);
        self.b.ins().brif(differ, no, &NO_ARGS, long, &NO_ARGS);
        self.b.switch_to_block(long);
        let (x, y) = (self.text_bytes(x), self.text_bytes(y));
        let order = self.call_import("memcmp", &[x, y, length], Some(types::I32))?;
        let order = order.ok_or("memcmp without result")?;
        self.b.ins().brif(order, no, &NO_ARGS, yes, &NO_ARGS);
        for (block, answer) in [(yes, 1), (no, 0)] {
            self.b.switch_to_block(block);
            let answer = self.b.ins().iconst(types::I8, answer);
            self.b.ins().return_(&[answer]);
        }
        Ok(())
    }

    /// Whether two strings or two symbols, given by their references, have the same bytes.
    pub(crate) fn same_text(&mut self, x: ir::Value, y: ir::Value) -> Result<ir::Value> {
        let Some(symbol) = self.l.plan.same_text() else {
            return Err("a comparison of texts was not planned".into());
        };
        let mut signature = Signature::new(self.l.isa.default_call_conv());
        let word = AbiParam::new(types::I64);
        signature.params.extend([word, word]);
        signature.returns.push(AbiParam::new(types::I8));
        let func_ref = self.func_ref(symbol, signature);
        let call = self.b.ins().call(func_ref, &[x, y]);
        let result = self.b.inst_results(call).first().copied();
        result.ok_or_else(|| "a comparison without result".into())
    }

    /// Address of the bytes of a string or symbol.
    pub(crate) fn text_bytes(&mut self, object: ir::Value) -> ir::Value {
        let offset = i64::from(object::STRING_BYTES_OFFSET);
        self.b.ins().iadd_imm_s(object, offset)
    }

    /// `jl_string_ptr(s)` and its like: of a constant the bytes alone, without the object.
    pub(crate) fn text_address(&mut self, value: Value) -> Result<ir::Value> {
        if value.is_const()
            && let Ok(addr) = self.string_address(value)
        {
            return Ok(addr);
        }
        let typed = self.operand(value)?;
        match (typed.ty, typed.value) {
            (Type::STRING | Type::SYMBOL, Lowered::Scalar(object)) => Ok(self.text_bytes(object)),
            (ty, _) => Err(format!(
                "expected a string or symbol, found {}",
                self.type_text(ty)
            )),
        }
    }

    /// Number of bytes of a string.
    pub(crate) fn text_length(&mut self, object: ir::Value) -> ir::Value {
        let offset = object::STRING_LENGTH_OFFSET as i32;
        self.b.ins().load(types::I64, own_memory(), object, offset)
    }

    /// A string with these bytes of foreign memory, owned by the caller.
    pub(crate) fn new_string(&mut self, bytes: ir::Value, length: ir::Value) -> Result<ir::Value> {
        let room = i64::from(object::STRING_BYTES_OFFSET) + 1;
        let size = self.b.ins().iadd_imm_s(length, room);
        let string = self.allocate(size)?;
        let at = object::STRING_LENGTH_OFFSET as i32;
        self.b.ins().store(own_memory(), length, string, at);
        let start = self.text_bytes(string);
        self.call_import("memcpy", &[start, bytes, length], Some(types::I64))?;
        let end = self.b.ins().iadd(start, length);
        let nul = self.b.ins().iconst(types::I8, 0);
        self.b.ins().store(own_memory(), nul, end, 0);
        Ok(string)
    }
}
