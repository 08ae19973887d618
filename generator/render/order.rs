//! The order in which rustfmt sorts modules: numbers by value, `_` before letters.

use std::cmp::Ordering;

/// Compares two ASCII or Unicode identifiers as rustfmt's version sort does.
pub(super) fn version_sort(a: &str, b: &str) -> Ordering {
    let (a, b) = (chunks(a), chunks(b));
    a.cmp(&b)
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Chunk {
    Number(usize, String),
    Underscore,
    Text(char),
}

/// A number compares by its length without leading zeros, then by its digits.
fn chunks(name: &str) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut rest = name;
    while let Some(c) = rest.chars().next() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if digits > 0 {
            let number = rest[..digits].trim_start_matches('0');
            chunks.push(Chunk::Number(number.len(), number.to_owned()));
            rest = &rest[digits..];
        } else {
            chunks.push(if c == '_' { Chunk::Underscore } else { Chunk::Text(c) });
            rest = &rest[c.len_utf8()..];
        }
    }
    chunks
}
