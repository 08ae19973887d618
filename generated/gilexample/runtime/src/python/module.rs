//! The extension module: builtins made of faces, and what it says of itself.

use std::ffi::{CString, c_char};

use pyo3::exceptions::PyValueError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::body::Bodied;
use super::callable;
use super::map::Elementwise;
use super::numpy::NumPy;
use super::reduce::Reduction;
use super::ufunc::Vectorcall;
use crate::block::Loop;
use crate::kernel::Kernel;
use crate::level::{highest, level};
use crate::quiet::quiet_panics;
use crate::threads::{count, look};

/// The C function behind a builtin.
pub type Function = ffi::PyCFunctionFastWithKeywords;

/// What every module does first: find NumPy, keep panics quiet, look how many threads there may be.
pub fn start(module: &Bound<'_, PyModule>, package: &str, numpy: &str) -> PyResult<()> {
    NumPy::import(module.py(), package, numpy)?;
    quiet_panics();
    look(Some(package));
    Ok(())
}

/// Adds `show_config` and what is said of threads, as functions of `package`.
pub fn configure(module: &Bound<'_, PyModule>, package: &str) -> PyResult<()> {
    let function = pyo3::wrap_pyfunction!(show_config, module)?;
    // The function belongs to the package, not to the extension module inside it.
    function.setattr("__module__", package)?;
    module.add_function(function)?;
    super::threads::add(module, package)
}

/// The import name of a module.
pub fn name(module: &Bound<'_, PyModule>) -> PyResult<String> {
    Ok(module.name()?.to_string())
}

/// Adds a reduction, as a callable object.
pub fn add_reduction(
    module: &Bound<'_, PyModule>,
    package: &str,
    face: &'static Reduction,
    function: Function,
) -> PyResult<()> {
    let kernel = face.kernel();
    if let Some(class) = face.class().declare(module.py(), kernel.outputs, package)? {
        module.add(kernel.outputs.class, class)?;
    }
    let builtin = builtin(module, package, kernel, function)?;
    module.add(kernel.name, callable::new(module.py(), face, builtin, callable::vectorcall)?)
}

/// Adds an elementwise kernel: a ufunc that `faster` is called for, or a builtin function in front of one.
pub fn add_elementwise(
    module: &Bound<'_, PyModule>,
    package: &str,
    face: &Elementwise,
    faster: Vectorcall,
    function: Function,
) -> PyResult<()> {
    let (py, kernel) = (module.py(), face.kernel());
    if kernel.is_ufunc() {
        return module.add(kernel.name, face.ufunc(py, package, kernel.name, faster)?);
    }
    // Other libraries are handed the ufunc behind the function, and pickle it: it must be found, if not by its users.
    let hidden = format!("_{}", kernel.name);
    module.add(&*hidden, face.ufunc(py, &name(module)?, &hidden, faster)?)?;
    if let Some(class) = face.class().declare(module.py(), kernel.outputs, package)? {
        module.add(kernel.outputs.class, class)?;
    }
    module.add(kernel.name, builtin(module, package, kernel, function)?)
}

/// Adds a body kernel: a gufunc that `faster` is called for, or a builtin function.
pub fn add_body(
    module: &Bound<'_, PyModule>,
    package: &str,
    face: &Bodied,
    faster: Vectorcall,
    function: Function,
) -> PyResult<()> {
    let (py, kernel) = (module.py(), face.kernel());
    if kernel.is_ufunc() {
        return module.add(kernel.name, face.gufunc(py, package, faster)?);
    }
    if let Some(class) = face.class().declare(py, kernel.outputs, package)? {
        module.add(kernel.outputs.class, class)?;
    }
    module.add(kernel.name, builtin(module, package, kernel, function)?)
}

/// A builtin function that pickles as `package.name`.
fn builtin<'py, L: Loop>(
    module: &Bound<'py, PyModule>,
    package: &str,
    kernel: &Kernel<L>,
    function: Function,
) -> PyResult<Bound<'py, PyAny>> {
    let doc = format!("{}{}\n--\n\n{}", kernel.name, kernel.signature, kernel.doc);
    let method = ffi::PyMethodDef {
        ml_name: leak(kernel.name)?,
        ml_meth: ffi::PyMethodDefPointer { PyCFunctionFastWithKeywords: function },
        ml_flags: ffi::METH_FASTCALL | ffi::METH_KEYWORDS,
        ml_doc: leak(&doc)?,
    };
    // CPython keeps the pointer for as long as the function lives, which may be until the process ends.
    let method = Box::into_raw(Box::new(method));
    let package = pyo3::types::PyString::new(module.py(), package);
    // SAFETY: the definition and its strings are never freed; a new reference or an error comes back.
    unsafe {
        let builtin = ffi::PyCFunction_NewEx(method, module.as_ptr(), package.as_ptr());
        Bound::from_owned_ptr_or_err(module.py(), builtin)
    }
}

/// A C string that is never freed.
fn leak(text: &str) -> PyResult<*const c_char> {
    let text = CString::new(text).map_err(|_| PyValueError::new_err("a NUL in a name or docstring"))?;
    Ok(text.into_raw())
}

/// How the kernels of this module compute on this machine.
///
/// Returns
/// -------
/// dict
///     ``runtime``: version of kernelgen's runtime; ``instruction_set``: the level in use (``v2``, ``v3``, ``v4``
///     of x86-64; ``KERNELGEN_DISABLE_CPU_FEATURES`` lowers it); ``instruction_set_found``: the highest that this CPU has;
///     ``threads``: how many may compute a call that this thread makes.
#[pyfunction]
fn show_config(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let config = PyDict::new(py);
    config.set_item("runtime", env!("CARGO_PKG_VERSION"))?;
    config.set_item("instruction_set", level().name())?;
    config.set_item("instruction_set_found", highest().name())?;
    config.set_item("threads", count())?;
    Ok(config)
}

/// Makes the extension module of a generated package.
#[macro_export]
macro_rules! module {
    ($(#[$doc:meta])* mod $module:ident in $package:literal for numpy $numpy:literal; $($form:ident $kernel:ident;)*) => {
        $(#[$doc])*
        #[$crate::pyo3::pymodule(gil_used = true)]
        #[pyo3(crate = "kernelgen_runtime::pyo3")]
        fn $module(
            module: &$crate::pyo3::Bound<'_, $crate::pyo3::types::PyModule>,
        ) -> $crate::pyo3::PyResult<()> {
            $crate::python::module::start(module, $package, $numpy)?;
            $crate::python::module::configure(module, $package)?;
            $({ $crate::add_kernel! { module, $package, $form $kernel } })*
            Ok(())
        }

        /// How many threads may compute a call, for those who find the library itself: threadpoolctl.
        #[unsafe(no_mangle)]
        pub extern "C" fn kernelgen_get_num_threads() -> ::std::ffi::c_int {
            $crate::threads::count() as ::std::ffi::c_int
        }

        /// Says how many threads may compute a call; 0 or less takes it back.
        #[unsafe(no_mangle)]
        pub extern "C" fn kernelgen_set_num_threads(threads: ::std::ffi::c_int) {
            $crate::threads::set(threads.try_into().unwrap_or(0));
        }
    };
}

/// Makes a function `register(&module)` that adds kernels to somebody's own extension module.
#[macro_export]
macro_rules! register {
    (for numpy $numpy:literal; $($form:ident $kernel:ident;)*) => {
        /// Adds the kernels to `module`, as functions of it that pickle by its name.
        ///
        /// # Errors
        /// If NumPy cannot be imported.
        pub fn register(
            module: &$crate::pyo3::Bound<'_, $crate::pyo3::types::PyModule>,
        ) -> $crate::pyo3::PyResult<()> {
            let package = $crate::python::module::name(module)?;
            $crate::python::module::start(module, &package, $numpy)?;
            $({ $crate::add_kernel! { module, &package, $form $kernel } })*
            Ok(())
        }
    };
}

/// Adds one kernel to a module: its C function, and the face behind it.
#[doc(hidden)]
#[macro_export]
macro_rules! add_kernel {
    ($module:ident, $package:expr, reduce $kernel:ident) => {
        static FACE: $crate::python::reduce::Reduction = $crate::python::reduce::Reduction::new(&$kernel::KERNEL);

        unsafe extern "C" fn call(
            _module: *mut $crate::pyo3::ffi::PyObject,
            arguments: *const *mut $crate::pyo3::ffi::PyObject,
            positional: $crate::pyo3::ffi::Py_ssize_t,
            keywords: *mut $crate::pyo3::ffi::PyObject,
        ) -> *mut $crate::pyo3::ffi::PyObject {
            // SAFETY: CPython calls it as it was declared.
            unsafe { FACE.vectorcall(arguments, positional, keywords) }
        }
        $crate::python::module::add_reduction($module, $package, &FACE, call)?;
    };
    ($module:ident, $package:expr, map $kernel:ident) => {
        $crate::add_kernel! { @ufunc $module, $package, $kernel, Elementwise in map, add_elementwise }
    };
    ($module:ident, $package:expr, body $kernel:ident) => {
        $crate::add_kernel! { @ufunc $module, $package, $kernel, Bodied in body, add_body }
    };
    // A ufunc or gufunc with a faster way in, or a function.
    (@ufunc $module:ident, $package:expr, $kernel:ident, $face:ident in $form:ident, $add:ident) => {
        static FACE: $crate::python::$form::$face = $crate::python::$form::$face::new(&$kernel::KERNEL);

        unsafe extern "C" fn faster(
            ufunc: *mut $crate::pyo3::ffi::PyObject,
            arguments: *const *mut $crate::pyo3::ffi::PyObject,
            count: usize,
            keywords: *mut $crate::pyo3::ffi::PyObject,
        ) -> *mut $crate::pyo3::ffi::PyObject {
            // SAFETY: CPython calls what stands in the slot as a vectorcall.
            unsafe { FACE.vectorcall(ufunc, arguments, count, keywords) }
        }

        unsafe extern "C" fn call(
            _module: *mut $crate::pyo3::ffi::PyObject,
            arguments: *const *mut $crate::pyo3::ffi::PyObject,
            positional: $crate::pyo3::ffi::Py_ssize_t,
            keywords: *mut $crate::pyo3::ffi::PyObject,
        ) -> *mut $crate::pyo3::ffi::PyObject {
            // SAFETY: CPython calls it as it was declared.
            unsafe { FACE.function(arguments, positional, keywords) }
        }
        $crate::python::module::$add($module, $package, &FACE, faster, call)?;
    };
}
