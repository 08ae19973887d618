//! The forms of a kernel: `map`, `reduce`, `body`.

#[cfg(feature = "cli")]
use schemars::JsonSchema;
use toml::de::DeValue;

use super::operand::{Operand, operands};
use super::reader::{Name, Reader, Scalar, Spanned, Text, Value};
#[cfg(feature = "cli")]
use super::schema;
use crate::diag::{SourceId, Span};

/// The forms of a kernel or of one loop; exactly one should be there.
#[derive(Debug, Default)]
#[cfg_attr(feature = "cli", derive(JsonSchema))]
#[cfg_attr(feature = "cli", schemars(deny_unknown_fields, extend("oneOf" = schema::one_of(&Forms::KEYS))))]
pub struct Forms {
    /// Element by element: a Rust expression over the inputs and params, or a table with one for each output.
    pub map: Option<Expression>,
    /// A fold of all elements, or of those along some axes.
    pub reduce: Option<Reduce>,
    /// Any loop, over items with core dimensions.
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

/// `reduce`: each element is lifted to a state by `map`, states are joined by `combine`, the last one becomes the outputs by `finish`.
#[derive(Debug)]
#[cfg_attr(feature = "cli", derive(JsonSchema))]
#[cfg_attr(feature = "cli", schemars(deny_unknown_fields, extend("required" = ["combine"])))]
pub struct Reduce {
    /// The key.
    #[cfg_attr(feature = "cli", schemars(skip))]
    pub span: Span,
    /// The fields of a state, `["v: f64", "at: i64"]`; without them it is one value of the output's dtype.
    pub state: Option<Spanned<Vec<Operand>>>,
    /// The state of no elements: a number or bool, or Rust as a string.
    pub identity: Option<Scalar>,
    /// From an element to a state: Rust over the inputs, params, and `i`, its index.
    pub map: Option<Text>,
    /// From two states, `a` and `b`, to one: Rust.
    pub combine: Option<Text>,
    /// From the state `s` of `n` elements to the outputs: Rust, or a table with an expression for each output.
    pub finish: Option<Expression>,
    /// Whether pieces are joined left to right.
    pub ordered: Option<Spanned<bool>>,
    /// `"nan"`: elements with a NaN in any input are left out.
    #[cfg_attr(feature = "cli", schemars(extend("enum" = ["nan"])))]
    pub skip: Option<Text>,
    /// Whether it is a scan: a result for each element.
    pub cumulative: Option<Spanned<bool>>,
}

/// `body`: statements of Rust, here or in a file.
#[derive(Debug)]
#[cfg_attr(feature = "cli", derive(JsonSchema))]
#[cfg_attr(feature = "cli", schemars(deny_unknown_fields, extend("oneOf" = schema::one_of(&["rust", "file"]))))]
pub struct Body {
    /// The key.
    #[cfg_attr(feature = "cli", schemars(skip))]
    pub span: Span,
    /// Statements over one item.
    pub rust: Option<Text>,
    /// A Rust file within the package's folder that has a function of the kernel's name.
    pub file: Option<Text>,
    /// The file that `file` names, once read.
    #[cfg_attr(feature = "cli", schemars(skip))]
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
