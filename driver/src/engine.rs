//! Compiling a growing module into this process, and running it. A producer of typed IR appends
//! functions; what is asked for is made legal, optimized and compiled together with what it calls,
//! every function once, and finds the code of earlier functions by address. Knows nothing of where
//! the functions come from, nor of how code is made.

mod cranelift;
mod interpreted;
mod llvm;
mod ready;

pub use ready::Ready;

use crate::cells::{Cell, Cells};
use crate::dynamic::{Adapter, Object};
use crate::externals::Externals;
use crate::options::{BackendKind, CodeLevel, Options};
use cranelift_entity::EntitySet;
use hashbrown::HashSet;
use jlift_abi::layout::layout;
use jlift_backend_cranelift::isa::{CodegenLevel, TargetSpec, has_fma, target_isa};
use jlift_ir::import::Library;
use jlift_ir::{Func, Function, Inst, Module, Terminator, Type, TypeClass, Value};
use jlift_optimize::effects::callees;
use jlift_optimize::inliner::Policy;
use jlift_optimize::legalize::{Capabilities, Legalizer};
use jlift_optimize::pipeline::Level;
use jlift_optimize::program::Optimizer;
use ready::{Convention, Way};

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

/// Functions to be given code, which then finds that of earlier ones.
struct Batch<'a> {
    module: &'a Module,
    functions: &'a [Func],
    /// Functions that they call and that get code later.
    deferred: &'a [Func],
    /// The one that is called from here.
    thunk: Option<Thunk>,
    may_throw: &'a (dyn Fn(Func) -> bool + Sync),
    cells: &'a Cells,
}

/// Who makes code, and has it.
enum Code {
    Cranelift(Box<cranelift::Code>),
    Llvm(Box<llvm::Code>),
    Interpreted(interpreted::Code),
}

impl Code {
    fn generate(&mut self, batch: &Batch) -> Result<(), Problem> {
        match self {
            Code::Cranelift(code) => code.generate(batch),
            Code::Llvm(code) => code.generate(batch),
            Code::Interpreted(code) => code.generate(batch),
        }
    }

    /// The entry of a function that was a batch's thunk.
    fn start(&self, func: Func) -> Option<*const u8> {
        match self {
            Code::Cranelift(code) => code.start(func),
            Code::Llvm(code) => code.start(func),
            Code::Interpreted(_) => None,
        }
    }

    /// The code of a function in the internal convention.
    fn body(&self, func: Func) -> Option<*const u8> {
        match self {
            Code::Cranelift(code) => code.body(func),
            Code::Llvm(code) => code.body(func),
            Code::Interpreted(_) => None,
        }
    }

    /// Bytes of code and constants.
    fn bytes(&self) -> usize {
        match self {
            Code::Cranelift(code) => code.bytes(),
            Code::Llvm(code) => code.bytes(),
            Code::Interpreted(_) => 0,
        }
    }

    /// Whether a function without parameters and result can be called as it is.
    fn bodies_are_c(&self) -> bool {
        matches!(self, Code::Cranelift(_))
    }
}

/// The compiler of one growing module. Always used with that module.
pub struct Engine {
    code: Code,
    shims: Library,
    capabilities: Capabilities,
    legalizer: Legalizer,
    optimizer: Optimizer,
    externals: Externals,
    /// Functions that have code.
    compiled: EntitySet<Func>,
    cells: Cells,
    counts: Counts,
    /// Functions as they were compiled, if they are to be kept.
    finished: Option<Vec<(Func, Function)>>,
    /// Functions that are called on the way to an exception are compiled when they are called.
    defers: bool,
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
        let (straight, full) = match options.level {
            CodeLevel::O0 => (CodegenLevel::None, CodegenLevel::None),
            CodeLevel::O1 | CodeLevel::O2 => (CodegenLevel::Straight, CodegenLevel::Speed),
        };
        let isa = isa_for(full)?;
        let level = match options.level {
            CodeLevel::O0 => Level::O0,
            CodeLevel::O1 => Level::O1,
            CodeLevel::O2 => Level::O2,
        };
        let policy = match level {
            Level::O2 => Some(Policy::GROWING),
            other => Policy::of(other),
        };
        let capabilities = Capabilities {
            dynamic: true,
            exception_objects: true,
            ..Capabilities::cranelift(has_fma(&*isa))
        };
        let code = match options.backend {
            BackendKind::Cranelift => {
                let isas = cranelift::Isas {
                    full: isa,
                    straight: isa_for(straight)?,
                    quick: isa_for(CodegenLevel::None)?,
                };
                let code = cranelift::Code::new(isas, options.threads);
                Code::Cranelift(Box::new(code?))
            }
            BackendKind::Llvm => Code::Llvm(Box::new(llvm::Code::new(options)?)),
            BackendKind::Interpreter => {
                Code::Interpreted(interpreted::Code::new(capabilities.fma)?)
            }
        };
        Ok(Engine {
            code,
            capabilities,
            shims: Library::new(
                std::iter::once(jlift_runtime_shims::HOST_TEXT)
                    .chain(jlift_runtime_shims::TEXTS.iter().copied()),
            ),
            legalizer: Legalizer::default(),
            optimizer: Optimizer::new(level, policy),
            externals: Externals::default(),
            compiled: EntitySet::new(),
            cells: Cells::default(),
            counts: Counts::default(),
            finished: options.keep_code.then(Vec::new),
            defers: false,
        })
    }

    /// From now on functions that are only called on the way to an exception are compiled when the
    /// first call is made. Code then runs where the runtime can ask for them
    /// ([`crate::dynamic::with_resolver`]) only.
    pub(crate) fn defer(&mut self) {
        if let Code::Cranelift(code) = &mut self.code
            && self.finished.is_none()
            && let Some(arrival) = crate::dynamic::deferred_arrival()
        {
            code.defer(arrival);
            self.legalizer.defer();
            self.defers = true;
        }
    }

    /// The code of a function that was deferred, by the number that its calls know it by.
    pub(crate) fn deferred(
        &mut self,
        module: &mut Module,
        number: u32,
    ) -> Result<*const u8, Vec<Problem>> {
        let func = match &self.code {
            Code::Cranelift(code) => code.planned(number),
            _ => None,
        };
        let missing = || vec![Problem::plain("internal error: a call of no function")];
        let func = func.ok_or_else(missing)?;
        self.compile(module, &[func])?;
        self.code.body(func).ok_or_else(missing)
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
        let legalizer = &self.legalizer;
        let is_legal = |func| legalizer.is_legal(func);
        self.optimizer
            .optimize_legal(module, &roots, &once, &is_legal);
        let (batch, deferred) = self.without_code(module, &roots);
        let kept = self.optimizer.finish(module, &batch);
        verify(module, &batch, "optimization")?;
        let optimizer = &self.optimizer;
        let done = self.code.generate(&Batch {
            module,
            functions: &batch,
            deferred: &deferred,
            thunk,
            may_throw: &|func| optimizer.may_throw(func),
            cells: &self.cells,
        });
        if done.is_ok() {
            for &func in &batch {
                self.compiled.insert(func);
                if let Some(finished) = &mut self.finished {
                    finished.push((func, module.functions[func].clone()));
                }
                drop_body(&mut module.functions[func]);
            }
            self.counts.compiled += batch.len();
            self.counts.bytes = self.code.bytes();
        }
        for (func, body) in kept {
            module.functions[func] = body;
        }
        done.map_err(|problem| vec![problem])
    }

    /// The functions that are reachable from `roots` and have no code, callers first; and those that
    /// they call but that get none now.
    fn without_code(&self, module: &Module, roots: &[Func]) -> (Vec<Func>, Vec<Func>) {
        let mut seen: HashSet<Func> = HashSet::new();
        let mut found: Vec<Func> = Vec::new();
        let mut deferred: Vec<Func> = Vec::new();
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
                    match self.legalizer.is_legal(callee) {
                        true => found.push(callee),
                        false => deferred.push(callee),
                    }
                }
            }
        }
        (found, deferred)
    }

    /// Calls a function without parameters, compiling it first if that was not done.
    pub fn call_thunk(&mut self, module: &mut Module, func: Func) -> Result<Called, Vec<Problem>> {
        let ready = self.ready_thunk(module, func)?;
        let module: *const Module = module;
        Ok(match ready.call(&|| Some(module)) {
            Some(bytes) => Called::Returned(bytes),
            None => Called::Threw(crate::dynamic::uncaught()),
        })
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
        let direct =
            self.code.bodies_are_c() && stateless && matches!(ret, Type::NOTHING | Type::BOTTOM);
        let thunk = Thunk {
            func,
            needs_entry: !direct,
            runs_once: true,
        };
        let is_ready = match direct || matches!(self.code, Code::Interpreted(_)) {
            true => self.compiled.contains(func),
            false => self.code.start(func).is_some(),
        };
        if !is_ready {
            self.compile_with(module, &[func], Some(thunk))?;
        }
        let size = layout(&module.tables, ret).map_or(0, |l| l.size as usize);
        if let Code::Interpreted(code) = &self.code {
            let code = code.clone();
            let way = Way::Interpreted { code, func, ret };
            return Ok(Ready { way, size });
        }
        let entry = match direct {
            true => self.code.body(func),
            false => self.code.start(func),
        };
        let Some(entry) = entry else {
            return Err(vec![Problem::plain(
                "internal error: a function without entry",
            )]);
        };
        let convention = if !direct {
            Convention::Entry
        } else if !self.optimizer.may_throw(func) {
            Convention::Plain
        } else if ret == Type::BOTTOM {
            Convention::Throws
        } else {
            Convention::Status
        };
        let way = Way::Code { entry, convention };
        Ok(Ready { way, size })
    }

    /// What calls a function without parameters that returns an object, compiled if it was not.
    pub(crate) fn adapter(
        &mut self,
        module: &mut Module,
        func: Func,
    ) -> Result<Adapter, Vec<Problem>> {
        if matches!(self.code, Code::Interpreted(_)) {
            self.compile(module, &[func])?;
            return Ok(Adapter::Interpreted(func));
        }
        if self.code.start(func).is_none() {
            let thunk = Thunk {
                func,
                needs_entry: true,
                runs_once: false,
            };
            self.compile_with(module, &[func], Some(thunk))?;
        }
        let Some(code) = self.code.start(func) else {
            let message = "internal error: a function without entry";
            return Err(vec![Problem::plain(message)]);
        };
        // SAFETY: an entry takes the address of memory for the result, and returns 1 for an
        // exception.
        Ok(Adapter::Code(unsafe {
            std::mem::transmute::<*const u8, extern "C" fn(*mut Object) -> i32>(code)
        }))
    }

    /// The address of a function's code in the internal convention, if it was compiled.
    pub fn address(&self, func: Func) -> Option<*const u8> {
        self.code.body(func)
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

    /// The functions that were compiled, as they were then; none unless they were to be kept.
    pub(crate) fn take_finished(&mut self) -> Vec<(Func, Function)> {
        self.finished.take().unwrap_or_default()
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

/// Where code of this process finds what it names: the cell of a variable, or a function of the host.
fn host_address(cells: &Cells, name: &str) -> Option<*const u8> {
    let cell = cells.find(name).and_then(|c| cells.address(c));
    cell.map(|a| a.cast_const())
        .or_else(|| jlift_runtime_shims::host_symbol(name))
        .or_else(|| crate::dynamic::symbol(name))
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
