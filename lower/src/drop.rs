//! The functions that free objects. What they have in common, and why nothing recurses, is written
//! in `plan::drops`.
//!
//! ```text
//! drop T(object)     if the object is mortal: free it, or make it a list and call `drop all`
//! drop all(list)     while list != 0 { object = list; list = [object + 8]; by the number of its
//!                    type: drop the references in it, those that may hold others to the list;
//!                    free it }
//! ```

use crate::counted::Count;
use crate::error::LowerError;
use crate::function::{FunctionLowerer, InternalSignature, Lowerer};
use crate::value::{Result, Typed, own_memory};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{self, AbiParam, BlockArg, InstBuilder, Signature, types};
use cranelift_frontend::Switch;
use jlift_abi::object;
use jlift_ir::{Type, TypeClass};

const NO_ARGS: [BlockArg; 0] = [];
const COUNT: i32 = object::REFERENCE_COUNT_OFFSET as i32;

impl Lowerer<'_> {
    /// Lowers a function of the compiler's own that takes 64-bit words.
    pub(crate) fn lower_helper(
        &mut self,
        clif: &mut ir::Function,
        params: usize,
        ret: Option<ir::Type>,
        body: impl FnOnce(&mut FunctionLowerer, &[ir::Value]) -> Result<()>,
    ) -> std::result::Result<(), LowerError> {
        clif.clear();
        let mut signature = Signature::new(self.isa.default_call_conv());
        let word = AbiParam::new(types::I64);
        signature.params.extend(std::iter::repeat_n(word, params));
        signature.returns.extend(ret.map(AbiParam::new));
        clif.signature = signature.clone();
        let internal = InternalSignature {
            signature,
            sret: false,
            diverges: false,
            may_throw: false,
        };
        // Any function of the module serves as context: none of it is looked at.
        let Some(context) = self.module.functions.keys().next() else {
            return Ok(());
        };
        self.build(context, internal, clif, |b| {
            let block = b.b.create_block();
            b.b.append_block_params_for_function_params(block);
            b.b.switch_to_block(block);
            let params = b.b.block_params(block).to_vec();
            body(b, &params)
        })
    }

    /// `drop T(object)`.
    pub(crate) fn lower_drop(
        &mut self,
        ty: Type,
        clif: &mut ir::Function,
    ) -> std::result::Result<(), LowerError> {
        self.lower_helper(clif, 1, None, |b, params| b.drop_object(ty, params[0]))
    }

    /// `drop all(list)`.
    pub(crate) fn lower_drop_all(
        &mut self,
        count: u32,
        clif: &mut ir::Function,
    ) -> std::result::Result<(), LowerError> {
        let types = self.plan.nested_types(count).to_vec();
        self.lower_helper(clif, 1, None, |b, params| b.drop_list(&types, params[0]))
    }
}

impl FunctionLowerer<'_, '_> {
    fn drop_object(&mut self, ty: Type, object: ir::Value) -> Result<()> {
        let count = self.b.ins().load(types::I64, own_memory(), object, COUNT);
        let immortal = self.b.ins().icmp_imm_s(IntCC::SignedLessThan, count, 0);
        let (done, mortal) = (self.b.create_block(), self.b.create_block());
        self.b
            .ins()
            .brif(immortal, done, &NO_ARGS, mortal, &NO_ARGS);
        self.b.switch_to_block(mortal);
        match self.l.plan.nested_number(ty) {
            Some(number) => {
                let end = self.b.ins().iconst(types::I64, 0);
                self.link(object, number, end);
                let Some(symbol) = self.l.plan.drop_all() else {
                    return Err("freeing lists of objects was not planned".into());
                };
                let mut signature = Signature::new(self.l.isa.default_call_conv());
                signature.params.push(AbiParam::new(types::I64));
                let func_ref = self.func_ref(symbol, signature);
                self.b.ins().call(func_ref, &[object]);
            }
            None => self.take_apart(ty, object)?,
        }
        self.b.ins().jump(done, &NO_ARGS);
        self.b.switch_to_block(done);
        self.b.ins().return_(&[]);
        Ok(())
    }

    fn drop_list(&mut self, all: &[Type], first: ir::Value) -> Result<()> {
        let list = self.b.declare_var(types::I64);
        self.b.def_var(list, first);
        self.drop_list = Some(list);
        let head = self.b.create_block();
        self.b.ins().jump(head, &NO_ARGS);
        self.b.switch_to_block(head);
        let object = self.b.use_var(list);
        let (work, done) = (self.b.create_block(), self.b.create_block());
        let is_end = self.b.ins().icmp_imm_s(IntCC::Equal, object, 0);
        self.b.ins().brif(is_end, done, &NO_ARGS, work, &NO_ARGS);
        self.b.switch_to_block(work);
        let rest = self.b.ins().load(types::I64, own_memory(), object, COUNT);
        self.b.def_var(list, rest);
        let at = object::TYPE_INDEX_OFFSET as i32;
        let number = self.b.ins().load(types::I32, own_memory(), object, at);
        let mut switch = Switch::new();
        let mut blocks = Vec::with_capacity(all.len());
        for n in 0..all.len() {
            let block = self.b.create_block();
            switch.set_entry(n as u128, block);
            blocks.push(block);
        }
        let never = self.b.create_block();
        switch.emit(&mut self.b, number, never);
        for (&ty, block) in all.iter().zip(blocks) {
            self.b.switch_to_block(block);
            self.take_apart(ty, object)?;
            self.b.ins().jump(head, &NO_ARGS);
        }
        self.b.switch_to_block(never);
        self.trap_unreachable();
        self.b.switch_to_block(done);
        self.b.ins().return_(&[]);
        Ok(())
    }

    /// Drops the references in an object, and frees its memory.
    fn take_apart(&mut self, ty: Type, object: ir::Value) -> Result<()> {
        match self.module.tables.class(ty) {
            TypeClass::Heap => {
                for place in self.object_layout(ty)?.fields {
                    if self.is_counted(place.ty) {
                        let offset = (object::HEADER_SIZE + place.offset) as i32;
                        self.drop_in_memory(place.ty, object, offset)?;
                    }
                }
            }
            TypeClass::Array => self.drop_array(ty, object)?,
            _ => {}
        }
        self.call_import("free", &[object], None)?;
        Ok(())
    }

    /// Drops the references in a field or element.
    fn drop_in_memory(&mut self, ty: Type, addr: ir::Value, offset: i32) -> Result<()> {
        let value = self.load(ty, addr, offset, own_memory(), true)?;
        self.count_value(&Typed { ty, value }, Count::Down, true)
    }

    fn drop_array(&mut self, ty: Type, array: ir::Value) -> Result<()> {
        let Some((elem, _)) = self.module.tables.array_of(ty) else {
            return Err("an array of a type that is no array".into());
        };
        let at = object::FLAGS_OFFSET as i32;
        let flags = self.b.ins().load(types::I32, own_memory(), array, at);
        let others = i64::from(object::FLAG_BORROWED_DATA | object::FLAG_SHOWS_OTHER);
        let done = self.b.create_block();
        let (foreign, own) = (self.b.create_block(), self.b.create_block());
        let is_foreign = self.b.ins().band_imm_s(flags, others);
        self.b
            .ins()
            .brif(is_foreign, foreign, &NO_ARGS, own, &NO_ARGS);
        self.b.switch_to_block(foreign);
        let memory = self.array_word(array, object::ARRAY_MEMORY_OFFSET);
        // The other array has the same elements, if not as many dimensions: it is freed alike.
        // Where the data are borrowed, there is none.
        self.release_reference(ty, memory, true)?;
        self.b.ins().jump(done, &NO_ARGS);
        self.b.switch_to_block(own);
        if self.is_counted(elem) {
            let data = self.array_word(array, object::ARRAY_DATA_OFFSET);
            let length = self.array_word(array, object::ARRAY_LENGTH_OFFSET);
            self.for_elements(elem, data, length, |this, addr| {
                this.drop_in_memory(elem, addr, 0)
            })?;
        }
        let memory = self.array_word(array, object::ARRAY_MEMORY_OFFSET);
        self.call_import("free", &[memory], None)?;
        self.b.ins().jump(done, &NO_ARGS);
        self.b.switch_to_block(done);
        Ok(())
    }

    /// Does something at the address of each of `count` elements.
    pub(crate) fn for_elements(
        &mut self,
        elem: Type,
        start: ir::Value,
        count: ir::Value,
        body: impl FnOnce(&mut Self, ir::Value) -> Result<()>,
    ) -> Result<()> {
        let stride = i64::from(self.layout(elem)?.stride());
        let bytes = self.b.ins().imul_imm_s(count, stride);
        let end = self.b.ins().iadd(start, bytes);
        let at = self.b.declare_var(types::I64);
        self.b.def_var(at, start);
        let (head, work) = (self.b.create_block(), self.b.create_block());
        let done = self.b.create_block();
        self.b.ins().jump(head, &NO_ARGS);
        self.b.switch_to_block(head);
        let addr = self.b.use_var(at);
        let is_end = self.b.ins().icmp(IntCC::Equal, addr, end);
        self.b.ins().brif(is_end, done, &NO_ARGS, work, &NO_ARGS);
        self.b.switch_to_block(work);
        body(self, addr)?;
        let next = self.b.ins().iadd_imm_s(addr, stride);
        self.b.def_var(at, next);
        self.b.ins().jump(head, &NO_ARGS);
        self.b.switch_to_block(done);
        Ok(())
    }
}
