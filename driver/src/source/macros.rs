//! Macros that the program defines: functions of code as objects, called where code is expanded.

use super::Program;
use super::uncaught::Uncaught;
use crate::diagnostic::Failure;
use crate::dynamic::{self, Object, objects, release};
use jlift_frontend::macros::{Expansion, Host, MacroCall, Source, expand_all};
use jlift_frontend::parse::SyntaxError;
use jlift_frontend::surface::{FileId, Node, Span, Tree};
use jlift_infer::Obstacle;
use jlift_infer::dynamic::{Action, SiteId, SiteKey};
use jlift_infer::world::modules::{Binding, ModuleId};
use jlift_ir::{Name, Tables, Type, Value};

impl Program {
    /// Code of a module with its macros expanded.
    pub(super) fn expand(
        &mut self,
        module: ModuleId,
        tree: &mut Tree,
        node: Node,
    ) -> Result<Node, SyntaxError> {
        let file = tree.span(node).map(|s| s.file);
        let mut macros = Macros {
            program: self,
            module,
            file,
        };
        expand_all(tree, node, &mut macros)
    }

    /// The same of what is executed. What is wrong ends the program; the exception that a macro
    /// threw is one of the program.
    pub(super) fn expanded(
        &mut self,
        module: ModuleId,
        tree: &mut Tree,
        node: Node,
    ) -> Result<Result<Node, Uncaught>, Failure> {
        match self.expand(module, tree, node) {
            Ok(node) => Ok(Ok(node)),
            Err(error) => match self.macro_exception.take() {
                Some(thrown) => Ok(Err(self.uncaught_of_macro(thrown))),
                None => Err(self.obstacles(&[Obstacle::error(Some(error.span), error.message)])),
            },
        }
    }

    /// What a macro threw, as an exception that comes out of the expression with the call.
    fn uncaught_of_macro(&mut self, thrown: MacroException) -> Uncaught {
        let MacroException { object, file, line } = thrown;
        if self.nesting == 0 {
            let resolver: *mut dyn dynamic::Resolver = std::ptr::from_mut(self);
            let message = dynamic::with_resolver(resolver, || dynamic::text_of(object));
            release(object);
            return Uncaught {
                message,
                places: vec![(file, line)],
            };
        }
        let file = self.string_object(&file);
        let line = objects::of_words(Type::INT64.as_u32(), &[u64::from(line)]);
        let site = self.world.site_of_base("LoadError", 3);
        let made = self.call_site(site, &[file, line, object]);
        for part in [file, line, object] {
            release(part);
        }
        self.thrown = Some(made.unwrap_or_else(dynamic::take_thrown));
        Uncaught::new("")
    }

    /// Calls what a site reaches; the exception is on its way if there is none.
    pub(super) fn call_site(&mut self, site: SiteId, args: &[Object]) -> Option<Object> {
        let resolver: *mut dyn dynamic::Resolver = std::ptr::from_mut(self);
        dynamic::with_resolver(resolver, || dynamic::call_site(site.as_u32(), args))
    }

    /// The exception on its way, which is the caller's, and its text.
    fn taken_exception(&mut self) -> (Object, String) {
        let resolver: *mut dyn dynamic::Resolver = std::ptr::from_mut(self);
        dynamic::with_resolver(resolver, || {
            let exception = dynamic::take_thrown();
            (exception, dynamic::text_of(exception))
        })
    }

    /// The macro that a name means, and its module.
    fn macro_named(&mut self, mut module: ModuleId, path: &[Name]) -> Option<(Value, Name)> {
        let (&name, modules) = path.split_last()?;
        for &part in modules {
            let value = self.world.lookup_const(module, part)?;
            module = self.world.as_module(value)?;
        }
        let Some(Binding::Const(Value::Instance(function))) = self.world.lookup(module, name)
        else {
            return None;
        };
        // `typeof(Main.A.@m)`
        let text = self.world.module.tables.type_name(function)?;
        let full = text.strip_prefix("typeof(")?;
        let home = full.split_once(".@")?.0.to_owned();
        Some((Value::Instance(function), self.world.name(&home)))
    }
}

/// What a macro threw, and where it was called.
pub(super) struct MacroException {
    /// The exception.
    pub object: Object,
    file: String,
    line: u32,
}

struct Macros<'p> {
    program: &'p mut Program,
    module: ModuleId,
    file: Option<FileId>,
}

impl Host for Macros<'_> {
    fn tables(&self) -> &Tables {
        &self.program.world.module.tables
    }

    fn tables_mut(&mut self) -> &mut Tables {
        &mut self.program.world.module.tables
    }

    fn fresh(&mut self, base: &str) -> Name {
        let world = &mut self.program.world;
        world.gensym.fresh(&mut world.module.tables, base)
    }

    fn source(&self) -> Source<'_> {
        let file = self.file.and_then(|f| self.program.world.sources.file(f));
        match file {
            Some(file) => Source {
                path: &file.name,
                text: &file.text,
            },
            None => Source::default(),
        }
    }

    fn expand(
        &mut self,
        tree: &mut Tree,
        call: &MacroCall<'_>,
    ) -> Result<Option<Expansion>, SyntaxError> {
        let named = call.module.and_then(|m| self.program.world.module_named(m));
        let module = named.unwrap_or(self.module);
        let Some((function, home)) = self.program.macro_named(module, call.path) else {
            return Ok(None);
        };
        let program = &mut *self.program;
        let here = program.world.module_value(self.module);
        let mut pattern = vec![Some(function), None, Some(here)];
        pattern.resize(3 + call.args.len(), None);
        let site = program.world.site(SiteKey {
            action: Action::Call,
            pattern,
        });
        let mut args = vec![program.line_object(call.at)];
        for &arg in call.args {
            args.push(program.code_object(self.module, tree, arg));
        }
        let result = program.call_site(site, &args);
        for arg in args {
            release(arg);
        }
        let error = |message: String| SyntaxError {
            span: call.at.unwrap_or(Span {
                file: FileId(0),
                start: 0,
                end: 0,
            }),
            message,
        };
        let names = &self.program.world.module.tables.names;
        let path: Vec<&str> = call.path.iter().map(|&n| names.str(n)).collect();
        let name = path.join(".");
        let Some(result) = result else {
            let (object, text) = self.program.taken_exception();
            let (line, file) = self.program.place(call.at);
            let thrown = MacroException { object, file, line };
            if let Some(earlier) = self.program.macro_exception.replace(thrown) {
                release(earlier.object);
            }
            return Err(error(format!("macro `{name}` threw {text}")));
        };
        let node = self.program.code_tree(result, tree, call.at, false);
        release(result);
        match node {
            Ok(node) => Ok(Some(Expansion {
                node,
                module: Some(home),
            })),
            Err(what) => Err(error(format!("what macro `{name}` returned: {what}"))),
        }
    }
}

/// A `Vector{Any}`'s elements, which stay its own.
pub(super) fn elements(list: Object) -> Vec<Object> {
    // SAFETY: callers have a `Vector{Any}`.
    unsafe { objects::elements(list) }
}
