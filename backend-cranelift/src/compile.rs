//! CLIF to machine code, on several threads. Functions are independent; results come back in the
//! order of the program whatever the number of threads, so that output is deterministic.

use crate::constants;
use crate::program::Program;
use crate::program::Visibility;
use crate::shorten::{ConstantUse, Frame, shorten};
use cranelift_codegen::CompiledCode;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::isa::{CallConv, TargetIsa};
use cranelift_codegen::settings::OptLevel;
use cranelift_codegen::{Context, ir};
use cranelift_module::{FuncId, ModuleReloc, ModuleRelocTarget};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use target_lexicon::Architecture;

/// The machine code of one function.
pub struct CompiledFunction {
    /// Index in the program.
    pub index: u32,
    pub code: Vec<u8>,
    pub align: u64,
    pub relocs: Vec<ModuleReloc>,
    /// Constants that have no place yet; none are left once all functions of a program are there.
    pub constants: Vec<ConstantUse>,
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

/// Compiles all functions that the program defines; constants of the code become data of it.
/// `threads`: 0 for as many as the machine has CPUs.
pub fn compile<'a, E: Send>(
    program: &mut Program,
    isa: &dyn TargetIsa,
    threads: usize,
    disassemble: bool,
    producer: &(dyn Fn() -> Produce<'a, E> + Sync),
) -> Result<Vec<CompiledFunction>, CompileError<E>> {
    let defined: Vec<(u32, &dyn TargetIsa)> = program
        .functions
        .iter()
        .enumerate()
        .filter(|(_, f)| f.visibility != Visibility::Import)
        .map(|(i, _)| (i as u32, isa))
        .collect();
    let shorten = is_for_files(isa);
    let mut scratch = Scratch::default();
    let mut functions = run(
        &defined,
        threads,
        Wanted {
            disassemble,
            shorten,
        },
        &mut scratch,
        producer,
    )?;
    constants::place(program, &mut functions);
    Ok(functions)
}

/// What is made of the code.
#[derive(Copy, Clone)]
struct Wanted {
    disassemble: bool,
    shorten: bool,
}

/// Compiles the `wanted` functions, by their numbers in the program, in that order; each with
/// settings of its own.
pub fn compile_some<'a, E: Send>(
    wanted: &[(u32, &dyn TargetIsa)],
    threads: usize,
    disassemble: bool,
    scratch: &mut Scratch,
    producer: &(dyn Fn() -> Produce<'a, E> + Sync),
) -> Result<Vec<CompiledFunction>, CompileError<E>> {
    let to_make = Wanted {
        disassemble,
        shorten: false,
    };
    run(wanted, threads, to_make, scratch, producer)
}

fn run<'a, E: Send>(
    wanted: &[(u32, &dyn TargetIsa)],
    threads: usize,
    to_make: Wanted,
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
            let Some(&(index, isa)) = wanted.get(position) else {
                break;
            };
            match compile_one(isa, index, scratch, &mut produce, to_make) {
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
    // Starting a thread costs more than a few small functions, and so does asking how many there may be.
    let worthwhile = wanted.len().div_ceil(8).max(1);
    let threads = match threads {
        0 if worthwhile > 1 => std::thread::available_parallelism().map_or(1, |n| n.get()),
        some => some.max(1),
    };
    let threads = threads.min(worthwhile);
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
    to_make: Wanted,
) -> Result<CompiledFunction, CompileError<E>> {
    let Scratch { context, control } = scratch;
    context.clear();
    context.want_disasm = to_make.disassemble;
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
    let mut function = CompiledFunction {
        index,
        code: code.buffer.data().to_vec(),
        align: alignment,
        relocs,
        constants: Vec::new(),
        srclocs: code
            .buffer
            .get_srclocs_sorted()
            .iter()
            .map(|s| (s.start, s.end, s.loc.bits()))
            .collect(),
        disassembly: code.vcode.clone(),
    };
    if to_make.shorten {
        function.relocs.sort_by_key(|r| r.offset);
        let mut frame = frame(&context.func, code);
        frame.calls = calls(&context.func, &function.relocs);
        make_shorter(&mut function, &frame);
    }
    Ok(function)
}

/// Whether the code is for a file and worth some work. Code of this process is to be there soon.
fn is_for_files(isa: &dyn TargetIsa) -> bool {
    matches!(isa.triple().architecture, Architecture::X86_64)
        && isa.flags().is_pic()
        && isa.flags().opt_level() != OptLevel::None
}

/// Replaces the code of a function by shorter code that does the same.
fn make_shorter(function: &mut CompiledFunction, frame: &Frame) {
    let relocs = &function.relocs;
    let places: Vec<u32> = relocs.iter().map(|r| r.offset).collect();
    // The first of those with the same target.
    let key = |n: u32| {
        let same = |r: &ModuleReloc| {
            relocs.get(n as usize).is_some_and(|other| {
                r.kind == other.kind
                    && same_target(&r.name, &other.name)
                    && r.addend == other.addend
            })
        };
        relocs.iter().position(same).unwrap_or(n as usize)
    };
    let Some(short) = shorten(&function.code, &places, &key, frame) else {
        return;
    };
    let mut relocs = Vec::with_capacity(short.relocs.len());
    for (number, offset) in short.relocs {
        if let Some(reloc) = function.relocs.get(number as usize) {
            let mut reloc = reloc.clone();
            reloc.offset = offset;
            relocs.push(reloc);
        }
    }
    relocs.sort_by_key(|r| r.offset);
    function.relocs = relocs;
    let moved = |old: u32| {
        let next = short.offsets.partition_point(|&(at, _)| at < old);
        short.offsets.get(next).map_or(0, |&(_, new)| new)
    };
    for (start, end, _) in &mut function.srclocs {
        (*start, *end) = (moved(*start), moved(*end));
    }
    function.srclocs.retain(|(start, end, _)| start < end);
    function.constants = short.constants;
    function.code = short.code;
}

fn same_target(a: &ModuleRelocTarget, b: &ModuleRelocTarget) -> bool {
    use ModuleRelocTarget::{LibCall, User};
    match (a, b) {
        (
            User { namespace, index },
            User {
                namespace: other_namespace,
                index: other_index,
            },
        ) => namespace == other_namespace && index == other_index,
        (LibCall(a), LibCall(b)) => a == b,
        _ => false,
    }
}

/// What is known of the frame of a function.
fn frame(func: &ir::Function, code: &CompiledCode) -> Frame {
    let mut frame = Frame {
        slots: Vec::new(),
        outgoing: None,
        calls: Vec::new(),
        results: fits_registers(&func.signature).then(|| {
            let returns = &func.signature.returns;
            let floats = returns.iter().filter(|p| p.value_type.is_float()).count();
            (returns.len() - floats, floats)
        }),
        scalars_only: func.dfg.values().all(|v| {
            !func.dfg.value_type(v).is_vector() && func.dfg.value_type(v) != ir::types::F128
        }),
    };
    let Some(layout) = code.buffer.frame_layout() else {
        return frame;
    };
    for (slot, data) in &func.sized_stack_slots {
        let Some(place) = layout.stackslots.get(slot) else {
            return Frame::default();
        };
        let align = 1u32.checked_shl(data.align_shift.into()).unwrap_or(1);
        frame.slots.push((place.offset, data.size, align));
    }
    // The memory that a function asks for lies above the arguments of calls.
    let lowest = frame.slots.iter().map(|&(at, ..)| at).min();
    let in_registers = func.dfg.signatures.values().all(fits_registers);
    frame.outgoing = lowest.or(in_registers.then_some(0));
    frame
}

/// For the relocations that are functions: how many integers and floats are passed to them.
fn calls(func: &ir::Function, relocs: &[ModuleReloc]) -> Vec<(u32, usize, usize)> {
    let mut found = Vec::new();
    for (number, reloc) in relocs.iter().enumerate() {
        let ModuleRelocTarget::User { namespace, index } = reloc.name else {
            continue;
        };
        let signature = func.dfg.ext_funcs.values().find_map(|callee| {
            let ir::ExternalName::User(name) = callee.name else {
                return None;
            };
            let name = func.params.user_named_funcs().get(name)?;
            let is_it = name.namespace == namespace && name.index == index;
            is_it.then(|| &func.dfg.signatures[callee.signature])
        });
        if let Some(signature) = signature.filter(|s| fits_registers(s)) {
            let params = &signature.params;
            let floats = params.iter().filter(|p| p.value_type.is_float()).count();
            found.push((number as u32, params.len() - floats, floats));
        }
    }
    found
}

/// Whether arguments and results certainly travel in registers.
fn fits_registers(signature: &ir::Signature) -> bool {
    let fits = |params: &[ir::AbiParam], max_ints: usize, max_floats: usize| {
        let count = |is_float: bool| {
            let of_class = params
                .iter()
                .filter(|p| p.value_type.is_float() == is_float);
            of_class.count()
        };
        params.iter().all(|p| {
            p.value_type.bits() <= 64
                && !matches!(p.purpose, ir::ArgumentPurpose::StructArgument(_))
        }) && count(false) <= max_ints
            && count(true) <= max_floats
    };
    signature.call_conv == CallConv::SystemV
        && fits(&signature.params, 6, 8)
        && fits(&signature.returns, 2, 2)
}
