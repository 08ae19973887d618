//! The results of a call while it is computed: to a caller's arrays, to new ones, or apart; and what keeps the arrays of arguments alive.

use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::array::Array;
use super::error;
use super::gil::call;
use super::intake;
use super::numpy::NumPy;
use crate::dtype::{Cast, DType};

/// Where one output goes.
pub enum Output<'py> {
    /// To an array of the caller's.
    Given(Array<'py>),
    /// To a new one.
    New(Array<'py>),
    /// To the second, and from there to the first, which shares memory with something that is read.
    Apart(Array<'py>, Array<'py>),
}

/// All outputs of a call.
pub struct Outputs<'py> {
    outputs: Vec<Output<'py>>,
    _inputs: Vec<Option<Array<'py>>>,
}

/// The array of a caller's `out`, for results of `dtype`.
pub fn accept<'py>(numpy: &NumPy, kernel: &str, out: &Bound<'py, PyAny>, dtype: DType) -> PyResult<Array<'py>> {
    let Some(array) = Array::of(numpy, out) else {
        return Err(error::out_type(kernel, &super::param::came(out)));
    };
    if !numpy.is_exact_array(out) {
        intake::refuse_meaningful(numpy, kernel, "out", out)?;
    }
    match array.dtype() {
        Some(to) if dtype.casts(to, Cast::SameKind) => Ok(array),
        Some(_) => Err(error::out_dtype(kernel, dtype.name(), &array.dtype_name())),
        None => Err(error::out_unknown(kernel, &array.dtype_name())),
    }
}

impl<'py> Output<'py> {
    /// The result, now that it is computed.
    pub fn finish(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self {
            Output::Given(array) => Ok(array.into_any()),
            Output::New(array) => array.into_result(),
            Output::Apart(given, array) => {
                let keywords = PyDict::new(py);
                keywords.set_item("casting", Cast::SameKind.name())?;
                let arguments = (given.as_any(), array.as_any()).into_pyobject(py)?;
                call(&py.import("numpy")?.getattr("copyto")?, &arguments, &keywords)?;
                Ok(given.into_any())
            }
        }
    }
}

impl<'py> Outputs<'py> {
    /// Outputs that are computed from `inputs`.
    pub fn new(outputs: Vec<Output<'py>>, inputs: Vec<Option<Array<'py>>>) -> Self {
        Outputs { outputs, _inputs: inputs }
    }

    /// The results, now that they are computed.
    pub fn finish(self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        self.outputs.into_iter().map(|output| output.finish(py)).collect()
    }
}
