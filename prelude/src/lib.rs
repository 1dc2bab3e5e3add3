//! Base as Julia source, by name of definition. Knows nothing of what the definitions mean.
//!
//! The build script finds the definitions of the files under `base/` and embeds the files with an
//! index of them; nothing is read or parsed when a program starts. A definition is looked up by
//! the module and the name that it defines or extends:
//!
//! | definition | found under |
//! |---|---|
//! | `f(x) = …`, `function f end` | `f` |
//! | `Base.show(io, x) = …` in any file | `show` of `Base` |
//! | `Complex{T}(x) where T = …`, `(::Type{Complex{T}})(x) where T = …` | `Complex` |
//! | `(::Type{T})(x) where {T<:Real} = …` | `(::Type)` |
//! | `(f::Fix1)(y) = …` | `Fix1`, kind [`Kind::Callable`] |
//! | `(::typeof(f))(x) = …` | `f` |
//! | `import ..Base: a, b as c` | `a` and `c` of the file's module |
//! | `macro m(x) … end` | `@m` |
//!
//! A file belongs to the module that its first line names (`# module: Base.Iterators`), else to
//! `Base`.

#[cfg(debug_assertions)]
mod disk;
mod index;
mod shape;

pub use index::{
    Definition, Form, Kind, definitions, exported, files, head, is_exported, modules, names,
};
pub use shape::{Argument, Shape};

// The scanner that they test is part of debug builds only.
#[cfg(all(test, debug_assertions))]
mod tests;
