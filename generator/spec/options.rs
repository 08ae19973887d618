//! Options of a kernel, which a package may set for all.

#[cfg(feature = "cli")]
use schemars::JsonSchema;

use super::reader::{Name, Reader, Scalar, Spanned, Text, Value};

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
