//! Checks that IR is what its consumers rely on: structure, dominance, types of operands and
//! results, protected regions, declared layouts. Knows nothing of how the IR was made or of what
//! it becomes; as strict as the IR that Julia's own optimizer leaves behind allows.
//!
//! What is uncertain is accepted: subtyping is decided by declarations and the shape of types
//! ([`crate::Tables::is_subtype`]), and only a certain "no" is an error. All checks take time
//! linear in the size of the function, whatever its shape.
//!
//! - `structure`: blocks, ownership of statements, phis, dominance of uses
//! - `statement`, `intrinsic`, `builtin`, `call`: operand and result types by kind of statement
//! - `region`: protected regions and caught exceptions along all paths
//! - `layout`: declarations, and types whose values nest without end or are too large
//! - `constant`: constants as operands
//! - `types`: memoized questions about types

mod builtin;
mod call;
mod constant;
mod intrinsic;
mod layout;
mod region;
mod statement;
mod structure;
mod types;

use crate::function::{Function, Inst, Value};
use crate::module::{Func, Module, value_type};
use crate::tables::Tables;
use crate::text::{statement_text, type_text};
use crate::types::Type;
use cranelift_entity::EntityRef;
use layout::Layouts;
use std::fmt;
use types::Types;

/// No more errors than this are reported.
pub const MAX_ERRORS: usize = 20;

/// Texts of types and statements in messages are cut after this many characters.
const MAX_TEXT: usize = 160;

/// What is wrong with a module, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VerifyError {
    /// `None` for errors of declarations and global constants.
    pub func: Option<Func>,
    /// `None` for errors of the function as a whole, its blocks and their ends.
    pub inst: Option<Inst>,
    pub message: String,
    /// Function and statement as text.
    place: String,
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.place, self.message)
        }
    }
}

impl std::error::Error for VerifyError {}

/// The outcome of one check: what is wrong.
type Check = Result<(), String>;

/// Returns the formatted message unless the condition holds.
macro_rules! ensure {
    ($cond:expr, $($message:tt)+) => {
        if !$cond {
            return Err(format!($($message)+));
        }
    };
}
use ensure;

/// Checks a module: its declarations, global constants and functions.
///
/// # Errors
/// What is wrong, in the order of the module, at most [`MAX_ERRORS`].
pub fn verify_module(module: &Module) -> Result<(), Vec<VerifyError>> {
    let mut v = Verifier::new(module);
    v.declarations();
    v.globals();
    for func in module.functions.keys() {
        v.function(func);
        if v.is_full() {
            break;
        }
    }
    v.finish()
}

/// Checks one function, and the types that it uses.
///
/// # Errors
/// What is wrong, at most [`MAX_ERRORS`].
pub fn verify_function(module: &Module, func: Func) -> Result<(), Vec<VerifyError>> {
    let mut v = Verifier::new(module);
    v.function(func);
    v.finish()
}

/// What is shared by the functions of a module: answers about types, and the errors so far.
struct Verifier<'a> {
    module: &'a Module,
    types: Types<'a>,
    layouts: Layouts,
    /// Constants that were checked already.
    checked_consts: Vec<bool>,
    errors: Vec<VerifyError>,
}

impl<'a> Verifier<'a> {
    fn new(module: &'a Module) -> Self {
        Self {
            module,
            types: Types::new(&module.tables),
            layouts: Layouts::default(),
            checked_consts: Vec::new(),
            errors: Vec::new(),
        }
    }

    fn is_full(&self) -> bool {
        self.errors.len() >= MAX_ERRORS
    }

    fn finish(self) -> Result<(), Vec<VerifyError>> {
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(self.errors)
        }
    }

    fn error(&mut self, func: Option<Func>, inst: Option<Inst>, message: String) {
        if self.is_full() {
            return;
        }
        let place = match (func, inst) {
            (Some(func), Some(inst)) => format!(
                "{}: `{}`",
                self.describe(func),
                cut(&statement_text(self.module, func, inst))
            ),
            (Some(func), None) => self.describe(func),
            _ => String::new(),
        };
        self.errors.push(VerifyError {
            func,
            inst,
            message,
            place,
        });
    }

    fn describe(&self, func: Func) -> String {
        format!("@{} {}", func.index() + 1, cut(&self.module.describe(func)))
    }

    fn function(&mut self, id: Func) {
        let func = &self.module.functions[id];
        FunctionVerifier {
            v: self,
            id,
            func,
            used: Vec::new(),
            cleanup: false,
        }
        .run();
    }
}

/// The checks of one function.
struct FunctionVerifier<'v, 'a> {
    v: &'v mut Verifier<'a>,
    id: Func,
    func: &'a Function,
    /// Whether a statement's value has a use in a listed block.
    used: Vec<bool>,
    /// The statement before was a `cleanup`.
    cleanup: bool,
}

impl<'a> FunctionVerifier<'_, 'a> {
    fn run(&mut self) {
        self.signature();
        if self.func.external {
            if !self.func.layout.is_empty() {
                self.error(None, "an external function has a body".into());
            }
            return;
        }
        if self.func.layout.is_empty() {
            self.error(None, "the function has no blocks".into());
            return;
        }
        let errors = self.v.errors.len();
        let Some(structure) = self.structure() else {
            return;
        };
        for &block in &self.func.layout {
            for &inst in &self.func.blocks[block].insts {
                if self.v.is_full() {
                    return;
                }
                if let Err(message) = self.statement(block, inst) {
                    self.error(Some(inst), message);
                }
            }
            if let Err(message) = self.terminator(block) {
                self.error(
                    None,
                    format!("block #{}: {message}", structure.label(block)),
                );
            }
        }
        // The region statements themselves must be right for their nesting to mean something.
        if self.v.errors.len() == errors {
            self.regions(&structure);
        }
    }

    fn signature(&mut self) {
        let func = self.func;
        let types = func.params.iter().map(|p| p.ty);
        for ty in types.chain([func.ret, func.self_type]) {
            if let Err(message) = self.v.check_type(ty) {
                self.error(None, message);
            }
        }
    }

    fn error(&mut self, inst: Option<Inst>, message: String) {
        self.v.error(Some(self.id), inst, message);
    }

    fn tables(&self) -> &'a Tables {
        &self.v.module.tables
    }

    /// The static type of an operand; types are `DataType`s.
    fn ty(&self, value: Value) -> Type {
        let m = self.v.module;
        value_type(&m.tables, &m.globals, self.func, value).unwrap_or(Type::ANY)
    }

    fn text(&self, ty: Type) -> String {
        cut(&type_text(self.tables(), ty)).into()
    }
}

/// At most [`MAX_TEXT`] characters of a text.
fn cut(text: &str) -> std::borrow::Cow<'_, str> {
    match text.char_indices().nth(MAX_TEXT) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}
