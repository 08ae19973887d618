//! Marks for verbatim pieces, which carry the source map through the templates.
//!
//! A template never sees the text of a fragment. It sees a mark, a number between two private-use
//! characters, and the text takes its place when the template is done: what it says can be neither
//! template syntax nor a mark. All other text of a spec is made [`visible`](super::text::visible)
//! first, which leaves no such character.

use crate::diag::SourceId;

use super::files::{File, Piece};

const OPEN: char = '\u{e000}';
const CLOSE: char = '\u{e001}';

/// Whether a character is one of the marks.
pub(super) fn is_mark(c: char) -> bool {
    c == OPEN || c == CLOSE
}

/// The verbatim pieces of one file.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    pieces: Vec<(String, Option<SourceId>, Vec<usize>)>,
}

impl Pieces {
    /// Keeps `text` and returns the mark that stands for it; `offsets` says where each of its bytes
    /// and its end are in `source`.
    pub(super) fn mark(&mut self, text: &str, source: Option<SourceId>, offsets: &[usize]) -> String {
        self.pieces.push((text.to_owned(), source, offsets.to_vec()));
        format!("{OPEN}{}{CLOSE}", self.pieces.len() - 1)
    }

    /// Puts the pieces where their marks are and records what came to stand where.
    pub(super) fn resolve(&self, rendered: &str) -> File {
        let mut file = File::plain("");
        let mut rest = rendered;
        while let Some((before, number, after)) = next_mark(rest) {
            file.text.push_str(before);
            if let Some((text, source, offsets)) = self.pieces.get(number) {
                let start = file.text.len();
                file.text.push_str(text);
                let range = start..file.text.len();
                file.pieces.extend(source.map(|source| Piece { range, source, offsets: offsets.clone() }));
            }
            rest = after;
        }
        file.text.push_str(rest);
        file
    }
}

fn next_mark(text: &str) -> Option<(&str, usize, &str)> {
    let (before, rest) = text.split_once(OPEN)?;
    let (number, after) = rest.split_once(CLOSE)?;
    Some((before, number.parse().ok()?, after))
}
