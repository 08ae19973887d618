//! Operands, params and fields of a state: `"x: f64[n]"`, or a table.

#[cfg(feature = "cli")]
use schemars::JsonSchema;
use toml::de::DeValue;

use super::reader::{Reader, Scalar, Spanned, Text, Value};
use crate::diag::Span;

/// An operand, a param or a field of a state.
#[derive(Debug)]
pub enum Operand {
    /// `"x: f64[n] = 0"`.
    Short(Text),
    /// `{ name = "x", dtype = "f64", ... }`.
    Long(Box<LongOperand>),
}

/// The long form of an operand: `{ name = "x", dtype = "f64", cast = "same_kind" }`.
#[derive(Debug)]
#[cfg_attr(feature = "cli", derive(JsonSchema))]
#[cfg_attr(feature = "cli", schemars(deny_unknown_fields, extend("required" = ["name", "dtype"])))]
pub struct LongOperand {
    /// The table.
    #[cfg_attr(feature = "cli", schemars(skip))]
    pub span: Span,
    /// The name in the text and of the argument.
    pub name: Option<Text>,
    /// A dtype or a type variable: `f64`, `T`.
    pub dtype: Option<Text>,
    /// With `body`: the core dimensions, `["m", "n + 1"]`.
    pub dims: Option<Spanned<Vec<Text>>>,
    /// Of a param, or of an input that calls may leave out.
    pub default: Option<Scalar>,
    /// Which dtypes of an array may be converted, as `np.can_cast` says.
    #[cfg_attr(feature = "cli", schemars(extend("enum" = ["no", "equiv", "safe", "same_kind", "unsafe"])))]
    pub cast: Option<Text>,
    /// What is done to an array that a loop cannot read as it is: mended in tiles, refused, or copied whole.
    #[cfg_attr(feature = "cli", schemars(extend("enum" = ["tile", "never", "array"])))]
    pub copy: Option<Text>,
    /// With `body`: `"C"` promises items in C order.
    #[cfg_attr(feature = "cli", schemars(extend("enum" = ["any", "C"])))]
    pub layout: Option<Text>,
    /// Bytes that the address of the data must be a multiple of: a power of two.
    #[cfg_attr(feature = "cli", schemars(extend("enum" = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096])))]
    pub align: Option<Scalar>,
    /// A line of the docstring.
    pub doc: Option<Text>,
}

/// A list of operands in either form.
pub(super) fn operands(reader: &mut Reader<'_>, value: &Value<'_>, example: &str) -> Vec<Operand> {
    reader.list(value, example).into_iter().filter_map(|item| Operand::read(reader, item, example)).collect()
}

impl Operand {
    fn read(reader: &mut Reader<'_>, value: &Value<'_>, example: &str) -> Option<Self> {
        let DeValue::Table(table) = value.get_ref() else {
            return reader.text(value, example).map(Operand::Short);
        };
        const EXAMPLE: &str = "{ name = \"x\", dtype = \"f64\", cast = \"same_kind\" }";
        const KEYS: [&str; 9] = ["name", "dtype", "dims", "default", "cast", "copy", "layout", "align", "doc"];
        let mut long = LongOperand {
            span: reader.span(value.span()),
            name: None,
            dtype: None,
            dims: None,
            default: None,
            cast: None,
            copy: None,
            layout: None,
            align: None,
            doc: None,
        };
        for (key, value) in reader.entries(table) {
            match &*key.value {
                "name" => long.name = reader.text(value, EXAMPLE),
                "dtype" => long.dtype = reader.text(value, EXAMPLE),
                "dims" => {
                    let span = reader.span(value.span());
                    long.dims = Some(Spanned { value: reader.texts(value, "dims = [\"m\", \"n + 1\"]"), span });
                }
                "default" => long.default = reader.scalar(value, "default = 1.0"),
                "cast" => long.cast = reader.text(value, EXAMPLE),
                "copy" => long.copy = reader.text(value, "copy = \"never\""),
                "layout" => long.layout = reader.text(value, "layout = \"C\""),
                "align" => long.align = reader.scalar(value, "align = 64"),
                "doc" => long.doc = reader.text(value, "doc = \"The data.\""),
                _ => reader.unknown(&key, "an operand", &KEYS),
            }
        }
        Some(Operand::Long(Box::new(long)))
    }
}
