//! What is said of the outputs: one expression, a tuple, or a table with an expression for each.

use std::ops::Range;

use super::fragment;
use super::parts::Parts;
use super::scope::Context;
use crate::diag::{Diagnostic, Span, did_you_mean, mistakes};
use crate::model::{Division, Fragment};
use crate::spec::{Expression, Name, Text};

/// Checks an expression in its three forms, as one fragment.
pub fn check(
    given: &Expression,
    parts: &Parts<'_>,
    context: &Context<'_>,
    log: &mut Vec<Diagnostic>,
) -> Option<Fragment> {
    match given {
        Expression::One(text) => fragment::check(text, context, log),
        Expression::ByOutput(span, texts) => by_output(span, texts, parts, context, log),
    }
}

/// A table by output, joined to a tuple.
fn by_output(
    span: &Span,
    texts: &[(Name, Text)],
    parts: &Parts<'_>,
    context: &Context<'_>,
    log: &mut Vec<Diagnostic>,
) -> Option<Fragment> {
    let known: Vec<_> = parts.outputs.iter().map(|output| output.name.as_str()).collect();
    let before = log.len();
    for (name, _) in texts.iter().filter(|(name, _)| !known.contains(&&*name.value)) {
        let help = did_you_mean(&name.value, "outputs", &known);
        log.push(mistakes::UNKNOWN_OUTPUT.at(&name.span, &[&name.value]).help(help));
    }
    let mut fragments = Vec::new();
    for output in parts.outputs {
        let Some((_, text)) = texts.iter().find(|(name, _)| name.value == output.name) else {
            log.push(mistakes::MISSING_OUTPUT.at(span, &[&output.name]));
            continue;
        };
        let context = Context { bindings: context.bindings.clone(), results: vec![output.ty.clone()], ..*context };
        fragments.extend(fragment::check(text, &context, log));
    }
    (log.len() == before).then(|| join(fragments))
}

/// Several fragments as a tuple, each byte with its place.
fn join(mut fragments: Vec<Fragment>) -> Fragment {
    if fragments.len() == 1 {
        return fragments.remove(0);
    }
    let mut tuple = fragment::own(String::new());
    tuple.offsets.clear();
    let mut add = |text: &str, offsets: &[usize]| {
        tuple.text.push_str(text);
        tuple.offsets.extend_from_slice(offsets);
    };
    let mut end = 0;
    for (place, fragment) in fragments.iter().enumerate() {
        let (start, glue) = (fragment.offsets.first().copied().unwrap_or(end), if place == 0 { "(" } else { ", " });
        add(glue, &vec![start; glue.len()]);
        add(&fragment.text, &fragment.offsets[..fragment.text.len()]);
        end = fragment.offsets.last().copied().unwrap_or(start);
    }
    add(")", &[end, end]);
    let mut start = 0;
    for (place, fragment) in fragments.into_iter().enumerate() {
        start += if place == 0 { 1 } else { 2 };
        let moved = |range: Range<usize>| range.start + start..range.end + start;
        tuple.divisions.extend(fragment.divisions.into_iter().map(|division| Division {
            left: moved(division.left),
            right: moved(division.right),
            ..division
        }));
        tuple.source = fragment.source;
        start += fragment.text.len();
    }
    tuple
}
