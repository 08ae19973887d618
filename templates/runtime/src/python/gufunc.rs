//! A body kernel as a gufunc of NumPy's: how it is made, and the loop that NumPy's own driver calls.

use std::ffi::{c_char, c_int, c_void};

use numpy::npyffi::{PY_ARRAY_API, PyUFuncObject, PyUFuncObject_fields, npy_intp};
use pyo3::ffi;
use pyo3::prelude::*;

use super::body::{describe, is_changed};
use super::ending::exception;
use super::gil::attached;
use super::numpy::{NumPy, number};
use super::params;
use super::places::fill;
use super::run::quietly;
use super::strided::report;
use super::ufunc::{self, Table};
use crate::block::Body;
use crate::body::Kernel;
use crate::cut::Means;
use crate::dims::{self, Lengths, Misfit, Why};
use crate::failure::{Failure, Kind};
use crate::flags::{Flags, Register};
use crate::items::{Access, Array, Items, Part};
use crate::team;
use crate::tile::{Layout, Source};

/// What the loop is given of its kernel.
struct Data {
    kernel: &'static Kernel,
    body: &'static Body,
    /// For each axis of each input and output, its place among the dimensions of the signature.
    axes: Vec<Vec<usize>>,
}

/// The gufunc of a kernel. It is never freed, and pickles as `module.name`.
pub fn new<'py>(py: Python<'py>, numpy: &NumPy, kernel: &'static Kernel, module: &str) -> PyResult<Bound<'py, PyAny>> {
    let axes = axes(kernel.core.signature);
    let mut table = Table::new(kernel.inputs.len(), kernel.outputs.names.len());
    for &body in kernel.loops {
        let numbers: Vec<c_int> = body.inputs.iter().chain(body.outputs).map(|&dtype| number(dtype)).collect();
        let data = Data { kernel, body, axes: axes.clone() };
        table.push(&numbers, items, Box::into_raw(Box::new(data)).cast());
    }
    let gufunc = table.make(py, numpy, kernel, kernel.name, kernel.core.signature)?;
    let _ = ufunc::describe(&gufunc, kernel, module, kernel.name);
    // SAFETY: attached.
    let version = unsafe { PY_ARRAY_API.PyArray_GetNDArrayCFeatureVersion(py) };
    if version >= KNOWS_SIZES {
        // SAFETY: a gufunc, made just now and not shared, of a NumPy that has the field.
        unsafe { (*ufunc::fields(py, gufunc.as_ptr().cast()).cast::<Extended>()).sizes = Some(sizes) };
    }
    Ok(gufunc)
}

/// The version of NumPy's C API from which on a gufunc computes sizes: NumPy 2.1.
const KNOWS_SIZES: u32 = 0x13;

/// A function that knows the sizes of outputs.
type Sizes = unsafe extern "C" fn(*mut PyUFuncObject, *mut npy_intp) -> c_int;

/// A ufunc with what NumPy has added to it: sizes and flags of core dimensions, the identity, two private fields, and since 2.1 a
/// function that knows the sizes of outputs.
#[repr(C)]
struct Extended {
    fields: PyUFuncObject_fields,
    more: [*mut c_void; 5],
    sizes: Option<Sizes>,
}

/// For each axis of each operand of a signature, the place of its dimension, counted as NumPy counts them.
fn axes(signature: &'static str) -> Vec<Vec<usize>> {
    let mut known: Vec<&str> = Vec::new();
    let mut place = |name: &'static str| {
        known.iter().position(|other| *other == name).unwrap_or_else(|| {
            known.push(name);
            known.len() - 1
        })
    };
    let operands = signature.split('(').skip(1).filter_map(|rest| rest.split(')').next());
    operands.map(|dims| dims.split(',').filter(|name| !name.is_empty()).map(&mut place).collect()).collect()
}

/// Tells NumPy how large outputs are that have sizes of their own, and refuses arrays that do not fit together.
///
/// # Safety
/// As NumPy has it: attached, a gufunc of ours, a size for each dimension of its signature, -1 where none is known.
unsafe extern "C" fn sizes(gufunc: *mut PyUFuncObject, sizes: *mut npy_intp) -> c_int {
    // SAFETY: attached; the first loop's data are the kernel's.
    let data = unsafe { &*(*(*ufunc::fields(Python::assume_attached(), gufunc)).data).cast::<Data>() };
    let told = quietly(data.kernel.name, || -> Result<PyResult<()>, Misfit> {
        // SAFETY: there is a size for each dimension.
        let size = |&place: &usize| unsafe { *sizes.add(place) };
        let inputs = data.kernel.inputs.len();
        let items: Vec<Vec<usize>> =
            data.axes[..inputs].iter().map(|axes| axes.iter().map(|place| size(place) as usize).collect()).collect();
        let lengths = data.lengths(&items)?;
        for (operand, axes) in data.outputs().zip(&data.axes[inputs..]) {
            let item = lengths.item(&data.kernel.core, operand, &[])?;
            for (axis, (place, length)) in axes.iter().zip(item).enumerate() {
                let found = size(place);
                if found >= 0 && found as usize != length {
                    let why = Why::Wanted { found: found as usize, wanted: length as i64 };
                    return Err(Misfit { operand, axis, why });
                }
                // SAFETY: there is a size for each dimension.
                unsafe { *sizes.add(*place) = length as npy_intp };
            }
        }
        Ok(attached(|_| params::require(data.kernel, data.body, &[], &lengths.dims)))
    });
    let error = match told {
        Ok(Ok(Ok(()))) => return 0,
        Ok(Ok(Err(error))) => error,
        Ok(Err(misfit)) => describe(data.kernel, data.body, misfit),
        Err(panic) => panic,
    };
    attached(|py| error.restore(py));
    -1
}

impl Data {
    /// The places of the outputs among the kernel's operands.
    fn outputs(&self) -> std::ops::Range<usize> {
        self.kernel.inputs.len() + self.body.scratch.len()..self.kernel.core.operands.len()
    }

    fn lengths(&self, items: &[Vec<usize>]) -> Result<Lengths, Misfit> {
        let items: Vec<Option<&[usize]>> = items.iter().map(|item| Some(&item[..])).collect();
        let mut lengths = Lengths::named(&self.kernel.core, &items)?;
        lengths.solve(&self.kernel.core, &items, &[])?;
        Ok(lengths)
    }
}

/// The loop as NumPy calls it. With or without the GIL.
///
/// # Safety
/// As NumPy has it: `dims` holds the number of items and the size of each dimension of the signature; `args` a pointer for each
/// input and output, aligned and in native byte order; `steps` the bytes between items of each, then between elements along each
/// axis of each; `data` is a [`Data`] that lives for ever.
unsafe extern "C" fn items(args: *mut *mut c_char, dims: *mut npy_intp, steps: *mut npy_intp, data: *mut c_void) {
    // SAFETY: NumPy hands on what it was given with the loop.
    let data = unsafe { &*data.cast::<Data>() };
    // An earlier call of this loop may have failed: NumPy goes on.
    // SAFETY: attached.
    if attached(|_| unsafe { !ffi::PyErr_Occurred().is_null() }) {
        return;
    }
    let earlier = Register::save();
    // SAFETY: passed on.
    let outcome = quietly(data.kernel.name, || unsafe { compute(data, args, dims, steps) });
    earlier.restore();
    let error = match outcome {
        Ok(Ok(flags)) => return report(flags),
        Ok(Err(failure)) => attached(|py| exception(py, data.kernel.name, failure)),
        Err(panic) => panic,
    };
    attached(|py| error.restore(py));
}

/// Computes all items, and gives the floating-point flags to report.
///
/// # Safety
/// As for [`items`].
unsafe fn compute(
    data: &Data,
    args: *mut *mut c_char,
    dims: *mut npy_intp,
    steps: *mut npy_intp,
) -> Result<Flags, Failure> {
    let (kernel, body) = (data.kernel, data.body);
    let operands = data.axes.len();
    // SAFETY: there is a size for each dimension, after the number of items.
    let size = |place: usize| unsafe { *dims.add(place) as usize };
    let n = size(0);
    let inputs = kernel.inputs.len();
    let items: Vec<Vec<usize>> =
        data.axes[..inputs].iter().map(|axes| axes.iter().map(|place| size(place + 1)).collect()).collect();
    let wrong = |misfit| Failure::new(Kind::Value, attached(|_| describe(kernel, body, misfit).to_string()));
    let lengths = data.lengths(&items).map_err(wrong)?;
    let shapes = (0..kernel.core.operands.len()).map(|operand| lengths.item(&kernel.core, operand, &[]));
    let shapes: Vec<Vec<usize>> = shapes.collect::<Result<_, _>>().map_err(wrong)?;
    // A NumPy older than 2.1 has not been told how long outputs are, nor what is required.
    for (operand, axes) in data.outputs().zip(&data.axes[inputs..]) {
        for (axis, (place, &length)) in axes.iter().zip(&shapes[operand]).enumerate() {
            let found = size(place + 1);
            if found != length {
                return Err(wrong(Misfit { operand, axis, why: Why::Wanted { found, wanted: length as i64 } }));
            }
        }
    }
    let holds = attached(|_| params::require(kernel, body, &[], &lengths.dims).map_err(|error| error.to_string()));
    holds.map_err(|error| Failure::new(Kind::Value, error))?;
    let mut step = operands;
    let mut array = |number: usize, shape: &[usize], dtype, access, fill, in_order| {
        // SAFETY: there is a pointer and a step for each operand, and a step for each axis of each after those.
        let (pointer, strides) = unsafe {
            let axes = (step..step + shape.len()).map(|k| *steps.add(k));
            (*args.add(number), std::iter::once(*steps.add(number)).chain(axes).collect())
        };
        step += shape.len();
        let source = Source { data: pointer.cast_const().cast(), dtype, swapped: false, aligned: true };
        let dims = std::iter::once(n).chain(shape.iter().copied()).collect();
        Part::Array(Array { layout: Layout { dims, strides, source }, access, in_order, fill })
    };
    let mut parts = Vec::with_capacity(shapes.len());
    for (place, input) in kernel.inputs.iter().enumerate() {
        debug_assert!(!is_changed(kernel, place));
        parts.push(array(place, &shapes[place], body.inputs[place], Access::Read, None, input.in_order));
    }
    parts.extend(body.scratch.iter().map(|_| Part::Scratch));
    for (number, operand) in data.outputs().enumerate() {
        let dtype = body.outputs[number];
        let dims::Output { fill, in_order } = kernel.core.output(number);
        let fill = self::fill(fill, dtype);
        parts.push(array(inputs + number, &shapes[operand], dtype, Access::Write, fill, in_order));
    }
    let items = Items::new(body, &[n], shapes, parts);
    let Some(items) = items else { unreachable!("NumPy hands over arrays of the loop's dtypes") };
    // SAFETY: NumPy vouches for the arrays, and copies what overlaps.
    unsafe { team::compute(&items, body, &kernel.core, &lengths, &[], Means::ONE) }
}
