//! What is wrong with an input, located in its texts, and how that is shown.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

/// Whether a problem keeps the input from being compiled.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub enum Severity {
    #[default]
    Error,
    Warning,
}

/// A text that labels refer to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SourceText {
    /// As messages show it.
    pub name: String,
    pub text: String,
    /// Number of the first line: the text may be a piece of a file.
    pub first_line: usize,
}

impl SourceText {
    /// A whole text.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
            first_line: 1,
        }
    }
}

/// A place with what is to be said there, in a few words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// Index into [`Failure::sources`].
    pub source: usize,
    /// Byte range in the text.
    pub start: usize,
    pub end: usize,
    pub text: String,
}

/// One problem.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Diagnostic {
    pub severity: Severity,
    pub message: String,
    /// Where it is, most important first; may be empty.
    pub labels: Vec<Label>,
    /// Facts that help to understand it.
    pub notes: Vec<String>,
    /// What to change.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A problem without a place.
    pub fn plain(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            ..Self::default()
        }
    }

    /// A problem at a place of the first source.
    pub fn at(message: impl Into<String>, span: Option<(usize, usize)>, label: &str) -> Self {
        let mut diagnostic = Self::plain(message);
        diagnostic.labels.extend(span.map(|(start, end)| Label {
            source: 0,
            start,
            end,
            text: label.to_string(),
        }));
        diagnostic
    }

    /// The byte range of the most important place.
    pub fn span(&self) -> Option<(usize, usize)> {
        self.labels.first().map(|l| (l.start, l.end))
    }
}

/// Why a session could not do what it was asked to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// The texts that excerpts are taken from.
    pub sources: Vec<SourceText>,
    pub diagnostics: Vec<Diagnostic>,
}

impl Failure {
    /// A failure that is not about a place in an input.
    pub fn plain(message: impl Into<String>) -> Self {
        Self {
            sources: Vec::new(),
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
            let level = match diagnostic.severity {
                Severity::Error => Level::ERROR,
                Severity::Warning => Level::WARNING,
            };
            let notes = diagnostic.notes.iter().map(|n| Level::NOTE.message(&**n));
            let help = diagnostic.help.iter().map(|h| Level::HELP.message(&**h));
            let excerpts = excerpts(&self.sources, &diagnostic.labels);
            let group = level
                .primary_title(diagnostic.message.as_str())
                .elements(excerpts.iter().map(Excerpt::snippet))
                .elements(notes)
                .elements(help);
            out.push_str(&renderer.render(&[group]));
            out.push('\n');
        }
        out
    }

    /// One JSON object a line, for editors.
    pub fn render_json(&self) -> String {
        let mut out = String::new();
        for d in &self.diagnostics {
            out.push_str(match d.severity {
                Severity::Error => "{\"severity\":\"error\",\"message\":",
                Severity::Warning => "{\"severity\":\"warning\",\"message\":",
            });
            json_string(&mut out, &d.message);
            if let Some(label) = d.labels.first() {
                out.push(',');
                self.json_place(&mut out, label);
            }
            let label = d.labels.first().map_or("", |l| l.text.as_str());
            out.push_str(",\"label\":");
            json_string(&mut out, label);
            if let Some(more) = d.labels.get(1..).filter(|l| !l.is_empty()) {
                out.push_str(",\"labels\":[");
                for (i, label) in more.iter().enumerate() {
                    out.push_str(if i > 0 { ",{" } else { "{" });
                    self.json_place(&mut out, label);
                    out.push_str(",\"label\":");
                    json_string(&mut out, &label.text);
                    out.push('}');
                }
                out.push(']');
            }
            out.push_str(",\"notes\":[");
            for (i, note) in d.notes.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                json_string(&mut out, note);
            }
            out.push(']');
            if let Some(help) = &d.help {
                out.push_str(",\"help\":");
                json_string(&mut out, help);
            }
            out.push_str("}\n");
        }
        out
    }

    /// File, lines and columns of a place, without braces.
    fn json_place(&self, out: &mut String, label: &Label) {
        let Some(source) = self.sources.get(label.source) else {
            out.push_str("\"file\":\"\"");
            return;
        };
        let (line, column) = line_column(source, label.start);
        let (end_line, end_column) = line_column(source, label.end);
        out.push_str("\"file\":");
        json_string(out, &source.name);
        out.push_str(&format!(
            ",\"line\":{line},\"column\":{column},\"end_line\":{end_line},\"end_column\":{end_column}"
        ));
    }
}

/// 1-based line and column, in bytes.
fn line_column(source: &SourceText, at: usize) -> (usize, usize) {
    let text = source.text.as_bytes();
    let before = &text[..at.min(text.len())];
    let line = before.iter().filter(|&&b| b == b'\n').count() + source.first_line;
    let start = before
        .iter()
        .rposition(|&b| b == b'\n')
        .map_or(0, |p| p + 1);
    (line, before.len() - start + 1)
}

/// Lines longer than this are shown in part.
const LONG_LINE: usize = 300;
/// Labels of one text that are further apart are shown in excerpts of their own.
const MAX_EXCERPT: usize = 20_000;

/// A part of a text with labels in it.
struct Excerpt<'a> {
    name: &'a str,
    text: &'a str,
    first_line: usize,
    /// Ranges in `text`; whether it is the most important place; what is said there.
    labels: Vec<(std::ops::Range<usize>, bool, &'a str)>,
}

impl<'a> Excerpt<'a> {
    fn snippet(&self) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
        let labels = self.labels.iter().map(|(range, primary, text)| {
            let kind = if *primary {
                AnnotationKind::Primary
            } else {
                AnnotationKind::Context
            };
            let annotation = kind.span(range.clone());
            if text.is_empty() {
                annotation
            } else {
                annotation.label(*text)
            }
        });
        Snippet::source(self.text)
            .path(self.name)
            .line_start(self.first_line)
            .annotations(labels)
    }
}

/// The excerpts that show labels: one for each text, if its labels are near each other.
fn excerpts<'a>(sources: &'a [SourceText], labels: &'a [Label]) -> Vec<Excerpt<'a>> {
    let mut out: Vec<Excerpt> = Vec::new();
    let mut done = vec![false; labels.len()];
    for (i, label) in labels.iter().enumerate() {
        let Some(source) = sources.get(label.source) else {
            continue;
        };
        if done[i] {
            continue;
        }
        let mine: Vec<usize> = (i..labels.len())
            .filter(|&k| !done[k] && labels[k].source == label.source)
            .collect();
        let shared = mine.len() > 1 && {
            let places: Vec<&Label> = mine.iter().map(|&k| &labels[k]).collect();
            match joint_excerpt(source, &places, i == 0) {
                Some(excerpt) => {
                    out.push(excerpt);
                    true
                }
                None => false,
            }
        };
        if shared {
            for k in mine {
                done[k] = true;
            }
        } else {
            done[i] = true;
            out.push(line_excerpt(source, label, i == 0));
        }
    }
    out
}

/// All lines from the first label to the last; `None` if that is too much.
fn joint_excerpt<'a>(
    source: &'a SourceText,
    labels: &[&'a Label],
    has_primary: bool,
) -> Option<Excerpt<'a>> {
    let text = &source.text;
    let clipped: Vec<(usize, usize)> = labels.iter().map(|l| first_line_of(text, l)).collect();
    let first = clipped.iter().map(|c| c.0).min()?;
    let last = clipped.iter().map(|c| c.1).max()?;
    let (from, to) = (line_start(text, first), line_end(text, last));
    let part = text.get(from..to)?;
    if part.len() > MAX_EXCERPT || part.lines().any(|l| l.len() > LONG_LINE) {
        return None;
    }
    let labels = labels.iter().zip(&clipped).enumerate();
    Some(Excerpt {
        name: &source.name,
        text: part,
        first_line: lines_before(text, from) + source.first_line,
        labels: labels
            .map(|(n, (label, &(start, end)))| {
                let primary = has_primary && n == 0;
                (start - from..end - from, primary, &*label.text)
            })
            .collect(),
    })
}

/// The line that a label starts in, cut to a readable length: lines of machine-written input can
/// be very long.
fn line_excerpt<'a>(source: &'a SourceText, label: &'a Label, primary: bool) -> Excerpt<'a> {
    let text = &source.text;
    let (start, end) = first_line_of(text, label);
    let (line_start, line_end) = (line_start(text, start), line_end(text, start));
    let (mut from, mut to) = (line_start, line_end);
    if line_end - line_start > LONG_LINE {
        from = floor(text, line_start.max(start.saturating_sub(120)));
        to = floor(text, line_end.min(start + 160)).max(from);
    }
    let (start, end) = (start.clamp(from, to), end.clamp(from, to));
    Excerpt {
        name: &source.name,
        text: &text[from..to],
        first_line: lines_before(text, line_start) + source.first_line,
        labels: vec![(start - from..end - from, primary, &*label.text)],
    }
}

/// The part of a label on its first line, at character boundaries of the text.
fn first_line_of(text: &str, label: &Label) -> (usize, usize) {
    let start = floor(text, label.start);
    let end = floor(text, label.end).clamp(start, line_end(text, start));
    (start, end)
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn line_start(text: &str, at: usize) -> usize {
    text.as_bytes()[..at]
        .iter()
        .rposition(|&b| b == b'\n')
        .map_or(0, |p| p + 1)
}

fn line_end(text: &str, at: usize) -> usize {
    text.as_bytes()[at..]
        .iter()
        .position(|&b| b == b'\n')
        .map_or(text.len(), |p| at + p)
}

fn lines_before(text: &str, at: usize) -> usize {
    text.as_bytes()[..at]
        .iter()
        .filter(|&&b| b == b'\n')
        .count()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn label(start: usize, end: usize, text: &str) -> Label {
        Label {
            source: 0,
            start,
            end,
            text: text.into(),
        }
    }

    fn failure(text: &str, labels: Vec<Label>) -> Failure {
        Failure {
            sources: vec![SourceText::new("f.jl", text)],
            diagnostics: vec![Diagnostic {
                message: "wrong".into(),
                labels,
                notes: vec!["a note".into()],
                help: Some("mend it".into()),
                ..Diagnostic::default()
            }],
        }
    }

    #[test]
    fn labels_of_one_text_share_an_excerpt() {
        let text = "s = 0\nfor x in xs\n  s += x\nend\nreturn s\n";
        let shown = failure(
            text,
            vec![label(33, 41, "a Float64"), label(0, 5, "an Int64")],
        );
        let shown = shown.render(false);
        assert_eq!(shown.matches("f.jl").count(), 1, "{shown}");
        for part in [
            "error: wrong",
            "1 |",
            "5 |",
            "an Int64",
            "a Float64",
            "note: a note",
            "help: mend it",
        ] {
            assert!(shown.contains(part), "no `{part}` in\n{shown}");
        }
    }

    #[test]
    fn any_range_of_any_text_is_shown() {
        let text = "αβγ = \"".repeat(200) + "\n\nlast";
        for start in [0, 1, 2, 500, 1801, 1802, 1803, 5000] {
            for end in [0, 1, 3, 501, 1801, 9000] {
                let one = failure(&text, vec![label(start, end, "here")]);
                assert!(one.render(false).contains("wrong"));
                let two = failure(
                    &text,
                    vec![label(start, end, "here"), label(end, start, "")],
                );
                assert!(two.render(true).contains("wrong"));
                assert!(two.render_json().ends_with("}\n"));
            }
        }
    }

    #[test]
    fn pieces_of_files_have_the_lines_of_the_file() {
        let mut one = failure("a\nb b\n", vec![label(4, 5, "second")]);
        one.sources[0].first_line = 10;
        assert!(one.render_json().contains("\"line\":11,\"column\":3"));
        assert!(one.render(false).contains("11 |"));
    }
}
