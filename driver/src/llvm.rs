//! The path through LLVM: the session's typed IR as LLVM IR, objects by LLVM's tools. Knows the
//! backend's interface; what a build makes of an object is in `build`.

use crate::build::ProgramObject;
use crate::diagnostic::Failure;
use crate::library::LoadedLibrary;
use crate::objects::{Image, Objects};
use crate::options::{CodeLevel, Options};
use crate::session::Session;
use jlift_backend_llvm::{
    EmitError, Environment, Export, Level, Machine, Request, Text, ToolError, Tools, Variable,
    VariableData, write_module,
};
use jlift_ir::{Func, Module};
use jlift_runtime_shims::host_symbol;
use std::cell::RefCell;

/// Whether LLVM's tools are found without being told where.
pub fn is_there() -> bool {
    Tools::find(None).is_ok()
}

/// Whether LLVM's tools are found; if not, what was looked at.
pub(crate) fn find_tools(bin: Option<&std::path::Path>) -> Result<(), String> {
    match Tools::find(bin) {
        Ok(_) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

/// The tools that a session asks for.
pub(crate) fn tools_of(options: &Options) -> Result<Tools, ToolError> {
    let tools = Tools::find(options.llvm_bin.as_deref())?;
    Ok(tools.with_patience(options.llvm_patience))
}

/// What LLVM's tools say of a module, and of which.
pub(crate) fn tool_message(error: &ToolError, module: &Module, functions: &[Func]) -> String {
    let Some(&first) = functions.first() else {
        return error.to_string();
    };
    let name = module.tables.names.str(module.functions[first].name);
    match functions.len() - 1 {
        0 => format!("{error} (the module of `{name}`)"),
        others => format!("{error} (the module of `{name}` and {others} other functions)"),
    }
}

/// A library that was loaded, and where its functions are.
type Loaded = (LoadedLibrary, Vec<(Func, *const u8)>);

/// How much work LLVM puts into code of this level.
pub(crate) fn level_of(level: CodeLevel) -> Level {
    match level {
        CodeLevel::O0 => Level::O0,
        CodeLevel::O1 => Level::O1,
        CodeLevel::O2 => Level::O2,
    }
}

/// What code is made for.
pub(crate) fn machine_of(options: &Options) -> Machine {
    Machine {
        triple: options.target.clone(),
        cpu: options.cpu.clone(),
    }
}

impl Session {
    /// The program as LLVM IR.
    pub fn llvm_text(&mut self, environment: Environment) -> Result<Text, Failure> {
        self.optimize()?;
        let exports: Vec<Export> = self
            .exports
            .iter()
            .zip(self.export_symbols()?)
            .map(|(&func, symbol)| Export {
                func,
                symbol,
                with_try: !self.options.plain_entries_only,
            })
            .collect();
        let refused = RefCell::new(None);
        let objects = RefCell::new(Objects::default());
        let data = |image: &Image| VariableData {
            bytes: image.bytes.as_slice().into(),
            align: image.align,
            addresses: image
                .addresses
                .iter()
                .map(|a| (a.offset, a.object, a.addend))
                .collect(),
        };
        let variable = |name: &str| match self.cell_content(name, &mut objects.borrow_mut()) {
            Ok(content) => content.map(|image| Variable::Data(data(&image))),
            Err(failure) => {
                refused.replace(Some(failure));
                None
            }
        };
        let request = Request {
            module: &self.module,
            functions: self.live(),
            exports: &exports,
            starts: &[],
            environment,
            target: &self.options.target,
            may_throw: &|func: Func| self.may_throw(func),
            uncaught: self.uncaught(),
            variable: &variable,
            objects: &|| objects.borrow().images().iter().map(data).collect(),
            host: &|name| match environment {
                Environment::Process => host_symbol(name).map(|address| address as u64),
                _ => None,
            },
            earlier: &|_| None,
            // Of a program without exports nothing else would be left.
            visible_bodies: exports.is_empty(),
        };
        let text = write_module(&request)
            .map_err(|e: EmitError| self.failure_at(e.func, e.inst, &e.message))?;
        match refused.into_inner() {
            Some(failure) => Err(failure),
            None => Ok(text),
        }
    }

    /// The program as an object.
    pub(crate) fn llvm_object(
        &mut self,
        environment: jlift_lower::Environment,
    ) -> Result<ProgramObject, Failure> {
        let environment = match environment {
            jlift_lower::Environment::Library => Environment::Library,
            jlift_lower::Environment::HostedExecutable => Environment::HostedExecutable,
            jlift_lower::Environment::FreestandingExecutable => Environment::FreestandingExecutable,
            jlift_lower::Environment::Jit => Environment::Process,
        };
        let tools = tools_of(&self.options).map_err(|e| Failure::plain(e.to_string()))?;
        let text = self.llvm_text(environment)?;
        let level = level_of(self.options.level);
        let machine = machine_of(&self.options);
        let bytes = tools.object(&text.text, level, &machine);
        let bytes =
            bytes.map_err(|e| Failure::plain(tool_message(&e, &self.module, self.live())))?;
        Ok(ProgramObject {
            bytes,
            exports: text.exports,
        })
    }

    /// The exports as a library in this process: each one's C entry, the one with status where it may
    /// throw. Errors go to the record of this process.
    pub(crate) fn llvm_library(&mut self) -> Result<Loaded, Failure> {
        let object = self.llvm_object(jlift_lower::Environment::Jit)?;
        let bytes = self.link_library(&object)?;
        let library = LoadedLibrary::open(&bytes).map_err(Failure::plain)?;
        let entries = self.library_entries(&library)?;
        Ok((library, entries))
    }
}
