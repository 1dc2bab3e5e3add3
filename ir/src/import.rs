//! Brings functions of other modules into a module, with everything that they refer to: callees,
//! types and their declarations, constants, globals, source locations. Knows nothing of what the
//! functions are for.
//!
//! A [`Library`] is a set of modules whose functions are looked up by qualified name and parameter
//! types. It parses a text at the first use of one of its functions, so that a program that needs
//! none pays for none.

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
    name: String,
    text: String,
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
    pub fn new<'a>(texts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut library = Library::default();
        for (name, text) in texts {
            let at = library.sources.len();
            // Every start of the compiler comes by here: only these lines are looked at.
            for (start, _) in text.match_indices(FUNCTION) {
                let line = text.get(start + 1..).unwrap_or("");
                if let Some(defined) = defined_name(line) {
                    let sources = library.index.entry_ref(defined).or_default();
                    if sources.last() != Some(&at) {
                        sources.push(at);
                    }
                }
            }
            library.sources.push(Source {
                name: name.to_string(),
                text: text.to_string(),
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
                        source: source.name.clone(),
                        message: errors.first().map_or_else(String::new, |e| e.to_string()),
                    })?;
                module.source_name = source.name.as_str().into();
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

/// Translation of the entities of one source.
struct Context<'m> {
    from: &'m Module,
    into: &'m mut Module,
    maps: &'m mut Maps,
}

impl Context<'_> {
    fn name(&mut self, name: Name) -> Name {
        if let Some(known) = self.maps.names[name].expand() {
            return known;
        }
        let to = self
            .into
            .tables
            .names
            .intern(self.from.tables.names.str(name));
        self.maps.names[name] = to.into();
        to
    }

    fn param(&mut self, param: TypeParam) -> TypeParam {
        match param {
            TypeParam::Type(t) => TypeParam::Type(self.ty(t)),
            TypeParam::Value(v) => TypeParam::Value(self.constant_value(v)),
        }
    }

    fn ty(&mut self, ty: Type) -> Type {
        if let Some(known) = self.maps.types[ty].expand() {
            return known;
        }
        let to = match self.from.tables.type_data(ty) {
            TypeData::Bottom => Type::BOTTOM,
            TypeData::Data { name, .. } => {
                let params: Vec<TypeParam> = self.from.tables.params(ty).to_vec();
                let params: Vec<TypeParam> = params.into_iter().map(|p| self.param(p)).collect();
                let name = self.name(name);
                self.into.tables.data_type(name, &params)
            }
            TypeData::Union(_) => {
                let members = self.from.tables.members(ty);
                let members: Vec<Type> = members.into_iter().map(|m| self.ty(m)).collect();
                self.into.tables.union(&members)
            }
            TypeData::UnionAll {
                var,
                lower,
                upper,
                body,
            } => {
                let (lower, upper) = (self.ty(lower), self.ty(upper));
                let (var, body) = (self.name(var), self.ty(body));
                self.into.tables.union_all(var, lower, upper, body)
            }
            TypeData::Var(name) => {
                let name = self.name(name);
                self.into.tables.type_var(name)
            }
            TypeData::Vararg { elem, count } => {
                let elem = self.ty(elem);
                let count = count.map(|p| self.param(p));
                self.into.tables.vararg(elem, count)
            }
        };
        // Known before its declaration is copied: fields may be of the same type.
        self.maps.types[ty] = to.into();
        if let Some(decl) = self.from.tables.decl(ty) {
            let decl = match decl {
                Decl::Struct(s) => Decl::Struct(StructDecl {
                    supertype: self.ty(s.supertype),
                    fields: s
                        .fields
                        .iter()
                        .map(|field| Field {
                            name: self.name(field.name),
                            ty: self.ty(field.ty),
                            ..field.clone()
                        })
                        .collect(),
                    ..s.clone()
                }),
                Decl::Singleton { supertype } => Decl::Singleton {
                    supertype: self.ty(*supertype),
                },
                Decl::Primitive { bits, supertype } => Decl::Primitive {
                    bits: *bits,
                    supertype: self.ty(*supertype),
                },
            };
            // Where both modules declare the type, the destination's word stands.
            self.into.tables.declare(to, decl);
        }
        to
    }

    fn constant_value(&mut self, value: Value) -> Value {
        match value {
            Value::Imm { ty, bits } => Value::Imm {
                ty: self.ty(ty),
                bits,
            },
            Value::Instance(ty) => Value::Instance(self.ty(ty)),
            Value::Type(ty) => Value::Type(self.ty(ty)),
            Value::Const(c) => Value::Const(self.constant(c)),
            Value::Inst(_) | Value::Arg(_) => value,
        }
    }

    fn constant(&mut self, c: Const) -> Const {
        if let Some(known) = self.maps.consts[c].expand() {
            return known;
        }
        let data = match self.from.tables.const_data(c).clone() {
            ConstData::Wide { ty, bits } => ConstData::Wide {
                ty: self.ty(ty),
                bits,
            },
            ConstData::String(bytes) => ConstData::String(bytes),
            ConstData::Symbol(name) => ConstData::Symbol(self.name(name)),
            ConstData::Aggregate { ty, fields } => ConstData::Aggregate {
                ty: self.ty(ty),
                fields: fields.iter().map(|&v| self.constant_value(v)).collect(),
            },
            ConstData::Array { ty, dims, elems } => ConstData::Array {
                ty: self.ty(ty),
                dims,
                elems: elems.iter().map(|&v| self.constant_value(v)).collect(),
            },
            ConstData::Module(name) => ConstData::Module(self.name(name)),
            ConstData::Global(g) => ConstData::Global(self.global(g)),
            ConstData::Binding(name) => ConstData::Binding(self.name(name)),
            ConstData::Opaque(ty) => ConstData::Opaque(self.ty(ty)),
        };
        let to = self.into.tables.constant(data);
        self.maps.consts[c] = to.into();
        to
    }

    fn global(&mut self, g: Global) -> Global {
        if let Some(known) = self.maps.globals[g].expand() {
            return known;
        }
        let from = &self.from.globals[g];
        let data = GlobalData {
            name: self.name(from.name),
            ty: self.ty(from.ty),
            value: self.constant_value(from.value),
        };
        let same = self.into.globals.iter().find(|(_, d)| **d == data);
        let to = match same.map(|(g, _)| g) {
            Some(g) => g,
            None => self.into.globals.push(data),
        };
        self.maps.globals[g] = to.into();
        to
    }

    fn loc(&mut self, loc: PackedOption<Loc>) -> PackedOption<Loc> {
        let Some(loc) = loc.expand() else {
            return None.into();
        };
        if self.maps.locs[loc].is_some() {
            return self.maps.locs[loc];
        }
        let links: Vec<LocData> = self.from.locs.chain(loc).copied().collect();
        let mut outer: PackedOption<Loc> = None.into();
        for link in links.into_iter().rev() {
            let data = LocData {
                file: self.name(link.file),
                line: link.line,
                function: self.name(link.function),
                inlined_at: outer,
            };
            outer = self.into.locs.intern(data).into();
        }
        self.maps.locs[loc] = outer;
        outer
    }

    /// A function of the destination with the signature of `func` and no body yet.
    fn declare_function(&mut self, func: Func) -> Func {
        let f = &self.from.functions[func];
        let params = f
            .params
            .iter()
            .map(|p| Param {
                name: self.name(p.name),
                ty: self.ty(p.ty),
            })
            .collect();
        let (name, ret) = (self.name(f.name), self.ty(f.ret));
        let self_type = self.ty(f.self_type);
        // An entry point of a library is none of the program.
        let mut out = Function::new(name, params, ret, self_type);
        out.inline = f.inline;
        let to = self.into.functions.push(out);
        self.maps.funcs[func] = to.into();
        to
    }

    fn copy_blocks(&mut self, body: &Function, out: &mut Function) {
        let mut inst_map: SecondaryMap<Inst, PackedOption<Inst>> = SecondaryMap::new();
        let mut block_map: SecondaryMap<Block, PackedOption<Block>> = SecondaryMap::new();
        for &block in &body.layout {
            let to = out.blocks.push(BlockData::default());
            out.layout.push(to);
            block_map[block] = to.into();
            for &inst in &body.blocks[block].insts {
                let data = InstData {
                    op: Op::Nop,
                    ty: self.ty(body.insts[inst].ty),
                    loc: self.loc(body.insts[inst].loc),
                };
                inst_map[inst] = out.insts.push(data).into();
            }
        }
        let mut rename = ImportRename {
            cx: self,
            insts: &inst_map,
            blocks: &block_map,
        };
        for (i, &block) in body.layout.iter().enumerate() {
            let to = out.layout[i];
            let data = &body.blocks[block];
            let mut insts = Vec::with_capacity(data.insts.len());
            for &inst in &data.insts {
                let op = copy_op(out, body, inst, &mut rename);
                if let Some(new) = inst_map[inst].expand() {
                    out.insts[new].op = op;
                    insts.push(new);
                }
            }
            let term = copy_terminator(&data.term, &mut rename);
            let term_loc = rename.cx.loc(data.term_loc);
            out.blocks[to] = BlockData {
                insts,
                term,
                term_loc,
            };
        }
    }
}

struct ImportRename<'c, 'm> {
    cx: &'c mut Context<'m>,
    insts: &'c SecondaryMap<Inst, PackedOption<Inst>>,
    blocks: &'c SecondaryMap<Block, PackedOption<Block>>,
}

impl Rename for ImportRename<'_, '_> {
    fn value(&mut self, value: Value) -> Value {
        match value {
            // A statement outside of all blocks is never executed; nor is its user then.
            Value::Inst(i) => self.insts[i].expand().map_or(Value::NOTHING, Value::Inst),
            Value::Arg(_) => value,
            constant => self.cx.constant_value(constant),
        }
    }

    fn block(&mut self, block: Block) -> Block {
        self.blocks[block].expand().unwrap_or(Block::new(0))
    }

    fn ty(&mut self, ty: Type) -> Type {
        self.cx.ty(ty)
    }

    fn func(&mut self, func: Func) -> Func {
        self.cx.maps.funcs[func].expand().unwrap_or(func)
    }

    fn name(&mut self, name: Name) -> Name {
        self.cx.name(name)
    }

    fn constant(&mut self, c: Const) -> Const {
        self.cx.constant(c)
    }
}
