//! The front end on any text: parsed, macros expanded, every body lowered, nothing executed. What
//! comes out does not matter here, only that it comes, and soon.

use jlift_frontend::lower::{LowerContext, lower_body, lower_file};
use jlift_frontend::lowered::Item;
use jlift_frontend::macros::{self, Env, Source};
use jlift_frontend::surface::{FileId, Head, Node, Tree};
use jlift_ir::{Name, Tables};
use std::sync::Arc;

/// What was made of a text, and how often something was wrong with it.
#[derive(Copy, Clone, PartialEq, Eq, Default, Debug)]
pub struct Outcome {
    pub items: usize,
    pub bodies: usize,
    pub errors: usize,
}

/// Takes a text as far as the front end goes.
pub fn lower_everything(text: &[u8]) -> Outcome {
    let mut tables = Tables::default();
    let mut ctx = LowerContext::default();
    let parsed = jlift_frontend::parse::parse(text, FileId(0), &mut tables);
    let mut outcome = Outcome {
        errors: parsed.diagnostics.len(),
        ..Outcome::default()
    };
    let mut tree = parsed.tree;
    let mut nodes = Vec::new();
    for &node in &parsed.items {
        match expand(&mut tree, node, &mut ctx, &mut tables, text, 0) {
            Some(node) => nodes.push(node),
            None => outcome.errors += 1,
        }
    }
    let (items, errors) = lower_file(Arc::new(tree), &nodes, &mut ctx, &mut tables);
    outcome.errors += errors.len();
    bodies(&items, &mut ctx, &mut tables, &mut outcome);
    outcome
}

/// Expands macros, in modules too.
fn expand(
    tree: &mut Tree,
    node: Node,
    ctx: &mut LowerContext,
    tables: &mut Tables,
    text: &[u8],
    depth: usize,
) -> Option<Node> {
    if tree.head(node) == Some(Head::Module) && depth < 100 {
        let args = tree.args(node).to_vec();
        let span = tree.span(node);
        let &[flag, name, body] = &args[..] else {
            return None;
        };
        let mut items = Vec::new();
        for item in tree.args(body).to_vec() {
            items.extend(expand(tree, item, ctx, tables, text, depth + 1));
        }
        let body = tree.expr(Head::Block, &items, span);
        return Some(tree.expr(Head::Module, &[flag, name, body], span));
    }
    let mut user = |_: &mut Tree, _: &mut Tables, _: &[Name], _: &[Node]| Ok(None);
    let mut env = Env {
        tables,
        gensym: &mut ctx.gensym,
        source: Source {
            path: "file.jl",
            text,
        },
        user: &mut user,
    };
    macros::expand_all(tree, node, &mut env).ok()
}

fn bodies(items: &[Item], ctx: &mut LowerContext, tables: &mut Tables, outcome: &mut Outcome) {
    for item in items {
        outcome.items += 1;
        match item {
            Item::Method(method) => {
                outcome.bodies += 1;
                outcome.errors += usize::from(lower_body(method, ctx, tables).is_err());
            }
            Item::Module { items, .. } => bodies(items, ctx, tables, outcome),
            Item::If {
                then_items,
                else_items,
                ..
            } => {
                bodies(then_items, ctx, tables, outcome);
                bodies(else_items, ctx, tables, outcome);
            }
            _ => {}
        }
    }
}
