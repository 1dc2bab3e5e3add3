//! What is wrong with an input, located in its text, and how that is shown.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

/// One problem.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    pub message: String,
    /// Byte range in the input.
    pub span: Option<(usize, usize)>,
    /// What stands at the span, in a few words.
    pub label: String,
    /// Facts that help to understand or mend it.
    pub notes: Vec<String>,
}

impl Diagnostic {
    /// A problem without a place.
    pub fn plain(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            span: None,
            label: String::new(),
            notes: Vec::new(),
        }
    }
}

/// Why a session could not do what it was asked to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// The input's name and text, for excerpts; the text may be empty.
    pub source_name: String,
    pub source_text: String,
    pub diagnostics: Vec<Diagnostic>,
}

impl Failure {
    /// A failure that is not about a place in an input.
    pub fn plain(message: impl Into<String>) -> Self {
        Self {
            source_name: String::new(),
            source_text: String::new(),
            diagnostics: vec![Diagnostic::plain(message)],
        }
    }

    /// The text to be shown, with excerpts of the input.
    pub fn render(&self, colours: bool) -> String {
        let renderer = if colours {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let mut out = String::new();
        for diagnostic in &self.diagnostics {
            let mut group = Level::ERROR
                .primary_title(diagnostic.message.as_str())
                .elements(
                    diagnostic
                        .notes
                        .iter()
                        .map(|n| Level::NOTE.message(n.as_str())),
                );
            let located = diagnostic
                .span
                .and_then(|span| excerpt(&self.source_text, span));
            if let Some((text, first_line, start, end)) = located {
                group = Level::ERROR
                    .primary_title(diagnostic.message.as_str())
                    .element(
                        Snippet::source(text)
                            .path(self.source_name.as_str())
                            .line_start(first_line)
                            .annotation(
                                AnnotationKind::Primary
                                    .span(start..end)
                                    .label(diagnostic.label.as_str()),
                            ),
                    )
                    .elements(
                        diagnostic
                            .notes
                            .iter()
                            .map(|n| Level::NOTE.message(n.as_str())),
                    );
            }
            out.push_str(&renderer.render(&[group]));
            out.push('\n');
        }
        out
    }

    /// One JSON object a line, for editors.
    pub fn render_json(&self) -> String {
        let mut out = String::new();
        for d in &self.diagnostics {
            out.push_str("{\"severity\":\"error\",\"message\":");
            json_string(&mut out, &d.message);
            if let Some((start, end)) = d.span {
                let (line, column) = line_column(&self.source_text, start);
                let (end_line, end_column) = line_column(&self.source_text, end);
                out.push_str(",\"file\":");
                json_string(&mut out, &self.source_name);
                out.push_str(&format!(
                    ",\"line\":{line},\"column\":{column},\"end_line\":{end_line},\"end_column\":{end_column}"
                ));
            }
            out.push_str(",\"label\":");
            json_string(&mut out, &d.label);
            out.push_str(",\"notes\":[");
            for (i, note) in d.notes.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                json_string(&mut out, note);
            }
            out.push_str("]}\n");
        }
        out
    }
}

/// 1-based line and column, in bytes.
fn line_column(text: &str, at: usize) -> (usize, usize) {
    let before = &text.as_bytes()[..at.min(text.len())];
    let line = before.iter().filter(|&&b| b == b'\n').count() + 1;
    let start = before
        .iter()
        .rposition(|&b| b == b'\n')
        .map_or(0, |p| p + 1);
    (line, before.len() - start + 1)
}

/// The line that a span starts in, cut to a readable length, its number, and the span in it.
fn excerpt(text: &str, (start, end): (usize, usize)) -> Option<(&str, usize, usize, usize)> {
    let start = start.min(text.len());
    let bytes = text.as_bytes();
    let line_start = bytes[..start]
        .iter()
        .rposition(|&b| b == b'\n')
        .map_or(0, |p| p + 1);
    let line_end = bytes[start..]
        .iter()
        .position(|&b| b == b'\n')
        .map_or(text.len(), |p| start + p);
    let line_number = bytes[..line_start].iter().filter(|&&b| b == b'\n').count() + 1;
    // A window of the line around the span: lines of machine-written input can be very long.
    let floor = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let from = floor(line_start.max(start.saturating_sub(120)));
    let to = floor(line_end.min(start + 160)).max(from);
    let start = floor(start).clamp(from, to);
    let end = floor(end.min(text.len())).clamp(start, to);
    Some((&text[from..to], line_number, start - from, end - from))
}

fn json_string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if (c as u32) < 0x20 => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
}
