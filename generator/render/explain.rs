//! What a kernel is, in a few lines: the call in Python, its loops, and the head of its function.

use crate::model::{Form, Kernel, Package};

use super::{body, docs, python, text};

/// The lines on one kernel.
pub fn explain(kernel: &Kernel, package: &Package) -> String {
    let dtypes = |each: &crate::model::Loop| {
        let inputs = kernel.inputs.iter().map(|input| input.ty.in_loop(&each.types).name());
        let outputs = kernel.outputs.iter().map(|output| output.ty.in_loop(&each.types).name());
        format!("({}) -> ({})", inputs.collect::<Vec<_>>().join(", "), outputs.collect::<Vec<_>>().join(", "))
    };
    let mut lines = vec![
        format!("// {}.{}{}", package.name, kernel.name, text::one_line(&python::text_signature(kernel))),
        format!("// {}", docs::summary(kernel)),
    ];
    if matches!(kernel.form, Form::Body(_)) {
        lines.push(body::head(kernel));
    } else {
        lines.extend(kernel.loops.iter().map(|each| format!("// {}", dtypes(each))));
    }
    lines.join("\n")
}
