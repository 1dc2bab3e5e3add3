//! Bounds on the nesting of a tree: what is too deep is an error, what is deep gets a stack that
//! is large enough for the recursive passes.

use super::{LowerError, Lowered};
use crate::surface::{Node, NodeData, Tree};

/// Deepest nesting that is lowered at all.
const MAX_LEVELS: usize = 4_000;
/// Most nodes of one item; macros can make trees that share parts exponentially often.
const MAX_NODES: usize = 20_000_000;
/// Deepest nesting that is lowered on the stack of the caller.
const LEVELS_ON_CALLERS_STACK: usize = 100;
/// Stack for one level in all passes, with a good margin for unoptimised builds.
const STACK_PER_LEVEL: usize = 48 << 10;

/// The number of levels of the tree below a node.
pub fn check(tree: &Tree, root: Node) -> Lowered<usize> {
    let mut deepest = 0;
    let mut visited = 0usize;
    let mut open = vec![(root, 1usize)];
    while let Some((node, level)) = open.pop() {
        visited += 1;
        if level > MAX_LEVELS || visited > MAX_NODES {
            let what = if level > MAX_LEVELS {
                "expression is nested too deeply"
            } else {
                "expression is too large"
            };
            return Err(LowerError::new(tree.span(root), what));
        }
        deepest = deepest.max(level);
        if let NodeData::Quote(inner) = tree.data(node) {
            open.push((*inner, level + 1));
        }
        open.extend(tree.args(node).iter().map(|&arg| (arg, level + 1)));
    }
    Ok(deepest)
}

/// Runs `work` with a stack that is large enough for this many levels.
pub fn with_stack<T: Send>(levels: usize, work: impl FnOnce() -> Lowered<T> + Send) -> Lowered<T> {
    if levels <= LEVELS_ON_CALLERS_STACK {
        return work();
    }
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .stack_size(levels * STACK_PER_LEVEL)
            .spawn_scoped(scope, work);
        match thread.map(|t| t.join()) {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(_) => Err(LowerError::new(
                None,
                "expression is nested too deeply for the memory of this machine",
            )),
        }
    })
}
