//! Prints a fragment between braces, line by line, without losing where each line came from.

use std::ops::Range;

use proc_macro2::{TokenStream, TokenTree};

use crate::model::Fragment;

use super::pieces::Pieces;

/// How a fragment's lines are moved under their new indentation.
struct Layout {
    /// Printed before each line.
    indent: String,
    /// Printed before each line but the first, where an expression continues.
    hanging: &'static str,
    /// Blanks taken from each line but the first; `None` where a token spans lines and none may move.
    dedent: Option<usize>,
}

/// A part of a printed fragment.
enum Part {
    /// Bytes of the fragment's text.
    Verbatim(Range<usize>),
    /// Text of kernelgen's own.
    Own(&'static str),
}

/// `{ text }`, with marks for the verbatim pieces: on one line if that ends before column 100.
///
/// `column` is where the opening brace stands, `indent` the indentation of its line.
pub(super) fn braced(fragment: &Fragment, pieces: &mut Pieces, column: usize, indent: usize) -> String {
    let inner = inner(fragment);
    let text = &fragment.text[inner.clone()];
    if text.is_empty() {
        return "{}".to_owned();
    }
    let mut parts = Vec::new();
    cut(fragment, inner.clone(), &mut parts);
    // A comment would take the closing brace with it.
    let one_line = !text.contains(['\n', '\r']) && !text.contains("//");
    if one_line && column + width(fragment, &parts) + 4 < 100 {
        let layout = Layout { indent: String::new(), hanging: "", dedent: None };
        return format!("{{ {} }}", print(fragment, &parts, &layout, pieces));
    }
    let layout = layout(fragment, inner, indent + 4);
    let lines = print(fragment, &parts, &layout, pieces);
    format!("{{\n{}{lines}\n{}}}", layout.indent, " ".repeat(indent))
}

/// The bytes between a block's own braces, or all; without blanks around.
fn inner(fragment: &Fragment) -> Range<usize> {
    let text = fragment.text.as_str();
    let within = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).filter(|_| fragment.block);
    let start = usize::from(within.is_some());
    let within = within.unwrap_or(text);
    let start = start + within.len() - within.trim_start().len();
    start..start + within.trim().len()
}

/// Cuts a range into verbatim parts, calls in place of integer divisions, and what an empty `return` gives.
fn cut(fragment: &Fragment, range: Range<usize>, parts: &mut Vec<Part>) {
    let within = fragment.divisions.iter().filter(|d| d.left.start >= range.start && d.right.end <= range.end);
    let outermost = within.min_by_key(|d| (d.left.start, std::cmp::Reverse(d.right.end)));
    let Some(division) = outermost else {
        let mut start = range.start;
        for &end in fragment.returns.iter().filter(|end| range.contains(end) || **end == range.end) {
            parts.push(Part::Verbatim(start..end));
            parts.push(Part::Own(" Ok(())"));
            start = end;
        }
        if start < range.end {
            parts.push(Part::Verbatim(start..range.end));
        }
        return;
    };
    if range.start < division.left.start {
        parts.push(Part::Verbatim(range.start..division.left.start));
    }
    if division.assign {
        cut(fragment, division.left.clone(), parts);
        parts.push(Part::Own(" = "));
    }
    parts.push(Part::Own(match (division.remainder, division.hidden) {
        (false, false) => "quotient(",
        (true, false) => "modulo(",
        // No local name hides a path.
        (false, true) => "self::quotient(",
        (true, true) => "self::modulo(",
    }));
    cut(fragment, division.left.clone(), parts);
    parts.push(Part::Own(", "));
    cut(fragment, division.right.clone(), parts);
    parts.push(Part::Own(")"));
    cut(fragment, division.right.end..range.end, parts);
}

fn width(fragment: &Fragment, parts: &[Part]) -> usize {
    let widths = parts.iter().map(|part| match part {
        Part::Verbatim(range) => fragment.text[range.clone()].chars().count(),
        Part::Own(text) => text.len(),
    });
    widths.sum()
}

fn layout(fragment: &Fragment, inner: Range<usize>, indent: usize) -> Layout {
    let text = &fragment.text[inner.clone()];
    if fragment.text.parse::<TokenStream>().is_ok_and(any_spans_lines) {
        return Layout { indent: " ".repeat(indent), hanging: "", dedent: None };
    }
    let depth = |line: &str| line.len() - line.trim_start().len();
    let rest = text.lines().skip(1).filter(|line| !line.trim().is_empty());
    let first = fragment.text[..inner.start].rsplit_once('\n').map(|(_, blanks)| blanks.len());
    let dedent = rest.map(depth).chain(first).min().unwrap_or(0);
    // `if c {` ... `}` closes where it began; `a` ... `+ b` goes on one step to the right.
    let closes = text.lines().last().is_some_and(|line| line.trim_start().starts_with(['}', ')', ']']));
    let hanging = if fragment.block || closes { "" } else { "    " };
    Layout { indent: " ".repeat(indent), hanging, dedent: Some(dedent) }
}

/// Whether a fragment names `name` outside its strings.
pub(super) fn names(fragment: &Fragment, name: &str) -> bool {
    fn among(tokens: TokenStream, name: &str) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Group(group) => among(group.stream(), name),
            TokenTree::Ident(ident) => ident == name,
            _ => false,
        })
    }
    fragment.text.parse::<TokenStream>().is_ok_and(|tokens| among(tokens, name))
}

/// Whether a literal of several lines occurs, whose text an indentation would change.
fn any_spans_lines(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => any_spans_lines(group.stream()),
        TokenTree::Literal(literal) => literal.span().start().line != literal.span().end().line,
        _ => false,
    })
}

fn print(fragment: &Fragment, parts: &[Part], layout: &Layout, pieces: &mut Pieces) -> String {
    let mut out = String::new();
    for part in parts {
        match part {
            Part::Own(text) => out.push_str(text),
            Part::Verbatim(range) => verbatim(fragment, range.clone(), layout, pieces, &mut out),
        }
    }
    out
}

fn verbatim(fragment: &Fragment, range: Range<usize>, layout: &Layout, pieces: &mut Pieces, out: &mut String) {
    let mut mark = |range: Range<usize>| {
        let offsets = fragment.offsets.get(range.start..=range.end).unwrap_or_default();
        pieces.mark(&fragment.text[range], fragment.source, offsets)
    };
    let Some(dedent) = layout.dedent else {
        out.push_str(&mark(range));
        return;
    };
    let mut start = range.start;
    for (place, line) in fragment.text[range.clone()].split('\n').enumerate() {
        let end = start + line.len();
        let last = end == range.end;
        let mut kept = start..if last { end } else { start + line.trim_end().len() };
        if place > 0 {
            out.push('\n');
            let blanks = line.len() - line.trim_start().len();
            kept.start = kept.end.min(start + dedent.min(blanks));
            if !kept.is_empty() {
                out.push_str(&layout.indent);
                out.push_str(layout.hanging);
            }
        }
        if !kept.is_empty() {
            out.push_str(&mark(kept));
        }
        start = end + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Division;

    fn printed(text: &str, divisions: Vec<Division>) -> String {
        let block = text.starts_with('{');
        let offsets = (0..=text.len()).collect();
        let fragment = Fragment { text: text.to_owned(), block, source: None, offsets, divisions, returns: Vec::new() };
        let mut pieces = Pieces::default();
        let braced = braced(&fragment, &mut pieces, 12, 4);
        pieces.resolve(&braced).text
    }

    #[test]
    fn short_text_stays_on_its_line() {
        assert_eq!(printed("a + b", vec![]), "{ a + b }");
        assert_eq!(printed("{ let n = a; n + b }", vec![]), "{ let n = a; n + b }");
        assert_eq!(printed("{}", vec![]), "{}");
    }

    #[test]
    fn lines_move_under_their_new_indentation() {
        assert_eq!(printed("{\n  let n = a;\n\n    n\n}", vec![]), "{\n        let n = a;\n\n          n\n    }");
        assert_eq!(
            printed("if a {\n   b\n } else { c }", vec![]),
            "{\n        if a {\n          b\n        } else { c }\n    }"
        );
        assert_eq!(printed("a\n  + b", vec![]), "{\n        a\n            + b\n    }");
        assert_eq!(printed("a // sum", vec![]), "{\n        a // sum\n    }");
    }

    #[test]
    fn a_string_of_several_lines_is_left_alone() {
        assert_eq!(printed("f(\"a  \n  b\")", vec![]), "{\n        f(\"a  \n  b\")\n    }");
    }

    #[test]
    fn divisions_become_calls() {
        let divide = |left, right| Division { left, right, remainder: false, assign: false, hidden: false };
        assert_eq!(
            printed("1 + a / b / c", vec![divide(4..9, 12..13), divide(4..5, 8..9)]),
            "{ 1 + quotient(quotient(a, b), c) }"
        );
        let assign = Division { left: 2..3, right: 7..8, remainder: true, assign: true, hidden: true };
        assert_eq!(printed("{ a %= b; a }", vec![assign]), "{ a = self::modulo(a, b); a }");
    }
}
