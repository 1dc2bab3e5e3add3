//! Brings functions of other modules into a module, with everything that they refer to: callees,
//! types and their declarations, constants, globals, source locations. Knows nothing of what the
//! functions are for.
//!
//! A [`Library`] is a set of modules whose functions are looked up by qualified name and parameter
//! types. It parses a text at the first use of one of its functions, so that a program that needs
//! none pays for none.

mod copy;

use copy::Context;

use crate::constant::{Const, ConstData};
use crate::copy::{Rename, copy_op, copy_terminator};
use crate::decl::{Decl, Field, StructDecl};
use crate::function::{Block, BlockData, Function, Inst, InstData, Op, Param, Value};
use crate::module::{Func, Global, GlobalData, Module};
use crate::names::Name;
use crate::source::{Loc, LocData};
use crate::text::type_text;
use crate::types::{Type, TypeData, TypeParam};
use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{EntityRef, SecondaryMap};
use hashbrown::HashMap;
use memchr::memmem;
use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

/// Why a function could not be brought in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ImportError {
    /// No module has a body for the function of this name and these parameter types.
    Missing(String),
    /// A library text does not parse.
    Broken { source: String, message: String },
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ImportError::Missing(function) => write!(f, "no function {function} to import"),
            ImportError::Broken { source, message } => write!(f, "{source}: {message}"),
        }
    }
}

impl std::error::Error for ImportError {}

/// One module of a library: its text until it is needed.
struct Source {
    name: Cow<'static, str>,
    text: Cow<'static, str>,
    module: OnceLock<Result<Module, ImportError>>,
}

/// A set of modules that functions are imported from.
#[derive(Default)]
pub struct Library {
    sources: Vec<Source>,
    /// Which sources define a function of this qualified name.
    index: HashMap<String, Vec<usize>>,
}

impl Library {
    /// The library of these texts, each with the name that errors call it by.
    pub fn new<S: Into<Cow<'static, str>>>(texts: impl IntoIterator<Item = (S, S)>) -> Self {
        let mut library = Library::default();
        let finder = memmem::Finder::new(FUNCTION);
        for (name, text) in texts {
            let (name, text) = (name.into(), text.into());
            let at = library.sources.len();
            // Every start of the compiler comes by here: only these lines are looked at.
            for start in finder.find_iter(text.as_bytes()) {
                let line = text.get(start + 1..).unwrap_or("");
                if let Some(defined) = defined_name(line) {
                    let sources = library.index.entry_ref(defined).or_default();
                    if sources.last() != Some(&at) {
                        sources.push(at);
                    }
                }
            }
            library.sources.push(Source {
                name,
                text,
                module: OnceLock::new(),
            });
        }
        library
    }

    fn module(&self, at: usize) -> Result<&Module, ImportError> {
        let source = &self.sources[at];
        source
            .module
            .get_or_init(|| {
                let mut module =
                    crate::text::parse(&source.text).map_err(|errors| ImportError::Broken {
                        source: source.name.to_string(),
                        message: errors.first().map_or_else(String::new, |e| e.to_string()),
                    })?;
                module.source_name = (*source.name).into();
                Ok(module)
            })
            .as_ref()
            .map_err(Clone::clone)
    }
}

/// How the first line of a function begins, which is never the first of a text.
const FUNCTION: &str = "\nfunction @";

/// `MODULE.NAME` of a line `function @ID MODULE.NAME(…`.
fn defined_name(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("function @")?;
    let (_, rest) = rest.split_once(' ')?;
    rest.split_once('(').map(|(name, _)| name)
}

/// What was imported from one library into one module.
#[derive(Default)]
pub struct Imported {
    maps: Vec<Maps>,
    /// The functions of the destination by name, as far as they were asked for.
    known: HashMap<Name, Vec<Func>>,
    /// Number of functions of the destination that `known` covers.
    indexed: usize,
}

/// Imports from one library into one module; remembers what is there already.
pub struct Importer<'a> {
    library: &'a Library,
    state: Imported,
}

/// What the entities of one source have become in the destination.
#[derive(Default)]
struct Maps {
    types: SecondaryMap<Type, PackedOption<Type>>,
    names: SecondaryMap<Name, PackedOption<Name>>,
    consts: SecondaryMap<Const, PackedOption<Const>>,
    globals: SecondaryMap<Global, PackedOption<Global>>,
    funcs: SecondaryMap<Func, PackedOption<Func>>,
    locs: SecondaryMap<Loc, PackedOption<Loc>>,
}

impl<'a> Importer<'a> {
    /// An importer from `library` into one module, always the same.
    pub fn new(library: &'a Library) -> Self {
        Importer::resume(library, Imported::default())
    }

    /// An importer that knows what an earlier one, of the same library and module, has imported.
    pub fn resume(library: &'a Library, mut state: Imported) -> Self {
        state.maps.resize_with(library.sources.len(), Maps::default);
        Importer { library, state }
    }

    /// What was imported so far.
    pub fn into_imported(self) -> Imported {
        self.state
    }

    /// The function of this qualified name and these parameter types (types of `into`): the one
    /// that `into` has, or else the library's, copied with everything that it calls.
    pub fn function(
        &mut self,
        into: &mut Module,
        name: &str,
        params: &[Type],
    ) -> Result<Func, ImportError> {
        let name = into.tables.names.intern(name);
        let mut pending = Vec::new();
        let func = self.declare(into, name, params, &mut pending)?;
        // Bodies are copied after their functions have a place, so that calls may be recursive.
        while let Some((source, from, to)) = pending.pop() {
            self.copy_body(into, source, from, to, &mut pending)?;
        }
        Ok(func)
    }

    fn existing(&mut self, into: &Module, name: Name, params: &[Type]) -> Option<Func> {
        for (func, f) in into.functions.iter().skip(self.state.indexed) {
            self.state.known.entry(f.name).or_default().push(func);
        }
        self.state.indexed = into.functions.len();
        self.state.known.get(&name)?.iter().copied().find(|&func| {
            let f = &into.functions[func];
            !f.external && f.params.len() == params.len() && {
                f.params.iter().zip(params).all(|(p, &t)| p.ty == t)
            }
        })
    }

    /// Finds or makes the destination's function; a new one has no body yet.
    fn declare(
        &mut self,
        into: &mut Module,
        name: Name,
        params: &[Type],
        pending: &mut Vec<(usize, Func, Func)>,
    ) -> Result<Func, ImportError> {
        if let Some(func) = self.existing(into, name, params) {
            return Ok(func);
        }
        let text = into.tables.names.str(name).to_string();
        let library = self.library;
        for &source in library.index.get(&text).into_iter().flatten() {
            let from = library.module(source)?;
            let Some(wanted) = from.tables.names.get(&text) else {
                continue;
            };
            for (func, f) in from.functions.iter() {
                if f.name != wanted || f.external || f.params.len() != params.len() {
                    continue;
                }
                let mut cx = Context {
                    from,
                    into,
                    maps: &mut self.state.maps[source],
                };
                if f.params.iter().zip(params).all(|(p, &t)| cx.ty(p.ty) == t) {
                    let to = cx.declare_function(func);
                    pending.push((source, func, to));
                    return Ok(to);
                }
            }
        }
        let params: Vec<String> = params.iter().map(|&t| type_text(&into.tables, t)).collect();
        Err(ImportError::Missing(format!(
            "{text}({})",
            params.join(", ")
        )))
    }

    /// Copies the body of `from`, a function of `source`, into its place `to`.
    fn copy_body(
        &mut self,
        into: &mut Module,
        source: usize,
        from_func: Func,
        to_func: Func,
        pending: &mut Vec<(usize, Func, Func)>,
    ) -> Result<(), ImportError> {
        let library = self.library;
        let from = library.module(source)?;
        let body = &from.functions[from_func];
        // Callees get their places first: afterwards the renaming cannot fail.
        for &block in &body.layout {
            for &inst in &body.blocks[block].insts {
                let Op::Invoke { func: callee, .. } = body.insts[inst].op else {
                    continue;
                };
                if self.state.maps[source].funcs[callee].is_some() {
                    continue;
                }
                let f = &from.functions[callee];
                let mut cx = Context {
                    from,
                    into,
                    maps: &mut self.state.maps[source],
                };
                let to = if f.external {
                    let name = cx.name(f.name);
                    let params: Vec<Type> = f.params.iter().map(|p| cx.ty(p.ty)).collect();
                    self.declare(into, name, &params, pending)?
                } else {
                    // Within a source identity counts, not the name: closures share theirs.
                    let to = cx.declare_function(callee);
                    pending.push((source, callee, to));
                    to
                };
                self.state.maps[source].funcs[callee] = to.into();
            }
        }
        let mut out = Function::new(Name::EMPTY, Vec::new(), Type::BOTTOM, Type::BOTTOM);
        std::mem::swap(&mut out, &mut into.functions[to_func]);
        let mut cx = Context {
            from,
            into,
            maps: &mut self.state.maps[source],
        };
        cx.copy_blocks(body, &mut out);
        into.functions[to_func] = out;
        Ok(())
    }
}

impl Module {
    /// Gives the calls of `extern` functions the functions of the module or the library that they
    /// name. Returns those that neither has, with the reason.
    pub fn resolve_externals(&mut self, library: &Library) -> Vec<(Func, ImportError)> {
        let mut importer = Importer::new(library);
        let mut target: SecondaryMap<Func, PackedOption<Func>> = SecondaryMap::new();
        let mut missing = Vec::new();
        let mut any = false;
        let externals: Vec<Func> = self
            .functions
            .iter()
            .filter(|(_, f)| f.external)
            .map(|(func, _)| func)
            .collect();
        for func in externals {
            let f = &self.functions[func];
            let (name, ret) = (self.tables.names.str(f.name).to_string(), f.ret);
            let params: Vec<Type> = f.params.iter().map(|p| p.ty).collect();
            match importer.function(self, &name, &params) {
                Ok(found) if self.functions[found].ret == ret => {
                    target[func] = found.into();
                    any = true;
                }
                Ok(_) => {
                    let ret = type_text(&self.tables, ret);
                    let wanted = format!("{}::{ret}", self.describe(func));
                    missing.push((func, ImportError::Missing(wanted)));
                }
                Err(error) => missing.push((func, error)),
            }
        }
        if any {
            for f in self.functions.values_mut() {
                for data in f.insts.values_mut() {
                    if let Op::Invoke { func, .. } = &mut data.op
                        && let Some(found) = target[*func].expand()
                    {
                        *func = found;
                    }
                }
            }
        }
        missing
    }

    /// The function of this qualified name and these parameter types: the module's own, or else
    /// the library's, copied with everything that it calls. For several functions keep an
    /// [`Importer`], which remembers what it has copied.
    pub fn import_function(
        &mut self,
        library: &Library,
        name: &str,
        params: &[Type],
    ) -> Result<Func, ImportError> {
        Importer::new(library).function(self, name, params)
    }
}
