//! The forms of a kernel: `map`, `reduce`, `body`.

use toml::de::DeValue;

use super::kernel::{Operand, operands};
use super::reader::{Name, Reader, Scalar, Spanned, Text, Value};
use crate::diag::{SourceId, Span};

/// The forms of a kernel or of one loop; exactly one should be there.
#[derive(Debug, Default)]
#[allow(missing_docs)]
pub struct Forms {
    pub map: Option<Expression>,
    pub reduce: Option<Reduce>,
    pub body: Option<Body>,
}

/// One expression for all outputs, or one for each.
#[derive(Debug)]
pub enum Expression {
    /// A string.
    One(Text),
    /// A table by output.
    ByOutput(Span, Vec<(Name, Text)>),
}

/// `reduce`.
#[derive(Debug)]
#[allow(missing_docs)]
pub struct Reduce {
    /// The key.
    pub span: Span,
    pub state: Option<Spanned<Vec<Operand>>>,
    pub identity: Option<Scalar>,
    pub map: Option<Text>,
    pub combine: Option<Text>,
    pub finish: Option<Expression>,
    pub ordered: Option<Spanned<bool>>,
    pub skip: Option<Text>,
    pub cumulative: Option<Spanned<bool>>,
}

/// `body`.
#[derive(Debug)]
#[allow(missing_docs)]
pub struct Body {
    /// The key.
    pub span: Span,
    pub rust: Option<Text>,
    pub file: Option<Text>,
    /// The file that `file` names, once read.
    pub source: Option<SourceId>,
}

impl Forms {
    pub(super) const KEYS: [&str; 3] = ["map", "reduce", "body"];

    /// Reads one key if it is a form.
    pub(super) fn read(&mut self, reader: &mut Reader<'_>, key: &Name, value: &Value<'_>) -> bool {
        match &*key.value {
            "map" => self.map = Expression::read(reader, key, value, "map = \"a * x + y\""),
            "reduce" => self.reduce = Some(Reduce::read(reader, key, value)),
            "body" => self.body = Some(Body::read(reader, key, value)),
            _ => return false,
        }
        true
    }
}

impl Expression {
    fn read(reader: &mut Reader<'_>, key: &Name, value: &Value<'_>, example: &str) -> Option<Self> {
        let DeValue::Table(table) = value.get_ref() else {
            return reader.text(value, example).map(Expression::One);
        };
        let entries = reader.entries(table).into_iter();
        let texts = entries.filter_map(|(name, value)| Some((name, reader.text(value, example)?))).collect();
        Some(Expression::ByOutput(key.span.clone(), texts))
    }
}

impl Reduce {
    fn read(reader: &mut Reader<'_>, key: &Name, value: &Value<'_>) -> Self {
        const EXAMPLE: &str = "reduce = { identity = 0, combine = \"a + b\" }";
        const KEYS: [&str; 8] = ["state", "identity", "map", "combine", "finish", "ordered", "skip", "cumulative"];
        let mut reduce = Reduce {
            span: key.span.clone(),
            state: None,
            identity: None,
            map: None,
            combine: None,
            finish: None,
            ordered: None,
            skip: None,
            cumulative: None,
        };
        for (key, value) in reader.table(value, EXAMPLE) {
            match &*key.value {
                "state" => {
                    let span = reader.span(value.span());
                    let fields = operands(reader, value, "state = [\"v: f64\", \"at: i64\"]");
                    reduce.state = Some(Spanned { value: fields, span });
                }
                "identity" => reduce.identity = reader.scalar(value, "identity = 0"),
                "map" => reduce.map = reader.text(value, "map = \"x * x\""),
                "combine" => reduce.combine = reader.text(value, "combine = \"a + b\""),
                "finish" => reduce.finish = Expression::read(reader, &key, value, "finish = \"s.sqrt()\""),
                "ordered" => reduce.ordered = reader.bool(value, "ordered = true"),
                "skip" => reduce.skip = reader.text(value, "skip = \"nan\""),
                "cumulative" => reduce.cumulative = reader.bool(value, "cumulative = true"),
                _ => reader.unknown(&key, "`reduce`", &KEYS),
            }
        }
        reduce
    }
}

impl Body {
    fn read(reader: &mut Reader<'_>, key: &Name, value: &Value<'_>) -> Self {
        const EXAMPLE: &str = "body = { file = \"bodies/name.rs\" }";
        let mut body = Body { span: key.span.clone(), rust: None, file: None, source: None };
        for (key, value) in reader.table(value, EXAMPLE) {
            match &*key.value {
                "rust" => body.rust = reader.text(value, "body.rust = '''*out = x;'''"),
                "file" => body.file = reader.text(value, EXAMPLE),
                _ => reader.unknown(&key, "`body`", &["rust", "file"]),
            }
        }
        body
    }
}
