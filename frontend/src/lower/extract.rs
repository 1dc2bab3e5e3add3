//! Copies a part of a tree into a tree of its own, so that an item holds what it needs and no
//! more, and so that generated nodes can be added to it.

use crate::surface::{Node, NodeData, Tree};

/// Copies `root`. The depth of the tree was checked before.
pub fn copy(from: &Tree, root: Node, to: &mut Tree) -> Node {
    let span = from.span(root);
    match from.data(root) {
        NodeData::Expr { head, .. } => {
            let args = from.args(root);
            let mut copied = Vec::with_capacity(args.len());
            for &arg in args {
                copied.push(copy(from, arg, to));
            }
            to.expr(*head, &copied, span)
        }
        NodeData::Quote(inner) => {
            let inner = copy(from, *inner, to);
            to.add(NodeData::Quote(inner), span)
        }
        other => to.add(other.clone(), span),
    }
}
