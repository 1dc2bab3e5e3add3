//! Which functions and data a program consists of and what they are called: the list that lowering
//! fills and the backend stores. Knows nothing of their code.
//!
//! Code refers to symbols by number ([`Symbol`]); in CLIF they are user names in two spaces,
//! [`Symbol::FUNCTION_SPACE`] and [`Symbol::DATA_SPACE`]. What a function refers to is found in
//! `needs`; functions that free objects are in `drops`.

mod drops;
mod needs;

pub(crate) use needs::{OUT_OF_MEMORY, has_text};

use cranelift_codegen::ir::UserExternalName;
use hashbrown::HashMap;
use jlift_ir::{Const, ConstData, Func, Module, Type, Value};

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

    /// The number of a function.
    pub fn function(self) -> Option<u32> {
        match self {
            Symbol::Function(index) => Some(index),
            Symbol::Data(_) => None,
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
    /// The entry of a function without parameters that the compiler's own process runs.
    Start(Func),
    /// `jlift_last_error`.
    LastError,
    /// Frees an object of this type after its last reference was dropped.
    Drop(Type),
    /// Frees the objects of a list, and what only they held, for this many first of the plan's
    /// types with references.
    DropAll(u32),
    /// Memory for an object; stops the program if there is none.
    Allocate,
    /// Whether two strings or symbols have the same bytes.
    SameText,
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
    /// Constant bytes with addresses in them, which are known when the program is loaded.
    ReadOnlyWithAddresses {
        bytes: Box<[u8]>,
        addresses: Box<[DataAddress]>,
    },
    /// Writable bytes: a global variable with what it holds in the beginning.
    Writable(Box<[u8]>),
    /// The same with addresses in them, also of later data.
    WritableWithAddresses {
        bytes: Box<[u8]>,
        addresses: Box<[DataAddress]>,
    },
    /// Zeroed writable memory, per thread or not.
    Zeroed { size: u32, thread_local: bool },
    /// A C variable that the program imports.
    Import,
}

/// An address inside of a data object.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct DataAddress {
    /// Where it stands.
    pub offset: u32,
    /// The number of the data object whose address it is; this one or an earlier one, where it
    /// is constant.
    pub data: u32,
    /// What is added to that.
    pub addend: u32,
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
    try_entries: HashMap<Func, u32>,
    imports: HashMap<String, u32>,
    strings: HashMap<Const, u32>,
    aggregates: HashMap<Const, u32>,
    objects: HashMap<Const, u32>,
    data_imports: HashMap<String, u32>,
    drops: drops::Drops,
    allocate: Option<u32>,
    same_text: Option<u32>,
    /// The message of a program that stops for lack of memory.
    out_of_memory: Option<u32>,
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

    /// The symbol of an export's `_try` entry, if it has one.
    pub(crate) fn try_entry(&self, func: Func) -> Option<Symbol> {
        self.try_entries.get(&func).map(|&i| Symbol::Function(i))
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

    /// The immortal object of a constant.
    pub fn object(&self, c: Const) -> Option<Symbol> {
        self.objects.get(&c).map(|&i| Symbol::Data(i))
    }

    /// The function that gives memory for objects.
    pub fn allocate(&self) -> Option<Symbol> {
        self.allocate.map(Symbol::Function)
    }

    /// The function that compares texts.
    pub fn same_text(&self) -> Option<Symbol> {
        self.same_text.map(Symbol::Function)
    }

    /// The message for a lack of memory.
    pub(crate) fn out_of_memory(&self) -> Option<Symbol> {
        self.out_of_memory.map(Symbol::Data)
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
                    let index = plan.add_function(FunctionItem {
                        kind: SymbolKind::TryEntry(export.func),
                        name: format!("{}_try", export.symbol),
                        exported: true,
                    });
                    plan.try_entries.insert(export.func, index);
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
        for export in exports {
            plan.need_string_parameters(module, export.func, environment);
        }
        plan.grow(module, live, environment)?;
        if exports.iter().any(|e| e.may_throw) {
            plan.need_error_record(environment);
        }
        plan.check_names(exports)?;
        Ok(plan)
    }

    /// Adds functions that the plan does not have yet, and what they refer to. What they call is
    /// among them or was added before.
    pub fn grow(
        &mut self,
        module: &Module,
        functions: &[Func],
        environment: Environment,
    ) -> Result<(), crate::LowerError> {
        self.declare(module, functions);
        for &func in functions {
            self.scan(module, func, environment)?;
        }
        self.plan_drop_all();
        Ok(())
    }

    /// Gives functions their symbols.
    pub fn declare(&mut self, module: &Module, functions: &[Func]) {
        for &func in functions {
            if !self.bodies.contains_key(&func) {
                let index = self.add_function(FunctionItem {
                    kind: SymbolKind::Body(func),
                    name: Plan::body_name(module, func),
                    exported: false,
                });
                self.bodies.insert(func, index);
            }
        }
    }

    /// Adds the entry through which the compiler's own process runs a function of the plan.
    pub fn add_start(&mut self, module: &Module, func: Func) -> u32 {
        let name = module.tables.names.str(module.functions[func].name);
        self.add_function(FunctionItem {
            kind: SymbolKind::Start(func),
            name: format!("{name}#{}#start", jlift_ir_index(func)),
            exported: false,
        })
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
        "jlift_sys_exit" => "exit",
        _ => name,
    }
}
