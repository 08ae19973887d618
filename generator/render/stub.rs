//! The view of `__init__.pyi`: types that mypy --strict and pyright accept.
//!
//! A kernel may be called `float` or `list`, so every name that is not the package's own starts
//! with an underscore.

use serde::Serialize;

use crate::diag::Result;
use crate::model::{DType, Kernel, Package, Param, ParamType, Type};

use super::files::File;
use super::{docs, dtypes, python, templates};

#[derive(Serialize)]
struct View {
    docstring: String,
    name: String,
    imports: Vec<&'static str>,
    aliases: Vec<&'static str>,
    classes: Vec<Class>,
    kernels: Vec<String>,
    /// What only a package of their own has.
    own: Vec<&'static str>,
    functions: Vec<&'static str>,
}

#[derive(Serialize)]
struct Class {
    name: String,
    fields: Vec<String>,
}

/// What a param accepts in Python: its name in the stub and the alias that defines it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Accepts {
    Bool,
    Int,
    Float,
    Complex,
}

impl Accepts {
    const ALL: [Accepts; 4] = [Accepts::Bool, Accepts::Int, Accepts::Float, Accepts::Complex];

    const fn name(&self) -> &'static str {
        match self {
            Accepts::Bool => "_Bool",
            Accepts::Int => "_Int",
            Accepts::Float => "_Float",
            Accepts::Complex => "_Complex",
        }
    }

    const fn alias(&self) -> &'static str {
        match self {
            Accepts::Bool => "_Bool: _typing.TypeAlias = _builtins.bool | _np.bool",
            Accepts::Int => "_Int: _typing.TypeAlias = _typing.SupportsIndex",
            Accepts::Float => {
                "_Float: _typing.TypeAlias = _builtins.float | _np.floating[_typing.Any] | _np.integer[_typing.Any]"
            }
            Accepts::Complex => "_Complex: _typing.TypeAlias = _builtins.complex | _np.number[_typing.Any]",
        }
    }
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
    let kernels = || packages.iter().flat_map(|package| &package.kernels);
    let accepted: Vec<Accepts> =
        kernels().flat_map(|kernel| kernel.params.iter().filter_map(|each| accepts(each, kernel))).collect();
    let mut aliases: Vec<_> = Accepts::ALL.iter().filter(|each| accepted.contains(each)).map(Accepts::alias).collect();
    if !aliases.is_empty() {
        aliases.push("");
    }
    let view = View {
        docstring: python::docstring(&packages.iter().map(super::package::summary).collect::<Vec<_>>().join(" ")),
        name: packages.iter().map(|package| package.name.as_str()).collect::<Vec<_>>().join(", "),
        imports: vec![
            "import builtins as _builtins",
            "import typing as _typing",
            "",
            "import numpy as _np",
            "import numpy.typing as _npt",
        ],
        aliases,
        classes: kernels().filter_map(class).collect(),
        kernels: kernels().map(function).collect(),
        own: match of {
            Of::Package => vec!["__version__: _builtins.str", "__all__: _builtins.list[_builtins.str]", ""],
            Of::Host => Vec::new(),
        },
        functions: match of {
            Of::Package => vec!["def show_config() -> _builtins.dict[_builtins.str, _builtins.str]: ..."],
            Of::Host => Vec::new(),
        },
    };
    Ok(File::plain(templates::STUB.render(&view)?))
}

fn class(kernel: &Kernel) -> Option<Class> {
    let field = |(name, ty)| format!("{name}: {}", scalar(ty, kernel));
    Some(Class {
        name: python::result_class(kernel)?,
        fields: kernel.outputs.iter().map(|output| field((&output.name, &output.ty))).collect(),
    })
}

/// `def sum(x: _npt.ArrayLike, /) -> _np.float64: ...` with its docstring.
fn function(kernel: &Kernel) -> String {
    let signature = python::signature(kernel, |_| ": _npt.ArrayLike".to_owned(), |each| annotation(each, kernel));
    let outputs = kernel.outputs.iter().map(|output| scalar(&output.ty, kernel)).collect::<Vec<_>>();
    let returns = python::result_class(kernel).unwrap_or_else(|| outputs.join(" | "));
    format!(
        "def {}{signature} -> {returns}:\n    {}\n    ...\n",
        kernel.name,
        python::docstring(&docs::summary(kernel))
    )
}

fn annotation(param: &Param, kernel: &Kernel) -> String {
    match (&param.ty, accepts(param, kernel)) {
        (_, Some(accepts)) => format!(": {}", accepts.name()),
        (ParamType::Choice { values, .. }, None) => {
            let values: Vec<_> = values.iter().map(|value| python::string(value)).collect();
            format!(": _typing.Literal[{}]", values.join(", "))
        }
        (_, None) => String::new(),
    }
}

/// The widest of what a param takes over all loops; none of these for a choice.
fn accepts(param: &Param, kernel: &Kernel) -> Option<Accepts> {
    let widest = |dtype: DType| match dtype {
        DType::Bool => Accepts::Bool,
        dtype if dtypes::is_complex(dtype) => Accepts::Complex,
        dtype if dtypes::is_float(dtype) => Accepts::Float,
        _ => Accepts::Int,
    };
    match &param.ty {
        ParamType::Choice { .. } => None,
        ParamType::Usize => Some(Accepts::Int),
        ParamType::Scalar(ty) => dtypes::over_loops(ty, kernel).into_iter().map(widest).max(),
    }
}

/// The scalar types of an output over all loops, `_np.float32 | _np.float64`.
fn scalar(ty: &Type, kernel: &Kernel) -> String {
    let dtypes = dtypes::over_loops(ty, kernel);
    dtypes.iter().map(|dtype| format!("_np.{}", dtype.numpy_name())).collect::<Vec<_>>().join(" | ")
}
