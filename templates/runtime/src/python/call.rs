//! What every call needs: its arguments, owned; and an answer that CPython can take.

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};
use pyo3::{Borrowed, ffi, intern};

use super::gil::known;

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
pub const ARGUMENTS_OFFSET: usize = 1 << (usize::BITS - 1);

impl<'py> Call<'py> {
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

/// The arguments of a call as CPython hands them over; it keeps them alive until the call is answered.
pub struct Given<'a, 'py> {
    arguments: *const Borrowed<'a, 'py, PyAny>,
    /// How many arguments are positional.
    pub positional: usize,
    /// The names of the others.
    pub keywords: Option<Borrowed<'a, 'py, PyTuple>>,
}

impl<'a, 'py> Given<'a, 'py> {
    /// Takes what CPython hands to a vectorcall function.
    ///
    /// # Safety
    /// There are as many positional arguments as `count` says, and one for each of `keywords`, a tuple of strings or null.
    #[inline(always)]
    pub unsafe fn new(
        py: Python<'py>,
        arguments: *const *mut ffi::PyObject,
        count: usize,
        keywords: *mut ffi::PyObject,
    ) -> Self {
        // SAFETY: the caller vouches for the tuple; a borrowed reference is a pointer that is not null.
        let keywords =
            unsafe { Borrowed::from_ptr_or_opt(py, keywords).map(|names| names.cast_unchecked::<PyTuple>()) };
        Given { arguments: arguments.cast(), positional: count & !ARGUMENTS_OFFSET, keywords }
    }

    /// The first `count` positional arguments, of which there are as many.
    #[inline(always)]
    pub fn first(&self, count: usize) -> &[Borrowed<'a, 'py, PyAny>] {
        debug_assert!(count <= self.positional);
        // SAFETY: there are `positional`, alive during the call.
        unsafe { std::slice::from_raw_parts(self.arguments, count) }
    }

    /// The argument number `k`: less than `positional`, or that plus the place of a keyword.
    #[inline(always)]
    pub fn argument(&self, k: usize) -> Borrowed<'a, 'py, PyAny> {
        debug_assert!(k < self.positional + self.keywords.map_or(0, |names| names.len()));
        // SAFETY: there is one, and it is alive during the call.
        unsafe { *self.arguments.add(k) }
    }

    /// The `out` of a call of `inputs` inputs that says nothing else, for a kernel of one output: by position or by name, and none if that is
    /// None. Nothing for other calls.
    #[inline(always)]
    #[allow(clippy::type_complexity)]
    pub fn out(&self, inputs: usize, outputs: usize) -> Option<Option<Borrowed<'a, 'py, PyAny>>> {
        let out = match self.keywords {
            None if self.positional == inputs => return Some(None),
            None if self.positional == inputs + 1 && outputs == 1 => self.argument(inputs),
            Some(_) if self.positional == inputs && outputs == 1 && self.is_out() => self.argument(inputs),
            _ => return None,
        };
        Some(Some(out).filter(|out| !out.is_none()))
    }

    /// Whether keywords are `out` and nothing else.
    #[inline(always)]
    pub fn is_out(&self) -> bool {
        let Some(names) = self.keywords else { return false };
        // SAFETY: a tuple, whose first item is looked at only if there is one.
        let name = unsafe {
            match ffi::PyTuple_Size(names.as_ptr()) {
                1 => Borrowed::from_ptr(names.py(), ffi::PyTuple_GetItem(names.as_ptr(), 0)),
                _ => return false,
            }
        };
        // Names of keywords are interned, as a rule.
        name.is(intern!(names.py(), "out")) || name.cast::<PyString>().is_ok_and(|name| *name == "out")
    }
}

/// Runs what answers a call. A panic here is a bug of the runtime; it must not cross into C.
#[inline(always)]
pub fn guarded<R>(answer: impl FnOnce() -> PyResult<R>) -> PyResult<R> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(answer))
        .unwrap_or_else(|_| Err(PyRuntimeError::new_err("a bug in kernelgen's runtime")))
}

/// Answers a call as CPython wants it.
pub fn answered(answer: impl for<'py> FnOnce(Python<'py>) -> PyResult<Bound<'py, PyAny>>) -> *mut ffi::PyObject {
    known(|py| match guarded(|| answer(py)) {
        Ok(result) => result.into_ptr(),
        Err(error) => raise(error),
    })
}

/// Sets the exception and gives what CPython takes for it.
#[cold]
pub fn raise(error: PyErr) -> *mut ffi::PyObject {
    known(|py| error.restore(py));
    std::ptr::null_mut()
}
