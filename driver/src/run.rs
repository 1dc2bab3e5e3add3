//! `jlift run FILE.jir 'f(10, 2.5)'`: calls an exported function with literal arguments in this
//! process. The call is itself typed IR: a function without parameters that stores the result
//! where the driver reads it.

use crate::arguments::{Call, parse_call};
use crate::diagnostic::{Diagnostic, Failure, SourceText};
use crate::export::select_exports;
use crate::library::LoadedLibrary;
use crate::options::{BackendKind, EmitKind};
use crate::session::Session;
use crate::show::show_value;
use jlift_abi::layout::layout;
use jlift_abi::symbols::{LAST_ERROR, try_symbol};
use jlift_backend_cranelift::jit::Jit;
use jlift_ir::function::{BlockData, Function, Op, Terminator, Value};
use jlift_ir::{Func, Intrinsic, Module, Type, TypeClass};
use jlift_lower::{Environment, SymbolKind};
use target_lexicon::Triple;

/// How a run ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The result as Julia prints it.
    Returned(String),
    /// The message of an exception that nothing caught.
    Threw(String),
}

/// Code in this process with the exports' addresses, which are valid as long as this lives.
pub struct JitSession {
    /// Whose memory the code is in.
    _code: Code,
    entries: Vec<(Func, *const u8)>,
    /// Where a library tells the text of its last exception.
    last_error: Option<*const u8>,
}

/// A call that is part of the module.
struct PreparedCall {
    caller: Func,
    /// The type of the result, and its size.
    ret: Type,
    size: usize,
    /// Where the caller stores the result.
    buffer: Vec<u128>,
}

enum Code {
    Cranelift { _memory: Jit },
    Library { _library: LoadedLibrary },
}

impl JitSession {
    /// The C entry of an export: the one with status where the function may throw.
    pub fn entry(&self, func: Func) -> Option<*const u8> {
        let (_, address) = self.entries.iter().find(|(f, _)| *f == func)?;
        Some(*address)
    }

    /// The library's own function that gives the text of the last exception on this thread, in front of
    /// which its length lies; code without one writes the record of this process.
    pub fn last_error(&self) -> Option<*const u8> {
        self.last_error
    }
}

impl Session {
    /// Builds the exports as the shared library that a build writes, and loads it.
    pub fn load_library(&mut self) -> Result<JitSession, Failure> {
        self.check_host()?;
        let bytes = self.build_library(EmitKind::Library)?;
        let library = LoadedLibrary::open(&bytes).map_err(Failure::plain)?;
        let entries = self.library_entries(&library)?;
        let last_error = library.function(LAST_ERROR);
        Ok(JitSession {
            _code: Code::Library { _library: library },
            entries,
            last_error,
        })
    }

    /// The entry of each export in a library: the one with status where the function may throw.
    pub(crate) fn library_entries(
        &self,
        library: &LoadedLibrary,
    ) -> Result<Vec<(Func, *const u8)>, Failure> {
        let mut entries = Vec::new();
        for (&func, symbol) in self.exports.iter().zip(self.export_symbols()?) {
            let name = match self.may_throw(func) {
                true => try_symbol(&symbol),
                false => symbol,
            };
            if let Some(address) = library.function(&name) {
                entries.push((func, address));
            }
        }
        Ok(entries)
    }

    fn check_host(&self) -> Result<(), Failure> {
        let (target, host) = (&self.options.target, Triple::host());
        if target.architecture != host.architecture
            || target.operating_system != host.operating_system
        {
            return Err(Failure::plain(format!(
                "code for {target} cannot run in this process, which is {host}"
            )));
        }
        Ok(())
    }

    /// Compiles the exports into this process.
    pub fn jit(&mut self) -> Result<JitSession, Failure> {
        self.check_host()?;
        // Nobody keeps this code: its size does not matter, its speed does.
        self.options.outline = false;
        if self.options.backend == BackendKind::Interpreter {
            return Err(crate::build::no_code());
        }
        if self.options.backend == BackendKind::Llvm {
            let (library, entries) = self.llvm_library()?;
            return Ok(JitSession {
                _code: Code::Library { _library: library },
                entries,
                last_error: None,
            });
        }
        let compiled = self.compile(Environment::Jit, false)?;
        let mut program = Jit::new().map_err(|e| Failure::plain(e.to_string()))?;
        program
            .add(
                &compiled.program,
                &compiled.functions,
                &jlift_runtime_shims::host_symbol,
            )
            .map_err(|e| Failure::plain(e.to_string()))?;
        let mut entries = Vec::new();
        for (index, item) in compiled.plan.functions.iter().enumerate() {
            let func = match item.kind {
                SymbolKind::Body(func) if item.exported => func,
                SymbolKind::Entry(func) if !self.may_throw(func) => func,
                SymbolKind::TryEntry(func) => func,
                _ => continue,
            };
            if let Some(address) = program.address(index as u32) {
                entries.push((func, address));
            }
        }
        Ok(JitSession {
            _code: Code::Cranelift { _memory: program },
            entries,
            last_error: None,
        })
    }

    /// Calls an exported function and shows the result.
    pub fn run_call(&mut self, text: &str) -> Result<Outcome, Failure> {
        let mut outcomes = self.run_calls(&[text])?;
        outcomes
            .pop()
            .ok_or_else(|| Failure::plain("internal error: a call without outcome"))
    }

    /// Calls exported functions, one after the other, and shows the results. All calls are compiled
    /// at once.
    pub fn run_calls(&mut self, texts: &[&str]) -> Result<Vec<Outcome>, Failure> {
        let prepared: Vec<PreparedCall> = texts
            .iter()
            .map(|text| self.prepare_call(text))
            .collect::<Result<_, _>>()?;
        self.exports = prepared.iter().map(|call| call.caller).collect();
        let jit = self.jit()?;
        prepared
            .iter()
            .map(|call| self.perform_call(&jit, call))
            .collect()
    }

    /// Makes the function that makes a call.
    fn prepare_call(&mut self, text: &str) -> Result<PreparedCall, Failure> {
        let plain = |message: String| Failure {
            sources: vec![SourceText::new("call", text)],
            diagnostics: vec![Diagnostic::plain(message)],
        };
        let call = parse_call(text).map_err(plain)?;
        let target = self.call_target(&call).map_err(plain)?;
        let f = &self.module.functions[target];
        let (ret, params): (Type, Vec<Type>) = (f.ret, f.params.iter().map(|p| p.ty).collect());
        let mut args = Vec::new();
        for (literal, &ty) in call.args.iter().zip(&params) {
            args.push(
                literal
                    .convert(&mut self.module.tables, ty)
                    .map_err(plain)?,
            );
        }
        let class = self.module.tables.class(ret);
        if !self.module.tables.is_bits(ret) && class != TypeClass::Bottom {
            return Err(plain(format!(
                "results of type {} cannot be shown yet",
                jlift_ir::text::type_text(&self.module.tables, ret)
            )));
        }
        let size = layout(&self.module.tables, ret).map_or(0, |l| l.size);
        // 16-byte aligned memory for the result.
        let mut buffer = vec![0u128; (size as usize).div_ceil(16) + 1];
        let address = buffer.as_mut_ptr() as u64;
        let caller = caller_of(&mut self.module, target, &args, ret, address);
        Ok(PreparedCall {
            caller,
            ret,
            size: size as usize,
            buffer,
        })
    }

    fn perform_call(&self, jit: &JitSession, call: &PreparedCall) -> Result<Outcome, Failure> {
        let PreparedCall { caller, ret, .. } = *call;
        let Some(entry) = jit.entry(caller) else {
            return Err(Failure::plain("internal error: the call has no entry"));
        };
        if self.may_throw(caller) {
            // SAFETY: the entry with status of a function without parameters and result.
            let status =
                unsafe { std::mem::transmute::<*const u8, extern "C" fn() -> i32>(entry)() };
            if status != 0 {
                return Ok(Outcome::Threw(jlift_runtime_shims::error_message()));
            }
        } else {
            // SAFETY: the entry of a function without parameters and result.
            unsafe { std::mem::transmute::<*const u8, extern "C" fn()>(entry)() }
        }
        // SAFETY: the memory is the call's, and the code that writes it has returned.
        let words = call
            .buffer
            .iter()
            .map(|word| unsafe { std::ptr::from_ref(word).read_volatile() });
        let bytes: Vec<u8> = words.flat_map(u128::to_ne_bytes).collect();
        Ok(Outcome::Returned(show_value(
            &self.module.tables,
            ret,
            &bytes[..call.size],
        )))
    }

    /// The function that a call names, by the number of arguments.
    fn call_target(&self, call: &Call) -> Result<Func, String> {
        let found: Vec<Func> = self
            .module
            .exports()
            .filter(|&f| {
                let function = &self.module.functions[f];
                self.julia_name(f) == call.name && function.params.len() == call.args.len()
            })
            .collect();
        match found[..] {
            [one] => Ok(one),
            [] => match select_exports(&self.module, std::slice::from_ref(&call.name)) {
                Ok(_) => Err(format!(
                    "`{}` is called with {} arguments, which no exported method takes",
                    call.name,
                    call.args.len()
                )),
                Err(errors) => Err(errors.join("; ")),
            },
            _ => found
                .iter()
                .copied()
                .find(|&f| {
                    let params = &self.module.functions[f].params;
                    call.args
                        .iter()
                        .zip(params)
                        .all(|(a, p)| a.is_exactly(p.ty))
                })
                .ok_or_else(|| {
                    format!("several methods of `{}` fit; give literals of exact types, such as Int32(1)", call.name)
                }),
        }
    }
}

/// `function Main.call_N#()::Nothing` that stores `target(args...)` at `address`.
fn caller_of(module: &mut Module, target: Func, args: &[Value], ret: Type, address: u64) -> Func {
    // Two exports cannot have one name.
    let name = format!("Main.call_{}#", module.functions.len());
    let name = module.tables.names.intern(&name);
    let mut f = Function::new(name, Vec::new(), Type::NOTHING, Type::NOTHING);
    f.export = true;
    let list = f.value_list(args);
    let op = Op::Invoke {
        func: target,
        callee: None,
        args: list,
    };
    let call = f.make_inst(op, ret, None.into());
    let mut insts = vec![call];
    if ret != Type::BOTTOM {
        let ptr = module.tables.ptr(ret);
        let pointer = Value::Imm {
            ty: ptr,
            bits: address,
        };
        let list = f.value_list(&[pointer, Value::Inst(call), Value::int64(1), Value::int64(1)]);
        insts.push(f.make_inst(Op::Intrinsic(Intrinsic::PointerSet, list), ptr, None.into()));
    }
    let block = f.blocks.push(BlockData {
        insts,
        term: if ret == Type::BOTTOM {
            Terminator::Unreachable
        } else {
            Terminator::Return(Value::NOTHING)
        },
        term_loc: None.into(),
    });
    f.layout.push(block);
    module.functions.push(f)
}
