//! Typed IR text to code in this process that calls the counting allocator.

use crate::allocator;
use jlift_backend_cranelift::compile::{Produce, compile};
use jlift_backend_cranelift::isa::{CodegenLevel, TargetSpec, has_fma, target_isa};
use jlift_backend_cranelift::jit::Jit;
use jlift_backend_cranelift::program::{
    DataAddress, DataContent, DataDecl, FunctionDecl, Program, Visibility,
};
use jlift_ir::import::Library;
use jlift_ir::{Func, Module};
use jlift_lower::plan::{DataKind, PlannedExport};
use jlift_lower::{Environment, LowerError, Lowerer, Options, Plan, SymbolKind};
use jlift_optimize::effects::analyze;
use jlift_optimize::inliner::Policy;
use jlift_optimize::legalize::{Capabilities, legalize, reachable};
use jlift_optimize::pipeline::Level;
use jlift_optimize::program::Optimizer;
use target_lexicon::Triple;

/// How a call ended.
#[derive(Clone, PartialEq, Debug)]
pub enum Outcome {
    Returned(i64),
    Threw(String),
}

/// Compiled exports, each `(Int64) -> Int64`.
pub struct Compiled {
    jit: Jit,
    entries: Vec<(String, u32, bool)>,
}

/// The module after every stage but lowering, its live functions, and the one that ends a program.
pub fn owned(text: &str, level: Level) -> (Module, Vec<Func>, Func) {
    let mut module = jlift_ir::text::parse(text).unwrap_or_else(|e| panic!("{}\n{text}", e[0]));
    let verify = |module: &Module, after: &str| {
        if let Err(errors) = jlift_ir::verify::verify_module(module) {
            panic!(
                "after {after}: {}\n{}",
                errors[0],
                jlift_ir::text::print_module(module)
            );
        }
    };
    verify(&module, "reading");
    let shims = Library::new(jlift_runtime_shims::TEXTS.iter().copied());
    let mut roots: Vec<Func> = module.exports().collect();
    let isa = isa();
    let caps = Capabilities::cranelift(has_fma(&*isa));
    if let Err(errors) = legalize(&mut module, &roots, &shims, &caps) {
        panic!("{}: {}", module.describe(errors[0].func), errors[0].message);
    }
    let uncaught = module
        .import_function(&shims, "Shims.uncaught", &[])
        .expect("a shim");
    roots.push(uncaught);
    verify(&module, "legalization");
    let mut optimizer = Optimizer::new(level, Policy::of(level));
    optimizer.optimize(&mut module, &roots, &[]);
    let live = reachable(&module, &roots);
    optimizer.finish(&mut module, &live);
    let live = reachable(&module, &roots);
    for &func in &live {
        if let Err(errors) = jlift_ir::verify::verify_function(&module, func) {
            panic!(
                "after ownership: {}\n{}",
                errors[0],
                jlift_ir::text::print_function(&module, func)
            );
        }
    }
    (module, live, uncaught)
}

fn isa() -> cranelift_codegen::isa::OwnedTargetIsa {
    let spec = TargetSpec {
        triple: Triple::host(),
        cpu: "native".into(),
        level: CodegenLevel::Speed,
        pic: false,
    };
    target_isa(&spec).expect("a target")
}

/// Compiles the exports of a program.
pub fn build(text: &str, level: Level) -> Compiled {
    let (module, live, uncaught) = owned(text, level);
    let isa = isa();
    let effects = analyze(&module, &live);
    let may_throw = |f: Func| !effects[f].nothrow;
    let exports: Vec<PlannedExport> = live
        .iter()
        .copied()
        .filter(|&f| module.functions[f].export)
        .map(|func| PlannedExport {
            func,
            symbol: module.tables.names.str(module.functions[func].name).into(),
            may_throw: may_throw(func),
            direct: false,
            with_try: true,
        })
        .collect();
    let plan = Plan::new(&module, &live, &exports, Environment::Jit).expect("a plan");
    let mut program = program(&plan);
    let options = Options {
        environment: Environment::Jit,
        source_locations: false,
        stack_limit: None,
    };
    let throws: &(dyn Fn(Func) -> bool + Sync) = &may_throw;
    let (module_ref, plan_ref, isa_ref) = (&module, &plan, &*isa);
    let producer = || -> Produce<'_, LowerError> {
        let mut lowerer = Lowerer::new(module_ref, plan_ref, isa_ref, options, throws);
        Box::new(move |index, clif| {
            let kind = plan_ref.functions[index as usize].kind;
            lowerer.lower_item(kind, clif, Some(uncaught))?;
            if kind != SymbolKind::Import
                && let Err(errors) = cranelift_codegen::verify_function(clif, isa_ref)
            {
                panic!("{errors}\n{}", clif.display());
            }
            Ok(())
        })
    };
    let functions = compile(&mut program, &*isa, 1, false, &producer)
        .unwrap_or_else(|e| panic!("{e:?}\n{text}"));
    let mut jit = Jit::new().expect("memory for code");
    let host =
        |name: &str| allocator::symbol(name).or_else(|| jlift_runtime_shims::host_symbol(name));
    jit.add(&program, &functions, &host).expect("code");
    let mut entries = Vec::new();
    for (index, item) in plan.functions.iter().enumerate() {
        let (func, with_status) = match item.kind {
            SymbolKind::Entry(func) if !may_throw(func) => (func, false),
            SymbolKind::TryEntry(func) => (func, true),
            _ => continue,
        };
        let name = module.tables.names.str(module.functions[func].name);
        entries.push((name.into(), index as u32, with_status));
    }
    Compiled { jit, entries }
}

fn program(plan: &Plan) -> Program {
    let functions = plan.functions.iter().map(|f| FunctionDecl {
        name: f.name.clone(),
        visibility: match f.kind {
            SymbolKind::Import => Visibility::Import,
            _ if f.exported => Visibility::Export,
            _ => Visibility::Local,
        },
    });
    let address = |a: &jlift_lower::plan::DataAddress| DataAddress {
        offset: a.offset,
        data: a.data,
        addend: a.addend,
    };
    let data = plan.data.iter().map(|d| DataDecl {
        name: d.name.clone(),
        content: match &d.kind {
            DataKind::ReadOnly(bytes) => DataContent::ReadOnly(bytes.clone()),
            DataKind::ReadOnlyWithAddresses { bytes, addresses } => {
                DataContent::ReadOnlyWithAddresses {
                    bytes: bytes.clone(),
                    addresses: addresses.iter().map(address).collect(),
                }
            }
            DataKind::WritableWithAddresses { bytes, addresses } => {
                DataContent::WritableWithAddresses {
                    bytes: bytes.clone(),
                    addresses: addresses.iter().map(address).collect(),
                }
            }
            DataKind::Zeroed { size, thread_local } => DataContent::Zeroed {
                size: *size,
                thread_local: *thread_local,
            },
            DataKind::Writable(bytes) => DataContent::Writable(bytes.clone()),
            DataKind::Import => DataContent::Import,
        },
        align: d.align,
    });
    Program {
        functions: functions.collect(),
        data: data.collect(),
    }
}

impl Compiled {
    /// Calls an export.
    pub fn call(&self, name: &str, argument: i64) -> Outcome {
        let name = format!("Main.{name}");
        let (_, index, with_status) = self
            .entries
            .iter()
            .find(|(n, ..)| *n == name)
            .unwrap_or_else(|| panic!("no export {name}"));
        let address = self.jit.address(*index).expect("code of the export");
        if *with_status {
            let mut result = 0;
            // SAFETY: the entry with status of a function from Int64 to Int64.
            let entry = unsafe {
                std::mem::transmute::<*const u8, extern "C" fn(i64, *mut i64) -> i32>(address)
            };
            match entry(argument, &mut result) {
                0 => Outcome::Returned(result),
                _ => Outcome::Threw(jlift_runtime_shims::error_message()),
            }
        } else {
            // SAFETY: the entry of a function from Int64 to Int64.
            let entry =
                unsafe { std::mem::transmute::<*const u8, extern "C" fn(i64) -> i64>(address) };
            Outcome::Returned(entry(argument))
        }
    }
}
