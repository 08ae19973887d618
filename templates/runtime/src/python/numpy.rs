//! What is asked of NumPy once, when the module is imported.

use std::ffi::{c_char, c_int, c_void};

use numpy::npyffi::{NpyTypes, PY_ARRAY_API, PyArray_Descr, PyUFuncGenericFunction, get_type_object};
use pyo3::exceptions::PyImportError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::{ffi, intern};

use crate::dtype::DType;
use crate::flags::Flags;
use crate::half::Half;
use crate::scalar::Slot;
use crate::versions::{is_met, needed};

/// Types and functions of NumPy.
pub struct NumPy {
    ndarray: *mut ffi::PyTypeObject,
    /// `numpy.generic`, the type of NumPy's scalars.
    pub generic: Py<PyAny>,
    /// `numpy.bool`.
    pub bool: Py<PyAny>,
    /// `numpy.ma.MaskedArray`.
    pub masked: Py<PyAny>,
    /// `numpy.ndarray.__array_ufunc__`, which subclasses may replace.
    pub array_ufunc: Py<PyAny>,
    /// `numpy.float64`, which is a `float` and yet of a dtype.
    float64: *mut ffi::PyTypeObject,
    descrs: [*mut PyArray_Descr; 14],
    give_errors: GiveErrors,
    /// Makes a ufunc.
    pub new_ufunc: NewUfunc,
}

/// `PyUFunc_GiveFloatingpointErrors`.
type GiveErrors = unsafe extern "C" fn(*const c_char, c_int) -> c_int;

/// `PyUFunc_FromFuncAndDataAndSignatureAndIdentity`: functions, their data, types, how many loops, inputs, outputs, kind of
/// identity, name, doc, unused, signature, identity.
pub type NewUfunc = unsafe extern "C" fn(
    *mut PyUFuncGenericFunction,
    *mut *mut c_void,
    *mut c_char,
    c_int,
    c_int,
    c_int,
    c_int,
    *const c_char,
    *const c_char,
    c_int,
    *const c_char,
    *mut ffi::PyObject,
) -> *mut ffi::PyObject;

// SAFETY: the pointers are to immortal types, to dtypes that are never freed, and to a function of NumPy.
unsafe impl Send for NumPy {}
// SAFETY: nothing is ever changed.
unsafe impl Sync for NumPy {}

/// The oldest NumPy that this build works with, whatever a package asks for. From 2.5 on NumPy tells those where its structs are who do
/// not know how large the heads of objects are.
const OLDEST: &str = if cfg!(all(Py_LIMITED_API, Py_GIL_DISABLED)) { "2.5" } else { "2.0" };

static NUMPY: PyOnceLock<NumPy> = PyOnceLock::new();

impl NumPy {
    /// NumPy as it was found at import.
    #[inline(always)]
    pub fn get(py: Python<'_>) -> PyResult<&'static NumPy> {
        match NUMPY.get(py) {
            Some(numpy) => Ok(numpy),
            None => NUMPY.get_or_try_init(py, || NumPy::load(py)),
        }
    }

    /// Imports NumPy for `package`; without one that is as new as `versions` say, an ImportError that says what to do.
    pub fn import(py: Python<'_>, package: &str, versions: &str) -> PyResult<()> {
        let needed = needed(versions, OLDEST);
        let refused = |why: &str| {
            PyImportError::new_err(format!("{package} needs NumPy {needed}, {why}: pip install \"numpy{needed}\""))
        };
        let numpy = py.import("numpy").map_err(|error| {
            let refused = refused("which could not be imported");
            refused.set_cause(py, Some(error));
            refused
        })?;
        let version = numpy.getattr("__version__")?.to_string();
        if !is_met(&needed, &version) {
            return Err(refused(&format!("and this is NumPy {version}")));
        }
        NumPy::get(py).map(|_| ())
    }

    fn load(py: Python<'_>) -> PyResult<NumPy> {
        let numpy = py.import("numpy")?;
        let ndarray = numpy.getattr("ndarray")?;
        let umath = py.import("numpy._core._multiarray_umath")?;
        let capsule = umath.getattr("_UFUNC_API")?;
        // SAFETY: NumPy's capsule has no name and holds a table of functions; their numbers and types are part of its ABI,
        // 42 since NumPy 1.16, 46 since 2.0.
        let (new_ufunc, give_errors) = unsafe {
            let table = ffi::PyCapsule_GetPointer(capsule.as_ptr(), std::ptr::null()).cast::<*const c_void>();
            if table.is_null() {
                return Err(PyErr::fetch(py));
            }
            (
                std::mem::transmute::<*const c_void, NewUfunc>(*table.add(42)),
                std::mem::transmute::<*const c_void, GiveErrors>(*table.add(46)),
            )
        };
        Ok(NumPy {
            // SAFETY: attached, and NumPy is imported.
            ndarray: unsafe { get_type_object(py, NpyTypes::PyArray_Type) },
            generic: numpy.getattr("generic")?.unbind(),
            bool: numpy.getattr("bool")?.unbind(),
            masked: py.import("numpy.ma")?.getattr("MaskedArray")?.unbind(),
            array_ufunc: ndarray.getattr(intern!(py, "__array_ufunc__"))?.unbind(),
            // SAFETY: attached; the numbers are NumPy's.
            descrs: DType::ALL.map(|dtype| unsafe { PY_ARRAY_API.PyArray_DescrFromType(py, number(dtype)) }),
            float64: numpy.getattr("float64")?.as_ptr().cast(),
            give_errors,
            new_ufunc,
        })
    }

    /// Whether `object` is an `ndarray` and of no subclass.
    #[inline(always)]
    pub fn is_exact_array(&self, object: &Bound<'_, PyAny>) -> bool {
        object.get_type_ptr() == self.ndarray
    }

    /// The type `numpy.ndarray`.
    pub fn ndarray(&self) -> *mut ffi::PyTypeObject {
        self.ndarray
    }

    /// Whether `object` is a `numpy.float64` and of no subclass.
    #[inline(always)]
    pub fn is_float64(&self, object: &Bound<'_, PyAny>) -> bool {
        object.get_type_ptr() == self.float64
    }

    /// Whether `object` is an `ndarray` of any class.
    pub fn is_array(&self, object: &Bound<'_, PyAny>) -> bool {
        // SAFETY: `object` is alive, and so is the type.
        unsafe { ffi::PyObject_TypeCheck(object.as_ptr(), self.ndarray) != 0 }
    }

    /// NumPy's dtype object, borrowed.
    pub fn descr(&self, dtype: DType) -> *mut PyArray_Descr {
        self.descrs[dtype as usize]
    }

    /// The value that a block function wrote to `slot` as a NumPy scalar of `dtype`.
    #[inline(always)]
    pub fn scalar<'py>(&self, py: Python<'py>, slot: &Slot, dtype: DType) -> PyResult<Bound<'py, PyAny>> {
        let mut stored = *slot;
        if dtype == DType::F16 {
            // SAFETY: a half is computed as f32.
            stored.write(Half::from_f32(unsafe { slot.read::<f32>() }));
        }
        // SAFETY: the slot holds an element of `dtype`; the result is a new reference or an error.
        unsafe {
            let data = std::ptr::from_mut(&mut stored).cast();
            Bound::from_owned_ptr_or_err(
                py,
                PY_ARRAY_API.PyArray_Scalar(py, data, self.descr(dtype), std::ptr::null_mut()),
            )
        }
    }

    /// Warns, raises or calls as `np.errstate` says for these flags.
    #[cold]
    pub fn report(&self, py: Python<'_>, name: &str, flags: Flags) -> PyResult<()> {
        let name = std::ffi::CString::new(name).unwrap_or_default();
        // SAFETY: attached; the name is a C string.
        match unsafe { (self.give_errors)(name.as_ptr(), flags.0 as c_int) } {
            0 => Ok(()),
            _ => Err(PyErr::fetch(py)),
        }
    }
}

/// NumPy's number of a dtype. 64-bit integers are `long` or `long long` by the platform.
pub fn number(dtype: DType) -> c_int {
    let long = size_of::<std::ffi::c_long>() == 8;
    match dtype {
        DType::Bool => 0,
        DType::I8 => 1,
        DType::U8 => 2,
        DType::I16 => 3,
        DType::U16 => 4,
        DType::I32 => 5,
        DType::U32 => 6,
        DType::I64 => {
            if long {
                7
            } else {
                9
            }
        }
        DType::U64 => {
            if long {
                8
            } else {
                10
            }
        }
        DType::F32 => 11,
        DType::F64 => 12,
        DType::C64 => 14,
        DType::C128 => 15,
        DType::F16 => 23,
    }
}

/// The number of the other C type of the same integers, if there are two: `long` and `int` or `long long`.
pub fn other_number(number: c_int) -> c_int {
    let long = size_of::<std::ffi::c_long>() == 8;
    match number {
        7 if long => 9,
        8 if long => 10,
        5 if !long => 7,
        6 if !long => 8,
        same => same,
    }
}

/// The dtype of NumPy's number, whatever C type it stands for.
#[inline(always)]
pub fn dtype_of(number: c_int) -> Option<DType> {
    let long = size_of::<std::ffi::c_long>() == 8;
    Some(match number {
        0 => DType::Bool,
        1 => DType::I8,
        2 => DType::U8,
        3 => DType::I16,
        4 => DType::U16,
        5 => DType::I32,
        6 => DType::U32,
        7 => {
            if long {
                DType::I64
            } else {
                DType::I32
            }
        }
        8 => {
            if long {
                DType::U64
            } else {
                DType::U32
            }
        }
        9 => DType::I64,
        10 => DType::U64,
        11 => DType::F32,
        12 => DType::F64,
        14 => DType::C64,
        15 => DType::C128,
        23 => DType::F16,
        _ => return None,
    })
}
