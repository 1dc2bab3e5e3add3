//! Data layout, C calling conventions, symbol names, C headers and Python bindings.
