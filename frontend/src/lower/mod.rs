//! Surface trees to lowered code. Knows Julia's syntax, scopes and closures; nothing of types,
//! methods or what a global is bound to.
//!
//! ```text
//! top-level nodes ─ toplevel, signature, structs ─► Item, MethodDef   (surface in, surface out)
//! a body          ─ desugar ─► Hir ─ scope, flow ─► Hir with variables ─ emit ─► Code
//! ```
//!
//! Each item owns a small tree that holds its part of the file and what was generated for it, so
//! bodies can be lowered one by one, when they are needed.

mod definition;
mod depth;
mod desugar;
mod emit;
mod extract;
mod flow;
mod generate;
mod hir;
mod imports;
mod keywords;
mod known;
mod pattern;
mod scope;
mod signature;
mod structs;
mod toplevel;

use crate::lowered::{Code, Item, MethodBody, MethodDef};
use crate::macros::Gensym;
use crate::surface::{Node, Span, Tree};
use hashbrown::{HashMap, HashSet};
use jlift_ir::{Name, NameTable, Tables};
use known::Known;
use std::fmt;
use std::sync::Arc;

pub use signature::where_vars;

/// What is wrong with a piece of source. The message of an error of the language begins with
/// `syntax: `, as in Julia.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LowerError {
    pub message: String,
    pub span: Option<Span>,
}

impl LowerError {
    /// An error at a place.
    pub fn new(span: Option<Span>, message: impl Into<String>) -> LowerError {
        LowerError {
            message: message.into(),
            span,
        }
    }
}

impl fmt::Display for LowerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for LowerError {}

/// The result of a step of lowering.
pub type Lowered<T> = Result<T, LowerError>;

/// Code that is a value.
#[derive(Clone)]
pub struct QuotedCode {
    pub tree: Arc<Tree>,
    pub node: Node,
    /// `$x` in it stands for a value that is there when it is evaluated.
    pub interpolates: bool,
}

/// What lowering keeps between calls. One context belongs to one set of tables.
pub struct LowerContext {
    /// Makes generated names, for macros too; they are unique within the session.
    pub gensym: Gensym,
    /// Counts other things that need a number.
    pub numbers: u32,
    /// The full name of the module that the code is in; whoever lowers code of several modules
    /// with one context sets it. It matters for loops at top level only.
    pub module: Name,
    /// By module, the globals that exist so far: the scope rule of loops at top level depends on
    /// them. [`lower_file`] adds what the file defines.
    globals: HashMap<Name, HashSet<Name>>,
    /// Warnings of the language, in order: what Julia prints to stderr and goes on.
    pub warnings: Vec<LowerError>,
    /// Quoted code, by the number that the code which evaluates it mentions.
    pub quotes: Vec<QuotedCode>,
    known: Option<Arc<Known>>,
}

impl Default for LowerContext {
    fn default() -> Self {
        LowerContext {
            gensym: Gensym::default(),
            numbers: 0,
            module: Name::EMPTY,
            globals: HashMap::new(),
            warnings: Vec::new(),
            quotes: Vec::new(),
            known: None,
        }
    }
}

impl LowerContext {
    /// Notes that a global of the current module exists.
    pub fn define_global(&mut self, name: Name) {
        self.globals.entry(self.module).or_default().insert(name);
    }

    /// Whether a global of the current module is known to exist.
    pub fn has_global(&self, name: Name) -> bool {
        self.globals
            .get(&self.module)
            .is_some_and(|globals| globals.contains(&name))
    }

    /// A number that no other name has.
    pub fn next_number(&mut self) -> u32 {
        self.numbers += 1;
        self.numbers
    }

    fn known(&mut self, names: &mut NameTable) -> Arc<Known> {
        self.known
            .get_or_insert_with(|| Arc::new(Known::new(names)))
            .clone()
    }
}

/// Lowers top-level nodes, macros expanded. Bodies of methods stay as they are until
/// [`lower_body`]; an item with an error is left out.
pub fn lower_file(
    tree: Arc<Tree>,
    items: &[Node],
    ctx: &mut LowerContext,
    tables: &mut Tables,
) -> (Vec<Item>, Vec<LowerError>) {
    toplevel::lower_items(&tree, items, false, ctx, tables)
}

/// Lowers code whose value is wanted: where the last item is code, it returns the value in a
/// `Core.Box`.
pub fn lower_value(
    tree: Arc<Tree>,
    items: &[Node],
    ctx: &mut LowerContext,
    tables: &mut Tables,
) -> (Vec<Item>, Vec<LowerError>) {
    toplevel::lower_items(&tree, items, true, ctx, tables)
}

/// Lowers the body of a method.
///
/// # Errors
/// What is wrong with the body, located.
pub fn lower_body(
    method: &MethodDef,
    ctx: &mut LowerContext,
    tables: &mut Tables,
) -> Lowered<Code> {
    match &method.body {
        MethodBody::Code(code) => Ok((**code).clone()),
        MethodBody::Surface(body) => {
            let levels = depth::check(&method.tree, *body)?;
            depth::with_stack(levels, || desugar::method_body(method, *body, ctx, tables))
        }
    }
}
