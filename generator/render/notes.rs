//! What a docstring says of errors, memory and threads: true of every kernel of its form.

use crate::model::{Cast, Copying, Form, Gil, Kernel, Role};

use super::text::{one_line, wrapped};
use super::{body, python};

/// The entries of Raises.
pub(super) fn raises(kernel: &Kernel) -> Vec<String> {
    let conditions = kernel.require.iter().map(|each| format!("If not ``{}``.", one_line(&each.text)));
    let empty = !kernel.is_scan() && kernel.folds().any(|reduce| reduce.identity.is_none());
    let empty = empty.then(|| "If there is no element to make a result of.".to_owned());
    let shapes = kernel.inputs.iter().any(|input| !input.dims.is_empty());
    let shapes = shapes.then(|| "If shapes do not fit together.".to_owned());
    let reasons: Vec<String> = empty.into_iter().chain(shapes).chain(conditions).collect();
    let value_error = (!reasons.is_empty()).then(|| format!("ValueError\n{}", wrapped(&reasons.join(" "), 4)));
    let type_error = "TypeError\n    If an argument cannot be converted to the dtypes above.".to_owned();
    std::iter::once(type_error).chain(value_error).collect()
}

/// The text of Notes.
pub(super) fn notes(kernel: &Kernel) -> String {
    let mut sentences = Vec::new();
    if kernel.is_ufunc() {
        sentences.push(match kernel.form {
            Form::Body(_) => format!("A generalized `numpy.ufunc` of signature ``{}``.", body::numpy_signature(kernel)),
            Form::Map(_) | Form::Reduce(_) => "A `numpy.ufunc`.".to_owned(),
        });
    }
    sentences.push(conversions(kernel));
    let has_items = matches!(kernel.form, Form::Body(_));
    if has_items && kernel.inputs.iter().all(|input| input.role != Role::Change) {
        sentences.push("Leading axes are looped over, and broadcast against each other.".to_owned());
    } else if has_items {
        sentences.push("Leading axes are looped over; what is changed in place is not broadcast.".to_owned());
    } else if kernel.inputs.len() > 1 {
        sentences.push("The inputs are broadcast against each other.".to_owned());
    }
    if let Some(class) = python::result_class(kernel) {
        sentences.push(format!("The results come as a named tuple, `{class}`."));
    }
    if kernel.folds().any(|reduce| reduce.skip) {
        let nothing = "Elements with a NaN are left out";
        sentences.push(match kernel.folds().all(|reduce| reduce.identity.is_some()) {
            true => format!("{nothing}."),
            false => format!("{nothing}; where nothing else is there, the result is NaN, with a RuntimeWarning."),
        });
    }
    sentences.push(memory(kernel).to_owned());
    sentences.push(gil(kernel).to_owned());
    wrapped(&sentences.join(" "), 0)
}

/// What is copied.
fn memory(kernel: &Kernel) -> &'static str {
    match kernel.form {
        _ if kernel.inputs.iter().any(|input| input.copying == Copying::Array) => "Arrays that fit are not copied.",
        Form::Map(_) => "No array is copied, except where `out` overlaps an input in part.",
        Form::Reduce(_) => "No array is copied; of an `out` that overlaps an input, a copy is made.",
        Form::Body(_) => {
            "No array is copied; one item at a time is where its dtype, byte order or alignment asks for it, and an `out` that \
             overlaps an input."
        }
    }
}

/// What other threads may do meanwhile.
fn gil(kernel: &Kernel) -> &'static str {
    match (kernel.gil, &kernel.form) {
        (Gil::Auto, Form::Map(_) | Form::Body(_)) => {
            "The GIL is released while large arrays are computed: no other thread may write to them meanwhile."
        }
        (Gil::Auto, Form::Reduce(_)) => {
            "The GIL is released while a large array is read: no other thread may write to it meanwhile."
        }
        (Gil::Release, _) => "The GIL is released meanwhile: no other thread may write to the arrays.",
        (Gil::Hold, _) => "The GIL is held.",
    }
}

/// Which dtypes are accepted.
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
