//! Takes values out of parsed TOML with their places, and reports those of the wrong kind.

use std::ops::Range;

use toml::Spanned as TomlSpanned;
use toml::de::{DeTable, DeValue};

use super::offsets::offsets;
use crate::diag::{Diagnostic, SourceId, Span, did_you_mean, mistakes};

/// A value and its place.
#[derive(Debug, Clone)]
pub struct Spanned<T> {
    /// What it says.
    pub value: T,
    /// Where.
    pub span: Span,
}

/// A key and its place.
pub type Name = Spanned<String>;

/// A string, with the way back from its decoded text to the file.
#[derive(Debug, Clone)]
pub struct Text {
    /// The decoded text.
    pub value: String,
    /// The whole string in the file, quotes included.
    pub span: Span,
    /// For each byte of `value`, and for its end, the byte in the file.
    pub offsets: Vec<usize>,
}

impl Text {
    /// The place of a part of the decoded text.
    pub fn part(&self, range: Range<usize>) -> Span {
        let last = self.offsets.len() - 1;
        let (start, end) = (self.offsets[range.start.min(last)], self.offsets[range.end.min(last)]);
        Span::new(self.span.source, start..end.max(start))
    }
}

/// A single value of any simple kind.
#[derive(Debug, Clone)]
pub enum Scalar {
    /// `true`, `false`.
    Bool(Spanned<bool>),
    /// A whole number.
    Int(Spanned<i128>),
    /// A float.
    Float(Spanned<f64>),
    /// A string.
    Text(Text),
}

impl Scalar {
    /// Where it is.
    pub fn span(&self) -> &Span {
        match self {
            Scalar::Bool(value) => &value.span,
            Scalar::Int(value) => &value.span,
            Scalar::Float(value) => &value.span,
            Scalar::Text(value) => &value.span,
        }
    }
}

/// A value as the toml crate gives it.
pub type Value<'a> = TomlSpanned<DeValue<'a>>;

/// Reads one file's values; what is of the wrong kind is reported and given as `None`.
pub struct Reader<'a> {
    /// The file.
    pub source: SourceId,
    /// Its text.
    pub raw: &'a str,
    /// Where mistakes go.
    pub log: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    /// A range of this file.
    pub fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.source, range)
    }

    /// A table's entries in the order in which they are written.
    pub fn entries<'v, 'i>(&mut self, table: &'v DeTable<'i>) -> Vec<(Name, &'v Value<'i>)> {
        let mut entries: Vec<_> = table
            .iter()
            .map(|(key, value)| (Name { value: key.get_ref().to_string(), span: self.span(key.span()) }, value))
            .collect();
        entries.sort_by_key(|(name, _)| name.span.range.start);
        entries
    }

    /// The entries of a value that should be a table.
    pub fn table<'v, 'i>(&mut self, value: &'v Value<'i>, example: &str) -> Vec<(Name, &'v Value<'i>)> {
        match value.get_ref() {
            DeValue::Table(table) => self.entries(table),
            _ => self.wrong(value, "a table", example).unwrap_or_default(),
        }
    }

    /// A string.
    pub fn text(&mut self, value: &Value<'_>, example: &str) -> Option<Text> {
        match value.get_ref() {
            DeValue::String(text) => Some(self.as_text(text, value.span())),
            _ => self.wrong(value, "a string", example),
        }
    }

    /// A list of strings.
    pub fn texts(&mut self, value: &Value<'_>, example: &str) -> Vec<Text> {
        self.list(value, example).into_iter().filter_map(|item| self.text(item, example)).collect()
    }

    /// The items of a list.
    pub fn list<'v, 'i>(&mut self, value: &'v Value<'i>, example: &str) -> Vec<&'v Value<'i>> {
        match value.get_ref() {
            DeValue::Array(items) => items.iter().collect(),
            _ => self.wrong(value, "a list", example).unwrap_or_default(),
        }
    }

    /// `true` or `false`.
    pub fn bool(&mut self, value: &Value<'_>, example: &str) -> Option<Spanned<bool>> {
        match value.get_ref() {
            DeValue::Boolean(flag) => Some(Spanned { value: *flag, span: self.span(value.span()) }),
            _ => self.wrong(value, "`true` or `false`", example),
        }
    }

    /// A number, bool or string.
    pub fn scalar(&mut self, value: &Value<'_>, example: &str) -> Option<Scalar> {
        let span = self.span(value.span());
        match value.get_ref() {
            DeValue::Boolean(flag) => Some(Scalar::Bool(Spanned { value: *flag, span })),
            DeValue::String(text) => Some(Scalar::Text(self.as_text(text, value.span()))),
            DeValue::Integer(number) => match i128::from_str_radix(number.as_str(), number.radix()) {
                Ok(value) => Some(Scalar::Int(Spanned { value, span })),
                Err(_) => self.wrong(value, "a number of at most 38 digits", example),
            },
            DeValue::Float(number) => match number.as_str().parse() {
                Ok(value) => Some(Scalar::Float(Spanned { value, span })),
                Err(_) => self.wrong(value, "a number", example),
            },
            _ => self.wrong(value, "a number, a bool or a string", example),
        }
    }

    /// Reports a key that no table of this kind has.
    pub fn unknown(&mut self, key: &Name, table: &str, known: &[&str]) {
        let help = did_you_mean(&key.value, "keys here", known);
        self.log.push(mistakes::UNKNOWN_KEY.at(&key.span, &[&key.value, &table]).help(help));
    }

    /// Reports a value of the wrong kind.
    pub fn wrong<T>(&mut self, value: &Value<'_>, wanted: &str, example: &str) -> Option<T> {
        let found = match value.get_ref() {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) => "an integer",
            DeValue::Float(_) => "a float",
            DeValue::Boolean(_) => "a bool",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        let mut range = value.span();
        // Of a table or a long list the first line is enough.
        if let Some(line) = self.raw.get(range.clone()).and_then(|text| text.find('\n')) {
            range.end = range.start + line;
        }
        self.log.push(mistakes::WRONG_TYPE.at(&self.span(range), &[&wanted, &found, &example]));
        None
    }

    fn as_text(&self, text: &str, range: Range<usize>) -> Text {
        let offsets = offsets(self.raw, range.clone(), text);
        Text { value: text.to_owned(), span: self.span(range), offsets }
    }
}
