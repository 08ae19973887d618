//! Operands in both forms, `"x: T[m, d] = 0"` and `{ name = "x", ... }`, taken apart.

use std::ops::Range;

use super::names::{Names, Role};
use crate::diag::{Diagnostic, Span, mistakes};
use crate::spec::{self, LongOperand, Scalar, Text};

/// A part of a string of the spec.
#[derive(Debug, Clone)]
pub struct Piece<'a> {
    origin: &'a Text,
    range: Range<usize>,
}

impl<'a> Piece<'a> {
    /// A whole string.
    pub fn whole(origin: &'a Text) -> Self {
        Piece { origin, range: 0..origin.value.len() }.trimmed()
    }

    /// What it says.
    pub fn text(&self) -> &'a str {
        &self.origin.value[self.range.clone()]
    }

    /// Where it is; of nothing, the whole string.
    pub fn span(&self) -> Span {
        if self.range.is_empty() { self.origin.span.clone() } else { self.origin.part(self.range.clone()) }
    }

    /// A part of it, without the blanks around.
    pub fn part(&self, range: Range<usize>) -> Self {
        let start = self.range.start;
        Piece { origin: self.origin, range: start + range.start..start + range.end }.trimmed()
    }

    /// The place of a part of it.
    pub fn place(&self, range: Range<usize>) -> Span {
        let start = self.range.start;
        self.origin.part(start + range.start..(start + range.end).max(start + range.start + 1))
    }

    fn trimmed(self) -> Self {
        let text = self.text();
        let start = self.range.start + text.len() - text.trim_start().len();
        let end = start + text.trim().len();
        Piece { range: start..end, ..self }
    }

    /// Splits at a character that stands outside of brackets and quotes.
    pub fn split(&self, separator: char) -> Vec<Self> {
        let mut parts = Vec::new();
        let mut start = 0;
        for at in outer(self.text(), separator) {
            parts.push(self.part(start..at));
            start = at + separator.len_utf8();
        }
        parts.push(self.part(start..self.text().len()));
        parts
    }
}

/// The places of a character outside of brackets and quotes; a `=` of `==`, `<=`, `>=`, `!=` is none.
fn outer(text: &str, wanted: char) -> Vec<usize> {
    let (mut depth, mut quoted, mut found) = (0_usize, false, Vec::new());
    for (at, c) in text.char_indices() {
        let compares = c == '=' && (text[at + 1..].starts_with('=') || text[..at].ends_with(['=', '<', '>', '!']));
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '[' | '(' | '{' if c != wanted => depth += 1,
            ']' | ')' | '}' => depth = depth.saturating_sub(1),
            _ if c == wanted && depth == 0 && !compares => found.push(at),
            _ => {}
        }
    }
    found
}

/// A default as given: as a TOML value, or within the string.
#[derive(Debug)]
pub enum Given<'a> {
    /// `default = 1.0`.
    Scalar(&'a Scalar),
    /// `"... = 1.0"`.
    Piece(Piece<'a>),
}

/// An operand taken apart; nothing but its name is checked.
#[derive(Debug)]
pub struct Operand<'a> {
    /// The name.
    pub name: String,
    /// Its place.
    pub span: Span,
    /// The dtype, or an enum's choices.
    pub dtype: Piece<'a>,
    /// The dims, if there are brackets.
    pub dims: Option<Vec<Piece<'a>>>,
    /// The place of a `?`.
    pub optional: Option<Span>,
    /// The value after `=`.
    pub default: Option<Given<'a>>,
    /// The other keys of the long form.
    pub long: Option<&'a LongOperand>,
}

impl<'a> Operand<'a> {
    /// Takes apart every operand of a list and takes their names.
    pub fn list(given: &'a [spec::Operand], role: Role, names: &mut Names, log: &mut Vec<Diagnostic>) -> Vec<Self> {
        let operands = given.iter().filter_map(|operand| Operand::new(operand, role, log));
        let operands: Vec<_> = operands.collect();
        for operand in &operands {
            names.take(&operand.name, &operand.span, role, log);
        }
        operands
    }

    fn new(given: &'a spec::Operand, role: Role, log: &mut Vec<Diagnostic>) -> Option<Self> {
        match given {
            spec::Operand::Short(text) => Operand::short(text, role, log),
            spec::Operand::Long(long) => Operand::long(long, log),
        }
    }

    fn short(text: &'a Text, role: Role, log: &mut Vec<Diagnostic>) -> Option<Self> {
        let whole = Piece::whole(text);
        let example = match role {
            Role::Param => "ddof: f64 = 0.0",
            Role::Field => "at: i64",
            Role::Output => "out: f64",
            _ => "x: f64",
        };
        let syntax = |span: Span, why: &str| mistakes::OPERAND_SYNTAX.at(&span, &[&why, &example]);
        let Some(colon) = whole.text().find(':') else {
            log.push(syntax(whole.span(), "a name, `:` and a dtype are wanted"));
            return None;
        };
        let name = whole.part(0..colon);
        let rest = whole.part(colon + 1..whole.text().len());
        let (mut head, mut default) = (rest.clone(), None);
        if let Some(&equals) = outer(rest.text(), '=').first() {
            head = rest.part(0..equals);
            let value = rest.part(equals + 1..rest.text().len());
            if value.text().is_empty() {
                log.push(syntax(rest.place(equals..equals + 1), "a value is wanted after `=`"));
            } else {
                default = Some(Given::Piece(value));
            }
        }
        let mut optional = None;
        if head.text().ends_with('?') {
            let end = head.text().len() - 1;
            optional = Some(head.place(end..end + 1));
            head = head.part(0..end);
        }
        let (mut dtype, mut dims) = (head.clone(), None);
        if let Some(&open) = outer(head.text(), '[').first() {
            if !head.text().ends_with(']') {
                log.push(syntax(head.place(open..open + 1), "a bracket is not closed"));
                return None;
            }
            dtype = head.part(0..open);
            let inside = head.part(open + 1..head.text().len() - 1);
            dims = Some(if inside.text().is_empty() { Vec::new() } else { inside.split(',') });
        }
        if dtype.text().is_empty() {
            log.push(syntax(whole.span(), "a dtype is wanted after `:`"));
            return None;
        }
        Some(Operand { name: name.text().to_owned(), span: name.span(), dtype, dims, optional, default, long: None })
    }

    fn long(long: &'a LongOperand, log: &mut Vec<Diagnostic>) -> Option<Self> {
        let mut wanted = |key: &'a Option<Text>, what: &str| {
            if key.is_none() {
                log.push(mistakes::MISSING_KEY.at(&long.span, &[&what, &"{ name = \"x\", dtype = \"f64\" }"]));
            }
            key.as_ref()
        };
        let (name, dtype) = (wanted(&long.name, "name"), wanted(&long.dtype, "dtype"));
        Some(Operand {
            name: name?.value.clone(),
            span: name?.span.clone(),
            dtype: Piece::whole(dtype?),
            dims: long.dims.as_ref().map(|dims| dims.value.iter().map(Piece::whole).collect()),
            optional: None,
            default: long.default.as_ref().map(Given::Scalar),
            long: Some(long),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::outer;

    #[test]
    fn only_the_outer_separator_counts() {
        assert_eq!(outer("f64[max(m, n)], x", ','), [14]);
        assert_eq!(outer("\"a = b\" | \"c\" = \"c\"", '='), [14]);
        assert_eq!(outer("a == b", '='), Vec::<usize>::new());
    }
}
