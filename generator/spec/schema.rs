//! The JSON Schema of a spec file, of the types that the reader fills: what editors complete and check with.
//!
//! It knows shapes: which keys there are, and of what kind their values are. What they mean is for `check`.

use std::borrow::Cow;
use std::marker::PhantomData;

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use super::form::Expression;
use super::kernel::{Dtypes, Kernel};
use super::operand::{LongOperand, Operand};
use super::options::Parallel;
use super::package::Package;
use super::reader::{Scalar, Spanned, Text};

/// The schema of a spec file, by JSON Schema 2020-12.
pub fn schema() -> Value {
    let settings = SchemaSettings::draft2020_12();
    let settings = settings.with_transform(RecursiveTransform(without_null)).with_transform(RecursiveTransform(closed));
    let mut schema = settings.into_generator().into_root_schema_for::<SpecFile>();
    schema.insert("title".to_owned(), "kernelgen spec".into());
    schema.into()
}

/// TOML has no null: what is optional is left out.
fn without_null(schema: &mut Schema) {
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|each| each != "null");
        if let [only] = &mut types[..] {
            let only = only.take();
            schema.insert("type".to_owned(), only);
        }
    }
    let Some(Value::Array(choices)) = schema.get_mut("anyOf") else { return };
    choices.retain(|each| *each != json!({ "type": "null" }));
    if let [Value::Object(only)] = &mut choices[..] {
        let only = std::mem::take(only);
        schema.remove("anyOf");
        for (key, value) in only {
            schema.as_object_mut().map(|object| object.entry(key).or_insert(value));
        }
    }
}

/// All keys of a table stand in it, so that the keyword which editors of older drafts know will do.
fn closed(schema: &mut Schema) {
    if let Some(none) = schema.remove("unevaluatedProperties") {
        schema.insert("additionalProperties".to_owned(), none);
    }
}

/// Exactly one of these keys.
pub(super) fn one_of(keys: &[&str]) -> Value {
    keys.iter().map(|key| json!({ "required": [key] })).collect()
}

/// Schemas that the types' own shape does not give; they stand where they are used.
macro_rules! inline {
    ($($type:ty $([$parameter:ident])?: $generator:ident => $schema:expr;)*) => {
        $(impl $(<$parameter: JsonSchema>)? JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($type))
            }

            fn schema_id() -> Cow<'static, str> {
                Cow::Borrowed(std::any::type_name::<$type>())
            }

            fn json_schema($generator: &mut SchemaGenerator) -> Schema {
                $schema
            }
        })*
    };
}

/// A file: its tables.
struct SpecFile;

/// A table whose keys are names.
pub(super) struct Table<T>(PhantomData<T>);

/// A string, or a table that says more.
pub(super) struct Short<T>(PhantomData<T>);

inline! {
    SpecFile: generator => json_schema!({
        "description": "Kernels for NumPy arrays, and in one file of a folder the package that they are of.",
        "type": "object",
        "properties": {
            "package": generator.subschema_for::<Package>(),
            "kernel": {
                "description": "The kernels: `[kernel.NAME]`.",
                "type": "object",
                "additionalProperties": generator.subschema_for::<Kernel>(),
            },
        },
        "additionalProperties": false,
    });
    Table<T> [T]: generator => json_schema!({
        "type": "object",
        "additionalProperties": generator.subschema_for::<T>(),
    });
    Short<T> [T]: generator => either(&[generator.subschema_for::<Text>(), generator.subschema_for::<T>()]);
    Spanned<T> [T]: generator => generator.subschema_for::<T>();
    Text: _generator => json_schema!({ "type": "string" });
    // An infinity or a NaN is null where TOML is read as JSON.
    Scalar: _generator => json_schema!({ "anyOf": [{ "type": ["boolean", "number", "string"] }, { "const": null }] });
    Operand: generator => generator.subschema_for::<Short<LongOperand>>();
    Expression: generator => either(&[generator.subschema_for::<Text>(), generator.subschema_for::<Table<Text>>()]);
    Parallel: generator => either(&[
        json_schema!({ "enum": ["auto", false] }),
        json_schema!({
            "type": "object",
            "properties": { "over": generator.subschema_for::<Text>() },
            "required": ["over"],
            "additionalProperties": false,
        }),
    ]);
    Dtypes: generator => either(&[
        generator.subschema_for::<Table<Vec<Text>>>(),
        generator.subschema_for::<Vec<Table<Text>>>(),
    ]);
}

fn either(choices: &[Schema]) -> Schema {
    json_schema!({ "anyOf": choices })
}
