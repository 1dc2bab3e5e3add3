//! Code in this process by LLVM's tools: one module, object and library for every batch, which finds
//! the code of earlier ones by address. What a batch costs is mostly that two programs are started.

use super::{Batch, Problem, host_address};
use crate::build::{ImportError, imports_of};
use crate::library::LoadedLibrary;
use crate::llvm::{level_of, machine_of, tool_message, tools_of};
use crate::options::Options;
use cranelift_entity::EntityRef;
use hashbrown::HashMap;
use jlift_backend_cranelift::link::{LinkRequest, OutputKind, link};
use jlift_backend_llvm::{
    Environment, Level, Machine, Request, Tools, Variable, body_symbol, write_module,
};
use jlift_ir::Func;
use target_lexicon::Triple;

/// All code so far.
pub(super) struct Code {
    tools: Tools,
    level: Level,
    machine: Machine,
    bodies: HashMap<Func, u64>,
    /// The entries of functions that were started.
    starts: HashMap<Func, u64>,
    bytes: usize,
}

impl Code {
    pub fn new(options: &Options) -> Result<Code, Problem> {
        let tools = tools_of(options);
        Ok(Code {
            tools: tools.map_err(|e| Problem::plain(e.to_string()))?,
            level: level_of(options.level),
            machine: machine_of(options),
            bodies: HashMap::new(),
            starts: HashMap::new(),
            bytes: 0,
        })
    }

    /// The entry of a function that was a batch's thunk.
    pub fn start(&self, func: Func) -> Option<*const u8> {
        self.starts.get(&func).map(|&address| address as *const u8)
    }

    /// The code of a function.
    pub fn body(&self, func: Func) -> Option<*const u8> {
        self.bodies.get(&func).map(|&address| address as *const u8)
    }

    /// Bytes of the libraries.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Code for the functions of a batch, and for the entry of one.
    pub fn generate(&mut self, batch: &Batch) -> Result<(), Problem> {
        let module = batch.module;
        let starts: Vec<(Func, String)> = batch
            .thunk
            .iter()
            .map(|thunk| (thunk.func, format!("start#{}", thunk.func.index())))
            .collect();
        let target = Triple::host();
        let request = Request {
            module,
            functions: batch.functions,
            exports: &[],
            starts: &starts,
            environment: Environment::Process,
            target: &target,
            may_throw: batch.may_throw,
            uncaught: None,
            variable: &|name| {
                let cell = batch.cells.find(name)?;
                let address = batch.cells.address(cell)?;
                Some(Variable::Address(address as u64))
            },
            objects: &Vec::new,
            host: &|name| host_address(batch.cells, name).map(|address| address as u64),
            earlier: &|func| self.bodies.get(&func).copied(),
            visible_bodies: true,
        };
        let text = write_module(&request).map_err(|e| Problem {
            func: Some(e.func),
            inst: e.inst,
            message: e.message,
        })?;
        let object = self.tools.object(&text.text, self.level, &self.machine);
        let object =
            object.map_err(|e| Problem::plain(tool_message(&e, module, batch.functions)))?;
        let mut exports = text.exports;
        exports.extend(text.drops.iter().map(|(_, name)| name.clone()));
        let library = load(&object, &exports)?;
        let address = |name: &str| {
            let found = library.function(name).map(|address| address as u64);
            found.ok_or_else(|| Problem::plain(format!("internal error: no code for {name}")))
        };
        for &func in batch.functions {
            let at = address(&body_symbol(module, func))?;
            self.bodies.insert(func, at);
        }
        for (func, name) in &starts {
            let at = address(name)?;
            self.starts.insert(*func, at);
        }
        for (ty, name) in &text.drops {
            let number = jlift_lower::dynamic::type_number(module, *ty);
            crate::dynamic::set_drop(number, address(name)? as *const u8);
        }
        self.bytes += object.len();
        // Objects with types of this batch may outlive the engine, and are freed by its code.
        library.keep();
        Ok(())
    }
}

/// An object in this process, with these functions to be found.
fn load(object: &[u8], exports: &[String]) -> Result<LoadedLibrary, Problem> {
    let imports = imports_of(object).map_err(|e| {
        Problem::plain(match e {
            ImportError::Object(message) => message,
            ImportError::Missing(name) => {
                format!("the C function `{name}` is in neither libc nor libm")
            }
        })
    })?;
    let bytes = link(&LinkRequest {
        kind: OutputKind::SharedLibrary {
            exports,
            soname: None,
        },
        target: &Triple::host(),
        objects: &[object],
        imports: &imports,
        keep_symbols: false,
    });
    let bytes = bytes.map_err(|e| Problem::plain(e.to_string()))?;
    LoadedLibrary::open(&bytes).map_err(Problem::plain)
}
