//! Machine code to a relocatable object file, and into the memory of this process. Both go through
//! the same list of functions and data; nothing here looks into code.

use crate::compile::CompiledFunction;
use crate::program::{DataContent, Program, Visibility};
use cranelift_codegen::ir::Signature;
use cranelift_codegen::isa::OwnedTargetIsa;
use cranelift_jit::{JITBuilder, JITModule};
use cranelift_module::{DataDescription, FuncId, Linkage, Module};
use cranelift_object::{ObjectBuilder, ObjectModule};
use std::ffi::CString;
use std::fmt;

/// Why a program could not be stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum EmitError {
    /// A symbol that the process does not have.
    MissingSymbol(String),
    /// The module builder refused.
    Module(String),
}

impl fmt::Display for EmitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EmitError::MissingSymbol(name) => write!(f, "the symbol `{name}` does not exist"),
            EmitError::Module(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for EmitError {}

fn module_error(e: impl fmt::Display) -> EmitError {
    EmitError::Module(e.to_string())
}

/// Declares and defines everything. Functions and data get the ids that the code refers to.
fn define(
    module: &mut dyn Module,
    program: &Program,
    functions: &[CompiledFunction],
) -> Result<Vec<FuncId>, EmitError> {
    let signature = Signature::new(module.isa().default_call_conv());
    let linkage = |v| match v {
        Visibility::Local => Linkage::Local,
        Visibility::Export => Linkage::Export,
        Visibility::Import => Linkage::Import,
    };
    let mut ids = Vec::with_capacity(program.functions.len());
    for function in &program.functions {
        let id = module
            .declare_function(&function.name, linkage(function.visibility), &signature)
            .map_err(module_error)?;
        ids.push(id);
    }
    for data in &program.data {
        let (linkage, writable, tls) = match data.content {
            DataContent::ReadOnly(_) => (Linkage::Local, false, false),
            DataContent::Zeroed { thread_local, .. } => (Linkage::Local, true, thread_local),
            DataContent::Import => (Linkage::Import, true, false),
        };
        let id = module
            .declare_data(&data.name, linkage, writable, tls)
            .map_err(module_error)?;
        let mut description = DataDescription::new();
        description.set_align(u64::from(data.align.max(1)));
        match &data.content {
            DataContent::ReadOnly(bytes) => description.define(bytes.clone()),
            DataContent::Zeroed { size, .. } => description.define_zeroinit(*size as usize),
            DataContent::Import => continue,
        }
        module.define_data(id, &description).map_err(module_error)?;
    }
    for function in functions {
        let Some(&id) = ids.get(function.index as usize) else {
            return Err(EmitError::Module("code of an unknown function".into()));
        };
        module
            .define_function_bytes(id, function.align, &function.code, &function.relocs)
            .map_err(module_error)?;
    }
    Ok(ids)
}

/// The bytes of a relocatable object file.
pub fn emit_object(
    isa: OwnedTargetIsa,
    program: &Program,
    functions: &[CompiledFunction],
) -> Result<Vec<u8>, EmitError> {
    let builder = ObjectBuilder::new(isa, "jlift", cranelift_module::default_libcall_names())
        .map_err(module_error)?;
    let mut module = ObjectModule::new(builder);
    define(&mut module, program, functions)?;
    module.finish().emit().map_err(module_error)
}

/// A program in the memory of this process. Dropping it frees the code.
pub struct JitProgram {
    module: Option<JITModule>,
    ids: Vec<FuncId>,
}

impl JitProgram {
    /// Address of function `index`, which the program defines.
    pub fn address(&self, index: u32) -> Option<*const u8> {
        let id = *self.ids.get(index as usize)?;
        self.module.as_ref().map(|m| m.get_finalized_function(id))
    }
}

impl Drop for JitProgram {
    fn drop(&mut self) {
        if let Some(module) = self.module.take() {
            // SAFETY: addresses are only handed out by `address`, whose users hold the program;
            // a caller that keeps one longer already has to use `unsafe` to call it.
            unsafe { module.free_memory() }
        }
    }
}

/// Places a program into this process. Imports are looked up in `host` first, then among the
/// symbols of the process.
pub fn emit_jit(
    isa: OwnedTargetIsa,
    program: &Program,
    functions: &[CompiledFunction],
    host: &[(&str, *const u8)],
) -> Result<JitProgram, EmitError> {
    let mut builder = JITBuilder::with_isa(isa, cranelift_module::default_libcall_names());
    // Functions that the code generator itself calls, such as `floor` for CPUs without SSE 4.1.
    builder.symbol_lookup_fn(Box::new(process_symbol));
    for &(name, address) in host {
        builder.symbol(name, address);
    }
    let imported = program
        .functions
        .iter()
        .filter(|f| f.visibility == Visibility::Import)
        .map(|f| &f.name)
        .chain(
            program
                .data
                .iter()
                .filter(|d| matches!(d.content, DataContent::Import))
                .map(|d| &d.name),
        );
    for name in imported {
        if host.iter().any(|(n, _)| n == name) {
            continue;
        }
        // A missing symbol would make the JIT panic; look first.
        match process_symbol(name) {
            Some(address) => {
                builder.symbol(name.as_str(), address);
            }
            None => return Err(EmitError::MissingSymbol(name.clone())),
        }
    }
    let mut module = JITModule::new(builder);
    let ids = define(&mut module, program, functions)?;
    module.finalize_definitions().map_err(module_error)?;
    Ok(JitProgram {
        module: Some(module),
        ids,
    })
}

/// The address of a symbol of this process, the C library's and the mathematics library's included.
pub fn process_symbol(name: &str) -> Option<*const u8> {
    let name = CString::new(name).ok()?;
    // SAFETY: the name is NUL-terminated; RTLD_DEFAULT is always valid.
    let address = unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()) };
    if !address.is_null() {
        return Some(address.cast());
    }
    // The mathematics library may not be loaded: this process need not use it itself.
    // SAFETY: a constant NUL-terminated name; the handle is never closed.
    unsafe {
        let handle = libc::dlopen(c"libm.so.6".as_ptr(), libc::RTLD_LAZY);
        if handle.is_null() {
            return None;
        }
        let address = libc::dlsym(handle, name.as_ptr());
        (!address.is_null()).then_some(address.cast_const().cast())
    }
}
