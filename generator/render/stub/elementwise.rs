//! Elementwise kernels: a Protocol for all ufuncs of one shape, and functions with the same overloads.
//!
//! Three overloads say what comes: a scalar of scalars, `out` where it is given, else an array. A full
//! answer would need NumPy's promotion; checkers see an array of dtypes that the kernel can give.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::diag::Result;
use crate::model::{Form, Kernel};

use super::accepts::annotation;
use super::{body, given, results, scalar};
use crate::render::{docs, python, templates};

/// What an input of arrays accepts, and a mask.
pub(super) const ARRAY: &str = "_npt.ArrayLike";
/// An array to put results into.
pub(super) const ANY: &str = "_AnyArray";
/// `out` of one output.
pub(super) const SINGLE: &str = "_Array | _builtins.tuple[_Array]";
/// Scalars are `ArrayLike`, too: the first overload that fits is meant.
const OVERLAP: &str = "  # type: ignore[overload-overlap]";

/// A number of inputs and one of outputs.
type Shape = (usize, usize);

/// The Protocol of the ufuncs of a shape.
#[derive(Serialize)]
pub(super) struct View {
    pub name: String,
    pub bases: String,
    pub words: String,
    pub signature: &'static str,
    pub nin: usize,
    pub nout: usize,
    pub nargs: usize,
    pub overloads: Vec<Overload>,
    pub methods: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct Overload {
    pub comment: &'static str,
    pub arguments: String,
    pub keywords: String,
    pub returns: String,
}

/// Whether a kernel goes element by element.
pub(super) fn is_map(kernel: &Kernel) -> bool {
    matches!(kernel.form, Form::Map(_))
}

/// The type variables that the Protocols of these kernels need.
pub(super) fn variables(kernels: &[&Kernel]) -> Vec<String> {
    let ufuncs = kernels.iter().filter(|kernel| is_map(kernel) && kernel.is_ufunc());
    let results = 1..=ufuncs.map(|kernel| kernel.outputs.len()).max().unwrap_or(0);
    let variable = |k| format!("_R{k} = _typing.TypeVar(\"_R{k}\", bound=_np.generic, covariant=True)");
    results.map(variable).collect()
}

/// The Protocols of the ufuncs among these kernels, one for each shape, and of the gufuncs.
pub(super) fn protocols(kernels: &[&Kernel]) -> Result<Vec<String>> {
    let ufuncs = || kernels.iter().filter(|kernel| kernel.is_ufunc());
    if ufuncs().next().is_none() {
        return Ok(Vec::new());
    }
    let shapes: BTreeSet<_> = ufuncs().filter(|kernel| is_map(kernel)).map(|kernel| shape(kernel)).collect();
    let protocols = shapes.into_iter().map(|shape| templates::STUB_UFUNC.render(&protocol(shape)?));
    let bodies = ufuncs().filter(|kernel| !is_map(kernel)).map(|kernel| body::protocol(kernel));
    std::iter::once(templates::STUB_KEYWORDS.render(&())).chain(protocols).chain(bodies).collect()
}

fn shape(kernel: &Kernel) -> Shape {
    (kernel.inputs.len(), kernel.outputs.len())
}

fn name((nin, nout): Shape) -> String {
    format!("_UFunc_{nin}_{nout}")
}

fn protocol(shape: Shape) -> Result<View> {
    let (nin, nout) = shape;
    let results: Vec<_> = (1..=nout).map(|k| format!("_R{k}")).collect();
    let methods = match shape {
        (1, 1) => templates::STUB_AT.render(&())?,
        (2, 1) => templates::STUB_METHODS.render(&())?,
        _ => String::new(),
    };
    Ok(View {
        name: name(shape),
        words: format!("{} and {}", counted(nin, "input"), counted(nout, "output")),
        overloads: overloads(nin, &results),
        bases: format!("_typing.Protocol[{}]", results.join(", ")),
        signature: "None",
        nin,
        nout,
        nargs: nin + nout,
        methods: methods.lines().map(str::to_owned).collect(),
    })
}

/// `2 inputs`.
pub(super) fn counted(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// The overloads of a ufunc's call: several outputs may be given by position, or as a tuple.
fn overloads(nin: usize, results: &[String]) -> Vec<Overload> {
    let tuple = |of: &dyn Fn(&str) -> String| {
        let parts: Vec<_> = results.iter().map(|result| of(result)).collect();
        if parts.len() == 1 { parts.concat() } else { format!("_builtins.tuple[{}]", parts.join(", ")) }
    };
    let (scalars, arrays) = (tuple(&str::to_owned), tuple(&|result| format!("_npt.NDArray[{result}]")));
    let arguments = |input: &str, output: Option<&str>| {
        let inputs = (1..=nin).map(|k| format!("x{k}: {input}"));
        let outputs = (1..=results.len()).filter_map(|k| Some(format!("out{k}: {}", output?)));
        inputs.chain(outputs).collect::<Vec<_>>().join(", ")
    };
    let of_scalars = |output, out: &str| Overload {
        comment: OVERLAP,
        arguments: arguments("_Scalar", output),
        keywords: format!("{out}, where: _Bool = True"),
        returns: scalars.clone(),
    };
    let of_arrays = |output, out: &str, returns: &str| Overload {
        comment: "",
        arguments: arguments(ARRAY, output),
        keywords: format!("{out}, where: {ARRAY} = True"),
        returns: returns.to_owned(),
    };
    if results.len() == 1 {
        let none = "out: None = None, *";
        return vec![
            of_scalars(None, none),
            of_arrays(None, &format!("out: {SINGLE}, *"), "_Array"),
            of_arrays(None, none, &arrays),
        ];
    }
    let (left_out, none) = (Some("None = None"), "*, out: None = None");
    let given = tuple(&|_| ANY.to_owned());
    let keyword = format!("*, out: {}", tuple(&|_| format!("{ANY} | None")));
    vec![
        of_scalars(left_out, none),
        of_arrays(left_out, &keyword, &given),
        of_arrays(Some(ANY), none, &given),
        of_arrays(left_out, none, &arrays),
    ]
}

/// The declaration of a kernel.
pub(super) fn declaration(kernel: &Kernel) -> String {
    let doc = python::docstring(&docs::summary(kernel));
    if kernel.is_ufunc() {
        let results: Vec<_> = kernel.outputs.iter().map(|output| scalar(&output.ty, kernel)).collect();
        return format!("{}: _typing.Final[{}[{}]]\n{doc}\n", kernel.name, name(shape(kernel)), results.join(", "));
    }
    function(kernel, &doc)
}

fn function(kernel: &Kernel, doc: &str) -> String {
    let overload = |input: &str, out: &str, masked: &str, returns: &str, rest: &str| {
        let keywords = [format!("out: {out}"), format!("where: {masked} = True")];
        let keywords = keywords.each_ref().map(String::as_str);
        let param = |each: &_| annotation(each, kernel);
        let signature = python::signature(kernel, |_| format!(": {input}"), param, &[], &keywords);
        format!("@_typing.overload\ndef {}{signature} -> {returns}:{rest}\n", kernel.name)
    };
    let results = |of: &dyn Fn(&str) -> String| results(kernel, of);
    let (given, same) = given(kernel, &results(&|_| ANY.to_owned()));
    let documented = format!("{OVERLAP}\n    {doc}\n    ...");
    [
        overload("_Scalar", "None = None", "_Bool", &results(&str::to_owned), &documented),
        overload(ARRAY, &given, ARRAY, &same, " ..."),
        overload(ARRAY, "None = None", ARRAY, &results(&|scalar| format!("_npt.NDArray[{scalar}]")), " ..."),
    ]
    .concat()
}
