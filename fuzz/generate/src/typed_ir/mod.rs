//! Random valid typed IR.
