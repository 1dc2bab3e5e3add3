//! What keeps a program from being compiled: located messages with notes and a suggestion. How
//! they are shown is the driver's business.

use jlift_frontend::surface::Span;

/// Whether a program with it can still be compiled.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Severity {
    Error,
    /// It can be compiled where calls may be resolved at run time.
    Dynamic,
    Warning,
}

/// A problem at a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Obstacle {
    pub severity: Severity,
    pub span: Option<Span>,
    pub message: String,
    /// Further places with what is to be said there.
    pub labels: Vec<(Span, String)>,
    pub notes: Vec<String>,
    /// What to change.
    pub help: Option<String>,
}

impl Obstacle {
    /// An error.
    pub fn error(span: Option<Span>, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            span,
            message: message.into(),
            labels: Vec::new(),
            notes: Vec::new(),
            help: None,
        }
    }

    /// Whether nothing that contains it can be compiled.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// Adds a note.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds a label.
    pub fn label(mut self, span: Option<Span>, text: impl Into<String>) -> Self {
        if let Some(span) = span {
            self.labels.push((span, text.into()));
        }
        self
    }

    /// Sets the suggestion.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
