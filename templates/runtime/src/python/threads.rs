//! What Python programs say of threads.

use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::threads::{self, MOST};

/// Adds what a package says of threads to its module.
pub fn add(module: &Bound<'_, PyModule>, package: &str) -> PyResult<()> {
    for function in [pyo3::wrap_pyfunction!(set_num_threads, module)?, pyo3::wrap_pyfunction!(get_num_threads, module)?]
    {
        function.setattr("__module__", package)?;
        module.add_function(function)?;
    }
    module.add_class::<NumThreads>()?;
    module.getattr("num_threads")?.setattr("__module__", package)
}

/// A number of threads that somebody asks `function` for.
fn number(function: &str, n: isize) -> PyResult<usize> {
    match usize::try_from(n) {
        Ok(n) if n > 0 => Ok(n.min(MOST)),
        _ => Err(PyValueError::new_err(format!("{function}(): n must be positive, got {n}"))),
    }
}

/// Say how many threads may compute a call, whichever thread makes it.
///
/// Parameters
/// ----------
/// n : int or None
///     None takes back what was said: what the environment says holds again, or one thread for each core.
#[pyfunction]
#[pyo3(signature = (n, /))]
fn set_num_threads(n: Option<isize>) -> PyResult<()> {
    threads::set(n.map_or(Ok(0), |n| number("set_num_threads", n))?);
    Ok(())
}

/// How many threads may compute a call that this thread makes.
///
/// Returns
/// -------
/// int
#[pyfunction]
fn get_num_threads() -> usize {
    threads::count()
}

/// A context in which at most so many threads compute the calls of this thread.
///
/// Parameters
/// ----------
/// n : int
///     How many. Other threads of the program are not concerned.
#[pyclass(name = "num_threads", frozen)]
struct NumThreads {
    threads: usize,
    /// What held before, of those contexts that are entered.
    former: Mutex<Vec<usize>>,
}

#[pymethods]
impl NumThreads {
    #[new]
    #[pyo3(signature = (n, /))]
    fn new(n: isize) -> PyResult<NumThreads> {
        Ok(NumThreads { threads: number("num_threads", n)?, former: Mutex::default() })
    }

    fn __enter__(this: Bound<'_, Self>) -> Bound<'_, Self> {
        this.get().former().push(threads::replace_here(this.get().threads));
        this
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, _exception: &Bound<'_, PyAny>) {
        threads::replace_here(self.former().pop().unwrap_or(0));
    }
}

impl NumThreads {
    fn former(&self) -> MutexGuard<'_, Vec<usize>> {
        self.former.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
