//! What the outside of a compiled program looks like: data layout, C calling conventions, symbol
//! names, the C header and the Python module for a set of exports. Knows types and targets, but
//! neither the IR of functions nor how code is generated.

pub mod layout;
pub mod object;
