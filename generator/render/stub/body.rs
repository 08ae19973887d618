//! Bodies: functions, and gufuncs with a Protocol of their own.

use crate::diag::Result;
use crate::model::{Input, Kernel, Output, Role};

use super::accepts::annotation;
use super::elementwise::{ANY, ARRAY, Calls, Overload, SINGLE, View, counted};
use super::{array, given, loops, scalars};
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

/// The Protocols of a kernel that is a gufunc.
pub(super) fn protocols(kernel: &Kernel) -> Result<[String; 2]> {
    let (nin, nout) = (kernel.inputs.len(), kernel.outputs.len());
    let returns = |scalars: &[String]| {
        let each = results(kernel, scalars);
        if nout == 1 { each.concat() } else { format!("_builtins.tuple[{}]", each.join(", ")) }
    };
    // Without axes of items, a ufunc like any other.
    let keywords = match kernel.item_keywords().is_empty() {
        true => format!("where: {ARRAY} = True"),
        false => ["axes", "axis", "keepdims"].map(keyword).join(", "),
    };
    let out =
        |out: &str| if nout == 1 { format!("out: {out}, *, {keywords}") } else { format!("*, out: {out}, {keywords}") };
    let overload = |input: &dyn Fn(&Input) -> String, out: String, options: &'static str, returns: String| {
        let inputs: Vec<_> = kernel.inputs.iter().map(|each| format!("{}: {}", each.name, input(each))).collect();
        Overload { arguments: inputs.join(", "), keywords: out, options, returns }
    };
    let any = |_: &Input| ARRAY.to_owned();
    let all = || returns(&scalars(kernel));
    let (arrays, same) = match nout {
        1 => (SINGLE.to_owned(), "_Array".to_owned()),
        several => (format!("_builtins.tuple[{}]", vec![format!("{ANY} | None"); several].join(", ")), all()),
    };
    let mut overloads = vec![overload(&any, out(&arrays), "_UFuncKeywords", same)];
    overloads.extend(
        loops::rows(kernel).iter().map(|row| {
            overload(&|input| row.input(input), out("None = None"), "_UFuncOptions", returns(&row.outputs()))
        }),
    );
    overloads.push(overload(&any, out("None = None"), "_UFuncKeywords", all()));
    let view = View {
        name: format!("_GUFunc_{}", kernel.name),
        bases: "_typing.Protocol".to_owned(),
        words: format!("{} and {}", counted(nin, "input"), counted(nout, "output")),
        signature: "_builtins.str",
        nin,
        nout,
        nargs: nin + nout,
        methods: Vec::new(),
    };
    let calls = Calls { bases: format!("{}, _typing.Protocol", view.name), name: name(kernel), overloads };
    Ok([templates::STUB_UFUNC.render(&view)?, templates::STUB_CALLS.render(&calls)?])
}

fn name(kernel: &Kernel) -> String {
    format!("_Calls_{}", kernel.name)
}

/// What a call gives for each output: an array, unless an item is a number.
fn results(kernel: &Kernel, scalars: &[String]) -> Vec<String> {
    let of = |(output, scalar): (&Output, &String)| {
        if output.dims.is_empty() { "_typing.Any".to_owned() } else { array(scalar) }
    };
    kernel.outputs.iter().zip(scalars).map(of).collect()
}

/// The declaration of a kernel.
pub(super) fn declaration(kernel: &Kernel) -> String {
    let doc = python::docstring(&docs::summary(kernel));
    if kernel.is_ufunc() {
        return format!("{}: _typing.Final[{}]\n{doc}\n", kernel.name, name(kernel));
    }
    let input = |input: &Input| match input.role {
        Role::Read => ARRAY.to_owned(),
        Role::Optional => format!("{ARRAY} | None"),
        Role::Change => ANY.to_owned(),
    };
    let param = |each: &_| annotation(each, kernel);
    let of_items: Vec<&str> = kernel.item_keywords().into_iter().map(keyword).collect();
    if kernel.outputs.is_empty() {
        let signature = python::signature(kernel, |each| format!(": {}", input(each)), param, &[], &of_items);
        return format!("def {}{signature} -> None:\n    {doc}\n    ...\n", kernel.name);
    }
    let overload = |input: &dyn Fn(&Input) -> String, out: &str, returns: &str, rest: &str| {
        let out = format!("out: {out}");
        let keywords: Vec<&str> = std::iter::once(&*out).chain(of_items.iter().copied()).collect();
        let signature = python::signature(kernel, |each| format!(": {}", input(each)), param, &[], &keywords);
        format!("@_typing.overload\ndef {}{signature} -> {returns}:{rest}\n", kernel.name)
    };
    let returns = |scalars: &[String]| {
        let each = results(kernel, scalars);
        match python::result_class(kernel) {
            Some(class) => format!("{class}[{}]", each.join(", ")),
            None => each.concat(),
        }
    };
    let all = returns(&scalars(kernel));
    let (out, same) = given(kernel, &all);
    let mut overloads = overload(&input, &out, &same, &format!("\n    {doc}\n    ..."));
    for row in loops::rows(kernel) {
        overloads += &overload(&|input| row.input(input), "None = None", &returns(&row.outputs()), " ...");
    }
    overloads + &overload(&input, "None = None", &all, " ...")
}
