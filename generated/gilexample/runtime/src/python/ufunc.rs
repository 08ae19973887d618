//! Making a `numpy.ufunc` of a kernel, and the way into its vectorcall slot.

use std::ffi::{CString, c_char, c_int, c_void};
use std::ptr;

use numpy::npyffi::{PyUFuncGenericFunction, PyUFuncObject};
use pyo3::exceptions::PyValueError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{IntoPyDict, PyList};

use super::numpy::{NumPy, number, other_number};
use super::param;
use super::strided::{Data, operand, strided};
use crate::block::Map;
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

/// A ufunc of a kernel's loops, whose operands are the inputs, the params and the outputs. It is never freed, and pickles as
/// `module.name`.
pub fn new<'py>(
    py: Python<'py>,
    numpy: &NumPy,
    kernel: &Kernel<Map>,
    module: &str,
    name: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let mut functions: Vec<PyUFuncGenericFunction> = Vec::new();
    let mut data: Vec<*mut c_void> = Vec::new();
    let mut types: Vec<c_char> = Vec::new();
    let any_order = kernel.identity != Identity::None;
    for &map in kernel.loops {
        let params = map.params.iter().map(|&param| operand(param));
        let operands = map.inputs.iter().copied().chain(params).chain(map.outputs.iter().copied());
        let numbers: Vec<c_int> = operands.map(number).collect();
        // 64-bit integers have two numbers in NumPy, `long` and `long long`, and a reduction wants the one that it is asked for.
        let others: Vec<c_int> = numbers.iter().map(|&number| other_number(number)).collect();
        let data_of_loop: *mut c_void = Box::into_raw(Box::new(Data { name: kernel.name, map, any_order })).cast();
        for numbers in [Some(&numbers), Some(&others).filter(|others| **others != numbers)].into_iter().flatten() {
            types.extend(numbers.iter().map(|&number| number as c_char));
            functions.push(Some(strided));
            data.push(data_of_loop);
        }
    }
    let first = kernel.loops.first().ok_or_else(|| PyValueError::new_err("a kernel without a loop"))?;
    let (kind, identity) = match kernel.identity {
        Identity::None => (NO_IDENTITY, None),
        Identity::Reorderable => (REORDERABLE, None),
        Identity::Value(value) => (IDENTITY_VALUE, Some(param::object(py, value)?)),
    };
    let loops = data.len();
    let (c_name, doc) = (c_string(name)?, c_string(kernel.doc)?);
    // SAFETY: the tables have an entry for each loop, and a type for each operand of it; they and the strings are never
    // freed, as NumPy wants it. A new reference or an error comes back.
    let ufunc = unsafe {
        let ufunc = (numpy.new_ufunc)(
            functions.leak().as_mut_ptr(),
            data.leak().as_mut_ptr(),
            types.leak().as_mut_ptr(),
            loops as c_int,
            (kernel.inputs.len() + kernel.params.len()) as c_int,
            first.outputs.len() as c_int,
            kind,
            c_name.into_raw(),
            doc.into_raw(),
            0,
            ptr::null(),
            identity.as_ref().map_or(ptr::null_mut(), Bound::as_ptr),
        );
        Bound::from_owned_ptr_or_err(py, ufunc)?
    };
    // An older NumPy does not let ufuncs say so much of themselves: they are found by their names then.
    let _ = describe(&ufunc, kernel, module, name);
    Ok(ufunc)
}

/// Says where the ufunc belongs to and what its inputs are called: possible from NumPy 2.2 on, of signatures from 2.4 on.
fn describe(ufunc: &Bound<'_, PyAny>, kernel: &Kernel<Map>, module: &str, name: &str) -> PyResult<()> {
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

/// Puts `faster` into the slot that calls of `ufunc` go through, and gives what was there.
pub fn put_before(ufunc: &Bound<'_, PyAny>, faster: Vectorcall) -> Option<Vectorcall> {
    // SAFETY: a ufunc, made just now and not shared. The slot holds a vectorcall function or null; under the stable ABI it is
    // declared as a plain pointer.
    unsafe {
        let slot = &raw mut (*ufunc.as_ptr().cast::<PyUFuncObject>()).fields.vectorcall;
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
