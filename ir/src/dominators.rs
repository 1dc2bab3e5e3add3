//! Immediate dominators in nearly linear time, so that no control flow, however contrived, makes
//! them slow. Works on depth-first numbers alone; knows nothing of functions.
//!
//! The algorithm is the simple version (path compression without balancing, O(m log n)) of
//! Lengauer and Tarjan, "A Fast Algorithm for Finding Dominators in a Flowgraph" (1979). Vertices
//! are numbered in depth-first preorder; the *semidominator* of `w` is the smallest vertex from
//! which `w` can be reached by a path whose inner vertices all have greater numbers than `w`.

const NONE: u32 = u32::MAX;

/// Spanning forest with, per vertex, the vertex of least semidominator on the compressed path
/// above it.
struct Forest {
    ancestor: Vec<u32>,
    label: Vec<u32>,
    semi: Vec<u32>,
    path: Vec<u32>,
}

impl Forest {
    fn new(n: u32) -> Self {
        Self {
            ancestor: vec![NONE; n as usize],
            label: (0..n).collect(),
            semi: (0..n).collect(),
            path: Vec::new(),
        }
    }

    /// The vertex of least semidominator between `v` and the root of its tree, root excluded.
    fn eval(&mut self, v: u32) -> u32 {
        if self.ancestor[v as usize] == NONE {
            return v;
        }
        let mut at = v;
        while self.ancestor[self.ancestor[at as usize] as usize] != NONE {
            self.path.push(at);
            at = self.ancestor[at as usize];
        }
        while let Some(w) = self.path.pop() {
            let w = w as usize;
            let above = self.ancestor[w] as usize;
            if self.semi[self.label[above] as usize] < self.semi[self.label[w] as usize] {
                self.label[w] = self.label[above];
            }
            self.ancestor[w] = self.ancestor[above];
        }
        self.label[v as usize]
    }
}

/// The immediate dominator of every vertex; the root 0 is its own. `parent[w]` is the parent in
/// the depth-first tree, `preds(w)` the numbers of the predecessors.
pub(crate) fn immediate_dominators<P>(parent: &[u32], preds: impl Fn(u32) -> P) -> Vec<u32>
where
    P: Iterator<Item = u32>,
{
    let n = parent.len() as u32;
    let mut forest = Forest::new(n);
    let mut idom = vec![0; n as usize];
    // Vertices waiting for their semidominator to be linked, as lists by semidominator.
    let mut bucket = vec![NONE; n as usize];
    let mut next = vec![NONE; n as usize];
    for w in (1..n).rev() {
        for v in preds(w) {
            let u = forest.eval(v);
            let semi = forest.semi[u as usize];
            if semi < forest.semi[w as usize] {
                forest.semi[w as usize] = semi;
            }
        }
        let semi = forest.semi[w as usize] as usize;
        next[w as usize] = bucket[semi];
        bucket[semi] = w;
        let p = parent[w as usize];
        forest.ancestor[w as usize] = p;
        let mut v = std::mem::replace(&mut bucket[p as usize], NONE);
        while v != NONE {
            let u = forest.eval(v);
            idom[v as usize] = if forest.semi[u as usize] < forest.semi[v as usize] {
                u
            } else {
                p
            };
            v = next[v as usize];
        }
    }
    for w in 1..n as usize {
        if idom[w] != forest.semi[w] {
            idom[w] = idom[idom[w] as usize];
        }
    }
    idom
}

/// Per vertex the range of the numbers of the vertices that it dominates, itself included, in a
/// numbering of the dominator tree: `a` dominates `b` if `b`'s first number is in `a`'s range.
pub(crate) fn subtree_ranges(idom: &[u32]) -> Vec<std::ops::Range<u32>> {
    let n = idom.len();
    let mut size = vec![1u32; n];
    for w in (1..n).rev() {
        size[idom[w] as usize] += size[w];
    }
    let mut ranges = vec![0..size.first().copied().unwrap_or(0); n];
    let mut free = vec![1u32; n];
    for w in 1..n {
        let up = idom[w] as usize;
        let start = free[up];
        free[up] += size[w];
        free[w] = start + 1;
        ranges[w] = start..start + size[w];
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::{immediate_dominators, subtree_ranges};

    /// Dominators by definition: `a` dominates `b` if `b` cannot be reached without `a`.
    fn dominates(succs: &[Vec<u32>], a: u32, b: u32) -> bool {
        if a == b || a == 0 {
            return true;
        }
        let mut seen = vec![false; succs.len()];
        let mut stack = vec![0];
        while let Some(v) = stack.pop() {
            if v == a || std::mem::replace(&mut seen[v as usize], true) {
                continue;
            }
            stack.extend(&succs[v as usize]);
        }
        !seen[b as usize]
    }

    /// Renumbers a graph in preorder; gives successors and tree parents.
    fn preorder(succs: &[Vec<u32>]) -> (Vec<Vec<u32>>, Vec<u32>) {
        let mut number = vec![u32::MAX; succs.len()];
        let (mut order, mut parent) = (Vec::new(), Vec::new());
        let mut stack = vec![(0u32, 0u32)];
        while let Some((v, p)) = stack.pop() {
            if number[v as usize] != u32::MAX {
                continue;
            }
            number[v as usize] = order.len() as u32;
            order.push(v);
            parent.push(p);
            let me = number[v as usize];
            stack.extend(succs[v as usize].iter().map(|&s| (s, me)));
        }
        let renumbered = order
            .iter()
            .map(|&v| {
                succs[v as usize]
                    .iter()
                    .map(|&s| number[s as usize])
                    .collect()
            })
            .collect();
        (renumbered, parent)
    }

    #[test]
    fn agree_with_the_definition_on_random_graphs() {
        let mut seed = 0x9e3779b97f4a7c15u64;
        let mut random = move |below: u64| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            (seed % below) as u32
        };
        for round in 0..400 {
            let n = 1 + random(14);
            let graph: Vec<Vec<u32>> = (0..n)
                .map(|_| (0..random(3)).map(|_| random(n.into())).collect())
                .collect();
            let (succs, parent) = preorder(&graph);
            let mut preds = vec![Vec::new(); succs.len()];
            for (v, list) in succs.iter().enumerate() {
                for &s in list {
                    preds[s as usize].push(v as u32);
                }
            }
            let idom = immediate_dominators(&parent, |w| preds[w as usize].iter().copied());
            let ranges = subtree_ranges(&idom);
            for a in 0..succs.len() as u32 {
                for b in 0..succs.len() as u32 {
                    assert_eq!(
                        ranges[a as usize].contains(&ranges[b as usize].start),
                        dominates(&succs, a, b),
                        "round {round}: does {a} dominate {b} in {succs:?}?"
                    );
                }
            }
        }
    }
}
