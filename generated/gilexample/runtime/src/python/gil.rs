//! Having the GIL, as pyo3 knows of it, also while the interpreter ends.

use std::hint::black_box;
use std::mem;
use std::time::Duration;

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use super::ufunc::Vectorcall;

/// Runs `work` with the GIL, in the way that pyo3 knows of: else it would keep what is dropped, errors among it, until somebody else
/// attaches. `Python::attach` asks whether there is an interpreter first, and panics while it ends.
pub fn known<R>(work: impl for<'py> FnOnce(Python<'py>) -> R) -> R {
    // SAFETY: nobody calls a kernel before there is an interpreter; while it ends, this thread has the GIL or waits for it for good.
    unsafe { Python::attach_unchecked(work) }
}

/// Runs `work` with the GIL, whether or not this thread has it: NumPy may have released it without pyo3's knowledge.
pub fn attached<R>(work: impl for<'py> FnOnce(Python<'py>) -> R) -> R {
    // A daemon thread may ask when the interpreter is gone and the process not yet, and would crash. While it ends, it is there still, and
    // destructors call kernels.
    // SAFETY: it may be asked at any time; the thread has been Python's.
    if unsafe { ffi::PyGILState_GetThisThreadState() }.is_null() {
        drop(Unwound);
    }
    // SAFETY: any thread may ask for the GIL; it is given back as it was.
    unsafe {
        let state = ffi::PyGILState_Ensure();
        let result = known(work);
        ffi::PyGILState_Release(state);
        result
    }
}

/// A thread that asks for the GIL while the interpreter ends is unwound, before Python 3.14, which no frame of Rust's bears. When that
/// drops it, or anybody, this sleeps for good, as all such threads do from 3.14 on.
struct Unwound;

impl Drop for Unwound {
    fn drop(&mut self) {
        loop {
            std::thread::sleep(Duration::from_secs(1000));
        }
    }
}

/// A function of CPython's or NumPy's that may give the GIL away for a while, believed to unwind. The compiler is not shown which it is:
/// it would know better.
macro_rules! unwinds {
    ($function:expr, fn($($argument:ty),*)) => {{
        type Known = unsafe extern "C" fn($($argument),*) -> *mut ffi::PyObject;
        type Believed = unsafe extern "C-unwind" fn($($argument),*) -> *mut ffi::PyObject;
        // SAFETY: of the same function, less is believed.
        unsafe { mem::transmute::<Known, Believed>(black_box($function as Known)) }
    }};
}

/// Calls NumPy's driver of ufuncs.
///
/// # Safety
/// As for the function.
pub unsafe fn drive(
    driver: Vectorcall,
    ufunc: *mut ffi::PyObject,
    arguments: *const *mut ffi::PyObject,
    count: usize,
    keywords: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    let driver = unwinds!(driver, fn(*mut ffi::PyObject, *const *mut ffi::PyObject, usize, *mut ffi::PyObject));
    let unwound = Unwound;
    // SAFETY: passed on.
    let result = unsafe { driver(ufunc, arguments, count, keywords) };
    mem::forget(unwound);
    result
}

/// Calls what may give the GIL away while it copies.
pub fn call<'py>(
    callable: &Bound<'py, PyAny>,
    arguments: &Bound<'py, PyTuple>,
    keywords: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    let function = unwinds!(ffi::PyObject_Call, fn(*mut ffi::PyObject, *mut ffi::PyObject, *mut ffi::PyObject));
    let unwound = Unwound;
    // SAFETY: attached; a new reference or an error.
    let result = unsafe {
        let result = function(callable.as_ptr(), arguments.as_ptr(), keywords.as_ptr());
        Bound::from_owned_ptr_or_err(callable.py(), result)
    };
    mem::forget(unwound);
    result
}
