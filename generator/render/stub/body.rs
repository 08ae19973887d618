//! Bodies: functions, and gufuncs with a Protocol of their own.

use crate::diag::Result;
use crate::model::{Input, Kernel, Output, Role};

use super::accepts::annotation;
use super::elementwise::{ANY, ARRAY, Overload, SINGLE, View, counted};
use super::{given, scalar};
use crate::render::{docs, python, templates};

/// What says which axes are core axes.
pub(super) const AXES: &str = "_Axes: _typing.TypeAlias = \
    _builtins.list[_typing.SupportsIndex | _builtins.tuple[_typing.SupportsIndex, ...]]";
/// A keyword that says where items lie.
fn keyword(name: &str) -> &'static str {
    match name {
        "axes" => "axes: _Axes = ...",
        "axis" => "axis: _typing.SupportsIndex = ...",
        _ => "keepdims: _builtins.bool = False",
    }
}

/// The Protocol of a kernel that is a gufunc.
pub(super) fn protocol(kernel: &Kernel) -> Result<String> {
    let (nin, nout) = (kernel.inputs.len(), kernel.outputs.len());
    let inputs: Vec<_> = kernel.inputs.iter().map(|input| format!("{}: {ARRAY}", input.name)).collect();
    let returns: Vec<_> = kernel.outputs.iter().map(|output| of_output(output, kernel)).collect();
    let returns = if nout == 1 { returns.concat() } else { format!("_builtins.tuple[{}]", returns.join(", ")) };
    let keywords = ["axes", "axis", "keepdims"].map(keyword).join(", ");
    let out =
        |out: &str| if nout == 1 { format!("out: {out}, *, {keywords}") } else { format!("*, out: {out}, {keywords}") };
    let overload = |out: String, returns: &str| Overload {
        comment: "",
        arguments: inputs.join(", "),
        keywords: out,
        returns: returns.to_owned(),
    };
    let (arrays, same) = match nout {
        1 => (SINGLE.to_owned(), "_Array".to_owned()),
        several => (format!("_builtins.tuple[{}]", vec![format!("{ANY} | None"); several].join(", ")), returns.clone()),
    };
    let view = View {
        name: name(kernel),
        bases: "_typing.Protocol".to_owned(),
        words: format!("{} and {}", counted(nin, "input"), counted(nout, "output")),
        signature: "_builtins.str",
        overloads: vec![overload(out("None = None"), &returns), overload(out(&arrays), &same)],
        nin,
        nout,
        nargs: nin + nout,
        methods: Vec::new(),
    };
    templates::STUB_UFUNC.render(&view)
}

fn name(kernel: &Kernel) -> String {
    format!("_GUFunc_{}", kernel.name)
}

/// What a call gives for an output: an array, unless an item is a number.
fn of_output(output: &Output, kernel: &Kernel) -> String {
    if output.dims.is_empty() {
        "_typing.Any".to_owned()
    } else {
        format!("_npt.NDArray[{}]", scalar(&output.ty, kernel))
    }
}

/// The declaration of a kernel.
pub(super) fn declaration(kernel: &Kernel) -> String {
    let doc = python::docstring(&docs::summary(kernel));
    if kernel.is_ufunc() {
        return format!("{}: _typing.Final[{}]\n{doc}\n", kernel.name, name(kernel));
    }
    let input = |input: &Input| match input.role {
        Role::Read => format!(": {ARRAY}"),
        Role::Optional => format!(": {ARRAY} | None"),
        Role::Change => format!(": {ANY}"),
    };
    let param = |each: &_| annotation(each, kernel);
    let of_items: Vec<&str> = kernel.item_keywords().into_iter().map(keyword).collect();
    if kernel.outputs.is_empty() {
        let signature = python::signature(kernel, input, param, &[], &of_items);
        return format!("def {}{signature} -> None:\n    {doc}\n    ...\n", kernel.name);
    }
    let overload = |out: &str, returns: &str, rest: &str| {
        let out = format!("out: {out}");
        let keywords: Vec<&str> = std::iter::once(&*out).chain(of_items.iter().copied()).collect();
        let signature = python::signature(kernel, input, param, &[], &keywords);
        format!("@_typing.overload\ndef {}{signature} -> {returns}:{rest}\n", kernel.name)
    };
    let each: Vec<_> = kernel.outputs.iter().map(|output| of_output(output, kernel)).collect();
    let returns = match python::result_class(kernel) {
        Some(class) => format!("{class}[{}]", each.join(", ")),
        None => each.concat(),
    };
    let (out, same) = given(kernel, &returns);
    overload("None = None", &returns, &format!("\n    {doc}\n    ...")) + &overload(&out, &same, " ...")
}
