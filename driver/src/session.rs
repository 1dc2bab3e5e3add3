//! The path of one input through the stages: text, verified module, legal module, optimized
//! module, program. Every step leaves the session in a state that the next command can print.

use crate::cells::Cells;
use crate::diagnostic::{Diagnostic, Failure, SourceText};
use crate::engine::Engine;
use crate::export::{plain_name, select_exports};
use crate::objects::{Image, Objects};
use crate::options::{CodeLevel, Options};
use crate::origin::Origin;
use crate::program::extend_program;
use cranelift_entity::SecondaryMap;
use jlift_abi::symbols::{ExportName, export_symbols};
use jlift_backend_cranelift::compile::{CompileError, CompiledFunction, Produce, compile};
use jlift_backend_cranelift::isa::{CodegenLevel, TargetSpec, has_fma, target_isa};
use jlift_backend_cranelift::program::Program;
use jlift_infer::world::modules::STORAGE_PREFIX;
use jlift_ir::import::Library;
use jlift_ir::{Func, Function, Inst, Module, Type};
use jlift_lower::plan::{DataAddress, DataItem, DataKind, PlannedExport};
use jlift_lower::{Environment, LowerError, Lowerer, Options as LowerOptions, Plan, SymbolKind};
use jlift_optimize::cold::only_for_errors;
use jlift_optimize::effects::{Effects, analyze};
use jlift_optimize::inliner::Policy;
use jlift_optimize::pipeline::Level;
use jlift_optimize::program::Optimizer;
use std::path::Path;

/// An input and how far it has come.
pub struct Session {
    pub options: Options,
    pub module: Module,
    /// The functions to be exported.
    pub exports: Vec<Func>,
    origin: Origin,
    /// What is known of functions, from legalization on.
    effects: SecondaryMap<Func, Effects>,
    /// The shim that ends the program for an uncaught exception.
    uncaught: Option<Func>,
    /// Functions of the program, callers before callees, in a fixed order.
    live: Vec<Func>,
    stage: Stage,
    /// What global variables hold when the output is loaded.
    cells: Cells,
    cell_types: Vec<Type>,
    /// Keeps alive what the cells refer to.
    _engine: Option<Engine>,
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
        let origin = Origin::TypedIr(SourceText::new(name, text));
        let mut module = jlift_ir::text::parse(text).map_err(|errors| {
            let errors = errors.into_iter();
            let problems = errors.map(|e| Diagnostic::at(e.message, Some((e.start, e.end)), ""));
            origin.failure(problems.collect())
        })?;
        module.source_name = name.into();
        if let Err(errors) = jlift_ir::verify::verify_module(&module) {
            let problems = errors.iter().map(|e| match e.func {
                Some(func) => origin.diagnostic(&module, func, e.inst, &e.message),
                None => Diagnostic::plain(e.message.clone()),
            });
            return Err(origin.failure(problems.collect()));
        }
        let exports = select_exports(&module, &options.exports).map_err(|errors| {
            origin.failure(errors.into_iter().map(Diagnostic::plain).collect())
        })?;
        Ok(Session::new(module, exports, origin, options))
    }

    /// Takes a module of which nothing was compiled, with the functions that are to be exported.
    pub fn new(module: Module, exports: Vec<Func>, origin: Origin, options: Options) -> Session {
        Session {
            options,
            module,
            exports,
            origin,
            effects: SecondaryMap::new(),
            uncaught: None,
            live: Vec::new(),
            stage: Stage::Parsed,
            cells: Cells::default(),
            cell_types: Vec::new(),
            _engine: None,
        }
    }

    /// Takes functions that were legalized and optimized elsewhere as a program without exports, to
    /// see what code of all of them costs.
    pub(crate) fn of_finished(
        mut module: Module,
        functions: Vec<(Func, Function)>,
        origin: Origin,
        options: Options,
    ) -> Session {
        let mut live = Vec::with_capacity(functions.len());
        for (func, body) in functions {
            module.functions[func] = body;
            live.push(func);
        }
        let effects = analyze(&module, &live);
        Session {
            effects,
            live,
            stage: Stage::Optimized,
            ..Session::new(module, Vec::new(), origin, options)
        }
    }

    /// The memory of global variables, with the types that it holds by number, and who has made the
    /// objects that it refers to: constants among them lie beside code.
    pub fn set_cells(&mut self, cells: Cells, types: Vec<Type>, engine: Engine) {
        self.cells = cells;
        self.cell_types = types;
        self._engine = Some(engine);
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
            let problems = missing.iter().map(|(func, e)| (*func, None, e.to_string()));
            return Err(self.failures(problems));
        }
        let capabilities = jlift_optimize::legalize::Capabilities::cranelift(has_fma(&*isa));
        let legalized = jlift_optimize::legalize::legalize(
            &mut self.module,
            &self.exports,
            &library,
            &capabilities,
        );
        if let Err(errors) = legalized {
            let problems = errors.into_iter().map(|e| (e.func, e.inst, e.message));
            return Err(self.failures(problems));
        }
        self.stage = Stage::Legal;
        self.refresh()?;
        if self.exports.iter().any(|&f| !self.effects[f].nothrow) {
            // A library ends the process that it is part of, a program itself.
            let name = match self.options.plain_entries_only {
                true => "Shims.failed",
                false => "Shims.uncaught",
            };
            let shim = self
                .module
                .import_function(&library, name, &[])
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
        let mut policy = Policy::of(level);
        if level == Level::O2
            && self.options.outline
            && jlift_optimize::outline::outline(&mut self.module, &self.live)
        {
            policy = Some(Policy::SHARED);
            self.refresh()?;
            self.verify("outlining")?;
        }
        let mut roots = self.exports.clone();
        roots.extend(self.uncaught);
        let mut optimizer = Optimizer::new(level, policy);
        if level == Level::O2 {
            let cold = only_for_errors(&self.module, &self.exports, &self.live);
            optimizer.keep_small(cold);
            if self.options.outline {
                optimizer.join_tails();
            }
        }
        optimizer.optimize(&mut self.module, &roots, &[]);
        // What was inlined everywhere is not part of the program any more.
        self.live = jlift_optimize::legalize::reachable(&self.module, &roots);
        optimizer.finish(&mut self.module, &self.live);
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
            stack_limit: None,
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
        let mut plan = Plan::new(&self.module, &self.live, &exports, environment)
            .map_err(|e| self.lower_failure(&e))?;
        self.place_cells(&mut plan)?;
        let mut program = Program::default();
        extend_program(&mut program, &plan);
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
            &mut program,
            isa_ref,
            self.options.threads,
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

    /// Global variables that the program uses become data of the output.
    fn place_cells(&self, plan: &mut Plan) -> Result<(), Failure> {
        let mut objects = Objects::default();
        let mut cells = Vec::new();
        for (n, data) in plan.data.iter().enumerate() {
            if let Some(image) = self.cell_content(&data.name, &mut objects)? {
                cells.push((n, image));
            }
        }
        // Objects stand behind everything else.
        let first = plan.data.len() as u32;
        let kind = |image: &Image| match image.addresses[..] {
            [] => DataKind::Writable(image.bytes.as_slice().into()),
            _ => DataKind::WritableWithAddresses {
                bytes: image.bytes.as_slice().into(),
                addresses: image
                    .addresses
                    .iter()
                    .map(|a| DataAddress {
                        offset: a.offset,
                        data: first + a.object,
                        addend: a.addend,
                    })
                    .collect(),
            },
        };
        for (n, image) in cells {
            if let Some(data) = plan.data.get_mut(n) {
                data.kind = kind(&image);
                data.align = image.align;
            }
        }
        for (n, image) in objects.images().iter().enumerate() {
            plan.data.push(DataItem {
                name: format!("{STORAGE_PREFIX}object.{n}"),
                kind: kind(image),
                align: image.align,
            });
        }
        Ok(())
    }

    /// What a global variable holds; what it refers to is among the objects then.
    pub(crate) fn cell_content(
        &self,
        name: &str,
        objects: &mut Objects,
    ) -> Result<Option<Image>, Failure> {
        let Some(cell) = self.cells.find(name) else {
            return Ok(None);
        };
        let Some((bytes, align)) = self.cells.content(cell) else {
            return Ok(None);
        };
        let tables = &self.module.tables;
        let image = match self.cell_types.get(cell.0 as usize) {
            Some(&ty) if tables.is_counted(ty) => {
                objects.variable(tables, ty, &bytes, align).map_err(|why| {
                    let ty = jlift_ir::text::type_text(tables, ty);
                    Failure::plain(format!(
                        "a global variable of type {ty} cannot be part of an output: {why}"
                    ))
                })?
            }
            _ => Image {
                bytes,
                align,
                addresses: Vec::new(),
            },
        };
        Ok(Some(Image {
            align: image.align.max(1),
            ..image
        }))
    }

    /// The function that ends the program for an uncaught exception.
    pub(crate) fn uncaught(&self) -> Option<Func> {
        self.uncaught
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
            stack_limit: None,
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
        self.failures([(func, inst, message.to_string())])
    }

    fn failures(
        &self,
        problems: impl IntoIterator<Item = (Func, Option<Inst>, String)>,
    ) -> Failure {
        let problems = problems.into_iter().map(|(func, inst, message)| {
            self.origin.diagnostic(&self.module, func, inst, &message)
        });
        self.origin.failure(problems.collect())
    }
}
