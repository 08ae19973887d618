//! What params accept in Python.

use crate::model::{DType, Kernel, Param, ParamType};

use crate::render::{dtypes, python};

/// What a scalar param accepts: its name in the stub and the alias that defines it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Accepts {
    Bool,
    Int,
    Float,
    Complex,
}

impl Accepts {
    pub(super) const ALL: [Accepts; 4] = [Accepts::Bool, Accepts::Int, Accepts::Float, Accepts::Complex];

    const fn name(&self) -> &'static str {
        match self {
            Accepts::Bool => "_Bool",
            Accepts::Int => "_Int",
            Accepts::Float => "_Float",
            Accepts::Complex => "_Complex",
        }
    }

    pub(super) const fn alias(&self) -> &'static str {
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

/// The widest of what a param takes over all loops; none of these for a choice.
pub(super) fn accepts(param: &Param, kernel: &Kernel) -> Option<Accepts> {
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

/// `: _Float`, or the strings of a choice.
pub(super) fn annotation(param: &Param, kernel: &Kernel) -> String {
    match (&param.ty, accepts(param, kernel)) {
        (_, Some(accepts)) => format!(": {}", accepts.name()),
        (ParamType::Choice { values, .. }, None) => {
            let values: Vec<_> = values.iter().map(|value| python::string(value)).collect();
            format!(": _typing.Literal[{}]", values.join(", "))
        }
        (_, None) => String::new(),
    }
}
