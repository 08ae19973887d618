//! Making a `numpy.ufunc` of a kernel, and the way into its vectorcall slot.

use std::ffi::{CString, c_char, c_int, c_void};
use std::ptr;

#[cfg(all(Py_LIMITED_API, Py_GIL_DISABLED))]
use numpy::npyffi::PY_UFUNC_API;
use numpy::npyffi::{PyUFuncGenericFunction, PyUFuncObject, PyUFuncObject_fields, npy_intp};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{IntoPyDict, PyList};

use super::call::raise;
use super::gil::drive;
use super::numpy::{NumPy, number, other_number};
use super::param;
use super::strided::{Data, operand, strided};
use crate::block::{Loop, Map};
use crate::kernel::{Identity, Kernel};

/// A function of the vectorcall protocol.
pub type Vectorcall = unsafe extern "C" fn(
    *mut ffi::PyObject,
    *const *mut ffi::PyObject,
    usize,
    *mut ffi::PyObject,
) -> *mut ffi::PyObject;

/// Numbers that NumPy has for what a ufunc's methods start from.
const NO_IDENTITY: c_int = -1;
const REORDERABLE: c_int = -2;
const IDENTITY_VALUE: c_int = -3;

/// A ufunc once it is made, and what its slot for calls held.
pub struct Ufunc(PyOnceLock<(Py<PyAny>, Option<Vectorcall>)>);

impl Ufunc {
    /// None yet.
    pub const fn none() -> Ufunc {
        Ufunc(PyOnceLock::new())
    }

    /// The ufunc, made at the first call; `faster` comes before what stands in its slot.
    pub fn get_or_make<'py>(
        &self,
        py: Python<'py>,
        faster: Option<Vectorcall>,
        make: impl FnOnce() -> PyResult<Bound<'py, PyAny>>,
    ) -> PyResult<&Bound<'py, PyAny>> {
        let made = self.0.get_or_try_init(py, || {
            let ufunc = make()?;
            let former = faster.and_then(|faster| put_before(&ufunc, faster));
            PyResult::Ok((ufunc.unbind(), former))
        })?;
        Ok(made.0.bind(py))
    }

    /// The ufunc, if it is made.
    pub fn get<'py>(&self, py: Python<'py>) -> PyResult<&Bound<'py, PyAny>> {
        let made = self.0.get(py).map(|(ufunc, _)| ufunc.bind(py));
        made.ok_or_else(|| PyRuntimeError::new_err("a kernel was called before its module"))
    }

    /// Hands a call on to what the slot held.
    ///
    /// # Safety
    /// A call as CPython made it, attached.
    pub unsafe fn former(
        &self,
        ufunc: *mut ffi::PyObject,
        arguments: *const *mut ffi::PyObject,
        count: usize,
        keywords: *mut ffi::PyObject,
    ) -> *mut ffi::PyObject {
        // SAFETY: the caller is attached.
        let py = unsafe { Python::assume_attached() };
        match self.0.get(py).and_then(|(_, former)| *former) {
            // SAFETY: the call as it came, to the function that it was for.
            Some(former) => unsafe { drive(former, ufunc, arguments, count, keywords) },
            None => raise(PyRuntimeError::new_err("a ufunc was called before it was made")),
        }
    }
}

/// The loops of a ufunc, as NumPy wants them listed.
pub struct Table {
    inputs: usize,
    outputs: usize,
    functions: Vec<PyUFuncGenericFunction>,
    data: Vec<*mut c_void>,
    types: Vec<c_char>,
}

/// A loop as NumPy calls it.
type Function = unsafe extern "C" fn(*mut *mut c_char, *mut npy_intp, *mut npy_intp, *mut c_void);

impl Table {
    /// No loops, of so many inputs and outputs.
    pub fn new(inputs: usize, outputs: usize) -> Table {
        Table { inputs, outputs, functions: Vec::new(), data: Vec::new(), types: Vec::new() }
    }

    /// Adds a loop for operands of these dtypes, by NumPy's numbers.
    pub fn push(&mut self, numbers: &[c_int], function: Function, data: *mut c_void) {
        debug_assert_eq!(numbers.len(), self.inputs + self.outputs);
        // 64-bit integers have two numbers in NumPy, `long` and `long long`, and a reduction wants the one that it is asked for.
        let others: Vec<c_int> = numbers.iter().map(|&number| other_number(number)).collect();
        for numbers in [Some(numbers), Some(&others[..]).filter(|others| *others != numbers)].into_iter().flatten() {
            self.types.extend(numbers.iter().map(|&number| number as c_char));
            self.functions.push(Some(function));
            self.data.push(data);
        }
    }

    /// The ufunc of these loops; a gufunc, if `signature` is not empty. It is never freed, nor what it is made of.
    pub fn make<'py, L: Loop>(
        self,
        py: Python<'py>,
        numpy: &NumPy,
        kernel: &Kernel<L>,
        name: &str,
        signature: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        if self.data.is_empty() {
            return Err(PyValueError::new_err("a kernel without a loop"));
        }
        let (kind, identity) = match kernel.identity {
            Identity::None => (NO_IDENTITY, None),
            Identity::Reorderable => (REORDERABLE, None),
            Identity::Value(value) => (IDENTITY_VALUE, Some(param::object(py, value)?)),
        };
        let loops = self.data.len();
        let (c_name, doc) = (c_string(name)?, c_string(kernel.doc)?);
        let signature = (!signature.is_empty()).then(|| c_string(signature)).transpose()?;
        // SAFETY: the tables have an entry for each loop, and a type for each operand of it; they and the strings are never
        // freed, as NumPy wants it. A new reference or an error comes back.
        unsafe {
            let ufunc = (numpy.new_ufunc)(
                self.functions.leak().as_mut_ptr(),
                self.data.leak().as_mut_ptr(),
                self.types.leak().as_mut_ptr(),
                loops as c_int,
                self.inputs as c_int,
                self.outputs as c_int,
                kind,
                c_name.into_raw(),
                doc.into_raw(),
                0,
                signature.map_or(ptr::null(), |signature| signature.into_raw().cast_const()),
                identity.as_ref().map_or(ptr::null_mut(), Bound::as_ptr),
            );
            Bound::from_owned_ptr_or_err(py, ufunc)
        }
    }
}

/// A ufunc of a kernel's loops, whose operands are the inputs, the params and the outputs. It pickles as `module.name`.
pub fn new<'py>(
    py: Python<'py>,
    numpy: &NumPy,
    kernel: &Kernel<Map>,
    module: &str,
    name: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let mut table = Table::new(kernel.inputs.len() + kernel.params.len(), kernel.outputs.names.len());
    let any_order = kernel.identity != Identity::None;
    for &map in kernel.loops {
        let params = map.params.iter().map(|&param| operand(param));
        let operands = map.inputs.iter().copied().chain(params).chain(map.outputs.iter().copied());
        let numbers: Vec<c_int> = operands.map(number).collect();
        let data = Box::new(Data { name: kernel.name, map, any_order });
        table.push(&numbers, strided, Box::into_raw(data).cast());
    }
    let ufunc = table.make(py, numpy, kernel, name, "")?;
    // An older NumPy does not let ufuncs say so much of themselves: they are found by their names then.
    let _ = describe(&ufunc, kernel, module, name);
    Ok(ufunc)
}

/// Says where the ufunc belongs to and what its inputs are called: possible from NumPy 2.2 on, of signatures from 2.4 on.
pub fn describe<L: Loop>(ufunc: &Bound<'_, PyAny>, kernel: &Kernel<L>, module: &str, name: &str) -> PyResult<()> {
    ufunc.setattr("__module__", module)?;
    ufunc.setattr("__qualname__", name)?;
    ufunc.setattr("__doc__", format!("{name}{}\n\n{}", kernel.signature, kernel.doc))?;
    let signature = ufunc.getattr("__signature__")?;
    let parameters = PyList::empty(ufunc.py());
    for (place, parameter) in signature.getattr("parameters")?.call_method0("values")?.try_iter()?.enumerate() {
        let named = match kernel.inputs.get(place) {
            Some(input) => {
                parameter?.call_method("replace", (), Some(&[("name", input.name)].into_py_dict(ufunc.py())?))?
            }
            None => parameter?,
        };
        parameters.append(named)?;
    }
    let replaced = [("parameters", parameters)].into_py_dict(ufunc.py())?;
    ufunc.setattr("__signature__", signature.call_method("replace", (), Some(&replaced))?)
}

/// NumPy's struct of a ufunc. In a build for free-threaded Python and others at once, objects have heads of a size that only the
/// interpreter knows: NumPy is asked there, which it answers from 2.5 on.
///
/// # Safety
/// `ufunc` is one.
pub unsafe fn fields(py: Python<'_>, ufunc: *mut PyUFuncObject) -> *mut PyUFuncObject_fields {
    #[cfg(all(Py_LIMITED_API, Py_GIL_DISABLED))]
    // SAFETY: passed on.
    return unsafe { PY_UFUNC_API._PyUFuncObject_GET_ITEM_DATA(py, ufunc) };
    #[cfg(not(all(Py_LIMITED_API, Py_GIL_DISABLED)))]
    {
        let _ = py;
        // SAFETY: passed on.
        unsafe { &raw mut (*ufunc).fields }
    }
}

/// Puts `faster` into the slot that calls of `ufunc` go through, and gives what was there.
fn put_before(ufunc: &Bound<'_, PyAny>, faster: Vectorcall) -> Option<Vectorcall> {
    // SAFETY: a ufunc, made just now and not shared. The slot holds a vectorcall function or null; under the stable ABI it is
    // declared as a plain pointer.
    unsafe {
        let slot = &raw mut (*fields(ufunc.py(), ufunc.as_ptr().cast())).vectorcall;
        let slot = slot.cast::<Option<Vectorcall>>();
        let former = slot.read();
        if former.is_some() {
            slot.write(Some(faster));
        }
        former
    }
}

fn c_string(text: &str) -> PyResult<CString> {
    CString::new(text).map_err(|_| PyValueError::new_err("a NUL in a name or docstring"))
}
