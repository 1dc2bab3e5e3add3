//! `jlift build`: libraries, executables, objects, headers and Python modules, as bytes. The caller
//! writes them, so that there is no partial output.

use crate::diagnostic::Failure;
use crate::options::{BackendKind, EmitKind, LinkerKind};
use crate::session::Session;
use jlift_abi::export::Export;
use jlift_backend_cranelift::emit::{emit_for_linking, emit_object, process_symbol};
use jlift_backend_cranelift::link::{
    EntryFlavor, Library, LinkRequest, OutputKind, link, link_with_cc,
};
use jlift_backend_cranelift::program::Visibility;
use jlift_ir::{BlockData, Func, Function, Op, Terminator, Type, Value};
use jlift_lower::Environment;
use std::path::Path;

/// Names that the mathematics library provides and generated code may import.
const MATH: &[&str] = &[
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "cbrt",
    "ceil",
    "cos",
    "cosh",
    "erf",
    "erfc",
    "exp",
    "exp10",
    "exp2",
    "expm1",
    "fabs",
    "floor",
    "fma",
    "fmod",
    "frexp",
    "hypot",
    "ldexp",
    "lgamma",
    "log",
    "log10",
    "log1p",
    "log2",
    "modf",
    "nearbyint",
    "pow",
    "remainder",
    "rint",
    "round",
    "sin",
    "sincos",
    "sinh",
    "sqrt",
    "tan",
    "tanh",
    "tgamma",
    "trunc",
];

/// What a build makes besides the output itself.
#[derive(Clone, Default, Debug)]
pub struct Products {
    pub output: Vec<u8>,
    pub header: Option<String>,
    pub python: Option<String>,
}

/// An object file of the whole program.
pub(crate) struct ProgramObject {
    pub bytes: Vec<u8>,
    /// The symbols that a library shows.
    pub exports: Vec<String>,
}

/// What to make.
#[derive(Clone, Debug)]
pub struct BuildRequest<'a> {
    pub kind: EmitKind,
    /// File name of the output: the Python module loads it by that name.
    pub file_name: &'a str,
    pub header: bool,
    pub python: bool,
}

impl BuildRequest<'_> {
    /// An object file and nothing else.
    pub fn object() -> Self {
        BuildRequest {
            kind: EmitKind::Object,
            file_name: "",
            header: false,
            python: false,
        }
    }
}

impl Session {
    /// Whether a library can be made: everything but linking it.
    pub fn check(&mut self) -> Result<(), Failure> {
        let object = self.object(Environment::Library, false)?.bytes;
        self.resolve_imports(&object)?;
        self.c_exports().map(|_| ())
    }

    /// Builds everything that the request asks for.
    pub fn build(&mut self, request: &BuildRequest) -> Result<Products, Failure> {
        let output = match request.kind {
            EmitKind::Library | EmitKind::Object => self.build_library(request.kind)?,
            EmitKind::Executable => self.build_executable()?,
        };
        let mut products = Products {
            output,
            ..Products::default()
        };
        if request.header || request.python {
            let exports = self.c_exports()?;
            let stem = Path::new(request.file_name)
                .file_stem()
                .map_or_else(|| "library".into(), |s| s.to_string_lossy().into_owned());
            if request.header {
                products.header = Some(
                    jlift_abi::header::header(&self.module.tables, &exports, &stem)
                        .map_err(|e| Failure::plain(format!("no C header: {e}")))?,
                );
            }
            if request.python {
                products.python = Some(
                    jlift_abi::python::python_module(
                        &self.module.tables,
                        &exports,
                        request.file_name,
                    )
                    .map_err(|e| Failure::plain(format!("no Python module: {e}")))?,
                );
            }
        }
        Ok(products)
    }

    /// The exports as C sees them.
    fn c_exports(&self) -> Result<Vec<Export>, Failure> {
        let names = &self.module.tables.names;
        Ok(self
            .exports
            .iter()
            .zip(self.export_symbols()?)
            .map(|(&func, symbol)| {
                let f = &self.module.functions[func];
                Export {
                    name: self.julia_name(func),
                    symbol,
                    params: f
                        .params
                        .iter()
                        .map(|p| (names.str(p.name).to_string(), p.ty))
                        .collect(),
                    ret: f.ret,
                    may_throw: self.may_throw(func),
                    julia_signature: format!(
                        "{}::{}",
                        self.module.describe(func),
                        jlift_ir::text::type_text(&self.module.tables, f.ret)
                    ),
                }
            })
            .collect())
    }

    /// The program as an object, by the backend that the options name.
    fn object(
        &mut self,
        environment: Environment,
        for_linking: bool,
    ) -> Result<ProgramObject, Failure> {
        match self.options.backend {
            BackendKind::Cranelift => {}
            BackendKind::Llvm => return self.llvm_object(environment),
            BackendKind::Interpreter => return Err(no_code()),
        }
        let compiled = self.compile(environment, false)?;
        let emit = match for_linking {
            true => emit_for_linking,
            false => emit_object,
        };
        let bytes = emit(compiled.isa, &compiled.program, &compiled.functions)
            .map_err(|e| Failure::plain(e.to_string()))?;
        let exports = compiled
            .program
            .functions
            .iter()
            .filter(|f| f.visibility == Visibility::Export)
            .map(|f| f.name.clone())
            .collect();
        Ok(ProgramObject { bytes, exports })
    }

    pub(crate) fn build_library(&mut self, kind: EmitKind) -> Result<Vec<u8>, Failure> {
        let object = self.object(Environment::Library, kind != EmitKind::Object)?;
        match kind {
            EmitKind::Object => Ok(object.bytes),
            _ => self.link_library(&object),
        }
    }

    /// The shared library of an object.
    pub(crate) fn link_library(&self, object: &ProgramObject) -> Result<Vec<u8>, Failure> {
        let imports = self.resolve_imports(&object.bytes)?;
        self.link(&LinkRequest {
            kind: OutputKind::SharedLibrary {
                exports: &object.exports,
                soname: None,
            },
            target: &self.options.target,
            objects: &[&object.bytes],
            imports: &imports,
            keep_symbols: false,
        })
    }

    fn link(&self, request: &LinkRequest) -> Result<Vec<u8>, Failure> {
        let linked = match self.options.linker {
            LinkerKind::Builtin => link(request),
            LinkerKind::Cc => link_with_cc(request, "cc"),
        };
        linked.map_err(|e| Failure::plain(e.to_string()))
    }

    /// An executable around `main`: no parameters, or C's argc and argv.
    fn build_executable(&mut self) -> Result<Vec<u8>, Failure> {
        let mains: Vec<_> = self
            .exports
            .iter()
            .copied()
            .filter(|&f| self.julia_name(f) == "main")
            .collect();
        let [main] = mains[..] else {
            return Err(Failure::plain(
                "an executable needs one exported function `main`",
            ));
        };
        self.check_main(main)?;
        let main = match self.module.functions[main].ret {
            Type::NOTHING | Type::BOTTOM => self.with_status(main),
            _ => main,
        };
        self.exports = vec![main];
        self.options.plain_entries_only = true;
        // Without imports from libc the program starts and ends by itself.
        let mut environment = Environment::FreestandingExecutable;
        let mut object = self.object(environment, true)?.bytes;
        if needs_libc(&object)? {
            environment = Environment::HostedExecutable;
            object = self.object(environment, true)?.bytes;
        }
        let imports = self.resolve_imports(&object)?;
        self.link(&LinkRequest {
            kind: OutputKind::Executable {
                entry: if environment == Environment::HostedExecutable || !imports.is_empty() {
                    EntryFlavor::Dynamic
                } else {
                    EntryFlavor::Freestanding
                },
            },
            target: &self.options.target,
            objects: &[&object],
            imports: &imports,
            keep_symbols: false,
        })
    }

    /// A `main` that returns 0 when the one that returns nothing does: C takes what it returns for the exit status. One that never
    /// returns needs no status.
    fn with_status(&mut self, main: Func) -> Func {
        let f = &mut self.module.functions[main];
        f.export = false;
        let mut start = Function::new(f.name, f.params.clone(), Type::INT32, f.self_type);
        start.export = true;
        let args: Vec<Value> = (0..f.params.len() as u32)
            .map(|n| Value::Arg(n + 2))
            .collect();
        let args = start.value_list(&args);
        let call = Op::Invoke {
            func: main,
            callee: None,
            args,
        };
        let ret = f.ret;
        let call = start.make_inst(call, ret, None.into());
        let block = start.blocks.push(BlockData::default());
        start.layout.push(block);
        start.blocks[block].insts.push(call);
        start.blocks[block].term = match ret {
            Type::BOTTOM => Terminator::Unreachable,
            _ => Terminator::Return(Value::Imm {
                ty: Type::INT32,
                bits: 0,
            }),
        };
        self.module.functions.push(start)
    }

    fn check_main(&self, main: Func) -> Result<(), Failure> {
        let f = &self.module.functions[main];
        let tables = &self.module.tables;
        let argv = |ty: Type| {
            tables
                .pointee(ty)
                .and_then(|p| tables.pointee(p))
                .is_some_and(|t| t == Type::UINT8 || t == Type::INT8)
        };
        let params_fit = match &f.params[..] {
            [] => true,
            [argc, args] => matches!(argc.ty, Type::INT32 | Type::INT64) && argv(args.ty),
            _ => false,
        };
        if params_fit
            && matches!(
                f.ret,
                Type::INT32 | Type::INT64 | Type::NOTHING | Type::BOTTOM
            )
        {
            return Ok(());
        }
        Err(Failure::plain(format!(
            "`{}` cannot be the start of a program: it takes nothing, or (Int, Ptr{{Ptr{{UInt8}}}}), and returns Int32, Int64 or nothing",
            self.module.describe(main)
        )))
    }

    /// Which library provides each name that the object leaves open.
    fn resolve_imports(&self, object: &[u8]) -> Result<Vec<(String, Library)>, Failure> {
        imports_of(object).map_err(|e| match e {
            ImportError::Object(message) => Failure::plain(message),
            ImportError::Missing(name) => self.missing_symbol(&name),
        })
    }

    /// The error of a C function that does not exist, at the statement that calls it.
    fn missing_symbol(&self, name: &str) -> Failure {
        for &func in self.live() {
            let f = &self.module.functions[func];
            for &block in &f.layout {
                for &inst in &f.blocks[block].insts {
                    let Op::ForeignCall(call) = &f.insts[inst].op else {
                        continue;
                    };
                    if jlift_lower::foreign_symbol(&self.module, call.symbol) == Some(name) {
                        let message = match name {
                            SHARED_GENERATOR => "random numbers without a generator of one's own are \
                                                 for programs that are run: pass one, such as `Xoshiro(seed)`"
                                .to_string(),
                            _ => format!("the C function `{name}` is in neither libc nor libm"),
                        };
                        return self.failure_at(func, Some(inst), &message);
                    }
                }
            }
        }
        Failure::plain(format!("the symbol `{name}` is in neither libc nor libm"))
    }
}

/// Gives the words of the generator that a running program shares.
const SHARED_GENERATOR: &str = "jlift_random_state";

/// What the interpreter cannot do.
pub(crate) fn no_code() -> Failure {
    Failure::plain("the interpreter makes no code: it runs programs in Julia")
}

/// Why it is not known where imported names come from.
pub(crate) enum ImportError {
    /// The object cannot be read.
    Object(String),
    /// No library has this name.
    Missing(String),
}

/// Which library provides each name that an object leaves open.
pub(crate) fn imports_of(object: &[u8]) -> Result<Vec<(String, Library)>, ImportError> {
    use object::{Object as _, ObjectSymbol as _};
    let file = object::File::parse(object)
        .map_err(|e| ImportError::Object(format!("internal error: object file: {e}")))?;
    let mut imports = Vec::new();
    for symbol in file.symbols().filter(|s| s.is_undefined()) {
        let Ok(name) = symbol.name() else { continue };
        if name.is_empty() || name.starts_with("jlift_sys_") || name == "__tls_get_addr" {
            continue;
        }
        let base = name.strip_suffix('f').unwrap_or(name);
        let library = if MATH.contains(&name) || MATH.contains(&base) {
            Library::M
        } else {
            // The C library of every supported target has the names that this one has.
            if process_symbol(name).is_none() {
                return Err(ImportError::Missing(name.into()));
            }
            Library::C
        };
        imports.push((name.to_string(), library));
    }
    imports.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(imports)
}

/// Whether an object refers to anything that our own system calls are not.
fn needs_libc(object: &[u8]) -> Result<bool, Failure> {
    use object::{Object as _, ObjectSymbol as _};
    let file = object::File::parse(object)
        .map_err(|e| Failure::plain(format!("internal error: object file: {e}")))?;
    Ok(file
        .symbols()
        .filter(|s| s.is_undefined())
        .filter_map(|s| s.name().ok())
        .any(|name| !name.is_empty() && !name.starts_with("jlift_sys_")))
}
