//! Compiling a growing module into this process, and running it. A producer of typed IR appends
//! functions; what is asked for is made legal, optimized and compiled together with what it calls,
//! every function once, and finds the code of earlier functions by address. Knows nothing of where
//! the functions come from.

use crate::cells::{Cell, Cells};
use crate::externals::Externals;
use crate::options::{CodeLevel, Options};
use crate::program::extend_program;
use cranelift_codegen::isa::OwnedTargetIsa;
use cranelift_entity::EntitySet;
use hashbrown::{HashMap, HashSet};
use jlift_abi::layout::layout;
use jlift_backend_cranelift::compile::{CompileError, Produce, Scratch, compile_some};
use jlift_backend_cranelift::isa::{CodegenLevel, TargetSpec, has_fma, target_isa};
use jlift_backend_cranelift::jit::Jit;
use jlift_backend_cranelift::program::Program;
use jlift_ir::import::Library;
use jlift_ir::{Func, Function, Inst, Module, Terminator, Type, TypeClass, Value};
use jlift_lower::{
    Environment, LowerError, Lowerer, Options as LowerOptions, Plan, Symbol, SymbolKind,
};
use jlift_optimize::effects::callees;
use jlift_optimize::inliner::Policy;
use jlift_optimize::legalize::{Capabilities, Legalizer};
use jlift_optimize::pipeline::Level;
use jlift_optimize::program::Optimizer;

/// What is wrong with a function, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// `None` for problems of no function.
    pub func: Option<Func>,
    pub inst: Option<Inst>,
    pub message: String,
}

impl Problem {
    fn plain(message: impl Into<String>) -> Problem {
        Problem {
            func: None,
            inst: None,
            message: message.into(),
        }
    }
}

/// How a call ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Called {
    /// The result as it lies in memory.
    Returned(Vec<u8>),
    /// The text of an exception that nothing caught, as Julia shows it.
    Threw(String),
}

/// How much was compiled so far.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Functions that were asked for or called.
    pub optimized: usize,
    /// Functions with code: the others were inlined everywhere.
    pub compiled: usize,
    /// Bytes of code and constants.
    pub bytes: usize,
}

/// Compiled code that can be called, while the engine that made it exists.
pub struct Ready {
    entry: *const u8,
    /// Bytes of the result.
    size: usize,
    convention: Convention,
}

/// How a function without parameters is called.
#[derive(Copy, Clone)]
enum Convention {
    /// Takes the address of memory for the result, returns 1 for an exception.
    Entry,
    /// No result, no exception.
    Plain,
    /// Comes back only with an exception.
    Throws,
    /// No result, returns 1 for an exception.
    Status,
}

impl Ready {
    /// Calls it.
    pub fn run(&self) -> Called {
        match self.run_within() {
            Some(bytes) => Called::Returned(bytes),
            None => Called::Threw(crate::dynamic::uncaught()),
        }
    }

    /// Calls it from within other code of the program: if it throws, the exception stays on its way.
    pub fn run_within(&self) -> Option<Vec<u8>> {
        // 16-byte aligned memory for the result; a union has its tag behind the payload.
        let mut out = vec![0u128; self.size.div_ceil(16) + 1];
        let entry = self.entry;
        let failed = match self.convention {
            Convention::Entry => {
                // SAFETY: the entry takes the address of memory for a result of this type.
                let entry: extern "C" fn(*mut u128) -> i32 = unsafe { std::mem::transmute(entry) };
                entry(out.as_mut_ptr()) != 0
            }
            Convention::Plain => {
                // SAFETY: no parameters, no result, no status.
                let entry: extern "C" fn() = unsafe { std::mem::transmute(entry) };
                entry();
                false
            }
            Convention::Throws => {
                // SAFETY: no parameters; it comes back only if it throws.
                let entry: extern "C" fn() = unsafe { std::mem::transmute(entry) };
                entry();
                true
            }
            Convention::Status => {
                // SAFETY: no parameters, and a status.
                let entry: extern "C" fn() -> u8 = unsafe { std::mem::transmute(entry) };
                entry() != 0
            }
        };
        if failed {
            return None;
        }
        let mut bytes: Vec<u8> = out.iter().flat_map(|w| w.to_ne_bytes()).collect();
        bytes.truncate(self.size);
        Some(bytes)
    }
}

/// The compiler of one growing module. Always used with that module.
pub struct Engine {
    isa: OwnedTargetIsa,
    /// The same for code that runs once and has no loops: compiling it is all it costs.
    quick_isa: OwnedTargetIsa,
    threads: usize,
    shims: Library,
    capabilities: Capabilities,
    legalizer: Legalizer,
    optimizer: Optimizer,
    plan: Plan,
    program: Program,
    jit: Jit,
    scratch: Scratch,
    externals: Externals,
    /// Functions that have code.
    compiled: EntitySet<Func>,
    /// Functions of the plan besides bodies and entries that have no code yet.
    shared: Vec<u32>,
    /// Functions of the plan that were looked at.
    planned: usize,
    /// The entries of functions that were started.
    starts: HashMap<Func, u32>,
    cells: Cells,
    counts: Counts,
    /// The lowest address of the stack that recursive code uses.
    stack_limit: Option<u64>,
}

impl Engine {
    /// An engine for this process, of a module of which nothing was compiled.
    pub fn new(options: &Options) -> Result<Engine, Problem> {
        let isa_for = |level| {
            target_isa(&TargetSpec {
                triple: options.target.clone(),
                cpu: options.cpu.clone(),
                level,
                pic: false,
            })
            .map_err(|e| Problem::plain(e.0))
        };
        let isa = isa_for(match options.level {
            CodeLevel::O0 => CodegenLevel::None,
            CodeLevel::O1 | CodeLevel::O2 => CodegenLevel::Speed,
        })?;
        let level = match options.level {
            CodeLevel::O0 => Level::O0,
            CodeLevel::O1 => Level::O1,
            CodeLevel::O2 => Level::O2,
        };
        let policy = match level {
            Level::O2 => Some(Policy::GROWING),
            other => Policy::of(other),
        };
        Ok(Engine {
            capabilities: Capabilities {
                dynamic: true,
                ..Capabilities::cranelift(has_fma(&*isa))
            },
            isa,
            quick_isa: isa_for(CodegenLevel::None)?,
            threads: options.threads.max(1),
            shims: Library::new(
                std::iter::once(jlift_runtime_shims::HOST_TEXT)
                    .chain(jlift_runtime_shims::TEXTS.iter().copied()),
            ),
            legalizer: Legalizer::default(),
            optimizer: Optimizer::new(level, policy),
            plan: Plan::default(),
            program: Program::default(),
            jit: Jit::new().map_err(|e| Problem::plain(e.to_string()))?,
            scratch: Scratch::default(),
            externals: Externals::default(),
            compiled: EntitySet::new(),
            shared: Vec::new(),
            planned: 0,
            starts: HashMap::new(),
            cells: Cells::default(),
            counts: Counts::default(),
            stack_limit: crate::overflow::stack_limit(),
        })
    }

    /// Compiles functions and all that they call, as far as that is not done yet. Recursion among
    /// them needs no special care. The bodies of functions that cannot be inlined are dropped.
    pub fn compile(&mut self, module: &mut Module, functions: &[Func]) -> Result<(), Vec<Problem>> {
        self.compile_with(module, functions, None)
    }

    fn compile_with(
        &mut self,
        module: &mut Module,
        functions: &[Func],
        thunk: Option<Thunk>,
    ) -> Result<(), Vec<Problem>> {
        let mut roots = functions.to_vec();
        roots.retain(|&f| !self.compiled.contains(f));
        self.externals
            .resolve(module, &self.shims)
            .map_err(|(func, message)| {
                vec![Problem {
                    func: Some(func),
                    inst: None,
                    message,
                }]
            })?;
        let legal = self
            .legalizer
            .legalize(module, &roots, &self.shims, &self.capabilities)
            .map_err(|diagnostics| {
                let problem = |d: jlift_optimize::legalize::Diagnostic| Problem {
                    func: Some(d.func),
                    inst: d.inst,
                    message: d.message,
                };
                diagnostics.into_iter().map(problem).collect::<Vec<_>>()
            })?;
        verify(module, &legal, "legalization")?;
        self.counts.optimized += legal.len();
        let once: Vec<Func> = thunk
            .iter()
            .filter(|t| t.runs_once)
            .map(|t| t.func)
            .collect();
        self.optimizer.optimize(module, &roots, &once);
        let batch = self.without_code(module, &roots);
        let kept = self.optimizer.finish(module, &batch);
        verify(module, &batch, "optimization")?;
        let done = self.generate(module, &batch, thunk);
        if done.is_ok() {
            for &func in &batch {
                self.compiled.insert(func);
                drop_body(&mut module.functions[func]);
            }
            self.counts.compiled += batch.len();
            self.counts.bytes = self.jit.used();
        }
        for (func, body) in kept {
            module.functions[func] = body;
        }
        done.map_err(|problem| vec![problem])
    }

    /// The functions that are reachable from `roots` and have no code, callers first.
    fn without_code(&self, module: &Module, roots: &[Func]) -> Vec<Func> {
        let mut seen: HashSet<Func> = HashSet::new();
        let mut found: Vec<Func> = Vec::new();
        for &root in roots {
            if seen.insert(root) {
                found.push(root);
            }
        }
        let mut next = 0;
        while let Some(&func) = found.get(next) {
            next += 1;
            for callee in callees(&module.functions[func]) {
                if !self.compiled.contains(callee) && seen.insert(callee) {
                    found.push(callee);
                }
            }
        }
        found
    }

    /// Code for the functions of a batch, and for the entry of one.
    fn generate(
        &mut self,
        module: &Module,
        batch: &[Func],
        thunk: Option<Thunk>,
    ) -> Result<(), Problem> {
        let lower_problem = |e: LowerError| Problem {
            func: Some(e.func),
            inst: e.inst,
            message: e.message,
        };
        self.plan
            .grow(module, batch, Environment::Jit)
            .map_err(lower_problem)?;
        let plan = &self.plan;
        let is_quick =
            |f: Func| thunk.is_some_and(|t| t.runs_once && t.func == f) && !has_loop(module, f);
        let (mut wanted, mut quick) = (Vec::new(), Vec::new());
        for &func in batch {
            if let Some(Symbol::Function(index)) = plan.body(func) {
                let list = if is_quick(func) {
                    &mut quick
                } else {
                    &mut wanted
                };
                list.push(index);
            }
        }
        // What bodies share is compiled with the first of them.
        for (n, item) in plan.functions.iter().enumerate().skip(self.planned) {
            if !matches!(item.kind, SymbolKind::Body(_) | SymbolKind::Import) {
                self.shared.push(n as u32);
            }
        }
        wanted.extend_from_slice(&self.shared);
        let entry = match thunk {
            Some(thunk) if thunk.needs_entry => Some(self.plan.add_start(module, thunk.func)),
            _ => None,
        };
        quick.extend(entry);
        self.planned = self.plan.functions.len();
        extend_program(&mut self.program, &self.plan);
        let options = LowerOptions {
            environment: Environment::Jit,
            source_locations: false,
            stack_limit: self.stack_limit,
        };
        let (plan, isa, optimizer) = (&self.plan, &*self.isa, &self.optimizer);
        let may_throw: &(dyn Fn(Func) -> bool + Sync) = &|func| optimizer.may_throw(func);
        let producer = || -> Produce<'_, LowerError> {
            let mut lowerer = Lowerer::new(module, plan, isa, options, may_throw);
            Box::new(
                move |index, clif| match plan.functions.get(index as usize) {
                    Some(item) => lowerer.lower_item(item.kind, clif, None),
                    None => Ok(()),
                },
            )
        };
        let scratch = &mut self.scratch;
        let quick_isa = &*self.quick_isa;
        let code = compile_some(&wanted, isa, self.threads, false, scratch, &producer);
        let code = code.and_then(|mut code| {
            code.extend(compile_some(
                &quick, quick_isa, 1, false, scratch, &producer,
            )?);
            Ok(code)
        });
        let code = code.map_err(|e| match e {
            CompileError::Lower(e) => lower_problem(e),
            CompileError::Codegen { index, message } => {
                let item = plan.functions.get(index as usize);
                let name = item.map_or("?", |f| f.name.as_str());
                let func = item.and_then(|f| match f.kind {
                    SymbolKind::Body(func) => Some(func),
                    _ => None,
                });
                Problem {
                    func,
                    inst: None,
                    message: format!("internal error: no code for {name}: {message}"),
                }
            }
        })?;
        let cells = &self.cells;
        let host = |name: &str| {
            let cell = cells.find(name).and_then(|c| cells.address(c));
            cell.map(|a| a.cast_const())
                .or_else(|| jlift_runtime_shims::host_symbol(name))
                .or_else(|| crate::dynamic::symbol(name))
        };
        self.jit
            .add(&self.program, &code, &host)
            .map_err(|e| Problem::plain(e.to_string()))?;
        for item in &self.shared {
            if let Some(function) = self.plan.functions.get(*item as usize)
                && let SymbolKind::Drop(ty) = function.kind
                && let Some(code) = self.jit.address(*item)
            {
                let number = jlift_lower::dynamic::type_number(module, ty);
                crate::dynamic::set_drop(number, code);
            }
        }
        self.shared.clear();
        if let (Some(thunk), Some(index)) = (thunk, entry) {
            self.starts.insert(thunk.func, index);
        }
        Ok(())
    }

    /// Calls a function without parameters, compiling it first if that was not done.
    pub fn call_thunk(&mut self, module: &mut Module, func: Func) -> Result<Called, Vec<Problem>> {
        Ok(self.ready_thunk(module, func)?.run())
    }

    /// A function without parameters, compiled to be called. The engine is not in use while it runs.
    pub fn ready_thunk(&mut self, module: &mut Module, func: Func) -> Result<Ready, Vec<Problem>> {
        let f = &module.functions[func];
        let (ret, self_type) = (f.ret, f.self_type);
        if !f.params.is_empty() {
            return Err(vec![Problem::plain("a function with parameters is called")]);
        }
        let stateless = module.tables.class(self_type) == TypeClass::Singleton;
        // The internal convention of such a function is C's, with a status if it may throw.
        let direct = stateless && matches!(ret, Type::NOTHING | Type::BOTTOM);
        let thunk = Thunk {
            func,
            needs_entry: !direct,
            runs_once: true,
        };
        let is_ready = match direct {
            true => self.compiled.contains(func),
            false => self.starts.contains_key(&func),
        };
        if !is_ready {
            self.compile_with(module, &[func], Some(thunk))?;
        }
        let index = match self.plan.body(func) {
            Some(Symbol::Function(index)) if direct => Some(index),
            _ => self.starts.get(&func).copied(),
        };
        let Some(entry) = index.and_then(|i| self.jit.address(i)) else {
            return Err(vec![Problem::plain(
                "internal error: a function without entry",
            )]);
        };
        let size = layout(&module.tables, ret).map_or(0, |l| l.size as usize);
        Ok(Ready {
            entry,
            size,
            convention: if !direct {
                Convention::Entry
            } else if !self.optimizer.may_throw(func) {
                Convention::Plain
            } else if ret == Type::BOTTOM {
                Convention::Throws
            } else {
                Convention::Status
            },
        })
    }

    /// The address of code in C's convention that calls a function without parameters, compiled if
    /// it was not: it takes the address of memory for the result, and returns 1 for an exception.
    pub fn start_address(
        &mut self,
        module: &mut Module,
        func: Func,
    ) -> Result<*const u8, Vec<Problem>> {
        if !self.starts.contains_key(&func) {
            let thunk = Thunk {
                func,
                needs_entry: true,
                runs_once: false,
            };
            self.compile_with(module, &[func], Some(thunk))?;
        }
        let index = self.starts.get(&func).copied();
        let address = index.and_then(|i| self.jit.address(i));
        address.ok_or_else(|| vec![Problem::plain("internal error: a function without entry")])
    }

    /// The address of a function's code in the internal convention, if it was compiled.
    pub fn address(&self, func: Func) -> Option<*const u8> {
        match self.plan.body(func)? {
            Symbol::Function(index) => self.jit.address(index),
            Symbol::Data(_) => None,
        }
    }

    /// A new cell for values of a type, all zeros.
    pub fn add_cell(&mut self, module: &Module, symbol: &str, ty: Type) -> Result<Cell, Problem> {
        let layout = layout(&module.tables, ty).map_err(|e| Problem::plain(e.to_string()))?;
        Ok(self.cells.add(symbol, layout.size, layout.align))
    }

    /// The cells of global variables, to add some.
    pub fn cells_mut(&mut self) -> &mut Cells {
        &mut self.cells
    }

    /// The cells of global variables.
    pub fn cells(&self) -> &Cells {
        &self.cells
    }

    /// How much was compiled.
    pub fn counts(&self) -> Counts {
        self.counts
    }
}

/// A function that is called once from here.
#[derive(Copy, Clone)]
struct Thunk {
    func: Func,
    /// The internal convention is not C's.
    needs_entry: bool,
    /// It will not be called again, so that compiling it is most of what it costs.
    runs_once: bool,
}

/// Whether control may come back to a block: blocks are listed in reverse postorder.
fn has_loop(module: &Module, func: Func) -> bool {
    let f = &module.functions[func];
    let mut seen = EntitySet::new();
    f.layout.iter().any(|&block| {
        seen.insert(block);
        f.blocks[block].term.successors().any(|s| seen.contains(s))
    })
}

/// Makes a function that nobody wants the result of return `nothing`; to be called before it is
/// compiled.
pub fn discard_result(f: &mut Function) {
    if f.ret == Type::BOTTOM {
        return;
    }
    f.ret = Type::NOTHING;
    for n in 0..f.layout.len() {
        let block = f.layout[n];
        if let Terminator::Return(value) = &mut f.blocks[block].term {
            *value = Value::NOTHING;
        }
    }
}

/// Frees the memory of a body that is not needed any more; the signature stays.
fn drop_body(f: &mut Function) {
    let mut signature = Function::new(f.name, std::mem::take(&mut f.params), f.ret, f.self_type);
    signature.export = f.export;
    signature.inline = f.inline;
    *f = signature;
}

/// In debug builds, every pass output verifies.
fn verify(module: &Module, functions: &[Func], after: &str) -> Result<(), Vec<Problem>> {
    if !cfg!(debug_assertions) {
        return Ok(());
    }
    for &func in functions {
        if let Err(errors) = jlift_ir::verify::verify_function(module, func) {
            let errors: Vec<String> = errors.iter().map(|e| e.to_string()).collect();
            return Err(vec![Problem {
                func: Some(func),
                inst: None,
                message: format!(
                    "internal error: {} is not valid after {after}: {}",
                    module.describe(func),
                    errors.join("; ")
                ),
            }]);
        }
    }
    Ok(())
}
