//! The `[package]` table, and the tables of a file.

#[cfg(feature = "cli")]
use schemars::JsonSchema;
use toml::Spanned as TomlSpanned;
use toml::de::{DeTable, DeValue};

use super::kernel::Kernel;
use super::options::Options;
use super::reader::{Name, Reader, Spanned, Text, Value};
#[cfg(feature = "cli")]
use super::schema::{Short, Table};
use crate::diag::{Span, mistakes};

/// What `[package]` says: one folder with this table is one wheel.
#[derive(Debug)]
#[cfg_attr(feature = "cli", derive(JsonSchema), schemars(deny_unknown_fields))]
pub struct Package {
    /// The header of the table.
    #[cfg_attr(feature = "cli", schemars(skip))]
    pub span: Span,
    /// The import name; may be dotted, `mypkg._kernels`.
    pub name: Option<Text>,
    /// The version of the wheel, by PEP 440.
    pub version: Option<Text>,
    /// One line on the package.
    pub summary: Option<Text>,
    /// An SPDX expression: `"MIT OR Apache-2.0"`.
    pub license: Option<Text>,
    /// `"Name <email>"`, or `{ name, email }`.
    #[cfg_attr(feature = "cli", schemars(with = "Option<Vec<Short<Author>>>"))]
    pub authors: Vec<Author>,
    /// The versions of Python, `">=3.11"`.
    #[cfg_attr(feature = "cli", schemars(rename = "requires-python"))]
    pub requires_python: Option<Text>,
    /// The versions of NumPy that the wheel asks for, `">=2.1"`.
    pub numpy: Option<Text>,
    /// Further Python packages that the wheel asks for, by PEP 508.
    #[cfg_attr(feature = "cli", schemars(with = "Option<Vec<Text>>"))]
    pub requires: Vec<Text>,
    /// Rust crates for bodies, `{ statrs = "0.18" }`.
    #[cfg_attr(feature = "cli", schemars(with = "Option<Table<Short<Crate>>>"))]
    pub crates: Vec<(Name, Crate)>,
    /// Options for all kernels of the package that do not set them themselves.
    #[cfg_attr(feature = "cli", schemars(with = "Option<Options>"))]
    pub defaults: Options,
}

/// One of `authors`: `"Name <email>"`, or `{ name, email }`.
#[derive(Debug)]
#[cfg_attr(feature = "cli", derive(JsonSchema), schemars(deny_unknown_fields))]
pub struct Author {
    /// The name.
    pub name: Option<Text>,
    /// The address.
    pub email: Option<Text>,
}

/// One of `crates`: a version, or `{ version, features, default-features }`.
#[derive(Debug)]
#[cfg_attr(feature = "cli", derive(JsonSchema))]
#[cfg_attr(feature = "cli", schemars(deny_unknown_fields, extend("required" = ["version"])))]
pub struct Crate {
    /// The versions that cargo may take, `"0.18"`.
    pub version: Option<Text>,
    /// The features that are wanted.
    #[cfg_attr(feature = "cli", schemars(with = "Option<Vec<Text>>"))]
    pub features: Vec<Text>,
    /// Whether the features that the crate has by default are wanted.
    #[cfg_attr(feature = "cli", schemars(rename = "default-features"))]
    pub default_features: Option<Spanned<bool>>,
}

const TABLES: [&str; 2] = ["package", "kernel"];
const KEYS: [&str; 10] =
    ["name", "version", "summary", "license", "authors", "requires-python", "numpy", "requires", "crates", "defaults"];

/// Reads the tables of one file.
pub fn read_document(
    reader: &mut Reader<'_>,
    document: &TomlSpanned<DeTable<'_>>,
    file: &str,
    packages: &mut Vec<Package>,
    kernels: &mut Vec<Kernel>,
) {
    for (key, value) in reader.entries(document.get_ref()) {
        match &*key.value {
            "package" => packages.push(read(reader, &key, value)),
            "kernel" => {
                let start = kernels.len();
                for (name, value) in reader.table(value, "[kernel.sum]") {
                    kernels.push(Kernel::read(reader, name, value, file));
                }
                kernels[start..].sort_by_key(|kernel| kernel.name.span.range.start);
            }
            _ => reader.unknown(&key, "a spec file", &TABLES),
        }
    }
}

fn read(reader: &mut Reader<'_>, key: &Name, value: &Value<'_>) -> Package {
    let mut package = Package::unsaid(key.span.clone());
    for (key, value) in reader.table(value, "[package]") {
        match &*key.value {
            "name" => package.name = reader.text(value, "name = \"stats\""),
            "version" => package.version = reader.text(value, "version = \"0.1.0\""),
            "summary" => package.summary = reader.text(value, "summary = \"Fast statistics.\""),
            "license" => package.license = reader.text(value, "license = \"MIT OR Apache-2.0\""),
            "authors" => {
                let items = reader.list(value, "authors = [\"Ada <ada@example.org>\"]");
                package.authors = items.into_iter().filter_map(|item| Author::read(reader, item)).collect();
            }
            "requires-python" => package.requires_python = reader.text(value, "requires-python = \">=3.11\""),
            "numpy" => package.numpy = reader.text(value, "numpy = \">=2.1\""),
            "requires" => package.requires = reader.texts(value, "requires = [\"pandas>=2\"]"),
            "crates" => {
                for (name, value) in reader.table(value, "crates = { statrs = \"0.18\" }") {
                    let read = Crate::read(reader, value);
                    package.crates.push((name, read));
                }
            }
            "defaults" => {
                for (key, value) in reader.table(value, "defaults = { gil = \"release\" }") {
                    if !package.defaults.read(reader, &key, value) {
                        reader.unknown(&key, "`defaults`", &Options::KEYS);
                    }
                }
            }
            _ => reader.unknown(&key, "`[package]`", &KEYS),
        }
    }
    package
}

impl Package {
    /// A package that says nothing of itself.
    pub(super) fn unsaid(span: Span) -> Package {
        Package {
            span,
            name: None,
            version: None,
            summary: None,
            license: None,
            authors: Vec::new(),
            requires_python: None,
            numpy: None,
            requires: Vec::new(),
            crates: Vec::new(),
            defaults: Options::default(),
        }
    }
}

impl Author {
    pub(super) fn read(reader: &mut Reader<'_>, value: &Value<'_>) -> Option<Self> {
        const EXAMPLE: &str = "authors = [{ name = \"Ada\", email = \"ada@example.org\" }]";
        if let DeValue::Table(table) = value.get_ref() {
            let mut author = Author { name: None, email: None };
            for (key, value) in reader.entries(table) {
                match &*key.value {
                    "name" => author.name = reader.text(value, EXAMPLE),
                    "email" => author.email = reader.text(value, EXAMPLE),
                    _ => reader.unknown(&key, "an author", &["name", "email"]),
                }
            }
            return Some(author);
        }
        let text = reader.text(value, EXAMPLE)?;
        let Some((name, email)) = text.value.strip_suffix('>').and_then(|text| text.split_once('<')) else {
            return Some(Author { name: Some(text), email: None });
        };
        let part =
            |part: &str| (!part.trim().is_empty()).then(|| Text { value: part.trim().to_owned(), ..text.clone() });
        Some(Author { name: part(name), email: part(email) })
    }
}

impl Crate {
    fn read(reader: &mut Reader<'_>, value: &Value<'_>) -> Self {
        const EXAMPLE: &str = "crates = { statrs = { version = \"0.18\", features = [\"std\"] } }";
        let mut read = Crate { version: None, features: Vec::new(), default_features: None };
        let DeValue::Table(table) = value.get_ref() else {
            read.version = reader.text(value, "crates = { statrs = \"0.18\" }");
            return read;
        };
        for (key, value) in reader.entries(table) {
            match &*key.value {
                "version" => read.version = reader.text(value, EXAMPLE),
                "features" => read.features = reader.texts(value, EXAMPLE),
                "default-features" => read.default_features = reader.bool(value, EXAMPLE),
                _ => reader.unknown(&key, "a crate", &["version", "features", "default-features"]),
            }
        }
        if read.version.is_none() {
            let span = reader.span(value.span());
            reader.log.push(mistakes::MISSING_KEY.at(&span, &[&"version", &EXAMPLE]));
        }
        read
    }
}
