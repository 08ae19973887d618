//! Reductions: overloads for a scalar of everything, for results of other axes, and for a caller's arrays.

use crate::model::Kernel;

use super::accepts::annotation;
use super::elementwise::{ANY, ARRAY, SINGLE};
use super::results;
use crate::render::{docs, python};

/// What `axis` accepts.
pub(super) const AXIS: &str =
    "_Axis: _typing.TypeAlias = _typing.SupportsIndex | _builtins.tuple[_typing.SupportsIndex, ...] | None";

/// The declaration of a kernel. What comes of some axes is a scalar or an array, by the number of dimensions: NumPy's own stubs say
/// as little.
pub(super) fn declaration(kernel: &Kernel) -> String {
    let doc = python::docstring(&docs::summary(kernel));
    let initial = kernel.takes_initial().then_some("initial: _Scalar | None = ...");
    let overload = |axis: &str, out: &str, keepdims: &str, returns: &str, rest: &str| {
        let (axis, out) = (format!("axis: {axis} = None"), format!("out: {out}"));
        let (keepdims, masked) = (format!("keepdims: {keepdims} = False"), format!("where: {ARRAY} = True"));
        let keywords: Vec<&str> = [&*out, &keepdims, &masked].into_iter().chain(initial).collect();
        let param = |each: &_| annotation(each, kernel);
        let signature = python::signature(kernel, |_| format!(": {ARRAY}"), param, &[&axis], &keywords);
        format!("@_typing.overload\ndef {}{signature} -> {returns}:{rest}\n", kernel.name)
    };
    let any = results(kernel, &|_| "_typing.Any".to_owned());
    let given = match kernel.outputs.len() {
        1 => SINGLE.to_owned(),
        outputs => format!("_builtins.tuple[{}]", vec![format!("{ANY} | None"); outputs].join(", ")),
    };
    let same = if kernel.outputs.len() == 1 { "_Array" } else { &*any };
    let documented = format!("\n    {doc}\n    ...");
    [
        overload("None", "None = None", "_typing.Literal[False]", &results(kernel, &str::to_owned), &documented),
        overload("_Axis", &given, "_builtins.bool", same, " ..."),
        overload("_Axis", "None = None", "_builtins.bool", &any, " ..."),
    ]
    .concat()
}
