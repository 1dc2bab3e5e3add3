//! What the outside of a compiled program looks like: data layout, C calling conventions, symbol
//! names, the C header and the Python module for a set of exports. Knows types and targets, but
//! neither the IR of functions nor how code is generated.

pub mod boxed;
pub mod classify;
pub mod ctype;
pub mod export;
pub mod header;
pub mod layout;
pub mod object;
pub mod python;
pub mod symbols;

pub use classify::{
    AbiError, AbiParam, AbiSignature, CallConv, Extend, Pad, PassMode, Piece, ReturnMode,
    classify_signature,
};
pub use export::{Export, classify_export, classify_try, export_params};
pub use layout::{FieldLayout, Layout, LayoutError, Leaf, Scalar, check_declared, layout, leaves};
