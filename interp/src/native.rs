//! C functions of this machine, called through small compiled trampolines, one for each signature:
//! each loads the arguments from an array of words into where C wants them.

use crate::foreign::{Foreign, ForeignError, Passed, Signature};
use cranelift_codegen::Context;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir::{self, AbiParam, ArgumentPurpose, InstBuilder, MemFlagsData, types};
use cranelift_codegen::isa::OwnedTargetIsa;
use cranelift_codegen::settings;
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use hashbrown::HashMap;
use jlift_abi::layout::Scalar;
use std::ffi::CString;

/// `(function, arguments, result)`.
type Trampoline = extern "C" fn(u64, *const u64, *mut u64);

/// Calls the C functions of this process and of the libraries that it loads.
pub struct Native {
    isa: OwnedTargetIsa,
    trampolines: HashMap<Signature, Code>,
}

/// Where functions are that no library is named for.
const LIBRARIES: &[&str] = &["libm.so.6"];

/// Executable memory of one trampoline.
struct Code {
    start: *mut libc::c_void,
    size: usize,
}

impl Code {
    /// Memory with this code, which needs no relocation.
    fn new(code: &[u8]) -> Option<Code> {
        let size = code.len().max(1);
        // SAFETY: new memory, as large as what is copied to it, before it becomes executable.
        unsafe {
            let start = libc::mmap(
                std::ptr::null_mut(),
                size,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
                -1,
                0,
            );
            if start == libc::MAP_FAILED {
                return None;
            }
            let made = Code { start, size };
            std::ptr::copy_nonoverlapping(code.as_ptr(), start.cast(), code.len());
            let flags = libc::PROT_READ | libc::PROT_EXEC;
            if libc::mprotect(start, size, flags) != 0 {
                return None;
            }
            forget_old_instructions(start.cast(), size);
            Some(made)
        }
    }
}

impl Drop for Code {
    fn drop(&mut self) {
        // SAFETY: nothing runs in memory that nobody has the address of any more.
        unsafe { libc::munmap(self.start, self.size) };
    }
}

/// Makes what was written to memory visible as instructions, where machines do not do so themselves.
fn forget_old_instructions(start: *mut u8, size: usize) {
    #[cfg(target_arch = "aarch64")]
    {
        unsafe extern "C" {
            fn __clear_cache(start: *mut u8, end: *mut u8);
        }
        // SAFETY: the range is mapped memory.
        unsafe { __clear_cache(start, start.add(size)) };
    }
    let _ = (start, size);
}

impl Native {
    /// `None` if code cannot be made for this machine.
    pub fn new() -> Option<Native> {
        let isa = cranelift_native::builder().ok()?;
        let flags = settings::Flags::new(settings::builder());
        Some(Native {
            isa: isa.finish(flags).ok()?,
            trampolines: HashMap::new(),
        })
    }

    fn trampoline(&mut self, signature: &Signature) -> Option<Trampoline> {
        if !self.trampolines.contains_key(signature) {
            let code = self.compile(signature)?;
            self.trampolines
                .insert(signature.clone(), Code::new(&code)?);
        }
        let code = self.trampolines.get(signature)?;
        // SAFETY: the code was made with this signature, and lives as long as this does.
        Some(unsafe { std::mem::transmute::<*mut libc::c_void, Trampoline>(code.start) })
    }

    fn compile(&self, signature: &Signature) -> Option<Vec<u8>> {
        let convention = self.isa.default_call_conv();
        let mut of_c = ir::Signature::new(convention);
        for &param in &signature.params {
            of_c.params.push(match param {
                Passed::Scalar(scalar) => AbiParam::new(register(scalar)),
                Passed::Stack(size) => {
                    AbiParam::special(types::I64, ArgumentPurpose::StructArgument(size))
                }
                Passed::Return => AbiParam::special(types::I64, ArgumentPurpose::StructReturn),
            });
        }
        let results = signature.results.iter();
        of_c.returns
            .extend(results.map(|&r| AbiParam::new(register(r))));
        let mut context = Context::new();
        context.func.signature = ir::Signature::new(convention);
        let word = AbiParam::new(types::I64);
        context.func.signature.params.extend([word, word, word]);
        let mut shared = FunctionBuilderContext::new();
        let mut b = FunctionBuilder::new(&mut context.func, &mut shared);
        let block = b.create_block();
        b.append_block_params_for_function_params(block);
        b.switch_to_block(block);
        let &[target, args, result] = b.block_params(block) else {
            return None;
        };
        let flags = MemFlagsData::trusted();
        let mut values = Vec::with_capacity(signature.params.len());
        for (n, param) in signature.params.iter().enumerate() {
            let offset = i32::try_from(8 * n).ok()?;
            let ty = match *param {
                Passed::Scalar(scalar) => register(scalar),
                Passed::Stack(_) | Passed::Return => types::I64,
            };
            values.push(b.ins().load(ty, flags, args, offset));
        }
        let of_c = b.import_signature(of_c);
        let call = b.ins().call_indirect(of_c, target, &values);
        for (n, value) in b.inst_results(call).to_vec().into_iter().enumerate() {
            let offset = i32::try_from(8 * n).ok()?;
            b.ins().store(flags, value, result, offset);
        }
        b.ins().return_(&[]);
        b.seal_all_blocks();
        b.finalize(self.isa.frontend_config());
        let code = context
            .compile(&*self.isa, &mut ControlPlane::default())
            .ok()?;
        Some(code.code_buffer().to_vec())
    }
}

/// Integers travel as whole words.
fn register(scalar: Scalar) -> cranelift_codegen::ir::Type {
    match scalar {
        Scalar::F32 => types::F32,
        Scalar::F64 => types::F64,
        _ => types::I64,
    }
}

/// The address of a symbol of this process or of a library.
fn look_up(name: &str, library: &str) -> Option<u64> {
    let name = CString::new(name).ok()?;
    let find = |handle| {
        // SAFETY: the name is a C string, and the handle is one of a library.
        let found = unsafe { libc::dlsym(handle, name.as_ptr()) } as u64;
        (found != 0).then_some(found)
    };
    let open = |library: &str| {
        let library = CString::new(library).ok()?;
        // SAFETY: loads a library of the program's choice, for as long as the process lives.
        let handle = unsafe { libc::dlopen(library.as_ptr(), libc::RTLD_LAZY) };
        (!handle.is_null()).then_some(handle)
    };
    if !library.is_empty() {
        return find(open(library)?);
    }
    let of_process = find(libc::RTLD_DEFAULT);
    of_process.or_else(|| LIBRARIES.iter().find_map(|library| find(open(library)?)))
}

impl Foreign for Native {
    fn function(&mut self, name: &str, library: &str) -> Option<u64> {
        look_up(name, library)
    }

    fn variable(&mut self, name: &str) -> Option<u64> {
        look_up(name, "")
    }

    fn call(
        &mut self,
        address: u64,
        signature: &Signature,
        args: &[u64],
        results: &mut [u64],
    ) -> Result<(), ForeignError> {
        if signature.params.len() != args.len() || signature.results.len() != results.len() {
            return Err(ForeignError::Unsupported(
                "another number of arguments".into(),
            ));
        }
        let Some(trampoline) = self.trampoline(signature) else {
            return Err(ForeignError::Unsupported("no code for the call".into()));
        };
        trampoline(address, args.as_ptr(), results.as_mut_ptr());
        Ok(())
    }
}
