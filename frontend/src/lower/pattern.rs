//! The names that the left side of an assignment binds.

use super::{LowerError, Lowered};
use crate::surface::{Head, Node, NodeData, Tree};
use jlift_ir::Name;

/// Appends the names that a pattern like `(a, (b, c)...)`, `(; a, b)` or `x::T` binds. Fields and
/// elements bind none.
pub fn names(tree: &Tree, pattern: Node, out: &mut Vec<Name>) -> Lowered<()> {
    match (tree.data(pattern), tree.head(pattern)) {
        (NodeData::Symbol(name), _) => out.push(*name),
        (_, Some(Head::Tuple | Head::Parameters)) => {
            for &part in tree.args(pattern) {
                names(tree, part, out)?;
            }
        }
        (_, Some(Head::Typed | Head::Splat | Head::Kw | Head::Assign)) => {
            if let Some(&inner) = tree.args(pattern).first() {
                names(tree, inner, out)?;
            }
        }
        (NodeData::GlobalRef(..), _) => {}
        (_, Some(Head::Dotted | Head::Ref | Head::Interpolate)) => {}
        _ => {
            return Err(LowerError::new(
                tree.span(pattern),
                "syntax: invalid assignment location",
            ));
        }
    }
    Ok(())
}
