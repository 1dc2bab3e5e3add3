//! Transformations from typed IR to typed IR.
