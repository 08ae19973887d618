//! Reductions: overloads for a scalar of everything, for results of other axes, and for a caller's arrays.

use crate::model::{Input, Kernel};

use super::accepts::annotation;
use super::elementwise::ARRAY;
use super::{array, given, loops, results, scalars};
use crate::render::{docs, python};

/// What `axis` accepts.
pub(super) const AXIS: &str =
    "_Axis: _typing.TypeAlias = _typing.SupportsIndex | _builtins.tuple[_typing.SupportsIndex, ...] | None";

/// The declaration of a kernel: a function, or an object with the pieces of a reduction beside its call. What comes of some axes is a
/// scalar or an array, by the number of dimensions: NumPy's own stubs say as little.
pub(super) fn declaration(kernel: &Kernel) -> String {
    let doc = python::docstring(&docs::summary(kernel));
    if kernel.is_scan() {
        return scan(kernel, &doc);
    }
    let param = |each: &_| annotation(each, kernel);
    let keepdims = |of: &str| format!("keepdims: {of} = False");
    let masked = format!("where: {ARRAY} = True");
    let initial = kernel.takes_initial().then_some("initial: _Scalar | None = ...");
    let method = |name: &str, arguments: &str, returns: &str| {
        format!("    def {name}(self, {} -> {returns}: ...\n", &arguments[1..])
    };
    let overload = |input: &dyn Fn(&Input) -> String, axis: &str, out: &str, of: &str, returns: &str| {
        let (axis, out, keepdims) = (format!("axis: {axis} = None"), format!("out: {out}"), keepdims(of));
        let keywords: Vec<&str> = [&*out, &keepdims, &masked].into_iter().chain(initial).collect();
        let signature = python::signature(kernel, |each| format!(": {}", input(each)), param, &[&axis], &keywords);
        format!("    @_typing.overload\n{}", method("__call__", &signature, returns))
    };
    let all = scalars(kernel);
    let any = results(kernel, &all, &|_| "_typing.Any".to_owned());
    let (given, same) = given(kernel, &any);
    let partial = python::signature(
        kernel,
        |_| format!(": {ARRAY}"),
        param,
        &["axis: _Axis = None"],
        &[&keepdims("_builtins.bool"), &masked],
    );
    let params = python::params(kernel, param);
    let whole = |input: &dyn Fn(&Input) -> String, scalars: &[String]| {
        overload(input, "None", "None = None", "_typing.Literal[False]", &results(kernel, scalars, &str::to_owned))
    };
    let arrays = |_: &Input| ARRAY.to_owned();
    let mut methods = vec![overload(&arrays, "_Axis", &given, "_builtins.bool", &same)];
    methods.extend(loops::rows(kernel).iter().map(|row| whole(&|input| row.input(input), &row.outputs())));
    methods.extend([
        whole(&arrays, &all),
        overload(&arrays, "_Axis", "None = None", "_builtins.bool", &any),
        method("partial", &partial, "_typing.Any"),
        method("combine", &format!("(a: {ARRAY}, b: {ARRAY}, /{params})"), "_typing.Any"),
        method("finish", &format!("(state: {ARRAY}, /{params})"), &any),
    ]);
    let name = &kernel.name;
    let class = format!("_Reduction_{name}");
    format!("class {class}(_typing.Protocol):\n{}\n{name}: _typing.Final[{class}]\n{doc}\n", methods.concat())
}

/// The declaration of a scan.
fn scan(kernel: &Kernel, doc: &str) -> String {
    let overload = |input: &dyn Fn(&Input) -> String, out: &str, returns: &str, rest: &str| {
        let (axis, out) = ("axis: _typing.SupportsIndex | None = None", format!("out: {out}"));
        let param = |each: &_| annotation(each, kernel);
        let signature = python::signature(kernel, |each| format!(": {}", input(each)), param, &[axis], &[&out]);
        format!("@_typing.overload\ndef {}{signature} -> {returns}:{rest}\n", kernel.name)
    };
    let arrays = |scalars: &[String]| results(kernel, scalars, &array);
    let (any, all) = (|_: &Input| ARRAY.to_owned(), arrays(&scalars(kernel)));
    let (out, same) = given(kernel, &all);
    let mut overloads = overload(&any, &out, &same, &format!("\n    {doc}\n    ..."));
    for row in loops::rows(kernel) {
        let returns = arrays(&row.outputs());
        overloads += &overload(&|input| row.input(input), "None = None", &returns, " ...");
    }
    overloads + &overload(&any, "None = None", &all, " ...")
}
