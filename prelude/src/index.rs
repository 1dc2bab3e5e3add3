//! The embedded index and the search in it.

use crate::shape::Shape;
use std::cmp::Ordering;

/// What a definition is.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
#[allow(dead_code, reason = "made by the build script where a file has one")]
pub enum Kind {
    /// A method of a function or a constructor.
    Method,
    /// A method of the instances of a type.
    Callable,
    /// `function f end`.
    Function,
    Struct,
    Abstract,
    Primitive,
    Const,
    Macro,
    Module,
    Export,
    /// A name that an `import` or `using` binds.
    Import,
}

#[cfg(debug_assertions)]
impl Kind {
    /// The kind with this name.
    pub(crate) fn from_text(text: &str) -> Option<Kind> {
        Some(match text {
            "Method" => Kind::Method,
            "Callable" => Kind::Callable,
            "Function" => Kind::Function,
            "Struct" => Kind::Struct,
            "Abstract" => Kind::Abstract,
            "Primitive" => Kind::Primitive,
            "Const" => Kind::Const,
            "Macro" => Kind::Macro,
            "Module" => Kind::Module,
            "Export" => Kind::Export,
            "Import" => Kind::Import,
            _ => return None,
        })
    }
}

/// A top-level item of the prelude, where it is kept. One that has several names (`const A, B = 1, 2`)
/// is listed once under each.
#[derive(Copy, Clone)]
pub struct Definition(Place);

#[derive(Copy, Clone)]
enum Place {
    Embedded(&'static Entry),
    #[cfg(debug_assertions)]
    Disk(&'static OnDisk),
}

/// A definition of a folder that is worked on: text only.
#[cfg(debug_assertions)]
pub(crate) struct OnDisk {
    pub(crate) text: &'static str,
    pub(crate) file: &'static str,
    pub(crate) module: &'static str,
    pub(crate) kind: Kind,
    pub(crate) line: u32,
    pub(crate) start: u32,
}

/// What the code of a definition is.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
#[allow(
    dead_code,
    reason = "made by the build script where a definition needs one"
)]
pub enum Form {
    /// Nothing: the text has to be parsed.
    Text,
    /// A syntax tree without macro calls, written by `jlift_frontend::surface_codec`.
    Tree,
    /// Methods, written by `jlift_frontend::method_codec`.
    Methods,
}

/// A definition as the table holds it: without addresses, which would have to be relocated when
/// the program starts.
struct Entry {
    file: u16,
    kind: Kind,
    line: u32,
    start: u32,
    end: u32,
    form: Form,
    /// Ranges in the bytes of all code and of all shapes.
    code_start: u32,
    code_end: u32,
    shape_start: u32,
    shape_end: u32,
}

/// A part of a string that holds many names.
#[derive(Copy, Clone)]
struct Piece {
    start: u32,
    len: u16,
}

impl Piece {
    fn of(self, text: &'static str) -> &'static str {
        let start = self.start as usize;
        text.get(start..start + usize::from(self.len)).unwrap_or("")
    }
}

/// The definitions of one name: a range of the table.
struct Key {
    module: Piece,
    name: Piece,
    start: u32,
    end: u32,
}

mod generated {
    use super::{Entry, Form, Key, Kind, Piece};
    include!(concat!(env!("OUT_DIR"), "/index.rs"));
}

/// A range of a table; nothing if the table does not have it.
fn part(table: &'static [u8], start: u32, end: u32) -> &'static [u8] {
    table.get(start as usize..end as usize).unwrap_or(&[])
}

impl Entry {
    fn file(&self) -> (&'static str, &'static str) {
        let file = generated::FILES.get(usize::from(self.file));
        file.copied().unwrap_or(("", ""))
    }
}

/// With `entry` an [`Entry`] and `disk` an [`OnDisk`], whichever a definition is.
macro_rules! read {
    ($definition:expr, $entry:ident => $embedded:expr, $disk:ident => $on_disk:expr) => {
        match $definition.0 {
            Place::Embedded($entry) => $embedded,
            #[cfg(debug_assertions)]
            Place::Disk($disk) => $on_disk,
        }
    };
}

impl Definition {
    #[cfg(debug_assertions)]
    pub(crate) fn on_disk(disk: &'static OnDisk) -> Definition {
        Definition(Place::Disk(disk))
    }

    /// The source text, without a docstring.
    pub fn text(self) -> &'static str {
        let embedded = |e: &Entry| e.file().1.get(e.start as usize..e.end as usize);
        read!(self, e => embedded(e).unwrap_or(""), d => d.text)
    }

    /// The file's path below `base/`.
    pub fn file(self) -> &'static str {
        read!(self, e => e.file().0, d => d.file)
    }

    /// The module that the definition stands in, where its names are looked up. It may extend a
    /// function of another one.
    pub fn module(self) -> &'static str {
        let embedded = |e: &Entry| generated::FILE_MODULES.get(usize::from(e.file));
        read!(self, e => embedded(e).map_or("Base", |m| m.of(generated::NAMES)), d => d.module)
    }

    /// What it defines.
    pub fn kind(self) -> Kind {
        read!(self, e => e.kind, d => d.kind)
    }

    /// 1-based line of the first byte in the file.
    pub fn line(self) -> u32 {
        read!(self, e => e.line, d => d.line)
    }

    /// Offset of the first byte in the file.
    pub fn start(self) -> u32 {
        read!(self, e => e.start, d => d.start)
    }

    /// What was made of the text when the prelude was built.
    pub fn form(self) -> Form {
        read!(self, e => e.form, _d => Form::Text)
    }

    /// What was made of the text, in its form.
    pub fn code(self) -> &'static [u8] {
        read!(self, e => part(generated::CODE, e.code_start, e.code_end), _d => &[])
    }

    /// What arguments its methods take; only definitions that are [`Form::Methods`] may have one.
    pub fn shape(self) -> Option<Shape> {
        let embedded = |e: &Entry| Shape::new(part(generated::SHAPES, e.shape_start, e.shape_end));
        read!(self, e => embedded(e), _d => None)
    }
}

/// The definitions of a name in a module (`Base`, `Base.Iterators`, `Core` for `Core.kwcall`), in
/// the order of files and of lines.
#[cfg(not(debug_assertions))]
pub fn definitions(module: &str, name: &str) -> impl ExactSizeIterator<Item = Definition> + use<> {
    embedded(module, name)
}

/// The definitions of a name in a module, from the folder that is worked on if there is one.
#[cfg(debug_assertions)]
pub fn definitions(module: &str, name: &str) -> impl ExactSizeIterator<Item = Definition> + use<> {
    let found: Vec<Definition> = match crate::disk::disk() {
        Some(disk) => {
            let key = (module.to_string(), name.to_string());
            disk.by_name.get(&key).cloned().unwrap_or_default()
        }
        None => embedded(module, name).collect(),
    };
    found.into_iter()
}

fn embedded(module: &str, name: &str) -> impl ExactSizeIterator<Item = Definition> + use<> {
    let order = |key: &Key| -> Ordering {
        let by_module = key.module.of(generated::NAMES).cmp(module);
        by_module.then_with(|| key.name.of(generated::NAMES).cmp(name))
    };
    let range = generated::KEYS
        .binary_search_by(order)
        .ok()
        .and_then(|at| generated::KEYS.get(at))
        .map_or(0..0, |key| key.start as usize..key.end as usize);
    generated::ENTRIES
        .get(range)
        .unwrap_or_default()
        .iter()
        .map(|entry| Definition(Place::Embedded(entry)))
}

/// The number of a type name that shapes mention: `Array`, `Type{Integer}`.
pub fn head(name: &str) -> Option<u16> {
    let order = |piece: &Piece| piece.of(generated::NAMES).cmp(name);
    let at = generated::HEADS.binary_search_by(order).ok()?;
    u16::try_from(at).ok()
}

/// The files by path below `base/`, with their text.
pub fn files() -> &'static [(&'static str, &'static str)] {
    generated::FILES
}

/// The modules that have definitions, by qualified name.
pub fn modules() -> impl Iterator<Item = &'static str> {
    #[cfg(debug_assertions)]
    let more = crate::disk::disk().map_or(&[][..], |d| &d.modules);
    #[cfg(not(debug_assertions))]
    let more: &[String] = &[];
    generated::MODULES
        .iter()
        .map(|piece| piece.of(generated::NAMES))
        .chain(more.iter().map(String::as_str))
}

/// The names that a module defines or extends, sorted.
#[cfg(not(debug_assertions))]
pub fn names(module: &str) -> impl Iterator<Item = &'static str> {
    embedded_names(module)
}

/// The names that a module defines or extends, sorted, in the folder that is worked on if there is one.
#[cfg(debug_assertions)]
pub fn names(module: &str) -> impl Iterator<Item = &'static str> {
    let found: Vec<&'static str> = match crate::disk::disk() {
        Some(disk) => (disk.by_name.keys())
            .filter(|(of, _)| of == module)
            .map(|(_, name)| name.as_str())
            .collect(),
        None => embedded_names(module).collect(),
    };
    found.into_iter()
}

fn embedded_names(module: &str) -> impl Iterator<Item = &'static str> {
    generated::KEYS
        .iter()
        .filter(move |key| key.module.of(generated::NAMES) == module)
        .map(|key| key.name.of(generated::NAMES))
}

/// Whether `Base` exports a name.
pub fn is_exported(name: &str) -> bool {
    #[cfg(debug_assertions)]
    if let Some(disk) = crate::disk::disk() {
        return disk
            .exports
            .binary_search_by(|e| e.as_str().cmp(name))
            .is_ok();
    }
    generated::EXPORTED
        .binary_search_by(|piece| piece.of(generated::EXPORTS).cmp(name))
        .is_ok()
}

/// The names that `Base` exports, sorted.
pub fn exported() -> impl ExactSizeIterator<Item = &'static str> {
    generated::EXPORTED
        .iter()
        .map(|piece| piece.of(generated::EXPORTS))
}
