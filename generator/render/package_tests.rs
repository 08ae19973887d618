//! The tests and the benchmark that a package brings: what its specs say of each kernel, as Python data, and the same
//! Python around it for all packages.

use std::iter;
use std::path::Path;

use serde::Serialize;

use crate::diag::Result;
use crate::model::{Body, Cast, Copying, DType, Form, Input, Kernel, Length, Literal, Package, ParamType, Role, Type};

use super::files::{File, Files};
use super::{dtypes, python, templates};

#[derive(Serialize)]
struct View<'a> {
    name: &'a str,
    kernels: Vec<Entry>,
}

/// A kernel as arguments of its Python class.
#[derive(Serialize)]
struct Entry {
    name: String,
    form: String,
    inputs: String,
    params: String,
    dims: String,
    loops: String,
    needs: String,
    changes: String,
    lenient: String,
    reference: String,
    examples: String,
}

/// Adds the tests, and `bench.py`, to the Python package in `folder`.
pub(super) fn insert(package: &Package, folder: &Path, files: &mut Files) -> Result<()> {
    let view = View { name: &package.name, kernels: package.kernels.iter().map(entry).collect() };
    for (path, template) in [
        ("bench.py", templates::BENCH),
        ("tests/__init__.py", templates::TESTS),
        ("tests/calls.py", templates::TESTS_CALLS),
        ("tests/kernels.py", templates::TESTS_KERNELS),
        ("tests/layouts.py", templates::TESTS_LAYOUTS),
        ("tests/test_kernels.py", templates::TESTS_OF_KERNELS),
    ] {
        files.insert(folder.join(path), File::plain(template.render(&view)?));
    }
    Ok(())
}

fn entry(kernel: &Kernel) -> Entry {
    let inputs = || kernel.inputs.iter();
    let numpys = |ty: &Type, types: &[_]| python::string(ty.in_loop(types).numpy_name());
    let loops = kernel.loops.iter().map(|each| {
        let takes = inputs().map(|input| numpys(&input.ty, &each.types));
        let gives = kernel.outputs.iter().map(|output| numpys(&output.ty, &each.types));
        tuple([tuple(takes), tuple(gives)])
    });
    let dims = inputs().map(|input| tuple(input.dims.iter().map(|dim| python::string(&dim.text))));
    Entry {
        name: python::string(&kernel.name),
        form: python::string(kernel.form.name()),
        inputs: tuple(inputs().map(|input| python::string(&input.name))),
        params: tuple(kernel.params.iter().map(|param| python::string(&param.name))),
        dims: tuple(dims),
        loops: tuple(loops),
        needs: needs(kernel).map_or("None".to_owned(), |needs| python::string(&needs)),
        changes: python::literal(&Literal::Bool(inputs().any(|input| input.role == Role::Change))),
        lenient: python::literal(&Literal::Bool(inputs().all(is_lenient))),
        reference: kernel.reference.as_deref().map_or("None".to_owned(), python::string),
        examples: tuple(kernel.examples.iter().map(|text| python::string(text))),
    }
}

/// Why arguments cannot be made up, of any numbers, as long as they like. `None` if they can: a call may leave out all params,
/// and a body is none that refuses what it gets, or that may take numbers for places.
fn needs(kernel: &Kernel) -> Option<String> {
    let of_input = |input: &Input| {
        let own = input.dims.iter().all(|dim| matches!(dim.length, Length::Named(_) | Length::Fixed(_)));
        Some(match input.role {
            Role::Change => format!("`{}` is changed in place", input.name),
            Role::Optional => format!("`{}` may be left out", input.name),
            Role::Read if input.align != 1 => format!("`{}` must be aligned", input.name),
            Role::Read if !own => format!("the shape of `{}` is computed", input.name),
            Role::Read => return None,
        })
    };
    let given = kernel.params.iter().find(|param| param.default.is_none());
    let alone = kernel.inputs.is_empty().then(|| "it takes no arrays".to_owned());
    alone
        .or_else(|| kernel.inputs.iter().find_map(of_input))
        .or_else(|| given.map(|param| format!("the param `{}` must be given", param.name)))
        .or_else(|| bodies(kernel).find_map(|body| of_body(body, kernel)))
}

/// Whether an input takes arrays that a loop cannot read as they are.
fn is_lenient(input: &Input) -> bool {
    input.copying != Copying::Never && input.cast != Cast::No
}

fn bodies(kernel: &Kernel) -> impl Iterator<Item = &Body> {
    let forms = iter::once(&kernel.form).chain(kernel.loops.iter().filter_map(|each| each.form.as_ref()));
    forms.filter_map(|form| match form {
        Form::Body(body) => Some(&**body),
        Form::Map(_) | Form::Reduce(_) => None,
    })
}

/// Why a body does not take any numbers.
fn of_body(body: &Body, kernel: &Kernel) -> Option<String> {
    let whole = |dtype: DType| !dtypes::is_float(dtype) && !dtypes::is_complex(dtype) && dtype != DType::Bool;
    let places = |input: &&Input| dtypes::over_loops(&input.ty, kernel).into_iter().any(whole);
    if let Some(param) = kernel.params.iter().find(|param| param.ty == ParamType::Usize) {
        return Some(format!("the param `{}` may have to fit the arrays", param.name));
    }
    if iter::once(&body.text).chain(&body.items).any(|part| part.text.contains("fail!")) {
        return Some("its body may fail".to_owned());
    }
    kernel
        .inputs
        .iter()
        .find(places)
        .map(|input| format!("`{}` may hold places, as it is of whole numbers", input.name))
}

/// A tuple of Python.
fn tuple(items: impl IntoIterator<Item = String>) -> String {
    let items: Vec<_> = items.into_iter().collect();
    match &items[..] {
        [only] => format!("({only},)"),
        _ => format!("({})", items.join(", ")),
    }
}
