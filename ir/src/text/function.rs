//! A whole text to a module: lines to declarations and function bodies, labels and numbers to
//! indices. What one statement says is parsed in `statement`.

use super::cursor::{Cursor, LineError};
use super::error::ParseError;
use super::header;
use super::statement;
use crate::function::{Block, Function, Inst, Op, Terminator};
use crate::module::{Func, Global, Module};
use crate::names::Name;
use crate::types::Type;
use hashbrown::HashMap;

/// No more errors than this are reported for one text.
const MAX_ERRORS: usize = 20;

/// Messages are cut after this many characters.
const MAX_MESSAGE: usize = 300;

/// Statements and blocks of a function being parsed, by their numbers in the text.
pub(super) struct Body {
    pub id: u32,
    pub func: Function,
    insts: HashMap<u32, Inst>,
    /// Numbers that were used before their definition, with the place of the first use.
    undefined: HashMap<u32, (usize, usize)>,
    blocks: HashMap<u32, Block>,
    undefined_blocks: HashMap<u32, (usize, usize)>,
    /// Block and statement number of the block's first statement, for `expr enter(N)`.
    first_number: HashMap<u32, Block>,
    /// `expr enter(N)`: block that ends in it, and the number of the handler's first statement.
    pending_enters: Vec<(Block, u32, (usize, usize))>,
    pub current: Option<Block>,
    terminated: bool,
    /// The last branch waits for the block that follows.
    open_branch: Option<Block>,
    /// The block's label was wrong: its statements are not looked at.
    skips: bool,
    next_number: u32,
    /// Line offset and start, for errors at the line being parsed.
    pub line_start: usize,
    header_at: (usize, usize),
}

impl Body {
    fn new(id: u32, func: Function, header_at: (usize, usize)) -> Self {
        Self {
            id,
            func,
            insts: HashMap::new(),
            undefined: HashMap::new(),
            blocks: HashMap::new(),
            undefined_blocks: HashMap::new(),
            first_number: HashMap::new(),
            pending_enters: Vec::new(),
            current: None,
            terminated: true,
            open_branch: None,
            skips: false,
            next_number: 1,
            line_start: header_at.0,
            header_at,
        }
    }

    /// The statement with this number, defined or not yet.
    pub fn use_inst(&mut self, number: u32, at: usize) -> Inst {
        if let Some(&inst) = self.insts.get(&number) {
            return inst;
        }
        let inst = self.func.make_inst(Op::Nop, Type::BOTTOM, None.into());
        self.insts.insert(number, inst);
        let place = self.line_start + at;
        self.undefined.insert(number, (place, place + 1));
        inst
    }

    /// The statement with this number, being defined now; `None` if it is defined twice.
    pub fn define_inst(&mut self, number: u32) -> Option<Inst> {
        self.next_number = number;
        match self.insts.get(&number) {
            Some(&inst) => self.undefined.remove(&number).map(|_| inst),
            None => {
                let inst = self.func.make_inst(Op::Nop, Type::BOTTOM, None.into());
                self.insts.insert(number, inst);
                Some(inst)
            }
        }
    }

    /// The block with this label, defined or not yet.
    pub fn use_block(&mut self, label: u32, at: usize) -> Block {
        if let Some(&block) = self.blocks.get(&label) {
            return block;
        }
        let block = self.func.blocks.push(Default::default());
        self.blocks.insert(label, block);
        let place = self.line_start + at;
        self.undefined_blocks.insert(label, (place, place + 1));
        block
    }

    fn start_block(&mut self, label: u32) -> Result<(), String> {
        let block = match self.blocks.get(&label) {
            Some(&block) if self.undefined_blocks.remove(&label).is_some() => block,
            Some(_) => return Err(format!("block #{label} is defined twice")),
            None => {
                let block = self.func.blocks.push(Default::default());
                self.blocks.insert(label, block);
                block
            }
        };
        if let (Some(prev), false) = (self.current, self.terminated) {
            self.func.blocks[prev].term = Terminator::Goto(block);
        }
        if let Some(branch) = self.open_branch.take() {
            match &mut self.func.blocks[branch].term {
                Terminator::Branch { then_dest, .. } => *then_dest = block,
                Terminator::Enter { body, .. } => *body = block,
                _ => {}
            }
        }
        self.func.layout.push(block);
        self.current = Some(block);
        self.terminated = false;
        Ok(())
    }

    /// Counts a statement; the first one of a block gives the block its number.
    pub fn count_statement(&mut self) {
        if let Some(block) = self.current
            && self.func.blocks[block].insts.is_empty()
        {
            self.first_number.insert(self.next_number, block);
        }
        self.next_number += 1;
    }

    /// Ends the current block.
    pub fn terminate(&mut self, block: Block, term: Terminator, waits_for_next: bool) {
        self.func.blocks[block].term = term;
        self.terminated = true;
        if waits_for_next {
            self.open_branch = Some(block);
        }
    }

    pub fn is_terminated(&self) -> bool {
        self.terminated
    }

    pub fn pending_enter(&mut self, block: Block, number: u32, at: usize) {
        let place = self.line_start + at;
        self.pending_enters
            .push((block, number, (place, place + 1)));
    }

    fn finish(mut self, errors: &mut Errors) -> (u32, Function) {
        if self.func.layout.is_empty() {
            errors.add(self.header_at, "the function has no blocks");
        } else if !self.terminated || self.open_branch.is_some() {
            errors.add(self.header_at, "the last block does not end");
        }
        for (label, place) in sorted(&self.undefined_blocks) {
            errors.add(place, format!("block #{label} does not exist"));
        }
        for (number, place) in sorted(&self.undefined) {
            errors.add(place, format!("%{number} is not defined"));
        }
        for (block, number, place) in std::mem::take(&mut self.pending_enters) {
            match (
                self.first_number.get(&number),
                &mut self.func.blocks[block].term,
            ) {
                (Some(&target), Terminator::Enter { handler, .. }) => *handler = target,
                _ => errors.add(place, format!("no block starts at statement {number}")),
            }
        }
        (self.id, self.func)
    }
}

fn sorted(map: &HashMap<u32, (usize, usize)>) -> Vec<(u32, (usize, usize))> {
    let mut items: Vec<_> = map.iter().map(|(&k, &v)| (k, v)).collect();
    items.sort_unstable_by_key(|&(_, place)| place);
    items
}

pub(super) struct Errors<'a> {
    text: &'a str,
    list: Vec<ParseError>,
}

impl Errors<'_> {
    fn add(&mut self, (start, end): (usize, usize), message: impl Into<String>) {
        if self.list.len() >= MAX_ERRORS {
            return;
        }
        let start = start.min(self.text.len());
        let before = &self.text.as_bytes()[..start];
        let line = before.iter().filter(|&&b| b == b'\n').count() + 1;
        let line_start = before
            .iter()
            .rposition(|&b| b == b'\n')
            .map_or(0, |p| p + 1);
        self.list.push(ParseError {
            start,
            end: end.clamp(start, self.text.len()),
            line,
            column: start - line_start + 1,
            message: cut(message.into()),
        });
    }
}

/// A message of bounded length: the names in it come from the text.
fn cut(mut message: String) -> String {
    if let Some((end, _)) = message.char_indices().nth(MAX_MESSAGE) {
        message.truncate(end);
        message.push('…');
    }
    message
}

/// Function labels of the text: which functions exist, and which are only called so far.
#[derive(Default)]
pub(super) struct Labels {
    funcs: HashMap<u32, Func>,
    undefined: HashMap<u32, (usize, usize)>,
}

impl Labels {
    /// Gives the functions that the text defines their indices in textual order.
    fn reserve(&mut self, module: &mut Module, text: &str) {
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let header = line.strip_prefix("extern ").unwrap_or(line);
            if let Some(rest) = header.strip_prefix("function @") {
                let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
                if let Ok(id) = rest[..digits].parse() {
                    self.use_func(module, id, at);
                }
            }
            at += line.len();
        }
    }

    /// Forgets that a function was announced whose header turned out to be wrong.
    fn forget(&mut self, line_start: usize) {
        self.undefined.retain(|_, place| place.0 != line_start);
    }

    /// The function with this label, defined or not yet.
    pub fn use_func(&mut self, module: &mut Module, id: u32, place: usize) -> Func {
        *self.funcs.entry(id).or_insert_with(|| {
            self.undefined.insert(id, (place, place + 1));
            module.functions.push(Function::new(
                Name::EMPTY,
                Vec::new(),
                Type::BOTTOM,
                Type::BOTTOM,
            ))
        })
    }

    fn define(&mut self, module: &mut Module, id: u32, func: Function) -> bool {
        match self.funcs.get(&id) {
            Some(&index) if self.undefined.remove(&id).is_some() => {
                module.functions[index] = func;
                true
            }
            Some(_) => false,
            None => {
                let index = module.functions.push(func);
                self.funcs.insert(id, index);
                true
            }
        }
    }
}

/// Global constants by name.
pub(super) type Globals = HashMap<Name, Global>;

/// Parses a text. All errors found are returned, at most twenty.
pub fn parse(text: &str) -> Result<Module, Vec<ParseError>> {
    let mut module = Module::default();
    let mut errors = Errors {
        text,
        list: Vec::new(),
    };
    let mut labels = Labels::default();
    labels.reserve(&mut module, text);
    let mut globals = Globals::default();
    let mut body: Option<Body> = None;
    // After a wrong function header, its body is not looked at.
    let mut skips_body = false;
    let mut seen_version = false;
    let mut offset = 0;
    for raw in text.split('\n') {
        let line_start = offset;
        offset += raw.len() + 1;
        let line = raw.trim_end_matches('\r');
        if line.trim().is_empty() || line.trim_start().starts_with(';') {
            continue;
        }
        let mut c = Cursor::new(line);
        if !seen_version {
            if !line.starts_with("jir ") {
                errors.add(
                    (line_start, line_start + line.len()),
                    "expected `jir 1` first",
                );
                return Err(errors.list);
            }
            if line.trim_end() != "jir 1" {
                errors.add(
                    (line_start, line_start + line.len()),
                    "this version of the format is not known; expected `jir 1`",
                );
                return Err(errors.list);
            }
            seen_version = true;
            continue;
        }
        let result = if line.starts_with([' ', '#']) {
            match &mut body {
                Some(body) => {
                    body.line_start = line_start;
                    parse_body_line(&mut c, &mut module, &mut labels, &globals, body)
                }
                None if skips_body => continue,
                None => c.error("a statement outside of a function"),
            }
        } else {
            if let Some(done) = body.take() {
                let header_at = done.header_at;
                let (id, func) = done.finish(&mut errors);
                if !labels.define(&mut module, id, func) {
                    errors.add(header_at, format!("function @{id} is defined twice"));
                }
            }
            let result = parse_top_line(
                &mut c,
                &mut module,
                &mut labels,
                &mut globals,
                &mut body,
                line_start,
            );
            skips_body = result.is_err();
            if skips_body {
                labels.forget(line_start);
            }
            result
        };
        let result = result.and_then(|()| {
            if c.at_end() {
                Ok(())
            } else {
                let found = c.found();
                c.error(format!("unexpected {found}"))
            }
        });
        if let Err(LineError { at, message }) = result {
            let start = line_start + at.min(line.len());
            errors.add((start, line_start + line.len()), message);
            if errors.list.len() >= MAX_ERRORS {
                return Err(errors.list);
            }
        }
    }
    if let Some(done) = body.take() {
        let header_at = done.header_at;
        let (id, func) = done.finish(&mut errors);
        if !labels.define(&mut module, id, func) {
            errors.add(header_at, format!("function @{id} is defined twice"));
        }
    }
    if !seen_version {
        errors.add((0, 0), "the text is empty; expected `jir 1` first");
    }
    for (id, place) in sorted(&labels.undefined) {
        errors.add(place, format!("function @{id} does not exist"));
    }
    if errors.list.is_empty() {
        Ok(module)
    } else {
        errors.list.sort_by_key(|e| e.start);
        Err(errors.list)
    }
}

fn parse_top_line(
    c: &mut Cursor,
    module: &mut Module,
    labels: &mut Labels,
    globals: &mut Globals,
    body: &mut Option<Body>,
    line_start: usize,
) -> Result<(), LineError> {
    if c.eat("primitive ") {
        header::parse_primitive(c, module)
    } else if c.eat("singleton ") {
        header::parse_singleton(c, module)
    } else if c.eat("struct ") {
        header::parse_struct(c, module)
    } else if c.eat("const ") {
        let (name, data) = header::parse_global(c, module)?;
        if globals.contains_key(&name) {
            return Cursor::error_at(0, "the constant is defined twice");
        }
        globals.insert(name, module.globals.push(data));
        Ok(())
    } else if c.eat("extern function ") {
        let (id, mut func) = header::parse_function_header(c, module)?;
        func.external = true;
        if labels.define(module, id, func) {
            Ok(())
        } else {
            Cursor::error_at(0, format!("function @{id} is defined twice"))
        }
    } else if c.eat("function ") {
        let place = (line_start, line_start + c.line.len());
        let (id, func) = header::parse_function_header(c, module)?;
        *body = Some(Body::new(id, func, place));
        Ok(())
    } else {
        let found = c.found();
        c.error(format!("unexpected {found}"))
    }
}

fn parse_body_line(
    c: &mut Cursor,
    module: &mut Module,
    labels: &mut Labels,
    globals: &Globals,
    body: &mut Body,
) -> Result<(), LineError> {
    if c.eat("#") {
        let label: u32 = c.number()?;
        c.expect(":")?;
        let started = body.start_block(label);
        body.skips = started.is_err();
        return started.or_else(|message| Cursor::error_at(0, message));
    }
    if body.skips {
        c.pos = c.line.len();
        return Ok(());
    }
    c.skip_spaces();
    let Some(block) = body.current else {
        return c.error("a statement before the first block");
    };
    if body.is_terminated() {
        return c.error("a statement after the end of its block");
    }
    statement::parse_statement(c, module, labels, globals, body, block)
}
