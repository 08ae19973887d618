//! Elementwise kernels: a Protocol for all ufuncs of one shape, one for each ufunc whose loops give different dtypes, and
//! functions with the same overloads.
//!
//! First `out` where it is given, then what each loop gives, then a scalar of scalars and an array of anything else, of all
//! dtypes that the kernel can give.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::diag::Result;
use crate::model::{Form, Input, Kernel};

use super::accepts::annotation;
use super::{array, body, given, loops, results, scalars};
use crate::render::{docs, python, templates};

/// What an input of arrays accepts, and a mask.
pub(super) const ARRAY: &str = "_npt.ArrayLike";
/// An array to put results into.
pub(super) const ANY: &str = "_AnyArray";
/// `out` of one output.
pub(super) const SINGLE: &str = "_Array | _builtins.tuple[_Array]";

/// A number of inputs and one of outputs.
type Shape = (usize, usize);

/// The Protocol of what ufuncs have beside their call.
#[derive(Serialize)]
pub(super) struct View {
    pub name: String,
    pub bases: String,
    pub words: String,
    pub signature: &'static str,
    pub nin: usize,
    pub nout: usize,
    pub nargs: usize,
    pub methods: Vec<String>,
}

/// The Protocol of a call.
#[derive(Serialize)]
pub(super) struct Calls {
    pub name: String,
    pub bases: String,
    pub overloads: Vec<Overload>,
}

#[derive(Serialize)]
pub(super) struct Overload {
    pub arguments: String,
    pub keywords: String,
    pub options: &'static str,
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
    let maps = || ufuncs().filter(|kernel| is_map(kernel));
    let shapes: BTreeSet<_> = maps().map(|kernel| shape(kernel)).collect();
    let alike: BTreeSet<_> = maps().filter(|kernel| !is_by_loop(kernel)).map(|kernel| shape(kernel)).collect();
    let mut protocols = vec![templates::STUB_KEYWORDS.render(&())?];
    for shape in shapes {
        protocols.push(templates::STUB_UFUNC.render(&protocol(shape)?)?);
    }
    for shape in alike {
        protocols.push(templates::STUB_CALLS.render(&of_all_loops(shape))?);
    }
    for kernel in maps().filter(|kernel| is_by_loop(kernel)) {
        protocols.push(templates::STUB_CALLS.render(&of_loops(kernel))?);
    }
    for kernel in ufuncs().filter(|kernel| !is_map(kernel)) {
        protocols.extend(body::protocols(kernel)?);
    }
    Ok(protocols)
}

/// Whether there is more to say of single loops than of all.
fn is_by_loop(kernel: &Kernel) -> bool {
    !loops::rows(kernel).is_empty()
}

fn shape(kernel: &Kernel) -> Shape {
    (kernel.inputs.len(), kernel.outputs.len())
}

fn name((nin, nout): Shape) -> String {
    format!("_UFunc_{nin}_{nout}")
}

/// The name of the Protocol of calls.
fn calls(kernel: &Kernel) -> String {
    match is_by_loop(kernel) {
        true => format!("_Calls_{}", kernel.name),
        false => format!("_Calls{}[{}]", name(shape(kernel)), scalars(kernel).join(", ")),
    }
}

fn protocol(shape: Shape) -> Result<View> {
    let (nin, nout) = shape;
    let methods = match shape {
        (1, 1) => templates::STUB_AT.render(&())?,
        (2, 1) => templates::STUB_METHODS.render(&())?,
        _ => String::new(),
    };
    Ok(View {
        name: name(shape),
        words: format!("{} and {}", counted(nin, "input"), counted(nout, "output")),
        bases: format!("_typing.Protocol[{}]", variables_of(nout).join(", ")),
        signature: "None",
        nin,
        nout,
        nargs: nin + nout,
        methods: methods.lines().map(str::to_owned).collect(),
    })
}

/// The type variables of results.
fn variables_of(nout: usize) -> Vec<String> {
    (1..=nout).map(|k| format!("_R{k}")).collect()
}

/// The Protocol of ufuncs whose loops all give the same.
fn of_all_loops(shape: Shape) -> Calls {
    let (nin, nout) = shape;
    let results = variables_of(nout);
    let (name, all) = (name(shape), results.join(", "));
    Calls {
        overloads: given_first(nin, &results).into_iter().chain(of_all(nin, &results)).collect(),
        bases: format!("{name}[{all}], _typing.Protocol[{all}]"),
        name: format!("_Calls{name}"),
    }
}

/// `2 inputs`.
pub(super) fn counted(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// The Protocol of a ufunc with a word on each loop.
fn of_loops(kernel: &Kernel) -> Calls {
    let (nin, nout) = shape(kernel);
    let results = scalars(kernel);
    let rows = loops::rows(kernel).into_iter().map(|row| {
        let (masked, of): (_, Of<'_>) = if row.is_scalar() { ("_Bool", &str::to_owned) } else { (ARRAY, &array) };
        let inputs = kernel.inputs.iter().map(|input| format!("{}: {}", input.name, row.input(input)));
        let (outputs, out) = left_out(nout);
        Overload {
            arguments: inputs.chain(outputs).collect::<Vec<_>>().join(", "),
            keywords: format!("{out}, where: {masked} = True"),
            options: "_UFuncOptions",
            returns: tuple(&row.outputs(), of),
        }
    });
    Calls {
        overloads: given_first(nin, &results).into_iter().chain(rows).chain(of_all(nin, &results)).collect(),
        bases: format!("{}[{}], _typing.Protocol", name((nin, nout)), results.join(", ")),
        name: calls(kernel),
    }
}

/// What comes of a scalar type.
type Of<'a> = &'a dyn Fn(&str) -> String;

/// Types of results as they come from a ufunc: several in a plain tuple.
fn tuple(results: &[String], of: Of<'_>) -> String {
    let parts: Vec<_> = results.iter().map(|result| of(result)).collect();
    if parts.len() == 1 { parts.concat() } else { format!("_builtins.tuple[{}]", parts.join(", ")) }
}

/// How a call leaves out its outputs: several may be given by position, or as a tuple.
fn left_out(nout: usize) -> (Vec<String>, &'static str) {
    match nout {
        1 => (Vec::new(), "out: None = None, *"),
        several => (by_position(several, "None = None"), "*, out: None = None"),
    }
}

fn by_position(nout: usize, annotation: &str) -> Vec<String> {
    (1..=nout).map(|k| format!("out{k}: {annotation}")).collect()
}

/// An overload for all loops alike.
fn overload(nin: usize, input: &str, masked: &str, (outputs, out): (Vec<String>, &str), returns: String) -> Overload {
    let inputs = (1..=nin).map(|k| format!("x{k}: {input}"));
    Overload {
        arguments: inputs.chain(outputs).collect::<Vec<_>>().join(", "),
        keywords: format!("{out}, where: {masked} = True"),
        options: "_UFuncKeywords",
        returns,
    }
}

/// The overloads with a caller's arrays for results.
fn given_first(nin: usize, results: &[String]) -> Vec<Overload> {
    if results.len() == 1 {
        let out = format!("out: {SINGLE}, *");
        return vec![overload(nin, ARRAY, ARRAY, (Vec::new(), &out), "_Array".to_owned())];
    }
    let given = || tuple(results, &|_| ANY.to_owned());
    let keyword = format!("*, out: {}", tuple(results, &|_| format!("{ANY} | None")));
    let positions = |annotation| by_position(results.len(), annotation);
    vec![
        overload(nin, ARRAY, ARRAY, (positions("None = None"), &keyword), given()),
        overload(nin, ARRAY, ARRAY, (positions(ANY), "*, out: None = None"), given()),
    ]
}

/// The overloads for scalars, and for anything else.
fn of_all(nin: usize, results: &[String]) -> [Overload; 2] {
    let none = || left_out(results.len());
    [
        overload(nin, "_Scalar", "_Bool", none(), tuple(results, &str::to_owned)),
        overload(nin, ARRAY, ARRAY, none(), tuple(results, &array)),
    ]
}

/// The declaration of a kernel.
pub(super) fn declaration(kernel: &Kernel) -> String {
    let doc = python::docstring(&docs::summary(kernel));
    if kernel.is_ufunc() {
        return format!("{}: _typing.Final[{}]\n{doc}\n", kernel.name, calls(kernel));
    }
    function(kernel, &doc)
}

fn function(kernel: &Kernel, doc: &str) -> String {
    let overload = |input: &dyn Fn(&Input) -> String, out: &str, masked: &str, returns: &str, rest: &str| {
        let keywords = [format!("out: {out}"), format!("where: {masked} = True")];
        let keywords = keywords.each_ref().map(String::as_str);
        let param = |each: &_| annotation(each, kernel);
        let signature = python::signature(kernel, |each| format!(": {}", input(each)), param, &[], &keywords);
        format!("@_typing.overload\ndef {}{signature} -> {returns}:{rest}\n", kernel.name)
    };
    let all = scalars(kernel);
    let (given, same) = given(kernel, &results(kernel, &all, &|_| ANY.to_owned()));
    let (any, scalar) = (|_: &Input| ARRAY.to_owned(), |_: &Input| "_Scalar".to_owned());
    let mut overloads = overload(&any, &given, ARRAY, &same, &format!("\n    {doc}\n    ..."));
    for row in loops::rows(kernel) {
        let (masked, of): (_, Of<'_>) = if row.is_scalar() { ("_Bool", &str::to_owned) } else { (ARRAY, &array) };
        let returns = results(kernel, &row.outputs(), of);
        overloads += &overload(&|input| row.input(input), "None = None", masked, &returns, " ...");
    }
    overloads
        + &overload(&scalar, "None = None", "_Bool", &results(kernel, &all, &str::to_owned), " ...")
        + &overload(&any, "None = None", ARRAY, &results(kernel, &all, &array), " ...")
}
