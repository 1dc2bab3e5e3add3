//! The typed IR that everything above produces and everything below consumes: types, constants,
//! SSA functions, the verifier and the `.jir` text format. Knows nothing of targets, layouts in
//! memory beyond what a declaration states, or of how the IR was made.
//!
//! A [`Module`] owns the tables; [`Type`], [`Name`], [`Const`], [`Func`], [`Inst`] and [`Block`]
//! are plain indices into them, so that a module can be saved and mapped back.

pub mod builtin;
pub mod cfg;
pub mod constant;
pub mod copy;
pub mod decl;
mod dominators;
pub mod edit;
pub mod error_record;
pub mod fold;
pub mod function;
pub mod import;
pub mod intrinsic;
pub mod module;
pub mod names;
pub mod source;
mod subtype;
pub mod tables;
pub mod text;
pub mod types;
pub mod verify;

pub use builtin::Builtin;
pub use constant::{Const, ConstData};
pub use decl::{Field, StructDecl, StructKind};
pub use function::{
    Block, BlockData, ForeignCall, Function, InlineHint, Inst, InstData, Op, Param, PartMode,
    PhiList, Terminator, Value, ValueList,
};
pub use intrinsic::Intrinsic;
pub use module::{Func, Global, GlobalData, Module};
pub use names::{Name, NameTable};
pub use source::{Loc, LocData, LocTable};
pub use tables::Tables;
pub use types::{Type, TypeClass, TypeData, TypeParam};
