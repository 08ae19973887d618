//! Python literals and signatures: the one place where text of a spec becomes a Python token.

use crate::model::{Kernel, Literal, Param, ParamType, camel_case};

use super::text::hidden;

/// A string literal in double quotes.
pub(super) fn string(text: &str) -> String {
    let escaped: String = text.chars().map(escape).collect();
    format!("\"{escaped}\"")
}

fn escape(c: char) -> String {
    match c {
        '"' | '\\' => format!("\\{c}"),
        c if hidden(c) => format!("\\U{:08x}", u32::from(c)),
        c => c.to_string(),
    }
}

/// A docstring in triple quotes, of [`visible`](super::text::visible) text.
pub(super) fn docstring(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace("\"\"\"", "\\\"\\\"\\\"");
    match text.strip_suffix('"').filter(|rest| !rest.ends_with('\\')) {
        Some(rest) => format!("\"\"\"{rest}\\\"\"\"\""),
        None => format!("\"\"\"{text}\"\"\""),
    }
}

/// A default as Python writes it, such that `inspect.signature` can read it: `nan` is no literal.
pub(super) fn literal(value: &Literal) -> String {
    match value {
        Literal::Bool(true) => "True".to_owned(),
        Literal::Bool(false) => "False".to_owned(),
        Literal::Int(value) => value.to_string(),
        Literal::Float(value) if value.is_nan() => "1e999 - 1e999".to_owned(),
        Literal::Float(value) if value.is_infinite() => if *value > 0.0 { "1e999" } else { "-1e999" }.to_owned(),
        Literal::Float(value) => format!("{value:?}"),
        Literal::Text(text) => string(text),
    }
}

/// The default of a param in the type that it has: `0` of a float is `0.0`.
pub(super) fn default(param: &Param) -> Option<Literal> {
    let float = matches!(&param.ty, ParamType::Scalar(ty) if super::dtypes::is_always_inexact(ty));
    param.default.clone().map(|value| match value {
        #[allow(clippy::cast_precision_loss)]
        Literal::Int(value) if float => Literal::Float(value as f64),
        value => value,
    })
}

/// What `inspect.signature` is told: `(x, /, *, ddof=0.0)`.
pub(super) fn text_signature(kernel: &Kernel) -> String {
    signature(kernel, |_| String::new(), |_| String::new())
}

/// `(x: A, /, *, ddof: B = 0.0)`: names with what `input` and `param` say of each.
pub(super) fn signature(
    kernel: &Kernel,
    input: impl Fn(&crate::model::Input) -> String,
    param: impl Fn(&Param) -> String,
) -> String {
    let equals = |annotation: &str| if annotation.is_empty() { "=" } else { " = " };
    let mut arguments = Vec::new();
    for each in &kernel.inputs {
        let annotation = input(each);
        let default = each.default.as_ref().map(|value| format!("{}{}", equals(&annotation), literal(value)));
        arguments.push(format!("{}{annotation}{}", each.name, default.unwrap_or_default()));
    }
    arguments.push("/".to_owned());
    if !kernel.params.is_empty() {
        arguments.push("*".to_owned());
    }
    for each in &kernel.params {
        let annotation = param(each);
        let default = default(each).map(|value| format!("{}{}", equals(&annotation), literal(&value)));
        let default = default.unwrap_or_default();
        arguments.push(format!("{}{annotation}{default}", each.name));
    }
    format!("({})", arguments.join(", "))
}

/// The named tuple of a kernel with several outputs.
pub(super) fn result_class(kernel: &Kernel) -> Option<String> {
    (kernel.outputs.len() > 1).then(|| format!("{}Result", camel_case(&kernel.name)))
}
