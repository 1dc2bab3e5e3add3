//! The intrinsics that generated code may call, as typed IR for libraries and as host functions for the JIT.
