//! Text to surface tree: runs the parser library and converts its lossless tree to Julia's
//! expressions. Knows no macros, scopes or meanings of names.
//!
//! [`guard`] bounds the time and stack that hostile text can take, [`convert`] walks the tree,
//! [`literal`] and [`text`] compute what numbers and strings denote.

mod array;
mod block;
mod call;
mod convert;
mod definition;
mod guard;
mod import;
pub(crate) mod literal;
mod operator;
mod string;
pub(crate) mod text;

use crate::surface::{FileId, Node, Span, Tree};
use fatou_parser::syntax::{SyntaxKind, SyntaxNode};
use jlift_ir::Tables;

pub use convert::MAX_TREE_DEPTH;

/// How often a file is parsed again with other separators.
const MAX_ATTEMPTS: u32 = 20;

/// Something that is wrong with a piece of source text.
#[derive(Clone, PartialEq, Debug)]
pub struct SyntaxError {
    pub span: Span,
    pub message: String,
}

impl std::fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for SyntaxError {}

/// A parsed file.
pub struct Parsed {
    pub tree: Tree,
    /// The top-level expressions in order. Where `diagnostics` is not empty, some may be
    /// missing or contain `:error` expressions.
    pub items: Vec<Node>,
    /// Syntax errors in order of their position.
    pub diagnostics: Vec<SyntaxError>,
}

/// Parses a file. Any bytes are accepted; what is no Julia yields diagnostics.
pub fn parse(text: &[u8], file: FileId, tables: &mut Tables) -> Parsed {
    let refuse = |start: usize, end: usize, message: &str| Parsed {
        tree: Tree::default(),
        items: Vec::new(),
        diagnostics: vec![SyntaxError {
            span: span(file, start, end),
            message: message.to_owned(),
        }],
    };
    if u32::try_from(text.len()).is_err() {
        return refuse(0, 0, "file is larger than 4 GiB");
    }
    let utf8 = match std::str::from_utf8(text) {
        Ok(utf8) => utf8,
        Err(error) => {
            let at = error.valid_up_to();
            let len = error.error_len().unwrap_or(text.len() - at);
            return refuse(at, at + len, "invalid UTF-8");
        }
    };
    // A byte order mark is no part of the program; spaces in its place keep all offsets.
    let without_mark = utf8
        .strip_prefix('\u{feff}')
        .map(|rest| format!("   {rest}"));
    let utf8 = without_mark.as_deref().unwrap_or(utf8);
    let need = match guard::examine(utf8) {
        Ok(need) => need,
        Err(refusal) => return refuse(refusal.at, refusal.at + 1, refusal.message),
    };
    let without_comments = blanked(utf8, &need.comments);
    let utf8 = without_comments.as_deref().unwrap_or(utf8);
    let Some(stack) = need.stack else {
        return parse_here(utf8, file, tables);
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .stack_size(stack)
            .spawn_scoped(scope, || parse_here(utf8, file, tables));
        match thread.map(|t| t.join()) {
            Ok(Ok(parsed)) => parsed,
            Ok(Err(_)) => refuse(0, 0, "the parser failed on this file"),
            Err(_) => refuse(0, 0, "not enough memory to parse this file"),
        }
    })
}

/// The text with spaces in some places, which are whole characters; `None` if there are none.
fn blanked(text: &str, places: &[std::ops::Range<usize>]) -> Option<String> {
    if places.is_empty() {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for place in places {
        out.push_str(text.get(done..place.start)?);
        out.extend(std::iter::repeat_n(' ', place.len()));
        done = place.end;
    }
    out.push_str(text.get(done..)?);
    Some(out)
}

/// The concrete syntax tree as text, one node a line. What cannot be parsed at all gives none.
pub fn syntax_text(text: &str) -> String {
    let need = match guard::examine(text) {
        Ok(need) if need.stack.is_none() => need,
        _ => return String::new(),
    };
    let without_comments = blanked(text, &need.comments);
    let text = without_comments.as_deref().unwrap_or(text);
    let output = std::panic::catch_unwind(|| fatou_parser::parser::parse(text));
    output.map_or_else(|_| String::new(), |o| format!("{:#?}", o.cst))
}

fn parse_here(text: &str, file: FileId, tables: &mut Tables) -> Parsed {
    let mut converter = convert::Converter::new(file, tables);
    let mut text = std::borrow::Cow::Borrowed(text);
    for attempt in 0.. {
        // The library is robust, but hostile text is its business and not ours to answer for.
        let parsed = std::panic::catch_unwind(|| fatou_parser::parser::parse(&text));
        let Ok(output) = parsed else {
            converter.report(0, text.len(), "the parser failed on this file");
            break;
        };
        let separators = unread_separators(&output.cst);
        if !separators.is_empty() && attempt < MAX_ATTEMPTS {
            text = replace_bytes(&text, &separators, '\n').into();
            continue;
        }
        for d in &output.diagnostics {
            // A place between two characters is shown as the next one.
            let next = text.get(d.start..).and_then(|rest| rest.chars().next());
            let end = d.start + next.map_or(0, char::len_utf8);
            converter.report(d.start, d.end.max(end), &d.message);
        }
        let items = converter.top_level(&output.cst);
        return converter.finish(items);
    }
    converter.finish(Vec::new())
}

/// The library drops what follows a top-level `;` on the last line of a statement of several
/// lines. A line end in place of the `;` means the same; these are the offsets of such ones.
fn unread_separators(root: &SyntaxNode) -> Vec<usize> {
    let mut found = Vec::new();
    for line in root.children() {
        if line.kind() != SyntaxKind::TOPLEVEL_SEMICOLON {
            continue;
        }
        let mut separator = None;
        for token in convert::tokens(&line) {
            match token.kind() {
                SyntaxKind::SEMICOLON => {
                    separator = Some(usize::from(token.text_range().start()));
                }
                kind if convert::is_trivia(kind) => {}
                _ => {
                    found.extend(separator);
                    break;
                }
            }
        }
    }
    found
}

/// The text with other ASCII characters at some offsets.
fn replace_bytes(text: &str, offsets: &[usize], with: char) -> String {
    let mut offsets = offsets.iter().copied().peekable();
    text.char_indices()
        .map(|(i, c)| {
            if offsets.next_if_eq(&i).is_some() {
                with
            } else {
                c
            }
        })
        .collect()
}

fn span(file: FileId, start: usize, end: usize) -> Span {
    Span {
        file,
        start: start as u32,
        end: end as u32,
    }
}
