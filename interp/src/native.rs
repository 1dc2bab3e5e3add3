//! C functions of this machine, called through small compiled trampolines, one for each signature:
//! each loads the arguments from an array of words into where C wants them.

use crate::foreign::{Foreign, ForeignError, Signature};
use cranelift_codegen::ir::{AbiParam, InstBuilder, MemFlagsData, types};
use cranelift_codegen::settings::{self, Configurable};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use cranelift_jit::{JITBuilder, JITModule};
use cranelift_module::{Linkage, Module, default_libcall_names};
use hashbrown::HashMap;
use jlift_abi::layout::Scalar;
use std::ffi::CString;

/// `(function, arguments, result)`.
type Trampoline = extern "C" fn(u64, *const u64, *mut u64);

/// Calls the C functions of this process and of the libraries that it loads.
pub struct Native {
    module: JITModule,
    trampolines: HashMap<Signature, Trampoline>,
    context: FunctionBuilderContext,
}

/// Where functions are that no library is named for.
const LIBRARIES: &[&str] = &["libm.so.6"];

impl Native {
    /// `None` if code cannot be made for this machine.
    pub fn new() -> Option<Native> {
        let mut flags = settings::builder();
        flags.set("is_pic", "false").ok()?;
        let isa = cranelift_native::builder().ok()?;
        let isa = isa.finish(settings::Flags::new(flags)).ok()?;
        Some(Native {
            module: JITModule::new(JITBuilder::with_isa(isa, default_libcall_names())),
            trampolines: HashMap::new(),
            context: FunctionBuilderContext::new(),
        })
    }

    fn trampoline(&mut self, signature: &Signature) -> Option<Trampoline> {
        if let Some(&known) = self.trampolines.get(signature) {
            return Some(known);
        }
        let params = signature.params.as_ref()?;
        let mut of_c = self.module.make_signature();
        for &param in params {
            of_c.params.push(AbiParam::new(register(param)));
        }
        of_c.returns
            .extend(signature.result.map(|r| AbiParam::new(register(r))));
        let mut context = self.module.make_context();
        let word = AbiParam::new(types::I64);
        context.func.signature.params.extend([word, word, word]);
        let mut b = FunctionBuilder::new(&mut context.func, &mut self.context);
        let block = b.create_block();
        b.append_block_params_for_function_params(block);
        b.switch_to_block(block);
        let &[target, args, result] = b.block_params(block) else {
            return None;
        };
        let flags = MemFlagsData::trusted();
        let mut values = Vec::with_capacity(params.len());
        for (n, &param) in params.iter().enumerate() {
            let offset = i32::try_from(8 * n).ok()?;
            values.push(b.ins().load(register(param), flags, args, offset));
        }
        let of_c = b.import_signature(of_c);
        let call = b.ins().call_indirect(of_c, target, &values);
        if let Some(&value) = b.inst_results(call).first() {
            b.ins().store(flags, value, result, 0);
        }
        b.ins().return_(&[]);
        b.seal_all_blocks();
        b.finalize(self.module.target_config());
        let name = format!("trampoline{}", self.trampolines.len());
        let id = self
            .module
            .declare_function(&name, Linkage::Local, &context.func.signature)
            .ok()?;
        self.module.define_function(id, &mut context).ok()?;
        self.module.finalize_definitions().ok()?;
        let code = self.module.get_finalized_function(id);
        // SAFETY: the function was made with this signature, and lives as long as the module.
        let made = unsafe { std::mem::transmute::<*const u8, Trampoline>(code) };
        self.trampolines.insert(signature.clone(), made);
        Some(made)
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
    ) -> Result<u64, ForeignError> {
        let count = signature.params.as_ref().map(Vec::len);
        if count != Some(args.len()) {
            return Err(ForeignError::Unsupported(
                "another number of arguments".into(),
            ));
        }
        let Some(trampoline) = self.trampoline(signature) else {
            return Err(ForeignError::Unsupported("no code for the call".into()));
        };
        let mut result = 0;
        trampoline(address, args.as_ptr(), &mut result);
        Ok(result)
    }
}
