//! The names of a module: those of C that it refers to, each declared once however it is used, and
//! those that it defines. A name has one meaning. Knows nothing of what is behind a name.

use crate::machine::symbol;
use hashbrown::{HashMap, HashSet};
use jlift_ir::Func;

/// A name of C.
struct Outside {
    /// The position of its declaration.
    line: usize,
    is_function: bool,
    /// Whose code refers to it first.
    user: Func,
}

/// All names so far.
#[derive(Default)]
pub(crate) struct Symbols {
    outside: HashMap<String, Outside>,
    /// Declarations of LLVM's own functions that are written.
    intrinsics: HashSet<String>,
    /// What the module itself defines, but for the entries of exports.
    own: HashSet<String>,
    /// Declarations, in the order of their first uses.
    lines: Vec<String>,
}

impl Symbols {
    /// Declarations of all that the module refers to.
    pub fn declarations(&self) -> &[String] {
        &self.lines
    }

    /// The module defines this name.
    pub fn define(&mut self, name: &str) {
        if !self.own.contains(name) {
            self.own.insert(name.to_string());
        }
    }

    /// A C function as an operand. LLVM is told that it is none of those that it knows: of memory
    /// from `malloc` it would know that nothing is in it, and take a branch on a field that was never
    /// given a value for one that cannot be reached.
    pub fn function(&mut self, name: &str, ret: &str, params: &str, user: Func) -> String {
        let quoted = symbol(name);
        match self.outside.get_mut(name) {
            Some(known) if known.is_function => {}
            Some(known) => {
                // Its address was taken: that is the same of a function.
                known.is_function = true;
                self.lines[known.line] = format!("declare {ret} {quoted}({params}) #1");
            }
            None => {
                self.add(name, true, user);
                self.lines
                    .push(format!("declare {ret} {quoted}({params}) #1"));
            }
        }
        quoted
    }

    /// A C variable, or function, whose address is taken.
    pub fn variable(&mut self, name: &str, user: Func) -> String {
        let quoted = symbol(name);
        if !self.outside.contains_key(name) {
            self.add(name, false, user);
            self.lines.push(format!("{quoted} = external global i8"));
        }
        quoted
    }

    /// Declares one of LLVM's own functions, by its whole declaration.
    pub fn intrinsic(&mut self, declaration: String) {
        if self.intrinsics.insert(declaration.clone()) {
            self.lines.push(declaration);
        }
    }

    fn add(&mut self, name: &str, is_function: bool, user: Func) {
        let line = self.lines.len();
        let outside = Outside {
            line,
            is_function,
            user,
        };
        self.outside.insert(name.to_string(), outside);
    }

    /// Whether an export can have this name.
    pub fn is_free(&self, name: &str) -> bool {
        !self.outside.contains_key(name) && !self.own.contains(name)
    }

    /// A name of C that the module gives another meaning, and who refers to it.
    pub fn clash(&self) -> Option<(&str, Func)> {
        let clashes = self
            .outside
            .iter()
            .filter(|(name, _)| self.own.contains(*name));
        let first = clashes.min_by_key(|(_, outside)| outside.line);
        first.map(|(name, outside)| (name.as_str(), outside.user))
    }
}

/// Refuses names that mean something to LLVM, or that it drops a part of.
pub(crate) fn check_c_name(name: &str) -> Result<(), String> {
    if name.starts_with("llvm.") {
        return Err(format!("`{name}`, which is LLVM's own, as a name of C"));
    }
    if name.is_empty() || name.starts_with('\u{1}') || name.contains('\0') {
        return Err(format!("{name:?} as a name of C"));
    }
    Ok(())
}

/// A name of Julia's as a part of a symbol: without what means something to LLVM or to linkers, which
/// take what follows an `@` for the version of a symbol.
pub(crate) fn own_name(name: &str) -> String {
    let name = name.replace('@', "macro ").replace('\0', "\\0");
    match name.starts_with("llvm.") || name.starts_with('\u{1}') {
        true => format!("julia {name}"),
        false => name,
    }
}
