//! `using` and `import`.

use super::{LowerError, Lowered};
use crate::lowered::ImportDef;
use crate::surface::{Head, Node, Tree};
use jlift_ir::{Name, NameTable};

/// A path: leading dots and names.
type Path = (u32, Vec<Name>);

/// Reads the parts of `using A, B.C: x as y`.
pub fn read(tree: &Tree, node: Node, using: bool, names: &NameTable) -> Lowered<Vec<ImportDef>> {
    let mut out = Vec::new();
    for &part in tree.args(node) {
        let span = tree.span(part).or(tree.span(node));
        let invalid = || LowerError::new(span, "syntax: invalid import statement");
        let mut def = ImportDef {
            using,
            dots: 0,
            path: Vec::new(),
            names: None,
            alias: None,
            span,
        };
        match (tree.head(part), tree.args(part)) {
            (Some(Head::Colon), [from, listed @ ..]) => {
                (def.dots, def.path) = path(tree, *from, names).ok_or_else(invalid)?;
                let mut pairs = Vec::with_capacity(listed.len());
                for &name in listed {
                    let (source, local) = match (tree.head(name), tree.args(name)) {
                        (Some(Head::As), &[source, local]) => (source, tree.symbol(local)),
                        _ => (name, None),
                    };
                    let source = path(tree, source, names)
                        .and_then(|(_, path)| path.last().copied())
                        .ok_or_else(invalid)?;
                    pairs.push((source, local.unwrap_or(source)));
                }
                def.names = Some(pairs);
            }
            (Some(Head::As), &[from, alias]) => {
                (def.dots, def.path) = path(tree, from, names).ok_or_else(invalid)?;
                def.alias = Some(tree.symbol(alias).ok_or_else(invalid)?);
            }
            _ => (def.dots, def.path) = path(tree, part, names).ok_or_else(invalid)?,
        }
        out.push(def);
    }
    Ok(out)
}

/// `.A.B`: dots are symbols of their own.
fn path(tree: &Tree, node: Node, names: &NameTable) -> Option<Path> {
    let mut dots = 0;
    let mut path = Vec::new();
    let parts = match tree.head(node) {
        Some(Head::Dotted) => tree.args(node),
        None => return Some((0, vec![tree.symbol(node)?])),
        _ => return None,
    };
    for &part in parts {
        let name = tree.symbol(part)?;
        let text = names.str(name);
        if path.is_empty() && text.bytes().all(|b| b == b'.') {
            dots += text.len() as u32;
        } else {
            path.push(name);
        }
    }
    Some((dots, path))
}
