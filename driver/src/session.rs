//! The path of one input through the stages: text, verified module, legal module, optimized
//! module, program. Every step leaves the session in a state that the next command can print.

use crate::diagnostic::{Diagnostic, Failure};
use crate::export::{plain_name, select_exports};
use crate::options::{CodeLevel, Options};
use cranelift_entity::{EntityRef, EntitySet, SecondaryMap};
use jlift_abi::symbols::{ExportName, export_symbols};
use jlift_backend_cranelift::compile::{CompileError, CompiledFunction, Produce, compile};
use jlift_backend_cranelift::isa::{CodegenLevel, TargetSpec, has_fma, target_isa};
use jlift_backend_cranelift::program::{DataContent, DataDecl, FunctionDecl, Program, Visibility};
use jlift_ir::import::Library;
use jlift_ir::{Func, Inst, Module, Type};
use jlift_lower::plan::{DataKind, PlannedExport};
use jlift_lower::{Environment, LowerError, Lowerer, Options as LowerOptions, Plan, SymbolKind};
use jlift_optimize::effects::{Effects, analyze};
use jlift_optimize::passes::Ctx;
use jlift_optimize::pipeline::{Level, optimize_function};
use std::path::Path;
use std::sync::Arc;

/// An input and how far it has come.
pub struct Session {
    pub options: Options,
    pub module: Module,
    /// The functions to be exported.
    pub exports: Vec<Func>,
    source_name: String,
    source_text: Arc<str>,
    /// Text positions of functions and statements of the input, for messages; made on demand.
    effects: SecondaryMap<Func, Effects>,
    /// The shim that ends the program for an uncaught exception.
    uncaught: Option<Func>,
    /// Functions of the program, callers before callees, in a fixed order.
    live: Vec<Func>,
    stage: Stage,
}

#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Stage {
    Parsed,
    Legal,
    Optimized,
}

/// Machine code with the program that it belongs to.
pub struct Compiled {
    pub plan: Plan,
    pub program: Program,
    pub functions: Vec<CompiledFunction>,
    pub isa: cranelift_codegen::isa::OwnedTargetIsa,
}

impl Session {
    /// Reads a file. `.jir` is typed IR as text.
    pub fn open(path: &Path, options: Options) -> Result<Session, Failure> {
        let name = path.display().to_string();
        if path.extension().is_some_and(|e| e == "jl") {
            return Err(Failure::plain(format!(
                "{name}: Julia source is not supported yet; jlift compiles typed IR (.jir) that tools/julia writes from a Julia session"
            )));
        }
        let bytes = std::fs::read(path)
            .map_err(|e| Failure::plain(format!("{name} cannot be read: {e}")))?;
        match String::from_utf8(bytes) {
            Ok(text) => Session::from_text(&name, &text, options),
            Err(e) => Err(Failure::plain(format!(
                "{name} is not UTF-8 text: byte {} is invalid",
                e.utf8_error().valid_up_to()
            ))),
        }
    }

    /// Takes typed IR as text.
    pub fn from_text(name: &str, text: &str, options: Options) -> Result<Session, Failure> {
        let source_text: Arc<str> = text.into();
        let fail = |diagnostics| Failure {
            source_name: name.to_string(),
            source_text: source_text.to_string(),
            diagnostics,
        };
        let mut module = jlift_ir::text::parse(text).map_err(|errors| {
            fail(
                errors
                    .into_iter()
                    .map(|e| Diagnostic {
                        message: e.message,
                        span: Some((e.start, e.end)),
                        label: String::new(),
                        notes: Vec::new(),
                    })
                    .collect(),
            )
        })?;
        module.source_name = name.into();
        if let Err(errors) = jlift_ir::verify::verify_module(&module) {
            let locator = Locator::new(&source_text, &module);
            let diagnostics = errors
                .iter()
                .map(|e| match e.func {
                    Some(func) => locator.diagnostic(&module, func, e.inst, &e.message),
                    None => Diagnostic::plain(e.message.clone()),
                })
                .collect();
            return Err(fail(diagnostics));
        }
        let exports = select_exports(&module, &options.exports)
            .map_err(|errors| fail(errors.into_iter().map(Diagnostic::plain).collect()))?;
        Ok(Session {
            options,
            module,
            exports,
            source_name: name.to_string(),
            source_text,
            effects: SecondaryMap::new(),
            uncaught: None,
            live: Vec::new(),
            stage: Stage::Parsed,
        })
    }

    pub(crate) fn failure(&self, diagnostics: Vec<Diagnostic>) -> Failure {
        Failure {
            source_name: self.source_name.clone(),
            source_text: self.source_text.to_string(),
            diagnostics,
        }
    }

    fn target_spec(&self, pic: bool) -> TargetSpec {
        TargetSpec {
            triple: self.options.target.clone(),
            cpu: self.options.cpu.clone(),
            level: match self.options.level {
                CodeLevel::O0 => CodegenLevel::None,
                CodeLevel::O1 | CodeLevel::O2 => CodegenLevel::Speed,
            },
            pic,
        }
    }

    /// Makes what can fail explicit, and removes what the target lacks.
    pub fn legalize(&mut self) -> Result<(), Failure> {
        if self.stage >= Stage::Legal {
            return Ok(());
        }
        let isa = target_isa(&self.target_spec(true)).map_err(|e| Failure::plain(e.0))?;
        let library = Library::new(jlift_runtime_shims::TEXTS.iter().copied());
        let missing = self.module.resolve_externals(&library);
        if !missing.is_empty() {
            let locator = Locator::new(&self.source_text, &self.module);
            let diagnostics = missing
                .iter()
                .map(|(func, e)| locator.diagnostic(&self.module, *func, None, &e.to_string()))
                .collect();
            return Err(self.failure(diagnostics));
        }
        let capabilities = jlift_optimize::legalize::Capabilities::cranelift(has_fma(&*isa));
        let legalized = jlift_optimize::legalize::legalize(
            &mut self.module,
            &self.exports,
            &library,
            &capabilities,
        );
        if let Err(errors) = legalized {
            let locator = Locator::new(&self.source_text, &self.module);
            let diagnostics = errors
                .iter()
                .map(|e| locator.diagnostic(&self.module, e.func, e.inst, &e.message))
                .collect();
            return Err(self.failure(diagnostics));
        }
        self.stage = Stage::Legal;
        self.refresh()?;
        if self.exports.iter().any(|&f| !self.effects[f].nothrow) {
            let ptr = self.module.tables.ptr(jlift_ir::Type::UINT8);
            let shim = self
                .module
                .import_function(&library, "Shims.uncaught", &[ptr, jlift_ir::Type::INT64])
                .map_err(|e| Failure::plain(e.to_string()))?;
            self.uncaught = Some(shim);
            self.refresh()?;
        }
        self.verify("legalization")
    }

    /// Optimizes as far as the options say.
    pub fn optimize(&mut self) -> Result<(), Failure> {
        self.legalize()?;
        if self.stage >= Stage::Optimized {
            return Ok(());
        }
        let level = match self.options.level {
            CodeLevel::O0 => Level::O0,
            CodeLevel::O1 => Level::O1,
            CodeLevel::O2 => Level::O2,
        };
        if level == Level::O2
            && self.options.outline
            && jlift_optimize::outline::outline(&mut self.module, &self.live)
        {
            self.refresh()?;
            self.verify("outlining")?;
        }
        let mut removable = EntitySet::new();
        for &func in &self.live {
            if self.effects[func].is_removable() {
                removable.insert(func);
            }
        }
        let module = &mut self.module;
        let mut ctx = Ctx::new(&mut module.tables, &module.globals, &removable);
        for &func in &self.live {
            optimize_function(&mut module.functions[func], &mut ctx, level);
        }
        self.stage = Stage::Optimized;
        self.refresh()?;
        self.verify("optimization")
    }

    /// Recomputes what follows from the functions: which are needed, which may throw.
    fn refresh(&mut self) -> Result<(), Failure> {
        let mut roots = self.exports.clone();
        roots.extend(self.uncaught);
        self.live = jlift_optimize::legalize::reachable(&self.module, &roots);
        self.effects = analyze(&self.module, &self.live);
        Ok(())
    }

    /// In debug builds, every pass output verifies.
    fn verify(&self, after: &str) -> Result<(), Failure> {
        if !cfg!(debug_assertions) {
            return Ok(());
        }
        for &func in &self.live {
            if let Err(errors) = jlift_ir::verify::verify_function(&self.module, func) {
                return Err(Failure::plain(format!(
                    "internal error: {} is not valid after {after}: {}",
                    self.module.describe(func),
                    errors
                        .iter()
                        .map(|e| e.to_string())
                        .collect::<Vec<_>>()
                        .join("; ")
                )));
            }
        }
        Ok(())
    }

    /// The functions of the program.
    pub fn live(&self) -> &[Func] {
        &self.live
    }

    /// Whether a function may throw; meaningful from legalization on.
    pub fn may_throw(&self, func: Func) -> bool {
        !self.effects[func].nothrow
    }

    /// The name of a function in Julia, without its module.
    pub fn julia_name(&self, func: Func) -> String {
        plain_name(
            self.module
                .tables
                .names
                .str(self.module.functions[func].name),
        )
        .to_string()
    }

    /// The C symbols of the exports.
    pub fn export_symbols(&self) -> Result<Vec<String>, Failure> {
        let params: Vec<Vec<Type>> = self
            .exports
            .iter()
            .map(|&f| {
                self.module.functions[f]
                    .params
                    .iter()
                    .map(|p| p.ty)
                    .collect()
            })
            .collect();
        let names: Vec<ExportName> = self
            .exports
            .iter()
            .zip(&params)
            .map(|(&f, params)| ExportName {
                name: self.module.tables.names.str(self.module.functions[f].name),
                params,
                may_throw: self.may_throw(f),
            })
            .collect();
        export_symbols(&self.module.tables, &names).map_err(|e| Failure::plain(e.to_string()))
    }

    /// Machine code for an environment.
    pub fn compile(
        &mut self,
        environment: Environment,
        disassemble: bool,
    ) -> Result<Compiled, Failure> {
        self.optimize()?;
        let pic = environment != Environment::Jit;
        let isa = target_isa(&self.target_spec(pic)).map_err(|e| Failure::plain(e.0))?;
        let effects = &self.effects;
        let may_throw = move |f: Func| !effects[f].nothrow;
        let lower_options = LowerOptions {
            environment,
            source_locations: disassemble,
        };
        let empty = Plan::default();
        let mut probe = Lowerer::new(&self.module, &empty, &*isa, lower_options, &may_throw);
        let exports: Vec<PlannedExport> = self
            .exports
            .iter()
            .zip(self.export_symbols()?)
            .map(|(&func, symbol)| PlannedExport {
                func,
                symbol,
                may_throw: may_throw(func),
                direct: jlift_lower::direct_entry(&mut probe, func),
                with_try: !self.options.plain_entries_only,
            })
            .collect();
        let plan = Plan::new(&self.module, &self.live, &exports, environment)
            .map_err(|e| self.lower_failure(&e))?;
        let program = program_of(&plan);
        let (module, plan_ref, isa_ref) = (&self.module, &plan, &*isa);
        let may_throw_ref: &(dyn Fn(Func) -> bool + Sync) = &may_throw;
        let uncaught = self.uncaught;
        let producer = || -> Produce<'_, LowerError> {
            let mut lowerer = Lowerer::new(module, plan_ref, isa_ref, lower_options, may_throw_ref);
            Box::new(
                move |index, clif| match plan_ref.functions.get(index as usize) {
                    Some(item) => lowerer.lower_item(item.kind, clif, uncaught),
                    None => Ok(()),
                },
            )
        };
        let functions = compile(
            &program,
            isa_ref,
            self.options.threads.max(1),
            disassemble,
            &producer,
        )
        .map_err(|e| match e {
            CompileError::Lower(e) => self.lower_failure(&e),
            CompileError::Codegen { index, message } => {
                let name = program
                    .functions
                    .get(index as usize)
                    .map_or("?", |f| f.name.as_str());
                Failure::plain(format!("internal error: no code for {name}: {message}"))
            }
        })?;
        Ok(Compiled {
            plan,
            program,
            functions,
            isa,
        })
    }

    /// Lowers every function without compiling it: name, CLIF text.
    pub fn clif(&mut self) -> Result<Vec<(String, String)>, Failure> {
        self.optimize()?;
        let isa = target_isa(&self.target_spec(true)).map_err(|e| Failure::plain(e.0))?;
        let effects = &self.effects;
        let may_throw = |f: Func| !effects[f].nothrow;
        let options = LowerOptions {
            environment: Environment::Library,
            source_locations: true,
        };
        let empty = Plan::default();
        let mut probe = Lowerer::new(&self.module, &empty, &*isa, options, &may_throw);
        let exports: Vec<PlannedExport> = self
            .exports
            .iter()
            .zip(self.export_symbols()?)
            .map(|(&func, symbol)| PlannedExport {
                func,
                symbol,
                may_throw: may_throw(func),
                direct: jlift_lower::direct_entry(&mut probe, func),
                with_try: true,
            })
            .collect();
        let plan = Plan::new(&self.module, &self.live, &exports, Environment::Library)
            .map_err(|e| self.lower_failure(&e))?;
        let mut lowerer = Lowerer::new(&self.module, &plan, &*isa, options, &may_throw);
        let mut out = Vec::new();
        let mut clif = cranelift_codegen::ir::Function::new();
        for item in &plan.functions {
            if item.kind == SymbolKind::Import {
                continue;
            }
            lowerer
                .lower_item(item.kind, &mut clif, self.uncaught)
                .map_err(|e| self.lower_failure(&e))?;
            let func = match item.kind {
                SymbolKind::Body(func) => Some(func),
                _ => None,
            };
            out.push((
                item.name.clone(),
                jlift_lower::clif_text(&self.module, func, &clif),
            ));
        }
        Ok(out)
    }

    fn lower_failure(&self, error: &LowerError) -> Failure {
        self.failure_at(error.func, error.inst, &error.message)
    }

    /// A failure at a statement.
    pub(crate) fn failure_at(&self, func: Func, inst: Option<Inst>, message: &str) -> Failure {
        let locator = Locator::new(&self.source_text, &self.module);
        let diagnostic = locator.diagnostic(&self.module, func, inst, message);
        self.failure(vec![diagnostic])
    }
}

/// The backend's view of a plan.
fn program_of(plan: &Plan) -> Program {
    Program {
        functions: plan
            .functions
            .iter()
            .map(|f| FunctionDecl {
                name: f.name.clone(),
                visibility: match f.kind {
                    SymbolKind::Import => Visibility::Import,
                    _ if f.exported => Visibility::Export,
                    _ => Visibility::Local,
                },
            })
            .collect(),
        data: plan
            .data
            .iter()
            .map(|d| DataDecl {
                name: d.name.clone(),
                content: match &d.kind {
                    DataKind::ReadOnly(bytes) => DataContent::ReadOnly(bytes.clone()),
                    DataKind::Zeroed { size, thread_local } => DataContent::Zeroed {
                        size: *size,
                        thread_local: *thread_local,
                    },
                    DataKind::Import => DataContent::Import,
                },
                align: d.align,
            })
            .collect(),
    }
}

/// Finds functions in the input's text. Statements change under optimization; their place in the
/// Julia source, which they carry along, is what a message shows.
struct Locator {
    headers: SecondaryMap<Func, Option<(usize, usize)>>,
}

impl Locator {
    fn new(text: &str, module: &Module) -> Locator {
        let mut headers = SecondaryMap::new();
        let mut at = 0;
        let mut next = 0;
        for line in text.split_inclusive('\n') {
            if line.starts_with("function @") || line.starts_with("extern function @") {
                if next < module.functions.len() {
                    headers[Func::new(next)] = Some((at, at + line.trim_end().len()));
                }
                next += 1;
            }
            at += line.len();
        }
        Locator { headers }
    }

    fn diagnostic(
        &self,
        module: &Module,
        func: Func,
        inst: Option<Inst>,
        message: &str,
    ) -> Diagnostic {
        let mut notes = Vec::new();
        if let Some(inst) = inst {
            notes.push(format!(
                "in the statement `{}`",
                jlift_ir::text::statement_text(module, func, inst)
            ));
            let data = &module.functions[func].insts[inst];
            if let Some(loc) = data.loc.expand() {
                let names = &module.tables.names;
                for (i, link) in module.locs.chain(loc).enumerate() {
                    notes.push(format!(
                        "{} {}:{}, in {}",
                        if i == 0 { "at" } else { "inlined at" },
                        names.str(link.file),
                        link.line,
                        names.str(link.function)
                    ));
                }
            }
        }
        Diagnostic {
            message: message.to_string(),
            span: self.headers[func],
            label: "in this function".into(),
            notes,
        }
    }
}
