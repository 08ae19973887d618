//! Draws a [`Report`]: for people in rustc's manner, in one line each, or as plain data.

use std::fmt::Write;
use std::path::PathBuf;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Diagnostic, Label, Place, Report, SourceId};

/// As many mistakes are drawn in full; a report of more ends with their number.
const DRAWN: usize = 200;

/// A mistake as plain data, for a report in JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plain {
    /// The stable name of the mistake.
    pub code: &'static str,
    /// One sentence without a period.
    pub message: String,
    /// The file of the primary label, if the mistake has a place.
    pub path: Option<PathBuf>,
    /// Where it starts.
    pub start: Option<Place>,
    /// Where it ends.
    pub end: Option<Place>,
    /// The words beside the caret.
    pub label: String,
    /// What to do about it.
    pub help: Vec<String>,
}

impl Report {
    /// The drawing for people: file, line, caret and help, with colour where the terminal has it.
    pub fn human(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let mut drawing = String::new();
        for diagnostic in self.diagnostics.iter().take(DRAWN) {
            drawing.push_str(&renderer.render(&[self.group(diagnostic)]));
            drawing.push_str("\n\n");
        }
        let hidden = self.diagnostics.len().saturating_sub(DRAWN);
        if hidden > 0 {
            let _ = writeln!(drawing, "... and {hidden} more mistakes\n");
        }
        drawing
    }

    /// One line each: `path:line:column: error[code]: message`.
    pub fn short(&self) -> String {
        let mut lines = String::new();
        for plain in self.plain() {
            if let (Some(path), Some(start)) = (&plain.path, plain.start) {
                let _ = write!(lines, "{}:{}:{}: ", path.display(), start.line, start.column);
            }
            let _ = writeln!(lines, "error[{}]: {}", plain.code, plain.message);
        }
        lines
    }

    /// The mistakes as plain data.
    pub fn plain(&self) -> Vec<Plain> {
        let plain = |diagnostic: &Diagnostic| {
            let span = diagnostic.labels.first().map(|label| &label.span);
            Plain {
                code: diagnostic.code,
                message: diagnostic.message.clone(),
                path: span.map(|span| self.sources.path(span.source).to_path_buf()),
                start: span.map(|span| self.sources.place(span.source, span.range.start)),
                end: span.map(|span| self.sources.place(span.source, span.range.end)),
                label: diagnostic.labels.first().map(|label| label.text.clone()).unwrap_or_default(),
                help: diagnostic.help.clone(),
            }
        };
        self.diagnostics.iter().map(plain).collect()
    }

    fn group<'a>(&'a self, diagnostic: &'a Diagnostic) -> Group<'a> {
        let title = Level::ERROR.primary_title(&*diagnostic.message).id(diagnostic.code);
        let mut group = Group::with_title(title);
        for source in sources_of(&diagnostic.labels) {
            group = group.element(self.snippet(source, &diagnostic.labels));
        }
        group.elements(diagnostic.help.iter().map(|help| Level::HELP.message(&**help)))
    }

    /// The lines of one file that labels point at, and no more: a file may be large.
    fn snippet<'a>(&'a self, source: SourceId, labels: &'a [Label]) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
        let mine = |label: &&Label| label.span.source == source;
        let ranges = || labels.iter().filter(mine).map(|label| &label.span.range);
        let first = ranges().map(|range| range.start).min().unwrap_or(0);
        let last = ranges().map(|range| range.end).max().unwrap_or(first);
        let (line, start, text) = self.sources.lines(source, first..last);
        let mut snippet = Snippet::source(text)
            .line_start(line)
            .path(self.sources.path(source).display().to_string().replace('\\', "/"));
        for (place, label) in labels.iter().enumerate().filter(|(_, label)| mine(label)) {
            let kind = if place == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
            let range = &label.span.range;
            let annotation = kind.span(within(text, range.start - start)..within(text, range.end - start));
            let words = (!label.text.is_empty()).then_some(&*label.text);
            snippet = snippet.annotation(annotation.label(words));
        }
        snippet
    }
}

/// The nearest place at or before `byte` where a character starts.
fn within(text: &str, byte: usize) -> usize {
    let byte = byte.min(text.len());
    (0..=byte).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// The files of the labels, each once, in order of appearance.
fn sources_of(labels: &[Label]) -> Vec<SourceId> {
    let mut sources = Vec::new();
    for label in labels {
        if !sources.contains(&label.span.source) {
            sources.push(label.span.source);
        }
    }
    sources
}
