//! Array literals: `[a, b]`, `[a; b]`, `[a b; c d]`, `T[…; …]`, `[a;;; b]`.

use super::Desugar;
use crate::lower::Lowered;
use crate::lower::hir::Hx;
use crate::surface::{Head, Node, NodeData};

impl Desugar<'_> {
    pub(super) fn array(&mut self, node: Node, head: Head, args: &[Node]) -> Lowered<Hx> {
        if let Some(&bad) = args.iter().find(|&&a| {
            matches!(
                self.tree.head(a),
                Some(Head::Parameters | Head::Assign | Head::Kw)
            )
        }) {
            return self.error(
                bad,
                "syntax: misplaced assignment or semicolon in array literal",
            );
        }
        let typed = matches!(head, Head::TypedVcat | Head::TypedHcat | Head::TypedNcat);
        let (ty, args) = match args.split_first() {
            Some((&ty, rest)) if typed => (Some(self.expr(ty)?), rest),
            _ => (None, args),
        };
        match head {
            Head::Vect => {
                let args = self.splat_args(args)?;
                let callee = self.base(self.k.vect);
                Ok(self.apply(callee, &args))
            }
            Head::Hcat | Head::TypedHcat => {
                let args = self.splat_args(args)?;
                let name = if typed {
                    self.k.typed_hcat
                } else {
                    self.k.hcat
                };
                Ok(self.concatenate(name, ty, args))
            }
            Head::Vcat | Head::TypedVcat => self.vertical(ty, args),
            _ => self.many_dimensions(node, ty, args),
        }
    }

    fn concatenate(&mut self, name: jlift_ir::Name, ty: Option<Hx>, args: Vec<(Hx, bool)>) -> Hx {
        let callee = self.base(name);
        let mut all: Vec<(Hx, bool)> = ty.into_iter().map(|ty| (ty, false)).collect();
        all.extend(args);
        self.apply(callee, &all)
    }

    fn vertical(&mut self, ty: Option<Hx>, args: &[Node]) -> Lowered<Hx> {
        let is_row = |n: &Node| self.tree.head(*n) == Some(Head::Row);
        if !args.iter().any(is_row) {
            let args = self.splat_args(args)?;
            let name = if ty.is_some() {
                self.k.typed_vcat
            } else {
                self.k.vcat
            };
            return Ok(self.concatenate(name, ty, args));
        }
        let mut rows = Vec::with_capacity(args.len());
        for &arg in args {
            rows.push(if is_row(&arg) {
                self.args(arg)
            } else {
                vec![arg]
            });
        }
        let splat = rows
            .iter()
            .flatten()
            .any(|&n| self.tree.head(n) == Some(Head::Splat));
        if splat {
            let mut tuples = Vec::with_capacity(rows.len());
            for row in rows {
                let row = self.splat_args(&row)?;
                let tuple = self.core(self.k.tuple);
                tuples.push((self.apply(tuple, &row), false));
            }
            let name = if ty.is_some() {
                self.tables.names.intern("typed_hvcat_rows")
            } else {
                self.k.hvcat_rows
            };
            return Ok(self.concatenate(name, ty, tuples));
        }
        let mut lengths = Vec::with_capacity(rows.len());
        for row in &rows {
            lengths.push(self.int(row.len() as i64));
        }
        let lengths = self.call_core(self.k.tuple, &lengths);
        let mut all = vec![(lengths, false)];
        for row in rows {
            for value in row {
                all.push((self.expr(value)?, false));
            }
        }
        let name = if ty.is_some() {
            self.k.typed_hvcat
        } else {
            self.k.hvcat
        };
        Ok(self.concatenate(name, ty, all))
    }

    /// `[a;;; b]`: the first argument is the dimension of the outermost separator.
    fn many_dimensions(&mut self, node: Node, ty: Option<Hx>, args: &[Node]) -> Lowered<Hx> {
        let Some((&dimension, elements)) = args.split_first() else {
            return self.error(node, "syntax: malformed array literal");
        };
        let Some(dimension) = self.dimension(dimension) else {
            return self.error(node, "syntax: malformed array literal");
        };
        let name = if ty.is_some() {
            self.k.typed_hvncat
        } else {
            self.k.hvncat
        };
        let nested = |n: &Node| matches!(self.tree.head(*n), Some(Head::Row | Head::Nrow));
        if !elements.iter().any(nested) {
            let mut all = vec![(self.int(dimension as i64), false)];
            all.extend(self.splat_args(elements)?);
            return Ok(self.concatenate(name, ty, all));
        }
        let mut shape = Shape {
            sizes: vec![1; dimension],
            row_first: false,
            leaves: Vec::new(),
        };
        self.shape(elements, dimension, &mut shape)?;
        let total: usize = shape.sizes.iter().product();
        if total != shape.leaves.len() {
            return self.error(
                node,
                "syntax: array literals with parts of different shapes are not supported",
            );
        }
        let mut sizes = Vec::with_capacity(shape.sizes.len());
        for size in &shape.sizes {
            sizes.push(self.int(*size as i64));
        }
        let sizes = self.call_core(self.k.tuple, &sizes);
        let row_first = self.bool(shape.row_first);
        let mut all = vec![(sizes, false), (row_first, false)];
        for leaf in shape.leaves {
            all.push((self.expr(leaf)?, false));
        }
        Ok(self.concatenate(name, ty, all))
    }

    fn dimension(&self, node: Node) -> Option<usize> {
        match *self.tree.data(node) {
            NodeData::Bits { bits, .. } if (1..=64).contains(&bits) => Some(bits as usize),
            _ => None,
        }
    }

    fn shape(&self, elements: &[Node], dimension: usize, shape: &mut Shape) -> Lowered<()> {
        if let Some(size) = shape.sizes.get_mut(dimension - 1) {
            *size = (*size).max(elements.len());
        }
        for &element in elements {
            match (self.tree.head(element), self.tree.args(element)) {
                (Some(Head::Row), parts) => {
                    shape.row_first = true;
                    self.shape(parts, 2, shape)?;
                }
                (Some(Head::Nrow), [inner, parts @ ..]) => {
                    let Some(inner) = self.dimension(*inner) else {
                        return self.error(element, "syntax: malformed array literal");
                    };
                    self.shape(parts, inner, shape)?;
                }
                (Some(Head::Splat), _) => {
                    return self.error(
                        element,
                        "syntax: splatting is not supported in an array literal of several dimensions",
                    );
                }
                _ => shape.leaves.push(element),
            }
        }
        Ok(())
    }
}

/// The shape of a literal of several dimensions.
struct Shape {
    sizes: Vec<usize>,
    /// Elements are given row by row.
    row_first: bool,
    leaves: Vec<Node>,
}
