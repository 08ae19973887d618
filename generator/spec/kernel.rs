//! The `[kernel.NAME]` tables.

#[cfg(feature = "cli")]
use schemars::JsonSchema;
use toml::de::DeValue;

use super::form::Forms;
use super::reader::{Name, Reader, Scalar, Spanned, Text, Value};
#[cfg(feature = "cli")]
use super::schema::Table;
use crate::diag::Span;

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

/// Options of a kernel that `[package] defaults` may set for all.
#[derive(Debug, Default, Clone)]
#[cfg_attr(feature = "cli", derive(JsonSchema), schemars(deny_unknown_fields))]
pub struct Options {
    /// When the GIL is released: `"auto"` where the work is worth it, `"release"` always, `"hold"` never.
    #[cfg_attr(feature = "cli", schemars(extend("enum" = ["auto", "release", "hold"])))]
    pub gil: Option<Text>,
    /// Whether a call may be divided among threads: `"auto"`, `false`, or the dim to cut, `{ over = "m" }`.
    pub parallel: Option<Parallel>,
    /// Nanoseconds that an element takes on one thread, or `"light"` or `"heavy"`.
    #[cfg_attr(feature = "cli", schemars(extend("anyOf" = [{ "type": "number", "exclusiveMinimum": 0 }, { "enum": ["light", "heavy"] }])))]
    pub cost: Option<Scalar>,
    /// With `body`: a C symbol beside the function. Not yet.
    pub cfunc: Option<Spanned<bool>>,
}

/// `parallel`: a word, a bool, or the dim to cut.
#[derive(Debug, Clone)]
pub enum Parallel {
    /// `"auto"`, `false`.
    Plain(Scalar),
    /// `{ over = "m" }`.
    Over(Text),
}

/// `dtypes`.
#[derive(Debug)]
pub enum Dtypes {
    /// Every combination of the variables' dtypes.
    Product(Vec<(Name, Vec<Text>)>),
    /// The combinations one by one.
    Combinations(Vec<Spanned<Vec<(Name, Text)>>>),
}

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

impl Options {
    pub(super) const KEYS: [&str; 4] = ["gil", "parallel", "cost", "cfunc"];

    /// Reads one key if it is an option.
    pub(super) fn read(&mut self, reader: &mut Reader<'_>, key: &Name, value: &Value<'_>) -> bool {
        match &*key.value {
            "gil" => self.gil = reader.text(value, "gil = \"auto\""),
            "cost" => self.cost = reader.scalar(value, "cost = \"heavy\""),
            "cfunc" => self.cfunc = reader.bool(value, "cfunc = true"),
            "parallel" if value.get_ref().is_table() => {
                for (key, value) in reader.table(value, "parallel = { over = \"m\" }") {
                    if key.value == "over" {
                        self.parallel = reader.text(value, "parallel = { over = \"m\" }").map(Parallel::Over);
                    } else {
                        reader.unknown(&key, "`parallel`", &["over"]);
                    }
                }
            }
            "parallel" => self.parallel = reader.scalar(value, "parallel = { over = \"m\" }").map(Parallel::Plain),
            _ => return false,
        }
        true
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
