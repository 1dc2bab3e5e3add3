//! The files of a session, and lines and columns of places in them.

use super::World;
use cranelift_entity::packed_option::PackedOption;
use jlift_frontend::surface::{FileId, Span};
use jlift_ir::{Loc, LocData, Name};
use std::borrow::Cow;

/// A file.
pub struct SourceFile {
    /// As messages show it.
    pub name: Cow<'static, str>,
    pub text: Cow<'static, [u8]>,
    /// Part of Base: hidden from messages where a place in the user's code is known.
    pub is_base: bool,
    /// Offset of the first byte of each line; not kept for the short pieces of Base.
    line_starts: Vec<u32>,
    /// Line of the first byte of `text`: definitions of Base are pieces of a file.
    first_line: u32,
    interned: Option<Name>,
}

impl SourceFile {
    /// Line of the first byte of the text.
    pub fn first_line(&self) -> u32 {
        self.first_line
    }
}

/// All files by [`FileId`].
#[derive(Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceMap {
    /// Adds a file.
    pub fn add(&mut self, name: &str, text: &[u8]) -> FileId {
        let mut line_starts = vec![0];
        line_starts.extend(
            text.iter()
                .enumerate()
                .filter(|(_, b)| **b == b'\n')
                .map(|(i, _)| i as u32 + 1),
        );
        self.push(SourceFile {
            name: name.to_string().into(),
            text: text.to_vec().into(),
            is_base: false,
            line_starts,
            first_line: 1,
            interned: None,
        })
    }

    /// Adds a piece of a file of Base that starts at line `first_line`.
    pub fn add_base(&mut self, name: &'static str, text: &'static [u8], first_line: u32) -> FileId {
        self.push(SourceFile {
            name: name.into(),
            text: text.into(),
            is_base: true,
            line_starts: Vec::new(),
            first_line,
            interned: None,
        })
    }

    fn push(&mut self, file: SourceFile) -> FileId {
        self.files.push(file);
        FileId(self.files.len() as u32 - 1)
    }

    /// A file.
    pub fn file(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// The first byte of a line of the file with this name.
    pub fn line_start(&self, name: &str, line: u32) -> Option<(FileId, u32)> {
        let id = self
            .files
            .iter()
            .rposition(|f| !f.is_base && *f.name == *name)?;
        let file = &self.files[id];
        let index = line.checked_sub(file.first_line)? as usize;
        Some((FileId(id as u32), *file.line_starts.get(index)?))
    }

    /// 1-based line and column (in bytes) of an offset.
    pub fn line_column(&self, id: FileId, offset: u32) -> (u32, u32) {
        let Some(file) = self.file(id) else {
            return (0, 0);
        };
        if file.line_starts.is_empty() {
            let before = file.text.get(..offset as usize).unwrap_or(&file.text);
            let lines = before.iter().filter(|&&b| b == b'\n').count() as u32;
            let last = before.iter().rposition(|&b| b == b'\n');
            let start = last.map_or(0, |at| at as u32 + 1);
            return (lines + file.first_line, offset.saturating_sub(start) + 1);
        }
        let line = file.line_starts.partition_point(|&s| s <= offset);
        let start = file.line_starts[line.saturating_sub(1)];
        (
            line as u32 - 1 + file.first_line,
            offset.saturating_sub(start) + 1,
        )
    }
}

impl World {
    /// The location of a place inside `function`.
    pub fn loc(&mut self, span: Option<Span>, function: Name) -> PackedOption<Loc> {
        let Some(span) = span else {
            return None.into();
        };
        let (line, _) = self.sources.line_column(span.file, span.start);
        let Some(file) = self.sources.files.get_mut(span.file.0 as usize) else {
            return None.into();
        };
        let name = match file.interned {
            Some(name) => name,
            None => {
                let name = self.module.tables.names.intern(&file.name);
                file.interned = Some(name);
                name
            }
        };
        Some(self.module.locs.intern(LocData {
            file: name,
            line,
            function,
            inlined_at: None.into(),
        }))
        .into()
    }
}
