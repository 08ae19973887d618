//! Intake: from whatever a caller passes to an owned array whose layout was copied.
//!
//! The one module that reads NumPy's array struct. While the GIL is released nothing of the struct is looked at: other threads
//! may give an array another shape, strides or dtype. The data stay where they are as long as a reference is owned.

use numpy::npyffi::{
    NPY_ARRAY_CARRAY_RO, NPY_ARRAY_ENSURENOCOPY, NPY_ARRAY_FORCECAST, NPY_ARRAY_WRITEABLE, PY_ARRAY_API, PyArrayObject,
};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyComplex, PyFloat, PyInt, PyList, PyString, PyTuple};
use pyo3::{ffi, intern};

use super::error;
use super::numpy::{NumPy, dtype_of};
use crate::dtype::{DType, Kind};
use crate::elementwise::Place;
use crate::kernel::{Copying, Input};
use crate::resolve::Argument;
use crate::scalar::Value;
use crate::sink::Target;
use crate::tile::{Layout, Source};

/// An array with a reference of ours, not looked into yet.
pub struct Array<'py>(Bound<'py, PyAny>);

/// What an argument turned out to be.
pub enum Intake<'py> {
    /// An array: the caller's own, or made from a list, a buffer, a NumPy scalar.
    Array(Array<'py>),
    /// A Python number, which becomes an array when its dtype is known.
    Number(Bound<'py, PyAny>, Kind),
}

/// The data of an array that is exactly what a loop wants: in a row, aligned, in native byte order.
#[derive(Clone, Copy)]
pub struct Contiguous<'a> {
    /// The first element.
    pub data: *const u8,
    /// Whether it may be written to.
    pub writeable: bool,
    /// Length of each axis; not to be looked at once Python code may have run.
    pub dims: &'a [isize],
    /// Elements in all.
    pub len: usize,
    /// What they are.
    pub dtype: DType,
}

/// Takes an exact ndarray whose elements lie so, and nothing else. The pointer is good for as long as a reference to `object`
/// is owned.
#[inline(always)]
pub fn contiguous<'a>(numpy: &NumPy, object: &'a Bound<'_, PyAny>) -> Option<Contiguous<'a>> {
    if !numpy.is_exact_array(object) {
        return None;
    }
    // SAFETY: an ndarray; its dims are read while attached.
    unsafe {
        let fields = &(*object.as_ptr().cast::<PyArrayObject>()).fields;
        let descr = &(*fields.descr).fields;
        let dtype = dtype_of(descr.type_num)?;
        let in_a_row = fields.flags & NPY_ARRAY_CARRAY_RO == NPY_ARRAY_CARRAY_RO;
        if !in_a_row || !is_native(descr.byteorder) {
            return None;
        }
        let dims = dims(fields.dimensions.cast_const(), fields.nd);
        Some(Contiguous {
            data: fields.data.cast_const().cast(),
            writeable: fields.flags & NPY_ARRAY_WRITEABLE != 0,
            dims,
            len: dims.iter().map(|&dim| dim as usize).product(),
            dtype,
        })
    }
}

/// A slice of NumPy's dims or strides; no slice is made of the null pointer of a 0-d array.
///
/// # Safety
/// `pointer` holds `n` values, if `n` is not 0.
unsafe fn dims<'a>(pointer: *const isize, n: std::ffi::c_int) -> &'a [isize] {
    if n == 0 {
        return &[];
    }
    // SAFETY: passed on.
    unsafe { std::slice::from_raw_parts(pointer, n as usize) }
}

/// Whether NumPy's byte order character says that nothing need be swapped.
fn is_native(byteorder: std::ffi::c_char) -> bool {
    let foreign = if cfg!(target_endian = "little") { b'>' } else { b'<' };
    byteorder as u8 != foreign
}

impl Contiguous<'_> {
    /// Whether two have the same dims: told by a loop, as there are few.
    #[inline(always)]
    pub fn has_shape_of(&self, other: &Contiguous<'_>) -> bool {
        self.dims.len() == other.dims.len() && self.dims.iter().zip(other.dims).all(|(a, b)| a == b)
    }

    /// Its layout, in one dimension.
    pub fn layout(&self) -> Layout {
        let source = Source { data: self.data, dtype: self.dtype, swapped: false, aligned: true };
        Layout { dims: vec![self.len], strides: vec![self.dtype.size() as isize], source }
    }
}

impl<'py> Array<'py> {
    /// The array's dtype, if kernels can compute with it.
    pub fn dtype(&self) -> Option<DType> {
        // SAFETY: `self` holds an ndarray.
        unsafe {
            let fields = &(*self.0.as_ptr().cast::<PyArrayObject>()).fields;
            dtype_of((*fields.descr).fields.type_num)
        }
    }

    /// Copies the layout and takes the pointer. Only after the last call that could run Python code.
    pub fn layout(&self) -> Option<Layout> {
        let dtype = self.dtype()?;
        // SAFETY: `self` holds an ndarray; its metadata are read while attached and copied.
        let (shape, strides, data, native) = unsafe {
            let fields = &(*self.0.as_ptr().cast::<PyArrayObject>()).fields;
            (
                dims(fields.dimensions.cast_const(), fields.nd),
                dims(fields.strides.cast_const(), fields.nd).to_vec(),
                fields.data.cast_const().cast::<u8>(),
                is_native((*fields.descr).fields.byteorder),
            )
        };
        let shape: Vec<usize> = shape.iter().map(|&dim| dim as usize).collect();
        let word = dtype.word();
        let aligned = (data as usize).is_multiple_of(word)
            && shape.iter().zip(&strides).all(|(&dim, &stride)| dim == 1 || stride.unsigned_abs().is_multiple_of(word));
        let source = Source { data, dtype, swapped: !native, aligned };
        Some(Layout { dims: shape, strides, source })
    }

    /// A new array. `strides` are bytes; without them it is in C order.
    #[inline(always)]
    pub fn new(
        numpy: &NumPy,
        py: Python<'py>,
        dtype: DType,
        dims: &[isize],
        strides: Option<&mut [isize]>,
    ) -> PyResult<Array<'py>> {
        let strides = strides.map_or(std::ptr::null_mut(), |strides| strides.as_mut_ptr());
        let (none, nothing) = (std::ptr::null_mut(), std::ptr::null_mut());
        // SAFETY: dims and strides have one length, the strides are those of an order of axes without gaps; the descr's
        // reference is stolen, so one is added first; the result is a new reference or an error.
        unsafe {
            let descr = numpy.descr(dtype);
            ffi::Py_INCREF(descr.cast());
            let (class, nd) = (numpy.ndarray(), dims.len() as std::ffi::c_int);
            let array = PY_ARRAY_API.PyArray_NewFromDescr(
                py,
                class,
                descr,
                nd,
                dims.as_ptr().cast_mut(),
                strides,
                none,
                0,
                nothing,
            );
            Bound::from_owned_ptr_or_err(py, array).map(Array)
        }
    }

    /// The array of a caller's `out`: an exact ndarray and nothing else.
    pub fn exact(numpy: &NumPy, object: &Bound<'py, PyAny>) -> Option<Array<'py>> {
        numpy.is_exact_array(object).then(|| Array(object.clone()))
    }

    /// Dims of the array, and where its elements are to be written; `None` if it cannot be written to. Only after the last call
    /// that could run Python code.
    pub fn place(&self) -> Option<(Vec<usize>, Place)> {
        let Layout { dims, strides, source: Source { data, dtype, swapped, aligned } } = self.layout()?;
        let target = Target { data: data.cast_mut(), dtype, swapped, aligned };
        self.is_writeable().then_some((dims, Place { strides, target }))
    }

    fn is_writeable(&self) -> bool {
        // SAFETY: `self` holds an ndarray.
        unsafe { (*self.0.as_ptr().cast::<PyArrayObject>()).fields.flags & NPY_ARRAY_WRITEABLE != 0 }
    }

    /// The array as a result: of no dimensions a NumPy scalar.
    pub fn into_result(self) -> PyResult<Bound<'py, PyAny>> {
        let py = self.0.py();
        // SAFETY: an ndarray, whose reference is taken over; a new reference or an error comes back.
        unsafe {
            let result = PY_ARRAY_API.PyArray_Return(py, self.0.into_ptr().cast());
            Bound::from_owned_ptr_or_err(py, result)
        }
    }

    /// `object` as an array of `dtype`, made by NumPy: for Python numbers, and for whole copies that a spec asks for.
    pub fn convert(numpy: &NumPy, object: &Bound<'py, PyAny>, dtype: DType, force: bool) -> PyResult<Array<'py>> {
        let flags = NPY_ARRAY_CARRAY_RO | if force { NPY_ARRAY_FORCECAST } else { 0 };
        let py = object.py();
        // SAFETY: the descr's reference is stolen, so one is added first; the result is a new reference or an error.
        unsafe {
            let descr = numpy.descr(dtype);
            ffi::Py_INCREF(descr.cast());
            let null = std::ptr::null_mut();
            let array = PY_ARRAY_API.PyArray_FromAny(py, object.as_ptr(), descr, 0, 0, flags, null);
            Bound::from_owned_ptr_or_err(py, array).map(Array)
        }
    }

    /// NumPy's name of the dtype, for errors.
    pub fn dtype_name(&self) -> String {
        self.0
            .getattr("dtype")
            .and_then(|dtype| dtype.getattr("name")?.str())
            .map_or_else(|_| String::new(), |name| name.to_string())
    }

    /// The first element.
    #[inline(always)]
    pub fn data(&self) -> *mut u8 {
        // SAFETY: `self` holds an ndarray.
        unsafe { (*self.0.as_ptr().cast::<PyArrayObject>()).fields.data.cast() }
    }

    /// The array as an object.
    pub fn into_any(self) -> Bound<'py, PyAny> {
        self.0
    }

    /// The array as an object, borrowed.
    pub fn as_any(&self) -> &Bound<'py, PyAny> {
        &self.0
    }
}

impl<'py> Intake<'py> {
    /// The default of an input: a Python number, which takes the dtype of the arguments.
    pub fn default(numpy: &NumPy, py: Python<'py>, value: Value) -> PyResult<Intake<'py>> {
        Ok(match value {
            Value::Bool(b) => {
                let b = PyBool::new(py, b).to_owned().into_any();
                Intake::Array(Array::convert(numpy, &b, DType::Bool, false)?)
            }
            Value::Int(i) => Intake::Number(i.into_pyobject(py)?.into_any(), Kind::Signed),
            Value::UInt(u) => Intake::Number(u.into_pyobject(py)?.into_any(), Kind::Signed),
            Value::Float(f) => Intake::Number(PyFloat::new(py, f).into_any(), Kind::Float),
        })
    }
}

impl Intake<'_> {
    /// What decides about the loop; `None` for a dtype that no kernel computes with.
    pub fn argument(&self) -> Option<Argument> {
        match self {
            Intake::Array(array) => array.dtype().map(Argument::Of),
            Intake::Number(_, kind) => Some(Argument::Weak(*kind)),
        }
    }

    /// What came, for errors: NumPy's name of the dtype, or Python's of the number.
    pub fn dtype_name(&self) -> String {
        match self {
            Intake::Array(array) => array.dtype_name(),
            Intake::Number(_, Kind::Complex) => "complex".to_string(),
            Intake::Number(_, Kind::Float) => "float".to_string(),
            Intake::Number(..) => "int".to_string(),
        }
    }
}

/// Takes an argument: arrays as they are, Python numbers as such, everything else through NumPy. What would lose a mask, a
/// unit, or a chunked array's laziness is refused.
pub fn take<'py>(numpy: &NumPy, kernel: &str, input: &Input, object: &Bound<'py, PyAny>) -> PyResult<Intake<'py>> {
    if numpy.is_exact_array(object) {
        return Ok(Intake::Array(Array(object.clone())));
    }
    let never = input.copying == Copying::Never;
    if let Some(kind) = number(object) {
        return if never { Err(copied(kernel, input.name, object)) } else { Ok(Intake::Number(object.clone(), kind)) };
    }
    if numpy.is_array(object) {
        refuse_meaningful(numpy, kernel, input.name, object)?;
        return Ok(Intake::Array(Array(object.clone())));
    }
    refuse_foreign(numpy, kernel, input.name, object)?;
    let py = object.py();
    let flags = if never { NPY_ARRAY_ENSURENOCOPY } else { 0 };
    // SAFETY: attached; a new reference or an error.
    let made = unsafe {
        let (as_found, no_context) = (std::ptr::null_mut(), std::ptr::null_mut());
        let array = PY_ARRAY_API.PyArray_FromAny(py, object.as_ptr(), as_found, 0, 0, flags, no_context);
        Bound::from_owned_ptr_or_err(py, array)
    };
    let made = made.map_err(|error| if never { copied(kernel, input.name, object) } else { error })?;
    refuse_meaningful(numpy, kernel, input.name, &made)?;
    Ok(Intake::Array(Array(made)))
}

/// Elements of an exact ndarray, one for a number; `None` for what is to be looked into: a list, an array of another class.
pub fn elements(numpy: &NumPy, object: &Bound<'_, PyAny>) -> Option<usize> {
    if !numpy.is_exact_array(object) {
        let is_container = object.is_instance_of::<PyList>() || object.is_instance_of::<PyTuple>();
        return (!is_container && !numpy.is_array(object)).then_some(1);
    }
    // SAFETY: an ndarray; its dims are read while attached.
    let dims = unsafe {
        let fields = &(*object.as_ptr().cast::<PyArrayObject>()).fields;
        dims(fields.dimensions.cast_const(), fields.nd)
    };
    Some(dims.iter().map(|&dim| dim as usize).product())
}

/// Whether NumPy, too, would make no more of `object` than an array of numbers: exact ndarrays, numbers, NumPy's own scalars,
/// lists and tuples. Everything else may have a way of its own.
pub fn is_plain(numpy: &NumPy, object: &Bound<'_, PyAny>) -> PyResult<bool> {
    let py = object.py();
    Ok(numpy.is_exact_array(object)
        || number(object).is_some()
        || object.is_exact_instance_of::<PyBool>()
        || object.is_exact_instance_of::<PyList>()
        || object.is_exact_instance_of::<PyTuple>()
        || object.is_instance(numpy.generic.bind(py))? && !object.get_type().hasattr(intern!(py, "__array_ufunc__"))?)
}

/// The kind of a Python number; `None` for everything else, NumPy's scalars and bools among it.
pub fn number(object: &Bound<'_, PyAny>) -> Option<Kind> {
    if object.is_exact_instance_of::<PyFloat>() {
        Some(Kind::Float)
    } else if object.is_exact_instance_of::<PyInt>() {
        Some(Kind::Signed)
    } else if object.is_exact_instance_of::<PyComplex>() {
        Some(Kind::Complex)
    } else {
        None
    }
}

fn copied(kernel: &str, name: &str, object: &Bound<'_, PyAny>) -> PyErr {
    let class = object.get_type().name().map(|name| name.to_string()).unwrap_or_default();
    error::never_makes(kernel, name, &class)
}

/// Refuses arrays of classes that mean more than their data: masks, units.
fn refuse_meaningful(numpy: &NumPy, kernel: &str, name: &str, array: &Bound<'_, PyAny>) -> PyResult<()> {
    let py = array.py();
    if array.is_instance(numpy.masked.bind(py))? {
        return Err(error::masked(kernel, name));
    }
    let own = array.get_type().getattr(intern!(py, "__array_ufunc__"))?;
    if own.is(&numpy.array_ufunc) { Ok(()) } else { Err(foreign(kernel, name, array)) }
}

/// Refuses objects of other libraries that compute with NumPy functions in their own way. A pandas Series or Index is
/// in memory and is let through; its values decide.
fn refuse_foreign(numpy: &NumPy, kernel: &str, name: &str, object: &Bound<'_, PyAny>) -> PyResult<()> {
    let py = object.py();
    let class = object.get_type();
    if object.is_instance_of::<PyString>()
        || object.is_instance_of::<PyBool>()
        || object.is_instance(numpy.generic.bind(py))?
    {
        return Ok(());
    }
    let has = |attribute| class.hasattr(attribute);
    let overrides = has(intern!(py, "__array_ufunc__"))? || has(intern!(py, "__array_function__"))?;
    if !overrides || class.module()?.to_string().split('.').next() == Some("pandas") {
        return Ok(());
    }
    Err(foreign(kernel, name, object))
}

fn foreign(kernel: &str, name: &str, object: &Bound<'_, PyAny>) -> PyErr {
    let class = object.get_type();
    let class = class.fully_qualified_name().map(|name| name.to_string()).unwrap_or_default();
    error::foreign(kernel, name, &class)
}
