//! Arrays, owned, whose layout was copied.
//!
//! The one module that reads NumPy's array struct. While the GIL is released nothing of the struct is looked at: other threads
//! may give an array another shape, strides or dtype. The data stay where they are as long as a reference is owned.

use numpy::npyffi::{
    _PyArray_GET_ITEM_DATA, _PyDataType_GET_ITEM_DATA, NPY_ARRAY_CARRAY_RO, NPY_ARRAY_ENSURENOCOPY,
    NPY_ARRAY_FORCECAST, NPY_ARRAY_WRITEABLE, PY_ARRAY_API, PyArrayObject_fields,
};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use super::numpy::{NumPy, dtype_of};
use crate::dtype::DType;
use crate::sink::{Place, Target};
use crate::tile::{Layout, Source};

/// An array with a reference of ours, not looked into yet.
#[derive(Clone)]
pub struct Array<'py>(Bound<'py, PyAny>);

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
        let fields = &*fields(object);
        let descr = &*_PyDataType_GET_ITEM_DATA(fields.descr);
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

/// NumPy's struct of an array, where NumPy says that it is: in a build for free-threaded Python and others at once, objects have
/// heads of a size that only the interpreter knows.
///
/// # Safety
/// `object` is an ndarray.
#[inline(always)]
unsafe fn fields(object: &Bound<'_, PyAny>) -> *const PyArrayObject_fields {
    // SAFETY: attached, as who has a `Bound` is.
    unsafe { _PyArray_GET_ITEM_DATA(object.as_ptr().cast()) }
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
    /// An object that is an array, of whatever class.
    pub fn of(numpy: &NumPy, object: &Bound<'py, PyAny>) -> Option<Array<'py>> {
        numpy.is_array(object).then(|| Array(object.clone()))
    }

    /// The array's dtype, if kernels can compute with it.
    pub fn dtype(&self) -> Option<DType> {
        // SAFETY: `self` holds an ndarray.
        unsafe {
            let descr = (*fields(&self.0)).descr;
            dtype_of((*_PyDataType_GET_ITEM_DATA(descr)).type_num)
        }
    }

    /// Copies the layout and takes the pointer. Only after the last call that could run Python code.
    pub fn layout(&self) -> Option<Layout> {
        let dtype = self.dtype()?;
        // SAFETY: `self` holds an ndarray; its metadata are read while attached and copied.
        let (shape, strides, data, native) = unsafe {
            let fields = &*fields(&self.0);
            (
                dims(fields.dimensions.cast_const(), fields.nd),
                dims(fields.strides.cast_const(), fields.nd).to_vec(),
                fields.data.cast_const().cast::<u8>(),
                is_native((*_PyDataType_GET_ITEM_DATA(fields.descr)).byteorder),
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

    /// Whether it may be written to.
    pub fn is_writeable(&self) -> bool {
        // SAFETY: `self` holds an ndarray.
        unsafe { (*fields(&self.0)).flags & NPY_ARRAY_WRITEABLE != 0 }
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

    /// Whatever NumPy makes of `object`, of the dtype that it finds. With `no_copy` an error where that takes a copy.
    pub fn from_any(object: &Bound<'py, PyAny>, no_copy: bool) -> PyResult<Array<'py>> {
        let py = object.py();
        let flags = if no_copy { NPY_ARRAY_ENSURENOCOPY } else { 0 };
        // SAFETY: attached; a new reference or an error.
        unsafe {
            let (as_found, no_context) = (std::ptr::null_mut(), std::ptr::null_mut());
            let array = PY_ARRAY_API.PyArray_FromAny(py, object.as_ptr(), as_found, 0, 0, flags, no_context);
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
        unsafe { (*fields(&self.0)).data.cast() }
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

/// Elements of an exact ndarray, one for a number; `None` for what is to be looked into: a list, an array of another class.
pub fn elements(numpy: &NumPy, object: &Bound<'_, PyAny>) -> Option<usize> {
    if !numpy.is_exact_array(object) {
        let is_container = object.is_instance_of::<PyList>() || object.is_instance_of::<PyTuple>();
        return (!is_container && !numpy.is_array(object)).then_some(1);
    }
    // SAFETY: an ndarray; its dims are read while attached.
    let dims = unsafe {
        let fields = &*fields(object);
        dims(fields.dimensions.cast_const(), fields.nd)
    };
    Some(dims.iter().map(|&dim| dim as usize).product())
}
