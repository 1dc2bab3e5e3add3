//! What a running program asks of code as objects (`Base.code_request`): to evaluate, parse, expand
//! and print it. What goes wrong is an exception of the program.

use super::Program;
use super::execute::Flow;
use super::files::Source;
use super::macros::elements;
use crate::diagnostic::Failure;
use crate::dynamic::{Object, objects, release, retain};
use jlift_frontend::surface::{FileId, Head, Node, NodeData, Tree};
use jlift_frontend::surface_text::{to_julia, to_julia_quoted};
use jlift_infer::world::modules::ModuleId;
use jlift_ir::Type;
use std::sync::Arc;

/// Evaluations inside of evaluations.
const MAX_NESTING: u32 = 200;

impl Program {
    /// Answers a request: the numbers are those of `prelude/base/text/expr.jl`.
    pub(super) fn code_answer(&mut self, what: i64, args: &[Object]) -> Result<Object, Object> {
        let answer = match (what, args) {
            (0, &[number, values]) => self.quoted(number, values),
            (1, &[module, code]) => return self.evaluate(module, code),
            (2, &[code, is_quoted]) => self.text(code, is_quoted),
            (3, &[text, start, mode]) => self.parsed(text, start, mode),
            (4, &[module, code]) => {
                let expanded = self.expanded_code(module, code);
                match (expanded, self.macro_exception.take()) {
                    (Err(_), Some(thrown)) => return Err(thrown.object),
                    (expanded, _) => expanded,
                }
            }
            (5, &[module, text, name]) => return self.evaluate_text(module, text, name),
            (6, &[number]) => {
                let kept = self.kept.get(int(number) as usize).copied();
                kept.map(retain).ok_or_else(|| "no such value".into())
            }
            (7, []) => {
                let number = self.world.lowering.next_number();
                Ok(objects::of_words(
                    Type::INT64.as_u32(),
                    &[u64::from(number)],
                ))
            }
            _ => Err("no such request".into()),
        };
        answer.map_err(|message| self.exception("ErrorException", &message))
    }

    /// An exception of the program with a text.
    fn exception(&mut self, name: &str, message: &str) -> Object {
        let text = self.string_object(message);
        let site = self.world.site_of_base(name, 1);
        let made = self.call_site(site, &[text]);
        release(text);
        made.unwrap_or_else(crate::dynamic::take_thrown)
    }

    fn module_of(&mut self, module: Object) -> Result<ModuleId, String> {
        let name = text(module);
        let interned = self.world.name(&name);
        let found = self.world.module_named(interned);
        found.ok_or_else(|| format!("there is no module {name}"))
    }

    fn quoted(&mut self, number: Object, values: Object) -> Result<Object, String> {
        let code = self.world.lowering.quotes.get(int(number) as usize);
        let code = code.cloned().ok_or("no such code")?;
        let module = self.world.main;
        Ok(if code.interpolates {
            self.quoted_object(module, &code.tree, code.node, &elements(values))
        } else {
            self.code_object(module, &code.tree, code.node)
        })
    }

    fn evaluate(&mut self, module: Object, code: Object) -> Result<Object, Object> {
        let run = |me: &mut Self| -> Result<Result<Object, Object>, String> {
            let module = me.module_of(module)?;
            let mut tree = Tree::default();
            let node = me.code_tree(code, &mut tree, None, false)?;
            if tree.len() == 1
                && !matches!(tree.data(node), NodeData::Symbol(_) | NodeData::Expr { .. })
            {
                return Ok(Ok(retain(code)));
            }
            let node = tree.without_lines(node);
            me.run_kept(module, Arc::new(tree), &[node])
        };
        match run(self) {
            Ok(result) => result,
            Err(message) => Err(self.exception("ErrorException", &message)),
        }
    }

    fn evaluate_text(
        &mut self,
        module: Object,
        code: Object,
        name: Object,
    ) -> Result<Object, Object> {
        let run = |me: &mut Self| -> Result<Result<Object, Object>, String> {
            let module = me.module_of(module)?;
            let code = text(code);
            let name = text(name);
            let file = me.world.sources.add(&name, code.as_bytes());
            let tables = &mut me.world.module.tables;
            let parsed = jlift_frontend::parse::parse(code.as_bytes(), file, tables);
            if let Some(error) = parsed.diagnostics.first() {
                return Err(format!("syntax: {}", error.message));
            }
            me.run_kept(module, Arc::new(parsed.tree), &parsed.items)
        };
        match run(self) {
            Ok(result) => result,
            Err(message) => Err(self.exception("ErrorException", &message)),
        }
    }

    /// Runs code for the value of its last expression, or the exception.
    fn run_kept(
        &mut self,
        module: ModuleId,
        mut tree: Arc<Tree>,
        nodes: &[Node],
    ) -> Result<Result<Object, Object>, String> {
        if self.nesting >= MAX_NESTING {
            return Err("evaluations are nested too deeply".into());
        }
        self.nesting += 1;
        let outer = self.value.take();
        let home = self.world.lowering.module;
        let mut flow = Ok(Flow::Next);
        for (n, &node) in nodes.iter().enumerate() {
            let keep = n + 1 == nodes.len();
            flow = self.run_node(module, &mut tree, node, keep);
            if !matches!(flow, Ok(Flow::Next)) {
                break;
            }
        }
        self.world.lowering.module = home;
        self.nesting -= 1;
        self.forget_outdated();
        let value = std::mem::replace(&mut self.value, outer);
        let flow = flow.map_err(|failure| first_message(&failure))?;
        Ok(match flow {
            Flow::Next => {
                Ok(value.unwrap_or_else(|| objects::of_words(Type::NOTHING.as_u32(), &[])))
            }
            Flow::Threw(uncaught) => Err(match self.thrown.take() {
                Some(exception) => exception,
                None => self.exception("ErrorException", &uncaught.message),
            }),
        })
    }

    fn text(&mut self, code: Object, is_quoted: Object) -> Result<Object, String> {
        let mut tree = Tree::default();
        let node = self.code_tree(code, &mut tree, None, true)?;
        let tables = &self.world.module.tables;
        let shown = match bool(is_quoted) {
            true => to_julia_quoted(&tree, node, tables),
            false => to_julia(&tree, node, tables),
        };
        Ok(self.string_object(&shown))
    }

    fn expanded_code(&mut self, module: Object, code: Object) -> Result<Object, String> {
        let module = self.module_of(module)?;
        let mut tree = Tree::default();
        let node = self.code_tree(code, &mut tree, None, false)?;
        let node = self.expand(module, &mut tree, node);
        let node = node.map_err(|e| e.message)?;
        Ok(self.code_object(module, &tree, node))
    }

    /// The expression that a text is. Mode 0: all of it; 1: the first one from a position, and where
    /// it ends; 2: all of them.
    fn parsed(&mut self, code: Object, start: Object, mode: Object) -> Result<Object, String> {
        let whole = text(code);
        let start = usize::try_from(int(start) - 1).unwrap_or(0);
        let part = whole.as_bytes().get(start..).unwrap_or(&[]);
        let file = self.world.sources.add("none", part);
        let tables = &mut self.world.module.tables;
        let parsed = jlift_frontend::parse::parse(part, file, tables);
        let main = self.world.main;
        let mut tree = parsed.tree;
        let error = |me: &mut Self, tree: &mut Tree, message: &str| {
            let text = tree.add(NodeData::String(message.as_bytes().into()), None);
            let node = tree.expr(Head::Error, &[text], None);
            me.code_object(main, tree, node)
        };
        let mode = int(mode);
        if let Some(first) = parsed.diagnostics.first() {
            let is_before_end = parsed.items.first().is_some_and(|&n| {
                let end = tree.span(n).map_or(0, |s| s.end);
                end <= first.span.start
            });
            if mode != 1 || !is_before_end {
                return Ok(error(self, &mut tree, &first.message));
            }
        }
        let nothing = tree.add(NodeData::Nothing, None);
        Ok(match (mode, &parsed.items[..]) {
            (0, []) => self.code_object(main, &tree, nothing),
            (0, &[only]) => self.code_object(main, &tree, only),
            (0, items) => match self.are_on_a_line(&tree, items) {
                true => {
                    let node = tree.expr(Head::Toplevel, items, None);
                    self.code_object(main, &tree, node)
                }
                false => error(self, &mut tree, "extra token after end of expression"),
            },
            (1, items) => {
                let first = items.first().copied();
                let end = match first.and_then(|n| tree.span(n)) {
                    Some(span) => {
                        let mut end = span.end as usize;
                        while part.get(end).is_some_and(|b| b" \t\n;".contains(b)) {
                            end += 1;
                        }
                        end
                    }
                    None => part.len(),
                };
                let end = tree.add(
                    NodeData::Bits {
                        ty: Type::INT64,
                        bits: (start + end + 1) as u64,
                    },
                    None,
                );
                let node = tree.expr(Head::Tuple, &[first.unwrap_or(nothing), end], None);
                self.code_object(main, &tree, node)
            }
            (_, items) => {
                let mut all = Vec::with_capacity(2 * items.len());
                for &item in items {
                    all.push(self.line_node(&mut tree, item, file));
                    all.push(item);
                }
                let node = tree.expr(Head::Toplevel, &all, None);
                self.code_object(main, &tree, node)
            }
        })
    }

    fn line_node(&mut self, tree: &mut Tree, node: Node, file: FileId) -> Node {
        let start = tree.span(node).map_or(0, |s| s.start);
        let (line, _) = self.world.sources.line_column(file, start);
        let file = self.world.name("none");
        tree.add(NodeData::Line { line, file }, None)
    }

    /// Whether expressions are the parts of one line.
    fn are_on_a_line(&self, tree: &Tree, items: &[Node]) -> bool {
        let mut lines = items.iter().filter_map(|&n| tree.span(n)).map(|s| {
            let first = self.world.sources.line_column(s.file, s.start).0;
            let last = self.world.sources.line_column(s.file, s.end).0;
            (first, last)
        });
        let Some((_, mut line)) = lines.next() else {
            return false;
        };
        lines.all(|(first, last)| {
            let same = first == line;
            line = last;
            same
        })
    }

    /// Executes a text in a module, item by item.
    pub(super) fn run_items(
        &mut self,
        module: ModuleId,
        tree: Tree,
        items: &[Node],
        source: &Source,
    ) -> Result<Flow, Failure> {
        let mut tree = Arc::new(tree);
        for &node in items {
            let span = tree.span(node);
            let mut flow = self.run_node(module, &mut tree, node, false)?;
            if let Flow::Threw(uncaught) = &mut flow {
                if !source.is_command_line {
                    let line =
                        span.map_or(0, |s| self.world.sources.line_column(s.file, s.start).0);
                    uncaught.places.push((source.name.clone(), line));
                }
                return Ok(flow);
            }
        }
        Ok(Flow::Next)
    }
}

fn int(object: Object) -> i64 {
    // SAFETY: an `Int64`.
    unsafe { objects::word(object, 0) as i64 }
}

fn bool(object: Object) -> bool {
    // SAFETY: a `Bool`.
    let payload = unsafe { objects::payload(object, 1) };
    payload == [1]
}

fn text(object: Object) -> String {
    // SAFETY: a `String` or `Symbol`.
    String::from_utf8_lossy(&unsafe { objects::text(object) }).into_owned()
}

/// What is wrong, in short.
fn first_message(failure: &Failure) -> String {
    let first = failure.diagnostics.first();
    first.map_or_else(|| "evaluation failed".into(), |d| d.message.clone())
}
