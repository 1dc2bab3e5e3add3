//! The C side: signatures in the platform's convention, values in and out of it, and the entries
//! of exports: the plain one that aborts with the message of an uncaught exception, the `_try` one
//! that returns a status, and `jlift_last_error`.

mod pieces;

use crate::error::LowerError;
use crate::function::{FunctionLowerer, InternalSignature, Lowerer};
use crate::plan::Symbol;
use crate::repr::{Repr, clif_type};
use crate::value::{Lowered, Result, Typed, own_memory, user_memory};
use cranelift_codegen::ir::{
    self, AbiParam, ArgumentPurpose, InstBuilder, Signature, UserFuncName, types,
};
use jlift_abi::classify::{
    AbiSignature, CallConv, Extend, Pad, PassMode, Piece, ReturnMode, classify_signature,
};
use jlift_abi::export::{CParam, Part, classify_export, classify_try, export_params};
use jlift_abi::layout::{Leaf, Scalar, leaves};
use jlift_abi::object;
use jlift_ir::{Func, Type};

fn extended(param: AbiParam, extend: Extend) -> AbiParam {
    match extend {
        Extend::None => param,
        Extend::Sext => param.sext(),
        Extend::Uext => param.uext(),
    }
}

/// The machine type that a scalar has in a C signature. `Float16` is held as its 16 bits, but C
/// passes it in the low bits of a float register.
fn register_type(scalar: Scalar) -> ir::Type {
    match scalar {
        Scalar::F16 => types::F32,
        other => clif_type(other),
    }
}

impl Lowerer<'_> {
    fn call_conv(&self) -> Result<CallConv> {
        CallConv::of(self.isa.triple())
            .ok_or_else(|| format!("C calls on {} are not supported", self.isa.triple()))
    }

    /// The machine signature of a C function, and how its values travel.
    pub(crate) fn c_signature(
        &mut self,
        params: &[Type],
        ret: Type,
    ) -> Result<(Signature, AbiSignature)> {
        let convention = self.call_conv()?;
        let plan = classify_signature(&self.module.tables, convention, params, ret)
            .map_err(|e| e.to_string())?;
        Ok((self.machine_signature(&plan), plan))
    }

    /// The machine signature of a classified one.
    fn machine_signature(&self, plan: &AbiSignature) -> Signature {
        let mut signature = Signature::new(self.isa.default_call_conv());
        match &plan.ret {
            ReturnMode::Ignore => {}
            ReturnMode::Direct { scalar, extend } => signature
                .returns
                .push(extended(AbiParam::new(register_type(*scalar)), *extend)),
            ReturnMode::Split(pieces) => signature.returns.extend(
                pieces
                    .iter()
                    .map(|p| AbiParam::new(register_type(p.scalar))),
            ),
            ReturnMode::Sret { .. } => signature
                .params
                .push(AbiParam::special(types::I64, ArgumentPurpose::StructReturn)),
        }
        for param in &plan.params {
            for pad in &param.pads {
                signature.params.push(match pad {
                    Pad::Int => AbiParam::new(types::I64),
                    Pad::Float => AbiParam::new(types::F64),
                    Pad::Stack => AbiParam::special(types::I64, ArgumentPurpose::StructArgument(8)),
                });
            }
            match &param.mode {
                PassMode::Ignore => {}
                PassMode::Direct { scalar, extend } => signature
                    .params
                    .push(extended(AbiParam::new(register_type(*scalar)), *extend)),
                PassMode::Split(pieces) => signature.params.extend(
                    pieces
                        .iter()
                        .map(|p| AbiParam::new(register_type(p.scalar))),
                ),
                PassMode::StackCopy { size, .. } => signature.params.push(AbiParam::special(
                    types::I64,
                    ArgumentPurpose::StructArgument(*size),
                )),
                PassMode::Indirect { .. } => signature.params.push(AbiParam::new(types::I64)),
            }
        }
        signature
    }

    pub(crate) fn lower_entry(
        &mut self,
        func: Func,
        clif: &mut ir::Function,
        with_status: bool,
        uncaught: Option<Func>,
    ) -> std::result::Result<(), LowerError> {
        clif.clear();
        clif.name = UserFuncName::user(9, 0);
        let fail = |this: &Self, message: String| this.error(func, None, message);
        let f = &self.module.functions[func];
        let ret = f.ret;
        let params: Vec<Type> = f.params.iter().map(|p| p.ty).collect();
        let classified = self.call_conv().and_then(|convention| {
            let tables = &self.module.tables;
            let plan = if with_status {
                classify_try(tables, convention, &params, ret)
            } else {
                classify_export(tables, convention, &params, ret)
            };
            let parts = export_params(tables, &params);
            match (plan, parts) {
                (Ok(plan), Ok(parts)) => Ok((plan, parts)),
                (Err(e), _) | (_, Err(e)) => Err(e.to_string()),
            }
        });
        let (plan, parts) = classified.map_err(|m| fail(self, m))?;
        let signature = self.machine_signature(&plan);
        let tried = match with_status {
            true => None,
            false => self.shared_entry(func, &parts, &plan),
        };
        clif.signature = signature.clone();
        let internal = InternalSignature {
            signature,
            sret: false,
            diverges: false,
            may_throw: false,
        };
        self.build(func, internal, clif, |b| {
            if let Some(tried) = tried {
                return b.entry_by_status(tried, &plan, ret, uncaught);
            }
            b.entry(func, &parts, &plan, ret, with_status, uncaught)
        })
    }

    /// The `_try` entry that a plain one can call instead of the function: where objects are made
    /// of what C passes, twice would be long, and where registers are just handed on.
    fn shared_entry(
        &mut self,
        func: Func,
        parts: &[CParam],
        plan: &AbiSignature,
    ) -> Option<(Symbol, Signature)> {
        let symbol = self.plan.try_entry(func)?;
        let simple = plan.params.iter().all(|p| {
            let in_registers = matches!(
                p.mode,
                PassMode::Ignore | PassMode::Direct { .. } | PassMode::Split(_)
            );
            p.pads.is_empty() && in_registers
        });
        let makes_objects = parts.iter().any(|p| !matches!(p.part, Part::Value(_)));
        let returns = self.module.functions[func].ret != Type::BOTTOM;
        if !simple || !makes_objects || !returns {
            return None;
        }
        let f = &self.module.functions[func];
        let params: Vec<Type> = f.params.iter().map(|p| p.ty).collect();
        let tried = classify_try(&self.module.tables, self.call_conv().ok()?, &params, f.ret);
        Some((symbol, self.machine_signature(&tried.ok()?)))
    }
}

impl FunctionLowerer<'_, '_> {
    /// An import reference that is not shared: C functions may be called with different
    /// signatures.
    pub(crate) fn func_ref_fresh(&mut self, symbol: Symbol, signature: Signature) -> ir::FuncRef {
        self.func_refs.remove(&symbol);
        let func_ref = self.func_ref(symbol, signature);
        self.func_refs.remove(&symbol);
        func_ref
    }

    /// Before the arguments of a C call: memory for a result that is returned through memory.
    pub(crate) fn begin_c_result(
        &mut self,
        _ret: Type,
        plan: &AbiSignature,
        regs: &mut Vec<ir::Value>,
    ) -> Result<Option<ir::Value>> {
        if let ReturnMode::Sret { size, align } = plan.ret {
            let addr = self.stack_memory(size, align);
            regs.push(addr);
            return Ok(Some(addr));
        }
        Ok(None)
    }

    /// Pushes the machine values of one C argument.
    pub(crate) fn push_c_argument(
        &mut self,
        ty: Type,
        value: &Lowered,
        param: &jlift_abi::classify::AbiParam,
        regs: &mut Vec<ir::Value>,
    ) -> Result<()> {
        for pad in &param.pads {
            let v = match pad {
                Pad::Int => self.b.ins().iconst(types::I64, 0),
                Pad::Float => self.b.ins().f64const(0.0),
                Pad::Stack => self.stack_memory(8, 8),
            };
            regs.push(v);
        }
        match &param.mode {
            PassMode::Ignore => {}
            PassMode::Direct { scalar, .. } => {
                for v in self.registers(value) {
                    regs.push(self.value_in_c_register(*scalar, v));
                }
            }
            PassMode::Split(pieces) => {
                let parts = self.value_to_pieces(ty, value, pieces)?;
                regs.extend(parts);
            }
            PassMode::StackCopy { size, align } => {
                let addr = self.padded_copy(ty, value, *size, *align)?;
                regs.push(addr);
            }
            PassMode::Indirect { size, align } => {
                let addr = self.padded_copy(ty, value, *size, *align)?;
                regs.push(addr);
            }
        }
        Ok(())
    }

    /// The value that a C call returned.
    pub(crate) fn finish_c_result(
        &mut self,
        ret: Type,
        plan: &AbiSignature,
        results: &[ir::Value],
        memory: Option<ir::Value>,
    ) -> Result<Lowered> {
        match &plan.ret {
            ReturnMode::Ignore => self.undefined(ret),
            ReturnMode::Direct { scalar, .. } => {
                let results: Vec<ir::Value> = results
                    .iter()
                    .map(|&v| self.value_from_c_register(*scalar, v))
                    .collect();
                let value = self.value_from_registers(ret, &results)?;
                self.clean_bools(ret, value)
            }
            ReturnMode::Split(pieces) => self.pieces_to_value(ret, pieces, results),
            ReturnMode::Sret { .. } => match memory {
                Some(addr) => self.load(ret, addr, 0, own_memory(), true),
                None => Err("a result without memory".into()),
            },
        }
    }

    /// The body of an entry.
    fn entry(
        &mut self,
        func: Func,
        parts: &[CParam],
        plan: &AbiSignature,
        ret: Type,
        with_status: bool,
        uncaught: Option<Func>,
    ) -> Result<()> {
        let first = self.b.create_block();
        self.b.append_block_params_for_function_params(first);
        self.b.switch_to_block(first);
        let mut regs = self.b.block_params(first).to_vec().into_iter();
        let mut next = || regs.next().ok_or("a parameter without register");
        let sret = if matches!(plan.ret, ReturnMode::Sret { .. }) {
            Some(next()?)
        } else {
            None
        };
        let mut args = Vec::new();
        let self_type = self.f.self_type;
        args.push(self.undefined(self_type)?);
        let mut incoming = Vec::with_capacity(plan.params.len());
        for (i, param) in plan.params.iter().enumerate() {
            for _ in &param.pads {
                next()?;
            }
            // What is neither a value nor the address of the result is a 64-bit word.
            let ty = match parts.get(i).map(|p| p.part) {
                Some(Part::Value(ty)) => ty,
                _ => Type::INT64,
            };
            let value = match &param.mode {
                PassMode::Ignore => self.undefined(ty)?,
                PassMode::Direct { scalar, .. } => {
                    let v = next()?;
                    let v = self.value_from_c_register(*scalar, v);
                    let value = self.value_from_registers(ty, &[v])?;
                    self.clean_bools(ty, value)?
                }
                PassMode::Split(pieces) => {
                    let mut regs = Vec::with_capacity(pieces.len());
                    for _ in pieces {
                        regs.push(next()?);
                    }
                    self.pieces_to_value(ty, pieces, &regs)?
                }
                PassMode::StackCopy { .. } | PassMode::Indirect { .. } => {
                    let addr = next()?;
                    self.load(ty, addr, 0, user_memory(), false)?
                }
            };
            incoming.push(value);
        }
        let strings = self.gather_arguments(parts, &incoming, &mut args)?;
        let out = match incoming.get(parts.len()) {
            Some(Lowered::Scalar(v)) => Some(*v),
            _ => None,
        };
        self.entry_call(
            func,
            &args,
            &strings,
            plan,
            ret,
            sret,
            out,
            with_status,
            uncaught,
        )
    }

    /// The arguments of the Julia function from the C parameters. Strings are copied; the copies
    /// are returned, to be dropped after the call.
    fn gather_arguments(
        &mut self,
        parts: &[CParam],
        incoming: &[Lowered],
        args: &mut Vec<Lowered>,
    ) -> Result<Vec<ir::Value>> {
        let mut strings = Vec::new();
        for (source, param) in self.f.params.iter().enumerate() {
            let mine: Vec<(Part, &Lowered)> = parts
                .iter()
                .zip(incoming)
                .filter(|(p, _)| p.source == source)
                .map(|(p, v)| (p.part, v))
                .collect();
            let value = match mine[..] {
                [] => self.undefined(param.ty)?,
                [(Part::Value(_), value)] => value.clone(),
                [
                    (Part::Bytes, &Lowered::Scalar(bytes)),
                    (Part::ByteLength, &Lowered::Scalar(length)),
                ] => {
                    let string = self.new_string(bytes, length)?;
                    strings.push(string);
                    Lowered::Scalar(string)
                }
                [(Part::Elements(elem), _), ..] => {
                    let words = mine
                        .iter()
                        .map(|(_, v)| match v {
                            Lowered::Scalar(v) => Ok(*v),
                            _ => Err("an array parameter in pieces".to_string()),
                        })
                        .collect::<Result<Vec<_>>>()?;
                    self.borrowed_array(elem, &words)
                }
                _ => {
                    return Err(format!(
                        "a parameter of type {} from C is not supported yet",
                        self.type_text(param.ty)
                    ));
                }
            };
            args.push(value);
        }
        Ok(strings)
    }

    /// An array object on the stack around memory of the caller.
    fn borrowed_array(&mut self, _elem: Type, words: &[ir::Value]) -> Lowered {
        let dims = words.len() as u32 - 1;
        let addr = self.stack_memory(object::array_object_size(dims), object::OBJECT_ALIGN);
        let header = i64::from(object::FLAG_BORROWED_DATA | object::FLAG_IMMORTAL) << 32;
        let header = self.b.ins().iconst(types::I64, header);
        self.b.ins().store(own_memory(), header, addr, 0);
        let one = self.b.ins().iconst(types::I64, 1);
        let zero = self.b.ins().iconst(types::I64, 0);
        let immortal = self.b.ins().iconst(types::I64, object::IMMORTAL_COUNT);
        let store = |this: &mut Self, v, offset: u32| {
            this.b.ins().store(own_memory(), v, addr, offset as i32);
        };
        store(self, immortal, object::REFERENCE_COUNT_OFFSET);
        store(self, words[0], object::ARRAY_DATA_OFFSET);
        store(self, zero, object::ARRAY_MEMORY_OFFSET);
        let mut length = one;
        for (d, &size) in words[1..].iter().enumerate() {
            if object::array_has_sizes(dims) {
                store(self, size, object::array_size_offset(d as u32));
            }
            length = if d == 0 {
                size
            } else {
                self.b.ins().imul(length, size)
            };
        }
        self.b.ins().store(
            own_memory(),
            length,
            addr,
            object::ARRAY_LENGTH_OFFSET as i32,
        );
        store(self, length, object::ARRAY_CAPACITY_OFFSET);
        Lowered::Scalar(addr)
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one call site; the parts of one C signature"
    )]
    fn entry_call(
        &mut self,
        func: Func,
        args: &[Lowered],
        strings: &[ir::Value],
        plan: &AbiSignature,
        ret: Type,
        sret: Option<ir::Value>,
        out: Option<ir::Value>,
        with_status: bool,
        uncaught: Option<Func>,
    ) -> Result<()> {
        // A failing call goes to a block of its own instead of a failing return.
        let failed = self.b.create_block();
        self.b.set_cold_block(failed);
        self.fail_block = Some(failed);
        self.signature.may_throw = true;
        let result = self.call_body(func, args)?;
        let result = self.in_registers(result)?;
        if result.ty != Type::BOTTOM {
            self.drop_strings(strings)?;
            self.entry_return(result, plan, ret, sret, out, with_status)?;
        }
        self.b.switch_to_block(failed);
        if !(self.l.may_throw)(func) {
            self.trap_unreachable();
            return Ok(());
        }
        self.drop_strings(strings)?;
        if with_status {
            let one = self.b.ins().iconst(types::I32, 1);
            self.b.ins().return_(&[one]);
            return Ok(());
        }
        self.end_by_message(uncaught)
    }

    /// Ends the program with the message of the exception that got out.
    fn end_by_message(&mut self, uncaught: Option<Func>) -> Result<()> {
        let Some(shim) = uncaught else {
            return self.stop();
        };
        let done = self.call_body(shim, &[Lowered::Ghost])?;
        if done.ty != Type::BOTTOM {
            self.trap_unreachable();
        }
        Ok(())
    }

    /// The body of a plain entry that calls the `_try` entry, which takes the same registers.
    fn entry_by_status(
        &mut self,
        tried: (Symbol, Signature),
        plan: &AbiSignature,
        ret: Type,
        uncaught: Option<Func>,
    ) -> Result<()> {
        let (symbol, signature) = tried;
        let first = self.b.create_block();
        self.b.append_block_params_for_function_params(first);
        self.b.switch_to_block(first);
        let mut regs = self.b.block_params(first).to_vec();
        let sret = match plan.ret {
            ReturnMode::Sret { .. } if !regs.is_empty() => Some(regs.remove(0)),
            _ => None,
        };
        let mut out = sret;
        if regs.len() < signature.params.len() && out.is_none() {
            let layout = self.layout(ret)?;
            out = Some(self.stack_memory(layout.size, layout.align.max(8)));
        }
        if regs.len() < signature.params.len() {
            regs.extend(out);
        }
        let func_ref = self.func_ref(symbol, signature);
        let call = self.b.ins().call(func_ref, &regs);
        let status = self.b.inst_results(call).first().copied();
        let status = status.ok_or("an entry without status")?;
        let (failed, done) = (self.b.create_block(), self.b.create_block());
        self.b.set_cold_block(failed);
        let none: [ir::BlockArg; 0] = [];
        self.b.ins().brif(status, failed, &none, done, &none);
        self.b.switch_to_block(failed);
        self.end_by_message(uncaught)?;
        self.b.switch_to_block(done);
        if sret.is_some() {
            self.b.ins().return_(&[]);
            return Ok(());
        }
        let value = match out {
            Some(addr) => self.load(ret, addr, 0, own_memory(), true)?,
            None => self.undefined(ret)?,
        };
        let result = Typed { ty: ret, value };
        let result = self.in_registers(result)?;
        self.entry_return(result, plan, ret, None, None, false)
    }

    fn drop_strings(&mut self, strings: &[ir::Value]) -> Result<()> {
        for &string in strings {
            self.release_reference(Type::STRING, string, false)?;
        }
        Ok(())
    }

    fn entry_return(
        &mut self,
        result: Typed,
        plan: &AbiSignature,
        ret: Type,
        sret: Option<ir::Value>,
        out: Option<ir::Value>,
        with_status: bool,
    ) -> Result<()> {
        if with_status {
            if let Some(out) = out {
                self.store(ret, &result.value, out, 0, user_memory())?;
            }
            let zero = self.b.ins().iconst(types::I32, 0);
            self.b.ins().return_(&[zero]);
            return Ok(());
        }
        let regs = match &plan.ret {
            ReturnMode::Ignore => Vec::new(),
            ReturnMode::Direct { scalar, .. } => {
                let regs = self.registers(&result.value);
                regs.into_iter()
                    .map(|v| self.value_in_c_register(*scalar, v))
                    .collect()
            }
            ReturnMode::Split(pieces) => self.value_to_pieces(ret, &result.value, pieces)?,
            ReturnMode::Sret { .. } => {
                let Some(addr) = sret else {
                    return Err("a result without memory".into());
                };
                self.store(ret, &result.value, addr, 0, user_memory())?;
                Vec::new()
            }
        };
        self.b.ins().return_(&regs);
        Ok(())
    }
}

/// Whether the internal code of a function can itself be its C entry: it cannot throw, and every
/// value is one scalar on both sides.
pub fn direct_entry(lowerer: &mut Lowerer, func: Func) -> bool {
    if (lowerer.may_throw)(func) {
        return false;
    }
    let f = &lowerer.module.functions[func];
    let scalar = |l: &mut Lowerer, ty: Type| {
        matches!(l.repr(ty), Ok(Repr::Ghost))
            || (matches!(l.repr(ty), Ok(Repr::Scalar(t)) if t != types::I128)
                && l.module.tables.array_of(ty).is_none()
                && ty != Type::STRING
                && ty != Type::FLOAT16)
    };
    // A Bool parameter from C may hold any byte.
    f.params
        .iter()
        .all(|p| p.ty != Type::BOOL && scalar(lowerer, p.ty))
        && scalar(lowerer, f.ret)
        && matches!(lowerer.repr(f.self_type), Ok(Repr::Ghost))
}
