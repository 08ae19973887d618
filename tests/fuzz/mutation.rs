//! Bytes, and real specs with a few edits: read without a panic, and answered.

use std::ops::Range;

use proptest::prelude::*;
use proptest::sample::Index;

use super::answer::{Folder, Shown, answer};
use super::corpus::{BODIES, SPECS, folder};
use super::try_many;

/// What one does not expect where it stands.
const ODD: [&str; 64] = [
    "\"",
    "'",
    "'''",
    "\"\"\"",
    "\\",
    "\\u",
    "\\x",
    "\0",
    "\u{202e}",
    "\u{feff}",
    "é",
    "\u{e000}0\u{e001}",
    "{{",
    "}}",
    "{%",
    "#",
    "\r",
    "\r\n",
    "\n",
    "\t",
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    "?",
    ":",
    "=",
    ",",
    "-",
    ".",
    "..",
    "0",
    "-1",
    "1e999",
    "nan",
    "99999999999999999999",
    "T",
    "usize",
    "bool",
    "c64",
    "f16",
    "unsafe ",
    "return ",
    "/*",
    "*/",
    "//",
    "b'\\xff'",
    "r#\"",
    "'a",
    "1.0f32",
    "0x",
    "|",
    "&&",
    "::",
    "!",
    "_",
    "𝔽",
    ";",
    "#[",
    "r#fn",
    "if ",
    "/",
];

#[derive(Debug, Clone)]
enum Edit {
    Delete(Index, usize),
    Duplicate(Index, usize, Index),
    /// A part of another spec.
    Splice(Index, Index, usize, Index),
    /// What stands between two pairs of quotes, or behind the `=` of two lines.
    Swap(bool, Index, Index),
    Insert(Index, usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    let length = || prop_oneof![3 => 1..4_usize, 3 => 1..40_usize, 1 => 1..400_usize];
    prop_oneof![
        (any::<Index>(), length()).prop_map(|(at, n)| Edit::Delete(at, n)),
        (any::<Index>(), length(), any::<Index>()).prop_map(|(from, n, to)| Edit::Duplicate(from, n, to)),
        (any::<Index>(), any::<Index>(), length(), any::<Index>())
            .prop_map(|(spec, from, n, to)| Edit::Splice(spec, from, n, to)),
        (any::<bool>(), any::<Index>(), any::<Index>()).prop_map(|(quoted, one, two)| Edit::Swap(quoted, one, two)),
        (any::<Index>(), 0..ODD.len()).prop_map(|(at, odd)| Edit::Insert(at, odd)),
    ]
}

/// The place of a character, or the end.
fn place(text: &str, at: &Index) -> usize {
    let at = at.index(text.len() + 1);
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

fn stretch(text: &str, at: &Index, length: usize) -> Range<usize> {
    let start = place(text, at);
    start..text[start..].char_indices().nth(length).map_or(text.len(), |(end, _)| start + end)
}

/// What stands between quotes, or behind the first `=` of a line.
fn values(text: &str, quoted: bool) -> Vec<Range<usize>> {
    let mut start = 0;
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        if quoted {
            let quotes: Vec<_> = line.match_indices('"').map(|(at, _)| start + at).collect();
            found.extend(quotes.chunks_exact(2).map(|pair| pair[0] + 1..pair[1]));
        } else if let Some(at) = line.find('=') {
            found.push(start + at + 1..start + line.trim_end().len().max(at + 1));
        }
        start += line.len();
    }
    found
}

fn edited(mut text: String, edits: &[Edit]) -> String {
    for edit in edits {
        match edit {
            Edit::Delete(at, length) => text.replace_range(stretch(&text, at, *length), ""),
            Edit::Duplicate(from, length, to) => {
                let part = text[stretch(&text, from, *length)].to_owned();
                text.insert_str(place(&text, to), &part);
            }
            Edit::Splice(spec, from, length, to) => {
                let other = &SPECS[spec.index(SPECS.len())];
                text.insert_str(place(&text, to), &other[stretch(other, from, *length)]);
            }
            Edit::Swap(quoted, one, two) => {
                let values = values(&text, *quoted);
                if values.is_empty() {
                    continue;
                }
                let (one, two) = (values[one.index(values.len())].clone(), values[two.index(values.len())].clone());
                let (first, second) = if one.start <= two.start { (one, two) } else { (two, one) };
                if first.end <= second.start {
                    let swapped =
                        [&text[second.clone()], &text[first.end..second.start], &text[first.clone()]].concat();
                    text.replace_range(first.start..second.end, &swapped);
                }
            }
            Edit::Insert(at, odd) => text.insert_str(place(&text, at), ODD[*odd]),
        }
    }
    text
}

/// A spec of the corpus with edits.
fn spec() -> impl Strategy<Value = Shown> {
    (0..SPECS.len(), prop::collection::vec(edit(), 1..5))
        .prop_map(|(spec, edits)| Shown(edited(SPECS[spec].clone(), &edits)))
}

#[test]
fn bytes_are_answered() {
    let folder = Folder::new();
    let bytes = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        prop::collection::vec(0..ODD.len(), 0..40).prop_map(|odd| odd
            .iter()
            .map(|odd| ODD[*odd])
            .collect::<String>()
            .into()),
        (spec(), any::<Index>(), any::<u8>()).prop_map(|(spec, at, byte)| {
            let mut bytes = spec.0.into_bytes();
            let at = at.index(bytes.len().max(1));
            bytes.get_mut(at).into_iter().for_each(|place| *place ^= byte);
            bytes
        }),
    ];
    try_many(300, bytes, |bytes| drop(answer(&folder.write("bytes.toml", bytes))));
}

#[test]
fn edited_specs_are_answered() {
    let folder = folder();
    try_many(1200, spec(), |spec| drop(answer(&folder.write("spec.toml", spec.0))));
}

#[test]
fn edited_bodies_are_answered() {
    let (folder, files) = (folder(), BODIES.len());
    let specs: Vec<&String> = SPECS.iter().filter(|spec| spec.contains("bodies/")).collect();
    // Each file belongs to a kernel of one of these specs.
    let cases = (0..files, prop::collection::vec(edit(), 1..5)).prop_map(|(file, edits)| {
        let (name, text) = &BODIES[file];
        (name.clone(), Shown(edited(text.clone(), &edits)))
    });
    try_many(300, cases, |(name, text)| {
        let Some(spec) = specs.iter().find(|spec| spec.contains(&format!("bodies/{name}"))) else { return };
        folder.write(&format!("bodies/{name}"), text.0);
        let _ = answer(&folder.write("spec.toml", spec));
    });
}
