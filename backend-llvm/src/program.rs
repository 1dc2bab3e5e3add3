//! One LLVM module: what its functions refer to is declared or made the moment they do. Knows which
//! functions and data there are and what they are called, not what is in them.

use crate::convention::Convention;
use crate::data::Data;
use crate::entry::EntryKind;
use crate::error::EmitError;
use crate::function::Body;
use crate::machine::{Machine, Reg, symbol};
use crate::repr::{Passing, Repr, Reprs};
use crate::symbols::{Symbols, own_name};
use crate::value::Result;
use cranelift_entity::EntityRef;
use hashbrown::{HashMap, HashSet};
use jlift_abi::classify::CallConv;
use jlift_abi::symbols::try_symbol;
use jlift_ir::text::type_text;
use jlift_ir::{ConstData, Func, Inst, Module, Type, Value};
use std::fmt::Write;
use target_lexicon::Triple;

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
    Process,
}

/// A function to be given C entries.
#[derive(Clone, Debug)]
pub struct Export {
    pub func: Func,
    pub symbol: String,
    /// Make the `_try` entry too, where the function may throw.
    pub with_try: bool,
}

/// A variable that typed IR names by `cglobal`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Variable {
    /// Writable data of the program, with what it holds in the beginning.
    Data(VariableData),
    /// An address in this process.
    Address(u64),
}

/// Writable data.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VariableData {
    pub bytes: Box<[u8]>,
    pub align: u32,
    /// Addresses in it: the offset, the number of the object, what is added.
    pub addresses: Vec<(u32, u32, u32)>,
}

/// What is to be written.
pub struct Request<'m> {
    pub module: &'m Module,
    /// The functions to be defined.
    pub functions: &'m [Func],
    pub exports: &'m [Export],
    /// Functions to be given an entry that stores any result in memory; see `start`.
    pub starts: &'m [(Func, String)],
    pub environment: Environment,
    pub target: &'m Triple,
    /// Whether a function may throw.
    pub may_throw: &'m dyn Fn(Func) -> bool,
    /// The function that ends the program for an exception that nothing caught.
    pub uncaught: Option<Func>,
    /// Variables that are not C's.
    pub variable: &'m dyn Fn(&str) -> Option<Variable>,
    /// The objects whose addresses variables hold, asked for when all variables are known.
    pub objects: &'m dyn Fn() -> Vec<VariableData>,
    /// Functions of the host that the program may call by name, in this process.
    pub host: &'m dyn Fn(&str) -> Option<u64>,
    /// Where functions of earlier modules are, in this process.
    pub earlier: &'m dyn Fn(Func) -> Option<u64>,
    /// Names by which the functions themselves can be found, in this process.
    pub visible_bodies: bool,
}

/// The text of a module and what it needs.
#[derive(Clone, Debug)]
pub struct Text {
    pub text: String,
    /// The symbols that a library shows.
    pub exports: Vec<String>,
    /// The functions that free objects, by the types of these; where bodies are visible.
    pub drops: Vec<(Type, String)>,
}

/// The symbol of a function's body, unique in the program.
pub fn body_symbol(module: &Module, func: Func) -> String {
    let name = module.tables.names.str(module.functions[func].name);
    format!("{}#{}", own_name(name), func.index())
}

/// The module being written.
pub(crate) struct Program<'m> {
    pub request: &'m Request<'m>,
    pub module: &'m Module,
    pub convention: CallConv,
    pub reprs: Reprs,
    pub conventions: HashMap<Func, Result<Convention>>,
    defined: HashSet<Func>,
    /// Finished functions.
    functions: String,
    pub data: Data,
    pub symbols: Symbols,
    /// The function being written, or the first one.
    writing: Func,
    counted: HashMap<Type, bool>,
    /// What is still to be written.
    helpers: Vec<Helper>,
    asked: HashSet<Helper>,
    /// Types whose objects hold counted references: the position is the number of the type.
    pub(crate) nested: Vec<Type>,
    exports: Vec<String>,
    pub(crate) drops: Vec<(Type, String)>,
}

/// A function that the compiler adds.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Helper {
    Allocate,
    SameText,
    Drop(Type),
    DropAll,
}

/// Writes the module of a request.
pub fn write_module(request: &Request) -> std::result::Result<Text, EmitError> {
    let fail = |func: Func, inst: Option<Inst>, message: String| EmitError {
        func,
        inst,
        message,
    };
    let Some(first) = request.module.functions.keys().next() else {
        return Ok(Text {
            text: String::new(),
            exports: Vec::new(),
            drops: Vec::new(),
        });
    };
    let Some(convention) = CallConv::of(request.target) else {
        let message = format!("C calls on {} are not supported", request.target);
        return Err(fail(first, None, message));
    };
    let mut program = Program {
        request,
        module: request.module,
        convention,
        reprs: Reprs::default(),
        conventions: HashMap::new(),
        defined: request.functions.iter().copied().collect(),
        functions: String::new(),
        data: Data::default(),
        symbols: Symbols::default(),
        writing: first,
        counted: HashMap::new(),
        helpers: Vec::new(),
        asked: HashSet::new(),
        nested: Vec::new(),
        exports: Vec::new(),
        drops: Vec::new(),
    };
    for &func in request.functions {
        program.writing = func;
        Body::write_function(&mut program, func).map_err(|(i, m)| fail(func, i, m))?;
    }
    let mut any_throws = false;
    for export in request.exports {
        program.writing = export.func;
        let throws = (request.may_throw)(export.func);
        let kinds: &[EntryKind] = match throws && export.with_try {
            true => &[EntryKind::Plain, EntryKind::Try],
            false => &[EntryKind::Plain],
        };
        any_throws |= throws && export.with_try;
        for &kind in kinds {
            Body::write_entry(&mut program, export, kind)
                .map_err(|m| fail(export.func, None, m))?;
        }
    }
    for (func, name) in request.starts {
        Body::write_start(&mut program, *func, name).map_err(|m| fail(*func, None, m))?;
    }
    if any_throws {
        Body::write_last_error(&mut program).map_err(|m| fail(first, None, m))?;
    }
    while let Some(helper) = program.helpers.pop() {
        Body::write_helper(&mut program, helper, first).map_err(|m| fail(first, None, m))?;
    }
    if !program.nested.is_empty() {
        Body::write_drop_all(&mut program, first).map_err(|m| fail(first, None, m))?;
    }
    // Taking lists apart may have asked for more.
    while let Some(helper) = program.helpers.pop() {
        Body::write_helper(&mut program, helper, first).map_err(|m| fail(first, None, m))?;
    }
    program.add_objects();
    program.check_names().map_err(|(f, m)| fail(f, None, m))?;
    Ok(program.finish())
}

impl<'m> Program<'m> {
    fn finish(self) -> Text {
        let mut text = String::new();
        let _ = writeln!(text, "source_filename = \"jlift\"");
        let _ = writeln!(text, "target triple = \"{}\"\n", self.request.target);
        text.push_str(&self.data.text);
        if !self.data.text.is_empty() {
            text.push('\n');
        }
        text.push_str(&self.functions);
        for line in self.symbols.declarations() {
            text.push_str(line);
            text.push('\n');
        }
        // Without libc nothing may become a call of it.
        let own = match self.request.environment {
            Environment::FreestandingExecutable => "\"no-builtins\" ",
            _ => "",
        };
        text.push_str(&TAIL.replace("OWN ", own));
        Text {
            text,
            exports: self.exports,
            drops: self.drops,
        }
    }

    /// A symbol has one meaning: an export cannot have the name of a C function that the program
    /// or the compiler calls, which would then call itself.
    fn check_names(&self) -> std::result::Result<(), (Func, String)> {
        for export in self.request.exports {
            for name in [export.symbol.clone(), try_symbol(&export.symbol)] {
                if !self.symbols.is_free(&name) {
                    let message = format!(
                        "the export cannot be called `{name}`: the program uses the C symbol of that name"
                    );
                    return Err((export.func, message));
                }
            }
        }
        match self.symbols.clash() {
            Some((name, user)) => {
                let message = format!(
                    "the C symbol `{name}` cannot be used: the program has something else of that name"
                );
                Err((user, message))
            }
            None => Ok(()),
        }
    }

    pub fn repr(&mut self, ty: Type) -> Result<Repr> {
        self.reprs.get(&self.module.tables, ty)
    }

    pub fn passing(&mut self, ty: Type) -> Result<Passing> {
        self.reprs.passing(&self.module.tables, ty)
    }

    pub fn is_counted(&mut self, ty: Type) -> bool {
        let tables = &self.module.tables;
        *self
            .counted
            .entry(ty)
            .or_insert_with(|| tables.is_counted(ty))
    }

    /// The body of a function as an operand of `call`.
    pub fn body(&self, func: Func) -> Result<String> {
        if self.defined.contains(&func) {
            return Ok(symbol(&body_symbol(self.module, func)));
        }
        match (self.request.earlier)(func) {
            Some(address) => Ok(Reg::address(address).to_string()),
            None => Err(format!(
                "{} is not part of the program",
                self.module.describe(func)
            )),
        }
    }

    /// Adds a finished function.
    pub fn add_function(&mut self, head: &str, body: &str) {
        let _ = writeln!(self.functions, "{head} {{\n{body}}}\n");
    }

    pub fn add_export(&mut self, name: &str) {
        self.exports.push(name.to_string());
    }

    /// A C function with this type, as an operand of `call`.
    pub fn import(&mut self, name: &str, ret: &str, params: &str) -> String {
        if let Some(address) = (self.request.host)(name) {
            return Reg::address(address).to_string();
        }
        let name = import_name(name, self.request.environment);
        self.symbols.function(name, ret, params, self.writing)
    }

    /// A C variable, or a function whose address is taken.
    pub fn import_variable(&mut self, name: &str) -> Reg {
        Reg::new(Machine::Ptr, self.symbols.variable(name, self.writing))
    }

    /// Declares one of LLVM's own functions, by its whole declaration.
    pub fn intrinsic(&mut self, declaration: String) {
        self.symbols.intrinsic(declaration);
    }

    /// A function that the compiler adds, as an operand of `call`.
    pub fn helper(&mut self, helper: Helper) -> String {
        if self.asked.insert(helper) {
            let name = self.plain_name(helper);
            self.symbols.define(&name);
            if helper != Helper::DropAll {
                self.helpers.push(helper);
            }
            if let Helper::Drop(ty) = helper {
                self.number_nested(ty);
            }
        }
        self.helper_symbol(helper)
    }

    pub fn helper_symbol(&self, helper: Helper) -> String {
        symbol(&self.plain_name(helper))
    }

    /// The name of a function that the compiler adds, without quotes.
    pub fn plain_name(&self, helper: Helper) -> String {
        match helper {
            Helper::Allocate => "allocate object".to_string(),
            Helper::SameText => "same text".to_string(),
            Helper::Drop(ty) => {
                // Texts of types may be equal in hostile input; names must not.
                let text = own_name(&type_text(&self.module.tables, ty));
                format!("drop {text}#{}", ty.index())
            }
            Helper::DropAll => "drop all".to_string(),
        }
    }

    /// A type whose objects are freed, and those that they may hold, get numbers.
    fn number_nested(&mut self, ty: Type) {
        let mut work = vec![ty];
        while let Some(ty) = work.pop() {
            let inside = crate::drop::references_inside(self.module, ty);
            if !inside.is_empty() && !self.nested.contains(&ty) {
                self.nested.push(ty);
                work.extend(inside);
            }
        }
    }

    /// The number of a type whose objects hold counted references.
    pub fn nested_number(&self, ty: Type) -> Option<u32> {
        let position = self.nested.iter().position(|&t| t == ty)?;
        u32::try_from(position).ok()
    }
}

/// The plain name of a foreign function, where it is known.
pub(crate) fn foreign_name(module: &Module, symbol: Value) -> Option<&str> {
    let Value::Const(c) = symbol else { return None };
    match module.tables.const_data(c) {
        ConstData::Symbol(name) => Some(module.tables.names.str(*name)),
        ConstData::String(bytes) => std::str::from_utf8(bytes).ok(),
        ConstData::Aggregate { fields, .. } => foreign_name(module, *fields.first()?),
        _ => None,
    }
}

/// The symbol that a shim's system call is imported as.
fn import_name(name: &str, environment: Environment) -> &str {
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

/// What every module ends with: declarations of LLVM's own functions need no types of ours.
const TAIL: &str = r#"declare void @llvm.trap()
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)

attributes #0 = { nounwind OWN "probe-stack"="inline-asm" }
attributes #1 = { nounwind nobuiltin }
attributes #2 = { nounwind cold noinline OWN "probe-stack"="inline-asm" }

!0 = !{!"branch_weights", i32 1, i32 2000}
"#;
