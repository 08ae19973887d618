//! rustc's errors, shown where the user wrote the text that it complains of.

use std::path::Path;

use serde::Deserialize;

use crate::diag::{Diagnostic, Label, Span};
use crate::model::DType;
use crate::render::Files;

/// A line of cargo's `--message-format json`.
#[derive(Deserialize)]
struct Line {
    message: Option<Message>,
}

#[derive(Deserialize)]
struct Message {
    message: String,
    level: String,
    spans: Vec<RustSpan>,
    #[serde(default)]
    children: Vec<Message>,
    rendered: Option<String>,
}

#[derive(Deserialize, Clone)]
struct RustSpan {
    file_name: String,
    byte_start: usize,
    byte_end: usize,
    is_primary: bool,
    label: Option<String>,
    expansion: Option<Box<Expansion>>,
}

#[derive(Deserialize, Clone)]
struct Expansion {
    span: RustSpan,
}

/// What a failed compilation had to say.
#[derive(Debug, Default)]
pub(super) struct Complaints {
    /// Errors in text of the specs, once for all dtypes.
    pub(super) mistakes: Vec<Diagnostic>,
    /// Errors elsewhere, as rustc drew them.
    pub(super) bugs: Vec<String>,
}

/// Reads cargo's messages on a crate that was written from `files`.
pub(super) fn complaints(messages: &str, files: &Files) -> Complaints {
    let mut complaints = Complaints::default();
    let mut found: Vec<Diagnostic> = Vec::new();
    let errors = messages.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok()?.message);
    for error in errors.filter(|message| message.level == "error") {
        let labels = labels(&error.spans, files);
        if labels.is_empty() {
            complaints.bugs.extend(error.rendered.filter(|_| !error.spans.is_empty()));
            continue;
        }
        let help = error.children.iter().filter(|child| matches!(child.level.as_str(), "help" | "note"));
        let help = help.filter(|child| child.spans.is_empty()).map(|child| child.message.clone()).collect();
        found.push(Diagnostic { code: "rustc", message: error.message, labels, help });
    }
    complaints.mistakes = merged(found);
    complaints
}

/// The places in specs that an error points at, the primary one first.
fn labels(spans: &[RustSpan], files: &Files) -> Vec<Label> {
    let mut labels: Vec<(bool, bool, Label)> = Vec::new();
    for span in spans {
        let exact = exact_origin(span, files);
        let text = span.label.clone().unwrap_or_default();
        if let Some(place) = exact.clone().or_else(|| origin(span, files)) {
            labels.push((span.is_primary, exact.is_some(), Label { span: place, text }));
        }
    }
    if !labels.iter().any(|(primary, ..)| *primary) {
        return Vec::new();
    }
    // A place in text of our own leads to all that it was made of: of no use beside one that is the user's.
    if labels.iter().any(|(_, exact, _)| *exact) {
        let lost = labels.iter().find(|(primary, exact, _)| *primary && !*exact).map(|(.., label)| label.text.clone());
        labels.retain(|(_, exact, _)| *exact);
        if let (Some(lost), Some((.., first))) = (lost.filter(|lost| !lost.is_empty()), labels.first_mut()) {
            first.text = if first.text.is_empty() { lost } else { format!("{}: {lost}", first.text) };
        }
    }
    labels.sort_by_key(|(primary, ..)| !primary);
    labels.into_iter().map(|(.., label)| label).collect()
}

/// Where a span was copied from, if that is text of the user's.
fn exact_origin(span: &RustSpan, files: &Files) -> Option<Span> {
    files.get(Path::new(&span.file_name)).and_then(|file| file.origin(span.byte_start..span.byte_end))
}

/// Where a span, or the macro call that it was expanded from, was copied from.
fn origin(span: &RustSpan, files: &Files) -> Option<Span> {
    exact_origin(span, files).or_else(|| origin(&span.expansion.as_ref()?.span, files))
}

/// One mistake for the errors that differ only in the dtype they were found for.
fn merged(found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut groups: Vec<Vec<Diagnostic>> = Vec::new();
    for each in found {
        let same = |group: &&mut Vec<Diagnostic>| group.first().is_some_and(|first| is_same(first, &each));
        match groups.iter_mut().find(same) {
            Some(group) => group.push(each),
            None => groups.push(vec![each]),
        }
    }
    groups.into_iter().filter_map(one_of).collect()
}

fn is_same(a: &Diagnostic, b: &Diagnostic) -> bool {
    let place = |diagnostic: &Diagnostic| diagnostic.labels.first().map(|label| label.span.clone());
    let wording = |diagnostic: &Diagnostic| {
        let words = words(&diagnostic.message).map(|word| if is_dtype(word) { "_" } else { word });
        words.map(str::to_owned).collect::<Vec<_>>()
    };
    place(a) == place(b) && wording(a) == wording(b)
}

fn one_of(group: Vec<Diagnostic>) -> Option<Diagnostic> {
    let messages: Vec<&str> = group.iter().map(|each| each.message.as_str()).collect();
    let columns = words(messages.first()?).enumerate().map(|(place, _)| {
        let mut column: Vec<&str> = messages.iter().filter_map(|message| words(message).nth(place)).collect();
        column.dedup();
        column
    });
    let dtypes = columns.into_iter().find(|column| column.len() > 1).map(|dtypes| dtypes.join(", "));
    let mut merged = group.into_iter().next()?;
    if let Some(dtypes) = dtypes {
        merged.message.push_str(&format!(" (for {dtypes})"));
    }
    Some(merged)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
}

fn is_dtype(word: &str) -> bool {
    DType::ALL.iter().any(|dtype| dtype.name() == word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Sources;
    use crate::render::{File, Piece};

    fn message(text: &str) -> String {
        let inner =
            r#"{"file_name":"src/sum.rs","byte_start":4,"byte_end":5,"is_primary":true,"label":null,"expansion":null}"#;
        let outer = format!(
            r#"{{"file_name":"lib/core.rs","byte_start":0,"byte_end":9,"is_primary":true,"label":"here","expansion":{{"span":{inner}}}}}"#
        );
        format!(
            r#"{{"reason":"compiler-message","message":{{"message":"{text}","level":"error","spans":[{outer}],"children":[],"rendered":"raw"}}}}"#
        )
    }

    fn files() -> Files {
        let source = Sources::default().add("sum.toml", String::new());
        let pieces = vec![Piece { range: 4..5, source, offsets: vec![70, 71] }];
        [("src/sum.rs".into(), File { text: "map {y}".to_owned(), pieces })].into_iter().collect()
    }

    #[test]
    fn an_error_is_shown_at_the_spec_once_for_all_dtypes() {
        let messages = [message("expected `f32`, found bool"), message("expected `f64`, found bool")].join("\n");
        let found = complaints(&messages, &files());
        let [mistake] = found.mistakes.as_slice() else { panic!("{found:?}") };
        assert_eq!(mistake.message, "expected `f32`, found bool (for f32, f64)");
        assert_eq!(mistake.labels[0].span.range, 70..71);
    }

    #[test]
    fn an_error_in_our_own_text_is_a_bug() {
        let found = complaints(&message("oh"), &Files::default());
        assert_eq!((found.mistakes.len(), found.bugs), (0, vec!["raw".to_owned()]));
    }
}
