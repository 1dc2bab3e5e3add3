//! Helpers of the tests of lowering: from source text to the text of lowered code.
#![allow(dead_code)]

use jlift_frontend::lower::{LowerContext, LowerError, lower_body, lower_file};
use jlift_frontend::lowered::{Item, MethodDef};
use jlift_frontend::lowered_text::{code_text, items_text};
use jlift_frontend::macros::{self, Env, Source};
use jlift_frontend::parse;
use jlift_frontend::surface::{FileId, Head, Node, Tree};
use jlift_ir::{Name, Tables};
use std::fmt::Write;
use std::sync::Arc;

/// What became of a piece of source.
pub struct Lowering {
    pub tables: Tables,
    pub ctx: LowerContext,
    pub items: Vec<Item>,
    /// Of the parser, of macros and of lowering, with the line.
    pub errors: Vec<(usize, String)>,
    pub text: String,
}

/// Parses, expands and lowers a file, bodies not included.
pub fn lower(text: &str) -> Lowering {
    let mut tables = Tables::default();
    let mut ctx = LowerContext::default();
    let line = |offset: u32| {
        1 + text
            .bytes()
            .take(offset as usize)
            .filter(|&b| b == b'\n')
            .count()
    };
    let parsed = parse::parse(text.as_bytes(), FileId(0), &mut tables);
    let mut errors: Vec<(usize, String)> = parsed
        .diagnostics
        .iter()
        .map(|d| (line(d.span.start), d.message.clone()))
        .collect();
    let mut tree = parsed.tree;
    let mut nodes = Vec::new();
    for &node in &parsed.items {
        match expand(&mut tree, node, &mut ctx, &mut tables, text) {
            Ok(node) => nodes.push(node),
            Err(e) => errors.push((line(e.span.start), e.message)),
        }
    }
    let (items, lower_errors) = lower_file(Arc::new(tree), &nodes, &mut ctx, &mut tables);
    errors.extend(lower_errors.into_iter().map(|e| located(e, &line)));
    Lowering {
        tables,
        ctx,
        items,
        errors,
        text: text.to_string(),
    }
}

fn located(error: LowerError, line: &dyn Fn(u32) -> usize) -> (usize, String) {
    (error.span.map_or(0, |s| line(s.start)), error.message)
}

/// Expands macros, in modules too.
fn expand(
    tree: &mut Tree,
    node: Node,
    ctx: &mut LowerContext,
    tables: &mut Tables,
    text: &str,
) -> Result<Node, parse::SyntaxError> {
    if tree.head(node) == Some(Head::Module) {
        let args = tree.args(node).to_vec();
        let span = tree.span(node);
        let mut items = Vec::new();
        for item in tree.args(args[2]).to_vec() {
            items.push(expand(tree, item, ctx, tables, text)?);
        }
        let body = tree.expr(Head::Block, &items, span);
        return Ok(tree.expr(Head::Module, &[args[0], args[1], body], span));
    }
    let mut user = |_: &mut Tree, _: &mut Tables, _: &[Name], _: &[Node]| Ok(None);
    let mut env = Env {
        tables,
        gensym: &mut ctx.gensym,
        source: Source {
            path: "file.jl",
            text: text.as_bytes(),
        },
        user: &mut user,
    };
    macros::expand_all(tree, node, &mut env)
}

impl Lowering {
    /// Everything lowered, with errors and warnings below.
    pub fn print(&mut self) -> String {
        let Lowering {
            tables,
            ctx,
            items,
            errors,
            text,
        } = self;
        let line = |offset: u32| {
            1 + text
                .bytes()
                .take(offset as usize)
                .filter(|&b| b == b'\n')
                .count()
        };
        let mut out = items_text(
            items,
            tables,
            &mut |method: &MethodDef, tables| match lower_body(method, ctx, tables) {
                Ok(code) => {
                    check(&code);
                    code_text(&code, tables)
                }
                Err(e) => {
                    errors.push(located(e, &line));
                    String::new()
                }
            },
        );
        for warning in &ctx.warnings {
            let at = warning.span.map_or(0, |s| line(s.start));
            let _ = writeln!(out, "warning in line {at}: {}", warning.message);
        }
        for (line, error) in errors {
            let _ = writeln!(out, "error in line {line}: {error}");
        }
        out
    }
}

/// The invariants that the data structures promise.
pub fn check(code: &jlift_frontend::lowered::Code) {
    use jlift_frontend::lowered::{MethodBody, Operand, Rvalue, Stmt};
    let count = code.stmts.len();
    assert_eq!(count, code.spans.len());
    assert!(count > 0);
    assert!(matches!(
        code.stmts.values().next_back(),
        Some(Stmt::Return(_) | Stmt::Goto(_))
    ));
    let operand = |at: usize, o: &Operand| match o {
        Operand::Ssa(id) => {
            assert!(
                id.as_u32() < at as u32,
                "operand refers to an earlier statement"
            );
            assert!(matches!(code.stmts[*id], Stmt::Value(_) | Stmt::Enter(_)));
        }
        Operand::Slot(slot) => assert!(code.slots.is_valid(*slot)),
        Operand::StaticParam(i) => assert!((*i as usize) < code.static_params.len()),
        _ => {}
    };
    for (i, stmt) in code.stmts.values().enumerate() {
        match stmt {
            Stmt::Goto(target) | Stmt::Enter(target) => assert!((target.as_u32() as usize) < count),
            Stmt::GotoIfNot(o, target) => {
                operand(i, o);
                assert!((target.as_u32() as usize) < count);
            }
            Stmt::Return(o) | Stmt::AssignGlobal(_, _, o) => operand(i, o),
            Stmt::Value(rvalue) | Stmt::Assign(_, rvalue) => match rvalue {
                Rvalue::Use(o) | Rvalue::IsDefined(o) | Rvalue::GcPreserveEnd(o) => operand(i, o),
                Rvalue::Call { callee, args } => {
                    operand(i, callee);
                    args.iter().for_each(|o| operand(i, o));
                }
                Rvalue::New { ty, args } => {
                    operand(i, ty);
                    args.iter().for_each(|o| operand(i, o));
                }
                Rvalue::NewClosure { closure, captures } => {
                    captures.iter().for_each(|o| operand(i, o));
                    assert_eq!(captures.len(), code.closures[*closure].captures.len());
                }
                Rvalue::Foreigncall { args, roots, .. } => {
                    args.iter().chain(roots).for_each(|o| operand(i, o));
                }
                _ => {}
            },
            _ => {}
        }
    }
    for closure in code.closures.values() {
        for method in &closure.methods {
            match &method.body {
                MethodBody::Code(inner) => check(inner),
                MethodBody::Surface(_) => panic!("a closure's method is lowered with its owner"),
            }
        }
    }
}

/// The lowered text of each source, one after the other.
pub fn listing(sources: &[&str]) -> String {
    let mut out = String::new();
    for source in sources {
        let _ = writeln!(out, "{source}");
        for line in lower(source).print().lines() {
            let _ = writeln!(out, "        {line}");
        }
    }
    out
}
