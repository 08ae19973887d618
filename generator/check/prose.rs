//! Text that people read: docstrings, and the Python of `reference` and `examples`.

use std::collections::BTreeMap;

use crate::diag::{Diagnostic, Span, did_you_mean, mistakes};
use crate::model::Kernel;
use crate::spec::{self, Text};

/// Checks every text of a kernel.
pub fn check(given: &spec::Kernel, arguments: &BTreeMap<String, Span>, log: &mut Vec<Diagnostic>) {
    for (name, _) in &given.docs {
        if !arguments.contains_key(&name.value) {
            let known: Vec<_> = arguments.keys().map(String::as_str).collect();
            let help = did_you_mean(&name.value, "arguments", &known);
            log.push(mistakes::UNKNOWN_ARGUMENT.at(&name.span, &[&name.value]).help(help));
        }
    }
    let texts = given.docs.iter().map(|(_, text)| text).chain(&given.doc).chain(&given.summary);
    for text in texts.chain(&given.reference).chain(&given.examples) {
        characters(text, log);
    }
    if let Some(summary) = &given.summary {
        one_line(summary, "summary", log);
    }
    for text in given.reference.iter().chain(&given.examples) {
        if text.value.trim().is_empty() {
            log.push(mistakes::EMPTY_TEXT.at(&text.span, &[&"Python"]));
        }
    }
}

/// Control characters, and those that turn the direction of text, can make a file look other than it is.
pub fn characters(text: &Text, log: &mut Vec<Diagnostic>) -> bool {
    let odd = |c: char| {
        c.is_control() && !matches!(c, '\n' | '\r' | '\t')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
    };
    let found = text.value.char_indices().find(|(_, c)| odd(*c));
    if let Some((at, c)) = found {
        log.push(mistakes::TEXT_CONTROL.at(&text.part(at..at + c.len_utf8()), &[&format!("U+{:04X}", c as u32)]));
    }
    found.is_none()
}

/// A text of one line.
pub fn one_line(text: &Text, key: &str, log: &mut Vec<Diagnostic>) -> bool {
    let one = !text.value.trim().contains(['\n', '\r']);
    if !one {
        log.push(mistakes::ONE_LINE.at(&first_line(text), &[&key]));
    }
    one
}

/// The first line of a string's place.
fn first_line(text: &Text) -> Span {
    let end = text.value.find(['\n', '\r']).unwrap_or(text.value.len());
    if end == 0 { text.span.clone() } else { text.part(0..end) }
}

/// Gives each argument its line of `docs`.
pub fn fill(given: &spec::Kernel, kernel: &mut Kernel) {
    let inputs = kernel.inputs.iter_mut().map(|input| (&input.name, &mut input.doc));
    let outputs = kernel.outputs.iter_mut().map(|output| (&output.name, &mut output.doc));
    let params = kernel.params.iter_mut().map(|param| (&param.name, &mut param.doc));
    for (name, doc) in inputs.chain(outputs).chain(params) {
        if let Some((_, text)) = given.docs.iter().find(|(key, _)| key.value == *name) {
            *doc = text.value.trim().to_owned();
        }
    }
}
