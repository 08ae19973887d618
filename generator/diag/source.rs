//! The files that diagnostics point into.

use std::ops::Range;
use std::path::{Path, PathBuf};

/// A file of [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(usize);

/// A byte range of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The file.
    pub source: SourceId,
    /// Bytes of its text.
    pub range: Range<usize>,
}

impl Span {
    /// The range in that file.
    pub fn new(source: SourceId, range: Range<usize>) -> Self {
        Self { source, range }
    }
}

/// A place as people count: both from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// The spec and body files of a run: path as shown to the user, and text.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<Source>,
}

/// One file, with the places where its lines start.
#[derive(Debug, Clone)]
struct Source {
    path: PathBuf,
    text: String,
    lines: Vec<usize>,
}

impl Sources {
    /// Adds a file and returns its handle.
    pub fn add(&mut self, path: impl Into<PathBuf>, text: String) -> SourceId {
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        self.files.push(Source { path: path.into(), text, lines });
        SourceId(self.files.len() - 1)
    }

    /// The path as shown to the user.
    pub fn path(&self, id: SourceId) -> &Path {
        &self.files[id.0].path
    }

    /// The whole text.
    pub fn text(&self, id: SourceId) -> &str {
        &self.files[id.0].text
    }

    /// The paths of all files, in the order in which they were read.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(|file| file.path.as_path())
    }

    /// Line and column of a byte.
    pub fn place(&self, id: SourceId, byte: usize) -> Place {
        let file = &self.files[id.0];
        let byte = floor_boundary(&file.text, byte);
        let line = file.lines.partition_point(|&start| start <= byte);
        let start = file.lines[line - 1];
        Place { line, column: file.text[start..byte].chars().count() + 1 }
    }

    /// The whole lines that hold a range: the first one's number, the first byte, the text.
    pub(super) fn lines(&self, id: SourceId, range: Range<usize>) -> (usize, usize, &str) {
        let file = &self.files[id.0];
        let first = file.lines.partition_point(|&start| start <= range.start.min(file.text.len()));
        let last = file.lines.partition_point(|&start| start <= range.end.min(file.text.len()));
        let start = file.lines[first - 1];
        let end = file.lines.get(last).copied().unwrap_or(file.text.len());
        (first, start, &file.text[start..end])
    }
}

/// The start of the character that holds a byte.
fn floor_boundary(text: &str, byte: usize) -> usize {
    let byte = byte.min(text.len());
    (0..=byte).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// A range with the whole of the characters at its ends.
pub(super) fn whole_characters(text: &str, range: Range<usize>) -> Range<usize> {
    let inside = |at: &usize| *at < text.len() && !text.is_char_boundary(*at);
    let start = (0..=range.start).rev().find(|at| !inside(at)).unwrap_or(0);
    let end = (range.end..).find(|at| !inside(at)).unwrap_or(range.end);
    start..end
}

#[cfg(test)]
mod tests {
    use super::whole_characters;

    #[test]
    fn a_place_is_of_whole_characters() {
        let text = "aß€";
        for (range, wanted) in [(0..1, 0..1), (1..2, 1..3), (2..3, 1..3), (2..4, 1..6), (6..7, 6..7), (3..3, 3..3)] {
            assert_eq!(whole_characters(text, range.clone()), wanted, "{range:?}");
        }
    }
}
