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
    dims: String,
    loops: String,
    free: String,
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
        dims: tuple(dims),
        loops: tuple(loops),
        free: python::literal(&Literal::Bool(is_free(kernel))),
        lenient: python::literal(&Literal::Bool(inputs().all(is_lenient))),
        reference: kernel.reference.as_deref().map_or("None".to_owned(), python::string),
        examples: tuple(kernel.examples.iter().map(|text| python::string(text))),
    }
}

/// Whether any numbers will do as arguments: a call may leave out all params, and axes are as long as they like or of a fixed
/// length. A body must not be one that refuses what it gets, or that may take numbers for places.
fn is_free(kernel: &Kernel) -> bool {
    let plain = |input: &Input| {
        let own = input.dims.iter().all(|dim| matches!(dim.length, Length::Named(_) | Length::Fixed(_)));
        own && input.role == Role::Read && input.align == 1
    };
    let given = kernel.params.iter().all(|param| param.default.is_some());
    !kernel.inputs.is_empty()
        && kernel.inputs.iter().all(plain)
        && given
        && bodies(kernel).all(|body| suits(body, kernel))
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

fn suits(body: &Body, kernel: &Kernel) -> bool {
    let whole = |dtype: DType| !dtypes::is_float(dtype) && !dtypes::is_complex(dtype) && dtype != DType::Bool;
    let mut inputs = kernel.inputs.iter().flat_map(|input| dtypes::over_loops(&input.ty, kernel));
    let sized = kernel.params.iter().any(|param| param.ty == ParamType::Usize);
    let refuses = iter::once(&body.text).chain(&body.items).any(|part| part.text.contains("fail!"));
    !(sized || refuses || inputs.any(whole))
}

/// A tuple of Python.
fn tuple(items: impl IntoIterator<Item = String>) -> String {
    let items: Vec<_> = items.into_iter().collect();
    match &items[..] {
        [only] => format!("({only},)"),
        _ => format!("({})", items.join(", ")),
    }
}
