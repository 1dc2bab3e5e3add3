//! `jlift emit` of the stages that only Julia source has: the syntax tree and the surface tree.

use crate::diagnostic::{Diagnostic, Failure, Label, SourceText};
use jlift_frontend::surface::FileId;
use jlift_frontend::surface_text::to_text;
use jlift_ir::Tables;
use std::path::Path;

/// A stage before inference.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum SourceStage {
    /// The concrete syntax tree.
    Cst,
    /// Julia's expressions.
    Surface,
}

/// The failure that syntax errors of a file are.
pub(super) fn syntax_failure(
    source: &super::files::Source,
    errors: Vec<jlift_frontend::parse::SyntaxError>,
) -> Failure {
    let diagnostics = errors.into_iter().map(|e| Diagnostic {
        message: e.message,
        labels: vec![Label {
            source: 0,
            start: e.span.start as usize,
            end: e.span.end as usize,
            text: String::new(),
        }],
        ..Diagnostic::default()
    });
    let text = String::from_utf8_lossy(&source.text);
    Failure {
        diagnostics: diagnostics.collect(),
        sources: vec![SourceText::new(source.name.clone(), text)],
    }
}

/// The text of a stage of a file, which is parsed and nothing else.
pub fn stage_text(path: &Path, stage: SourceStage) -> Result<String, Failure> {
    let source = super::files::read(path).map_err(Failure::plain)?;
    if stage == SourceStage::Cst {
        let text = std::str::from_utf8(&source.text)
            .map_err(|e| Failure::plain(format!("{}: {e}", source.name)))?;
        return Ok(jlift_frontend::parse::syntax_text(text));
    }
    let mut tables = Tables::default();
    let parsed = jlift_frontend::parse::parse(&source.text, FileId(0), &mut tables);
    if !parsed.diagnostics.is_empty() {
        return Err(syntax_failure(&source, parsed.diagnostics));
    }
    let mut out = String::new();
    for node in parsed.items {
        out.push_str(&to_text(&parsed.tree, node, &tables));
        out.push('\n');
    }
    Ok(out)
}
