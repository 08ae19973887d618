//! A fragment token by token, before it is parsed: how deep it is, and words that it may not have.

use std::ops::Range;

use proc_macro2::{TokenStream, TokenTree};

use crate::diag::{Diagnostic, Span, mistakes};
use crate::spec::Text;

/// Tokens that may stand on one way from the outside of a fragment to its inside, without the
/// statements before them: bounds the depth of syn's tree.
const DEEPEST: usize = 3000;
/// What a piece of Rust may say.
pub struct Words {
    /// Macros that it may call. None of them reads a file or takes a string of assembly.
    macros: &'static [&'static str],
    /// Attributes that it may have.
    attributes: &'static [&'static str],
}

/// An expression: macros that check.
pub const FRAGMENT: Words = Words {
    macros: &[
        "assert",
        "assert_eq",
        "assert_ne",
        "debug_assert",
        "debug_assert_eq",
        "debug_assert_ne",
        "matches",
        "unreachable",
    ],
    attributes: &[],
};

/// A body: its own macros too, and those that make text and vectors. (`s![]` of `ndarray` is unsafe within.)
pub const BODY: Words = Words {
    macros: &[
        "assert",
        "assert_eq",
        "assert_ne",
        "check",
        "debug_assert",
        "debug_assert_eq",
        "debug_assert_ne",
        "fail",
        "format",
        "matches",
        "unreachable",
        "vec",
    ],
    attributes: &["allow", "cold", "derive", "doc", "expect", "inline", "must_use", "rustfmt", "track_caller"],
};

/// The place of a range, of at least one character where there is one.
pub fn nonempty(text: &Text, range: Range<usize>) -> Span {
    let mut span = text.part(range.clone());
    if span.range.is_empty() {
        span = text.part(range.start.saturating_sub(1)..range.end.max(1));
    }
    span
}

/// Whether syn's tree of these tokens stays within the stack. Iterative: the depth is not yet known to be small.
pub fn is_shallow(tokens: &TokenStream) -> bool {
    let mut waiting = vec![(tokens.clone(), 0)];
    while let Some((tokens, outside)) = waiting.pop() {
        let mut run = outside;
        for tree in tokens {
            run += 1;
            match tree {
                _ if run > DEEPEST => return false,
                TokenTree::Group(group) => waiting.push((group.stream(), run)),
                TokenTree::Punct(punct) if matches!(punct.as_char(), ';' | ',') => run = outside,
                _ => {}
            }
        }
    }
    true
}

/// Looks at every token, also of macros, for what may not be said.
pub fn refuse_tokens(
    tokens: &TokenStream,
    words: &Words,
    place: &dyn Fn(Range<usize>) -> Span,
    log: &mut Vec<Diagnostic>,
) {
    let mut waiting = vec![tokens.clone()];
    while let Some(tokens) = waiting.pop() {
        let trees: Vec<_> = tokens.into_iter().collect();
        for (at, tree) in trees.iter().enumerate() {
            let span = || place(tree.span().byte_range());
            match tree {
                TokenTree::Group(group) => waiting.push(group.stream()),
                TokenTree::Punct(punct) if punct.as_char() == '#' && !is_attribute(&trees[at + 1..], words) => {
                    log.push(match words.attributes {
                        [] => mistakes::FRAGMENT_ATTRIBUTE.at(&span(), &[]),
                        known => mistakes::BODY_ATTRIBUTE.at(&span(), &[&known.join(", ")]),
                    });
                }
                TokenTree::Ident(ident) if *ident == "use" => {
                    let end =
                        trees[at..].iter().position(|tree| matches!(tree, TokenTree::Punct(p) if p.as_char() == ';'));
                    let tree = trees[at + 1..end.map_or(trees.len(), |end| at + end)].iter().cloned().collect();
                    if let Some((name, range)) = reading(tree) {
                        log.push(mistakes::FRAGMENT_MACRO.at(&place(range), &[&name, &words.macros.join("!, ")]));
                    }
                }
                TokenTree::Ident(ident) if *ident == "unsafe" => log.push(mistakes::FRAGMENT_UNSAFE.at(&span(), &[])),
                TokenTree::Ident(ident) if calls_macro(&trees[at + 1..]) => {
                    let name = ident.to_string();
                    let keyword = ["if", "while", "match", "return", "in", "else", "break"].contains(&&*name);
                    if !keyword && !words.macros.contains(&&*name) {
                        log.push(mistakes::FRAGMENT_MACRO.at(&span(), &[&name, &words.macros.join("!, ")]));
                    }
                }
                _ => {}
            }
        }
    }
}

/// A macro that reads files, the environment or assembly among the names of a `use`, where it could get another name.
fn reading(names: TokenStream) -> Option<(String, Range<usize>)> {
    const READING: [&str; 8] =
        ["include", "include_str", "include_bytes", "env", "option_env", "asm", "global_asm", "naked_asm"];
    names.into_iter().find_map(|tree| match tree {
        TokenTree::Group(group) => reading(group.stream()),
        TokenTree::Ident(ident) if READING.iter().any(|name| ident == name) => {
            Some((ident.to_string(), ident.span().byte_range()))
        }
        _ => None,
    })
}

/// Whether what follows a `#` makes an attribute that may be there.
fn is_attribute(after: &[TokenTree], words: &Words) -> bool {
    let after = match after {
        [TokenTree::Punct(bang), rest @ ..] if bang.as_char() == '!' => rest,
        after => after,
    };
    match after {
        [TokenTree::Group(group), ..] => match group.stream().into_iter().next() {
            Some(TokenTree::Ident(name)) => words.attributes.iter().any(|known| name == known),
            _ => false,
        },
        _ => false,
    }
}

/// Whether a name is followed by `!` and the arguments of a macro.
fn calls_macro(after: &[TokenTree]) -> bool {
    match after {
        [TokenTree::Punct(bang), TokenTree::Group(_) | TokenTree::Ident(_), ..] => bang.as_char() == '!',
        _ => false,
    }
}
