//! The entries of exports in C's convention: the plain one that ends the program with the message of
//! an exception that gets out, the `_try` one that returns a status; `jlift_last_error`; and the
//! entry through which the compiler's own process runs a function without parameters:
//! `int32_t start(void *result)`, where 1 means that an exception got out.

use crate::c::{param_texts, return_texts, sret_attribute};
use crate::function::Body;
use crate::machine::{Machine, Reg, symbol};
use crate::program::{Export, Program};
use crate::value::{Access, Result, Val};
use jlift_abi::classify::{AbiSignature, PassMode};
use jlift_abi::export::{CParam, Part, classify_export, classify_try, export_params};
use jlift_abi::object;
use jlift_abi::symbols::{LAST_ERROR, try_symbol};
use jlift_ir::{Func, Type, error_record};

/// Which entry.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum EntryKind {
    Plain,
    Try,
}

impl<'a, 'm> Body<'a, 'm> {
    /// Writes an entry of an export.
    pub fn write_entry(p: &'a mut Program<'m>, export: &Export, kind: EntryKind) -> Result<()> {
        let func = export.func;
        let f = &p.module.functions[func];
        let params: Vec<Type> = f.params.iter().map(|p| p.ty).collect();
        let tables = &p.module.tables;
        let plan = match kind {
            EntryKind::Plain => classify_export(tables, p.convention, &params, f.ret),
            EntryKind::Try => classify_try(tables, p.convention, &params, f.ret),
        };
        let plan = plan.map_err(|e| e.to_string())?;
        let parts = export_params(tables, &params).map_err(|e| e.to_string())?;
        let name = match kind {
            EntryKind::Plain => export.symbol.clone(),
            EntryKind::Try => try_symbol(&export.symbol),
        };
        // A failing call goes to a block of its own instead of a failing return.
        let mut body = Body::new(p, func, true);
        let head = body.entry(func, &parts, &plan, kind)?;
        let Body { p, w, .. } = body;
        let (_, returns) = return_texts(&plan.ret, true);
        let head = format!("define {returns} {}({head}) #0", symbol(&name));
        p.add_export(&name);
        p.add_function(&head, &w.finish());
        Ok(())
    }

    fn entry(
        &mut self,
        func: Func,
        parts: &[CParam],
        plan: &AbiSignature,
        kind: EntryKind,
    ) -> Result<String> {
        let mut texts = Vec::new();
        let mut param = |ty: Machine, attributes: &str| {
            let reg = Reg::new(ty, format!("%p{}", texts.len()));
            texts.push(format!("{ty}{attributes} {reg}"));
            reg
        };
        let sret = sret_attribute(&plan.ret).map(|attribute| param(Machine::Ptr, &attribute));
        let mut given = Vec::with_capacity(plan.params.len());
        for abi in &plan.params {
            let regs: Vec<Reg> = param_texts(abi, false)
                .iter()
                .map(|text| param(text.ty, &text.attributes))
                .collect();
            given.push(regs[abi.pads.len().min(regs.len())..].to_vec());
        }
        let mut incoming = Vec::with_capacity(given.len());
        for (i, (abi, regs)) in plan.params.iter().zip(&given).enumerate() {
            // What is neither a value nor the address of the result is a word.
            let ty = match parts.get(i).map(|p| p.part) {
                Some(Part::Value(ty)) => Some(ty),
                _ => None,
            };
            let value = match (&abi.mode, ty, &regs[..]) {
                (PassMode::Ignore, Some(ty), _) => self.undefined(ty)?,
                (PassMode::Direct { .. }, None, [v]) => Val::Scalar(v.clone()),
                (PassMode::Direct { scalar, .. }, Some(ty), [v]) => {
                    self.direct_to_value(ty, *scalar, v)?
                }
                (PassMode::Split(pieces), Some(ty), regs) => {
                    self.pieces_to_value(ty, pieces, regs)?
                }
                (PassMode::StackCopy { .. } | PassMode::Indirect { .. }, Some(ty), [addr]) => {
                    self.load(ty, addr, 0, Access::User, false)?
                }
                _ => return Err("a parameter without register".into()),
            };
            incoming.push(value);
        }
        let self_type = self.f.self_type;
        let mut args = vec![self.undefined(self_type)?];
        let strings = self.gather_arguments(parts, &incoming, &mut args)?;
        let out = match incoming.get(parts.len()) {
            Some(Val::Scalar(v)) => Some(v.clone()),
            _ => None,
        };
        let failed = self.w.block();
        self.fail = Some(failed);
        let result = self.call_function(func, &args)?;
        let ret = self.f.ret;
        if result.ty != Type::BOTTOM {
            self.drop_strings(&strings)?;
            match kind {
                EntryKind::Plain => self.return_to_c(ret, &result.val, plan, sret.as_ref())?,
                EntryKind::Try => {
                    if let Some(out) = out {
                        self.store(ret, &result.val, &out, 0, Access::User)?;
                    }
                    self.w.ret(format_args!("i32 0"));
                }
            }
        }
        self.w.switch_to(failed);
        if !(self.p.request.may_throw)(func) {
            self.w.trap();
            return Ok(texts.join(", "));
        }
        self.drop_strings(&strings)?;
        match kind {
            EntryKind::Try => self.w.ret(format_args!("i32 1")),
            EntryKind::Plain => self.end_by_message()?,
        }
        Ok(texts.join(", "))
    }

    /// Ends the program with the message of the exception that got out.
    fn end_by_message(&mut self) -> Result<()> {
        match self.p.request.uncaught {
            Some(shim) => {
                // It does not come back, neither way.
                let never = self.w.block();
                self.fail = Some(never);
                self.call_function(shim, &[Val::Ghost])?;
                self.w.trap();
                self.w.switch_to(never);
                self.w.trap();
            }
            None => self.stop(),
        }
        Ok(())
    }

    fn drop_strings(&mut self, strings: &[Reg]) -> Result<()> {
        for string in strings {
            self.release_reference(Type::STRING, string, false)?;
        }
        Ok(())
    }

    /// The arguments of the Julia function from the C parameters. Strings are copied; the copies
    /// are returned, to be dropped after the call.
    fn gather_arguments(
        &mut self,
        parts: &[CParam],
        incoming: &[Val],
        args: &mut Vec<Val>,
    ) -> Result<Vec<Reg>> {
        let mut strings = Vec::new();
        for (source, param) in self.f.params.iter().enumerate() {
            let mine: Vec<(Part, &Val)> = parts
                .iter()
                .zip(incoming)
                .filter(|(p, _)| p.source == source)
                .map(|(p, v)| (p.part, v))
                .collect();
            let value = match mine[..] {
                [] => self.undefined(param.ty)?,
                [(Part::Value(_), value)] => value.clone(),
                [
                    (Part::Bytes, Val::Scalar(bytes)),
                    (Part::ByteLength, Val::Scalar(length)),
                ] => {
                    let string = self.new_string(bytes, length)?;
                    strings.push(string.clone());
                    Val::Scalar(string)
                }
                [(Part::Elements(_), Val::Scalar(data)), ref sizes @ ..] => {
                    let mut words = Vec::with_capacity(sizes.len());
                    for (_, value) in sizes {
                        match value {
                            Val::Scalar(v) => words.push(v.clone()),
                            _ => return Err("an array parameter in pieces".into()),
                        }
                    }
                    self.borrowed_array(data, &words)
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
    fn borrowed_array(&mut self, data: &Reg, sizes: &[Reg]) -> Val {
        let dims = sizes.len() as u32;
        let addr = self
            .w
            .alloca(object::array_object_size(dims), object::OBJECT_ALIGN);
        let flags = object::FLAG_BORROWED_DATA | object::FLAG_IMMORTAL;
        let mut put = |value: Reg, offset: u32| {
            self.store_scalar(&value, &addr, offset.into(), Access::Own);
        };
        put(Machine::I32.zero(), object::TYPE_INDEX_OFFSET);
        put(Reg::int(Machine::I32, flags.into()), object::FLAGS_OFFSET);
        put(
            Reg::i64(object::IMMORTAL_COUNT),
            object::REFERENCE_COUNT_OFFSET,
        );
        put(data.clone(), object::ARRAY_DATA_OFFSET);
        put(Reg::i64(0), object::ARRAY_MEMORY_OFFSET);
        let mut length = Reg::i64(1);
        for (d, size) in sizes.iter().enumerate() {
            if object::array_has_sizes(dims) {
                let offset = object::array_size_offset(d as u32);
                self.store_scalar(size, &addr, offset.into(), Access::Own);
            }
            length = match d {
                0 => size.clone(),
                _ => self
                    .w
                    .op(Machine::I64, format_args!("mul {length:#}, {size}")),
            };
        }
        for offset in [object::ARRAY_LENGTH_OFFSET, object::ARRAY_CAPACITY_OFFSET] {
            self.store_scalar(&length, &addr, offset.into(), Access::Own);
        }
        Val::Scalar(addr)
    }

    /// Writes `jlift_last_error`.
    pub fn write_last_error(p: &'a mut Program<'m>) -> Result<()> {
        let Some(func) = p.module.functions.keys().next() else {
            return Ok(());
        };
        let mut body = Body::new(p, func, false);
        let record = body.error_record();
        let message = body.at(&record, error_record::MESSAGE_OFFSET.into());
        body.w.ret(format_args!("{message:#}"));
        let Body { p, w, .. } = body;
        p.symbols.define(LAST_ERROR);
        p.add_export(LAST_ERROR);
        p.add_function(
            &format!("define ptr {}() #0", symbol(LAST_ERROR)),
            &w.finish(),
        );
        Ok(())
    }

    /// Writes the entry of a function without parameters that the compiler's own process runs.
    pub fn write_start(p: &'a mut Program<'m>, func: Func, name: &str) -> Result<()> {
        let mut body = Body::new(p, func, true);
        if !body.f.params.is_empty() {
            return Err("a function with parameters cannot be started".into());
        }
        let out = Reg::new(Machine::Ptr, "%p0");
        let failed = body.w.block();
        body.fail = Some(failed);
        let self_type = body.f.self_type;
        let callee = body.undefined(self_type)?;
        let result = body.call_function(func, &[callee])?;
        if result.ty != Type::BOTTOM {
            body.store(result.ty, &result.val, &out, 0, Access::User)?;
            body.w.ret(format_args!("i32 0"));
        }
        body.w.switch_to(failed);
        match (body.p.request.may_throw)(func) {
            true => body.w.ret(format_args!("i32 1")),
            false => body.w.trap(),
        }
        let Body { p, w, .. } = body;
        p.symbols.define(name);
        p.add_export(name);
        p.add_function(
            &format!("define i32 {}(ptr %p0) #0", symbol(name)),
            &w.finish(),
        );
        Ok(())
    }
}
