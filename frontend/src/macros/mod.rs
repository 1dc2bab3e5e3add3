//! Macro expansion on surface trees: the macros of `Base` that numeric code uses, written in Rust.
//! Macros of the program itself are the caller's business ([`Host::expand`]); what they return is
//! made hygienic here ([`hygiene`]).
//!
//! Expansion is hygienic: names of `Base` and `Core` are [`NodeData::GlobalRef`]s, temporaries
//! are symbols with a `#` in them, declared `local`. Arguments of a macro call keep their nodes
//! and places; what is generated has the place of the call.
//!
//! What expansions use of the prelude beyond ordinary functions is listed in the modules:
//! [`format`] (`@printf`), [`types`] (`@enum`), [`statements`] (`@time`, `@show`), [`strings`]
//! (`v"…"`, `big"…"`) and [`logging`] (`@info`).
//!
//! Forms for lowering: `(inbounds true)`/`(inbounds pop)`, `(boundscheck)`, `(loopinfo simd)` at
//! the end of a loop body, `(meta inline)` first in a body, `(meta nospecialize x…)`,
//! `(isdefined x)`, `(gc_preserve e x…)`, `(symboliclabel l)`, `(symbolicgoto l)`, `(thismodule)`,
//! `(ccallable name R T…)` after a definition,
//! `(call ccall name R (tuple T…) args…)`, where the tuple ends in `(... V)` for variadic arguments
//! of one type and begins with `(parameters V…)` for those of several.

mod build;
mod dots;
mod fastmath;
mod foreign;
mod format;
mod generated;
mod hints;
mod hygiene;
mod logging;
mod statements;
mod strings;
mod types;
mod views;

use crate::parse::{MAX_TREE_DEPTH, SyntaxError};
use crate::surface::{FileId, Head, Node, NodeData, Span, Tree};
use jlift_ir::{Name, Tables};

/// Deepest recursion of [`expand_all`], nested expansions included.
const MAX_EXPANSION_DEPTH: u32 = MAX_TREE_DEPTH + 500;

/// Makes symbols that no source can contain, unique within a session.
#[derive(Clone, Default)]
pub struct Gensym {
    next: u64,
}

impl Gensym {
    /// Names that are numbered from here on: those of code that was prepared elsewhere must not
    /// meet those of a session.
    pub fn starting_at(next: u64) -> Self {
        Gensym { next }
    }

    /// A new name such as `#value#3`.
    pub fn fresh(&mut self, tables: &mut Tables, base: &str) -> Name {
        self.next += 1;
        tables.names.intern(&format!("#{base}#{}", self.next))
    }
}

/// The text that spans point into, for `@__LINE__` and `@__FILE__`.
#[derive(Copy, Clone, Default)]
pub struct Source<'a> {
    pub path: &'a str,
    pub text: &'a [u8],
}

impl Source<'_> {
    /// The line of an offset, from 1.
    pub fn line(&self, offset: u32) -> usize {
        let before = self.text.get(..offset as usize).unwrap_or(self.text);
        1 + before.iter().filter(|&&b| b == b'\n').count()
    }
}

/// A call of a macro.
pub struct MacroCall<'a> {
    /// The path of the name, e.g. `A`, `@m`.
    pub path: &'a [Name],
    pub args: &'a [Node],
    /// The module whose macro wrote the call, by its full name; `None` for the code at hand.
    pub module: Option<Name>,
    pub at: Option<Span>,
}

/// What a macro of the program made of its arguments.
pub struct Expansion {
    pub node: Node,
    /// The full name of the macro's module, if names of the expansion are to be resolved there.
    pub module: Option<Name>,
}

/// What expansion needs besides the tree.
pub trait Host {
    fn tables(&self) -> &Tables;
    fn tables_mut(&mut self) -> &mut Tables;
    /// A name that no source can contain.
    fn fresh(&mut self, base: &str) -> Name;
    /// The file of the code at hand.
    fn source(&self) -> Source<'_>;
    /// Expands a macro that the program defines; `None` if there is none of this name. Asked before
    /// the builtin ones.
    fn expand(
        &mut self,
        tree: &mut Tree,
        call: &MacroCall<'_>,
    ) -> Result<Option<Expansion>, SyntaxError>;
}

/// Expands macros that the program defines, as [`Host::expand`] does, without hygiene.
pub type UserMacros<'u> =
    dyn FnMut(&mut Tree, &mut Tables, &[Name], &[Node]) -> Result<Option<Node>, SyntaxError> + 'u;

/// A host for code whose macros need nothing to be run.
pub struct Env<'e, 'u> {
    pub tables: &'e mut Tables,
    pub gensym: &'e mut Gensym,
    pub source: Source<'e>,
    pub user: &'e mut UserMacros<'u>,
}

impl Host for Env<'_, '_> {
    fn tables(&self) -> &Tables {
        self.tables
    }

    fn tables_mut(&mut self) -> &mut Tables {
        self.tables
    }

    fn fresh(&mut self, base: &str) -> Name {
        self.gensym.fresh(self.tables, base)
    }

    fn source(&self) -> Source<'_> {
        self.source
    }

    fn expand(
        &mut self,
        tree: &mut Tree,
        call: &MacroCall<'_>,
    ) -> Result<Option<Expansion>, SyntaxError> {
        let node = (self.user)(tree, self.tables, call.path, call.args)?;
        Ok(node.map(|node| Expansion { node, module: None }))
    }
}

/// Expands one macro call; macro calls in its result remain.
pub fn expand(tree: &mut Tree, node: Node, host: &mut dyn Host) -> Result<Node, SyntaxError> {
    let mut expander = Expander::new(tree, host);
    let node = expander.macro_call(node)?;
    Ok(expander.finish(node))
}

/// Expands all macro calls in a tree. Modules and quoted code are left alone: their macros are
/// expanded when they are evaluated.
pub fn expand_all(tree: &mut Tree, node: Node, host: &mut dyn Host) -> Result<Node, SyntaxError> {
    let mut expander = Expander::new(tree, host);
    let node = expander.walk(node, 0)?;
    Ok(expander.finish(node))
}

/// Result of a step.
type Expanded = Result<Node, SyntaxError>;

struct Expander<'t> {
    tree: &'t mut Tree,
    env: &'t mut dyn Host,
    /// The place of the macro call being expanded.
    at: Option<Span>,
    depth: u32,
    /// The modules of the macros of the program whose code the node is, innermost last.
    homes: Vec<Option<Name>>,
    /// Macros of the program were expanded.
    has_scopes: bool,
}

impl<'t> Expander<'t> {
    fn new(tree: &'t mut Tree, env: &'t mut dyn Host) -> Self {
        Self {
            tree,
            env,
            at: None,
            depth: 0,
            homes: Vec::new(),
            has_scopes: false,
        }
    }

    /// Code whose names are resolved.
    fn finish(&mut self, node: Node) -> Node {
        if !self.has_scopes {
            return node;
        }
        let node = hygiene::resolve(self.tree, node, self.env);
        self.tree.without_lines(node)
    }

    fn error<T>(&self, node: Node, message: impl Into<String>) -> Result<T, SyntaxError> {
        let nowhere = Span {
            file: FileId(0),
            start: 0,
            end: 0,
        };
        Err(SyntaxError {
            span: self.tree.span(node).or(self.at).unwrap_or(nowhere),
            message: message.into(),
        })
    }

    /// `quotes` is the number of quotes around the node that are not interpolated.
    fn walk(&mut self, node: Node, quotes: u32) -> Expanded {
        let NodeData::Expr { head, .. } = *self.tree.data(node) else {
            return Ok(node);
        };
        if self.depth >= MAX_EXPANSION_DEPTH {
            return self.error(
                node,
                "expression is nested too deeply after macro expansion",
            );
        }
        self.depth += 1;
        let result = match head {
            Head::Macrocall if quotes == 0 => self
                .macro_call(node)
                .and_then(|expanded| self.walk(expanded, 0)),
            Head::Module => Ok(node),
            Head::HygienicScope if quotes == 0 => {
                let home = self.tree.args(node).get(1);
                let home = home.and_then(|&n| self.tree.symbol(n));
                self.homes.push(home);
                let result = self.children(node, head, quotes);
                self.homes.pop();
                result
            }
            Head::Escape if quotes == 0 => {
                let home = self.homes.pop();
                let result = self.children(node, head, quotes);
                self.homes.extend(home);
                result
            }
            Head::Quote => self.children(node, head, quotes + 1),
            Head::Interpolate => self.children(node, head, quotes.saturating_sub(1)),
            _ => self.children(node, head, quotes),
        };
        self.depth -= 1;
        result
    }

    fn children(&mut self, node: Node, head: Head, quotes: u32) -> Expanded {
        let mut changed: Option<Vec<Node>> = None;
        for i in 0..self.tree.args(node).len() {
            let Some(&arg) = self.tree.args(node).get(i) else {
                break;
            };
            let new = self.walk(arg, quotes)?;
            if new != arg {
                let args = match &mut changed {
                    Some(args) => args,
                    None => changed.insert(self.tree.args(node).to_vec()),
                };
                args[i] = new;
            }
        }
        Ok(match changed {
            Some(args) => self.tree.expr(head, &args, self.tree.span(node)),
            None => node,
        })
    }

    fn macro_call(&mut self, node: Node) -> Expanded {
        if self.depth >= MAX_EXPANSION_DEPTH {
            return self.error(
                node,
                "expression is nested too deeply after macro expansion",
            );
        }
        self.depth += 1;
        let outer = std::mem::replace(&mut self.at, self.tree.span(node));
        let result = self.macro_call_at(node);
        self.at = outer;
        self.depth -= 1;
        result
    }

    fn macro_call_at(&mut self, node: Node) -> Expanded {
        let args = self.tree.args(node).to_vec();
        let (Some(Head::Macrocall), Some((&callee, args))) =
            (self.tree.head(node), args.split_first())
        else {
            return self.error(node, "this is no macro call");
        };
        let mut path = Vec::new();
        if !self.path(callee, &mut path) {
            return self.error(callee, "the name of a macro must be a name");
        }
        let call = MacroCall {
            path: &path,
            args,
            module: self.homes.last().copied().flatten(),
            at: self.at,
        };
        if let Some(found) = self.env.expand(self.tree, &call)? {
            let Some(module) = found.module else {
                return Ok(found.node);
            };
            self.has_scopes = true;
            let module = self.add(NodeData::Symbol(module));
            return Ok(self.expr(Head::HygienicScope, &[found.node, module]));
        }
        let stripped: Vec<Node>;
        let args = match self.has_scopes {
            true => {
                stripped = args.iter().map(|&a| self.tree.without_lines(a)).collect();
                &stripped
            }
            false => args,
        };
        let text: Vec<String> = path.iter().map(|&n| self.text(n).to_owned()).collect();
        let Some((name, modules)) = text.split_last() else {
            return self.error(callee, "the name of a macro must be a name");
        };
        let known_home = modules.first().is_none_or(|first| {
            matches!(
                first.as_str(),
                "Base" | "Core" | "Printf" | "Threads" | "GC" | "Main"
            )
        });
        if !known_home {
            return self.error(callee, format!("macro `{}` is not defined", text.join(".")));
        }
        self.builtin(name, callee, node, args)
    }

    /// The components of a macro's name; false if it is none.
    fn path(&self, node: Node, path: &mut Vec<Name>) -> bool {
        match *self.tree.data(node) {
            NodeData::Symbol(name) | NodeData::GlobalRef(_, name) => {
                path.push(name);
                true
            }
            NodeData::Quote(inner) => self.path(inner, path),
            NodeData::Expr {
                head: Head::Dotted, ..
            } => match *self.tree.args(node) {
                [module, name] => self.path(module, path) && self.path(name, path),
                _ => false,
            },
            _ => false,
        }
    }

    fn builtin(&mut self, name: &str, callee: Node, node: Node, args: &[Node]) -> Expanded {
        match name {
            "@inline" => self.hint(node, args, &["inline"]),
            "@noinline" => self.hint(node, args, &["noinline"]),
            "@propagate_inbounds" => self.hint(node, args, &["inline", "propagate_inbounds"]),
            "@pure" => self.hint(node, args, &["pure"]),
            "@constprop" => self.constprop(node, args),
            "@nospecialize" => self.nospecialize(args),
            "@assume_effects" | "@specialize" | "@nospecializeinfer" | "@optlevel"
            | "@max_methods" => Ok(self.without_hint(args)),
            "@inbounds" => self.inbounds(node, args),
            "@boundscheck" => self.boundscheck(node, args),
            "@simd" => self.simd(node, args),
            "@threads" => self.threads(node, args),
            "@goto" => self.label(Head::SymbolicGoto, node, args),
            "@label" => self.label(Head::SymbolicLabel, node, args),
            "@static" => self.only(node, args),
            "@doc" => self.documented(node, args),

            "@fastmath" => {
                let body = self.only(node, args)?;
                Ok(self.fast(body))
            }
            "@__dot__" => {
                let body = self.only(node, args)?;
                self.dotted(body)
            }
            "@view" => self.view(node, args),
            "@views" => {
                let body = self.only(node, args)?;
                self.views(body)
            }

            "@assert" => self.assertion(node, args),
            "@show" => self.show(args),
            "@time" => self.time(node, args),
            "@timed" => self.timed_result(node, args),
            "@elapsed" => self.elapsed(node, args),
            "@isdefined" => {
                let variable = self.only(node, args)?;
                Ok(self.expr(Head::Isdefined, &[variable]))
            }
            "@something" => self.something(args),
            "@coalesce" => self.coalesce(args),
            "@evalpoly" => self.evalpoly(node, args),
            "@invoke" => self.invoke(node, args),
            "@eval" => self.eval(node, args),
            "@preserve" => self.preserve(node, args),
            "@__LINE__" | "@__FILE__" | "@__DIR__" | "@__MODULE__" => self.location(name),

            "@ccall" => self.ccall(node, args),
            "@ccallable" => self.ccallable(node, args),

            "@enum" => self.enumeration(node, args),
            "@kwdef" => self.kwdef(node, args),
            "@NamedTuple" => self.named_tuple(node, args),

            "@printf" => self.printf(node, args),
            "@sprintf" => self.sprintf(node, args),

            "@raw_str" => self.raw_string(node, args),
            "@lazy_str" => self.lazy_string(node, args),
            "@b_str" => self.byte_string(node, args),
            "@MIME_str" => self.mime_type(node, args),
            "@int128_str" => self.wide_literal(node, args, true),
            "@uint128_str" => self.wide_literal(node, args, false),
            "@big_str" => self.big_literal(node, args),
            "@v_str" => self.text_call(node, args, "VersionNumber"),
            "@r_str" => self.regex(node, args),
            "@s_str" => self.text_call(node, args, "SubstitutionString"),

            "@info" => self.log_record(node, args, "Info"),
            "@warn" => self.log_record(node, args, "Warning"),
            "@error" => self.log_record(node, args, "Error"),
            "@debug" => Ok(self.nothing()),
            "@splatnew" => self.splat_new(node, args),

            "@macroexpand" => {
                let code = self.only(node, args)?;
                self.expanded(code, false)
            }
            "@macroexpand1" => {
                let code = self.only(node, args)?;
                self.expanded(code, true)
            }
            "@gensym" => self.gensyms(node, args),

            "@generated" => self.generated(node, args),
            "@invokelatest" => {
                let call = self.only(node, args)?;
                match self.parts(call) {
                    (Some(Head::Call), parts) => Ok(self.call_base("invokelatest", &parts)),
                    _ => self.error(call, "`@invokelatest` needs a call"),
                }
            }

            "@cmd" | "@allocated" | "@allocations" | "@logmsg" | "@deprecate" | "@which"
            | "@edit" | "@less" | "@code_typed" | "@code_lowered" | "@code_warntype"
            | "@code_llvm" | "@code_native" | "@async" | "@sync" | "@task" | "@spawn"
            | "@spawnat" | "@distributed" | "@atomic" | "@atomicswap" | "@atomicreplace"
            | "@cfunction" | "@html_str" | "@text_str" | "@timev" | "@profile" | "@ip_str"
            | "@dateformat_str" | "@Kwargs" => {
                self.error(callee, format!("macro `{name}` is not supported"))
            }
            _ => self.error(callee, format!("macro `{name}` is not defined")),
        }
    }

    /// Code as a value, its macros expanded.
    fn expanded(&mut self, code: Node, once: bool) -> Expanded {
        let code = match self.tree.head(code) {
            Some(Head::Macrocall) if once => self.macro_call(code)?,
            _ if once => code,
            _ => self.walk(code, 0)?,
        };
        // Lines are part of what is shown.
        let code = match self.has_scopes {
            true => hygiene::resolve(self.tree, code, self.env),
            false => code,
        };
        Ok(self.quote(code))
    }

    /// `@gensym a b` assigns symbols that nobody else has.
    fn gensyms(&mut self, node: Node, args: &[Node]) -> Expanded {
        let mut statements = Vec::with_capacity(args.len() + 1);
        for &arg in args {
            let Some(text) = self.symbol_text(arg).map(str::to_owned) else {
                return self.wrong_arguments(node);
            };
            let base = self.string(text.as_bytes());
            let value = self.call_base("gensym", &[base]);
            statements.push(self.assign(arg, value));
        }
        statements.push(self.nothing());
        Ok(self.block(&statements))
    }

    /// The only argument.
    fn only(&mut self, node: Node, args: &[Node]) -> Expanded {
        match *args {
            [only] => Ok(only),
            _ => self.wrong_arguments(node),
        }
    }

    fn wrong_arguments<T>(&mut self, node: Node) -> Result<T, SyntaxError> {
        let name = self.tree.args(node).first().copied();
        let text = name.map(|n| crate::surface_text::to_julia(self.tree, n, self.env.tables()));
        self.error(
            node,
            format!("wrong arguments of macro `{}`", text.unwrap_or_default()),
        )
    }
}
