//! What is wrong with a program, from whoever found it, as diagnostics with excerpts.

use super::Program;
use crate::diagnostic::{Diagnostic, Failure, Label, Severity, SourceText};
use crate::engine::Problem;
use crate::origin::Origin;
use jlift_frontend::surface::{FileId, Span};
use jlift_infer::Obstacle;
use jlift_infer::obstacle::Severity as InferSeverity;

impl Program {
    /// The files of the program that were read so far, in the order of their numbers; those of
    /// Base are there without text, so that nothing is shown of them.
    pub(super) fn sources(&self) -> Vec<SourceText> {
        let files = (0..).map_while(|n| self.world.sources.file(FileId(n)));
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        files
            .map(|file| SourceText {
                name: file.name.to_string(),
                text: if file.is_base {
                    String::new()
                } else {
                    text(&file.text)
                },
                first_line: file.first_line() as usize,
            })
            .collect()
    }

    /// A failure with these problems.
    pub(super) fn failure(&self, diagnostics: Vec<Diagnostic>) -> Failure {
        Failure {
            sources: self.sources(),
            diagnostics,
        }
    }

    /// A problem at a place.
    pub(super) fn problem_at(&self, span: Option<Span>, message: &str) -> Failure {
        let obstacle = Obstacle::error(span, message);
        self.failure(vec![self.diagnostic(&obstacle)])
    }

    /// What inference found.
    pub(super) fn obstacles(&self, obstacles: &[Obstacle]) -> Failure {
        self.failure(obstacles.iter().map(|o| self.diagnostic(o)).collect())
    }

    pub(super) fn diagnostic(&self, obstacle: &Obstacle) -> Diagnostic {
        let label = |span: Span, text: &str| Label {
            source: span.file.0 as usize,
            start: span.start as usize,
            end: span.end as usize,
            text: text.to_string(),
        };
        let in_base = |span: &Span| {
            let file = self.world.sources.file(span.file);
            file.is_none_or(|f| f.is_base)
        };
        let mut labels = Vec::new();
        let mut notes = Vec::new();
        let place = |span: Span| {
            let (line, _) = self.world.sources.line_column(span.file, span.start);
            let name = self.world.sources.file(span.file).map_or("", |f| &f.name);
            format!("{name}:{line}")
        };
        match obstacle.span {
            Some(span) if in_base(&span) => notes.push(format!("in Base, {}", place(span))),
            Some(span) => labels.push(label(span, "")),
            None => {}
        }
        for (span, text) in &obstacle.labels {
            if in_base(span) {
                notes.push(format!("{text} ({})", place(*span)));
            } else {
                labels.push(label(*span, text));
            }
        }
        notes.extend(obstacle.notes.iter().cloned());
        Diagnostic {
            severity: match obstacle.severity {
                InferSeverity::Error | InferSeverity::Dynamic => Severity::Error,
                InferSeverity::Warning => Severity::Warning,
            },
            message: obstacle.message.clone(),
            labels,
            notes,
            help: obstacle.help.clone(),
        }
    }

    /// What the engine could not compile.
    pub(super) fn problems(&self, problems: &[Problem]) -> Failure {
        let origin = Origin::Julia(self.sources());
        let diagnostics = problems.iter().map(|p| match p.func {
            Some(func) => origin.diagnostic(&self.world.module, func, p.inst, &p.message),
            None => Diagnostic::plain(p.message.clone()),
        });
        origin.failure(diagnostics.collect())
    }

    /// Fails if something keeps the program from being run; what can be resolved while it runs, and
    /// warnings, are passed over.
    pub(super) fn check_obstacles(&self, mut obstacles: Vec<Obstacle>) -> Result<(), Failure> {
        if obstacles.iter().any(Obstacle::is_error) {
            obstacles.retain(|o| o.severity != InferSeverity::Dynamic);
            return Err(self.obstacles(&obstacles));
        }
        Ok(())
    }

    /// Fails if something keeps the program from being compiled for an output.
    pub(super) fn check_static(&self, obstacles: Vec<Obstacle>) -> Result<(), Failure> {
        let keeps = |o: &Obstacle| o.severity != InferSeverity::Warning;
        if obstacles.iter().any(keeps) {
            return Err(self.obstacles(&obstacles));
        }
        Ok(())
    }
}
