//! The world of a session: modules, bindings, types, methods and method instances. Definitions are
//! added here; inference and emission read and extend it. Knows nothing of machine code.

pub mod declare;
pub mod define;
pub mod function_table;
pub mod method;
pub mod modules;
pub mod prelude;
pub mod source;
pub mod type_expression;
pub mod unread;

use crate::interp::instance::{InstId, Instance, InstanceKey};
use crate::obstacle::Obstacle;
use crate::types::family::TypeFamilies;
use cranelift_entity::PrimaryMap;
use function_table::{FunctionTable, Known};
use hashbrown::{HashMap, HashSet};
use jlift_frontend::lower::LowerContext;
use jlift_ir::{ConstData, Module, Name, Type, Value};
use method::{Method, MethodId};
use modules::{CellData, CellId, ModuleData, ModuleId};
use source::SourceMap;

/// Everything that is known of a program at one point of its execution.
pub struct World {
    /// Types, names, constants and the functions emitted so far.
    pub module: Module,
    pub families: TypeFamilies,
    pub modules: PrimaryMap<ModuleId, ModuleData>,
    /// Global variables that are not constants known to the compiler.
    pub cells: PrimaryMap<CellId, CellData>,
    /// The cells with a flag that were not seen to have a value.
    pub unassigned: Vec<CellId>,
    pub methods: PrimaryMap<MethodId, Method>,
    /// Methods by the nominal type of their callee.
    pub functions: FunctionTable,
    pub instances: PrimaryMap<InstId, Instance>,
    pub instance_index: HashMap<InstanceKey, InstId>,
    pub sources: SourceMap,
    /// What was asked for by its type: whether it is a function that the compiler knows.
    known: HashMap<Type, Option<Known>>,
    pub names: WellKnownNames,
    pub core: ModuleId,
    /// `Core.Intrinsics`.
    intrinsics: ModuleId,
    pub base: ModuleId,
    pub main: ModuleId,
    pub lowering: LowerContext,
    /// Names that macros make.
    pub gensym: jlift_frontend::macros::Gensym,
    /// Problems found while defining or inferring, in order.
    pub obstacles: Vec<Obstacle>,
    /// Memory of variables by number: the type that it holds.
    pub storages: Vec<Type>,
    /// Memory whose value is to be copied to other memory of a wider type, before code runs.
    pub moves: Vec<(u32, u32)>,
    pub(crate) externals: HashMap<Name, jlift_ir::Func>,
    pub(crate) emit_queue: Vec<InstId>,
    /// Definitions of Base that mention names which are being read, with what was wrong.
    pub(crate) deferred: Vec<(ModuleId, jlift_frontend::lowered::Item, Obstacle)>,
    /// How many names of Base are being read, one because of the other.
    pub(crate) loading: u32,
    pub(crate) loaded: hashbrown::HashSet<(ModuleId, Name)>,
    /// Methods of Base that no call has needed yet.
    pub(crate) unread: unread::Unread,
    pub(crate) stack: Vec<InstId>,
    /// Top-level code whose own calls are resolved when they are made.
    pub(crate) late_thunk: Option<InstId>,
    /// Exceptions are kept as objects on their way to a handler, not as type and text only.
    pub exceptions_are_objects: bool,
    /// Nothing of the program goes to an output: what can only be resolved while it runs may stay so.
    pub is_only_run: bool,
    /// A global that methods rely on has another type than before.
    pub(crate) outdated: bool,
    /// Names that methods were inferred to miss.
    pub(crate) missed: HashSet<(ModuleId, Name)>,
    /// What is known of globals besides their values.
    pub(crate) globals: crate::interp::globals::GlobalFacts,
    /// How often what was inferred was forgotten.
    pub generation: u32,
    /// Whether calls are estimated now that are resolved at run time.
    pub(crate) estimating: crate::interp::estimate::Estimating,
    /// Calls that are resolved at run time.
    pub sites: PrimaryMap<crate::dynamic::SiteId, crate::dynamic::SiteKey>,
    pub(crate) site_index: HashMap<crate::dynamic::SiteKey, crate::dynamic::SiteId>,
    /// Functions that convert values from and to dynamic ones.
    pub(crate) conversions: HashMap<(Type, Type, crate::emit::Conversion), jlift_ir::Func>,
}

/// Names that inference asks for often.
pub struct WellKnownNames {
    pub tuple: Name,
    pub named_tuple: Name,
    pub type_: Name,
    pub union: Name,
    pub vararg: Name,
    pub array: Name,
    pub ptr: Name,
    pub kwcall: Type,
}

impl World {
    /// A world with Core and the index of Base; nothing of Base has been read yet.
    pub fn new() -> World {
        let mut module = Module::default();
        let mut families = TypeFamilies::default();
        families.declare_builtin(&mut module.tables);
        families.set_exports(|module, name| module == "Base" && jlift_prelude::is_exported(name));
        let t = &mut module.tables;
        let kwcall_name = t.names.intern("typeof(Core.kwcall)");
        let kwcall = t.data_type(kwcall_name, &[]);
        let names = WellKnownNames {
            tuple: t.names.intern("Tuple"),
            named_tuple: t.names.intern("NamedTuple"),
            type_: t.names.intern("Type"),
            union: t.names.intern("Union"),
            vararg: t.names.intern("Vararg"),
            array: t.names.intern("Array"),
            ptr: t.names.intern("Ptr"),
            kwcall,
        };
        let mut modules = PrimaryMap::new();
        let core = modules.push(ModuleData::new(t.names.intern("Core"), None));
        let base = modules.push(ModuleData::new(t.names.intern("Base"), None));
        let main = modules.push(ModuleData::new(t.names.intern("Main"), None));
        let mut world = World {
            module,
            families,
            modules,
            cells: PrimaryMap::new(),
            unassigned: Vec::new(),
            methods: PrimaryMap::new(),
            functions: FunctionTable::default(),
            instances: PrimaryMap::new(),
            instance_index: HashMap::new(),
            sources: SourceMap::default(),
            known: HashMap::new(),
            names,
            core,
            intrinsics: core,
            base,
            main,
            lowering: LowerContext::default(),
            gensym: Default::default(),
            obstacles: Vec::new(),
            storages: Vec::new(),
            moves: Vec::new(),
            externals: HashMap::new(),
            emit_queue: Vec::new(),
            deferred: Vec::new(),
            loading: 0,
            loaded: hashbrown::HashSet::new(),
            unread: unread::Unread::default(),
            stack: Vec::new(),
            late_thunk: None,
            exceptions_are_objects: false,
            is_only_run: false,
            outdated: false,
            missed: HashSet::new(),
            globals: Default::default(),
            generation: 0,
            estimating: Default::default(),
            sites: PrimaryMap::new(),
            site_index: HashMap::new(),
            conversions: HashMap::new(),
        };
        world.bind_core();
        world
    }

    /// The interned name of `text`.
    pub fn name(&mut self, text: &str) -> Name {
        self.module.tables.names.intern(text)
    }

    /// The text of a name.
    pub fn text(&self, name: Name) -> &str {
        self.module.tables.names.str(name)
    }

    /// The type as Julia prints it.
    pub fn type_text(&self, ty: Type) -> String {
        crate::types::print::type_text(&self.module.tables, &self.families, ty)
    }

    /// What a type is that is printed by an alias, without any; `None` for a type that is not.
    pub fn alias_meaning(&self, ty: Type) -> Option<String> {
        crate::types::print::alias_meaning(&self.module.tables, &self.families, ty)
    }

    /// The singleton type of the generic function `module.name`.
    pub fn function_type(&mut self, module: ModuleId, name: Name) -> Type {
        let text = format!(
            "typeof({}.{})",
            self.text(self.modules[module].name),
            self.text(name)
        );
        let ty = self.module.tables.nominal(&text, &[]);
        self.module.tables.declare(
            ty,
            jlift_ir::decl::Decl::Singleton {
                supertype: Type::FUNCTION,
            },
        );
        ty
    }

    /// The static type of a constant.
    pub fn const_type(&mut self, value: Value) -> Type {
        match value {
            Value::Type(t) => self.module.tables.type_type(t),
            _ => jlift_ir::module::constant_type(&self.module.tables, &self.module.globals, value)
                .unwrap_or(Type::ANY),
        }
    }

    /// The symbol behind a constant.
    pub fn const_symbol(&self, value: Value) -> Option<Name> {
        match value {
            Value::Const(c) => match self.module.tables.const_data(c) {
                ConstData::Symbol(name) => Some(*name),
                _ => None,
            },
            _ => None,
        }
    }

    /// The constant of an `Int64` operand.
    pub fn const_int(&self, value: Value) -> Option<i64> {
        match value {
            Value::Imm {
                ty: Type::INT64,
                bits,
            } => Some(bits as i64),
            _ => None,
        }
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}
