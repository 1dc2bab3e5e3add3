//! The intrinsics that generated code may call: as typed IR for programs (the texts under `jir/`,
//! brought into a module on demand and compiled for its target like any other code), and as host
//! functions for code in the compiler's own process. Knows nothing of the compiler.

mod host;
mod text;

pub use host::{clear_error_type, error_message, error_type, host_symbol, set_error};

/// The typed IR of the shims that call host functions. In the compiler's own process they go
/// before the others of the same name.
pub const HOST_TEXT: (&str, &str) = ("host.jir", include_str!("../jir/host.jir"));

/// The typed IR of the shims, by the name that messages call it.
pub const TEXTS: &[(&str, &str)] = &[
    ("text.jir", include_str!("../jir/text.jir")),
    ("floats.jir", include_str!("../jir/floats.jir")),
    ("characters.jir", include_str!("../jir/characters.jir")),
    ("print.jir", include_str!("../jir/print.jir")),
    ("records.jir", include_str!("../jir/records.jir")),
    ("heap.jir", include_str!("../jir/heap.jir")),
    ("memory.jir", include_str!("../jir/memory.jir")),
    (
        "wide_integers.jir",
        include_str!("../jir/wide_integers.jir"),
    ),
    ("half.jir", include_str!("../jir/half.jir")),
];
