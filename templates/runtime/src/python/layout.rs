//! Where a reduction, as an object, keeps its fields, and how CPython is told of the place.

use std::ffi::c_int;

use pyo3::ffi;

use super::reduce::Reduction;
use super::ufunc::Vectorcall;

/// What a reduction has behind the head that all objects have.
#[repr(C)]
pub struct Fields {
    /// What CPython calls.
    pub vectorcall: Vectorcall,
    /// What computes.
    pub face: *const Reduction,
    /// The builtin function of the same name, which knows how it is documented.
    pub builtin: *mut ffi::PyObject,
}

pub use place::{FLAGS, OFFSET, SIZE, fields};

/// The head is known.
#[cfg(not(all(Py_LIMITED_API, Py_GIL_DISABLED)))]
mod place {
    use super::{Fields, c_int, ffi};

    #[repr(C)]
    struct Callable {
        head: ffi::PyObject,
        fields: Fields,
    }

    /// The size of an object, as `PyType_Spec` has it.
    pub const SIZE: c_int = size_of::<Callable>() as c_int;
    /// Where the fields begin, as `PyMemberDef` has it.
    pub const OFFSET: usize = std::mem::offset_of!(Callable, fields);
    /// The flags of a `PyMemberDef` with such an offset.
    pub const FLAGS: c_int = ffi::Py_READONLY;

    /// The fields of an object.
    ///
    /// # Safety
    /// `object` is a reduction.
    #[inline(always)]
    pub unsafe fn fields(object: *mut ffi::PyObject) -> *mut Fields {
        // SAFETY: passed on.
        unsafe { &raw mut (*object.cast::<Callable>()).fields }
    }
}

/// Only the interpreter knows how large the head is: one build is for those with a GIL and for those without.
#[cfg(all(Py_LIMITED_API, Py_GIL_DISABLED))]
mod place {
    use super::{Fields, c_int, ffi};

    /// The size of an object, as `PyType_Spec` has it: so many bytes behind the head.
    pub const SIZE: c_int = -(size_of::<Fields>() as c_int);
    /// Where the fields begin, as `PyMemberDef` has it: behind the head.
    pub const OFFSET: usize = 0;
    /// The flags of a `PyMemberDef` with such an offset.
    pub const FLAGS: c_int = ffi::Py_READONLY | ffi::Py_RELATIVE_OFFSET;

    /// The fields of an object.
    ///
    /// # Safety
    /// `object` is a reduction.
    #[inline(always)]
    pub unsafe fn fields(object: *mut ffi::PyObject) -> *mut Fields {
        // SAFETY: the type has no subclasses, so that the fields are those of the object's own type.
        unsafe { ffi::PyObject_GetTypeData(object, ffi::Py_TYPE(object)).cast() }
    }
}
