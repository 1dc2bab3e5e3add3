//! Linking, in process: relocatable ELF objects in memory to a shared library, an executable or one
//! object, as bytes. It must not know where the objects come from or where the result goes, and it
//! reads nothing of the machine: no libc, no start files, no PATH, no temporary file.
//!
//! The words used throughout:
//! - an *export* is a name that the loader of a shared library can look up; every other name is
//!   hidden before the linker sees it, so that it can be bound directly and dropped;
//! - an *import* is a name that a system library defines. The caller says which; the library is
//!   represented by a *stub*, a synthesised shared object that defines just the names in use;
//! - a section is *live* if the exports (or `_start`) lead to it through relocations. Only what a
//!   live section refers to can be undefined or need a library.
//!
//! The steps: read and check the objects ([`input`]), resolve every live undefined name to an
//! import or to one of our own system-call functions ([`start`]), write the stubs ([`stubs`]), let
//! libwild place and relocate ([`wild`]), and squeeze what it leaves ([`compact`]).

mod cc;
mod compact;
mod input;
mod memory_fs;
mod start;
mod stubs;
mod wild;

pub use cc::link_with_cc;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use target_lexicon::{Architecture, BinaryFormat, OperatingSystem, Triple};

/// The shared library that provides an imported symbol.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Library {
    /// The C library, `libc.so.6`.
    C,
    /// The mathematics library, `libm.so.6`.
    M,
    /// The dynamic loader itself (`__tls_get_addr`).
    DynamicLoader,
    /// Any other library, by its `DT_SONAME`.
    Named(String),
}

impl Library {
    /// The name that goes into `DT_NEEDED`.
    fn soname(&self, machine: Machine) -> &str {
        match self {
            Library::C => "libc.so.6",
            Library::M => "libm.so.6",
            Library::DynamicLoader => machine.loader_soname(),
            Library::Named(name) => name,
        }
    }
}

/// How an executable starts and ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryFlavor {
    /// No library at all: `_start` calls `int32 main(int32 argc, char **argv)` and exits with its
    /// result by a system call. Imports and thread-local data are refused.
    Freestanding,
    /// Started by the dynamic loader, through the C library's `__libc_start_main`, so that the C
    /// library is initialised and its buffers are flushed at exit.
    Dynamic,
}

/// What to make of the objects.
#[derive(Clone, Copy, Debug)]
pub enum OutputKind<'a> {
    /// A position-independent shared library.
    SharedLibrary {
        /// The dynamic symbols, each of which some object must define.
        exports: &'a [String],
        /// `DT_SONAME`, if wanted.
        soname: Option<&'a str>,
    },
    /// A program; some object must define `main`.
    Executable {
        /// How it starts and ends.
        entry: EntryFlavor,
    },
    /// One relocatable object. Names keep their visibility, undefined ones stay undefined, and a
    /// single input is handed back unchanged.
    Object,
}

/// Everything that determines the bytes of the output.
#[derive(Clone, Copy, Debug)]
pub struct LinkRequest<'a> {
    /// What to make.
    pub kind: OutputKind<'a>,
    /// The machine and system of the output; every object must be for it.
    pub target: &'a Triple,
    /// Relocatable ELF objects.
    pub objects: &'a [&'a [u8]],
    /// Where imported names come from. Names that no live section refers to are ignored.
    pub imports: &'a [(String, Library)],
    /// Keep the symbol table and debug sections for debuggers.
    pub keep_symbols: bool,
}

/// Why a link failed. No output exists then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// The target is not x86-64 or aarch64 Linux with ELF.
    UnsupportedTarget {
        /// The triple asked for.
        triple: String,
    },
    /// No objects were given.
    NoObjects,
    /// An object's bytes are not a well-formed relocatable ELF object for the target.
    BadObject {
        /// Position in [`LinkRequest::objects`].
        index: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// A live section refers to a name that neither an object nor an import defines.
    Undefined {
        /// The name.
        symbol: String,
    },
    /// A requested export that no object defines.
    MissingExport {
        /// The name.
        symbol: String,
    },
    /// Two objects define the same name.
    Duplicate {
        /// The name.
        symbol: String,
    },
    /// A freestanding program refers to an import.
    FreestandingImport {
        /// The name.
        symbol: String,
    },
    /// A freestanding program has thread-local data, which only the C library sets up.
    FreestandingThreadLocal {
        /// The section that holds it.
        section: String,
    },
    /// A name that a string table can't hold: empty, or with a NUL in it.
    BadName {
        /// The name.
        name: String,
    },
    /// An environment variable would change what the linker does.
    Environment {
        /// The variable.
        variable: String,
    },
    /// The linker refused; its own message.
    Linker {
        /// The message.
        message: String,
    },
    /// The linker panicked, which is a defect in it or in how it is driven.
    Panicked {
        /// The panic message.
        message: String,
    },
    /// No thread could be started for the linker.
    Thread {
        /// The system's message.
        message: String,
    },
    /// The external linker could not be started.
    CompilerMissing {
        /// The program.
        program: String,
        /// The system's message.
        message: String,
    },
    /// The external linker ran and failed.
    CompilerFailed {
        /// Its exit status.
        status: String,
        /// What it wrote to stderr.
        stderr: String,
    },
    /// A temporary file for the external linker could not be written or read.
    TemporaryFile {
        /// The system's message.
        message: String,
    },
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnsupportedTarget { triple } => write!(
                f,
                "can't link for {triple}: only x86-64 and aarch64 Linux (ELF) are supported"
            ),
            Self::NoObjects => write!(f, "nothing to link"),
            Self::BadObject { index, reason } => write!(f, "object {index} is malformed: {reason}"),
            Self::Undefined { symbol } => write!(f, "undefined symbol `{symbol}`"),
            Self::MissingExport { symbol } => {
                write!(f, "exported symbol `{symbol}` is not defined")
            }
            Self::Duplicate { symbol } => write!(f, "symbol `{symbol}` is defined twice"),
            Self::FreestandingImport { symbol } => write!(
                f,
                "`{symbol}` comes from a library, which a freestanding program can't use"
            ),
            Self::FreestandingThreadLocal { section } => write!(
                f,
                "thread-local data (`{section}`) in a freestanding program"
            ),
            Self::BadName { name } => write!(f, "{name:?} can't be used as a name"),
            Self::Environment { variable } => write!(
                f,
                "the environment variable {variable} would change the link; unset it"
            ),
            Self::Linker { message } => write!(f, "linker: {message}"),
            Self::Panicked { message } => write!(f, "the linker panicked: {message}"),
            Self::Thread { message } => write!(f, "can't start the linker's thread: {message}"),
            Self::CompilerMissing { program, message } => {
                write!(f, "can't run `{program}`: {message}")
            }
            Self::CompilerFailed { status, stderr } => {
                write!(f, "external linker failed ({status}): {stderr}")
            }
            Self::TemporaryFile { message } => write!(f, "temporary file: {message}"),
        }
    }
}

impl std::error::Error for LinkError {}

/// The machines this module can link for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Machine {
    X86_64,
    Aarch64,
}

impl Machine {
    fn of(target: &Triple) -> Result<Self, LinkError> {
        let unsupported = || LinkError::UnsupportedTarget {
            triple: target.to_string(),
        };
        if target.operating_system != OperatingSystem::Linux
            || target.binary_format != BinaryFormat::Elf
        {
            return Err(unsupported());
        }
        match target.architecture {
            Architecture::X86_64 => Ok(Self::X86_64),
            Architecture::Aarch64(target_lexicon::Aarch64Architecture::Aarch64) => {
                Ok(Self::Aarch64)
            }
            _ => Err(unsupported()),
        }
    }

    fn elf(self) -> object::elf::Machine {
        match self {
            Self::X86_64 => object::elf::EM_X86_64,
            Self::Aarch64 => object::elf::EM_AARCH64,
        }
    }

    fn loader_soname(self) -> &'static str {
        match self {
            Self::X86_64 => "ld-linux-x86-64.so.2",
            Self::Aarch64 => "ld-linux-aarch64.so.1",
        }
    }

    fn loader_path(self) -> &'static str {
        match self {
            Self::X86_64 => "/lib64/ld-linux-x86-64.so.2",
            Self::Aarch64 => "/lib/ld-linux-aarch64.so.1",
        }
    }
}

/// The names that each library must define, libraries in `DT_NEEDED` order.
type Imports = BTreeMap<Library, BTreeSet<String>>;

/// Links `request.objects` and returns the bytes of the output file.
///
/// Never prints, exits, forks, or touches the file system; the same request gives the same bytes.
///
/// # Errors
/// See [`LinkError`]; nothing is produced then.
pub fn link(request: &LinkRequest<'_>) -> Result<Vec<u8>, LinkError> {
    let plan = Plan::new(request, StartCode::Ours)?;
    match (&request.kind, request.objects) {
        (OutputKind::Object, [only]) => Ok(only.to_vec()),
        _ => plan.link(request),
    }
}

/// Who provides `_start` of an executable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum StartCode {
    Ours,
    System,
}

/// A request with every name resolved: what goes to the linker.
struct Plan {
    machine: Machine,
    /// The caller's objects with their symbols' visibility set, then the start-up and system-call
    /// objects.
    objects: Vec<Vec<u8>>,
    imports: Imports,
    /// Whether the loader fills in addresses that are worth protecting afterwards.
    relro: bool,
}

impl Plan {
    fn new(request: &LinkRequest<'_>, start: StartCode) -> Result<Self, LinkError> {
        let machine = Machine::of(request.target)?;
        if request.objects.is_empty() {
            return Err(LinkError::NoObjects);
        }
        let mut objects: Vec<Vec<u8>> = request.objects.iter().map(|o| o.to_vec()).collect();
        let roots: Vec<&str> = match request.kind {
            OutputKind::Object => {
                input::read(&objects, machine)?;
                return Ok(Self {
                    machine,
                    objects,
                    imports: Imports::new(),
                    relro: false,
                });
            }
            OutputKind::SharedLibrary { exports, soname } => {
                if let Some(soname) = soname {
                    check_name(soname)?;
                }
                exports.iter().map(String::as_str).collect()
            }
            OutputKind::Executable { entry } if start == StartCode::Ours => {
                objects.push(start::start_object(machine, entry)?);
                vec![start::ENTRY]
            }
            OutputKind::Executable { .. } => vec![start::MAIN],
        };

        let mut reading = input::read(&objects, machine)?;
        let executable = matches!(request.kind, OutputKind::Executable { .. });
        if executable && !reading.defines(start::MAIN) {
            return Err(LinkError::Undefined {
                symbol: start::MAIN.to_owned(),
            });
        }
        let mut live = input::live(&reading, &roots)?;
        let runtime: Vec<&str> = live
            .undefined
            .iter()
            .map(String::as_str)
            .filter(|name| {
                start::is_runtime_function(name)
                    && !request.imports.iter().any(|(import, _)| import == name)
            })
            .collect();
        if !runtime.is_empty() {
            let functions = start::runtime_object(machine, &runtime)?;
            objects.push(functions);
            reading = input::read(&objects, machine)?;
            live = input::live(&reading, &roots)?;
        }
        let imports = resolve_imports(request, machine, &live.undefined)?;

        let freestanding = matches!(
            request.kind,
            OutputKind::Executable {
                entry: EntryFlavor::Freestanding
            }
        );
        if freestanding && start == StartCode::Ours {
            if let Some(symbol) = imports.values().flatten().next() {
                return Err(LinkError::FreestandingImport {
                    symbol: symbol.clone(),
                });
            }
            if let Some(section) = reading.thread_local_section(&live) {
                return Err(LinkError::FreestandingThreadLocal { section });
            }
        }

        // A program's names are nobody's business either, but the start code of the system refers
        // to `main`.
        let exports: BTreeSet<&str> = roots.iter().copied().collect();
        let relro = !imports.is_empty() || reading.has_relocated_constants();
        let patches = reading.visibility_patches(&exports);
        for (object, patches) in objects.iter_mut().zip(patches) {
            for (offset, visibility) in patches {
                if let Some(byte) = object.get_mut(offset) {
                    *byte = (*byte & !3) | visibility;
                }
            }
        }
        Ok(Self {
            machine,
            objects,
            imports,
            relro,
        })
    }

    fn link(self, request: &LinkRequest<'_>) -> Result<Vec<u8>, LinkError> {
        let arguments = wild::arguments(request, self.machine, self.relro);
        let mut files: Vec<(String, Arc<[u8]>)> = Vec::new();
        for (index, object) in self.objects.into_iter().enumerate() {
            files.push((format!("{index}.o"), object.into()));
        }
        for (index, (library, names)) in self.imports.iter().enumerate() {
            let stub = stubs::shared_object(self.machine, library.soname(self.machine), names)?;
            files.push((format!("{index}.so"), stub.into()));
        }
        let bytes = wild::run(files, &arguments)?;
        Ok(match request.kind {
            OutputKind::Object => bytes,
            _ => compact::compact(bytes),
        })
    }
}

/// Refuses what a string table can't hold.
fn check_name(name: &str) -> Result<(), LinkError> {
    if name.is_empty() || name.contains('\0') {
        return Err(LinkError::BadName {
            name: name.to_owned(),
        });
    }
    Ok(())
}

/// Assigns every live undefined name to the library that provides it.
fn resolve_imports(
    request: &LinkRequest<'_>,
    machine: Machine,
    undefined: &BTreeSet<String>,
) -> Result<Imports, LinkError> {
    let provided: BTreeMap<&str, &Library> = request
        .imports
        .iter()
        .map(|(name, library)| (name.as_str(), library))
        .collect();
    let mut imports = Imports::new();
    for name in undefined {
        let library = match provided.get(name.as_str()) {
            Some(library) => (*library).clone(),
            // The general-dynamic access sequence calls this without any source text naming it.
            None if machine == Machine::X86_64 && name == "__tls_get_addr" => {
                Library::DynamicLoader
            }
            None if name == start::LIBC_START => Library::C,
            None => {
                return Err(LinkError::Undefined {
                    symbol: name.clone(),
                });
            }
        };
        imports.entry(library).or_default().insert(name.clone());
    }
    Ok(imports)
}
