//! Julia source as input: its top level is executed in this process, item by item; what is exported
//! is compiled afterwards for an output. Knows the order of things; what items mean is inference's
//! business, how code is made the engine's.

mod adapters;
mod carried;
mod code_objects;
mod execute;
mod exports;
mod files;
mod macros;
mod meta;
mod report;
mod results;
mod stages;
mod start;
mod uncaught;

use crate::diagnostic::Failure;
use crate::engine::Engine;
use crate::options::{BackendKind, Options};
use hashbrown::HashMap;
use jlift_infer::World;
use std::path::Path;

pub use carried::Carried;
pub use stages::{SourceStage, stage_text};
pub use start::{Start, start_of};

/// How the execution of a program ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ending {
    /// All of it was executed.
    Done,
    /// An exception that nothing caught; the text that goes to stderr.
    Uncaught(String),
}

/// Names that Base has only in programs that mention them, so that the others start sooner.
#[derive(Copy, Clone, Default)]
struct Mentioned {
    /// The program may say what is to be called when it ends.
    exit_hooks: bool,
    tests: bool,
    args: bool,
    program_file: bool,
}

/// A program in Julia and what of it was executed.
pub struct Program {
    options: Options,
    /// What the files read so far have asked for by mentioning it.
    mentioned: Mentioned,
    /// The name of the program; empty if it has none.
    program_name: String,
    world: World,
    engine: Engine,
    /// Exports by `@ccallable`, in order.
    ccallables: Vec<exports::Marked>,
    /// Files that are being executed, outermost first.
    active: Vec<files::Active>,
    /// The code of call sites for the type numbers of their dynamic arguments.
    adapters: HashMap<(u32, Box<[u32]>), crate::dynamic::Adapter>,
    /// Symbols and tuples of them that decided what a call site reaches, by the word that tells them.
    values: Vec<jlift_ir::Value>,
    value_numbers: HashMap<jlift_ir::Value, u64>,
    /// Values that code was made with and that have no syntax; they are never freed.
    kept: Vec<crate::dynamic::Object>,
    /// Evaluations that running code has asked for, one inside of the other.
    nesting: u32,
    /// The value of the last expression of the innermost one.
    value: Option<crate::dynamic::Object>,
    /// The exception that ended it.
    thrown: Option<crate::dynamic::Object>,
    /// What a macro threw while code was expanded.
    macro_exception: Option<macros::MacroException>,
    /// Where included files are looked for before they are read.
    carried: Option<Carried>,
    /// Tells the user what cannot be compiled, when that turns up while the program runs.
    complain: Box<dyn Fn(&Failure)>,
}

impl Program {
    /// A program of which nothing was executed.
    pub fn new(options: Options) -> Result<Program, Failure> {
        // Whoever makes the output: this is code that runs once.
        Program::with_backend(options, BackendKind::Cranelift)
    }

    fn with_backend(options: Options, backend: BackendKind) -> Result<Program, Failure> {
        let mut code = options.clone();
        code.backend = backend;
        // What runs here runs on this machine, whatever is built.
        code.target = target_lexicon::Triple::host();
        code.cpu = "native".into();
        crate::dynamic::reset();
        let mut engine = Engine::new(&code).map_err(|p| Failure::plain(p.message))?;
        engine.defer();
        let mut world = World::new();
        // Until an output is made of it: there, exceptions are texts.
        world.exceptions_are_objects = true;
        Ok(Program {
            options,
            world,
            engine,
            mentioned: Mentioned::default(),
            program_name: String::new(),
            ccallables: Vec::new(),
            active: Vec::new(),
            adapters: HashMap::new(),
            values: Vec::new(),
            value_numbers: HashMap::new(),
            kept: Vec::new(),
            nesting: 0,
            value: None,
            thrown: None,
            macro_exception: None,
            carried: None,
            complain: Box::new(|failure| eprint!("{}", failure.render(false))),
        })
    }

    /// A program that is only run: nothing of it goes to an output.
    pub fn to_run(options: Options) -> Result<Program, Failure> {
        let backend = options.backend;
        let mut program = Program::with_backend(options, backend)?;
        program.world.is_only_run = true;
        Ok(program)
    }

    /// How the user is told of something that cannot be compiled when that turns up while the program
    /// runs: it ends then, with exit code 2.
    pub fn on_failure(&mut self, complain: impl Fn(&Failure) + 'static) {
        self.complain = Box::new(complain);
    }

    fn give_up(&mut self, failure: Failure) -> ! {
        flush();
        (self.complain)(&failure);
        std::process::exit(2)
    }

    /// Executes a file, as `julia FILE` would.
    pub fn eval_file(&mut self, path: &Path) -> Result<Ending, Failure> {
        let source = files::read(path).map_err(Failure::plain)?;
        self.execute(source, &path.display().to_string())
    }

    /// Executes the program that an executable carries. It is called what its file was called, so that a
    /// program that compares `PROGRAM_FILE` with `@__FILE__` finds that it was started.
    pub fn eval_carried(&mut self, carried: Carried) -> Result<Ending, Failure> {
        let Some(source) = carried.main() else {
            return Ok(Ending::Done);
        };
        self.carried = Some(carried);
        let name = source.name.clone();
        self.execute(source, &name)
    }

    fn execute(&mut self, source: files::Source, name: &str) -> Result<Ending, Failure> {
        let main = self.world.main;
        self.program_name = name.to_owned();
        self.provide(&source)?;
        crate::overflow::report_overflow(true);
        let flow = self.file(main, source)?;
        Ok(self.ending(flow))
    }

    /// Executes code given on the command line, as `julia -e CODE` would.
    pub fn eval_code(&mut self, code: &str) -> Result<Ending, Failure> {
        let main = self.world.main;
        let source = files::Source::command_line(code);
        self.provide(&source)?;
        crate::overflow::report_overflow(false);
        let flow = self.file(main, source)?;
        Ok(self.ending(flow))
    }

    /// Gives a program what a file of it is the first to mention: its name, its arguments, and where Base
    /// keeps what the program registers.
    fn provide(&mut self, source: &files::Source) -> Result<(), Failure> {
        let text = &source.text;
        let first = |known: &mut bool, word: &[u8]| {
            let is_new = !*known && text.windows(word.len()).any(|w| w == word);
            *known |= is_new;
            is_new
        };
        let mut code = String::new();
        if first(&mut self.mentioned.exit_hooks, b"atexit") {
            code.push_str("const exit_hooks = Any[]\n");
        }
        if first(&mut self.mentioned.tests, b"Test") {
            code.push_str("const open_test_sets = Any[]\n");
        }
        if first(&mut self.mentioned.args, b"ARGS") {
            let args = self.options.program_args.iter().map(|a| quoted(a));
            let args: Vec<String> = args.collect();
            code.push_str(&format!("const ARGS = String[{}]\n", args.join(", ")));
        }
        if first(&mut self.mentioned.program_file, b"PROGRAM_FILE") {
            // Read first, so that what Base has for it is not read afterwards.
            let program = self.world.name("PROGRAM_FILE");
            self.world.lookup(self.world.base, program);
            self.world.unbind(self.world.base, program);
            let name = quoted(&self.program_name);
            code.push_str(&format!("const PROGRAM_FILE = {name}\n"));
        }
        if !code.is_empty() {
            let base = self.world.base;
            self.file(base, files::Source::command_line(&code))?;
        }
        Ok(())
    }

    /// Calls what the program wants to be called at its end, after its last error was told.
    ///
    /// # Errors
    /// What keeps it from being compiled.
    pub fn at_exit(&mut self, code: u8) -> Result<(), Failure> {
        if self.mentioned.exit_hooks {
            let base = self.world.base;
            let code = format!("run_exit_hooks(Int32({code}))");
            let flow = self.file(base, files::Source::command_line(&code))?;
            self.ending(flow);
        }
        Ok(())
    }

    /// What was compiled so far, and how.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    fn ending(&mut self, flow: execute::Flow) -> Ending {
        flush();
        match flow {
            execute::Flow::Next => Ending::Done,
            execute::Flow::Threw(uncaught) => Ending::Uncaught(uncaught.text()),
        }
    }
}

/// A string as a literal of Julia.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' | '$' => out.extend(['\\', c]),
            c if c.is_control() => out.push_str(&format!("\\U{:08x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Writes out what C's streams of this process hold back.
fn flush() {
    // SAFETY: a null stream means all of them.
    unsafe { libc::fflush(std::ptr::null_mut()) };
}
