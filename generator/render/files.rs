//! What a package is written as: texts by path, and the way back from generated text to the specs.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::diag::{SourceId, Span};

/// The files of a package, by path within its folder.
#[derive(Debug, Clone, Default)]
pub struct Files {
    files: BTreeMap<PathBuf, File>,
    copies: BTreeMap<PathBuf, PathBuf>,
}

/// The text of a file and its source map.
#[derive(Debug, Clone)]
pub struct File {
    /// What is written.
    pub text: String,
    /// The verbatim pieces of specs in it, in the order of the text.
    pub pieces: Vec<Piece>,
}

/// A range of generated text that stands in a spec as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Bytes of the generated text.
    pub range: Range<usize>,
    /// The file that it was taken from.
    pub source: SourceId,
    /// For each byte of the range and for its end, the byte in that file.
    pub offsets: Vec<usize>,
}

impl Files {
    /// Adds a file; two of one path are a bug of `render`.
    pub(super) fn insert(&mut self, path: impl Into<PathBuf>, file: File) {
        let path = path.into();
        debug_assert!(!self.files.contains_key(&path), "{} twice", path.display());
        self.files.insert(path, file);
    }

    /// Adds a copy of the file `from`, in the place of any text at that path.
    pub fn copy(&mut self, path: impl Into<PathBuf>, from: impl Into<PathBuf>) {
        let path = path.into();
        self.files.remove(&path);
        self.copies.insert(path, from.into());
    }

    /// The paths of files that are copies, and what of.
    pub fn copies(&self) -> impl Iterator<Item = (&Path, &Path)> {
        self.copies.iter().map(|(path, from)| (path.as_path(), from.as_path()))
    }

    /// What the file at `path` is a copy of.
    pub fn source(&self, path: &Path) -> Option<&Path> {
        self.copies.get(path).map(PathBuf::as_path)
    }

    /// The paths of all files, texts and copies.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.keys().chain(self.copies.keys()).map(PathBuf::as_path)
    }

    /// Whether there is a text or a copy of this path.
    pub fn contains(&self, path: &Path) -> bool {
        self.files.contains_key(path) || self.copies.contains_key(path)
    }

    /// All texts in the order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&Path, &File)> {
        self.files.iter().map(|(path, file)| (path.as_path(), file))
    }

    /// The text at `path`.
    pub fn get(&self, path: &Path) -> Option<&File> {
        self.files.get(path)
    }
}

impl FromIterator<(PathBuf, File)> for Files {
    fn from_iter<I: IntoIterator<Item = (PathBuf, File)>>(files: I) -> Files {
        Files { files: files.into_iter().collect(), copies: BTreeMap::new() }
    }
}

impl File {
    /// A file that holds nothing of a spec verbatim.
    pub(super) fn plain(text: impl Into<String>) -> File {
        File { text: text.into(), pieces: Vec::new() }
    }

    /// The place in a spec that the bytes `range` of this file were copied from.
    ///
    /// A range over several pieces of one source, as an expression on several lines is, gives all
    /// that lies between. `None` for text of kernelgen's own.
    pub fn origin(&self, range: Range<usize>) -> Option<Span> {
        let end = range.end.max(range.start + 1);
        let touched = |piece: &&Piece| piece.range.start < end && piece.range.end > range.start;
        let first = self.pieces.iter().find(touched)?;
        let last = self.pieces.iter().rfind(|piece| touched(piece) && piece.source == first.source)?;
        let start = first.offset(range.start.max(first.range.start))?;
        let end = last.offset(range.end.min(last.range.end))?;
        Some(Span { source: first.source, range: start..end.max(start) })
    }
}

impl Piece {
    fn offset(&self, byte: usize) -> Option<usize> {
        self.offsets.get(byte.checked_sub(self.range.start)?).copied()
    }
}
