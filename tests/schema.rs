//! `kernelgen schema` says what the reader of specs takes: no more keys and kinds of values, and no fewer.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use kernelgen::diag::Error;
use kernelgen::{check, spec};
use serde_json::{Value, json};

/// The codes of mistakes that a schema can see: those of shape. It does not miss a package's name and version, which may be
/// in a `pyproject.toml`.
const SEEN: [&str; 7] = ["unknown-key", "missing-key", "wrong-type", "unknown-value", "align", "one-form", "body-one"];

fn validator() -> Validator {
    jsonschema::draft202012::new(&spec::schema()).expect("a schema")
}

/// A TOML file as JSON, in which infinities and NaN are null; `None` if it is not TOML.
fn as_json(path: &Path) -> Option<Value> {
    let text = String::from_utf8(fs::read(path).expect("readable")).ok()?;
    serde_json::to_value(text.trim_start_matches('\u{feff}').parse::<toml::Table>().ok()?).ok()
}

/// The spec files at and below a path.
fn specs(path: &Path) -> Vec<PathBuf> {
    let loaded = spec::load(path).expect("readable");
    let is_spec = |path: &&Path| path.extension().is_some_and(|extension| extension == "toml");
    let is_spec = |path: &&Path| is_spec(path) && !path.ends_with("pyproject.toml");
    loaded.sources.paths().filter(is_spec).map(Path::to_path_buf).collect()
}

#[test]
fn the_schema_is_one() {
    assert!(jsonschema::draft202012::meta::is_valid(&spec::schema()));
    let text = spec::schema().to_string();
    assert!(!text.contains("\"null\""), "TOML has no null");
    assert!(!text.contains("unevaluated"), "editors of older drafts would pass every key");
}

#[test]
fn each_key_is_described() {
    fn undescribed(schema: &Value, path: &str, found: &mut Vec<String>) {
        let Value::Object(object) = schema else { return };
        for (name, property) in object.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let described = property.get("description").is_some() || property.get("$ref").is_some();
            found.extend((!described).then(|| format!("{path}.{name}")));
        }
        object.iter().for_each(|(key, each)| undescribed(each, &format!("{path}.{key}"), found));
    }
    let mut found = Vec::new();
    undescribed(&spec::schema(), "", &mut found);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn each_right_spec_passes() {
    let validator = validator();
    let places =
        ["specs", "tests/python/specs", "tests/yardstick/specs", "tests/bench/specs", "tests/right_specs.toml"];
    let files: Vec<_> = places.iter().flat_map(|place| specs(Path::new(place))).collect();
    assert!(files.len() > 20, "{files:?}");
    for path in files {
        let errors: Vec<_> =
            validator.iter_errors(&as_json(&path).expect("TOML")).map(|error| format!("{error:.200}")).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
    }
}

#[test]
fn of_the_wrong_specs_those_fail_whose_shape_is_wrong() {
    let validator = validator();
    let (mut failed, mut wanted) = (BTreeSet::new(), BTreeSet::new());
    for path in specs(Path::new("tests/diagnostics")) {
        let Some(instance) = as_json(&path) else { continue };
        if !validator.is_valid(&instance) {
            failed.insert(path.clone());
        }
        let folder = path.parent().filter(|folder| !folder.ends_with("diagnostics"));
        if codes(folder.unwrap_or(&path)).iter().any(|code| SEEN.contains(code)) {
            wanted.insert(path);
        }
    }
    assert_eq!(failed, wanted);
    let seen: BTreeSet<_> = wanted.iter().flat_map(|path| codes(path)).collect();
    assert!(SEEN.iter().all(|code| seen.contains(code)), "{seen:?}");
}

/// The codes of the mistakes in a spec file, or in a folder.
fn codes(path: &Path) -> Vec<&'static str> {
    match spec::load(path).and_then(|loaded| check::check(&loaded)) {
        Err(Error::Specs(report)) => report.plain().iter().map(|mistake| mistake.code).collect(),
        _ => Vec::new(),
    }
}

/// The tables of the language: each by a spec that has `{ key = value }` there, and else what must be.
fn tables(key: &str, value: &Value) -> Vec<(&'static str, Value)> {
    let with = |mut table: Value| {
        table[key] = value.clone();
        table
    };
    let kernel = |name: &str, value: Value| {
        let mut kernel = json!({ "inputs": ["x: f64"], "outputs": ["out: f64"] });
        if !["map", "reduce", "body"].contains(&name) {
            kernel["map"] = json!("x");
        }
        kernel[name] = value;
        json!({ "package": { "name": "p", "version": "1" }, "kernel": { "k": kernel } })
    };
    let package = |name: &str, value: Value| {
        let mut spec = kernel("map", json!("x"));
        spec["package"][name] = value;
        spec
    };
    vec![
        ("a file", with(json!({ "package": { "name": "p", "version": "1" } }))),
        ("package", package(key, value.clone())),
        ("an author", package("authors", json!([with(json!({}))]))),
        ("a crate", package("crates", json!({ "c": with(json!({ "version": "1" })) }))),
        ("defaults", package("defaults", with(json!({})))),
        ("a kernel", kernel(key, value.clone())),
        ("an operand", kernel("inputs", json!([with(json!({ "name": "x", "dtype": "f64" }))]))),
        ("reduce", kernel("reduce", with(json!({ "combine": "a" })))),
        ("body", kernel("body", with(json!({})))),
        ("a loop", kernel("loops", json!({ "f64": with(json!({})) }))),
        ("parallel", kernel("parallel", with(json!({})))),
    ]
}

/// Values by kind; a key takes a kind if it takes one of its values.
fn kinds() -> Vec<(&'static str, Vec<Value>)> {
    let words = ["x", "auto", "safe", "tile", "any", "nan", "light"].map(|word| json!(word));
    let table = [
        json!({}),
        json!({ "over": "m" }),
        json!({ "name": "p", "version": "1" }),
        json!({ "combine": "a" }),
        json!({ "rust": "x" }),
        json!({ "a": { "map": "x" } }),
        json!({ "a": { "map": "x", "outputs": [] } }),
    ];
    vec![
        ("a string", words.to_vec()),
        ("an integer", vec![json!(1)]),
        ("a float", vec![json!(0.5)]),
        ("a bool", vec![json!(true), json!(false)]),
        ("a table", table.to_vec()),
        ("a table of strings", vec![json!({ "a": "x" })]),
        ("a table of lists", vec![json!({ "a": ["x"] })]),
        ("a table of integers", vec![json!({ "a": 1 })]),
        ("a list of strings", vec![json!(["x"])]),
        ("a list of integers", vec![json!([1])]),
        ("a list of operands", vec![json!([{ "name": "x", "dtype": "f64" }])]),
        ("a list of lists", vec![json!([["x"]])]),
        ("a list of tables", vec![json!([{ "a": "x" }])]),
    ]
}

/// The mistakes of shape in a spec.
fn mistakes(spec: &Value) -> Vec<&'static str> {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("schema.toml");
    fs::write(&path, toml::to_string(spec).expect("TOML")).expect("written");
    codes(&path).into_iter().filter(|code| SEEN.contains(code)).collect()
}

/// Each word in the reader's source is tried as a key of each table with each kind of value, in the reader and in the schema.
#[test]
fn the_schema_takes_what_the_reader_takes() {
    let validator = validator();
    let mut words = BTreeSet::new();
    for entry in fs::read_dir("generator/spec").expect("a folder") {
        let text = fs::read_to_string(entry.expect("readable").path()).expect("text");
        words.extend(text.split('"').map(str::to_owned));
    }
    words.retain(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '-' || c == '_'));
    assert!(words.len() > 60 && words.contains("requires-python"), "{words:?}");

    let (mut taken, tables_of) = (0, tables("x", &json!(0)).len());
    for word in &words {
        for place in 0..tables_of {
            let spec = |value: &Value| tables(word, value).swap_remove(place);
            let (table, one) = spec(&json!(1));
            if mistakes(&one).contains(&"unknown-key") {
                assert!(!validator.is_valid(&one), "{table} has no `{word}`");
                continue;
            }
            taken += 1;
            for (kind, values) in kinds() {
                let reader = values.iter().any(|value| mistakes(&spec(value).1).is_empty());
                let schema = values.iter().any(|value| validator.is_valid(&spec(value).1));
                assert_eq!(reader, schema, "`{word}` of {table} as {kind}: the reader's answer, the schema's");
            }
        }
    }
    assert!(taken > 60, "only {taken} keys");
}
