//! Machine code to a relocatable object file, and the symbols of this process. Nothing here looks
//! into code.

use crate::compile::CompiledFunction;
use crate::program::{DataContent, Program, Visibility};
use cranelift_codegen::ir::Signature;
use cranelift_codegen::isa::OwnedTargetIsa;
use cranelift_module::{DataDescription, Linkage, Module};
use cranelift_object::{ObjectBuilder, ObjectModule};
use object::LittleEndian;
use object::elf;
use object::read::elf::{FileHeader, SectionHeader};
use std::ffi::CString;
use std::fmt;
use std::mem::offset_of;

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
) -> Result<(), EmitError> {
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
    let mut data_ids = Vec::with_capacity(program.data.len());
    for data in &program.data {
        let (linkage, writable, tls) = match data.content {
            DataContent::ReadOnly(_) | DataContent::ReadOnlyWithAddresses { .. } => {
                (Linkage::Local, false, false)
            }
            DataContent::Writable(_) | DataContent::WritableWithAddresses { .. } => {
                (Linkage::Local, true, false)
            }
            DataContent::Zeroed { thread_local, .. } => (Linkage::Local, true, thread_local),
            DataContent::Import => (Linkage::Import, true, false),
        };
        let id = module
            .declare_data(&data.name, linkage, writable, tls)
            .map_err(module_error)?;
        data_ids.push(id);
    }
    for (data, &id) in program.data.iter().zip(&data_ids) {
        let mut description = DataDescription::new();
        description.set_align(u64::from(data.align.max(1)));
        match &data.content {
            DataContent::ReadOnly(bytes) | DataContent::Writable(bytes) => {
                description.define(bytes.clone());
            }
            DataContent::ReadOnlyWithAddresses { bytes, addresses }
            | DataContent::WritableWithAddresses { bytes, addresses } => {
                description.define(bytes.clone());
                for address in addresses {
                    let Some(&target) = data_ids.get(address.data as usize) else {
                        return Err(EmitError::Module("the address of unknown data".into()));
                    };
                    let target = module.declare_data_in_data(target, &mut description);
                    description.write_data_addr(address.offset, target, address.addend.into());
                }
            }
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
    Ok(())
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

/// The bytes of an object file for our own linker: every function has a section of its own, so that
/// small ones lie close together.
pub fn emit_for_linking(
    isa: OwnedTargetIsa,
    program: &Program,
    functions: &[CompiledFunction],
) -> Result<Vec<u8>, EmitError> {
    let mut builder = ObjectBuilder::new(isa, "jlift", cranelift_module::default_libcall_names())
        .map_err(module_error)?;
    builder.per_function_section(true);
    let mut module = ObjectModule::new(builder);
    define(&mut module, program, functions)?;
    let mut bytes = module.finish().emit().map_err(module_error)?;
    // The object writer aligns every function for speed.
    for (at, align) in alignments(&bytes, functions).unwrap_or_default() {
        if let Some(field) = bytes.get_mut(at..at + size_of::<u64>()) {
            field.copy_from_slice(&align.to_le_bytes());
        }
    }
    Ok(bytes)
}

/// Code of fewer bytes lies where it happens to.
const WORTH_ALIGNING: usize = 1024;

/// Where the alignments of the small functions' sections stand in an object file, and what they are
/// to be. Sections are in the order of the functions; `None` if these are others.
fn alignments(bytes: &[u8], functions: &[CompiledFunction]) -> Option<Vec<(usize, u64)>> {
    type Header = elf::FileHeader64<LittleEndian>;
    let header = Header::parse(bytes).ok()?;
    let table = usize::try_from(header.e_shoff(LittleEndian)).ok()?;
    let sections = header.section_headers(LittleEndian, bytes).ok()?;
    let mut code = functions.iter().filter(|f| !f.code.is_empty());
    let mut places = Vec::new();
    for (n, section) in sections.iter().enumerate() {
        let size = section.sh_size(LittleEndian);
        if section.sh_flags(LittleEndian).0 & elf::SHF_EXECINSTR.0 == 0 || size == 0 {
            continue;
        }
        let function = code.next()?;
        if function.code.len() as u64 != size {
            return None;
        }
        if function.code.len() < WORTH_ALIGNING {
            let at = table + n * size_of::<elf::SectionHeader64<LittleEndian>>();
            let at = at + offset_of!(elf::SectionHeader64<LittleEndian>, sh_addralign);
            places.push((at, function.align));
        }
    }
    Some(places)
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
