//! Which functions and data a program consists of and what they are called: the list that lowering
//! fills and the backend stores. Knows nothing of their code.
//!
//! Code refers to symbols by number ([`Symbol`]); in CLIF they are user names in two spaces,
//! [`Symbol::FUNCTION_SPACE`] and [`Symbol::DATA_SPACE`].

use cranelift_codegen::ir::UserExternalName;
use hashbrown::HashMap;
use jlift_ir::{Const, ConstData, Func, Module, Op, Value};

/// A function or data object of the program.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Symbol {
    /// Index into [`Plan::functions`].
    Function(u32),
    /// Index into [`Plan::data`].
    Data(u32),
}

impl Symbol {
    /// Name space of functions in CLIF.
    pub const FUNCTION_SPACE: u32 = 0;
    /// Name space of data in CLIF.
    pub const DATA_SPACE: u32 = 1;

    /// The name that CLIF refers to.
    pub fn external_name(self) -> UserExternalName {
        match self {
            Symbol::Function(i) => UserExternalName::new(Self::FUNCTION_SPACE, i),
            Symbol::Data(i) => UserExternalName::new(Self::DATA_SPACE, i),
        }
    }

    /// The symbol behind a name in CLIF.
    pub fn from_external(name: &UserExternalName) -> Option<Symbol> {
        match name.namespace {
            Self::FUNCTION_SPACE => Some(Symbol::Function(name.index)),
            Self::DATA_SPACE => Some(Symbol::Data(name.index)),
            _ => None,
        }
    }
}

/// What a function item is.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum SymbolKind {
    /// The code of a typed IR function in the internal calling convention.
    Body(Func),
    /// The C entry of an export; aborts with the message if the function throws.
    Entry(Func),
    /// The `_try` entry of an export.
    TryEntry(Func),
    /// `jlift_last_error`.
    LastError,
    /// A C function that the program imports.
    Import,
}

/// A function of the program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FunctionItem {
    pub kind: SymbolKind,
    pub name: String,
    /// Visible outside of the program.
    pub exported: bool,
}

/// A data object of the program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DataItem {
    pub name: String,
    pub kind: DataKind,
    pub align: u32,
}

/// What a data object holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DataKind {
    /// Constant bytes.
    ReadOnly(Box<[u8]>),
    /// Zeroed writable memory, per thread or not.
    Zeroed { size: u32, thread_local: bool },
    /// A C variable that the program imports.
    Import,
}

/// Where the program will run.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Environment {
    /// A shared library or object: libc is there; errors are per thread.
    Library,
    /// An executable that imports from libc.
    HostedExecutable,
    /// An executable without libc.
    FreestandingExecutable,
    /// In the compiler's own process: error records by a call of the host.
    Jit,
}

/// The program: what is to be lowered and stored.
#[derive(Clone, Default, Debug)]
pub struct Plan {
    pub functions: Vec<FunctionItem>,
    pub data: Vec<DataItem>,
    bodies: HashMap<Func, u32>,
    imports: HashMap<String, u32>,
    strings: HashMap<Const, u32>,
    aggregates: HashMap<Const, u32>,
    data_imports: HashMap<String, u32>,
    /// The per-thread error record, where the program has one.
    pub error_record: Option<u32>,
}

/// An export to be given C entries.
#[derive(Clone, Debug)]
pub struct PlannedExport {
    pub func: Func,
    pub symbol: String,
    pub may_throw: bool,
    /// The internal code can itself be the C entry: same convention, cannot throw.
    pub direct: bool,
    /// Generate the `_try` entry, where the function may throw.
    pub with_try: bool,
}

impl Plan {
    /// The symbol of a function's code.
    pub fn body(&self, func: Func) -> Option<Symbol> {
        self.bodies.get(&func).map(|&i| Symbol::Function(i))
    }

    /// The symbol of an imported function.
    pub fn import(&self, name: &str) -> Option<Symbol> {
        self.imports.get(name).map(|&i| Symbol::Function(i))
    }

    /// The symbol of an imported variable.
    pub fn data_import(&self, name: &str) -> Option<Symbol> {
        self.data_imports.get(name).map(|&i| Symbol::Data(i))
    }

    /// The bytes of a string or symbol constant.
    pub fn string(&self, c: Const) -> Option<Symbol> {
        self.strings.get(&c).map(|&i| Symbol::Data(i))
    }

    /// The memory of an aggregate constant.
    pub fn aggregate(&self, c: Const) -> Option<Symbol> {
        self.aggregates.get(&c).map(|&i| Symbol::Data(i))
    }

    fn add_function(&mut self, item: FunctionItem) -> u32 {
        self.functions.push(item);
        self.functions.len() as u32 - 1
    }

    fn add_data(&mut self, item: DataItem) -> u32 {
        self.data.push(item);
        self.data.len() as u32 - 1
    }

    fn add_import(&mut self, name: &str) {
        if !self.imports.contains_key(name) {
            let index = self.add_function(FunctionItem {
                kind: SymbolKind::Import,
                name: name.into(),
                exported: false,
            });
            self.imports.insert(name.into(), index);
        }
    }

    /// Plans the program of `live` functions, in that order, with these exports.
    pub fn new(
        module: &Module,
        live: &[Func],
        exports: &[PlannedExport],
        environment: Environment,
    ) -> Result<Plan, crate::LowerError> {
        let mut plan = Plan::default();
        for export in exports {
            if export.direct {
                let index = plan.add_function(FunctionItem {
                    kind: SymbolKind::Body(export.func),
                    name: export.symbol.clone(),
                    exported: true,
                });
                plan.bodies.insert(export.func, index);
            } else {
                plan.add_function(FunctionItem {
                    kind: SymbolKind::Entry(export.func),
                    name: export.symbol.clone(),
                    exported: true,
                });
                if export.may_throw && export.with_try {
                    plan.add_function(FunctionItem {
                        kind: SymbolKind::TryEntry(export.func),
                        name: format!("{}_try", export.symbol),
                        exported: true,
                    });
                }
            }
        }
        if exports.iter().any(|e| e.may_throw && e.with_try) {
            plan.add_function(FunctionItem {
                kind: SymbolKind::LastError,
                name: "jlift_last_error".into(),
                exported: true,
            });
        }
        for &func in live {
            if !plan.bodies.contains_key(&func) {
                let name = module.tables.names.str(module.functions[func].name);
                let index = plan.add_function(FunctionItem {
                    kind: SymbolKind::Body(func),
                    name: format!("{name}#{}", jlift_ir_index(func)),
                    exported: false,
                });
                plan.bodies.insert(func, index);
            }
        }
        for &func in live {
            plan.scan(module, func, environment)?;
        }
        if exports.iter().any(|e| e.may_throw) {
            plan.need_error_record(environment);
        }
        plan.check_names(exports)?;
        Ok(plan)
    }

    /// A symbol has one meaning: an export cannot have the name of a C function or variable that
    /// the program uses.
    fn check_names(&self, exports: &[PlannedExport]) -> Result<(), crate::LowerError> {
        let functions = self.functions.iter().filter(|f| !f.exported);
        let used: Vec<&str> = functions
            .map(|f| f.name.as_str())
            .chain(self.data.iter().map(|d| d.name.as_str()))
            .collect();
        for export in exports {
            let tried = format!("{}_try", export.symbol);
            for name in [&export.symbol, &tried] {
                if used.contains(&name.as_str()) {
                    return Err(crate::LowerError {
                        func: export.func,
                        inst: None,
                        message: format!(
                            "the export cannot be called `{name}`: the program uses the C symbol of that name"
                        ),
                    });
                }
            }
        }
        Ok(())
    }

    fn need_error_record(&mut self, environment: Environment) {
        if environment == Environment::Jit {
            self.add_import("jlift_error_record");
        } else if self.error_record.is_none() {
            let index = self.add_data(DataItem {
                name: "jlift_error".into(),
                kind: DataKind::Zeroed {
                    size: jlift_ir::error_record::SIZE,
                    thread_local: environment == Environment::Library,
                },
                align: 16,
            });
            self.error_record = Some(index);
        }
    }

    /// Collects what one function refers to.
    fn scan(
        &mut self,
        module: &Module,
        func: Func,
        environment: Environment,
    ) -> Result<(), crate::LowerError> {
        let f = &module.functions[func];
        for &block in &f.layout {
            for &inst in &f.blocks[block].insts {
                let mut error = None;
                f.for_each_operand(inst, |v| {
                    if let Value::Const(c) = v
                        && let Err(message) = self.need_constant(module, c)
                    {
                        error = Some(message);
                    }
                });
                match &f.insts[inst].op {
                    Op::ForeignCall(call) => match foreign_name(module, call.symbol) {
                        Some("jlift_error_record") => self.need_error_record(environment),
                        Some(
                            "jlift_alloca" | "jlift_string_data" | "jl_string_ptr"
                            | "jl_symbol_name",
                        )
                        | None => {}
                        Some(name) => self.add_import(import_name(name, environment)),
                    },
                    Op::Intrinsic(jlift_ir::Intrinsic::Cglobal, args) => {
                        if let Some(name) =
                            f.args(*args).first().and_then(|&v| foreign_name(module, v))
                        {
                            let name = name.to_string();
                            if !self.data_imports.contains_key(&name) {
                                let index = self.add_data(DataItem {
                                    name: name.clone(),
                                    kind: DataKind::Import,
                                    align: 1,
                                });
                                self.data_imports.insert(name, index);
                            }
                        }
                    }
                    Op::Rethrow | Op::TheException => self.need_error_record(environment),
                    Op::Release(_) => self.add_import("free"),
                    Op::Abort { message } => {
                        self.add_import(import_name("jlift_sys_abort", environment));
                        self.add_import(import_name("jlift_sys_write", environment));
                        if let Err(message) = self.need_constant(module, *message) {
                            error = Some(message);
                        }
                    }
                    _ => {}
                }
                if let Some(message) = error {
                    return Err(crate::LowerError {
                        func,
                        inst: Some(inst),
                        message,
                    });
                }
            }
            if let Some(Value::Const(c)) = f.terminator_operand(block)
                && let Err(message) = self.need_constant(module, c)
            {
                return Err(crate::LowerError {
                    func,
                    inst: None,
                    message,
                });
            }
        }
        Ok(())
    }

    fn need_constant(&mut self, module: &Module, c: Const) -> Result<(), String> {
        let bytes: &[u8] = match module.tables.const_data(c) {
            ConstData::String(bytes) => bytes,
            ConstData::Symbol(name) => module.tables.names.str(*name).as_bytes(),
            ConstData::Global(g) => {
                return match module.globals[*g].value {
                    Value::Const(inner) => self.need_constant(module, inner),
                    _ => Ok(()),
                };
            }
            ConstData::Aggregate { ty, .. } => {
                if self.aggregates.contains_key(&c) {
                    return Ok(());
                }
                // Aggregates with references are only built for error texts.
                if !module.tables.is_bits(*ty) {
                    return Ok(());
                }
                let (bytes, align) = crate::constant::aggregate_bytes(module, Value::Const(c))?;
                let name = format!("const.{}", self.data.len());
                let index = self.add_data(DataItem {
                    name,
                    kind: DataKind::ReadOnly(bytes.into()),
                    align,
                });
                self.aggregates.insert(c, index);
                return Ok(());
            }
            _ => return Ok(()),
        };
        if !self.strings.contains_key(&c) {
            // NUL-terminated, so that C can read it.
            let mut data = bytes.to_vec();
            data.push(0);
            let name = format!("str.{}", self.data.len());
            let index = self.add_data(DataItem {
                name,
                kind: DataKind::ReadOnly(data.into()),
                align: 1,
            });
            self.strings.insert(c, index);
        }
        Ok(())
    }
}

fn jlift_ir_index(func: Func) -> usize {
    use cranelift_entity::EntityRef;
    func.index()
}

/// The plain name of a foreign function, where it is known.
pub fn foreign_name(module: &Module, symbol: Value) -> Option<&str> {
    let Value::Const(c) = symbol else { return None };
    match module.tables.const_data(c) {
        ConstData::Symbol(name) => Some(module.tables.names.str(*name)),
        ConstData::String(bytes) => std::str::from_utf8(bytes).ok(),
        ConstData::Aggregate { fields, .. } => foreign_name(module, *fields.first()?),
        _ => None,
    }
}

/// The symbol that a shim's system call is imported as.
pub(crate) fn import_name(name: &str, environment: Environment) -> &str {
    if environment == Environment::FreestandingExecutable {
        return name;
    }
    match name {
        "jlift_sys_write" => "write",
        "jlift_sys_abort" => "abort",
        "jlift_sys_exit" => "_exit",
        _ => name,
    }
}
