//! Docstrings in numpydoc's form.

use crate::model::{Cast, Copying, Form, Gil, Input, Kernel, Literal, Package, Param, ParamType};

use super::text::{one_line, visible};
use super::{dtypes, python};

/// The docstring of a kernel.
pub(super) fn docstring(kernel: &Kernel, package: &Package) -> String {
    let mut out = Docstring { text: summary(kernel) };
    out.paragraph(&visible(&kernel.doc));
    out.section("Parameters", kernel.inputs.iter().map(|each| input(each, kernel)).chain(params(kernel)));
    out.section(
        "Returns",
        kernel.outputs.iter().map(|output| {
            let dtypes = dtypes::words(&dtypes::over_loops(&output.ty, kernel));
            entry(&output.name, &dtypes, &one_line(&output.doc))
        }),
    );
    out.section("Raises", raises(kernel));
    out.section("Notes", [notes(kernel)]);
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
    let kind = format!("array_like of {dtypes}{}", default.unwrap_or_default());
    entry(&input.name, &kind, &sentences.join(" "))
}

fn params(kernel: &Kernel) -> impl Iterator<Item = String> {
    kernel.params.iter().map(|param| {
        let kind = match python::default(param) {
            Some(default) => format!("{}, default {}", param_kind(param, kernel), shown(&default)),
            None => param_kind(param, kernel),
        };
        entry(&param.name, &kind, &one_line(&param.doc))
    })
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

fn raises(kernel: &Kernel) -> Vec<String> {
    let Form::Reduce(reduce) = &kernel.form;
    let conditions = kernel.require.iter().map(|each| format!("If not ``{}``.", one_line(&each.text)));
    let empty = reduce.identity.is_none().then(|| "If there is no element.".to_owned());
    let reasons: Vec<String> = empty.into_iter().chain(conditions).collect();
    let value_error = (!reasons.is_empty()).then(|| format!("ValueError\n{}", wrapped(&reasons.join(" "), 4)));
    let type_error = "TypeError\n    If an argument cannot be converted to the dtypes above.".to_owned();
    std::iter::once(type_error).chain(value_error).collect()
}

fn notes(kernel: &Kernel) -> String {
    let several = kernel.inputs.len() > 1;
    let mut sentences = vec![conversions(kernel)];
    if several {
        sentences.push("The inputs are broadcast against each other.".to_owned());
    }
    if let Some(class) = python::result_class(kernel) {
        sentences.push(format!("The results come as a named tuple, `{class}`."));
    }
    let memory = if kernel.inputs.iter().all(|input| input.copying != Copying::Array) {
        "No array is copied."
    } else {
        "Arrays that fit are not copied."
    };
    sentences.push(memory.to_owned());
    sentences.push(
        match kernel.gil {
            Gil::Auto => "The GIL is released while a large array is read: no other thread may write to it meanwhile.",
            Gil::Release => "The GIL is released meanwhile: no other thread may write to the arrays.",
            Gil::Hold => "The GIL is held.",
        }
        .to_owned(),
    );
    wrapped(&sentences.join(" "), 0)
}

fn conversions(kernel: &Kernel) -> String {
    let rule = |cast| match cast {
        Cast::No | Cast::Equiv => "Other dtypes are refused",
        Cast::Safe => "Other dtypes are accepted where NumPy casts them safely",
        Cast::SameKind => "Other dtypes are accepted where NumPy casts them within their kind",
        Cast::Unsafe => "Other dtypes are converted as `astype` does",
    };
    let mut rules: Vec<(&str, Vec<&str>)> = Vec::new();
    for input in &kernel.inputs {
        let rule = rule(input.cast);
        match rules.iter_mut().find(|(other, _)| *other == rule) {
            Some((_, names)) => names.push(&input.name),
            None => rules.push((rule, vec![&input.name])),
        }
    }
    let sentences: Vec<String> = match rules.as_slice() {
        [(rule, _)] => vec![format!("{rule}.")],
        rules => rules.iter().map(|(rule, names)| format!("{rule} for `{}`.", names.join("`, `"))).collect(),
    };
    sentences.join(" ")
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

/// Text in lines of at most 75 columns, indented.
fn wrapped(text: &str, indent: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= 75 => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("{}{word}", " ".repeat(indent))),
        }
    }
    lines.join("\n")
}
