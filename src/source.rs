//! The source files of a survey and places in them. Spans are byte ranges; lines and columns exist only at the edge.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// A file of a [`SourceMap`], by position in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct FileId(pub u32);

impl FileId {
    /// The file at a position.
    pub fn at(position: usize) -> Self {
        FileId(u32::try_from(position).unwrap_or(u32::MAX))
    }
}

/// A byte range of one file. `start == end` marks a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The bytes `start..end` of `file`.
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Span { file, start: clamp(start), end: clamp(end) }
    }

    /// Whether another span lies in this one.
    pub fn holds(self, other: Span) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }

    /// The smallest span that covers both (of one file; otherwise `self`).
    pub fn to(self, other: Span) -> Span {
        if self.file != other.file {
            return self;
        }
        Span { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A value and where it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// What was written.
    pub value: T,
    /// Where.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// `value` written at `span`.
    pub fn new(value: T, span: Span) -> Self {
        Spanned { value, span }
    }
}

/// A place as people count: lines and columns from 1, columns in characters (code points).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// One source file.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// The path as it is shown to people.
    pub path: PathBuf,
    /// The whole text.
    pub text: String,
    /// Found when a place is first asked for.
    line_starts: OnceLock<Vec<usize>>,
}

/// All files of a compilation.
#[derive(Debug, Clone, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceMap {
    /// Adds a file; its id is its position.
    pub fn add(&mut self, path: impl AsRef<Path>, text: String) -> FileId {
        let id = FileId::at(self.files.len());
        self.files.push(SourceFile { path: path.as_ref().to_path_buf(), text, line_starts: OnceLock::new() });
        id
    }

    /// The file of `id`.
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// All files, in the order they were added.
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// The text of a span; empty where the span does not lie on character boundaries of its file.
    pub fn text(&self, span: Span) -> &str {
        self.get(span.file).and_then(|f| f.text.get(span.start as usize..span.end as usize)).unwrap_or("")
    }

    /// Line and column of the first character of a span.
    pub fn position(&self, span: Span) -> Position {
        self.get(span.file).map_or(Position { line: 1, column: 1 }, |f| f.position(span.start as usize))
    }

    /// Line and column just behind the last character of a span.
    pub fn end_position(&self, span: Span) -> Position {
        self.get(span.file).map_or(Position { line: 1, column: 1 }, |f| f.position(span.end as usize))
    }
}

impl SourceFile {
    /// Where each line begins, in bytes.
    fn line_starts(&self) -> &[usize] {
        let breaks = || self.text.match_indices('\n').map(|(at, _)| at + 1);
        self.line_starts.get_or_init(|| std::iter::once(0).chain(breaks()).collect())
    }

    /// The whole lines that hold some bytes: the number of the first, from 1, and where they begin and end.
    pub fn lines(&self, bytes: Range<usize>) -> (usize, Range<usize>) {
        let first = self.line_starts().partition_point(|s| *s <= bytes.start).max(1);
        let behind = self.line_starts().partition_point(|s| *s <= bytes.end.max(bytes.start));
        let start = self.line_starts().get(first - 1).copied().unwrap_or(0);
        (first, start..self.line_starts().get(behind).copied().unwrap_or(self.text.len()))
    }

    /// Line and column of a byte offset.
    pub fn position(&self, offset: usize) -> Position {
        let line = self.line_starts().partition_point(|s| *s <= offset).max(1);
        let start = self.line_starts().get(line - 1).copied().unwrap_or(0);
        let before = self.text.get(start..offset).unwrap_or("");
        Position { line, column: before.chars().count() + 1 }
    }
}
