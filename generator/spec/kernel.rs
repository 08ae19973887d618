//! The `[kernel.NAME]` tables.

#[cfg(feature = "cli")]
use schemars::JsonSchema;
use toml::de::DeValue;

use super::form::Forms;
use super::operand::{Operand, operands};
use super::options::Options;
use super::reader::{Name, Reader, Scalar, Spanned, Text, Value};
#[cfg(feature = "cli")]
use super::schema::Table;

/// What a kernel's table says: `[kernel.NAME]`, with exactly one of `map`, `reduce` and `body`.
#[derive(Debug)]
#[cfg_attr(feature = "cli", derive(JsonSchema), schemars(deny_unknown_fields))]
pub struct Kernel {
    /// Its name.
    #[cfg_attr(feature = "cli", schemars(skip))]
    pub name: Name,
    /// The spec's file name within the package's folder.
    #[cfg_attr(feature = "cli", schemars(skip))]
    pub file: String,
    /// The first line of the docstring.
    pub summary: Option<Text>,
    /// The paragraphs of the docstring after its first line.
    pub doc: Option<Text>,
    /// A line of the docstring for each argument and result, by name.
    #[cfg_attr(feature = "cli", schemars(with = "Option<Table<Text>>"))]
    pub docs: Vec<(Name, Text)>,
    /// Type variables: `{ T = ["f32", "f64"] }` for every combination, or a list of those that are wanted.
    pub dtypes: Option<Spanned<Dtypes>>,
    /// Arrays that are read: `"x: f64"`, `"x: T[m, n]"`.
    #[cfg_attr(feature = "cli", schemars(with = "Option<Vec<Operand>>"))]
    pub inputs: Vec<Operand>,
    /// Results: `"out: f64"`.
    #[cfg_attr(feature = "cli", schemars(with = "Option<Vec<Operand>>"))]
    pub outputs: Vec<Operand>,
    /// With `body`: arrays that are changed in place.
    #[cfg_attr(feature = "cli", schemars(with = "Option<Vec<Operand>>"))]
    pub inouts: Vec<Operand>,
    /// Keyword-only scalars: `"ddof: f64 = 0.0"`.
    #[cfg_attr(feature = "cli", schemars(with = "Option<Vec<Operand>>"))]
    pub params: Vec<Operand>,
    /// With `body`: room to work in, as `"buf: f64[n]"`.
    #[cfg_attr(feature = "cli", schemars(with = "Option<Vec<Operand>>"))]
    pub scratch: Vec<Operand>,
    /// Conditions over the params: `"k > 0"`.
    #[cfg_attr(feature = "cli", schemars(with = "Option<Vec<Text>>"))]
    pub require: Vec<Text>,
    /// With `map`: what `reduce` of the ufunc gives for nothing.
    pub identity: Option<Scalar>,
    /// With `map`: whether `reduce` of the ufunc may take elements in any order.
    pub reorderable: Option<Spanned<bool>>,
    /// What `[package] defaults` may set, too.
    #[cfg_attr(feature = "cli", schemars(flatten))]
    pub options: Options,
    /// The same in NumPy, to be tested against: one expression with `np`, inputs and params.
    pub reference: Option<Text>,
    /// Python that must hold: `"sum([1, 2]) == 3.0"`.
    #[cfg_attr(feature = "cli", schemars(with = "Option<Vec<Text>>"))]
    pub examples: Vec<Text>,
    /// The form.
    #[cfg_attr(feature = "cli", schemars(flatten))]
    pub forms: Forms,
    /// Another text for some dtypes, by loop: `loops.f64 = { map = "x" }`.
    #[cfg_attr(feature = "cli", schemars(with = "Option<Table<Forms>>"))]
    pub loops: Vec<(Name, Forms)>,
}

/// `dtypes`.
#[derive(Debug)]
pub enum Dtypes {
    /// Every combination of the variables' dtypes.
    Product(Vec<(Name, Vec<Text>)>),
    /// The combinations one by one.
    Combinations(Vec<Spanned<Vec<(Name, Text)>>>),
}

const KEYS: [&str; 22] = [
    "summary",
    "doc",
    "docs",
    "dtypes",
    "inputs",
    "outputs",
    "inouts",
    "params",
    "require",
    "map",
    "reduce",
    "body",
    "identity",
    "reorderable",
    "parallel",
    "cost",
    "gil",
    "scratch",
    "cfunc",
    "reference",
    "examples",
    "loops",
];

impl Kernel {
    /// Reads one kernel's table.
    pub(super) fn read(reader: &mut Reader<'_>, name: Name, value: &Value<'_>, file: &str) -> Self {
        let mut kernel = Kernel::new(name, file);
        for (key, value) in reader.table(value, "[kernel.sum]") {
            match &*key.value {
                "summary" => kernel.summary = reader.text(value, "summary = \"Sum of all elements.\""),
                "doc" => kernel.doc = reader.text(value, "doc = \"The rest of the docstring.\""),
                "docs" => {
                    for (name, value) in reader.table(value, "docs = { x = \"The data.\" }") {
                        let text = reader.text(value, "docs = { x = \"The data.\" }");
                        kernel.docs.extend(text.map(|text| (name, text)));
                    }
                }
                "dtypes" => kernel.dtypes = Dtypes::read(reader, value),
                "inputs" => kernel.inputs = operands(reader, value, "inputs = [\"x: f64\"]"),
                "outputs" => kernel.outputs = operands(reader, value, "outputs = [\"out: f64\"]"),
                "inouts" => kernel.inouts = operands(reader, value, "inouts = [\"x: f64[n]\"]"),
                "params" => kernel.params = operands(reader, value, "params = [\"ddof: f64 = 0.0\"]"),
                "scratch" => kernel.scratch = operands(reader, value, "scratch = [\"buf: f64[n]\"]"),
                "require" => kernel.require = reader.texts(value, "require = [\"k > 0\"]"),
                "identity" => kernel.identity = reader.scalar(value, "identity = 0"),
                "reorderable" => kernel.reorderable = reader.bool(value, "reorderable = true"),
                "reference" => kernel.reference = reader.text(value, "reference = \"np.sum(x)\""),
                "examples" => kernel.examples = reader.texts(value, "examples = [\"sum([1, 2]) == 3\"]"),
                "loops" => {
                    for (name, value) in reader.table(value, "[kernel.k.loops.i64]") {
                        let mut forms = Forms::default();
                        for (key, value) in reader.table(value, "[kernel.k.loops.i64]") {
                            if !forms.read(reader, &key, value) {
                                reader.unknown(&key, "a loop", &Forms::KEYS);
                            }
                        }
                        kernel.loops.push((name, forms));
                    }
                }
                _ if kernel.forms.read(reader, &key, value) => {}
                _ if kernel.options.read(reader, &key, value) => {}
                _ => reader.unknown(&key, "a kernel", &KEYS),
            }
        }
        kernel
    }

    fn new(name: Name, file: &str) -> Self {
        Kernel {
            name,
            file: file.to_owned(),
            summary: None,
            doc: None,
            docs: Vec::new(),
            dtypes: None,
            inputs: Vec::new(),
            outputs: Vec::new(),
            inouts: Vec::new(),
            params: Vec::new(),
            scratch: Vec::new(),
            require: Vec::new(),
            identity: None,
            reorderable: None,
            options: Options::default(),
            reference: None,
            examples: Vec::new(),
            forms: Forms::default(),
            loops: Vec::new(),
        }
    }
}

impl Dtypes {
    fn read(reader: &mut Reader<'_>, value: &Value<'_>) -> Option<Spanned<Self>> {
        const EXAMPLE: &str = "dtypes = { T = [\"f32\", \"f64\"] }";
        const EACH: &str = "dtypes = [{ T = \"c64\", R = \"f32\" }]";
        let span = reader.span(value.span());
        let read = match value.get_ref() {
            DeValue::Table(table) => {
                let entries = reader.entries(table);
                Dtypes::Product(entries.into_iter().map(|(name, value)| (name, reader.texts(value, EXAMPLE))).collect())
            }
            DeValue::Array(items) => {
                let mut combinations = Vec::new();
                for item in items.iter() {
                    let span = reader.span(item.span());
                    let entries = reader.table(item, EACH).into_iter();
                    let value = entries.filter_map(|(name, value)| Some((name, reader.text(value, EACH)?))).collect();
                    combinations.push(Spanned { value, span });
                }
                Dtypes::Combinations(combinations)
            }
            _ => return reader.wrong(value, "a table, or a list of tables", EXAMPLE),
        };
        Some(Spanned { value: read, span })
    }
}
