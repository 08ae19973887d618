//! The type of reductions in Python: called like a builtin function, with `partial`, `combine` and `finish` beside it.

use std::ffi::{CStr, c_char, c_int, c_ulong, c_void};
use std::mem::offset_of;
use std::ptr;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyTuple};
use pyo3::{ffi, intern};

use super::call::{ARGUMENTS_OFFSET, Call, answered};
use super::layout::{self, Fields, fields};
use super::pieces;
use super::reduce::Reduction;
use super::ufunc::Vectorcall;

/// `Py_TPFLAGS_HAVE_VECTORCALL`: in the limited API from CPython 3.12 on, and the same bit before.
const HAVE_VECTORCALL: c_ulong = 1 << 11;

/// `Py_TPFLAGS_DISALLOW_INSTANTIATION`: an object without a face would be none.
const DISALLOW_INSTANTIATION: c_ulong = 1 << 7;

/// Makes the object of a reduction, which `builtin` documents.
pub fn new<'py>(
    py: Python<'py>,
    face: &'static Reduction,
    builtin: Bound<'py, PyAny>,
    vectorcall: Vectorcall,
) -> PyResult<Bound<'py, PyAny>> {
    static TYPE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let class = TYPE.get_or_try_init(py, || make_type(py).map(Bound::unbind))?;
    // SAFETY: a heap type of this size; its instances are new, and their fields are written before anybody sees them.
    unsafe {
        let class = class.as_ptr().cast::<ffi::PyTypeObject>();
        let made = ffi::PyType_GenericAlloc(class, 0);
        let object = Bound::from_owned_ptr_or_err(py, made)?;
        let fields = fields(made);
        (&raw mut (*fields).vectorcall).write(vectorcall);
        (&raw mut (*fields).face).write(face);
        (&raw mut (*fields).builtin).write(builtin.into_ptr());
        Ok(object)
    }
}

fn make_type(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    let member = |name: *const c_char, offset: usize| ffi::PyMemberDef {
        name,
        type_code: ffi::Py_T_PYSSIZET,
        offset: offset as ffi::Py_ssize_t,
        flags: layout::FLAGS,
        doc: ptr::null(),
    };
    // The end of a table has no name.
    let members = vec![
        member(c"__vectorcalloffset__".as_ptr(), layout::OFFSET + offset_of!(Fields, vectorcall)),
        member(ptr::null(), 0),
    ];
    let attribute = |name: &'static CStr| ffi::PyGetSetDef {
        name: name.as_ptr(),
        get: Some(get),
        set: None,
        doc: ptr::null(),
        closure: name.as_ptr().cast_mut().cast(),
    };
    let mut attributes: Vec<ffi::PyGetSetDef> =
        [c"__doc__", c"__name__", c"__qualname__", c"__module__", c"__text_signature__", c"__signature__"]
            .map(attribute)
            .into();
    attributes.push(ffi::PyGetSetDef::default());
    let method =
        |name: &'static CStr, function: ffi::PyCFunctionFastWithKeywords, doc: &'static CStr| ffi::PyMethodDef {
            ml_name: name.as_ptr(),
            ml_meth: ffi::PyMethodDefPointer { PyCFunctionFastWithKeywords: function },
            ml_flags: ffi::METH_FASTCALL | ffi::METH_KEYWORDS,
            ml_doc: doc.as_ptr(),
        };
    let methods = vec![
        method(
            c"partial",
            partial,
            c"The state of some of the elements, unfinished: a structured scalar, or an array of them along the other axes.\n\n\
              Takes what a call takes, but for `out` and `initial`. States are put together by `combine`.",
        ),
        method(
            c"combine",
            combine,
            c"The state of the elements of two parts together.\n\nTakes two states, or arrays of them that broadcast, and the params.",
        ),
        method(c"finish", finish, c"What a state comes to.\n\nTakes a state, or an array of them, and the params."),
        ffi::PyMethodDef {
            ml_name: c"__reduce__".as_ptr(),
            ml_meth: ffi::PyMethodDefPointer { PyCFunction: reduce },
            ml_flags: ffi::METH_NOARGS,
            ml_doc: ptr::null(),
        },
        ffi::PyMethodDef::zeroed(),
    ];
    let slot = |slot: c_int, function: *mut c_void| ffi::PyType_Slot { slot, pfunc: function };
    let slots = vec![
        slot(ffi::Py_tp_dealloc, dealloc as *mut c_void),
        slot(ffi::Py_tp_call, call as *mut c_void),
        slot(ffi::Py_tp_repr, repr as *mut c_void),
        slot(ffi::Py_tp_members, members.leak().as_mut_ptr().cast()),
        slot(ffi::Py_tp_getset, attributes.leak().as_mut_ptr().cast()),
        slot(ffi::Py_tp_methods, methods.leak().as_mut_ptr().cast()),
        slot(0, ptr::null_mut()),
    ];
    let mut spec = ffi::PyType_Spec {
        name: c"kernelgen.reduction".as_ptr(),
        basicsize: layout::SIZE,
        itemsize: 0,
        flags: (ffi::Py_TPFLAGS_DEFAULT | HAVE_VECTORCALL | DISALLOW_INSTANTIATION) as _,
        slots: slots.leak().as_mut_ptr(),
    };
    // SAFETY: the tables of the spec are never freed; a new reference or an error comes back.
    unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyType_FromSpec(&raw mut spec)) }
}

/// The face and the builtin function of an object of the type.
///
/// # Safety
/// `object` is one, and outlives what is made of it.
unsafe fn parts<'a, 'py>(py: Python<'py>, object: *mut ffi::PyObject) -> (&'a Reduction, Bound<'py, PyAny>) {
    // SAFETY: both fields were written when it was made.
    unsafe {
        let fields = fields(object);
        (&*(*fields).face, Bound::from_borrowed_ptr(py, (*fields).builtin))
    }
}

unsafe extern "C" fn dealloc(object: *mut ffi::PyObject) {
    // SAFETY: nobody has the object any more; a heap type is owned by its instances.
    unsafe {
        let class = ffi::Py_TYPE(object);
        ffi::Py_XDECREF((*fields(object)).builtin);
        ffi::PyObject_Free(object.cast());
        ffi::Py_DECREF(class.cast());
    }
}

/// A call with a tuple and a dict, as the vectorcall that it stands for.
unsafe extern "C" fn call(
    object: *mut ffi::PyObject,
    arguments: *mut ffi::PyObject,
    keywords: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    answered(|py| {
        // SAFETY: CPython calls with a tuple, and with a dict or null.
        let (arguments, keywords) = unsafe {
            (
                Bound::from_borrowed_ptr(py, arguments).cast_into_unchecked::<PyTuple>(),
                Bound::from_borrowed_ptr_or_opt(py, keywords).map(|dict| dict.cast_into_unchecked::<PyDict>()),
            )
        };
        let mut values: Vec<Bound<'_, PyAny>> = arguments.iter().collect();
        let positional = values.len();
        let mut names = Vec::new();
        for (name, value) in keywords.iter().flat_map(|keywords| keywords.iter()) {
            names.push(name);
            values.push(value);
        }
        let names = if names.is_empty() { None } else { Some(PyTuple::new(py, names)?) };
        let pointers: Vec<*mut ffi::PyObject> = values.iter().map(Bound::as_ptr).collect();
        let names = names.as_ref().map_or(ptr::null_mut(), Bound::as_ptr);
        // SAFETY: the arguments are owned until the call is answered; a new reference or an error comes back.
        unsafe {
            let vectorcall = (*fields(object)).vectorcall;
            Bound::from_owned_ptr_or_err(py, vectorcall(object, pointers.as_ptr(), positional, names))
        }
    })
}

/// What CPython calls: the face of the object.
///
/// # Safety
/// Called as CPython calls a vectorcall function, on an object of the type.
pub unsafe extern "C" fn vectorcall(
    object: *mut ffi::PyObject,
    arguments: *const *mut ffi::PyObject,
    count: usize,
    keywords: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: passed on; the face is a static.
    unsafe {
        let face = &*(*fields(object)).face;
        face.vectorcall(arguments, (count & !ARGUMENTS_OFFSET) as ffi::Py_ssize_t, keywords)
    }
}

unsafe extern "C" fn get(object: *mut ffi::PyObject, name: *mut c_void) -> *mut ffi::PyObject {
    answered(|py| {
        // SAFETY: the name is that of the attribute, and the object is of the type.
        let (name, (_, builtin)) = unsafe { (CStr::from_ptr(name.cast_const().cast()), parts(py, object)) };
        match name.to_str().unwrap_or_default() {
            "__signature__" => py.import("inspect")?.call_method1(intern!(py, "signature"), (builtin,)),
            name => builtin.getattr(name),
        }
    })
}

unsafe extern "C" fn repr(object: *mut ffi::PyObject) -> *mut ffi::PyObject {
    answered(|py| {
        // SAFETY: an object of the type.
        let (_, builtin) = unsafe { parts(py, object) };
        let name = builtin.getattr(intern!(py, "__name__"))?;
        Ok(format!("<reduction '{name}'>").into_pyobject(py)?.into_any())
    })
}

/// Pickled as its name.
unsafe extern "C" fn reduce(object: *mut ffi::PyObject, _: *mut ffi::PyObject) -> *mut ffi::PyObject {
    answered(|py| {
        // SAFETY: an object of the type.
        let (_, builtin) = unsafe { parts(py, object) };
        builtin.getattr(intern!(py, "__name__"))
    })
}

macro_rules! piece {
    ($($name:ident;)*) => {
        $(unsafe extern "C" fn $name(
            object: *mut ffi::PyObject,
            arguments: *const *mut ffi::PyObject,
            positional: ffi::Py_ssize_t,
            keywords: *mut ffi::PyObject,
        ) -> *mut ffi::PyObject {
            answered(|py| {
                // SAFETY: an object of the type.
                let (face, _) = unsafe { parts(py, object) };
                // SAFETY: called with as many arguments as CPython says.
                let call = unsafe { Call::new(py, arguments, positional, keywords) };
                if face.scans() {
                    let name = face.kernel().name;
                    return Err(PyTypeError::new_err(format!("{name} is a scan, and is not made in pieces")));
                }
                pieces::$name(face, py, &call)
            })
        })*
    };
}
piece! {
    partial;
    combine;
    finish;
}
