//! What went wrong, as values: a code, a message, places in the spec, help.
//!
//! Every stage collects [`Diagnostic`]s and none prints; `draw` in this module draws them and the
//! command line shows the drawing. What each says stands in one table, [`mistakes`].

mod draw;
mod error;
pub mod mistakes;
mod source;
mod suggest;

pub use draw::Plain;
pub use error::{Action, Error, Result, StaleFile};
pub use mistakes::Mistake;
use source::whole_characters;
pub use source::{Place, SourceId, Sources, Span};
pub use suggest::{closest, did_you_mean};

/// One mistake, with all that its reader needs to mend it.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// The stable name of the mistake, `unknown-dtype`.
    pub code: &'static str,
    /// One sentence without a period.
    pub message: String,
    /// Where it is and what stands in the way there; the first label is the primary one.
    pub labels: Vec<Label>,
    /// What to do about it.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// Adds a further place.
    pub fn label(mut self, span: &Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span: span.clone(), text: text.into() });
        self
    }

    /// Adds a line of help; an empty one is left out.
    pub fn help(mut self, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.help.push(text);
        }
        self
    }

    /// The file and the byte of the primary label, by which reports are sorted.
    fn order(&self) -> Option<(SourceId, usize)> {
        self.labels.first().map(|label| (label.span.source, label.span.range.start))
    }
}

/// A place in a source file with a few words on it.
#[derive(Debug, Clone)]
pub struct Label {
    /// The marked range.
    pub span: Span,
    /// Words beside the caret; may be empty.
    pub text: String,
}

/// All mistakes of a run, with the files they point into.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The files.
    pub sources: Sources,
    /// The mistakes, in the order of the files.
    pub diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// Sorts the mistakes by file and place. A place is of whole characters, whatever a parser counts.
    pub fn new(sources: Sources, mut diagnostics: Vec<Diagnostic>) -> Self {
        for label in diagnostics.iter_mut().flat_map(|diagnostic| &mut diagnostic.labels) {
            label.span.range = whole_characters(sources.text(label.span.source), label.span.range.clone());
        }
        diagnostics.sort_by_key(Diagnostic::order);
        Self { sources, diagnostics }
    }
}
