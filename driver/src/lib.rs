//! One compilation session: input, diagnostics, options and the path through all stages.
