//! Docstrings in numpydoc's form.

use crate::model::{Copying, Dim, Form, Input, Kernel, Literal, Output, Package, Param, ParamType, Role};

use super::text::{one_line, visible, wrapped};
use super::{dtypes, notes, python};

/// The docstring of a kernel.
pub(super) fn docstring(kernel: &Kernel, package: &Package) -> String {
    let mut out = Docstring { text: summary(kernel) };
    out.paragraph(&visible(&kernel.doc));
    let inputs = kernel.inputs.iter().map(|each| input(each, kernel));
    out.section("Parameters", inputs.chain(axis(kernel)).chain(params(kernel)).chain(keywords(kernel)));
    out.section("Returns", kernel.outputs.iter().map(|each| output(each, kernel)));
    out.section("Raises", notes::raises(kernel));
    out.section("Notes", [notes::notes(kernel)]);
    out.section("Examples", examples(kernel, package));
    out.text
}

/// The first line of a docstring.
pub(super) fn summary(kernel: &Kernel) -> String {
    let summary = one_line(&kernel.summary);
    if summary.is_empty() { format!("The kernel `{}`.", kernel.name) } else { summary }
}

struct Docstring {
    text: String,
}

impl Docstring {
    fn paragraph(&mut self, text: &str) {
        if !text.is_empty() {
            self.text.push_str("\n\n");
            self.text.push_str(text);
        }
    }

    fn section(&mut self, title: &str, entries: impl IntoIterator<Item = String>) {
        let entries: Vec<String> = entries.into_iter().collect();
        if !entries.is_empty() {
            self.paragraph(&format!("{title}\n{}\n{}", "-".repeat(title.len()), entries.join("\n")));
        }
    }
}

/// `x : array_like of float64`, with a line of description.
fn entry(name: &str, kind: &str, description: &str) -> String {
    let description = if description.is_empty() { String::new() } else { format!("\n{}", wrapped(description, 4)) };
    format!("{name} : {kind}{description}")
}

fn input(input: &Input, kernel: &Kernel) -> String {
    let dtypes = dtypes::words(&dtypes::over_loops(&input.ty, kernel));
    let conditions = [
        (input.role == Role::Change).then(|| "Changed in place.".to_owned()),
        (input.copying == Copying::Never)
            .then(|| "Its dtype, byte order, alignment and strides must fit: nothing is converted.".to_owned()),
        (input.copying == Copying::Array).then(|| "Copied whole if its dtype or layout does not fit.".to_owned()),
        (input.copying == Copying::Never).then(|| "Must be C-contiguous.".to_owned()),
        (input.align > 1).then(|| format!("Its data must be aligned to {} bytes.", input.align)),
    ];
    let doc = one_line(&input.doc);
    let sentences: Vec<String> =
        Some(doc).filter(|doc| !doc.is_empty()).into_iter().chain(conditions.into_iter().flatten()).collect();
    let default = input.default.as_ref().map(|value| format!(", default: {}", python::literal(value)));
    let class = if input.role == Role::Change { "ndarray" } else { "array_like" };
    let optional = if input.role == Role::Optional { ", optional" } else { "" };
    let kind = format!("{class} of {dtypes}{}{}{optional}", shape(&input.dims), default.unwrap_or_default());
    entry(&input.name, &kind, &sentences.join(" "))
}

fn params(kernel: &Kernel) -> impl Iterator<Item = String> {
    kernel.params.iter().map(|param| {
        let computed = param.computed.as_ref().map(|formula| one_line(&formula.text));
        let kind = match python::default(param).map(|default| shown(&default)).or(computed) {
            Some(default) => format!("{}, default {default}", param_kind(param, kernel)),
            None => param_kind(param, kernel),
        };
        entry(&param.name, &kind, &one_line(&param.doc))
    })
}

/// What kernels take besides: NumPy's own keywords.
fn keywords(kernel: &Kernel) -> Vec<String> {
    match kernel.form {
        Form::Map(_) => elementwise_keywords(kernel),
        Form::Reduce(_) => reduction_keywords(kernel),
        Form::Body(_) => body_keywords(kernel),
    }
}

/// Where results are put.
fn out(kernel: &Kernel, description: &str) -> String {
    let kind = match kernel.outputs.len() {
        1 => "ndarray, optional".to_owned(),
        several => format!("tuple of {several} ndarrays or None, optional"),
    };
    entry("out", &kind, description)
}

fn elementwise_keywords(kernel: &Kernel) -> Vec<String> {
    let mut entries = vec![out(kernel, "Where results are put, of the shape that the inputs broadcast to."), masked()];
    if kernel.is_ufunc() {
        entries.push(of_all_ufuncs());
    }
    entries
}

/// What a ufunc of elements takes.
fn masked() -> String {
    let description = "Which elements are computed. The others keep what `out` holds; in a new array they are not set.";
    entry("where", "array_like of bool, default True", description)
}

/// The one argument of a reduction beside its inputs that may be given by position.
fn axis(kernel: &Kernel) -> Option<String> {
    let (kind, description) = match kernel.form {
        Form::Reduce(_) if kernel.is_scan() => (
            "None or int, optional",
            "The axis along which results go; by default all elements are one row, in C order.",
        ),
        Form::Reduce(_) => (
            "None or int or tuple of ints, optional",
            "The axes along which elements are folded: all of them by default.",
        ),
        Form::Map(_) | Form::Body(_) => return None,
    };
    Some(entry("axis", kind, description))
}

fn reduction_keywords(kernel: &Kernel) -> Vec<String> {
    if kernel.is_scan() {
        return vec![out(kernel, "Where results are put: of the shape of the inputs, or of one dimension.")];
    }
    let mut entries = vec![
        out(kernel, "Where results are put, of the shape that they have."),
        entry("keepdims", "bool, default False", "Whether folded axes are left in the result, with size one."),
        entry("where", "array_like of bool, default True", "Which elements are taken."),
    ];
    if kernel.takes_initial() {
        entries.push(entry("initial", "scalar, optional", "What the fold begins with."));
    }
    entries
}

fn body_keywords(kernel: &Kernel) -> Vec<String> {
    let mut entries = Vec::new();
    if !kernel.outputs.is_empty() {
        entries.push(out(kernel, "Where results are put, of the shape that they have."));
    }
    let own = kernel.item_keywords();
    if kernel.is_ufunc() && own.is_empty() {
        entries.push(masked());
    }
    for keyword in ["axes", "axis", "keepdims"] {
        let (kind, description) = match keyword {
            // The signature of a generalized ufunc has them all.
            _ if !own.contains(&keyword) && kernel.is_ufunc() && !own.is_empty() => {
                ("optional", "As all generalized ufuncs have it; it means nothing here.")
            }
            _ if !own.contains(&keyword) => continue,
            "axes" => (
                "list of tuples of ints, optional",
                "Which axes make an item, for each input and output: by default the last ones.",
            ),
            "axis" => ("int, optional", "The axis that makes an item, the same for all: by default the last one."),
            _ => ("bool, default False", "Whether axes of items are left in the results, with size one."),
        };
        entries.push(entry(keyword, kind, description));
    }
    if kernel.is_ufunc() {
        entries.push(of_all_ufuncs());
    }
    entries
}

/// What every ufunc takes.
fn of_all_ufuncs() -> String {
    entry("casting, order, dtype, subok, signature", "optional", "As all ufuncs of NumPy have them.")
}

fn output(output: &Output, kernel: &Kernel) -> String {
    let dtypes = dtypes::words(&dtypes::over_loops(&output.ty, kernel));
    let scalar = if kernel.is_scan() || !output.dims.is_empty() { "" } else { " or scalar" };
    entry(&output.name, &format!("ndarray{scalar} of {dtypes}{}", shape(&output.dims)), &one_line(&output.doc))
}

/// `, shape (..., m, d)`: the axes of an item behind those that are looped over.
fn shape(dims: &[Dim]) -> String {
    if dims.is_empty() {
        return String::new();
    }
    format!(", shape (..., {})", dims.iter().map(|dim| one_line(&dim.text)).collect::<Vec<_>>().join(", "))
}

/// A default as a reader would say it.
fn shown(default: &Literal) -> String {
    match default {
        Literal::Float(value) if !value.is_finite() => value.to_string().to_lowercase(),
        default => python::literal(default),
    }
}

fn param_kind(param: &Param, kernel: &Kernel) -> String {
    match &param.ty {
        ParamType::Usize => "int, not negative".to_owned(),
        ParamType::Scalar(ty) => dtypes::words(&dtypes::over_loops(ty, kernel)),
        ParamType::Choice { values, .. } => {
            let values: Vec<_> = values.iter().map(|value| python::string(value)).collect();
            format!("{{{}}}", values.join(", "))
        }
    }
}

/// The spec's examples as a reader would type them: `LEFT == RIGHT` shows the value of LEFT.
fn examples(kernel: &Kernel, package: &Package) -> Vec<String> {
    if kernel.examples.is_empty() {
        return Vec::new();
    }
    let used = |name: &str| {
        let mut words = kernel.examples.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric() && c != '_'));
        words.any(|word| word == name)
    };
    let names: Vec<_> = package.kernels.iter().map(|each| each.name.as_str()).filter(|name| used(name)).collect();
    let mut lines = Vec::new();
    if used("np") {
        lines.push(">>> import numpy as np".to_owned());
    }
    if !names.is_empty() {
        lines.push(format!(">>> from {} import {}", package.name, names.join(", ")));
    }
    for example in &kernel.examples {
        let example = visible(example);
        let (shown, value) = match example.split_once(" == ") {
            Some((left, right)) if is_number(right) => (left.to_owned(), right.trim().to_owned()),
            _ => (example.clone(), "True".to_owned()),
        };
        lines.push(format!(">>> print({})", shown.replace('\n', "\n... ")));
        lines.push(value);
    }
    lines
}

fn is_number(text: &str) -> bool {
    text.trim().parse::<f64>().is_ok()
}
