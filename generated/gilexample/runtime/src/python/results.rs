//! Several results of a function: a named tuple.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyTuple};

use crate::kernel::Outputs;

/// The class of a kernel's results, if they have one.
pub struct ResultClass(PyOnceLock<Py<PyAny>>);

impl ResultClass {
    /// None yet.
    pub const fn none() -> ResultClass {
        ResultClass(PyOnceLock::new())
    }

    /// Makes the class for the module `package` to hold; `None` if the results need none.
    pub fn declare<'py>(
        &self,
        py: Python<'py>,
        outputs: Outputs,
        package: &str,
    ) -> PyResult<Option<&Bound<'py, PyAny>>> {
        if outputs.class.is_empty() {
            return Ok(None);
        }
        let class = self.0.get_or_try_init(py, || {
            let names: Vec<&str> = outputs.names.to_vec();
            let keywords = PyDict::new(py);
            keywords.set_item("module", package)?;
            let class =
                py.import("collections")?.getattr("namedtuple")?.call((outputs.class, names), Some(&keywords))?;
            PyResult::Ok(class.unbind())
        })?;
        Ok(Some(class.bind(py)))
    }

    /// The results of a call: one as it is, several in the class, or in a plain tuple where there is none.
    pub fn make<'py>(&self, py: Python<'py>, mut results: Vec<Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyAny>> {
        if results.len() == 1 {
            return Ok(results.remove(0));
        }
        let results = PyTuple::new(py, results)?;
        match self.0.get(py) {
            Some(class) => class.bind(py).call1(results),
            None => Ok(results.into_any()),
        }
    }
}
