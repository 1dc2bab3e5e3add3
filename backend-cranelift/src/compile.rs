//! CLIF to machine code, on several threads. Functions are independent; results come back in the
//! order of the program whatever the number of threads, so that output is deterministic.

use crate::program::Program;
use crate::program::Visibility;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::isa::TargetIsa;
use cranelift_codegen::{Context, ir};
use cranelift_module::{FuncId, ModuleReloc};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The machine code of one function.
pub struct CompiledFunction {
    /// Index in the program.
    pub index: u32,
    pub code: Vec<u8>,
    pub align: u64,
    pub relocs: Vec<ModuleReloc>,
    /// Code offset ranges and the source location that the lowering attached, in code order.
    pub srclocs: Vec<(u32, u32, u32)>,
    /// Disassembly, if asked for.
    pub disassembly: Option<String>,
}

/// Why a function has no machine code.
#[derive(Debug)]
pub enum CompileError<E> {
    /// The producer of the CLIF refused.
    Lower(E),
    /// Code generation failed; the message is Cranelift's.
    Codegen { index: u32, message: String },
}

/// Fills a function's CLIF; one producer per thread.
pub type Produce<'a, E> = Box<dyn FnMut(u32, &mut ir::Function) -> Result<(), E> + 'a>;

/// What the code generator reuses from one function to the next.
pub struct Scratch {
    context: Context,
    control: ControlPlane,
}

impl Default for Scratch {
    fn default() -> Self {
        Self {
            context: Context::new(),
            control: ControlPlane::default(),
        }
    }
}

/// Compiles all functions that the program defines. `threads` is at least 1.
pub fn compile<'a, E: Send>(
    program: &Program,
    isa: &dyn TargetIsa,
    threads: usize,
    disassemble: bool,
    producer: &(dyn Fn() -> Produce<'a, E> + Sync),
) -> Result<Vec<CompiledFunction>, CompileError<E>> {
    let defined: Vec<u32> = program
        .functions
        .iter()
        .enumerate()
        .filter(|(_, f)| f.visibility != Visibility::Import)
        .map(|(i, _)| i as u32)
        .collect();
    compile_some(
        &defined,
        isa,
        threads,
        disassemble,
        &mut Scratch::default(),
        producer,
    )
}

/// Compiles the `wanted` functions, by their numbers in the program, in that order.
pub fn compile_some<'a, E: Send>(
    wanted: &[u32],
    isa: &dyn TargetIsa,
    threads: usize,
    disassemble: bool,
    scratch: &mut Scratch,
    producer: &(dyn Fn() -> Produce<'a, E> + Sync),
) -> Result<Vec<CompiledFunction>, CompileError<E>> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::with_capacity(wanted.len()));
    let failure: Mutex<Option<(usize, CompileError<E>)>> = Mutex::new(None);
    // A poisoned lock means that another thread panicked, which the scope reports.
    let work = |scratch: &mut Scratch| {
        let mut produce = producer();
        let mut mine = Vec::new();
        loop {
            let position = next.fetch_add(1, Ordering::Relaxed);
            let Some(&index) = wanted.get(position) else {
                break;
            };
            match compile_one(isa, index, scratch, &mut produce, disassemble) {
                Ok(function) => mine.push((position, function)),
                Err(error) => {
                    next.store(wanted.len(), Ordering::Relaxed);
                    if let Ok(mut slot) = failure.lock()
                        && slot.as_ref().is_none_or(|(at, _)| position < *at)
                    {
                        *slot = Some((position, error));
                    }
                    break;
                }
            }
        }
        if let Ok(mut all) = results.lock() {
            all.append(&mut mine);
        }
    };
    // Starting a thread costs more than a few small functions.
    let threads = threads.min(wanted.len().div_ceil(8)).max(1);
    if threads == 1 {
        work(scratch);
    } else {
        std::thread::scope(|scope| {
            for _ in 1..threads {
                scope.spawn(|| work(&mut Scratch::default()));
            }
            work(scratch);
        });
    }
    if let Some((_, error)) = failure.into_inner().unwrap_or_default() {
        return Err(error);
    }
    let mut functions: Vec<(usize, CompiledFunction)> = results.into_inner().unwrap_or_default();
    functions.sort_unstable_by_key(|&(position, _)| position);
    Ok(functions.into_iter().map(|(_, f)| f).collect())
}

fn compile_one<E>(
    isa: &dyn TargetIsa,
    index: u32,
    scratch: &mut Scratch,
    produce: &mut Produce<'_, E>,
    disassemble: bool,
) -> Result<CompiledFunction, CompileError<E>> {
    let Scratch { context, control } = scratch;
    context.clear();
    context.want_disasm = disassemble;
    produce(index, &mut context.func).map_err(CompileError::Lower)?;
    let failed = |message: String| CompileError::Codegen { index, message };
    // Cranelift panics on some operations that a target lacks; a compiler must not.
    let compiled = catch_unwind(AssertUnwindSafe(|| {
        context
            .compile(isa, control)
            .map(|_| ())
            .map_err(|e| cranelift_codegen::print_errors::pretty_error(e.func, e.inner))
    }));
    match compiled {
        Ok(Ok(())) => {}
        Ok(Err(message)) => return Err(failed(message)),
        Err(_) => {
            *context = Context::new();
            return Err(failed("the code generator stopped".into()));
        }
    }
    let Some(code) = context.compiled_code() else {
        return Err(failed("no code was generated".into()));
    };
    let alignment =
        u64::from(code.buffer.alignment).max(u64::from(isa.function_alignment().minimum));
    let relocs = code
        .buffer
        .relocs()
        .iter()
        .map(|reloc| ModuleReloc::from_mach_reloc(reloc, &context.func, FuncId::from_u32(index)))
        .collect();
    Ok(CompiledFunction {
        index,
        code: code.buffer.data().to_vec(),
        align: alignment,
        relocs,
        srclocs: code
            .buffer
            .get_srclocs_sorted()
            .iter()
            .map(|s| (s.start, s.end, s.loc.bits()))
            .collect(),
        disassembly: code.vcode.clone(),
    })
}
