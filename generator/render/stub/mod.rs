//! The view of `__init__.pyi`: types that mypy --strict and pyright accept.
//!
//! A kernel may be called `float` or `list`, so every name that is not the package's own starts
//! with an underscore.

mod accepts;
mod body;
mod elementwise;
mod loops;
mod reduction;

use serde::Serialize;

use crate::diag::Result;
use crate::model::{Form, Kernel, Package, Type};

use self::accepts::{Accepts, accepts};
use self::elementwise::{ANY, SINGLE, is_map};
use super::files::File;
use super::{dtypes, python, templates};

/// What every stub with a kernel has.
const ALIASES: [&str; 3] = [
    "_AnyArray: _typing.TypeAlias = _npt.NDArray[_typing.Any]",
    "_Scalar: _typing.TypeAlias = _builtins.complex | _np.number[_typing.Any] | _np.bool",
    "_Array = _typing.TypeVar(\"_Array\", bound=_AnyArray)",
];

#[derive(Serialize)]
struct View {
    docstring: String,
    name: String,
    imports: Vec<&'static str>,
    aliases: Vec<String>,
    protocols: Vec<String>,
    classes: Vec<Class>,
    kernels: Vec<String>,
    /// What only a package of their own has.
    own: Vec<String>,
    functions: Vec<String>,
}

#[derive(Serialize)]
struct Class {
    name: String,
    bases: String,
    fields: Vec<String>,
}

/// Whose functions the kernels are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// A package of their own.
    Package,
    /// A module that has other functions too.
    Host,
}

/// The stub of the kernels of these packages.
pub(super) fn render(packages: &[Package], of: Of) -> Result<File> {
    let kernels: Vec<_> = packages.iter().flat_map(|package| &package.kernels).collect();
    let view = View {
        docstring: python::docstring(&packages.iter().map(super::package::summary).collect::<Vec<_>>().join(" ")),
        name: packages.iter().map(|package| package.name.as_str()).collect::<Vec<_>>().join(", "),
        imports: vec![
            // The first overload that fits is the one that is meant.
            "# mypy: disable-error-code=\"overload-overlap\"",
            "# pyright: reportOverlappingOverload=false, reportInvalidTypeVarUse=false",
            "",
            "import builtins as _builtins",
            "import collections.abc as _abc",
            "import typing as _typing",
            "",
            "import numpy as _np",
            "import numpy.typing as _npt",
        ],
        aliases: aliases(&kernels)?,
        protocols: elementwise::protocols(&kernels)?,
        classes: kernels.iter().filter_map(|kernel| class(kernel)).collect(),
        kernels: kernels.iter().map(|kernel| declaration(kernel)).collect(),
        own: match of {
            Of::Package => own(packages),
            Of::Host => Vec::new(),
        },
        functions: match of {
            Of::Package => vec![templates::STUB_FUNCTIONS.render(&())?.trim_end().to_owned()],
            Of::Host => Vec::new(),
        },
    };
    Ok(File::plain(templates::STUB.render(&view)?))
}

/// The version, and what `import *` takes.
fn own(packages: &[Package]) -> Vec<String> {
    let names = packages.iter().flat_map(super::package::names).map(|name| format!("    \"{name}\","));
    let start = ["__version__: _builtins.str", "", "__all__ = ["].map(str::to_owned);
    start.into_iter().chain(names).chain(["]".to_owned(), String::new()]).collect()
}

/// The names that annotations are written with, and a blank line after them.
fn aliases(kernels: &[&Kernel]) -> Result<Vec<String>> {
    let params = kernels.iter().flat_map(|kernel| kernel.params.iter().filter_map(|each| accepts(each, kernel)));
    let masks = kernels.iter().filter(|kernel| is_map(kernel)).map(|_| Accepts::Bool);
    let accepted: Vec<_> = params.chain(masks).collect();
    let accepted = Accepts::ALL.iter().filter(|each| accepted.contains(each));
    let mut lines: Vec<_> = accepted.map(|each| each.alias().to_owned()).collect();
    if kernels.iter().any(|kernel| matches!(kernel.form, Form::Reduce(_))) {
        lines.push(reduction::AXIS.to_owned());
    }
    if kernels.iter().any(|kernel| matches!(kernel.form, Form::Body(_))) {
        lines.push(body::AXES.to_owned());
    }
    lines.extend(ALIASES.iter().filter(|_| !kernels.is_empty()).map(|alias| (*alias).to_owned()));
    lines.extend(elementwise::variables(kernels));
    lines.extend(loops::aliases(kernels)?);
    let tuples = kernels.iter().filter(|kernel| python::result_class(kernel).is_some());
    let fields = 1..=tuples.map(|kernel| kernel.outputs.len()).max().unwrap_or(0);
    lines.extend(fields.map(|k| format!("_V{k} = _typing.TypeVar(\"_V{k}\")")));
    if !lines.is_empty() {
        lines.push(String::new());
    }
    Ok(lines)
}

/// The named tuple of a kernel: of scalars or of arrays.
fn class(kernel: &Kernel) -> Option<Class> {
    let name = python::result_class(kernel)?;
    let types: Vec<_> = (1..=kernel.outputs.len()).map(|k| format!("_V{k}")).collect();
    let bases = format!("_typing.NamedTuple, _typing.Generic[{}]", types.join(", "));
    // A tuple has methods of these names.
    let hides = |name: &str| if matches!(name, "count" | "index") { "  # type: ignore[assignment]" } else { "" };
    let fields = kernel.outputs.iter().zip(types);
    let fields = fields.map(|(output, ty)| format!("{}: {ty}{}", output.name, hides(&output.name)));
    Some(Class { name, bases, fields: fields.collect() })
}

fn declaration(kernel: &Kernel) -> String {
    match kernel.form {
        Form::Map(_) => elementwise::declaration(kernel),
        Form::Reduce(_) => reduction::declaration(kernel),
        Form::Body(_) => body::declaration(kernel),
    }
}

/// What a function gives where `of` says what comes of each scalar type: several in the named tuple.
fn results(kernel: &Kernel, scalars: &[String], of: &dyn Fn(&str) -> String) -> String {
    let results: Vec<_> = scalars.iter().map(|scalar| of(scalar)).collect();
    match python::result_class(kernel) {
        Some(class) => format!("{class}[{}]", results.join(", ")),
        None => results.concat(),
    }
}

/// An array of a scalar type.
fn array(scalar: &str) -> String {
    format!("_npt.NDArray[{scalar}]")
}

/// What `out` of a function takes, and what then comes back: the same array, or `several` in the named tuple.
fn given(kernel: &Kernel, several: &str) -> (String, String) {
    match kernel.outputs.len() {
        1 => (SINGLE.to_owned(), "_Array".to_owned()),
        outputs => {
            (format!("_builtins.tuple[{}]", vec![format!("{ANY} | None"); outputs].join(", ")), several.to_owned())
        }
    }
}

/// The scalar types of the outputs over all loops.
fn scalars(kernel: &Kernel) -> Vec<String> {
    kernel.outputs.iter().map(|output| scalar(&output.ty, kernel)).collect()
}

/// The scalar types of an output over all loops, `_np.float32 | _np.float64`.
fn scalar(ty: &Type, kernel: &Kernel) -> String {
    let dtypes = dtypes::over_loops(ty, kernel);
    dtypes.iter().map(|dtype| format!("_np.{}", dtype.numpy_name())).collect::<Vec<_>>().join(" | ")
}
