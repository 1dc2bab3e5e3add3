//! What macros make, declarations, and forms that are errors inside of other code.

use super::Desugar;
use crate::lower::Lowered;
use crate::lower::hir::{H, Hx};
use crate::surface::{Head, Home, Node, NodeData};
use jlift_ir::Name;

impl Desugar<'_> {
    pub(super) fn special(&mut self, node: Node, head: Head, args: &[Node]) -> Lowered<Hx> {
        match (head, args) {
            (Head::Local, _) => self.declaration(args, true),
            (Head::Global, _) => self.declaration(args, false),
            (Head::Const, _) => self.constant(node),
            (Head::Meta, _) => {
                self.meta(args);
                Ok(self.nothing())
            }
            (Head::SymbolicLabel | Head::SymbolicGoto, &[name]) => {
                let Some(name) = self.name_of(name) else {
                    return self.error(node, "syntax: invalid label");
                };
                Ok(self.add(if head == Head::SymbolicLabel {
                    H::Label(name)
                } else {
                    H::Goto(name)
                }))
            }
            (Head::Inbounds, _) => {
                let begins = match args.first().map(|&a| self.tree.data(a)) {
                    Some(NodeData::Bits { bits, .. }) => *bits != 0,
                    Some(_) => false,
                    None => true,
                };
                Ok(self.add(H::Inbounds(begins)))
            }
            (Head::Boundscheck, _) => Ok(match args.first().map(|&a| self.tree.data(a)) {
                Some(NodeData::Bits { bits: 0, .. }) => self.bool(false),
                _ => self.add(H::BoundsCheck),
            }),
            (Head::GcPreserve, _) => self.gc_preserve(args),
            (Head::Loopinfo, _) => {
                let mut stmts = Vec::new();
                for &arg in args {
                    if let Some(name) = self.name_of(arg) {
                        stmts.push(self.add(H::Loopinfo(name)));
                    }
                }
                stmts.push(self.nothing());
                Ok(self.seq(&stmts))
            }
            (Head::Isdefined, &[name]) => {
                let name = self.expr(name)?;
                Ok(self.add(H::IsDefined(name)))
            }
            (Head::Foreigncall, _) => self.ccall(node, args),
            (Head::Doc, [.., documented]) => self.expr(*documented),
            (Head::Error, _) => {
                let message = match args.first().map(|&a| self.tree.data(a)) {
                    Some(NodeData::String(text)) => String::from_utf8_lossy(text).into_owned(),
                    _ => "invalid syntax".to_string(),
                };
                self.error(node, format!("syntax: {message}"))
            }
            (Head::Other(name), []) if self.text(name) == "thismodule" => {
                let module = self.tables.names.intern(crate::lowered::THIS_MODULE);
                Ok(self.add(H::Global(Home::Current, module)))
            }
            _ => self.misplaced(node, head, args),
        }
    }

    /// Errors, in Julia's words where it has some.
    fn misplaced(&self, node: Node, head: Head, args: &[Node]) -> Lowered<Hx> {
        let top_level = |what: &str| format!("syntax: \"{what}\" expression not at top level");
        let message = match head {
            Head::Struct => top_level("struct"),
            Head::Abstract => top_level("abstract type"),
            Head::Primitive => top_level("primitive type"),
            Head::Module => top_level("module"),
            Head::Using => top_level("using"),
            Head::Import => top_level("import"),
            Head::Export => top_level("export"),
            Head::Macro => "syntax: macro definition is not allowed inside a local scope".into(),
            Head::Macrocall => {
                let name = args.first().and_then(|&a| self.tree.symbol(a));
                format!(
                    "macro {} is not defined here",
                    name.map_or("", |n| self.text(n))
                )
            }
            Head::Interpolate => "syntax: \"$\" expression outside quote".into(),
            Head::Splat => "syntax: \"...\" expression outside call".into(),
            Head::Kw => "syntax: unexpected keyword argument".into(),
            Head::Parameters => "syntax: unexpected semicolon".into(),
            Head::Braces | Head::Bracescat => "syntax: { } vector syntax is discontinued".into(),
            Head::Typed => "syntax: invalid \"::\" syntax".into(),
            Head::CfunctionForm => "`@cfunction` is not supported".into(),
            Head::Opaque => "opaque closures are not supported".into(),
            Head::Other(name) if self.text(name) == "eval" => {
                "`@eval` inside of a function is not supported".into()
            }
            Head::Other(name) => format!("syntax: invalid use of \"{}\"", self.text(name)),
            _ => format!(
                "syntax: malformed or misplaced \"{}\" expression",
                head.known_text().unwrap_or("")
            ),
        };
        self.error(node, message)
    }

    fn name_of(&self, node: Node) -> Option<Name> {
        match self.tree.data(node) {
            NodeData::Symbol(name) => Some(*name),
            NodeData::Quote(inner) => self.tree.symbol(*inner),
            _ => None,
        }
    }

    /// Requests on the body that is being read.
    fn meta(&mut self, args: &[Node]) {
        for &arg in args {
            let Some(name) = self.name_of(arg) else {
                continue;
            };
            if name == self.k.inline {
                self.hints.inline = true;
            } else if name == self.k.noinline {
                self.hints.noinline = true;
            } else if name == self.k.propagate_inbounds {
                self.hints.propagate_inbounds = true;
                self.hints.inline = true;
            } else if name == self.k.aggressive || name == self.k.pure_ {
                self.hints.constprop = true;
            } else if name == self.k.nospecialize {
                self.hints.nospecialize = true;
            }
        }
    }
}
