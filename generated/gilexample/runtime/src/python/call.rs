//! What every call needs: its arguments, owned; and an answer that CPython can take.

use pyo3::exceptions::PyRuntimeError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// The arguments of a vectorcall. References of our own: from CPython 3.14 on an argument that is only borrowed may look
/// unshared to `ndarray.resize`.
pub struct Call<'py> {
    /// Positional arguments, then the values of the keywords.
    pub arguments: Vec<Bound<'py, PyAny>>,
    /// How many of them are positional.
    pub positional: usize,
    /// The names of the others.
    pub keywords: Option<Bound<'py, PyTuple>>,
}

/// `PY_VECTORCALL_ARGUMENTS_OFFSET`: a bit that CPython adds to the count of positional arguments.
const ARGUMENTS_OFFSET: usize = 1 << (usize::BITS - 1);

impl<'py> Call<'py> {
    /// How many arguments of a vectorcall are positional.
    #[inline(always)]
    pub fn positional(count: usize) -> ffi::Py_ssize_t {
        (count & !ARGUMENTS_OFFSET) as ffi::Py_ssize_t
    }

    /// Takes over what CPython hands to a `METH_FASTCALL | METH_KEYWORDS` function.
    ///
    /// # Safety
    /// `arguments` holds `positional` objects and one for each of `keywords`, a tuple or null.
    pub unsafe fn new(
        py: Python<'py>,
        arguments: *const *mut ffi::PyObject,
        positional: ffi::Py_ssize_t,
        keywords: *mut ffi::PyObject,
    ) -> Call<'py> {
        let positional = positional as usize;
        // SAFETY: the caller vouches for the pointers.
        unsafe {
            let keywords =
                Bound::from_borrowed_ptr_or_opt(py, keywords).map(|names| names.cast_into_unchecked::<PyTuple>());
            let named = keywords.as_ref().map_or(0, |names| names.len());
            let argument = |k| Bound::from_borrowed_ptr(py, *arguments.add(k));
            Call { arguments: (0..positional + named).map(argument).collect(), positional, keywords }
        }
    }
}

/// Runs what answers a call. A panic here is a bug of the runtime; it must not cross into C.
#[inline(always)]
pub fn guarded<R>(answer: impl FnOnce() -> PyResult<R>) -> PyResult<R> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(answer))
        .unwrap_or_else(|_| Err(PyRuntimeError::new_err("a bug in kernelgen's runtime")))
}

/// Answers a call as CPython wants it. In the way that pyo3 knows of: else it would keep what is dropped here, errors among it,
/// until somebody else attaches.
pub fn answered(answer: impl for<'py> FnOnce(Python<'py>) -> PyResult<Bound<'py, PyAny>>) -> *mut ffi::PyObject {
    Python::attach(|py| match guarded(|| answer(py)) {
        Ok(result) => result.into_ptr(),
        Err(error) => raise(py, error),
    })
}

/// Sets the exception and gives what CPython takes for it.
#[cold]
pub fn raise(py: Python<'_>, error: PyErr) -> *mut ffi::PyObject {
    error.restore(py);
    std::ptr::null_mut()
}
