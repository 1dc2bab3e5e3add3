//! Strings and symbols: their bytes, and whether two of them are the same.

use crate::function::Body;
use crate::machine::{Machine, Reg};
use crate::program::Helper;
use crate::value::{Access, Result, Val};
use jlift_abi::object;
use jlift_ir::{Type, Value};

impl Body<'_, '_> {
    /// The body of `same text(a, b)`.
    pub(crate) fn same_text_body(&mut self, x: &Reg, y: &Reg) {
        let (yes, no) = (self.w.block(), self.w.block());
        let (other, long) = (self.w.block(), self.w.block());
        let same = self.compare("eq", x, y);
        self.w.branch(&same, yes, other);
        self.w.switch_to(other);
        let (length, length_y) = (self.text_length(x), self.text_length(y));
        let differ = self.compare("ne", &length, &length_y);
        self.w.branch(&differ, no, long);
        self.w.switch_to(long);
        let args = [self.text_bytes(x), self.text_bytes(y), length];
        let order = self.call_import("memcmp", &args, Some(Machine::I32));
        let differ = self.is_nonzero(&order);
        self.w.branch(&differ, no, yes);
        for (block, answer) in [(yes, true), (no, false)] {
            self.w.switch_to(block);
            self.w.ret(format_args!("i1 {answer}"));
        }
    }

    /// Whether two strings or two symbols, given by their references, have the same bytes.
    pub(crate) fn same_text(&mut self, x: &Reg, y: &Reg) -> Reg {
        let helper = self.p.helper(Helper::SameText);
        self.w
            .op(Machine::I1, format_args!("call i1 {helper}({x:#}, {y:#})"))
    }

    /// Address of the bytes of a string or symbol.
    pub(crate) fn text_bytes(&mut self, object: &Reg) -> Reg {
        self.at(object, object::STRING_BYTES_OFFSET.into())
    }

    /// Number of bytes of a string or symbol.
    pub(crate) fn text_length(&mut self, object: &Reg) -> Reg {
        let at = object::STRING_LENGTH_OFFSET.into();
        self.load_scalar(Machine::I64, object, at, Access::Own)
    }

    /// `jl_string_ptr(s)` and its like: of a constant the bytes alone, without the object.
    pub(crate) fn text_address(&mut self, value: Value) -> Result<Reg> {
        if let Value::Const(c) = value
            && let Some(addr) = self.p.text(c)
        {
            return Ok(addr);
        }
        let typed = self.operand(value)?;
        match (typed.ty, &typed.val) {
            (Type::STRING | Type::SYMBOL, Val::Scalar(object)) => Ok(self.text_bytes(object)),
            (ty, _) => Err(format!(
                "expected a string or symbol, found {}",
                self.type_text(ty)
            )),
        }
    }

    /// A string with these bytes of foreign memory, owned by the caller.
    pub(crate) fn new_string(&mut self, bytes: &Reg, length: &Reg) -> Result<Reg> {
        let room = object::STRING_BYTES_OFFSET + 1;
        let size = self
            .w
            .op(Machine::I64, format_args!("add {length:#}, {room}"));
        let string = self.allocate(&size);
        let at = object::STRING_LENGTH_OFFSET.into();
        self.store_scalar(length, &string, at, Access::Own);
        let start = self.text_bytes(&string);
        self.w.line(format_args!(
            "call void @llvm.memcpy.p0.p0.i64({start:#}, {bytes:#}, {length:#}, i1 false)"
        ));
        let end = self.at_index(&start, length);
        self.store_scalar(&Machine::I8.zero(), &end, 0, Access::Own);
        Ok(string)
    }
}
