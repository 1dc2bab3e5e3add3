//! Where a module comes from, and how a place in it is shown: typed IR as a text shows the
//! function's line in that text; Julia source shows the line of the source.

use crate::diagnostic::{Diagnostic, Failure, Label, SourceText};
use jlift_ir::{Func, Inst, LocData, Module};

/// The texts behind a module.
#[derive(Clone, Debug)]
pub enum Origin {
    /// Typed IR as text.
    TypedIr(SourceText),
    /// Julia source: the files of the program.
    Julia(Vec<SourceText>),
}

impl Origin {
    /// A failure with excerpts from these texts.
    pub fn failure(&self, diagnostics: Vec<Diagnostic>) -> Failure {
        let sources = match self {
            Origin::TypedIr(source) => vec![source.clone()],
            Origin::Julia(sources) => sources.clone(),
        };
        Failure {
            sources,
            diagnostics,
        }
    }

    /// A problem of a function, or of one of its statements.
    pub fn diagnostic(
        &self,
        module: &Module,
        func: Func,
        inst: Option<Inst>,
        message: &str,
    ) -> Diagnostic {
        match self {
            Origin::TypedIr(source) => typed_ir_diagnostic(source, module, func, inst, message),
            Origin::Julia(sources) => julia_diagnostic(sources, module, func, inst, message),
        }
    }
}

/// Statements change under optimization; their place in the Julia source, which they carry along,
/// is what a message shows.
fn typed_ir_diagnostic(
    source: &SourceText,
    module: &Module,
    func: Func,
    inst: Option<Inst>,
    message: &str,
) -> Diagnostic {
    let header = header(&source.text, func);
    let mut diagnostic = Diagnostic::at(message, header, "in this function");
    if let Some(inst) = inst {
        diagnostic.notes.push(format!(
            "in the statement `{}`",
            jlift_ir::text::statement_text(module, func, inst)
        ));
        diagnostic.notes.extend(places(module, func, inst));
    }
    diagnostic
}

/// The line of a function's header in the text of a module: functions stand there in the order of
/// their numbers.
fn header(text: &str, func: Func) -> Option<(usize, usize)> {
    use cranelift_entity::EntityRef;
    let mut at = 0;
    let mut next = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with("function @") || line.starts_with("extern function @") {
            if next == func.index() {
                return Some((at, at + line.trim_end().len()));
            }
            next += 1;
        }
        at += line.len();
    }
    None
}

/// The chain of places that a statement comes from, in words.
fn places(module: &Module, func: Func, inst: Inst) -> Vec<String> {
    let names = &module.tables.names;
    let words = |(i, link): (usize, &LocData)| {
        let how = if i == 0 { "at" } else { "inlined at" };
        let (file, function) = (names.str(link.file), names.str(link.function));
        format!("{how} {file}:{}, in {function}", link.line)
    };
    chain(module, func, inst)
        .iter()
        .enumerate()
        .map(words)
        .collect()
}

/// The chain of places that a statement comes from, innermost first.
fn chain(module: &Module, func: Func, inst: Inst) -> Vec<LocData> {
    let data = module.functions[func].insts.get(inst);
    let loc = data.and_then(|d| d.loc.expand());
    loc.map_or_else(Vec::new, |loc| module.locs.chain(loc).copied().collect())
}

/// The innermost place in a file of the program comes first; the calls that lead there follow. What
/// happens inside of Base is only mentioned.
fn julia_diagnostic(
    sources: &[SourceText],
    module: &Module,
    func: Func,
    inst: Option<Inst>,
    message: &str,
) -> Diagnostic {
    let mut diagnostic = Diagnostic::plain(message);
    let names = &module.tables.names;
    let mut links = inst.map_or_else(Vec::new, |inst| chain(module, func, inst));
    if links.is_empty() {
        links.extend(first_place(module, func));
    }
    for link in links {
        let (file, function) = (names.str(link.file), names.str(link.function));
        match line_of(sources, file, link.line) {
            Some((source, start, end)) => diagnostic.labels.push(Label {
                source,
                start,
                end,
                text: if diagnostic.labels.is_empty() {
                    String::new()
                } else {
                    "called here".into()
                },
            }),
            None if diagnostic.labels.is_empty() => {
                let note = format!("in {function}, {file}:{}", link.line);
                diagnostic.notes.push(note);
            }
            None => {}
        }
    }
    let function = crate::export::plain_name(names.str(module.functions[func].name));
    if !function.is_empty() && !function.starts_with('#') {
        let described = module.describe(func);
        diagnostic
            .notes
            .push(format!("while compiling {described}"));
    }
    diagnostic
}

/// The place of a function's first statement that has one.
fn first_place(module: &Module, func: Func) -> Option<LocData> {
    let f = &module.functions[func];
    let mut insts = f.layout.iter().flat_map(|&b| f.blocks[b].insts.iter());
    let loc = insts.find_map(|&i| f.insts[i].loc.expand())?;
    Some(module.locs.outermost(loc))
}

/// A line of a file without its indentation.
fn line_of(sources: &[SourceText], file: &str, line: u32) -> Option<(usize, usize, usize)> {
    let line = line as usize;
    for (n, source) in sources.iter().enumerate() {
        if source.name != file || line < source.first_line {
            continue;
        }
        let mut at = 0;
        for (k, text) in source.text.split_inclusive('\n').enumerate() {
            if k + source.first_line == line {
                let indent = text.len() - text.trim_start().len();
                return Some((n, at + indent, at + text.trim_end().len().max(indent)));
            }
            at += text.len();
        }
    }
    None
}
