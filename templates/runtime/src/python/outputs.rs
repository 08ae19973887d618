//! The results of a call while it is computed, and what keeps the arrays of its arguments alive.

use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::array::Array;
use crate::dtype::Cast;

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

impl<'py> Outputs<'py> {
    /// Outputs that are computed from `inputs`.
    pub fn new(outputs: Vec<Output<'py>>, inputs: Vec<Option<Array<'py>>>) -> Self {
        Outputs { outputs, _inputs: inputs }
    }

    /// The results, now that they are computed.
    pub fn finish(self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let each = self.outputs.into_iter().map(|output| match output {
            Output::Given(array) => Ok(array.into_any()),
            Output::New(array) => array.into_result(),
            Output::Apart(given, array) => {
                let keywords = PyDict::new(py);
                keywords.set_item("casting", Cast::SameKind.name())?;
                py.import("numpy")?.getattr("copyto")?.call((given.as_any(), array.as_any()), Some(&keywords))?;
                Ok(given.into_any())
            }
        });
        each.collect()
    }
}
